//! `templates`: requests that the user keeps to send again.

use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::model::{NewTemplate, Template};

pub(crate) const V3: &str = "
CREATE TABLE templates (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  provider    TEXT,
  method      TEXT NOT NULL,
  url         TEXT NOT NULL,
  headers     TEXT NOT NULL,             -- JSON, the engine's own
  signing     TEXT NOT NULL,             -- JSON, the engine's own; no secret's value
  body        BLOB NOT NULL,
  saved_at_us INTEGER NOT NULL
) STRICT;
";

/// Keeps a template; one of that name is replaced.
pub(crate) fn set(conn: &Connection, new: &NewTemplate) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO templates (name, provider, method, url, headers, signing, body, saved_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (name) DO UPDATE SET provider = ?2, method = ?3, url = ?4, headers = ?5, signing = ?6, body = ?7,
           saved_at_us = ?8",
    )?
    .execute((
        &new.name,
        &new.provider,
        &new.method,
        &new.url,
        &new.headers,
        &new.signing,
        &new.body[..],
        new.saved_at_us,
    ))?;
    Ok(())
}

pub(crate) fn remove(conn: &Connection, id: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM templates WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn template(row: &Row<'_>) -> Result<Template> {
    Ok(Template {
        id: row.get(0)?,
        template: NewTemplate {
            name: row.get(1)?,
            provider: row.get(2)?,
            method: row.get(3)?,
            url: row.get(4)?,
            headers: row.get(5)?,
            signing: row.get(6)?,
            saved_at_us: row.get(7)?,
            body: row.get::<_, Vec<u8>>(8)?.into(),
        },
    })
}

/// All of them by name, without their bodies.
pub(crate) fn list(conn: &Connection) -> Result<Vec<Template>> {
    conn.prepare_cached(
        "SELECT id, name, provider, method, url, headers, signing, saved_at_us, x'' FROM templates ORDER BY name, id",
    )?
    .query_map([], template)?
    .collect()
}

pub(crate) fn by_id(conn: &Connection, id: i64) -> Result<Option<Template>> {
    conn.prepare_cached(
        "SELECT id, name, provider, method, url, headers, signing, saved_at_us, body FROM templates WHERE id = ?1",
    )?
    .query_row([id], template)
    .optional()
}
