//! Deliveries to put into a log.

use std::path::PathBuf;

use bytes::Bytes;
use countersign_core::filter::Filter;
use countersign_core::ids::ProviderId;
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_core::verdict::Outcome;
use countersign_store::{Judgement, NewDelivery, Store, StoredResponse, StoredVerdict};

/// 2026-11-20T12:00:00Z
pub(crate) const NOON: i64 = 1_795_176_000_000_000;

pub(crate) struct Log {
    pub(crate) store: Store,
    pub(crate) path: PathBuf,
    _folder: tempfile::TempDir,
}

pub(crate) fn log() -> Log {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let opened = Store::open(&path).unwrap();
    assert_eq!(opened.set_aside, None);
    Log { store: opened.store, path, _folder: folder }
}

pub(crate) fn provider(id: &str) -> ProviderId {
    id.parse().unwrap()
}

pub(crate) fn filter(text: &str) -> Filter {
    Filter::parse(text, NOON, 0).unwrap()
}

pub(crate) fn verdict(id: &str, outcome: Outcome, applies: bool) -> StoredVerdict {
    StoredVerdict {
        scheme: id.parse().unwrap(),
        provider: provider(id),
        outcome,
        reason: format!("{id} is {}.", outcome.as_str()),
        secret: matches!(outcome, Outcome::Pass | Outcome::Fail).then(|| "main".to_owned()),
        skew_s: (outcome == Outcome::Stale).then_some(-540),
        applies,
        run_secret: outcome == Outcome::Fail,
    }
}

pub(crate) fn delivery(target: &str, body: &str) -> NewDelivery {
    let head = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nX-Odd:  \u{e9} \r\nx-odd: 2\r\n\r\n");
    let mut headers = Headers::new();
    for (name, value) in [("Host", "localhost"), ("X-Odd", "\u{e9}"), ("x-odd", "2")] {
        headers.push(name, value);
    }
    let mut answer = Headers::new();
    answer.push("content-type", "text/plain");
    NewDelivery {
        received_at_us: NOON,
        started_at_us: NOON - 5,
        request: Request {
            method: "POST".to_owned(),
            target: Bytes::from(target.to_owned()),
            version: HttpVersion::Http11,
            headers,
            body: Bytes::from(body.to_owned()),
            cut_from: None,
        },
        raw_head: Bytes::from(head),
        peer: "127.0.0.1:5".to_owned(),
        judgement: Judgement::default(),
        response: StoredResponse {
            status: 200,
            headers: answer,
            body: Bytes::from_static(b"ok"),
            answered_by: "the default".to_owned(),
            took_us: 7,
        },
        expect: None,
        challenge: false,
        attempts: Vec::new(),
        origin: None,
    }
}
