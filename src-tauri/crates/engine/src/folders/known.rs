//! What is known of fixture files, so that a folder of thousands is read once and not with every page of it.
//!
//! Invariant: what is given out is what reading the file now would give. It is kept only while the file, the secrets, the pins
//! and the log are those that it was found with.

use super::file::Listed;
use super::update::version_of;
use crate::error::EngineError;
use crate::judging::Ring;
use crate::wire::{FixtureFile, FixtureFilter, FixtureState, FolderCounts};
use crate::{Inner, read};
use countersign_core::ids::ProviderId;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// A file that was written this shortly before it was read may be written again within one tick of the file system's clock.
const SETTLED: Duration = Duration::from_secs(2);
/// So many are looked at in one go: their captures are asked of the log together.
const PIECE: usize = 250;

/// What a judgement was made with.
#[derive(Debug, Clone)]
struct Basis {
    ring: Arc<Ring>,
    pins: Arc<Vec<(String, ProviderId)>>,
    log: (i64, i64),
}

impl Basis {
    fn is(&self, other: &Basis) -> bool {
        Arc::ptr_eq(&self.ring, &other.ring) && self.pins == other.pins && self.log == other.log
    }
}

#[derive(Debug)]
struct Entry {
    basis: Basis,
    modified: SystemTime,
    len: u64,
    read_at: SystemTime,
    /// Names the content; none where it could not be read.
    version: Option<String>,
    file: Arc<FixtureFile>,
}

/// What is known of the files of the user's folders.
#[derive(Debug, Default)]
pub(crate) struct Known {
    files: Mutex<HashMap<PathBuf, Entry>>,
    /// Held while a whole folder is looked at, so that it is not done twice at once.
    whole: Mutex<()>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Known {
    /// Forgets what is in none of these folders.
    pub(super) fn keep(&self, folders: &[PathBuf]) {
        held(&self.files).retain(|path, _| folders.iter().any(|folder| path.starts_with(folder)));
    }

    /// What is known of a file, where that is still so.
    fn of(&self, path: &Path, basis: &Basis, stamp: Option<(SystemTime, u64)>) -> Option<Arc<FixtureFile>> {
        let (modified, len) = stamp?;
        let (settled, version, file) = {
            let files = held(&self.files);
            let entry = files.get(path)?;
            if !entry.basis.is(basis) || entry.modified != modified || entry.len != len {
                return None;
            }
            (entry.read_at > modified + SETTLED, entry.version.clone(), Arc::clone(&entry.file))
        };
        // Reading costs little beside judging.
        (settled || version.is_some_and(|version| current(path).is_some_and(|now| now == version))).then_some(file)
    }
}

/// Names a file's content as it is now.
fn current(path: &Path) -> Option<String> {
    Some(version_of(&std::fs::read(path).ok()?))
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let meta = std::fs::symlink_metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

impl Inner {
    fn basis(&self) -> Result<Basis, EngineError> {
        Ok(Basis { ring: self.ring(), pins: read(&self.pins), log: self.store.revision()? })
    }

    /// Files as they are now. Reads those that are not known, and the log: blocks.
    pub(super) fn known_of(&self, files: &[Listed]) -> Result<Vec<Arc<FixtureFile>>, EngineError> {
        let basis = self.basis()?;
        let stamps: Vec<_> = files.iter().map(|file| stamp(&file.path)).collect();
        let mut out: Vec<Option<Arc<FixtureFile>>> =
            files.iter().zip(&stamps).map(|(file, stamp)| self.known.of(&file.path, &basis, *stamp)).collect();
        let missing: Vec<usize> = (0..files.len()).filter(|at| out[*at].is_none()).collect();
        let wanted: Vec<Listed> = missing.iter().map(|at| files[*at].clone()).collect();
        let read_at = SystemTime::now();
        for (at, (file, version)) in missing.into_iter().zip(self.look_at(&wanted)?) {
            let file = Arc::new(file);
            out[at] = Some(Arc::clone(&file));
            if let Some((modified, len)) = stamps[at] {
                let entry = Entry { basis: basis.clone(), modified, len, read_at, version, file };
                held(&self.known.files).insert(files[at].path.clone(), entry);
            }
        }
        Ok(out.into_iter().flatten().collect())
    }

    /// The same for a whole folder.
    pub(super) fn known_of_all(&self, files: &[Listed]) -> Result<Vec<Arc<FixtureFile>>, EngineError> {
        let _one_at_a_time = held(&self.known.whole);
        let mut out = Vec::with_capacity(files.len());
        for piece in files.chunks(PIECE) {
            out.extend(self.known_of(piece)?);
        }
        Ok(out)
    }
}

/// A filter, ready to be asked.
pub(super) struct Takes {
    state: FixtureState,
    words: Vec<String>,
}

impl Takes {
    pub(super) fn new(filter: &FixtureFilter) -> Takes {
        let words = filter.text.split_whitespace().map(str::to_lowercase).collect();
        Takes { state: filter.state, words }
    }

    /// It takes every file.
    pub(super) fn all(&self) -> bool {
        self.state == FixtureState::All && self.words.is_empty()
    }

    pub(super) fn takes(&self, file: &FixtureFile) -> bool {
        let state = match self.state {
            FixtureState::All => true,
            FixtureState::Unexpected => file.as_expected == Some(false),
            FixtureState::Differs => !file.differs.is_empty(),
            FixtureState::Broken => file.problem.is_some(),
        };
        if !state || self.words.is_empty() {
            return state;
        }
        let more = [&file.provider, &file.event_type, &file.event_id, &file.target, &file.about];
        let texts = more.into_iter().flatten().map(String::as_str);
        let all = std::iter::once(file.name.as_str()).chain(texts).collect::<Vec<_>>().join("\n").to_lowercase();
        self.words.iter().all(|word| all.contains(word.as_str()))
    }
}

/// How many are how.
pub(super) fn counts(files: &[Arc<FixtureFile>]) -> FolderCounts {
    let mut counts = FolderCounts { files: u32::try_from(files.len()).unwrap_or(u32::MAX), ..FolderCounts::default() };
    for file in files {
        let one = match (&file.problem, file.as_expected) {
            (Some(_), _) => &mut counts.broken,
            (None, Some(true)) => &mut counts.hold,
            (None, Some(false)) => &mut counts.unexpected,
            (None, None) => &mut counts.silent,
        };
        *one += 1;
        counts.differs += u32::from(!file.differs.is_empty());
    }
    counts
}
