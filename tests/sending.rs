//! Sending from the command line: endpoints that verify with the documents' own code accept what is signed and refuse what is
//! broken; `curl` repeats what was copied; exit codes.

use countersign_tests::{Sender, Verifier, countersign, run};
use serde_json::{Value, json};
use std::path::Path;

/// A secret that is text and base64 alike.
const SECRET: &str = "dGhlIHNlY3JldCBvZiB0aGlzIHRlc3Qgb25seQ==";

fn send(db: &Path, words: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = countersign(db, words);
    for provider in ["pptvideo", "videopilot", "ihateppt", "pollo"] {
        command.args(["--secret", &format!("{provider}=env:S")]);
    }
    let ran = run(command.arg("--json").env("S", SECRET), b"");
    let line = ran.text().lines().next().map(|line| serde_json::from_str(line).expect("JSON"));
    (ran.code, line.unwrap_or_default(), ran.err)
}

const EVENTS: [(&str, &str); 4] = [
    ("pptvideo", "succeeded"),
    ("videopilot", "render.completed"),
    ("ihateppt", "ppt.generation.completed"),
    ("pollo", "task.succeed"),
];

/// What the documents' code accepts although it is broken: none looks at the clock or reads the timestamp as a number, and
/// what becomes of a doubled header is the server's.
fn accepted_all_the_same(provider: &str, fault: &str) -> bool {
    matches!(fault, "stale" | "future" | "timestamp_not_a_number")
        || (fault == "doubled_header" && provider == "pptvideo")
}

#[test]
fn endpoints_with_the_documents_own_code_accept_what_is_signed_and_refuse_what_is_broken() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let verifiers = [Verifier::start(Sender::Node, SECRET), Verifier::start(Sender::Python, SECRET)];
    let mut judged = 0;
    for (provider, event) in EVENTS {
        // An unknown name lists what there is.
        let to = verifiers[0].url(provider);
        let base = ["send", "--provider", provider, "--event", event, "--to"];
        let (code, _, err) = send(&db, &[&base[..], &[&to, "--break", "?"]].concat());
        assert_eq!(code, Some(2), "{err}");
        let names = err.trim().split_once("there are ").unwrap_or_else(|| panic!("{err}")).1.to_owned();
        for verifier in &verifiers {
            let to = verifier.url(provider);
            let (code, sent, err) = send(&db, &[&base[..], &[&to]].concat());
            let said: Value = serde_json::from_str(sent["reply_body"]["text"].as_str().expect("a body")).expect("JSON");
            assert_eq!((code, &sent["info"]["as_expected"]), (Some(0), &json!(true)), "{provider}: {said} {err}");
            for name in names.split(", ") {
                let (_, sent, err) = send(&db, &[&base[..], &[&to, "--break", name]].concat());
                let said: Value = serde_json::from_str(sent["reply_body"]["text"].as_str().expect(&err)).expect("JSON");
                for (handler, result) in said.as_object().expect("an object") {
                    let accepts = result == "accept";
                    // Pollo.ai documents that several are allowed.
                    let may =
                        accepted_all_the_same(provider, name) || (provider == "pollo" && name == "doubled_header");
                    assert!(!accepts || may, "{provider}, {name}: {handler} accepts it");
                    judged += 1;
                }
            }
        }
    }
    assert!(judged > 100, "only {judged} were judged");
}

#[test]
fn a_delivery_is_resent_changed_and_copied_from_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let verifier = Verifier::start(Sender::Python, SECRET);
    let to = verifier.url("ihateppt");
    let listener = countersign_tests::Listener::start(&db, &[("ihateppt", SECRET)]);
    let (code, sent, err) = send(
        &db,
        &["send", "--provider", "ihateppt", "--event", "ppt.generation.completed", "--to", &listener.url("/ihateppt")],
    );
    assert_eq!((code, &sent["info"]["status"]), (Some(0), &json!(200)), "{err}");
    let delivery = listener.next();
    assert_eq!(delivery["verdicts"][2]["outcome"], "pass", "{delivery}");
    let id = delivery["id"].as_str().expect("an id");

    let (code, _, err) = send(&db, &["resend", id]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("say where to send it"), "{err}");
    // As captured it holds; changed it does not; signed anew it does again. A refusal that is due is as it should be.
    let rows: [(&[&str], u16, i32); 6] = [
        (&[], 200, 0),
        (&["--set", "/data/pages=9"], 401, 0),
        (&["--set", "/data/pages=9", "--re-sign"], 200, 0),
        (&["--header", "X-Webhook-Signature:"], 401, 0),
        (&["--break", "tampered_body"], 401, 0),
        (&["--break", "stale=3600"], 200, 1),
    ];
    for (words, status, expected) in rows {
        let (code, sent, err) = send(&db, &[&["resend", id, "--to", &to], words].concat());
        assert_eq!((code, &sent["info"]["status"]), (Some(expected), &json!(status)), "{words:?}: {sent} {err}");
    }
    let (code, sent, _) = send(&db, &["resend", id, "--to", "http://127.0.0.1:1/"]);
    assert_eq!((code, &sent["info"]["state"]), (Some(3), &json!("failed")));
}

#[test]
fn a_pasted_command_leaves_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let endpoint = Verifier::start(Sender::Python, SECRET);
    let command = folder.path().join("command.txt");
    let paste = |text: &str| {
        std::fs::write(&command, text).expect("a file");
        send(&db, &["send", "--paste", command.to_str().expect("text")])
    };
    let to = endpoint.url("pollo");
    let (code, sent, err) = paste(&format!("curl {to} --data-binary @body.bin"));
    assert_eq!((code, sent), (Some(2), Value::Null), "{err}");
    assert!(err.contains("body.bin") && err.contains("Nothing was sent."), "{err}");
    let (code, sent, err) = paste(&format!("curl {to} --location --data 'x'"));
    assert_eq!((code, &sent["info"]["state"]), (Some(1), &json!("answered")), "{err}");
    assert!(err.contains("It followed redirects: switch that on where it is wanted."), "{err}");
}
