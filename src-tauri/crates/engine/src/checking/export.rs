//! A report as a file: JSON, and Markdown for people. JUnit XML is beside it.

use super::mend::{language, mend};
use super::{junit, report};
use crate::Inner;
use crate::error::EngineError;
use crate::wire::{CheckExport, CheckFinding, CheckFormat, CheckLevel, CheckReport, StateProbe};
use countersign_core::rule::ProviderRule;
use countersign_core::snippets::Language;
use std::fmt::Write as _;

/// The endpoint for a file that is handed on: without a user and without a query, which may hold what is secret.
pub(super) fn endpoint(url: &str) -> String {
    let Ok(mut read) = url::Url::parse(url) else { return countersign_core::shorten(url, 200) };
    // Only URLs without a host refuse this.
    let _ = read.set_username("");
    let _ = read.set_password(None);
    read.set_query(None);
    read.set_fragment(None);
    read.to_string()
}

/// A level in a word.
pub(super) fn word(level: CheckLevel) -> &'static str {
    match level {
        CheckLevel::Fault => "fault",
        CheckLevel::Warning => "warning",
        CheckLevel::Question => "question",
        CheckLevel::Note => "note",
        CheckLevel::Hold => "holds",
        CheckLevel::NotAsked => "not asked",
    }
}

impl Inner {
    pub(super) fn export(
        &self,
        report: &CheckReport,
        format: CheckFormat,
        wanted: Option<&str>,
    ) -> Result<CheckExport, EngineError> {
        let (ending, text) = match format {
            CheckFormat::Json => ("json", json(report)?),
            CheckFormat::Markdown => {
                let language = wanted.map_or(Ok(Language::Node), language)?;
                ("md", markdown(&self.provider(&report.request.provider)?.rule, report, language))
            }
            CheckFormat::Junit => ("xml", junit::xml(report)?),
        };
        Ok(CheckExport { file_name: format!("check-{}-{}.{ending}", report.request.provider, report.run), text })
    }
}

/// The report as it crosses to the window, without what may be secret in addresses.
fn json(report: &CheckReport) -> Result<String, EngineError> {
    let mut shown = report.clone();
    shown.request.endpoint = endpoint(&shown.request.endpoint);
    match &mut shown.request.state {
        Some(StateProbe::Url { url }) => *url = endpoint(url),
        Some(StateProbe::Command { command }) => command.clear(),
        None => {}
    }
    let text = serde_json::to_string_pretty(&shown).map_err(|_| EngineError::Broken)?;
    Ok(text + "\n")
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\r', '\n'], " ").replace('<', "&lt;")
}

fn markdown(rule: &ProviderRule, report: &CheckReport, language: Language) -> String {
    let mut out = String::new();
    let score = &report.score;
    let share = score.percent.map_or_else(String::new, |percent| format!(" ({percent} % of what is weighed holds)"));
    let _ = writeln!(out, "# Endpoint check: {}\n", report.headline);
    let _ = writeln!(
        out,
        "{} against `{}` · {} · {}{share}\n",
        report.provider_name,
        endpoint(&report.request.endpoint),
        report.event,
        report.started_at
    );
    let _ = writeln!(
        out,
        "| hold | faults | warnings | questions | notes | not asked |\n|---|---|---|---|---|---|\n| {} | {} | {} | {} | {} | {} |\n",
        score.hold, score.faults, score.warnings, score.questions, score.notes, score.not_asked
    );
    if let Some(problem) = &report.problem {
        let _ = writeln!(out, "**It did not come to its end.** {problem}\n");
    }
    let _ = writeln!(out, "| probe | answer | | what it means |\n|---|---|---|---|");
    for finding in &report.findings {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            cell(&finding.probe.name),
            cell(&finding.answer),
            word(finding.level),
            cell(&finding.meaning)
        );
    }
    let told = |f: &&CheckFinding| f.same_as.is_none() && matches!(f.level, CheckLevel::Fault | CheckLevel::Warning);
    let mut worst: Vec<&CheckFinding> = report.findings.iter().filter(told).collect();
    worst.sort_by_key(|finding| report::core_level(finding.level));
    if !worst.is_empty() {
        out.push_str("\n## What to mend\n");
    }
    for finding in worst {
        let _ = writeln!(out, "\n### {}: {}\n\n{}\n", word(finding.level), finding.probe.name, finding.meaning);
        let _ = writeln!(
            out,
            "- sent: {}\n- expected: {}\n- came: {}\n- why: {} ({})",
            finding.probe.sent, finding.probe.expected, finding.answer, finding.probe.why, finding.probe.source
        );
        let shown = finding.topic.as_deref().and_then(|topic| mend(rule, topic, language));
        if let Some(shown) = shown {
            let title = finding.mend.as_deref().unwrap_or("how to mend it");
            let _ = writeln!(out, "\nMend, {}: {title}\n", shown.language_name);
            excerpt(&mut out, &shown.code, &shown.lines, language);
        }
    }
    if !report.notes.is_empty() {
        out.push_str("\n## Notes\n\n");
        for note in &report.notes {
            let _ = writeln!(out, "- {note}");
        }
    }
    out
}

/// The lines of a topic out of a handler, with a line before and after for where they stand.
fn excerpt(out: &mut String, code: &str, lines: &[(u32, u32)], language: Language) {
    let all: Vec<&str> = code.lines().collect();
    let tag = language.file_name().rsplit('.').next().unwrap_or_default();
    let _ = writeln!(out, "```{}", if tag == "mjs" { "js" } else { tag });
    for (first, last) in lines {
        let from = (*first as usize).saturating_sub(2);
        let to = (*last as usize + 1).min(all.len());
        for line in all.get(from..to).unwrap_or_default() {
            let _ = writeln!(out, "{line}");
        }
        if lines.last() != Some(&(*first, *last)) {
            let _ = writeln!(out, "…");
        }
    }
    let _ = writeln!(out, "```");
}
