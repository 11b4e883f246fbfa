//! The retry lab from the command line, against an endpoint that records on a real socket: attempts fall on the documented
//! offsets; lost acknowledgements arrive; two at once overlap; what is found is proved; a run that is killed can go on.
#![cfg(unix)]

use countersign_tests::{Ended, PATIENCE, countersign, kill, run, until};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// A secret that is text and base64 alike.
const SECRET: &str = "dGhlIHNlY3JldCBvZiB0aGlzIHRlc3Qgb25seQ==";

/// What an endpoint got, in the order in which it was read whole.
#[derive(Clone)]
struct Got {
    at: Instant,
    head: String,
    body: String,
}

/// An endpoint that records and answers by a rule: the number of the request, from 1, to status and body.
struct Endpoint {
    addr: String,
    got: Arc<(Mutex<Vec<Got>>, Condvar)>,
}

impl Endpoint {
    fn start(answer: impl Fn(usize, &Got) -> (u16, String) + Send + Sync + 'static) -> Endpoint {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address").to_string();
        let got: Arc<(Mutex<Vec<Got>>, Condvar)> = Arc::default();
        let (all, answer) = (Arc::clone(&got), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &all, &*answer));
            }
        });
        Endpoint { addr, got }
    }

    fn url(&self) -> String {
        format!("http://{}/hook?x=1", self.addr)
    }

    fn got(&self) -> Vec<Got> {
        self.got.0.lock().expect("no thread panicked").clone()
    }
}

/// Reads one request, records it and answers.
fn serve(stream: TcpStream, all: &(Mutex<Vec<Got>>, Condvar), answer: &dyn Fn(usize, &Got) -> (u16, String)) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        head.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    let got = Got { at: Instant::now(), head, body: String::from_utf8(body).expect("text") };
    let number = {
        let mut list = all.0.lock().expect("no thread panicked");
        list.push(got.clone());
        all.1.notify_all();
        list.len()
    };
    let (status, body) = answer(number, &got);
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // Whoever does not wait for the answer is the lab's business.
    let _ = reader.get_mut().write_all((head + &body).as_bytes());
}

/// `countersign retry … --json`, with a secret for every provider that signs.
fn command(db: &Path, words: &[&str]) -> std::process::Command {
    let mut command = countersign(db, &[&["retry", "--json"], words].concat());
    for provider in ["pptvideo", "videopilot", "ihateppt", "pollo"] {
        command.args(["--secret", &format!("{provider}=env:S")]);
    }
    command.env("S", SECRET);
    command
}

struct Ran {
    code: Option<i32>,
    lines: Vec<Value>,
    err: String,
}

impl Ran {
    fn of(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["type"] == kind).collect()
    }

    /// The attempts of the schedule.
    fn attempts(&self) -> Vec<&Value> {
        self.of("attempt").into_iter().filter(|attempt| attempt["experiment"].is_null()).collect()
    }

    fn end(&self) -> &Value {
        self.of("run").last().copied().unwrap_or(&Value::Null)
    }
}

fn retry(db: &Path, words: &[&str]) -> Ran {
    let ran = run(&mut command(db, words), b"");
    Ran { code: ran.code, lines: ran.lines(), err: ran.err }
}

fn log() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    (folder, db)
}

