//! The files of an import: finding them, and reading them item by item.
//!
//! Invariants: what a symbolic link in a folder leads to is not read; a file is read up to a limit, NDJSON line by line.

use bytes::Bytes;
use countersign_core::ids::ProviderId;
use countersign_core::import::{self, FILE_LIMIT, Fault, Format, Hint, Item, NdjsonLines, Unread};
use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};

/// Endings of files that are looked at in a folder.
const ENDINGS: [&str; 10] = ["json", "har", "http", "rest", "curl", "sh", "ndjson", "jsonl", "raw", "txt"];
/// The most files of one import: more than any repository has fixtures.
const FILES: usize = 50_000;
/// Folders in folders, so deep.
const DEPTH: usize = 32;

/// What is imported.
#[derive(Debug, Clone)]
pub enum ImportSource {
    /// A file or a folder.
    Path(PathBuf),
    /// Bytes at hand, with their name.
    Bytes {
        /// What they are called: “pasted text”.
        name: String,
        /// They.
        bytes: Bytes,
    },
}

/// One file.
#[derive(Debug, Clone)]
pub(super) struct OneFile {
    /// As it is shown.
    pub(super) name: String,
    pub(super) what: What,
    /// It was found in a folder, and not named.
    pub(super) found: bool,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    File(PathBuf),
    Bytes(Bytes),
    /// It cannot be read; why.
    Problem(String),
}

impl OneFile {
    /// Its name without folders.
    pub(super) fn short_name(&self) -> String {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
    }
}

/// The files of some sources, those of folders in the order of their names.
pub(super) fn find(sources: &[ImportSource]) -> Vec<OneFile> {
    let mut out = Vec::new();
    for source in sources {
        match source {
            ImportSource::Bytes { name, bytes } => {
                out.push(OneFile { name: name.clone(), what: What::Bytes(bytes.clone()), found: false });
            }
            ImportSource::Path(path) if path.is_dir() => walk(path, 0, &mut out),
            ImportSource::Path(path) => {
                let name = path.display().to_string();
                out.push(OneFile { name, what: What::File(path.clone()), found: false });
            }
        }
    }
    if out.len() > FILES {
        out.truncate(FILES);
        let name = out.last().map(|file| file.name.clone()).unwrap_or_default();
        let problem = format!("An import has at most {FILES} files; what comes after this one was not read.");
        out.push(OneFile { name, what: What::Problem(problem), found: false });
    }
    out
}

fn walk(folder: &Path, depth: usize, out: &mut Vec<OneFile>) {
    let problem = |folder: &Path, why: String| OneFile {
        name: folder.display().to_string(),
        what: What::Problem(why),
        found: false,
    };
    if depth == DEPTH {
        out.push(problem(folder, format!("Folders are read {DEPTH} deep; what is in this one was not read.")));
        return;
    }
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            out.push(problem(
                folder,
                match error.kind() {
                    ErrorKind::PermissionDenied => "You have no right to read this folder.".to_owned(),
                    _ => format!("The folder cannot be read: {error}."),
                },
            ));
            return;
        }
    };
    // `file_type` does not follow links.
    let mut entries: Vec<(PathBuf, bool, bool)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_type().ok().map(|kind| (entry.path(), kind.is_dir(), kind.is_file())))
        .collect();
    entries.sort();
    for (path, is_folder, is_file) in entries {
        if out.len() > FILES {
            return;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "node_modules" {
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if is_folder {
            walk(&path, depth + 1, out);
        } else if is_file && ENDINGS.contains(&ending.as_str()) {
            out.push(OneFile { name: path.display().to_string(), what: What::File(path), found: true });
        }
    }
}

/// Reads a file and hands on its items, each with the file's format, until `each` breaks it off.
pub(super) fn read(
    file: &OneFile,
    provider: Option<&ProviderId>,
    each: &mut dyn FnMut(Option<Format>, Item) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let whole = |reason: String| Err(Fault { item: 0, line: None, reason });
    let (bytes, folder) = match &file.what {
        What::Problem(why) => return each(None, whole(why.clone())),
        What::Bytes(bytes) => (bytes.clone(), None),
        What::File(path) => match contents(path) {
            Ok(Contents::Whole(bytes)) => (bytes, path.parent()),
            Ok(Contents::Lines(reader)) => return lines(reader, each),
            Ok(Contents::TooLarge) => return each(None, whole(import::too_large())),
            Err(error) => return each(None, whole(unread(&error))),
        },
    };
    let beside = |name: &str, limit: u64| folder.map_or(Err(Unread::Missing), |folder| beside(folder, name, limit));
    let hint = Hint { format: None, provider: provider.cloned(), beside: Some(&beside) };
    let read = import::read(&file.name, &bytes, &hint);
    for item in read.items {
        each(read.format, item)?;
    }
    ControlFlow::Continue(())
}

/// Why a file cannot be read, for a person.
fn unread(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "There is no such file or folder, or it is gone.".to_owned(),
        ErrorKind::PermissionDenied => "You have no right to read this file.".to_owned(),
        ErrorKind::InvalidInput => "This is neither a file nor a folder, and is not read.".to_owned(),
        _ => format!("The file cannot be read: {error}."),
    }
}

