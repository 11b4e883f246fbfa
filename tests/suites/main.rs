//! The tests that Countersign writes for the user's runner run as written: against a right handler they pass, against one
//! that takes everything they fail. The handler is the Node snippet of the same provider, as a real server process.
//!
//! A runner that is not on this machine is passed over with a printed sentence.

#![allow(clippy::print_stdout, reason = "a runner that is not here is told of")]

mod apps;
mod form;

use countersign_core::catalogue::{Catalogue, Provider};
use countersign_core::snippets::suite::{Against, Runner, Suite, suite};
use countersign_core::snippets::{Language, snippet};
use countersign_tests::{Ended, kept, node_packages, python_packages, root, there, until};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use tempfile::TempDir;

/// A byte order mark before JSON: Node's reader refuses it, which a right handler may.
const LEFT_OUT: [&str; 1] = ["pass-body-bom"];

/// A handler that takes everything.
const CARELESS: &str = r#"
import http from "node:http";
const server = http.createServer((req, res) => req.resume().on("end", () => res.writeHead(200).end()));
server.listen(0, () => console.log("listening on port", server.address().port));
"#;

struct Handler {
    _child: Ended,
    _folder: TempDir,
    url: String,
}

/// A file's name and its bytes.
type File = (String, Vec<u8>);

/// The fixtures of a provider that one secret verifies, with that secret.
struct Fixtures {
    files: Vec<File>,
    environment: Vec<(String, String)>,
}

impl Fixtures {
    fn of(provider: &Provider) -> Fixtures {
        let id = provider.id().as_str();
        let mut files = Vec::new();
        let mut tasks = BTreeSet::new();
        for entry in fs::read_dir(root().join("fixtures").join(id)).expect("the fixtures") {
            let path = entry.expect("a fixture").path();
            let text = fs::read(&path).expect("a fixture");
            let fixture: Value = serde_json::from_slice(&text).expect("JSON");
            let name = path.file_stem().expect("a name").display().to_string();
            let body = fixture["request"]["body"].as_str().and_then(|body| serde_json::from_str::<Value>(body).ok());
            tasks.extend(body.and_then(|body| body["taskId"].as_str().map(str::to_owned)));
            let stored = fixture["secret"] == "test" || !provider.signs();
            if stored && !LEFT_OUT.contains(&name.as_str()) {
                // The fixtures of all providers stand in one folder.
                files.push((format!("{id}-{name}.json"), text));
            }
        }
        assert!(files.len() >= 10, "{id} has fixtures");
        let secrets = fs::read(root().join("fixtures/secrets.json")).expect("the secrets");
        let secrets: Value = serde_json::from_slice(&secrets).expect("JSON");
        let environment = match secrets["secrets"][id]["test"].as_str() {
            Some(secret) => (format!("{}_WEBHOOK_SECRET", id.to_uppercase()), secret.to_owned()),
            None => (format!("{}_EXPECTED_IDS", id.to_uppercase()), tasks.into_iter().collect::<Vec<_>>().join(",")),
        };
        Fixtures { files, environment: vec![environment] }
    }

    /// Those alone that are expected to be so.
    fn only(&self, wanted: impl Fn(&Value) -> bool) -> Vec<File> {
        let read = |text: &[u8]| serde_json::from_slice::<Value>(text).expect("JSON");
        let files: Vec<_> = self.files.iter().filter(|(_, text)| wanted(&read(text)["expect"])).cloned().collect();
        assert!(!files.is_empty(), "there is such a fixture");
        files
    }

    /// Those whose signature held, as if they were captured a day later.
    fn late(&self, id: &str) -> Vec<File> {
        let late = |(name, text): File| {
            let mut one = serde_json::from_slice::<Value>(&text).expect("JSON");
            one["captured_at"] = "2026-11-21T12:00:00Z".into();
            (name, one.to_string().into_bytes())
        };
        self.only(|expect| expect["verdicts"][id] == "pass").into_iter().map(late).collect()
    }

    /// One whose signature held before its body was changed. `signed_with`: with what it says that it was signed anew.
    fn masked(&self, id: &str, signed_with: Option<&str>) -> Vec<File> {
        let event = |expect: &Value| expect["verdicts"][id] == "pass" && expect["event_id"].is_string();
        let mut all =
            self.only(event).into_iter().map(|(_, text)| serde_json::from_slice::<Value>(&text).expect("JSON"));
        let mut one = all.find(|one| one["request"]["body"].is_string()).expect("an event");
        one["name"] = "masked".into();
        one["request"]["body"] = format!("{} ", one["request"]["body"].as_str().expect("a text")).into();
        one["redacted"] = json!({"masked": ["header X-Forwarded-For"]});
        if let Some(name) = signed_with {
            one["redacted"]["signed_with"] = name.into();
        }
        vec![(format!("{id}-masked.json"), one.to_string().into_bytes())]
    }
}

