//! Sending by hand through the engine's commands, to endpoints that are real sockets.

use countersign_core::secret::SecretText;
use countersign_engine::{Engine, OpenOptions, dispatch};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);
const SECRET: &str = "a secret of the test";
const BODY: &str =
    r#"{"id":"evt_1","type":"ppt.generation.completed","created":"2026-11-20T10:00:00Z","data":{"ppt_id":"p"}}"#;

fn read_message(reader: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let from = message.len();
        if reader.read_until(b'\n', &mut message).unwrap_or(0) == 0 {
            return message;
        }
        let line = String::from_utf8_lossy(&message[from..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line == "\r\n" {
            break;
        }
    }
    let from = message.len();
    message.resize(from + length, 0);
    reader.read_exact(&mut message[from..]).expect("the body comes");
    message
}

/// An endpoint that keeps every request as it came; the answer may depend on it, and none is given where it is empty.
struct Endpoint {
    addr: SocketAddr,
    requests: Receiver<Vec<u8>>,
}

impl Endpoint {
    fn new(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> Endpoint {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let addr = socket.local_addr().expect("it is bound");
        let (send, requests) = channel();
        std::thread::spawn(move || {
            for stream in socket.incoming().map_while(Result::ok) {
                let mut reader = BufReader::new(stream);
                let request = read_message(&mut reader);
                let answer = answer(&request);
                if send.send(request).is_err() {
                    return;
                }
                if answer.is_empty() {
                    // Until the sender hangs up: that is what is told then.
                    let mut rest = Vec::new();
                    let _ = reader.read_to_end(&mut rest);
                    let _ = send.send(b"hung up".to_vec());
                } else if reader.get_mut().write_all(&answer).is_err() {
                    return;
                }
            }
        });
        Endpoint { addr, requests }
    }

    fn status(status: u16) -> Endpoint {
        Endpoint::new(move |_| format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok").into_bytes())
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    fn next(&self) -> Vec<u8> {
        self.requests.recv_timeout(PATIENCE).expect("a request comes")
    }

    fn text(&self) -> String {
        String::from_utf8(self.next()).expect("text")
    }
}

struct App {
    engine: Engine,
    addr: SocketAddr,
    folder: TempDir,
}

impl App {
    async fn start() -> App {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let run_secrets =
            vec![("ihateppt".parse().expect("an id"), "main".to_owned(), SecretText::new(SECRET.to_owned()))];
        let options =
            OpenOptions { db: folder.path().join("log.db"), run_secrets, no_keychain: true, ..OpenOptions::default() };
        let engine = Engine::open(options).await.expect("the log can be opened");
        let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
        App { engine, addr, folder }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    async fn refused(&self, name: &str, args: Value) -> String {
        dispatch(&self.engine, name, args).await.expect_err("it is refused").message
    }

    /// Sends a delivery as bytes and gives its id.
    async fn deliver(&self, request: Vec<u8>) -> String {
        let addr = self.addr;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(addr).expect("it accepts");
            stream.write_all(&request).expect("it reads");
            read_message(&mut BufReader::new(stream));
        })
        .await
        .expect("it was sent");
        let page =
            self.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 1, "grouped": false })).await;
        page["items"][0]["id"].as_str().expect("an id").to_owned()
    }

    async fn captured(&self) -> String {
        let head = format!(
            "POST /ihateppt/x?y=1 HTTP/1.1\r\nhOST: a\r\nX-Webhook-Event: ppt.generation.completed\r\n\
             content-TYPE: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{BODY}",
            BODY.len()
        );
        self.deliver(head.into_bytes()).await
    }

    /// A draft of that delivery to an endpoint.
    async fn draft(&self, id: &str, url: &str) -> Value {
        let mut start = self.call("draft_start", json!({ "source": { "kind": "delivery", "id": id } })).await;
        start["draft"]["url"] = url.into();
        start["draft"].take()
    }

    async fn send(&self, delivery: Option<&str>, draft: &Value, mode: Value) -> Value {
        let signing = json!({ "provider": "ihateppt", "mode": mode });
        let args = json!({
            "token": "t", "delivery": delivery, "draft": draft, "signing": signing, "options": {}
        });
        self.call("draft_send", args).await
    }
}

fn sign() -> Value {
    json!({ "kind": "sign", "secret": "main", "timestamp": { "kind": "now" }, "new_id": false })
}

