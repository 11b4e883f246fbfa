//! What a command answers when it cannot be done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A code, only where the window branches on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A filter has wrong syntax; `detail` says where.
    BadFilter,
    /// The thing named is not there (any more).
    NotFound,
    /// The arguments do not fit.
    BadInput,
    /// The log cannot be written.
    LogUnwritable,
    /// Anything else.
    Failed,
}

/// Where a text is wrong, in characters (Unicode scalar values).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextPosition {
    /// First wrong character.
    pub start: u32,
    /// How many are wrong; at least 1.
    pub len: u32,
}

/// The error of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommandError {
    /// What the window may branch on.
    pub code: ErrorCode,
    /// What happened, what was kept and what to do, for a person.
    pub message: String,
    /// For `bad_filter`: where.
    pub detail: Option<TextPosition>,
}
