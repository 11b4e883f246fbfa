//! Files as requests: fixtures, HAR, `.http`, curl, Postman collections, NDJSON, bare JSON payloads, requests as they stand
//! on the wire.
//!
//! Invariants: nothing is run or expanded from the environment, and no other file is read but a body that an export of
//! Countersign put beside its file. What cannot be taken is a [`Fault`]
//! with its item and line, never a guess; the items beside it are taken all the same. Whatever the bytes are, there is no
//! panic, and what is held is a small multiple of them: see the limits. What a format cannot carry is in the notes.

mod bodies;
mod carried;
mod curl;
mod detect;
mod fixture;
mod har;
mod http_file;
mod ndjson;
mod payload;
mod postman;
mod raw;
mod text;
mod variables;

#[cfg(test)]
mod tests;

use crate::draft::leaving::{Parts, is_token};
use crate::ids::ProviderId;
use crate::request::{HttpVersion, Request};
use bodies::Bodies;
use bytes::Bytes;

pub use ndjson::Lines as NdjsonLines;

/// The largest file that is read whole, in bytes. NDJSON goes line by line, see [`NdjsonLines`], and may be longer.
pub const FILE_LIMIT: u64 = 100 * 1024 * 1024;
/// The longest `.http` or curl file, in bytes: such files are written by hand, or of some thousand deliveries.
pub const TEXT_LIMIT: usize = 16 * 1024 * 1024;
/// The most items of one file.
pub const ITEMS: usize = 100_000;
/// So many items of a file may be wrong; then it is the file that is wrong, and the rest is not looked at.
pub const FAULTS: usize = 1_000;
/// A head over this length, in bytes, is no request's.
const HEAD_LIMIT: usize = 1024 * 1024;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A Countersign fixture.
    Fixture,
    /// HAR 1.2.
    Har,
    /// Requests of VS Code's REST Client or of the JetBrains IDEs.
    Http,
    /// `curl` commands.
    Curl,
    /// A Postman collection 2.1.
    Postman,
    /// Countersign's log, one JSON object a line.
    Ndjson,
    /// A JSON body alone.
    Payload,
    /// A request as it stands on the wire.
    Raw,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 8] = [
        Format::Fixture,
        Format::Har,
        Format::Http,
        Format::Curl,
        Format::Postman,
        Format::Ndjson,
        Format::Payload,
        Format::Raw,
    ];

    /// The wire name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Fixture => "fixture",
            Format::Har => "har",
            Format::Http => "http",
            Format::Curl => "curl",
            Format::Postman => "postman",
            Format::Ndjson => "ndjson",
            Format::Payload => "payload",
            Format::Raw => "raw",
        }
    }

    /// The one of that wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Its name for a person.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Format::Fixture => "Countersign fixture",
            Format::Har => "HAR 1.2",
            Format::Http => ".http file",
            Format::Curl => "curl",
            Format::Postman => "Postman collection",
            Format::Ndjson => "NDJSON",
            Format::Payload => "JSON payload",
            Format::Raw => "raw request",
        }
    }
}

/// Why a file beside another one is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is not there, is no plain file, or cannot be read.
    Missing,
    /// It is longer than was asked for.
    TooLarge,
}

/// Gives the content of a file beside another one, by its name, where it has at most so many bytes. Links are not followed.
pub type Beside<'a> = &'a dyn Fn(&str, u64) -> Result<Bytes, Unread>;

/// What is known of a file beside its bytes.
#[derive(Clone, Default)]
pub struct Hint<'a> {
    /// What it holds; found out where it is not given.
    pub format: Option<Format>,
    /// Whose a bare payload is.
    pub provider: Option<ProviderId>,
    /// Gives the file of that name beside this one: an export of Countersign may have put a body there.
    pub beside: Option<Beside<'a>>,
}

/// A request out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Which one of the file's, from 1.
    pub item: usize,
    /// The line it begins on, from 1.
    pub line: Option<usize>,
    /// Its name in the file, or method and target.
    pub title: String,
    /// The request.
    pub request: Request,
    /// Request line and headers as they stood on the wire, where the file says so.
    pub raw_head: Option<Bytes>,
    /// When it was received, in microseconds since 1970.
    pub received_at_us: Option<i64>,
    /// What to know about it, a sentence or two each.
    pub notes: Vec<String>,
}

/// Why an item cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    /// Which one of the file's, from 1; 0 where it is the file as a whole.
    pub item: usize,
    /// The line, from 1, where it can be said.
    pub line: Option<usize>,
    /// One or two sentences.
    pub reason: String,
}

/// An item, or why it is none.
pub type Item = Result<Imported, Fault>;

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What it holds; none where that could not be found out.
    pub format: Option<Format>,
    /// Its items in their order.
    pub items: Vec<Item>,
}

