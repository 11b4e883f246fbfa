//! The engine through its commands, as the window uses it: a real log, a real listener, real requests.

use countersign_core::secret::SecretText;
use countersign_engine::wire::{EngineEvent, RejudgeState};
use countersign_engine::{Engine, OpenOptions, Subscription, dispatch};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

struct App {
    engine: Engine,
    addr: SocketAddr,
    folder: TempDir,
}

async fn open(folder: &Path) -> (Engine, SocketAddr) {
    let options = OpenOptions { db: folder.join("log.db"), no_keychain: true, ..OpenOptions::default() };
    let engine = Engine::open(options).await.expect("the log can be opened");
    let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    (engine, addr)
}

impl App {
    async fn start() -> App {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (engine, addr) = open(folder.path()).await;
        App { engine, addr, folder }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    async fn refused(&self, name: &str, args: Value) -> String {
        dispatch(&self.engine, name, args).await.expect_err("it is refused").message
    }

    /// Posts a body with headers and gives the answer's status.
    async fn post(&self, path: &str, headers: &str, body: &str) -> u16 {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let addr = self.addr;
        tokio::task::spawn_blocking(move || {
            let mut socket = TcpStream::connect(addr).expect("it accepts");
            socket.write_all(request.as_bytes()).expect("it reads");
            let mut answer = String::new();
            socket.read_to_string(&mut answer).expect("it answers");
            answer.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("the answer has a status")
        })
        .await
        .expect("the request was made")
    }

    /// The outcome on the row of every delivery, newest first.
    async fn badges(&self) -> Vec<String> {
        let page =
            self.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 100, "grouped": false })).await;
        let rows = page["items"].as_array().expect("the page has rows");
        let badge = |row: &Value| {
            let verdicts = row["verdicts"].as_array().expect("the row has verdicts");
            let applying = verdicts.iter().filter(|v| v["applies"] == true);
            applying.map(|v| v["outcome"].as_str().expect("it is a word").to_owned()).collect::<Vec<_>>().join("+")
        };
        rows.iter().map(badge).collect()
    }
}

