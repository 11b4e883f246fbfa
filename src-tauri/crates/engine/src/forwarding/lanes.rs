//! One lane an endpoint: so many requests at once, so many that wait, and no more. A slow endpoint holds up its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests to one endpoint at once.
pub(crate) const AT_ONCE: usize = 200;
/// Requests that may wait for one endpoint beside those.
pub(crate) const WAITING: usize = 1_000;

/// The lanes by route.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<HashMap<String, Lane>>);

#[derive(Clone)]
struct Lane {
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place in a lane: it will be its turn.
pub(crate) struct Place {
    lane: Lane,
    _place: OwnedSemaphorePermit,
}

impl Lanes {
    /// Takes a place in a route's lane; none where too many wait.
    pub(crate) fn enter(&self, route: &str) -> Option<Place> {
        let lane = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Lane {
                places: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
                running: Arc::new(Semaphore::new(AT_ONCE)),
            };
            lanes.entry(route.to_owned()).or_insert_with(new).clone()
        };
        let place = Arc::clone(&lane.places).try_acquire_owned().ok()?;
        Some(Place { lane, _place: place })
    }
}

impl Place {
    /// Waits for its turn, and does the work.
    pub(crate) async fn run<T>(self, work: impl Future<Output = T>) -> T {
        // The semaphore is never closed: without a permit it could only be the end of the program.
        let _turn = self.lane.running.acquire().await;
        work.await
    }
}
