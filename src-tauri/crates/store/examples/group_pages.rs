//! Prints how long pages of groups take in a log of 100,000 deliveries, half of them in groups of a thousand, and how
//! SQLite reads them: `cargo run --release -p countersign-store --example group_pages`.
#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::expect_used, reason = "an example ends where something is wrong")]

use std::time::Instant;

use bytes::Bytes;
use countersign_core::filter::Filter;
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_store::{Judgement, NewDelivery, Store, StoredResponse};

const DELIVERIES: u64 = 100_000;

fn delivery(number: u64) -> NewDelivery {
    // In the newer half every fiftieth is of the same group; the older half has an event each.
    let event = if number * 2 > DELIVERIES { format!("evt_{}", number % 50) } else { format!("evt_alone_{number}") };
    NewDelivery {
        received_at_us: 1_795_176_000_000_000 + number as i64,
        started_at_us: 1_795_176_000_000_000 + number as i64,
        request: Request {
            method: "POST".to_owned(),
            target: Bytes::from_static(b"/pollo"),
            version: HttpVersion::Http11,
            headers: Headers::new(),
            body: Bytes::from_static(&[b'x'; 300]),
            cut_from: None,
        },
        raw_head: Bytes::from_static(&[b'h'; 300]),
        peer: "127.0.0.1:50000".to_owned(),
        judgement: Judgement {
            provider: "pollo".parse().ok(),
            event_id: Some(event.clone()),
            group: Some(event),
            ..Judgement::default()
        },
        response: StoredResponse {
            status: if number.is_multiple_of(1_000) { 503 } else { 200 },
            headers: Headers::new(),
            body: Bytes::new(),
            answered_by: String::new(),
            took_us: 1,
        },
        expect: None,
        challenge: false,
        attempts: Vec::new(),
        origin: None,
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let store = Store::open(&folder.path().join("log.db")).expect("the log can be opened").store;
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..DELIVERIES {
        let store = store.clone();
        let new = delivery(number);
        waiting.spawn(async move { store.append(new).await });
        if waiting.len() >= 512 {
            waiting.join_next().await;
        }
    }
    while waiting.join_next().await.is_some() {}

    for text in ["", "provider:pollo", "status:503", "-status:200 provider:pollo"] {
        let filter = Filter::parse(text, 1_795_176_000_000_000, 0).expect("it is a filter");
        for grouped in [false, true] {
            let mut before = None;
            for page in 1..=3 {
                let begun = Instant::now();
                let rows: Vec<_> = if grouped {
                    let rows = store.grouped(&filter, before, 100).expect("it can be read");
                    rows.into_iter().map(|(row, _)| row.id).collect()
                } else {
                    let rows = store.summaries(&filter, before, 100).expect("it can be read");
                    rows.into_iter().map(|row| row.id).collect()
                };
                let took = begun.elapsed();
                let mode = if grouped { "grouped" } else { "flat" };
                println!("“{text}” {mode} page {page}: {} rows in {took:?}", rows.len());
                before = rows.last().copied().or(before);
            }
        }
    }
    for (what, id) in [("of a thousand", 99_999u64), ("alone", 5)] {
        let id = id.to_string().parse().expect("it is a number");
        let begun = Instant::now();
        let rows = store.group_members(id, 200).expect("it can be read").len();
        println!("members of a group {what}: {rows} in {:?}", begun.elapsed());
    }
}
