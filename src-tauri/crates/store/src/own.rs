//! What this store itself wrote, so that it is not taken for another program's.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// The ids and changes of this store's writer, and when readers must open the file again.
#[derive(Debug, Default)]
pub(crate) struct Own {
    written: Mutex<Written>,
    generation: AtomicU64,
}

#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Ranges of ids, both ends included, rising; neighbours are joined, so that alone there is one.
    ranges: Vec<(i64, i64)>,
    changes: i64,
}

impl Written {
    /// How many of the log's revisions are ours.
    pub(crate) fn changes(&self) -> i64 {
        self.changes
    }

    /// Whether this id was given by us.
    pub(crate) fn has(&self, id: i64) -> bool {
        let place = self.ranges.partition_point(|(_, last)| *last < id);
        self.ranges.get(place).is_some_and(|(first, _)| *first <= id)
    }

    /// Whether all ids of a range were given by us.
    pub(crate) fn has_all(&self, first: i64, last: i64) -> bool {
        let place = self.ranges.partition_point(|(_, end)| *end < first);
        first > last || self.ranges.get(place).is_some_and(|(start, end)| *start <= first && last <= *end)
    }

    /// Forgets ids up to `seen`: nobody asks for them again.
    pub(crate) fn forget(&mut self, seen: i64) {
        self.ranges.retain(|(_, last)| *last > seen);
    }
}

impl Own {
    /// Locks what was written. A panic cannot leave it half changed, so that a poisoned lock is taken as it is.
    pub(crate) fn written(&self) -> std::sync::MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Claims ids (none where `first > last`) and perhaps a revision; dropped without [`Claim::keep`], it is taken back.
    pub(crate) fn claim(&self, first: i64, last: i64, changed: bool) -> Claim<'_> {
        let mut written = self.written();
        if first <= last {
            match written.ranges.last_mut() {
                Some((_, end)) if *end + 1 == first => *end = last,
                _ => written.ranges.push((first, last)),
            }
        }
        written.changes += i64::from(changed);
        Claim { own: self, first, last, changed, kept: false }
    }

    /// Has every reader open the file again before it reads next.
    pub(crate) fn reopen_readers(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

/// A claim that is not yet committed.
pub(crate) struct Claim<'a> {
    own: &'a Own,
    first: i64,
    last: i64,
    changed: bool,
    kept: bool,
}

impl Claim<'_> {
    /// It is committed.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let mut written = self.own.written();
        written.changes -= i64::from(self.changed);
        if self.first <= self.last {
            let first = self.first;
            written.ranges.retain_mut(|(start, end)| {
                *end = (*end).min(first - 1);
                start <= end
            });
        }
    }
}
