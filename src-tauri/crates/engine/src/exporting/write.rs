//! The way of the deliveries into files.

use super::job::Job;
use super::packed::Packed;
use super::source::Place;
use super::stage::{Answer, Moved, Role, Stage};
use super::{Done, absolute};
use crate::Inner;
use crate::error::EngineError;
use crate::sending::input;
use crate::wire::{ExportDestination, ExportTestFile, OnExisting};
use countersign_core::export::names::{BODIES, Names};
use countersign_core::export::{Exporter, Prepared, prepare};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// The name of what has several deliveries.
const SEVERAL: &str = "deliveries";
/// How often it is told how far it has come.
const TOLD_EVERY: u32 = 25;

/// What has been learned on the way.
#[derive(Default)]
struct Learned {
    anew: Vec<String>,
    secrets: Vec<String>,
    gone: u32,
    /// Compressed bodies that could not be looked into.
    sealed: u32,
    /// Of which providers the deliveries are.
    providers: BTreeSet<String>,
}

impl Learned {
    fn of(&mut self, prepared: &Prepared) {
        self.providers.extend(prepared.record.captured.provider.clone());
        let redacted = prepared.record.redacted.as_ref();
        if let (Some(_), Some(provider)) =
            (redacted.and_then(|r| r.signed_with.as_ref()), &prepared.record.captured.provider)
            && !self.anew.contains(provider)
        {
            self.anew.push(provider.clone());
        }
        self.sealed += u32::from(prepared.masked.sealed);
        for name in &prepared.masked.secrets {
            if !self.secrets.contains(name) {
                self.secrets.push(name.clone());
            }
        }
    }

    fn notes(&self, inner: &Inner, job: &Job, exporter: Vec<String>) -> Vec<String> {
        let mut notes = exporter;
        notes.extend(self.anew.iter().filter_map(|provider| super::preview::published_note(inner, provider)));
        notes.extend(self.secrets.iter().map(|name| super::preview::secret_note(name)));
        notes.extend(super::preview::sealed_warning(self.sealed));
        match self.gone {
            0 => {}
            1 => notes.push("One delivery was deleted meanwhile and is not there.".to_owned()),
            count => notes.push(format!("{count} deliveries were deleted meanwhile and are not there.")),
        }
        notes.extend(job.warnings.iter().cloned());
        notes
    }
}

/// Goes through the deliveries; answers whether it was cancelled.
fn each(
    inner: &Inner,
    job: &Job,
    cancel: &CancellationToken,
    learned: &mut Learned,
    mut take: impl FnMut(Place, &Prepared) -> Result<(), EngineError>,
) -> Result<bool, EngineError> {
    let preparing = job.preparing(inner);
    for (done, place) in (1..).zip(&job.places) {
        if cancel.is_cancelled() {
            return Ok(true);
        }
        match inner.captured(*place, job)? {
            Some(captured) => {
                let prepared = prepare(captured, &preparing);
                learned.of(&prepared);
                take(*place, &prepared)?;
            }
            None => learned.gone += 1,
        }
        if done % TOLD_EVERY == 0 || done as usize == job.places.len() {
            inner.change_export(|run| run.state.done = done);
        }
    }
    Ok(false)
}

