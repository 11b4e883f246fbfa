//! The retry lab through the engine's commands: policies are edited and kept, runs are held, skipped, compared, exported.

use countersign_engine::wire::{EngineEvent, LabPhase, LabState};
use countersign_engine::{Engine, OpenOptions, Subscription, dispatch};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

async fn open(db: &Path) -> Engine {
    let options = OpenOptions { db: db.to_owned(), no_keychain: true, ..OpenOptions::default() };
    Engine::open(options).await.expect("the log opens")
}

async fn ask(engine: &Engine, command: &str, args: Value) -> Value {
    let answer = dispatch(engine, command, args.clone()).await;
    answer.unwrap_or_else(|error| panic!("{command} {args}: {}", error.message))
}

async fn refused(engine: &Engine, command: &str, args: Value) -> String {
    dispatch(engine, command, args).await.expect_err("it is refused").message
}

async fn policy(engine: &Engine, provider: &str) -> Value {
    let all = ask(engine, "lab_policies", json!({})).await;
    let found = all.as_array().expect("a list").iter().find(|policy| policy["provider"] == provider);
    found.expect("the provider is there").clone()
}

fn row<'a>(policy: &'a Value, field: &str) -> (&'a str, &'a str) {
    let rows = policy["rows"].as_array().expect("rows");
    let found = rows.iter().find(|row| row["field"] == field).expect("the row is there");
    (found["value"].as_str().expect("text"), found["basis"].as_str().expect("text"))
}

/// FirebirdGen signs nothing, so that no secret is needed.
fn request(endpoint: &Value, speed: &Value, faults: &Value) -> Value {
    json!({
        "provider": "firebirdgen",
        "policy": null,
        "source": { "kind": "event", "provider": "firebirdgen", "event_type": "success", "values": {}, "fresh": true },
        "endpoint": endpoint,
        "speed": speed,
        "timestamps": "now",
        "signing": { "kind": "sign", "secret": null },
        "seed": 1,
        "faults": faults,
        "also": [],
        "next_event": null,
        "probe": null,
        "ignore": [],
    })
}

fn practice() -> Value {
    json!({ "kind": "practice", "forgetful": false })
}

fn down(first: u32) -> Value {
    json!([{ "kind": { "kind": "status", "status": 503 }, "attempts": (1..=first).collect::<Vec<_>>() }])
}

