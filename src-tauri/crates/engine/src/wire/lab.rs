//! The retry lab: what is to be tried, how far it has come and what was found.

use super::{DraftSource, RetryPolicy, RetryRow, RunInfo};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is to be tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabRequest {
    /// Whose schedule.
    pub provider: String,
    /// A policy for this run alone; the provider's where it is not given.
    pub policy: Option<RetryPolicy>,
    /// The event: a delivery, an attempt, a template, or an event of the catalogue. A pasted text is not taken: it would
    /// be kept with the run.
    pub source: DraftSource,
    /// Where to.
    pub endpoint: LabEndpoint,
    /// How fast the waiting goes.
    pub speed: LabSpeed,
    /// The time that is signed.
    pub timestamps: LabTimestamps,
    /// How it is signed.
    pub signing: LabSigning,
    /// What the jitter is drawn from.
    pub seed: u32,
    /// What goes wrong in front of the endpoint.
    pub faults: Vec<LabFault>,
    /// What is tried after the schedule.
    pub also: Vec<LabExperiment>,
    /// The event that follows, for `out_of_order`; the one after it in the catalogue where it is not given.
    pub next_event: Option<String>,
    /// How the endpoint's state is read.
    pub probe: Option<LabProbe>,
    /// Fields that do not count when answers and states are compared: JSON pointers (RFC 6901).
    pub ignore: Vec<String>,
}

/// Where a run goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabEndpoint {
    /// The user's.
    Url {
        /// An http or https address.
        url: String,
        /// Any certificate is accepted.
        any_certificate: bool,
    },
    /// A small one that Countersign runs on loopback while the run goes on: it verifies, answers, counts.
    Practice {
        /// It forgets what it has done, and so does it twice: to see how that is found.
        forgetful: bool,
    },
}

/// How fast the waiting between attempts goes. Attempts and their timeouts take the time they take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabSpeed {
    /// As in life.
    Real,
    /// So many times faster, 1 to 1,000,000.
    Faster {
        /// How many.
        times: f64,
    },
    /// No waiting.
    None,
}

/// The time that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabTimestamps {
    /// The moment of sending.
    Now,
    /// That of the schedule, as if all the waiting had passed: ahead of the clock where waiting is shortened.
    AsScheduled,
}

/// How a run's requests are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabSigning {
    /// By the provider's rule.
    Sign {
        /// The name of one of its secrets; the first one where none is given.
        secret: Option<String>,
    },
    /// Not: the headers leave as they are.
    Keep,
}

/// What goes wrong in front of the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabFault {
    /// What.
    pub kind: LabFaultKind,
    /// On which attempts of the schedule, by number from 1; empty: on every one.
    pub attempts: Vec<u32>,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabFaultKind {
    /// It is down: this is answered in its place, 400 to 599.
    Status {
        /// The status.
        status: u16,
    },
    /// It is down: no connection.
    Refused,
    /// It is down: the connection is closed without an answer.
    Closed,
    /// It is slow: it gets the request at once, and its answer is held.
    Slow {
        /// How long, in milliseconds, up to 600,000.
        ms: u32,
    },
    /// It does its work, and its answer is lost.
    LoseAck,
}

/// What is tried beside the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabExperiment {
    /// The endpoint works, its answer is lost, the same event comes again.
    LostAck,
    /// The same event twice at the same time.
    AtOnce,
    /// The next event first, then this one.
    OutOfOrder,
    /// The same event again after it was delivered.
    Late,
}

/// How the endpoint's state is read, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabProbe {
    /// `GET` of an address; its answer's body is the state.
    Url {
        /// The address.
        url: String,
    },
    /// A program; what it prints is the state. It has 10 seconds.
    Command {
        /// The program and its words, with quotes as in a shell. No shell reads it.
        command: String,
    },
}

