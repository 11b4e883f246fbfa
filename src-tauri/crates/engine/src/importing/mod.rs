//! Files become deliveries: looked into first, brought in piece by piece, each item told for itself.
//!
//! Invariants: one import at a time; no more than a piece of it is held beside the file that is being read; what came in
//! stays, whatever becomes of the rest; nothing that is imported is answered, forwarded or struck off a list.

mod append;
mod files;

pub use files::ImportSource;

use crate::error::EngineError;
use crate::sending::input;
use crate::wire::{
    CommandError, EngineEvent, ImportFile, ImportFormat, ImportInput, ImportItem, ImportItems, ImportOrigin,
    ImportOutcome, ImportPreview, ImportRequest, ImportState,
};
use crate::{Engine, Inner, time};
use append::Read;
use bytes::Bytes;
use countersign_core::ids::ProviderId;
use countersign_core::import::Format;
use countersign_store::Origin;
use files::OneFile;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Items that go into the log together: appends from the listener wait no longer than a moment.
const PIECE: usize = 200;
/// A piece ends here too, in bytes of bodies.
const PIECE_BYTES: usize = 8 * 1024 * 1024;
/// Items that are listed when it is over; of an import of more, the counts tell.
const LISTED: usize = 10_000;
/// What a preview looks into: files, items, and bytes of their bodies, so that it is there in some seconds.
const PREVIEW_FILES: usize = 10_000;
const PREVIEW_ITEMS: usize = 10_000;
const PREVIEW_BYTES: usize = 500_000_000;

/// The import that runs or ran last.
struct Run {
    state: ImportState,
    /// The first [`LISTED`], and after them those that could not be read.
    items: Vec<ImportItem>,
    cancel: CancellationToken,
}

/// The import.
#[derive(Default)]
pub(crate) struct Importing {
    run: Mutex<Option<Run>>,
    /// Rises with every preview: an earlier one breaks off.
    preview: AtomicU64,
}

impl Importing {
    fn held(&self) -> MutexGuard<'_, Option<Run>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the preview that goes on, and answers the number of the next.
    fn next_preview(&self) -> u64 {
        self.preview.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// The provider that was chosen for bare payloads.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Chosen {
    /// For all of them.
    All(ProviderId),
    /// For those that are not recognised.
    Unrecognised(ProviderId),
}

impl Chosen {
    fn for_all(&self) -> Option<&ProviderId> {
        if let Chosen::All(id) = self { Some(id) } else { None }
    }

    fn for_unrecognised(&self) -> Option<&ProviderId> {
        if let Chosen::Unrecognised(id) = self { Some(id) } else { None }
    }
}

/// Called for every item of an import, in its order.
pub type OnImported = Arc<dyn Fn(&ImportItem) + Send + Sync>;

pub(crate) fn wire_format(format: Format) -> ImportFormat {
    match format {
        Format::Fixture => ImportFormat::Fixture,
        Format::Har => ImportFormat::Har,
        Format::Http => ImportFormat::Http,
        Format::Curl => ImportFormat::Curl,
        Format::Postman => ImportFormat::Postman,
        Format::Ndjson => ImportFormat::Ndjson,
        Format::Payload => ImportFormat::Payload,
        Format::Raw => ImportFormat::Raw,
    }
}

/// Where a delivery was imported from, for the window. A format of a later version is told as a raw request.
pub(crate) fn wire_origin(origin: &Origin) -> ImportOrigin {
    let format = Format::from_name(&origin.format).unwrap_or(Format::Raw);
    ImportOrigin { name: origin.name.clone(), format: wire_format(format), label: format.label().to_owned() }
}

fn sources(given: Vec<ImportInput>) -> Vec<ImportSource> {
    let mut out = Vec::new();
    for one in given {
        match one {
            ImportInput::Paths { paths } => {
                out.extend(paths.into_iter().map(|path| ImportSource::Path(PathBuf::from(path))));
            }
            ImportInput::Text { text } => {
                out.push(ImportSource::Bytes { name: "pasted text".to_owned(), bytes: Bytes::from(text) });
            }
        }
    }
    out
}

/// One thing and several, counted.
fn counted(n: u32, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}

/// What became of it, in a sentence.
fn outcome(state: &ImportState) -> String {
    let mut parts = vec![counted(state.imported, "delivery came in", "deliveries came in")];
    if state.duplicates > 0 {
        parts.push(counted(state.duplicates, "was in the log already", "were in the log already"));
    }
    if state.failed > 0 {
        parts.push(counted(state.failed, "item could not be read", "items could not be read"));
    }
    if state.passed_over > 0 {
        parts.push(counted(state.passed_over, "other file was passed over", "other files were passed over"));
    }
    let end = match (&state.problem, state.cancelled) {
        (Some(problem), _) => format!(" Then it broke off: {problem}"),
        (None, true) => " It was cancelled; what came in stays.".to_owned(),
        (None, false) => String::new(),
    };
    format!("{}.{end}", parts.join(", "))
}

impl ImportState {
    fn begun(files: usize) -> ImportState {
        ImportState {
            files_total: u32::try_from(files).unwrap_or(u32::MAX),
            files_done: 0,
            file: None,
            imported: 0,
            duplicates: 0,
            failed: 0,
            passed_over: 0,
            running: true,
            cancelled: false,
            problem: None,
            outcome: String::new(),
            started_at: time::rfc3339_us(time::now_us()),
        }
    }

