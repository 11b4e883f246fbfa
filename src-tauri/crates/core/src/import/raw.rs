//! A request as it stands on the wire: head, blank line, body, any bytes.

use super::{Fault, Imported, Item, item, note_length};
use crate::draft::leaving::is_token;
use crate::draft::paste::message;
use crate::request::{Headers, HttpVersion, Request, text};
use bytes::Bytes;

/// A request line is at most so long where it is looked for, in bytes.
const LINE: usize = 64 * 1024;

/// Whether bytes begin like `POST /path HTTP/1.1`.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let line = first_line(bytes);
    let words: Vec<&[u8]> = line.split(|b| *b == b' ').collect();
    matches!(words.as_slice(), [method, target, version]
        if is_token(method)
            && !target.is_empty() && matches!(*version, b"HTTP/1.1" | b"HTTP/1.0"))
}

fn first_line(bytes: &[u8]) -> &[u8] {
    let start = &bytes[..bytes.len().min(LINE)];
    start.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_end()
}

pub(super) fn read(bytes: &Bytes) -> Vec<Item> {
    vec![one(bytes)]
}

fn one(bytes: &Bytes) -> Item {
    if !begins(bytes) {
        let reason = "This is not a request: it does not begin with a line like “POST /path HTTP/1.1”.".to_owned();
        return Err(Fault { item: 1, line: Some(1), reason });
    }
    let (head_len, lines) = head(bytes)?;
    let head = bytes.slice(..head_len);
    let line = first_line(bytes);
    let mut words = line.split(|b| *b == b' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let version = match words.next() {
        Some(b"HTTP/1.0") => HttpVersion::Http10,
        _ => HttpVersion::Http11,
    };
    let headers = Headers::of_head(&head);
    let mut notes = Vec::new();
    let body = message::body(&bytes.slice(head_len..), &headers, &mut notes);
    let request =
        Request { method: text(method), target: bytes.slice_ref(target), version, headers, body, cut_from: None };
    if notes.is_empty() {
        note_length(&request, &mut notes);
    }
    if lines == LineEnds::Bare {
        notes.push(
            "The lines of its head end without a carriage return, so it did not stand on the wire like this."
                .to_owned(),
        );
    }
    item(Imported {
        item: 1,
        line: Some(1),
        title: super::title_of(&request),
        request,
        raw_head: (lines == LineEnds::Wire).then_some(head),
        received_at_us: None,
        notes,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEnds {
    /// As HTTP has them.
    Wire,
    /// An editor took the carriage returns.
    Bare,
}

/// Where the head ends, its blank line included.
fn head(bytes: &Bytes) -> Result<(usize, LineEnds), Fault> {
    let mut at = 0;
    let mut ends = LineEnds::Wire;
    for (index, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        at += line.len();
        if at > super::HEAD_LIMIT {
            break;
        }
        if !line.ends_with(b"\r\n") && line.ends_with(b"\n") {
            ends = LineEnds::Bare;
        }
        let line = line.trim_ascii_end();
        if line.is_empty() {
            return Ok((at, ends));
        }
        let fault = |reason: &str| Fault { item: 1, line: Some(index + 1), reason: reason.to_owned() };
        if index > 0 && line[0].is_ascii_whitespace() {
            return Err(fault(
                "This line begins with a space, so it would go on the header before it. HTTP no longer allows that.",
            ));
        }
        if index > 0 && line.iter().position(|b| *b == b':').is_none_or(|colon| colon == 0) {
            return Err(fault("This line is no header: there is no colon. A blank line goes before the body."));
        }
    }
    match at == bytes.len() {
        // A head without a body may have lost its blank line.
        true => Ok((at, ends)),
        false => {
            Err(Fault { item: 1, line: None, reason: "The head is over 1 MB long: no server takes that.".to_owned() })
        }
    }
}
