//! The endpoint check through the engine's commands, against an endpoint that is a real socket.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use countersign_core::catalogue::Catalogue;
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use countersign_core::verdict::Outcome;
use countersign_engine::wire::{CheckPhase, EngineEvent};
use countersign_engine::{Engine, OpenOptions, Subscription, dispatch};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;

const KNOWN: &str = "the secret that the endpoint knows";
const OTHER: &str = "the secret that it will know";

/// What the endpoint does beside verifying.
#[derive(Clone)]
struct Manner {
    status: u16,
    /// It answers nothing to what is valid until it is told.
    hangs: Option<Arc<Notify>>,
}

/// Verifies with the product's own judgement; whether that is right is shown elsewhere.
async fn handle(State(manner): State<Manner>, fields: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    if event["type"] == "webhook.verification" {
        return (StatusCode::OK, json!({ "challenge": event["data"]["challenge"] }).to_string());
    }
    let catalogue = Catalogue::builtin().expect("the catalogue is right");
    let provider = catalogue.get(&"ihateppt".parse().expect("an id")).expect("it is there");
    let scheme = &provider.rule.schemes[0];
    let mut headers = Headers::new();
    for (name, value) in &fields {
        headers.push(name.as_str().to_owned(), value.as_bytes().to_vec());
    }
    let request = Request {
        method: "POST".to_owned(),
        target: Bytes::from_static(b"/"),
        version: HttpVersion::Http11,
        headers,
        body,
        cut_from: None,
    };
    let secret = Secret { name: "known".to_owned(), value: SecretText::new(KNOWN.to_owned()) };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let now_us = i64::try_from(now.as_micros()).expect("before 292277");
    let verdict = scheme.judge(&provider.rule, &request, now_us, &[Key::new(scheme.key, &secret)]);
    if verdict.outcome != Outcome::Pass {
        return (StatusCode::UNAUTHORIZED, String::new());
    }
    if let Some(hangs) = manner.hangs {
        hangs.notified().await;
    }
    if !event.is_object() {
        return (StatusCode::BAD_REQUEST, String::new());
    }
    (StatusCode::from_u16(manner.status).expect("a status"), String::new())
}

/// Its URL.
async fn endpoint(manner: Manner) -> String {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}/hook", socket.local_addr().expect("it is bound"));
    let app = Router::new().route("/hook", post(handle)).with_state(manner);
    tokio::spawn(async move { axum::serve(socket, app).await.expect("it serves") });
    url
}

async fn engine(db: &Path) -> Engine {
    let provider = || "ihateppt".parse().expect("an id");
    let run_secrets = vec![
        (provider(), "old".to_owned(), SecretText::new(KNOWN.to_owned())),
        (provider(), "new".to_owned(), SecretText::new(OTHER.to_owned())),
    ];
    let options = OpenOptions { db: db.to_owned(), run_secrets, no_keychain: true, ..OpenOptions::default() };
    Engine::open(options).await.expect("the log opens")
}

async fn ask(engine: &Engine, command: &str, args: Value) -> Value {
    dispatch(engine, command, args).await.unwrap_or_else(|error| panic!("{command}: {}", error.message))
}

async fn until(events: &mut Subscription, run: &str, wanted: CheckPhase) {
    let come = async {
        while let Some(batch) = events.next().await {
            let is = |event: &EngineEvent| matches!(event, EngineEvent::Check(state) if state.run == run && state.phase == wanted);
            if batch.events.iter().any(is) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), come).await.unwrap_or_else(|_| panic!("{wanted:?} comes"));
}

fn request(url: &str, secrets: &[&str], yes: bool) -> Value {
    json!({ "request": { "provider": "ihateppt", "endpoint": url, "secrets": secrets, "yes": yes } })
}

