//! Deliveries become files: what is selected is searched, masked and written, one delivery at a time.
//!
//! Invariants: no more than one delivery's bytes are held; a file appears under its name only once it is whole; nothing is written
//! outside of the folder that was chosen; a file with other content is never replaced unasked; the value of a stored
//! secret is in none of them. One export at a time.

mod job;
mod moving;
mod packed;
mod preview;
mod source;
mod stage;
#[cfg(test)]
mod stage_tests;
mod suites;
mod write;

use crate::error::EngineError;
use crate::sending::input;
use crate::wire::{
    CommandError, EngineEvent, ExportDestination, ExportFile, ExportFormatInfo, ExportOutcome, ExportPreview,
    ExportRequest, ExportState, ExportTestFile, ExportText, OnExisting, TestRunnerInfo,
};
use crate::{Engine, Inner, time};
use countersign_core::export::Format;
use job::Job;
pub(crate) use job::suggested_kinds;
use stage::Answer;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// The longest text that is copied, in bytes: clipboards take more, the programs that paste it seldom do.
const LONGEST_TEXT: usize = 5 * 1024 * 1024;

/// The export that runs or ran last.
struct Run {
    state: ExportState,
    files: Vec<ExportFile>,
    cancel: CancellationToken,
}

impl Run {
    /// The names that it asked about.
    fn asked(self) -> HashSet<String> {
        self.files.into_iter().filter(|file| file.outcome == ExportOutcome::Exists).map(|file| file.name).collect()
    }
}

/// An export that begins.
struct Begun {
    state: ExportState,
    cancel: CancellationToken,
    /// The names that the one before asked about, at the same place.
    asked: HashSet<String>,
}

/// The export.
#[derive(Default)]
pub(crate) struct Exports(Mutex<Option<Run>>);

impl Exports {
    fn held(&self) -> MutexGuard<'_, Option<Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of an export that came to its end.
struct Done {
    files: Vec<ExportFile>,
    tests: Vec<ExportTestFile>,
    notes: Vec<String>,
    cancelled: bool,
    /// Why not all files were moved.
    broke_off: Option<EngineError>,
}

impl Inner {
    fn export_now(&self) -> Option<ExportState> {
        self.exports.held().as_ref().map(|run| run.state.clone())
    }

    /// Changes the export and tells of it.
    fn change_export(&self, change: impl FnOnce(&mut Run)) -> Option<ExportState> {
        let state = {
            let mut held = self.exports.held();
            let run = held.as_mut()?;
            change(run);
            run.state.clone()
        };
        self.bus.publish(EngineEvent::Export(state.clone()));
        Some(state)
    }

    fn begin_export(&self, job: &Job, destination: &ExportDestination) -> Result<Begun, EngineError> {
        let (ExportDestination::Folder { path } | ExportDestination::Zip { path }) = destination;
        let state = ExportState {
            total: u32::try_from(job.places.len()).unwrap_or(u32::MAX),
            done: 0,
            running: true,
            cancelled: false,
            problem: None,
            written: 0,
            overwritten: 0,
            unchanged: 0,
            skipped: 0,
            existing: 0,
            path: path.clone(),
            format: job.wire_format,
            tests: Vec::new(),
            outcome: String::new(),
            notes: Vec::new(),
            started_at: time::rfc3339_us(time::now_us()),
        };
        let cancel = CancellationToken::new();
        let mut held = self.exports.held();
        if held.as_ref().is_some_and(|run| run.state.running) {
            return Err(input("An export is being written already: cancel it, or wait until it is over."));
        }
        let before = held.replace(Run { state: state.clone(), files: Vec::new(), cancel: cancel.clone() });
        drop(held);
        self.bus.publish(EngineEvent::Export(state.clone()));
        let asked = before.filter(|run| run.state.path == state.path).map_or_else(HashSet::new, Run::asked);
        Ok(Begun { state, cancel, asked })
    }

