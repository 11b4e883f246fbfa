//! Opening, moving and closing the listener.

use crate::certificates::{self, Shown};
use crate::error::EngineError;
use crate::wire::{EngineEvent, ListenerState, Settings, Tls};
use crate::{Engine, Inner, read, time, write};
use countersign_net::listener::{Limits, Listener, bind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What was deleted can be brought back for so long, also from a window that stays open.
const KEPT_AFTER_DELETING: Duration = Duration::from_hours(24);

/// The listener, and the certificate that it shows.
#[derive(Default)]
pub(crate) struct Listening(Option<(Listener, Option<Shown>)>);

pub(crate) fn stopped() -> ListenerState {
    ListenerState { listening: false, addr: None, url: None, tls: None, message: None }
}

/// The address that the settings name.
pub(crate) fn ip_of(settings: &Settings) -> IpAddr {
    IpAddr::V4(if settings.everywhere { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST })
}

/// How this machine itself reaches a listener.
fn reached_at(addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), addr.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), addr.port()),
        _ => addr,
    }
}

/// Who can send, where that is not only this machine.
fn reachable(ip: IpAddr) -> String {
    let by = if ip.is_unspecified() { "all network interfaces".to_owned() } else { ip.to_string() };
    format!("Countersign listens on {by}: whoever reaches this machine over the network can send deliveries to it.")
}

/// The state of a listener that was asked for at `wanted` and receives at `got`.
fn receiving(wanted: SocketAddr, got: SocketAddr, shown: Option<Shown>) -> ListenerState {
    let mut message = Vec::new();
    if wanted.port() != 0 && got.port() != wanted.port() {
        message.push(format!(
            "Port {} is taken by another program, so Countersign listens on {}.",
            wanted.port(),
            got.port()
        ));
    }
    if !got.ip().is_loopback() {
        message.push(reachable(got.ip()));
    }
    message.extend(shown.as_ref().and_then(|shown| shown.message.clone()));
    let scheme = if shown.is_some() { "https" } else { "http" };
    ListenerState {
        listening: true,
        addr: Some(got.to_string()),
        url: Some(format!("{scheme}://{}", reached_at(got))),
        tls: shown.map(|shown| shown.told),
        message: Some(message.join(" ")).filter(|message| !message.is_empty()),
    }
}

impl Engine {
    /// Receives on `addr`, or on the loopback port of the settings. With `next_free`, another free port is taken where that
    /// one is not to be had, and the state says so.
    ///
    /// # Errors
    /// Where no port can be taken; the state then says why.
    pub async fn listen(&self, addr: Option<SocketAddr>, next_free: bool) -> Result<SocketAddr, EngineError> {
        self.0.listen(addr, next_free).await
    }

    /// Whether and where it receives.
    #[must_use]
    pub fn listener(&self) -> ListenerState {
        read(&self.0.listener_state)
    }
}

impl Inner {
    /// Receives on `addr`, or where the settings say, over TLS where this run or the settings want it.
    pub(crate) async fn listen(
        self: &Arc<Self>,
        addr: Option<SocketAddr>,
        next_free: bool,
    ) -> Result<SocketAddr, EngineError> {
        let settings = read(&self.settings);
        let wanted = addr.unwrap_or(SocketAddr::new(ip_of(&settings), settings.port));
        let tls = self.run_tls.clone().unwrap_or(settings.tls);
        let listened = match self.certificate(tls).await {
            Ok(shown) => self.listen_with(wanted, next_free, shown).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &listened
            && self.listening.lock().await.0.is_none()
        {
            self.tell_listener(ListenerState { message: Some(error.to_string()), ..stopped() });
        }
        listened
    }

    /// The certificate for this setting; none where TLS is off.
    pub(crate) async fn certificate(self: &Arc<Self>, tls: Tls) -> Result<Option<Shown>, EngineError> {
        Arc::clone(self).blocking(move |inner| certificates::load(&tls, &inner.db, SystemTime::now())).await
    }

    async fn listen_with(
        self: &Arc<Self>,
        wanted: SocketAddr,
        next_free: bool,
        shown: Option<Shown>,
    ) -> Result<SocketAddr, EngineError> {
        let mut listening = self.listening.lock().await;
        let bound = bind(wanted, next_free).await?;
        let got = bound.local_addr();
        let limits = Limits { body_bytes: read(&self.settings).body_limit, ..Limits::default() };
        let certificate = shown.as_ref().map(|shown| &shown.certificate);
        let listener = bound.serve(Arc::clone(self) as Arc<_>, limits, certificate);
        let old = listening.0.replace((listener, shown.clone()));
        drop(listening);
        if let Some((old, _)) = old {
            old.stop(Duration::from_secs(5)).await;
        }
        self.tell_listener(receiving(wanted, got, shown));
        self.spawn(|inner| async move {
            let before = time::now_us() - i64::try_from(KEPT_AFTER_DELETING.as_micros()).unwrap_or(i64::MAX);
            if let Err(error) = inner.store.purge_deleted(before).await {
                tracing::warn!(%error, "deleted deliveries stay in the file for now");
            }
        });
        Ok(got)
    }

    /// Moves the listener to another address of the same port, or to TLS and back: the old one must go first. Where the new
    /// one is not to be had, the old one is taken again.
    pub(crate) async fn rebind(self: &Arc<Self>, to: SocketAddr, shown: Option<Shown>) -> Result<(), EngineError> {
        let old = self.listening.lock().await.0.as_ref().map(|(old, shown)| (old.local_addr(), shown.clone()));
        self.stop_listening(Duration::from_secs(5)).await;
        match (self.listen_with(to, false, shown).await, old) {
            (Ok(_), _) => Ok(()),
            (Err(error), Some((addr, shown))) => {
                self.listen_with(addr, false, shown).await?;
                Err(error)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// The certificate that the listener shows now.
    pub(crate) async fn shown(&self) -> Option<Shown> {
        self.listening.lock().await.0.as_ref().and_then(|(_, shown)| shown.clone())
    }

    pub(crate) async fn set_body_limit(&self, bytes: u64) {
        if let Some((listener, _)) = &self.listening.lock().await.0 {
            listener.set_body_limit(bytes);
        }
    }

    pub(crate) async fn stop_listening(&self, grace: Duration) {
        let listener = self.listening.lock().await.0.take();
        if let Some((listener, _)) = listener {
            listener.stop(grace).await;
            self.tell_listener(stopped());
        }
    }

    /// Where it receives, while it does.
    pub(crate) fn listener_addr(&self) -> Option<SocketAddr> {
        read(&self.listener_state).addr.and_then(|addr| addr.parse().ok())
    }

    /// Whether what arrives came over TLS.
    pub(crate) fn receives_tls(&self) -> bool {
        self.url().is_ok_and(|url| url.starts_with("https:"))
    }

    /// The base of the listener's URLs.
    pub(crate) fn url(&self) -> Result<String, EngineError> {
        read(&self.listener_state).url.ok_or(EngineError::NotListening)
    }

    fn tell_listener(&self, state: ListenerState) {
        write(&self.listener_state, state.clone());
        self.listener_moved(state.url.as_deref());
        self.bus.publish(EngineEvent::Listener { listener: state });
    }
}
