//! What a file holds, by its content and, where that says nothing, by its ending.

use super::{Fault, Format, text};
use crate::draft::paste;
use crate::export::NDJSON;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The keys by which JSON files are told apart. Their values are not looked into before it is clear what they are.
#[derive(Deserialize)]
struct Top<'a> {
    #[serde(borrow)]
    format: Option<&'a RawValue>,
    #[serde(borrow)]
    log: Option<&'a RawValue>,
    #[serde(borrow)]
    info: Option<&'a RawValue>,
    #[serde(borrow)]
    item: Option<&'a RawValue>,
}

/// Finds out what a file holds.
pub(super) fn format(name: &str, bytes: &Bytes) -> Result<Format, Fault> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let fault = |reason: &str| Fault { item: 0, line: None, reason: reason.to_owned() };
    // The head of a raw request is ASCII whatever its body is.
    if super::raw::begins(bytes) && !matches!(ending.as_str(), "http" | "rest") {
        return Ok(Format::Raw);
    }
    let text = text::of(bytes)?;
    let begin = text.trim_start();
    if begin.is_empty() {
        return Err(fault("The file is empty."));
    }
    match ending.as_str() {
        "har" => return Ok(Format::Har),
        "ndjson" | "jsonl" => return Ok(Format::Ndjson),
        "http" | "rest" => return Ok(Format::Http),
        "curl" => return Ok(Format::Curl),
        _ => {}
    }
    if begin.starts_with(['{', '[']) {
        return json(text);
    }
    if paste::has_command(text) || paste::script::is_one(text) {
        return Ok(Format::Curl);
    }
    if super::http_file::begins(text) {
        return Ok(Format::Http);
    }
    Err(fault(
        "This is none of the formats that are read: Countersign fixtures, HAR, .http, curl, Postman collections, NDJSON, \
         JSON payloads, raw requests.",
    ))
}

/// Which JSON it is.
fn json(text: &str) -> Result<Format, Fault> {
    // Of NDJSON the first line is a whole object, and others follow.
    let first = text.trim_start().lines().next().unwrap_or_default();
    let error = serde_json::from_str::<&RawValue>(text).err();
    let one = if error.is_some() { first } else { text };
    let format = match serde_json::from_str::<Top<'_>>(one) {
        Ok(top) => kind_of(&top),
        Err(_) => Format::Payload,
    };
    match error {
        None => Ok(format),
        Some(_) if format == Format::Ndjson => Ok(format),
        Some(error) => Err(text::json_fault(0, 1, &error, "This begins like JSON, but it is not")),
    }
}

fn kind_of(top: &Top<'_>) -> Format {
    let format = top.format.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok()).unwrap_or_default();
    let is_object = |raw: Option<&RawValue>| raw.is_some_and(|raw| raw.get().starts_with('{'));
    if format.starts_with("countersign-fixture/") {
        Format::Fixture
    } else if format.starts_with(NDJSON.trim_end_matches(char::is_numeric)) {
        Format::Ndjson
    } else if is_object(top.log) {
        Format::Har
    } else if is_object(top.info) && top.item.is_some_and(|raw| raw.get().starts_with('[')) {
        Format::Postman
    } else {
        Format::Payload
    }
}
