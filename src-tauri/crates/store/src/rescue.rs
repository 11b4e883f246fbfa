//! What happens when the log's file is moved or deleted while it is open.
//!
//! On Unix an open file lives on without a name: what is committed to it is on the disk and yet lost at the end of the
//! program. So before each group of writes the writer looks whether the file that it has open is still the one of that
//! name, WAL included. If not, everything is copied out of the open file and put back before anything new is written.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::open::{beside, free_name, reopen};

/// Which file it is, of those that ever had that name; none where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId(Option<(u64, u64)>);

#[cfg(unix)]
fn file_id(path: &Path) -> FileId {
    use std::os::unix::fs::MetadataExt as _;
    FileId(std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino())))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> FileId {
    // An open file cannot be deleted here; that it is there is all there is to know.
    FileId(std::fs::metadata(path).ok().map(|_| (0, 0)))
}

/// The files that a connection has open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    log: FileId,
    wal: FileId,
}

impl Identity {
    /// Of the files that have the names now.
    pub(crate) fn now(path: &Path) -> Identity {
        Identity { log: file_id(path), wal: file_id(&beside(path, "-wal")) }
    }

    /// Whether a file that was there is gone or another. A WAL that did not exist may have come.
    pub(crate) fn lost_in(&self, now: &Identity) -> bool {
        self.log != now.log || (self.wal.0.is_some() && self.wal != now.wal)
    }
}

/// What became of the content of a log whose file was moved or deleted.
pub(crate) enum Rescued {
    /// The name was free: it is there again.
    PutBack,
    /// Another file has the name now; the content is kept beside it.
    KeptBeside(PathBuf),
}

/// Copies everything out of `conn` back to `path`.
pub(crate) fn rescue(conn: &Connection, path: &Path, had: &Identity) -> rusqlite::Result<(Connection, Rescued)> {
    // Closing the old connection must not remove the WAL of the new one, which has the same name.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let found = Identity::now(path);
    if found.log == had.log {
        // Only the WAL lost its name: what it holds goes into the file, which is still there.
        let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy != 0 {
            return Err(rusqlite::Error::InvalidPath(beside(path, "-wal")));
        }
        return Ok((reopen(path)?, Rescued::PutBack));
    }
    let (target, outcome) = if found.log.0.is_none() {
        (path.to_owned(), Rescued::PutBack)
    } else {
        let beside = free_name(path, "rescued");
        (beside.clone(), Rescued::KeptBeside(beside))
    };
    let io = |_| rusqlite::Error::InvalidPath(target.clone());
    let copy = beside(&target, ".copying");
    let _ = std::fs::remove_file(&copy);
    conn.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
    std::fs::File::open(&copy).and_then(|file| file.sync_all()).map_err(io)?;
    if matches!(outcome, Rescued::PutBack) {
        // A WAL of that name belongs to the file that is gone; all of it is in the copy.
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(beside(&target, suffix));
        }
    }
    std::fs::rename(&copy, &target).map_err(io)?;
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // So that the new name outlives a power cut; where folders cannot be opened there is no need.
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok((reopen(path)?, outcome))
}