/// Writes an export.
pub(super) fn write(
    inner: &Inner,
    job: &Job,
    destination: &ExportDestination,
    answer: &Answer,
    cancel: &CancellationToken,
) -> Result<Done, EngineError> {
    let number = answer.on_existing == OnExisting::Number;
    let mut learned = Learned::default();
    let (stage, exporter, tests, cancelled) = match destination {
        ExportDestination::Folder { path } => {
            let mut stage = Stage::new(&absolute(path)?)?;
            let mut exporter = job.exporter(Some(BODIES.to_owned()));
            let cancelled = match job.format.one_file() {
                true => one_file(inner, job, cancel, &mut learned, &mut stage, &mut exporter, number)?,
                false => own_files(inner, job, cancel, &mut learned, &mut stage, &mut exporter, number)?,
            };
            let mut tests = Vec::new();
            for (test, code) in inner.suites(job, &learned.providers)? {
                stage.add(&test.name, None, code.as_bytes(), Role::Test)?;
                tests.push(test);
            }
            (stage, exporter, tests, cancelled)
        }
        ExportDestination::Zip { path } => {
            let path = absolute(path)?;
            let name = path.file_name().and_then(|name| name.to_str());
            let (Some(folder), Some(name)) = (path.parent(), name) else {
                return Err(input("Choose a file to export to."));
            };
            let mut stage = Stage::new(folder)?;
            let mut exporter = job.exporter(Some(BODIES.to_owned()));
            let (at, file) = stage.open()?;
            let mut packed = Packed::new(file, &path);
            let cancelled = pack(inner, job, cancel, &mut learned, &stage, &mut packed, &mut exporter)?;
            let mut tests = Vec::new();
            for (test, code) in inner.suites(job, &learned.providers)? {
                packed.add(&test.name, code.as_bytes())?;
                tests.push(test);
            }
            let stem = name.strip_suffix(".zip").unwrap_or(name);
            stage.close(packed.end()?, at, (stem, &name[stem.len()..]), number)?;
            (stage, exporter, tests, cancelled)
        }
    };
    let mut notes = learned.notes(inner, job, exporter.notes());
    if job.tests.is_some() && tests.is_empty() {
        notes.push("None of these deliveries is a known provider's: no tests were written.".to_owned());
    }
    if cancelled {
        // Nothing was moved yet: what waits goes with the stage.
        return Ok(Done { files: Vec::new(), tests: Vec::new(), notes, cancelled: true, broke_off: None });
    }
    let Moved { files, cancelled, broke_off } = stage.commit(answer, cancel)?;
    let whole = !cancelled && broke_off.is_none();
    let there = |test: &ExportTestFile| whole || files.iter().any(|file| file.name == test.name);
    let tests = tests.into_iter().filter(there).collect();
    Ok(Done { files, tests, notes, cancelled, broke_off })
}

/// A file for each delivery.
fn own_files(
    inner: &Inner,
    job: &Job,
    cancel: &CancellationToken,
    learned: &mut Learned,
    stage: &mut Stage,
    exporter: &mut Exporter<'_>,
    number: bool,
) -> Result<bool, EngineError> {
    let mut names = Names::default();
    each(inner, job, cancel, learned, |place, prepared| {
        let stem = prepared.record.stem();
        let mut name = names.next(&stem);
        let mut item = exporter.item(&prepared.record, &name);
        // A fixture has its own name in it: another name is another content.
        while number && stage.there(&job.file_name(&name), &item.bytes)?.is_other() {
            name = names.next(&stem);
            item = exporter.item(&prepared.record, &name);
        }
        stage.add(&job.file_name(&name), Some(place.words()), &item.bytes, Role::Delivery)
    })
}

/// All deliveries in one file, with bodies beside it.
fn one_file(
    inner: &Inner,
    job: &Job,
    cancel: &CancellationToken,
    learned: &mut Learned,
    stage: &mut Stage,
    exporter: &mut Exporter<'_>,
    number: bool,
) -> Result<bool, EngineError> {
    let stem = stem(inner, job)?;
    let (at, mut file) = stage.open()?;
    let failed = |source: io::Error| EngineError::ExportFile { path: at.clone(), source };
    let cancelled = in_one(inner, job, cancel, learned, exporter, &mut |piece| match piece {
        Piece::Main(bytes) => file.write_all(bytes).map_err(failed),
        Piece::Beside(name, bytes) => stage.add(name, None, bytes, Role::Beside),
    })?;
    stage.close(file, at.clone(), (&stem, job.format.extension()), number)?;
    Ok(cancelled)
}

