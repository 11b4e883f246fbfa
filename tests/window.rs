//! End to end in the real window: independent senders, the page's DOM, X11.
//!
//! These are marked as ignored because they need a screen; `cargo xtask test` gives them one.

use countersign_tests::window::{Window, xdotool};
use countersign_tests::{
    Connection, Delivery, Endpoint, Recorder, Sender, StandIn, Verifier, binary, kill, until, until_async,
};
use serde_json::json;
use std::process::Command;

const SECRET: &str = "vp_whsec_9f1c2d7e44";
const COMPLETED: &str = r#"{"event":"render.completed","data":{"video_id":"vid_1","render_job_id":"job_1","status":"completed"},"timestamp":"2026-11-20T10:00:00Z"}"#;
const STARTED: &str = r#"{"event":"render.started","data":{"video_id":"vid_1","render_job_id":"job_1","status":"started"},"timestamp":"2026-11-20T09:59:00Z"}"#;

fn videopilot<'a>(url: &'a str, body: &'a str, damage: Option<&'a str>) -> Delivery<'a> {
    Delivery { provider: "videopilot", url, secret: SECRET, body, damage }
}

/// What a first user does: empty log, a delivery whose secret is not stored, the secret is added, the badge flips; a
/// damaged one fails; all of it is there after a restart.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn badges_follow_the_secret_and_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let window = Window::start(&db).await;

    let url = format!("{}/hooks/video", window.listener_url().await);
    window.element("send-test").await;
    assert_eq!(window.rows().await, [], "an empty log shows the first-run screen and no rows");

    let answer = Sender::Node.send(&videopilot(&url, COMPLETED, None));
    assert_eq!(answer.status, 200);
    window.expect_outcomes("videopilot", &["no_secret"]).await;

    window.click("[data-testid='nav-providers']").await;
    window.click("[data-testid='provider-row'][data-provider='videopilot']").await;
    window.click("[data-testid='secret-add']").await;
    window.type_into("secret-name", "production").await;
    window.type_into("secret-value", SECRET).await;
    window.click("[data-testid='secret-save']").await;
    window.click("[data-testid='nav-deliveries']").await;
    window.expect_outcomes("videopilot", &["pass"]).await;

    let answer = Sender::Python.send(&videopilot(&url, STARTED, Some("body_byte")));
    assert_eq!(answer.status, 200, "a delivery that fails is received all the same");
    window.expect_outcomes("videopilot", &["fail", "pass"]).await;

    let before = window.rows().await;
    window.close();
    let window = Window::start(&db).await;
    window.expect_outcomes("videopilot", &["fail", "pass"]).await;
    assert_eq!(window.rows().await, before);
}

/// The user has minimised the window, forgets it and starts the app again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_second_start_brings_the_first_window_forward() {
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::start(&folder.path().join("log.db")).await;
    let url = window.listener_url().await;

    let id = window.x11();
    xdotool(&["windowminimize", &id]).expect("the window can be minimised");
    until("the window is minimised", || {
        let visible = xdotool(&["search", "--onlyvisible", "--name", "^Countersign$"]).unwrap_or_default();
        (!visible.lines().any(|line| line == id)).then_some(())
    });

    assert!(window.start_again(), "the second start ends well");
    until("the first window is the active one", || (xdotool(&["getactivewindow"])? == id).then_some(()));
    assert_eq!(window.listener_url().await, url, "the first listener goes on");
}

/// Another log is another app: it opens its own window beside the first.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn another_log_has_its_own_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Window::start(&folder.path().join("one.db")).await;
    let second = Window::start(&folder.path().join("two.db")).await;
    assert_ne!(first.listener_url().await, second.listener_url().await);
    assert_ne!(first.x11(), second.x11());
}

/// A log that this version cannot read is left alone, and the window says so instead of staying away.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_newer_log_is_refused_in_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let begun = Command::new(binary("countersign")).args(["deliveries", "--db"]).arg(&db).status();
    assert!(begun.is_ok_and(|status| status.success()), "a log can be begun");
    let script =
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('pragma user_version = 9999'); c.commit()";
    let made = Command::new("python3").args(["-c", script]).arg(&db).status();
    assert!(made.is_ok_and(|status| status.success()), "a newer log can be made");
    let before = std::fs::read(&db).expect("the log can be read");

    let window = Window::start(&db).await;
    until_async("the window says why", || async {
        window.text("main").await.contains("was written by a newer Countersign").then_some(())
    })
    .await;
    drop(window);
    assert_eq!(std::fs::read(&db).expect("the log can be read"), before, "the newer log is as it was");
}

