//! Packages of other languages that some tests need: installed once, kept in the target folder from one run to the next.

use crate::root;
use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

const NODE: [&str; 3] = ["express", "prettier", "jest"];
const PYTHON: [&str; 6] = ["flask", "fastapi", "uvicorn", "black", "pytest", "httpx"];

fn tools() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("test-tools")
}

/// A folder that is kept from one run to the next.
///
/// # Panics
/// Where it cannot be made.
#[must_use]
pub fn kept(name: &str) -> PathBuf {
    let folder = tools().join(name);
    std::fs::create_dir_all(&folder).expect("a folder for packages");
    folder
}

/// Whether a command ends well.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// A program of this machine; `asked` is the argument that has it name its version.
///
/// # Errors
/// A clause that says that it is missing.
pub fn there(program: &str, asked: &str) -> Result<PathBuf, String> {
    if succeeds(Command::new(program).arg(asked)) { Ok(program.into()) } else { Err(format!("{program} is not here")) }
}

/// Tests are processes of their own, and only one installs.
fn only_one() -> File {
    let file = File::create(kept("lock").join("installing")).expect("a file");
    file.lock().expect("a lock");
    file
}

/// The folder whose `node_modules` has express, prettier and jest.
///
/// # Errors
/// A clause that says what is missing.
pub fn node_packages() -> Result<PathBuf, String> {
    there("node", "--version")?;
    let _one = only_one();
    let folder = kept("node");
    let has = || NODE.iter().all(|name| folder.join("node_modules").join(name).is_dir());
    if !has() {
        let npm = ["install", "--prefix", ".", "--no-audit", "--no-fund", "--fetch-retries=0"];
        let _ = Command::new("npm").args(npm).args(NODE).current_dir(&folder).output();
    }
    if has() { Ok(folder) } else { Err(format!("{} could not be installed", NODE.join(", "))) }
}

/// A Python that has Flask, `FastAPI`, uvicorn, black, pytest and httpx.
///
/// # Errors
/// A clause that says what is missing.
pub fn python_packages() -> Result<PathBuf, String> {
    there("python3", "--version")?;
    let _one = only_one();
    let wanted = ["-c".to_owned(), format!("import {}", PYTHON.join(", "))];
    if succeeds(Command::new("python3").args(&wanted)) {
        return Ok("python3".into());
    }
    let folder = kept("python");
    let python = folder.join("bin/python");
    if !succeeds(Command::new(&python).args(&wanted)) {
        let _ = Command::new("python3").args(["-m", "venv"]).arg(&folder).output();
        let pip = ["-m", "pip", "install", "-q", "--retries", "0", "--timeout", "10"];
        let _ = Command::new(&python).args(pip).args(PYTHON).output();
    }
    if succeeds(Command::new(&python).args(&wanted)) {
        Ok(python)
    } else {
        Err(format!("{} could not be installed", PYTHON.join(", ")))
    }
}
