//! `path_pins`: paths that the user gave to a provider.

use rusqlite::{Connection, Result};

use crate::model::PathPin;
use crate::table::deliveries::unreadable;

pub(crate) const V1: &str = "
CREATE TABLE path_pins (
  path     TEXT PRIMARY KEY,
  provider TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

pub(crate) fn set(conn: &Connection, path: &str, provider: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO path_pins VALUES (?1, ?2) ON CONFLICT (path) DO UPDATE SET provider = ?2")?
        .execute((path, provider))?;
    Ok(())
}

pub(crate) fn remove(conn: &Connection, path: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM path_pins WHERE path = ?1")?.execute([path])?;
    Ok(())
}

pub(crate) fn list(conn: &Connection) -> Result<Vec<PathPin>> {
    conn.prepare_cached("SELECT path, provider FROM path_pins ORDER BY path")?
        .query_map([], |row| {
            let provider: String = row.get(1)?;
            Ok(PathPin { path: row.get(0)?, provider: provider.parse().map_err(|_| unreadable(1, "provider"))? })
        })?
        .collect()
}
