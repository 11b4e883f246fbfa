//! Building and starting.

use crate::display::Display;
use crate::process::{Outcome, cargo, check, npm, program, root, target_debug};
use crate::setup;
use std::path::Path;
use std::time::SystemTime;

/// Sets up what is missing, builds what changed, opens the window.
pub(crate) fn run(args: &[String]) -> Outcome {
    setup::system(setup::For::Running)?;
    build_page()?;
    check(cargo(&["build", "-p", "countersign-desktop"]))?;
    let mut app = program(target_debug().join("countersign-desktop"), &[]);
    app.args(args);
    check(app)
}

/// Writes the page's types from the engine's.
pub(crate) fn bindings() -> Outcome {
    let mut command = cargo(&["test", "--quiet", "-p", "countersign-engine", "--lib", "committed_bindings_are_fresh"]);
    command.env("UPDATE_BINDINGS", "1");
    check(command)
}

/// Takes pictures of the real window into `ui/screenshots`.
pub(crate) fn screenshots(args: &[String]) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Err("Pictures are taken under Xvfb, which is there on Linux alone.".to_owned());
    }
    setup::system(setup::For::Tests)?;
    build_page()?;
    check(cargo(&["build", "-p", "countersign-desktop", "-p", "countersign-tests", "--bins"]))?;
    let display = Display::start("2400x1400")?;
    let mut inner = program(target_debug().join("screenshots"), &[]);
    inner.args(args);
    check(display.session(&inner))
}

/// Builds the page into `ui/dist` where its sources are newer.
pub(crate) fn build_page() -> Outcome {
    setup::npm()?;
    let ui = root().join("ui");
    let built = modified(&ui.join("dist/index.html"));
    let sources =
        ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "svelte.config.js"];
    if built.is_some() && sources.iter().all(|source| newest(&ui.join(source)) <= built) {
        return Ok(());
    }
    check(npm(&["run", "--silent", "build"]))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|meta| meta.modified()).ok()
}

/// When a file, or anything in a folder, was changed last. Folders count: something may have been removed.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside =
        std::fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest(&entry.path())).max();
    modified(path).max(inside)
}
