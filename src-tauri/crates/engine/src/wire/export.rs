//! Deliveries as files: what goes out, what is masked in it, and what became of each file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What deliveries are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Countersign fixtures, one JSON file a delivery.
    Fixtures,
    /// HAR 1.2, one file.
    Har,
    /// A POSIX shell script that sends the same bytes with curl.
    Curl,
    /// One `.http` file for VS Code's REST Client and the JetBrains IDEs.
    Http,
    /// A Postman collection 2.1.
    Postman,
    /// The requests as they stand on the wire, one file a delivery.
    Raw,
    /// The list as a table.
    Csv,
    /// Everything, one JSON object a line.
    Ndjson,
}

/// A format as a menu shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportFormatInfo {
    /// The format.
    pub format: ExportFormat,
    /// Its name for a person.
    pub label: String,
    /// One sentence: what it is good for.
    pub about: String,
    /// What its files' names end with, such as `.json`.
    pub extension: String,
    /// All deliveries are in one file; else each has its own.
    pub one_file: bool,
    /// It can be copied as a text where several deliveries are selected; each can be copied alone.
    pub copies_many: bool,
    /// What it cannot carry, one sentence each.
    pub notes: Vec<String>,
}

/// Which deliveries go out, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportSelection {
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
    /// What a run sent.
    Run {
        /// The run's id.
        run: String,
    },
    /// What the batch sent that runs or ran last.
    Batch,
}

/// What may be masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RedactKind {
    /// `Authorization`, API keys and other headers that give access.
    Credentials,
    /// `Cookie` and `Set-Cookie`.
    Cookies,
    /// Tokens in query strings.
    Tokens,
    /// Addresses of tunnels and other public hosts of this machine.
    TunnelAddresses,
    /// Addresses of clients, as proxies note them.
    ClientIps,
    /// E-mail addresses.
    Emails,
    /// What the user chose by its JSON pointer.
    Chosen,
    /// The value of a stored secret, which is masked whatever is chosen.
    Secrets,
}

/// What is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Redaction {
    /// Kinds that are masked wherever they stand. Stored secrets are always.
    pub kinds: Vec<RedactKind>,
    /// Places that are masked whatever their kind: [`FoundInfo`]'s `key`.
    pub mask: Vec<String>,
    /// Places that are not masked whatever their kind.
    pub keep: Vec<String>,
    /// JSON pointers into bodies that are masked; a step `*` stands for any.
    pub pointers: Vec<String>,
    /// Bodies and the headers that are signed leave as they were captured, but for stored secrets.
    pub keep_exact: bool,
}

/// What is exported, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// Which deliveries.
    pub selection: ExportSelection,
    /// As what.
    pub format: ExportFormat,
    /// What is masked.
    pub redaction: Redaction,
    /// Where curl scripts, `.http` files and Postman collections send to, `http://localhost:3000`; the listener's usual
    /// address where it is not given.
    pub base_url: Option<String>,
    /// Test files that are written beside fixtures; none where none are wanted.
    #[serde(default)]
    pub tests: Option<ExportTests>,
}

/// Test files for fixtures: one for each provider that is among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportTests {
    /// The test runner: a [`TestRunnerInfo`]'s `id`.
    pub runner: String,
    /// The app that the tests call; where none is given they send to a URL.
    pub app: Option<TestedApp>,
}

/// An app that tests call without a server of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestedApp {
    /// Its framework: a [`FrameworkInfo`]'s `id`.
    pub framework: String,
    /// The module that has it, as its language imports it: `webhook`, `../src/app.js`.
    pub module: String,
    /// Its name there: `app`; `default` is a module's default export.
    pub name: String,
    /// The path that it takes webhooks on: `/webhook`.
    pub path: String,
}

/// A test runner as a menu shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestRunnerInfo {
    /// How it is asked for: pytest, vitest, jest, go, cargo, phpunit or rspec.
    pub id: String,
    /// Its name for a person.
    pub name: String,
    /// The frameworks whose app it can call.
    pub frameworks: Vec<FrameworkInfo>,
}

/// A framework as a menu shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FrameworkInfo {
    /// How it is asked for: flask, fastapi, express or next.
    pub id: String,
    /// Its name for a person.
    pub name: String,
    /// A module as it may be given: `webhook`.
    pub module: String,
    /// A name of the app as it may be given: `app`.
    pub app: String,
}

/// A test file that belongs to an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportTestFile {
    /// Its name below the folder or in the zip file.
    pub name: String,
    /// The id of its provider.
    pub provider: String,
    /// How it is run, one line for a shell, from the folder.
    pub command: String,
    /// The environment variable that it reads the secret from; empty where the provider does not sign.
    pub secret_env: String,
    /// What its user must know, one sentence each.
    pub notes: Vec<String>,
}

/// Where an export goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportDestination {
    /// Files in a folder, which is made where it is not there.
    Folder {
        /// Its path, absolute.
        path: String,
    },
    /// One zip file.
    Zip {
        /// Its path, absolute.
        path: String,
    },
}

