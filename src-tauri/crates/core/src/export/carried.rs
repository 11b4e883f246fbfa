//! What rides along with a request in a format that has no place for it.
//!
//! HAR has it in `_countersign`, `.http` files and curl scripts in a comment `# countersign: {…}` before the request,
//! Postman collections in an item's variable `countersign`. Whoever reads a delivery back takes the request as the format
//! itself writes it, so that what a person edited there counts, and then:
//! 1. `target`, where it is there, takes the place of the target;
//! 2. for each of `exact`, the value of the header at that index takes the place of the one that is written;
//! 3. each of `left_out` is put in, in order, so that it stands at that index;
//! 4. the body is that of `body_file`, beside the file, or of `body_base64`, where one of them is there.

use super::Record;
use crate::decode::strict_base64;
use crate::fixture::{Expectation, Fixture, FixtureError, FixtureValue, Redacted, Source};
use crate::request::{Header, Headers, HttpVersion, Request, text};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The format's name and version.
pub const CARRIED: &str = "countersign-export/1";

/// What rides along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// [`CARRIED`].
    pub format: String,
    /// The capture.
    pub source: Source,
    /// When it arrived: RFC 3339, UTC.
    pub captured_at: String,
    /// Provider id.
    pub provider: Option<String>,
    /// The name of the secret by which it was judged.
    pub secret: Option<String>,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: String,
    /// What is made of it.
    pub expect: Expectation,
    /// The target, where the format cannot write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<FixtureValue>,
    /// Headers whose value is written inexactly: index, name, value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<(usize, String, FixtureValue)>,
    /// Headers that are not written: index, name, value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<(usize, String, FixtureValue)>,
    /// The body's file, beside this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_file: Option<String>,
    /// The body, where it is not written as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// Only the body's beginning is there: how long it was, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_cut_from: Option<u64>,
    /// What was masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<Redacted>,
}

impl Carried {
    /// What rides along with every format.
    pub(super) fn of(record: &Record) -> Carried {
        let captured = &record.captured;
        Carried {
            format: CARRIED.to_owned(),
            source: captured.source.clone(),
            captured_at: captured.received_at.clone(),
            provider: captured.provider.clone(),
            secret: captured.secret.clone(),
            version: captured.request.version.as_str().to_owned(),
            expect: record.expect.clone(),
            target: None,
            exact: Vec::new(),
            left_out: Vec::new(),
            body_file: None,
            body_base64: None,
            body_cut_from: captured.request.cut_from,
            redacted: record.redacted.clone(),
        }
    }

    /// The headers that a format writes; the others are noted as left out.
    pub(super) fn kept<'a>(&mut self, record: &'a Record, keeps: impl Fn(&Header) -> bool) -> Vec<&'a Header> {
        let mut kept = Vec::new();
        for (at, header) in record.captured.request.headers.iter().enumerate() {
            if keeps(header) {
                kept.push(header);
            } else {
                self.left_out.push((at, text(&header.name), Fixture::write_value(&header.value)));
            }
        }
        kept
    }

    /// The request as it was captured, out of the one that a format has written. `file` is what `body_file` names.
    ///
    /// # Errors
    /// Where a base64 is none, or the version is unknown.
    pub fn restore(&self, written: Request, file: Option<Bytes>) -> Result<Request, FixtureError> {
        let field = |field, fault| FixtureError::Field { field, fault };
        let mut headers: Vec<Header> = written.headers.iter().cloned().collect();
        for (at, _, value) in &self.exact {
            if let Some(header) = headers.get_mut(*at) {
                header.value = bytes_of(value).ok_or_else(|| field("exact", "holds base64 that is none"))?;
            }
        }
        for (at, name, value) in &self.left_out {
            let value = bytes_of(value).ok_or_else(|| field("left_out", "holds base64 that is none"))?;
            let name = Bytes::copy_from_slice(name.as_bytes());
            headers.insert((*at).min(headers.len()), Header { name, value });
        }
        let body = match (&self.body_base64, file) {
            (Some(base64), _) => strict_base64(base64).ok_or_else(|| field("body_base64", "is not base64"))?.into(),
            (None, Some(file)) => file,
            (None, None) => written.body,
        };
        let target = match &self.target {
            Some(target) => bytes_of(target).ok_or_else(|| field("target", "holds base64 that is none"))?,
            None => written.target,
        };
        let version = match self.version.as_str() {
            "HTTP/1.1" => HttpVersion::Http11,
            "HTTP/1.0" => HttpVersion::Http10,
            _ => return Err(field("version", "is neither HTTP/1.1 nor HTTP/1.0")),
        };
        let headers: Headers = headers.into_iter().collect();
        Ok(Request { method: written.method, target, version, headers, body, cut_from: self.body_cut_from })
    }
}

fn bytes_of(value: &FixtureValue) -> Option<Bytes> {
    match value {
        FixtureValue::Text(text) => Some(Bytes::copy_from_slice(text.as_bytes())),
        FixtureValue::Bytes { base64 } => strict_base64(base64).map(Bytes::from),
    }
}
