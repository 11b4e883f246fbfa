//! HAR 1.2, as browsers and proxies write it. Its bodies are text; entries of Countersign carry the exact delivery beside it.

use super::carried::Carried;
use super::text::{LineOf, json_fault};
use super::{Fault, Imported, Item, item, moment, note_length, place, version_of};
use crate::decode::strict_base64;
use crate::request::{Headers, Request};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    log: Log<'a>,
}

#[derive(Deserialize)]
struct Log<'a> {
    /// Each is read for itself, so that a broken one does not take the others with it.
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    started_date_time: Option<String>,
    #[serde(default)]
    request: Option<HarRequest>,
    #[serde(default, rename = "_countersign")]
    carried: Option<Carried>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HarRequest {
    method: String,
    url: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: Option<String>,
    /// Not of HAR 1.2, but written by some as for responses.
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    params: Vec<Param>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Param {
    name: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    file_name: Option<String>,
}

pub(super) fn read(text: &str) -> Vec<Item> {
    let file: File<'_> = match serde_json::from_str(text) {
        Ok(file) => file,
        Err(error) => return vec![Err(json_fault(0, 1, &error, "This is not a HAR file"))],
    };
    let mut lines = LineOf::new(text);
    let entries = file.log.entries.into_iter().enumerate().map(|(index, raw)| {
        let (number, line) = (index + 1, lines.part(raw));
        let entry: Entry = serde_json::from_str(raw.get())
            .map_err(|error| json_fault(number, line, &error, "This entry cannot be read"))?;
        one(entry, number, line)
    });
    super::bounded(entries)
}

fn one(entry: Entry, number: usize, line: usize) -> Item {
    let fault = |reason: String| Fault { item: number, line: Some(line), reason };
    let Some(har) = entry.request else { return Err(fault("This entry has no request.".to_owned())) };
    let mut notes = Vec::new();
    let Some((host, target)) = place(&har.url) else {
        let url = crate::shorten(&har.url, 80);
        return Err(fault(format!("“{url}” is not an http or https URL.")));
    };
    let version = version_of(&har.http_version, &mut notes);
    let mut headers = Headers::new();
    let is_pseudo = |pair: &&Pair| pair.name.starts_with(':');
    if har.headers.iter().any(|pair| is_pseudo(&pair)) {
        notes.push("Its pseudo-headers of HTTP/2, which begin with “:”, became the request line.".to_owned());
        if !har.headers.iter().any(|pair| pair.name.eq_ignore_ascii_case("host")) {
            headers.push("Host", host);
        }
    }
    for pair in har.headers.iter().filter(|pair| !is_pseudo(pair)) {
        headers.push(pair.name.clone(), pair.value.trim_matches([' ', '\t']).to_owned());
    }
    let body = match har.post_data {
        Some(data) => body(data, &mut notes).map_err(fault)?,
        None => Bytes::new(),
    };
    let request = Request { method: har.method, target: Bytes::from(target), version, headers, body, cut_from: None };
    if let Some(carried) = entry.carried {
        return super::carried::item(
            &carried,
            request,
            &mut super::bodies::Bodies::new(None),
            (number, line, None),
            notes,
        );
    }
    note_length(&request, &mut notes);
    item(Imported {
        item: number,
        line: Some(line),
        title: super::title_of(&request),
        request,
        raw_head: None,
        received_at_us: entry.started_date_time.as_deref().and_then(moment),
        notes,
    })
}

fn body(data: PostData, notes: &mut Vec<String>) -> Result<Bytes, String> {
    let text = data.text.unwrap_or_default();
    if data.encoding.as_deref().is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64")) {
        return strict_base64(&text)
            .map(Bytes::from)
            .ok_or_else(|| "Its body says that it is base64, but it is not.".to_owned());
    }
    if !text.is_empty() || data.params.is_empty() {
        if text.contains('\u{fffd}') {
            notes.push("Its body holds U+FFFD: bytes that were not UTF-8 may have been lost in this file.".to_owned());
        }
        return Ok(Bytes::from(text));
    }
    if !data.mime_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(
            "Its body is given as parts of a form, not as the bytes that were sent. It cannot be taken.".to_owned()
        );
    }
    if data.params.iter().any(|param| param.file_name.is_some()) {
        return Err("Its body names a file, which is not in this one. It cannot be taken.".to_owned());
    }
    notes.push(
        "Its body was put together from the parameters of its form, so it may not be what was sent, byte for byte."
            .to_owned(),
    );
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for param in &data.params {
        form.append_pair(&param.name, param.value.as_deref().unwrap_or_default());
    }
    Ok(Bytes::from(form.finish()))
}
