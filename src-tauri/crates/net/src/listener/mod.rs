//! Receives HTTP requests and hands each one to a [`Receiver`], which says what to answer.
//!
//! [`bind`] takes a port, [`Bound::serve`] starts receiving, [`Listener::stop`] ends it. The crate's documentation says
//! what is guaranteed.

mod accept;
mod body;
mod certificate;
mod exchange;
mod framing;
mod reply;
mod secure;
mod tap;

use crate::error::NetError;
use accept::Shared;
use bytes::Bytes;
pub use certificate::{Certificate, SelfSigned};
use countersign_core::request::{Headers, Request};
use countersign_core::response::Fault;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How many ports after a taken one are tried before any free one is taken.
const PORTS_TRIED: u16 = 50;

/// What a sender may use. The defaults suit one developer's machine.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long agreeing on TLS may take, from the connection on.
    pub handshake_timeout: Duration,
    /// How long a request's head may take, and how long a connection may be idle between requests.
    pub header_timeout: Duration,
    /// The longest head, in bytes; at least 8,192.
    pub header_bytes: usize,
    /// The longest body, in bytes; [`Listener::set_body_limit`] changes it later.
    pub body_bytes: u64,
    /// The longest wait for the next bytes of a body.
    pub body_idle: Duration,
    /// How many connections at most; further ones wait to be accepted.
    pub connections: usize,
    /// How many bytes of bodies may be held over all connections, from their arrival to their answer.
    pub in_flight_bytes: u64,
    /// How much of a body over the limit is kept, in bytes.
    pub cut_prefix: usize,
    /// How long a request is held that is never to be answered ([`Fault::Never`]); its connection is closed then.
    pub never_held: Duration,
    /// How many such requests are held at once; of more the connection is closed at once.
    pub never_at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            handshake_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            header_bytes: 64 << 10,
            body_bytes: 25 << 20,
            body_idle: Duration::from_secs(30),
            connections: 1024,
            in_flight_bytes: 512 << 20,
            cut_prefix: 1 << 20,
            never_held: Duration::from_secs(600),
            never_at_once: 100,
        }
    }
}

/// A request that has arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The request.
    pub request: Request,
    /// Request line, header lines and blank line exactly as on the wire.
    pub raw_head: Bytes,
    /// Whether `raw_head` and the header fields are the wire's. False only where the listener lost the framing that hyper
    /// still read: then they were put together from what hyper kept, in its order and spelling. No such input is known.
    pub head_is_exact: bool,
    /// Who sent it.
    pub peer: SocketAddr,
    /// When the head was complete.
    pub started_at: SystemTime,
    /// The same moment, to measure from.
    pub head_done: Instant,
    /// When the body was complete, or given up on.
    pub received_at: SystemTime,
    /// The body limit that applied, in bytes.
    pub body_limit: u64,
}

/// What to answer. The listener adds `Content-Length` and, unless it is given, `Date`; header names go out in lower case.
/// Fields that belong to the connection (`Content-Length`, `Transfer-Encoding`, `Connection` other than `close`, …) are
/// left out.
pub struct Answer {
    /// The status, 200 to 999; any other becomes a 500.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// What goes wrong with it: none for an answer that leaves as it is.
    pub fault: Option<Fault>,
    /// Called once, when the answer was flushed to the socket or the connection has ended, whichever is first. It runs on
    /// the connection's task: it must not block.
    pub on_sent: Option<Box<dyn FnOnce() + Send>>,
}

impl Answer {
    /// An answer of plain text.
    #[must_use]
    pub fn text(status: u16, sentence: impl Into<Bytes>) -> Self {
        let mut headers = Headers::new();
        headers.push(&b"content-type"[..], &b"text/plain; charset=utf-8"[..]);
        Answer { status, headers, body: sentence.into(), fault: None, on_sent: None }
    }

    /// The answer to a request whose body was over the limit. The listener puts it in the place of any answer below 400 to
    /// such a request, with that answer's `on_sent`.
    #[must_use]
    pub fn too_large(limit: u64) -> Self {
        Answer::text(413, format!("The body is longer than the {limit} bytes that this listener takes.\n"))
    }
}

/// A receiver's work on one arrival.
pub type Receiving = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Who takes what arrives.
pub trait Receiver: Send + Sync + 'static {
    /// Takes one arrival and says what to answer. The future is run to its end even where the sender hangs up or the
    /// listener stops; that is why it owns what it needs. A panic becomes a 500.
    ///
    /// For a request with `cut_from`, an answer of 400 or above is sent as it is, and any other is replaced by
    /// [`Answer::too_large`].
    fn receive(self: Arc<Self>, arrival: Arrival) -> Receiving;
}

/// A port that is taken and not yet served.
#[derive(Debug)]
pub struct Bound {
    socket: TcpListener,
    addr: SocketAddr,
}

/// Takes `addr`. With `next_free`, where its port is taken, the first free one of the 50 after it, and any free one after
/// those.
///
/// # Errors
/// [`NetError::Bind`] where the address cannot be taken.
pub async fn bind(addr: SocketAddr, next_free: bool) -> Result<Bound, NetError> {
    let first = match take(addr).await {
        Err(taken) if next_free && taken.is_taken() => taken,
        done => return done,
    };
    for port in (1..=PORTS_TRIED).map_while(|i| addr.port().checked_add(i)) {
        match take(SocketAddr::new(addr.ip(), port)).await {
            Ok(bound) => return Ok(bound),
            Err(error) => tracing::debug!(port, error = &error as &dyn std::error::Error, "port not free"),
        }
    }
    // The port that was asked for is what the user knows: its error is the one to report.
    take(SocketAddr::new(addr.ip(), 0)).await.map_err(|_| first)
}

async fn take(addr: SocketAddr) -> Result<Bound, NetError> {
    let socket = TcpListener::bind(addr).await.map_err(|source: io::Error| NetError::Bind { addr, source })?;
    let addr = socket.local_addr().map_err(|source| NetError::LocalAddr { addr, source })?;
    Ok(Bound { socket, addr })
}

impl Bound {
    /// The address that was taken.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Starts to receive, on the current Tokio runtime: over TLS alone with a certificate, without TLS otherwise.
    #[must_use]
    pub fn serve(self, receiver: Arc<dyn Receiver>, limits: Limits, tls: Option<&Certificate>) -> Listener {
        let shared = Arc::new(Shared::new(receiver, limits, tls));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept::run(self.socket, Arc::clone(&shared), stopped));
        Listener { addr: self.addr, shared, stop, task }
    }
}

/// A listener at work. Dropping it stops it without grace.
#[derive(Debug)]
pub struct Listener {
    addr: SocketAddr,
    shared: Arc<Shared>,
    stop: oneshot::Sender<Duration>,
    task: JoinHandle<()>,
}

impl Listener {
    /// The address that it receives on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sets the longest body, in bytes, for every request whose head arrives from now on.
    pub fn set_body_limit(&self, bytes: u64) {
        self.shared.set_body_limit(bytes);
    }

    /// Stops accepting and frees the port, lets running requests finish for up to `grace`, then closes what is left.
    pub async fn stop(self, grace: Duration) {
        // Both fail only where the task has ended already, and then there is nothing left to stop.
        let _ = self.stop.send(grace);
        let _ = self.task.await;
    }
}
