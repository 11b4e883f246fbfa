//! Killed under load with SIGKILL at a random moment: each delivery that got its 2xx is in the log, once, whole.
#![cfg(unix)]

use countersign_tests::{Connection, Listener, countersign, run};
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::time::Duration;

const CONNECTIONS: usize = 6;

/// 0 up to `limit`, different each time.
fn random(limit: u64) -> u64 {
    RandomState::new().hash_one(limit) % limit
}

/// The body of a delivery: its name and, for some, so much more that several pages of the log are touched.
fn body(name: &str) -> Vec<u8> {
    let length = name.bytes().fold(7usize, |sum, byte| (sum * 31 + usize::from(byte)) % 20_011);
    let mut out = format!("{{\"name\":\"{name}\"}}").into_bytes();
    out.extend(name.bytes().cycle().take(length));
    out
}

/// Posts until the listener dies; the names that were acknowledged.
fn load(addr: &str, prefix: &str) -> Vec<String> {
    let mut acknowledged = Vec::new();
    let Ok(mut connection) = Connection::open(addr) else { return acknowledged };
    for number in 0.. {
        let name = format!("{prefix}-{number}");
        match connection.post(&format!("/videopilot/{name}"), &body(&name)) {
            Ok((200, _)) => acknowledged.push(name),
            Ok((status, head)) => panic!("{status}: {head}"),
            Err(_) => break,
        }
    }
    acknowledged
}

/// One life of the listener; the names that it acknowledged.
fn round(db: &Path, number: u64) -> Vec<String> {
    let mut listener = Listener::start(db, &[("videopilot", "whatever")]);
    let addr = listener.addr.clone();
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|at| {
                let addr = &addr;
                scope.spawn(move || load(addr, &format!("{number}-{at}")))
            })
            .collect();
        // Not a wait for something: the moment of death is what is varied.
        std::thread::sleep(Duration::from_millis(20 + random(300)));
        listener.kill();
        senders.into_iter().flat_map(|s| s.join().expect("the sender runs to its end")).collect()
    })
}

#[test]
fn what_was_acknowledged_outlives_sigkill() {
    let rounds = std::env::var("COUNTERSIGN_KILL_ROUNDS").map_or(5, |n| n.parse().expect("a number of rounds"));
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let mut acknowledged: Vec<String> = Vec::new();
    let mut kept = 0;
    for number in 0..rounds {
        acknowledged.extend(round(&db, number));
        let ran = run(&mut countersign(&db, &["deliveries", "--json", "--limit", "10000000"]), b"");
        assert_eq!(ran.code, Some(0), "round {number}: {}", ran.err);
        assert_eq!(ran.err, "", "round {number}");
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for line in ran.lines() {
            let name = line["path"].as_str().and_then(|p| p.strip_prefix("/videopilot/")).expect("a path").to_owned();
            assert_eq!(line["body_len"], body(&name).len(), "{line}");
            let twice = ids.insert(name, line["id"].as_str().expect("an id").to_owned());
            assert_eq!(twice, None, "round {number}: kept twice: {line}");
        }
        let lost: Vec<&String> = acknowledged.iter().filter(|name| !ids.contains_key(*name)).collect();
        assert!(lost.is_empty(), "round {number}: acknowledged and lost: {lost:?}");
        // The last ones are those that the kill may have torn.
        for name in acknowledged.iter().rev().take(3) {
            let shown = run(&mut countersign(&db, &["show", &ids[name], "--body"]), b"");
            assert_eq!((shown.code, shown.out == body(name)), (Some(0), true), "{name}: {}", shown.err);
        }
        kept = ids.len();
    }
    assert!(acknowledged.len() > CONNECTIONS, "there was load");
    eprintln!("{rounds} kills: {} acknowledged, none lost; {kept} kept, none twice", acknowledged.len());
}