/// A schedule before it is started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabPlan {
    /// The attempts.
    pub attempts: Vec<LabPlanned>,
    /// From the first attempt to the last, in milliseconds.
    pub total_ms: u64,
    /// The same in words: `130 s`, `2 days 4 h`.
    pub total: String,
    /// The same where every attempt takes as long as it may, in words.
    pub longest: String,
    /// How long the waiting really takes at the chosen speed, in milliseconds.
    pub waiting_ms: u64,
    /// The same in words.
    pub waiting: String,
    /// The seed of the jitter.
    pub seed: u32,
    /// Where to, as it is shown.
    pub endpoint: String,
    /// The event, in words.
    pub event: String,
    /// How many requests are sent at the most, with what is tried beside the schedule.
    pub requests: u32,
    /// What to know before it starts, one sentence each.
    pub warnings: Vec<String>,
}

/// An attempt of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabPlanned {
    /// Its number, from 1.
    pub attempt: u32,
    /// After the first, where every attempt fails at once; in milliseconds.
    pub offset_ms: u64,
    /// After the end of the one before; in milliseconds.
    pub wait_ms: u64,
    /// The offset in words: `10 s`, `32 min`.
    pub offset: String,
    /// What goes wrong with it, in words; none: it reaches the endpoint.
    pub fault: Option<String>,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabPhase {
    /// It prepares.
    Preparing,
    /// An attempt is under way.
    Sending,
    /// It waits for the next attempt: see the countdown.
    Waiting,
    /// It reads the endpoint's state.
    Probing,
    /// It tries what is tried beside the schedule.
    Experimenting,
    /// It is over: `run.state` says how.
    Ended,
}

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabState {
    /// The run.
    pub run: RunInfo,
    /// What was asked: `lab_start` with it repeats the run.
    pub request: LabRequest,
    /// The policy that it goes by.
    pub policy: RetryPolicy,
    /// The same, row by row, as it was when the run began.
    pub rows: Vec<RetryRow>,
    /// The provider's name.
    pub provider_name: String,
    /// The event, in words.
    pub event: String,
    /// Where to, as it is shown.
    pub endpoint: String,
    /// What was planned.
    pub plan: LabPlan,
    /// What it is doing.
    pub phase: LabPhase,
    /// The user holds it.
    pub paused: bool,
    /// What it waits for.
    pub countdown: Option<LabCountdown>,
    /// The attempts of the schedule, in order, with what announced them.
    pub attempts: Vec<LabAttempt>,
    /// The attempts of what was tried beside it, in order.
    pub tried: Vec<LabAttempt>,
    /// What was found.
    pub findings: Vec<LabFinding>,
    /// Whether the event was delivered by the schedule; none as long as that is open.
    pub delivered: Option<bool>,
    /// `Delivered on attempt 4 of 4`.
    pub headline: String,
    /// `FirebirdGen schedule against localhost:3000/api/webhook · 130.3 s of schedule in 2.2 s`.
    pub summary: String,
    /// How far the schedule's clock is, in milliseconds.
    pub schedule_ms: u64,
    /// How long the run has really taken, in milliseconds, without the time between an interruption and its resuming.
    pub real_ms: u64,
    /// What else to know: gaps, changed secrets, one sentence each.
    pub notes: Vec<String>,
}

/// What a run waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabCountdown {
    /// The attempt.
    pub attempt: u32,
    /// When it leaves, really: RFC 3339, UTC. While the run is held this moves on.
    pub due_at: String,
    /// How long from now, really, in milliseconds, as this was told.
    pub left_ms: u64,
    /// How long the provider would wait, in milliseconds.
    pub wait_ms: u64,
    /// When it leaves on the schedule's clock, in milliseconds after the first attempt.
    pub offset_ms: u64,
}

/// What came of an attempt of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabCame {
    /// It is under way.
    Sending,
    /// An answer.
    Answered,
    /// None within the timeout.
    Timeout,
    /// None, for another cause.
    NoAnswer,
    /// It was cut off: the run was cancelled or died.
    Cut,
}

