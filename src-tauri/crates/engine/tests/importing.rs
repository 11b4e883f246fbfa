//! What the window asks of an import: looked into first, each file with its sentence, then brought in.

use countersign_engine::wire::EngineEvent;
use countersign_engine::{Engine, OpenOptions, dispatch};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

struct App {
    folder: tempfile::TempDir,
    engine: Engine,
}

impl App {
    async fn start() -> App {
        let folder = tempfile::tempdir().expect("a folder");
        let options = OpenOptions { db: folder.path().join("log.db"), no_keychain: true, ..OpenOptions::default() };
        let engine = Engine::open(options).await.expect("the log can be opened");
        App { folder, engine }
    }

    async fn call(&self, name: &str, args: Value) -> Value {
        dispatch(&self.engine, name, args).await.unwrap_or_else(|error| panic!("{name}: {}", error.message))
    }

    fn write(&self, name: &str, content: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, content).expect("a file");
        path.display().to_string()
    }

    /// Imports to the end and answers the last state.
    async fn import(&self, request: Value) -> Value {
        let mut events = self.engine.subscribe();
        self.call("import_start", json!({ "request": request })).await;
        let ended = async {
            loop {
                let batch = events.next().await.expect("the engine is there");
                if batch.events.iter().any(|event| matches!(event, EngineEvent::Import(state) if !state.running)) {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), ended).await.expect("it ends");
        self.call("import_state", json!({})).await
    }
}

