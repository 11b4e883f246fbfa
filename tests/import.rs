//! `countersign import`, and fixtures in CI: files go in, and come out as they were.

use countersign_tests::{Listener, Ran, countersign, root, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files with their content.
type Files = Vec<(PathBuf, Value)>;

/// The fixtures of the tree.
fn fixtures() -> Files {
    let mut out = Vec::new();
    for folder in std::fs::read_dir(root().join("fixtures")).expect("fixtures").map(|entry| entry.expect("it").path()) {
        if !folder.is_dir() {
            continue;
        }
        for path in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").path()) {
            let text = std::fs::read_to_string(&path).expect("text");
            if path.extension().is_some_and(|ending| ending == "json") {
                out.push((path, serde_json::from_str(&text).expect("JSON")));
            }
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(out.len() > 200, "{}", out.len());
    out
}

fn ok(ran: &Ran, what: &str) {
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{what}: {}", ran.text());
}

/// Everything in a log, oldest first.
fn all(db: &Path) -> Vec<Value> {
    let args = ["export", "--filter", "", "--format", "ndjson", "--redact", "none", "--keep-exact", "--out", "-"];
    let ran = run(&mut countersign(db, &args), b"");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.lines()
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn every_fixture_comes_in_with_its_bytes_and_its_verdicts() {
    let secrets: Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("fixtures/secrets.json")).expect("text"))
            .expect("JSON");
    // Each is judged with the one secret that it names.
    let mut groups: BTreeMap<(String, Option<String>), Files> = BTreeMap::new();
    for (file, fixture) in fixtures() {
        let key =
            (fixture["provider"].as_str().expect("an id").to_owned(), fixture["secret"].as_str().map(str::to_owned));
        groups.entry(key).or_default().push((file, fixture));
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (index, ((provider, secret), files)) in groups.iter().enumerate() {
        let db = folder.path().join(format!("{index}.db"));
        let given = format!("{provider}=env:S");
        let mut args = vec!["import", "--json"];
        if secret.is_some() {
            args.extend(["--secret", given.as_str()]);
        }
        args.extend(files.iter().map(|(file, _)| path(file)));
        let value = secret.as_ref().map(|name| secrets["secrets"][provider][name].as_str().expect("a secret"));
        let ran = run(countersign(&db, &args).env("S", value.unwrap_or_default()), b"");
        ok(&ran, provider);
        assert_eq!(ran.lines().len(), files.len(), "{provider}");
        let log = all(&db);
        for (file, fixture) in files {
            let found = log.iter().find(|line| {
                line["request"] == fixture["request"]
                    && line["received_at"].as_str().map(|at| at.replace(".000000Z", "Z"))
                        == fixture["captured_at"].as_str().map(str::to_owned)
            });
            let line = found.unwrap_or_else(|| panic!("{} came in otherwise", file.display()));
            let expect = &fixture["expect"];
            for (scheme, outcome) in expect["verdicts"].as_object().expect("verdicts") {
                let verdicts = line["verdicts"].as_array().expect("verdicts");
                let verdict = verdicts.iter().find(|v| v["scheme"] == scheme.as_str()).expect("a verdict");
                assert_eq!(&verdict["outcome"], outcome, "{}: {scheme}", file.display());
            }
            assert_eq!(line["provider"], expect["recognised"], "{}", file.display());
            assert_eq!(line["event_type"], expect["event_type"], "{}", file.display());
            assert_eq!(line["event_id"], expect["event_id"], "{}", file.display());
        }
    }
}

#[test]
fn what_is_exported_comes_back_into_an_empty_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = folder.path().join("first.db");
    ok(&run(&mut countersign(&first, &["import", path(&root().join("fixtures"))]), b""), "the fixtures");
    let told = |db: &Path| {
        let mut told: Vec<String> = all(db)
            .iter()
            .map(|line| {
                let verdicts: Vec<&Value> =
                    line["verdicts"].as_array().expect("verdicts").iter().map(|v| &v["outcome"]).collect();
                json!([line["received_at"], line["request"], line["provider"], line["event_id"], verdicts]).to_string()
            })
            .collect();
        told.sort();
        told
    };
    let expected = told(&first);
    assert!(expected.len() > 200, "{}", expected.len());
    for format in ["fixtures", "har", "curl", "http", "postman", "ndjson"] {
        let out = folder.path().join(format);
        let args =
            ["export", "--filter", "", "--format", format, "--redact", "none", "--keep-exact", "--out", path(&out)];
        let ran = run(&mut countersign(&first, &args), b"");
        assert_eq!(ran.code, Some(0), "{format}: {}", ran.err);
        let second = folder.path().join(format!("{format}.db"));
        let ran = run(&mut countersign(&second, &["import", path(&out)]), b"");
        ok(&ran, format);
        assert_eq!(told(&second), expected, "{format}");
        // A second time nothing comes in.
        let ran = run(&mut countersign(&second, &["import", path(&out)]), b"");
        let words = format!("0 deliveries came in, {} were in the log already.", expected.len());
        assert!(ran.text().trim_end().ends_with(&words), "{format}: {}", ran.text());
    }
}

#[test]
fn broken_items_are_told_and_the_good_ones_come_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("a folder");
    let good = r#"{"method": "POST", "url": "http://h/pollo?x=1", "headers": [{"name": "A", "value": "b"}]}"#;
    let har = format!(
        "{{\"log\": {{\"entries\": [\n{{\"startedDateTime\": \"2026-11-20T12:00:00Z\", \"request\": {good}}},\n{{\"request\": 1}}\n]}}}}"
    );
    let write = |name: &str, content: &str| std::fs::write(files.join(name), content).expect("a file");
    write("a.har", &har);
    write("b.http", "### one\nPOST http://h/one\n\n< ./body.json\n\n### two\nGET http://h/two\n");
    write("c.json", "{\"half\":");
    write("notes.txt", "Nothing of this is a request.");
    let ran = run(&mut countersign(&db, &["import", "--json", path(&files)]), b"");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let told: Vec<Value> =
        ran.lines().iter().map(|i| json!([i["outcome"], i["item"], i["line"], i["delivery"]])).collect();
    let expected = [
        json!(["imported", 1, 2, "1"]),
        json!(["failed", 2, 3, null]),
        json!(["failed", 1, 4, null]),
        json!(["imported", 2, 7, "2"]),
        json!(["failed", 0, 1, null]),
        json!(["passed_over", 0, null, null]),
    ];
    assert_eq!(told, expected);
    let rows = run(&mut countersign(&db, &["deliveries", "--json", "is:imported"]), b"").lines();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["origin"], json!({ "name": "a.har", "format": "har", "label": "HAR 1.2" }));
    assert_eq!((&rows[1]["status"], &rows[1]["received_at"]), (&json!(0), &json!("2026-11-20T12:00:00.000000Z")));
    let shown = run(&mut countersign(&db, &["show", "1"]), b"");
    assert!(shown.text().contains("imported from a.har · HAR 1.2"), "{}", shown.text());

    // A bare payload comes in on the path of its provider, and says that it is unsigned.
    let ran = run(&mut countersign(&db, &["import", "--json", "--provider", "pollo", "-"]), b"{\"a\": 1}");
    ok(&ran, "a payload");
    let notes = ran.lines()[0]["notes"].to_string();
    assert!(notes.contains("it is unsigned"), "{notes}");
    let row = &run(&mut countersign(&db, &["deliveries", "--json", "id:3"]), b"").lines()[0];
    assert_eq!(
        (&row["path"], &row["provider"], &row["origin"]["name"]),
        (&json!("/pollo"), &json!("pollo"), &json!("standard input"))
    );
    let ran = run(&mut countersign(&db, &["import", "--provider", "nobody", "-"]), b"{}");
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), "countersign: There is no provider “nobody”.\n"));
}

