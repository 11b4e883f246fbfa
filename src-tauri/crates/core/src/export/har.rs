//! HAR 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>).
//!
//! An entry's `_countersign` is what HAR has no place for, see [`super::carried`]: `exact` has the values of headers that are
//! not UTF-8 (the entry itself has them with U+FFFD), `target` the target where the URL had to be percent-encoded,
//! `body_base64` a body that is not UTF-8. The URL begins with `https` where `X-Forwarded-Proto` says so.

use super::carried::Carried;
use super::{Answered, Item, Record};
use crate::decode::to_base64;
use crate::draft::leaving::Parts;
use crate::fixture::Fixture;
use crate::request::{Headers, Request, text};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

/// What a URL cannot hold as it is (RFC 3986).
const NOT_IN_A_URL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'#');

pub(super) fn begin() -> Vec<u8> {
    let creator = json!({ "name": "Countersign", "version": env!("CARGO_PKG_VERSION") });
    format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[").into_bytes()
}

pub(super) fn end() -> Vec<u8> {
    b"\n]}}\n".to_vec()
}

#[derive(Serialize)]
struct Entry {
    #[serde(rename = "startedDateTime")]
    started: String,
    time: f64,
    request: Value,
    response: Value,
    cache: Value,
    timings: Value,
    #[serde(rename = "_countersign")]
    carried: Carried,
}

pub(super) fn item(record: &Record, before: usize) -> Item {
    let captured = &record.captured;
    let mut carried = Carried::of(record);
    let request = request(record, &mut carried);
    let wait = captured.answer.as_ref().map_or(0.0, |answer| answer.took_us as f64 / 1000.0);
    let entry = Entry {
        started: captured.started_at.clone(),
        time: wait,
        request,
        response: response(captured.answer.as_ref(), &captured.request),
        cache: json!({}),
        timings: json!({ "send": 0, "wait": wait, "receive": 0 }),
        carried,
    };
    let comma = if before == 0 { "\n" } else { ",\n" };
    Item { bytes: format!("{comma}{}", super::ascii::line(&entry)).into_bytes(), beside: None }
}

fn request(record: &Record, carried: &mut Carried) -> Value {
    let request = &record.captured.request;
    for (at, header) in request.headers.iter().enumerate() {
        if std::str::from_utf8(&header.value).is_err() {
            carried.exact.push((at, text(&header.name), Fixture::write_value(&header.value)));
        }
    }
    let encoded = percent_encode(&request.target, NOT_IN_A_URL).to_string();
    if encoded.as_bytes() != &request.target[..] || !encoded.starts_with('/') {
        carried.target = Some(Fixture::write_value(&request.target));
    }
    let head_len = if record.head_kept { record.captured.raw_head.len() as i64 } else { -1 };
    let mut out = json!({
        "method": request.method,
        "url": url(request, &encoded),
        "httpVersion": request.version.as_str(),
        "cookies": cookies(&request.headers),
        "headers": headers(&request.headers),
        "queryString": query(request),
        "headersSize": if head_len == 0 { -1 } else { head_len },
        "bodySize": request.body.len(),
    });
    if !request.body.is_empty() {
        let media = request.headers.first("content-type").map(|value| text(value)).unwrap_or_default();
        out["postData"] = match std::str::from_utf8(&request.body) {
            Ok(body) => json!({ "mimeType": media, "text": body }),
            Err(_) => {
                carried.body_base64 = Some(to_base64(&request.body));
                let comment = "The body is no text: its bytes are the entry's _countersign.body_base64.";
                json!({ "mimeType": media, "text": "", "comment": comment })
            }
        };
    }
    out
}

/// The URL that was asked for, as the `Host` names it.
fn url(request: &Request, target: &str) -> String {
    if target.contains("://") && !target.starts_with('/') {
        return target.to_owned();
    }
    let host = request.headers.first("host").map(|host| text(host)).unwrap_or_default();
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    let names_a_host = host.chars().all(is_host) && Parts::read(&format!("http://{host}/")).is_some();
    let host = if !names_a_host { "localhost".to_owned() } else { host };
    let secure = request.headers.first("x-forwarded-proto").is_some_and(|value| value.eq_ignore_ascii_case(b"https"));
    let slash = if target.starts_with('/') { "" } else { "/" };
    format!("{}://{host}{slash}{target}", if secure { "https" } else { "http" })
}

fn headers(headers: &Headers) -> Vec<Value> {
    headers.iter().map(|h| json!({ "name": text(&h.name), "value": text(&h.value) })).collect()
}

fn cookies(headers: &Headers) -> Vec<Value> {
    let values: Vec<String> = headers.all("cookie").map(|value| text(value)).collect();
    let pairs = values.iter().flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn query(request: &Request) -> Vec<Value> {
    let decoded = |bytes: &[u8]| text(&percent_decode(bytes).collect::<Vec<u8>>());
    let pairs =
        request.query().into_iter().flat_map(|query| query.split(|b| *b == b'&')).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            json!({ "name": decoded(&pair[..at]), "value": decoded(pair.get(at + 1..).unwrap_or_default()) })
        })
        .collect()
}

fn response(answer: Option<&Answered>, request: &Request) -> Value {
    let empty = (Headers::new(), bytes::Bytes::new());
    let (headers_of, body) = answer.map_or((&empty.0, &empty.1), |answer| (&answer.headers, &answer.body));
    let status = answer.map_or(0, |answer| answer.status);
    let media = headers_of.first("content-type").map(|value| text(value)).unwrap_or_default();
    let mut content = json!({ "size": body.len(), "mimeType": media });
    match std::str::from_utf8(body) {
        Ok("") => {}
        Ok(body) => content["text"] = json!(body),
        Err(_) => {
            content["text"] = json!(to_base64(body));
            content["encoding"] = json!("base64");
        }
    }
    json!({
        "status": status,
        "statusText": reason(status),
        "httpVersion": request.version.as_str(),
        "cookies": [],
        "headers": headers(headers_of),
        "content": content,
        "redirectURL": headers_of.first("location").map(|value| text(value)).unwrap_or_default(),
        "headersSize": -1,
        "bodySize": body.len(),
    })
}

/// The usual words of a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
