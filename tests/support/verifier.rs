//! Independent endpoints: the receiving code of the providers' own documents behind real servers.

use crate::{Ended, Sender, root};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// An endpoint that verifies with the documents' own code, and answers 200 or 401.
#[derive(Debug)]
pub struct Verifier {
    port: String,
    _process: Ended,
}

impl Verifier {
    /// Starts one in that language; `secret` is the same for every provider.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn start(language: Sender, secret: &str) -> Verifier {
        let (program, script) = match language {
            Sender::Node => ("node", "verify.mjs"),
            Sender::Python => ("python3", "verify.py"),
        };
        let mut command = Command::new(program);
        command.arg(root().join("tests/senders").join(script)).args(["--secret-env", "S", "--serve"]).env("S", secret);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut port).expect("it says its port");
        Verifier { port: port.trim().to_owned(), _process: Ended(child) }
    }

    /// Where requests of a provider are verified.
    #[must_use]
    pub fn url(&self, provider: &str) -> String {
        format!("http://127.0.0.1:{}/{provider}", self.port)
    }
}
