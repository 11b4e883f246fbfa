//! Opening a log: a damaged one is kept aside and a new one begun; anything else that is wrong is said and left alone.

use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{StoreError, cause_of};
use crate::migrate;

/// Up to this size the whole file is checked at each start: it takes about a tenth of a second. Damage in a larger one
/// is found when it is read, and the file then checked at the next start ([`suspect`]).
const CHECKED_BYTES: u64 = 64 * 1024 * 1024;

/// How long a program waits for another one's write.
const BUSY: Duration = Duration::from_secs(5);

/// Opens the log at `path`, writing; answers where a damaged one was put.
pub(crate) fn open(path: &Path) -> Result<(Connection, Option<PathBuf>), StoreError> {
    if is_a_strangers(path) {
        return Err(StoreError::NotOurs { path: path.to_owned() });
    }
    if wal_is_damaged(path) {
        let aside = set_aside(path)?;
        return Ok((attempt(path)?, Some(aside)));
    }
    match attempt(path) {
        Err(StoreError::Damaged { what, .. }) => {
            tracing::warn!(what, "the log is damaged and is kept aside");
            let aside = set_aside(path)?;
            Ok((attempt(path)?, Some(aside)))
        }
        other => Ok((other?, None)),
    }
}

/// Whether there is a file that is no database and was hardly ever a log: it has another kind of name, and nothing of ours beside it.
/// A path that was mistyped must not move somebody's file.
fn is_a_strangers(path: &Path) -> bool {
    let mut head = Vec::new();
    // What is not there, or may not be read, is for SQLite to say.
    let read = fs::File::open(path).and_then(|file| file.take(16).read_to_end(&mut head));
    let database = read.is_err() || head.is_empty() || head == b"SQLite format 3\0";
    let named = path.extension().is_some_and(|e| ["db", "sqlite", "sqlite3"].iter().any(|known| e == *known));
    let traces = ["-wal", "-shm", ".secrets.json", SUSPECT].iter().any(|suffix| beside(path, suffix).exists());
    !database && !named && !traces
}

fn attempt(path: &Path) -> Result<Connection, StoreError> {
    let mut conn = writing(path)?;
    // Until it is known to be sound, closing must not write the WAL into the file: both are kept as they were found.
    let keep_wal = |conn: &Connection, keep| conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep);
    keep_wal(&conn, true).map_err(|error| classify(path, error))?;
    migrate::gate(&conn, path).map_err(|error| reclassify(path, error))?;
    check(&conn, path)?;
    settle(&conn).map_err(|error| classify(path, error))?;
    migrate::run(&mut conn, path).map_err(|error| reclassify(path, error))?;
    keep_wal(&conn, false).map_err(|error| classify(path, error))?;
    Ok(conn)
}

/// A connection of the writer to a log that is known to be sound.
pub(crate) fn reopen(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY)?;
    settle(&conn)?;
    Ok(conn)
}

/// A connection that only reads.
pub(crate) fn reading(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY)?;
    conn.pragma_update(None, "query_only", true)?;
    // Were the file deleted and begun again under this reader, its closing must not remove the new one's WAL.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.set_prepared_statement_cache_capacity(64);
    crate::search::add_functions(&conn)?;
    Ok(conn)
}

fn writing(path: &Path) -> Result<Connection, StoreError> {
    // Deliveries are nobody else's business. SQLite gives the files beside it the mode of the log.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // Where it is there already, or cannot be made, SQLite finds out next and says so.
        drop(fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| classify(path, error))?;
    conn.busy_timeout(BUSY).map_err(|error| classify(path, error))?;
    Ok(conn)
}

/// Settings of a writing connection.
fn settle(conn: &Connection) -> rusqlite::Result<()> {
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        tracing::warn!(mode, "the log's file system does not allow a WAL; writing is slower");
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // 16 MB: a commit that has to carry the WAL into the file costs several syncs, so that it should be seldom; and a
    // WAL of that size is read again in a moment after a crash.
    conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    conn.pragma_update(None, "cache_size", -16_000)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn check(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let size = fs::metadata(path).map_or(0, |file| file.len());
    let mark = beside(path, SUSPECT);
    if size > CHECKED_BYTES && !mark.exists() {
        return Ok(());
    }
    let found: String =
        conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|error| classify(path, error))?;
    if found == "ok" {
        // Where it cannot be removed the next start checks once more.
        let _ = fs::remove_file(mark);
        Ok(())
    } else {
        Err(StoreError::Damaged { path: path.to_owned(), what: found })
    }
}

/// Ends the name of the empty file that has the next start check the whole log.
const SUSPECT: &str = ".suspect";

/// Has the next start check the whole log, whatever its size.
pub(crate) fn suspect(path: &Path) {
    if let Err(error) = fs::File::create(beside(path, SUSPECT)) {
        tracing::warn!(%error, "the damaged log cannot be marked");
    }
}

/// Only what SQLite calls damage is damage; a file that is locked, or may not be read, is left where it is.
fn classify(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { path: path.to_owned(), what: error.to_string() }
        }
        _ => StoreError::Unopenable { path: path.to_owned(), source: Arc::new(error) },
    }
}

fn reclassify(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Unreadable { source, .. } => StoreError::Unopenable { path: path.to_owned(), source },
        other => other,
    }
}

/// Whether there is a WAL that SQLite would take for none, or one whose log is gone: both would be thrown away without
/// a word, and may hold what was acknowledged.
fn wal_is_damaged(path: &Path) -> bool {
    let mut head = [0; 4];
    let Ok(mut wal) = fs::File::open(beside(path, "-wal")) else { return false };
    match wal.read_exact(&mut head) {
        Err(_) => false,
        // Zeros are a WAL whose first page never reached the disk: nothing in it was acknowledged.
        Ok(()) if head == [0; 4] => false,
        Ok(()) => {
            let magic = u32::from_be_bytes(head) & !1 == 0x377f_0682;
            !magic || fs::metadata(path).map_or_else(|e| e.kind() == ErrorKind::NotFound, |file| file.len() == 0)
        }
    }
}

/// `path` with something after its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// The first name of the form `<name>.<word>-<n>` beside `path` that is free, with its WAL's name.
pub(crate) fn free_name(path: &Path, word: &str) -> PathBuf {
    let taken = |name: &Path| name.symlink_metadata().is_ok() || beside(name, "-wal").symlink_metadata().is_ok();
    let mut number = 1u32;
    loop {
        let name = beside(path, &format!(".{word}-{number}"));
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// Moves the log with its WAL to a free name beside it.
fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let aside = free_name(path, "damaged");
    // The WAL first: were the program stopped between the two, a new log must not begin beside a strange WAL.
    for suffix in ["-wal", "-shm", ""] {
        match fs::rename(beside(path, suffix), beside(&aside, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(StoreError::NotSetAside { path: path.to_owned(), source: Arc::new(error) });
            }
        }
    }
    Ok(aside)
}

/// Whether an error tells of the connection rather than of what was asked, so that another connection may do better.
pub(crate) fn needs_new_connection(error: &rusqlite::Error) -> bool {
    use crate::error::Cause;
    matches!(cause_of(error), Some(Cause::Io | Cause::Gone | Cause::Damaged | Cause::ReadOnly))
}
