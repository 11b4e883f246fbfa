//! A delivery as a file: exact bytes, expected verdicts, no secret.

use crate::catalogue::{Catalogue, Judgement};
use crate::decode::{strict_base64, to_base64};
use crate::request::{Header, Headers, HttpVersion, Request};
use crate::verdict::Outcome;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format's name and version, in every file.
pub const FORMAT: &str = "countersign-fixture/1";

/// Why a file is not a fixture.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// Not JSON, or not of this shape.
    #[error("this is not a fixture: {0}")]
    Shape(#[from] serde_json::Error),
    /// Of another format or a later version.
    #[error("this is of the format “{found}”, not “{FORMAT}”")]
    Format {
        /// What it says.
        found: String,
    },
    /// Both kinds of body, or a base64 that is none.
    #[error("the field {field} {fault}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong.
        fault: &'static str,
    },
}

/// A fixture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixture {
    /// [`FORMAT`].
    pub format: String,
    /// The file's name without `.json`.
    pub name: String,
    /// What it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Provider id.
    pub provider: Option<String>,
    /// RFC 3339: the clock for the verdicts.
    pub captured_at: String,
    /// The name of the secret; never its value.
    pub secret: Option<String>,
    /// The request.
    pub request: FixtureRequest,
    /// What is expected of it.
    #[serde(default)]
    pub expect: Expectation,
    /// The capture it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What was masked in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<Redacted>,
}

/// The capture that a fixture came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The random text that tells its log from any other.
    pub log: String,
    /// Its number there.
    pub delivery: String,
}

/// What was masked in a delivery before it was handed on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    /// The places, in words.
    pub masked: Vec<String>,
    /// The name of the published test secret that it was signed anew with; none where its signature was left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_with: Option<String>,
}

/// Text, or bytes that are not UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FixtureValue {
    /// Text.
    Text(String),
    /// Bytes.
    Bytes {
        /// As base64.
        base64: String,
    },
}

/// The request of a fixture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixtureRequest {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: String,
    /// In order, duplicates kept.
    pub headers: Vec<(String, FixtureValue)>,
    /// The body, where it is UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body as base64, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// Only the body's beginning is there: how long it was, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_cut_from: Option<u64>,
}

/// What is expected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// The provider it is recognised as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised: Option<String>,
    /// The event's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// The event's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Outcome by scheme; schemes that are not named are not compared.
    #[serde(default)]
    pub verdicts: BTreeMap<String, Outcome>,
    /// Checks by name; those that are not named are not compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub checks: BTreeMap<String, bool>,
}

/// Where a judgement is not as a fixture expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What the fixture says.
    pub expected: String,
    /// What came.
    pub got: String,
}

impl Expectation {
    /// Whether anything is expected at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Expectation::default()
    }

    /// Whether the outcome of a scheme is compared: not where it is one of another provider than the one that is expected,
    /// and says of one side that there is no secret. That is a matter of who judges and not of the file.
    #[must_use]
    pub fn compares(&self, scheme: &str, judged: &Judgement) -> bool {
        let Some(expected) = self.verdicts.get(scheme) else { return false };
        let Some((got, _)) = judged.verdicts.iter().find(|(v, _)| v.scheme.as_str() == scheme) else { return true };
        let foreign = self.recognised.as_deref().is_some_and(|id| id != got.provider.as_str());
        !(foreign && expected.as_str() != got.outcome.as_str() && [*expected, got.outcome].contains(&Outcome::NoSecret))
    }

    /// What is not as expected, by name: `recognised`, `event_type`, `event_id`, a scheme or a check. What the fixture
    /// does not name is not compared, nor what [`compares`](Self::compares) leaves out. Of the checks only `shape` can be made without a log; others are passed over.
    #[must_use]
    pub fn differences(
        &self,
        catalogue: &Catalogue,
        judged: &Judgement,
        request: &Request,
    ) -> BTreeMap<String, Difference> {
        let mut found = BTreeMap::new();
        let mut compare = |name: &str, expected: &str, got: Option<&str>| {
            if got != Some(expected) {
                let got = got.unwrap_or("none").to_owned();
                found.insert(name.to_owned(), Difference { expected: expected.to_owned(), got });
            }
        };
        let provider = judged.provider.as_ref().map(|(id, _)| id);
        if let Some(expected) = &self.recognised {
            compare("recognised", expected, provider.map(|id| id.as_str()));
        }
        if let Some(expected) = &self.event_type {
            compare("event_type", expected, judged.event_type.as_deref());
        }
        if let Some(expected) = &self.event_id {
            compare("event_id", expected, judged.event_id.as_deref());
        }
        for (scheme, expected) in &self.verdicts {
            if self.compares(scheme, judged) {
                let got = judged.verdicts.iter().find(|(v, _)| v.scheme.as_str() == scheme);
                compare(scheme, expected.as_str(), got.map(|(v, _)| v.outcome.as_str()));
            }
        }
        let word = |holds: bool| if holds { "holds" } else { "does not hold" };
        if let Some(expected) = self.checks.get("shape") {
            let shape = provider.and_then(|id| catalogue.get(id)).and_then(|p| p.shape());
            let got = shape.map(|shape| word(shape.check(request).is_ok()));
            compare("shape", word(*expected), got);
        }
        found
    }
}