/// What is done about a file that is there already with other content. One with the same content is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OnExisting {
    /// Nothing is written, and the state says which they are.
    Ask,
    /// It is replaced. For `export_start` this answers the export before, and holds for the files that it asked about: where
    /// others are there, it is asked again.
    Overwrite,
    /// It stays, and the delivery is passed over.
    Skip,
    /// It stays, and the new one gets a number.
    Number,
}

/// Something that was found and may be masked: one place in all deliveries that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundInfo {
    /// Names the place, for [`Redaction`]'s `mask` and `keep`: `header:authorization`, `query:token`, `json:/data/email`.
    pub key: String,
    /// What it is.
    pub kind: RedactKind,
    /// Where it is, for a person: “header Authorization”, “/data/email in the body”.
    pub place: String,
    /// Its JSON pointer, where it is a value in a JSON body.
    pub pointer: Option<String>,
    /// The first one that was found, shortened and partly masked.
    pub shown: String,
    /// In how many deliveries.
    pub deliveries: u32,
    /// The first of them.
    pub first: String,
    /// It is masked with these choices.
    pub masked: bool,
    /// Masking it is suggested.
    pub suggested: bool,
    /// It is always masked: a stored secret.
    pub always: bool,
    /// Masking it changes what is signed, so that the delivery is signed anew with a test secret.
    pub signed: bool,
}

/// What would go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportPreview {
    /// How many deliveries.
    pub deliveries: u32,
    /// How many of them were searched: the first ones, where they are very many.
    pub searched: u32,
    /// The names of the files, the first 50.
    pub names: Vec<String>,
    /// How many files there will be, bodies in files of their own apart.
    pub files: u32,
    /// How large they will be together, in bytes; an estimate where not all were searched.
    pub bytes: u64,
    /// What was found.
    pub found: Vec<FoundInfo>,
    /// How many of the searched deliveries will be signed anew.
    pub signed_anew: u32,
    /// The text of the first file as it will be, its first 20,000 characters.
    pub sample: String,
    /// What is to be known, one sentence or two each.
    pub notes: Vec<String>,
    /// What should be thought about before, one sentence or two each.
    pub warnings: Vec<String>,
}

/// How far an export has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportState {
    /// Deliveries to export.
    pub total: u32,
    /// Those that are done.
    pub done: u32,
    /// It goes on.
    pub running: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// Why it broke off; none where it did not.
    pub problem: Option<String>,
    /// Files that are new.
    pub written: u32,
    /// Files that replaced others.
    pub overwritten: u32,
    /// Files that were there with the same content.
    pub unchanged: u32,
    /// Files that were left out because others are there.
    pub skipped: u32,
    /// Files that are there with other content, where it was to be asked: nothing was written. See `export_files`.
    pub existing: u32,
    /// Where it went: the folder or the zip file.
    pub path: String,
    /// The format.
    pub format: ExportFormat,
    /// The test files that belong to it.
    pub tests: Vec<ExportTestFile>,
    /// One sentence: what became of it.
    pub outcome: String,
    /// What is to be known, one sentence or two each.
    pub notes: Vec<String>,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportOutcome {
    /// It is new.
    Written,
    /// It replaced another one.
    Overwritten,
    /// It was there with the same content.
    Unchanged,
    /// Another one is there and was left alone.
    Skipped,
    /// Another one is there: it was to be asked, and nothing was written.
    Exists,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportFile {
    /// Its name below the folder or in the zip file.
    pub name: String,
    /// The delivery; none where it has several.
    pub delivery: Option<String>,
    /// Its size in bytes.
    pub bytes: u64,
    /// What became of it.
    pub outcome: ExportOutcome,
}

/// Deliveries as a text to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportText {
    /// The text.
    pub text: String,
    /// What is to be known about it, one sentence or two each.
    pub notes: Vec<String>,
}

/// What was chosen for the last export, to be offered for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ExportDefaults {
    /// The format.
    pub format: ExportFormat,
    /// Into a zip file; else into a folder.
    pub zip: bool,
    /// The folder, absolute; empty where none was chosen yet.
    pub folder: String,
    /// The zip file, absolute; empty where none was chosen yet.
    pub file: String,
    /// Kinds that are masked.
    pub kinds: Vec<RedactKind>,
    /// JSON pointers that are masked.
    pub pointers: Vec<String>,
}

impl Default for ExportDefaults {
    fn default() -> Self {
        ExportDefaults {
            format: ExportFormat::Fixtures,
            zip: false,
            folder: String::new(),
            file: String::new(),
            kinds: vec![
                RedactKind::Credentials,
                RedactKind::Cookies,
                RedactKind::Tokens,
                RedactKind::TunnelAddresses,
                RedactKind::ClientIps,
            ],
            pointers: Vec::new(),
        }
    }
}
