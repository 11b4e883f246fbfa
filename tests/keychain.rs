//! Secrets in the real Secret Service, and in the file where there is none. Linux alone.
#![cfg(target_os = "linux")]

use countersign_tests::{Connection, Ended, Ran, Session, binary, countersign, run, until};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const VALUE: &str = "whsec-only-in-the-keychain-4711";
const BODY: &str = r#"{"event":"render.started","data":{"render_job_id":"job_1"},"timestamp":"2026-11-20T10:00:00Z"}"#;

/// A session bus with an unlocked keyring in a home of its own; both end with it.
struct Keyring {
    bus: String,
    home: PathBuf,
    // The daemon ends before its bus.
    _daemon: Ended,
    _bus: Ended,
}

impl Keyring {
    /// None, and why, where the tools are not there.
    fn start(home: &Path) -> Result<Keyring, String> {
        for tool in ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"] {
            let found = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            if let Err(error) = found {
                return Err(format!("{tool} cannot be started: {error}"));
            }
        }
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address"]).stdin(Stdio::null()).stdout(Stdio::piped());
        at_home(&mut command, home);
        let mut child = command.spawn().expect("dbus-daemon starts");
        let pipe = child.stdout.take().expect("its output is piped");
        let bus_process = Ended(child);
        let mut bus = String::new();
        BufReader::new(pipe).read_line(&mut bus).expect("the address of the bus");
        let bus = bus.trim().to_owned();
        assert!(bus.starts_with("unix:"), "the bus says where it is: {bus:?}");

        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).env("DBUS_SESSION_BUS_ADDRESS", &bus);
        at_home(&mut command, home);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().expect("gnome-keyring-daemon starts");
        let mut password = child.stdin.take().expect("its input is piped");
        let daemon = Ended(child);
        password.write_all(b"pw").expect("it takes the password");
        drop(password);
        until("the keyring is on the bus", || {
            let mut ask = Command::new("dbus-send");
            ask.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
            ]);
            ask.arg("string:org.freedesktop.secrets").env("DBUS_SESSION_BUS_ADDRESS", &bus);
            let answer = ask.output().ok()?;
            String::from_utf8_lossy(&answer.stdout).contains("boolean true").then_some(())
        });
        Ok(Keyring { bus, home: home.to_owned(), _daemon: daemon, _bus: bus_process })
    }

    fn command(&self, db: &Path, args: &[&str]) -> Command {
        let mut command = countersign(db, args);
        at_home(&mut command, &self.home);
        command.env_remove("COUNTERSIGN_KEYCHAIN").env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command
    }

    fn run(&self, db: &Path, args: &[&str], input: &str) -> Ran {
        let ran = run(&mut self.command(db, args), input.as_bytes());
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
        ran
    }
}

fn at_home(command: &mut Command, home: &Path) {
    let folder = |name: &str| {
        let path = home.join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).expect("its mode");
        path
    };
    command.env("HOME", home).env("XDG_RUNTIME_DIR", folder("run")).env("XDG_DATA_HOME", folder("data"));
}

/// The file of names, and whether it is only its owner's.
fn names(db: &Path) -> String {
    let path = db.with_file_name("log.db.secrets.json");
    let mode = std::fs::metadata(&path).expect("the file of names").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::read_to_string(path).expect("text")
}

/// The signature header as the command line writes it for the value.
fn signature(db: &Path) -> (String, String) {
    let mut sign =
        countersign(db, &["sign", "--json", "--provider", "videopilot", "--body", "-", "--secret", "videopilot=env:V"]);
    let ran = run(sign.env("V", VALUE), BODY.as_bytes());
    let line = ran.lines().first().cloned().unwrap_or_else(|| panic!("{}", ran.err));
    (line["name"].as_str().expect("a name").to_owned(), line["value"].as_str().expect("a value").to_owned())
}

#[test]
fn secrets_live_in_the_secret_service() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = match Keyring::start(folder.path()) {
        Ok(keyring) => keyring,
        Err(why) => {
            eprintln!("SKIPPED: secrets in the Secret Service were not tested: {why}");
            return;
        }
    };
    let db = folder.path().join("log.db");
    let stored = keyring.run(&db, &["secrets", "set", "videopilot", "production"], &format!("{VALUE}\n"));
    assert!(stored.err.contains("Secrets are kept in the system keychain (Secret Service)"), "{}", stored.err);
    assert!(names(&db).contains("\"kept\": \"keychain\""), "{}", names(&db));
    assert!(!names(&db).contains(VALUE));
    let listed = keyring.run(&db, &["secrets", "list", "--json"], "").lines();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["name"], &listed[0]["decodes_to"]), (&"production".into(), &"31 bytes".into()));

    // Another process reads it from there, and it verifies.
    let mut command = keyring.command(&db, &["listen", "--json", "--listen", "127.0.0.1:0"]);
    let session = Session::start(&mut command, folder.path());
    let (name, value) = signature(&db);
    let head = format!("/videopilot HTTP/1.1\r\n{name}: {value}\r\nX-Rest:");
    let answered = Connection::open(&session.addr).and_then(|mut c| c.post(&head, BODY.as_bytes()));
    assert_eq!(answered.expect("an answer").0, 200);
    let line = until("the delivery is printed", || session.lines().get(1).cloned());
    let own = line["verdicts"].as_array().and_then(|all| all.iter().find(|v| v["scheme"] == "videopilot"));
    let own = own.unwrap_or_else(|| panic!("a verdict: {line}"));
    assert_eq!((&own["outcome"], &own["secret"]), (&"pass".into(), &"production".into()), "{line}");
    assert_eq!(session.err(), "");
    drop(session);

    let values = |folder: &Path| {
        let tree = std::fs::read_dir(folder).expect("the folder");
        tree.filter_map(|entry| std::fs::read(entry.ok()?.path()).ok()).filter(|b| holds(b, VALUE)).count()
    };
    assert_eq!(values(folder.path()), 0, "no file beside the log holds the value");
    keyring.run(&db, &["secrets", "remove", "videopilot", "production"], "");
    assert_eq!(keyring.run(&db, &["secrets", "list", "--json"], "").out, b"");
    // The keyring itself has forgotten it: its name is all that a search could find it by.
    assert!(!names(&db).contains("production"));
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn without_a_session_bus_secrets_live_in_the_file_and_it_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("log.db");
    let mut set = Command::new(binary("countersign"));
    set.args(["secrets", "set", "videopilot", "production"]).env("COUNTERSIGN_DB", &db).env("HOME", folder.path());
    for variable in ["COUNTERSIGN_KEYCHAIN", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"] {
        set.env_remove(variable);
    }
    let ran = run(&mut set, VALUE.as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = format!(
        "Secrets are kept in {}.secrets.json, which only you can read (mode 0600), because no system keychain is used: \
         there is no session bus.",
        db.display()
    );
    assert!(ran.err.contains(&said), "{}", ran.err);
    assert!(names(&db).contains(VALUE));
}
