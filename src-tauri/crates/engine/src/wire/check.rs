//! The endpoint check: what is sent to an endpoint, what came back and what it means.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckRequest {
    /// By whose rules, and as whom.
    pub provider: String,
    /// The endpoint's URL.
    pub endpoint: String,
    /// Which event of the provider's catalogue is sent; the one that says most where it is not given.
    #[serde(default)]
    pub event: Option<String>,
    /// The secrets to sign with, by name; all of the provider's where none is named.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// Ids of events that the endpoint waits for, used in turn, the last one for ever; made up where none is given.
    #[serde(default)]
    pub ids: Vec<String>,
    /// How the endpoint's state is read, to see whether something was done.
    #[serde(default)]
    pub state: Option<StateProbe>,
    /// How long an answer is waited for, in milliseconds; as long as the provider does where it is not given.
    #[serde(default)]
    pub timeout_ms: Option<u32>,
    /// The endpoint's certificate is not checked: for one that is self-signed.
    #[serde(default)]
    pub any_certificate: bool,
    /// Only these probes, by id; all where none is named.
    #[serde(default)]
    pub only: Vec<String>,
    /// What makes the endpoint work is sent without asking first.
    #[serde(default)]
    pub yes: bool,
}

/// How the endpoint's state is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StateProbe {
    /// A GET of a URL; its status and body are the state.
    Url {
        /// The URL.
        url: String,
    },
    /// A command of the shell; what it prints is the state.
    Command {
        /// The command.
        command: String,
    },
}

/// What a probe is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProbeGroup {
    /// The endpoint must refuse it.
    Refuse,
    /// The endpoint must accept it.
    Accept,
    /// How the endpoint must answer.
    Answer,
    /// It is weighed and not condemned.
    Weigh,
}

/// What came of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckLevel {
    /// Against what the provider documents.
    Fault,
    /// Allowed by the documents, and a risk.
    Warning,
    /// Only the user can answer it.
    Question,
    /// Worth knowing.
    Note,
    /// As it should be.
    Hold,
    /// Not asked, or not yet.
    NotAsked,
}

/// A probe before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProbeInfo {
    /// Its id, `signature_cut_short`.
    pub id: String,
    /// Its name: “Refuses a signature cut short”.
    pub name: String,
    /// What it is about.
    pub group: ProbeGroup,
    /// What is sent, in a sentence.
    pub sent: String,
    /// What is expected, in a sentence.
    pub expected: String,
    /// Why, in a sentence.
    pub why: String,
    /// Where that stands: “VideoPilot: Respond quickly”.
    pub source: String,
    /// A right endpoint works on it as on an event of the provider: it is sent after the confirmation alone.
    pub works: bool,
}

/// What a check will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckPlan {
    /// The provider's id.
    pub provider: String,
    /// Its name.
    pub provider_name: String,
    /// The endpoint.
    pub endpoint: String,
    /// The event that is sent.
    pub event: String,
    /// The events that could be.
    pub events: Vec<String>,
    /// The names of the secrets that are signed with, the first one most.
    pub secrets: Vec<String>,
    /// The probes, in the order in which they are sent.
    pub probes: Vec<ProbeInfo>,
    /// What to know before the first one leaves, in a sentence or two: what the valid ones set off.
    pub warning: String,
    /// How many make a right endpoint work.
    pub working: u32,
    /// How long an answer is waited for, in milliseconds.
    pub timeout_ms: u32,
    /// Sentences about what this check cannot say.
    pub notes: Vec<String>,
    /// What stands in the way of starting it, in a sentence.
    pub problem: Option<String>,
}

/// How far a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckPhase {
    /// What must be refused is sent.
    Refusing,
    /// It waits for the confirmation that the rest may be sent: `check_go_on`.
    Waiting,
    /// What makes the endpoint work is sent.
    Working,
    /// It is over.
    Finished,
    /// The user ended it; what was found is kept.
    Cancelled,
    /// The program that ran it ended; what was found is kept.
    Interrupted,
    /// It could not be carried on; the report says why.
    Failed,
}

