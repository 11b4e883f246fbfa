//! Exports as a user gets them: what is written, what is not in it, what is asked about, and that it can be used.

use countersign_tests::{Ran, Session, countersign, root, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const FORMATS: [&str; 8] = ["fixtures", "har", "curl", "http", "postman", "raw", "csv", "ndjson"];

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    (folder, db)
}

fn cli(db: &Path, args: &[&str]) -> Ran {
    run(&mut countersign(db, args), b"")
}

fn published(provider: &str, name: &str) -> String {
    let text = std::fs::read_to_string(root().join("fixtures/secrets.json")).expect("the secrets");
    let secrets: Value = serde_json::from_str(&text).expect("JSON");
    secrets["secrets"][provider][name].as_str().expect("a secret").to_owned()
}

fn store_secret(db: &Path, provider: &str, value: &str) {
    let ran = run(&mut countersign(db, &["secrets", "set", provider, "main"]), value.as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

/// The headers that a provider's delivery of that body has, as lines.
fn signed(db: &Path, folder: &Path, provider: &str, body: &[u8]) -> String {
    let file = folder.join("body");
    std::fs::write(&file, body).expect("a file");
    let args = [
        "sign",
        "--provider",
        provider,
        "--secret",
        &format!("{provider}=env:S"),
        "--body",
        &file.display().to_string(),
    ];
    let ran = run(countersign(db, &args).env("S", published(provider, "other")), b"");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut lines = String::new();
    for line in ran.text().lines() {
        lines.push_str(&format!("{line}\r\n"));
    }
    lines
}

/// Posts a request with these header lines.
fn post(addr: &str, target: &str, lines: &str, body: &[u8]) {
    let mut stream = std::net::TcpStream::connect(addr).expect("a connection");
    let length = body.len();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: abc1.ngrok-free.app\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).expect("it is sent");
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", answer.escape_ascii());
}

const MAIL: &str = r#"{"taskId":"t-1","status":"succeed","mail":"ann@pollo.ai"}"#;

/// A log with a signed delivery of Pollo.ai, its retry, one that is odd in every way, and one of a sender that nobody knows.
fn filled(db: &Path, folder: &Path) {
    store_secret(db, "pollo", &published("pollo", "other"));
    let session = Session::start(&mut countersign(db, &["listen", "--json", "--listen", "127.0.0.1:0"]), folder);
    let lines = signed(db, folder, "pollo", MAIL.as_bytes());
    let extra = format!(
        "{lines}Authorization: Bearer abcdefghijklmn\r\nCookie: sid=12345678\r\nX-Forwarded-For: 203.0.113.77\r\n"
    );
    post(&session.addr, "/pollo/hook?token=tok3n-in-a-query", &extra, MAIL.as_bytes());
    post(&session.addr, "/pollo/hook", &lines, MAIL.as_bytes());
    let odd = "x-b: 1\r\nX-A: it's \"so\" {{x}} $(touch x)\r\nX-B: \r\nx-b: =1+1\r\nContent-Type: text/plain\r\n";
    post(&session.addr, "/odd'/$(touch%20x)?a={b}", odd, b"\xff\0'%s'\\\r\n# comment\n### x\n");
    post(&session.addr, "/plain", "Content-Type: application/json\r\n", b"{\"a\": [1, 2]}");
}

fn export(db: &Path, format: &str, out: &Path, more: &[&str]) -> Ran {
    let out = out.display().to_string();
    cli(db, &[&["export", "--filter", "", "--format", format, "--out", &out], more].concat())
}

/// Every file below a folder by its name there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn exporting_twice_changes_nothing_and_other_files_are_asked_about() {
    let (folder, db) = folder();
    filled(&db, folder.path());
    for format in FORMATS {
        let out = folder.path().join(format);
        let ran = export(&db, format, &out, &["--json"]);
        assert_eq!(ran.code, Some(0), "{format}: {}", ran.err);
        let first = files(&out);
        let again = export(&db, format, &out, &["--json"]).lines();
        let state = again.last().expect("a state");
        let same = (&state["unchanged"], &state["written"], &state["overwritten"]);
        assert_eq!(same, (&json!(first.len()), &json!(0), &json!(0)), "{format}: {state}");
        assert!(files(&out) == first, "{format}: the same bytes");
        let zip = folder.path().join(format!("{format}.zip"));
        assert_eq!(export(&db, format, &zip, &[]).code, Some(0), "{format}");
        let packed = std::fs::read(&zip).expect("a zip file");
        std::fs::remove_file(&zip).expect("it can be removed");
        assert_eq!(export(&db, format, &zip, &[]).code, Some(0), "{format}");
        assert!(std::fs::read(&zip).expect("a zip file") == packed, "{format}: the same zip file");

        // One of them is another now.
        let changed = first.keys().find(|name| !name.contains("bodies")).expect("a file");
        std::fs::write(out.join(changed), b"mine").expect("a file");
        let asked = export(&db, format, &out, &["--json"]);
        let lines = asked.lines();
        assert_eq!(asked.code, Some(3), "{format}: {}", asked.err);
        assert_eq!((&lines[0]["name"], &lines[0]["outcome"]), (&json!(changed), &json!("exists")), "{format}");
        assert_eq!(lines.len(), 2, "{format}: that one and the state");
        assert_eq!(std::fs::read(out.join(changed)).expect("a file"), b"mine", "{format}");
        let skipped = export(&db, format, &out, &["--skip-existing", "--json"]).lines();
        assert_eq!(skipped.last().expect("a state")["skipped"], json!(1), "{format}");
        assert_eq!(std::fs::read(out.join(changed)).expect("a file"), b"mine", "{format}");
        let numbered = export(&db, format, &out, &["--keep-both", "--json"]).lines();
        assert_eq!(numbered.last().expect("a state")["written"], json!(1), "{format}: {numbered:?}");
        assert_eq!(std::fs::read(out.join(changed)).expect("a file"), b"mine", "{format}");
        let forced = export(&db, format, &out, &["--force", "--json"]).lines();
        assert_eq!(forced.last().expect("a state")["overwritten"], json!(1), "{format}");
        assert!(files(&out)[changed] == first[changed], "{format}");
        let left = std::fs::read_dir(&out).expect("the folder").map(|entry| entry.expect("an entry").file_name());
        assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with('.')), "{format}: nothing is left");
    }
}

