//! The endpoint check: probes are sent in order, their answers judged, and the report kept with the run.
//!
//! Invariants: what must be refused is sent first, and what makes a right endpoint work only once the user said so; a probe
//! is in the report as soon as it was answered; a check that cannot go on says why and keeps what it found. No secret's
//! value is in a request or a report. Deliberately absent: judging, which is core's.

mod export;
mod job;
mod junit;
mod mend;
mod report;
mod runner;
mod state;

use crate::error::EngineError;
use crate::runs::run_id;
use crate::wire::{
    CheckChange, CheckComparison, CheckExport, CheckFinding, CheckFormat, CheckLevel, CheckMend, CheckPhase, CheckPlan,
    CheckReport, CheckRequest, CommandError,
};
use crate::{Engine, Inner, time};
use countersign_core::check::{Level, compare};
use countersign_store::{NewRun, RunId, RunKind, RunState};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The checks that go on in this program.
#[derive(Default)]
pub(crate) struct Checking(Mutex<HashMap<RunId, Live>>);

/// A check that goes on.
struct Live {
    report: CheckReport,
    /// To be told whether it goes on, while it waits for that or will.
    go_on: Option<oneshot::Sender<bool>>,
}

impl Checking {
    fn held(&self) -> MutexGuard<'_, HashMap<RunId, Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The report of a run. Reads the log: blocks.
    fn report_of(&self, id: RunId) -> Result<CheckReport, EngineError> {
        if let Some(live) = self.checking.held().get(&id) {
            return Ok(live.report.clone());
        }
        let run = self.run_of(id)?;
        if run.summary.kind != RunKind::Check {
            return Err(EngineError::Input { what: format!("Run {id} is no endpoint check.") });
        }
        let mut report: CheckReport = serde_json::from_str(&run.report)
            .map_err(|_| EngineError::Input { what: format!("The report of run {id} cannot be read.") })?;
        report.phase = match run.summary.state {
            RunState::Finished => CheckPhase::Finished,
            RunState::Cancelled => CheckPhase::Cancelled,
            RunState::Failed => CheckPhase::Failed,
            RunState::Interrupted => CheckPhase::Interrupted,
            // In another program.
            RunState::Running => report.phase,
        };
        report.ended_at = run.summary.ended_at_us.map(time::rfc3339_us);
        Ok(report)
    }
}

impl Engine {
    /// What a check would send, what that sets off, and what stands in its way. Nothing is sent.
    ///
    /// # Errors
    /// Where there is no such provider, event, secret or probe.
    pub async fn check_plan(&self, request: CheckRequest) -> Result<CheckPlan, CommandError> {
        Ok(self.0.check_job(request)?.plan())
    }

    /// Begins a check and answers its run's id.
    ///
    /// # Errors
    /// Where something stands in its way; the plan says what.
    pub async fn check_start(&self, request: CheckRequest) -> Result<String, CommandError> {
        let inner = &self.0;
        let job = inner.check_job(request)?;
        if let Some(problem) = job.problem() {
            return Err(EngineError::Input { what: problem }.into());
        }
        let started_at_us = time::now_us();
        let as_json = serde_json::to_string(&job.request).map_err(|_| EngineError::Broken)?;
        let run = inner
            .begin_run(NewRun {
                kind: RunKind::Check,
                title: format!("{} · {}", job.provider_name(), job.event_type()),
                provider: Some(job.request.provider.clone()),
                endpoint: job.request.endpoint.clone(),
                request: as_json,
                started_at_us,
            })
            .await?;
        let id = run.id;
        let (go_on, wait) = oneshot::channel();
        let report = job.first_report(id, started_at_us);
        inner.note_run(&run, report::text(&report)?).await?;
        inner.checking.held().insert(id, Live { report, go_on: Some(go_on) });
        inner.spawn(move |inner| async move { runner::run(&inner, run, job, wait).await });
        Ok(id.to_string())
    }

    /// Whether a check that waits sends the rest too, or ends with what it has. It may be said before it waits.
    ///
    /// # Errors
    /// Where no such check goes on, or it was told already.
    pub async fn check_go_on(&self, run: String, yes: bool) -> Result<(), CommandError> {
        let id = run_id(&run)?;
        let told = self.0.checking.held().get_mut(&id).and_then(|live| live.go_on.take());
        match told.map(|go_on| go_on.send(yes)) {
            Some(Ok(())) => Ok(()),
            _ => {
                Err(EngineError::Input { what: format!("The check {id} does not wait to be told whether it goes on.") }
                    .into())
            }
        }
    }

