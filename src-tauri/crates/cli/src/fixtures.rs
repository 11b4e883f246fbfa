//! The fixtures that a command line names: files, folders, and patterns that the shell did not expand.

use crate::output::Failure;
use countersign_core::fixture::FORMAT;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Folders in folders, so deep.
const DEPTH: usize = 32;
/// More files than any repository has fixtures.
const FILES: usize = 50_000;

/// What tells a fixture from other JSON.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: Option<String>,
}

/// The files, in the order in which they are named; those of a folder or a pattern by name, without JSON files that are no
/// fixtures. A file that is named itself is there whatever it holds.
pub(crate) fn expand(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    for path in named {
        let before = out.len();
        if path.is_dir() {
            walk(path, 0, &mut out)?;
            if out.len() == before {
                return Err(Failure::usage(format!("there is no fixture in {}", path.display())));
            }
        } else if is_pattern(path) {
            matching(path, &mut out)?;
            if out.len() == before {
                return Err(Failure::usage(format!("no fixture matches {}", path.display())));
            }
        } else {
            out.push(path.clone());
        }
        if out.len() > FILES {
            return Err(Failure::usage(format!("these are over {FILES} files: name fewer at a time")));
        }
    }
    Ok(out)
}

fn is_pattern(path: &Path) -> bool {
    !path.exists() && path.to_string_lossy().contains(['*', '?', '['])
}

fn matching(pattern: &Path, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let text = pattern.to_str().ok_or_else(|| Failure::usage("a pattern is UTF-8"))?;
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let found = glob::glob_with(text, options)
        .map_err(|error| Failure::usage(format!("{text} is no pattern: {}", error.msg)))?;
    for path in found.filter_map(Result::ok) {
        if path.is_file() && is_fixture(&path) {
            out.push(path);
        }
    }
    Ok(())
}

fn walk(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::failed(format!("{} cannot be read: {error}", folder.display()));
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // It does not follow links.
        let kind = entry.file_type().map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "node_modules" {
            entries.push((entry.path(), kind));
        }
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        if kind.is_dir() && depth < DEPTH {
            walk(&path, depth + 1, out)?;
        } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "json") && is_fixture(&path) {
            out.push(path);
        }
    }
    Ok(())
}

/// Whether a file says that it is a fixture, of whatever version; one that cannot be read is named all the same.
fn is_fixture(path: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path) else { return true };
    let family = FORMAT.trim_end_matches(char::is_numeric);
    match serde_json::from_str::<Head>(&text) {
        Ok(head) => head.format.is_some_and(|format| format.starts_with(family)),
        // A fixture that broke must not go unnoticed.
        Err(_) => text.contains(family),
    }
}
