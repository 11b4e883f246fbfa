//! Reads a request's body as it comes, with every limit applied while reading.
//!
//! Invariants: no more of a body is held than the limit, and of one over the limit no more than its kept beginning; what
//! is held counts against the budget of all connections from the moment it arrives until its request is answered.
//!
//! Deliberately absent: content decoding (the signature is over what was sent) and trailers.

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// A declared length is believed once this much of it has come: a sender that only announces makes nobody reserve.
const BELIEVED_AT: usize = 1 << 20;

/// How long the rest of a body over the limit is read and thrown away, so that a sender that writes everything before it
/// reads gets to see its 413.
const DISCARD_TIME: Duration = Duration::from_secs(10);

/// How far beyond the limit that reading goes at most, in limits.
const DISCARD_LIMITS: u64 = 4;

/// The least that is read away, in bytes, however small the limit is.
const DISCARD_LEAST: u64 = 1 << 20;

/// The bytes of bodies held over all connections.
pub(super) struct Budget {
    used: AtomicU64,
    max: u64,
}

impl Budget {
    /// A budget of `max` bytes.
    pub(super) fn new(max: u64) -> Self {
        Budget { used: AtomicU64::new(0), max }
    }
}

/// A share of the budget, given back on drop.
pub(super) struct Held<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Held<'_> {
    /// Takes `bytes` more. Whether they were there.
    fn more(&mut self, bytes: u64) -> bool {
        let before = self.budget.used.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.budget.max {
            self.budget.used.fetch_sub(bytes, Ordering::Relaxed);
            return false;
        }
        self.bytes += bytes;
        true
    }

    fn shrink_to(&mut self, bytes: u64) {
        let over = self.bytes.saturating_sub(bytes);
        self.budget.used.fetch_sub(over, Ordering::Relaxed);
        self.bytes -= over;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// What bounds the reading of one body.
pub(super) struct Terms<'a> {
    /// The longest body that is taken, in bytes.
    pub(super) limit: u64,
    /// How much is kept of a longer one, in bytes.
    pub(super) prefix: usize,
    /// The longest wait for the next bytes.
    pub(super) idle: Duration,
    /// The sender waits for leave to send the body.
    pub(super) waits_for_leave: bool,
    /// The budget of all connections.
    pub(super) budget: &'a Budget,
}

/// What came of reading a body.
pub(super) enum Taken<'a> {
    /// All of it.
    Whole(Bytes, Held<'a>),
    /// It was over the limit: its beginning, and its declared length or, without one, what was counted.
    Cut(Bytes, u64, Held<'a>),
    /// All connections together hold too much.
    Full,
    /// Nothing came for too long.
    Idle,
    /// The connection ended inside it, or its framing was broken.
    Broken,
}

/// One part of a body as it comes.
enum Part {
    Data(Bytes),
    End,
    Idle,
    Broken,
}

async fn part<B: Body<Data = Bytes> + Unpin>(body: &mut B, idle: Duration) -> Part {
    loop {
        match timeout(idle, body.frame()).await {
            Err(_) => return Part::Idle,
            Ok(None) => return Part::End,
            Ok(Some(Err(_))) => return Part::Broken,
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Part::Data(data);
                }
            }
        }
    }
}

/// What is kept of a body. The one part of a short body is kept as hyper read it, without a copy.
enum Kept {
    One(Bytes),
    Many(BytesMut),
}

impl Kept {
    fn len(&self) -> usize {
        match self {
            Kept::One(bytes) => bytes.len(),
            Kept::Many(bytes) => bytes.len(),
        }
    }

    /// Adds a part of a body that will be `expected` bytes long in the end, as far as is known.
    fn push(&mut self, data: Bytes, expected: usize) {
        match self {
            Kept::One(first) if first.is_empty() => *first = data,
            Kept::One(first) => {
                let least = first.len() + data.len();
                let mut all = BytesMut::with_capacity(expected.min(BELIEVED_AT).max(least));
                all.extend_from_slice(first);
                all.extend_from_slice(&data);
                *self = Kept::Many(all);
            }
            Kept::Many(all) => {
                if all.capacity() - all.len() < data.len() && all.len() + data.len() <= expected {
                    all.reserve(expected - all.len());
                }
                all.extend_from_slice(&data);
            }
        }
    }

