//! What a body may have been before something touched it.

use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::io::{self, Write};

/// A way in which a body may have been another one.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    pub(super) code: &'static str,
    pub(super) headline: &'static str,
    pub(super) explanation: &'static str,
    way: Way,
}

#[derive(Clone, Copy)]
enum Way {
    Without(&'static [u8]),
    With(&'static [u8]),
    LineFeeds,
    CarriageReturns,
    WithoutMark,
    WithMark,
    Latin1,
    Latin1AsUtf8,
    Lossy,
    Json { spaced: bool, indent: &'static [u8], ascii: bool },
    Php,
}

/// A body is read as JSON up to this length: its tree takes many times that.
const READ_AS_JSON: usize = 2 << 20;
const BOM: &[u8] = b"\xef\xbb\xbf";

const NEWLINE: &str = "A newline at the end of the body was added or lost between signing and sending.";
const LINES: &str = "The line ends of the body were changed between signing and sending.";
const MARK: &str = "The byte order mark was added or lost between signing and sending.";
const CHARSET: &str = "The body was decoded and encoded again in another character set.";
const AGAIN: &str =
    "The body was parsed and written again between signing and sending: sign, or check, the bytes as they are.";

const fn variant(code: &'static str, headline: &'static str, explanation: &'static str, way: Way) -> Variant {
    Variant { code, headline, explanation, way }
}

const fn again(headline: &'static str, spaced: bool, indent: &'static [u8], ascii: bool) -> Variant {
    variant("body_reserialised", headline, AGAIN, Way::Json { spaced, indent, ascii })
}

/// The variants, likeliest first.
const VARIANTS: &[Variant] = &[
    variant("trailing_newline", "it verifies without the trailing newline", NEWLINE, Way::Without(b"\r\n")),
    variant("trailing_newline", "it verifies with a trailing newline", NEWLINE, Way::With(b"\r\n")),
    variant("trailing_newline", "it verifies without the trailing newline", NEWLINE, Way::Without(b"\n")),
    variant("trailing_newline", "it verifies with a trailing newline", NEWLINE, Way::With(b"\n")),
    variant("line_ends", "it verifies with LF line ends", LINES, Way::LineFeeds),
    variant("line_ends", "it verifies with CRLF line ends", LINES, Way::CarriageReturns),
    variant("byte_order_mark", "it verifies without the byte order mark", MARK, Way::WithoutMark),
    variant("byte_order_mark", "it verifies with a byte order mark", MARK, Way::WithMark),
    variant("charset", "it verifies as Latin-1", CHARSET, Way::Latin1),
    variant("charset", "it verifies with Latin-1 read as UTF-8", CHARSET, Way::Latin1AsUtf8),
    variant("charset", "it verifies with U+FFFD for what is not UTF-8", CHARSET, Way::Lossy),
    again("it verifies as JSON.stringify writes the body", false, b"", false),
    again("it verifies as Python's json.dumps writes the body, with ensure_ascii off", true, b"", false),
    again("it verifies with the JSON indented by two spaces", false, b"  ", false),
    again("it verifies with the JSON indented by four spaces", false, b"    ", false),
    again("it verifies as compact JSON with escaped unicode", false, b"", true),
    again("it verifies as Python's json.dumps writes the body", true, b"", true),
    again("it verifies with the JSON indented by two spaces and escaped unicode", false, b"  ", true),
    again("it verifies with the JSON indented by four spaces and escaped unicode", false, b"    ", true),
    variant("body_reserialised", "it verifies with escaped slashes and unicode, as PHP writes JSON", AGAIN, Way::Php),
];

/// Makes one variant of a body after another, and holds none of them.
pub(super) struct Variants<'a> {
    body: &'a [u8],
    rest: std::slice::Iter<'static, Variant>,
    json: Option<Option<Value>>,
}

impl<'a> Variants<'a> {
    pub(super) fn new(body: &'a [u8]) -> Variants<'a> {
        Variants { body, rest: VARIANTS.iter(), json: None }
    }

    /// The next variant, and its bytes; none in their place where they would be longer than `most`, or four times the
    /// body: nobody writes JSON like that. Variants that this body does not have are passed over.
    pub(super) fn next(&mut self, most: u64) -> Option<(Variant, Option<Vec<u8>>)> {
        let most =
            usize::try_from(most).unwrap_or(usize::MAX).min(self.body.len().saturating_mul(4).saturating_add(4096));
        loop {
            let variant = *self.rest.next()?;
            match self.make(variant.way, most) {
                Made::Bytes(bytes) => return Some((variant, Some(bytes))),
                Made::TooLong => return Some((variant, None)),
                Made::None => {}
            }
        }
    }

    fn make(&mut self, way: Way, most: usize) -> Made {
        let body = self.body;
        if body.len() > most {
            return Made::TooLong;
        }
        let stripped = |rest: Option<&[u8]>| rest.map(<[u8]>::to_vec);
        let text = || std::str::from_utf8(body);
        let made = match way {
            Way::Without(end) => stripped(body.strip_suffix(end)),
            Way::With(end) => Some([body, end].concat()),
            Way::LineFeeds => Some(replace(body, b"\r\n", b"\n")),
            Way::CarriageReturns => Some(replace(&replace(body, b"\r\n", b"\n"), b"\n", b"\r\n")),
            Way::WithoutMark => stripped(body.strip_prefix(BOM)),
            Way::WithMark => (!body.starts_with(BOM)).then(|| [BOM, body].concat()),
            Way::Latin1 => text().ok().and_then(|t| t.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()),
            Way::Latin1AsUtf8 => {
                text().is_err().then(|| body.iter().map(|b| char::from(*b)).collect::<String>().into_bytes())
            }
            Way::Lossy => text().is_err().then(|| String::from_utf8_lossy(body).into_owned().into_bytes()),
            Way::Json { spaced, indent, ascii } => return self.written(spaced, indent, ascii, most),
            Way::Php => {
                return match self.written(false, b"", true, most) {
                    Made::Bytes(bytes) => Made::Bytes(replace(&bytes, b"/", b"\\/")),
                    other => other,
                };
            }
        };
        made.map_or(Made::None, Made::Bytes)
    }

    fn written(&mut self, spaced: bool, indent: &'static [u8], ascii: bool, most: usize) -> Made {
        let json = self.body.strip_prefix(BOM).unwrap_or(self.body);
        if json.len() > READ_AS_JSON {
            return Made::TooLong;
        }
        let value = self.json.get_or_insert_with(|| serde_json::from_slice(json).ok());
        let Some(value) = value else { return Made::None };
        let out = Limited { out: Vec::new(), most };
        let written = if indent.is_empty() {
            write(value, out, Style { inner: CompactFormatter, spaced, ascii })
        } else {
            write(value, out, Style { inner: PrettyFormatter::with_indent(indent), spaced, ascii })
        };
        written.map_or(Made::TooLong, Made::Bytes)
    }
}

/// How a body became other bytes: a stable code, and words that follow “the captured body”. None where no known way leads
/// from one to the other.
pub(crate) fn known_change(body: &[u8], made: &[u8]) -> Option<(&'static str, &'static str)> {
    let mut variants = Variants::new(body);
    while let Some((variant, bytes)) = variants.next(body.len().max(made.len()) as u64 + 1) {
        if bytes.is_some_and(|bytes| bytes == made && bytes != body) {
            return Some((variant.code, variant.way.words()));
        }
    }
    None
}

impl Way {
    fn words(self) -> &'static str {
        match self {
            Way::Without(_) => "without the newline at its end",
            Way::With(b"\n") => "with a newline added at its end",
            Way::With(_) => "with a carriage return and a newline added at its end",
            Way::LineFeeds => "with its CRLF line ends turned into LF",
            Way::CarriageReturns => "with its LF line ends turned into CRLF",
            Way::WithoutMark => "without its byte order mark",
            Way::WithMark => "with a byte order mark put in front of it",
            Way::Latin1 => "with its UTF-8 text written as Latin-1",
            Way::Latin1AsUtf8 => "read as Latin-1 and written as UTF-8",
            Way::Lossy => "with U+FFFD in place of what is not UTF-8",
            Way::Json { spaced: false, indent: b"", ascii: false } => "after JSON.parse and JSON.stringify",
            Way::Json { spaced: true, indent: b"", ascii: true } => "after json.loads and json.dumps in Python",
            Way::Json { spaced: true, indent: b"", ascii: false } => {
                "after json.loads and json.dumps in Python, with ensure_ascii off"
            }
            Way::Json { spaced: false, indent: b"", ascii: true } => {
                "parsed as JSON and written again without spaces and with escaped unicode"
            }
            Way::Json { ascii: false, .. } => "parsed as JSON and written again with indentation",
            Way::Json { ascii: true, .. } => "parsed as JSON and written again with indentation and escaped unicode",
            Way::Php => "after json_decode and json_encode in PHP",
        }
    }
}

enum Made {
    Bytes(Vec<u8>),
    /// This body has no such variant.
    None,
    TooLong,
}

/// A writer that gives up at a length.
struct Limited {
    out: Vec<u8>,
    most: usize,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.out.len() + bytes.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// None where it is too long.
fn write<F: Formatter>(value: &Value, mut out: Limited, style: Style<F>) -> Option<Vec<u8>> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, style);
    serde::Serialize::serialize(value, &mut serializer).ok()?;
    Some(out.out)
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