/// The first thing that a new user can click: a signed sample arrives over HTTP and its badge is green.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_test_delivery_passes_on_the_first_click() {
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::start(&folder.path().join("log.db")).await;
    window.click("[data-testid='send-test']").await;
    until_async("one delivery is there and passes", || async {
        let rows = window.rows().await;
        let [row] = rows.as_slice() else { return None };
        row.badges.iter().any(|(_, outcome)| outcome == "pass").then_some(())
    })
    .await;
}

/// What is typed into the filter decides what is in the list, and what is emptied again shows all.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn the_filter_decides_what_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "videopilot", "name": "production", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    let url = format!("{}/hooks/video", window.listener_url().await);
    Sender::Node.send(&videopilot(&url, STARTED, None));
    Sender::Node.send(&videopilot(&url, COMPLETED, None));
    Sender::Python.send(&videopilot(&url, COMPLETED, Some("other_secret")));
    // The last two are of one event, and so one row.
    window.expect_outcomes("videopilot", &["fail", "pass"]).await;
    assert!(window.text("[data-testid='times']").await.contains("×2"));
    window.click("[data-testid='times']").await;
    window.element("member-row").await;

    window.type_into("filter-input", "verdict:fail").await;
    window.expect_outcomes("videopilot", &["fail"]).await;
    window.clear("filter-input").await;
    window.type_into("filter-input", "verdict:pass").await;
    window.expect_outcomes("videopilot", &["pass", "pass"]).await;
}

/// A captured delivery is edited, signed anew and sent to an endpoint that verifies with the document's own code; what is
/// broken on purpose is refused, and that is said to be as it should.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_delivery_is_edited_signed_and_sent_and_a_broken_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Verifier::start(Sender::Python, SECRET);
    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "videopilot", "name": "production", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    let url = format!("{}/videopilot", window.listener_url().await);
    Sender::Node.send(&videopilot(&url, COMPLETED, None));
    window.click("[data-testid='delivery-row']").await;
    window.click("[data-testid='delivery-edit']").await;
    window.clear("compose-url").await;
    window.type_into("compose-url", &endpoint.url("videopilot")).await;
    until_async("the body is edited", || async {
        let script = "const editor = document.querySelector('[data-testid=compose-body]');
                      const field = (editor?.shadowRoot ?? editor?.querySelector('*')?.shadowRoot)?.querySelector('.cm-content');
                      if (!field) return null;
                      field.focus();
                      return document.execCommand('insertText', false, ' ') || null";
        window.client.execute(script, Vec::new()).await.ok()?.as_bool()
    })
    .await;
    until_async("the captured signature would fail now", || async {
        window.text("[data-testid='signing-keep-why']").await.contains("would fail").then_some(())
    })
    .await;
    window.click("[data-testid='signing-sign']").await;
    until_async("a right endpoint accepts it", || async {
        window.text("[data-testid='compose-verdict']").await.contains("200").then_some(())
    })
    .await;
    window.click("[data-testid='compose-send']").await;
    until_async("it is accepted", || async {
        window.text("[data-testid='compose-answer'][data-state='answered']").await.contains("200").then_some(())
    })
    .await;

    window.click("[data-testid='signing-break']").await;
    until_async("a right endpoint refuses it", || async {
        window.text("[data-testid='compose-verdict']").await.contains("400 or 401").then_some(())
    })
    .await;
    window.click("[data-testid='compose-send']").await;
    until_async("it is refused, as it should be", || async {
        let text = window.text("[data-testid='compose-answer'][data-state='answered']").await;
        (text.contains("401") && text.contains("as it should")).then_some(())
    })
    .await;
    let attempts = window.command("attempts_page", json!({ "before": null, "limit": 10 })).await;
    assert_eq!((&attempts[0]["as_expected"], &attempts[1]["as_expected"]), (&json!(true), &json!(true)));
    assert_eq!(attempts[1]["signing"], "signed with “production”");

    // Compared with what was captured, the added space is what differs.
    window.click("[data-testid='nav-deliveries']").await;
    window.click("[data-testid='tab-history']").await;
    until_async("both attempts stand in the history", || async {
        let text = window.text("main").await;
        (text.contains("signed with “production”") && text.contains("401")).then_some(())
    })
    .await;
}

