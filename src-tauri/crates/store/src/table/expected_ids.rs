//! `expected_ids`: ids that the user awaits from a provider that does not sign.
//!
//! `matched_by` is a fact about the past: it stays when that delivery is deleted.

use rusqlite::{Connection, OptionalExtension, Result};

use crate::model::{DeliveryId, ExpectedId, ExpectedState};

pub(crate) const V1: &str = "
CREATE TABLE expected_ids (
  provider    TEXT NOT NULL,
  id          TEXT NOT NULL,
  added_at_us INTEGER NOT NULL,
  matched_by  INTEGER,
  PRIMARY KEY (provider, id)
) STRICT, WITHOUT ROWID;
";

pub(crate) fn add(conn: &Connection, provider: &str, id: &str, now_us: i64) -> Result<()> {
    conn.prepare_cached("INSERT INTO expected_ids VALUES (?1, ?2, ?3, NULL) ON CONFLICT DO NOTHING")?
        .execute((provider, id, now_us))?;
    Ok(())
}

pub(crate) fn remove(conn: &Connection, provider: &str, id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM expected_ids WHERE provider = ?1 AND id = ?2")?.execute((provider, id))?;
    Ok(())
}

/// Strikes an awaited id off; answers whether it was awaited.
pub(crate) fn strike(conn: &Connection, provider: &str, id: &str, delivery: i64) -> Result<bool> {
    let changed = conn
        .prepare_cached(
            "UPDATE expected_ids SET matched_by = ?3 WHERE provider = ?1 AND id = ?2 AND matched_by IS NULL",
        )?
        .execute((provider, id, delivery))?;
    Ok(changed > 0)
}

/// Awaited ones first, then the newest.
pub(crate) fn list(conn: &Connection, provider: &str) -> Result<Vec<ExpectedId>> {
    conn.prepare_cached(
        "SELECT id, added_at_us, matched_by FROM expected_ids WHERE provider = ?1
         ORDER BY matched_by IS NOT NULL, added_at_us DESC, id",
    )?
    .query_map([provider], |row| {
        let matched_by: Option<i64> = row.get(2)?;
        Ok(ExpectedId { id: row.get(0)?, added_at_us: row.get(1)?, matched_by: matched_by.map(DeliveryId) })
    })?
    .collect()
}

pub(crate) fn state(conn: &Connection, provider: &str, id: &str) -> Result<ExpectedState> {
    let found: Option<Option<i64>> = conn
        .prepare_cached("SELECT matched_by FROM expected_ids WHERE provider = ?1 AND id = ?2")?
        .query_row((provider, id), |row| row.get(0))
        .optional()?;
    Ok(match found {
        None => ExpectedState::Unknown,
        Some(None) => ExpectedState::Awaited,
        Some(Some(delivery)) => ExpectedState::MatchedBy(DeliveryId(delivery)),
    })
}
