//! Retry policies as the window shows and edits them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a provider does after an attempt, as plain values that the user may edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RetryPolicy {
    /// How many attempts at the most, the first included: 1 to 100.
    pub attempts: u32,
    /// From one attempt's end to the next attempt.
    pub delays: RetryDelays,
    /// The share by which a wait may be longer, 0 to 1.
    pub jitter: f64,
    /// Seconds within which an answer is due: 1 to 600.
    pub timeout_s: u32,
    /// What counts as delivered: `200`, `2xx`, or statuses, `200, 202`.
    pub success: String,
    /// Statuses that end it at once.
    pub stop_on: Vec<u16>,
    /// A header of an answer that ends it at once.
    pub stop_header: Option<RetryHeader>,
    /// Answers that say themselves, by `Retry-After`, when to come again.
    pub throttle: Option<RetryThrottle>,
    /// What a redirect is.
    pub redirects: RetryRedirects,
    /// Each attempt is signed anew, with its own time and the same id; else all leave as the first was signed.
    pub sign_anew: bool,
    /// Headers of each attempt, name and value; `{attempt}` stands for its number, `{retry}` for that of the retry.
    pub headers: Vec<(String, String)>,
    /// An event that announces each retry.
    pub announce: Option<RetryAnnounce>,
}

/// When a provider comes again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RetryDelays {
    /// These; the last one goes on where there are more retries.
    List {
        /// In seconds, one for each retry.
        seconds: Vec<f64>,
    },
    /// Each so many times the one before.
    Exponential {
        /// The first, in seconds.
        first_s: f64,
        /// How many times.
        factor: f64,
        /// None is longer, in seconds.
        cap_s: Option<f64>,
    },
}

/// A header with a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RetryHeader {
    /// Its name.
    pub name: String,
    /// Its value, in any case; empty: any.
    pub value: String,
}

/// Which answers' `Retry-After` is heeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RetryThrottle {
    /// Of these statuses.
    pub on: Vec<u16>,
    /// But no longer than this, in seconds.
    pub cap_s: u32,
}

/// What a redirect is to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RetryRedirects {
    /// A failure.
    Fail,
    /// Followed.
    Follow,
}

/// An event that announces each retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RetryAnnounce {
    /// Its type in the catalogue.
    pub event_type: String,
    /// Whether it is sent.
    pub on: bool,
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RetryBasis {
    /// The provider's document.
    Documented,
    /// We, until the user confirms it.
    Assumed,
    /// Nobody: the document does not say it, and the value is what is done then.
    NotDocumented,
    /// The user.
    Edited,
}

/// A row of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RetryRow {
    /// The field: `attempts`, `delays`, `jitter`, `timeout`, `success`, `stop_on`, `stop_header`, `throttle`, `redirects`,
    /// `sign_anew`, `headers`, `announce`.
    pub field: String,
    /// Its name for a person.
    pub label: String,
    /// In words.
    pub value: String,
    /// Who says so.
    pub basis: RetryBasis,
    /// What the document says instead.
    pub note: Option<String>,
}

/// A provider's policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabPolicy {
    /// The provider's id.
    pub provider: String,
    /// Its name.
    pub name: String,
    /// The policy in use: the user's where there is one.
    pub policy: RetryPolicy,
    /// What its file says.
    pub own: RetryPolicy,
    /// The policy in use, row by row.
    pub rows: Vec<RetryRow>,
    /// The intervals in use, in words: `10, 30, 90 s`.
    pub intervals: String,
    /// One line below the choice: `documented · timeout 10 s · success is exactly 200`.
    pub summary: String,
    /// The user saved one of his own.
    pub edited: bool,
    /// It signs its deliveries.
    pub signs: bool,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RetryPolicyFault {
    /// The field, as in [`RetryRow`].
    pub field: String,
    /// One sentence.
    pub sentence: String,
}
