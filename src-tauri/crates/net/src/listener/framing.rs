//! Where messages begin and end in the bytes of a connection, and what stood in their heads.
//!
//! Invariants: the nth [`Head`] that comes out is the nth head on the wire, byte for byte, wherever the reads cut it;
//! nothing but an unfinished head is held, and no more of that than the limit. What a strict reader refuses (and hyper
//! answers with 400) loses the scanner for the rest of the connection: it then says nothing rather than guess.
//!
//! Deliberately absent: bodies (they are only stepped over) and trailers' contents.

use crate::head::{Gatherer, MAX_FIELDS, TooLong, digits, fields};
use bytes::Bytes;
use countersign_core::request::{Headers, HttpVersion};
use memchr::{memchr, memchr2};
use std::mem::MaybeUninit;

/// The head of one request as it stood on the wire.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Request line, header lines, blank line.
    pub(super) raw: Bytes,
    /// The method.
    pub(super) method: Bytes,
    /// The request target.
    pub(super) target: Bytes,
    /// The version.
    pub(super) version: HttpVersion,
    /// The header fields, slices of `raw`.
    pub(super) headers: Headers,
    /// How many of them hyper's own map leaves out: repeated lengths, and lengths beside a transfer coding.
    pub(super) folded: usize,
}

/// Follows one connection.
#[derive(Debug)]
pub(super) struct Scanner {
    place: Place,
    gatherer: Gatherer,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Body(u64),
    Chunked(Chunk),
    Lost,
}

/// Where inside a chunked body the next byte stands. The same steps as hyper's decoder, so that both always agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chunk {
    Size { size: u64, digits: bool },
    Blank(u64),
    Extension(u64),
    SizeLf(u64),
    Data(u64),
    DataCr,
    DataLf,
    LineStart,
    Trailer,
    TrailerLf,
    EndLf,
}

/// A head over the limit or not readable, or a step in a body that could not be taken.
struct Refused;

impl Scanner {
    /// A scanner at the beginning of a connection that gives up on a head longer than `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Scanner { place: Place::Head, gatherer: Gatherer::new(limit) }
    }

    /// Whether the last message is complete and no other has begun.
    pub(super) fn between_messages(&self) -> bool {
        self.place == Place::Head && self.gatherer.is_empty()
    }

    /// Takes what was just read and gives each head that it completes to `found`.
    pub(super) fn feed(&mut self, mut bytes: &[u8], mut found: impl FnMut(Head)) {
        while !bytes.is_empty() {
            let step = match self.place {
                Place::Lost => return,
                Place::Head => self.head(bytes, &mut found),
                Place::Body(left) => {
                    let taken = at_most(left, bytes.len());
                    let left = left - taken as u64;
                    self.place = if left == 0 { Place::Head } else { Place::Body(left) };
                    Ok(taken)
                }
                Place::Chunked(chunk) => chunk.step(bytes).map(|(taken, next)| {
                    self.place = next.map_or(Place::Head, Place::Chunked);
                    taken
                }),
            };
            match step {
                Ok(taken) => bytes = &bytes[taken..],
                Err(Refused) => {
                    self.place = Place::Lost;
                    self.gatherer.clear();
                }
            }
        }
    }

    /// Reads on in a head. How many bytes belonged to it.
    fn head(&mut self, bytes: &[u8], found: &mut impl FnMut(Head)) -> Result<usize, Refused> {
        let (taken, raw) = self.gatherer.take(bytes).map_err(|TooLong| Refused)?;
        if let Some(raw) = raw {
            let (head, place) = read_head(raw).ok_or(Refused)?;
            self.place = place;
            found(head);
        }
        Ok(taken)
    }
}

impl Chunk {
    const BEGIN: Chunk = Chunk::Size { size: 0, digits: false };

