//! `countersign retry`: the retry lab.

use crate::args::Common;
use crate::output::{self, Failure, visible};
use crate::retry_args::{Also, RetryArgs, Timestamps};
use countersign_core::catalogue::Catalogue;
use countersign_core::retry::wait;
use countersign_engine::Engine;
use countersign_engine::wire::{
    DraftSource, EngineEvent, LabAttempt, LabCame, LabEndpoint, LabExperiment, LabFinding, LabFindingKind, LabFormat,
    LabPhase, LabPlan, LabProbe, LabRequest, LabSigning, LabState, LabTimestamps, LabWeight, RunState,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// What is asked, in the words of the command line.
fn request(catalogue: &Catalogue, args: &RetryArgs) -> Result<LabRequest, Failure> {
    let provider = args.provider.as_ref().ok_or_else(|| Failure::usage("say whose schedule with --provider"))?;
    if !catalogue.iter().any(|known| known.id() == provider) {
        let ids: Vec<&str> = catalogue.iter().map(|known| known.id().as_str()).collect();
        return Err(Failure::usage(format!("there is no provider “{provider}”: there are {}", ids.join(", "))));
    }
    let source = match (&args.from, &args.event) {
        (Some(id), _) => DraftSource::Delivery { id: id.clone() },
        (None, event) => {
            let found = catalogue.iter().find(|known| known.id() == provider);
            let events = found.map(|found| found.rule.events.as_slice()).unwrap_or_default();
            // One that tells of something that is done says more than the first, which may be a beginning.
            let own = events.iter().rfind(|e| e.documented && e.event_type.contains("completed")).or(events.first());
            let event_type = event.clone().or(own.map(|sample| sample.event_type.clone()));
            let event_type = event_type.ok_or_else(|| Failure::usage("say which event with --event"))?;
            DraftSource::Event { provider: provider.to_string(), event_type, values: BTreeMap::new(), fresh: true }
        }
    };
    let probe = match (&args.probe, &args.probe_command) {
        (Some(url), _) => Some(LabProbe::Url { url: url.clone() }),
        (None, Some(command)) => Some(LabProbe::Command { command: command.clone() }),
        (None, None) => None,
    };
    Ok(LabRequest {
        provider: provider.to_string(),
        policy: None,
        source,
        endpoint: match &args.to {
            Some(url) => LabEndpoint::Url { url: url.clone(), any_certificate: args.insecure },
            None => LabEndpoint::Practice { forgetful: args.forgetful },
        },
        speed: args.speed,
        timestamps: match args.timestamps {
            Timestamps::Now => LabTimestamps::Now,
            Timestamps::Scheduled => LabTimestamps::AsScheduled,
        },
        signing: if args.unsigned { LabSigning::Keep } else { LabSigning::Sign { secret: None } },
        seed: args.seed,
        faults: args.faults.clone(),
        also: args
            .also
            .iter()
            .map(|also| match also {
                Also::LostAck => LabExperiment::LostAck,
                Also::AtOnce => LabExperiment::AtOnce,
                Also::OutOfOrder => LabExperiment::OutOfOrder,
                Also::Late => LabExperiment::Late,
            })
            .collect(),
        next_event: args.next.clone(),
        probe,
        ignore: args.ignore.clone(),
    })
}

pub(crate) async fn run(common: &Common, args: RetryArgs) -> Result<ExitCode, Failure> {
    let format = args.out.as_deref().map(format_of).transpose()?;
    let engine = output::open(common).await?;
    if args.plan {
        let plan = engine.lab_plan(request(engine.catalogue(), &args)?).await?;
        show_plan(common, &plan)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut shown = Shown::default();
    let state = match &args.show {
        Some(id) => engine.lab(id.clone()).await?,
        None => follow(common, &engine, &args, &mut shown).await?,
    };
    shown.rest(common, &state)?;
    if let (Some(path), Some(format)) = (&args.out, format) {
        let export = engine.lab_export(state.run.id.clone(), format).await?;
        std::fs::write(path, export.text)
            .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", path.display())))?;
    }
    engine.close(std::time::Duration::ZERO).await;
    let twice = state.findings.iter().any(|found| found.kind == LabFindingKind::RanTwice);
    Ok(match state.run.state {
        RunState::Failed => ExitCode::from(3),
        RunState::Finished if state.delivered == Some(true) && !twice => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    })
}

fn format_of(path: &Path) -> Result<LabFormat, Failure> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("json") => Ok(LabFormat::Json),
        Some("md") => Ok(LabFormat::Markdown),
        Some("svg") => Ok(LabFormat::Svg),
        _ => Err(Failure::usage(format!("{}: write to a file that ends in .json, .md or .svg", path.display()))),
    }
}

