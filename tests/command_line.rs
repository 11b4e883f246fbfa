//! The command line as scripts use it: what it prints, where, and how it ends.

use countersign_tests::{Connection, Delivery, Ran, Sender, Session, countersign, root, run, until};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const SECRET: &str = "a-distinctive-secret-0b5f2c";
const BODY: &[u8] = br#"{"event":"render.completed","data":{"render_job_id":"r1"},"timestamp":"t"}"#;

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    (folder, db)
}

fn cli(db: &Path, args: &[&str]) -> Ran {
    run(countersign(db, args).env("S", SECRET), b"")
}

fn listen(db: &Path, args: &[&str]) -> Command {
    let mut command = countersign(db, &["listen", "--json", "--listen", "127.0.0.1:0"]);
    command.args(args).env("S", SECRET);
    command
}

fn post(addr: &str, target: &str, body: &[u8]) -> (u16, String) {
    let answer = Connection::open(addr).and_then(|mut connection| connection.post(target, body));
    answer.unwrap_or_else(|error| panic!("{target}: {error}"))
}

/// The headers that `sign` prints for the file `body`, as `Name: value`.
fn sign(db: &Path, provider: &str, body: &str) -> Vec<String> {
    let ran = cli(db, &["sign", "--provider", provider, "--secret", &format!("{provider}=env:S"), "--body", body]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    ran.text().lines().map(str::to_owned).collect()
}

/// Every file of a folder, as bytes.
fn everything_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| (path.clone(), std::fs::read(&path).expect("a file"))).collect()
}