#[test]
fn at_sixty_times_the_attempts_fall_on_the_documented_offsets() {
    let rows: [(&str, &[u64]); 3] =
        [("firebirdgen", &[0, 10, 40, 130]), ("ihateppt", &[0, 1, 6, 36]), ("videopilot", &[0, 10, 30, 70])];
    for (provider, offsets) in rows {
        let (_folder, db) = log();
        let endpoint = Endpoint::start(|_, _| (500, String::new()));
        let ran = retry(&db, &["--provider", provider, "--to", &endpoint.url(), "--speed", "60"]);
        assert_eq!(ran.code, Some(1), "{provider}: {}", ran.err);
        let got = endpoint.got();
        assert_eq!(got.len(), offsets.len(), "{provider}");
        for (at, (request, offset)) in got.iter().zip(offsets).enumerate() {
            let after = request.at.duration_since(got[0].at);
            // Never earlier than the waiting takes; later by what a busy machine costs, and never as late as in life.
            assert!(after >= Duration::from_millis(offset * 1_000 / 60), "{provider}, attempt {}: {after:?}", at + 1);
            assert!(at == 0 || after < Duration::from_secs(*offset).max(PATIENCE), "{provider}: {after:?}");
            assert_eq!(request.body, got[0].body, "{provider}: the same event");
            assert!(request.head.starts_with("POST /hook?x=1 HTTP/1.1\r\n"), "{provider}: {}", request.head);
        }
        for (attempt, offset) in ran.attempts().into_iter().zip(offsets) {
            assert_eq!(attempt["planned_ms"], offset * 1_000, "{provider}");
            assert!(attempt["sent_ms"].as_u64() >= Some(offset * 1_000), "{provider}: {attempt}");
        }
        let last = ran.attempts().last().copied().expect("attempts").clone();
        let cause = format!("not exactly 200, and all {} attempts are used → gives up", offsets.len());
        assert_eq!(last["why"], cause.as_str(), "{provider}");
        assert_eq!(ran.end()["delivered"], false, "{provider}");
    }
}

#[test]
fn an_endpoint_that_looks_down_sees_nothing_until_it_is_up() {
    let rows = [("down=2", "503"), ("down=2:500", "500"), ("down=2:refused", "refused"), ("down=2:closed", "closed")];
    for (fault, label) in rows {
        let (_folder, db) = log();
        let endpoint = Endpoint::start(|_, _| (200, String::new()));
        let to = endpoint.url();
        let ran = retry(&db, &["--provider", "pollo", "--to", &to, "--speed", "none", "--fault", fault]);
        assert_eq!(ran.code, Some(0), "{fault}: {}", ran.err);
        let labels: Vec<&Value> = ran.attempts().into_iter().map(|attempt| &attempt["label"]).collect();
        assert_eq!(labels, [label, label, "200"], "{fault}");
        let got = endpoint.got();
        assert_eq!(got.len(), 1, "{fault}");
        // Whatever stands in front, it is the endpoint that is spoken to.
        assert!(got[0].head.contains(&format!("\r\nHost: {}\r\n", endpoint.addr)), "{fault}: {}", got[0].head);
        assert_eq!(ran.end()["headline"], "Delivered on attempt 3 of 10", "{fault}");
    }
}

#[test]
fn a_lost_acknowledgement_reaches_the_endpoint_and_the_duplicate_is_found() {
    // What the endpoint answers decides what can be said.
    type Row = (&'static str, fn(usize) -> String, &'static str, i32);
    let rows: [Row; 3] = [
        ("a job of its own each time", |n| json!({ "jobId": format!("job_{n}") }).to_string(), "ran_twice", 1),
        ("the same job", |_| json!({ "jobId": "job_1" }).to_string(), "same_thing", 0),
        ("nothing that says", |_| json!({ "ok": true }).to_string(), "cannot_tell", 0),
    ];
    for (name, body, kind, code) in rows {
        let (_folder, db) = log();
        let endpoint = Endpoint::start(move |n, _| (200, body(n)));
        let to = endpoint.url();
        let ran = retry(&db, &["--provider", "ihateppt", "--to", &to, "--speed", "none", "--fault", "lose=1"]);
        assert_eq!(ran.code, Some(code), "{name}: {}", ran.err);
        let got = endpoint.got();
        assert_eq!((got.len(), &got[0].body), (2, &got[1].body), "{name}: it arrived twice");
        let first = ran.attempts()[0].clone();
        assert_eq!((&first["label"], &first["lost_status"]), (&json!("closed"), &json!(200)), "{name}");
        let findings = ran.of("finding");
        assert_eq!((findings.len(), &findings[0]["kind"]), (1, &json!(kind)), "{name}: {}", findings[0]);
        assert_eq!(findings[0]["attempts"].as_array().map(Vec::len), Some(2), "{name}");
    }
}

