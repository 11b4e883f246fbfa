//! The tests that Countersign writes for the user's runner run as written: against a right handler they pass, against one
//! that takes everything they fail. The handler is the Node snippet of the same provider, as a real server process.
//!
//! A runner that is not on this machine is passed over with a printed sentence.

#![allow(clippy::print_stdout, reason = "a runner that is not here is told of")]

use countersign_core::catalogue::{Catalogue, Provider};
use countersign_core::snippets::suite::{Against, Framework, Runner, Suite, suite};
use countersign_core::snippets::{Language, snippet};
use countersign_tests::{Ended, kept, node_packages, python_packages, root, succeeds, until};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
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

/// The fixtures of a provider that one secret verifies, with that secret.
struct Fixtures {
    files: Vec<(String, Vec<u8>)>,
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
                files.push((format!("{name}.json"), text));
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

    /// A folder with a suite and its fixtures.
    fn beside(&self, made: &Suite, parent: &Path) -> TempDir {
        let folder = tempfile::tempdir_in(parent).expect("a folder");
        write(&folder.path().join(&made.file_name), made.code.as_bytes());
        for (name, text) in &self.files {
            write(&folder.path().join(made.fixtures).join(name), text);
        }
        folder
    }
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

/// The command that runs a suite in its folder; `Err` is a clause that says what is missing.
fn runner(runner: Runner, made: &Suite) -> Result<(PathBuf, Command), String> {
    let asked = |program: &str| {
        let there = succeeds(Command::new(program).arg(if program == "go" { "version" } else { "--version" }));
        if there { Ok(Command::new(program)) } else { Err(format!("{program} is not here")) }
    };
    let parent = std::env::temp_dir();
    let mut command = match runner {
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
            let mut command = Command::new(program);
            command.args(["run", "--root", "."]);
            command
        }
        Runner::Jest => {
            let mut command = Command::new(node_packages()?.join("node_modules/.bin/jest"));
            command.args(["--rootDir", "."]);
            command
        }
        Runner::Go => {
            let mut command = asked("go")?;
            command
                .args(["test", "./..."])
                .env("GOCACHE", kept("go"))
                .env("GOTOOLCHAIN", "local")
                .env("GOFLAGS", "-mod=mod");
            return Ok((parent, command));
        }
        Runner::Cargo => {
            let mut command = Command::new(env!("CARGO"));
            command.args(["test", "-q", "--offline"]).env("CARGO_TARGET_DIR", kept("cargo"));
            return Ok((parent, command));
        }
        Runner::PhpUnit => asked("phpunit")?,
        Runner::Rspec => asked("rspec")?,
    };
    command.arg(&made.file_name);
    Ok((parent, command))
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a provider's suite in a runner against a handler; the words are what to print where it cannot be run.
fn outcome(which: Runner, provider: &Provider, fixtures: &Fixtures, handler: &Handler) -> Result<Output, String> {
    let made = suite(&provider.rule, which, &Against::Url).expect("a suite");
    let (parent, mut command) = runner(which, &made)?;
    let folder = fixtures.beside(&made, &parent);
    match which {
        Runner::Go => write(&folder.path().join("go.mod"), b"module webhooks\n\ngo 1.19\n"),
        Runner::Cargo => package(folder.path()),
        // What a project has that uses it.
        Runner::Jest => write(&folder.path().join("package.json"), b"{}"),
        // Its packages are looked for from the folder of the test upwards.
        #[cfg(unix)]
        Runner::Vitest => {
            let packages = root().join("ui/node_modules");
            std::os::unix::fs::symlink(packages, folder.path().join("node_modules")).expect("a link");
        }
        _ => {}
    }
    command.current_dir(folder.path()).env("WEBHOOK_URL", &handler.url).env("CI", "true");
    command.envs(fixtures.environment.iter().map(|(name, value)| (name, value)));
    Ok(command.output().expect("the runner"))
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

fn runs(which: Runner) {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    for provider in catalogue.iter() {
        let fixtures = Fixtures::of(provider);
        let right = start(&snippet(&provider.rule, Language::NodeHttp).code, &fixtures.environment);
        let output = match outcome(which, provider, &fixtures, &right) {
            Ok(output) => output,
            Err(missing) => {
                println!("passed over: {} was not run: {missing}.", which.name());
                return;
            }
        };
        assert!(output.status.success(), "{} {}:\n{}", which.name(), provider.id(), told(&output));
    }
    let provider = catalogue.iter().find(|provider| provider.id().as_str() == "videopilot").expect("VideoPilot");
    let output = outcome(which, provider, &Fixtures::of(provider), &start(CARELESS, &[])).expect("it was run before");
    assert!(!output.status.success(), "{} finds nothing wrong with a handler that takes everything", which.name());
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

/// An app is called without a server: the snippets of the frameworks are such apps.
#[test]
fn apps_of_python() {
    let python = match python_packages() {
        Ok(python) => python,
        Err(missing) => return println!("passed over: no app was called: {missing}."),
    };
    let catalogue = Catalogue::builtin().expect("a catalogue");
    for provider in catalogue.iter() {
        let fixtures = Fixtures::of(provider);
        for (framework, language) in
            [(Framework::Flask, Language::PythonFlask), (Framework::FastApi, Language::PythonFastApi)]
        {
            let app = Against::App {
                framework,
                module: "webhook".to_owned(),
                name: "app".to_owned(),
                path: "/webhook".to_owned(),
            };
            let made = suite(&provider.rule, Runner::Pytest, &app).expect("a suite");
            let folder = fixtures.beside(&made, &std::env::temp_dir());
            write(&folder.path().join("webhook.py"), snippet(&provider.rule, language).code.as_bytes());
            let mut command = Command::new(&python);
            command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", &made.file_name]).current_dir(folder.path());
            command.envs(fixtures.environment.iter().map(|(name, value)| (name, value)));
            let output = command.output().expect("pytest");
            assert!(output.status.success(), "{framework:?} {}:\n{}", provider.id(), told(&output));
        }
    }
}

/// A Next.js route for VideoPilot, as a module that each runner can load.
const ROUTE: &str = r#"
const crypto = require("node:crypto");
exports.POST = async (request) => {
  const raw = Buffer.from(await request.arrayBuffer());
  const hmac = crypto.createHmac("sha256", process.env.VIDEOPILOT_WEBHOOK_SECRET);
  const due = "sha256=" + hmac.update(raw).digest("hex");
  const received = request.headers.get("x-videopilot-signature") ?? "";
  return new Response(null, { status: received === due ? 200 : 401 });
};
"#;

/// The same as an Express app.
const APP: &str = r#"
const crypto = require("node:crypto");
const express = require("express");
module.exports.app = express();
module.exports.app.post("/webhook", express.raw({ type: () => true, limit: "25mb" }), (req, res) => {
  const raw = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const hmac = crypto.createHmac("sha256", process.env.VIDEOPILOT_WEBHOOK_SECRET);
  const due = "sha256=" + hmac.update(raw).digest("hex");
  res.sendStatus(req.headers["x-videopilot-signature"] === due ? 200 : 401);
});
"#;

#[cfg(unix)]
#[test]
fn apps_of_node() {
    let packages = match node_packages() {
        Ok(packages) => packages.join("node_modules"),
        Err(missing) => return println!("passed over: no app was called: {missing}."),
    };
    let catalogue = Catalogue::builtin().expect("a catalogue");
    let provider = catalogue.iter().find(|provider| provider.id().as_str() == "videopilot").expect("VideoPilot");
    let fixtures = Fixtures::of(provider);
    for which in [Runner::Vitest, Runner::Jest] {
        for (framework, file, name) in [(Framework::Express, "app.cjs", "app"), (Framework::Next, "route.cjs", "POST")]
        {
            let (module, name, path) = (format!("./{file}"), name.to_owned(), "/webhook".to_owned());
            let made = suite(&provider.rule, which, &Against::App { framework, module, name, path }).expect("a suite");
            let (parent, mut command) = match runner(which, &made) {
                Ok(found) => found,
                Err(missing) => return println!("passed over: no app was called: {missing}."),
            };
            let folder = fixtures.beside(&made, &parent);
            let code = if framework == Framework::Express { APP } else { ROUTE };
            // The app's own packages and the runner's are of two places here.
            write(&folder.path().join("package.json"), b"{}");
            let links = folder.path().join("node_modules");
            fs::create_dir(&links).expect("a folder");
            let link = |from: PathBuf, name: &str| std::os::unix::fs::symlink(from, links.join(name)).expect("a link");
            link(packages.join("express"), "express");
            link(root().join("ui/node_modules/vitest"), "vitest");
            let run = |code: &str, command: &mut Command| {
                write(&folder.path().join(file), code.as_bytes());
                command.current_dir(folder.path()).env("CI", "true");
                command.envs(fixtures.environment.iter().map(|(name, value)| (name, value)));
                command.output().expect("the runner")
            };
            let output = run(code, &mut command);
            assert!(output.status.success(), "{} {framework:?}:\n{}", which.name(), told(&output));
            let output = run(&code.replace("=== due", "!== due"), &mut command);
            assert!(!output.status.success(), "{} {framework:?}: a careless app", which.name());
        }
    }
}
