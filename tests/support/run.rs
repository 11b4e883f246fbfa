//! The command line, run to its end.

use crate::binary;
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a command left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error as text.
    pub err: String,
}

impl Ran {
    /// Standard output as text.
    ///
    /// # Panics
    /// Where it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("UTF-8 on standard output")
    }

    /// Standard output as JSON objects, one a line.
    ///
    /// # Panics
    /// Where something else is there.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}; {}", self.err));
        self.text().lines().map(read).collect()
    }
}

/// `countersign ARGS` on the log `db`, with nothing of the user's environment that steers it, and no keychain.
#[must_use]
pub fn countersign(db: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(binary("countersign"));
    command.args(args).env("COUNTERSIGN_DB", db).env("COUNTERSIGN_KEYCHAIN", "off").env_remove("COUNTERSIGN_LOG");
    command
}

/// Runs it to its end with `input` on standard input.
///
/// # Panics
/// Where it cannot be started.
pub fn run(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut pipe = child.stdin.take().expect("its input is piped");
    // Who does not read its input has ended, and the exit code tells why.
    let _ = pipe.write_all(input);
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    Ran { code: output.status.code(), out: output.stdout, err }
}
