//! Forwarding through the engine's commands, to endpoints that are real sockets.

use countersign_engine::wire::{EngineEvent, ForwardProgress};
use countersign_engine::{Engine, OpenOptions, Subscription, dispatch};
use serde_json::{Value, json};
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// An endpoint that keeps every request as it came and answers all of them alike.
struct Endpoint {
    addr: SocketAddr,
    requests: Receiver<Vec<u8>>,
}

fn read_message(stream: &mut impl std::io::BufRead) -> Vec<u8> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let from = message.len();
        if stream.read_until(b'\n', &mut message).unwrap_or(0) == 0 {
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
    stream.read_exact(&mut message[from..]).expect("the body comes");
    message
}

impl Endpoint {
    fn on(addr: &str, answer: &'static [u8]) -> Endpoint {
        let socket = TcpListener::bind(addr).expect("a port is free");
        let addr = socket.local_addr().expect("it is bound");
        let (send, requests) = channel();
        std::thread::spawn(move || {
            for stream in socket.incoming() {
                let Ok(stream) = stream else { return };
                let mut reader = BufReader::new(stream);
                let request = read_message(&mut reader);
                // Who no longer listens ends the endpoint.
                if reader.get_mut().write_all(answer).is_err() || send.send(request).is_err() {
                    return;
                }
            }
        });
        Endpoint { addr, requests }
    }

    fn new(answer: &'static [u8]) -> Endpoint {
        Endpoint::on("127.0.0.1:0", answer)
    }

    fn next(&self) -> Vec<u8> {
        self.requests.recv_timeout(PATIENCE).expect("a request comes")
    }
}

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

    /// Sends bytes on a new connection and gives all that comes back.
    async fn send(&self, request: Vec<u8>) -> Vec<u8> {
        let addr = self.addr;
        let sent = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(addr).expect("it accepts");
            stream.write_all(&request).expect("it reads");
            read_message(&mut BufReader::new(stream))
        });
        sent.await.expect("it was sent")
    }

    async fn post(&self, path: &str, body: &str) -> Vec<u8> {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
        self.send([head.as_bytes(), body.as_bytes()].concat()).await
    }

    async fn route(&self, target: &str, change: Value) -> String {
        let mut route = json!({
            "id": "", "name": "mine", "on": true, "when": "", "target": target, "timeout_ms": 5000, "failure_status": 502
        });
        route.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let routes = self.call("routes_set", json!({ "routes": [route] })).await;
        routes[0]["route"]["id"].as_str().expect("an id").to_owned()
    }

    /// The attempts of the newest delivery.
    async fn attempts(&self) -> Vec<Value> {
        let page =
            self.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 1, "grouped": false })).await;
        let detail = self.call("delivery_detail", json!({ "id": page["items"][0]["id"] })).await;
        detail["attempts"].as_array().expect("attempts").clone()
    }
}

/// Waits until what was missed is no longer sent.
async fn over(events: &mut Subscription) -> ForwardProgress {
    let over = async {
        loop {
            let batch = events.next().await.expect("the engine is there");
            let ended = batch.events.into_iter().find_map(|event| match event {
                EngineEvent::Forwarding(progress) if !progress.running => Some(progress),
                _ => None,
            });
            if let Some(progress) = ended {
                return progress;
            }
        }
    };
    tokio::time::timeout(PATIENCE, over).await.expect("it ends")
}