/// A rule and a route made by hand: the rule answers first, then the endpoint, and its answer stands beside the delivery.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_rule_and_an_endpoint_answer_and_are_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let target = format!("http://{}/in", endpoint.local_addr().expect("its address"));
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = endpoint.accept().expect("a connection");
        std::io::Read::read_exact(&mut stream, &mut [0; 8]).expect("a request");
        let answer = b"HTTP/1.1 202 Taken\r\nX-Endpoint: mine\r\nContent-Length: 5\r\n\r\n<b>1\n";
        std::io::Write::write_all(&mut stream, answer).expect("it is read");
    });
    let window = Window::start(&folder.path().join("log.db")).await;
    let url = format!("{}/hooks/video", window.listener_url().await);

    window.click("[data-testid='nav-forwarding']").await;
    window.clear("forward-first").await;
    window.type_into("forward-first", &target).await;
    window.click("[data-testid='forward-first-save']").await;
    window.element("route-row").await;

    let rule = json!({
        "id": "", "name": "down", "on": true, "when": "path:/hooks*", "turn": { "kind": "first", "count": 1 },
        "status": 503, "headers": [], "body": "", "delay_ms": 0, "fault": null
    });
    window.click("[data-testid='nav-responses']").await;
    let responses = json!({ "rules": [rule], "status_by_path": false, "stand_aside": [] });
    window.command("responses_set", json!({ "responses": responses })).await;
    window.click("[data-testid='rule-row']").await;
    window.clear("rule-status").await;
    window.type_into("rule-status", "507").await;
    window.click("[data-testid='rule-save']").await;
    until_async("the rule is saved", || async {
        let kept = window.command("responses", json!({})).await;
        (kept["rules"][0]["status"] == 507).then_some(())
    })
    .await;

    // The first goes to the rule, with the route behind it; what the endpoint said then is for the second.
    assert_eq!(Sender::Node.send(&videopilot(&url, STARTED, None)).status, 507);
    serving.join().expect("the endpoint was asked");
    assert_eq!(Sender::Node.send(&videopilot(&url, COMPLETED, None)).status, 502);
    window.click("[data-testid='nav-deliveries']").await;
    window.expect_outcomes("videopilot", &["no_secret", "no_secret"]).await;
    window.click("[data-testid='tab-response']").await;
    until_async("the failed attempt is shown", || async {
        window.text("[data-testid='attempt']").await.contains("no answer").then_some(())
    })
    .await;
    window.click("[data-testid='delivery-row']:nth-of-type(2)").await;
    until_async("the endpoint's answer is shown", || async {
        let text = window.text("main").await;
        (text.contains("the rule “down”") && text.contains("202")).then_some(())
    })
    .await;
    window.click("[data-testid='attempt-open']").await;
    until_async("its headers and its body are shown as text", || async {
        let text = window.text("main").await;
        (text.contains("X-Endpoint") && text.contains("<b>1")).then_some(())
    })
    .await;
}

/// A tunnel from the top bar: its address is shown and copied into what a provider is given, its death is said, and it ends
/// with the app.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_tunnel_opens_dies_and_never_outlives_the_app() {
    let folder = tempfile::tempdir().expect("a folder");
    let ngrok = StandIn::ngrok();
    let window = Window::start_with(&folder.path().join("log.db"), &[("PATH", ngrok.path())]).await;
    let local = window.listener_url().await;
    window.click("[data-testid='top-public']").await;
    window.click("[data-testid='tunnel-start-ngrok']").await;
    let address = "https://1a2b-203-0-113-7.ngrok-free.app";
    until_async("the public address is shown", || async {
        (window.text("[data-testid='public-address']").await == address).then_some(())
    })
    .await;
    assert_eq!(ngrok.arguments(), format!("http {local} --log stdout --log-format json"));
    assert!(window.text("[data-testid='tunnel-dialog']").await.contains("Strangers can send"));
    let first = ngrok.pids();
    kill("-KILL", first[1]);
    until_async("the death of the tunnel is said with its last lines", || async {
        let text = window.text("[data-testid='tunnel-dialog']").await;
        (text.contains("ngrok ended (killed by signal 9)") && text.contains("started tunnel · https://1a2b"))
            .then_some(())
    })
    .await;
    std::fs::remove_file(ngrok.folder().join("pids")).expect("it is there");
    window.click("[data-testid='tunnel-start-ngrok']").await;
    let second = ngrok.pids();
    window.element("public-address").await;

    window.press("\u{e00c}").await;
    window.click("[data-testid='nav-providers']").await;
    until_async("the provider's address is the public one", || async {
        let shown = window.text("[data-testid='provider-hook']").await;
        (shown == format!("{address}/pptvideo")).then_some(())
    })
    .await;

    // What comes through a tunnel carries the sender's address.
    let url = format!("{local}/videopilot");
    let sent = std::process::Command::new("curl")
        .args(["-s", "-H", "X-Forwarded-For: 203.0.113.9", "-d", "{}", &url])
        .output()
        .expect("curl runs");
    assert!(sent.status.success());
    window.click("[data-testid='nav-deliveries']").await;
    window.click("[data-testid='delivery-row']").await;
    until_async("the sender's own address is shown as what the header says", || async {
        window.text("main").await.contains("which is for 203.0.113.9 (X-Forwarded-For)").then_some(())
    })
    .await;

    kill("-KILL", window.pid);
    StandIn::gone(&second);
}

