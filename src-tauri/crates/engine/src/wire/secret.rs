//! A secret without its value, and what is noticed about one while it is typed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A stored secret without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretInfo {
    /// Provider id.
    pub provider: String,
    /// Its name, unique for the provider.
    pub name: String,
    /// Dots and, where it is long enough, its last four characters.
    pub masked: String,
    /// What the key is: "32 bytes", or why there is none.
    pub decodes_to: String,
    /// When it last matched a delivery, RFC 3339.
    pub last_matched: Option<String>,
    /// Given for this run only (`--secret`): it cannot be edited.
    pub this_run_only: bool,
    /// Why its value cannot be read now, in a sentence; then nothing is known but its name.
    pub unreadable: Option<String>,
    /// What is noticed about it.
    pub findings: Vec<SecretFinding>,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// It will not verify.
    Error,
    /// It probably is not what the user wants.
    Warning,
    /// Worth knowing.
    Note,
}

/// Something noticed about a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretFinding {
    /// How grave.
    pub level: FindingLevel,
    /// One sentence.
    pub message: String,
}

/// What a language's own decoder makes of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DecodedBy {
    /// `Node` or `Python`.
    pub language: String,
    /// The call: `Buffer.from(secret, "base64")`.
    pub call: String,
    /// What comes out: "32 bytes", "raises binascii.Error: Incorrect padding".
    pub outcome: String,
    /// It gives the key that Countersign uses.
    pub usable: bool,
}

/// What is noticed about a secret while it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretInspection {
    /// "32 bytes", or why there is no key.
    pub decodes_to: String,
    /// What is noticed.
    pub findings: Vec<SecretFinding>,
    /// What Node and Python make of it; empty where the key is the text itself.
    pub decoded_by: Vec<DecodedBy>,
    /// The value without white space or quotes around it, where that differs: offered as a mend.
    pub suggestion: Option<String>,
}