/// A folder with suites, and their fixtures in one folder of it.
fn folder(suites: &[(&Suite, &[File])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (made, fixtures) in suites {
        write(&folder.path().join(&made.file_name), made.code.as_bytes());
        for (name, text) in *fixtures {
            write(&folder.path().join(made.fixtures).join(name), text);
        }
    }
    folder
}

fn of<'a>(catalogue: &'a Catalogue, id: &str) -> &'a Provider {
    catalogue.iter().find(|provider| provider.id().as_str() == id).expect("a provider")
}

fn write(path: &Path, text: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn start(code: &str, environment: &[(String, String)]) -> Handler {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("webhook.mjs"), code.as_bytes());
    let mut command = Command::new("node");
    command.arg("webhook.mjs").current_dir(folder.path()).env("PORT", "0").stdout(Stdio::piped());
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut child = Ended(command.spawn().expect("node"));
    let out = BufReader::new(child.0.stdout.take().expect("its output"));
    let (said, heard) = mpsc::channel();
    // The handler goes on to print: somebody reads that until it ends.
    std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| drop(said.send(line))));
    let port = until("the handler says its port", || {
        heard.try_iter().find_map(|line| line.strip_prefix("listening on port ")?.parse::<u16>().ok())
    });
    Handler { _child: child, _folder: folder, url: format!("http://127.0.0.1:{port}/webhook") }
}

/// The arguments of the command that is printed for a suite: what stands behind the environment and the runner's name.
fn printed(made: &Suite) -> Vec<&str> {
    let mut words = made.command.split(' ').skip_while(|word| word.contains('=')).peekable();
    words.next_if(|word| *word == "npx");
    words.skip(1).collect()
}

/// The arguments that run all that is in a folder.
fn whole(which: Runner) -> Vec<&'static str> {
    match which {
        Runner::Pytest | Runner::Jest => Vec::new(),
        Runner::Vitest => vec!["run"],
        Runner::Go => vec!["test", "./..."],
        Runner::Cargo => vec!["test"],
        Runner::PhpUnit | Runner::Rspec => vec!["."],
    }
}

/// The command that runs suites in their folder; `Err` is a clause that says what is missing.
fn command(which: Runner, arguments: &[&str]) -> Result<Command, String> {
    let mut command = match which {
        Runner::Pytest => {
            let mut command = Command::new(python_packages()?);
            command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
            command
        }
        Runner::Vitest => {
            let program = root().join("ui/node_modules/.bin/vitest");
            if cfg!(windows) || !program.is_file() {
                return Err("vitest cannot be linked to from ui/node_modules".to_owned());
            }
            Command::new(program)
        }
        Runner::Jest => Command::new(node_packages()?.join("node_modules/.bin/jest")),
        Runner::Go => {
            let mut command = Command::new(there("go", "version")?);
            command.env("GOCACHE", kept("go")).env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod");
            command
        }
        Runner::Cargo => {
            let mut command = Command::new(env!("CARGO"));
            command.env("CARGO_TARGET_DIR", kept("cargo"));
            command
        }
        Runner::PhpUnit => Command::new(there("phpunit", "--version")?),
        Runner::Rspec => Command::new(there("rspec", "--version")?),
    };
    command.args(arguments);
    match which {
        Runner::Vitest => command.args(["--root", "."]),
        Runner::Jest => command.args(["--rootDir", "."]),
        Runner::Cargo => command.args(["-q", "--offline", "--no-fail-fast"]),
        _ => &mut command,
    };
    Ok(command)
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Makes a folder of suites and fixtures what a project of the runner's is.
fn project(which: Runner, folder: &Path) {
    match which {
        Runner::Go => write(&folder.join("go.mod"), b"module webhooks\n\ngo 1.19\n"),
        Runner::Cargo => package(folder),
        // What a project has that uses it.
        Runner::Jest => write(&folder.join("package.json"), b"{}"),
        // Its packages are looked for from the folder of the test upwards.
        #[cfg(unix)]
        Runner::Vitest => {
            let packages = root().join("ui/node_modules");
            std::os::unix::fs::symlink(packages, folder.join("node_modules")).expect("a link");
        }
        _ => {}
    }
}

/// A package around the suite, with the versions that this workspace has: nothing is fetched.
fn package(folder: &Path) {
    let own = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace");
    let known = ["base64 =", "hmac =", "serde_json =", "sha2 ="];
    let versions: Vec<&str> = own
        .lines()
        .filter(|line| known.iter().any(|name| line.starts_with(name)) && !line.contains("opt-level"))
        .collect();
    let manifest = format!(
        "[package]\nname = \"webhooks\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dev-dependencies]\n{}\n\
         ureq = {{ version = \"3\", default-features = false }}\n",
        versions.join("\n")
    );
    write(&folder.join("Cargo.toml"), manifest.as_bytes());
    write(&folder.join("src/lib.rs"), b"");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file");
}

/// A provider, its fixtures, its secret, and a right handler of it.
struct One<'a> {
    provider: &'a Provider,
    fixtures: Fixtures,
    handler: Handler,
}

