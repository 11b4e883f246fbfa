//! What hyper reads the reply through: it sees the socket's bytes, and its own request goes nowhere.
//!
//! The request that hyper writes only makes it expect a reply; the real one is written beside it. The tap keeps the head of
//! the final reply, which is the first that is not of an interim one (1xx, apart from 101).
//!
//! Invariants: hyper is given the socket's bytes and no others, and none before it has asked for a reply; the kept head is
//! the one that hyper read.

use crate::head::{Gatherer, MAX_FIELDS, fields};
use bytes::Bytes;
use countersign_core::request::{Headers, HttpVersion};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// How long a reply's head may be, in bytes: far more than any server sends, far less than hurts.
pub(super) const HEAD_LIMIT: usize = 256 << 10;

/// The head of a reply as it stood on the wire.
#[derive(Debug)]
pub(super) struct ReplyHead {
    pub(super) raw: Bytes,
    pub(super) version: HttpVersion,
    pub(super) headers: Headers,
}

/// What the tap, the writer and the one who waits for both share.
pub(super) struct Seen(Mutex<State>);

struct State {
    first_byte: Option<Instant>,
    head: Option<ReplyHead>,
    written: u64,
    /// When the endpoint last took something.
    took: Instant,
}

impl Seen {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Seen(Mutex::new(State { first_byte: None, head: None, written: 0, took: Instant::now() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection stands: from now on it can be quiet.
    pub(super) fn begin(&self) {
        self.state().took = Instant::now();
    }

    pub(super) fn first_byte(&self) -> Option<Instant> {
        self.state().first_byte
    }

    pub(super) fn take_head(&self) -> Option<ReplyHead> {
        self.state().head.take()
    }

    pub(super) fn written(&self) -> u64 {
        self.state().written
    }

    /// When the endpoint last took something.
    pub(super) fn took(&self) -> Instant {
        self.state().took
    }

    pub(super) fn wrote(&self, count: usize) {
        let mut state = self.state();
        state.written += count as u64;
        state.took = Instant::now();
    }
}

/// A socket's reading half, for hyper.
pub(super) struct Tap<R> {
    socket: R,
    seen: Arc<Seen>,
    /// Nothing once the head is known, or cannot be.
    gatherer: Option<Gatherer>,
    asked: bool,
    waiting: Option<Waker>,
}

impl<R> Tap<R> {
    pub(super) fn new(socket: R, seen: Arc<Seen>) -> Self {
        Tap { socket, seen, gatherer: Some(Gatherer::new(HEAD_LIMIT)), asked: false, waiting: None }
    }

    fn saw(&mut self, mut bytes: &[u8]) {
        let mut state = self.seen.state();
        if !bytes.is_empty() {
            state.first_byte.get_or_insert_with(Instant::now);
        }
        while let Some(gatherer) = self.gatherer.as_mut().filter(|_| !bytes.is_empty()) {
            match gatherer.take(bytes).map(|(taken, raw)| (taken, raw.map(read_head))) {
                Ok((taken, None | Some(Read::Interim))) => bytes = &bytes[taken..],
                Ok((_, Some(Read::Final(head)))) => {
                    state.head = Some(head);
                    self.gatherer = None;
                }
                // hyper refuses it as well, and says why.
                Ok((_, Some(Read::Nothing))) | Err(_) => self.gatherer = None,
            }
        }
    }
}

enum Read {
    Interim,
    Final(ReplyHead),
    Nothing,
}

fn read_head(raw: Bytes) -> Read {
    let mut room = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut parsed = httparse::Response::new(&mut room);
    let whole = matches!(parsed.parse(&raw), Ok(httparse::Status::Complete(len)) if len == raw.len());
    match (parsed.code, parsed.version) {
        (Some(code), Some(_)) if whole && code != 101 && code < 200 => Read::Interim,
        (Some(_), Some(version)) if whole => {
            let version = if version == 1 { HttpVersion::Http11 } else { HttpVersion::Http10 };
            let headers = fields(&raw, parsed.headers);
            Read::Final(ReplyHead { version, headers, raw })
        }
        _ => Read::Nothing,
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Tap<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        // An endpoint may answer before it has read anything; hyper takes that for an unasked reply unless it has asked.
        if !this.asked {
            this.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let before = buf.filled().len();
        match ready!(Pin::new(&mut this.socket).poll_read(cx, buf)) {
            Ok(()) => this.saw(&buf.filled()[before..]),
            // TLS without a farewell, as many small servers end: whether the reply was whole is for its framing to say.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
        Poll::Ready(Ok(()))
    }
}

impl<R: Unpin> AsyncWrite for Tap<R> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.asked = true;
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