/// An endpoint that answers 200 to as many requests as it is allowed to, and lets the others wait.
#[derive(Debug, Default)]
struct Gate {
    allowed: std::sync::Mutex<usize>,
    opened: std::sync::Condvar,
    asked: std::sync::atomic::AtomicUsize,
}

impl Gate {
    /// Serves it on a port of its own until the test ends; answers where.
    fn serve(self: &std::sync::Arc<Self>) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/in", listener.local_addr().expect("its address"));
        let gate = std::sync::Arc::clone(self);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let gate = std::sync::Arc::clone(&gate);
                std::thread::spawn(move || gate.answer(&stream));
            }
        });
        url
    }

    /// Answers the requests of a connection until it breaks.
    fn answer(&self, stream: &std::net::TcpStream) -> Option<()> {
        use std::io::{BufRead as _, Read as _, Write as _};
        let (mut reader, mut writer) = (std::io::BufReader::new(stream), stream);
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).ok()? == 0 {
                    return None;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().ok()?;
                }
                if line == "\r\n" {
                    break;
                }
            }
            reader.read_exact(&mut vec![0; length]).ok()?;
            let turn = self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let allowed = self.allowed.lock().ok()?;
            drop(self.opened.wait_while(allowed, |allowed| turn >= *allowed).ok()?);
            writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").ok()?;
        }
    }

    fn allow(&self, count: usize) {
        *self.allowed.lock().expect("nobody panics with it") = count;
        self.opened.notify_all();
    }

    fn asked(&self) -> usize {
        self.asked.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// A thousand deliveries are resent to an endpoint, four at once: held, nothing leaves but what was under way; cancelled, the
/// rest stays, and the bar says how many were sent.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn a_batch_is_resent_held_and_cancelled() {
    let folder = tempfile::tempdir().expect("a folder");
    let gate = std::sync::Arc::new(Gate::default());
    let target = gate.serve();
    let window = Window::start(&folder.path().join("log.db")).await;
    let url = window.listener_url().await;
    let mut connection = Connection::open(url.trim_start_matches("http://")).expect("it listens");
    for _ in 0..1000 {
        assert_eq!(connection.post("/many", b"{}").expect("it answers").0, 200);
    }

    window.click("[data-testid='resend-shown']").await;
    window.type_into("resend-to", &target).await;
    window.clear("resend-fast").await;
    window.type_into("resend-fast", "4").await;
    let plan = format!("1,000 deliveries, oldest first, 4 at once, to {target}; they leave as captured.");
    until_async("what will happen is said", || async {
        (window.text("[data-testid='resend-plan']").await == plan).then_some(())
    })
    .await;
    let bar_says = async |words: &str| {
        until_async(&format!("the bar says “{words}”"), || async {
            window.text("[data-testid='batch-bar']").await.contains(words).then_some(())
        })
        .await;
    };
    gate.allow(100);
    window.click("[data-testid='resend-start']").await;
    bar_says("100 of 1,000").await;
    until("four more are under way", || (gate.asked() == 104).then_some(()));

    window.click("[data-testid='batch-pause']").await;
    bar_says("Held at 100 of 1,000").await;
    gate.allow(1000);
    bar_says("Held at 104 of 1,000").await;
    window.click("[data-testid='batch-show']").await;
    window.element("batch-item").await;
    assert_eq!(gate.asked(), 104, "nothing leaves while it is held");

    gate.allow(200);
    window.click("[data-testid='batch-pause']").await;
    bar_says("Resending: 200 of 1,000").await;
    until("four more are under way", || (gate.asked() == 204).then_some(()));
    window.click("[data-testid='batch-cancel']").await;
    bar_says("Cancelled: 204 of 1,000 were sent").await;
    let bar = window.text("[data-testid='batch-bar']").await;
    assert!(bar.contains("200 accepted") && bar.contains("4 without an answer"), "{bar}");
    assert!(window.text("[data-testid='batch-retry']").await.contains("Send the 800"), "{bar}");
    assert_eq!(gate.asked(), 204, "nothing leaves after it was cancelled");

    window.click("[data-testid='batch-item'][data-outcome='200']").await;
    until_async("the delivery's answer is shown", || async {
        window.text("[data-testid='attempt']").await.contains(&target).then_some(())
    })
    .await;
}