fn found(report: &Value, level: &str) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings");
    let fits = findings.iter().filter(|finding| finding["level"] == level);
    fits.map(|finding| finding["probe"]["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_valid_waits_for_a_word_and_the_report_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let one = engine(&db).await;
    let url = endpoint(Manner { status: 201, hangs: None }).await;
    let plan = ask(&one, "check_plan", request(&url, &[], false)).await;
    assert_eq!((&plan["problem"], &plan["secrets"]), (&Value::Null, &json!(["old", "new"])));

    let mut events = one.subscribe();
    let run = ask(&one, "check_start", request(&url, &["old", "new"], false)).await;
    let id = run.as_str().expect("an id");
    until(&mut events, id, CheckPhase::Waiting).await;
    let report = ask(&one, "check", json!({ "run": id })).await;
    assert_eq!((&report["phase"], found(&report, "fault").len()), (&json!("waiting"), 0));
    assert!(found(&report, "not_asked").contains(&"valid".to_owned()), "nothing valid was sent yet");
    ask(&one, "check_go_on", json!({ "run": id, "yes": true })).await;
    let again = dispatch(&one, "check_go_on", json!({ "run": id, "yes": true })).await;
    assert!(again.is_err(), "it does not wait any more");
    until(&mut events, id, CheckPhase::Finished).await;
    let report = ask(&one, "check", json!({ "run": id })).await;
    assert_eq!(found(&report, "fault"), ["success_status"]);
    assert_eq!(found(&report, "note"), ["valid_secret_2"], "the endpoint knows one of two secrets");
    let attempts = report["findings"][0]["attempts"].as_array().expect("attempts");
    let attempt = ask(&one, "attempt_detail", json!({ "id": attempts[0] })).await;
    assert_eq!((&attempt["info"]["kind"], &attempt["info"]["status"]), (&json!("check"), &json!(401)));
    one.close(Duration::ZERO).await;

    let two = engine(&db).await;
    assert_eq!(ask(&two, "check", json!({ "run": id })).await, report, "the report is in the log");
    let kept = std::fs::read(&db).expect("the log is a file");
    assert!(!kept.windows(KNOWN.len()).any(|part| part == KNOWN.as_bytes()), "no secret is in the log");
    let mended = endpoint(Manner { status: 200, hangs: None }).await;
    let mut events = two.subscribe();
    let later = ask(&two, "check_start", request(&mended, &["old", "new"], true)).await;
    until(&mut events, later.as_str().expect("an id"), CheckPhase::Finished).await;
    let compared = ask(&two, "check_compare", json!({ "before": id, "after": later })).await;
    let changes = compared["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1, "{compared}");
    assert_eq!((&changes[0]["probe"], &changes[0]["words"]), (&json!("success_status"), &json!("mended")));
    assert_eq!(compared["notes"], json!(["They went to different endpoints."]));
    two.close(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_ended_keeps_what_it_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let one = engine(&db).await;
    let hangs = Arc::new(Notify::new());
    let url = endpoint(Manner { status: 200, hangs: Some(Arc::clone(&hangs)) }).await;
    let mut events = one.subscribe();

    let declined = ask(&one, "check_start", request(&url, &["old"], false)).await;
    ask(&one, "check_go_on", json!({ "run": declined, "yes": false })).await;
    until(&mut events, declined.as_str().expect("an id"), CheckPhase::Finished).await;
    let report = ask(&one, "check", json!({ "run": declined })).await;
    assert!(report["notes"].to_string().contains("nobody confirmed that"), "{report}");

    let cancelled = ask(&one, "check_start", request(&url, &["old"], true)).await;
    until(&mut events, cancelled.as_str().expect("an id"), CheckPhase::Working).await;
    ask(&one, "run_cancel", json!({ "id": cancelled })).await;
    until(&mut events, cancelled.as_str().expect("an id"), CheckPhase::Cancelled).await;
    let report = ask(&one, "check", json!({ "run": cancelled })).await;
    assert!(found(&report, "hold").contains(&"signature_cut_short".to_owned()), "{report}");
    assert!(found(&report, "not_asked").contains(&"valid".to_owned()), "its socket was closed: {report}");

    let waiting = ask(&one, "check_start", request(&url, &["old"], false)).await;
    until(&mut events, waiting.as_str().expect("an id"), CheckPhase::Waiting).await;
    one.close(Duration::ZERO).await;
    let two = engine(&db).await;
    let report = ask(&two, "check", json!({ "run": waiting })).await;
    assert_eq!(report["phase"], "interrupted");
    assert!(found(&report, "hold").contains(&"signature_cut_short".to_owned()), "{report}");
    two.close(Duration::ZERO).await;
}