/// Everything into a zip file.
fn pack(
    inner: &Inner,
    job: &Job,
    cancel: &CancellationToken,
    learned: &mut Learned,
    stage: &Stage,
    packed: &mut Packed<'_>,
    exporter: &mut Exporter<'_>,
) -> Result<bool, EngineError> {
    let ending = job.format.extension();
    if !job.format.one_file() {
        let mut names = Names::default();
        return each(inner, job, cancel, learned, |_, prepared| {
            let name = names.next(&prepared.record.stem());
            packed.add(&job.file_name(&name), &exporter.item(&prepared.record, &name).bytes)
        });
    }
    let scratch = stage.scratch()?;
    let failed = |source: io::Error| EngineError::ExportFile { path: Path::new("the zip file").to_owned(), source };
    let mut main = BufWriter::new(scratch);
    let cancelled = in_one(inner, job, cancel, learned, exporter, &mut |piece| match piece {
        Piece::Main(bytes) => main.write_all(bytes).map_err(failed),
        Piece::Beside(name, bytes) => packed.add(name, bytes),
    })?;
    let mut file: File = main.into_inner().map_err(|error| failed(error.into_error()))?;
    file.rewind().map_err(failed)?;
    packed.add_file(&format!("{}{ending}", stem(inner, job)?), &mut file)?;
    Ok(cancelled)
}

/// What goes into the one file, or beside it.
enum Piece<'a> {
    Main(&'a [u8]),
    Beside(&'a str, &'a [u8]),
}

fn in_one(
    inner: &Inner,
    job: &Job,
    cancel: &CancellationToken,
    learned: &mut Learned,
    exporter: &mut Exporter<'_>,
    put: &mut dyn FnMut(Piece<'_>) -> Result<(), EngineError>,
) -> Result<bool, EngineError> {
    put(Piece::Main(&exporter.begin()))?;
    let mut names = Names::default();
    // Two deliveries may have the same body under the same name: it is written once.
    let mut beside = Names::default();
    let cancelled = each(inner, job, cancel, learned, |_, prepared| {
        let item = exporter.item(&prepared.record, &names.next(&prepared.record.stem()));
        if let Some((name, bytes)) = &item.beside
            && beside.next(name) == *name
        {
            put(Piece::Beside(name, bytes))?;
        }
        put(Piece::Main(&item.bytes))
    })?;
    put(Piece::Main(&exporter.end()))?;
    Ok(cancelled)
}

/// The name of the one file: a single delivery's own.
fn stem(inner: &Inner, job: &Job) -> Result<String, EngineError> {
    let [only] = job.places.as_slice() else { return Ok(SEVERAL.to_owned()) };
    let captured = inner.captured(*only, job)?;
    Ok(captured.map_or_else(|| SEVERAL.to_owned(), |captured| prepare(captured, &job.preparing(inner)).record.stem()))
}

/// Gives an export as one stream of bytes, and answers with its notes.
pub(super) fn stream(
    inner: &Inner,
    job: &Job,
    put: &mut dyn FnMut(&[u8]) -> Result<(), EngineError>,
) -> Result<Vec<String>, EngineError> {
    if job.tests.is_some() {
        return Err(input("Tests and their fixtures are several files. Export to a folder or a zip file."));
    }
    if !job.format.one_file() && job.places.len() > 1 {
        return Err(input(format!(
            "“{}” has a file for each delivery, and these are {}. Export to a folder or a zip file, or choose NDJSON.",
            job.format.label(),
            job.places.len()
        )));
    }
    let (cancel, mut learned) = (CancellationToken::new(), Learned::default());
    let mut exporter = job.exporter(None);
    in_one(inner, job, &cancel, &mut learned, &mut exporter, &mut |piece| match piece {
        Piece::Main(bytes) => put(bytes),
        // Without a folder no format puts anything beside.
        Piece::Beside(_, _) => Ok(()),
    })?;
    Ok(learned.notes(inner, job, exporter.notes()))
}

/// The names of the first files, as they will be in an empty folder.
pub(super) struct Listed {
    names: Names,
    one: bool,
    pub(super) listed: Vec<String>,
}

impl Listed {
    pub(super) fn new(job: &Job) -> Listed {
        Listed { names: Names::default(), one: job.format.one_file(), listed: Vec::new() }
    }

    /// The name of a delivery, which is listed where it is that of a file.
    pub(super) fn next(&mut self, job: &Job, stem: &str, most: usize) -> String {
        let name = self.names.next(stem);
        if !self.one && self.listed.len() < most {
            self.listed.push(job.file_name(&name));
        }
        name
    }

    /// The name of the one file.
    pub(super) fn end(&mut self, inner: &Inner, job: &Job) -> Result<(), EngineError> {
        if self.one {
            self.listed.push(format!("{}{}", stem(inner, job)?, job.format.extension()));
        }
        Ok(())
    }
}