fn fault(name: &str) -> Value {
    json!({ "kind": "break", "secret": null, "fault": { "name": name } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_sent_again_byte_for_byte() {
    let (app, endpoint) = (App::start().await, Endpoint::status(200));
    let body = b"\x00\xff{\"a\":1}\r\n";
    let head = format!(
        "PUT /in/x?y=%20 HTTP/1.1\r\nX-b: 2\r\nhOST: a\r\nX-a: 1\r\nx-B: 3\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\
         CONTENT-length: {}\r\n\r\n",
        body.len()
    );
    let id = app.deliver([head.as_bytes(), &body[..]].concat()).await;
    let refused = app.refused("delivery_resend", json!({ "token": "t", "id": id, "to": null })).await;
    assert_eq!(refused, "It was not sent to any endpoint yet: say where to send it.");
    let to = endpoint.url("/other?z=1");
    for to in [json!(to), Value::Null] {
        let sent = app.call("delivery_resend", json!({ "token": "t", "id": id, "to": to })).await;
        assert_eq!((&sent["status"], &sent["kind"], &sent["delivery"]), (&json!(200), &json!("resend"), &json!(id)));
        let head = format!(
            "PUT /other?z=1 HTTP/1.1\r\nX-b: 2\r\nhOST: {}\r\nX-a: 1\r\nx-B: 3\r\nCONTENT-length: {}\r\n\r\n",
            endpoint.addr,
            body.len()
        );
        assert_eq!(
            endpoint.next().escape_ascii().to_string(),
            [head.as_bytes(), &body[..]].concat().escape_ascii().to_string()
        );
    }
    let detail = app.call("delivery_detail", json!({ "id": id })).await;
    assert_eq!(detail["attempts"].as_array().map(Vec::len), Some(2));
    assert_eq!(detail["summary"]["body_len"], body.len(), "the delivery stays as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_is_accepted_and_what_is_broken_is_told_from_it() {
    let app = App::start().await;
    let id = app.captured().await;
    let (strict, lax) = (Endpoint::status(401), Endpoint::status(200));
    let options = app.call("signing_options", json!({ "provider": "ihateppt" })).await;
    assert_eq!(options["secrets"], json!(["main"]));
    let rows = [
        ("sign", sign(), "pass", "signed with “main”", Some(false), Some(true)),
        ("tampered", fault("tampered_body"), "fail", "body tampered with", Some(true), Some(false)),
        ("missing", fault("missing_header"), "missing", "signature missing", Some(true), Some(false)),
        (
            "old",
            json!({ "kind": "break", "secret": null, "fault": { "name": "stale", "age_s": 3600 } }),
            "stale",
            "timestamp 1 h old",
            Some(true),
            Some(false),
        ),
        (
            "other",
            json!({ "kind": "other", "value": "not that one" }),
            "fail",
            "signed with another secret",
            Some(true),
            Some(false),
        ),
    ];
    for (name, mode, outcome, words, at_strict, at_lax) in rows {
        let draft = app.draft(&id, &strict.url("/")).await;
        let signing = json!({ "provider": "ihateppt", "mode": mode });
        let preview = app.call("draft_preview", json!({ "draft": draft, "signing": signing })).await;
        assert_eq!(preview["verdict"]["outcome"], outcome, "{name}: {preview}");
        assert_eq!(preview["problem"], Value::Null, "{name}");
        for (endpoint, expected) in [(&strict, at_strict), (&lax, at_lax)] {
            let draft = app.draft(&id, &endpoint.url("/")).await;
            let sent = app.send(Some(&id), &draft, mode.clone()).await;
            assert_eq!((&sent["signing"], &sent["as_expected"]), (&json!(words), &json!(expected)), "{name}");
            assert!(endpoint.text().ends_with('}'), "{name}");
        }
    }
    let kept = app.send(Some(&id), &app.draft(&id, &lax.url("/")).await, json!({ "kind": "keep" })).await;
    assert_eq!(
        (&kept["signing"], &kept["as_expected"]),
        (&Value::Null, &json!(false)),
        "a missing signature was accepted"
    );
    let kept = std::fs::read(app.folder.path().join("log.db")).expect("the log is there");
    for secret in [SECRET, "not that one"] {
        assert!(!kept.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "“{secret}” is in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_draft_leaves_as_it_was_edited() {
    let (app, endpoint) = (App::start().await, Endpoint::status(204));
    let id = app.captured().await;
    app.call("named_values_set", json!({ "values": [{ "name": "endpoint", "value": endpoint.url("/hook") }] })).await;
    let mut draft = app.draft(&id, "{{endpoint}}?a=b").await;
    let text = |text: &str| json!({ "text": text });
    let header = |name: &str, value: &str, on: bool, follows: bool| json!({ "name": text(name), "value": text(value), "on": on, "follows": follows });
    draft["method"] = "PATCH".into();
    draft["headers"] = json!([
        header("x-Twice", "1", true, false),
        header("Host", "was", true, true),
        header("Off", "x", false, false),
        header("Content-Length", "99999", true, true),
        header("x-Twice", "2", true, false),
    ]);
    draft["body"] = json!({ "kind": "text", "text": "{\"é\":1}" });
    app.send(None, &draft, json!({ "kind": "keep" })).await;
    let expected = format!(
        "PATCH /hook?a=b HTTP/1.1\r\nx-Twice: 1\r\nHost: {}\r\nContent-Length: 8\r\nx-Twice: 2\r\n\r\n{{\"é\":1}}",
        endpoint.addr
    );
    assert_eq!(endpoint.text(), expected);

    draft["headers"][1] = header("Host", "pinned.example", true, false);
    app.send(None, &draft, json!({ "kind": "keep" })).await;
    assert!(endpoint.text().contains("Host: pinned.example\r\n"));

    let page = app.call("attempts_page", json!({ "before": null, "limit": 1 })).await;
    assert_eq!((&page[0]["delivery"], &page[0]["kind"]), (&Value::Null, &json!("draft")));
    let again = app.call("draft_start", json!({ "source": { "kind": "attempt", "id": page[0]["id"] } })).await;
    assert_eq!(again["draft"]["body"], draft["body"]);
    assert_eq!(again["draft"]["url"], endpoint.url("/hook?a=b"));

    draft["url"] = "{{nowhere}}".into();
    let args = json!({ "draft": draft, "signing": { "provider": null, "mode": { "kind": "keep" } } });
    let problem = app.call("draft_preview", args).await["problem"].as_str().expect("a problem").to_owned();
    assert!(problem.starts_with("In the URL: There is no placeholder “nowhere”"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_closes_the_socket_and_is_kept() {
    let (app, endpoint) = (App::start().await, Endpoint::new(|_| Vec::new()));
    let id = app.captured().await;
    let draft = app.draft(&id, &endpoint.url("/")).await;
    let signing = json!({ "provider": null, "mode": { "kind": "keep" } });
    let args = json!({ "token": "t", "delivery": id, "draft": draft, "signing": signing, "options": {} });
    let engine = app.engine.clone();
    let sending = tokio::spawn(async move { dispatch(&engine, "draft_send", args).await.expect("it is kept") });
    endpoint.next();
    app.call("send_cancel", json!({ "token": "t" })).await;
    let sent = sending.await.expect("it ends");
    assert_eq!(sent["state"], "failed");
    assert_eq!(sent["error"], "Cancelled: the connection was closed. The endpoint may have received it.");
    assert_eq!(endpoint.next(), b"hung up");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_followed_only_where_that_was_chosen() {
    let app = App::start().await;
    let id = app.captured().await;
    let last = Endpoint::status(200);
    let to = last.url("/there");
    let first =
        Endpoint::new(move |_| format!("HTTP/1.1 303 See\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes());
    let aimed = first.url("/");
    let mut draft = app.draft(&id, &first.url("/")).await;
    draft["body"] = json!({ "kind": "of_delivery", "id": id, "len": BODY.len() });
    draft["headers"].as_array_mut().expect("a list").push(
        json!({ "name": { "text": "Authorization" }, "value": { "text": "Bearer x" }, "on": true, "follows": false }),
    );
    let signing = json!({ "provider": null, "mode": { "kind": "keep" } });
    for (follow, status) in [(false, 303), (true, 200)] {
        let options = json!({ "follow_redirects": follow });
        let args = json!({ "token": "t", "delivery": id, "draft": draft, "signing": signing, "options": options });
        assert_eq!(app.call("draft_send", args).await["status"], status);
        assert!(first.text().contains("Authorization: Bearer x\r\n"));
    }
    let led = last.text();
    assert!(led.starts_with("GET /there HTTP/1.1\r\n"), "{led}");
    assert!(!led.contains("Authorization") && !led.contains("evt_1"), "{led}");
    let detail = app.call("delivery_detail", json!({ "id": id })).await;
    assert_eq!(detail["attempts"].as_array().map(Vec::len), Some(3), "each step is an attempt of its own");
    let source = json!({ "kind": "attempt", "id": detail["attempts"][2]["id"] });
    let again = app.call("draft_start", json!({ "source": source })).await;
    assert_eq!(again["draft"]["body"], json!({ "kind": "text", "text": "" }), "the GET had no body");
    let start = app.call("draft_start", json!({ "source": { "kind": "delivery", "id": id } })).await;
    assert_eq!(start["draft"]["url"], json!(aimed), "nobody aimed at where the answer led");
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_come_from_the_catalogue_templates_and_pasted_text() {
    let app = App::start().await;
    let source = json!({
        "kind": "event", "provider": "ihateppt", "event_type": "ppt.generation.failed",
        "values": { "/data/title": "a \"b\"" }, "fresh": true
    });
    let first = app.call("draft_start", json!({ "source": source })).await;
    let second = app.call("draft_start", json!({ "source": source })).await;
    let body = |start: &Value| {
        serde_json::from_str::<Value>(start["draft"]["body"]["text"].as_str().expect("text")).expect("JSON")
    };
    assert_eq!(body(&first)["data"]["title"], "a \"b\"");
    assert_ne!(body(&first)["id"], body(&second)["id"]);
    assert_eq!(first["signing"]["mode"]["kind"], "sign");
    assert_eq!(first["draft"]["url"], format!("http://{}/ihateppt", app.addr));

    // To the own listener: it arrives, and passes.
    let sent = app.send(None, &first["draft"], first["signing"]["mode"].clone()).await;
    assert_eq!((&sent["status"], &sent["as_expected"]), (&json!(200), &json!(true)));
    let page = app
        .call("deliveries_page", json!({ "filter": "verdict:pass", "before": null, "limit": 5, "grouped": false }))
        .await;
    assert_eq!(page["items"][0]["event_type"], "ppt.generation.failed");

    let signing = json!({ "provider": "ihateppt", "mode": { "kind": "other", "value": "typed secret" } });
    let saved =
        app.call("template_save", json!({ "name": " mine ", "draft": first["draft"], "signing": signing })).await;
    assert_eq!((&saved[0]["name"], &saved[0]["provider"]), (&json!("mine"), &json!("ihateppt")));
    let kept = app.call("draft_start", json!({ "source": { "kind": "template", "id": saved[0]["id"] } })).await;
    assert_eq!((&kept["draft"], &kept["signing"]["mode"]["kind"]), (&first["draft"], &json!("keep")));
    assert_eq!(app.call("template_remove", json!({ "id": saved[0]["id"] })).await, json!([]));

    let pasted = "curl 'http://h.test/x' -H 'X-A: 1' --data-raw '{\"a\": 1.0}'";
    let start = app.call("draft_start", json!({ "source": { "kind": "pasted", "text": pasted } })).await;
    assert_eq!(start["draft"]["method"], "POST");
    assert_eq!(start["draft"]["body"], json!({ "kind": "text", "text": "{\"a\": 1.0}" }));
    let wrong =
        app.refused("draft_start", json!({ "source": { "kind": "pasted", "text": "curl --unheard-of x" } })).await;
    assert!(wrong.starts_with("Line 1, column 6: "), "{wrong}");
    let copied = app
        .call(
            "draft_copy",
            json!({ "draft": start["draft"], "signing": start["signing"], "form": "curl", "keep_out": true }),
        )
        .await;
    assert!(
        copied["text"].as_str().is_some_and(|text| text.starts_with("curl ") && text.contains("X-A: 1")),
        "{copied}"
    );
}

impl App {
    async fn until(&self, what: &str, done: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let state = self.call("batch", json!({})).await;
            if done(&state) {
                return state;
            }
            assert!(tokio::time::Instant::now() < deadline, "waited in vain until {what}: {state}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn batch(&self, selection: Value, to: Option<String>, pace: Value, sign_anew: bool) -> Value {
        let request = json!({ "selection": selection, "to": to, "pace": pace, "sign_anew": sign_anew, "options": {} });
        self.call("batch_start", json!({ "request": request })).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_leaves_in_captured_order_and_what_was_refused_is_sent_again() {
    let app = App::start().await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let body = format!("{{\"n\":{n}}}");
        let head = format!(
            "POST /a/{n} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        ids.push(app.deliver(head.into_bytes()).await);
    }
    app.deliver(b"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()).await;
    // The one with a 2 is refused as long as its header is not there.
    let endpoint = Endpoint::new(|request| {
        let refused = request.ends_with(b"{\"n\":2}");
        format!("HTTP/1.1 {} X\r\nContent-Length: 0\r\n\r\n", if refused { 500 } else { 204 }).into_bytes()
    });
    let selection = json!({ "kind": "filter", "filter": "path:/a*" });
    let begun = app.batch(selection, Some(endpoint.url("/in")), json!({ "kind": "fast", "at_once": 1 }), false).await;
    assert_eq!(begun["total"], 4);
    let done = app.until("it is over", |state| state["running"] == false).await;
    assert_eq!((&done["accepted"], &done["refused"], &done["failed"]), (&json!(3), &json!(1), &json!(0)));
    for n in 0..4 {
        assert!(endpoint.text().ends_with(&format!("{{\"n\":{n}}}")), "in the order in which they were captured");
    }
    let open = app.call("batch_items", json!({ "from": 0, "limit": 10, "open_only": true })).await;
    assert_eq!((&open[0]["delivery"], &open[0]["attempt"]["status"]), (&json!(ids[2]), &json!(500)));
    let again = app.call("batch_retry", json!({})).await;
    assert_eq!(again["total"], 1);
    app.until("it is over", |state| state["running"] == false).await;
    assert!(endpoint.text().ends_with("{\"n\":2}"));

    let refused = app
        .refused(
            "batch_start",
            json!({ "request": {
        "selection": { "kind": "ids", "ids": [] }, "to": null, "pace": { "kind": "rate", "per_second": 0.0 },
        "sign_anew": false, "options": {}
    } }),
        )
        .await;
    assert_eq!(refused, "A rate takes 0.01 to 1,000 a second.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_a_thousand_is_held_and_cancelled_in_the_middle() {
    let app = App::start().await;
    let addr = app.addr;
    tokio::task::spawn_blocking(move || {
        let mut stream = BufReader::new(TcpStream::connect(addr).expect("it accepts"));
        for _ in 0..1000 {
            stream
                .get_mut()
                .write_all(b"POST /many HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
                .expect("it reads");
            read_message(&mut stream);
        }
    })
    .await
    .expect("they were sent");
    let endpoint = Endpoint::status(200);
    let selection = json!({ "kind": "filter", "filter": "path:/many" });
    app.batch(selection, Some(endpoint.url("/")), json!({ "kind": "fast", "at_once": 4 }), false).await;
    app.until("some are sent", |state| state["done"].as_u64() >= Some(100)).await;
    assert_eq!(app.call("batch_pause", json!({ "paused": true })).await["paused"], true);
    // What is under way when it is held still comes to its end.
    let mut held = app.until("some are sent", |state| state["done"].as_u64() >= Some(100)).await;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = app.call("batch", json!({})).await;
        if now["done"] == held["done"] {
            break;
        }
        held = now;
    }
    assert!(held["done"].as_u64() < Some(1000), "{held}");
    app.call("batch_pause", json!({ "paused": false })).await;
    let before = held["done"].as_u64();
    app.until("it goes on", |state| state["done"].as_u64() > before).await;
    app.call("batch_cancel", json!({})).await;
    let over = app.until("it is over", |state| state["running"] == false).await;
    let sent = over["done"].as_u64().expect("a number");
    assert_eq!((&over["cancelled"], sent < 1000), (&json!(true), true), "{over}");
    let kept = app.call("attempts_page", json!({ "before": null, "limit": 1000 })).await;
    assert_eq!(kept.as_array().map(Vec::len), usize::try_from(sent).ok(), "what was sent is kept, and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_can_be_signed_anew() {
    let (app, endpoint) = (App::start().await, Endpoint::status(200));
    let id = app.captured().await;
    let selection = json!({ "kind": "ids", "ids": [id] });
    let pace = json!({ "kind": "recorded", "speed": 10.0 });
    app.batch(selection, Some(endpoint.url("/")), pace, true).await;
    app.until("it is over", |state| state["running"] == false).await;
    let sent = endpoint.text();
    assert!(sent.contains("X-Webhook-Signature: sha256=") && sent.contains("X-Webhook-Timestamp: "), "{sent}");
    let detail = app.call("delivery_detail", json!({ "id": id })).await;
    let attempt = &detail["attempts"][0];
    assert_eq!(
        (&attempt["kind"], &attempt["signing"], &attempt["as_expected"]),
        (&json!("batch"), &json!("signed with “main”"), &json!(true))
    );
}