/// The first state of a run that is as wanted.
async fn until(subscription: &mut Subscription, wanted: impl Fn(&LabState) -> bool) -> LabState {
    let seek = async {
        loop {
            let batch = subscription.next().await.expect("the engine is there");
            for event in batch.events {
                if let EngineEvent::Lab(state) = event
                    && wanted(&state)
                {
                    return *state;
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE, seek).await.expect("it comes to that")
}

#[tokio::test]
async fn a_policy_is_edited_kept_and_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let engine = open(&db).await;
    let own = policy(&engine, "firebirdgen").await;
    assert_eq!((row(&own, "delays"), &own["edited"]), (("10, 30, 90 s", "documented"), &json!(false)));
    assert_eq!(own["summary"], "documented · timeout 10 s · success is exactly 200");
    assert_eq!(row(&policy(&engine, "pollo").await, "delays").1, "assumed");

    let mut edited = own["policy"].clone();
    edited["delays"] = json!({ "kind": "exponential", "first_s": 1.5, "factor": 2.0, "cap_s": null });
    edited["success"] = json!("200, 202");
    edited["stop_on"] = json!([410]);
    let saved = ask(&engine, "lab_policy_set", json!({ "provider": "firebirdgen", "policy": edited })).await;
    assert_eq!((row(&saved, "delays"), &saved["edited"]), (("1.5 s, times 2 each", "edited"), &json!(true)));
    assert_eq!(row(&saved, "timeout"), ("10 s", "documented"), "what was not edited keeps its basis");

    for (field, value, at, sentence) in [
        ("attempts", json!(0), "attempts", "Attempts are 1 to 100, the first included; this says 0."),
        ("success", json!("fine"), "success", "“fine” says no status: write 200, 2xx, or statuses such as 200, 202."),
    ] {
        let mut wrong = edited.clone();
        wrong[field] = value;
        let faults = ask(&engine, "lab_policy_check", json!({ "policy": wrong })).await;
        assert_eq!(faults, json!([{ "field": at, "sentence": sentence }]));
        let why = refused(&engine, "lab_policy_set", json!({ "provider": "firebirdgen", "policy": wrong })).await;
        assert_eq!(why, sentence);
    }
    engine.close(Duration::ZERO).await;

    let engine = open(&db).await;
    let kept = policy(&engine, "firebirdgen").await;
    assert_eq!(kept, saved, "it is kept with the log");
    let plan =
        ask(&engine, "lab_plan", json!({ "request": request(&practice(), &json!({ "kind": "none" }), &json!([])) }));
    assert_eq!(plan.await["total_ms"], 10_500, "1.5 + 3 + 6 s");
    let back = ask(&engine, "lab_policy_reset", json!({ "provider": "firebirdgen" })).await;
    assert_eq!(back, own);
    engine.close(Duration::ZERO).await;
}

#[tokio::test]
async fn a_run_is_held_goes_on_and_skips_its_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("log.db")).await;
    let mut events = engine.subscribe();
    // In real time this takes 130 seconds: nobody waits for that here.
    let begun = request(&practice(), &json!({ "kind": "real" }), &down(2));
    let begun = ask(&engine, "lab_start", json!({ "request": begun })).await;
    let id = begun["run"]["id"].as_str().expect("an id").to_owned();

    let waiting = until(&mut events, |state| state.phase == LabPhase::Waiting && state.countdown.is_some()).await;
    let countdown = waiting.countdown.expect("it waits");
    assert_eq!((countdown.attempt, countdown.wait_ms), (2, 10_000));
    ask(&engine, "run_pause", json!({ "id": id, "paused": true })).await;
    until(&mut events, |state| state.paused).await;
    ask(&engine, "run_pause", json!({ "id": id, "paused": false })).await;
    until(&mut events, |state| state.phase == LabPhase::Waiting && !state.paused).await;
    ask(&engine, "run_skip", json!({ "id": id })).await;
    let second = until(&mut events, |state| state.countdown.as_ref().is_some_and(|c| c.attempt == 3)).await;
    assert_eq!(second.attempts[1].sent_ms / 1_000, 10, "what is skipped counts as waited");
    ask(&engine, "run_skip", json!({ "id": id })).await;
    let ended = until(&mut events, |state| state.phase == LabPhase::Ended).await;
    assert_eq!(ended.headline, "Delivered on attempt 3 of 4");
    assert!(ended.real_ms < 40_000, "the waits were skipped");
    let kept = ask(&engine, "lab", json!({ "id": id })).await;
    assert_eq!(kept, serde_json::to_value(&ended).expect("JSON"), "the log says what was told");
    engine.close(Duration::ZERO).await;
}