#[test]
fn two_at_once_overlap() {
    let (_folder, db) = log();
    let arrived: Arc<(Mutex<usize>, Condvar)> = Arc::default();
    let both = Arc::clone(&arrived);
    // The schedule's one is answered at once; each of the two waits for the other one.
    let endpoint = Endpoint::start(move |number, _| {
        if number > 1 {
            let mut count = both.0.lock().expect("no thread panicked");
            *count += 1;
            both.1.notify_all();
            let waited = both.1.wait_timeout_while(count, PATIENCE, |count| *count < 2).expect("no thread panicked");
            if waited.1.timed_out() {
                return (500, String::new());
            }
        }
        (200, json!({ "ok": true }).to_string())
    });
    let to = endpoint.url();
    let ran = retry(&db, &["--provider", "firebirdgen", "--to", &to, "--speed", "none", "--also", "at-once"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let got = endpoint.got();
    assert_eq!((got.len(), &got[1].body), (3, &got[2].body));
    assert_ne!(got[0].body, got[1].body, "an event of its own");
    assert_eq!(ran.of("finding")[0]["kind"], "cannot_tell");
}

#[test]
fn the_state_proves_what_the_answers_do_not_say() {
    for (once, kinds, code) in [
        (false, ["ran_twice", "ran_twice", "ran_twice"], 1),
        (true, ["same_unchanged", "same_unchanged", "same_unchanged"], 0),
    ] {
        let (folder, db) = log();
        let file = folder.path().join("the state.txt");
        std::fs::write(&file, "0").expect("the state can be written");
        let (path, seen) = (file.clone(), Mutex::new((Vec::<String>::new(), 0)));
        let endpoint = Endpoint::start(move |_, got| {
            let mut seen = seen.lock().expect("no thread panicked");
            if !once || !seen.0.contains(&got.body) {
                seen.0.push(got.body.clone());
                seen.1 += 1;
                std::fs::write(&path, seen.1.to_string()).expect("the state can be written");
            }
            (200, "ok".to_owned())
        });
        let probe = format!("cat '{}'", file.display());
        let to = endpoint.url();
        let words = ["--provider", "videopilot", "--to", &to, "--speed", "none", "--probe-command", &probe];
        let ran = retry(&db, &[&words[..], &["--also", "lost-ack,at-once,late"]].concat());
        assert_eq!(ran.code, Some(code), "{once}: {}", ran.err);
        let found: Vec<&Value> = ran.of("finding").into_iter().map(|finding| &finding["kind"]).collect();
        assert_eq!(found, kinds, "{once}: {:?}", ran.of("finding"));
    }
}

#[test]
fn the_practice_endpoint_verifies_answers_and_counts() {
    let rows: [(&[&str], &str, i32); 4] = [
        (&["--provider", "pptvideo"], "200", 0),
        (&["--provider", "pptvideo", "--unsigned"], "400", 1),
        (&["--provider", "pollo", "--also", "late"], "200", 0),
        (&["--provider", "ihateppt", "--forgetful", "--also", "late"], "200", 1),
    ];
    for (words, label, code) in rows {
        let (_folder, db) = log();
        let ran = retry(&db, &[words, &["--practice", "--speed", "none"]].concat());
        assert_eq!(ran.code, Some(code), "{words:?}: {}", ran.err);
        assert!(ran.attempts().iter().all(|attempt| attempt["label"] == label), "{words:?}: {:?}", ran.attempts());
    }
}

#[test]
fn a_run_that_is_killed_reads_as_interrupted_and_goes_on_with_the_same_event() {
    let (_folder, db) = log();
    let up = Arc::new(Mutex::new(false));
    let is_up = Arc::clone(&up);
    let endpoint =
        Endpoint::start(move |_, _| (if *is_up.lock().expect("no panic") { 200 } else { 500 }, String::new()));
    let to = endpoint.url();
    // Signed with an id of its own beside the body, and a wait of a minute.
    let words = ["--provider", "pollo", "--to", &to, "--speed", "60"];
    let mut child = command(&db, &words).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
    let mut process = Ended(child);
    let mut next = || -> Value { serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON") };
    let id = next()["id"].as_str().expect("an id").to_owned();
    assert_eq!(next()["label"], "500");
    process.0.kill().and_then(|()| process.0.wait()).expect("it is killed");
    let made = endpoint.got().len();

    until("the run reads as interrupted", || {
        let ran = retry(&db, &["--show", &id]);
        (ran.end()["state"] == "interrupted").then_some(())
    });
    *up.lock().expect("no panic") = true;
    let ran = retry(&db, &["--resume", &id]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.end()["state"], "finished");
    let notes = ran.end()["notes"].to_string();
    assert!(notes.contains("It was interrupted after"), "the gap is told: {notes}");
    let attempts = ran.attempts();
    assert_eq!((attempts.len(), &attempts[0]["number"]), (1, &json!(made + 1)), "what remains: {attempts:?}");
    let got = endpoint.got();
    let id_of = |got: &Got| got.head.lines().find(|line| line.starts_with("X-Webhook-Id:")).map(str::to_owned);
    assert_eq!((&got[0].body, id_of(&got[0])), (&got[made].body, id_of(&got[made])), "the same event");
    assert!(id_of(&got[0]).is_some());
    let again = retry(&db, &["--resume", &id]);
    assert_eq!((again.code, again.err.contains("repeat it instead")), (Some(2), true), "{}", again.err);
}

#[test]
fn an_interrupt_cancels_and_the_run_says_so() {
    let (_folder, db) = log();
    let endpoint = Endpoint::start(|_, _| (500, String::new()));
    let words = ["--provider", "firebirdgen", "--to", &endpoint.url(), "--speed", "real"];
    let mut child = command(&db, &words).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output is piped"));
    let mut process = Ended(child);
    let mut line = || {
        let mut line = String::new();
        out.read_line(&mut line).expect("text");
        serde_json::from_str::<Value>(&line).expect("JSON")
    };
    assert_eq!(line()["state"], "running");
    assert_eq!(line()["why"], "not exactly 200 → retry in 10 s");
    kill("-INT", process.0.id());
    let end = line();
    assert_eq!((&end["state"], &end["headline"]), (&json!("cancelled"), &json!("Cancelled after 1 attempt")));
    assert_eq!(process.0.wait().expect("it ends").code(), Some(1));
}

#[test]
fn exports_hold_the_run_and_no_secret() {
    let (folder, db) = log();
    let endpoint = Endpoint::start(|n, _| (if n == 1 { 500 } else { 200 }, json!({ "n": n }).to_string()));
    let to = endpoint.url();
    let probe = format!("{to}&token=hunter2");
    for ending in ["json", "md", "svg"] {
        let file = folder.path().join(format!("run.{ending}"));
        let words = ["--provider", "pollo", "--to", &to, "--speed", "none", "--also", "lost-ack", "--probe", &probe];
        let out = file.display().to_string();
        let ran = retry(&db, &[&words[..], &["--out", &out]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let text = std::fs::read_to_string(&file).expect("the export");
        assert!(text.contains("Delivered on attempt"), "{ending}: {text}");
        assert!(!text.contains(SECRET) && !text.contains("hunter2"), "{ending}");
        assert!(!format!("{:?} {}", ran.lines, ran.err).contains(SECRET), "{ending}");
    }
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file");
        assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "{}", path.display());
    }
}

#[test]
fn a_schedule_is_shown_whole_and_wrong_use_is_said() {
    let (_folder, db) = log();
    let ran = retry(&db, &["--provider", "pollo", "--to", "http://127.0.0.1:1/", "--plan"]);
    let plan = ran.of("plan")[0].clone();
    assert_eq!((ran.code, &plan["total_ms"], &plan["total"]), (Some(0), &json!(14_580_000), &json!("4 h 3 min")));
    assert_eq!(plan["attempts"].as_array().map(Vec::len), Some(10));
    let rows: [(&[&str], &str); 5] = [
        (&["--provider", "pollo"], "--to"),
        (&["--provider", "pollo", "--practice", "--fault", "flood=1"], "there is no fault “flood”"),
        (&["--provider", "pollo", "--practice", "--speed", "0.5"], "1 to 1,000,000 times faster"),
        (&["--provider", "pollo", "--practice", "--probe-command", "a | b"], "no shell reads this"),
        (&["--provider", "pollo", "--to", "nowhere"], "is not an http or https address"),
    ];
    for (words, said) in rows {
        let ran = run(&mut command(&db, words), b"");
        assert_eq!((ran.code, ran.err.contains(said)), (Some(2), true), "{words:?}: {}", ran.err);
    }
}
