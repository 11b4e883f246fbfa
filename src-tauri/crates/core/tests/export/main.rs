//! Deliveries as files: what each format writes, that its script sends the same bytes, that what is masked is signed anew.

mod anew;
mod fixtures;
mod round_trip;
mod shells;
mod texts;

#[path = "../draft/recorder.rs"]
mod recorder;

use bytes::Bytes;
use countersign_core::catalogue::{Catalogue, Keys};
use countersign_core::export::{Answered, Captured, Told};
use countersign_core::fixture::Source;
use countersign_core::request::{Header, Headers, HttpVersion, Request};
use countersign_core::secret::Secret;
use std::sync::LazyLock;

/// A request of these parts.
pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &[u8])], body: &[u8]) -> Request {
    let header = |(name, value): &(&str, &[u8])| Header {
        name: Bytes::copy_from_slice(name.as_bytes()),
        value: Bytes::copy_from_slice(value),
    };
    Request {
        method: method.to_owned(),
        target: Bytes::copy_from_slice(target.as_bytes()),
        version: HttpVersion::Http11,
        headers: headers.iter().map(header).collect(),
        body: Bytes::copy_from_slice(body),
        cut_from: None,
    }
}

pub(crate) static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::builtin().expect("the builtin catalogue is right"));

/// 2026-11-20T12:00:00Z
pub(crate) const AT_US: i64 = 1_795_176_000_000_000;

/// A request as it would have been captured by whoever has these secrets.
pub(crate) fn captured(number: u32, request: Request, secrets: &[(&str, Secret)]) -> Captured {
    let catalogue = &*CATALOGUE;
    let of: Vec<_> = secrets.iter().map(|(id, secret)| (id.parse().expect("an id"), secret.clone())).collect();
    let keys = Keys::new(catalogue, of.iter().map(|(id, secret)| (id, secret)));
    let body = Catalogue::body(&request);
    let judged = catalogue.judge(&request, AT_US, &keys, None, body.as_ref());
    let provider = judged.provider.as_ref();
    let told = judged.verdicts.iter().map(|(verdict, applies)| Told {
        scheme: verdict.scheme.to_string(),
        provider: verdict.provider.to_string(),
        outcome: verdict.outcome,
        reason: verdict.reason.clone(),
        secret: verdict.secret.clone(),
        skew_s: verdict.clock.as_ref().and_then(|clock| clock.skew_s),
        applies: *applies,
    });
    let told: Vec<Told> = told.collect();
    Captured {
        source: Source { log: "a-log".to_owned(), delivery: number.to_string() },
        received_at: "2026-11-20T12:00:00.000000Z".to_owned(),
        received_at_us: AT_US,
        started_at: "2026-11-20T11:59:59.999000Z".to_owned(),
        peer: "127.0.0.1:50000".to_owned(),
        raw_head: Bytes::new(),
        provider: provider.map(|(id, _)| id.to_string()),
        provider_name: provider.and_then(|(id, _)| catalogue.get(id)).map(|p| p.rule.name.clone()),
        recognised_by: provider.map(|(_, by)| by.as_str().to_owned()),
        event_type: judged.event_type,
        event_id: judged.event_id,
        group: judged.group,
        secret: told.iter().find(|told| told.applies).and_then(|told| told.secret.clone()),
        verdicts: told,
        checks: Vec::new(),
        answer: Some(Answered {
            status: 200,
            headers: Headers::from_iter([Header { name: "Content-Type".into(), value: "text/plain".into() }]),
            body: "ok\n".into(),
            answered_by: "the default".to_owned(),
            took_us: 1500,
        }),
        pinned: false,
        challenge: false,
        attempts: Vec::new(),
        request,
    }
}
