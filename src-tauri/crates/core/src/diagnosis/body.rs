//! What a body may have been before something touched it.

use bytes::Bytes;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::io::{self, Write};

pub(super) struct Variant {
    pub(super) code: &'static str,
    pub(super) headline: &'static str,
    pub(super) explanation: &'static str,
    pub(super) bytes: Bytes,
}

/// The variants of a body, likeliest first; none is the body itself. Re-serialising is left out where the body is over a
/// quarter of the `budget` of hashed bytes: it could not be tried anyhow.
pub(super) fn variants(body: &Bytes, budget: u64) -> Vec<Variant> {
    let mut found: Vec<Variant> = Vec::new();
    let mut add = |code, headline, explanation, bytes: Vec<u8>| {
        if bytes != *body && !found.iter().any(|v| v.bytes == bytes) {
            found.push(Variant { code, headline, explanation, bytes: bytes.into() });
        }
    };
    const NEWLINE: &str = "A newline at the end of the body was added or lost between signing and sending.";
    for end in ["\r\n", "\n"] {
        if let Some(rest) = body.strip_suffix(end.as_bytes()) {
            add("trailing_newline", "it verifies without the trailing newline", NEWLINE, rest.to_vec());
        }
        add("trailing_newline", "it verifies with a trailing newline", NEWLINE, [body, end.as_bytes()].concat());
    }
    const LINES: &str = "The line ends of the body were changed between signing and sending.";
    add("line_ends", "it verifies with LF line ends", LINES, replace(body, b"\r\n", b"\n"));
    add("line_ends", "it verifies with CRLF line ends", LINES, replace(&replace(body, b"\r\n", b"\n"), b"\n", b"\r\n"));
    const BOM: &[u8] = b"\xef\xbb\xbf";
    const MARK: &str = "The byte order mark was added or lost between signing and sending.";
    match body.strip_prefix(BOM) {
        Some(rest) => add("byte_order_mark", "it verifies without the byte order mark", MARK, rest.to_vec()),
        None => add("byte_order_mark", "it verifies with a byte order mark", MARK, [BOM, body].concat()),
    }
    const CHARSET: &str = "The body was decoded and encoded again in another character set.";
    if let Ok(text) = std::str::from_utf8(body) {
        if let Some(latin1) = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>() {
            add("charset", "it verifies as Latin-1", CHARSET, latin1);
        }
    } else {
        add(
            "charset",
            "it verifies with Latin-1 read as UTF-8",
            CHARSET,
            body.iter().map(|b| char::from(*b)).collect::<String>().into(),
        );
        add(
            "charset",
            "it verifies with U+FFFD for what is not UTF-8",
            CHARSET,
            String::from_utf8_lossy(body).into_owned().into(),
        );
    }
    if body.len() as u64 <= budget / 4
        && let Ok(value) = serde_json::from_slice::<Value>(body.strip_prefix(BOM).unwrap_or(body))
    {
        const AGAIN: &str =
            "The body was parsed and written again between signing and sending: sign, or check, the bytes as they are.";
        for (headline, bytes) in reserialised(&value) {
            add("body_reserialised", headline, AGAIN, bytes);
        }
    }
    found
}

fn reserialised(value: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let mut found = Vec::new();
    for (ascii, compact, spaced, two, four) in [
        (
            false,
            "it verifies as JSON.stringify writes the body",
            "it verifies as Python's json.dumps writes the body, with ensure_ascii off",
            "it verifies with the JSON indented by two spaces",
            "it verifies with the JSON indented by four spaces",
        ),
        (
            true,
            "it verifies as compact JSON with escaped unicode",
            "it verifies as Python's json.dumps writes the body",
            "it verifies with the JSON indented by two spaces and escaped unicode",
            "it verifies with the JSON indented by four spaces and escaped unicode",
        ),
    ] {
        found.push((compact, write(value, Style { inner: CompactFormatter, spaced: false, ascii })));
        found.push((spaced, write(value, Style { inner: CompactFormatter, spaced: true, ascii })));
        found.push((two, write(value, Style { inner: PrettyFormatter::with_indent(b"  "), spaced: false, ascii })));
        found.push((four, write(value, Style { inner: PrettyFormatter::with_indent(b"    "), spaced: false, ascii })));
    }
    let escaped = write(value, Style { inner: CompactFormatter, spaced: false, ascii: true });
    found.push(("it verifies with escaped slashes and unicode, as PHP writes JSON", replace(&escaped, b"/", b"\\/")));
    found
}

fn write<F: Formatter>(value: &Value, style: Style<F>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, style);
    match serde::Serialize::serialize(value, &mut serializer) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}

/// A formatter that can put Python's spaces and escape what is not ASCII.
struct Style<F> {
    inner: F,
    spaced: bool,
    ascii: bool,
}

impl<F: Formatter> Formatter for Style<F> {
    fn begin_array<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.inner.begin_array(w)
    }

    fn end_array<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.inner.end_array(w)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        if self.spaced && !first { w.write_all(b", ") } else { self.inner.begin_array_value(w, first) }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.inner.end_array_value(w)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.inner.begin_object(w)
    }

    fn end_object<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.inner.end_object(w)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        if self.spaced && !first { w.write_all(b", ") } else { self.inner.begin_object_key(w, first) }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        if self.spaced { w.write_all(b": ") } else { self.inner.begin_object_value(w) }
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.inner.end_object_value(w)
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, w: &mut W, fragment: &str) -> io::Result<()> {
        if !self.ascii || fragment.is_ascii() {
            return w.write_all(fragment.as_bytes());
        }
        let mut units = [0u16; 2];
        for c in fragment.chars() {
            if c.is_ascii() {
                write!(w, "{c}")?;
            } else {
                for unit in c.encode_utf16(&mut units) {
                    write!(w, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

fn replace(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.windows(from.len()).position(|w| w == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}
