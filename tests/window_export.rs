//! Exporting in the real window: what goes out is seen before, and what is written is looked at byte by byte.

use countersign_tests::window::Window;
use countersign_tests::{countersign, root, run, until_async};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

const SECRET: &str = "vp_whsec_9f1c2d7e44";
const TOKEN: &str = "Bearer abcdefghijklmn";
const MAIL: &str = "ann@videopilot.ai";

fn body(job: &str) -> String {
    json!({
        "event": "render.completed",
        "data": { "video_id": job, "render_job_id": job, "email": MAIL },
        "timestamp": "2026-11-20T10:00:00Z",
    })
    .to_string()
}

/// Posts what VideoPilot would send, with a header that gives access and one that holds the secret itself.
fn post(window_url: &str, folder: &Path, path: &str, body: &str) {
    let file = folder.join("body");
    std::fs::write(&file, body).expect("a file");
    let file = file.display().to_string();
    let args = ["sign", "--provider", "videopilot", "--secret", "videopilot=env:S", "--body", &file];
    let signed = run(countersign(&folder.join("other.db"), &args).env("S", SECRET), b"");
    assert_eq!(signed.code, Some(0), "{}", signed.err);
    let lines: String = signed.text().lines().map(|line| format!("{line}\r\n")).collect();
    let addr = window_url.trim_start_matches("http://");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\n{lines}Authorization: {TOKEN}\r\nX-Leak: {SECRET}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    let mut stream = std::net::TcpStream::connect(addr).expect("a connection");
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).expect("it is sent");
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", answer.escape_ascii());
}

/// The files of a folder by their names.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let bytes = std::fs::read(entry.path()).expect("a file");
        (entry.file_name().to_string_lossy().into_owned(), bytes)
    };
    std::fs::read_dir(folder).expect("the folder").map(entry).collect()
}

