//! Two runs side by side.

use crate::Engine;
use crate::wire::{
    CommandError, LabAttempt, LabComparedFinding, LabComparedRow, LabComparison, LabExperiment, LabState, RetryRow,
};
use std::collections::BTreeSet;

/// The experiments in the order in which they are shown.
const EXPERIMENTS: [LabExperiment; 4] =
    [LabExperiment::LostAck, LabExperiment::AtOnce, LabExperiment::OutOfOrder, LabExperiment::Late];

fn compare(a: &LabState, b: &LabState) -> LabComparison {
    let of = |state: &LabState, number: u32| -> Option<LabAttempt> {
        state.attempts.iter().find(|attempt| attempt.number == number && !attempt.announces).cloned()
    };
    let numbers: BTreeSet<u32> =
        a.attempts.iter().chain(&b.attempts).filter(|at| !at.announces).map(|at| at.number).collect();
    let rows = numbers.into_iter().map(|number| {
        let (a, b) = (of(a, number), of(b, number));
        let alike = matches!((&a, &b), (Some(a), Some(b)) if a.label == b.label && a.why == b.why);
        LabComparedRow { number, a, b, alike }
    });
    let findings = EXPERIMENTS.into_iter().filter_map(|experiment| {
        let of = |state: &LabState| state.findings.iter().find(|found| found.experiment == experiment).cloned();
        let (a, b) = (of(a), of(b));
        if a.is_none() && b.is_none() {
            return None;
        }
        let alike = matches!((&a, &b), (Some(a), Some(b)) if a.kind == b.kind);
        Some(LabComparedFinding { experiment, a, b, alike })
    });
    LabComparison {
        a: a.run.clone(),
        b: b.run.clone(),
        differences: differences(a, b),
        rows: rows.collect(),
        findings: findings.collect(),
    }
}

fn differences(a: &LabState, b: &LabState) -> Vec<String> {
    let mut all = Vec::new();
    let mut say = |what: &str, a: &str, b: &str| {
        if a != b {
            all.push(format!("{what}: {a} · {b}"));
        }
    };
    say("Provider", &a.provider_name, &b.provider_name);
    say("Event", &a.event, &b.event);
    say("Endpoint", &a.endpoint, &b.endpoint);
    let value = |rows: &[RetryRow], field: &str| {
        rows.iter().find(|row| row.field == field).map(|row| row.value.clone()).unwrap_or_default()
    };
    for row in &a.rows {
        say(&row.label, &row.value, &value(&b.rows, &row.field));
    }
    let faults = |state: &LabState| {
        let each = state.plan.attempts.iter().filter_map(|p| Some(format!("{}: {}", p.attempt, p.fault.as_ref()?)));
        let words: Vec<String> = each.collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    };
    say("Faults", &faults(a), &faults(b));
    all
}

impl Engine {
    /// Two runs side by side.
    ///
    /// # Errors
    /// Where one is not there.
    pub async fn lab_compare(&self, a: String, b: String) -> Result<LabComparison, CommandError> {
        let read = move |inner: &crate::Inner| Ok(compare(&inner.lab_state(&a)?, &inner.lab_state(&b)?));
        Ok(self.0.clone().blocking(read).await?)
    }
}