#[tokio::test]
async fn runs_are_repeated_compared_and_exported() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("log.db")).await;
    let mut events = engine.subscribe();
    let none = json!({ "kind": "none" });
    let mut asked = request(&practice(), &none, &down(1));
    asked["also"] = json!(["late"]);
    let mut ids = Vec::new();
    for faults in [down(1), down(2)] {
        asked["faults"] = faults;
        ask(&engine, "lab_start", json!({ "request": asked })).await;
        let ended = until(&mut events, |state| state.phase == LabPhase::Ended).await;
        asked = serde_json::to_value(&ended.request).expect("the state says what was asked");
        ids.push(ended.run.id);
    }
    let compared = ask(&engine, "lab_compare", json!({ "a": ids[0], "b": ids[1] })).await;
    let alike: Vec<&Value> = compared["rows"].as_array().expect("rows").iter().map(|row| &row["alike"]).collect();
    assert_eq!(alike, [true, false, false], "503 · 503, 200 · 503, nothing · 200");
    assert_eq!(compared["findings"][0]["alike"], true);
    let difference = "Faults: 1: down: 503 in its place · 1: down: 503 in its place, 2: down: 503 in its place";
    assert_eq!(compared["differences"], json!([difference]));

    let export = async |format: &str| ask(&engine, "lab_export", json!({ "id": ids[1], "format": format })).await;
    let markdown = export("markdown").await;
    let text = markdown["text"].as_str().expect("text");
    for part in
        ["# Delivered on attempt 3 of 4", "<svg ", "| intervals | 10, 30, 90 s | documented |", "## Idempotency"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(export("svg").await["name"], format!("retry-firebirdgen-{}.svg", ids[1]));

    // Where its state is read from may hold a password, and so may its address.
    let endpoint = json!({ "kind": "url", "url": "http://me:hunter2@127.0.0.1:1/x", "any_certificate": false });
    let mut asked = request(&endpoint, &none, &json!([]));
    asked["probe"] = json!({ "kind": "url", "url": "http://127.0.0.1:1/?token=hunter2" });
    ask(&engine, "lab_start", json!({ "request": asked })).await;
    let ended = until(&mut events, |state| state.phase == LabPhase::Ended).await;
    assert_eq!((ended.headline.as_str(), ended.attempts.len()), ("Not delivered: gave up after 4 attempts", 4));
    for format in ["json", "markdown", "svg"] {
        let text =
            ask(&engine, "lab_export", json!({ "id": ended.run.id, "format": format })).await["text"].to_string();
        assert!(text.contains("127.0.0.1:1") || format == "svg", "{text}");
        assert!(!text.contains("hunter2"), "{format}: {text}");
    }
    engine.close(Duration::ZERO).await;
}

#[tokio::test]
async fn what_cannot_be_started_is_said_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("log.db")).await;
    let mut asked = request(&practice(), &json!({ "kind": "none" }), &json!([]));
    asked["provider"] = json!("pollo");
    asked["source"] =
        json!({ "kind": "event", "provider": "pollo", "event_type": "task.succeed", "values": {}, "fresh": true });
    let plan = ask(&engine, "lab_plan", json!({ "request": asked })).await;
    let said = "There is no secret to sign with. Store one for this provider, or send the request as it is.";
    assert!(plan["warnings"].to_string().contains(said), "{}", plan["warnings"]);
    assert_eq!(refused(&engine, "lab_start", json!({ "request": asked })).await, said);
    asked["source"] = json!({ "kind": "pasted", "text": "curl http://127.0.0.1:1/" });
    let said = "Choose a delivery, a template, or an event of the catalogue to send.";
    assert_eq!(refused(&engine, "lab_plan", json!({ "request": asked })).await, said);
    assert_eq!(
        ask(&engine, "runs_page", json!({ "kind": "lab", "before": null, "limit": 10 })).await["runs"],
        json!([])
    );
    engine.close(Duration::ZERO).await;
}

/// Stores a secret for a provider and asks for a run of its own policy, changed.
async fn signed(
    engine: &Engine,
    provider: &str,
    event_type: &str,
    endpoint: &Value,
    change: impl Fn(&mut Value),
) -> Value {
    let secret =
        json!({ "provider": provider, "name": "test", "value": "dGhlIHNlY3JldCBvZiB0aGlzIHRlc3Q=", "replaces": null });
    ask(engine, "secret_set", secret).await;
    let mut asked = request(endpoint, &json!({ "kind": "none" }), &json!([]));
    asked["provider"] = json!(provider);
    asked["source"] =
        json!({ "kind": "event", "provider": provider, "event_type": event_type, "values": {}, "fresh": true });
    asked["policy"] = policy(engine, provider).await["policy"].clone();
    change(&mut asked);
    asked
}