async fn wait_for<T>(events: &mut Subscription, mut wanted: impl FnMut(&EngineEvent) -> Option<T>) -> T {
    let found = async {
        loop {
            let batch = events.next().await.expect("the engine is there");
            if let Some(found) = batch.events.iter().find_map(&mut wanted) {
                return found;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.expect("the event comes")
}

// `printf '{"event":"render.started"}' | openssl dgst -sha256 -hmac main`
const BODY: &str = r#"{"event":"render.started"}"#;
const SIGNED: &str =
    "X-VideoPilot-Signature: sha256=800e85913d38460e7222defd33ab32b40ac44ebc62afbb0905119f4209ac3bd9\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn badges_follow_the_secrets() {
    let app = App::start().await;
    let mut events = app.engine.subscribe();
    assert_eq!(app.post("/videopilot", SIGNED, BODY).await, 200);
    assert_eq!(app.badges().await, ["no_secret"]);

    let done = |event: &EngineEvent| match event {
        EngineEvent::Rejudge(progress) if progress.state == RejudgeState::Done => {
            Some((progress.changed, progress.now_pass))
        }
        _ => None,
    };
    let set = |name: &str, value: &str, replaces: Option<&str>| json!({ "provider": "videopilot", "name": name, "value": value, "replaces": replaces });
    app.call("secret_set", set("first", "another", None)).await;
    assert_eq!(wait_for(&mut events, done).await, (1, 0));
    assert_eq!(app.badges().await, ["fail"]);

    app.call("secret_set", set("second", "main", None)).await;
    assert_eq!(wait_for(&mut events, done).await, (1, 1));
    assert_eq!(app.badges().await, ["pass"]);

    app.call("secret_set", set("second", "changed", Some("second"))).await;
    wait_for(&mut events, done).await;
    assert_eq!(app.badges().await, ["fail"]);

    for name in ["first", "second"] {
        app.call("secret_remove", json!({ "provider": "videopilot", "name": name })).await;
        wait_for(&mut events, done).await;
    }
    assert_eq!(app.badges().await, ["no_secret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_kept_and_named_once() {
    let app = App::start().await;
    let set = |name: &str, value: Option<&str>, replaces: Option<&str>| json!({ "provider": "pollo", "name": name, "value": value, "replaces": replaces });
    app.call("secret_set", set("main", Some("c2VjcmV0MQ=="), None)).await;
    assert_eq!(
        app.refused("secret_set", set("main", Some("b3RoZXI="), None)).await,
        "Pollo.ai has a secret “main” already: choose another name, or edit that one."
    );
    assert_eq!(
        app.refused("secret_set", set("", Some("x"), None)).await,
        "A secret's name has 1 to 80 characters, none of them a control character."
    );
    assert_eq!(
        app.refused("secret_set", set("empty", Some(""), None)).await,
        "The secret is empty: nothing was stored."
    );
    app.call("secret_set", set("renamed", None, Some("main"))).await;
    app.engine.close(Duration::ZERO).await;
    let folder = app.folder;
    drop(app.engine);

    let (engine, addr) = open(folder.path()).await;
    let app = App { engine, addr, folder };
    let value = app.call("secret_reveal", json!({ "provider": "pollo", "name": "renamed" })).await;
    assert_eq!(value, "c2VjcmV0MQ==");
    assert_eq!(
        app.refused("secret_reveal", json!({ "provider": "pollo", "name": "main" })).await,
        "Pollo.ai has no secret “main”; it may have been removed by another program."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expected_id_is_struck_off_by_the_delivery_that_reports_it() {
    let app = App::start().await;
    app.call("expected_ids_add", json!({ "provider": "firebirdgen", "ids": ["task_1", "task_2"] })).await;
    let body = |id: &str| format!(r#"{{"taskId":"{id}","status":"success"}}"#);
    for id in ["task_1", "task_1", "task_9"] {
        assert_eq!(app.post("/firebirdgen", "", &body(id)).await, 200);
    }
    let page =
        app.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 10, "grouped": false })).await;
    let checks: Vec<Vec<(String, bool)>> = page["items"]
        .as_array()
        .expect("the page has rows")
        .iter()
        .rev()
        .map(|row| {
            let checks = row["checks"].as_array().expect("the row has checks").iter();
            checks.map(|c| (c["check"].as_str().expect("it is a word").to_owned(), c["holds"] == true)).collect()
        })
        .collect();
    let row = |expected: bool, duplicate: bool| {
        vec![("shape".to_owned(), true), ("expected_id".to_owned(), expected), ("duplicate".to_owned(), duplicate)]
    };
    assert_eq!(checks, [row(true, true), row(false, false), row(false, true)]);
    let list = app.call("expected_ids", json!({ "provider": "firebirdgen" })).await;
    assert_eq!(list, json!([{ "id": "task_2", "matched_by": null }, { "id": "task_1", "matched_by": "1" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_path_is_the_providers() {
    let app = App::start().await;
    let mut events = app.engine.subscribe();
    app.post("/hooks/video", "", "{}").await;
    app.post("/hooks/videos", "", "{}").await;
    app.call("pin_set", json!({ "path": "/hooks/video", "provider": "videopilot" })).await;
    wait_for(&mut events, |event| {
        matches!(event, EngineEvent::Rejudge(p) if p.state == RejudgeState::Done).then_some(())
    })
    .await;
    assert_eq!(app.badges().await, ["", "missing"], "the newest is on another path, though it begins alike");
    assert_eq!(
        app.refused("pin_set", json!({ "path": "hooks", "provider": "videopilot" })).await,
        "A path begins with “/” and has no query, fragment or white space."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_can_be_undone() {
    let app = App::start().await;
    for _ in 0..3 {
        app.post("/videopilot", "", "{}").await;
    }
    let deletion = app.call("deliveries_delete", json!({ "ids": ["1", "3"], "groups": [] })).await;
    assert_eq!(deletion["count"], 2);
    assert_eq!(app.badges().await.len(), 1);
    assert_eq!(app.call("deliveries_restore", json!({ "token": deletion["token"] })).await, 2);
    assert_eq!(app.badges().await.len(), 3);
    let cleared = app.call("deliveries_clear", json!({ "filter": "verdict:missing" })).await;
    assert_eq!(cleared["count"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_delivery_passes_and_a_snippet_is_signed() {
    let app = App::start().await;
    for provider in ["pptvideo", "videopilot", "ihateppt", "pollo"] {
        let sent = app.call("test_delivery", json!({ "provider": provider, "event_type": null })).await;
        assert_eq!(sent, json!({ "status": 200, "secret": "Countersign test", "secret_made": true }), "{provider}");
    }
    let sent = app.call("test_delivery", json!({ "provider": "firebirdgen", "event_type": "failed" })).await;
    assert_eq!(sent, json!({ "status": 200, "secret": null, "secret_made": false }));
    app.engine.rejudged().await;
    assert_eq!(app.badges().await, ["unsigned", "pass", "pass", "pass", "pass"]);

    let snippets = app.call("snippets", json!({ "provider": "pollo", "make_secret": false })).await;
    let curl = snippets[0]["text"].as_str().expect("it is a text").to_owned();
    let ran = std::process::Command::new("sh").args(["-c", &curl.replacen("curl ", "curl -s ", 1)]).output();
    assert_eq!(String::from_utf8_lossy(&ran.expect("a shell is there").stdout), "ok\n");
    assert_eq!(app.badges().await.first().map(String::as_str), Some("pass"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_writes_is_told() {
    let app = App::start().await;
    let mut events = app.engine.subscribe();
    let (other, other_addr) = open(app.folder.path()).await;
    let other = App { engine: other, addr: other_addr, folder: tempfile::tempdir().expect("a folder can be made") };
    let added = |event: &EngineEvent| match event {
        EngineEvent::DeliveryAdded { delivery } if delivery.path == "/from/outside" => Some(delivery.id.clone()),
        _ => None,
    };
    other.post("/from/outside", "", "{}").await;
    assert_eq!(wait_for(&mut events, added).await, "1");
}

/// A second engine on the same log, as the command line is beside the window.
async fn beside(app: &App, run_secrets: &[(&str, &str)]) -> Engine {
    let secrets = run_secrets.iter().map(|(provider, value)| {
        (provider.parse().expect("an id"), "env:S".to_owned(), SecretText::new((*value).to_owned()))
    });
    let db = app.folder.path().join("log.db");
    let options = OpenOptions { db, no_keychain: true, run_secrets: secrets.collect(), ..OpenOptions::default() };
    Engine::open(options).await.expect("the log can be opened twice")
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_neither_purges_what_can_be_undone_nor_loses_settings() {
    let app = App::start().await;
    assert_eq!(app.post("/a", "", "x").await, 200);
    let deletion = app.call("deliveries_clear", json!({ "filter": "" })).await;
    let other = beside(&app, &[]).await;
    let port = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    other.listen(port, false).await.expect("a port is free");
    dispatch(&other, "settings_change", json!({ "patch": { "zoom": 150 } })).await.expect("it is kept");
    other.close(Duration::ZERO).await;
    let settings = app.call("settings_change", json!({ "patch": { "list_width": 600 } })).await;
    assert_eq!((&settings["zoom"], &settings["list_width"]), (&json!(150), &json!(600)));
    assert_eq!(app.call("deliveries_restore", json!({ "token": deletion["token"] })).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_runs_own_secret_verified_is_not_judged_away_by_who_does_not_know_it() {
    let app = App::start().await;
    let other = beside(&app, &[("videopilot", "main")]).await;
    let port = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let addr = other.listen(port, false).await.expect("a port is free");
    let app = App { addr, ..app };
    assert_eq!(app.post("/videopilot", SIGNED, BODY).await, 200);
    assert_eq!(app.badges().await, ["pass"]);
    other.close(Duration::ZERO).await;
    app.call("secret_set", json!({ "provider": "videopilot", "name": "wrong", "value": "wrong", "replaces": null }))
        .await;
    app.engine.rejudged().await;
    assert_eq!(app.badges().await, ["pass"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_deliveries_that_come_at_once_only_the_first_is_no_duplicate() {
    let app = Arc::new(App::start().await);
    app.call("expected_ids_add", json!({ "provider": "firebirdgen", "ids": ["task_1"] })).await;
    let post = |app: Arc<App>| async move {
        assert_eq!(app.post("/firebirdgen", "", r#"{"taskId":"task_1","status":"success"}"#).await, 200);
    };
    let posts: Vec<_> = (0..16).map(|_| tokio::spawn(post(Arc::clone(&app)))).collect();
    for post in posts {
        post.await.expect("it was sent");
    }
    let page =
        app.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 100, "grouped": false })).await;
    let holding = |check: &str| -> Vec<usize> {
        let rows = page["items"].as_array().expect("the page has rows").iter().rev();
        let holds = |row: &Value| {
            let checks = row["checks"].as_array().expect("the row has checks");
            checks.iter().any(|c| c["check"] == check && c["holds"] == true)
        };
        rows.enumerate().filter(|(_, row)| holds(row)).map(|(at, _)| at).collect()
    };
    assert_eq!((holding("duplicate"), holding("expected_id")), (vec![0], vec![0]));
}

fn rule(name: &str, when: &str, status: u16, change: Value) -> Value {
    let mut rule = json!({ "id": "", "name": name, "on": true, "when": when, "status": status });
    let fields = change.as_object().expect("an object").clone();
    rule.as_object_mut().expect("an object").extend(fields);
    rule
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_answer_in_order_and_by_turns_and_the_detail_says_which() {
    let app = App::start().await;
    let rules = json!([
        rule("twice down", "path:/turns", 503, json!({ "turn": { "kind": "first", "count": 2 } })),
        rule(
            "echo",
            "provider:none method:PUT,POST path:/echo*",
            202,
            json!({
                "headers": [["Content-Type", "application/json"]], "body": r#"{"of":"{{body.a.0}}"}"#
            })
        ),
        rule("off", "", 500, json!({ "on": false })),
    ]);
    let set = |rules: &Value| json!({ "responses": { "rules": rules, "status_by_path": true, "stand_aside": [] } });
    app.call("responses_set", set(&rules)).await;
    let mut statuses = Vec::new();
    for (path, body) in
        [("/turns", ""), ("/turns", ""), ("/turns", ""), ("/echo/x", r#"{"a":["\"q"]}"#), ("/a/404", "")]
    {
        statuses.push(app.post(path, "", body).await);
    }
    assert_eq!(statuses, [503, 503, 200, 202, 404]);
    let page = app
        .call("deliveries_page", json!({ "filter": "path:/echo", "before": null, "limit": 10, "grouped": false }))
        .await;
    let id = page["items"][0]["id"].clone();
    let response = app.call("delivery_detail", json!({ "id": id })).await["response"].clone();
    assert_eq!(
        (&response["answered_by"], &response["body"]["text"]),
        (&json!("the rule “echo”"), &json!(r#"{"of":"\"q"}"#))
    );
    // Tried before it is saved, and refused where it is wrong; nothing of it counts or stays.
    let other = rule("other", "path:/nowhere", 201, json!({ "body": "{{method}}" }));
    let trial = app.call("response_try", json!({ "rule": other, "delivery": id })).await;
    assert_eq!((&trial["fits"], &trial["body"]["text"]), (&json!(false), &json!("POST")));
    let wrong = rule("wrong", "a status:5xx", 200, json!({}));
    let fault = app.call("response_check", json!({ "rule": wrong })).await;
    assert_eq!((&fault["field"], &fault["place"]["start"]), (&json!("when"), &json!(2)));
    let refused = app.refused("responses_set", set(&json!([wrong]))).await;
    assert!(refused.starts_with("The rule “wrong” was not saved: “status:5xx” cannot be asked"), "{refused}");
    let kept = app.call("responses", json!({})).await;
    assert_eq!(kept["rules"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_is_answered_unless_it_is_left_to_the_endpoint() {
    let app = App::start().await;
    let challenge = r#"{"type":"webhook.verification","data":{"challenge":"c1"}}"#;
    assert_eq!(app.post("/ihateppt", "", challenge).await, 200);
    let stand_aside = json!({ "responses": { "rules": [], "status_by_path": false, "stand_aside": ["ihateppt"] } });
    app.call("responses_set", stand_aside).await;
    assert_eq!(app.post("/ihateppt", "", challenge).await, 200);
    let page =
        app.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 10, "grouped": false })).await;
    let said: Vec<&Value> = page["items"].as_array().expect("rows").iter().map(|row| &row["challenge"]).collect();
    assert_eq!(said, [&json!(false), &json!(true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_may_send_where_that_is_chosen_and_it_is_said() {
    let app = App::start().await;
    let port = app.addr.port();
    let change = |everywhere: bool| json!({ "patch": { "everywhere": everywhere } });
    app.call("settings_change", change(true)).await;
    let state = app.engine.listener();
    assert_eq!((state.addr, state.url), (Some(format!("0.0.0.0:{port}")), Some(format!("http://127.0.0.1:{port}"))));
    let said = state.message.expect("it is said");
    assert!(said.contains("all network interfaces: whoever reaches this machine"), "{said}");
    assert_eq!(app.post("/a", "", "x").await, 200);
    app.call("settings_change", change(false)).await;
    let state = app.engine.listener();
    assert_eq!((state.addr, state.message), (Some(format!("127.0.0.1:{port}")), None));
}
