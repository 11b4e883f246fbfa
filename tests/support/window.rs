//! The real window, driven through WebKitWebDriver. Linux alone; needs a display, a window manager and a session bus,
//! which `cargo xtask test` and `cargo xtask screenshots` provide.

use crate::{Ended, binary, kill, until, until_async};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running app with its window.
#[derive(Debug)]
pub struct Window {
    /// For whatever is not below.
    pub client: Client,
    /// The app's process id.
    pub pid: u32,
    db: PathBuf,
    _driver: Ended,
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let picture = std::env::temp_dir().join(format!("countersign-window-{}.png", self.pid));
            let taken = Command::new("import").args(["-window", "root"]).arg(&picture).status();
            if taken.is_ok_and(|status| status.success()) {
                eprintln!("the screen at that moment: {}", picture.display());
            }
        }
        // The app is the driver's child and would outlive it.
        kill("-KILL", self.pid);
    }
}

impl Window {
    /// Starts the app on the log `db` with a listener on a free port, and waits for its page.
    ///
    /// # Panics
    /// Where the driver or the app does not start.
    pub async fn start(db: &Path) -> Window {
        Window::start_with(db, &[]).await
    }

    /// The same, with these variables in its environment.
    ///
    /// # Panics
    /// Where the driver or the app does not start.
    pub async fn start_with(db: &Path, variables: &[(&str, std::ffi::OsString)]) -> Window {
        let port = free_port();
        let mut driver = Command::new("WebKitWebDriver");
        driver.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        driver.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        driver.envs(variables.iter().map(|(name, value)| (name, value)));
        let driver = driver.stdin(Stdio::null()).spawn().map(Ended).expect("WebKitWebDriver starts");
        let mut capabilities = Capabilities::new();
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({
                "binary": binary("countersign-desktop"),
                "args": ["--listen", "127.0.0.1:0", "--db", db],
            }),
        );
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let driver_url = format!("http://127.0.0.1:{port}");
        until("WebKitWebDriver listens", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        let client = builder.connect(&driver_url).await.expect("the app starts and its window can be driven");
        let pid = until("the app runs", || children(driver.0.id()).into_iter().find(|pid| runs(*pid, "countersign")));
        Window { client, pid, db: db.to_owned(), _driver: driver }
    }

    /// Waits until something with this `data-testid` is shown.
    ///
    /// # Panics
    /// Where it does not appear.
    pub async fn element(&self, test_id: &str) {
        self.text(&format!("[data-testid='{test_id}']")).await;
    }

    /// The text of the first element that this CSS selector finds, once it is shown.
    ///
    /// # Panics
    /// Where it does not appear.
    pub async fn text(&self, selector: &str) -> String {
        until_async(&format!("{selector} is shown"), || async {
            let script = "const found = document.querySelector(arguments[0]);
                          return found?.checkVisibility() ? found.innerText : null";
            self.script(script, selector, "").await?.as_str().map(str::to_owned)
        })
        .await
    }

    /// Clicks what this CSS selector finds, once it is shown and nothing lies over its middle: WebKitWebDriver's own notion
    /// of what is displayed takes all of this page for hidden.
    ///
    /// # Panics
    /// Where it cannot be clicked.
    pub async fn click(&self, selector: &str) {
        until_async(&format!("{selector} can be clicked"), || async {
            let script = "const found = document.querySelector(arguments[0]);
                          if (!found) return null;
                          found.scrollIntoView({ block: 'nearest' });
                          const box = found.getBoundingClientRect();
                          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                          if (found.disabled || !found.contains(top)) return null;
                          // A drawing (SVG) has no click of its own.
                          const hit = top.click ? top : found;
                          hit.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
                          hit.click();
                          return true";
            self.script(script, selector, "").await?.as_bool()
        })
        .await;
    }

    /// Presses a key where the focus is.
    ///
    /// # Panics
    /// Where nothing takes it.
    pub async fn press(&self, key: &str) {
        let element = self.client.active_element().await.expect("something has the focus");
        element.send_keys(key).await.expect("it takes the key");
    }

    /// Types into the field with this `data-testid`.
    ///
    /// # Panics
    /// Where it does not appear or takes no text.
    pub async fn type_into(&self, test_id: &str, text: &str) {
        let selector = format!("[data-testid='{test_id}']");
        self.element(test_id).await;
        until_async(&format!("{test_id} takes text"), || async {
            let script = "const field = document.querySelector(arguments[0]);
                          if (!field || field.disabled || field.readOnly) return null;
                          field.focus();
                          return document.execCommand('insertText', false, arguments[1]) || null";
            self.script(script, &selector, text).await?.as_bool()
        })
        .await;
    }

    /// Empties the field with this `data-testid`.
    ///
    /// # Panics
    /// Where it does not appear.
    pub async fn clear(&self, test_id: &str) {
        until_async(&format!("{test_id} is empty"), || async {
            let script = "const field = document.querySelector(arguments[0]);
                          if (!field) return null;
                          field.focus();
                          field.select();
                          document.execCommand('delete');
                          return field.value === '' || null";
            self.script(script, &format!("[data-testid='{test_id}']"), "").await?.as_bool()
        })
        .await;
    }