/// An attempt of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabAttempt {
    /// Its number in the schedule, from 1; of what announces a retry, that retry's; beside the schedule, its number in its
    /// experiment.
    pub number: u32,
    /// It announces a retry, and is none itself.
    pub announces: bool,
    /// What it was sent for beside the schedule.
    pub experiment: Option<LabExperiment>,
    /// The attempt in the log, for `attempt_detail`; none while it is not known.
    pub id: Option<String>,
    /// When it was planned, on the schedule's clock, in milliseconds after the first attempt.
    pub planned_ms: u64,
    /// When it was sent, on the schedule's clock.
    pub sent_ms: u64,
    /// When it was really sent: RFC 3339, UTC.
    pub sent_at: String,
    /// What came.
    pub came: LabCame,
    /// The answer's status.
    pub status: Option<u16>,
    /// What came, in a word: `200`, `timeout`, `refused`.
    pub label: String,
    /// It counts as delivered.
    pub good: bool,
    /// How long it took, in microseconds.
    pub took_us: Option<i64>,
    /// Until the connection stood, in microseconds.
    pub connected_us: Option<i64>,
    /// Until the answer's first byte, in microseconds.
    pub first_byte_us: Option<i64>,
    /// What decided what comes next, in words: `not exactly 200 → retry in 10 s`.
    pub why: String,
    /// What went wrong on purpose, in words.
    pub fault: Option<String>,
    /// What the endpoint had answered, where that was lost on purpose.
    pub lost_status: Option<u16>,
    /// How it was signed, in words.
    pub signing: Option<String>,
    /// Why there was no answer, in a sentence.
    pub error: Option<String>,
}

/// What was found about doing things once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabFindingKind {
    /// Proved: the work was done twice.
    RanTwice,
    /// The answers differ, and that may be why.
    MayHaveRunTwice,
    /// Answered the same, state unchanged.
    SameUnchanged,
    /// Answered in other words, state unchanged.
    Unchanged,
    /// The answer itself says that it knew the event.
    Recognised,
    /// Both answers name the same thing.
    SameThing,
    /// Neither the answers nor the state say.
    CannotTell,
    /// The second one was not taken: it counts as failed and comes again.
    Refused,
    /// There is nothing to compare.
    NotTried,
}

/// How a finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabWeight {
    /// As it should be.
    Good,
    /// A fault.
    Bad,
    /// To be looked at.
    Open,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabFinding {
    /// What was tried.
    pub experiment: LabExperiment,
    /// Its name for a person: `duplicate after lost ack`.
    pub label: String,
    /// What was found.
    pub kind: LabFindingKind,
    /// How it is to be taken.
    pub weight: LabWeight,
    /// In a sentence.
    pub words: String,
    /// The attempts that it rests on, in the log.
    pub attempts: Vec<String>,
}

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabComparison {
    /// The one.
    pub a: RunInfo,
    /// The other.
    pub b: RunInfo,
    /// What they have not in common, one sentence each: provider, policy, endpoint.
    pub differences: Vec<String>,
    /// The attempts of both, by number.
    pub rows: Vec<LabComparedRow>,
    /// The findings of both, by what was tried.
    pub findings: Vec<LabComparedFinding>,
}

/// An attempt of both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabComparedRow {
    /// Its number.
    pub number: u32,
    /// In the one.
    pub a: Option<LabAttempt>,
    /// In the other.
    pub b: Option<LabAttempt>,
    /// They came out alike: same label, same decision.
    pub alike: bool,
}

/// A finding of both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabComparedFinding {
    /// What was tried.
    pub experiment: LabExperiment,
    /// In the one.
    pub a: Option<LabFinding>,
    /// In the other.
    pub b: Option<LabFinding>,
    /// The same was found.
    pub alike: bool,
}

/// The form of an exported run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabFormat {
    /// All that is known, for programs.
    Json,
    /// A report with the drawing in it.
    Markdown,
    /// The drawing.
    Svg,
}

/// An exported run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabExport {
    /// A name for the file.
    pub name: String,
    /// Its text.
    pub text: String,
}
