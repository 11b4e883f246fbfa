//! The waiting between the attempts of a schedule, which can be made shorter, held and skipped.
//!
//! Two clocks: the real one, and the schedule's, which [`ScheduleClock::now`] tells. Outside of a wait both go alike, so
//! that attempts and their timeouts take the time they take; in a wait the schedule's goes faster. A wait that is skipped
//! counts as waited; while a wait is held, the schedule's clock stands still.

use std::future::Future;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How fast waiting goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As in life.
    Real,
    /// So many times faster.
    Faster(f64),
    /// No waiting.
    None,
}

impl Speed {
    /// How long a wait really takes.
    #[must_use]
    pub fn real(self, wait: Duration) -> Duration {
        match self {
            Speed::Real => wait,
            // `times` is checked to be 1 or more; anything else must not panic here.
            Speed::Faster(times) if times.is_finite() && times >= 1.0 => wait.div_f64(times),
            Speed::Faster(_) => wait,
            Speed::None => Duration::ZERO,
        }
    }
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// It is over.
    Done,
    /// The user did not want to wait.
    Skipped,
    /// The run was cancelled.
    Cancelled,
}

/// How a wait stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How long it will really take from now.
    pub real: Duration,
    /// It is held.
    pub held: bool,
}

/// The clock of a schedule.
#[derive(Debug)]
pub struct ScheduleClock {
    speed: Speed,
    /// What it showed at `mark`.
    shown: Duration,
    mark: Instant,
}

impl ScheduleClock {
    /// A clock that shows `from` now.
    #[must_use]
    pub fn new(speed: Speed, from: Duration) -> Self {
        ScheduleClock { speed, shown: from, mark: Instant::now() }
    }

    /// What it shows outside of a wait: the time since the first attempt, had nothing been made shorter.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.shown + self.mark.elapsed()
    }

    /// Waits. `told` hears how the wait stands, at its beginning and whenever it is held or goes on.
    pub async fn wait(
        &mut self,
        wait: Duration,
        held: &mut watch::Receiver<bool>,
        skip: &Notify,
        cancelled: impl Future<Output = ()>,
        mut told: impl FnMut(Left),
    ) -> Waited {
        let until = self.now() + wait;
        let mut left = self.speed.real(wait);
        tokio::pin!(cancelled);
        let waited = loop {
            let holds = *held.borrow_and_update();
            told(Left { real: left, held: holds });
            let from = Instant::now();
            let sleep = async { if holds { std::future::pending().await } else { tokio::time::sleep(left).await } };
            tokio::select! {
                biased;
                () = &mut cancelled => break Waited::Cancelled,
                () = skip.notified() => break Waited::Skipped,
                changed = held.changed() => {
                    if changed.is_err() {
                        // Whoever could hold it, or let it go on, is gone.
                        tokio::time::sleep(left).await;
                        break Waited::Done;
                    }
                    if !holds {
                        left = left.saturating_sub(from.elapsed());
                    }
                }
                () = sleep => break Waited::Done,
            }
        };
        self.shown = until;
        self.mark = Instant::now();
        waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_waiting_is_made_shorter() {
        let rows = [(Speed::Real, 90_000), (Speed::Faster(60.0), 1_500), (Speed::None, 0)];
        for (speed, real_ms) in rows {
            let (_hold, mut held) = watch::channel(false);
            let mut clock = ScheduleClock::new(speed, Duration::ZERO);
            // An attempt takes what it takes, on both clocks.
            tokio::time::sleep(secs(10)).await;
            let from = Instant::now();
            let waited = clock.wait(secs(90), &mut held, &Notify::new(), std::future::pending(), |_| ()).await;
            assert_eq!((waited, from.elapsed().as_millis()), (Waited::Done, real_ms), "{speed:?}");
            assert_eq!(clock.now(), secs(100), "{speed:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_held_goes_on_where_it_was() {
        let (hold, mut held) = watch::channel(false);
        let mut clock = ScheduleClock::new(Speed::Real, Duration::ZERO);
        let steer = async {
            tokio::time::sleep(secs(4)).await;
            hold.send(true).expect("somebody waits");
            tokio::time::sleep(secs(1_000)).await;
            hold.send(false).expect("somebody waits");
        };
        let from = Instant::now();
        let mut told = Vec::new();
        let skip = Notify::new();
        let wait = clock.wait(secs(10), &mut held, &skip, std::future::pending(), |left| told.push(left));
        let (waited, ()) = tokio::join!(wait, steer);
        assert_eq!((waited, from.elapsed()), (Waited::Done, secs(1_010)));
        let left = |s, held| Left { real: secs(s), held };
        assert_eq!(told, [left(10, false), left(6, true), left(6, false)]);
        assert_eq!(clock.now(), secs(10), "the schedule's clock stood still");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_can_be_skipped_and_cancelled() {
        let (_hold, mut held) = watch::channel(false);
        let mut clock = ScheduleClock::new(Speed::Real, Duration::ZERO);
        let skip = Arc::new(Notify::new());
        let (from, told) = (Instant::now(), Arc::clone(&skip));
        let wait = clock.wait(secs(3_600), &mut held, &skip, std::future::pending(), |_| ());
        let (waited, ()) = tokio::join!(wait, async move { told.notify_one() });
        assert_eq!((waited, from.elapsed()), (Waited::Skipped, Duration::ZERO));
        assert_eq!(clock.now(), secs(3_600), "what is skipped counts as waited");
        let cancelled = tokio::time::sleep(secs(5));
        let waited = clock.wait(secs(3_600), &mut held, &skip, cancelled, |_| ()).await;
        assert_eq!((waited, from.elapsed()), (Waited::Cancelled, secs(5)));
    }
}
