//! What can go wrong with the log. Sources are shared, because one fault may answer a whole group of writers.

use std::path::PathBuf;
use std::sync::Arc;

/// A fault of the log.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A later version of the app wrote the file. Nothing was changed.
    #[error(
        "The log {} was written by a newer Countersign (its format is {found}, this one reads up to {known}). Nothing \
         was changed; update Countersign or choose another log.", path.display()
    )]
    Newer {
        /// The log.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// The file is another program's. Nothing was changed.
    #[error("{} belongs to another program: it is not a Countersign log. Nothing was changed; choose another file.", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The log cannot be opened or read. It was left as it is.
    #[error("The log {} cannot be opened: {source}. It was left as it is; check that the file and its folder may be read and written.", path.display())]
    Unopenable {
        /// The log.
        path: PathBuf,
        /// Why.
        source: Arc<rusqlite::Error>,
    },
    /// A damaged log cannot be moved aside, so that no new one was begun.
    #[error("The log {} is damaged and cannot be moved aside: {source}. Nothing was changed; move it away by hand.", path.display())]
    NotSetAside {
        /// The log.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// What was to be written was not. Everything acknowledged before is kept, and the next write tries again.
    #[error("The log {} cannot be written: {cause}. What was written before is kept; nothing new is until this is mended.", path.display())]
    Unwritable {
        /// The log.
        path: PathBuf,
        /// Why.
        cause: Cause,
        /// What SQLite or the system said, where it said something.
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
    /// This one write was refused by the log's own rules; others were not touched by it.
    #[error("The log refused this entry: {source}. Nothing else was affected.")]
    Refused {
        /// Why.
        source: Arc<rusqlite::Error>,
    },
    /// A query failed.
    #[error("The log {} could not be read: {source}. It was not changed; try again.", path.display())]
    Unreadable {
        /// The log.
        path: PathBuf,
        /// Why.
        source: Arc<rusqlite::Error>,
    },
    /// Something that was read makes no sense.
    #[error("The log {} is damaged ({what}). It was not changed; when Countersign is started again the whole file is checked, kept aside if that confirms it, and a new one begun.", path.display())]
    Damaged {
        /// The log.
        path: PathBuf,
        /// What makes no sense.
        what: String,
    },
    /// The log was closed before, or while this waited.
    #[error("The log is closed, so that this was not done. Try again after the start.")]
    Closed,
}

/// Why the log cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No space is left.
    DiskFull,
    /// The file or its folder may only be read.
    ReadOnly,
    /// Another program has held the log for longer than the wait of five seconds.
    Busy,
    /// The file was moved or deleted and could not be put back.
    Gone,
    /// The file's content is damaged.
    Damaged,
    /// The disk reports a fault.
    Io,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Cause::DiskFull => "the disk is full",
            Cause::ReadOnly => "the file or its folder is write-protected",
            Cause::Busy => "another program has locked it",
            Cause::Gone => "the file was moved or deleted",
            Cause::Damaged => "its content is damaged",
            Cause::Io => "the disk reports a fault",
        })
    }
}

/// Why nothing can be written now; none where the fault lies with the one statement.
pub(crate) fn cause_of(error: &rusqlite::Error) -> Option<Cause> {
    use rusqlite::ErrorCode;
    Some(match error.sqlite_error_code()? {
        ErrorCode::DiskFull => Cause::DiskFull,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Cause::ReadOnly,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Cause::Busy,
        ErrorCode::CannotOpen => Cause::Gone,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Cause::Damaged,
        ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory | ErrorCode::FileLockingProtocolFailed => Cause::Io,
        _ => return None,
    })
}

impl StoreError {
    pub(crate) fn write(path: &std::path::Path, error: rusqlite::Error) -> StoreError {
        match cause_of(&error) {
            Some(cause) => {
                if cause == Cause::Damaged {
                    crate::open::suspect(path);
                }
                StoreError::Unwritable { path: path.to_owned(), cause, source: Some(Arc::new(error)) }
            }
            None => StoreError::Refused { source: Arc::new(error) },
        }
    }

    pub(crate) fn read(path: &std::path::Path, error: rusqlite::Error) -> StoreError {
        let senseless =
            matches!(error, rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..));
        if senseless || cause_of(&error) == Some(Cause::Damaged) {
            crate::open::suspect(path);
            StoreError::Damaged { path: path.to_owned(), what: error.to_string() }
        } else {
            StoreError::Unreadable { path: path.to_owned(), source: Arc::new(error) }
        }
    }
}
