//! The command line as a process.

use crate::{Ended, PATIENCE, countersign};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// A running `countersign listen --json` on a free port.
#[derive(Debug)]
pub struct Listener {
    /// Where it receives, `127.0.0.1:40123`.
    pub addr: String,
    lines: Receiver<Value>,
    pub(crate) process: Ended,
}

impl Listener {
    /// Starts it on the log `db`. Each secret is (provider, value); the values cross in the environment.
    ///
    /// # Panics
    /// Where it does not start to listen.
    #[must_use]
    pub fn start(db: &Path, secrets: &[(&str, &str)]) -> Listener {
        let mut command = Listener::command(db);
        for (index, (provider, value)) in secrets.iter().enumerate() {
            let variable = format!("COUNTERSIGN_TEST_SECRET_{index}");
            command.args(["--secret", &format!("{provider}=env:{variable}")]).env(variable, value);
        }
        Listener::of(command)
    }

    /// The command that starts one on the log `db`, to be added to.
    #[must_use]
    pub fn command(db: &Path) -> Command {
        countersign(db, &["listen", "--json", "--listen", "127.0.0.1:0"])
    }

    /// Starts such a command.
    ///
    /// # Panics
    /// Where it does not start to listen.
    #[must_use]
    pub fn of(mut command: Command) -> Listener {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("countersign starts");
        let pipe = child.stdout.take().expect("its output is piped");
        let process = Ended(child);
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let value =
                    serde_json::from_str(&line).unwrap_or_else(|_| panic!("not one JSON object a line: {line}"));
                if send.send(value).is_err() {
                    return;
                }
            }
        });
        let mut listener = Listener { addr: String::new(), lines, process };
        let first = listener.next();
        assert_eq!(first["type"], "listening", "{first}");
        listener.addr = first["addr"].as_str().expect("an address").to_owned();
        listener
    }

    /// `http://ADDR` and a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// The next line that it prints.
    ///
    /// # Panics
    /// Where none comes in time.
    #[must_use]
    pub fn next(&self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("countersign listen prints a line")
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.0.id()
    }
}