    /// The first `len` bytes as their own allocation, the rest given back.
    fn cut(self, len: usize) -> Kept {
        let head = match &self {
            Kept::One(bytes) => &bytes[..len.min(bytes.len())],
            Kept::Many(bytes) => &bytes[..len.min(bytes.len())],
        };
        Kept::Many(BytesMut::from(head))
    }

    fn freeze(self) -> Bytes {
        match self {
            Kept::One(bytes) => bytes,
            Kept::Many(bytes) => bytes.freeze(),
        }
    }
}

/// Reads `body` on these terms.
pub(super) async fn take<'a, B: Body<Data = Bytes> + Unpin>(body: &mut B, terms: &Terms<'a>) -> Taken<'a> {
    let mut held = Held { budget: terms.budget, bytes: 0 };
    let declared = body.size_hint().exact();
    if let Some(length) = declared.filter(|&length| length > terms.limit) {
        let kept = if terms.waits_for_leave {
            Bytes::new()
        } else {
            let mut rest = Rest { kept: Kept::One(Bytes::new()), counted: 0, limit: terms.limit, prefix: terms.prefix };
            rest.read(body, terms.idle, &mut held).await;
            rest.kept.freeze()
        };
        return Taken::Cut(kept, length, held);
    }
    let expected = declared.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut kept = Kept::One(Bytes::new());
    while !body.is_end_stream() {
        match part(body, terms.idle).await {
            Part::End => break,
            Part::Idle => return Taken::Idle,
            Part::Broken => return Taken::Broken,
            Part::Data(data) if (kept.len() + data.len()) as u64 > terms.limit => {
                let mut rest = Rest::of(kept, terms, &mut held);
                rest.add(data, &mut held);
                rest.read(body, terms.idle, &mut held).await;
                return Taken::Cut(rest.kept.freeze(), rest.counted, held);
            }
            Part::Data(data) => {
                if !held.more(data.len() as u64) {
                    return Taken::Full;
                }
                kept.push(data, expected);
            }
        }
    }
    Taken::Whole(kept.freeze(), held)
}

/// A body that is over the limit: its beginning, and how much of it was read.
struct Rest {
    kept: Kept,
    counted: u64,
    limit: u64,
    prefix: usize,
}

impl Rest {
    fn of(kept: Kept, terms: &Terms<'_>, held: &mut Held<'_>) -> Self {
        let counted = kept.len() as u64;
        let kept = kept.cut(terms.prefix);
        held.shrink_to(kept.len() as u64);
        Rest { kept, counted, limit: terms.limit, prefix: terms.prefix }
    }

    /// Counts a part and keeps of it what still belongs to the beginning and fits the budget.
    fn add(&mut self, mut data: Bytes, held: &mut Held<'_>) {
        self.counted += data.len() as u64;
        let most = usize::try_from(self.limit).map_or(self.prefix, |limit| limit.min(self.prefix));
        data.truncate(most.saturating_sub(self.kept.len()));
        if !data.is_empty() && held.more(data.len() as u64) {
            // A copy, so that a small beginning does not hold the whole buffer that it was read into.
            self.kept.push(Bytes::copy_from_slice(&data), most);
        }
    }

    /// Reads on until the end, or as long and as far as is reasonable.
    async fn read<B: Body<Data = Bytes> + Unpin>(&mut self, body: &mut B, idle: Duration, held: &mut Held<'_>) {
        let until = Instant::now() + DISCARD_TIME;
        let most = self.limit.saturating_mul(DISCARD_LIMITS).max(DISCARD_LEAST);
        while self.counted <= most && !body.is_end_stream() {
            match timeout_at(until, part(body, idle)).await {
                Ok(Part::Data(data)) => self.add(data, held),
                Ok(Part::End | Part::Idle | Part::Broken) | Err(_) => return,
            }
        }
    }
}