    fn count(&mut self, item: &ImportItem) {
        match item.outcome {
            ImportOutcome::Imported | ImportOutcome::Ready => self.imported += 1,
            ImportOutcome::Duplicate => self.duplicates += 1,
            ImportOutcome::Failed => self.failed += 1,
            ImportOutcome::PassedOver => self.passed_over += 1,
        }
    }
}

/// What the reader says.
enum Said {
    File(String),
    Item(Box<Read>),
    FileDone,
}

/// Reads files, item by item, until nobody listens any more. Blocks.
fn read_all(files: &[OneFile], chosen: Option<&Chosen>, say: &mut dyn FnMut(Said) -> ControlFlow<()>) {
    let provider = chosen.and_then(Chosen::for_all);
    for file in files {
        let done = say(Said::File(file.name.clone())).is_break()
            || files::read(file, provider, &mut |format, item| {
                say(Said::Item(Box::new(Read {
                    file: file.name.clone(),
                    name: file.short_name(),
                    format,
                    item,
                    found: file.found,
                    chosen: provider.is_some(),
                })))
            })
            .is_break()
            || say(Said::FileDone).is_break();
        if done {
            return;
        }
    }
}

/// Whether an item came onto the path of the provider that was chosen.
fn chosen_for(item: &ImportItem, provider: Option<&ProviderId>) -> bool {
    provider.is_some_and(|id| item.path.as_deref() == Some(&format!("/{id}")))
}

fn weight(read: &Read) -> usize {
    read.item.as_ref().map_or(0, |one| one.request.body.len()) + 512
}

impl Inner {
    fn chosen(&self, provider: Option<&str>) -> Result<Option<ProviderId>, EngineError> {
        let Some(id) = provider else { return Ok(None) };
        let known = id.parse::<ProviderId>().ok().filter(|id| self.catalogue.get(id).is_some());
        known.map(Some).ok_or_else(|| EngineError::NoSuchProvider { id: countersign_core::shorten(id, 40) })
    }

    fn import_state(&self) -> Option<ImportState> {
        self.importing.held().as_ref().map(|run| run.state.clone())
    }

    /// Changes the import and tells of it.
    fn change_import(&self, change: impl FnOnce(&mut Run)) {
        let state = {
            let mut held = self.importing.held();
            let Some(run) = held.as_mut() else { return };
            change(run);
            run.state.clone()
        };
        self.bus.publish(EngineEvent::Import(state));
    }

    /// Begins an import.
    fn begin_import(&self, files: usize) -> Result<(ImportState, CancellationToken), EngineError> {
        let (state, cancel) = (ImportState::begun(files), CancellationToken::new());
        {
            let mut held = self.importing.held();
            if held.as_ref().is_some_and(|run| run.state.running) {
                return Err(input("An import is going on already: cancel it, or wait until it is over."));
            }
            *held = Some(Run { state: state.clone(), items: Vec::new(), cancel: cancel.clone() });
        }
        self.bus.publish(EngineEvent::Import(state.clone()));
        Ok((state, cancel))
    }

