//! What scripts may rely on in the lines of `countersign listen --json`: the fields, and the moment.

use countersign_tests::{Listener, countersign, root, run};
use serde_json::Value;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

const ROUNDS: usize = 300;

/// Fields only ever come in addition: a name that goes or changes breaks scripts.
const FIELDS: [&str; 18] = [
    "id",
    "received_at",
    "method",
    "path",
    "query",
    "provider",
    "recognised_by",
    "event_type",
    "event_id",
    "body_len",
    "body_cut",
    "status",
    "verdicts",
    "checks",
    "peer",
    "pinned",
    "read",
    "challenge",
];

fn names(object: &Value) -> Vec<&str> {
    object.as_object().map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn post(listener: &Listener, target: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&listener.addr).expect("a connection");
    let request = format!("POST {target} HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\n{{}}");
    stream.write_all(request.as_bytes()).expect("it is sent");
    stream
}

#[test]
fn every_line_has_the_fields_of_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let listener = Listener::start(&db, &[("pollo", "cG9sbG8=")]);
    let _stream = post(&listener, "/pollo/jobs?try=1");
    let line = listener.next();
    assert_eq!(names(&line), [&["type"], &FIELDS[..]].concat(), "{line}");
    assert_eq!(line["type"], "delivery");
    assert_eq!((&line["method"], &line["path"], &line["body_len"]), (&"POST".into(), &"/pollo/jobs".into(), &2.into()));
    assert_eq!((&line["provider"], &line["status"]), (&"pollo".into(), &200.into()));
    let verdicts = line["verdicts"].as_array().expect("verdicts");
    let schemes: Vec<&str> = verdicts.iter().filter_map(|v| v["scheme"].as_str()).collect();
    assert_eq!(schemes, ["pptvideo", "videopilot", "ihateppt", "pollo", "firebirdgen"]);
    for verdict in verdicts {
        assert_eq!(names(verdict), ["scheme", "outcome", "reason", "secret", "skew_s", "applies"]);
    }

    // `deliveries` prints the same object, from another process.
    let ran = run(&mut countersign(&db, &["deliveries", "--json"]), b"");
    let mut expected = line;
    expected.as_object_mut().expect("an object").remove("type");
    assert_eq!(ran.lines(), [expected], "{}", ran.err);
}

#[test]
fn options_are_read_behind_a_filter_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let fixtures = root().join("fixtures/pollo");
    assert_eq!(run(&mut countersign(&db, &["import", fixtures.to_str().expect("UTF-8")]), b"").code, Some(0));
    let rows: [(&[&str], usize); 5] = [
        (&["deliveries", "--limit", "2", "--json", "provider:pollo"], 2),
        (&["deliveries", "provider:pollo", "--limit", "2", "--json"], 2),
        (&["deliveries", "-provider:stripe", "--limit=1", "provider:pollo", "--json"], 1),
        (&["deliveries", "--json", "-provider:pollo", "--limit", "3"], 0),
        // Behind `--` everything is a term: this one takes out what holds “-limit”, and 50 are listed at most.
        (&["deliveries", "--json", "provider:pollo", "--", "--limit", "2"], 50),
    ];
    for (args, count) in rows {
        let ran = run(&mut countersign(&db, args), b"");
        assert_eq!((ran.code, ran.lines().len()), (Some(0), count), "{args:?}: {}", ran.err);
    }
    let ran = run(&mut countersign(&db, &["deliveries", "provider:pollo", "--limits", "2"]), b"");
    assert_eq!(ran.code, Some(2), "an option that is none is wrong use: {}", ran.err);
}

/// Whoever reads the line may rely on the sender's having its answer: it is with the sender's system already.
#[test]
fn a_line_comes_after_its_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let listener = Listener::start(&folder.path().join("log.db"), &[]);
    for round in 0..ROUNDS {
        let mut stream = post(&listener, "/hook");
        assert_eq!(listener.next()["type"], "delivery");
        stream.set_nonblocking(true).expect("it can be asked without waiting");
        let mut answer = [0; 1024];
        match stream.read(&mut answer) {
            Ok(length) => assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"), "round {round}"),
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("round {round}: the line came first"),
            Err(error) => panic!("round {round}: {error}"),
        }
    }
}