/// Starts or takes up a run and prints what comes of it, to its end.
async fn follow(common: &Common, engine: &Engine, args: &RetryArgs, shown: &mut Shown) -> Result<LabState, Failure> {
    let mut subscription = engine.subscribe();
    let begun = match &args.resume {
        Some(id) => engine.lab_resume(id.clone()).await?,
        None => engine.lab_start(request(engine.catalogue(), args)?).await?,
    };
    let id = begun.run.id.clone();
    // What an earlier life of the run did was printed by that.
    shown.begin(common, &begun)?;
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    let mut asked = false;
    loop {
        let batch = tokio::select! {
            batch = subscription.next() => batch,
            _ = &mut interrupted, if !asked => {
                asked = true;
                engine.run_cancel(id.clone()).await?;
                continue;
            }
        };
        let Some(batch) = batch else { return Err(Failure::failed("the log was closed")) };
        for event in batch.events {
            let EngineEvent::Lab(state) = event else { continue };
            if state.run.id != id {
                continue;
            }
            shown.more(common, &state)?;
            if state.phase == LabPhase::Ended {
                return Ok(*state);
            }
        }
    }
}

/// What was printed of a run.
#[derive(Default)]
struct Shown {
    attempts: usize,
    tried: usize,
    findings: usize,
}

impl Shown {
    fn begin(&mut self, common: &Common, state: &LabState) -> Result<(), Failure> {
        *self = Shown { attempts: state.attempts.len(), tried: state.tried.len(), findings: state.findings.len() };
        if common.json {
            return output::json(&run_line(state));
        }
        output::line(format_args!("{} → {}", visible(&state.event), visible(&state.endpoint)))?;
        for warning in &state.plan.warnings {
            eprintln!("countersign: {}", visible(warning));
        }
        Ok(())
    }

    fn more(&mut self, common: &Common, state: &LabState) -> Result<(), Failure> {
        let settled = |attempt: &&LabAttempt| attempt.came != LabCame::Sending;
        for attempt in state.attempts.iter().skip(self.attempts).take_while(settled) {
            self.attempts += 1;
            print_attempt(common, attempt)?;
        }
        for attempt in state.tried.iter().skip(self.tried).take_while(settled) {
            self.tried += 1;
            print_attempt(common, attempt)?;
        }
        for finding in state.findings.iter().skip(self.findings) {
            self.findings += 1;
            print_finding(common, finding)?;
        }
        Ok(())
    }

    fn rest(&mut self, common: &Common, state: &LabState) -> Result<(), Failure> {
        self.more(common, state)?;
        if common.json {
            return output::json(&run_line(state));
        }
        for note in &state.notes {
            output::line(visible(note))?;
        }
        output::line(format_args!("{}", visible(&state.headline)))?;
        output::line(format_args!("{} · run {}", visible(&state.summary), state.run.id))
    }
}

fn run_line(state: &LabState) -> Value {
    json!({
        "type": "run",
        "id": state.run.id,
        "state": state.run.state,
        "provider": state.request.provider,
        "event": state.event,
        "endpoint": state.endpoint,
        "delivered": state.delivered,
        "headline": state.headline,
        "summary": state.summary,
        "schedule_ms": state.schedule_ms,
        "real_ms": state.real_ms,
        "notes": state.notes,
    })
}

/// An object with its type before its fields.
fn typed(kind: &str, value: &impl serde::Serialize) -> Result<Value, Failure> {
    let mut object = serde_json::Map::new();
    object.insert("type".to_owned(), json!(kind));
    if let Value::Object(fields) = serde_json::to_value(value).map_err(|error| Failure::failed(error.to_string()))? {
        object.extend(fields);
    }
    Ok(Value::Object(object))
}

fn print_attempt(common: &Common, attempt: &LabAttempt) -> Result<(), Failure> {
    if common.json {
        return output::json(&typed("attempt", attempt)?);
    }
    let number = match (attempt.announces, attempt.experiment) {
        (true, _) => "·".to_owned(),
        (_, Some(_)) => format!("+{}", attempt.number),
        _ => attempt.number.to_string(),
    };
    let sent = format!("+{}", wait(attempt.sent_ms / 100 * 100));
    let took = attempt.took_us.map_or_else(String::new, |us| format!("{:.0} ms", us as f64 / 1000.0));
    let fault = attempt.fault.as_ref().map(|fault| format!(" ({fault})")).unwrap_or_default();
    output::line(format_args!(
        "{number:>3}  {sent:<12} {:<9} {took:>9}  {}{fault}",
        visible(&attempt.label),
        visible(&attempt.why)
    ))
}

fn print_finding(common: &Common, finding: &LabFinding) -> Result<(), Failure> {
    if common.json {
        return output::json(&typed("finding", finding)?);
    }
    let mark = match finding.weight {
        LabWeight::Good => "✓",
        LabWeight::Bad => "✗",
        LabWeight::Open => "?",
    };
    output::line(format_args!("  {mark}  {}: {}", finding.label, visible(&finding.words)))
}

fn show_plan(common: &Common, plan: &LabPlan) -> Result<(), Failure> {
    if common.json {
        return output::json(&typed("plan", plan)?);
    }
    output::line(format_args!("{} → {}", visible(&plan.event), visible(&plan.endpoint)))?;
    for attempt in &plan.attempts {
        let fault = attempt.fault.as_ref().map(|fault| format!("  {fault}")).unwrap_or_default();
        output::line(format_args!("{:>3}  +{}{fault}", attempt.attempt, attempt.offset))?;
    }
    output::line(format_args!(
        "{} in all, {} at the longest; waiting takes {} at this speed; at most {} requests",
        plan.total, plan.longest, plan.waiting, plan.requests
    ))?;
    for warning in &plan.warnings {
        output::line(visible(warning))?;
    }
    Ok(())
}