    fn end_export(&self, done: Result<Done, EngineError>) -> Option<ExportState> {
        self.change_export(|run| {
            run.state.running = false;
            match done {
                Ok(done) => {
                    let count = |outcome| done.files.iter().filter(|file| file.outcome == outcome).count() as u32;
                    run.state.cancelled = done.cancelled;
                    run.state.written = count(ExportOutcome::Written);
                    run.state.overwritten = count(ExportOutcome::Overwritten);
                    run.state.unchanged = count(ExportOutcome::Unchanged);
                    run.state.skipped = count(ExportOutcome::Skipped);
                    run.state.existing = count(ExportOutcome::Exists);
                    run.state.notes = done.notes;
                    run.state.tests = done.tests;
                    run.files = done.files;
                    run.state.problem = done.broke_off.map(|error| error.to_string());
                    run.state.outcome = outcome(&run.state);
                }
                Err(error) => {
                    run.state.outcome = error.to_string();
                    run.state.problem = Some(error.to_string());
                }
            }
        })
    }
}

fn files(count: u32) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// What became of it, in a sentence.
fn outcome(state: &ExportState) -> String {
    if state.existing > 0 {
        let (are, their) = if state.existing == 1 { ("is", "its") } else { ("are", "their") };
        return format!(
            "{} {are} there already with other content than {their} new one would have. Nothing was written.",
            files(state.existing)
        );
    }
    let mut parts = Vec::new();
    let counts = [
        (state.written, "written"),
        (state.overwritten, "replaced"),
        (state.unchanged, "there already with the same content"),
        (state.skipped, "left as it was because its content differs"),
    ];
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        let what = if count > 1 {
            what.replace("it was because its content", "they were because their content")
        } else {
            what.to_owned()
        };
        parts.push(format!("{} {what}", files(count)));
    }
    let said = if parts.is_empty() { "Nothing was written".to_owned() } else { parts.join(", ") };
    if let Some(problem) = &state.problem {
        return format!("{said}. Then it broke off: {problem}");
    }
    if state.cancelled { format!("Cancelled: {said}.") } else { format!("{said}.") }
}

/// The path that was chosen.
fn absolute(path: &str) -> Result<PathBuf, EngineError> {
    let path = PathBuf::from(path);
    if path.is_absolute() { Ok(path) } else { Err(input("Choose a folder or a file to export to.")) }
}

impl Engine {
    pub(crate) async fn export_formats(&self) -> Result<Vec<ExportFormatInfo>, CommandError> {
        let info = |format: Format| ExportFormatInfo {
            format: job::wire_format(format),
            label: format.label().to_owned(),
            about: format.about().to_owned(),
            extension: format.extension().to_owned(),
            one_file: format.one_file(),
            copies_many: format.one_file(),
            notes: format.notes().iter().map(|note| (*note).to_owned()).collect(),
        };
        Ok(Format::ALL.into_iter().map(info).collect())
    }

    pub(crate) async fn export_test_runners(&self) -> Result<Vec<TestRunnerInfo>, CommandError> {
        Ok(suites::runners())
    }

    /// What would go out. Nothing is written.
    ///
    /// # Errors
    /// Where the selection has a fault, or the log cannot be read.
    pub async fn export_preview(&self, request: ExportRequest) -> Result<ExportPreview, CommandError> {
        Ok(self.0.clone().blocking(move |inner| preview::preview(inner, &inner.job(request)?)).await?)
    }

    /// Exports and answers once it is over.
    ///
    /// # Errors
    /// Where the selection has a fault, an export is being written already, or a file cannot be written.
    pub async fn export(
        &self,
        request: ExportRequest,
        destination: ExportDestination,
        on_existing: OnExisting,
    ) -> Result<ExportState, CommandError> {
        let inner = Arc::clone(&self.0);
        let (job, cancel) = inner
            .clone()
            .blocking({
                let destination = destination.clone();
                move |inner| {
                    let job = inner.job(request)?;
                    let begun = inner.begin_export(&job, &destination)?;
                    Ok((job, begun.cancel))
                }
            })
            .await?;
        let written = inner.clone().blocking(move |inner| {
            // Whoever calls this says it for whatever is there.
            let answer = Answer { on_existing, asked: None };
            let done = write::write(inner, &job, &destination, &answer, &cancel);
            inner.end_export(done).ok_or(EngineError::Broken)
        });
        Ok(written.await?)
    }