#[test]
fn fixtures_are_verified_and_sent_as_ci_does_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let files = folder.path().join("fixtures");
    std::fs::create_dir_all(files.join("videopilot")).expect("a folder");
    for name in ["render.completed", "fail-other-secret"] {
        let from = root().join(format!("fixtures/videopilot/{name}.json"));
        std::fs::copy(from, files.join(format!("videopilot/{name}.json"))).expect("a copy");
    }
    std::fs::copy(root().join("fixtures/secrets.json"), files.join("secrets.json")).expect("a copy");
    let pattern = format!("{}/**/*.json", path(&files));
    let verify = |args: &[&str], secret: &str| {
        run(
            countersign(&db, &[&["verify"][..], args, &["--secret", "videopilot=env:S"]].concat()).env("S", secret),
            b"",
        )
    };
    let (right, wrong) = ("videopilot_test_secret_protects_nothing", "another");
    for named in [path(&files), &pattern] {
        let ran = verify(&[named, "--format", "junit"], right);
        assert_eq!(ran.code, Some(0), "{named}: {}", ran.err);
        assert!(ran.text().starts_with("<?xml"), "{}", ran.text());
        assert!(ran.text().contains(r#"tests="2""#) && ran.text().contains(r#"failures="0""#), "{}", ran.text());
    }
    let ran = verify(&[&pattern, "--format", "junit"], wrong);
    assert_eq!(ran.code, Some(1));
    assert!(ran.text().contains(r#"failures="1""#), "{}", ran.text());
    assert!(ran.text().contains("videopilot: pass was expected, fail came"), "{}", ran.text());
    // A fixture that broke does not go unnoticed, and does not hide the others.
    std::fs::write(files.join("broken.json"), "{\"format\": \"countersign-fixture/1\",").expect("a file");
    let ran = verify(&[path(&files), "--format", "junit"], right);
    assert_eq!(ran.code, Some(3), "{}", ran.text());
    assert!(ran.text().contains(r#"tests="3""#) && ran.text().contains(r#"errors="1""#), "{}", ran.text());
    std::fs::remove_file(files.join("broken.json")).expect("removed");
    // What was masked and signed anew says so, and needs no secret: the published one is known.
    let masked = files.join("masked.json");
    let from = files.join("videopilot/render.completed.json");
    let mut fixture: Value = serde_json::from_str(&std::fs::read_to_string(&from).expect("text")).expect("JSON");
    for (signed_with, code) in [(json!(null), 1), (json!("test"), 0)] {
        fixture["secret"] = json!("production");
        fixture["redacted"] = json!({ "masked": ["body /data/name"], "signed_with": signed_with });
        std::fs::write(&masked, fixture.to_string()).expect("a file");
        let ran = verify(&[path(&masked)], wrong);
        assert_eq!(ran.code, Some(code), "{signed_with}: {}", ran.text());
    }
    std::fs::remove_file(&masked).expect("removed");
    let ran = verify(&[&format!("{}/*.none", path(&files))], right);
    assert_eq!(ran.code, Some(2), "{}", ran.err);

    let listener = Listener::start(&folder.path().join("listener.db"), &[]);
    let to = listener.url("/videopilot");
    let ran = run(&mut countersign(&db, &["send", "--json", path(&files), "--to", &to]), b"");
    assert_eq!((ran.code, ran.lines().len()), (Some(0), 2), "{}", ran.err);
    for name in ["fail-other-secret", "render.completed"] {
        let fixture = std::fs::read_to_string(files.join(format!("videopilot/{name}.json"))).expect("text");
        let fixture: Value = serde_json::from_str(&fixture).expect("JSON");
        let body = fixture["request"]["body"].as_str().expect("a text");
        assert_eq!(listener.next()["body_len"], json!(body.len()), "{name}");
    }
}