fn contains(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

/// Waits until the preview is that of what is chosen, and answers its text.
async fn preview(window: &Window) -> String {
    window.text("[data-testid='export-preview'][data-current='true']").await
}

/// Waits for a step of the dialog, and answers what is said there.
async fn step(window: &Window, step: &str) -> String {
    window.text(&format!("[data-testid='export-dialog'][data-step='{step}'] [data-testid='export-outcome']")).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn what_is_selected_becomes_fixtures_without_what_is_masked() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("fixtures");
    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "videopilot", "name": "production", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    let url = window.listener_url().await;
    for (path, job) in [("/videopilot", "job_1"), ("/videopilot", "job_2"), ("/videopilot/else", "job_3")] {
        post(&url, folder.path(), path, &body(job));
    }
    window.expect_outcomes("videopilot", &["pass", "pass", "pass"]).await;

    let rows = window.rows().await;
    for row in &rows[1..] {
        window.click(&format!("[data-testid='delivery-row'][data-id='{}']", row.id)).await;
        window.press("x").await;
    }
    window.click("[data-testid='export-marked']").await;
    let shown = preview(&window).await;
    assert!(shown.contains("2 deliveries in 2 files"), "{shown}");
    assert!(!shown.contains(SECRET) && !shown.contains(TOKEN) && !shown.contains(MAIL), "{shown}");
    let ticks = "return [...document.querySelectorAll('[data-testid=export-found]')].map((row) => \
                 [row.dataset.key, row.querySelector('input').checked, row.querySelector('input').disabled])";
    let found = window.client.execute(ticks, Vec::new()).await.expect("the page runs a script");
    let expected = json!([
        ["secret:“production” of VideoPilot", true, true],
        ["header:authorization", true, false],
        ["json:/data/email", false, false]
    ]);
    assert_eq!(found, expected);
    window.click("[data-testid='export-kind-emails']").await;
    until_async("the e-mail addresses are masked", || async {
        preview(&window).await.contains("2 deliveries are signed anew with a published test secret").then_some(())
    })
    .await;
    window.type_into("export-folder", &out.display().to_string()).await;
    window.click("[data-testid='export-start']").await;
    assert_eq!(step(&window, "ended").await, "2 files written.");
    let written = files(&out);
    let names: Vec<&str> = written.keys().map(String::as_str).collect();
    assert_eq!(names, ["render.completed--job_1.json", "render.completed--job_2.json"]);
    for (name, bytes) in &written {
        assert!(!contains(bytes, SECRET) && !contains(bytes, "abcdefghijklmn") && !contains(bytes, MAIL), "{name}");
        let fixture: Value = serde_json::from_slice(bytes).expect("a fixture is JSON");
        let headers = fixture["request"]["headers"].to_string();
        assert!(headers.contains(r#"["Authorization","Bearer "#), "{name}: {headers}");
        assert!(fixture["redacted"]["signed_with"].is_string(), "{name}: {fixture}");
    }
    // Whoever has the published secret alone can verify them.
    let secrets = std::fs::read_to_string(root().join("fixtures/secrets.json")).expect("the published secrets");
    let secrets: Value = serde_json::from_str(&secrets).expect("JSON");
    let with: Value = serde_json::from_slice(&written[names[0]]).expect("a fixture is JSON");
    let with = with["redacted"]["signed_with"].as_str().expect("the secret's name").to_owned();
    let published = secrets["secrets"]["videopilot"][with].as_str().expect("a published secret").to_owned();
    let path = out.join(names[0]).display().to_string();
    let args = ["verify", &path, "--secret", "videopilot=env:S"];
    let verified = run(countersign(&folder.path().join("none.db"), &args).env("S", published), b"");
    assert_eq!(verified.code, Some(0), "{}{}", verified.text(), verified.err);

    // Again: nothing changes. The folder and the kinds are remembered, and the filter is not.
    window.click("[data-testid='export-back']").await;
    preview(&window).await;
    window.click("[data-testid='export-start']").await;
    assert_eq!(step(&window, "ended").await, "2 files there already with the same content.");
    assert_eq!(files(&out), written);
    window.click("[data-testid='export-close']").await;

    // What the user has changed is asked about; both are kept.
    std::fs::write(out.join(names[1]), "mine").expect("it can be changed");
    window.click("[data-testid='export-marked']").await;
    preview(&window).await;
    window.click("[data-testid='export-start']").await;
    let asked = step(&window, "asked").await;
    assert!(asked.starts_with("1 file is there already with other content"), "{asked}");
    let listed = window.text("[data-testid='export-file-row'][data-outcome='exists']").await;
    assert!(listed.contains(names[1]) && !listed.contains(names[0]), "{listed}");
    assert_eq!(
        (files(&out).len(), &files(&out)[names[1]][..]),
        (2, &b"mine"[..]),
        "nothing is written before the answer"
    );
    window.click("[data-testid='export-number']").await;
    let outcome = step(&window, "ended").await;
    assert_eq!(outcome, "1 file written, 1 file there already with the same content.");
    let both = files(&out);
    let kept: Vec<&str> = both.keys().map(String::as_str).collect();
    let third = "render.completed--job_2--2.json";
    assert_eq!(kept, [names[0], third, names[1]]);
    assert_eq!((&both[names[0]], &both[names[1]][..]), (&written[names[0]], &b"mine"[..]));
    window.click("[data-testid='export-close']").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn what_a_filter_shows_becomes_a_zip_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("deliveries.zip");
    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "videopilot", "name": "production", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    let url = window.listener_url().await;
    for (path, job) in [("/a", "job_1"), ("/b", "job_2"), ("/b", "job_3")] {
        post(&url, folder.path(), path, &body(job));
    }
    window.expect_outcomes("videopilot", &["pass", "pass", "pass"]).await;
    window.type_into("filter-input", "path:/b").await;
    window.expect_outcomes("videopilot", &["pass", "pass"]).await;
    window.click("[data-testid='export-shown']").await;
    let shown = preview(&window).await;
    assert!(shown.contains("2 deliveries in 2 files"), "{shown}");
    window.type_into("export-pointer", "/data/video_id").await;
    window.click("[data-testid='export-pointer-add']").await;
    until_async("the path of the user's own is found", || async {
        preview(&window).await.contains("/data/video_id in the body").then_some(())
    })
    .await;

    // Tests beside the fixtures, for an app that is called without a server.
    window.choose("export-runner", "pytest").await;
    window.choose("export-framework", "flask").await;
    window.clear("export-app-module").await;
    window.type_into("export-app-module", "shop.hooks").await;
    until_async("the test file is counted", || async {
        preview(&window).await.contains("2 deliveries in 3 files").then_some(())
    })
    .await;

    // A path that is none, then a folder that cannot be there: said, and what was chosen stays.
    window.click("[data-testid='export-to-zip']").await;
    window.type_into("export-file", "deliveries.zip").await;
    until_async("a path that is not whole is refused", || async {
        window.text("[data-testid='export-missing']").await.contains("Write the whole path").then_some(())
    })
    .await;
    window.clear("export-file").await;
    window.type_into("export-file", "/proc/none/deliveries.zip").await;
    window.click("[data-testid='export-start']").await;
    let error = window.text("[data-testid='export-error']").await;
    assert!(error.contains("/proc/none") && error.contains("What you chose is still here."), "{error}");
    window.clear("export-file").await;
    window.type_into("export-file", &file.display().to_string()).await;
    window.click("[data-testid='export-start']").await;
    assert_eq!(step(&window, "ended").await, "1 file written.");
    assert_eq!(window.text("[data-testid='export-test-env']").await, "VIDEOPILOT_WEBHOOK_SECRET");
    let command = window.text("[data-testid='export-test-command']").await;
    assert!(command.contains("pytest") && command.contains("VIDEOPILOT_WEBHOOK_SECRET=…"), "{command}");

    let script = "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); \
                  print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))";
    let listed = std::process::Command::new("python3").args(["-c", script]).arg(&file).output().expect("python3 runs");
    let packed: BTreeMap<String, String> = serde_json::from_slice(&listed.stdout).expect("the files of the zip");
    let names: Vec<&str> = packed.keys().map(String::as_str).collect();
    let [first, second, test] = names[..] else { panic!("{names:?}") };
    assert!(first.ends_with("/render.completed--job_2.json") && second.ends_with("/render.completed--job_3.json"));
    assert!(packed[test].contains("shop.hooks"), "{test}: {}", packed[test]);
    for name in [first, second] {
        let text = &packed[name];
        assert!(!text.contains(SECRET) && !text.contains("abcdefghijklmn"), "{name}: {text}");
        assert!(!text.contains(r#""video_id":"job"#) && text.contains(MAIL), "{name}: {text}");
    }
}
