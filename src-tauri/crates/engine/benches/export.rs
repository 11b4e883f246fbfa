//! How long 10,000 deliveries take to be searched, masked and written, in every format, to a folder and to a zip file.
//! `cargo bench -p countersign-engine --bench export`
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::expect_used, reason = "a benchmark ends where something is wrong")]

use bytes::Bytes;
use countersign_core::request::text;
use countersign_core::secret::{Secret, SecretText};
use countersign_engine::wire::{
    ExportDestination, ExportFormat, ExportRequest, ExportSelection, OnExisting, RedactKind, Redaction,
};
use countersign_engine::{Engine, OpenOptions, signed_headers};
use std::net::SocketAddr;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 100;
const EACH: usize = 100;
const SECRET: &str = "Y291bnRlcnNpZ24gcHVibGlzaGVkIHRlc3Qga2V5IDE=";

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let pollo: countersign_core::ids::ProviderId = "pollo".parse().expect("it is an id");
    let secret = SecretText::new(SECRET.to_owned());
    let engine = Engine::open(OpenOptions {
        db: folder.path().join("bench.db"),
        run_secrets: vec![(pollo.clone(), "bench".to_owned(), secret.clone())],
        no_keychain: true,
        ..OpenOptions::default()
    });
    let engine = engine.await.expect("the log can be opened");
    let addr = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    let provider = engine.catalogue().get(&pollo).expect("Pollo.ai");
    // About 1 KB, with something to mask in it.
    let filler = "x".repeat(900);
    let body = format!(r#"{{"taskId":"t1","status":"succeed","mail":"ann@pollo.ai","text":"{filler}"}}"#);
    let secret = Secret { name: "bench".to_owned(), value: secret };
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let now_s = i64::try_from(now_s).expect("a time");
    let headers = signed_headers(provider, &secret, &Bytes::from(body.clone()), "msg_1", now_s);
    let signed: String = headers.iter().map(|h| format!("{}: {}\r\n", text(&h.name), text(&h.value))).collect();
    let length = body.len();
    let whole = format!(
        "POST /pollo HTTP/1.1\r\nHost: x\r\n{signed}Authorization: Bearer abc\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let senders = (0..CONNECTIONS).map(|_| tokio::spawn(send(addr, whole.clone())));
    for sender in senders.collect::<Vec<_>>() {
        sender.await.expect("it sends");
    }
    for format in [
        ExportFormat::Fixtures,
        ExportFormat::Har,
        ExportFormat::Curl,
        ExportFormat::Http,
        ExportFormat::Postman,
        ExportFormat::Raw,
        ExportFormat::Csv,
        ExportFormat::Ndjson,
    ] {
        let name = format!("{format:?}");
        let word = |path: std::path::PathBuf| path.to_str().expect("a text").to_owned();
        let to = ExportDestination::Folder { path: word(folder.path().join(&name)) };
        let folder_s = time(&engine, format, to).await;
        let to = ExportDestination::Zip { path: word(folder.path().join(format!("{name}.zip"))) };
        let zip_s = time(&engine, format, to).await;
        println!("{name:<9} 10,000 deliveries: folder {folder_s:.2} s, zip {zip_s:.2} s");
    }
    engine.close(std::time::Duration::from_secs(1)).await;
}

async fn send(addr: SocketAddr, whole: String) {
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    for _ in 0..EACH {
        stream.write_all(whole.as_bytes()).await.expect("it is sent");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\nok\n") {
            assert!(stream.read_buf(&mut answer).await.expect("an answer") > 0, "the connection stays");
        }
    }
}

async fn time(engine: &Engine, format: ExportFormat, to: ExportDestination) -> f64 {
    let redaction = Redaction {
        kinds: vec![RedactKind::Credentials, RedactKind::Emails],
        mask: Vec::new(),
        keep: Vec::new(),
        pointers: Vec::new(),
        keep_exact: false,
    };
    let selection = ExportSelection::Filter { filter: String::new() };
    let request = ExportRequest { selection, format, redaction, base_url: None, tests: None };
    let begun = Instant::now();
    let state = engine.export(request, to, OnExisting::Ask).await.expect("it is exported");
    assert_eq!((state.done, state.problem), (10_000, None));
    begun.elapsed().as_secs_f64()
}
