//! Everything, one JSON object a line: nothing is lost but the bytes of what was sent to endpoints.
//!
//! `request` is written as in a fixture; `raw_head` is there where the head on the wire was not what request line and headers
//! give. `expect` and `secret` are what a fixture would say.

use super::raw::head;
use super::{Check, Item, Record, Sent, Told};
use crate::fixture::{Expectation, Fixture, FixtureRequest, FixtureValue, Redacted, Source};
use crate::request::text;
use serde::Serialize;

/// The format's name and version.
pub const FORMAT: &str = "countersign-delivery/1";

#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    source: &'a Source,
    received_at: &'a str,
    started_at: &'a str,
    peer: &'a str,
    request: FixtureRequest,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_head: Option<FixtureValue>,
    provider: &'a Option<String>,
    recognised_by: &'a Option<String>,
    event_type: &'a Option<String>,
    event_id: &'a Option<String>,
    group: &'a Option<String>,
    secret: &'a Option<String>,
    verdicts: &'a [Told],
    checks: &'a [Check],
    expect: &'a Expectation,
    response: Option<Response<'a>>,
    attempts: &'a [Sent],
    pinned: bool,
    challenge: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: &'a Option<Redacted>,
}

#[derive(Serialize)]
struct Response<'a> {
    status: u16,
    headers: Vec<(String, FixtureValue)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    answered_by: &'a str,
    took_us: i64,
}

pub(super) fn item(record: &Record) -> Item {
    let captured = &record.captured;
    let raw = &captured.raw_head;
    let differs = record.head_kept && !raw.is_empty() && raw[..] != head(&captured.request)[..];
    let response = captured.answer.as_ref().map(|answer| {
        let (body, body_base64) = Fixture::write_body(&answer.body);
        let headers = answer.headers.iter().map(|h| (text(&h.name), Fixture::write_value(&h.value))).collect();
        let (status, answered_by, took_us) = (answer.status, answer.answered_by.as_str(), answer.took_us);
        Response { status, headers, body, body_base64, answered_by, took_us }
    });
    let line = Line {
        format: FORMAT,
        source: &captured.source,
        received_at: &captured.received_at,
        started_at: &captured.started_at,
        peer: &captured.peer,
        request: Fixture::write_request(&captured.request),
        raw_head: differs.then(|| Fixture::write_value(raw)),
        provider: &captured.provider,
        recognised_by: &captured.recognised_by,
        event_type: &captured.event_type,
        event_id: &captured.event_id,
        group: &captured.group,
        secret: &captured.secret,
        verdicts: &captured.verdicts,
        checks: &captured.checks,
        expect: &record.expect,
        response,
        attempts: &captured.attempts,
        pinned: captured.pinned,
        challenge: captured.challenge,
        redacted: &record.redacted,
    };
    Item { bytes: format!("{}\n", super::ascii::line(&line)).into_bytes(), beside: None }
}
