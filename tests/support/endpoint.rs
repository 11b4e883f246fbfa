//! Reference endpoints: right ones, and such with one classic mistake.

use crate::{Ended, root};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// An endpoint of `tests/endpoints` as a process.
#[derive(Debug)]
pub struct Endpoint {
    port: String,
    _process: Ended,
}

impl Endpoint {
    /// Starts one for a provider that does everything right but for this mistake.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn start(provider: &str, mistake: &str, secret: &str) -> Endpoint {
        let mut command = Command::new("node");
        command.arg(root().join("tests/endpoints/endpoint.mjs")).args([provider, "careful", mistake]);
        command.env("SECRET", secret).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut port).expect("it says its port");
        Endpoint { port: port.trim().to_owned(), _process: Ended(child) }
    }

    /// Where it receives.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/api/webhook", self.port)
    }

    /// Where it tells what was done.
    #[must_use]
    pub fn state_url(&self) -> String {
        format!("http://127.0.0.1:{}/state", self.port)
    }
}