/// The verdict on the row of a delivery of a known provider.
fn applying(delivery: &Value) -> &Value {
    let verdicts = delivery["verdicts"].as_array().expect("verdicts");
    verdicts.iter().find(|verdict| verdict["applies"] == true).expect("one applies")
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn secrets_are_stored_listed_and_removed_and_never_printed() {
    let (folder, db) = folder();
    let mut said = Vec::new();
    let set = |name: &str| run(&mut countersign(&db, &["secrets", "set", "videopilot", name]), SECRET.as_bytes());
    said.push(set("first"));
    said.push(run(&mut countersign(&db, &["secrets", "set", "videopilot", "second", "--json"]), b"another-one\n"));
    let listed = cli(&db, &["secrets", "list", "--json"]);
    let names: Vec<Value> = listed.lines().iter().map(|s| s["name"].clone()).collect();
    assert_eq!(names, ["first", "second"]);
    said.extend([listed, cli(&db, &["secrets", "list"]), cli(&db, &["secrets", "remove", "videopilot", "second"])]);
    let left = cli(&db, &["secrets", "list", "--json"]);
    assert_eq!((left.lines().len(), &left.lines()[0]["name"]), (1, &json!("first")));

    // A whole session with it: received, listed, shown, failing and passing.
    let file = folder.path().join("body.json");
    std::fs::write(&file, BODY).expect("a file");
    let file = file.to_str().expect("UTF-8");
    let session = Session::start(&mut listen(&db, &["--secret", "ihateppt=env:S"]), folder.path());
    assert_eq!(post(&session.addr, "/videopilot", BODY).0, 200);
    let url = format!("http://{}/videopilot", session.addr);
    let body = std::str::from_utf8(BODY).expect("UTF-8");
    for damage in [None, Some("body_byte"), Some("secret_decoded")] {
        let delivery = Delivery { provider: "videopilot", url: &url, secret: SECRET, body, damage };
        assert_eq!(Sender::Python.send(&delivery).status, 200);
    }
    until("they are printed", || (session.lines().len() == 5).then_some(()));
    let outcomes: Vec<Value> = session.lines()[1..].iter().map(|line| applying(line)["outcome"].clone()).collect();
    assert_eq!(outcomes, ["missing", "pass", "fail", "fail"]);
    for line in &session.lines()[1..] {
        let id = line["id"].as_str().expect("an id");
        said.extend([cli(&db, &["show", id]), cli(&db, &["show", id, "--json"])]);
    }
    let header = sign(&db, "videopilot", file).remove(0);
    let verify = ["verify", "--provider", "videopilot", "--body", file, "--header", &header];
    said.extend([left, cli(&db, &["deliveries"]), cli(&db, &["deliveries", "--json"])]);
    said.extend([
        cli(&db, &verify),
        cli(&db, &["providers"]),
        cli(&db, &["providers", "show", "videopilot", "--json"]),
    ]);
    for ran in &said {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(!holds(&ran.out, SECRET) && !ran.err.contains(SECRET), "{}{}", ran.text(), ran.err);
    }
    // Log, WAL and the listener's two outputs: all that is there but the one file that is meant for values.
    let files = everything_in(folder.path());
    assert!(files.iter().any(|(path, _)| path.ends_with("log.db-wal")) && files.len() >= 6, "{}", files.len());
    for (path, bytes) in files {
        let meant = path.to_string_lossy().ends_with(".secrets.json");
        assert_eq!(holds(&bytes, SECRET), meant, "{}", path.display());
    }
    assert_eq!(cli(&db, &["secrets", "remove", "videopilot", "first"]).code, Some(0));
    assert_eq!(cli(&db, &["secrets", "list", "--json"]).text(), "");
    assert_eq!(cli(&db, &["secrets", "remove", "videopilot", "first"]).code, Some(3));
    assert_eq!(run(&mut countersign(&db, &["secrets", "set", "videopilot", "none"]), b"\n").code, Some(2));
}

#[test]
fn what_sign_prints_is_accepted_by_verify_and_by_the_documents_code() {
    let (folder, db) = folder();
    let path = folder.path().join("body.json");
    std::fs::write(&path, BODY).expect("a file");
    let file = path.to_str().expect("UTF-8");
    for provider in ["pptvideo", "videopilot", "ihateppt", "pollo"] {
        let headers = sign(&db, provider, file);
        let secret = format!("{provider}=env:S");
        let mut args = vec!["verify", "--json", "--secret", &secret, "--provider", provider, "--body", file];
        args.extend(headers.iter().flat_map(|header| ["--header", header.as_str()]));
        let ran = cli(&db, &args);
        assert_eq!(ran.code, Some(0), "{provider}: {}{}", ran.text(), ran.err);
        let verdict = &ran.lines()[0]["verdicts"][0];
        let got = (&verdict["scheme"], &verdict["outcome"], &verdict["secret"]);
        assert_eq!(got, (&json!(provider), &json!("pass"), &json!("env:S")));

        // The same, a byte of the body changed: exit 1.
        let other = folder.path().join("other.json");
        std::fs::write(&other, [BODY, b" "].concat()).expect("a file");
        args[7] = other.to_str().expect("UTF-8");
        let ran = cli(&db, &args);
        assert_eq!((ran.code, &ran.lines()[0]["verdicts"][0]["outcome"]), (Some(1), &json!("fail")), "{provider}");

        if provider == "ihateppt" {
            continue; // Its document has no JavaScript.
        }
        let pairs: Vec<_> = headers.iter().map(|h| h.split_once(": ").expect("Name: value")).collect();
        let body = std::str::from_utf8(BODY).expect("UTF-8");
        let fixture = json!({"provider": provider, "name": "signed", "request": {"headers": pairs, "body": body}});
        let target = folder.path().join("signed.json");
        std::fs::write(&target, fixture.to_string()).expect("a file");
        let script = root().join("tests/senders/verify.mjs");
        let mut node = Command::new("node");
        let ran = run(node.arg(script).args(["--secret-env", "S"]).arg(target).env("S", SECRET), b"");
        let handlers = ran.lines()[0]["handlers"].as_object().expect("handlers").clone();
        assert!(!handlers.is_empty() && handlers.values().all(|h| h == "accept"), "{provider}: {handlers:?}");
    }
}

#[test]
fn wrong_use_is_exit_2_and_what_cannot_be_done_exit_3() {
    let (folder, db) = folder();
    let absent = folder.path().join("absent").display().to_string();
    let cases: [(&[&str], i32, &str); 13] = [
        (&["verify", "--provider", "nobody", "--body", "-"], 2, "nobody"),
        (&["verify", "--provider", "pollo", "--body", "-", "--header", "no colon"], 2, "no colon"),
        (&["verify"], 2, "fixtures"),
        (&["nonsense"], 2, "nonsense"),
        (&["listen", "--secret", "pollo=the-value-itself"], 2, "env:VAR"),
        (&["listen", "--secret", "the-value-itself=="], 2, "env:VAR"),
        (&["verify", "--secret", "polo=env:S", "--provider", "pollo", "--body", "-"], 2, "polo"),
        (&["listen", "--listen", "banana"], 2, "write 127.0.0.1:4400"),
        (&["providers", "show", "nobody"], 2, "nobody"),
        (&["show", "4711"], 3, "There is no delivery 4711"),
        (&["resend", "4711", "--to", "http://127.0.0.1:1/"], 3, "There is no delivery 4711"),
        (&["verify", "--provider", "pollo", "--body", &absent], 3, "absent"),
        (&["verify", "--secret", "pollo=env:S", &absent], 3, "absent"),
    ];
    for (args, code, word) in cases {
        let ran = cli(&db, args);
        assert_eq!((ran.code, ran.text()), (Some(code), ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(word), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("the-value-itself"), "a secret is not repeated: {}", ran.err);
    }
    let ran = cli(&db, &["deliveries", "provider:pollo", "verdict:wrong"]);
    assert_eq!((ran.code, ran.text()), (Some(2), ""));
    let lines: Vec<&str> = ran.err.lines().collect();
    let at = lines.iter().position(|line| line.trim() == "provider:pollo verdict:wrong").expect("the filter is shown");
    let mark = lines[at + 1];
    let wrong = &lines[at][mark.find('^').expect("a mark")..mark.len().min(lines[at].len())];
    assert!("verdict:wrong".ends_with(wrong) && !wrong.is_empty(), "{}", ran.err);
}

#[test]
fn every_fixture_of_the_test_secret_holds() {
    let (folder, db) = folder();
    // What is not signed does not hold.
    let unsigned = run(&mut countersign(&db, &["verify", "--provider", "firebirdgen", "--body", "-"]), b"{}");
    assert_eq!(unsigned.code, Some(1), "{}", unsigned.err);
    let read = |path: &Path| -> Value {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let secrets = read(&root().join("fixtures/secrets.json"));
    for (provider, least) in [("pptvideo", 50), ("videopilot", 35), ("ihateppt", 45), ("pollo", 60)] {
        let files = everything_in(&root().join("fixtures").join(provider));
        let files: Vec<&PathBuf> = files.iter().map(|(path, _)| path).filter(|p| read(p)["secret"] == "test").collect();
        assert!(files.len() >= least, "{provider}: {}", files.len());
        let value = secrets["secrets"][provider]["test"].as_str().expect("a secret");
        let mut command = countersign(&db, &["verify", "--json", "--secret", &format!("{provider}=env:S")]);
        let ran = run(command.args(&files).env("S", value), b"");
        let wrong: Vec<Value> = ran.lines().into_iter().filter(|line| line.get("unexpected").is_some()).collect();
        assert_eq!((ran.code, &wrong), (Some(0), &vec![]), "{provider}: {}", ran.err);
        assert_eq!(ran.lines().len(), files.len());
        // The same where one expects something else.
        let mut other = read(files[0]);
        other["expect"]["event_type"] = json!("another.event");
        let changed = folder.path().join("changed.json");
        std::fs::write(&changed, other.to_string()).expect("a file");
        let mut alone = countersign(&db, &["verify", "--json", "--secret", &format!("{provider}=env:S")]);
        let ran = run(alone.arg(&changed).env("S", value), b"");
        let expected = &ran.lines()[0]["unexpected"]["event_type"]["expected"];
        assert_eq!((ran.code, expected), (Some(1), &json!("another.event")), "{provider}");
        // The same with another secret does not hold.
        let ran = run(command.env("S", "b3RoZXI="), b"");
        assert_eq!(ran.code, Some(1), "{provider}");
    }
}

#[test]
fn a_large_binary_body_comes_back_byte_for_byte_and_processes_share_the_log() {
    let (folder, db) = folder();
    let session = Session::start(&mut listen(&db, &[]), folder.path());
    let body: Vec<u8> = (0u32..25_000_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
    assert_eq!(post(&session.addr, "/hook/large?x=1", &body).0, 200);
    // Another process, while the first has the log open.
    let listed = cli(&db, &["deliveries", "--json", "path:/hook/large"]).lines();
    let (id, length) = (listed[0]["id"].as_str().expect("an id"), &listed[0]["body_len"]);
    assert_eq!((listed.len(), length), (1, &json!(25_000_000)));
    let shown = cli(&db, &["show", id, "--body"]);
    assert!(shown.code == Some(0) && shown.out == body, "{} bytes; {}", shown.out.len(), shown.err);
    let detail = cli(&db, &["show", id, "--json"]).lines().remove(0);
    let got = (&detail["id"], &detail["path"], &detail["query"], &detail["method"], &detail["status"]);
    assert_eq!(got, (&json!(id), &json!("/hook/large"), &json!("x=1"), &json!("POST"), &json!(200)));

    // A second listener on the same log; a secret that a third process stores is used by both.
    let beside = folder.path().join("second");
    std::fs::create_dir(&beside).expect("a folder");
    let second = Session::start(&mut listen(&db, &[]), &beside);
    let set = run(&mut countersign(&db, &["secrets", "set", "videopilot", "main"]), SECRET.as_bytes());
    assert_eq!(set.code, Some(0), "{}", set.err);
    assert_eq!(post(&session.addr, "/one", b"1").0, 200);
    assert_eq!(post(&second.addr, "/two", b"2").0, 200);
    let listed = cli(&db, &["deliveries", "--json"]).lines();
    let paths: Vec<&str> = listed.iter().filter_map(|d| d["path"].as_str()).collect();
    assert_eq!(paths, ["/two", "/one", "/hook/large"]);
}

#[test]
fn a_newer_log_is_refused_and_a_damaged_one_kept_aside_and_said() {
    let (folder, db) = folder();
    assert_eq!(cli(&db, &["deliveries"]).code, Some(0));
    let path = db.display().to_string();
    let newer = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version=9999'); c.commit()";
    assert_eq!(run(Command::new("python3").args(["-c", newer, &path]), b"").code, Some(0));
    let before = std::fs::read(&db).expect("the log");
    let ran = cli(&db, &["deliveries"]);
    assert_eq!((ran.code, ran.text()), (Some(3), ""));
    assert!(ran.err.contains("was written by a newer Countersign (its format is 9999"), "{}", ran.err);
    assert!(std::fs::read(&db).expect("the log") == before, "nothing was changed");

    let damage = b"this is no database at all, and long enough to be read as one: ".repeat(100);
    std::fs::write(&db, &damage).expect("the log is damaged");
    let session = Session::start(&mut listen(&db, &[]), folder.path());
    let aside = session.first["set_aside"].as_str().unwrap_or_else(|| panic!("{}", session.first)).to_owned();
    assert!(std::fs::read(&aside).expect("the damaged log") == damage, "it is kept as it was");
    assert!(session.err().contains(&aside), "{}", session.err());
    assert_eq!(post(&session.addr, "/hook", b"{}").0, 200);
}

#[test]
fn a_taken_port_that_was_asked_for_is_exit_3() {
    let (_folder, db) = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = taken.local_addr().expect("its address").to_string();
    let ran = cli(&db, &["listen", "--json", "--listen", &addr]);
    assert_eq!((ran.code, ran.text()), (Some(3), ""), "{}", ran.err);
    assert!(ran.err.contains(&addr), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_log_that_cannot_grow_answers_503_and_keeps_what_was_acknowledged() {
    let (folder, db) = folder();
    let whole = listen(&db, &[]);
    // Files of at most 2 MiB: the unit of sh is 512 bytes, that of bash 1024. Without the signal a write fails instead.
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$@\"";
    let mut limited = Command::new("sh");
    limited.args(["-c", script, "sh"]).arg(whole.get_program()).args(whole.get_args());
    for (name, value) in whole.get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    let session = Session::start(&mut limited, folder.path());
    let mut connection = Connection::open(&session.addr).expect("a connection");
    let body = vec![b'x'; 200_000];
    let mut acknowledged = Vec::new();
    let refused = (0..200).find_map(|number| {
        let path = format!("/hook/{number}");
        let (status, head) = connection.post(&path, &body).expect("an answer");
        if status == 200 {
            acknowledged.push(path);
            return None;
        }
        Some((status, head))
    });
    let (status, head) = refused.expect("the limit is met");
    assert_eq!(status, 503, "{head}");
    assert!(head.to_ascii_lowercase().contains("\r\nretry-after: "), "{head}");
    drop(session);
    let listed = cli(&db, &["deliveries", "--json", "--limit", "1000"]).lines();
    let kept: Vec<&str> = listed.iter().rev().filter_map(|d| d["path"].as_str()).collect();
    assert!(acknowledged.len() > 2, "some were acknowledged: {}", acknowledged.len());
    assert_eq!(kept, acknowledged);
}

#[test]
fn listen_answers_by_rules_and_forwards_for_its_run_alone() {
    let (folder, db) = folder();
    let endpoint = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let target = format!("http://{}/in", endpoint.local_addr().expect("its address"));
    let got = std::thread::spawn(move || {
        let (mut stream, _) = endpoint.accept().expect("a connection");
        let mut head = vec![0; 8];
        std::io::Read::read_exact(&mut stream, &mut head).expect("a request");
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 202 Taken\r\nContent-Length: 0\r\n\r\n").expect("an answer");
        head
    });
    let rule = "status=503,first=1,when=path:/down*,body=later, {{method}}";
    let route = format!("path:/hook*={target}");
    let session = Session::start(&mut listen(&db, &["--respond", rule, "--route", &route]), folder.path());
    let statuses: Vec<u16> =
        ["/down", "/down", "/hook"].iter().map(|target| post(&session.addr, target, b"x").0).collect();
    assert_eq!(statuses, [503, 200, 202]);
    assert_eq!(got.join().expect("the endpoint"), b"POST /in");
    let shown = cli(&db, &["show", "3", "--json"]).lines().remove(0);
    let attempt = &shown["attempts"][0];
    assert_eq!(
        (&attempt["state"], &attempt["status"], &attempt["url"]),
        (&json!("answered"), &json!(202), &json!(target))
    );
    // Of this run alone: the next one knows nothing of them.
    drop(session);
    let session = Session::start(&mut listen(&db, &[]), folder.path());
    assert_eq!(post(&session.addr, "/down", b"x").0, 200);
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let (own, addr) = (format!("http://localhost:{}/x", free.port()), free.to_string());
    let refused = [
        (["--respond", "colour=red"], "colour"),
        (["--respond", "status=503,when=provider:nobody"], "There is no provider “nobody”: there are "),
        (["--forward", "localhost"], "is no URL"),
        (["--forward", &own], "Countersign's own listener"),
        (["--route", "http://a"], "write FILTER="),
        (["--route", "provider:nobody=http://localhost:1"], "There is no provider “nobody”: there are "),
    ];
    for (wrong, words) in refused {
        let ran = cli(&db, &[&["listen", "--listen", &addr][..], &wrong[..]].concat());
        assert_eq!(ran.code, Some(2), "{wrong:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{wrong:?}: {}", ran.err);
    }
}
