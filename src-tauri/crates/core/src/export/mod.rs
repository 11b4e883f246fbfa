//! Deliveries as files for other programs, and for Countersign itself.
//!
//! Invariants: a format is written delivery by delivery ([`Exporter::begin`], [`Exporter::item`] for each,
//! [`Exporter::end`]), so that no more than one is held at a time; the same deliveries give the same bytes every time; what
//! is a stranger's stays inside the quotes of the form it is written in; what a format cannot carry is said in
//! [`Exporter::notes`]. Fixtures, HAR, `.http` files, curl scripts, Postman collections and NDJSON can be read back to the
//! same bytes: see [`carried`]. Deliberately absent: files and folders, which belong to the engine.

mod ascii;
pub mod carried;
mod curl;
mod fixture;
mod har;
mod http_file;
mod lines;
pub mod names;
mod postman;
mod prepare;
mod raw;
mod table;

pub use lines::FORMAT as NDJSON;
pub use prepare::{Prepared, Preparing, prepare};

use crate::fixture::{Expectation, Redacted, Source};
use crate::redact::{Masked, SecretSearch};
use crate::request::{Headers, Request};
use crate::verdict::Outcome;
use bytes::Bytes;
use names::{Naming, stem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where curl scripts, `.http` files and Postman collections send to where nothing else is said: the listener's usual
/// address.
pub const BASE_URL: &str = "http://127.0.0.1:4400";

/// What deliveries are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Countersign fixtures, one JSON file a delivery.
    Fixtures,
    /// HAR 1.2.
    Har,
    /// A POSIX shell script.
    Curl,
    /// An `.http` file.
    Http,
    /// A Postman collection 2.1.
    Postman,
    /// Requests as they stand on the wire, one file a delivery.
    Raw,
    /// The list as CSV.
    Csv,
    /// Everything, one JSON object a line.
    Ndjson,
}

impl Format {
    /// Every format, as a menu shows them.
    pub const ALL: [Format; 8] = [
        Format::Fixtures,
        Format::Har,
        Format::Curl,
        Format::Http,
        Format::Postman,
        Format::Raw,
        Format::Csv,
        Format::Ndjson,
    ];

    /// Its name on the command line and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Fixtures => "fixtures",
            Format::Har => "har",
            Format::Curl => "curl",
            Format::Http => "http",
            Format::Postman => "postman",
            Format::Raw => "raw",
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }

    /// Its name for a person.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Format::Fixtures => "Countersign fixtures",
            Format::Har => "HAR 1.2",
            Format::Curl => "curl script",
            Format::Http => ".http file",
            Format::Postman => "Postman collection 2.1",
            Format::Raw => "Raw requests",
            Format::Csv => "CSV of the list",
            Format::Ndjson => "NDJSON of everything",
        }
    }

    /// What it is good for.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Format::Fixtures => {
                "One JSON file a delivery with its exact bytes and the verdict that is expected: for tests."
            }
            Format::Har => "For browsers' tools, proxies and everything that reads HTTP archives.",
            Format::Curl => "A script for sh that sends the same bytes again.",
            Format::Http => "For the REST Client of VS Code and the HTTP Client of the JetBrains IDEs.",
            Format::Postman => "For Postman, Insomnia, Bruno and Hoppscotch.",
            Format::Raw => "Each request as it stands on the wire, for nc and for reading.",
            Format::Csv => "The list as a table, without headers and bodies.",
            Format::Ndjson => "One JSON object a line with all that is known, for scripts and for another log.",
        }
    }

    /// What the names of its files end with.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Format::Fixtures => ".json",
            Format::Har => ".har",
            Format::Curl => ".sh",
            Format::Http => ".http",
            Format::Postman => ".postman_collection.json",
            Format::Raw => ".raw",
            Format::Csv => ".csv",
            Format::Ndjson => ".ndjson",
        }
    }

    /// Whether all deliveries are in one file.
    #[must_use]
    pub fn one_file(self) -> bool {
        !matches!(self, Format::Fixtures | Format::Raw)
    }

    /// What it cannot carry, whatever is exported.
    #[must_use]
    pub fn notes(self) -> &'static [&'static str] {
        match self {
            Format::Fixtures => &["What the listener answered and what was sent to endpoints is not in a fixture."],
            Format::Har => &[
                "HAR has no place for providers, verdicts and bytes that are no text. They are in fields named \
                 “_countersign”, which other programs pass over.",
                "What was sent to endpoints is not in it.",
            ],
            Format::Curl => &[
                "Host, Content-Length and what belongs to a connection are curl's own; the rest is sent as it was captured.",
                "What is known of a delivery stands in comments. Answers and what was sent to endpoints are not in it.",
            ],
            Format::Http => &[
                "Host, Content-Length and what belongs to a connection are the client's own, and it may add headers.",
                "What is known of a delivery stands in comments. Answers and what was sent to endpoints are not in it.",
            ],
            Format::Postman => &[
                "Host, Content-Length and what belongs to a connection are Postman's own, and it may add headers.",
                "What is known of a delivery stands in a variable “countersign” of its item. Answers and what was sent to \
                 endpoints are not in it.",
            ],
            Format::Raw => &["Only the requests: no times, providers, verdicts or answers."],
            Format::Csv => &["Only what the list shows: no headers and no bodies."],
            Format::Ndjson => &["What was sent to endpoints is listed without its bytes."],
        }
    }
}

