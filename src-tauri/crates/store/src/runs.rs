//! Runs of the retry lab and of the endpoint check: what is kept of them, and reading and writing it.

use std::fmt;

use crate::error::StoreError;
use crate::model::{AttemptId, AttemptSummary, NewAttempt, names};
use crate::store::{Store, attempt_size};
use crate::table::{attempts, runs};

/// The number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub(crate) i64);

impl RunId {
    /// The run of that number, which may not be there.
    #[must_use]
    pub fn new(number: i64) -> RunId {
        RunId(number)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

names! {
    /// What a run is of.
    RunKind {
        /// The retry lab.
        Lab = "lab",
        /// The endpoint check.
        Check = "check",
    }
}

names! {
    /// How far a run is.
    RunState {
        /// It goes on.
        Running = "running",
        /// It came to its end, whatever it found.
        Finished = "finished",
        /// The user ended it.
        Cancelled = "cancelled",
        /// Its program died, or was ended, in the middle of it.
        Interrupted = "interrupted",
        /// It could not go on.
        Failed = "failed",
    }
}

/// A run that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// What it is of.
    pub kind: RunKind,
    /// What it is about, for a person.
    pub title: String,
    /// The provider's id.
    pub provider: Option<String>,
    /// Where its attempts go.
    pub endpoint: String,
    /// What was asked for, as JSON; the log does not read it. No secret's value.
    pub request: String,
    /// When it begins, in microseconds since 1970.
    pub started_at_us: i64,
}

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunUpdate {
    /// How far it is.
    pub state: RunState,
    /// When it ended, in microseconds since 1970.
    pub ended_at_us: Option<i64>,
    /// What came of it, in a sentence.
    pub outcome: Option<String>,
    /// What it found until now, as JSON; the log does not read it.
    pub report: String,
    /// The present, in microseconds since 1970.
    pub now_us: i64,
}

/// A run without what was asked and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// Its number.
    pub id: RunId,
    /// What it is of.
    pub kind: RunKind,
    /// What it is about, for a person.
    pub title: String,
    /// The provider's id.
    pub provider: Option<String>,
    /// Where its attempts go.
    pub endpoint: String,
    /// How far it is; interrupted where it was going on and has said nothing for ten seconds.
    pub state: RunState,
    /// When it began, in microseconds since 1970.
    pub started_at_us: i64,
    /// When it ended, in microseconds since 1970; where it was interrupted, when it was last heard of.
    pub ended_at_us: Option<i64>,
    /// What came of it, in a sentence.
    pub outcome: Option<String>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Without what was asked and found.
    pub summary: RunSummary,
    /// What was asked for, as JSON.
    pub request: String,
    /// What was found, as JSON; empty where nothing was noted yet.
    pub report: String,
}

/// Writing. The error is [`StoreError::Unwritable`] or [`StoreError::Refused`]; then nothing of it was done.
#[expect(clippy::missing_errors_doc, reason = "said once above for all of them")]
impl Store {
    /// Begins a run.
    pub async fn add_run(&self, new: NewRun) -> Result<RunId, StoreError> {
        self.write(new.request.len() + 512, move |group| {
            group.changed();
            runs::insert(group.conn, &new)
        })
        .await
    }

    /// Notes how far a run has come; answers whether it was still there.
    pub async fn update_run(&self, id: RunId, update: RunUpdate) -> Result<bool, StoreError> {
        self.write(update.report.len() + 512, move |group| {
            group.changed();
            runs::update(group.conn, id, &update)
        })
        .await
    }

    /// Says that a run goes on.
    pub async fn beat_run(&self, id: RunId, now_us: i64) -> Result<(), StoreError> {
        // Nobody sees a difference, so that the revision stays.
        self.write(64, move |group| runs::beat(group.conn, id, now_us)).await
    }

    /// Says of a run that went on that it was interrupted; answers whether it went on.
    pub async fn interrupt_run(&self, id: RunId, now_us: i64) -> Result<bool, StoreError> {
        self.write(64, move |group| {
            group.changed();
            runs::interrupt(group.conn, id, now_us)
        })
        .await
    }

    /// Removes a run with its attempts; answers whether it was there.
    pub async fn remove_run(&self, id: RunId) -> Result<bool, StoreError> {
        self.write(64, move |group| {
            group.changed();
            runs::remove(group.conn, id)
        })
        .await
    }

    /// Keeps an attempt of a run; none where the run is no longer there.
    pub async fn add_run_attempt(&self, id: RunId, new: NewAttempt) -> Result<Option<AttemptId>, StoreError> {
        let new = NewAttempt { run: Some(id), ..new };
        self.write(attempt_size(&new), move |group| {
            group.changed();
            match runs::is_there(group.conn, id)? {
                true => attempts::insert(group.conn, None, &new).map(Some),
                false => Ok(None),
            }
        })
        .await
    }
}

/// Reading. `now_us` is the present, in microseconds since 1970. The error is [`StoreError::Unreadable`] or
/// [`StoreError::Damaged`]. Blocks for as long as the query takes.
#[expect(clippy::missing_errors_doc, reason = "said once above for all of them")]
impl Store {
    /// Up to `limit` runs, newest first; those before `before`, where that is given.
    pub fn runs(
        &self,
        kind: Option<RunKind>,
        before: Option<RunId>,
        limit: usize,
        now_us: i64,
    ) -> Result<Vec<RunSummary>, StoreError> {
        self.read(|conn| runs::page(conn, kind, before, limit, now_us))
    }

    /// A run with what was asked and found.
    pub fn run(&self, id: RunId, now_us: i64) -> Result<Option<Run>, StoreError> {
        self.read(|conn| runs::by_id(conn, id, now_us))
    }

    /// The attempts of a run, oldest first.
    pub fn run_attempts(&self, id: RunId) -> Result<Vec<AttemptSummary>, StoreError> {
        self.read(|conn| attempts::of_run(conn, id))
    }
}
