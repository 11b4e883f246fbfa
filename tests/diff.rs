//! `countersign diff` as scripts use it.

use countersign_tests::{Listener, countersign, run};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

// `printf '{"event":"render.started"}' | openssl dgst -sha256 -hmac main`
const BODY: &str = r#"{"event":"render.started"}"#;
const SIGNATURE: &str = "sha256=800e85913d38460e7222defd33ab32b40ac44ebc62afbb0905119f4209ac3bd9";

fn post(addr: &str, body: &str) {
    let mut socket = TcpStream::connect(addr).expect("it accepts");
    let head =
        format!("POST /videopilot HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-VideoPilot-Signature: {SIGNATURE}");
    write!(socket, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("it reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn deliveries_answers_and_files_are_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let listener = Listener::start(&db, &[]);
    let spaced = BODY.replace(':', ": ");
    for body in [BODY, BODY, &spaced] {
        post(&listener.addr, body);
    }
    drop(listener);
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let (own, other, hidden) =
        (file("own", BODY.as_bytes()), file("other", spaced.as_bytes()), file("hidden", b"one\x1b[2Jtwo\n"));
    let diff = |args: &[&str]| run(countersign(&db, &[&["diff"][..], args].concat()).env("S", "main"), b"");

    let cases: [(&str, &[&str], i32, &str); 9] = [
        ("the same request", &["1", "2"], 0, "They are the same: headers and body, byte for byte."),
        ("another body", &["1", "3"], 1, "1 header and the body are different."),
        ("a delivery and a file", &["1", &own], 0, "The bodies are the same, byte for byte."),
        ("two files", &[&own, &other], 1, "The body is different."),
        ("answers", &["1:answer", "2:answer"], 0, "They are the same: headers and body, byte for byte."),
        ("the bytes that were hashed", &["1", "--hashed", &own], 0, "These are the captured bytes"),
        ("other bytes", &["1", "--hashed", &other], 1, "The signature does not hold for these bytes."),
        ("what a terminal would obey", &[&own, &hidden], 1, "+ one‹U+001B›[2Jtwo"),
        ("the first difference", &["1", "3"], 1, "Byte 10 (line 1, column 10): here 0x22 (“\"”), there 0x20 (space)."),
    ];
    for (name, args, code, words) in cases {
        let ran = diff(&[args, &["--secret", "videopilot=env:S"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (Some(code), ""), "{name}: {}", ran.text());
        assert!(ran.text().contains(words), "{name}: {}", ran.text());
    }

    let ran = diff(&["--json", "1", "3"]);
    let lines = ran.lines();
    let found: &Value = &lines[0];
    assert_eq!((ran.code, lines.len(), &found["sameness"]), (Some(1), 1, &json!("different")));
    assert_eq!(found["body"]["changes"], json!({ "kind": "json", "changes": [], "more": 0, "same_value": true }));
    let ran = diff(&["--json", "1", "--hashed", &other, "--secret", "videopilot=env:S"]);
    assert_eq!(ran.lines()[0]["cause"]["code"], "body_reserialised");
}

#[test]
fn wrong_use_and_what_cannot_be_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["1"], 2, "<B>"),
        (&["1", "2"], 3, "There is no delivery 1"),
        (&["attempt:7", "attempt:8:answer"], 3, "There is no attempt 7"),
        (&["attempt:7", "--hashed", "-"], 2, "name it by its id"),
        (&["1", "2", "--hashed", "-"], 2, "--hashed"),
        (&["absent-a", "absent-b"], 3, "absent-a cannot be read"),
    ];
    for (args, code, words) in cases {
        let ran = run(&mut countersign(&db, &[&["diff"][..], args].concat()), b"");
        assert_eq!((ran.code, ran.text()), (Some(code), ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
}