fn paths(paths: &[&str]) -> Value {
    json!({ "inputs": [{ "kind": "paths", "paths": paths }], "provider": null })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_that_cannot_be_read_has_its_sentence() {
    let app = App::start().await;
    let missing = app.folder.path().join("missing").display().to_string();
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows = [
        (
            app.write("picture.json", b"\x89PNG\r\n\x1a\n\0\0"),
            "This is no text but a binary file, which holds no request that can be read.",
        ),
        (app.write("utf16.json", &utf16), "The file is UTF-16. Save it as UTF-8 and import it again."),
        (app.write("empty.json", b""), "The file is empty."),
        (missing, "There is no such file or folder, or it is gone."),
    ];
    let named: Vec<&str> = rows.iter().map(|(path, _)| path.as_str()).collect();
    let preview = app.call("import_preview", json!({ "request": paths(&named) })).await;
    let items = preview["items"].as_array().expect("items");
    assert_eq!((&preview["ready"], &preview["failed"]), (&json!(0), &json!(rows.len())));
    for ((path, reason), item) in rows.iter().zip(items) {
        assert_eq!((&item["file"], &item["reason"]), (&json!(path), &json!(reason)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn good_entries_come_in_and_broken_ones_are_listed_with_their_line() {
    let app = App::start().await;
    let good = r#"{"startedDateTime": "2026-11-20T12:00:00Z", "request": {"method": "POST", "url": "http://h/pollo?x=1", "headers": []}}"#;
    let har = app.write("a.har", format!("{{\"log\": {{\"entries\": [\n{good},\n{{\"request\": 1}}\n]}}}}").as_bytes());
    let mut request = paths(&[&har]);
    request["inputs"].as_array_mut().expect("inputs").push(json!({ "kind": "text", "text": "curl http://h/two" }));
    let preview = app.call("import_preview", json!({ "request": request })).await;
    assert_eq!((&preview["files_total"], &preview["ready"], &preview["failed"]), (&json!(2), &json!(2), &json!(1)));
    let one = &preview["items"][0];
    assert_eq!(
        (&one["method"], &one["path"], &one["body_len"], &one["outcome"]),
        (&json!("POST"), &json!("/pollo"), &json!(0), &json!("ready"))
    );
    let none = app.call("import_items", json!({ "from": 0, "limit": 10, "outcome": null })).await;
    assert_eq!(none, json!({ "total": 0, "items": [] }), "a preview imports nothing");

    let state = app.import(request).await;
    assert_eq!((&state["imported"], &state["failed"]), (&json!(2), &json!(1)));
    let failed = app.call("import_items", json!({ "from": 0, "limit": 10, "outcome": "failed" })).await;
    assert_eq!(
        (&failed["total"], &failed["items"][0]["item"], &failed["items"][0]["line"]),
        (&json!(1), &json!(2), &json!(3))
    );
    let page = app.call("import_items", json!({ "from": 1, "limit": 1, "outcome": "imported" })).await;
    assert_eq!((&page["total"], &page["items"][0]["file"]), (&json!(2), &json!("pasted text")));
}

/// The one that is recognised stays with its provider; the other one goes to the one that was chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_chosen_for_what_is_not_recognised() {
    let app = App::start().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/videopilot/render.completed.json");
    let fixture: Value = serde_json::from_slice(&std::fs::read(root).expect("a fixture")).expect("JSON");
    let body = fixture["request"]["body"].as_str().expect("a text");
    let known = app.write("files/known.json", body.as_bytes());
    let other = app.write("files/other.json", br#"{"order": 1}"#);
    let files = app.folder.path().join("files").display().to_string();
    let look = async |provider: Value| {
        let mut request = paths(&[&files]);
        request["provider"] = provider;
        let preview = app.call("import_preview", json!({ "request": request })).await;
        let told = |file: &str| {
            let item =
                preview["items"].as_array().expect("items").iter().find(|item| item["file"] == file).expect("it");
            (item["outcome"].clone(), item["provider"].clone())
        };
        (told(&known), told(&other), preview["unrecognised"].clone())
    };
    let (ready, nobody) = (json!("ready"), json!(null));
    assert_eq!(
        look(json!(null)).await,
        ((ready.clone(), json!("videopilot")), (json!("passed_over"), nobody), json!(1)),
    );
    assert_eq!(look(json!("pollo")).await, ((ready.clone(), json!("videopilot")), (ready, json!("pollo")), json!(1)),);
}

/// A stranger's file names bodies as it likes: only one that an export has put there is read.
#[tokio::test(flavor = "multi_thread")]
async fn no_other_file_comes_in_as_a_body() {
    let app = App::start().await;
    let carried = |file: &str| {
        json!({
            "format": "countersign-export/1", "source": { "log": "l", "delivery": "1" },
            "captured_at": "2026-11-20T12:00:00Z", "provider": null, "secret": null, "version": "HTTP/1.1",
            "expect": {}, "body_file": file,
        })
    };
    let file = |file: &str| format!("# countersign: {}\nPOST http://h/a\n\n< {file}\n", carried(file)).into_bytes();
    let good = "bodies/a--2d711642b726.body";
    app.write("right/bodies/a--2d711642b726.body", b"x");
    app.write("changed/bodies/a--2d711642b726.body", b"y");
    app.write("secret/.env", b"AWS_KEY=1");
    std::fs::create_dir_all(app.folder.path().join("link/bodies")).expect("a folder");
    std::fs::create_dir_all(app.folder.path().join("links")).expect("a folder");
    #[cfg(unix)]
    {
        let right = app.folder.path().join("right/bodies");
        let link =
            |to: &Path, name: &str| std::os::unix::fs::symlink(to, app.folder.path().join(name)).expect("a link");
        link(&right.join("a--2d711642b726.body"), "link/bodies/a--2d711642b726.body");
        link(&right, "links/bodies");
    }
    for (folder, named, said) in [
        ("right", good, None),
        ("changed", good, Some("does not hold the body that was exported")),
        ("secret", ".env", Some("is no name that an export gives to a body. That file was not read.")),
        ("link", good, Some("beside this one, which cannot be read")),
        ("links", good, Some("beside this one, which cannot be read")),
    ] {
        let path = app.write(&format!("{folder}/a.http"), &file(named));
        let preview = app.call("import_preview", json!({ "request": paths(&[&path]) })).await;
        let item = &preview["items"][0];
        match said {
            None => assert_eq!((&item["outcome"], &item["body_len"]), (&json!("ready"), &json!(1)), "{folder}: {item}"),
            Some(said) => {
                let reason = item["reason"].as_str().unwrap_or_default();
                assert!(item["outcome"] == "failed" && reason.contains(said), "{folder}: {item}");
            }
        }
    }
}
