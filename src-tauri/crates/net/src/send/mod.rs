//! Sends one HTTP/1.1 request and reads its reply, byte for byte.
//!
//! No client library keeps the spelling of header names and their order among each other, on the way out or back. So the
//! request is written here, and hyper only reads the reply, through a tap that keeps the reply's head as it came.
//!
//! # Invariants
//! - **What leaves is [`Sent::request_head`] and the body, and nothing else.** The target stands as in the URL (a space in
//!   it becomes `%20`, a fragment is left out), the headers as given: order, spelling, duplicates, bytes. The exceptions are
//!   what HTTP needs: `Host` comes first where none is given; `Content-Length` says the body's length, in the place of a
//!   wrong one or of a `Transfer-Encoding` (unless they are to stay as given), else at the end (for an empty body after `POST`, `PUT` and `PATCH` alone);
//!   repeated lengths and `Expect` are dropped; a user in the URL becomes `Authorization` where none is given.
//! - **Once.** A connection for each request; nothing is sent twice, no redirect is followed, no proxy and no earlier
//!   session of TLS is used.
//! - **Limits hold while reading.** Of a body no more than [`SendLimits::reply_bytes`] is held, of a head 256 KiB and 100
//!   fields.
//! - **Dropping the future closes the socket.**
//!
//! Deliberately absent: HTTP/2, content decoding, trailers, upgrades (a 101 is a reply without a body). Which headers are
//! of one hop and not to be passed on is the caller's to know.

mod exchange;
mod reach;
mod tap;
mod tls;
mod wire;

use crate::error::{Phase, SendError};
use bytes::Bytes;
use countersign_core::request::{Headers, HttpVersion};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tap::Seen;
use tokio::time::Instant;

/// How much of a reply's body is kept unless said otherwise, in bytes.
pub const REPLY_LIMIT: usize = 5_000_000;

/// A request to send.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The method.
    pub method: String,
    /// Where to: an absolute `http` or `https` URL.
    pub url: String,
    /// The headers in order.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// `Content-Length` and `Transfer-Encoding` leave as given, right or wrong; nothing is added.
    pub length_as_given: bool,
    /// The limits.
    pub limits: SendLimits,
    /// Whose certificate is accepted.
    pub trust: Trust,
    /// The addresses of our own listeners, to which nothing is sent. `0.0.0.0` and `[::]` stand for every address of this
    /// machine.
    pub avoid: Vec<SocketAddr>,
}

/// How long things may take and how much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendLimits {
    /// For the name's resolution and the connection together, and once more for TLS.
    pub connect: Duration,
    /// How long the endpoint may neither take a byte of the request nor give one of a reply.
    pub first_byte: Duration,
    /// For everything.
    pub total: Duration,
    /// How much of the reply's body is kept, in bytes; reading stops there.
    pub reply_bytes: usize,
}

impl Default for SendLimits {
    /// As patient as the most patient providers are with an endpoint.
    fn default() -> Self {
        SendLimits {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(30),
            total: Duration::from_secs(60),
            reply_bytes: REPLY_LIMIT,
        }
    }
}

/// Whose certificate is accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Those that the system trusts.
    #[default]
    System,
    /// Any: for endpoints of one's own with a self-signed certificate.
    Any,
}

/// What was sent and what came of it.
#[derive(Debug)]
pub struct Sent {
    /// The reply, of any status, or why there is none.
    pub result: Result<Reply, SendError>,
    /// The request's head, from the request line to the blank line: the bytes that left or would have left. Empty where
    /// the request could not be made.
    pub request_head: Bytes,
    /// How many bytes of head and body were written. Less than all where the endpoint closed or answered early.
    pub written: u64,
    /// What took how long.
    pub timing: Timing,
    /// The address that was connected to.
    pub address: Option<SocketAddr>,
}

/// When things were done, measured from the beginning; nothing where it did not come to that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timing {
    /// The name had addresses.
    pub resolved: Option<Duration>,
    /// The connection stood.
    pub connected: Option<Duration>,
    /// TLS was agreed on; nothing for `http`.
    pub tls: Option<Duration>,
    /// The first byte of a reply came.
    pub first_byte: Option<Duration>,
    /// The reply's last byte was read, or it failed.
    pub total: Duration,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The version.
    pub version: HttpVersion,
    /// The headers, in the endpoint's own order and spelling.
    pub headers: Headers,
    /// The head as it came, from the status line to the blank line.
    pub raw_head: Bytes,
    /// The body after transfer coding and before content coding; where it was cut, its beginning.
    pub body: Bytes,
    /// How many bytes of the body had come until reading stopped.
    pub body_len: u64,
    /// Whether more came than is kept.
    pub cut: bool,
}

/// Sends a request, once.
pub async fn send(outgoing: Outgoing) -> Sent {
    send_until(outgoing, std::future::pending()).await
}

/// The same, given up as soon as `cancelled` is done: the socket is closed, and what is known until then is told.
pub async fn send_until(outgoing: Outgoing, cancelled: impl Future<Output = ()>) -> Sent {
    let mut progress = Progress::begin(outgoing.limits);
    let mut request_head = Bytes::new();
    let result = tokio::select! {
        result = attempt(&outgoing, &mut progress, &mut request_head) => result,
        () = cancelled => Err(SendError::Cancelled),
    };
    let Progress { mut timing, address, began, seen, .. } = progress;
    timing.first_byte = seen.first_byte().map(|at| at - began);
    if timing.total.is_zero() {
        timing.total = began.elapsed();
    }
    Sent { result, request_head, written: seen.written(), timing, address }
}

async fn attempt(outgoing: &Outgoing, progress: &mut Progress, request_head: &mut Bytes) -> Result<Reply, SendError> {
    let target = wire::Target::read(&outgoing.url)?;
    let (method, head) = wire::head(outgoing, &target)?;
    request_head.clone_from(&head);
    let socket = reach::connect(&target, &outgoing.avoid, progress).await?;
    if target.https {
        let stream = tls::start(socket, &target, outgoing.trust, progress).await?;
        exchange::run(stream, method, head, outgoing.body.clone(), &target.shown, progress).await
    } else {
        exchange::run(socket, method, head, outgoing.body.clone(), &target.shown, progress).await
    }
}

/// How far a request has come.
struct Progress {
    began: Instant,
    limits: SendLimits,
    timing: Timing,
    address: Option<SocketAddr>,
    /// What has crossed the connection: known also where the work on it was dropped.
    seen: Arc<Seen>,
}

impl Progress {
    fn begin(limits: SendLimits) -> Self {
        Progress { began: Instant::now(), limits, timing: Timing::default(), address: None, seen: Seen::new() }
    }

    /// Waits for `work`, as long as `limit` and the limit for everything allow.
    async fn within<T>(
        &self,
        phase: Phase,
        limit: Duration,
        url: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, SendError> {
        let total = self.limits.total;
        let left = total.saturating_sub(self.began.elapsed());
        let (left, after) = if limit <= left { (limit, limit) } else { (left, total) };
        tokio::time::timeout(left, work).await.map_err(|_| SendError::Timeout { url: url.to_owned(), phase, after })
    }
}
