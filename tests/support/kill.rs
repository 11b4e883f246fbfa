//! Death by signal.

use crate::Listener;
use std::process::{Command, Stdio};

/// Sends a signal (`-KILL`) to a process, which may have gone meanwhile.
pub fn kill(signal: &str, pid: u32) {
    let _ = Command::new("kill").args([signal, &pid.to_string()]).stderr(Stdio::null()).status();
}

impl Listener {
    /// Ends it as `kill -9` does, and waits until it is gone.
    ///
    /// # Panics
    /// Where it had ended before.
    pub fn kill(&mut self) {
        assert!(self.process.0.try_wait().expect("it can be asked").is_none(), "it ended before it was killed");
        self.process.0.kill().and_then(|()| self.process.0.wait()).expect("it is killed");
    }
}
