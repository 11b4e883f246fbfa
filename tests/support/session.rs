//! A `countersign listen` whose every word is kept.

use crate::{Ended, until};
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A running listener that writes what it says into files.
#[derive(Debug)]
pub struct Session {
    /// Where it receives.
    pub addr: String,
    /// Its first line.
    pub first: Value,
    out: PathBuf,
    err: PathBuf,
    _process: Ended,
}

impl Session {
    /// Starts `command`, which runs `countersign listen --json`; its words go into `folder`.
    ///
    /// # Panics
    /// Where it does not start to listen.
    #[must_use]
    pub fn start(command: &mut Command, folder: &Path) -> Session {
        let (out, err) = (folder.join("listen.out"), folder.join("listen.err"));
        let file = |path: &Path| File::create(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let child = command.stdout(file(&out)).stderr(file(&err)).spawn().expect("countersign starts");
        let mut session = Session { addr: String::new(), first: Value::Null, out, err, _process: Ended(child) };
        session.first = until("countersign listens", || session.lines().first().cloned());
        session.addr = session.first["addr"].as_str().unwrap_or_else(|| panic!("{}", session.first)).to_owned();
        session
    }

    /// What it has printed so far: whole lines.
    ///
    /// # Panics
    /// Where a line is no JSON object.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.out).expect("its output");
        let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        whole.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    /// What it has said on standard error so far.
    ///
    /// # Panics
    /// Where it cannot be read.
    #[must_use]
    pub fn err(&self) -> String {
        std::fs::read_to_string(&self.err).expect("its words")
    }
}
