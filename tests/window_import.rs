//! The import, end to end in the real window.
//!
//! These are marked as ignored because they need a screen; `cargo xtask test` gives them one.

use countersign_tests::window::{Window, xdotool};
use countersign_tests::{root, until_async};
use serde_json::json;
use std::path::Path;

const SECRET: &str = "vp_whsec_9f1c2d7e44";
const BODY: &str = r#"{"event":"render.completed","data":{"video_id":"vid_1"},"timestamp":"2026-11-20T10:00:00Z"}"#;

async fn start(db: &Path) -> Window {
    let window = Window::start(db).await;
    window.listener_url().await;
    let secret = json!({ "provider": "videopilot", "name": "main", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    window
}

/// Waits until the element with this `data-testid` says these words.
async fn says(window: &Window, test_id: &str, words: &str) {
    let selector = format!("[data-testid='{test_id}']");
    until_async(&format!("{test_id} says “{words}”"), || async {
        window.text(&selector).await.contains(words).then_some(())
    })
    .await;
}

/// Tabs of a list with their counts, as they are shown.
async fn counts(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[role=dialog] [role=tab]')].map((tab) => tab.textContent.replace(/(\\d+)$/, ' $1'))";
    let found = window.client.execute(script, Vec::new()).await.expect("the page runs a script");
    serde_json::from_value(found).expect("texts")
}

/// The signature of [`BODY`], as the provider makes it.
fn signature() -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
    mac.update(BODY.as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

/// Ctrl+V on the page, where no field has the focus: the command is looked at, nothing is written before it is said, and
/// what comes in is judged and marked.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_pasted_command_comes_in_with_its_verdict() {
    let folder = tempfile::tempdir().expect("a folder");
    let window = start(&folder.path().join("log.db")).await;
    window.element("first-import").await;
    let command = format!(
        "curl -X POST http://localhost:3000/hooks/video -H 'Content-Type: application/json' -H 'X-VideoPilot-Signature: {}' \
         -d '{BODY}'",
        signature()
    );
    // The clipboard is the desktop's own: what is in it comes by the key.
    let copy = "const [text, done] = arguments; window.__TAURI_INTERNALS__\
                .invoke('plugin:clipboard-manager|write_text', { text }).then(() => done(true), (error) => done(String(error)))";
    let copied = window.client.execute_async(copy, vec![json!(command)]).await.expect("the page runs a script");
    assert_eq!(copied, true);
    let id = window.x11();
    xdotool(&["windowactivate", "--sync", &id]).expect("the window is there");
    until_async("the key opens the dialog", || async {
        // Once it is open the key does nothing: none of its fields has the focus.
        xdotool(&["key", "--clearmodifiers", "ctrl+v"]);
        let open = "return document.querySelector('[data-testid=import-dialog]') !== null";
        (window.client.execute(open, Vec::new()).await.ok()? == true).then_some(())
    })
    .await;
    says(&window, "import-words", "1 file: 1 delivery would come in.").await;
    says(&window, "import-item", "render.completed").await;
    says(&window, "import-item", "VideoPilot").await;
    assert_eq!(counts(&window).await, ["All 1", "Come in 1", "Already there 0", "Broken 0", "Passed over 0"]);
    let count = window.command("deliveries_count", json!({ "filter": "" })).await;
    assert_eq!(count["total"], 0, "a preview writes nothing");

    window.click("[data-testid='import-start']").await;
    says(&window, "import-outcome", "1 delivery came in.").await;
    window.click("[data-testid='import-show']").await;
    window.expect_outcomes("videopilot", &["pass"]).await;
    let row = window.text("[data-testid='delivery-row']").await;
    assert!(row.contains("imported") && row.contains("imported from pasted text"), "{row}");
    let filter = window.client.execute("return document.querySelector('[data-testid=filter-input]').value", Vec::new());
    assert_eq!(filter.await.expect("it runs"), "is:imported");
}

/// A folder whose path is typed: the good ones come in, the broken one is told with its line.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_folder_comes_in_but_for_what_is_broken() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("a folder");
    let names = ["render.completed", "render.failed", "render.started", "video.media_ready", "video.script_ready"];
    let good = names.len();
    for name in names.map(|name| format!("{name}.json")) {
        std::fs::copy(root().join("fixtures/videopilot").join(&name), files.join(&name)).expect("it is copied");
    }
    std::fs::write(files.join("broken.json"), "{\n  \"format\": \"countersign-fixture/1\",\n").expect("a file");
    let window = start(&folder.path().join("log.db")).await;
    window.click("[data-testid='first-import']").await;
    window.type_into("import-path", "files").await;
    window.click("[data-testid='import-add']").await;
    says(&window, "import-dialog", "Write the whole path").await;
    window.clear("import-path").await;
    window.type_into("import-path", files.to_str().expect("UTF-8")).await;
    window.click("[data-testid='import-add']").await;
    says(&window, "import-words", &format!("{} files: {good} deliveries would come in.", good + 1)).await;
    let expected = |come: &str| {
        vec![
            format!("All {}", good + 1),
            format!("{come} {good}"),
            "Already there 0".to_owned(),
            "Broken 1".to_owned(),
            "Passed over 0".to_owned(),
        ]
    };
    assert_eq!(counts(&window).await, expected("Come in"));
    window.click("[role='dialog'] [data-testid='tab-failed']").await;
    says(&window, "import-file", "broken.json").await;
    says(&window, "import-item", "Line 3: This begins like JSON, but it is not").await;

    window.click("[data-testid='import-start']").await;
    says(&window, "import-outcome", &format!("{good} deliveries came in, 1 item could not be read.")).await;
    assert_eq!(counts(&window).await, expected("Imported"));
    window.click("[role='dialog'] [data-testid='tab-failed']").await;
    says(&window, "import-item", "broken.json").await;
    window.click("[data-testid='import-again']").await;
    window.type_into("import-path", files.to_str().expect("UTF-8")).await;
    window.click("[data-testid='import-add']").await;
    says(&window, "import-words", "0 deliveries would come in.").await;
    assert_eq!(counts(&window).await[2], format!("Already there {good}"), "a second time nothing comes in");
}
