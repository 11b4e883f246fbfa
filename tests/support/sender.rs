//! Independent senders: the providers' own signing rules as scripts in `tests/senders`, run as processes.

use crate::root;
use serde_json::Value;
use std::process::{Command, Stdio};

/// Which implementation sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// `send.mjs`.
    Node,
    /// `send.py`.
    Python,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Provider id.
    pub provider: &'a str,
    /// Where to.
    pub url: &'a str,
    /// The secret it is signed with.
    pub secret: &'a str,
    /// The body.
    pub body: &'a str,
    /// One of the scripts' own damages (`--list-damages`).
    pub damage: Option<&'a str>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u64,
    /// The answer's body as text.
    pub body: String,
}

impl Sender {
    /// Signs and posts it, and answers what came back.
    ///
    /// # Panics
    /// Where the script cannot run or no answer comes; with what the script said.
    pub fn send(self, delivery: &Delivery<'_>) -> Answer {
        use std::io::Write as _;
        let (program, script) = match self {
            Sender::Node => ("node", "send.mjs"),
            Sender::Python => ("python3", "send.py"),
        };
        let mut command = Command::new(program);
        command.arg(root().join("tests/senders").join(script)).args(["--provider", delivery.provider]);
        command.args(["--url", delivery.url, "--secret-env", "SENDER_SECRET", "--body", "-"]);
        if let Some(damage) = delivery.damage {
            command.args(["--damage", damage]);
        }
        command.env("SENDER_SECRET", delivery.secret).env("SENDER_OTHER_SECRET", "b3RoZXItc2VjcmV0");
        command.args(["--other-secret-env", "SENDER_OTHER_SECRET"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} cannot be started: {error}"));
        let mut input = child.stdin.take().expect("its input is piped");
        input.write_all(delivery.body.as_bytes()).expect("the script takes the body");
        drop(input);
        let output = child.wait_with_output().expect("the script ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script} ended with {}: {said}", output.status);
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{script} answers one JSON line: {error}; {said}"));
        Answer {
            status: answer["status"].as_u64().expect("a status"),
            body: answer["body"].as_str().unwrap_or_default().to_owned(),
        }
    }
}
