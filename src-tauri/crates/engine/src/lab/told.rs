//! A run in words, and its attempts as the window sees them.

use super::run::Halt;
use crate::error::EngineError;
use crate::runs::RunSent;
use crate::wire::{
    LabAttempt, LabCame, LabExperiment, LabFinding, LabFindingKind, LabPhase, LabState, LabWeight, RunState,
};
use countersign_core::request::Headers;
use countersign_core::retry::{Came, Experiment, Finding, Heard, Kind, Policy, wait};
use countersign_net::NoReply;
use countersign_store as store;

/// Writes what came into an attempt, and answers it as core decides by it.
pub(super) fn fill_in(attempt: &mut LabAttempt, sent: &RunSent, policy: &Policy) -> Came {
    let (done, timing) = (&sent.attempt, sent.attempt.timing);
    attempt.id = Some(sent.id.to_string());
    attempt.error.clone_from(&done.error);
    (attempt.took_us, attempt.connected_us, attempt.first_byte_us) =
        (timing.total_us, timing.connected_us, timing.first_byte_us);
    if let Some(reply) = &done.reply {
        attempt.came = LabCame::Answered;
        attempt.status = Some(reply.status);
        attempt.label = reply.status.to_string();
        attempt.good = policy.success.counts(reply.status);
        return Came::Answer { status: reply.status, headers: Headers::of_head(&reply.head) };
    }
    let (came, label, why) = match sent.no_reply {
        Some(NoReply::Timeout) => (LabCame::Timeout, "timeout", ""),
        Some(NoReply::Unreachable) => (LabCame::NoAnswer, "refused", "no connection"),
        Some(NoReply::NotHttp) => (LabCame::NoAnswer, "not HTTP", "what came back is not HTTP"),
        Some(NoReply::Cancelled) => (LabCame::Cut, "cut off", "cut off"),
        Some(NoReply::Unsendable) => (LabCame::NoAnswer, "not sent", "it could not be sent"),
        Some(NoReply::Closed) | None => (LabCame::NoAnswer, "closed", "the connection closed without an answer"),
    };
    attempt.came = came;
    label.clone_into(&mut attempt.label);
    came_of(came, why)
}

fn came_of(came: LabCame, why: &str) -> Came {
    if came == LabCame::Timeout { Came::Timeout } else { Came::Nothing { why: why.to_owned() } }
}

/// What came of an attempt of an earlier life of the run, without its headers.
pub(super) fn came_before(attempt: &LabAttempt, headers: Headers) -> Came {
    match (attempt.came, attempt.status) {
        (LabCame::Answered, Some(status)) => Came::Answer { status, headers },
        (LabCame::Timeout, _) => Came::Timeout,
        (LabCame::Sending | LabCame::Cut, _) => Came::Nothing { why: "cut off by the interruption".to_owned() },
        _ if attempt.label == "refused" => Came::Nothing { why: "no connection".to_owned() },
        _ => Came::Nothing { why: "no answer".to_owned() },
    }
}

pub(super) fn heard(sent: &RunSent) -> Heard {
    let reply = sent.attempt.reply.as_ref();
    Heard { status: reply.map(|reply| reply.status), body: reply.map(|reply| reply.body.clone()).unwrap_or_default() }
}

pub(super) fn wire_experiment(experiment: Experiment) -> LabExperiment {
    match experiment {
        Experiment::LostAck => LabExperiment::LostAck,
        Experiment::AtOnce => LabExperiment::AtOnce,
        Experiment::OutOfOrder => LabExperiment::OutOfOrder,
        Experiment::Late => LabExperiment::Late,
    }
}

