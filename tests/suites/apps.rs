//! An app is called without a server: the snippets of the frameworks are such apps.

use crate::{Fixtures, command, of, printed, told, write};
use countersign_core::catalogue::Catalogue;
use countersign_core::snippets::suite::{Against, Framework, Runner, suite};
use countersign_core::snippets::{Language, snippet};
use countersign_tests::{node_packages, python_packages, root};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

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
            let folder = crate::folder(&[(&made, &fixtures.files)]);
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
    let provider = of(&catalogue, "videopilot");
    let fixtures = Fixtures::of(provider);
    for which in [Runner::Vitest, Runner::Jest] {
        for (framework, file, name) in [(Framework::Express, "app.cjs", "app"), (Framework::Next, "route.cjs", "POST")]
        {
            let (module, name, path) = (format!("./{file}"), name.to_owned(), "/webhook".to_owned());
            let made = suite(&provider.rule, which, &Against::App { framework, module, name, path }).expect("a suite");
            let mut command = match command(which, &printed(&made)) {
                Ok(found) => found,
                Err(missing) => return println!("passed over: no app was called: {missing}."),
            };
            let folder = crate::folder(&[(&made, &fixtures.files)]);
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
