//! Requests out of the catalogue's samples: fields set in the body, ids and times made afresh.
//!
//! Invariant: a field is set in the sample's text at its place. Order, spacing and every other byte stay the sample's own:
//! nothing is parsed and written again. Texts become JSON strings whatever is in them; they are not searched for
//! placeholders, only [`EventField::fresh`] is.

mod fresh;

pub use fresh::{Fresh, PLACEHOLDERS, fill};

use crate::draft::Draft;
use crate::json_text::span;
use crate::request::{Header, Headers};
use crate::rule::{EventField, EventSample, FieldKind};
use crate::shorten;
use crate::template::TemplateError;
use bytes::Bytes;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// Why a sample cannot be made a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// A value was given for what is no field of the sample.
    #[error("The sample of {event} has no field {pointer}.")]
    NoField {
        /// The event's type.
        event: String,
        /// What was given.
        pointer: String,
    },
    /// The value is not a number.
    #[error("{label}: “{value}” is not a number; write one as JSON does, such as 8, -1 or 25.5.")]
    NotANumber {
        /// The field's name.
        label: String,
        /// What was given, shortened.
        value: String,
    },
    /// The value is not a time.
    #[error("{label}: “{value}” is not a time; write one as in 2026-11-20T12:00:00Z.")]
    NotATime {
        /// The field's name.
        label: String,
        /// What was given, shortened.
        value: String,
    },
    /// The value is not among the choices.
    #[error("{label}: “{value}” is not one of {choices}.")]
    NotAChoice {
        /// The field's name.
        label: String,
        /// What was given, shortened.
        value: String,
        /// The choices, for a person.
        choices: String,
    },
    /// A fresh value cannot be made.
    #[error("{label}: {source}")]
    Fresh {
        /// The field's name.
        label: String,
        /// Which placeholder, and why.
        #[source]
        source: TemplateError,
    },
}

/// Why a draft's placeholders cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftFillError {
    /// One in the body.
    #[error("In the body: {0}")]
    Body(#[source] TemplateError),
    /// One in a header's value.
    #[error("In the header {name}: {source}")]
    Header {
        /// The header's place among the draft's headers, from 0.
        index: usize,
        /// Its name.
        name: String,
        /// Which placeholder, and why.
        #[source]
        source: TemplateError,
    },
}

/// What a sample became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The body.
    pub body: Bytes,
    /// The content type and the sample's own headers; signing adds the scheme's ([`crate::resign`]).
    pub headers: Headers,
}

/// Makes a request of a sample. `values` holds what is to stand in its fields, by pointer; a field that is not there keeps
/// what the sample has or, with `make_fresh`, gets a fresh value where its rule says how one looks.
///
/// # Errors
/// The first value that cannot stand in its field, as a sentence with the field's name.
pub fn compose(
    sample: &EventSample,
    values: &BTreeMap<String, String>,
    make_fresh: bool,
    fresh: &mut Fresh<'_>,
) -> Result<Composed, ComposeError> {
    if let Some(pointer) = values.keys().find(|p| sample.fields.iter().all(|f| f.pointer != **p)) {
        return Err(ComposeError::NoField { event: sample.event_type.clone(), pointer: pointer.clone() });
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for field in &sample.fields {
        let value = match (values.get(&field.pointer), &field.fresh) {
            (Some(value), _) => field.write(value)?,
            (None, Some(text)) if make_fresh => field.write(&field.filled(text, fresh)?)?,
            _ => continue,
        };
        let missing = || ComposeError::NoField { event: sample.event_type.clone(), pointer: field.pointer.clone() };
        edits.push((span(&sample.body, &field.pointer).ok_or_else(missing)?, value));
    }
    // From the end, so that the places before stay right. Fields hold no other fields, so no two overlap.
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    let mut body = sample.body.clone();
    for (at, value) in edits {
        body.replace_range(at, &value);
    }
    let mut headers = Headers::new();
    if !sample.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        headers.push("Content-Type", "application/json");
    }
    for (name, value) in &sample.headers {
        headers.push(name.clone(), value.clone());
    }
    Ok(Composed { body: body.into(), headers })
}

