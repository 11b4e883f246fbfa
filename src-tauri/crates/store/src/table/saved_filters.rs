//! `saved_filters`: filters with a name, in the order in which they were first saved.

use rusqlite::{Connection, Result};

use crate::model::SavedFilter;

pub(crate) const V1: &str = "
CREATE TABLE saved_filters (
  place  INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE,
  filter TEXT NOT NULL
) STRICT;
";

pub(crate) fn set(conn: &Connection, name: &str, filter: &str) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO saved_filters (name, filter) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET filter = ?2",
    )?
    .execute((name, filter))?;
    Ok(())
}

pub(crate) fn remove(conn: &Connection, name: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM saved_filters WHERE name = ?1")?.execute([name])?;
    Ok(())
}

pub(crate) fn list(conn: &Connection) -> Result<Vec<SavedFilter>> {
    conn.prepare_cached("SELECT name, filter FROM saved_filters ORDER BY place")?
        .query_map([], |row| Ok(SavedFilter { name: row.get(0)?, filter: row.get(1)? }))?
        .collect()
}
