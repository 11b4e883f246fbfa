//! Acknowledged means kept: a process that appends is killed, and every id that it said is in the log.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use countersign_core::filter::Filter;
use countersign_store::Store;

use crate::make::delivery;

const LOG: &str = "COUNTERSIGN_TEST_CRASH_LOG";
const APPENDERS: usize = 16;

/// Not a test by itself: the process that [`kills_lose_nothing`] kills. It ends at once where nobody asks for it.
#[test]
fn appender() {
    let Some(path) = std::env::var_os(LOG) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(path.as_ref()).unwrap().store;
        let tasks: Vec<_> = (0..APPENDERS)
            .map(|appender| {
                let store = store.clone();
                tokio::spawn(async move {
                    for number in 0.. {
                        let body = format!("{appender}/{number}");
                        let id = store.append(delivery("/kill", &body)).await.unwrap();
                        // One write a line, so that lines of several tasks do not mix.
                        let line = format!("\nacknowledged {id} {body}\n");
                        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn kills_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::appender", "--nocapture"])
            .env(LOG, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Another number in each round, so that the kill falls into other places of a group.
        let mut left = 150 + round * 37;
        while let Some(Ok(line)) = lines.next() {
            if let Some(rest) = line.strip_prefix("acknowledged ") {
                let (id, body) = rest.split_once(' ').unwrap();
                acknowledged.push((id.to_owned(), body.to_owned()));
                left -= 1;
                if left == 0 {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        assert!(left <= 0, "round {round} ended early");
        let opened = Store::open(&path).unwrap();
        assert_eq!(opened.set_aside, None);
        for (id, body) in &acknowledged {
            let kept = opened.store.body(id.parse().unwrap()).unwrap();
            assert_eq!(kept.as_deref(), Some(body.as_bytes()), "round {round}, delivery {id}");
        }
        let count = opened.store.count(&Filter::default()).unwrap();
        let rows = opened.store.ids_newest_first(None, usize::MAX).unwrap().len();
        assert_eq!(count.total, rows as i64);
    }
    assert!(acknowledged.len() >= 5 * 150);
}
