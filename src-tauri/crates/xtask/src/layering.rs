//! Who may know whom. The compiler does not hold this; these checks do.

use crate::process::{Outcome, cargo, output, root};
use std::path::Path;

/// Crates that bring a window with them.
const DESKTOP: &[&str] = &["tauri", "wry", "tao", "webkit2gtk", "javascriptcore", "gtk", "webview2", "muda"];

/// All layering rules; the first that is broken is the answer.
pub(crate) fn check() -> Outcome {
    let window: Vec<String> = dependencies("countersign-cli")?
        .into_iter()
        .filter(|name| DESKTOP.iter().any(|start| name.starts_with(start)))
        .collect();
    if !window.is_empty() {
        return Err(format!("the command line must run without a desktop, and depends on {}", window.join(", ")));
    }
    let ours = |package: &str| -> Outcome<Vec<String>> {
        Ok(dependencies(package)?
            .into_iter()
            .filter(|name| name.starts_with("countersign-") && name != package)
            .collect())
    };
    for (package, allowed) in [
        ("countersign-core", &[][..]),
        ("countersign-store", &["countersign-core"]),
        ("countersign-net", &["countersign-core"]),
        ("countersign-engine", &["countersign-core", "countersign-store", "countersign-net"]),
    ] {
        if let Some(wrong) = ours(package)?.into_iter().find(|name| !allowed.contains(&name.as_str())) {
            return Err(format!("{package} must not depend on {wrong}"));
        }
    }
    page(&root().join("ui/src"))
}

/// The names of all packages that `package` is built from, itself included.
fn dependencies(package: &str) -> Outcome<Vec<String>> {
    let tree =
        output(cargo(&["tree", "--quiet", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"]))?;
    let mut names: Vec<String> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// `ui/src/host` is the page's only way to the shell.
fn page(folder: &Path) -> Outcome {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            if path != root().join("ui/src/host") {
                page(&path)?;
            }
            continue;
        }
        let source = path.extension().is_some_and(|end| end == "ts" || end == "js" || end == "svelte");
        if source && std::fs::read_to_string(&path).map_err(unreadable)?.contains("@tauri-apps/") {
            return Err(format!("{} imports @tauri-apps; only ui/src/host may", path.display()));
        }
    }
    Ok(())
}
