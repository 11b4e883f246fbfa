//! Waiting for something to become true.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long anything may take before a test calls it broken. Generous: a loaded machine is not a failure.
pub const PATIENCE: Duration = Duration::from_secs(30);

const EVERY: Duration = Duration::from_millis(25);

/// Asks again until there is an answer.
///
/// # Panics
/// After [`PATIENCE`], with `what` was waited for.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain until {what}");
        std::thread::sleep(EVERY);
    }
}

/// Asks again until there is an answer.
///
/// # Panics
/// After [`PATIENCE`], with `what` was waited for.
pub async fn until_async<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain until {what}");
        tokio::time::sleep(EVERY).await;
    }
}
