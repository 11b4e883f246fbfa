//! `meta`: one row about the log itself.
//!
//! `last_id` is the newest number that was given to a delivery; it is kept here so that no number is used again after
//! deleting, and costs one update a group of deliveries. `revision` rises with every transaction that does anything but
//! append, so that another program sees that what it shows may have changed.

use rusqlite::{Connection, Result};

pub(crate) const V1: &str = "
CREATE TABLE meta (
  only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
  log_id        TEXT NOT NULL,
  created_at_us INTEGER NOT NULL,
  last_id       INTEGER NOT NULL,
  revision      INTEGER NOT NULL
) STRICT;
INSERT INTO meta VALUES (1, lower(hex(randomblob(16))), unixepoch('subsec') * 1000000, 0, 0);
";

/// The newest number and the revision.
pub(crate) fn read(conn: &Connection) -> Result<(i64, i64)> {
    conn.prepare_cached("SELECT last_id, revision FROM meta")?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn write(conn: &Connection, last_id: i64, revision: i64) -> Result<()> {
    conn.prepare_cached("UPDATE meta SET last_id = ?1, revision = ?2")?.execute([last_id, revision])?;
    Ok(())
}

pub(crate) fn log_id(conn: &Connection) -> Result<String> {
    conn.query_row("SELECT log_id FROM meta", [], |row| row.get(0))
}