impl Fixture {
    /// Reads a file's text.
    ///
    /// # Errors
    /// Where it is not a fixture.
    pub fn parse(json: &str) -> Result<Fixture, FixtureError> {
        let fixture: Fixture = serde_json::from_str(json)?;
        if fixture.format != FORMAT {
            return Err(FixtureError::Format { found: fixture.format });
        }
        Ok(fixture)
    }

    /// The request as it arrived.
    ///
    /// # Errors
    /// Where a base64 is none, the body stands there twice, or the version is unknown.
    pub fn request(&self) -> Result<Request, FixtureError> {
        let request = &self.request;
        let field = |field, fault| FixtureError::Field { field, fault };
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    FixtureValue::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
                    FixtureValue::Bytes { base64 } => {
                        strict_base64(base64).ok_or_else(|| field("headers", "holds base64 that is none"))?.into()
                    }
                };
                Ok(Header { name: Bytes::copy_from_slice(name.as_bytes()), value })
            })
            .collect::<Result<Headers, FixtureError>>()?;
        let body = match (&request.body, &request.body_base64) {
            (Some(_), Some(_)) => return Err(field("body", "and body_base64 cannot both be there")),
            (Some(text), None) => Bytes::copy_from_slice(text.as_bytes()),
            (None, Some(base64)) => strict_base64(base64).ok_or_else(|| field("body_base64", "is not base64"))?.into(),
            (None, None) => Bytes::new(),
        };
        let version = match request.version.as_str() {
            "HTTP/1.1" => HttpVersion::Http11,
            "HTTP/1.0" => HttpVersion::Http10,
            _ => return Err(field("version", "is neither HTTP/1.1 nor HTTP/1.0")),
        };
        Ok(Request {
            method: request.method.clone(),
            target: Bytes::copy_from_slice(request.target.as_bytes()),
            version,
            headers,
            body,
            cut_from: request.body_cut_from,
        })
    }

    /// A value as the file writes it: text where it is UTF-8, else base64.
    #[must_use]
    pub fn write_value(value: &[u8]) -> FixtureValue {
        match std::str::from_utf8(value) {
            Ok(text) => FixtureValue::Text(text.to_owned()),
            Err(_) => FixtureValue::Bytes { base64: to_base64(value) },
        }
    }

    /// A request as the file writes it. Bytes of a target that are not UTF-8 are percent-encoded.
    #[must_use]
    pub fn write_request(request: &Request) -> FixtureRequest {
        let (body, body_base64) = Fixture::write_body(&request.body);
        let headers = request.headers.iter();
        FixtureRequest {
            method: request.method.clone(),
            target: target_text(&request.target),
            version: request.version.as_str().to_owned(),
            headers: headers.map(|h| (crate::request::text(&h.name), Fixture::write_value(&h.value))).collect(),
            body,
            body_base64,
            body_cut_from: request.cut_from,
        }
    }

    /// A body as the file writes it: text where it is UTF-8, else base64.
    #[must_use]
    pub fn write_body(body: &[u8]) -> (Option<String>, Option<String>) {
        match std::str::from_utf8(body) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (None, Some(to_base64(body))),
        }
    }
}

/// A target as text. None that the listener takes is other than UTF-8.
fn target_text(target: &[u8]) -> String {
    match std::str::from_utf8(target) {
        Ok(text) => text.to_owned(),
        Err(_) => percent_encoding::percent_encode(target, percent_encoding::CONTROLS).to_string(),
    }
}
