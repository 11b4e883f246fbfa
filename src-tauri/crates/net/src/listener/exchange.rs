//! One request: its head from the tap, its body within the limits, the receiver's answer.

use super::accept::Shared;
use super::body::{self, Taken, Terms};
use super::framing::Head;
use super::reply::{aborted, closing, respond};
use super::tap::{OnSent, Seen, Wire, run};
use super::{Answer, Arrival, Receiving};
use axum::extract::State;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_core::response::Fault;
use http::request::Parts;
use std::any::Any;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Instant, SystemTime};
use tokio::runtime::Handle;

/// What the requests of one connection share.
pub(super) struct Conn {
    pub(super) shared: Arc<Shared>,
    pub(super) wire: Arc<Wire>,
    pub(super) peer: SocketAddr,
}

/// Serves one request.
pub(super) async fn exchange(State(conn): State<Arc<Conn>>, request: axum::extract::Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let (seen, head_is_exact) = conn.head(&parts);
    let shared = &*conn.shared;
    let body_limit = shared.body_limit();
    let terms = Terms {
        limit: body_limit,
        prefix: shared.limits.cut_prefix,
        idle: shared.limits.body_idle,
        waits_for_leave: waits_for_leave(&parts),
        budget: &shared.budget,
    };
    // Given back when the answer is there.
    let (body, cut_from, held) = match body::take(&mut body, &terms).await {
        Taken::Whole(body, held) => (body, None, held),
        Taken::Cut(beginning, length, held) => (beginning, Some(length), held),
        refused => return conn.refuse(&refused),
    };
    drop((parts.headers, parts.uri));
    let Head { raw, target, version, headers, .. } = seen.head;
    let method = parts.method.as_str().to_owned();
    let arrival = Arrival {
        request: Request { method, target, version, headers, body, cut_from },
        raw_head: raw,
        head_is_exact,
        peer: conn.peer,
        started_at: seen.at,
        head_done: seen.done,
        received_at: SystemTime::now(),
        body_limit,
    };
    let receiver = Arc::clone(&shared.receiver);
    let answer = match catch_unwind(AssertUnwindSafe(|| receiver.receive(arrival))) {
        Ok(receiving) => ToTheEnd(Some(receiving)).await,
        Err(panic) => Err(panic),
    };
    let mut answer = answer.unwrap_or_else(|_| {
        tracing::error!(peer = %conn.peer, "the receiver panicked; the sender gets a 500");
        Answer::text(500, "The delivery could not be taken.\n")
    });
    if cut_from.is_some() && answer.status < 400 {
        answer = Answer { on_sent: answer.on_sent.take(), ..Answer::too_large(body_limit) };
    }
    if let Some(fault @ (Fault::Close | Fault::Never)) = answer.fault {
        let _ended = Ended(answer.on_sent.take());
        // Nothing of the body is left, and who waits for nothing must not keep others out.
        drop(held);
        if fault == Fault::Never
            && let Ok(_held) = shared.never.try_acquire()
        {
            tokio::time::sleep(shared.limits.never_held).await;
        }
        return aborted();
    }
    let mut response = respond(answer, &conn.wire);
    if cut_from.is_some() {
        closing(&mut response);
    }
    drop(held);
    response
}

/// Runs what waits for an answer's end when its request ends, however it does.
struct Ended(Option<OnSent>);

impl Drop for Ended {
    fn drop(&mut self) {
        if let Some(on_sent) = self.0.take() {
            run(on_sent);
        }
    }
}

impl Conn {
    /// The head of this request, and whether it is the wire's own.
    fn head(&self, parts: &Parts) -> (Seen, bool) {
        match self.wire.next_head() {
            Some(seen) if agree(&seen.head, parts) => (seen, true),
            _ => {
                self.wire.out_of_step();
                tracing::warn!(peer = %self.peer, "lost the framing of a connection: header order and spelling are hyper's");
                (Seen { head: rebuilt(parts), at: SystemTime::now(), done: Instant::now() }, false)
            }
        }
    }

    /// Answers a body that was not read to its end; the receiver never hears of it.
    fn refuse(&self, why: &Taken<'_>) -> Response {
        let (status, sentence) = match why {
            Taken::Full => (503, "Too much is being received at once. Try again.\n"),
            Taken::Idle => (408, "The rest of the body did not come in time.\n"),
            Taken::Whole(..) | Taken::Cut(..) | Taken::Broken => (400, "The body ended early or is not HTTP.\n"),
        };
        tracing::warn!(peer = %self.peer, status, "a request was not taken: its body could not be read");
        let mut answer = Answer::text(status, sentence);
        if status == 503 {
            answer.headers.push(&b"retry-after"[..], &b"1"[..]);
        }
        let mut response = respond(answer, &self.wire);
        closing(&mut response);
        response
    }
}

/// Whether the sender waits for a 100 before it sends the body: hyper's own rule.
fn waits_for_leave(parts: &Parts) -> bool {
    parts.version > http::Version::HTTP_10
        && parts
            .headers
            .get_all(http::header::EXPECT)
            .iter()
            .next_back()
            .is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

/// Whether the tap's head is the one that hyper read: a check on our own framing that costs next to nothing.
fn agree(head: &Head, parts: &Parts) -> bool {
    let version = if parts.version == http::Version::HTTP_10 { HttpVersion::Http10 } else { HttpVersion::Http11 };
    head.method == parts.method.as_str()
        && head.version == version
        && head.headers.len() == parts.headers.len() + head.folded
        && (head.target.first() != Some(&b'/') || head.target.starts_with(parts.uri.path().as_bytes()))
}

/// The head as far as hyper kept it.
fn rebuilt(parts: &Parts) -> Head {
    let target = Bytes::from(parts.uri.to_string());
    let version = if parts.version == http::Version::HTTP_10 { HttpVersion::Http10 } else { HttpVersion::Http11 };
    let method = Bytes::copy_from_slice(parts.method.as_str().as_bytes());
    let mut headers = Headers::new();
    let mut raw = BytesMut::new();
    for part in [&method[..], b" ", &target, b" ", version.as_str().as_bytes(), b"\r\n"] {
        raw.put_slice(part);
    }
    for (name, value) in &parts.headers {
        headers.push(Bytes::copy_from_slice(name.as_ref()), Bytes::copy_from_slice(value.as_bytes()));
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            raw.put_slice(part);
        }
    }
    raw.put_slice(b"\r\n");
    Head { raw: raw.freeze(), method, target, version, headers, folded: 0 }
}

/// Runs a receiver's work to its end: where the connection goes first, the work goes on as a task of its own. A task for
/// each request from the start would do the same and cost every request.
struct ToTheEnd(Option<Receiving>);

impl Future for ToTheEnd {
    type Output = Result<Answer, Box<dyn Any + Send>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(receiving) = &mut self.0 else { return Poll::Pending };
        let polled = catch_unwind(AssertUnwindSafe(|| receiving.as_mut().poll(cx)));
        let done = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(answer)) => Ok(answer),
            Err(panic) => Err(panic),
        };
        self.0 = None;
        Poll::Ready(done)
    }
}

impl Drop for ToTheEnd {
    fn drop(&mut self) {
        // Without a runtime the process is ending.
        if let (Some(receiving), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(async move {
                if let Some(on_sent) = receiving.await.on_sent {
                    run(on_sent);
                }
            });
        }
    }
}
