//! Every check of the tree, in the order in which a failure is cheapest to find.

use crate::display::Display;
use crate::process::{Outcome, cargo, check, check_runner, npm, on_path};
use crate::{layering, setup};
use std::time::{Duration, Instant};

type Step = (&'static str, fn(&mut Vec<String>) -> Outcome);

const STEPS: &[Step] = &[
    ("system packages", |_| setup::system(setup::For::Tests)),
    ("formatting", |_| check(cargo(&["fmt", "--all", "--check"]))),
    ("clippy", |_| check(cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
    ("layering", |_| layering::check()),
    ("page: packages", |_| setup::npm()),
    ("page: types and lint", |_| check(npm(&["run", "--silent", "check"]))),
    ("page: tests", |summaries| check_runner(npm(&["test", "--silent"]), summaries)),
    ("page: build", |_| check(npm(&["run", "--silent", "build"]))),
    // Everything at once, binaries included, which the black-box tests start as processes: built one by one, packages
    // ask for other features of what they share, and all of that is built again.
    ("build", |_| check(cargo(&["build", "--workspace", "--all-targets"]))),
    ("bindings are fresh", |_| {
        check(cargo(&["test", "--quiet", "--workspace", "--lib", "committed_bindings_are_fresh"]))
    }),
    ("tests", tests),
    ("the real window", window),
];

/// Runs all steps, or those whose name has one of these words in it, up to the first that fails, and always ends with what was
/// run and the runners' own summaries.
pub(crate) fn test(words: &[String]) -> Outcome {
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let mut summaries = Vec::new();
    let mut report: Vec<(&str, &str, Duration)> = Vec::new();
    let mut failure = None;
    for (name, step) in STEPS.iter().filter(|(name, _)| wanted(name)) {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = step(&mut summaries);
        let took = start.elapsed();
        report.push((name, if outcome.is_ok() { "ok" } else { "FAILED" }, took));
        if let Err(error) = outcome {
            println!("== {name} failed: {error}");
            failure = Some(format!("{name}: {error}"));
            break;
        }
        println!("== {name}: {:.1} s", took.as_secs_f64());
    }
    println!("\n== summary");
    for (name, outcome, took) in &report {
        println!("{outcome:>7}  {name} ({:.1} s)", took.as_secs_f64());
    }
    for (name, _) in STEPS.iter().filter(|(name, _)| !report.iter().any(|(done, ..)| done == name)) {
        println!("not run  {name}");
    }
    for line in &summaries {
        println!("{line}");
    }
    failure.map_or(Ok(()), Err)
}

fn nextest() -> bool {
    on_path(if cfg!(windows) { "cargo-nextest.exe" } else { "cargo-nextest" })
}

fn tests(summaries: &mut Vec<String>) -> Outcome {
    if nextest() {
        // nextest does not run the examples in the documentation.
        check(cargo(&["test", "--quiet", "--workspace", "--doc"]))?;
        check_runner(cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]), summaries)
    } else {
        check_runner(cargo(&["test", "--workspace", "--no-fail-fast"]), summaries)
    }
}

/// The tests that are marked as ignored everywhere else, because they need a screen.
fn window(summaries: &mut Vec<String>) -> Outcome {
    if !cfg!(target_os = "linux") {
        println!("Skipped: the window is driven through WebKitWebDriver under Xvfb, which are there on Linux alone.");
        return Ok(());
    }
    let display = Display::start("1920x1200")?;
    let package = ["-p", "countersign-tests", "--test", "window*"];
    // One window at a time: they take the focus from one another.
    let inner = if nextest() {
        let mut inner = cargo(&["nextest", "run"]);
        inner.args(package).args(["--run-ignored", "all", "--test-threads", "1", "--no-fail-fast"]);
        inner
    } else {
        let mut inner = cargo(&["test"]);
        inner.args(package).args(["--", "--include-ignored", "--test-threads", "1"]);
        inner
    };
    check_runner(display.session(&inner), summaries)
}
