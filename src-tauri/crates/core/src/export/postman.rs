//! A Postman collection 2.1 (<https://schema.getpostman.com/json/collection/v2.1.0/collection.json>).
//!
//! Every request goes to `{{baseUrl}}` with its own path. A body that is no text is in a file of its own. What is known of a
//! delivery stands in its item's variable `countersign`, see [`super::carried`]: `left_out` has the headers that Postman
//! makes itself or whose bytes are no text, `body_base64` a body that stands neither in the collection nor beside it. Postman fills `{{…}}` in a
//! body; such a body is in a file too.

use super::carried::Carried;
use super::{Exporter, Item, Record, is_senders_own};
use crate::decode::to_base64;
use crate::fixture::Fixture;
use crate::request::{Header, text};
use bytes::Bytes;
use percent_encoding::{CONTROLS, percent_encode};
use serde_json::{Value, json};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

pub(super) fn begin() -> Vec<u8> {
    let info = json!({
        "name": "Deliveries captured by Countersign",
        "description": "Every request goes to the variable baseUrl, with its own path.",
        "schema": SCHEMA,
    });
    format!("{{\"info\":{info},\"item\":[").into_bytes()
}

pub(super) fn end(base_url: &str) -> Vec<u8> {
    let variables = json!([{ "key": "baseUrl", "value": base_url, "type": "string" }]);
    format!("\n],\"variable\":{variables}}}\n").into_bytes()
}

pub(super) fn item(exporter: &mut Exporter<'_>, record: &Record, name: &str) -> Item {
    let request = &record.captured.request;
    let mut carried = Carried::of(record);
    let is_text = |header: &Header| std::str::from_utf8(&header.value).is_ok_and(|value| !value.contains("{{"));
    let headers = carried.kept(record, |header| !is_senders_own(&header.name) && is_text(header));
    if request.headers.iter().any(|header| !is_senders_own(&header.name) && !is_text(header)) {
        exporter.say(
            "has a header that Postman cannot send as it is. It is in its variable “countersign” alone.",
            "have headers that Postman cannot send as they are. They are in their variables “countersign” alone.",
        );
    }
    let encoded = percent_encode(&request.target, CONTROLS).to_string().replace("{{", "%7B%7B");
    if encoded.as_bytes() != &request.target[..] || !encoded.starts_with('/') {
        carried.target = Some(Fixture::write_value(&request.target));
    }
    let slash = if encoded.starts_with('/') { "" } else { "/" };
    let header = headers.iter().map(|h| json!({ "key": text(&h.name), "value": text(&h.value) }));
    let mut out = json!({
        "method": request.method,
        "header": header.collect::<Vec<_>>(),
        "url": format!("{{{{baseUrl}}}}{slash}{encoded}"),
    });
    let (body, beside) = body(exporter, record, name, &mut carried);
    if let Some(body) = body {
        out["body"] = body;
    }
    let own = ["user-agent", "accept", "accept-encoding", "cache-control", "postman-token", "content-type"];
    let off = own.iter().filter(|own| !request.headers.has(own)).map(|own| ((*own).to_owned(), json!(true)));
    let item = json!({
        "name": name,
        "request": out,
        "response": [],
        "variable": [{ "key": "countersign", "value": super::ascii::line(&carried), "type": "string" }],
        "protocolProfileBehavior": {
            "followRedirects": false,
            "disableCookies": true,
            "disabledSystemHeaders": off.collect::<serde_json::Map<_, _>>(),
        },
    });
    let comma = if exporter.items == 0 { "\n" } else { ",\n" };
    Item { bytes: format!("{comma}{}", super::ascii::line(&item)).into_bytes(), beside }
}

/// The body, and the file beside the collection.
fn body(
    exporter: &mut Exporter<'_>,
    record: &Record,
    name: &str,
    carried: &mut Carried,
) -> (Option<Value>, Option<(String, Bytes)>) {
    let request = &record.captured.request;
    if request.body.is_empty() {
        return (None, None);
    }
    if let Some(body) = std::str::from_utf8(&request.body).ok().filter(|body| !body.contains("{{")) {
        let media = request.media_type().unwrap_or_default();
        let language = if media.ends_with("json") { "json" } else { "text" };
        return (Some(json!({ "mode": "raw", "raw": body, "options": { "raw": { "language": language } } })), None);
    }
    match exporter.body_file(name, &record.captured.request.body) {
        Some(file) => {
            exporter.say(
                "has a body that Postman cannot hold as text. It is in a file beside the collection: put it into Postman's \
                 working directory.",
                "have bodies that Postman cannot hold as text. They are in files beside the collection: put them into \
                 Postman's working directory.",
            );
            carried.body_file = Some(file.clone());
            (Some(json!({ "mode": "file", "file": { "src": file } })), Some((file, request.body.clone())))
        }
        None => {
            exporter.say(
                "has a body that Postman cannot hold as text. It is in its variable “countersign” alone, as base64.",
                "have bodies that Postman cannot hold as text. They are in their variables “countersign” alone, as base64.",
            );
            carried.body_base64 = Some(to_base64(&request.body));
            (None, None)
        }
    }
}
