//! Folders of fixtures through the commands, as the window uses them: real files, a real log, a real endpoint.

use countersign_engine::wire::EngineEvent;
use countersign_engine::{Engine, OpenOptions, Subscription, dispatch};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

struct App {
    engine: Engine,
    folder: TempDir,
}

impl App {
    async fn start() -> App {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let options = OpenOptions { db: folder.path().join("log.db"), no_keychain: true, ..OpenOptions::default() };
        let engine = Engine::open(options).await.expect("the log can be opened");
        std::fs::create_dir(folder.path().join("fixtures")).expect("a folder can be made");
        App { engine, folder }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    async fn refused(&self, name: &str, args: Value) -> String {
        dispatch(&self.engine, name, args).await.expect_err("it is refused").message
    }

    /// The folder of fixtures, as it really is called.
    fn fixtures(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there").join("fixtures")
    }

    async fn page(&self, text: &str, state: &str, before: Option<&str>, limit: u32) -> Value {
        let filter = json!({ "text": text, "state": state });
        let args = json!({ "path": self.fixtures(), "filter": filter, "before": before, "limit": limit });
        self.call("folder_files", args).await
    }

    async fn files(&self) -> Vec<Value> {
        self.page("", "all", None, 100).await["files"].as_array().expect("files").clone()
    }

    /// The names of those that a filter takes.
    async fn named(&self, text: &str, state: &str) -> Vec<String> {
        let page = self.page(text, state, None, 100).await;
        let files = page["files"].as_array().expect("files");
        assert_eq!(page["matched"], json!(files.len()), "{text} {state}");
        files.iter().map(|file| file["name"].as_str().expect("a name").to_owned()).collect()
    }
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/videopilot").join(name);
    std::fs::read_to_string(path).expect("a fixture")
}

async fn wait_for(events: &mut Subscription, wanted: impl Fn(&EngineEvent) -> bool) {
    let found = async {
        loop {
            let batch = events.next().await.expect("the engine is there");
            if batch.events.iter().any(&wanted) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.expect("it is told");
}

async fn imported(app: &App, path: &Path) -> String {
    let mut events = app.engine.subscribe();
    let input = json!({ "kind": "paths", "paths": [path] });
    app.call("import_start", json!({ "request": { "inputs": [input], "provider": null } })).await;
    wait_for(&mut events, |event| matches!(event, EngineEvent::Import(state) if !state.running)).await;
    let items = app.call("import_items", json!({ "from": 0, "limit": 10, "outcome": null })).await;
    items["items"][0]["delivery"].as_str().expect("it came in").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_shows_its_files_with_their_verdicts_and_captures() {
    let app = App::start().await;
    let folder = app.fixtures();
    std::fs::write(folder.join("render.completed.json"), fixture("render.completed.json")).expect("a file");
    std::fs::write(folder.join("half.json"), "{\n\"a\":").expect("a file");
    std::fs::write(app.folder.path().join("outside.json"), fixture("render.failed.json")).expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink(app.folder.path().join("outside.json"), folder.join("link.json")).expect("a link");
    let infos = app.call("folder_add", json!({ "path": app.folder.path().join("fixtures") })).await;
    assert_eq!((infos[0]["files"].clone(), infos[0]["path"].clone()), (json!(2), json!(folder)));

    let files = app.files().await;
    let half = &files[0];
    assert_eq!((&half["name"], &half["line"], &half["verdicts"]), (&json!("half.json"), &json!(2), &json!([])));
    let whole = &files[1];
    assert_eq!((&whole["event_type"], &whole["capture"]), (&json!("render.completed"), &json!(null)));
    assert_eq!(whole["unexpected"], json!([{ "what": "videopilot", "expected": "pass", "got": "no_secret" }]));
    let secret = json!({ "provider": "videopilot", "name": "test", "value": "videopilot_test_secret_protects_nothing", "replaces": null });
    app.call("secret_set", secret).await;
    // A capture has its moment to the microsecond.
    let captured = fixture("render.completed.json").replace("12:00:00Z", "12:00:00.123456Z");
    std::fs::write(folder.join("render.completed.json"), &captured).expect("a file");
    let id = imported(&app, &folder.join("render.completed.json")).await;
    let whole = app.files().await.remove(1);
    assert_eq!((&whole["as_expected"], &whole["capture"], &whole["differs"]), (&json!(true), &json!(id), &json!([])));

    // Somebody edits it: it differs from its capture, and the field is named.
    let edited = captured.replace("completed", "done");
    std::fs::write(
        folder.join("render.completed.json"),
        edited.replace("X-VideoPilot-Signature", "x-videopilot-signature"),
    )
    .expect("a file");
    let whole = app.files().await.remove(1);
    let fields: Vec<&Value> =
        whole["differs"].as_array().expect("fields").iter().map(|field| &field["field"]).collect();
    assert_eq!((fields, &whole["as_expected"]), (vec![&json!("headers"), &json!("body")], &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_one_written_second_are_not_taken_for_captures_of_each_other() {
    let app = App::start().await;
    let file = app.fixtures().join("render.completed.json");
    std::fs::write(&file, fixture("render.completed.json")).expect("a file");
    std::fs::write(app.fixtures().join("render.failed.json"), fixture("render.failed.json")).expect("a file");
    app.call("folder_add", json!({ "path": app.fixtures() })).await;
    let id = imported(&app, &file).await;
    let captures: Vec<Value> = app.files().await.iter().map(|file| file["capture"].clone()).collect();
    assert_eq!(captures, [json!(id), Value::Null]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_secrets_of_other_providers_are_stored_makes_no_file_unexpected() {
    let app = App::start().await;
    // Of ppt.video, whose header it has too, it expects that no secret is there.
    let text = fixture("../pollo/task.succeed.json");
    assert!(text.contains(r#""pptvideo": "no_secret""#), "{text}");
    std::fs::write(app.fixtures().join("task.succeed.json"), text).expect("a file");
    app.call("folder_add", json!({ "path": app.fixtures() })).await;
    let secrets: Value = serde_json::from_str(&fixture("../secrets.json")).expect("JSON");
    let mut unexpected = Vec::new();
    for provider in ["pptvideo", "pollo"] {
        let value = &secrets["secrets"][provider]["test"];
        app.call("secret_set", json!({ "provider": provider, "name": "test", "value": value, "replaces": null })).await;
        unexpected.push(app.files().await.remove(0)["unexpected"].clone());
    }
    let own = json!([{ "what": "pollo", "expected": "pass", "got": "no_secret" }]);
    assert_eq!(unexpected, [own, json!([])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_updated_from_a_capture_only_as_it_was_shown() {
    let app = App::start().await;
    let file = app.fixtures().join("render.completed.json");
    std::fs::write(&file, fixture("render.completed.json")).expect("a file");
    app.call("folder_add", json!({ "path": app.fixtures() })).await;
    let other = app.folder.path().join("other.json");
    std::fs::write(&other, fixture("render.failed.json")).expect("a file");
    let id = imported(&app, &other).await;

    let diff = app.call("folder_diff", json!({ "file": file, "delivery": id })).await;
    let fields: Vec<&str> =
        diff["fields"].as_array().expect("fields").iter().filter_map(|field| field["field"].as_str()).collect();
    assert!(fields.contains(&"body") && fields.contains(&"expect.event_type"), "{fields:?}");
    assert_eq!(diff["comparison"]["sameness"], json!("different"));
    assert_eq!(std::fs::read_to_string(&file).expect("text"), fixture("render.completed.json"), "nothing is written");

    let version = diff["version"].clone();
    let update = json!({ "file": file, "delivery": id, "version": version });
    std::fs::write(&file, fixture("render.started.json")).expect("a file");
    let why = app.refused("folder_update", update.clone()).await;
    assert!(why.starts_with("The file has changed since it was shown."), "{why}");
    assert_eq!(std::fs::read_to_string(&file).expect("text"), fixture("render.started.json"), "it stays");

    std::fs::write(&file, fixture("render.completed.json")).expect("a file");
    let now = app.call("folder_update", update).await;
    assert_eq!(
        (&now["event_type"], &now["capture"], &now["differs"]),
        (&json!("render.failed"), &json!(id), &json!([]))
    );
    let names = std::fs::read_dir(app.fixtures()).expect("a folder").count();
    assert_eq!(names, 1, "nothing is left beside it");

    // What is too much to be copied is none too much for a file.
    let big = app.folder.path().join("big.raw");
    let body = "a".repeat(6_000_000);
    let raw = format!("POST /big HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    std::fs::write(&big, raw).expect("a file");
    let id = imported(&app, &big).await;
    let diff = app.call("folder_diff", json!({ "file": file, "delivery": id })).await;
    app.call("folder_update", json!({ "file": file, "delivery": id, "version": diff["version"] })).await;
    assert!(std::fs::read_to_string(&file).expect("text").contains(&body), "the whole body is there");

    for (what, path) in [("outside", other), ("up and out", app.fixtures().join("../other.json"))] {
        app.refused("folder_diff", json!({ "file": path, "delivery": id })).await;
        let why = app.refused("folder_update", json!({ "file": path, "delivery": id, "version": "" })).await;
        assert!(why.contains("folder"), "{what}: {why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_told_and_a_fixture_is_sent() {
    let app = App::start().await;
    let addr = app.engine.listen(Some(SocketAddr::from(([127, 0, 0, 1], 0))), false).await.expect("a port is free");
    let infos = app.call("folder_add", json!({ "path": app.fixtures() })).await;
    let mut events = app.engine.subscribe();
    let file = app.fixtures().join("render.completed.json");
    std::fs::write(&file, fixture("render.completed.json")).expect("a file");
    if infos[0]["watched"] == json!(true) {
        let path = app.fixtures().display().to_string();
        let is = |event: &EngineEvent| matches!(event, EngineEvent::FoldersChanged { path: Some(p) } if *p == path);
        wait_for(&mut events, is).await;
    }
    let to = format!("http://{addr}/videopilot");
    let sent = app.call("folder_send", json!({ "token": "t", "file": file, "to": to })).await;
    assert_eq!(sent["status"], json!(200));
    let page =
        app.call("deliveries_page", json!({ "filter": "", "before": null, "limit": 10, "grouped": false })).await;
    assert_eq!(page["items"][0]["event_type"], json!("render.completed"));
    assert_eq!(page["items"][0]["origin"], json!(null));
    let infos = app.call("folder_remove", json!({ "path": app.fixtures() })).await;
    assert_eq!(infos, json!([]));
    assert!(file.exists(), "the files stay");
    app.refused("folder_counts", json!({ "path": app.fixtures() })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_counted_and_filtered_by_state_and_words_over_all_pages() {
    let app = App::start().await;
    let folder = app.fixtures();
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("a file");
    for name in ["a.json", "b.json", "c.json"] {
        write(name, fixture("render.completed.json"));
    }
    write("fails.json", fixture("fail-other-secret.json"));
    write("odd.json", fixture("render.failed.json").replace("\"videopilot\": \"pass\"", "\"videopilot\": \"fail\""));
    write("half.json", "{".to_owned());
    write("payload.json", r#"{"event":"render.queued"}"#.to_owned());
    let secret = json!({ "provider": "videopilot", "name": "test", "value": "videopilot_test_secret_protects_nothing", "replaces": null });
    app.call("secret_set", secret).await;
    app.call("folder_add", json!({ "path": folder })).await;
    let counts = json!({ "files": 7, "hold": 4, "unexpected": 1, "silent": 1, "broken": 1, "differs": 0 });
    assert_eq!(app.call("folder_counts", json!({ "path": folder })).await, counts);
    for (text, state, names) in [
        ("", "unexpected", vec!["odd.json"]),
        ("", "broken", vec!["half.json"]),
        ("", "differs", vec![]),
        ("VIDEOPILOT render.completed", "all", vec!["a.json", "b.json", "c.json", "fails.json"]),
        ("odd render.completed", "all", vec![]),
    ] {
        assert_eq!(app.named(text, state).await, names, "{text} {state}");
    }
    let first = app.page("render.completed", "all", None, 2).await;
    assert_eq!((&first["matched"], &first["total"], &first["next"]), (&json!(4), &json!(7), &json!("b.json")));
    let second = app.page("render.completed", "all", Some("b.json"), 2).await;
    assert_eq!((&second["files"][0]["name"], &second["next"]), (&json!("c.json"), &json!(null)));

    // What is known is not older than the file, the secrets and the log.
    let captured = fixture("render.completed.json").replace("12:00:00Z", "12:00:00.123456Z");
    write("a.json", captured.clone());
    let id = imported(&app, &folder.join("a.json")).await;
    write("a.json", captured.replace("render.completed", "render.complete!"));
    assert_eq!(app.named("", "unexpected").await, ["a.json", "odd.json"], "a file of the same length");
    let file = app.files().await.remove(0);
    assert_eq!((&file["capture"], &file["differs"][0]["field"]), (&json!(id), &json!("body")));
    app.call("deliveries_delete", json!({ "ids": [id], "groups": [] })).await;
    assert_eq!(app.files().await[0]["capture"], json!(null));
    app.call("secret_remove", json!({ "provider": "videopilot", "name": "test" })).await;
    assert_eq!(app.named("", "unexpected").await.len(), 5, "without the secret");

    let detail = app.call("folder_file", json!({ "file": folder.join("odd.json") })).await;
    let expected = detail["expected"].as_array().expect("a list");
    let verdict = expected.iter().find(|one| one["what"] == json!("videopilot")).expect("its verdict");
    assert_eq!((&verdict["expected"], &verdict["got"]), (&json!("fail"), &json!("no_secret")));
    let verdicts = detail["verdicts"].as_array().expect("verdicts");
    assert!(verdicts.len() > 1 && detail["headers"].as_array().is_some_and(|headers| !headers.is_empty()), "{detail}");
    let body = app.call("folder_body", json!({ "file": folder.join("odd.json") })).await;
    let written: Value = serde_json::from_str(&fixture("render.failed.json")).expect("JSON");
    let sent = countersign_core::decode::to_base64(written["request"]["body"].as_str().expect("text").as_bytes());
    assert_eq!(body, json!(sent));
    let draft = json!({ "kind": "fixture", "file": folder.join("odd.json") });
    let start = app.call("draft_start", json!({ "source": draft })).await;
    assert_eq!(
        (&start["title"], &start["draft"]["body"]["text"]),
        (&json!("fixture odd.json"), &written["request"]["body"])
    );
}

/// It says in the file itself that it was signed anew, so nobody has to give that secret.
#[tokio::test(flavor = "multi_thread")]
async fn a_masked_fixture_is_judged_with_the_published_secret() {
    let app = App::start().await;
    let mut masked: Value = serde_json::from_str(&fixture("render.completed.json")).expect("JSON");
    let file = app.fixtures().join("masked.json");
    app.call("folder_add", json!({ "path": app.fixtures() })).await;
    for (redacted, outcome) in [
        (json!(null), "no_secret"),
        (json!({ "masked": ["body /data/name"], "signed_with": "another" }), "no_secret"),
        (json!({ "masked": ["body /data/name"], "signed_with": "test" }), "pass"),
    ] {
        masked["redacted"] = redacted.clone();
        masked["secret"] = json!("production");
        std::fs::write(&file, masked.to_string()).expect("a file");
        assert_eq!(app.files().await[0]["verdicts"][0]["outcome"], json!(outcome), "{redacted}");
        let detail = app.call("folder_file", json!({ "file": file })).await;
        let own = detail["verdicts"].as_array().expect("verdicts").iter().find(|one| one["applies"] == json!(true));
        assert_eq!(own.expect("its own")["outcome"], json!(outcome), "{redacted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_gone_says_so_and_comes_back() {
    let app = App::start().await;
    let folder = app.fixtures();
    std::fs::write(folder.join("one.json"), fixture("render.completed.json")).expect("a file");
    app.call("folder_add", json!({ "path": folder })).await;
    let elsewhere = app.folder.path().join("elsewhere");
    let is = |event: &EngineEvent| matches!(event, EngineEvent::FoldersChanged { path: Some(_) });
    for round in 0..2 {
        std::fs::rename(&folder, &elsewhere).expect("moved");
        let infos = app.call("folders", json!({})).await;
        let problem = infos[0]["problem"].as_str().unwrap_or_default();
        assert!(problem.starts_with("The folder cannot be read"), "{round}: {infos}");
        assert_eq!(infos[0]["watched"], json!(false));
        let mut events = app.engine.subscribe();
        std::fs::rename(&elsewhere, &folder).expect("moved back");
        wait_for(&mut events, is).await;
        let infos = app.call("folders", json!({})).await;
        assert_eq!((&infos[0]["problem"], &infos[0]["files"]), (&json!(null), &json!(1)), "{round}");
    }
    // Another folder that comes to stand there at once is watched too.
    std::fs::rename(&folder, &elsewhere).expect("moved");
    std::fs::create_dir(&folder).expect("a folder");
    let infos = app.call("folders", json!({})).await;
    assert_eq!(infos[0]["files"], json!(0));
    if infos[0]["watched"] == json!(true) {
        let mut events = app.engine.subscribe();
        std::fs::write(folder.join("two.json"), fixture("render.completed.json")).expect("a file");
        wait_for(&mut events, is).await;
    }
    assert_eq!(app.files().await[0]["name"], json!("two.json"), "{infos}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_masked_in_a_file_stays_masked_when_it_is_updated() {
    let app = App::start().await;
    let whole = fixture("render.completed.json")
        .replace(r#""headers": ["#, r#""headers": [["Authorization", "Bearer abcdefghijklmn"], ["X-Trace", "kept"],"#);
    let other = app.folder.path().join("other.json");
    std::fs::write(&other, whole).expect("a file");
    let id = imported(&app, &other).await;
    let file = app.fixtures().join("render.completed.json");
    let masked = fixture("render.completed.json").replace(
        r#""expect": {"#,
        r#""redacted": { "masked": ["/data/video_id in the body"], "signed_with": "test" }, "expect": {"#,
    );
    std::fs::write(&file, masked).expect("a file");
    app.call("folder_add", json!({ "path": app.fixtures() })).await;

    let diff = app.call("folder_diff", json!({ "file": file, "delivery": id })).await;
    let shown = diff.to_string();
    assert!(!shown.contains("abcdefghijklmn") && !shown.contains("to video_123abc"), "{shown}");
    let update = json!({ "file": file, "delivery": id, "version": diff["version"] });
    app.call("folder_update", update).await;
    let text = std::fs::read_to_string(&file).expect("text");
    assert_eq!(text, diff["text"].as_str().expect("a text"), "what was shown is what is written");
    let now: Value = serde_json::from_str(&text).expect("JSON");
    let body: Value = serde_json::from_str(now["request"]["body"].as_str().expect("a body")).expect("JSON");
    assert_eq!((&body["data"]["video_id"], &body["data"]["quality"]), (&json!("REDACTED"), &json!("high")));
    assert!(!text.contains("abcdefghijklmn") && text.contains("kept"), "{text}");
    assert!(now["redacted"]["masked"].as_array().is_some_and(|places| places.len() == 2), "{text}");
}
