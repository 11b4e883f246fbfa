//! Verdicts, checks and headers as one column each.
//!
//! A delivery has a verdict for every scheme. As rows of a table of their own, five of them made a delivery cost two and a
//! half times as much to write (160 µs against 64, groups of 64) and two thirds more space; what queries ask of them is
//! kept beside them in columns.
//!
//! The form: a version byte, then fields; numbers are LEB128, texts and bytes have their length before them.

use bytes::Bytes;
use countersign_core::request::{Header, Headers};
use countersign_core::verdict::Outcome;

use crate::model::{CheckKind, StoredCheck, StoredVerdict};

const VERSION: u8 = 1;
/// Headers written in full.
const HEADERS_IN_FULL: u8 = 1;
/// Headers written as places in the raw head.
const HEADERS_AS_PLACES: u8 = 2;

fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Reads what was packed; every answer is none once something does not fit.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn signed(&mut self) -> Option<i64> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i64::from_le_bytes(*taken))
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

/// The bit of an outcome in the column `applying`.
pub(crate) fn bit(outcome: Outcome) -> i64 {
    // The places are the file's format: they must not follow a change in the order of the enum.
    1 << match outcome {
        Outcome::Pass => 0,
        Outcome::Stale => 1,
        Outcome::Fail => 2,
        Outcome::Malformed => 3,
        Outcome::Missing => 4,
        Outcome::NoSecret => 5,
        Outcome::Unsigned => 6,
    }
}

/// The outcomes of those verdicts that apply, as a set of bits.
pub(crate) fn applying(verdicts: &[StoredVerdict]) -> i64 {
    verdicts.iter().filter(|v| v.applies).fold(0, |set, v| set | bit(v.outcome))
}

pub(crate) fn verdicts(verdicts: &[StoredVerdict]) -> Vec<u8> {
    let mut out = Vec::with_capacity(verdicts.iter().map(|v| v.reason.len() + 40).sum::<usize>() + 2);
    out.push(VERSION);
    put_number(&mut out, verdicts.len());
    for verdict in verdicts {
        put_bytes(&mut out, verdict.scheme.as_str().as_bytes());
        put_bytes(&mut out, verdict.provider.as_str().as_bytes());
        put_number(&mut out, bit(verdict.outcome) as usize);
        out.push(
            u8::from(verdict.applies)
                | u8::from(verdict.secret.is_some()) << 1
                | u8::from(verdict.skew_s.is_some()) << 2
                | u8::from(verdict.run_secret) << 3,
        );
        put_bytes(&mut out, verdict.reason.as_bytes());
        if let Some(secret) = &verdict.secret {
            put_bytes(&mut out, secret.as_bytes());
        }
        if let Some(skew_s) = verdict.skew_s {
            out.extend_from_slice(&skew_s.to_le_bytes());
        }
    }
    out
}

pub(crate) fn read_verdicts(packed: &[u8]) -> Option<Vec<StoredVerdict>> {
    let mut reader = Reader(packed);
    if reader.byte()? != VERSION {
        return None;
    }
    (0..reader.number()?)
        .map(|_| {
            let scheme = reader.text()?.parse().ok()?;
            let provider = reader.text()?.parse().ok()?;
            let outcome_bit = reader.number()? as i64;
            let outcome = Outcome::ALL.into_iter().find(|o| bit(*o) == outcome_bit)?;
            let flags = reader.byte()?;
            let reason = reader.text()?.to_owned();
            let secret = if flags & 2 == 0 { None } else { Some(reader.text()?.to_owned()) };
            let skew_s = if flags & 4 == 0 { None } else { Some(reader.signed()?) };
            Some(StoredVerdict {
                scheme,
                provider,
                outcome,
                reason,
                secret,
                skew_s,
                applies: flags & 1 != 0,
                run_secret: flags & 8 != 0,
            })
        })
        .collect()
}

pub(crate) fn checks(checks: &[StoredCheck]) -> Option<Vec<u8>> {
    if checks.is_empty() {
        return None;
    }
    let mut out = vec![VERSION];
    put_number(&mut out, checks.len());
    for check in checks {
        put_bytes(&mut out, check.kind.as_str().as_bytes());
        out.push(u8::from(check.holds));
        put_bytes(&mut out, check.reason.as_bytes());
    }
    Some(out)
}

