//! What forwarding adds to an endpoint's own latency: the same request straight to the endpoint, and through Countersign, which
//! judges it, forwards it, keeps it with the attempt and passes the answer on. In turn, in one process; then 200 at once.
//! `cargo bench -p countersign-engine --bench forward`
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::expect_used, reason = "a benchmark ends where something is wrong")]

use axum::Router;
use axum::body::Bytes;
use countersign_engine::{Engine, OpenOptions, dispatch};
use serde_json::json;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const ROUNDS: usize = 5;
const REQUESTS: usize = 400;
const AT_ONCE: usize = 200;
const REQUEST: &[u8] =
    b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n\
                         {\"taskId\":\"cmb1x2y3z\",\"status\":\"succeed\"}";

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let db = folder.path().join("bench.db");
    let options = OpenOptions { db, no_keychain: true, ..OpenOptions::default() };
    let engine = Engine::open(options).await.expect("the log can be opened");
    let ours = engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let endpoint = socket.local_addr().expect("it is bound");
    tokio::spawn(async move {
        let app = Router::new().fallback(|body: Bytes| async move { if body.is_empty() { "empty\n" } else { "ok\n" } });
        axum::serve(socket, app).await.expect("it serves");
    });
    median(ours).await;
    let (mut straight, mut kept) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        straight.push(median(endpoint).await);
        kept.push(median(ours).await);
    }
    let route = json!({
        "id": "", "name": "bench", "on": true, "when": "", "target": format!("http://{endpoint}"), "timeout_ms": 5000,
        "failure_status": 502
    });
    dispatch(&engine, "routes_set", json!({ "routes": [route] })).await.expect("the route is right");
    let mut forwarded = Vec::new();
    for _ in 0..ROUNDS {
        straight.push(median(endpoint).await);
        forwarded.push(median(ours).await);
    }
    let (straight, kept, forwarded) = (middle(&mut straight), middle(&mut kept), middle(&mut forwarded));
    println!("median latency: endpoint {straight:.0?}, captured alone {kept:.0?}, forwarded {forwarded:.0?}");
    println!(
        "forwarding adds {:.0?} to the endpoint's own, of which {:.0?} is keeping it safe on the disk",
        forwarded.saturating_sub(straight),
        kept.saturating_sub(straight)
    );

    let begun = Instant::now();
    let all: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            tokio::spawn(async move {
                let mut socket = TcpStream::connect(ours).await.expect("it accepts");
                for _ in 0..20 {
                    exchange(&mut socket).await;
                }
            })
        })
        .collect();
    for one in all {
        one.await.expect("none failed");
    }
    println!("{AT_ONCE} at once: {:.0} forwards/s", (AT_ONCE * 20) as f64 / begun.elapsed().as_secs_f64());
    engine.close(Duration::from_secs(1)).await;
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The median time of a request on a connection that is there already.
async fn median(addr: SocketAddr) -> Duration {
    let mut socket = TcpStream::connect(addr).await.expect("it accepts");
    socket.set_nodelay(true).expect("it can be set");
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let begun = Instant::now();
        exchange(&mut socket).await;
        times.push(begun.elapsed());
    }
    middle(&mut times)
}

async fn exchange(socket: &mut TcpStream) {
    socket.write_all(REQUEST).await.expect("it reads");
    let mut buffer = vec![0u8; 4096];
    let mut got = 0;
    while !buffer[..got].ends_with(b"ok\n") {
        let read = socket.read(&mut buffer[got..]).await.expect("it answers");
        assert!(read > 0, "it answers with ok");
        got += read;
    }
    assert!(buffer.starts_with(b"HTTP/1.1 200"), "it was not accepted");
}
