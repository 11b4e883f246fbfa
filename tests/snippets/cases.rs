//! The fixtures as requests, and what a receiver must answer to each.

use countersign_core::catalogue::Provider;
use countersign_core::fixture::Fixture;
use countersign_core::json::parse_body;
use countersign_core::request::{Headers, Request};
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use countersign_tests::root;
use serde_json::Value;
use std::path::PathBuf;

/// The tasks that FirebirdGen's receiver waits for: those of its fixtures.
pub(crate) const EXPECTED_IDS: [&str; 2] = ["task_abc123", "test_123"];

/// Deliveries of the wrong shape that are taken all the same.
const TAKEN: [(&str, &str); 3] = [
    ("firebirdgen/broken-duration-string", "the code of the document looks at taskId and status alone"),
    ("firebirdgen/broken-request-params-array", "the code of the document looks at taskId and status alone"),
    ("firebirdgen/broken-result-url-number", "the code of the document looks at taskId and status alone"),
];

/// Signed bodies that some JSON readers take and some refuse; RFC 8259 leaves both to them.
const UP_TO_THE_READER: [(&str, &str); 2] =
    [("pass-body-bom", "a byte order mark"), ("pass-body-deeply-nested", "thousands of lists in each other")];

/// What a receiver must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// 200.
    Taken,
    /// 200 with this JSON.
    Answered(Value),
    /// Any 4xx: the signature, its headers or its time are wrong.
    Refused,
    /// 400: rightly signed, but no event.
    NoEvent,
    /// 200 or 400, and never a 401 or a crash.
    SignedAtLeast,
    /// 403: not among the expected ids.
    NotExpected,
}

impl Due {
    pub(crate) fn fits(&self, status: u16, body: &[u8]) -> bool {
        match self {
            Due::Taken => status == 200,
            Due::Answered(due) => status == 200 && serde_json::from_slice::<Value>(body).is_ok_and(|got| got == *due),
            Due::Refused => (400..500).contains(&status),
            Due::NoEvent => status == 400,
            Due::SignedAtLeast => status == 200 || status == 400,
            Due::NotExpected => status == 403,
        }
    }
}

/// A fixture to send.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The secret that the receiver has.
    pub(crate) secret: String,
    pub(crate) request: Request,
    pub(crate) due: Due,
    /// What names its event, where it is one.
    pub(crate) event: Option<(String, String)>,
}

/// The fixtures of a provider that fit: those with no secret stored are about Countersign, not about a receiver.
pub(crate) fn of(provider: &Provider) -> Vec<Case> {
    let id = provider.rule.id.as_str();
    let secrets = read("secrets.json");
    let secrets: Value = serde_json::from_str(&secrets).expect("JSON");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("fixtures").join(id))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let fixtures = files.iter().map(|file| {
        let text = std::fs::read_to_string(file).expect("a file");
        Fixture::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    });
    let fitting = fixtures.filter(|fixture| fixture.secret.is_some() || !provider.signs());
    let mut cases: Vec<Case> = fitting
        .map(|fixture| {
            assert_eq!(fixture.captured_at, "2026-11-20T12:00:00Z", "the clock of every receiver");
            let secret = fixture.secret.as_ref().map_or("", |name| {
                secrets["secrets"][id][name].as_str().unwrap_or_else(|| panic!("the secret {name} of {id}"))
            });
            let request = fixture.request().unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
            let due = due(provider, &fixture, &request);
            let event = named(provider, &request);
            Case { name: fixture.name, secret: secret.to_owned(), request, due, event }
        })
        .collect();
    if !provider.signs() {
        let mut request = cases.iter().find(|case| case.due == Due::Taken).expect("a sample").request.clone();
        let body = String::from_utf8(request.body.to_vec()).expect("text").replace("task_abc123", "task_of_another");
        request.body = body.into();
        let (name, due) = ("an id that nobody waits for".to_owned(), Due::NotExpected);
        cases.push(Case { name, secret: String::new(), request, due, event: None });
    }
    let sent = cases.iter().filter(|case| case.due == Due::Taken).count();
    assert!(sent >= 2, "{id} has deliveries that are taken");
    cases
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join("fixtures").join(file)).expect("a file of fixtures")
}

fn named(provider: &Provider, request: &Request) -> Option<(String, String)> {
    let body = parse_body(request);
    let event = provider.event(request, body.as_ref());
    event.event_type.zip(event.id)
}

fn due(provider: &Provider, fixture: &Fixture, request: &Request) -> Due {
    let id = provider.rule.id.as_str();
    let body = parse_body(request);
    if let Some(challenge) = body.as_ref().filter(|_| id == "ihateppt").and_then(challenge) {
        return Due::Answered(serde_json::json!({ "challenge": challenge }));
    }
    let full_name = format!("{id}/{}", fixture.name);
    let sound = if provider.signs() {
        let outcome = fixture.expect.verdicts.get(id).unwrap_or_else(|| panic!("{full_name}: the verdict of {id}"));
        if outcome.as_str() != "pass" {
            return Due::Refused;
        }
        if UP_TO_THE_READER.iter().any(|(name, _)| *name == fixture.name) {
            return Due::SignedAtLeast;
        }
        true
    } else {
        let fits = provider.shape().is_none_or(|shape| shape.check(request).is_ok());
        fits || TAKEN.iter().any(|(name, _)| *name == full_name)
    };
    if sound && named(provider, request).is_some() { Due::Taken } else { Due::NoEvent }
}

fn challenge(body: &Value) -> Option<&str> {
    (body["type"] == "webhook.verification").then_some(())?;
    body["data"]["challenge"].as_str()
}

/// The sample of the provider's first scheme, signed anew with a secret at a time in unix seconds.
pub(crate) fn signed(provider: &Provider, secret: &str, at_s: i64) -> Request {
    let scheme = provider.rule.schemes.first().expect("it signs");
    let secret = Secret { name: "test".to_owned(), value: SecretText::new(secret.to_owned()) };
    let body = scheme.sample.body.clone().into();
    let mut headers: Headers = scheme.sign(&Key::new(scheme.key, &secret), &body, "msg_1", at_s);
    headers.push("Content-Type", "application/json");
    Request {
        method: "POST".to_owned(),
        target: "/".into(),
        version: countersign_core::request::HttpVersion::Http11,
        headers,
        body,
        cut_from: None,
    }
}