    pub(crate) async fn export_start(
        &self,
        request: ExportRequest,
        destination: ExportDestination,
        on_existing: OnExisting,
    ) -> Result<ExportState, CommandError> {
        let inner = Arc::clone(&self.0);
        let begun = inner.clone().blocking({
            let destination = destination.clone();
            move |inner| {
                let (ExportDestination::Folder { path } | ExportDestination::Zip { path }) = &destination;
                absolute(path)?;
                let job = inner.job(request)?;
                let begun = inner.begin_export(&job, &destination)?;
                Ok((job, begun))
            }
        });
        let (job, Begun { state, cancel, asked }) = begun.await?;
        let answer = Answer { on_existing, asked: Some(asked) };
        self.0.spawn(move |inner| async move {
            let work = inner.clone().blocking(move |inner| {
                let done = write::write(inner, &job, &destination, &answer, &cancel);
                inner.end_export(done);
                Ok(())
            });
            if let Err(error) = work.await {
                inner.end_export(Err(error));
            }
        });
        Ok(state)
    }

    pub(crate) async fn export_cancel(&self) -> Result<Option<ExportState>, CommandError> {
        if let Some(run) = self.0.exports.held().as_ref() {
            run.cancel.cancel();
        }
        Ok(self.0.export_now())
    }

    /// Cancels the export that is being written.
    pub fn cancel_export(&self) {
        if let Some(run) = self.0.exports.held().as_ref() {
            run.cancel.cancel();
        }
    }

    pub(crate) async fn export_state(&self) -> Result<Option<ExportState>, CommandError> {
        Ok(self.0.export_now())
    }

    /// A page of the files of the export that runs or ran last.
    ///
    /// # Errors
    /// Never; as a command it answers as one.
    pub async fn export_files(
        &self,
        from: u32,
        limit: u32,
        existing_only: bool,
    ) -> Result<Vec<ExportFile>, CommandError> {
        let held = self.0.exports.held();
        let all = held.as_ref().map_or(&[][..], |run| &run.files);
        let wanted = all.iter().filter(|file| !existing_only || file.outcome == ExportOutcome::Exists);
        Ok(wanted.skip(from as usize).take(limit.clamp(1, 100_000) as usize).cloned().collect())
    }

    /// Deliveries as a text to be copied.
    ///
    /// # Errors
    /// Where the text would be too long, is none, or the format has a file for each delivery and there are several.
    pub async fn export_text(&self, request: ExportRequest) -> Result<ExportText, CommandError> {
        self.text_of(request, LONGEST_TEXT).await
    }

    /// Deliveries as a text of at most so many bytes.
    pub(crate) async fn text_of(&self, request: ExportRequest, most: usize) -> Result<ExportText, CommandError> {
        let made = self.0.clone().blocking(move |inner| {
            let job = inner.job(request)?;
            let mut bytes = Vec::new();
            let notes = write::stream(inner, &job, &mut |piece| {
                if bytes.len() + piece.len() > most {
                    return Err(input(
                        "This is more than 5 MB, too much to be copied. Export to a folder or a zip file.",
                    ));
                }
                bytes.extend_from_slice(piece);
                Ok(())
            })?;
            let text = String::from_utf8(bytes).map_err(|_| {
                input("This request is no text, so it cannot be copied. Export to a folder or a zip file.")
            })?;
            Ok(ExportText { text, notes })
        });
        Ok(made.await?)
    }

    /// Deliveries as bytes, piece by piece, without a limit; answers with the notes. `to` answers false where nobody takes
    /// them any more.
    ///
    /// # Errors
    /// Where the selection has a fault, the log cannot be read, or the format has a file for each delivery and there are
    /// several.
    pub async fn export_stream(
        &self,
        request: ExportRequest,
        mut to: impl FnMut(&[u8]) -> bool + Send + 'static,
    ) -> Result<Vec<String>, CommandError> {
        let made = self.0.clone().blocking(move |inner| {
            let job = inner.job(request)?;
            write::stream(inner, &job, &mut |piece| if to(piece) { Ok(()) } else { Err(EngineError::Broken) })
        });
        Ok(made.await?)
    }
}