    /// One step: how many bytes it took, and where the next one stands; `None` where the body is over.
    fn step(self, bytes: &[u8]) -> Result<(usize, Option<Chunk>), Refused> {
        let byte = bytes[0];
        let one = |next| Ok((1, Some(next)));
        let all_but_line_end = |size| match byte {
            b';' => one(Chunk::Extension(size)),
            b'\r' => one(Chunk::SizeLf(size)),
            b' ' | b'\t' => one(Chunk::Blank(size)),
            _ => Err(Refused),
        };
        match self {
            Chunk::Size { size, digits } => match (byte as char).to_digit(16) {
                Some(digit) => {
                    let size = size.checked_mul(16).and_then(|s| s.checked_add(u64::from(digit))).ok_or(Refused)?;
                    one(Chunk::Size { size, digits: true })
                }
                None if digits => all_but_line_end(size),
                None => Err(Refused),
            },
            Chunk::Blank(size) => all_but_line_end(size),
            Chunk::Extension(size) => match memchr2(b'\r', b'\n', bytes) {
                Some(at) if bytes[at] == b'\r' => Ok((at + 1, Some(Chunk::SizeLf(size)))),
                Some(_) => Err(Refused),
                None => Ok((bytes.len(), Some(self))),
            },
            Chunk::SizeLf(size) => match byte {
                b'\n' if size == 0 => one(Chunk::LineStart),
                b'\n' => one(Chunk::Data(size)),
                _ => Err(Refused),
            },
            Chunk::Data(left) => {
                let taken = at_most(left, bytes.len());
                let left = left - taken as u64;
                Ok((taken, Some(if left == 0 { Chunk::DataCr } else { Chunk::Data(left) })))
            }
            Chunk::DataCr if byte == b'\r' => one(Chunk::DataLf),
            Chunk::DataLf if byte == b'\n' => one(Chunk::BEGIN),
            Chunk::LineStart if byte == b'\r' => one(Chunk::EndLf),
            Chunk::LineStart | Chunk::Trailer => match memchr(b'\r', bytes) {
                Some(at) => Ok((at + 1, Some(Chunk::TrailerLf))),
                None => Ok((bytes.len(), Some(Chunk::Trailer))),
            },
            Chunk::TrailerLf if byte == b'\n' => one(Chunk::LineStart),
            Chunk::EndLf if byte == b'\n' => Ok((1, None)),
            Chunk::DataCr | Chunk::DataLf | Chunk::TrailerLf | Chunk::EndLf => Err(Refused),
        }
    }
}

fn at_most(left: u64, here: usize) -> usize {
    usize::try_from(left).map_or(here, |left| left.min(here))
}

/// Reads a whole head and says what follows it, by hyper's rules for a request.
fn read_head(raw: Bytes) -> Option<(Head, Place)> {
    let mut room = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut parsed = httparse::Request::new(&mut []);
    let status = httparse::ParserConfig::default().parse_request_with_uninit_headers(&mut parsed, &raw, &mut room);
    if !matches!(status, Ok(httparse::Status::Complete(len)) if len == raw.len()) {
        return None;
    }
    let version = if parsed.version? == 1 { HttpVersion::Http11 } else { HttpVersion::Http10 };
    let (mut length, mut lengths, mut chunked) = (None, 0_usize, None);
    for field in parsed.headers.iter() {
        // Lengths first: they differ for nearly every other header.
        if field.name.len() == 14 && field.name.eq_ignore_ascii_case("content-length") {
            lengths += 1;
            let this = digits(field.value);
            if chunked.is_none() && (this.is_none() || (length.is_some() && length != this)) {
                return None;
            }
            length = this;
        } else if field.name.len() == 17 && field.name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = Some(last_is_chunked(field.value));
        }
    }
    let (place, folded) = match (chunked, length) {
        (Some(true), _) if version == HttpVersion::Http11 => (Place::Chunked(Chunk::BEGIN), lengths),
        (Some(_), _) => return None,
        (None, None | Some(0)) => (Place::Head, lengths.saturating_sub(1)),
        (None, Some(length)) => (Place::Body(length), lengths.saturating_sub(1)),
    };
    let headers = fields(&raw, parsed.headers);
    let method = raw.slice_ref(parsed.method?.as_bytes());
    let target = raw.slice_ref(parsed.path?.as_bytes());
    Some((Head { method, target, version, headers, folded, raw }, place))
}

fn last_is_chunked(value: &[u8]) -> bool {
    let last = value.rsplit(|&b| b == b',').next().unwrap_or_default();
    last.trim_ascii().eq_ignore_ascii_case(b"chunked")
}

#[cfg(test)]
mod tests;
