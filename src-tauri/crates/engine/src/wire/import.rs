//! Files that become deliveries: what is in them, what was taken, and what could not be.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What deliveries are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// A Countersign fixture.
    Fixture,
    /// HAR 1.2.
    Har,
    /// A `.http` file of VS Code's REST Client or of the JetBrains IDEs.
    Http,
    /// `curl` commands.
    Curl,
    /// A Postman collection 2.1.
    Postman,
    /// Everything of Countersign's log, one JSON object a line.
    Ndjson,
    /// A JSON body without a request around it.
    Payload,
    /// A request as it stands on the wire.
    Raw,
}

/// Where an imported delivery comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportOrigin {
    /// The file's name, or “pasted text”.
    pub name: String,
    /// What it was read as.
    pub format: ImportFormat,
    /// The format's name for a person: “HAR 1.2”.
    pub label: String,
}

/// Where an import reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ImportInput {
    /// Files and folders, in this order. Of a folder every file with one of the known endings is read, in the order of
    /// their names, and of the folders below it.
    Paths {
        /// Absolute paths.
        paths: Vec<String>,
    },
    /// A text that was pasted.
    Text {
        /// The text.
        text: String,
    },
}

/// What is imported, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// Where it is read, in this order.
    pub inputs: Vec<ImportInput>,
    /// The provider of those bare JSON payloads that are not recognised by the shape of their body, by its id: they come in
    /// on its path. It changes nothing of whole requests.
    pub provider: Option<String>,
}

/// What becomes of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It can be imported. In previews only.
    Ready,
    /// It is in the log.
    Imported,
    /// It was in the log already: the same bytes, received at the same time.
    Duplicate,
    /// It cannot be read.
    Failed,
    /// It stands in a folder and is nothing that can be imported: a JSON file of no known provider, another text.
    PassedOver,
}

/// One item of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportItem {
    /// The file, as it was named; “pasted text”.
    pub file: String,
    /// Which one of the file's, from 1; 0 where it is the file as a whole.
    pub item: u32,
    /// The line it begins on or is wrong on, from 1; none where that cannot be said.
    pub line: Option<u32>,
    /// What it is, for a person: its name in the file, or method and path.
    pub title: String,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// The delivery: the new one, or the one that was there.
    pub delivery: Option<String>,
    /// Why it could not be read, or was passed over, one or two sentences.
    pub reason: Option<String>,
    /// The provider it is recognised as, by its id; none too where it is there already.
    pub provider: Option<String>,
    /// The event's type, likewise.
    pub event_type: Option<String>,
    /// The method; none where it cannot be read.
    pub method: Option<String>,
    /// The path without its query, likewise.
    pub path: Option<String>,
    /// Bytes of the body, likewise.
    pub body_len: Option<u64>,
    /// When it was received, RFC 3339, where the file says it.
    pub received_at: Option<String>,
    /// What to know about it, a sentence or two each.
    pub notes: Vec<String>,
}

/// A page of the items of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportItems {
    /// As many can be listed: the first 10,000, and the first 10,000 that could not be read.
    pub total: u32,
    /// The page.
    pub items: Vec<ImportItem>,
}

/// One file of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportFile {
    /// The file, as it was named; “pasted text”.
    pub file: String,
    /// What it is read as; none where that is not known.
    pub format: Option<ImportFormat>,
    /// The format's name for a person.
    pub label: Option<String>,
    /// Deliveries that can be read.
    pub deliveries: u32,
    /// What cannot be read of it.
    pub faults: u32,
}

/// What an import would do. Nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPreview {
    /// Files that would be read.
    pub files_total: u32,
    /// The files that were looked into: the first 10,000, as far as they hold 10,000 items and 500 MB.
    pub files: Vec<ImportFile>,
    /// Deliveries that would come in; of what was looked into.
    pub ready: u32,
    /// Deliveries that are in the log already and would be passed over.
    pub duplicates: u32,
    /// Items that cannot be read.
    pub failed: u32,
    /// Files in folders that are nothing to import.
    pub passed_over: u32,
    /// Some of it was not looked into, because it is very much.
    pub partial: bool,
    /// Bare payloads of which no provider is known. In folders they are passed over.
    pub unrecognised: u32,
    /// The items, in the order of the files.
    pub items: Vec<ImportItem>,
    /// What to know about the whole, a sentence or two each.
    pub notes: Vec<String>,
}

/// How far an import has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportState {
    /// Files to read.
    pub files_total: u32,
    /// Those that were read.
    pub files_done: u32,
    /// The file that is being read; none where it is over.
    pub file: Option<String>,
    /// Deliveries that came in.
    pub imported: u32,
    /// Deliveries that were in the log already.
    pub duplicates: u32,
    /// Items that could not be read.
    pub failed: u32,
    /// Files in folders that are nothing to import.
    pub passed_over: u32,
    /// It goes on.
    pub running: bool,
    /// It was cancelled; what came in stays.
    pub cancelled: bool,
    /// Why it broke off; what came in stays.
    pub problem: Option<String>,
    /// One sentence: what became of it.
    pub outcome: String,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
}