#[tokio::test]
async fn a_retry_is_announced_where_that_is_switched_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("log.db")).await;
    let mut events = engine.subscribe();
    let change = |asked: &mut Value| {
        asked["faults"] = down(2);
        asked["policy"]["announce"]["on"] = json!(true);
    };
    let asked = signed(&engine, "ihateppt", "ppt.generation.completed", &practice(), change).await;
    ask(&engine, "lab_start", json!({ "request": asked })).await;
    let ended = until(&mut events, |state| state.phase == LabPhase::Ended).await;
    let order: Vec<(bool, u32)> = ended.attempts.iter().map(|attempt| (attempt.announces, attempt.number)).collect();
    assert_eq!(order, [(false, 1), (true, 2), (false, 2), (true, 3), (false, 3)]);
    assert_eq!(ended.headline, "Delivered on attempt 3 of 4");
    let mut bodies = Vec::new();
    for attempt in &ended.attempts {
        assert!(attempt.good || attempt.fault.is_some(), "the practice endpoint verified it: {attempt:?}");
        let source = json!({ "kind": "attempt", "id": attempt.id });
        let start = ask(&engine, "draft_start", json!({ "source": source })).await;
        let body = start["draft"]["body"]["text"].as_str().expect("text");
        bodies.push(serde_json::from_str::<Value>(body).expect("JSON"));
    }
    assert_eq!((&bodies[1]["type"], &bodies[1]["data"]["retry_count"]), (&json!("webhook.retry"), &json!(1)));
    assert_eq!(
        (&bodies[3]["data"]["original_event_id"], &bodies[3]["data"]["retry_count"]),
        (&bodies[0]["id"], &json!(2))
    );
    assert_ne!(bodies[1]["id"], bodies[0]["id"]);
    assert_eq!(bodies[4], bodies[0]);
    engine.close(Duration::ZERO).await;
}

#[tokio::test]
async fn timestamps_as_scheduled_are_ahead_of_the_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("log.db")).await;
    let mut events = engine.subscribe();
    // 5 minutes are within the tolerance; the fourth attempt is at 7 minutes.
    for (timestamps, label) in [("now", "200"), ("as_scheduled", "401")] {
        let change = |asked: &mut Value| {
            asked["faults"] = down(3);
            asked["policy"]["attempts"] = json!(4);
            asked["policy"]["delays"] = json!({ "kind": "list", "seconds": [60, 120, 240] });
            asked["timestamps"] = json!(timestamps);
        };
        let asked = signed(&engine, "pollo", "task.succeed", &practice(), change).await;
        ask(&engine, "lab_start", json!({ "request": asked })).await;
        let ended = until(&mut events, |state| state.phase == LabPhase::Ended).await;
        assert_eq!(ended.attempts.last().map(|attempt| attempt.label.as_str()), Some(label), "{timestamps}");
        let warned = ended.plan.warnings.iter().any(|warning| warning.contains("7 min ahead of the clock"));
        assert_eq!(warned, timestamps == "as_scheduled", "{:?}", ended.plan.warnings);
        let _ = ask(&engine, "secret_remove", json!({ "provider": "pollo", "name": "test" })).await;
    }
    engine.close(Duration::ZERO).await;
}

#[tokio::test]
async fn an_endpoint_says_when_to_come_again_and_when_never() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let addr = socket.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        for answer in ["429 X\r\nRetry-After: 7\r\n", "410 Gone\r\n"] {
            let (mut stream, _) = socket.accept().expect("an attempt comes");
            // The whole request comes in one piece: it is short.
            let read = stream.read(&mut [0; 65_536]).expect("a request");
            assert_ne!(read, 0, "a request came");
            let answer = format!("HTTP/1.1 {answer}Content-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("the answer leaves");
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("log.db")).await;
    let mut events = engine.subscribe();
    let endpoint = json!({ "kind": "url", "url": format!("http://{addr}/"), "any_certificate": false });
    let mut asked = request(&endpoint, &json!({ "kind": "none" }), &json!([]));
    asked["policy"] = policy(&engine, "firebirdgen").await["policy"].clone();
    asked["policy"]["throttle"] = json!({ "on": [429], "cap_s": 60 });
    asked["policy"]["stop_on"] = json!([410]);
    ask(&engine, "lab_start", json!({ "request": asked })).await;
    let ended = until(&mut events, |state| state.phase == LabPhase::Ended).await;
    let whys: Vec<&str> = ended.attempts.iter().map(|attempt| attempt.why.as_str()).collect();
    assert_eq!(whys, ["Retry-After: 7 → retry in 7 s", "410: the endpoint is gone → stops"]);
    assert_eq!((ended.headline.as_str(), ended.delivered), ("Stopped by the endpoint on attempt 2", Some(false)));
    assert_eq!(ended.attempts[1].sent_ms / 1_000, 7);
    engine.close(Duration::ZERO).await;
}
