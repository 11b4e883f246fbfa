//! What is masked is signed anew where it was right, and left alone where it was wrong.

use crate::{AT_US, captured, request};
use countersign_core::catalogue::{Catalogue, Keys};
use countersign_core::export::{Preparing, Record, prepare};
use countersign_core::redact::{Choices, Kind, Known, SecretSearch, published_secret};
use countersign_core::request::Request;
use countersign_core::secret::{Secret, SecretText};
use countersign_core::verdict::Outcome;

fn prepared(request: Request, secret: &Secret, choices: &Choices) -> Record {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let secrets = SecretSearch::new([secret]);
    let captured = captured(7, request, &[("pollo", secret.clone())]);
    let known = Known::default();
    prepare(captured, &Preparing { catalogue: &catalogue, choices, known: &known, secrets: &secrets }).record
}

/// A delivery of Pollo.ai, signed with a secret of the user's own for a time near [`AT_US`].
fn signed(body: &str, secret: &Secret) -> Request {
    use countersign_core::draft::Draft;
    use countersign_core::resign::{IdChoice, Inputs, Signing, TimestampChoice, apply};
    use countersign_core::signing::Key;
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let provider = catalogue.get(&"pollo".parse().expect("an id")).expect("Pollo.ai");
    let scheme = provider.rule.schemes.first().expect("a scheme");
    let plain = request("POST", "/pollo", &[("Content-Length", body.len().to_string().as_bytes())], body.as_bytes());
    let draft = Draft {
        method: "POST".to_owned(),
        url: "http://localhost/pollo".to_owned(),
        headers: plain.headers.clone(),
        body: plain.body.clone(),
    };
    let key = Key::new(scheme.key, secret);
    let now_s = AT_US / 1_000_000 - 2;
    let inputs = Inputs { now_s, key: Some(&key), other_key: &[], new_id: "msg_1" };
    let signing = Signing::Sign { timestamp: TimestampChoice::Fresh, id: IdChoice::New };
    let done = apply(Some(scheme), &draft, &signing, &inputs).expect("it can be signed");
    Request { headers: done.draft.headers, ..plain }
}

fn mail() -> Choices {
    Choices { kinds: [Kind::Emails].into(), ..Choices::default() }
}

const BODY: &str = r#"{"taskId":"t1","status":"succeed","mail":"ann@pollo.ai"}"#;

#[test]
fn a_masked_body_is_signed_anew_with_the_published_secret() {
    let own = Secret { name: "mine".to_owned(), value: SecretText::new("b3VyIG93biBzZWNyZXQgaGVyZQ==".to_owned()) };
    let before = signed(BODY, &own);
    let record = prepared(before.clone(), &own, &mail());
    let after = &record.captured.request;
    assert_eq!(after.body, BODY.replace("ann@pollo.ai", "redacted@example.com"));
    assert_eq!(record.captured.secret.as_deref(), Some("test"));
    let redacted = record.redacted.expect("it is masked");
    assert_eq!(redacted.masked, ["/mail in the body"]);
    assert_eq!(redacted.signed_with.as_deref(), Some("test"));
    for name in ["x-webhook-id", "x-webhook-timestamp"] {
        assert_eq!(after.headers.first(name), before.headers.first(name), "{name} stays");
    }
    assert_ne!(after.headers.first("x-webhook-signature"), before.headers.first("x-webhook-signature"));
    assert_eq!(after.headers.first("content-length").expect("a length"), &after.body.len().to_string());
    assert_eq!(record.expect.verdicts["pollo"], Outcome::Pass);
    // As whoever has the published secret alone judges it.
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let id = "pollo".parse().expect("an id");
    let test = published_secret(catalogue.get(&id).expect("Pollo.ai")).expect("it signs");
    let keys = Keys::new(&catalogue, [(&id, &test)]);
    let judged = catalogue.judge(after, AT_US, &keys, None, Catalogue::body(after).as_ref());
    assert!(record.expect.differences(&catalogue, &judged, after).is_empty());
    assert!(judged.verdicts.iter().any(|(v, applies)| *applies && v.outcome == Outcome::Pass));
}

#[test]
fn what_did_not_hold_is_left_alone_and_what_is_kept_exactly_stays() {
    let own = Secret { name: "mine".to_owned(), value: SecretText::new("b3VyIG93biBzZWNyZXQgaGVyZQ==".to_owned()) };
    let other = Secret { name: "mine".to_owned(), value: SecretText::new("YW5vdGhlciBzZWNyZXQgaGVyZQ==".to_owned()) };
    let before = signed(BODY, &other);
    let record = prepared(before.clone(), &own, &mail());
    assert_eq!(
        record.captured.request.headers.first("x-webhook-signature"),
        before.headers.first("x-webhook-signature")
    );
    assert_eq!(record.redacted.expect("it is masked").signed_with, None);
    assert_eq!(record.expect.verdicts["pollo"], Outcome::Fail);

    let right = signed(BODY, &own);
    let exact = prepared(right.clone(), &own, &Choices { keep_exact: true, ..mail() });
    assert_eq!((&exact.captured.request, &exact.redacted), (&right, &None));
    assert_eq!((exact.captured.secret.as_deref(), exact.expect.verdicts["pollo"]), (Some("mine"), Outcome::Pass));

    // A stored secret in the body is masked even so, and then it is signed anew.
    let leaking = signed(&BODY.replace("ann@pollo.ai", own.value.reveal()), &own);
    let record = prepared(leaking, &own, &Choices { keep_exact: true, ..Choices::default() });
    let body = countersign_core::request::text(&record.captured.request.body);
    assert!(!body.contains(own.value.reveal()) && serde_json::from_str::<serde_json::Value>(&body).is_ok(), "{body}");
    assert_eq!(record.redacted.expect("it is masked").signed_with.as_deref(), Some("test"));
}

/// A pin of the log says whose a delivery is, but the names of its event are of its body.
#[test]
fn a_masked_id_is_in_no_name_of_a_delivery_on_a_pinned_path() {
    let own = Secret { name: "mine".to_owned(), value: SecretText::new("b3VyIG93biBzZWNyZXQgaGVyZQ==".to_owned()) };
    let body = BODY.replace("t1", "ann.privat@pollo.ai");
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let (secrets, known) = (SecretSearch::new([&own]), Known::default());
    let mut captured = captured(7, signed(&body, &own), &[("pollo", own.clone())]);
    assert!(captured.event_id.as_deref().is_some_and(|id| id.contains("ann.privat")), "{:?}", captured.event_id);
    captured.recognised_by = Some("pin".to_owned());
    let with = Preparing { catalogue: &catalogue, choices: &mail(), known: &known, secrets: &secrets };
    let record = prepare(captured, &with).record;
    let names = format!("{} {:?} {:?}", record.stem(), record.captured.event_id, record.captured.group);
    assert!(!names.contains("ann") && names.contains("task.succeed"), "{names}");
    assert_eq!(record.expect.event_id, None, "the pin is this log's own");
}