pub(crate) fn read_checks(packed: Option<&[u8]>) -> Option<Vec<StoredCheck>> {
    let Some(packed) = packed else { return Some(Vec::new()) };
    let mut reader = Reader(packed);
    if reader.byte()? != VERSION {
        return None;
    }
    (0..reader.number()?)
        .map(|_| {
            let kind = CheckKind::from_name(reader.text()?)?;
            let holds = reader.byte()? != 0;
            Some(StoredCheck { kind, holds, reason: reader.text()?.to_owned() })
        })
        .collect()
}

/// Packs headers. Where each name and value stands in `raw_head` in order, only the places are written: the bytes are
/// there already. Which of several equal places is found does not matter, for the bytes are the same.
pub(crate) fn headers(headers: &Headers, raw_head: &[u8]) -> Vec<u8> {
    places(headers, raw_head).unwrap_or_else(|| {
        let mut out = vec![HEADERS_IN_FULL];
        put_number(&mut out, headers.len());
        for header in headers {
            put_bytes(&mut out, &header.name);
            put_bytes(&mut out, &header.value);
        }
        out
    })
}

fn places(headers: &Headers, raw_head: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(2 + headers.len() * 4);
    out.push(HEADERS_AS_PLACES);
    put_number(&mut out, headers.len());
    // The request line is no header, and may repeat the bytes of one.
    let mut rest = &raw_head[memchr::memchr(b'\n', raw_head).map_or(0, |at| at + 1)..];
    put_number(&mut out, raw_head.len() - rest.len());
    for header in headers {
        for part in [&header.name, &header.value] {
            // The next few bytes nearly always: the line end, or the colon and a space.
            let near = (0..=2).find(|at| rest.get(*at..).is_some_and(|rest| rest.starts_with(part)));
            let at = near.or_else(|| memchr::memmem::find(rest, part))?;
            put_number(&mut out, at);
            put_number(&mut out, part.len());
            rest = &rest[at + part.len()..];
        }
    }
    Some(out)
}

pub(crate) fn read_headers(packed: &[u8], raw_head: &Bytes) -> Option<Headers> {
    let mut reader = Reader(packed);
    match reader.byte()? {
        HEADERS_IN_FULL => (0..reader.number()?)
            .map(|_| {
                let name = Bytes::copy_from_slice(reader.bytes()?);
                Some(Header { name, value: Bytes::copy_from_slice(reader.bytes()?) })
            })
            .collect(),
        HEADERS_AS_PLACES => {
            let count = reader.number()?;
            let mut at = reader.number()?;
            let mut part = || {
                let begin = at.checked_add(reader.number()?)?;
                at = begin.checked_add(reader.number()?)?;
                (at <= raw_head.len()).then(|| raw_head.slice(begin..at))
            };
            (0..count).map(|_| Some(Header { name: part()?, value: part()? })).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(fields: &[(&[u8], &[u8])]) -> Headers {
        fields
            .iter()
            .map(|(n, v)| Header { name: Bytes::copy_from_slice(n), value: Bytes::copy_from_slice(v) })
            .collect()
    }

    #[test]
    fn headers_are_places_where_the_head_has_them() {
        let head = Bytes::from_static(b"POST /Host HTTP/1.1\r\nHost: a\r\nX-E:\r\nx-e: \xff\xfe\r\n\r\n");
        let fields = list(&[(b"Host", b"a"), (b"X-E", b""), (b"x-e", b"\xff\xfe")]);
        let packed = headers(&fields, &head);
        assert_eq!(packed.len(), 3 + 3 * 4);
        assert_eq!(read_headers(&packed, &head), Some(fields.clone()));
        let full = headers(&fields, b"");
        assert_eq!(full[0], HEADERS_IN_FULL);
        assert_eq!(read_headers(&full, &Bytes::new()), Some(fields));
    }

    proptest! {
        #[test]
        fn headers_come_back(
            fields in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..4), prop::collection::vec(any::<u8>(), 0..4)), 0..5),
            head in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let fields: Headers = fields.into_iter().map(|(n, v)| Header { name: n.into(), value: v.into() }).collect();
            let head = Bytes::from(head);
            prop_assert_eq!(read_headers(&headers(&fields, &head), &head), Some(fields));
        }

        #[test]
        fn no_bytes_make_reading_panic(packed in prop::collection::vec(any::<u8>(), 0..40)) {
            read_verdicts(&packed);
            read_checks(Some(&packed));
            read_headers(&packed, &Bytes::from_static(b"POST / HTTP/1.1\r\nHost: a\r\n\r\n"));
        }
    }
}
