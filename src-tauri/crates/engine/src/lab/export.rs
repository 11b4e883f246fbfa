//! A run as a file: JSON, a report in Markdown, its drawing.

use crate::Engine;
use crate::error::EngineError;
use crate::wire::{
    CommandError, LabAttempt, LabExport, LabFormat, LabProbe, LabState, LabWeight, RetryBasis, RunState,
};
use countersign_core::retry::{Drawn, drawing, wait};
use serde_json::json;
use std::fmt::Write as _;

/// The drawing of a run, with the attempts that were planned and not sent.
fn svg(state: &LabState) -> String {
    let sent = state.attempts.iter().filter(|attempt| !attempt.announces);
    let mut marks: Vec<Drawn> = sent
        .map(|attempt| Drawn {
            attempt: attempt.number,
            planned_ms: attempt.planned_ms,
            sent_ms: Some(attempt.sent_ms),
            label: attempt.label.clone(),
            good: attempt.good,
        })
        .collect();
    // Once it is delivered nothing more is due.
    if state.delivered.is_none() {
        let made = marks.len();
        marks.extend(state.plan.attempts.iter().skip(made).map(|planned| Drawn {
            attempt: planned.attempt,
            planned_ms: planned.offset_ms,
            sent_ms: None,
            label: String::new(),
            good: false,
        }));
    }
    drawing(&format!("{}: {}", state.provider_name, state.headline), &marks)
}

/// A text in a cell of a table: nothing in it ends the cell or begins markup.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn basis(basis: RetryBasis) -> &'static str {
    match basis {
        RetryBasis::Documented => "documented",
        RetryBasis::Assumed => "assumed",
        RetryBasis::NotDocumented => "not documented",
        RetryBasis::Edited => "edited",
    }
}

fn attempts(out: &mut String, attempts: &[LabAttempt]) {
    out.push_str("| # | planned | sent | answer | took | what went wrong on purpose | why next |\n|---|---|---|---|---|---|---|\n");
    for attempt in attempts {
        let number = if attempt.announces { "announced".to_owned() } else { attempt.number.to_string() };
        let took = attempt.took_us.map_or_else(String::new, |us| format!("{:.0} ms", us as f64 / 1000.0));
        let planned =
            if attempt.experiment.is_some() { String::new() } else { format!("+{}", wait(attempt.planned_ms)) };
        let _ = writeln!(
            out,
            "| {number} | {planned} | +{} | {} | {took} | {} | {} |",
            wait(attempt.sent_ms / 100 * 100),
            cell(&attempt.label),
            cell(attempt.fault.as_deref().unwrap_or_default()),
            cell(&attempt.why),
        );
    }
}

fn markdown(state: &LabState) -> String {
    let mut out = format!(
        "# {}\n\n{}\n\n- Event: {}\n- Started: {}\n",
        cell(&state.headline),
        cell(&state.summary),
        cell(&state.event),
        state.run.started_at
    );
    if state.run.state == RunState::Interrupted {
        out.push_str("- This run was interrupted: it is not complete.\n");
    }
    let _ = write!(out, "\n## Timeline\n\n{}\n## Attempts\n\n", svg(state));
    attempts(&mut out, &state.attempts);
    if !state.findings.is_empty() {
        out.push_str("\n## Idempotency\n\n| | what was tried | what was found |\n|---|---|---|\n");
        for finding in &state.findings {
            let mark = match finding.weight {
                LabWeight::Good => "✓",
                LabWeight::Bad => "✗",
                LabWeight::Open => "?",
            };
            let _ = writeln!(out, "| {mark} | {} | {} |", cell(&finding.label), cell(&finding.words));
        }
    }
    if !state.tried.is_empty() {
        out.push_str("\n## What was sent beside the schedule\n\n");
        attempts(&mut out, &state.tried);
    }
    out.push_str("\n## Policy\n\n| | | |\n|---|---|---|\n");
    for row in &state.rows {
        let note = row.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        let _ = writeln!(out, "| {} | {} | {}{} |", cell(&row.label), cell(&row.value), basis(row.basis), cell(&note));
    }
    if !state.notes.is_empty() {
        out.push_str("\n## Notes\n\n");
        for note in &state.notes {
            let _ = writeln!(out, "- {}", cell(note));
        }
    }
    out
}

/// How the state was read, without the address or command: either may hold a password.
fn json_of(state: &LabState) -> Result<String, EngineError> {
    let mut value = serde_json::to_value(state).map_err(|_| EngineError::Broken)?;
    if let Some(probe) = &state.request.probe {
        let kind = match probe {
            LabProbe::Url { .. } => "url",
            LabProbe::Command { .. } => "command",
        };
        value["request"]["probe"] = json!({ "kind": kind });
    }
    if let Some(url) = value.pointer_mut("/request/endpoint/url") {
        *url = json!(state.endpoint);
    }
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(|_| EngineError::Broken)
}

impl Engine {
    /// A run as a file.
    ///
    /// # Errors
    /// Where there is no such run.
    pub async fn lab_export(&self, id: String, format: LabFormat) -> Result<LabExport, CommandError> {
        let state = self.lab(id).await?;
        let (ending, text) = match format {
            LabFormat::Json => ("json", json_of(&state)?),
            LabFormat::Markdown => ("md", markdown(&state)),
            LabFormat::Svg => ("svg", svg(&state)),
        };
        let name = format!("retry-{}-{}.{ending}", state.request.provider, state.run.id);
        Ok(LabExport { name, text })
    }
}
