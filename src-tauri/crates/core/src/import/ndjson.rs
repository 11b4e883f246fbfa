//! Countersign's log as NDJSON: one delivery a line, nothing lost (see `export/lines.rs`, which writes it).

use super::text::json_fault;
use super::{Fault, Imported, Item, item, moment};
use crate::decode::strict_base64;
use crate::export::NDJSON as FORMAT;
use crate::fixture::{FixtureValue, Redacted};
use crate::request::{Header, Headers, HttpVersion, Request};
use bytes::Bytes;
use serde::Deserialize;

/// A delivery of the log. What else stands in its line follows from this and from the secrets.
#[derive(Debug, Deserialize)]
struct Record {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    received_at: Option<String>,
    #[serde(default)]
    raw_head: Option<FixtureValue>,
    request: Option<RecordRequest>,
    #[serde(default)]
    redacted: Option<Redacted>,
}

/// Its request: as in a fixture, but that every text may be bytes.
#[derive(Debug, Deserialize)]
struct RecordRequest {
    method: String,
    target: FixtureValue,
    version: String,
    headers: Vec<(FixtureValue, FixtureValue)>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    body_base64: Option<String>,
    #[serde(default, alias = "cut_from")]
    body_cut_from: Option<u64>,
}

fn bytes(value: &FixtureValue) -> Result<Bytes, String> {
    match value {
        FixtureValue::Text(text) => Ok(Bytes::copy_from_slice(text.as_bytes())),
        FixtureValue::Bytes { base64 } => {
            strict_base64(base64).map(Bytes::from).ok_or_else(|| "It holds base64 that is none.".to_owned())
        }
    }
}

impl RecordRequest {
    fn request(&self) -> Result<Request, String> {
        let headers = self.headers.iter().map(|(name, value)| Ok(Header { name: bytes(name)?, value: bytes(value)? }));
        let body = match (&self.body, &self.body_base64) {
            (Some(_), Some(_)) => return Err("The fields body and body_base64 cannot both be there.".to_owned()),
            (Some(text), None) => Bytes::copy_from_slice(text.as_bytes()),
            (None, Some(base64)) => strict_base64(base64)
                .map(Bytes::from)
                .ok_or_else(|| "The field body_base64 is not base64.".to_owned())?,
            (None, None) => Bytes::new(),
        };
        let version = match self.version.as_str() {
            "HTTP/1.1" => HttpVersion::Http11,
            "HTTP/1.0" => HttpVersion::Http10,
            _ => return Err("The field version is neither HTTP/1.1 nor HTTP/1.0.".to_owned()),
        };
        if self.body_cut_from.is_some_and(|whole| whole < body.len() as u64) {
            return Err("The field body_cut_from is smaller than the body.".to_owned());
        }
        Ok(Request {
            method: self.method.clone(),
            target: bytes(&self.target)?,
            version,
            headers: headers.collect::<Result<Headers, String>>()?,
            body,
            cut_from: self.body_cut_from,
        })
    }
}

impl Record {
    /// Its item, at a place in its file; nothing where it has no request.
    fn item(&self, number: usize, line: usize) -> Option<Item> {
        let request = self.request.as_ref()?;
        Some(self.imported(request, number, line).map_err(|reason| Fault { item: number, line: Some(line), reason }))
            .map(|imported| imported.and_then(item))
    }

    fn imported(&self, request: &RecordRequest, number: usize, line: usize) -> Result<Imported, String> {
        let request = request.request()?;
        let received_at_us = match &self.received_at {
            Some(text) => Some(moment(text).ok_or("The field received_at is no time in the form of RFC 3339.")?),
            None => None,
        };
        let raw_head = self.raw_head.as_ref().map(bytes).transpose()?;
        // A head that says something else than the request is not the request's.
        let raw_head = raw_head.filter(|head| Headers::of_head(head) == request.headers);
        let title = super::title_of(&request);
        let notes = super::carried::notes(request.cut_from, self.redacted.as_ref());
        Ok(Imported { item: number, line: Some(line), title, request, raw_head, received_at_us, notes })
    }
}

/// Reads lines, one after the other, in parts of a file that is not held whole.
#[derive(Debug, Default)]
pub struct Lines {
    line: usize,
    item: usize,
    faults: usize,
}

impl Lines {
    /// The next line, without its end; nothing for a blank one.
    #[must_use]
    pub fn next(&mut self, line: &[u8]) -> Option<Item> {
        self.line += 1;
        let line = if self.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if line.trim_ascii().is_empty() {
            return None;
        }
        self.item += 1;
        let item = self.read(line);
        self.faults += usize::from(item.is_err());
        Some(item)
    }

    /// The next line is over a limit and was passed over.
    #[must_use]
    pub fn too_long(&mut self) -> Fault {
        self.line += 1;
        self.item += 1;
        self.faults += 1;
        let reason =
            "This line is over 100 MB long, which is more than is read at once. It was passed over.".to_owned();
        Fault { item: self.item, line: Some(self.line), reason }
    }

    /// So many of its lines are wrong that the rest need not be looked at.
    #[must_use]
    pub fn given_up(&self) -> Option<Fault> {
        (self.faults >= super::FAULTS).then(|| Fault {
            item: 0,
            line: Some(self.line),
            reason: format!("{} lines of this file cannot be read; the rest was not looked at.", super::FAULTS),
        })
    }

    fn read(&self, line: &[u8]) -> Item {
        let fault = |reason: String| Fault { item: self.item, line: Some(self.line), reason };
        let text = std::str::from_utf8(line).map_err(|_| fault("This line is not UTF-8.".to_owned()))?;
        let record: Record = serde_json::from_str(text)
            .map_err(|error| json_fault(self.item, self.line, &error, "This line is not a delivery"))?;
        match record.format.as_deref() {
            Some(FORMAT) => {}
            Some(other) => {
                let other = crate::shorten(other, 60);
                return Err(fault(format!("This line is of the format “{other}”, not “{FORMAT}”.")));
            }
            None => return Err(fault(format!("This line does not say that it is of the format “{FORMAT}”."))),
        }
        record.item(self.item, self.line).unwrap_or_else(|| Err(fault("This line has no request.".to_owned())))
    }
}

pub(super) fn read(text: &str) -> Vec<Item> {
    // A single delivery may be laid out over several lines.
    if let Ok(record) = serde_json::from_str::<Record>(text)
        && record.format.as_deref() == Some(FORMAT)
        && let Some(item) = record.item(1, 1)
    {
        return vec![item];
    }
    let mut lines = Lines::default();
    super::bounded(text.split('\n').filter_map(|line| lines.next(line.as_bytes())))
}
