//! The listener's TLS through the commands, as the window uses it: real files, real connections.

use countersign_engine::wire::{ListenerState, ListenerTls};
use countersign_engine::{Engine, OpenOptions, dispatch};
use countersign_net::listener::{Certificate, SelfSigned};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

struct App {
    engine: Engine,
    addr: SocketAddr,
    folder: TempDir,
}

impl App {
    async fn start() -> App {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let options = OpenOptions { db: folder.path().join("log.db"), no_keychain: true, ..OpenOptions::default() };
        let engine = Engine::open(options).await.expect("the log can be opened");
        let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
        App { engine, addr, folder }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    async fn set(&self, tls: Value) -> ListenerState {
        let settings = self.call("settings_change", json!({ "patch": { "tls": tls } })).await;
        assert_eq!(settings["tls"], tls);
        self.engine.listener()
    }

    async fn refused(&self, tls: Value) -> String {
        let args = json!({ "patch": { "tls": tls } });
        dispatch(&self.engine, "settings_change", args).await.expect_err("it is refused").message
    }

    /// Sends a test delivery and gives the answer's status and the outcome on its row.
    async fn test_delivery(&self) -> (Value, Value) {
        let sent = self.call("test_delivery", json!({ "provider": "pollo", "event_type": null })).await;
        self.engine.rejudged().await;
        let page =
            self.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 1, "grouped": false })).await;
        let verdicts = page["items"][0]["verdicts"].as_array().expect("the row has verdicts").clone();
        let applying = verdicts.into_iter().find(|v| v["applies"] == true).expect("one applies");
        (sent["status"].clone(), applying["outcome"].clone())
    }

    fn url(&self, scheme: &str) -> Option<String> {
        Some(format!("{scheme}://{}", self.addr))
    }

    /// The folder of the certificate that is made.
    fn made(&self) -> PathBuf {
        self.folder.path().join("countersign-tls")
    }

    /// Writes a pair of files and gives the setting that names them.
    fn pair(&self, name: &str, certificate: &SelfSigned, key: &SelfSigned) -> Value {
        let at = |end: &str| self.folder.path().join(format!("{name}.{end}")).display().to_string();
        let (certificate_path, key_path) = (at("pem"), at("key"));
        std::fs::write(&certificate_path, &certificate.chain_pem).expect("it is written");
        std::fs::write(&key_path, key.key_pem.reveal()).expect("it is written");
        json!({ "kind": "given", "certificate": certificate_path, "key": key_path })
    }
}

fn words(fingerprint: [u8; 32]) -> String {
    fingerprint.map(|byte| format!("{byte:02X}")).join(":")
}

fn signed_at(at: SystemTime) -> SelfSigned {
    Certificate::self_signed(&["localhost"], at).expect("it is made")
}

fn years_ago() -> SystemTime {
    SystemTime::now() - Duration::from_hours(24 * 1000)
}

fn fingerprint(state: ListenerState) -> String {
    state.tls.expect("it is on").fingerprint
}