pub(super) fn wire_finding(finding: Finding, attempts: Vec<String>) -> LabFinding {
    let (kind, weight) = match finding.kind {
        Kind::RanTwice => (LabFindingKind::RanTwice, LabWeight::Bad),
        Kind::MayHaveRunTwice => (LabFindingKind::MayHaveRunTwice, LabWeight::Open),
        Kind::SameUnchanged => (LabFindingKind::SameUnchanged, LabWeight::Good),
        Kind::Unchanged => (LabFindingKind::Unchanged, LabWeight::Good),
        Kind::Recognised => (LabFindingKind::Recognised, LabWeight::Good),
        Kind::SameThing => (LabFindingKind::SameThing, LabWeight::Good),
        Kind::CannotTell => (LabFindingKind::CannotTell, LabWeight::Open),
        // A handler may well refuse what is out of date; a duplicate that it refuses comes again and again.
        Kind::Refused if finding.experiment == Experiment::OutOfOrder => (LabFindingKind::Refused, LabWeight::Open),
        Kind::Refused => (LabFindingKind::Refused, LabWeight::Bad),
        Kind::NotTried => (LabFindingKind::NotTried, LabWeight::Open),
    };
    let label = match finding.experiment {
        Experiment::LostAck => "duplicate after lost ack",
        Experiment::AtOnce => "two at once",
        Experiment::OutOfOrder => "out of order with the next event",
        Experiment::Late => "late retry after success",
    };
    LabFinding {
        experiment: wire_experiment(finding.experiment),
        label: label.to_owned(),
        kind,
        weight,
        words: finding.words,
        attempts,
    }
}

/// Ends the state of a run, with its headline and summary.
pub(super) fn noted(state: &mut LabState, went: &Result<(), Halt>) -> store::RunState {
    state.phase = LabPhase::Ended;
    state.countdown = None;
    state.paused = false;
    for attempt in state.attempts.iter_mut().chain(&mut state.tried).filter(|a| a.came == LabCame::Sending) {
        cut(attempt, "cut off");
    }
    state.headline = match went {
        Ok(()) => ended(state),
        Err(Halt::Cancelled) => format!("Cancelled after {}", made(state)),
        Err(Halt::Failed(error)) => broke(error),
    };
    state.summary = summary(state);
    (state.run.state, state.run.outcome) = (
        match went {
            Ok(()) => RunState::Finished,
            Err(Halt::Cancelled) => RunState::Cancelled,
            Err(Halt::Failed(_)) => RunState::Failed,
        },
        Some(state.headline.clone()),
    );
    match went {
        Ok(()) => store::RunState::Finished,
        Err(Halt::Cancelled) => store::RunState::Cancelled,
        Err(Halt::Failed(_)) => store::RunState::Failed,
    }
}

pub(super) fn cut(attempt: &mut LabAttempt, label: &str) {
    attempt.came = LabCame::Cut;
    label.clone_into(&mut attempt.label);
    if attempt.why.is_empty() {
        "whether it arrived is not known".clone_into(&mut attempt.why);
    }
}

fn broke(error: &EngineError) -> String {
    format!("Could not go on: {error}")
}

fn schedule(state: &LabState) -> impl DoubleEndedIterator<Item = &LabAttempt> {
    state.attempts.iter().filter(|attempt| !attempt.announces)
}

pub(super) fn made(state: &LabState) -> String {
    match schedule(state).count() {
        1 => "1 attempt".to_owned(),
        n => format!("{n} attempts"),
    }
}

fn ended(state: &LabState) -> String {
    let last = schedule(state).next_back();
    let number = last.map_or(0, |attempt| attempt.number);
    match (state.delivered, last) {
        (Some(true), _) => format!("Delivered on attempt {number} of {}", state.policy.attempts),
        (_, Some(last)) if last.why.ends_with("→ stops") => format!("Stopped by the endpoint on attempt {number}"),
        _ => format!("Not delivered: gave up after {}", made(state)),
    }
}

pub(super) fn summary(state: &LabState) -> String {
    let tenth = |ms: u64| wait(if ms < 100 { ms } else { ms / 100 * 100 });
    let reached = schedule(state).next_back().map_or(0, |attempt| attempt.sent_ms);
    format!(
        "{} schedule against {} · {} of schedule in {}",
        state.provider_name,
        state.endpoint,
        tenth(reached),
        tenth(state.real_ms)
    )
}
