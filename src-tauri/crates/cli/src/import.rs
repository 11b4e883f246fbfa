//! `countersign import`.

use crate::args::{Common, ImportArgs};
use crate::output::{self, Failure, visible};
use crate::sign::read_body;
use countersign_engine::wire::{ImportItem, ImportOutcome};
use countersign_engine::{ImportSource, OnImported};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) async fn run(common: &Common, args: ImportArgs) -> Result<ExitCode, Failure> {
    let engine = output::open(common).await?;
    let mut sources = Vec::new();
    for path in args.files {
        sources.push(match path.as_os_str() == "-" {
            true => ImportSource::Bytes { name: "standard input".to_owned(), bytes: read_body(&path)?.into() },
            false => ImportSource::Path(path),
        });
    }
    let json = common.json;
    // Whoever reads the output may stop: the import goes on, and that it could not be said is told at its end.
    let broken: Arc<Mutex<Option<Failure>>> = Arc::default();
    let noted = Arc::clone(&broken);
    let on_item: OnImported = Arc::new(move |item| {
        let mut broken = noted.lock().unwrap_or_else(PoisonError::into_inner);
        if broken.is_none() {
            *broken = print(json, item).err();
        }
    });
    let state = engine.import(sources, args.provider.map(|id| id.to_string()), on_item).await?;
    if let Some(failure) = broken.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(failure);
    }
    if let Some(problem) = state.problem {
        return Err(Failure::failed(format!("{problem} {}", state.outcome)));
    }
    if !json {
        output::line(&state.outcome)?;
    }
    Ok(if state.failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn print(json: bool, item: &ImportItem) -> Result<(), Failure> {
    if json {
        return output::json(item);
    }
    let place = match item.line {
        Some(line) => format!("{}:{line}", visible(&item.file)),
        None => visible(&item.file),
    };
    let title = visible(&item.title);
    let reason = visible(item.reason.as_deref().unwrap_or_default());
    let id = item.delivery.as_deref().unwrap_or_default();
    match item.outcome {
        ImportOutcome::Failed => output::line(format_args!("✕ {place}: {reason}"))?,
        ImportOutcome::PassedOver => output::line(format_args!("- {place}: {reason}"))?,
        ImportOutcome::Duplicate if id.is_empty() => {
            output::line(format_args!("- {place}: {title} stands twice here"))?
        }
        ImportOutcome::Duplicate => output::line(format_args!("- {place}: {title} is in the log already, as {id}"))?,
        ImportOutcome::Imported | ImportOutcome::Ready => output::line(format_args!("✓ {id}  {title}  ({place})"))?,
    }
    for note in &item.notes {
        output::line(format_args!("    {}", visible(note)))?;
    }
    Ok(())
}
