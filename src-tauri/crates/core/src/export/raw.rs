//! A request as it stands on the wire: request line, headers, a blank line, the body.
//!
//! The head is the wire's own, byte for byte, unless something in it was masked. A body that came in chunks was put
//! together when it was captured; so that the message is one, it is written as a single chunk.

use super::{Item, Record};
use crate::request::{Request, text};
use bytes::Bytes;

pub(super) fn item(record: &Record) -> Item {
    let request = &record.captured.request;
    let mut bytes = if record.head_kept && !record.captured.raw_head.is_empty() {
        whole(&record.captured.raw_head)
    } else {
        head(request)
    };
    let codings = request.headers.all("transfer-encoding").last();
    let chunked = codings.is_some_and(|value| text(value).to_ascii_lowercase().trim_end().ends_with("chunked"));
    if chunked {
        if !request.body.is_empty() {
            bytes.extend_from_slice(format!("{:x}\r\n", request.body.len()).as_bytes());
            bytes.extend_from_slice(&request.body);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
    } else {
        bytes.extend_from_slice(&request.body);
    }
    Item { bytes, beside: None }
}

/// The head made of its parts, with the blank line.
pub(super) fn head(request: &Request) -> Vec<u8> {
    let mut out =
        [request.method.as_bytes(), b" ", &request.target, b" ", request.version.as_str().as_bytes(), b"\r\n"].concat();
    for header in &request.headers {
        out.extend_from_slice(&[&header.name[..], b": ", &header.value, b"\r\n"].concat());
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// The wire's head, with the blank line that ends it.
fn whole(raw: &Bytes) -> Vec<u8> {
    let mut out = raw.to_vec();
    if !out.ends_with(b"\n\r\n") && !out.ends_with(b"\n\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}