const OFF: fn() -> Value = || json!({ "kind": "off" });
const SELF_SIGNED: fn() -> Value = || json!({ "kind": "self_signed" });

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_switched_on_and_off_on_the_same_port() {
    let app = App::start().await;
    assert_eq!(app.engine.listener().tls, None);
    let state = app.set(SELF_SIGNED()).await;
    let path = app.made().join("cert.pem");
    let pem = |name: &str| std::fs::read(app.made().join(name)).expect("it is kept");
    let kept = Certificate::from_pem(&pem("cert.pem"), &pem("key.pem")).expect("it can be used");
    let told = ListenerTls {
        fingerprint: words(kept.fingerprint()),
        certificate: path.display().to_string(),
        self_signed: true,
    };
    assert_eq!((state.url, state.tls, state.message), (app.url("https"), Some(told.clone()), None));
    assert_eq!(app.test_delivery().await, (json!(200), json!("pass")));

    // A ready command trusts the certificate, and other changes of the listener leave it in use.
    let snippets = app.call("snippets", json!({ "provider": "pollo", "make_secret": false })).await;
    let curl = snippets[0]["text"].as_str().expect("it is a text").to_owned();
    let ran = std::process::Command::new("sh").args(["-c", &curl.replacen("curl ", "curl -s ", 1)]).output();
    assert_eq!(String::from_utf8_lossy(&ran.expect("a shell is there").stdout), "ok\n", "{curl}");
    for everywhere in [true, false] {
        app.call("settings_change", json!({ "patch": { "everywhere": everywhere } })).await;
        let state = app.engine.listener();
        assert_eq!((state.url, state.tls), (app.url("https"), Some(told.clone())));
    }

    let state = app.set(OFF()).await;
    assert_eq!((state.url, state.tls, state.message), (app.url("http"), None, None));
    assert_eq!(app.test_delivery().await, (json!(200), json!("pass")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_made_certificate_stays_until_it_cannot_be_used() {
    let app = App::start().await;
    let first = fingerprint(app.set(SELF_SIGNED()).await);
    let (certificate, key) = (app.made().join("cert.pem"), app.made().join("key.pem"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&key), 0o600);
        assert_eq!(mode(&certificate) & 0o600, 0o600);
    }
    assert_eq!(fingerprint(app.set(SELF_SIGNED()).await), first);
    let old = signed_at(years_ago());
    let other = signed_at(SystemTime::now());
    let mut seen = vec![first];
    for (what, chain, secret) in [
        ("no certificate", "", None),
        ("another's key", "keep", Some(other.key_pem.reveal())),
        ("out of its time", &*old.chain_pem, Some(old.key_pem.reveal())),
    ] {
        if chain != "keep" {
            std::fs::write(&certificate, chain).expect("it is written");
        }
        if let Some(secret) = secret {
            std::fs::write(&key, secret).expect("it is written");
        }
        let state = app.set(SELF_SIGNED()).await;
        assert_eq!((state.url.clone(), state.message.clone()), (app.url("https"), None), "{what}");
        let now = fingerprint(state);
        assert!(!seen.contains(&now) && now != words(old.certificate.fingerprint()), "{what}");
        assert_eq!(fingerprint(app.set(SELF_SIGNED()).await), now, "{what}: the new one is kept");
        seen.push(now);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_certificate_cannot_be_used_the_listener_stays_and_it_is_said_why() {
    let app = App::start().await;
    let (one, two) = (signed_at(SystemTime::now()), signed_at(SystemTime::now()));
    let good = app.pair("good", &one, &one);
    let wrong = app.pair("wrong", &one, &two);
    let path = |setting: &Value, part: &str| setting[part].as_str().expect("a path").to_owned();
    let missing = app.folder.path().join("missing.pem").display().to_string();
    let rows = [
        (
            json!({ "kind": "given", "certificate": "cert.pem", "key": path(&good, "key") }),
            "“cert.pem” is not a whole path: name the certificate and its key from the root of the disk on. \
             Nothing was changed."
                .to_owned(),
        ),
        (
            json!({ "kind": "given", "certificate": path(&good, "certificate"), "key": missing }),
            format!(
                "{missing} cannot be read: No such file or directory (os error 2). \
                 Choose another file, or make it readable."
            ),
        ),
        (
            wrong.clone(),
            format!(
                "The certificate {} with the key {} cannot be used: the key does not belong to the certificate. \
                 Choose another pair, or have one made.",
                path(&wrong, "certificate"),
                path(&wrong, "key")
            ),
        ),
    ];
    for before in [OFF(), good.clone()] {
        let state = app.set(before.clone()).await;
        for (tls, expected) in &rows {
            assert_eq!(app.refused(tls.clone()).await, *expected);
            assert_eq!(app.engine.listener(), state);
            assert_eq!(app.call("app_state", json!({})).await["settings"]["tls"], before);
            assert_eq!(app.test_delivery().await, (json!(200), json!("pass")));
        }
    }
    let told = app.engine.listener().tls.expect("it is on");
    assert_eq!((told.fingerprint, told.self_signed), (words(one.certificate.fingerprint()), false));

    let old = signed_at(years_ago());
    let state = app.set(app.pair("old", &old, &old)).await;
    let message = state.message.expect("it is said");
    assert!(message.ends_with("is out of its time: senders that check it will refuse to connect. Choose another one."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_to_the_listener_itself_goes_nowhere_over_tls_either() {
    let app = App::start().await;
    for name in ["localhost", "127.0.0.1"] {
        // Made while the listener was elsewhere: nothing was wrong with it then.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port is free");
        let route = json!({
            "id": "", "name": "own", "on": true, "when": "", "target": format!("https://{name}:{}/", free.port()),
            "timeout_ms": 5000, "failure_status": 502, "any_certificate": true
        });
        app.call("routes_set", json!({ "routes": [route] })).await;
        app.call("settings_change", json!({ "patch": { "port": free.port(), "tls": { "kind": "self_signed" } } }))
            .await;
        assert_eq!(app.test_delivery().await.0, json!(502));
        let page =
            app.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 10, "grouped": false })).await;
        let detail = app.call("delivery_detail", json!({ "id": page["items"][0]["id"] })).await;
        let error = detail["attempts"][0]["error"].as_str().expect("it says why").to_owned();
        assert!(error.ends_with("is Countersign's own listener: nothing was sent."), "{error}");
    }
    let count = app.call("deliveries_count", json!({ "filter": "" })).await;
    assert_eq!(count["total"], json!(2), "nothing came round");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_told_that_its_request_came_over_tls() {
    let app = App::start().await;
    let endpoint = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let route = json!({
        "id": "", "name": "mine", "on": true, "when": "", "timeout_ms": 5000, "failure_status": 502,
        "target": format!("http://{}", endpoint.local_addr().expect("an address")), "forwarded_headers": true
    });
    app.call("routes_set", json!({ "routes": [route] })).await;
    app.set(SELF_SIGNED()).await;
    let got = tokio::task::spawn_blocking(move || {
        let mut stream = BufReader::new(endpoint.accept().expect("it is asked").0);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).expect("it sends") > 0 {}
        stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").expect("it reads");
        head
    });
    assert_eq!(app.test_delivery().await, (json!(204), json!("pass")));
    let head = got.await.expect("it was asked");
    assert!(head.contains("\r\nX-Forwarded-Proto: https\r\n"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_told_to_use_https() {
    let app = App::start().await;
    app.set(SELF_SIGNED()).await;
    let addr = app.addr;
    let answer = tokio::task::spawn_blocking(move || {
        let mut socket = TcpStream::connect(addr).expect("it accepts");
        socket.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("it answers");
        answer
    });
    let answer = answer.await.expect("it was asked");
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("This listener speaks HTTPS"), "{answer}");
}