/// Fills the placeholders in a draft's body and header values. A body or value that is not UTF-8 stays as it is.
///
/// # Errors
/// The first placeholder that cannot be filled, with where it stands.
pub fn fill_draft(draft: &Draft, fresh: &mut Fresh<'_>) -> Result<Draft, DraftFillError> {
    let mut filled = |bytes: &Bytes| match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("{{") => fill(text, fresh).map(Bytes::from),
        _ => Ok(bytes.clone()),
    };
    let header = |(index, header): (usize, &Header)| {
        let name = || crate::request::text(&header.name);
        let value = filled(&header.value).map_err(|source| DraftFillError::Header { index, name: name(), source })?;
        Ok(Header { name: header.name.clone(), value })
    };
    let headers = draft.headers.iter().enumerate().map(header).collect::<Result<Headers, DraftFillError>>()?;
    let body = filled(&draft.body).map_err(DraftFillError::Body)?;
    Ok(Draft { method: draft.method.clone(), url: draft.url.clone(), headers, body })
}

impl EventField {
    /// A value as it stands in the JSON text.
    fn write(&self, value: &str) -> Result<String, ComposeError> {
        let (label, shown) = (self.label.clone(), || shorten(value, 40));
        match self.kind {
            FieldKind::Number => {
                let number = value.trim();
                match serde_json::from_str::<serde_json::Number>(number) {
                    Ok(_) => return Ok(number.to_owned()),
                    Err(_) => return Err(ComposeError::NotANumber { label, value: shown() }),
                }
            }
            FieldKind::Time if value.parse::<jiff::Timestamp>().is_err() => {
                return Err(ComposeError::NotATime { label, value: shown() });
            }
            FieldKind::Choice if !self.choices.iter().any(|choice| choice == value) => {
                let choices = self.choices.join(", ");
                return Err(ComposeError::NotAChoice { label, value: shown(), choices });
            }
            FieldKind::Text | FieldKind::Time | FieldKind::Choice => {}
        }
        Ok(Value::from(value).to_string())
    }

    fn filled(&self, text: &str, fresh: &mut Fresh<'_>) -> Result<String, ComposeError> {
        fill(text, fresh).map_err(|source| ComposeError::Fresh { label: self.label.clone(), source })
    }

    /// What is wrong with the rule of this field, given what the sample has there; `Err` is one clause.
    fn check(&self, body: &Value) -> Result<(), String> {
        let Some(value) = body.pointer(&self.pointer) else {
            return Err("is not in the sample body".to_owned());
        };
        let fits = match self.kind {
            FieldKind::Number => value.is_number(),
            FieldKind::Choice => value.is_string(),
            FieldKind::Text | FieldKind::Time => value.is_string() || value.is_null(),
        };
        if !fits {
            let found = crate::json::type_name(value);
            return Err(format!("has the JSON type {found} in the sample body, which its kind cannot set"));
        }
        if self.label.trim().is_empty() {
            return Err("has no label".to_owned());
        }
        if (self.kind == FieldKind::Choice) == self.choices.is_empty() {
            let fault = if self.choices.is_empty() { "has no choices" } else { "has choices and is of another kind" };
            return Err(fault.to_owned());
        }
        if let Some(own) = value.as_str()
            && let Err(error) = self.write(own)
        {
            return Err(format!("cannot hold what the sample has there: {error}"));
        }
        if let Some(text) = &self.fresh {
            for end in [0, u64::MAX] {
                let mut made = Fresh { now_us: 0, random: &mut || end, named: &BTreeMap::new() };
                let value = self.filled(text, &mut made).and_then(|value| self.write(&value));
                value.map_err(|error| format!("has a wrong fresh value: {error}"))?;
            }
        }
        Ok(())
    }
}

impl EventSample {
    /// What is wrong with its fields: the first one's pointer and a clause to follow it.
    pub(crate) fn check_fields(&self) -> Result<(), (String, String)> {
        let Some(first) = self.fields.first() else { return Ok(()) };
        let body: Value = serde_json::from_str(&self.body).map_err(|error| {
            (first.pointer.clone(), format!("cannot be found: the sample body is not JSON: {error}"))
        })?;
        let mut seen = HashSet::new();
        for field in &self.fields {
            field.check(&body).map_err(|why| (field.pointer.clone(), why))?;
            if !seen.insert(field.pointer.as_str()) {
                return Err((field.pointer.clone(), "is there twice".to_owned()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