#[test]
fn no_secret_and_nothing_that_gives_access_is_in_any_export() {
    let (folder, db) = folder();
    let stored = published("pollo", "other");
    filled(&db, folder.path());
    // They stand in deliveries too: a sender may repeat anything.
    let own = "own/secret\"with+é-0b5f2c";
    store_secret(&db, "videopilot", own);
    let session =
        Session::start(&mut countersign(&db, &["listen", "--json", "--listen", "127.0.0.1:0"]), folder.path());
    let encode = |bytes: &[u8]| {
        let ran = run(Command::new("base64").arg("-w0"), bytes);
        ran.text().to_owned()
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let key = run(Command::new("base64").arg("-d"), stored.as_bytes()).out;
    let forms: Vec<String> = vec![
        stored.clone(),
        own.to_owned(),
        encode(own.as_bytes()),
        hex(own.as_bytes()),
        encode(stored.as_bytes()),
        hex(&key),
        hex(&key).to_uppercase(),
    ];
    for (number, form) in forms.iter().enumerate() {
        let json = json!({ "event": form, "deep": [{ "x": format!("<{form}>") }] }).to_string();
        let path = format!("/leak/{number}");
        post(&session.addr, &path, &format!("X-Leak: {}\r\n", form.replace('é', "e")), json.as_bytes());
        post(&session.addr, &path, "", &[b"\xff\0", form.as_bytes()].concat());
        post(
            &session.addr,
            &path,
            &format!("Authorization: Basic {}\r\n", encode(format!("u:{form}").as_bytes())),
            &key,
        );
    }
    // As PHP writes JSON, and once more compressed.
    let php = r#"own\/secret\"with+\u00e9-0b5f2c"#;
    let leak = format!(r#"{{"leak":"{php}"}}"#);
    let gzip = run(Command::new("gzip").args(["-n", "-c"]), leak.as_bytes()).out;
    post(&session.addr, "/php", "", leak.as_bytes());
    post(&session.addr, "/gzip", "Content-Encoding: gzip\r\n", &gzip);
    let gzip = encode(&gzip);
    let access = ["abcdefghijklmn", "12345678", "tok3n-in-a-query", "203.0.113.77", "abc1.ngrok-free.app"];
    let written = |form: &str| serde_json::to_string(form).expect("JSON").trim_matches('"').to_owned();
    for redact in [&["--redact", "none"][..], &["--redact", "none", "--keep-exact"], &[]] {
        for format in FORMATS {
            let out = folder.path().join(format!("{format}-{}", redact.len()));
            let ran = export(&db, format, &out, redact);
            assert_eq!(ran.code, Some(0), "{format}: {}", ran.err);
            assert!(
                ran.err.contains("The value of your secret “main” of VideoPilot stood in what goes out. It is masked."),
                "{}",
                ran.err
            );
            for (name, bytes) in files(&out) {
                for form in forms.iter().flat_map(|form| [form.clone(), written(form), encode(form.as_bytes())]) {
                    assert!(!holds(&bytes, &form), "{format}: {name} holds {form}");
                }
                assert!(!holds(&bytes, php) && !holds(&bytes, &gzip), "{format}: {name}");
                assert!(!holds(&bytes, &key.escape_ascii().to_string()), "{format}: {name}");
                assert!(key.len() < 8 || !bytes.windows(key.len()).any(|window| window == key), "{format}: {name}");
                for text in access {
                    assert!(!redact.is_empty() || !holds(&bytes, text), "{format}: {name} holds {text}");
                }
            }
        }
    }
}

#[test]
fn an_exported_fixture_holds_and_a_masked_one_holds_with_the_published_secret() {
    let (folder, db) = folder();
    filled(&db, folder.path());
    let out = folder.path().join("out");
    assert_eq!(export(&db, "fixtures", &out, &[]).code, Some(0));
    let names: Vec<String> = files(&out).into_keys().collect();
    let expected =
        ["post-odd-touch-20x--3.json", "post-plain--4.json", "task.succeed--t-1--2.json", "task.succeed--t-1.json"];
    assert_eq!(names, expected);
    let path = out.join("task.succeed--t-1.json").display().to_string();
    let verify = |value: &str, path: &str| {
        let mut command = countersign(&db, &["verify", "--json", "--secret", "pollo=env:S", path]);
        let ran = run(command.env("S", value), b"");
        (ran.code, ran.lines().remove(0))
    };
    assert_eq!(verify(&published("pollo", "other"), &path).0, Some(0), "as it was captured");
    // E-mail addresses leave as they are where nothing is said; masking one changes what is signed.
    let masked = folder.path().join("masked");
    let ran = export(&db, "fixtures", &masked, &["--redact", "all", "--mask", "/status"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let note =
        format!("The published test secret “test” of Pollo.ai is {}. It protects nothing.", published("pollo", "test"));
    assert!(ran.err.contains(&note), "{}", ran.err);
    // The status is masked, so the event has another name.
    let (name, bytes) = files(&masked).into_iter().find(|(name, _)| name.contains("t-1")).expect("a fixture");
    let fixture: Value = serde_json::from_slice(&bytes).expect("JSON");
    let body: Value = serde_json::from_str(fixture["request"]["body"].as_str().expect("a body")).expect("JSON");
    assert_eq!(body, json!({ "taskId": "t-1", "status": "REDACTED", "mail": "redacted@example.com" }));
    assert_eq!((&fixture["secret"], &fixture["redacted"]["signed_with"]), (&json!("test"), &json!("test")));
    assert_eq!(fixture["name"].as_str().map(|stem| format!("{stem}.json")), Some(name.clone()));
    // It says what it was signed with, so nobody has to give that; a secret that is given changes nothing.
    let path = masked.join(name).display().to_string();
    for secret in ["test", "other"] {
        assert_eq!(verify(&published("pollo", secret), &path).0, Some(0), "{secret}");
    }
    // One that says nothing of it is judged with what is given alone.
    let mut bare = fixture.clone();
    bare.as_object_mut().expect("an object").remove("redacted");
    std::fs::write(&path, bare.to_string()).expect("a file");
    let (code, wrong) = verify(&published("pollo", "other"), &path);
    assert_eq!((code, &wrong["unexpected"]["pollo"]["got"]), (Some(1), &json!("fail")));
    schema_holds(&root().join("fixtures/fixture.schema.json"), &fixture);
    for bytes in files(&out).values() {
        schema_holds(&root().join("fixtures/fixture.schema.json"), &serde_json::from_slice(bytes).expect("JSON"));
    }
}

fn schema_holds(path: &Path, value: &Value) {
    let schema: Value = serde_json::from_slice(&std::fs::read(path).expect("a schema")).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn har_and_postman_files_are_what_they_say() {
    let (folder, db) = folder();
    filled(&db, folder.path());
    let har = run(&mut countersign(&db, &["export", "--filter", "", "--format", "har", "--out", "-"]), b"");
    let har: Value = serde_json::from_slice(&har.out).expect("JSON");
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(4));
    schema_holds(&root().join("tests/resources/har-1.2.schema.json"), &har);

    let out = folder.path().join("out");
    assert_eq!(export(&db, "postman", &out, &["--to", "http://localhost:3000"]).code, Some(0));
    let written = files(&out);
    let collection: Value = serde_json::from_slice(&written["deliveries.postman_collection.json"]).expect("JSON");
    schema_holds(&root().join("tests/resources/postman-2.1.checks.json"), &collection);
    assert_eq!(
        collection["variable"][0],
        json!({ "key": "baseUrl", "value": "http://localhost:3000", "type": "string" })
    );
    let source = &collection["item"][2]["request"]["body"]["file"]["src"];
    assert_eq!(written[source.as_str().expect("a file")], b"\xff\0'%s'\\\r\n# comment\n### x\n");
    // Postman's own library reads it, where it is here.
    let script = "const { Collection } = require('postman-collection');\
        const c = new Collection(JSON.parse(require('fs').readFileSync(process.argv[1])));\
        console.log(JSON.stringify([c.items.count(), c.items.idx(0).request.method, c.items.idx(0).request.headers.count()]))";
    let file = out.join("deliveries.postman_collection.json").display().to_string();
    let ran = run(Command::new("node").args(["-e", script, &file]).current_dir(root().join("ui")), b"");
    if ran.code == Some(0) {
        assert_eq!(ran.lines()[0][0], json!(4));
    } else {
        eprintln!("skipped: node has no postman-collection here");
    }
}

#[test]
fn a_curl_script_puts_the_same_deliveries_into_a_log() {
    let (folder, db) = folder();
    filled(&db, folder.path());
    let out = folder.path().join("out");
    assert_eq!(export(&db, "curl", &out, &["--redact", "none"]).code, Some(0));
    let (other, beside) = (folder.path().join("other.db"), folder.path().join("beside"));
    std::fs::create_dir(&beside).expect("a folder");
    store_secret(&other, "pollo", &published("pollo", "other"));
    let session = Session::start(&mut countersign(&other, &["listen", "--json", "--listen", "127.0.0.1:0"]), &beside);
    let ran =
        run(Command::new("sh").arg("deliveries.sh").arg(format!("http://{}", session.addr)).current_dir(&out), b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.text().lines().next(), Some("200 task.succeed--t-1"));
    let list = |db: &Path| -> Vec<Value> {
        let all = cli(db, &["deliveries", "--json"]).lines();
        let pick = |d: &Value| {
            json!([d["method"], d["path"], d["query"], d["event_id"], d["body_len"], d["verdicts"][3]["outcome"]])
        };
        all.iter().map(pick).collect()
    };
    assert_eq!(list(&other), list(&db));
    for id in ["1", "2", "3", "4"] {
        let body = |db: &Path| cli(db, &["show", id, "--body"]).out;
        assert!(body(&other) == body(&db), "the body of {id}");
        let own = ["host", "content-length", "connection"];
        let headers = |db: &Path| -> Vec<Value> {
            let shown = cli(db, &["show", id, "--json"]).lines().remove(0);
            let all = shown["headers"].as_array().expect("headers").clone();
            all.into_iter()
                .filter(|h| !own.contains(&h["name"]["text"].as_str().unwrap_or_default().to_lowercase().as_str()))
                .collect()
        };
        assert_eq!(headers(&other), headers(&db), "the headers of {id}");
    }
}

#[test]
fn wrong_use_is_said_and_nothing_is_written() {
    let (folder, db) = folder();
    filled(&db, folder.path());
    let out = folder.path().join("out").display().to_string();
    let rows: [(&[&str], &str); 8] = [
        (&["--out", &out], "--filter '' takes all"),
        (&["99", "--out", &out], "There is no delivery 99"),
        (&["--filter", "path:/nowhere", "--out", &out], "nothing to export"),
        (&["--filter", "status:x", "--out", &out], "status"),
        (&["1", "--format", "docx", "--out", &out], "there is no format “docx”"),
        (&["1", "--redact", "secrets", "--out", &out], "there is no “secrets”"),
        (&["1", "--mask", "data", "--out", &out], "is no JSON pointer"),
        (&["1", "2", "--out", "-"], "has a file for each delivery"),
    ];
    for (args, said) in rows {
        let ran = cli(&db, &[&["export"], args].concat());
        // What is not there is no wrong use.
        let code = if args[0] == "99" { 3 } else { 2 };
        assert_eq!(ran.code, Some(code), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    assert!(!Path::new(&out).exists());
    // What lies in the way of a file is not followed and not removed.
    let trap = folder.path().join("trap");
    std::fs::create_dir_all(trap.join("deliveries.csv")).expect("a folder");
    let ran = export(&db, "csv", &trap, &["--force"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("deliveries.csv cannot be written"), "{}", ran.err);
    #[cfg(unix)]
    {
        let (elsewhere, out) = (folder.path().join("elsewhere"), folder.path().join("links"));
        std::fs::create_dir_all(&elsewhere).expect("a folder");
        std::fs::create_dir_all(&out).expect("a folder");
        std::os::unix::fs::symlink(&elsewhere, out.join("bodies")).expect("a link");
        let ran = export(&db, "http", &out, &[]);
        assert_eq!((ran.code, files(&elsewhere).len()), (Some(3), 0), "{}", ran.err);
    }
}

#[test]
fn tests_are_written_beside_the_fixtures_and_never_replaced_unasked() {
    let (folder, db) = folder();
    filled(&db, folder.path());
    let out = folder.path().join("out");
    let app = ["--tests", "cargo"];
    let ran = export(&db, "fixtures", &out, &[&app[..], &["--json"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let lines = ran.lines();
    let tests = &lines.last().expect("a state")["tests"];
    let command = "POLLO_WEBHOOK_SECRET=… WEBHOOK_URL=http://localhost:3000/webhook cargo test --test pollo_webhooks";
    assert_eq!((&tests[0]["name"], &tests[0]["command"]), (&json!("tests/pollo_webhooks.rs"), &json!(command)));
    assert_eq!((&tests[0]["secret_env"], &tests[1]), (&json!("POLLO_WEBHOOK_SECRET"), &Value::Null));
    let first = files(&out);
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    let expected = [
        "tests/fixtures/post-odd-touch-20x--3.json",
        "tests/fixtures/post-plain--4.json",
        "tests/fixtures/task.succeed--t-1--2.json",
        "tests/fixtures/task.succeed--t-1.json",
        "tests/pollo_webhooks.rs",
    ];
    assert_eq!(names, expected);
    let zip = folder.path().join("out.zip");
    assert_eq!(export(&db, "fixtures", &zip, &app).code, Some(0));
    let mut packed = zip::ZipArchive::new(std::fs::File::open(&zip).expect("a file")).expect("a zip file");
    let mut held: Vec<String> = packed.file_names().map(|name| name.expect("a name").into_owned()).collect();
    held.sort();
    assert_eq!(held, expected);
    let mut test = Vec::new();
    std::io::Read::read_to_end(&mut packed.by_name(expected[4]).expect("the test"), &mut test).expect("its text");
    assert!(test == first[expected[4]], "the same test");

    // The user's own changes to the test stay until they say otherwise.
    std::fs::write(out.join(expected[4]), b"mine").expect("a file");
    std::fs::remove_file(out.join(expected[0])).expect("a fixture");
    for (answer, code, left) in [("", 3, false), ("--keep-both", 0, true), ("--skip-existing", 0, true)] {
        let answers: &[&str] = if answer.is_empty() { &[] } else { &[answer] };
        let ran = export(&db, "fixtures", &out, &[&app[..], answers].concat());
        assert_eq!(ran.code, Some(code), "{answer}: {}", ran.err);
        assert_eq!(files(&out)[expected[4]], b"mine", "{answer}");
        assert_eq!(files(&out).len(), if left { 5 } else { 4 }, "{answer}: nothing is there twice");
    }
    assert_eq!(export(&db, "fixtures", &out, &[&app[..], &["--force"]].concat()).code, Some(0));
    assert!(files(&out) == first, "as it was");

    for (wrong, said) in [
        (&["--tests", "nose"][..], "there is no test runner “nose”"),
        (&["--tests", "go", "--app", "flask:webhook:app"], "go test cannot call an app of flask"),
        (&["--tests", "pytest", "--app", "flask:web hook:app"], "“web hook” cannot be the module of the app"),
        (&["--tests", "pytest", "--format", "har"], "Tests read fixtures: choose fixtures as the format."),
    ] {
        let nowhere = folder.path().join("nowhere").display().to_string();
        let ran = cli(&db, &[&["export", "--filter", "", "--out", &nowhere], wrong].concat());
        assert_eq!(ran.code, Some(2), "{wrong:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{wrong:?}: {}", ran.err);
        assert!(!Path::new(&nowhere).exists(), "{wrong:?}: nothing was written");
    }
}
