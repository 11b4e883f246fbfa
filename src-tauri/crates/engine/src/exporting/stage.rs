//! Files on their way into a folder: written whole beside their place, and moved there together.
//!
//! What is there already with the same content is left alone. The folder in which files wait lies in the chosen one, so that
//! moving them is one step of the file system; it goes when the export ends, however it ends.

use super::moving::{Seen, compared, compared_with, failed, inner_folder_fits, put_new, seen};
use crate::error::EngineError;
use crate::secrets::random_hex;
use crate::wire::{ExportFile, ExportOutcome, OnExisting};
use countersign_core::export::names::numbered;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

/// What is there under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    Same,
    Other,
    /// A folder, a link, a device: none of them is replaced, or followed.
    NoFile,
}

impl There {
    /// The name is taken by something else.
    pub(super) fn is_other(self) -> bool {
        matches!(self, There::Other | There::NoFile)
    }
}

/// What a file is to the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A delivery, or all of them.
    Delivery,
    /// It belongs to another file, and is of no use without it.
    Beside,
    /// A test file. Its users change it, and a second one under another name would run everything twice.
    Test,
}

/// A file that is whole, or will be left as it is.
struct Waiting {
    name: String,
    delivery: Option<String>,
    bytes: u64,
    there: There,
    /// Where it waits; none where it is there already.
    at: Option<PathBuf>,
    role: Role,
    /// The file with the same content, as it was when they were compared.
    seen: Seen,
}

impl Waiting {
    fn told(&self, outcome: ExportOutcome) -> ExportFile {
        ExportFile { name: self.name.clone(), delivery: self.delivery.clone(), bytes: self.bytes, outcome }
    }
}

/// What was said about files that are there with other content.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) on_existing: OnExisting,
    /// The names that it was asked about; none where it holds for whatever is there.
    pub(super) asked: Option<HashSet<String>>,
}

impl Answer {
    /// It must be asked about this file before anything is written.
    fn asks(&self, waiting: &Waiting) -> bool {
        waiting.there == There::Other
            && match self.on_existing {
                OnExisting::Ask => true,
                OnExisting::Overwrite => self.asked.as_ref().is_some_and(|asked| !asked.contains(&waiting.name)),
                OnExisting::Skip => false,
                // The other file names it as it is.
                OnExisting::Number => waiting.role == Role::Beside,
            }
    }
}

/// What became of files that were to be moved.
pub(super) struct Moved {
    pub(super) files: Vec<ExportFile>,
    pub(super) cancelled: bool,
    /// Why the others were not moved.
    pub(super) broke_off: Option<EngineError>,
}

impl Moved {
    fn only(files: Vec<ExportFile>) -> Moved {
        Moved { files, cancelled: false, broke_off: None }
    }
}

/// The files of one export into a folder.
pub(super) struct Stage {
    folder: PathBuf,
    waiting_in: PathBuf,
    /// The folder was not there before.
    made: bool,
    files: Vec<Waiting>,
}

impl Stage {
    /// Begins in a folder, which is made where it is not there.
    pub(super) fn new(folder: &Path) -> Result<Stage, EngineError> {
        let made = !folder.exists();
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let waiting_in = folder.join(format!(".countersign-export-{}", random_hex()?));
        fs::create_dir(&waiting_in).map_err(failed(folder))?;
        Ok(Stage { folder: folder.to_owned(), waiting_in, made, files: Vec::new() })
    }

    /// What is there under a name, compared with what would be.
    pub(super) fn there(&self, name: &str, bytes: &[u8]) -> Result<There, EngineError> {
        self.folders_of(name, false)?;
        let path = self.folder.join(name);
        compared_with(&path, bytes).map_err(failed(&path))
    }

    /// Adds a whole file.
    pub(super) fn add(
        &mut self,
        name: &str,
        delivery: Option<String>,
        bytes: &[u8],
        role: Role,
    ) -> Result<(), EngineError> {
        let there = self.there(name, bytes)?;
        let at = match there {
            There::Same => None,
            There::Nothing | There::Other | There::NoFile => {
                let at = self.free();
                fs::write(&at, bytes).map_err(failed(&at))?;
                Some(at)
            }
        };
        let seen = self.seen_same(name, there);
        let (name, bytes) = (name.to_owned(), bytes.len() as u64);
        self.files.push(Waiting { name, delivery, bytes, there, at, role, seen });
        Ok(())
    }

    /// A file to be written piece by piece; [`Stage::close`] adds it.
    pub(super) fn open(&self) -> Result<(PathBuf, BufWriter<File>), EngineError> {
        let at = self.waiting_in.join("main");
        let file = File::options().create(true).truncate(true).read(true).write(true).open(&at);
        Ok((at.clone(), BufWriter::new(file.map_err(failed(&at))?)))
    }

    /// A second file to be written piece by piece, which is not added.
    pub(super) fn scratch(&self) -> Result<File, EngineError> {
        let at = self.waiting_in.join("scratch");
        File::options().create(true).truncate(true).read(true).write(true).open(&at).map_err(failed(&at))
    }

