//! Many deliveries through one sender process.

use crate::{Ended, Sender, root};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// A sender that stays: jobs go in, answers come out, one after another.
#[derive(Debug)]
pub struct Batch {
    script: &'static str,
    jobs: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Ended,
}

impl Batch {
    /// Starts it.
    ///
    /// # Panics
    /// Where Node or Python cannot be started.
    #[must_use]
    pub fn start(sender: Sender) -> Batch {
        let (program, script) = script(sender);
        let mut child = Command::new(program)
            .arg(root().join("tests/senders").join(script))
            .arg("--batch")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} cannot be started: {error}"));
        let jobs = child.stdin.take().expect("its input is piped");
        let answers = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        Batch { script, jobs, answers, _process: Ended(child) }
    }

    /// Sends one delivery: `{url, provider, secret, body, other_secret?, damage?, …}`; answers the status that came back.
    ///
    /// # Panics
    /// Where the script could not send it, with what it said.
    pub fn send(&mut self, job: &Value) -> u64 {
        writeln!(self.jobs, "{job}").and_then(|()| self.jobs.flush()).expect("the sender takes a job");
        let line = self.answers.next().expect("the sender answers").expect("the sender answers in UTF-8");
        let answer: Value = serde_json::from_str(&line).expect("the sender answers one JSON object a line");
        answer["status"].as_u64().unwrap_or_else(|| panic!("{} could not send {job}: {answer}", self.script))
    }
}

/// The program and the script of a sender.
pub(crate) fn script(sender: Sender) -> (&'static str, &'static str) {
    match sender {
        Sender::Node => ("node", "send.mjs"),
        Sender::Python => ("python3", "send.py"),
    }
}