    /// Carries an import out.
    async fn run_import(
        self: &Arc<Self>,
        files: Vec<OneFile>,
        chosen: Option<Chosen>,
        cancel: &CancellationToken,
        on_item: Option<OnImported>,
    ) {
        let unrecognised = chosen.as_ref().and_then(Chosen::for_unrecognised).cloned();
        // The reader waits where the log is slower than it.
        let (sender, mut said) = mpsc::channel::<Said>(16);
        let reader = tokio::task::spawn_blocking(move || {
            read_all(&files, chosen.as_ref(), &mut |said| match sender.blocking_send(said) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            });
        });
        let mut piece = Vec::new();
        let mut bytes = 0;
        let problem = loop {
            let next = tokio::select! {
                biased;
                () = cancel.cancelled() => break None,
                next = said.recv() => next,
            };
            let over = next.is_none();
            match next {
                Some(Said::File(name)) => self.change_import(|run| run.state.file = Some(name)),
                Some(Said::FileDone) => self.change_import(|run| run.state.files_done += 1),
                Some(Said::Item(read)) => {
                    bytes += weight(&read);
                    piece.push(*read);
                }
                None => {}
            }
            if piece.len() >= PIECE || bytes >= PIECE_BYTES || (over && !piece.is_empty()) {
                bytes = 0;
                match self.bring_in(std::mem::take(&mut piece), unrecognised.clone()).await {
                    Ok(items) => self.note_items(items, on_item.as_ref()),
                    Err(error) => break Some(error.to_string()),
                }
            }
            if over {
                break None;
            }
        };
        drop(said);
        let problem = match reader.await {
            Ok(()) => problem,
            Err(_) => problem.or_else(|| Some(EngineError::Broken.to_string())),
        };
        self.change_import(|run| {
            run.state.running = false;
            run.state.file = None;
            run.state.cancelled = cancel.is_cancelled();
            run.state.problem = problem;
            run.state.outcome = outcome(&run.state);
        });
    }

    fn note_items(&self, items: Vec<ImportItem>, on_item: Option<&OnImported>) {
        if let Some(on_item) = on_item {
            items.iter().for_each(|item| on_item(item));
        }
        self.change_import(|run| {
            for item in items {
                run.state.count(&item);
                let failed = item.outcome == ImportOutcome::Failed;
                if run.items.len() < LISTED || (failed && run.state.failed as usize <= LISTED) {
                    run.items.push(item);
                }
            }
        });
    }