/// One verdict as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Scheme id.
    pub scheme: String,
    /// Provider id.
    pub provider: String,
    /// The outcome.
    pub outcome: Outcome,
    /// One sentence.
    pub reason: String,
    /// The name of the secret that matched or was tried.
    pub secret: Option<String>,
    /// Received minus signed time, in seconds.
    pub skew_s: Option<i64>,
    /// Whether it belongs on the row.
    pub applies: bool,
}

/// A check that is not a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `shape`, `expected_id` or `duplicate`.
    pub check: String,
    /// Whether it held.
    pub holds: bool,
    /// One sentence.
    pub reason: String,
}

/// What the listener answered, or an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status; 0 where no answer was sent.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// What decided it, in words.
    pub answered_by: String,
    /// How long it took, in microseconds.
    pub took_us: i64,
}

/// Something that was sent to an endpoint, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Its number.
    pub id: String,
    /// Why it was made.
    pub kind: String,
    /// The endpoint, as it was called then.
    pub name: String,
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// How far it is.
    pub state: String,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
    /// The status that came back.
    pub status: Option<u16>,
    /// Why nothing came back.
    pub error: Option<String>,
    /// How long it took, in microseconds.
    pub total_us: Option<i64>,
}

/// A delivery with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Its log and its number.
    pub source: Source,
    /// When the body had been read: RFC 3339, UTC.
    pub received_at: String,
    /// The same in microseconds since 1970.
    pub received_at_us: i64,
    /// When the request began: RFC 3339, UTC.
    pub started_at: String,
    /// Who sent it, `ip:port`.
    pub peer: String,
    /// The request.
    pub request: Request,
    /// Request line and headers as on the wire; empty where that is not known.
    pub raw_head: Bytes,
    /// Provider id.
    pub provider: Option<String>,
    /// The provider's name.
    pub provider_name: Option<String>,
    /// How it was recognised.
    pub recognised_by: Option<String>,
    /// The event's type.
    pub event_type: Option<String>,
    /// The event's id.
    pub event_id: Option<String>,
    /// What it shares with retries and duplicates.
    pub group: Option<String>,
    /// The name of the secret that matched or was tried.
    pub secret: Option<String>,
    /// One verdict a scheme.
    pub verdicts: Vec<Told>,
    /// The checks of a provider that does not sign.
    pub checks: Vec<Check>,
    /// What came back.
    pub answer: Option<Answered>,
    /// The user pinned it.
    pub pinned: bool,
    /// It was a handshake, and its challenge was answered.
    pub challenge: bool,
    /// What was sent of it.
    pub attempts: Vec<Sent>,
}

/// A delivery as it goes out: masked, signed anew where that was needed, with what is expected of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The delivery.
    pub captured: Captured,
    /// What is expected of it by whoever has its secret alone.
    pub expect: Expectation,
    /// What was masked.
    pub redacted: Option<Redacted>,
    /// The head is as it was captured, so that `raw_head` holds.
    pub head_kept: bool,
}

impl Record {
    /// Its name without an ending.
    #[must_use]
    pub fn stem(&self) -> String {
        let captured = &self.captured;
        stem(&Naming {
            id: &captured.source.delivery,
            method: &captured.request.method,
            path: &crate::request::text(captured.request.path()),
            event_type: captured.event_type.as_deref(),
            event_id: captured.event_id.as_deref(),
        })
    }
}

