//! Handshakes through a real listener, and confirmations to a real endpoint. An endpoint here cannot have the `https` and
//! the host that core asks for, so what is fetched is tested from the confirmation on.

use super::*;
use crate::judging::judge;
use crate::secrets::Stored;
use crate::{Engine, OpenOptions, Subscription, dispatch};
use countersign_core::catalogue::Catalogue;
use countersign_core::ids::ProviderId;
use countersign_core::request::HttpVersion;
use countersign_core::secret::{Secret, SecretText};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A provider file of nothing but a handshake.
fn file(id: &str, handshake: &str) -> String {
    let known = |value: &str| format!("{{ value = {value}, words = \"\", basis = \"assumed\" }}");
    format!(
        "id = \"{id}\"\nname = \"{}\"\nabout = \"\"\nchecked_on = \"2026-11-20\"\ndetect = {{ all = [{{ pointer = \"/{id}\", \
         is = \"present\" }}] }}\nevent = {{ type = \"{{/type}}\", id = \"{{/id}}\" }}\n[retry]\nattempts = {}\ndelays = \
         {}\ntimeout_s = {}\nsuccess = {}\n[checks]\nwords = []\nschema = \"{{}}\"\n[handshake]\nwords = \"\"\n{handshake}",
        id.to_uppercase(),
        known("1"),
        known("{ kind = \"list\", seconds = [] }"),
        known("1"),
        known("\"2xx\""),
    )
}

struct App {
    engine: Engine,
    addr: SocketAddr,
    _folder: TempDir,
}

impl App {
    async fn start(secrets: &[(&str, &str)]) -> App {
        let files = [
            (
                "meta",
                r#"when = { method = ["GET"], query = [{ name = "hub.challenge" }] }
                token = { query = "hub.verify_token" }
                answer = { kind = "text_echo", from = { query = "hub.challenge" } }"#,
            ),
            (
                "zoom",
                r#"when = { body = { all = [{ pointer = "/event", one_of = ["endpoint.url_validation"] }] } }
                answer = { kind = "hmac_echo", from = { pointer = "/t" }, echo = "t", field = "e", encoding = "hex" }"#,
            ),
            ("intercom", "when = { method = [\"HEAD\"] }\nanswer = { kind = \"fixed\", headers = [[\"X-A\", \"b\"]] }"),
            ("heygen", "when = { method = [\"OPTIONS\"] }\nanswer = { kind = \"fixed\", status = 204 }"),
            (
                "sns",
                r#"when = { body = { all = [{ pointer = "/SubscribeURL", is = "string" }] } }
                answer = { kind = "fetch", from = { pointer = "/SubscribeURL" }, hosts = ["sns.*.amazonaws.com"] }"#,
            ),
        ];
        let files: Vec<(&str, String)> = files.iter().map(|(id, toml)| (*id, file(id, toml))).collect();
        let catalogue =
            Catalogue::of(files.iter().map(|(id, toml)| (*id, toml.as_str()))).expect("the files are right");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let secret = |(provider, value): &(&str, &str)| {
            let provider: ProviderId = provider.parse().expect("an id");
            (provider, "s".to_owned(), SecretText::new((*value).to_owned()))
        };
        let options = OpenOptions {
            db: folder.path().join("log.db"),
            no_keychain: true,
            run_secrets: secrets.iter().map(secret).collect(),
            ..OpenOptions::default()
        };
        let engine = Engine::open_with(options, catalogue).await.expect("the log can be opened");
        let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
        App { engine, addr, _folder: folder }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    /// Sends a request and gives the answer without the header that says when it was made.
    async fn send(&self, line: &str, body: &str) -> String {
        let length = body.len();
        let request =
            format!("{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
        let addr = self.addr;
        let answer = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(addr).expect("it accepts");
            stream.write_all(request.as_bytes()).expect("it reads");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("it answers");
            answer
        });
        let answer = answer.await.expect("it was sent");
        let kept = answer.split_inclusive("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
        kept.collect()
    }

    /// The newest delivery with everything.
    async fn newest(&self) -> Value {
        let page =
            self.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 1, "grouped": false })).await;
        self.call("delivery_detail", json!({ "id": page["items"][0]["id"] })).await
    }
}

