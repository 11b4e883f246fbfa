//! Comparing through the commands: a real log, a real listener, real requests, a real endpoint.

use countersign_core::secret::SecretText;
use countersign_engine::{Engine, OpenOptions, dispatch};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use tempfile::TempDir;

struct App {
    engine: Engine,
    addr: SocketAddr,
    _folder: TempDir,
}

impl App {
    /// With the secret `main` for VideoPilot, and its deliveries under `/videopilot/sent` forwarded to `endpoint`.
    async fn start(endpoint: Option<SocketAddr>) -> App {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let provider = "videopilot".parse().expect("an id");
        let secret = (provider, "main".to_owned(), SecretText::new("main".to_owned()));
        let options = OpenOptions {
            db: folder.path().join("log.db"),
            run_secrets: vec![secret],
            no_keychain: true,
            ..OpenOptions::default()
        };
        let engine = Engine::open(options).await.expect("the log can be opened");
        let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
        let app = App { engine, addr, _folder: folder };
        if let Some(endpoint) = endpoint {
            let route = json!({
                "id": "", "name": "here", "on": true, "when": "path:/videopilot/sent", "timeout_ms": 30000,
                "target": format!("http://{endpoint}/in"), "failure_status": 502,
            });
            app.call("routes_set", json!({ "routes": [route] })).await;
        }
        app
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    async fn post(&self, path: &str, headers: &str, body: impl Into<Vec<u8>>) {
        let body = body.into();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let addr = self.addr;
        let asked = tokio::task::spawn_blocking(move || {
            let mut socket = TcpStream::connect(addr).expect("it accepts");
            socket.write_all(&[head.as_bytes(), &body].concat()).expect("it reads");
            let mut answer = String::new();
            socket.read_to_string(&mut answer).expect("it answers");
            assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        });
        asked.await.expect("the request was made");
    }

    async fn compare(&self, a: Value, b: Value) -> Value {
        self.call("compare", json!({ "a": a, "b": b })).await
    }

    async fn hashed(&self, given: Value) -> Value {
        self.call("compare_hashed", json!({ "delivery": "1", "scheme": null, "given": given })).await
    }
}

fn delivery(id: u32) -> Value {
    json!({ "kind": "delivery", "id": id.to_string() })
}

// `printf '{"event":"render.started"}' | openssl dgst -sha256 -hmac main`
const BODY: &str = r#"{"event":"render.started"}"#;
const SIGNED: &str =
    "X-VideoPilot-Signature: sha256=800e85913d38460e7222defd33ab32b40ac44ebc62afbb0905119f4209ac3bd9\r\n";

/// What two deliveries of these bodies are to each other: sameness, the kind of changes, words, and the first difference.
async fn bodies(a: impl Into<Vec<u8>>, b: impl Into<Vec<u8>>) -> (String, String, String, Option<u64>) {
    let app = App::start(None).await;
    app.post("/a", "", a).await;
    app.post("/a", "", b).await;
    let body = app.compare(delivery(1), delivery(2)).await["body"].take();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let first = body["first"]["offset"].as_u64();
    (text(&body["sameness"]), text(&body["changes"]["kind"]), text(&body["words"]), first)
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_compared_by_what_they_are() {
    const SIGNED: &str = "A signature over the one does not hold for the other.";
    let same = "The same JSON value, written differently:";
    type Case = (&'static str, &'static [u8], &'static [u8], &'static str, &'static str, String, Option<u64>);
    let cases: [Case; 9] = [
        ("equal", b"x", b"x", "same", "none", "The bodies are the same, byte for byte.".into(), None),
        ("empty", b"", b"", "same", "none", "Both bodies are empty.".into(), None),
        ("a value", br#"{"a":1}"#, br#"{"a":2}"#, "different", "json", "1 change in the JSON.".into(), Some(5)),
        (
            "white space in JSON",
            br#"{"a":1}"#,
            br#"{"a": 1}"#,
            "different",
            "json",
            format!("{same} only white space is different. {SIGNED}"),
            Some(5),
        ),
        (
            "a number's spelling",
            b"[1.0]",
            b"[1]",
            "different",
            "json",
            format!("{same} 1 difference of order or spelling. {SIGNED}"),
            Some(2),
        ),
        (
            "line ends",
            b"one\r\ntwo",
            b"one\ntwo",
            "different",
            "lines",
            format!("1 line is different, in the line ends alone. {SIGNED}"),
            Some(3),
        ),
        (
            "white space in lines",
            b"one two",
            b"one  two",
            "different",
            "lines",
            format!("1 line is different, in white space alone. {SIGNED}"),
            Some(4),
        ),
        ("lines", b"one\ntwo\n", b"one\nTwo\n", "different", "lines", "1 line is different.".into(), Some(4)),
        (
            "bytes",
            b"\xff\x00\x01",
            b"\xff\x02\x01\x03",
            "different",
            "bytes",
            "2 ranges of bytes differ; the first is 3 bytes long, the second 4.".into(),
            Some(1),
        ),
    ];
    for (name, a, b, sameness, kind, words, first) in cases {
        assert_eq!(bodies(a, b).await, (sameness.to_owned(), kind.to_owned(), words, first), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_line_and_body_are_told_apart() {
    let app = App::start(None).await;
    let long = |end: &str| format!("X-Long: {}{end}\r\n", "v".repeat(3000));
    app.post("/a", &format!("X-One: 1\r\nX-Spelled: s\r\nX-Gone: g\r\n{}", long("a")), "x").await;
    app.post("/b", &format!("X-One: 2\r\nx-spelled: s\r\n{}X-New: n\r\n", long("b")), "x").await;
    let found = app.compare(delivery(1), delivery(2)).await;
    assert_eq!(
        (&found["sameness"], &found["words"], &found["same_line"], &found["body"]["sameness"]),
        (&json!("different"), &json!("The request line and 5 headers are different."), &json!(false), &json!("same"))
    );
    let rows = found["headers"]["rows"].as_array().expect("rows");
    let changed: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row["change"] != "same")
        .map(|row| {
            let side = if row["a"].is_null() { &row["b"] } else { &row["a"] };
            (side["name"]["text"].as_str().expect("a name"), row["change"].as_str().expect("a word"))
        })
        .collect();
    let expected = [
        ("X-One", "changed"),
        ("X-Spelled", "spelling"),
        ("X-Gone", "only_a"),
        ("X-Long", "changed"),
        ("X-New", "only_b"),
    ];
    assert_eq!(changed, expected);
    // Of a long value what differs is shown.
    let long = &rows.iter().find(|row| row["a"]["name"]["text"] == "X-Long").expect("it is there")["b"];
    assert_eq!((&long["from"], &long["len"]), (&json!(2940), &json!(3001)));
    assert_eq!(long["value"]["text"], format!("{}b", "v".repeat(60)));

    let same = app.compare(delivery(1), delivery(1)).await;
    assert_eq!(
        (&same["sameness"], &same["words"]),
        (&json!("same"), &json!("They are the same: headers and body, byte for byte."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_and_answers_are_sides_too() {
    let endpoint = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = endpoint.local_addr().expect("its address");
    std::thread::spawn(move || {
        for words in ["one", "two"] {
            let (mut stream, _) = endpoint.accept().expect("a connection");
            let mut got = Vec::new();
            let mut part = [0; 4096];
            while !got.ends_with(BODY.as_bytes()) {
                let read = stream.read(&mut part).expect("a request");
                got.extend_from_slice(&part[..read]);
            }
            let answer = format!("HTTP/1.1 202 {words}\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{words}");
            stream.write_all(answer.as_bytes()).expect("an answer");
        }
    });
    let app = App::start(Some(at)).await;
    app.post("/videopilot/sent", SIGNED, BODY).await;
    app.post("/videopilot/sent", SIGNED, BODY).await;
    let attempt = |id: &str| json!({ "kind": "attempt", "id": id });
    let answer = |id: &str| json!({ "kind": "attempt_answer", "id": id });

    let sent = app.compare(delivery(1), attempt("1")).await;
    assert_eq!((&sent["a"]["title"], &sent["b"]["title"]), (&json!("delivery 1"), &json!("attempt 1")));
    assert_eq!((&sent["b"]["line"]["text"], &sent["same_line"]), (&json!("POST /in HTTP/1.1"), &json!(false)));
    assert_eq!(sent["body"]["sameness"], "same");

    // The statuses are the same, whatever words stand behind them.
    let came = app.compare(answer("1"), answer("2")).await;
    assert_eq!(
        (&came["same_line"], &came["headers"]["different"], &came["words"]),
        (&json!(true), &json!(0), &json!("The body is different."))
    );
    assert_eq!(came["body"]["first"]["words"], "Byte 1 (line 1, column 1): here 0x6F (“o”), there 0x74 (“t”).");

    // What the sender got is what came back.
    let passed_on = app.compare(json!({ "kind": "delivery_answer", "id": "1" }), answer("1")).await;
    assert_eq!((&passed_on["same_line"], &passed_on["body"]["sameness"]), (&json!(true), &json!("same")));

    for (side, words) in [
        (delivery(9), "There is no delivery 9; it may have been deleted."),
        (attempt("9"), "There is no attempt 9; it may have been deleted."),
        (answer("x"), "There is no attempt x; it may have been deleted."),
    ] {
        let refused = dispatch(&app.engine, "compare", json!({ "a": delivery(1), "b": side })).await;
        assert_eq!(refused.expect_err("it is not there").message, words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_is_never_called_the_same() {
    let app = App::start(None).await;
    app.call("settings_change", json!({ "patch": { "body_limit": 65536 } })).await;
    let long = "x".repeat(70_000);
    app.post("/a", "", long.as_str()).await;
    app.post("/a", "", long.as_str()).await;
    app.post("/a", "", &long[..65_536]).await;
    let sameness = async |a, b| app.compare(delivery(a), delivery(b)).await["sameness"].take();
    assert_eq!(sameness(1, 2).await, "unknown", "both were cut");
    assert_eq!(sameness(1, 3).await, "different", "one of them is just as long as what was kept of the other");
    let noted = app.compare(delivery(1), delivery(3)).await;
    let note = "Only the first 65536 of the 70000 bytes of its body or more were kept.";
    assert_eq!((&noted["a"]["notes"], &noted["b"]["notes"]), (&json!([note]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_cross_bounded() {
    let app = App::start(None).await;
    let body = |turn: u32| -> Vec<u8> {
        (0..25_000_000u32).map(|n| (n.wrapping_add(turn).wrapping_mul(2_654_435_761) >> 23) as u8).collect()
    };
    app.post("/a", "", body(0)).await;
    app.post("/a", "", body(1)).await;
    let numbers =
        |from: u32| format!("[{}]", (from..from + 40_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    app.post("/a", "", numbers(0)).await;
    app.post("/a", "", numbers(500_000)).await;
    let bytes = app.compare(delivery(1), delivery(2)).await;
    assert_eq!(bytes["body"]["changes"]["rows"].as_array().map(Vec::len), Some(64));
    let json = app.compare(delivery(3), delivery(4)).await;
    let changes = &json["body"]["changes"];
    assert_eq!((changes["changes"].as_array().map(Vec::len), &changes["more"]), (Some(2000), &json!(38_000)));
    for comparison in [bytes, json] {
        assert!(comparison.to_string().len() < 1 << 20, "{}", comparison.to_string().len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_handler_hashed_is_explained() {
    let app = App::start(None).await;
    app.post("/videopilot", SIGNED, BODY).await;
    let text = |text: &str| json!({ "kind": "text", "text": text });

    let right = app.hashed(text(BODY)).await;
    assert_eq!(
        (&right["sameness"], &right["as_body"], &right["cause"]["code"], &right["scheme"]),
        (&json!("same"), &json!("main"), &json!("captured_body"), &json!("videopilot"))
    );
    // `{"event": "render.started"}` is what json.dumps makes of it.
    let spaced = app.hashed(text(r#"{"event": "render.started"}"#)).await;
    assert_eq!(
        (&spaced["sameness"], &spaced["captured"], &spaced["as_body"], &spaced["from_body"]["offset"]),
        (&json!("different"), &json!("main"), &json!(null), &json!(9))
    );
    assert_eq!(spaced["cause"]["code"], "body_reserialised", "{}", spaced["words"]);
    let object = app.hashed(json!({ "kind": "base64", "base64": "W29iamVjdCBPYmplY3Rd" })).await;
    assert_eq!((&object["len"], &object["cause"]["code"]), (&json!(15), &json!("object_as_text")));

    app.post("/nowhere", "", "x").await;
    let ask = async |delivery: &str, scheme: Option<&str>, given: Value| {
        let args = json!({ "delivery": delivery, "scheme": scheme, "given": given });
        dispatch(&app.engine, "compare_hashed", args).await.map_err(|error| error.message)
    };
    let none = "No signing scheme applies to delivery 2: name one.";
    assert_eq!(ask("2", None, text("x")).await, Err(none.to_owned()));
    assert_eq!(ask("1", Some("nobody"), text("x")).await, Err("There is no scheme “nobody”.".to_owned()));
    let bad = ask("1", None, json!({ "kind": "base64", "base64": "?" })).await;
    assert_eq!(bad, Err("What was given is no base64.".to_owned()));
    let named = ask("2", Some("videopilot"), text("x")).await.expect("a scheme was named");
    let header = "X-VideoPilot-Signature is absent or holds no signature that can be read, so nothing was verified.";
    assert_eq!((&named["sameness"], &named["unverified"]), (&json!("same"), &json!(header)));
}