fn status(answer: &[u8]) -> &str {
    std::str::from_utf8(&answer[9..12]).expect("a status")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_gets_the_senders_bytes_and_the_sender_its_answer() {
    let endpoint = Endpoint::new(
        b"HTTP/1.1 207 Odd\r\nX-ODD: 1\r\nx-odd: 2\r\nKeep-Alive: 5\r\nContent-Length: 3\r\n\r\n\x00\xff\n",
    );
    let app = App::start().await;
    app.route(&format!("http://{}/in?k=1", endpoint.addr), json!({ "strip": "/pollo" })).await;
    let body: Vec<u8> = (0..=255).collect();
    let head = "PUT /pollo/a%20b?x=1&x=2 HTTP/1.1\r\nhOST: me\r\nX-b: 1\r\nconnection: X-Gone\r\nX-Gone: 1\r\nX-B:  two \r\n\
                x-Latin: \u{e9}\r\ncontent-LENGTH: 256\r\n\r\n";
    let answer = app.send([head.as_bytes(), &body].concat()).await;
    let got = endpoint.next();
    let expected = format!(
        "PUT /in/a%20b?k=1&x=1&x=2 HTTP/1.1\r\nhOST: {}\r\nX-b: 1\r\nX-B: two\r\nx-Latin: \u{e9}\r\ncontent-LENGTH: 256\r\n\r\n",
        endpoint.addr
    );
    assert_eq!(String::from_utf8_lossy(&got[..got.len() - 256]), expected);
    assert!(got.ends_with(&body));
    let text = String::from_utf8_lossy(&answer).to_ascii_lowercase();
    assert!(text.starts_with("http/1.1 207 ") && answer.ends_with(b"\r\n\r\n\x00\xff\n"), "{text}");
    assert!(text.contains("x-odd: 1\r\nx-odd: 2\r\n") && !text.contains("keep-alive"), "{text}");
    let attempts = app.attempts().await;
    assert_eq!((attempts.len(), &attempts[0]["status"], &attempts[0]["state"]), (1, &json!(207), &json!("answered")));
    let detail = app.call("attempt_detail", json!({ "id": attempts[0]["id"] })).await;
    assert_eq!(detail["request_head"]["text"], json!(expected));
    assert_eq!(detail["reply_headers"][1]["name"]["text"], json!("x-odd"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_endpoint_missed_is_kept_and_sent_later_in_order() {
    let down = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let addr = down.local_addr().expect("it is bound").to_string();
    drop(down);
    let app = App::start().await;
    let id = app.route(&format!("http://{addr}"), json!({ "when": "path:/hook*", "failure_status": 504 })).await;
    for path in ["/hook/1", "/hook/2", "/else", "/hook/3"] {
        let expected = if path == "/else" { "200" } else { "504" };
        assert_eq!(status(&app.post(path, path).await), expected, "{path}");
    }
    let attempts = app.attempts().await;
    let error = attempts[0]["error"].as_str().expect("it says why").to_ascii_lowercase();
    assert!(attempts[0]["state"] == "failed" && error.contains("refused"), "{error}");
    assert_eq!(app.call("routes", json!({})).await[0]["missed"], json!(3));

    let endpoint = Endpoint::on(&addr, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut events = app.engine.subscribe();
    assert_eq!(app.call("forward_missed", json!({ "route": id })).await["total"], json!(3));
    let progress = over(&mut events).await;
    assert_eq!((progress.done, progress.failed), (3, 0));
    let bodies: Vec<Vec<u8>> = (0..3).map(|_| endpoint.next().split_off(0)).collect();
    for (body, path) in bodies.iter().zip(["/hook/1", "/hook/2", "/hook/3"]) {
        assert!(body.ends_with(path.as_bytes()), "in the order of arrival");
    }
    assert_eq!(app.call("routes", json!({})).await[0]["missed"], json!(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_beside_answers_at_once_and_only_what_passes_is_sent() {
    let endpoint = Endpoint::new(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    let app = App::start().await;
    app.route(&format!("http://{}", endpoint.addr), json!({ "mode": "beside", "when": "-verdict:missing,fail" })).await;
    let mut events = app.engine.subscribe();
    assert_eq!(status(&app.post("/videopilot", "{}").await), "200");
    assert!(app.attempts().await.is_empty());
    assert_eq!(status(&app.post("/x", "{}").await), "200");
    endpoint.next();
    let ended = async {
        loop {
            let batch = events.next().await.expect("the engine is there");
            if batch.events.iter().any(|event| matches!(event, EngineEvent::AttemptsChanged { .. })) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("it ends");
    let attempts = app.attempts().await;
    assert_eq!((&attempts[0]["state"], &attempts[0]["status"]), (&json!("answered"), &json!(500)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_to_the_listener_itself_goes_nowhere() {
    let mut app = App::start().await;
    // Made while the listener was elsewhere: nothing was wrong with it then.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port is free");
    app.route(&format!("http://localhost:{}", free.port()), json!({})).await;
    app.addr = app.engine.listen(Some(free), false).await.expect("it moves there");
    assert_eq!(status(&app.post("/a", "x").await), "502");
    let count = app.call("deliveries_count", json!({ "filter": "" })).await;
    assert_eq!(count["total"], json!(1), "nothing came round");
    let error = app.attempts().await[0]["error"].as_str().expect("it says why").to_owned();
    assert!(error.to_ascii_lowercase().contains("listener"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_to_the_own_listener_is_refused_when_it_is_entered() {
    let app = App::start().await;
    let port = app.addr.port();
    let rows = [
        (format!("http://127.0.0.1:{port}/x"), true),
        (format!("http://LOCALHOST:{port}"), true),
        (format!("http://[::1]:{port}/"), true),
        (format!("http://127.0.0.1:{}/x", port.wrapping_add(1).max(1)), false),
        (format!("http://192.0.2.1:{port}/x"), false),
    ];
    for (target, refused) in rows {
        let route = json!({ "id": "", "name": "mine", "on": true, "when": "", "target": target, "timeout_ms": 5000, "failure_status": 502 });
        let fault = app.call("route_check", json!({ "route": route })).await;
        assert_eq!(fault["field"] == "target", refused, "{target}: {fault}");
        let set = dispatch(&app.engine, "routes_set", json!({ "routes": [route] })).await;
        assert_eq!(set.is_err(), refused, "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_under_way_when_sending_later_was_cancelled_is_in_the_history() {
    let down = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let addr = down.local_addr().expect("it is bound").to_string();
    drop(down);
    let app = App::start().await;
    let id = app.route(&format!("http://{addr}"), json!({})).await;
    assert_eq!(status(&app.post("/a", "x").await), "502");
    let socket = TcpListener::bind(&addr).expect("the port is free again");
    let mut events = app.engine.subscribe();
    app.call("forward_missed", json!({ "route": id })).await;
    // It takes the request and never answers.
    let taken = tokio::task::spawn_blocking(move || {
        let mut reader = BufReader::new(socket.accept().expect("it comes").0);
        read_message(&mut reader);
        reader
    });
    let held = taken.await.expect("it was taken");
    app.call("forward_cancel", json!({ "route": id })).await;
    let progress = over(&mut events).await;
    drop(held);
    assert_eq!((progress.done, progress.failed), (0, 0), "it is neither answered nor refused");
    let attempts = app.attempts().await;
    assert_eq!(attempts.len(), 2, "the endpoint has got it, so the history says so");
    let error = attempts[1]["error"].as_str().expect("it says why");
    assert!(attempts[1]["state"] == "failed" && error.starts_with("Cancelled"), "{error}");
    assert_eq!(app.call("routes", json!({})).await[0]["missed"], json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_to_the_own_public_address_goes_nowhere() {
    let app = App::start().await;
    app.route("https://Hooks.example.test/in/a", json!({ "when": "path:/early" })).await;
    app.call("tunnel_own_url", json!({ "url": "https://hooks.example.test/in" })).await;
    assert_eq!(status(&app.post("/early", "x").await), "502", "it was there before the tunnel");
    let attempt = app.attempts().await.remove(0);
    let error = attempt["error"].as_str().expect("it says why");
    assert!(attempt["state"] == "dropped" && error.contains("public address"), "{error}");
    let rows = [
        ("https://hooks.example.test/in", true),
        ("http://hooks.example.test/in/x", true),
        ("https://hooks.example.test/inner", false),
        ("https://hooks.example.test:8443/in", false),
        ("https://example.test/in", false),
    ];
    for (target, refused) in rows {
        let route = json!({ "id": "", "name": "mine", "on": true, "when": "", "target": target, "timeout_ms": 5000, "failure_status": 502 });
        let fault = app.call("route_check", json!({ "route": route })).await;
        assert_eq!(fault["field"] == "target", refused, "{target}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_cut_or_is_none_is_said() {
    let long = [b"HTTP/1.1 200 OK\r\nContent-Length: 5000001\r\n\r\n".to_vec(), vec![b'x'; 5_000_001]].concat();
    let switching = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n".to_vec();
    let rows = [
        (long, "200", "the endpoint “mine”; its answer was cut: the sender got the first 5000000 bytes of it"),
        (switching, "502", "Countersign, for the endpoint “mine”, which wanted to change the protocol (101)"),
    ];
    for (answer, expected, words) in rows {
        let endpoint = Endpoint::new(answer.leak());
        let app = App::start().await;
        app.route(&format!("http://{}", endpoint.addr), json!({})).await;
        assert_eq!(status(&app.post("/a", "x").await), expected);
        let page =
            app.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 1, "grouped": false })).await;
        assert_eq!(page["items"][0]["status"].to_string(), expected);
        let detail = app.call("delivery_detail", json!({ "id": page["items"][0]["id"] })).await;
        assert_eq!(detail["response"]["answered_by"], json!(words));
    }
}