/// A delivery as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What goes into the file: the delivery's own, or the one that all are in.
    pub bytes: Vec<u8>,
    /// A file beside it: its name and its bytes.
    pub beside: Option<(String, Bytes)>,
}

/// Writes deliveries in a format, one after another.
#[derive(Debug)]
pub struct Exporter<'a> {
    format: Format,
    base_url: String,
    /// The folder for bodies that stand in files of their own; none where there can be no such files.
    bodies: Option<String>,
    secrets: &'a SecretSearch,
    items: usize,
    /// How often something had to be said: of one delivery, and of several.
    said: BTreeMap<(&'static str, &'static str), usize>,
}

impl<'a> Exporter<'a> {
    /// Begins an export. `base_url` is where requests are sent to, `bodies` the folder for bodies that stand in files of
    /// their own; without one they are written as base64 where the format cannot hold them. `secrets` are hidden in that
    /// address and in the names of items; a [`Record`] holds none any more.
    #[must_use]
    pub fn new(format: Format, base_url: Option<&str>, bodies: Option<String>, secrets: &'a SecretSearch) -> Self {
        let base_url = base_url.unwrap_or(BASE_URL).trim_end_matches('/');
        let base_url = secrets.hide_text(base_url).unwrap_or_else(|| base_url.to_owned());
        Exporter { format, base_url, bodies, secrets, items: 0, said: BTreeMap::new() }
    }

    /// What stands before the first delivery.
    #[must_use]
    pub fn begin(&self) -> Vec<u8> {
        match self.format {
            Format::Fixtures | Format::Raw | Format::Ndjson => Vec::new(),
            Format::Har => har::begin(),
            Format::Curl => curl::begin(&self.base_url),
            Format::Http => http_file::begin(&self.base_url),
            Format::Postman => postman::begin(),
            Format::Csv => table::begin(),
        }
    }

    /// A delivery; `name` is that of its file, or of its entry, without an ending.
    pub fn item(&mut self, record: &Record, name: &str) -> Item {
        let hidden = self.secrets.hide_text(name);
        let name = hidden.as_deref().unwrap_or(name);
        let item = match self.format {
            Format::Fixtures => fixture::item(record, name),
            Format::Har => har::item(record, self.items),
            Format::Curl => curl::item(record, name),
            Format::Http => http_file::item(self, record, name),
            Format::Postman => postman::item(self, record, name),
            Format::Raw => raw::item(record),
            Format::Csv => table::item(self, record),
            Format::Ndjson => lines::item(record),
        };
        self.items += 1;
        if record.captured.request.cut_from.is_some() {
            self.say(
                "was over the limit when it was captured: only the beginning of its body is there.",
                "were over the limit when they were captured: only the beginning of their bodies is there.",
            );
        }
        item
    }

    /// What stands behind the last delivery.
    #[must_use]
    pub fn end(&self) -> Vec<u8> {
        match self.format {
            Format::Har => har::end(),
            Format::Postman => postman::end(&self.base_url),
            _ => Vec::new(),
        }
    }

    /// What the format cannot carry, and what had to be written otherwise, one sentence or two each.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let fixed = self.format.notes().iter().map(|note| (*note).to_owned());
        let counted = self.said.iter().map(|((one, several), count)| match count {
            1 => format!("One delivery {one}"),
            count => format!("{count} deliveries {several}"),
        });
        fixed.chain(counted).collect()
    }

    /// Notes something about the delivery that is being written: what follows “One delivery …” and “3 deliveries …”.
    fn say(&mut self, one: &'static str, several: &'static str) {
        *self.said.entry((one, several)).or_default() += 1;
    }

    /// The name of a file for a body. It says what is in it: under the same name is the same body, whatever was exported
    /// before.
    fn body_file(&self, name: &str, body: &[u8]) -> Option<String> {
        Some(names::body(self.bodies.as_ref()?, name, body))
    }
}

/// Whether a header belongs to the connection or the message's length, so that whoever sends it makes it anew.
fn is_senders_own(name: &[u8]) -> bool {
    const OWN: [&str; 9] = [
        "host",
        "content-length",
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "expect",
    ];
    OWN.iter().any(|own| name.eq_ignore_ascii_case(own.as_bytes()))
}

/// What was masked, as a file says it; none where nothing was.
fn redacted(masked: &Masked, signed_with: Option<String>) -> Option<Redacted> {
    (!masked.is_nothing()).then(|| Redacted { masked: masked.places.clone(), signed_with })
}
