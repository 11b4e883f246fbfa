//! Files of a folder: listing them, reading one.

use bytes::Bytes;
use countersign_core::fixture::Fixture;
use countersign_core::import::{self, Format, Hint, Imported};
use countersign_core::request::Request;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// The most files of a folder; there are folders of 5,000.
const FILES: usize = 20_000;
/// Folders in folders, so deep.
const DEPTH: usize = 16;
/// A larger file is no fixture that anybody keeps, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its path.
    pub(super) path: PathBuf,
    /// Its path within the folder, with `/`.
    pub(super) name: String,
}

/// What is in a folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// By name.
    pub(super) files: Vec<Listed>,
    /// Why not all of it is listed.
    pub(super) problem: Option<String>,
}

/// The JSON files of a folder and of those below it. What a symbolic link leads to is not looked at.
pub(super) fn list(folder: &Path) -> Result<Listing, String> {
    let mut listing = Listing::default();
    walk(folder, "", 0, &mut listing).map_err(|error| format!("The folder cannot be read: {error}."))?;
    listing.files.sort_by(|a, b| a.name.cmp(&b.name));
    if listing.files.len() > FILES {
        listing.files.truncate(FILES);
        listing.problem = Some(format!("A folder's first {FILES} files are listed; this one has more."));
    }
    Ok(listing)
}

fn walk(folder: &Path, prefix: &str, depth: usize, listing: &mut Listing) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)?.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "node_modules" || listing.files.len() > FILES {
            continue;
        }
        // It does not follow links.
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < DEPTH {
            // One folder that cannot be read does not hide the others.
            if walk(&entry.path(), &format!("{prefix}{name}/"), depth + 1, listing).is_err() {
                listing.problem = Some(format!("The folder {prefix}{name} cannot be read."));
            }
        } else if kind.is_file() && name.to_ascii_lowercase().ends_with(".json") {
            listing.files.push(Listed { path: entry.path(), name: format!("{prefix}{name}") });
        }
    }
    Ok(())
}

/// The file of that name in a folder; nothing where it is not there, is no plain file, or is outside.
pub(super) fn within(folder: &Path, name: &Path) -> Option<Listed> {
    if !name.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let path = folder.join(name);
    let is_file = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file());
    let inside = path.canonicalize().ok()? == folder.canonicalize().ok()?.join(name);
    let name = name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    (is_file && inside).then_some(Listed { path, name })
}

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) bytes: Bytes,
    pub(super) format: Option<Format>,
    /// Where it is a Countersign fixture.
    pub(super) fixture: Option<Fixture>,
    /// Where it is a fixture or a bare payload.
    pub(super) request: Option<Request>,
    pub(super) captured_at_us: Option<i64>,
    /// Why it is neither.
    pub(super) problem: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) notes: Vec<String>,
}

/// Reads a file; the error is a sentence.
pub(super) fn read(listed: &Listed) -> Result<Content, String> {
    let failed = |error: std::io::Error| format!("The file cannot be read: {error}.");
    let file = std::fs::File::open(&listed.path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err("The file is over 64 MB, which no fixture is. It was not read.".to_owned());
    }
    Ok(of(&listed.name, bytes.into()))
}

fn of(name: &str, bytes: Bytes) -> Content {
    let read = import::read(name, &bytes, &Hint::default());
    let mut content = Content { bytes, format: read.format, ..Content::default() };
    match (read.format, read.items.into_iter().next()) {
        (Some(Format::Fixture | Format::Payload), Some(Ok(one))) => {
            let Imported { request, received_at_us, notes, .. } = one;
            content.request = Some(request);
            content.captured_at_us = received_at_us;
            content.notes = notes;
            let text = std::str::from_utf8(&content.bytes).unwrap_or_default();
            content.fixture = Fixture::parse(text.trim_start_matches('\u{feff}')).ok();
        }
        (_, Some(Err(fault))) => {
            content.line = fault.line.and_then(|line| u32::try_from(line).ok());
            content.problem = Some(fault.reason);
        }
        (Some(format), _) => {
            content.problem = Some(format!("This is no fixture: {}. Import it instead.", format.label()));
        }
        (None, _) => content.problem = Some("This is no fixture.".to_owned()),
    }
    content
}
