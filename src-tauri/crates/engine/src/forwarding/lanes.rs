//! One lane an endpoint: so many requests at once, so many that wait, and no more. A slow endpoint holds up its own.
//!
//! What waits holds its body in memory. So all lanes together have a bound in bytes, too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Requests to one endpoint at once.
pub(crate) const AT_ONCE: usize = 200;
/// Requests that may wait for one endpoint beside those.
pub(crate) const WAITING: usize = 1_000;
/// Bytes of bodies in all lanes: as many as the listener holds before it answers.
pub(crate) const HELD: u64 = 512 << 20;

/// The lanes by route.
#[derive(Default)]
pub(crate) struct Lanes {
    by_route: Mutex<HashMap<String, Lane>>,
    held: Arc<AtomicU64>,
}

#[derive(Clone)]
struct Lane {
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place in a lane: it will be its turn.
pub(crate) struct Place {
    lane: Lane,
    _place: OwnedSemaphorePermit,
    _share: Share,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// Too many requests wait for this endpoint.
    Requests,
    /// The bodies of what waits for all endpoints are too large together.
    Bytes,
}

/// Bytes that are held, given back on drop.
struct Share {
    held: Arc<AtomicU64>,
    bytes: u64,
}

impl Share {
    /// What is alone is taken whatever its size: the listener has a limit for a single body.
    fn take(held: &Arc<AtomicU64>, bytes: u64) -> Option<Share> {
        let fits = |now: u64| (now == 0 || now.saturating_add(bytes) <= HELD).then_some(now.saturating_add(bytes));
        held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        Some(Share { held: Arc::clone(held), bytes })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Lanes {
    /// Takes a place in a route's lane for a request with a body of so many bytes.
    pub(crate) fn enter(&self, route: &str, bytes: u64) -> Result<Place, Full> {
        let lane = {
            let mut lanes = self.by_route.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Lane {
                places: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
                running: Arc::new(Semaphore::new(AT_ONCE)),
            };
            lanes.entry(route.to_owned()).or_insert_with(new).clone()
        };
        let place = Arc::clone(&lane.places).try_acquire_owned().map_err(|_| Full::Requests)?;
        let share = Share::take(&self.held, bytes).ok_or(Full::Bytes)?;
        Ok(Place { lane, _place: place, _share: share })
    }
}

impl Place {
    /// Waits for its turn, which lasts as long as what comes back is kept.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed: without a permit it could only be the end of the program.
        self.lane.running.acquire().await.ok()
    }
}

impl Full {
    /// Why a request to the endpoint of that name was not sent.
    pub(crate) fn words(self, name: &str) -> String {
        match self {
            Full::Requests => format!("Not sent: {WAITING} requests are waiting for “{name}” already."),
            Full::Bytes => {
                let most = HELD >> 20;
                format!("Not sent: the bodies of what waits for endpoints would be larger than {most} MB together.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_in_requests_and_in_bytes() {
        let lanes = Lanes::default();
        let half = HELD / 2;
        let first = lanes.enter("a", half).expect("there is room");
        let second = lanes.enter("b", half).expect("there is room");
        assert_eq!(lanes.enter("a", 1).err(), Some(Full::Bytes), "the bytes of all lanes count");
        assert!(lanes.enter("a", 0).is_ok());
        drop(first);
        assert!(lanes.enter("c", half).is_ok());
        drop(second);
        let alone = lanes.enter("a", HELD * 2).expect("alone, anything is taken");
        assert_eq!(lanes.enter("b", 1).err(), Some(Full::Bytes));
        drop(alone);
        let all: Vec<Place> = (0..AT_ONCE + WAITING).map(|_| lanes.enter("a", 1).expect("there is room")).collect();
        assert_eq!(lanes.enter("a", 1).err(), Some(Full::Requests));
        assert!(lanes.enter("b", 1).is_ok(), "another endpoint has its own");
        drop(all);
        assert!(lanes.enter("a", HELD).is_ok(), "everything was given back");
    }
}
