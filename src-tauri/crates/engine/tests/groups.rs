//! Retries and duplicates as one row, from the request to the page: a real log, a real listener.

use countersign_engine::wire::{DeliverySummary, EngineEvent};
use countersign_engine::{Engine, OpenOptions, Subscription, dispatch};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tempfile::TempDir;

struct App {
    engine: Engine,
    addr: SocketAddr,
    _folder: TempDir,
}

impl App {
    async fn start() -> App {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let options = OpenOptions { db: folder.path().join("log.db"), no_keychain: true, ..OpenOptions::default() };
        let engine = Engine::open(options).await.expect("the log can be opened");
        let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
        App { engine, addr, _folder: folder }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    async fn post(&self, path: &str, body: &str) {
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let addr = self.addr;
        let answer = tokio::task::spawn_blocking(move || {
            let mut socket = TcpStream::connect(addr).expect("it accepts");
            socket.write_all(request.as_bytes()).expect("it reads");
            let mut answer = String::new();
            socket.read_to_string(&mut answer).expect("it answers");
            answer
        });
        assert!(answer.await.expect("the request was made").starts_with("HTTP/1.1 200"), "it was kept");
    }

    /// The rows of the grouped list: id, how many, whether bodies differ.
    async fn rows(&self, filter: &str) -> Vec<(String, u64, bool)> {
        let args = json!({ "filter": filter, "before": null, "limit": 100, "grouped": true });
        let page = self.call("deliveries_page", args).await;
        let rows: Vec<DeliverySummary> = serde_json::from_value(page["items"].clone()).expect("they are rows");
        rows.iter().map(told).collect()
    }

    async fn members(&self, id: &str) -> Vec<String> {
        let rows = self.call("delivery_group", json!({ "id": id })).await;
        let rows: Vec<DeliverySummary> = serde_json::from_value(rows).expect("they are rows");
        rows.into_iter().map(|row| row.id).collect()
    }
}

fn told(row: &DeliverySummary) -> (String, u64, bool) {
    let group = row.group.as_ref();
    (row.id.clone(), group.map_or(0, |g| g.count), group.is_some_and(|g| g.different_bodies))
}

/// What the next event about a new delivery says.
async fn arrival(events: &mut Subscription) -> (String, u64, bool) {
    let found = async {
        loop {
            let batch = events.next().await.expect("the engine is there");
            for event in &batch.events {
                if let EngineEvent::DeliveryAdded { delivery } = event {
                    return told(delivery);
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.expect("the event comes")
}

fn row(id: &str, count: u64, different: bool) -> (String, u64, bool) {
    (id.to_owned(), count, different)
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_of_one_event_are_one_row() {
    let retry = |id: &str, original: &str| {
        let data = json!({ "original_event_id": original, "retry_count": 1, "next_retry_at": "2024-01-15T10:30:30Z" });
        json!({ "id": id, "type": "webhook.retry", "created": "2024-01-15T10:30:00Z", "data": data }).to_string()
    };
    let made = |id: &str, pages: u8| {
        json!({ "id": id, "type": "ppt.generation.completed", "data": { "ppt_id": "ppt_1", "pages": pages } })
            .to_string()
    };
    let render = |job: &str, at: &str| {
        json!({ "event": "render.completed", "data": { "render_job_id": job }, "timestamp": at }).to_string()
    };
    for (name, path, bodies, want) in [
        (
            "a retry and what it announces, with other bodies as they must be",
            "/ihateppt",
            vec![made("evt_1", 8), retry("evt_2", "evt_1"), made("evt_1", 8), made("evt_3", 8)],
            vec![row("4", 1, false), row("3", 3, false)],
        ),
        (
            "one id with two bodies",
            "/ihateppt",
            vec![made("evt_1", 8), retry("evt_2", "evt_1"), made("evt_1", 9)],
            vec![row("3", 3, true)],
        ),
        (
            "VideoPilot has no id: event, job and timestamp stand in for it",
            "/videopilot",
            vec![render("a", "10:00"), render("b", "10:00"), render("a", "10:00"), render("a", "10:01")],
            vec![row("4", 1, false), row("3", 2, false), row("2", 1, false)],
        ),
        (
            "no name of an event, no group",
            "/ihateppt",
            vec!["{}".to_owned(), "{}".to_owned()],
            vec![row("2", 0, false), row("1", 0, false)],
        ),
        (
            "nobody's",
            "/nobody",
            vec![r#"{"id":"evt_1"}"#.to_owned(), r#"{"id":"evt_1"}"#.to_owned()],
            vec![row("2", 0, false), row("1", 0, false)],
        ),
    ] {
        let app = App::start().await;
        let mut events = app.engine.subscribe();
        let mut last = None;
        for body in &bodies {
            app.post(path, body).await;
            last = Some(arrival(&mut events).await);
        }
        assert_eq!(app.rows("").await, want, "{name}");
        assert_eq!(last.as_ref(), want.first(), "{name}: the event says what the page says");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_listed_deleted_and_brought_back_as_one() {
    let app = App::start().await;
    for id in ["evt_1", "evt_2", "evt_1", "evt_1", "evt_2"] {
        app.post("/ihateppt", &json!({ "id": id, "type": "file.deleted", "data": {} }).to_string()).await;
    }
    assert_eq!(app.rows("").await, [row("5", 2, false), row("4", 3, false)]);
    assert_eq!(app.rows("-id:4").await, [row("5", 2, false), row("3", 3, false)], "its newest that matches");
    assert_eq!(app.members("3").await, ["4", "3", "1"], "all of them, whatever the filter");

    let deletion = app.call("deliveries_delete", json!({ "ids": ["5"], "groups": ["3"] })).await;
    assert_eq!(deletion["count"], 4);
    assert_eq!(app.rows("").await, [row("2", 1, false)]);
    app.call("deliveries_restore", json!({ "token": deletion["token"] })).await;
    assert_eq!(app.rows("").await, [row("5", 2, false), row("4", 3, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_becomes_a_providers_makes_groups_of_what_is_there() {
    let app = App::start().await;
    for _ in 0..2 {
        app.post("/hooks", r#"{"id":"evt_1","data":{}}"#).await;
    }
    assert_eq!(app.rows("").await, [row("2", 0, false), row("1", 0, false)]);
    let mut events = app.engine.subscribe();
    app.call("pin_set", json!({ "path": "/hooks", "provider": "ihateppt" })).await;
    app.engine.rejudged().await;
    assert_eq!(app.rows("").await, [row("2", 2, false)]);
    let told = async {
        let mut judged = false;
        loop {
            for event in events.next().await.expect("the engine is there").events {
                judged |= matches!(&event, EngineEvent::VerdictsChanged { .. });
                if judged && matches!(event, EngineEvent::DeliveriesChanged) {
                    return;
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("the window hears that rows are others now");
}
