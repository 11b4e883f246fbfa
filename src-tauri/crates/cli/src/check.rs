//! `countersign check`: an endpoint against the rules of a provider.

use crate::args::{CheckArgs, Common};
use crate::output::{self, Failure, line, visible};
use countersign_engine::wire::{
    CheckFinding, CheckFormat, CheckLevel, CheckPhase, CheckPlan, CheckReport, CheckRequest, CheckState, EngineEvent,
    StateProbe,
};
use countersign_engine::{Engine, Subscription, dispatch};
use serde_json::json;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

/// The names of the formats.
pub(crate) fn format(text: &str) -> Result<CheckFormat, String> {
    match text {
        "json" => Ok(CheckFormat::Json),
        "markdown" => Ok(CheckFormat::Markdown),
        "junit" => Ok(CheckFormat::Junit),
        _ => Err(format!("there is no format “{text}”: there are json, markdown and junit")),
    }
}

pub(crate) async fn run(common: &Common, args: CheckArgs) -> Result<ExitCode, Failure> {
    if common.json && args.format.is_some() && args.out.is_none() {
        return Err(Failure::usage(
            "--json and --format both write to standard output: say where the report goes with --out",
        ));
    }
    let engine = output::open(common).await?;
    let request = request(&args);
    let plan = engine.check_plan(request.clone()).await?;
    if let Some(problem) = plan.problem {
        return Err(Failure::usage(problem));
    }
    if let Some(language) = &args.language {
        // An unknown one is said before anything is sent.
        engine.check_mend(plan.provider.clone(), "success".to_owned(), language.clone()).await?;
    }
    let mut events = engine.subscribe();
    let quiet = common.json || args.format.is_some();
    if !quiet {
        eprintln!("{} probes against {}. {}", plan.probes.len(), visible(&plan.endpoint), visible(&plan.warning));
    }
    let id = engine.check_start(request).await?;
    tokio::select! {
        ended = follow(&engine, &mut events, &id, &plan, quiet) => ended?,
        _ = tokio::signal::ctrl_c() => {
            dispatch(&engine, "run_cancel", json!({ "id": id })).await?;
            follow(&engine, &mut events, &id, &plan, quiet).await?;
        }
    }
    let report = engine.check(id.clone()).await?;
    if let Some(format) = args.format {
        let export = engine.check_export(id, format, args.language.clone()).await?;
        match &args.out {
            Some(path) => std::fs::write(path, export.text)
                .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", path.display())))?,
            None => line(export.text.trim_end_matches('\n'))?,
        }
    }
    if common.json {
        objects(&report)?;
    } else if args.format.is_none() || args.out.is_some() {
        print(&report)?;
        if let Some(language) = &args.language {
            mends(&engine, &report, language).await?;
        }
    }
    Ok(code(&report, args.strict))
}

fn request(args: &CheckArgs) -> CheckRequest {
    let url = args.probe.clone().map(|url| StateProbe::Url { url });
    CheckRequest {
        provider: args.provider.to_string(),
        endpoint: args.to.clone(),
        event: args.event.clone(),
        secrets: Vec::new(),
        ids: args.ids.clone(),
        state: url.or_else(|| args.probe_command.clone().map(|command| StateProbe::Command { command })),
        timeout_ms: args.timeout,
        any_certificate: args.insecure,
        only: args.only.clone(),
        yes: args.yes,
    }
}

/// Follows a check to its end, and asks where it waits.
async fn follow(
    engine: &Engine,
    events: &mut Subscription,
    id: &str,
    plan: &CheckPlan,
    quiet: bool,
) -> Result<(), Failure> {
    let mut asked = false;
    while let Some(batch) = events.next().await {
        for event in batch.events {
            let EngineEvent::Check(state) = event else { continue };
            if state.run != id {
                continue;
            }
            match state.phase {
                CheckPhase::Refusing | CheckPhase::Working => progress(&state, quiet)?,
                CheckPhase::Waiting if asked => {}
                CheckPhase::Waiting => {
                    asked = true;
                    let yes = confirmed(plan).await;
                    engine.check_go_on(id.to_owned(), yes).await?;
                }
                _ => return Ok(()),
            }
        }
    }
    Err(Failure::failed("the check broke off"))
}

/// One line on a terminal, written over by the next one.
fn progress(state: &CheckState, quiet: bool) -> Result<(), Failure> {
    let mut err = std::io::stderr();
    if quiet || !err.is_terminal() {
        return Ok(());
    }
    let current = state.current.as_deref().unwrap_or_default();
    write!(err, "\r\x1b[K{}/{} {}", state.done, state.total, visible(current))
        .and_then(|()| err.flush())
        .map_err(|error| Failure::failed(format!("cannot write: {error}")))
}

