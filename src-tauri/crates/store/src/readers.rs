//! Connections that only read, kept for the next one who asks.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::error::StoreError;
use crate::open::reading;
use crate::own::Own;

/// More may read at once; so many stay open.
const KEPT: usize = 4;

pub(crate) struct Readers {
    path: PathBuf,
    own: Arc<Own>,
    /// None once the log is closed.
    idle: Mutex<Option<Vec<(u64, Connection)>>>,
}

impl Readers {
    pub(crate) fn new(path: &Path, own: Arc<Own>) -> Readers {
        Readers { path: path.to_owned(), own, idle: Mutex::new(Some(Vec::new())) }
    }

    /// Reads with a connection of its own for that time.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let generation = self.own.generation();
        let kept = {
            let mut idle = self.idle();
            let idle = idle.as_mut().ok_or(StoreError::Closed)?;
            idle.retain(|(of, _)| *of == generation);
            idle.pop()
        };
        let conn = match kept {
            Some((_, conn)) => conn,
            None => reading(&self.path).map_err(|error| StoreError::read(&self.path, error))?,
        };
        let found = read(&conn).map_err(|error| StoreError::read(&self.path, error));
        let reusable = found.is_ok() && generation == self.own.generation();
        if let Some(idle) = self.idle().as_mut().filter(|idle| reusable && idle.len() < KEPT) {
            idle.push((generation, conn));
        }
        found
    }

    /// Closes what is idle; nothing is read any more.
    pub(crate) fn close(&self) {
        *self.idle() = None;
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Option<Vec<(u64, Connection)>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