/// The progress of a check, for the stream of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckState {
    /// The run's id.
    pub run: String,
    /// How far it is.
    pub phase: CheckPhase,
    /// Probes that are done.
    pub done: u32,
    /// Probes in all.
    pub total: u32,
    /// The name of the one that is being sent.
    pub current: Option<String>,
}

/// What came of one probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckFinding {
    /// The probe.
    pub probe: ProbeInfo,
    /// What came of it.
    pub level: CheckLevel,
    /// The answer in a few words: “500 in 12 ms”; empty where nothing was asked.
    pub answer: String,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// How long the last answer took, in microseconds.
    pub took_us: Option<u64>,
    /// What it means, in a sentence or two; empty where it holds and there is nothing to say. “Same cause as above.” where
    /// `same_as` is given.
    pub meaning: String,
    /// What is wrong with the endpoint, as a word: `throws_on_unequal_length`.
    pub cause: Option<String>,
    /// The title of how to mend it: “unequal lengths throw”.
    pub mend: Option<String>,
    /// The id of the probe whose finding has the same cause and stands first.
    pub same_as: Option<String>,
    /// What to look at in a handler, for `check_mend`: `compare`.
    pub topic: Option<String>,
    /// The attempts, in order.
    pub attempts: Vec<String>,
}

/// How many findings of which weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckScore {
    /// Probes that hold.
    pub hold: u32,
    /// Faults.
    pub faults: u32,
    /// Warnings.
    pub warnings: u32,
    /// Questions.
    pub questions: u32,
    /// Notes.
    pub notes: u32,
    /// Probes that were not asked.
    pub not_asked: u32,
    /// The share of what holds among what holds, faults and warnings, 0 to 100; none where nothing was weighed.
    pub percent: Option<u32>,
}

/// The report card of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckReport {
    /// The run's id.
    pub run: String,
    /// What was asked for; checking again takes it as it is.
    pub request: CheckRequest,
    /// The provider's name.
    pub provider_name: String,
    /// The event that was sent.
    pub event: String,
    /// The names of the secrets.
    pub secrets: Vec<String>,
    /// How far it is.
    pub phase: CheckPhase,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
    /// When it ended: RFC 3339, UTC.
    pub ended_at: Option<String>,
    /// “3 faults, 1 warning”.
    pub headline: String,
    /// The score.
    pub score: CheckScore,
    /// One for each probe, in the order of the plan.
    pub findings: Vec<CheckFinding>,
    /// Sentences about the whole: what cannot be said, what was left out.
    pub notes: Vec<String>,
    /// Why it could not be carried on.
    pub problem: Option<String>,
}

/// How to mend what a finding found: a handler for the provider, and where to look in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckMend {
    /// The language's id, `node`.
    pub language: String,
    /// Its name, `Node`.
    pub language_name: String,
    /// The handler.
    pub code: String,
    /// The lines that the topic is about, from 1, first and last.
    pub lines: Vec<(u32, u32)>,
}

/// A probe of which two checks found something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckChange {
    /// The probe's id.
    pub probe: String,
    /// Its name.
    pub name: String,
    /// The level before; none where that check had no such probe.
    pub before: Option<CheckLevel>,
    /// The level after, likewise.
    pub after: Option<CheckLevel>,
    /// The answer before.
    pub answer_before: String,
    /// The answer after.
    pub answer_after: String,
    /// In words: “mended”, “new fault”.
    pub words: String,
}

/// Two checks beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckComparison {
    /// The earlier run.
    pub before: String,
    /// The later one.
    pub after: String,
    /// In a sentence: “2 mended, 1 new fault, 21 as before.”
    pub summary: String,
    /// What changed, the worst first.
    pub changes: Vec<CheckChange>,
    /// Probes with the same level in both.
    pub same: u32,
    /// What makes them hard to compare: another provider, another endpoint.
    pub notes: Vec<String>,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckFormat {
    /// The report as it crosses here.
    Json,
    /// For people, with how to mend what was found.
    Markdown,
    /// JUnit XML, for CI.
    Junit,
}

/// A report as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckExport {
    /// A name for it.
    pub file_name: String,
    /// Its content.
    pub text: String,
}
