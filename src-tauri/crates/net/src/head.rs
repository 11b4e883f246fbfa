//! Heads of messages as they stand on the wire: what the listener's tap and the sender's share.
//!
//! Invariants: a head comes out byte for byte, wherever the reads cut it; nothing but an unfinished head is held, and no
//! more of that than the limit.

use bytes::{Bytes, BytesMut};
use countersign_core::request::{Header, Headers};
use memchr::memchr;

/// As many header fields as hyper takes; a message with more is refused.
pub(crate) const MAX_FIELDS: usize = 100;

/// A head over the limit.
#[derive(Debug)]
pub(crate) struct TooLong;

/// Gathers one head after another from what is read.
#[derive(Debug)]
pub(crate) struct Gatherer {
    line: Line,
    unfinished: BytesMut,
    limit: usize,
}

/// How far the current header line is: enough to see a blank one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Text,
    Start,
    StartCr,
}

impl Gatherer {
    /// For heads of up to `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Gatherer { line: Line::Text, unfinished: BytesMut::new(), limit }
    }

    /// Whether no head has begun.
    pub(crate) fn is_empty(&self) -> bool {
        self.unfinished.is_empty()
    }

    /// Forgets what has begun.
    pub(crate) fn clear(&mut self) {
        self.unfinished = BytesMut::new();
    }

    /// How much memory is held, in bytes.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.unfinished.capacity()
    }

    /// Reads on. How many bytes belonged to the head, and the head where it is complete.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(usize, Option<Bytes>), TooLong> {
        let mut skipped = 0;
        if self.unfinished.is_empty() {
            // Line ends before a first line are allowed and are not part of the head.
            skipped = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
            self.line = Line::Text;
        }
        let bytes = &bytes[skipped..];
        let Some(end) = self.blank_line(bytes) else {
            if self.unfinished.len() + bytes.len() > self.limit {
                return Err(TooLong);
            }
            self.unfinished.extend_from_slice(bytes);
            return Ok((skipped + bytes.len(), None));
        };
        let raw = if self.unfinished.is_empty() {
            Bytes::copy_from_slice(&bytes[..end])
        } else {
            self.unfinished.extend_from_slice(&bytes[..end]);
            std::mem::take(&mut self.unfinished).freeze()
        };
        Ok((skipped + end, Some(raw)))
    }

    /// Where the blank line that ends the head ends, if it is in these bytes.
    fn blank_line(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            match (self.line, bytes.get(at)?) {
                (Line::Text, _) => {
                    at += memchr(b'\n', &bytes[at..])? + 1;
                    self.line = Line::Start;
                }
                (Line::Start | Line::StartCr, b'\n') => return Some(at + 1),
                (Line::Start, b'\r') => {
                    at += 1;
                    self.line = Line::StartCr;
                }
                (Line::Start | Line::StartCr, _) => self.line = Line::Text,
            }
        }
    }
}

/// The fields of a parsed head, as slices of its bytes.
pub(crate) fn fields(raw: &Bytes, parsed: &[httparse::Header<'_>]) -> Headers {
    parsed.iter().map(|f| Header { name: raw.slice_ref(f.name.as_bytes()), value: raw.slice_ref(f.value) }).collect()
}

/// A value that is a number in digits and nothing else, as a length must be.
pub(crate) fn digits(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}
