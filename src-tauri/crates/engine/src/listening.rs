//! Opening, moving and closing the listener.

use crate::error::EngineError;
use crate::wire::{EngineEvent, ListenerState, Settings};
use crate::{Engine, Inner, read, time, write};
use countersign_net::listener::{Limits, Listener, bind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// What was deleted can be brought back for so long, also from a window that stays open.
const KEPT_AFTER_DELETING: Duration = Duration::from_hours(24);

#[derive(Default)]
pub(crate) struct Listening(Option<Listener>);

pub(crate) fn stopped() -> ListenerState {
    ListenerState { listening: false, addr: None, url: None, message: None }
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
    pub(crate) async fn listen(
        self: &Arc<Self>,
        addr: Option<SocketAddr>,
        next_free: bool,
    ) -> Result<SocketAddr, EngineError> {
        let settings = read(&self.settings);
        let wanted = addr.unwrap_or(SocketAddr::new(ip_of(&settings), settings.port));
        let mut listening = self.listening.lock().await;
        let bound = match bind(wanted, next_free).await {
            Ok(bound) => bound,
            Err(error) => {
                let error = EngineError::from(error);
                if listening.0.is_none() {
                    self.tell_listener(ListenerState { message: Some(error.to_string()), ..stopped() });
                }
                return Err(error);
            }
        };
        let got = bound.local_addr();
        let limits = Limits { body_bytes: settings.body_limit, ..Limits::default() };
        let old = listening.0.replace(bound.serve(Arc::clone(self) as Arc<_>, limits));
        drop(listening);
        if let Some(old) = old {
            old.stop(Duration::from_secs(5)).await;
        }
        let mut message = String::new();
        if wanted.port() != 0 && got.port() != wanted.port() {
            message = format!(
                "Port {} is taken by another program, so Countersign listens on {}.",
                wanted.port(),
                got.port()
            );
        }
        if !got.ip().is_loopback() {
            message.push_str(if message.is_empty() { "" } else { " " });
            message.push_str(&reachable(got.ip()));
        }
        self.tell_listener(ListenerState {
            listening: true,
            addr: Some(got.to_string()),
            url: Some(format!("http://{}", reached_at(got))),
            message: Some(message).filter(|message| !message.is_empty()),
        });
        self.spawn(|inner| async move {
            let before = time::now_us() - i64::try_from(KEPT_AFTER_DELETING.as_micros()).unwrap_or(i64::MAX);
            if let Err(error) = inner.store.purge_deleted(before).await {
                tracing::warn!(%error, "deleted deliveries stay in the file for now");
            }
        });
        Ok(got)
    }

    /// Moves the listener to another address of the same port: the old one must go first. Where the new one is not to be
    /// had, the old one is taken again.
    pub(crate) async fn rebind(self: &Arc<Self>, to: SocketAddr) -> Result<(), EngineError> {
        let old = read(&self.listener_state).addr.and_then(|addr| addr.parse::<SocketAddr>().ok());
        self.stop_listening(Duration::from_secs(5)).await;
        match (self.listen(Some(to), false).await, old) {
            (Ok(_), _) => Ok(()),
            (Err(error), Some(old)) => {
                self.listen(Some(old), false).await?;
                Err(error)
            }
            (Err(error), None) => Err(error),
        }
    }

    pub(crate) async fn set_body_limit(&self, bytes: u64) {
        if let Some(listener) = &self.listening.lock().await.0 {
            listener.set_body_limit(bytes);
        }
    }

    pub(crate) async fn stop_listening(&self, grace: Duration) {
        let listener = self.listening.lock().await.0.take();
        if let Some(listener) = listener {
            listener.stop(grace).await;
            self.tell_listener(stopped());
        }
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