/// Retries are rehearsed against an endpoint that fails twice and then does everything twice: the table says why each attempt
/// follows, the finding is proved by the two answers, and the run is listed and can be repeated.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn retries_are_rehearsed_until_they_are_delivered() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Recorder::start(|number, _| {
        Some(if number <= 2 { (503, "{}".to_owned()) } else { (200, format!(r#"{{"jobId":"job_{number}"}}"#)) })
    });
    let window = Window::start(&folder.path().join("log.db")).await;
    let url = window.listener_url().await;
    Sender::Node.send(&Delivery {
        provider: "firebirdgen",
        url: &format!("{url}/firebirdgen"),
        secret: "none",
        body: r#"{"taskId":"task_7","status":"success","statusCode":200}"#,
        damage: None,
    });
    window.click("[data-testid='delivery-row']").await;
    window.press("l").await;
    until_async("the whole schedule is shown before it starts", || async {
        (window.text("[data-testid='lab-plan-headline']").await == "130 s in 4 attempts").then_some(())
    })
    .await;
    window.clear("lab-url").await;
    window.type_into("lab-url", &endpoint.url("/hook")).await;
    window.click("[data-testid='lab-speed-none']").await;
    assert_eq!(endpoint.bodies(), Vec::<String>::new(), "nothing is sent before the start");

    window.click("[data-testid='lab-start']").await;
    let headline = window.text("[data-testid='lab-headline'][data-state='finished']").await;
    assert!(headline.starts_with("Delivered on attempt 3"), "{headline}");
    let table = window.text("[data-testid='lab-attempts']").await;
    for words in
        ["+10 s", "+40 s", "503", "not exactly 200 → retry in 10 s", "not exactly 200 → retry in 30 s", "delivered"]
    {
        assert!(table.contains(words), "“{words}” stands in the table:\n{table}");
    }
    let finding = window.text("[data-testid='lab-finding'][data-experiment='lost_ack']").await;
    assert!(finding.contains("jobId") && finding.contains("twice"), "{finding}");
    // Three of the schedule, the same event twice for the lost acknowledgement, and another one twice at once.
    let bodies = endpoint.bodies();
    assert_eq!(bodies.len(), 7, "{bodies:?}");
    assert!(bodies[..3].iter().all(|body| body.contains("task_7")), "the captured event is sent: {bodies:?}");

    window.click("[data-testid='lab-attempt']").await;
    until_async("the first attempt is shown", || async {
        window.text("[data-testid='lab-attempt-detail']").await.contains("503").then_some(())
    })
    .await;
    window.click("[data-experiment='at_once'] [data-testid='lab-finding-open']").await;
    window.click("[data-testid='lab-compare-answers']").await;
    until_async("both answers are side by side", || async {
        window.text("[data-testid='compare']").await.contains("job_").then_some(())
    })
    .await;
    window.press("\u{e00c}").await;
    window.click("[data-testid='tab-runs']").await;
    window.click("[data-testid='lab-run-repeat']").await;
    until("it was sent again", || (endpoint.bodies().len() > 7).then_some(()));
    let headline = window.text("[data-testid='lab-headline'][data-state='finished']").await;
    assert!(headline.starts_with("Delivered on attempt 1"), "{headline}");
}

/// An endpoint that throws on a signature of another length is checked from the keyboard: the fault, its cause and how to mend
/// it are shown; nothing that makes it work is sent before the yes; the report goes into a file; mended, the fault is gone.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen: cargo xtask test"]
async fn an_endpoint_is_checked_its_fault_is_shown_and_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Endpoint::start("ihateppt", "throws_on_length", SECRET);
    let window = Window::start(&folder.path().join("log.db")).await;
    let secret = json!({ "provider": "ihateppt", "name": "main", "value": SECRET, "replaces": null });
    window.command("secret_set", secret).await;
    window.element("send-test").await;
    window.press("g").await;
    window.press("t").await;
    window.type_into("check-endpoint", &endpoint.url()).await;
    until_async("the plan is there, and warns", || async {
        let able = "[data-testid='check-start']:not(:disabled)";
        window.text(able).await;
        window.text("[data-testid='check-warning']").await.contains("of I Hate PPT").then_some(())
    })
    .await;
    window.press("\u{e007}").await;

    window.element("check-question").await;
    let fault = "[data-testid='check-row'][data-level='fault']";
    assert!(window.text(fault).await.contains("500"), "what was refused with a 500 is a fault before anything works");
    let state = body_of(&endpoint.state_url());
    assert_eq!(state, "{}", "nothing was done so far");
    window.click("[data-testid='check-go-on']").await;
    window.text("[data-testid='check-report'][data-phase='finished']").await;
    assert!(window.text("[data-testid='check-headline']").await.contains("fault"));
    assert_ne!(body_of(&endpoint.state_url()), "{}", "valid deliveries made it work");

    // The first fault is looked at, and what to do about it is marked in the handler.
    let selected = "[data-testid='check-row'][aria-selected='true']";
    assert!(window.text(selected).await.contains("fault"));
    assert!(window.text("[data-testid='check-mend'] mark").await.contains("isEqual"));
    let handler = window.text("[data-testid='check-mend']").await;
    assert!(handler.contains("a.length === b.length"), "the handler compares lengths first: {handler}");
    window.click("[data-testid='tab-go']").await;
    window.text("[data-testid='check-mend'][data-language='go'] mark").await;
    window.click("[data-testid='check-attempt']").await;
    until_async("the bytes that left are shown", || async {
        window.text("[data-testid='check-attempt-detail']").await.contains("X-Webhook-Timestamp").then_some(())
    })
    .await;
    window.press("\u{e00c}").await;

    let before = window.text(selected).await;
    window.click("[data-testid='check-rows']").await;
    window.press("j").await;
    until_async("the next probe is looked at", || async { (window.text(selected).await != before).then_some(()) })
        .await;

    // Into a file that is chosen in the system's dialog.
    let file = folder.path().join("report.xml");
    let focus = "document.querySelector(\"[data-testid='check-export']\").focus()";
    window.client.execute(focus, Vec::new()).await.expect("the page runs a script");
    window.press("\u{e007}").await;
    window.text("[role='menuitem'][data-highlighted]").await;
    window.press("\u{e015}").await;
    window.press("\u{e015}").await;
    until_async("JUnit is chosen", || async {
        window.text("[role='menuitem'][data-highlighted]").await.contains("JUnit").then_some(())
    })
    .await;
    window.press("\u{e007}").await;
    let dialog = until("the dialog is open", || xdotool(&["search", "--onlyvisible", "--name", "Save as"]));
    xdotool(&["windowactivate", "--sync", &dialog]);
    xdotool(&["key", "--clearmodifiers", "ctrl+a"]);
    xdotool(&["type", "--clearmodifiers", &file.display().to_string()]);
    xdotool(&["key", "--clearmodifiers", "Return"]);
    let report = until("the report is written", || std::fs::read_to_string(&file).ok().filter(|text| !text.is_empty()));
    assert!(report.contains("<testsuite") && report.contains("<failure"), "{report}");

    // A right endpoint in its place: compared with the first check, what was at fault is mended.
    let right = Endpoint::start("ihateppt", "none", SECRET);
    window.click("[data-testid='check-change-form']").await;
    window.clear("check-endpoint").await;
    window.type_into("check-endpoint", &right.url()).await;
    window.click("[data-testid='check-start']").await;
    window.click("[data-testid='check-go-on']").await;
    window.text("[data-testid='check-report'][data-phase='finished']").await;
    let headline = window.text("[data-testid='check-headline']").await;
    assert!(headline.starts_with("No fault"), "{headline}");

    // Nothing listens any more: that is one sentence.
    drop(right);
    window.click("[data-testid='check-again']").await;
    window.element("check-trouble").await;
    assert_eq!(
        window.command("runs_page", json!({ "kind": "check", "before": null, "limit": 10 })).await["runs"][0]["state"],
        "failed"
    );
}

/// The body of what a GET answers.
fn body_of(url: &str) -> String {
    use std::io::{Read as _, Write as _};
    let (host, path) = url.trim_start_matches("http://").split_once('/').expect("a path");
    let mut stream = std::net::TcpStream::connect(host).expect("it listens");
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").expect("it takes a request");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it answers");
    text.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())
}
