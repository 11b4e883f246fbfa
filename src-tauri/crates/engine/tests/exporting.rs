//! Exports through the engine's commands: what a preview says before, and what a cancelled one leaves.

use bytes::Bytes;
use countersign_core::request::text;
use countersign_core::secret::{Secret, SecretText};
use countersign_engine::{Engine, OpenOptions, dispatch, signed_headers};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

const SECRET: &str = "b3VyIG93biBzZWNyZXQgaGVyZQ==";

struct Log {
    engine: Engine,
    addr: SocketAddr,
    folder: TempDir,
}

async fn log() -> Log {
    let folder = tempfile::tempdir().expect("a folder");
    let pollo = "pollo".parse().expect("an id");
    let options = OpenOptions {
        db: folder.path().join("log.db"),
        run_secrets: vec![(pollo, "mine".to_owned(), SecretText::new(SECRET.to_owned()))],
        no_keychain: true,
        ..OpenOptions::default()
    };
    let engine = Engine::open(options).await.expect("the log opens");
    let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    Log { engine, addr, folder }
}

impl Log {
    async fn ask(&self, command: &str, args: Value) -> Value {
        dispatch(&self.engine, command, args).await.unwrap_or_else(|error| panic!("{command}: {error:?}"))
    }

    /// Posts a body signed as Pollo.ai signs, `times` times.
    async fn post(&self, lines: &str, body: &str, times: usize) {
        let pollo = "pollo".parse().expect("an id");
        let provider = self.engine.catalogue().get(&pollo).expect("Pollo.ai");
        let secret = Secret { name: "mine".to_owned(), value: SecretText::new(SECRET.to_owned()) };
        let now_s =
            i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs()).expect("a time");
        let headers = signed_headers(provider, &secret, &Bytes::from(body.to_owned()), "msg_1", now_s);
        let signed: String = headers.iter().map(|h| format!("{}: {}\r\n", text(&h.name), text(&h.value))).collect();
        let length = body.len();
        let whole = format!("POST /pollo HTTP/1.1\r\nHost: x\r\n{signed}{lines}Content-Length: {length}\r\n\r\n{body}");
        let addr = self.addr;
        let sent = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(addr).expect("a connection");
            for _ in 0..times {
                stream.write_all(whole.as_bytes()).expect("it is sent");
                let mut answer = Vec::new();
                while !answer.ends_with(b"\r\n\r\nok\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).expect("an answer");
                    answer.push(byte[0]);
                }
            }
        });
        sent.await.expect("all is sent");
    }
}

