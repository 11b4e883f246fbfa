//! What stands between hyper and the socket: it copies each request's head on its way in, and sees each answer out.
//!
//! hyper lower-cases header names and keeps no order among different ones. The tap reads the same bytes as hyper does and
//! follows the framing itself ([`Scanner`]), so the nth request of a connection finds its own head here.
//!
//! It stands above TLS where there is TLS.
//!
//! Invariants: hyper sees exactly the socket's bytes; a head waits here from the read that completed it until its request
//! is served, and hyper reads no further than one buffer ahead, so no more than a buffer's worth waits. A callback of an
//! answer runs once: after the flush that followed the answer's last byte, or when the connection ends.

use super::framing::{Head, Scanner};
use super::secure::HANDSHAKE;
use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, IoSlice};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long a connection that is closed in the middle of a request is still read. Without it the kernel
/// answers what the sender goes on writing with a reset, and the sender loses the answer that is on its way.
pub(super) const LINGER: Duration = Duration::from_secs(2);

/// Called when an answer has left.
pub(super) type OnSent = Box<dyn FnOnce() + Send>;

/// A head and when its last byte was read.
pub(super) struct Seen {
    pub(super) head: Head,
    pub(super) at: SystemTime,
    pub(super) done: Instant,
}

/// What a connection's tap and its service share.
#[derive(Default)]
pub(super) struct Wire(Mutex<State>);

#[derive(Default)]
struct State {
    heads: VecDeque<Seen>,
    written: Vec<OnSent>,
    out_of_step: bool,
    began_with_tls: bool,
    ended: bool,
}

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head of the request that is served next, unless the tap lost the connection's framing.
    pub(super) fn next_head(&self) -> Option<Seen> {
        let mut state = self.state();
        if state.out_of_step { None } else { state.heads.pop_front() }
    }

    /// No head of this connection is to be trusted any more.
    pub(super) fn out_of_step(&self) {
        let mut state = self.state();
        state.out_of_step = true;
        state.heads.clear();
    }

    /// Whether the connection's first byte, as hyper got it, is that of TLS.
    pub(super) fn began_with_tls(&self) -> bool {
        self.state().began_with_tls
    }

    /// The answer's last byte was given to hyper: call this once it is out.
    pub(super) fn written(&self, on_sent: OnSent) {
        let mut state = self.state();
        if state.ended {
            drop(state);
            run(on_sent);
        } else {
            state.written.push(on_sent);
        }
    }

    fn flushed(&self) {
        let written = {
            let mut state = self.state();
            if state.written.is_empty() {
                return;
            }
            std::mem::take(&mut state.written)
        };
        written.into_iter().for_each(run);
    }

    fn ended(&self) {
        self.state().ended = true;
        self.flushed();
    }
}

/// A callback is foreign code: its panic is reported and goes no further.
pub(super) fn run(on_sent: OnSent) {
    if catch_unwind(AssertUnwindSafe(on_sent)).is_err() {
        tracing::error!("what was to be done after an answer had left panicked");
    }
}

/// A socket that hyper reads from and writes to.
pub(super) struct Tap<S> {
    socket: S,
    scanner: Scanner,
    wire: Arc<Wire>,
    begun: bool,
    at_eof: bool,
    closing: Option<Pin<Box<Sleep>>>,
}

impl<S> Tap<S> {
    /// A tap on `socket` that keeps heads of up to `head_limit` bytes.
    pub(super) fn new(socket: S, head_limit: usize, wire: Arc<Wire>) -> Self {
        Tap { socket, scanner: Scanner::new(head_limit), wire, begun: false, at_eof: false, closing: None }
    }

    fn saw(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            self.at_eof = true;
            return;
        }
        let wire = &self.wire;
        if !self.begun {
            self.begun = true;
            wire.state().began_with_tls = bytes[0] == HANDSHAKE;
        }
        self.scanner.feed(bytes, |head| {
            let seen = Seen { head, at: SystemTime::now(), done: Instant::now() };
            let mut state = wire.state();
            if !state.out_of_step {
                state.heads.push_back(seen);
            }
        });
    }
}

impl<S> Drop for Tap<S> {
    fn drop(&mut self) {
        self.wire.ended();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let room = buf.remaining() > 0;
        ready!(Pin::new(&mut self.socket).poll_read(cx, buf))?;
        if room {
            self.saw(&buf.filled()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    /// hyper flushes only once everything that it had buffered is written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        self.wire.flushed();
        Poll::Ready(Ok(()))
    }

    /// Closes our side; where the sender may still be writing, reads on for a moment and throws it away.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.closing.is_none() {
            ready!(Pin::new(&mut this.socket).poll_shutdown(cx))?;
            if this.at_eof || this.scanner.between_messages() {
                return Poll::Ready(Ok(()));
            }
        }
        let closing = this.closing.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        let mut scrap = [0; 8192];
        loop {
            if closing.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut scrap = ReadBuf::new(&mut scrap);
            match Pin::new(&mut this.socket).poll_read(cx, &mut scrap) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !scrap.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
            }
        }
    }
}
