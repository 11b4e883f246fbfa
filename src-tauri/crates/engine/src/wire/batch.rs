//! Many deliveries resent together.

use super::{AttemptInfo, SendOptions};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is resent, where to and how fast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BatchRequest {
    /// Which deliveries.
    pub selection: BatchSelection,
    /// Where to; each to where it was sent last, or to where a route sends it, where this is not given.
    pub to: Option<String>,
    /// How fast.
    pub pace: BatchPace,
    /// Each is signed anew for the present, with the first secret of its provider; else it leaves as it was captured.
    pub sign_anew: bool,
    /// How each is sent. Redirects are not followed.
    pub options: SendOptions,
}

/// Which deliveries are resent, in the order in which they were captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BatchSelection {
    /// These.
    Ids {
        /// Their ids.
        ids: Vec<String>,
    },
    /// All that the filter takes.
    Filter {
        /// The filter.
        filter: String,
    },
}

/// How fast deliveries leave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BatchPace {
    /// So many a second, 0.01 to 1,000.
    Rate {
        /// How many.
        per_second: f64,
    },
    /// With the gaps in which they were captured.
    Recorded {
        /// So many times faster, 0.01 to 100,000.
        speed: f64,
    },
    /// As fast as the endpoint takes them, so many at once.
    Fast {
        /// How many, 1 to 100.
        at_once: u32,
    },
}

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchState {
    /// Deliveries to send.
    pub total: u32,
    /// Those that are over, whatever came of them.
    pub done: u32,
    /// Of those, answered with a 2xx.
    pub accepted: u32,
    /// Of those, answered with anything else.
    pub refused: u32,
    /// Of those, without an answer or not to be sent.
    pub failed: u32,
    /// It goes on.
    pub running: bool,
    /// It waits until it is told to go on.
    pub paused: bool,
    /// It was cancelled: the rest was not sent.
    pub cancelled: bool,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
}

/// One delivery of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchItem {
    /// The delivery.
    pub delivery: String,
    /// Its event's type, or its method and path.
    pub title: String,
    /// What was sent of it; none where it has not been.
    pub attempt: Option<AttemptInfo>,
    /// Why it was not sent.
    pub problem: Option<String>,
}