fn request(format: &str, kinds: &[&str]) -> Value {
    json!({
        "selection": { "kind": "filter", "filter": "" },
        "format": format,
        "redaction": { "kinds": kinds, "mask": [], "keep": [], "pointers": [], "keep_exact": false },
        "base_url": null,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_goes_out() {
    let log = log().await;
    let body = r#"{"taskId":"t1","status":"succeed","mails":["ann@pollo.ai","bob@pollo.ai"]}"#;
    log.post("Authorization: Bearer abcdefghijkl\r\n", body, 2).await;
    log.post(&format!("X-Leak: {SECRET}\r\n"), "\u{1}", 1).await;
    let suggested = ["credentials", "cookies", "tokens", "tunnel_addresses", "client_ips"];
    let preview = log.ask("export_preview", json!({ "request": request("fixtures", &suggested) })).await;
    let names = json!(["task.succeed--t1.json", "task.succeed--t1--2.json", "post-pollo--3.json"]);
    assert_eq!((&preview["deliveries"], &preview["searched"], &preview["names"]), (&json!(3), &json!(3), &names));
    let found: Vec<Value> = preview["found"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| json!([f["key"], f["shown"], f["deliveries"], f["masked"], f["signed"], f["always"]]))
        .collect();
    let expected = [
        json!(["header:authorization", "Bearer ••••", 2, true, false, false]),
        json!(["json:/mails/*", "a•••@p•••.ai", 2, false, true, false]),
        json!(["secret:“mine” of Pollo.ai", "••••••••", 1, true, false, true]),
    ];
    assert_eq!(found, expected);
    assert_eq!(preview["signed_anew"], json!(0));
    let warnings = preview["warnings"].to_string();
    assert!(warnings.contains("2 deliveries hold e-mail addresses that leave as they are."), "{warnings}");
    assert!(!preview.to_string().contains(SECRET), "{preview}");

    let preview = log.ask("export_preview", json!({ "request": request("ndjson", &["emails"]) })).await;
    assert_eq!((&preview["signed_anew"], &preview["names"]), (&json!(2), &json!(["deliveries.ndjson"])));
    let notes = preview["notes"].to_string();
    assert!(notes.contains("2 deliveries are changed where they are signed"), "{notes}");
    assert!(preview["sample"].as_str().expect("a sample").contains("redacted@example.com"));
    assert_eq!(
        std::fs::read_dir(log.folder.path())
            .expect("the folder")
            .filter_map(Result::ok)
            .filter(|e| e.path().is_dir())
            .count(),
        0
    );

    let text = log.ask("export_text", json!({ "request": request("csv", &[]) })).await;
    assert_eq!(text["text"].as_str().expect("a text").lines().count(), 4);
    let refused = dispatch(&log.engine, "export_text", json!({ "request": request("fixtures", &[]) })).await;
    assert!(refused.expect_err("there are three").message.contains("Export to a folder or a zip file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_export_leaves_whole_files_only() {
    let log = log().await;
    log.post("", r#"{"taskId":"t1","status":"succeed"}"#, 300).await;
    let out = log.folder.path().join("out");
    let destination = json!({ "kind": "folder", "path": out });
    let start = json!({ "request": request("fixtures", &[]), "destination": destination, "on_existing": "ask" });
    let mut events = log.engine.subscribe();
    log.ask("export_start", start.clone()).await;
    let again = dispatch(&log.engine, "export_start", start.clone()).await;
    assert!(again.expect_err("one at a time").message.contains("An export is being written already"));
    log.ask("export_cancel", json!({})).await;
    let ended = loop {
        let batch = serde_json::to_value(events.next().await.expect("events")).expect("JSON");
        let states = batch["events"].as_array().expect("events").iter().filter(|event| event["type"] == "export");
        if let Some(state) = states.clone().find(|state| state["running"] == false) {
            break state.clone();
        }
    };
    assert_eq!((&ended["cancelled"], &ended["total"]), (&json!(true), &json!(300)), "{ended}");
    // A folder in which nothing was written is not left.
    let there: Vec<_> = std::fs::read_dir(&out).into_iter().flatten().map(|e| e.expect("an entry").path()).collect();
    assert_eq!((json!(there.len()), out.exists()), (ended["written"].clone(), !there.is_empty()), "{ended}");
    for path in there {
        let text = std::fs::read_to_string(&path).expect("a fixture");
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", path.display());
    }
    // The next one writes all of them.
    log.ask("export_start", start).await;
    let state = loop {
        let state = log.ask("export_state", json!({})).await;
        if state["running"] == false {
            break state;
        }
        events.next().await;
    };
    assert_eq!(state["written"].as_u64().unwrap_or_default() + state["unchanged"].as_u64().unwrap_or_default(), 300);
    let page = log.ask("export_files", json!({ "from": 299, "limit": 10, "existing_only": false })).await;
    assert_eq!(page[0]["name"], "task.succeed--t1--300.json");
}

/// A batch is exported as whoever received it would have captured it: under its attempts' names, signed anew as it left.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_batch_sent_is_exported() {
    let log = log().await;
    let of_batch = |format: &str| {
        let mut request = request(format, &[]);
        request["selection"] = json!({ "kind": "batch" });
        json!({ "request": request })
    };
    let none = dispatch(&log.engine, "export_preview", of_batch("fixtures")).await;
    assert!(none.expect_err("none was sent").message.contains("the batch sent nothing that is kept"));

    log.post("", r#"{"taskId":"t1","status":"succeed"}"#, 2).await;
    let to = format!("http://{}/again", log.addr);
    let options = json!({ "timeout_ms": 5000, "any_certificate": false, "follow_redirects": false });
    let batch = json!({
        "selection": { "kind": "filter", "filter": "path:/pollo" }, "to": to, "pace": { "kind": "fast", "at_once": 1 },
        "sign_anew": true, "options": options,
    });
    let mut events = log.engine.subscribe();
    log.ask("batch_start", json!({ "request": batch })).await;
    while log.ask("batch", json!({})).await["running"] == true {
        events.next().await;
    }
    let text = log.ask("export_text", of_batch("ndjson")).await;
    let lines: Vec<Value> = text["text"]
        .as_str()
        .expect("a text")
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    for line in &lines {
        assert!(line["source"]["delivery"].as_str().is_some_and(|id| id.starts_with("attempt:")), "{line}");
        assert!(line.to_string().contains("/again"), "{line}");
    }
}

/// Waits for the end of the export and answers its state.
async fn ended(log: &Log, events: &mut countersign_engine::Subscription) -> Value {
    loop {
        let state = log.ask("export_state", json!({})).await;
        if state["running"] == false {
            return state;
        }
        events.next().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_holds_for_the_files_that_were_asked_about() {
    let log = log().await;
    let body = |task: &str| format!(r#"{{"taskId":"{task}","status":"succeed"}}"#);
    let out = log.folder.path().join("out");
    std::fs::create_dir(&out).expect("a folder");
    for task in ["t1", "t2"] {
        std::fs::write(out.join(format!("task.succeed--{task}.json")), "mine").expect("a file");
    }
    let start = |on_existing: &str| {
        let destination = json!({ "kind": "folder", "path": out });
        json!({ "request": request("fixtures", &[]), "destination": destination, "on_existing": on_existing })
    };
    let existing = |state: &Value| (state["existing"].clone(), state["overwritten"].clone());
    let mine = |task: &str| std::fs::read(out.join(format!("task.succeed--{task}.json"))).expect("a file") == b"mine";
    let mut events = log.engine.subscribe();
    log.post("", &body("t1"), 1).await;
    log.ask("export_start", start("ask")).await;
    assert_eq!(existing(&ended(&log, &mut events).await), (json!(1), json!(0)));
    // Another delivery arrives before that is answered, and its file is there as well.
    log.post("", &body("t2"), 1).await;
    log.ask("export_start", start("overwrite")).await;
    assert_eq!(existing(&ended(&log, &mut events).await), (json!(2), json!(0)));
    assert_eq!((mine("t1"), mine("t2")), (true, true));
    log.ask("export_start", start("overwrite")).await;
    assert_eq!(existing(&ended(&log, &mut events).await), (json!(0), json!(2)));
    assert_eq!((mine("t1"), mine("t2")), (false, false));
}