    /// Looks into files. Reads the log: blocks.
    fn look_into(
        &self,
        given: Vec<ImportInput>,
        chosen: Option<&Chosen>,
        number: u64,
    ) -> Result<ImportPreview, EngineError> {
        let all = files::find(&sources(given));
        let looked = &all[..all.len().min(PREVIEW_FILES)];
        let mut state = ImportState::begun(all.len());
        let (mut infos, mut items): (Vec<ImportFile>, Vec<ImportItem>) = (Vec::new(), Vec::new());
        let mut partial = looked.len() < all.len();
        let (mut piece, mut bytes, mut all_bytes, mut seen) = (Vec::new(), 0, 0, 0);
        let mut failure = None;
        let unrecognised = chosen.and_then(Chosen::for_unrecognised);
        let mut look = |piece: &mut Vec<Read>, infos: &mut Vec<ImportFile>| {
            let mut read = std::mem::take(piece);
            self.give_provider(&mut read, unrecognised);
            match self.foreseen(&read) {
                Ok(foreseen) => {
                    for item in foreseen {
                        state.count(&item);
                        if let Some(info) = infos.iter_mut().rev().find(|info| info.file == item.file) {
                            info.deliveries +=
                                u32::from(matches!(item.outcome, ImportOutcome::Ready | ImportOutcome::Duplicate));
                            info.faults += u32::from(item.outcome == ImportOutcome::Failed);
                        }
                        items.push(item);
                    }
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        };
        read_all(looked, chosen, &mut |said| match said {
            Said::File(file) => {
                if self.importing.preview.load(Ordering::Relaxed) != number {
                    partial = true;
                    return ControlFlow::Break(());
                }
                infos.push(ImportFile { file, format: None, label: None, deliveries: 0, faults: 0 });
                ControlFlow::Continue(())
            }
            Said::Item(read) => {
                if self.importing.preview.load(Ordering::Relaxed) != number {
                    partial = true;
                    return ControlFlow::Break(());
                }
                if let (Some(format), Some(info)) = (read.format, infos.last_mut()) {
                    info.format = Some(wire_format(format));
                    info.label = Some(format.label().to_owned());
                }
                let weight = weight(&read);
                (bytes, all_bytes, seen) = (bytes + weight, all_bytes + weight, seen + 1);
                piece.push(*read);
                if seen >= PREVIEW_ITEMS || all_bytes >= PREVIEW_BYTES {
                    partial = true;
                    return ControlFlow::Break(());
                }
                match piece.len() >= PIECE || bytes >= PIECE_BYTES {
                    true => {
                        bytes = 0;
                        look(&mut piece, &mut infos)
                    }
                    false => ControlFlow::Continue(()),
                }
            }
            Said::FileDone => ControlFlow::Continue(()),
        });
        let _ = look(&mut piece, &mut infos);
        if let Some(error) = failure {
            return Err(error);
        }
        let mut notes = Vec::new();
        if infos.iter().any(|info| info.format == Some(ImportFormat::Payload)) {
            notes.push(
                "Bare JSON payloads have no headers: they come in unsigned. Choose their provider where it is not \
                 recognised."
                    .to_owned(),
            );
        }
        if partial {
            notes.push("There is more than a preview looks into; all of it is imported.".to_owned());
        }
        let payloads: HashSet<&str> = infos
            .iter()
            .filter(|info| info.format == Some(ImportFormat::Payload))
            .map(|info| info.file.as_str())
            .collect();
        let unknown = |item: &&ImportItem| {
            matches!(item.outcome, ImportOutcome::Ready | ImportOutcome::PassedOver)
                && payloads.contains(item.file.as_str())
                && (item.provider.is_none() || chosen_for(item, unrecognised))
        };
        let unrecognised = u32::try_from(items.iter().filter(unknown).count()).unwrap_or(u32::MAX);
        Ok(ImportPreview {
            files_total: state.files_total,
            unrecognised,
            files: infos,
            ready: state.imported,
            duplicates: state.duplicates,
            failed: state.failed,
            passed_over: state.passed_over,
            partial,
            items,
            notes,
        })
    }
}

impl Engine {
    pub(crate) async fn import_preview(&self, request: ImportRequest) -> Result<ImportPreview, CommandError> {
        let chosen = self.0.chosen(request.provider.as_deref())?.map(Chosen::Unrecognised);
        let number = self.0.importing.next_preview();
        let look = move |inner: &Inner| inner.look_into(request.inputs, chosen.as_ref(), number);
        Ok(self.0.clone().blocking(look).await?)
    }

    pub(crate) async fn import_start(&self, request: ImportRequest) -> Result<ImportState, CommandError> {
        let chosen = self.0.chosen(request.provider.as_deref())?.map(Chosen::Unrecognised);
        self.0.importing.next_preview();
        let sources = sources(request.inputs);
        let files = self.0.clone().blocking(move |_| Ok(files::find(&sources))).await?;
        let (state, cancel) = self.0.begin_import(files.len())?;
        self.0.spawn(move |inner| async move { inner.run_import(files, chosen, &cancel, None).await });
        Ok(state)
    }

    /// Imports to the end; `on_item` is called for every item. A provider that is given is that of all bare payloads.
    ///
    /// # Errors
    /// Where there is no such provider, or an import is going on. What cannot be read is told item by item.
    pub async fn import(
        &self,
        sources: Vec<ImportSource>,
        provider: Option<String>,
        on_item: OnImported,
    ) -> Result<ImportState, CommandError> {
        let chosen = self.0.chosen(provider.as_deref())?.map(Chosen::All);
        let files = self.0.clone().blocking(move |_| Ok(files::find(&sources))).await?;
        let (_, cancel) = self.0.begin_import(files.len())?;
        self.0.run_import(files, chosen, &cancel, Some(on_item)).await;
        Ok(self.0.import_state().ok_or(EngineError::Broken)?)
    }

    pub(crate) async fn import_cancel(&self) -> Result<Option<ImportState>, CommandError> {
        self.0.importing.next_preview();
        if let Some(run) = self.0.importing.held().as_ref() {
            run.cancel.cancel();
        }
        Ok(self.0.import_state())
    }

    pub(crate) async fn import_state(&self) -> Result<Option<ImportState>, CommandError> {
        Ok(self.0.import_state())
    }

    pub(crate) async fn import_items(
        &self,
        from: u32,
        limit: u32,
        outcome: Option<ImportOutcome>,
    ) -> Result<ImportItems, CommandError> {
        let held = self.0.importing.held();
        let all = held.as_ref().map_or(&[][..], |run| &run.items);
        let fits = |item: &&ImportItem| outcome.is_none_or(|outcome| item.outcome == outcome);
        let items = all.iter().filter(fits).skip(from as usize).take(limit.clamp(1, 1000) as usize);
        let total = u32::try_from(all.iter().filter(fits).count()).unwrap_or(u32::MAX);
        Ok(ImportItems { total, items: items.cloned().collect() })
    }
}