    /// Chooses in the selection with this `data-testid`.
    ///
    /// # Panics
    /// Where it does not appear or has no such choice.
    pub async fn choose(&self, test_id: &str, value: &str) {
        until_async(&format!("{test_id} can be {value}"), || async {
            let script = "const field = document.querySelector(arguments[0]);
                          if (!field || field.disabled) return null;
                          field.value = arguments[1];
                          if (field.value !== arguments[1]) return null;
                          field.dispatchEvent(new Event('change', { bubbles: true }));
                          return true";
            self.script(script, &format!("[data-testid='{test_id}']"), value).await?.as_bool()
        })
        .await;
    }

    /// Runs a script in the page with two texts as arguments; none where it gives nothing or cannot be run.
    async fn script(&self, script: &str, first: &str, second: &str) -> Option<Value> {
        let found = self.client.execute(script, vec![json!(first), json!(second)]).await.ok()?;
        (!found.is_null()).then_some(found)
    }

    /// The listener's base URL as the window shows it, `http://127.0.0.1:40123`.
    ///
    /// # Panics
    /// Where the window shows none.
    pub async fn listener_url(&self) -> String {
        until_async("the window shows the listener's address", || async {
            let shown = self.text("[data-testid='listener-address']").await;
            (shown.starts_with("http://127.0.0.1:") && !shown.ends_with(":0")).then_some(shown)
        })
        .await
    }

    /// The rows of the list, newest first: id and (scheme, outcome) of each badge.
    pub async fn rows(&self) -> Vec<Row> {
        let script = "return [...document.querySelectorAll('[data-testid=delivery-row]')].map((row) => [row.dataset.id, \
                      [...row.querySelectorAll('[data-testid=badge]')].map((b) => [b.dataset.scheme ?? '', b.dataset.outcome ?? ''])])";
        let found = self.client.execute(script, Vec::new()).await.unwrap_or(Value::Null);
        serde_json::from_value::<Vec<(String, Vec<(String, String)>)>>(found)
            .unwrap_or_default()
            .into_iter()
            .map(|(id, badges)| Row { id, badges })
            .collect()
    }

    /// Waits until the outcomes of the badges of `scheme` are these, newest row first.
    ///
    /// # Panics
    /// Where they do not become so; with what they are.
    pub async fn expect_outcomes(&self, scheme: &str, expected: &[&str]) {
        let deadline = std::time::Instant::now() + crate::PATIENCE;
        loop {
            let rows = self.rows().await;
            let outcomes: Vec<Vec<&str>> = rows
                .iter()
                .map(|row| row.badges.iter().filter(|(name, _)| name == scheme).map(|(_, o)| o.as_str()).collect())
                .collect();
            if outcomes == expected.iter().map(|outcome| vec![*outcome]).collect::<Vec<_>>() {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "expected {expected:?}, the window shows {rows:?}");
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
    }

    /// Asks the engine for one of its commands, as the page does.
    ///
    /// # Panics
    /// Where it cannot be done; with the error.
    pub async fn command(&self, name: &str, args: Value) -> Value {
        let script = "const [name, args, done] = arguments; window.__TAURI_INTERNALS__.invoke('call', { name, args })\
                      .then((out) => done([true, out]), (error) => done([false, error]))";
        let answer = self.client.execute_async(script, vec![json!(name), args]).await.expect("the page runs a script");
        assert_eq!(answer[0], true, "{name}: {}", answer[1]);
        answer[1].clone()
    }

    /// The id of the window as X11 knows it.
    ///
    /// # Panics
    /// Where it is not on the screen.
    #[must_use]
    pub fn x11(&self) -> String {
        let pid = self.pid.to_string();
        until("the window is on the screen", || {
            let found = xdotool(&["search", "--onlyvisible", "--all", "--pid", &pid, "--name", "Countersign"])?;
            found.lines().last().map(str::to_owned)
        })
    }

    /// Closes the window as a user does, with the window manager's key, and waits until the app has ended.
    ///
    /// # Panics
    /// Where the app goes on.
    pub fn close(self) {
        let window = self.x11();
        until("the window is the active one", || {
            xdotool(&["windowactivate", &window]);
            (xdotool(&["getactivewindow"])? == window).then_some(())
        });
        xdotool(&["key", "--clearmodifiers", "alt+F4"]);
        until("the app has ended", || (!runs(self.pid, "countersign")).then_some(()));
    }

    /// Starts the app a second time on the same log and answers whether that ended well.
    ///
    /// # Panics
    /// Where it cannot be started or goes on.
    #[must_use]
    pub fn start_again(&self) -> bool {
        let mut second = Command::new(binary("countersign-desktop"));
        second.args(["--listen", "127.0.0.1:0", "--db"]).arg(&self.db);
        let mut second = second.stdin(Stdio::null()).spawn().map(Ended).expect("the app starts a second time");
        until("the second start has ended", || second.0.try_wait().ok().flatten()).success()
    }
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The delivery's id.
    pub id: String,
    /// Scheme and outcome of each badge.
    pub badges: Vec<(String, String)>,
}

/// Runs xdotool and answers what it wrote, none where it failed.
pub fn xdotool(args: &[&str]) -> Option<String> {
    let output = Command::new("xdotool").args(args).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A port that was free a moment ago. The driver takes no port 0; a test that loses this race fails with its message.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn children(pid: u32) -> Vec<u32> {
    std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// Whether this process runs (a dead one that nobody asked about does not) and is called so.
fn runs(pid: u32, name: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.split_once('(')
        .and_then(|(_, rest)| rest.rsplit_once(") "))
        .is_some_and(|(called, rest)| called.starts_with(name) && !rest.starts_with('Z'))
}
