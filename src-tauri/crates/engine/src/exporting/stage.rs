//! Files on their way into a folder: written whole beside their place, and moved there together.
//!
//! What is there already with the same content is left alone. The folder in which files wait lies in the chosen one, so that
//! moving them is one step of the file system; it goes when the export ends, however it ends.

use crate::error::EngineError;
use crate::secrets::random_hex;
use crate::wire::{ExportFile, ExportOutcome, OnExisting};
use countersign_core::export::names::numbered;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

/// What is there under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    Same,
    Other,
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
}

/// The files of one export into a folder.
pub(super) struct Stage {
    folder: PathBuf,
    waiting_in: PathBuf,
    files: Vec<Waiting>,
}

fn failed(path: &Path) -> impl Fn(io::Error) -> EngineError {
    move |source| EngineError::ExportFile { path: path.to_owned(), source }
}

impl Stage {
    /// Begins in a folder, which is made where it is not there.
    pub(super) fn new(folder: &Path) -> Result<Stage, EngineError> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let waiting_in = folder.join(format!(".countersign-export-{}", random_hex()?));
        fs::create_dir(&waiting_in).map_err(failed(folder))?;
        Ok(Stage { folder: folder.to_owned(), waiting_in, files: Vec::new() })
    }

    /// What is there under a name, compared with what would be.
    pub(super) fn there(&self, name: &str, bytes: &[u8]) -> Result<There, EngineError> {
        let path = self.folder.join(name);
        let there = length_of(&path).and_then(|there| match there {
            None => Ok(There::Nothing),
            Some(length) if length == Some(bytes.len() as u64) && fs::read(&path)? == bytes => Ok(There::Same),
            Some(_) => Ok(There::Other),
        });
        there.map_err(failed(&path))
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
            There::Nothing | There::Other => {
                let at = self.free();
                fs::write(&at, bytes).map_err(failed(&at))?;
                Some(at)
            }
        };
        let (name, bytes) = (name.to_owned(), bytes.len() as u64);
        self.files.push(Waiting { name, delivery, bytes, there, at, role });
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
        while number && there == There::Other {
            next += 1;
            name = format!("{}{ending}", numbered(stem, next));
            there = self.same_file(&name, &at)?;
        }
        let at = (there != There::Same).then_some(at);
        self.files.push(Waiting { name, delivery: None, bytes, there, at, role: Role::Delivery });
        Ok(())
    }

    /// Compares a file that waits with what is there.
    fn same_file(&self, name: &str, at: &Path) -> Result<There, EngineError> {
        let path = self.folder.join(name);
        let compare = || -> io::Result<There> {
            let Some(length) = length_of(&path)? else { return Ok(There::Nothing) };
            if length != Some(fs::metadata(at)?.len()) {
                return Ok(There::Other);
            }
            let (mut a, mut b) = (BufReader::new(File::open(at)?), BufReader::new(File::open(&path)?));
            let (mut left, mut right) = ([0; 16 * 1024], [0; 16 * 1024]);
            loop {
                let count = a.read(&mut left)?;
                if count == 0 {
                    return Ok(There::Same);
                }
                b.read_exact(&mut right[..count])?;
                if left[..count] != right[..count] {
                    return Ok(There::Other);
                }
            }
        };
        compare().map_err(failed(&path))
    }

    /// Moves the files to their places. With [`OnExisting::Ask`], none where another one is there.
    pub(super) fn commit(
        mut self,
        on_existing: OnExisting,
        cancel: &CancellationToken,
    ) -> Result<(Vec<ExportFile>, bool), EngineError> {
        let files = std::mem::take(&mut self.files);
        let file = |waiting: &Waiting, outcome| ExportFile {
            name: waiting.name.clone(),
            delivery: waiting.delivery.clone(),
            bytes: waiting.bytes,
            outcome,
        };
        let other = |waiting: &&Waiting| waiting.there == There::Other;
        if on_existing == OnExisting::Ask && files.iter().any(|waiting| other(&waiting)) {
            return Ok((files.iter().filter(other).map(|w| file(w, ExportOutcome::Exists)).collect(), false));
        }
        let main_stays = |waiting: &Waiting| waiting.role == Role::Delivery && waiting.there == There::Other;
        let without_main = on_existing == OnExisting::Skip && files.iter().any(main_stays);
        let mut done = Vec::with_capacity(files.len());
        for waiting in &files {
            if cancel.is_cancelled() {
                return Ok((done, true));
            }
            let outcome = match (waiting.there, on_existing, &waiting.at) {
                (There::Nothing, _, Some(_)) if waiting.role == Role::Beside && without_main => continue,
                (There::Nothing, _, Some(at)) => self.moved(at, &waiting.name, ExportOutcome::Written)?,
                (There::Other, OnExisting::Number, _) if waiting.role == Role::Test => ExportOutcome::Skipped,
                (There::Other, OnExisting::Skip, _) => ExportOutcome::Skipped,
                (There::Other, _, Some(at)) => self.moved(at, &waiting.name, ExportOutcome::Overwritten)?,
                (_, _, _) => ExportOutcome::Unchanged,
            };
            done.push(file(waiting, outcome));
        }
        Ok((done, false))
    }

    fn moved(&self, at: &Path, name: &str, outcome: ExportOutcome) -> Result<ExportOutcome, EngineError> {
        let path = self.folder.join(name);
        let mut below = self.folder.clone();
        for folder in Path::new(name).parent().into_iter().flat_map(Path::components) {
            below.push(folder);
            inner_folder(&below)?;
        }
        fs::rename(at, &path).map_err(failed(&path))?;
        Ok(outcome)
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
    }
}

/// The length of what is there: none where nothing is, none within where it is no plain file. A link is not followed.
fn length_of(path: &Path) -> io::Result<Option<Option<u64>>> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta.is_file().then_some(meta.len()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A folder within the chosen one. A link in its place could lead anywhere.
fn inner_folder(path: &Path) -> Result<(), EngineError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => Err(failed(path)(io::Error::other("it is there and is no folder"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(path).map_err(failed(path)),
        Err(error) => Err(failed(path)(error)),
    }
}
