//! End to end in the real window: a folder of fixtures, as its files are on disk.
//!
//! Marked as ignored because it needs a screen; `cargo xtask test` gives it one.

use countersign_tests::window::Window;
use countersign_tests::{Delivery, Recorder, Sender, root, until_async};
use serde_json::{Value, json};
use std::path::Path;

/// Published in `fixtures/secrets.json`; it protects nothing.
const SECRET: &str = "videopilot_test_secret_protects_nothing";

fn fixture(name: &str) -> String {
    std::fs::read_to_string(root().join("fixtures/videopilot").join(name)).expect("a fixture")
}

fn parsed(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("text")).expect("JSON")
}

async fn script(window: &Window, script: &str) -> Option<Value> {
    window.client.execute(script, Vec::new()).await.ok()
}

/// What the row of a file says: its verdict's outcome and its marks.
async fn row(window: &Window, name: &str) -> Option<(String, Vec<String>)> {
    let found = script(
        window,
        &format!(
            "const row = document.querySelector(\"[data-testid='fixture-row'][data-name='{name}']\");
             if (!row) return null;
             const badge = row.querySelector(\"[data-testid='badge']\");
             const marks = [...row.querySelectorAll(\"[data-testid='fixture-mark']\")].map((one) => one.dataset.mark);
             return [badge?.dataset.outcome ?? '', marks]"
        ),
    )
    .await?;
    let marks = found.get(1)?.as_array()?.iter().filter_map(|mark| mark.as_str().map(str::to_owned)).collect();
    Some((found.get(0)?.as_str()?.to_owned(), marks))
}

async fn expect_row(window: &Window, name: &str, outcome: &str, marks: &[&str]) {
    let wanted = (outcome.to_owned(), marks.iter().map(ToString::to_string).collect());
    until_async(&format!("{name} is {outcome} {marks:?}"), || async {
        (row(window, name).await? == wanted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_folder_of_fixtures_is_judged_watched_sent_and_updated() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().canonicalize().expect("its real name").join("webhooks");
    std::fs::create_dir(&files).expect("a folder");
    let passes = files.join("render.completed.json");
    std::fs::write(&passes, fixture("render.completed.json")).expect("a file");
    std::fs::write(files.join("fails.json"), fixture("fail-other-secret.json")).expect("a file");
    std::fs::write(files.join("half.json"), "{\n\"format\":").expect("a file");

    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "videopilot", "name": "test", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    window.click("[data-testid='nav-fixtures']").await;
    window.element("fixtures-start").await;
    window.click("[data-testid='folder-add']").await;
    window.type_into("folder-path", "/nowhere/to/be/found").await;
    window.click("[data-testid='folder-add-save']").await;
    until_async("a folder that is not there is refused", || async {
        window.text("[role='dialog']").await.contains("cannot be read").then_some(())
    })
    .await;
    window.clear("folder-path").await;
    window.type_into("folder-path", files.to_str().expect("UTF-8")).await;
    window.click("[data-testid='folder-add-save']").await;
    window
        .text("[data-testid='folder-row'][data-files='3'][data-hold='2'][data-unexpected='0'][data-broken='1']")
        .await;
    expect_row(&window, "render.completed.json", "pass", &["expected"]).await;
    expect_row(&window, "fails.json", "fail", &["expected"]).await;
    expect_row(&window, "half.json", "", &["broken"]).await;
    window.click("[data-testid='fixture-row'][data-name='half.json']").await;
    assert!(window.text("[data-testid='fixture-problem']").await.contains("line 2"), "where it is broken");

    // Somebody edits a file: its row says so, and so does the folder.
    let changed = fixture("fail-other-secret.json").replace("\"videopilot\": \"fail\"", "\"videopilot\": \"pass\"");
    std::fs::write(files.join("fails.json"), changed).expect("a file");
    expect_row(&window, "fails.json", "fail", &["unexpected"]).await;
    window.text("[data-testid='folder-row'][data-hold='1'][data-unexpected='1']").await;
    window.click("[data-testid='fixture-state-unexpected']").await;
    until_async("it alone is listed", || async {
        let count = window.text("[data-testid='fixture-count']").await;
        (count == "1 of 3" && row(&window, "render.completed.json").await.is_none()).then_some(())
    })
    .await;
    window.click("[data-testid='fixture-state-all']").await;

    // It goes out byte for byte.
    let endpoint = Recorder::start(|_, _| Some((200, "{}".to_owned())));
    window.click("[data-testid='fixture-row'][data-name='render.completed.json']").await;
    window.click("[data-testid='fixture-resend']").await;
    window.type_into("fixture-to", &endpoint.url("/hooks")).await;
    window.click("[data-testid='fixture-send']").await;
    window.text("[data-testid='attempt'][data-state]").await;
    let sent = parsed(&passes)["request"]["body"].as_str().expect("text").to_owned();
    assert_eq!(endpoint.bodies(), [sent], "the exact bytes");

    // A newer capture of the event: first what would change, then the file.
    let body = r#"{"event":"render.completed","data":{"video_id":"vid_new","render_job_id":"job_9"},"timestamp":"2026-11-21T10:00:00Z"}"#;
    let url = format!("{}/videopilot", window.listener_url().await);
    Sender::Python.send(&Delivery { provider: "videopilot", url: &url, secret: SECRET, body, damage: None });
    let before = std::fs::read(&passes).expect("bytes");
    window.click("[data-testid='fixture-update']").await;
    window.text("[data-testid='fixture-field'][data-field='captured_at']").await;
    assert!(window.text("[data-testid='compare-words'][data-sameness='different']").await.contains("different"));
    assert_eq!(std::fs::read(&passes).expect("bytes"), before, "nothing is written yet");
    // The file changes under it: refused, and the difference is that of now.
    std::fs::write(&passes, fixture("render.started.json")).expect("a file");
    window.click("[data-testid='fixture-write']").await;
    window.element("fixture-refused").await;
    assert_eq!(std::fs::read_to_string(&passes).expect("text"), fixture("render.started.json"), "it stays");
    window.click("[data-testid='fixture-write']").await;
    until_async("the file is the capture", || async {
        (parsed(&passes)["request"]["body"].as_str() == Some(body)).then_some(())
    })
    .await;
    expect_row(&window, "render.completed.json", "pass", &["expected"]).await;

    // The folder goes and comes back; then it is taken off the list, and its files stay.
    let elsewhere = folder.path().join("elsewhere");
    std::fs::rename(&files, &elsewhere).expect("moved");
    until_async("it says that it is gone", || async {
        window.text("[data-testid='folder-row']").await.contains("cannot be read").then_some(())
    })
    .await;
    std::fs::rename(&elsewhere, &files).expect("moved back");
    window.text("[data-testid='folder-row'][data-files='3']").await;
    expect_row(&window, "render.completed.json", "pass", &["expected"]).await;
    window.click("[data-testid='folder-remove']").await;
    window.element("fixtures-start").await;
    assert!(passes.exists(), "the files stay");
    window.click("[data-testid='toast'] button").await;
    window.text("[data-testid='folder-row'][data-files='3']").await;
}

/// A large folder is walked through from its first page to its last file, and a change at its end shows.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn five_thousand_files_are_listed_and_followed() {
    const FILES: usize = 5_000;
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().canonicalize().expect("its real name").join("many");
    std::fs::create_dir(&files).expect("a folder");
    let (passes, fails) = (fixture("render.completed.json"), fixture("fail-other-secret.json"));
    for number in 0..FILES {
        let text = if number % 10 == 0 { &fails } else { &passes };
        std::fs::write(files.join(format!("{number:05}.json")), text).expect("a file");
    }
    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "videopilot", "name": "test", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    window.command("folder_add", json!({ "path": files })).await;
    let begun = std::time::Instant::now();
    window.click("[data-testid='nav-fixtures']").await;
    expect_row(&window, "00000.json", "fail", &["expected"]).await;
    eprintln!("the first page after {:?}", begun.elapsed());
    window.text(&format!("[data-testid='folder-row'][data-hold='{FILES}']")).await;
    eprintln!("all are counted after {:?}", begun.elapsed());
    let last = format!("{:05}.json", FILES - 1);
    until_async("the last file is reached", || async {
        script(
            &window,
            "const list = document.querySelector('[data-list]'); list.scrollTop = list.scrollHeight; return true",
        )
        .await?;
        row(&window, &last).await.map(drop)
    })
    .await;
    eprintln!("the last file after {:?}", begun.elapsed());
    let begun = std::time::Instant::now();
    std::fs::write(files.join(&last), "{").expect("a file");
    expect_row(&window, &last, "", &["broken"]).await;
    eprintln!("a change after {:?}", begun.elapsed());
    window.text(&format!("[data-testid='folder-row'][data-hold='{}'][data-broken='1']", FILES - 1)).await;
    eprintln!("counted again after {:?}", begun.elapsed());
}