    /// Adds the file that was written piece by piece, under its name or, where another one is there and `number` is asked
    /// for, under the first numbered one that is free or has the same content.
    pub(super) fn close(
        &mut self,
        mut file: BufWriter<File>,
        at: PathBuf,
        (stem, ending): (&str, &str),
        number: bool,
    ) -> Result<(), EngineError> {
        file.flush().map_err(failed(&at))?;
        drop(file);
        let bytes = fs::metadata(&at).map_err(failed(&at))?.len();
        let mut name = format!("{stem}{ending}");
        let mut there = self.same_file(&name, &at)?;
        let mut next = 1;
        while number && there.is_other() {
            next += 1;
            name = format!("{}{ending}", numbered(stem, next));
            there = self.same_file(&name, &at)?;
        }
        let at = (there != There::Same).then_some(at);
        let seen = self.seen_same(&name, there);
        self.files.push(Waiting { name, delivery: None, bytes, there, at, role: Role::Delivery, seen });
        Ok(())
    }

    /// Compares a file that waits with what is there.
    fn same_file(&self, name: &str, at: &Path) -> Result<There, EngineError> {
        let path = self.folder.join(name);
        compared(&path, at).map_err(failed(&path))
    }

    /// Moves the files to their places. None is moved where it must be asked about one, or where something is in the way
    /// that is no file; what came in after that stays, and is told of.
    pub(super) fn commit(mut self, answer: &Answer, cancel: &CancellationToken) -> Result<Moved, EngineError> {
        let mut files = std::mem::take(&mut self.files);
        // Making them took its time.
        for waiting in &mut files {
            self.folders_of(&waiting.name, false)?;
            if let Some(at) = &waiting.at {
                let path = self.folder.join(&waiting.name);
                waiting.there = compared(&path, at).map_err(failed(&path))?;
            }
        }
        let leaves = matches!(answer.on_existing, OnExisting::Skip | OnExisting::Number);
        for waiting in &files {
            let needed = !leaves || (waiting.role == Role::Beside && answer.on_existing == OnExisting::Number);
            if waiting.there == There::NoFile && needed {
                return Err(self.in_the_way(&waiting.name));
            }
        }
        let asks = |waiting: &&Waiting| answer.asks(waiting);
        if files.iter().any(|waiting| asks(&waiting)) {
            let other = files.iter().filter(|waiting| waiting.there == There::Other);
            return Ok(Moved::only(other.map(|waiting| waiting.told(ExportOutcome::Exists)).collect()));
        }
        let main_stays = |waiting: &Waiting| waiting.role == Role::Delivery && waiting.there.is_other();
        let without_main = answer.on_existing == OnExisting::Skip && files.iter().any(main_stays);
        let mut moved = Moved::only(Vec::with_capacity(files.len()));
        for waiting in &files {
            if cancel.is_cancelled() {
                moved.cancelled = true;
                return Ok(moved);
            }
            let outcome = match waiting.there {
                There::Nothing if waiting.role == Role::Beside && without_main => continue,
                There::Other | There::NoFile if leaves => Ok(ExportOutcome::Skipped),
                _ => self.put(waiting),
            };
            match outcome {
                Ok(outcome) => moved.files.push(waiting.told(outcome)),
                Err(error) => {
                    moved.broke_off = Some(error);
                    return Ok(moved);
                }
            }
        }
        Ok(moved)
    }

    /// Brings a file to its place. What is there is looked at once more: only a file that was there with other content, and
    /// whose replacing was agreed to, is replaced.
    fn put(&self, waiting: &Waiting) -> Result<ExportOutcome, EngineError> {
        let path = self.folder.join(&waiting.name);
        let Some(at) = &waiting.at else {
            return match waiting.seen.is_some() && seen(&path) == waiting.seen {
                true => Ok(ExportOutcome::Unchanged),
                false => Err(failed(&path)(io::Error::other(
                    "it had the same content, and was changed or removed while the export was made",
                ))),
            };
        };
        self.folders_of(&waiting.name, true)?;
        let there = compared(&path, at).map_err(failed(&path))?;
        match there {
            There::Same => Ok(ExportOutcome::Unchanged),
            There::NoFile => Err(self.in_the_way(&waiting.name)),
            There::Other if waiting.there == There::Other => {
                fs::rename(at, &path).map_err(failed(&path))?;
                Ok(ExportOutcome::Overwritten)
            }
            There::Nothing if put_new(at, &path).map_err(failed(&path))? => Ok(ExportOutcome::Written),
            // It came in a moment ago, and nobody was asked about it.
            There::Other | There::Nothing => Ok(ExportOutcome::Skipped),
        }
    }

    fn in_the_way(&self, name: &str) -> EngineError {
        let path = self.folder.join(name);
        failed(&path)(io::Error::other("a folder or a link is there under this name"))
    }

    /// Looks at the folders of a file within the chosen one, and makes them where that is wanted.
    fn folders_of(&self, name: &str, make: bool) -> Result<(), EngineError> {
        let mut below = self.folder.clone();
        for folder in Path::new(name).parent().into_iter().flat_map(Path::components) {
            below.push(folder);
            if !inner_folder_fits(&below)? {
                if !make {
                    break;
                }
                fs::create_dir(&below).map_err(failed(&below))?;
            }
        }
        Ok(())
    }

    /// What a file with the same content is known by.
    fn seen_same(&self, name: &str, there: There) -> Seen {
        if there == There::Same { seen(&self.folder.join(name)) } else { None }
    }

    fn free(&self) -> PathBuf {
        self.waiting_in.join(self.files.len().to_string())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.waiting_in) {
            tracing::warn!(%error, path = %self.waiting_in.display(), "a folder of an export is left");
        }
        if self.made {
            // It goes only where it is empty: an export that was cancelled leaves nothing.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}
