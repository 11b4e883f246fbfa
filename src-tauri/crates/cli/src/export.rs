//! `countersign export`.

use crate::args::{Common, ExportArgs};
use crate::output::{self, Failure, visible};
use countersign_core::export::Format;
use countersign_core::redact::Kind;
use countersign_engine::Engine;
use countersign_engine::wire::{
    ExportDestination, ExportFormat, ExportOutcome, ExportRequest, ExportSelection, ExportState, ExportTests,
    OnExisting, RedactKind, Redaction, TestedApp,
};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Files of an export that are listed on a terminal.
const LISTED: u32 = 20;

/// Reads a format's name.
pub(crate) fn format(text: &str) -> Result<ExportFormat, String> {
    by_name(text).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("there is no format “{text}”: there are {}", names.join(", "))
    })
}

/// What is masked: `all`, `none`, or kinds with commas between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kinds(Vec<RedactKind>);

/// Reads `--redact`.
pub(crate) fn kinds(text: &str) -> Result<Kinds, String> {
    let known = |kinds: &[Kind]| Kinds(kinds.iter().filter_map(|kind| by_name(kind.name())).collect());
    match text {
        "all" => Ok(known(&Kind::ALL)),
        "none" => Ok(Kinds(Vec::new())),
        list => list
            .split(',')
            .map(|name| match name.trim() {
                "tunnels" => Ok(RedactKind::TunnelAddresses),
                "ips" => Ok(RedactKind::ClientIps),
                name => Kind::ALL
                    .iter()
                    .find(|kind| kind.name() == name)
                    .and_then(|kind| by_name(kind.name()))
                    .ok_or_else(|| {
                        format!(
                            "there is no “{name}”: there are all, none, credentials, cookies, tokens, tunnels, ips and emails"
                        )
                    }),
            })
            .collect::<Result<_, _>>()
            .map(Kinds),
    }
}

/// A value of the wire by its name there.
fn by_name<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn suggested() -> Kinds {
    Kinds(Kind::SUGGESTED.iter().filter_map(|kind| by_name(kind.name())).collect())
}

fn selection(args: &ExportArgs) -> Result<ExportSelection, Failure> {
    match (args.ids.is_empty(), &args.filter, &args.run) {
        (false, None, None) => Ok(ExportSelection::Ids { ids: args.ids.clone() }),
        (true, Some(filter), None) => Ok(ExportSelection::Filter { filter: filter.clone() }),
        (true, None, Some(run)) => Ok(ExportSelection::Run { run: run.clone() }),
        _ => Err(Failure::usage("name deliveries by their ids, or give --filter (--filter '' takes all), or --run")),
    }
}

pub(crate) async fn run(common: &Common, args: ExportArgs) -> Result<ExitCode, Failure> {
    let request = ExportRequest {
        selection: selection(&args)?,
        format: args.format,
        redaction: Redaction {
            kinds: args.redact.clone().unwrap_or_else(suggested).0,
            mask: Vec::new(),
            keep: Vec::new(),
            pointers: args.mask.clone(),
            keep_exact: args.keep_exact,
        },
        base_url: args.to.clone(),
        tests: args.tests.clone().map(|runner| ExportTests {
            runner,
            app: args.app.clone().map(|app| TestedApp { path: args.app_path.clone(), ..app }),
        }),
    };
    let engine = output::open(common).await?;
    if args.out == Path::new("-") {
        return to_output(&engine, request).await;
    }
    let path =
        std::path::absolute(&args.out).map_err(|error| Failure::usage(format!("{}: {error}", args.out.display())))?;
    let path = path.to_str().ok_or_else(|| Failure::usage("the name of what --out says is no text"))?.to_owned();
    let destination = match path.to_ascii_lowercase().ends_with(".zip") {
        true => ExportDestination::Zip { path },
        false => ExportDestination::Folder { path },
    };
    let on_existing = match (args.force, args.skip_existing, args.keep_both) {
        (true, _, _) => OnExisting::Overwrite,
        (_, true, _) => OnExisting::Skip,
        (_, _, true) => OnExisting::Number,
        _ => OnExisting::Ask,
    };
    let stopping = engine.clone();
    let stop = tokio::spawn(async move {
        // Ctrl+C: what was written is whole, and nothing more comes.
        if tokio::signal::ctrl_c().await.is_ok() {
            stopping.cancel_export();
        }
    });
    let state = engine.export(request, destination, on_existing).await;
    stop.abort();
    tell(common, &engine, &state?).await
}

async fn to_output(engine: &Engine, request: ExportRequest) -> Result<ExitCode, Failure> {
    let notes = engine
        .export_stream(request, |piece| {
            let mut out = std::io::stdout().lock();
            out.write_all(piece).and_then(|()| out.flush()).is_ok()
        })
        .await?;
    notes.iter().for_each(|note| eprintln!("countersign: {note}"));
    Ok(ExitCode::SUCCESS)
}

/// Says what became of it.
async fn tell(common: &Common, engine: &Engine, state: &ExportState) -> Result<ExitCode, Failure> {
    if common.json {
        for file in engine.export_files(0, 100_000, false).await? {
            output::json(&file)?;
        }
        output::json(state)?;
    } else {
        let files = engine.export_files(0, LISTED, false).await?;
        for file in &files {
            output::line(format_args!("{:<9}  {}", word(file.outcome), visible(&file.name)))?;
        }
        let all = state.written + state.overwritten + state.unchanged + state.skipped + state.existing;
        if all > LISTED {
            output::line(format_args!("and {} more", all - LISTED))?;
        }
        output::line(format_args!("{} {}", state.outcome, visible(&state.path)))?;
        if state.existing == 0 && state.problem.is_none() {
            crate::suites::tell(state)?;
        }
    }
    state.notes.iter().for_each(|note| eprintln!("countersign: {note}"));
    if let Some(problem) = &state.problem {
        return Err(Failure::failed(problem.clone()));
    }
    if state.existing > 0 {
        eprintln!(
            "countersign: give --force to replace them, --skip-existing to leave them, --keep-both to number the new ones."
        );
    }
    let whole = state.existing == 0 && !state.cancelled;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn word(outcome: ExportOutcome) -> &'static str {
    match outcome {
        ExportOutcome::Written => "written",
        ExportOutcome::Overwritten => "replaced",
        ExportOutcome::Unchanged => "unchanged",
        ExportOutcome::Skipped => "skipped",
        ExportOutcome::Exists => "differs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_kinds_are_read_by_their_names() {
        for known in Format::ALL {
            assert!(format(known.name()).is_ok(), "{}", known.name());
        }
        assert!(format("docx").expect_err("there is none").contains("fixtures, har, curl"));
        assert_eq!(kinds("none"), Ok(Kinds(Vec::new())));
        assert_eq!(kinds("all").expect("all").0.len(), Kind::ALL.len());
        assert_eq!(kinds("ips, emails"), Ok(Kinds(vec![RedactKind::ClientIps, RedactKind::Emails])));
        assert!(kinds("secrets").is_err(), "they are always masked");
        assert_eq!(suggested().0.len(), Kind::SUGGESTED.len());
    }
}
