//! The death of a listener.

use crate::Listener;

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