/// The suites of all providers in one folder, as several exports leave them.
struct All<'a> {
    which: Runner,
    ones: Vec<One<'a>>,
}

impl<'a> All<'a> {
    fn new(which: Runner, catalogue: &'a Catalogue) -> Self {
        let one = |provider: &'a Provider| {
            let fixtures = Fixtures::of(provider);
            let handler = start(&snippet(&provider.rule, Language::NodeHttp).code, &fixtures.environment);
            One { provider, fixtures, handler }
        };
        All { which, ones: catalogue.iter().map(one).collect() }
    }

    fn one(&self, id: &str) -> &One<'a> {
        self.ones.iter().find(|one| one.provider.id().as_str() == id).expect("a provider")
    }

    fn output(&self, folder: &TempDir, mut command: Command) -> Output {
        project(self.which, folder.path());
        command.current_dir(folder.path()).env("CI", "true");
        let environment = self.ones.iter().flat_map(|one| &one.fixtures.environment);
        command.envs(environment.map(|(name, value)| (name, value))).output().expect("the runner")
    }

    /// Runs all of a folder. Each provider has a handler of its own, and `WEBHOOK_URL` is one for all: the address that
    /// counts without it is the provider's.
    fn together(&self, fixtures: impl Fn(&One<'a>) -> Vec<File>) -> Result<Output, String> {
        let mut command = command(self.which, &whole(self.which))?;
        command.env_remove("WEBHOOK_URL");
        let mut parts = Vec::new();
        for one in &self.ones {
            let mut made = suite(&one.provider.rule, self.which, &Against::Url).expect("a suite");
            made.code = made.code.replace("http://localhost:3000/webhook", &one.handler.url);
            parts.push((made, fixtures(one)));
        }
        let parts: Vec<_> = parts.iter().filter(|(_, files)| !files.is_empty()).collect();
        let parts: Vec<_> = parts.iter().map(|(made, files)| (made, files.as_slice())).collect();
        Ok(self.output(&folder(&parts), command))
    }

    /// Runs one provider's as the export says it.
    fn alone(&self, id: &str, fixtures: &[File], url: &str) -> Output {
        let made = suite(&self.one(id).provider.rule, self.which, &Against::Url).expect("a suite");
        let mut command = command(self.which, &printed(&made)).expect("it was run before");
        command.env("WEBHOOK_URL", url);
        self.output(&folder(&[(&made, fixtures)]), command)
    }
}

fn runs(which: Runner) {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    let all = All::new(which, &catalogue);
    let every = |one: &One<'_>| {
        let (id, mut files) = (one.provider.id().as_str(), one.fixtures.files.clone());
        // What was signed anew is accepted; its signature is another secret's.
        if one.provider.signs() {
            files.extend(one.fixtures.masked(id, Some("another")));
        }
        files
    };
    let output = match all.together(every) {
        Ok(output) => output,
        Err(missing) => return println!("passed over: {} was not run: {missing}.", which.name()),
    };
    assert!(output.status.success(), "{}:\n{}", which.name(), told(&output));

    // Few deliveries were exported: some tables are empty.
    let few = |one: &One<'_>| match one.provider.id().as_str() {
        "videopilot" => one.fixtures.only(|expect| expect["verdicts"]["videopilot"] == "fail"),
        "ihateppt" => one.fixtures.masked("ihateppt", Some("another")),
        "pollo" => one.fixtures.only(|expect| expect["verdicts"]["pollo"] == "stale"),
        "firebirdgen" => one.fixtures.only(|expect| expect["checks"]["shape"] == false),
        _ => Vec::new(),
    };
    let output = all.together(few).expect("it was run before");
    assert!(output.status.success(), "{}, few fixtures:\n{}", which.name(), told(&output));

    let own = all.one("videopilot");
    let output = all.alone("videopilot", &own.fixtures.files, &own.handler.url);
    assert!(output.status.success(), "{}:\n{}", which.name(), told(&output));
    let output = all.alone("videopilot", &own.fixtures.files, &start(CARELESS, &[]).url);
    assert!(!output.status.success(), "{} finds nothing wrong with a handler that takes everything", which.name());
    let output = all.alone("videopilot", &own.fixtures.masked("videopilot", None), &own.handler.url);
    assert!(!output.status.success(), "{} looks at no signature where a header was masked", which.name());
    let own = all.one("ihateppt");
    let output = all.alone("ihateppt", &own.fixtures.late("ihateppt"), &own.handler.url);
    assert!(!output.status.success(), "{} does not look at the time of the capture", which.name());
}

#[test]
fn pytest() {
    runs(Runner::Pytest);
}

#[test]
fn vitest() {
    runs(Runner::Vitest);
}

#[test]
fn jest() {
    runs(Runner::Jest);
}

#[test]
fn go_test() {
    runs(Runner::Go);
}

#[test]
fn cargo_test() {
    runs(Runner::Cargo);
}

#[test]
fn phpunit() {
    runs(Runner::PhpUnit);
}

#[test]
fn rspec() {
    runs(Runner::Rspec);
}
