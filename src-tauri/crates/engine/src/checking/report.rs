//! Core's judgement as it crosses to the window and into the log.

use crate::error::EngineError;
use crate::wire::{CheckFinding, CheckLevel, CheckReport, CheckScore, ProbeGroup, ProbeInfo};
use countersign_core::check::{Asked, Finding, Group, Level, Probe, Score};

/// A report as it is kept.
pub(super) fn text(report: &CheckReport) -> Result<String, EngineError> {
    serde_json::to_string(report).map_err(|_| EngineError::Broken)
}

pub(super) fn wire_level(level: Level) -> CheckLevel {
    match level {
        Level::Fault => CheckLevel::Fault,
        Level::Warning => CheckLevel::Warning,
        Level::Question => CheckLevel::Question,
        Level::Note => CheckLevel::Note,
        Level::Hold => CheckLevel::Hold,
        Level::NotAsked => CheckLevel::NotAsked,
    }
}

pub(super) fn core_level(level: CheckLevel) -> Level {
    match level {
        CheckLevel::Fault => Level::Fault,
        CheckLevel::Warning => Level::Warning,
        CheckLevel::Question => Level::Question,
        CheckLevel::Note => Level::Note,
        CheckLevel::Hold => Level::Hold,
        CheckLevel::NotAsked => Level::NotAsked,
    }
}

pub(super) fn wire_probe(probe: &Probe) -> ProbeInfo {
    ProbeInfo {
        id: probe.id.clone(),
        name: probe.name.clone(),
        group: match probe.group {
            Group::Refuse => ProbeGroup::Refuse,
            Group::Accept => ProbeGroup::Accept,
            Group::Answer => ProbeGroup::Answer,
            Group::Weigh => ProbeGroup::Weigh,
        },
        sent: probe.sent.clone(),
        expected: probe.expected.clone(),
        why: probe.why.clone(),
        source: probe.source.clone(),
        works: probe.works,
    }
}

pub(super) fn finding(found: Finding, one: &Asked, attempts: &[String]) -> CheckFinding {
    let last = one.answers.last();
    CheckFinding {
        probe: wire_probe(&one.probe),
        level: wire_level(found.level),
        answer: found.answer,
        status: last.and_then(countersign_core::check::Answer::status),
        took_us: last.map(|answer| answer.took_us),
        meaning: found.meaning,
        cause: found.cause.map(str::to_owned),
        mend: found.mend.map(str::to_owned),
        same_as: found.same_as,
        topic: found.topic.map(str::to_owned),
        attempts: attempts.to_vec(),
    }
}

pub(super) fn score(findings: &[CheckFinding]) -> (CheckScore, Score) {
    let score = Score::of(findings.iter().map(|finding| core_level(finding.level)));
    let wire = CheckScore {
        hold: score.hold,
        faults: score.faults,
        warnings: score.warnings,
        questions: score.questions,
        notes: score.notes,
        not_asked: score.not_asked,
        percent: score.percent(),
    };
    (wire, score)
}
