//! One file's step to its place: what is there, and how something comes there without replacing anything unasked.

use super::stage::There;
use crate::error::EngineError;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read as _};
use std::path::Path;
use std::time::SystemTime;

pub(super) fn failed(path: &Path) -> impl Fn(io::Error) -> EngineError {
    move |source| EngineError::ExportFile { path: path.to_owned(), source }
}

/// What tells a file from the same one after it was changed.
pub(super) type Seen = Option<(u64, Option<SystemTime>)>;

/// The file as it is there now; none where it is gone, or is no plain file.
pub(super) fn seen(path: &Path) -> Seen {
    let meta = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((meta.len(), meta.modified().ok()))
}

/// What is there under a path, compared with these bytes. A link is not followed.
pub(super) fn compared_with(path: &Path, bytes: &[u8]) -> io::Result<There> {
    Ok(match length_of(path)? {
        Length::Nothing => There::Nothing,
        Length::NoFile => There::NoFile,
        Length::File(length) if length == bytes.len() as u64 && fs::read(path)? == bytes => There::Same,
        Length::File(_) => There::Other,
    })
}

/// What is there under a path, compared with a file that waits. A link is not followed.
pub(super) fn compared(path: &Path, at: &Path) -> io::Result<There> {
    match length_of(path)? {
        Length::Nothing => return Ok(There::Nothing),
        Length::NoFile => return Ok(There::NoFile),
        Length::File(length) if length != fs::metadata(at)?.len() => return Ok(There::Other),
        Length::File(_) => {}
    }
    let (mut a, mut b) = (BufReader::new(File::open(at)?), BufReader::new(File::open(path)?));
    let (mut left, mut right) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        let count = a.read(&mut left)?;
        if count == 0 {
            return Ok(There::Same);
        }
        match b.read_exact(&mut right[..count]) {
            Ok(()) if left[..count] == right[..count] => {}
            Ok(()) => return Ok(There::Other),
            // It became shorter meanwhile.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(There::Other),
            Err(error) => return Err(error),
        }
    }
}

enum Length {
    Nothing,
    /// A folder, a link, a device.
    NoFile,
    File(u64),
}

fn length_of(path: &Path) -> io::Result<Length> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => Ok(Length::File(meta.len())),
        Ok(_) => Ok(Length::NoFile),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Length::Nothing),
        Err(error) => Err(error),
    }
}

/// Moves a file to where nothing is; false where something came there meanwhile, which stays.
pub(super) fn put_new(at: &Path, path: &Path) -> io::Result<bool> {
    // A second name is given only where there is none, on every system.
    match fs::hard_link(at, path) {
        Ok(()) => {
            // The name it waited under goes with the folder that it is in, should it stay now.
            let _ = fs::remove_file(at);
            return Ok(true);
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        // Not every file system has second names.
        Err(_) => {}
    }
    claim(at, path)
}

/// The same without a second name: the place is taken with an empty file, which is replaced at once.
fn claim(at: &Path, path: &Path) -> io::Result<bool> {
    match File::create_new(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    }
    fs::rename(at, path).map(|()| true).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// That a folder within the chosen one is none, or can be made. A link in its place could lead anywhere.
pub(super) fn inner_folder_fits(path: &Path) -> Result<bool, EngineError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(true),
        Ok(_) => Err(failed(path)(io::Error::other("something is there that is no folder"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_there_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let (at, path) = (folder.path().join("at"), folder.path().join("path"));
        for (name, put) in
            [("a second name", put_new as fn(&Path, &Path) -> io::Result<bool>), ("a place that is taken", claim)]
        {
            fs::write(&at, b"new").expect("a file");
            fs::write(&path, b"mine").expect("a file");
            assert!(!put(&at, &path).expect(name), "{name}");
            assert_eq!(fs::read(&path).expect("a file"), b"mine", "{name}");
            fs::remove_file(&path).expect("it goes");
            assert!(put(&at, &path).expect(name), "{name}");
            assert_eq!((fs::read(&path).expect("a file"), at.exists()), (b"new".to_vec(), false), "{name}");
            fs::remove_file(&path).expect("it goes");
            fs::create_dir(&path).expect("a folder");
            fs::write(&at, b"new").expect("a file");
            assert!(!put(&at, &path).expect(name), "{name}: a folder stays too");
            fs::remove_dir(&path).expect("it goes");
        }
    }
}