/// Asks whether what makes the endpoint work may be sent; no away from a terminal.
async fn confirmed(plan: &CheckPlan) -> bool {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        eprintln!("countersign: only what must be refused was sent. With --yes, what is valid is sent too.");
        return false;
    }
    eprint!("\r\x1b[KSend the {} probes that make the endpoint work too? [y/N] ", plan.working);
    let read = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map(|_| answer)
    });
    matches!(read.await, Ok(Ok(answer)) if matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn objects(report: &CheckReport) -> Result<(), Failure> {
    for finding in &report.findings {
        let probe = &finding.probe;
        output::json(&json!({
            "type": "probe",
            "id": probe.id,
            "name": probe.name,
            "group": probe.group,
            "level": finding.level,
            "answer": finding.answer,
            "status": finding.status,
            "took_us": finding.took_us,
            "meaning": finding.meaning,
            "cause": finding.cause,
            "same_as": finding.same_as,
            "topic": finding.topic,
            "sent": probe.sent,
            "expected": probe.expected,
            "why": probe.why,
            "source": probe.source,
        }))?;
    }
    let score = &report.score;
    output::json(&json!({
        "type": "score",
        "run": report.run,
        "phase": report.phase,
        "headline": report.headline,
        "hold": score.hold,
        "faults": score.faults,
        "warnings": score.warnings,
        "questions": score.questions,
        "notes": score.notes,
        "not_asked": score.not_asked,
        "percent": score.percent,
        "remarks": report.notes,
        "problem": report.problem,
    }))
}

fn sign(level: CheckLevel) -> &'static str {
    match level {
        CheckLevel::Fault => "✕",
        CheckLevel::Warning => "!",
        CheckLevel::Question => "?",
        CheckLevel::Note => "·",
        CheckLevel::Hold => "✓",
        CheckLevel::NotAsked => "-",
    }
}

fn word(level: CheckLevel) -> &'static str {
    match level {
        CheckLevel::Fault => "fault",
        CheckLevel::Warning => "warning",
        CheckLevel::Question => "question",
        CheckLevel::Note => "note",
        CheckLevel::Hold | CheckLevel::NotAsked => "",
    }
}

fn print(report: &CheckReport) -> Result<(), Failure> {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
    line(&report.headline)?;
    let percent = report.score.percent.map_or_else(String::new, |p| format!(" · {p} % hold"));
    line(format_args!(
        "{} against {} · {}{percent} · run {}\n",
        report.provider_name,
        visible(&report.request.endpoint),
        report.event,
        report.run
    ))?;
    let width =
        |of: fn(&CheckFinding) -> &str| report.findings.iter().map(|f| of(f).chars().count()).max().unwrap_or(0);
    let (names, answers) = (width(|f| &f.probe.name), width(|f| &f.answer));
    for finding in &report.findings {
        let row = format!(
            "{} {:names$}  {:answers$}  {:8}  {}",
            sign(finding.level),
            finding.probe.name,
            finding.answer,
            word(finding.level),
            visible(&finding.meaning)
        );
        line(row.trim_end())?;
    }
    for note in &report.notes {
        line(format_args!("\n{}", visible(note)))?;
    }
    if let Some(problem) = &report.problem {
        eprintln!("countersign: {}", visible(problem));
    }
    Ok(())
}

/// The lines of a handler that mend each fault and warning.
async fn mends(engine: &Engine, report: &CheckReport, language: &str) -> Result<(), Failure> {
    let mut shown: Vec<&str> = Vec::new();
    for finding in &report.findings {
        let (Some(topic), CheckLevel::Fault | CheckLevel::Warning) = (finding.topic.as_deref(), finding.level) else {
            continue;
        };
        if shown.contains(&topic) {
            continue;
        }
        shown.push(topic);
        let provider = report.request.provider.clone();
        let mend = engine.check_mend(provider, topic.to_owned(), language.to_owned()).await?;
        let Some(mend) = mend else { continue };
        line(format_args!("\nMend, {}: {}", mend.language_name, finding.mend.as_deref().unwrap_or(topic)))?;
        let code: Vec<&str> = mend.code.lines().collect();
        for (first, last) in mend.lines {
            for row in code.get(first as usize - 1..last as usize).unwrap_or_default() {
                line(format_args!("    {row}"))?;
            }
        }
    }
    Ok(())
}

fn code(report: &CheckReport, strict: bool) -> ExitCode {
    if report.score.faults > 0 || (strict && report.score.warnings > 0) {
        return ExitCode::from(1);
    }
    if report.phase == CheckPhase::Finished { ExitCode::SUCCESS } else { ExitCode::from(3) }
}