    /// The report card of a check, as far as it has come.
    ///
    /// # Errors
    /// Where there is no such check.
    pub async fn check(&self, run: String) -> Result<CheckReport, CommandError> {
        let id = run_id(&run)?;
        Ok(Arc::clone(&self.0).blocking(move |inner| inner.report_of(id)).await?)
    }

    /// What changed from one check to another.
    ///
    /// # Errors
    /// Where there is no such check.
    pub async fn check_compare(&self, before: String, after: String) -> Result<CheckComparison, CommandError> {
        let (old, new) = (self.check(before).await?, self.check(after).await?);
        Ok(comparison(&old, &new))
    }

    /// A report as a file's content; `language` is that of the code in it, by id.
    ///
    /// # Errors
    /// Where there is no such check or language.
    pub async fn check_export(
        &self,
        run: String,
        format: CheckFormat,
        language: Option<String>,
    ) -> Result<CheckExport, CommandError> {
        let report = self.check(run).await?;
        Ok(self.0.export(&report, format, language.as_deref())?)
    }

    /// How to mend what a finding is about, in a language by its id; none where there is nothing to show.
    ///
    /// # Errors
    /// Where there is no such provider or language.
    pub async fn check_mend(
        &self,
        provider: String,
        topic: String,
        language: String,
    ) -> Result<Option<CheckMend>, CommandError> {
        Ok(self.0.mend(&provider, &topic, &language)?)
    }
}

fn comparison(old: &CheckReport, new: &CheckReport) -> CheckComparison {
    fn levels(report: &CheckReport) -> Vec<(&str, Level)> {
        report.findings.iter().map(|f| (f.probe.id.as_str(), report::core_level(f.level))).collect()
    }
    let (changes, same) = compare(&levels(old), &levels(new));
    let of = |report: &CheckReport, id: &str| report.findings.iter().find(|f| f.probe.id == id).cloned();
    let changes: Vec<CheckChange> = changes
        .into_iter()
        .map(|change| {
            let (before, after) = (of(old, &change.probe), of(new, &change.probe));
            let name = after.as_ref().or(before.as_ref()).map_or_else(String::new, |f| f.probe.name.clone());
            let answer = |finding: Option<&CheckFinding>| finding.map_or_else(String::new, |f| f.answer.clone());
            CheckChange {
                name,
                answer_before: answer(before.as_ref()),
                answer_after: answer(after.as_ref()),
                before: change.before.map(report::wire_level),
                after: change.after.map(report::wire_level),
                words: change.words.to_owned(),
                probe: change.probe,
            }
        })
        .collect();
    let mut notes = Vec::new();
    if old.request.provider != new.request.provider {
        notes.push(format!("They are of different providers: {} and {}.", old.provider_name, new.provider_name));
    }
    if old.request.endpoint != new.request.endpoint {
        notes.push("They went to different endpoints.".to_owned());
    }
    if old.phase != CheckPhase::Finished || new.phase != CheckPhase::Finished {
        notes.push("One of them did not come to its end.".to_owned());
    }
    CheckComparison {
        before: old.run.clone(),
        after: new.run.clone(),
        summary: summary(&changes, same),
        changes,
        same: u32::try_from(same).unwrap_or(u32::MAX),
        notes,
    }
}

fn summary(changes: &[CheckChange], same: usize) -> String {
    let count = |fits: fn(&CheckChange) -> bool| changes.iter().filter(|change| fits(change)).count();
    let mended = count(|c| c.words == "mended");
    let faults = count(|c| c.after == Some(CheckLevel::Fault));
    let warnings = count(|c| c.after == Some(CheckLevel::Warning));
    let others = changes.len() - mended - faults - warnings;
    let plural = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let mut parts = Vec::new();
    if mended > 0 {
        parts.push(format!("{mended} mended"));
    }
    if faults > 0 {
        parts.push(plural(faults, "new fault"));
    }
    if warnings > 0 {
        parts.push(plural(warnings, "new warning"));
    }
    if others > 0 {
        parts.push(format!("{others} otherwise"));
    }
    parts.push(format!("{same} as before"));
    format!("{}.", parts.join(", "))
}
