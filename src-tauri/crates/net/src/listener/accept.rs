//! Accepts connections and serves each one with hyper.
//!
//! Invariants: at most as many connections as allowed; no failure to accept and no connection ends the loop; when it has
//! ended, no connection is left.

use super::body::Budget;
use super::exchange::{self, Conn};
use super::reply::Aborted;
use super::secure::{self, Begun};
use super::tap::{Tap, Wire};
use super::{Certificate, Limits, Receiver};
use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinError, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::Service;

/// How long accepting rests when the system cannot give another connection (no file descriptors left, say).
const REST: Duration = Duration::from_millis(100);

/// hyper's smallest buffer, in bytes; it panics below.
const LEAST_BUFFER: usize = 8192;

/// What all connections of a listener share.
pub(super) struct Shared {
    pub(super) receiver: Arc<dyn Receiver>,
    pub(super) limits: Limits,
    pub(super) budget: Budget,
    pub(super) never: Semaphore,
    body_limit: AtomicU64,
    http: http1::Builder,
    tls: Option<TlsAcceptor>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn new(receiver: Arc<dyn Receiver>, mut limits: Limits, tls: Option<&Certificate>) -> Self {
        limits.header_bytes = limits.header_bytes.max(LEAST_BUFFER);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_buf_size(limits.header_bytes)
            // A sender that closes its side after the request still gets its answer, and its request is not dropped.
            .half_close(true);
        Shared {
            budget: Budget::new(limits.in_flight_bytes),
            never: Semaphore::new(limits.never_at_once),
            body_limit: AtomicU64::new(limits.body_bytes),
            receiver,
            limits,
            http,
            tls: tls.map(|certificate| TlsAcceptor::from(certificate.config())),
        }
    }

    pub(super) fn body_limit(&self) -> u64 {
        self.body_limit.load(Ordering::Relaxed)
    }

    pub(super) fn set_body_limit(&self, bytes: u64) {
        self.body_limit.store(bytes, Ordering::Relaxed);
    }
}

/// Accepts until told to stop, or until whoever could tell is gone.
pub(super) async fn run(socket: TcpListener, shared: Arc<Shared>, mut stop: oneshot::Receiver<Duration>) {
    let permits = Arc::new(Semaphore::new(shared.limits.connections));
    let closing = CancellationToken::new();
    let mut connections = JoinSet::new();
    let grace = loop {
        tokio::select! {
            biased;
            grace = &mut stop => break grace.unwrap_or_default(),
            Some(ended) = connections.join_next() => report(ended),
            Some((stream, peer, permit)) = next(&socket, &permits) => {
                connections.spawn(serve(stream, peer, Arc::clone(&shared), closing.child_token(), permit));
            }
        }
    };
    drop(socket);
    closing.cancel();
    let finished = tokio::time::timeout(grace, async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    });
    if finished.await.is_err() {
        tracing::warn!(connections = connections.len(), "closing connections that did not finish in time");
        connections.shutdown().await;
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(error = &error as &dyn std::error::Error, "a connection's task failed");
    }
}

/// The next connection, once there is room for it.
async fn next(socket: &TcpListener, permits: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    loop {
        match socket.accept().await {
            Ok((stream, peer)) => return Some((stream, peer, permit)),
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot accept; trying again shortly");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection to its end.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    closing: CancellationToken,
    _permit: OwnedSemaphorePermit,
) {
    if let Err(error) = stream.set_nodelay(true) {
        // The peer has gone already, or answers are a little later: neither is a reason to refuse it.
        tracing::debug!(%peer, error = &error as &dyn std::error::Error, "cannot set TCP_NODELAY");
    }
    let Some(acceptor) = &shared.tls else { return requests(stream, peer, shared, closing).await };
    let begun = tokio::select! {
        biased;
        begun = secure::begin(acceptor, stream, shared.limits.handshake_timeout) => begun,
        () = closing.cancelled() => return,
    };
    let ended = match begun {
        Ok(Begun::Secure(stream)) => return requests(*stream, peer, shared, closing).await,
        Ok(Begun::Nothing) => Ok(()),
        Ok(Begun::Plain(stream)) => {
            tracing::warn!(%peer, "plain HTTP at a listener with TLS, refused: the sender is to use https://");
            secure::refuse(stream).await
        }
        Err(error) => {
            tracing::warn!(%peer, "no TLS could be agreed on: {error}");
            Ok(())
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, "connection ended: {error}");
    }
}

/// Serves the requests of one connection.
async fn requests<S: AsyncRead + AsyncWrite + Unpin>(
    socket: S,
    peer: SocketAddr,
    shared: Arc<Shared>,
    closing: CancellationToken,
) {
    let wire = Arc::new(Wire::default());
    // hyper may hold a head that is one read longer than its buffer's limit.
    let tap = Tap::new(socket, shared.limits.header_bytes.saturating_mul(2), Arc::clone(&wire));
    let http = shared.http.clone();
    let router =
        Router::new().fallback(exchange::exchange).with_state(Arc::new(Conn { shared, wire: Arc::clone(&wire), peer }));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answered = router.clone().call(request);
        async move {
            let Ok(response) = answered.await;
            // An error has hyper close the connection without a word.
            if response.extensions().get::<Aborted>().is_some() {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            Ok(response)
        }
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(tap), service));
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    match ended {
        Ok(()) => {}
        Err(error) if error.is_parse() && wire.began_with_tls() => {
            tracing::warn!(%peer, "TLS at a listener without TLS, refused: the sender is to use http://");
        }
        Err(error) if error.is_parse() => {
            // hyper's own words name what was wrong and never the bytes.
            tracing::warn!(%peer, "not HTTP, refused: {error}");
        }
        Err(error) => tracing::debug!(%peer, "connection ended: {error}"),
    }
}
