//! Runs of the retry lab and of the endpoint check, as lists need them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a run is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// The retry lab.
    Lab,
    /// The endpoint check.
    Check,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It goes on.
    Running,
    /// It came to its end, whatever it found.
    Finished,
    /// The user ended it.
    Cancelled,
    /// Its program died, or was ended, in the middle of it.
    Interrupted,
    /// It could not go on.
    Failed,
}

/// A run, as short as a list needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunInfo {
    /// Decimal id.
    pub id: String,
    /// What it is of.
    pub kind: RunKind,
    /// What it is about: the event's type, the provider's name.
    pub title: String,
    /// The provider's id.
    pub provider: Option<String>,
    /// Where its attempts go.
    pub endpoint: String,
    /// How far it is.
    pub state: RunState,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
    /// When it ended; where it was interrupted, when it was last heard of.
    pub ended_at: Option<String>,
    /// What came of it, in a sentence.
    pub outcome: Option<String>,
}

/// A page of runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<RunInfo>,
    /// `before` of the next page; none where there is none.
    pub next: Option<String>,
}
