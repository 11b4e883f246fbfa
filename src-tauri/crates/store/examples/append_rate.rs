//! Prints how many deliveries a second the log takes: `cargo run --release -p countersign-store --example append_rate
//! [appenders] [seconds] [folder]`. Each has five verdicts, a usual head and a body of 300 bytes, and each appender
//! waits for its acknowledgement before it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_core::verdict::Outcome;
use countersign_store::{Judgement, NewDelivery, RecognisedBy, Store, StoredResponse, StoredVerdict};

fn delivery(number: u64) -> NewDelivery {
    let head = "POST /videopilot HTTP/1.1\r\nHost: 127.0.0.1:4400\r\nContent-Type: application/json\r\n\
        User-Agent: VideoPilot-Webhooks/1.0\r\nAccept: */*\r\nContent-Length: 300\r\n\
        X-VideoPilot-Signature: sha256=0b0cbd3ef2c3d10e4a90a5eb6b7a7f35fbbb40b6b3b8ecf0a5a8a2e1f0c9d8e7\r\n\r\n";
    let mut headers = Headers::new();
    for line in head.lines().skip(1).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ") {
            headers.push(name.to_owned(), value.to_owned());
        }
    }
    let verdicts = [
        ("pptvideo", Outcome::Missing, "The header X-Webhook-Signature is absent."),
        ("videopilot", Outcome::Pass, "The signature matches."),
        ("ihateppt", Outcome::Missing, "The header X-IHatePPT-Signature is absent."),
        ("pollo", Outcome::Missing, "The header X-Webhook-Signature is absent."),
        ("firebirdgen", Outcome::Unsigned, "FirebirdGen does not sign."),
    ];
    let verdicts = verdicts.iter().filter_map(|(id, outcome, reason)| {
        Some(StoredVerdict {
            scheme: id.parse().ok()?,
            provider: id.parse().ok()?,
            outcome: *outcome,
            reason: (*reason).to_owned(),
            secret: (*outcome == Outcome::Pass).then(|| "main".to_owned()),
            skew_s: None,
            applies: *outcome == Outcome::Pass,
            run_secret: false,
        })
    });
    NewDelivery {
        received_at_us: 1_795_176_000_000_000 + number as i64,
        started_at_us: 1_795_176_000_000_000 + number as i64,
        request: Request {
            method: "POST".to_owned(),
            target: Bytes::from_static(b"/videopilot"),
            version: HttpVersion::Http11,
            headers,
            body: Bytes::from(format!("{number:0>300}")),
            cut_from: None,
        },
        raw_head: Bytes::from_static(head.as_bytes()),
        peer: "127.0.0.1:50000".to_owned(),
        judgement: Judgement {
            provider: "videopilot".parse().ok(),
            recognised_by: Some(RecognisedBy::Path),
            event_type: Some("render.completed".to_owned()),
            event_id: Some(format!("render.completed:job_{number}:1795176000")),
            group: Some(format!("render.completed:job_{number}:1795176000")),
            verdicts: verdicts.collect(),
            checks: Vec::new(),
        },
        response: StoredResponse {
            status: 200,
            headers: Headers::new(),
            body: Bytes::from_static(b"{}"),
            answered_by: "the default for VideoPilot".to_owned(),
            took_us: 120,
        },
        expect: None,
        challenge: false,
        attempts: Vec::new(),
        origin: None,
    }
}

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
#[tokio::main(flavor = "multi_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let appenders: u64 = args.next().map_or(Ok(64), |n| n.parse())?;
    let seconds: u64 = args.next().map_or(Ok(5), |n| n.parse())?;
    let folder = match args.next() {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let store = Store::open(&folder.path().join("log.db"))?.store;
    let made = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..appenders)
        .map(|_| {
            let (store, made) = (store.clone(), made.clone());
            tokio::spawn(async move {
                while Instant::now() < end {
                    store.append(delivery(made.fetch_add(1, Ordering::Relaxed))).await?;
                }
                Ok::<(), countersign_store::StoreError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let took = began.elapsed().as_secs_f64();
    let count = store.count(&countersign_core::filter::Filter::default())?.total;
    println!("{count} deliveries in {took:.2} s with {appenders} appenders: {:.0} a second", count as f64 / took);
    Ok(())
}
