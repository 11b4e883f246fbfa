//! Takes pictures of the real window: every screen, dark and light, into `ui/screenshots`.
//!
//! Started by `cargo xtask screenshots`, which gives it a screen. What is shown was sent by the independent senders.
//! With names as arguments only those screens are taken.

use countersign_tests::window::{Window, xdotool};
use countersign_tests::{Delivery, Endpoint, Recorder, Sender, Verifier, root, until_async};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

/// Published nowhere and used nowhere: the secrets that the pictures' deliveries are signed with.
const SECRETS: &[(&str, &str)] = &[
    ("pptvideo", "cHB0LXZpZGVvLXNjcmVlbnNob3Qta2V5LTAwMDE="),
    ("videopilot", "vp_screenshot_key_0001"),
    ("ihateppt", "ihp_screenshot_key_0001"),
    ("pollo", "cG9sbG8tYWktc2NyZWVuc2hvdC1rZXktMDAwMDAx"),
    ("firebirdgen", ""),
];

/// Sender, provider, damage, body; oldest first.
const DELIVERIES: &[(Sender, &str, Option<&str>, &str)] = &[
    (
        Sender::Node,
        "firebirdgen",
        None,
        r#"{"taskId":"task_8812","status":"success","statusCode":200,"resultUrl":"https://cdn.heo365.com/v/task_8812.mp4","createdAt":"2026-11-20T09:58:12Z","completedAt":"2026-11-20T09:59:40Z","requestParams":{"prompt":"a paper boat in the rain","duration":5}}"#,
    ),
    (
        Sender::Node,
        "ihateppt",
        None,
        r#"{"id":"evt_5521","type":"ppt.generation.started","created":1763632800,"data":{"task_id":"ppt_77","title":"Quarterly review","pages":14}}"#,
    ),
    (
        Sender::Python,
        "ihateppt",
        Some("ms_timestamp"),
        r#"{"id":"evt_5522","type":"ppt.generation.completed","created":1763632861,"data":{"task_id":"ppt_77","pages":14,"url":"https://ihateppt.example/d/ppt_77"}}"#,
    ),
    (
        Sender::Node,
        "videopilot",
        None,
        r#"{"event":"video.script_ready","data":{"video_id":"vid_204","script":{"scenes":6,"words":312}},"timestamp":"2026-11-20T10:00:00Z"}"#,
    ),
    (
        Sender::Python,
        "videopilot",
        Some("body_reserialised"),
        r#"{"event": "render.started", "data": {"video_id": "vid_204", "render_job_id": "job_31"}, "timestamp": "2026-11-20T10:01:07Z"}"#,
    ),
    (Sender::Node, "pollo", Some("stale"), r#"{"taskId":"cm3x81","status":"succeed"}"#),
    (Sender::Python, "pollo", None, r#"{"taskId":"cm3x82","status":"succeed"}"#),
    (
        Sender::Node,
        "pptvideo",
        Some("secret_as_text"),
        r#"{"id":"pv_119","status":"failed","error":"slide 4 has no text"}"#,
    ),
    (
        Sender::Node,
        "videopilot",
        None,
        r#"{"event":"render.completed","data":{"video_id":"vid_204","render_job_id":"job_31","output_url":"https://videopilot.example/o/job_31.mp4","duration_seconds":48.2,"scenes":[{"id":1,"title":"Opening"},{"id":2,"title":"Why it matters"},{"id":3,"title":"Close"}]},"timestamp":"2026-11-20T10:02:55Z"}"#,
    ),
];

const SIZES: &[(u32, u32)] = &[(1360, 860), (1024, 700), (1920, 1080)];

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let pictures = root().join("ui/screenshots");
    std::fs::create_dir_all(&pictures).expect("ui/screenshots can be made");
    let window = Window::start(&folder.path().join("log.db")).await;
    let url = window.listener_url().await;

    let camera = Camera { window: &window, pictures: &pictures, wanted: &wanted };
    window.element("send-test").await;
    camera.take("first-run").await;

    for (provider, secret) in SECRETS.iter().filter(|(_, secret)| !secret.is_empty()) {
        let args = json!({ "provider": provider, "name": "production", "value": secret, "replaces": null });
        window.command("secret_set", args).await;
    }
    for (sender, provider, damage, body) in DELIVERIES {
        let secret = SECRETS.iter().find(|(name, _)| name == provider).map_or("", |(_, secret)| secret);
        let secret = if secret.is_empty() { "none" } else { secret };
        let url = format!("{url}/{provider}/webhooks");
        sender.send(&Delivery { provider, url: &url, secret, body, damage: *damage });
    }
    window.element("delivery-row").await;
    for (screen, outcome, tab) in [
        ("deliveries", "fail", "signature"),
        ("body", "pass", "body"),
        ("headers", "pass", "headers"),
        ("raw", "pass", "raw"),
    ] {
        window.click(&format!("[data-testid='delivery-row']:has([data-outcome='{outcome}'])")).await;
        window.click(&format!("[data-testid='tab-{tab}']")).await;
        camera.take(screen).await;
    }
    export(&window, &camera, folder.path()).await;
    compose(&window, &camera).await;
    lab(&window, &camera).await;
    check(&window, &camera).await;
    fixtures(&window, &camera, folder.path()).await;
    let rules = json!([
        rule("Refuse what does not verify", true, "-verdict:pass,unsigned", json!({ "status": 401 })),
        rule(
            "Down for the first 3",
            false,
            "provider:videopilot",
            json!({ "status": 503, "turn": { "kind": "first", "count": 3 } })
        ),
        rule("Lose the answer", false, "path:/pollo*", json!({ "fault": "close" })),
    ]);
    let responses = json!({ "rules": rules, "status_by_path": false, "stand_aside": [] });
    window.command("responses_set", json!({ "responses": responses })).await;
    let routes = json!([
        route("My app", "http://localhost:3000/webhooks", "verdict:pass", "/pollo"),
        route("Second try", "https://staging.example/hooks", "event:render.*", "/videopilot"),
    ]);
    window.command("routes_set", json!({ "routes": routes })).await;
    window.click("[data-testid='nav-responses']").await;
    window.click("[data-testid='rule-row']").await;
    camera.take("responses").await;
    window.click("[data-testid='nav-forwarding']").await;
    window.click("[data-testid='route-row']").await;
    camera.take("forwarding").await;
    window.click("[data-testid='nav-providers']").await;
    window.click("[data-testid='provider-row'][data-provider='pollo']").await;
    camera.take("providers").await;
    window.click("[data-testid='nav-settings']").await;
    camera.take("settings").await;
    import(&window, &camera, folder.path()).await;
}

/// A repository's folder with fixtures, a HAR with a broken entry and a file that was cut: what would come in, and what came.
async fn import(window: &Window, camera: &Camera<'_>, folder: &Path) {
    if !camera.wants("import") && !camera.wants("import-result") && !camera.wants("imported") {
        return;
    }
    let files = folder.join("webhooks");
    std::fs::create_dir(&files).expect("a folder");
    for name in ["render.completed.json", "render.failed.json", "video.script_ready.json"] {
        std::fs::copy(root().join("fixtures/videopilot").join(name), files.join(name)).expect("a fixture");
    }
    let entry = |body: &str| {
        let request = json!({ "method": "POST", "url": "http://localhost:3000/pollo/webhooks", "headers": [], "postData": { "text": body } });
        json!({ "startedDateTime": "2026-11-20T10:04:00Z", "request": request })
    };
    let entries = [
        entry(r#"{"taskId":"cm3x90","status":"succeed"}"#),
        json!({ "request": 1 }),
        entry(r#"{"taskId":"cm3x91","status":"failed"}"#),
    ];
    let har = serde_json::to_string_pretty(&json!({ "log": { "version": "1.2", "entries": entries } })).expect("JSON");
    std::fs::write(files.join("staging.har"), har).expect("a file");
    std::fs::write(files.join("half.json"), "{\n  \"format\": \"countersign-fixture/1\",\n").expect("a file");
    std::fs::write(files.join("order.json"), r#"{"order":{"id":8812,"total":"49.00"}}"#).expect("a file");
    window.click("[data-testid='nav-deliveries']").await;
    window.click("[data-testid='import']").await;
    window.type_into("import-path", files.to_str().expect("UTF-8")).await;
    window.click("[data-testid='import-add']").await;
    window.element("import-provider").await;
    window.click("[data-testid='import-item'][data-outcome='failed']").await;
    camera.take("import").await;
    window.click("[data-testid='import-start']").await;
    window.text("[data-testid='import-run'][data-running='false']").await;
    window.click("[data-testid='import-item'][data-outcome='failed']").await;
    camera.take("import-result").await;
    window.click("[data-testid='import-show']").await;
    window.click("[data-testid='delivery-row']").await;
    camera.take("imported").await;
}

/// Two deliveries on their way into a folder: what goes out, the question about a file that is there, and the end.
async fn export(window: &Window, camera: &Camera<'_>, folder: &Path) {
    if !["export", "export-asked", "export-ended"].into_iter().any(|screen| camera.wants(screen)) {
        return;
    }
    window.click("[data-testid='nav-deliveries']").await;
    let before = window.rows().await.len();
    // One with much that nobody wants in a repository; later pictures are without it.
    let url = window.listener_url().await;
    let body =
        r#"{"event":"order.paid","id":"order_88","customer":{"name":"Ann Miller","email":"ann.miller@pollo.ai"}}"#;
    let sent = Command::new("curl")
        .args(["-sS", "-H", "Content-Type: application/json", "-H", "Authorization: Bearer k-4kHq81mZ9w"])
        .args(["-H", "Cookie: session=8f1c2d7e44aa", "-H", "X-Forwarded-For: 203.0.113.9", "-d", body])
        .arg(format!("{url}/shop/webhooks?token=tok_91xK2pQ7"))
        .output();
    assert!(sent.is_ok_and(|sent| sent.status.success()), "curl sends it");
    until_async("it is listed", || async { (window.rows().await.len() > before).then_some(()) }).await;
    let id = window.rows().await[0].id.clone();
    window.click(&format!("[data-testid='delivery-row'][data-id='{id}']")).await;
    window.press("x").await;
    window.click("[data-testid='delivery-row']:has([data-scheme='videopilot'][data-outcome='pass'])").await;
    window.press("x").await;
    window.click("[data-testid='export-marked']").await;
    for pointer in ["/customer/name", "/data/video_id"] {
        window.type_into("export-pointer", pointer).await;
        window.click("[data-testid='export-pointer-add']").await;
    }
    window.type_into("export-folder", "/home/ann/shop/tests/fixtures/webhooks").await;
    window.text("[data-testid='export-preview'][data-current='true']").await;
    window.element("export-signed-anew").await;
    camera.take("export").await;
    window.clear("export-folder").await;
    window.type_into("export-folder", &folder.join("fixtures").display().to_string()).await;
    window.choose("export-runner", "vitest").await;
    window.text("[data-testid='export-preview'][data-current='true']").await;
    // They show a folder of this run alone: taken where they are asked for by name.
    let steps: &[(&str, Option<&str>)] =
        if camera.wanted.is_empty() { &[] } else { &[("export-ended", None), ("export-asked", Some("mine"))] };
    for (step, before) in steps {
        if let Some(text) = before {
            for file in std::fs::read_dir(folder.join("fixtures/fixtures")).expect("the folder") {
                std::fs::write(file.expect("an entry").path(), text).expect("it can be changed");
            }
        }
        window.click("[data-testid='export-start']").await;
        window.element("export-outcome").await;
        window.element("export-file-row").await;
        camera.take(step).await;
        window.click("[data-testid='export-back']").await;
        window.text("[data-testid='export-preview'][data-current='true']").await;
    }
    window.press("\u{e00c}").await;
    window.click("[aria-label='Unselect']").await;
    window.command("deliveries_delete", json!({ "ids": [id], "groups": [] })).await;
}

/// A delivery is edited, signed and sent to an endpoint that verifies; then its history, and two deliveries side by side.
async fn compose(window: &Window, camera: &Camera<'_>) {
    let secret = SECRETS.iter().find(|(name, _)| *name == "videopilot").map_or("", |(_, secret)| secret);
    let endpoint = Verifier::start(Sender::Python, secret);
    window.click("[data-testid='delivery-row']:has([data-scheme='videopilot'][data-outcome='pass'])").await;
    window.click("[data-testid='delivery-edit']").await;
    window.clear("compose-url").await;
    window.type_into("compose-url", &endpoint.url("videopilot")).await;
    for (choice, answered) in [("signing-break", "401"), ("signing-sign", "200")] {
        window.click(&format!("[data-testid='{choice}']")).await;
        window.click("[data-testid='compose-send']").await;
        until_async("it is answered", || async {
            let text = window.text("[data-testid='compose-answer'][data-state='answered']").await;
            text.contains(answered).then_some(())
        })
        .await;
    }
    camera.take("compose").await;
    window.click("[data-testid='nav-deliveries']").await;
    window.click("[data-testid='tab-history']").await;
    camera.take("history").await;
    let ids = window.rows().await;
    let sides = ids.iter().take(2).map(|row| row.id.clone()).collect::<Vec<_>>();
    for id in &sides {
        window.click(&format!("[data-testid='delivery-row'][data-id='{id}']")).await;
        window.press("x").await;
    }
    window.press("d").await;
    window.element("compare").await;
    camera.take("compare").await;
    window.press("\u{e00c}").await;
    window.press("\u{e00c}").await;
}

/// A schedule before it starts; then a run against an endpoint that fails, stays silent and recovers, and that looks whether
/// it knows an event before it works: two at once are done twice.
async fn lab(window: &Window, camera: &Camera<'_>) {
    if !camera.wants("lab-plan") && !camera.wants("lab") {
        return;
    }
    let jobs: Mutex<HashMap<String, usize>> = Mutex::default();
    let endpoint = Recorder::start(move |number, body| match number {
        1 => Some((500, r#"{"error":"database is locked"}"#.to_owned())),
        2 => None,
        3 => Some((503, r#"{"error":"try again later"}"#.to_owned())),
        _ => {
            let event: serde_json::Value = serde_json::from_str(body).expect("an event");
            let id = event["taskId"].as_str().expect("an id").to_owned();
            let known = jobs.lock().expect("no thread panicked").get(&id).copied();
            std::thread::sleep(Duration::from_millis(80));
            let job = known.unwrap_or(4100 + number);
            jobs.lock().expect("no thread panicked").insert(id, job);
            Some((200, format!(r#"{{"status":"success","jobId":"job_{job}"}}"#)))
        }
    });
    window.click("[data-testid='nav-deliveries']").await;
    window.click("[data-testid='delivery-row']:has([data-outcome='unsigned'])").await;
    window.press("l").await;
    window.clear("lab-url").await;
    window.type_into("lab-url", &endpoint.url("/api/webhook")).await;
    window.choose("lab-provider", "pollo").await;
    until_async("the schedule is drawn", || async {
        window.text("[data-testid='lab-plan-headline']").await.contains("10 attempts").then_some(())
    })
    .await;
    camera.take("lab-plan").await;
    window.choose("lab-provider", "firebirdgen").await;
    until_async("the schedule is drawn", || async {
        window.text("[data-testid='lab-plan-headline']").await.contains("4 attempts").then_some(())
    })
    .await;
    window.click("[data-testid='lab-start']").await;
    window.text("[data-testid='lab-headline'][data-state='finished']").await;
    camera.take("lab").await;
}

/// An endpoint with a classic mistake is checked: what will be sent, the question before it works, and the report.
async fn check(window: &Window, camera: &Camera<'_>) {
    let secret = SECRETS.iter().find(|(name, _)| *name == "ihateppt").map_or("", |(_, secret)| secret);
    let endpoint = Endpoint::start("ihateppt", "throws_on_length", secret);
    window.click("[data-testid='nav-check']").await;
    window.element("check-form").await;
    let provider = "const field = document.querySelector(\"[data-testid='check-provider']\"); field.value = 'ihateppt'; \
                    field.dispatchEvent(new Event('change', { bubbles: true }))";
    window.client.execute(provider, Vec::new()).await.expect("the page runs a script");
    window.type_into("check-endpoint", &endpoint.url()).await;
    window.text("[data-testid='check-start']:not(:disabled)").await;
    camera.take("check-start").await;
    window.click("[data-testid='check-start']").await;
    window.element("check-question").await;
    camera.take("check-question").await;
    window.click("[data-testid='check-go-on']").await;
    window.text("[data-testid='check-report'][data-phase='finished']").await;
    window.text("[data-testid='check-mend'] mark").await;
    camera.take("check").await;
}

/// The empty page; then a folder with files that hold, one that does not, one that differs from its capture and a broken one.
async fn fixtures(window: &Window, camera: &Camera<'_>, folder: &Path) {
    if !camera.wants("fixtures") && !camera.wants("fixtures-empty") && !camera.wants("fixtures-update") {
        return;
    }
    window.click("[data-testid='nav-fixtures']").await;
    window.element("fixtures-start").await;
    camera.take("fixtures-empty").await;
    let files = folder.join("webhooks");
    let from = root().join("fixtures");
    let shown = ["fail-other-secret.json", "fail-body-byte-changed.json"];
    for provider in ["videopilot", "pollo"] {
        std::fs::create_dir_all(files.join(provider)).expect("a folder");
        for entry in std::fs::read_dir(from.join(provider)).expect("fixtures").map(|entry| entry.expect("a file")) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.contains('-') && !shown.contains(&name.as_str()) {
                continue;
            }
            std::fs::copy(entry.path(), files.join(provider).join(entry.file_name())).expect("a copy");
        }
        let published = std::fs::read_to_string(from.join("secrets.json")).expect("text");
        let published: serde_json::Value = serde_json::from_str(&published).expect("JSON");
        let value = &published["secrets"][provider]["test"];
        let args = json!({ "provider": provider, "name": "test", "value": value, "replaces": null });
        window.command("secret_set", args).await;
    }
    std::fs::write(files.join("pollo/half.json"), "{\n  \"format\": \"countersign-fixture/1\",\n").expect("a file");
    let edited = files.join("videopilot/render.completed.json");
    let input = json!({ "kind": "paths", "paths": [edited] });
    window.command("import_start", json!({ "request": { "inputs": [input], "provider": null } })).await;
    until_async("it is imported", || async {
        let state = window.command("import_state", json!({})).await;
        (state["running"] == json!(false)).then_some(())
    })
    .await;
    let text = std::fs::read_to_string(&edited).expect("text");
    std::fs::write(&edited, text.replace("render.completed", "render.done")).expect("a file");
    window.command("folder_add", json!({ "path": files })).await;
    window.text("[data-testid='folder-row'][data-broken='1']").await;
    window.click("[data-testid='fixture-row'][data-name='videopilot/render.completed.json']").await;
    window.element("fixture-why").await;
    camera.take("fixtures").await;
    window.click("[data-testid='fixture-update']").await;
    window.element("compare-words").await;
    camera.take("fixtures-update").await;
    window.press("\u{e00c}").await;
}

fn rule(name: &str, on: bool, when: &str, change: serde_json::Value) -> serde_json::Value {
    let mut rule = json!({
        "id": "", "name": name, "on": on, "when": when, "turn": { "kind": "always" }, "status": 200,
        "headers": [["Content-Type", "application/json"]], "body": "{\"error\":\"invalid signature\",\"at\":\"{{now}}\"}",
        "delay_ms": 0, "fault": null
    });
    rule.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
    rule
}

fn route(name: &str, target: &str, when: &str, strip: &str) -> serde_json::Value {
    json!({
        "id": "", "name": name, "on": true, "when": when, "target": target, "mode": "wait", "strip": strip,
        "keep_host": false, "forwarded_headers": false, "any_certificate": false, "timeout_ms": 30_000,
        "failure_status": 502
    })
}

struct Camera<'a> {
    window: &'a Window,
    pictures: &'a Path,
    wanted: &'a [String],
}

impl Camera<'_> {
    /// Whether a picture of this screen is taken.
    fn wants(&self, screen: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| wanted == screen)
    }

    /// The screen that is open now, in both themes and all sizes.
    async fn take(&self, screen: &str) {
        if !self.wants(screen) {
            return;
        }
        let id = self.window.x11();
        for theme in ["dark", "light"] {
            self.window.command("settings_change", json!({ "patch": { "theme": theme } })).await;
            for (width, height) in SIZES {
                xdotool(&["windowsize", "--sync", &id, &width.to_string(), &height.to_string()]);
                xdotool(&["mousemove", "--window", &id, "2", "2"]);
                let name = format!("{screen}-{theme}-{width}x{height}.png");
                self.settled(&id, &self.pictures.join(&name)).await;
                eprintln!("{name}");
            }
        }
    }

    /// Takes pictures until two in a row are the same: fonts are there, transitions are over.
    async fn settled(&self, id: &str, path: &Path) {
        let drawn = "const done = arguments[0]; document.fonts.ready.then(() => \
                     requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))";
        let mut last = Vec::new();
        for _ in 0..20 {
            self.window.client.execute_async(drawn, Vec::new()).await.expect("the page runs a script");
            let status = Command::new("import").args(["-window", id, "-strip"]).arg(path).status();
            assert!(status.is_ok_and(|status| status.success()), "the picture cannot be taken");
            let picture = std::fs::read(path).expect("the picture can be read");
            if picture == last {
                return;
            }
            last = picture;
        }
    }
}
