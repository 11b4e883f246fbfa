//! Folders of fixtures that the user works with.

use super::{Comparison, ImportFormat, VerdictDetail, VerdictSummary, WireBytes, WireHeader};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A folder of fixtures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderInfo {
    /// Its path, absolute; it names the folder.
    pub path: String,
    /// Its last part.
    pub name: String,
    /// Files in it and below it that may be fixtures.
    pub files: u32,
    /// Changes of its files are noticed; else reading it again shows them.
    pub watched: bool,
    /// Why it cannot be read, or why its changes are not noticed; a sentence.
    pub problem: Option<String>,
}

/// A page of a folder's files, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderPage {
    /// The files.
    pub files: Vec<FixtureFile>,
    /// All files of the folder.
    pub total: u32,
    /// Those that the filter takes.
    pub matched: u32,
    /// `before` of the next page; none at the end.
    pub next: Option<String>,
    /// There are more files than are listed: the limit, in a sentence.
    pub problem: Option<String>,
}

/// A fixture file as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FixtureFile {
    /// Its path, absolute; it names the file.
    pub file: String,
    /// Its path within the folder.
    pub name: String,
    /// What it is; none where it cannot be read.
    pub format: Option<ImportFormat>,
    /// Why it is no fixture, one or two sentences.
    pub problem: Option<String>,
    /// Where in it that is, from 1.
    pub line: Option<u32>,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was written last, RFC 3339.
    pub modified_at: Option<String>,
    /// What it shows, as it says.
    pub about: Option<String>,
    /// When it was captured, RFC 3339.
    pub captured_at: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// The path with its query, as sent.
    pub target: Option<String>,
    /// The provider that it is recognised as now.
    pub provider: Option<String>,
    /// The event's type.
    pub event_type: Option<String>,
    /// The event's id.
    pub event_id: Option<String>,
    /// The verdicts of its own schemes with the secrets that are stored now, by the clock of its capture.
    pub verdicts: Vec<VerdictSummary>,
    /// Whether the verdicts are what it expects; none where it expects nothing.
    pub as_expected: Option<bool>,
    /// What is not as it expects.
    pub unexpected: Vec<Unexpected>,
    /// The delivery of the log that it was made of; none where that is not there.
    pub capture: Option<String>,
    /// What differs from that delivery; empty where nothing does.
    pub differs: Vec<FixtureField>,
    /// What to know about it, a sentence or two each.
    pub notes: Vec<String>,
}

/// Something that is not as a fixture expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unexpected {
    /// `recognised`, `event_type`, `event_id`, a scheme, or a check.
    pub what: String,
    /// What the fixture says.
    pub expected: String,
    /// What came.
    pub got: String,
}

/// A field in which a fixture and a delivery are different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FixtureField {
    /// `method`, `target`, `version`, `headers`, `body`, `captured_at`, `secret`, or one of what is expected.
    pub field: String,
    /// In a sentence: what differs.
    pub words: String,
    /// What the file says, where that is short.
    pub old: Option<String>,
    /// What the delivery says, where that is short.
    pub new: Option<String>,
}

/// What an update of a fixture from a delivery would change. Nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderDiff {
    /// The file.
    pub file: String,
    /// The delivery.
    pub delivery: String,
    /// The request of the file against that of the delivery.
    pub comparison: Comparison,
    /// Every field that changes.
    pub fields: Vec<FixtureField>,
    /// The file's text as it will be, its first 20,000 characters.
    pub text: String,
    /// Names the file's content: `folder_update` refuses where it has changed since.
    pub version: String,
    /// What to know before, a sentence or two each.
    pub notes: Vec<String>,
}

/// Which files of a folder are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FixtureState {
    /// All of them.
    All,
    /// Their verdicts are not what they expect.
    Unexpected,
    /// They differ from the delivery that they were made of.
    Differs,
    /// They cannot be read.
    Broken,
}

/// What of a folder is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FixtureFilter {
    /// Words that all stand in the name, the provider, the event, the target or what the file says it shows.
    pub text: String,
    /// The state.
    pub state: FixtureState,
}

/// How many files of a folder are how. Every file is in one of `hold`, `unexpected`, `silent` and `broken`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderCounts {
    /// All of them.
    pub files: u32,
    /// Their verdicts are what they expect.
    pub hold: u32,
    /// Their verdicts are not.
    pub unexpected: u32,
    /// They expect nothing.
    pub silent: u32,
    /// They cannot be read.
    pub broken: u32,
    /// They differ from the delivery that they were made of.
    pub differs: u32,
}

/// A fixture file with all that is known of it but its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FixtureDetail {
    /// The row, with the verdicts of all schemes.
    pub file: FixtureFile,
    /// The request line's version.
    pub http_version: String,
    /// The headers, in order and as in the file.
    pub headers: Vec<WireHeader>,
    /// Request line and headers as they would stand on the wire.
    pub raw_head: WireBytes,
    /// The body in the file, in bytes.
    pub kept_len: u64,
    /// The body as it was sent, in bytes.
    pub body_len: u64,
    /// The media type that the headers say.
    pub content_type: Option<String>,
    /// Every scheme's verdict, explained.
    pub verdicts: Vec<VerdictDetail>,
    /// Everything that it expects, and what came.
    pub expected: Vec<Unexpected>,
    /// The places that were masked when it was exported, in words.
    pub masked: Vec<String>,
    /// The name of the published test secret that it was signed anew with.
    pub signed_with: Option<String>,
}
