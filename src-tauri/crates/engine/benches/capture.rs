//! Captured deliveries per second through the whole way — read, judge by every scheme, commit, answer — against an axum
//! server that only reads the body. Both run in this process, in turn, under the same load from this process; the ratio is what
//! counts. `cargo bench -p countersign-engine`
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::expect_used, reason = "a benchmark ends where something is wrong")]

use axum::Router;
use axum::body::Bytes;
use countersign_core::ids::ProviderId;
use countersign_core::secret::SecretText;
use countersign_engine::{Engine, OpenOptions, signed_headers};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Enough that a commit has company: its sync to the disk is shared by all that wait for it.
const CONNECTIONS: usize = 256;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const SECRET: &str = "Y291bnRlcnNpZ24gcHVibGlzaGVkIHRlc3Qga2V5IDE=";

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let pollo: ProviderId = "pollo".parse().expect("it is an id");
    let secret = SecretText::new(SECRET.to_owned());
    let engine = Engine::open(OpenOptions {
        db: folder.path().join("bench.db"),
        run_secrets: vec![(pollo.clone(), "bench".to_owned(), secret.clone())],
        no_keychain: true,
        ..OpenOptions::default()
    });
    let engine = engine.await.expect("the log can be opened");
    let ours = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let bare = socket.local_addr().expect("it is bound");
    tokio::spawn(async move {
        let app = Router::new().fallback(|body: Bytes| async move { if body.is_empty() { "empty\n" } else { "ok\n" } });
        axum::serve(socket, app).await.expect("it serves");
    });
    let request = request(&engine, &pollo, secret);

    let (mut all_ours, mut all_bare) = (Vec::new(), Vec::new());
    load(bare, &request, Duration::from_millis(500)).await;
    load(ours, &request, Duration::from_millis(500)).await;
    for round in 1..=ROUNDS {
        let bare = load(bare, &request, ROUND).await;
        let ours = load(ours, &request, ROUND).await;
        println!("round {round}: captured {ours:.0}/s, bare axum {bare:.0}/s, ratio {:.2}", ours / bare);
        all_bare.push(bare);
        all_ours.push(ours);
    }
    let median = |all: &mut Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let (ours, bare) = (median(&mut all_ours), median(&mut all_bare));
    println!("median: captured {ours:.0}/s, bare axum {bare:.0}/s, ratio {:.2}", ours / bare);
    engine.close(Duration::from_secs(1)).await;
}

/// A signed delivery as it stands on the wire.
fn request(engine: &Engine, pollo: &ProviderId, secret: SecretText) -> Vec<u8> {
    let body = Bytes::from_static(br#"{"taskId":"cmb1x2y3z","status":"succeed"}"#);
    let provider = engine.catalogue().get(pollo).expect("it is in the catalogue");
    let secret = countersign_core::secret::Secret { name: "bench".to_owned(), value: secret };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is after 1970").as_secs();
    let headers = signed_headers(provider, &secret, &body, "msg_bench", i64::try_from(now).expect("it fits"));
    let mut out = b"POST /pollo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".to_vec();
    for header in &headers {
        out.extend_from_slice(&[&header.name, b": ".as_slice(), &header.value, b"\r\n"].concat());
    }
    out.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    out.extend_from_slice(&body);
    out
}

/// Answered requests per second over all connections.
async fn load(addr: SocketAddr, request: &[u8], span: Duration) -> f64 {
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let begun = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (stop, answered, request) = (Arc::clone(&stop), Arc::clone(&answered), request.to_vec());
            tokio::spawn(async move {
                let mut socket = TcpStream::connect(addr).await.expect("it accepts");
                socket.set_nodelay(true).expect("it can be set");
                let mut buffer = vec![0u8; 4096];
                while !stop.load(Ordering::Relaxed) {
                    socket.write_all(&request).await.expect("it reads");
                    let mut got = 0;
                    loop {
                        got += socket.read(&mut buffer[got..]).await.expect("it answers");
                        if buffer[..got].ends_with(b"ok\n") {
                            break;
                        }
                        assert!(got > 0 && got < buffer.len(), "an answer that was not expected");
                    }
                    assert!(buffer.starts_with(b"HTTP/1.1 200"), "it was not accepted");
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    tokio::time::sleep(span).await;
    stop.store(true, Ordering::Relaxed);
    let rate = answered.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    for client in clients {
        client.await.expect("no client failed");
    }
    rate
}
