//! From the window's draft to the request that leaves.

use super::{Whole, random_bits};
use crate::Inner;
use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::judging::wire_bytes;
use crate::time;
use crate::wire::{self, DraftBody, DraftHeader, WireBytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use countersign_core::compose::{Fresh, fill, fill_draft};
use countersign_core::draft::Draft;
use countersign_core::request::Headers;
use countersign_store::AttemptId;
use std::collections::BTreeMap;
use url::Url;

/// A body up to this length crosses to the editor as text.
const EDITED: usize = 1024 * 1024;

pub(crate) fn input(what: impl Into<String>) -> EngineError {
    EngineError::Input { what: what.into() }
}

/// The number of an attempt.
pub(super) fn attempt_id(id: &str) -> Result<AttemptId, EngineError> {
    let missing = || input(format!("There is no attempt {}.", countersign_core::shorten(id, 40)));
    id.parse().map(AttemptId::new).map_err(|_| missing())
}

/// Bytes that crossed as text or base64.
fn bytes_of(bytes: &WireBytes) -> Result<Bytes, EngineError> {
    match &bytes.base64 {
        Some(base64) => STANDARD.decode(base64).map(Bytes::from).map_err(|_| input("These bytes are no base64.")),
        None => Ok(Bytes::from(bytes.text.clone())),
    }
}

/// The host and port of a URL as a `Host` header says them.
pub(crate) fn authority(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.host_str()?;
    Some(url[url::Position::BeforeHost..url::Position::AfterPort].to_owned())
}

/// Headers for the editor.
pub(super) fn wire_headers(headers: &Headers) -> Vec<DraftHeader> {
    let follows = |name: &[u8]| name.eq_ignore_ascii_case(b"host") || name.eq_ignore_ascii_case(b"content-length");
    headers
        .iter()
        .map(|field| DraftHeader {
            name: wire_bytes(&field.name),
            value: wire_bytes(&field.value),
            on: true,
            follows: follows(&field.name),
        })
        .collect()
}

/// A body for the editor: text where it is short text, else by where it is.
pub(super) fn wire_body(body: &Bytes, elsewhere: impl FnOnce(u64) -> DraftBody) -> DraftBody {
    match std::str::from_utf8(body) {
        Ok(text) if body.len() <= EDITED => DraftBody::Text { text: text.to_owned() },
        _ => elsewhere(body.len() as u64),
    }
}

impl Inner {
    /// The body of a draft. Reads the log: blocks.
    pub(super) fn body_of(&self, body: &DraftBody) -> Result<Bytes, EngineError> {
        match body {
            DraftBody::Text { text } => Ok(Bytes::from(text.clone())),
            DraftBody::Base64 { base64 } => {
                STANDARD.decode(base64).map(Bytes::from).map_err(|_| input("The body is no base64."))
            }
            DraftBody::OfDelivery { id, .. } => {
                let number = parse_id(id)?;
                self.store.body(number)?.ok_or_else(|| EngineError::NoSuchDelivery { id: id.clone() })
            }
            DraftBody::OfAttempt { id, .. } => {
                let found = self.store.attempt(attempt_id(id)?)?;
                Ok(found
                    .ok_or_else(|| input(format!("There is no attempt {id}; it may have been deleted.")))?
                    .request_body)
            }
        }
    }

    /// The user's named values. Reads the log: blocks.
    pub(super) fn named(&self) -> Result<BTreeMap<String, String>, EngineError> {
        Ok(self.named_list()?.into_iter().map(|value| (value.name, value.value)).collect())
    }

    /// A draft with its placeholders filled and its body at hand. Reads the log: blocks.
    pub(super) fn whole(&self, draft: &wire::Draft) -> Result<Whole, EngineError> {
        let named = self.named()?;
        let mut random = random_bits()?;
        let mut fresh = Fresh { now_us: time::now_us(), random: &mut random, named: &named };
        let url =
            fill(draft.url.trim(), &mut fresh).map_err(|error| input(format!("In the URL: {}", error.message)))?;
        let body = self.body_of(&draft.body)?;
        let mut headers = Headers::new();
        let mut length_as_given = false;
        for field in draft.headers.iter().filter(|field| field.on) {
            let (name, value) = (bytes_of(&field.name)?, bytes_of(&field.value)?);
            let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
            length_as_given |= !field.follows && is(b"content-length");
            match authority(&url) {
                Some(authority) if field.follows && is(b"host") => headers.push(name, authority),
                _ if field.follows && is(b"content-length") => headers.push(name, body.len().to_string()),
                _ => headers.push(name, value),
            }
        }
        let whole = Draft { method: draft.method.trim().to_owned(), url, headers, body };
        let whole = match draft.fill {
            true => fill_draft(&whole, &mut fresh).map_err(|error| input(error.to_string()))?,
            false => whole,
        };
        let body_of = match &draft.body {
            DraftBody::OfDelivery { id, .. } => Some(id.clone()),
            _ => None,
        };
        Ok(Whole { draft: whole, length_as_given, body_of })
    }
}
