//! What other programs wrote to the same log.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::error::StoreError;
use crate::model::DeliveryId;
use crate::open::reading;
use crate::own::Own;
use crate::table::meta;

/// Ids that one answer lists at the most; who missed more reads the list again.
const LISTED: usize = 1_000;

/// How far somebody has looked. Get the first from [`crate::Store::seen`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    last_id: i64,
    foreign: i64,
}

/// What other programs did since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Deliveries that they appended, in the order of their ids; what was deleted meanwhile is left out.
    pub added: Vec<DeliveryId>,
    /// They appended more than are listed: read the newest page.
    pub more: bool,
    /// They did something else: deleted, marked, judged again, changed pins, settings, filters or expected ids.
    pub changed: bool,
    /// Ask with this the next time.
    pub seen: Seen,
}

pub(crate) struct Watch {
    path: PathBuf,
    own: Arc<Own>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    watching: Option<Watching>,
    closed: bool,
}

struct Watching {
    conn: Connection,
    generation: u64,
    data_version: i64,
    /// What was read at that version.
    last_id: i64,
    revision: i64,
}

impl Watch {
    pub(crate) fn new(path: &Path, own: Arc<Own>) -> Watch {
        Watch { path: path.to_owned(), own, state: Mutex::default() }
    }

    /// Where the log stands now.
    pub(crate) fn seen(&self) -> Result<Seen, StoreError> {
        self.with(|watching, own| {
            watching.refresh()?;
            Ok(Seen { last_id: watching.last_id, foreign: watching.revision - own.written().changes() })
        })
    }

    /// The log's last id and revision, whoever wrote.
    pub(crate) fn revision(&self) -> Result<(i64, i64), StoreError> {
        self.with(|watching, _| {
            watching.refresh()?;
            Ok((watching.last_id, watching.revision))
        })
    }

    pub(crate) fn since(&self, seen: &Seen) -> Result<Changes, StoreError> {
        self.with(|watching, own| {
            watching.refresh()?;
            // The order matters: our own changes are counted before they are committed, so that a revision that was
            // read is never ours and not counted. One that is counted and not yet committed makes this too low for a
            // moment, and the look after the commit makes up for it.
            let mut written = own.written();
            let foreign = watching.revision - written.changes();
            let (first, last) = (seen.last_id + 1, watching.last_id);
            let mut added = Vec::new();
            let mut more = false;
            if !written.has_all(first, last) {
                let mut query = watching.conn.prepare_cached(
                    "SELECT id FROM deliveries WHERE id BETWEEN ?1 AND ?2 AND deleted_at_us IS NULL ORDER BY id",
                )?;
                let mut rows = query.query([first, last])?;
                while let Some(row) = rows.next()? {
                    let id: i64 = row.get(0)?;
                    if written.has(id) {
                        continue;
                    }
                    if added.len() == LISTED {
                        more = true;
                        break;
                    }
                    added.push(DeliveryId(id));
                }
            }
            written.forget(last);
            let changed = foreign > seen.foreign;
            let seen = Seen { last_id: last.max(seen.last_id), foreign: foreign.max(seen.foreign) };
            Ok(Changes { added, more, changed, seen })
        })
    }

    /// Closes the connection.
    pub(crate) fn close(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State { watching: None, closed: true };
    }

    fn with<T>(&self, work: impl FnOnce(&mut Watching, &Own) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let fault = |error| StoreError::read(&self.path, error);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(StoreError::Closed);
        }
        let generation = self.own.generation();
        let fresh = match state.watching.take() {
            Some(watching) if watching.generation == generation => watching,
            _ => Watching {
                conn: reading(&self.path).map_err(fault)?,
                generation,
                data_version: -1,
                last_id: 0,
                revision: 0,
            },
        };
        // A connection that failed is opened again the next time.
        let watching = state.watching.insert(fresh);
        let found = work(watching, &self.own);
        if found.is_err() {
            state.watching = None;
        }
        found.map_err(fault)
    }
}

impl Watching {
    /// Reads where the log stands, where anybody wrote since: asking that costs a few microseconds.
    fn refresh(&mut self) -> rusqlite::Result<()> {
        let version: i64 = self.conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if version != self.data_version {
            (self.last_id, self.revision) = meta::read(&self.conn)?;
            self.data_version = version;
        }
        Ok(())
    }
}