/// Reads a file; `name` is its name, for its ending.
#[must_use]
pub fn read(name: &str, bytes: &Bytes, hint: &Hint<'_>) -> Read {
    let whole = |format, reason: String| Read { format, items: vec![Err(Fault { item: 0, line: None, reason })] };
    if bytes.len() as u64 > FILE_LIMIT {
        return whole(hint.format, too_large());
    }
    let format = match hint.format {
        Some(format) => format,
        None => match detect::format(name, bytes) {
            Ok(format) => format,
            Err(fault) => return Read { format: None, items: vec![Err(fault)] },
        },
    };
    let items = match format {
        Format::Raw => raw::read(bytes),
        Format::Payload => payload::read(bytes, hint.provider.as_ref()),
        _ => match text::of(bytes) {
            Ok(text) => match format {
                Format::Fixture => fixture::read(text),
                Format::Har => har::read(text),
                Format::Postman => postman::read(text, Bodies::new(hint.beside)),
                Format::Ndjson => ndjson::read(text),
                _ if text.len() > TEXT_LIMIT => {
                    return whole(Some(format), "A text of requests can be at most 16 MB long. Split it.".to_owned());
                }
                Format::Http => http_file::read(text, Bodies::new(hint.beside)),
                _ => curl::read(text),
            },
            Err(fault) => vec![Err(fault)],
        },
    };
    Read { format: Some(format), items: bounded(items) }
}

/// The sentence about a file over [`FILE_LIMIT`].
#[must_use]
pub fn too_large() -> String {
    "The file is over 100 MB, which is more than is read at once. Nothing of it was taken; split it, or use NDJSON, which \
     is read line by line."
        .to_owned()
}

/// The items up to the limits, and why the rest is missing.
fn bounded(items: impl IntoIterator<Item = Item>) -> Vec<Item> {
    let mut out = Vec::new();
    let mut faults = 0;
    for item in items {
        faults += usize::from(item.is_err());
        if out.len() == ITEMS {
            let reason = format!("A file has at most {ITEMS} items; the rest of this one was not taken.");
            out.push(Err(Fault { item: 0, line: None, reason }));
            break;
        }
        out.push(item);
        if faults == FAULTS {
            let reason = format!("{FAULTS} items of this file cannot be read; the rest was not looked at.");
            out.push(Err(Fault { item: 0, line: None, reason }));
            break;
        }
    }
    out
}

/// What keeps a request from being one, in a sentence. Requests come from strangers' files: what goes into the log must be
/// what a listener could have received.
fn problem_of(request: &Request) -> Option<String> {
    let head: usize = request.headers.iter().map(|field| field.name.len() + field.value.len() + 4).sum();
    if !is_token(request.method.as_bytes()) {
        let method = crate::shorten(&request.method, 40);
        return Some(format!("“{method}” is not a method that HTTP allows."));
    }
    if request.target.is_empty() || request.target.iter().any(|b| *b <= b' ' || *b == 0x7f) {
        return Some("The target is empty, or holds a space or control character, which HTTP forbids.".to_owned());
    }
    if head + request.target.len() + request.method.len() > HEAD_LIMIT {
        return Some("The target and the headers are over 1 MB long: no server takes that.".to_owned());
    }
    let wrong = request
        .headers
        .iter()
        .find(|field| !is_token(&field.name) || field.value.iter().any(|b| matches!(b, b'\r' | b'\n' | 0)))?;
    let name = crate::shorten(&crate::request::text(&wrong.name), 40);
    Some(if is_token(&wrong.name) {
        format!("The value of the header “{name}” holds a line end or NUL, which HTTP forbids.")
    } else {
        format!("“{name}” is not a header's name: it is empty or holds characters that HTTP forbids.")
    })
}

/// An item with what is to be known of it, or why it is none.
fn item(imported: Imported) -> Item {
    match problem_of(&imported.request) {
        Some(reason) => Err(Fault { item: imported.item, line: imported.line, reason }),
        None => Ok(imported),
    }
}

/// Says where a body is not as long as its request says: then the file does not hold its exact bytes.
fn note_length(request: &Request, notes: &mut Vec<String>) {
    let said =
        request.headers.first("content-length").and_then(|value| crate::request::text(value).parse::<u64>().ok());
    if let Some(said) = said.filter(|said| *said != request.body_len()) {
        notes.push(format!(
            "The Content-Length says {said} bytes and the body has {}: this may not be what was sent, byte for byte.",
            request.body_len()
        ));
    }
}

/// Method and target, for a person.
fn title_of(request: &Request) -> String {
    crate::shorten(&format!("{} {}", request.method, crate::request::text(&request.target)), 200)
}

/// Host and target of an absolute URL.
fn place(url: &str) -> Option<(String, String)> {
    Parts::read(url).map(|parts| (parts.authority, parts.target))
}

/// `HTTP/1.0` is; all else becomes `HTTP/1.1`, with a note where it says something else.
fn version_of(said: &str, notes: &mut Vec<String>) -> HttpVersion {
    let said = said.trim();
    if said.eq_ignore_ascii_case("HTTP/1.0") {
        return HttpVersion::Http10;
    }
    if !said.is_empty() && !said.eq_ignore_ascii_case("HTTP/1.1") && !said.eq_ignore_ascii_case("unknown") {
        notes.push(format!("It says {}; it was taken as HTTP/1.1.", crate::shorten(said, 20)));
    }
    HttpVersion::Http11
}

/// RFC 3339 as microseconds since 1970.
fn moment(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond)
}