enum Contents {
    Whole(Bytes),
    /// NDJSON.
    Lines(BufReader<File>),
    TooLarge,
}

fn contents(path: &Path) -> std::io::Result<Contents> {
    // A pipe would be waited for, and a device has no end.
    if !std::fs::metadata(path)?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if ending == "ndjson" || ending == "jsonl" {
        return Ok(Contents::Lines(reader));
    }
    if length > FILE_LIMIT {
        let begin = String::from_utf8_lossy(reader.fill_buf()?).into_owned();
        let is_log = begin.starts_with(&format!("{{\"format\":\"{}\"", countersign_core::export::NDJSON));
        return Ok(if is_log { Contents::Lines(reader) } else { Contents::TooLarge });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // It may grow while it is read.
    reader.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > FILE_LIMIT { Contents::TooLarge } else { Contents::Whole(bytes.into()) })
}

fn lines(
    mut reader: BufReader<File>,
    each: &mut dyn FnMut(Option<Format>, Item) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let format = Some(Format::Ndjson);
    let mut lines = NdjsonLines::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = match reader.by_ref().take(FILE_LIMIT).read_until(b'\n', &mut line) {
            Ok(read) => read,
            Err(error) => {
                let reason = format!("The file cannot be read any further: {error}.");
                return each(format, Err(Fault { item: 0, line: None, reason }));
            }
        };
        if read == 0 {
            return ControlFlow::Continue(());
        }
        if line.len() as u64 == FILE_LIMIT && !line.ends_with(b"\n") {
            each(format, Err(lines.too_long()))?;
            if reader.skip_until(b'\n').is_err() {
                return ControlFlow::Continue(());
            }
        } else if let Some(item) = lines.next(line.strip_suffix(b"\n").unwrap_or(&line)) {
            each(format, item)?;
        }
        if let Some(fault) = lines.given_up() {
            return each(format, Err(fault));
        }
    }
}

/// A body that was exported beside a file, up to a limit in bytes: a plain file below its folder. No link is followed.
fn beside(folder: &Path, name: &str, limit: u64) -> Result<Bytes, Unread> {
    let mut path = folder.to_owned();
    let mut parts = Path::new(name).components().peekable();
    while let Some(part) = parts.next() {
        let Component::Normal(part) = part else { return Err(Unread::Missing) };
        path.push(part);
        let meta = std::fs::symlink_metadata(&path).map_err(|_| Unread::Missing)?;
        let fits = if parts.peek().is_some() { meta.is_dir() } else { meta.is_file() };
        if !fits {
            return Err(Unread::Missing);
        }
        if meta.is_file() && meta.len() > limit {
            return Err(Unread::TooLarge);
        }
    }
    let mut bytes = Vec::new();
    let file = File::open(&path).map_err(|_| Unread::Missing)?;
    // It may grow while it is read.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| Unread::Missing)?;
    if bytes.len() as u64 > limit { Err(Unread::TooLarge) } else { Ok(bytes.into()) }
}