async fn attempt_ended(events: &mut Subscription) {
    let ended = async {
        loop {
            let batch = events.next().await.expect("the engine is there");
            if batch.events.iter().any(|event| matches!(event, EngineEvent::AttemptsChanged { .. })) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_of_any_method_are_recognised_by_their_path_and_answered() {
    let app = App::start(&[("meta", "v"), ("zoom", "published-test-secret")]).await;
    let zoom = r#"{"event":"endpoint.url_validation","t":"qgg8vlvZRS6UYooatFL8Aw"}"#;
    let meta = "GET /meta/hook?hub.challenge=%3C1&hub.verify_token=";
    let evil = r#"{"SubscribeURL":"https://sns.a.amazonaws.com.evil.test/"}"#;
    // `printf qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac published-test-secret`
    let hmac = "ea5c51adcd179fc524edc818c3890848bfa648467719db8624c6bf9cdd5734d2";
    let ok = "ok\n".to_owned();
    let by = |name: &str| format!("the challenge of {name}");
    let not = |name: &str, why: &str| format!("the default for {name}; its challenge was not answered: {why}");
    let rows = [
        ("Meta", format!("{meta}v"), "", "200", "<1".to_owned(), by("META")),
        (
            "Meta, another token",
            format!("{meta}w"),
            "",
            "200",
            ok.clone(),
            not("META", "the query parameter hub.verify_token is none of its stored secrets"),
        ),
        ("elsewhere", format!("{meta}v").replace("/meta", ""), "", "200", ok.clone(), "the default".to_owned()),
        ("HEAD", "HEAD /intercom".to_owned(), "", "200", String::new(), by("INTERCOM")),
        ("OPTIONS", "OPTIONS /heygen".to_owned(), "", "204", String::new(), by("HEYGEN")),
        (
            "Zoom",
            "POST /zoom".to_owned(),
            zoom,
            "200",
            format!(r#"{{"t":"qgg8vlvZRS6UYooatFL8Aw","e":"{hmac}"}}"#),
            by("ZOOM"),
        ),
        (
            "SNS, another host",
            "POST /sns".to_owned(),
            evil,
            "200",
            ok,
            not(
                "SNS",
                "the body's /SubscribeURL leads to sns.a.amazonaws.com.evil.test, which is no host of the provider's",
            ),
        ),
    ];
    for (name, line, body, status, answer, by) in rows {
        let got = app.send(&line, body).await;
        let (head, got_body) = got.split_once("\r\n\r\n").expect("a head");
        assert_eq!((&head[9..12], got_body), (status, answer.as_str()), "{name}");
        let newest = app.newest().await;
        assert_eq!(newest["response"]["answered_by"], json!(by), "{name}");
        assert_eq!(newest["summary"]["challenge"], json!(by.starts_with("the challenge")), "{name}");
        assert_eq!(newest["attempts"], json!([]), "{name}");
    }
    let head = app.send(&format!("{meta}v"), "").await.to_ascii_lowercase();
    assert!(
        head.contains("\r\ncontent-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"),
        "{head}"
    );

    let app = App::start(&[]).await;
    app.send("POST /zoom", zoom).await;
    assert_eq!(app.newest().await["response"]["answered_by"], json!(not("ZOOM", "no secret of it is stored")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_fetched_stands_beside_its_delivery_and_only_a_few_are_fetched_at_once() {
    let app = App::start(&[]).await;
    let mut events = app.engine.subscribe();
    // No place is free, so that nothing leaves this machine.
    let places = Arc::clone(&app.engine.0.confirming.0).acquire_many_owned(AT_ONCE as u32).await.expect("it is open");
    let got = app.send("POST /sns", r#"{"SubscribeURL":"https://sns.a.amazonaws.com/?Token=1"}"#).await;
    assert!(got.starts_with("HTTP/1.1 200 ") && got.ends_with("\r\n\r\nok\n"), "{got}");
    attempt_ended(&mut events).await;
    drop(places);
    let newest = app.newest().await;
    assert_eq!(newest["summary"]["challenge"], json!(true));
    let [attempt] = newest["attempts"].as_array().expect("attempts").as_slice() else { panic!("one: {newest}") };
    let shown = ["name", "method", "url", "state", "error"].map(|field| attempt[field].as_str().expect(field));
    let error = "Not sent: 8 confirmations are under way already.";
    assert_eq!(shown, ["confirmation of SNS", "GET", "https://sns.a.amazonaws.com/?Token=1", "dropped", error]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_is_one_get_whose_redirect_is_not_followed() {
    let app = App::start(&[]).await;
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let endpoint = socket.local_addr().expect("it is bound");
    let served = std::thread::spawn(move || {
        let (mut stream, _) = socket.accept().expect("it comes");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a head");
            request.push(byte[0]);
        }
        let body = "x".repeat(LIMITS.reply_bytes + 1);
        let reply = format!(
            "HTTP/1.1 302 Found\r\nLocation: http://{endpoint}/other\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        // Reading may stop before the end.
        let _ = stream.write_all(reply.as_bytes());
        drop(stream);
        (String::from_utf8(request).expect("text"), socket)
    });
    app.send("POST /sns", "{}").await;
    let confirm = async |url: String| {
        let delivery: DeliveryId = app.newest().await["summary"]["id"].as_str().expect("an id").parse().expect("an id");
        let confirmation = Confirmation::new("SNS", url);
        let inner = &app.engine.0;
        let attempt = inner.store.add_attempt(delivery, confirmation.waiting()).await.expect("it is kept");
        let mut events = app.engine.subscribe();
        inner.confirm_beside(confirmation, delivery, attempt.expect("the delivery is there"));
        attempt_ended(&mut events).await;
        let attempts = app.newest().await["attempts"].as_array().expect("attempts").clone();
        app.call("attempt_detail", json!({ "id": attempts.last().expect("one")["id"] })).await
    };
    let detail = confirm(format!("http://{endpoint}/c?Token=1")).await;
    let (request, socket) = served.join().expect("it served");
    let head = format!("GET /c?Token=1 HTTP/1.1\r\nHost: {endpoint}\r\nUser-Agent: Countersign\r\nAccept: */*\r\n\r\n");
    assert_eq!((request.as_str(), &detail["request_head"]["text"]), (head.as_str(), &json!(head)));
    let info = &detail["info"];
    assert_eq!((&info["state"], &info["status"], &info["reply_cut"]), (&json!("answered"), &json!(302), &json!(true)));
    socket.set_nonblocking(true).expect("it can be asked");
    assert!(socket.accept().is_err(), "the redirect was followed");

    let own = confirm(format!("http://{}/sns", app.addr)).await;
    let error = own["info"]["error"].as_str().expect("it says why").to_ascii_lowercase();
    assert!(own["info"]["state"] == "failed" && error.contains("listener"), "{error}");
}

#[test]
fn of_several_secrets_the_one_that_verifies_signs() {
    // `printf BODY | openssl dgst -sha256 -hmac published-test-secret`, and of the token with either secret.
    let body = r#"{"event":"endpoint.url_validation","t":"qgg8vlvZRS6UYooatFL8Aw"}"#;
    let signature = "0afd6e9506135a022eb8e104e90638282af0e913eaf28d98ad1804612cc4ae46";
    let (old, used) = (
        "b39344aa6b7d05b92252155d9d409e36b92c85646a0fe3d5087082fbc8f7fc32",
        "ea5c51adcd179fc524edc818c3890848bfa648467719db8624c6bf9cdd5734d2",
    );
    let zoom = format!(
        r#"when = {{ method = ["POST"] }}
        answer = {{ kind = "hmac_echo", from = {{ pointer = "/t" }}, field = "e", encoding = "hex" }}
        [[schemes]]
        id = "zoom"
        algorithm = "hmac-sha256"
        content = [{{ part = "body" }}]
        key = "utf8"
        signature = {{ header = "X-Sig", encoding = "hex" }}
        [schemes.sample]
        source = ""
        secret = "published-test-secret"
        headers = [["X-Sig", "{signature}"]]
        body = '{body}'"#
    );
    let catalogue = Catalogue::of([("zoom", file("zoom", &zoom).as_str())]).expect("the file is right");
    let provider = catalogue.iter().next().expect("one");
    let stored = ["old", "published-test-secret"].map(|value| Stored {
        provider: provider.id().clone(),
        secret: Secret { name: value.to_owned(), value: SecretText::new(value.to_owned()) },
        this_run_only: false,
    });
    let ring = Ring::new(&catalogue, stored.into());
    for (name, signature, hmac) in [("signed", signature, used), ("with another signature", "00", old)] {
        let mut headers = Headers::new();
        headers.push("X-Sig", signature);
        let request = Request {
            method: "POST".to_owned(),
            target: "/zoom".into(),
            version: HttpVersion::Http11,
            headers,
            body: body.into(),
            cut_from: None,
        };
        let judgement = judge(&catalogue, &ring, &request, 0, None);
        let Some(Ok(HandshakeReply::Answer { body, .. })) = handshake(&ring, provider, &judgement, &request) else {
            panic!("{name}: it is answered");
        };
        assert_eq!(body, format!(r#"{{"e":"{hmac}"}}"#), "{name}");
    }
}
