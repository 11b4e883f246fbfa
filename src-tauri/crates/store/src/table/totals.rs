//! `totals`: how many deliveries there are of each provider, so that the window can show counts without reading the log.
//!
//! Invariant: a row holds what counting the deliveries that are not deleted would give. Whoever changes deliveries in
//! the same transaction takes them out before ([`subtract`]) and puts them back after ([`add`]).

use countersign_core::ids::ProviderId;
use rusqlite::{Connection, Result};

use crate::model::Count;

/// The bits of `applying` that make a delivery failing: stale, fail, malformed.
pub(crate) const FAILING: i64 = 0b1110;

pub(crate) const V1: &str = "
CREATE TABLE totals (
  provider   TEXT PRIMARY KEY,      -- '' where none was recognised
  deliveries INTEGER NOT NULL,
  failing    INTEGER NOT NULL,
  bytes      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

const MERGE: &str = "ON CONFLICT (provider) DO UPDATE SET deliveries = deliveries + excluded.deliveries,
  failing = failing + excluded.failing, bytes = bytes + excluded.bytes";

/// What a group of appended deliveries adds, gathered so that it costs one statement a provider and not one a delivery.
#[derive(Debug, Clone, Default)]
pub(crate) struct Added(Vec<(Option<ProviderId>, Count)>);

impl Added {
    pub(crate) fn one(&mut self, provider: Option<&ProviderId>, failing: bool, bytes: i64) {
        let place = self.0.iter().position(|(p, _)| p.as_ref() == provider).unwrap_or_else(|| {
            self.0.push((provider.cloned(), Count::default()));
            self.0.len() - 1
        });
        let count = &mut self.0[place].1;
        count.total += 1;
        count.failing += i64::from(failing);
        count.bytes += bytes;
    }

    pub(crate) fn write(&self, conn: &Connection) -> Result<()> {
        for (provider, count) in &self.0 {
            let provider = provider.as_ref().map_or("", ProviderId::as_str);
            conn.prepare_cached(&format!("INSERT INTO totals VALUES (?1, ?2, ?3, ?4) {MERGE}"))?.execute((
                provider,
                count.total,
                count.failing,
                count.bytes,
            ))?;
        }
        Ok(())
    }
}

fn merge(conn: &Connection, sign: i64, ids: &str) -> Result<()> {
    // `WHERE true`-like clauses keep the parser from reading ON CONFLICT as part of a join.
    conn.prepare_cached(&format!(
        "INSERT INTO totals SELECT ifnull(provider, ''), {sign} * count(*), {sign} * sum((applying & {FAILING}) != 0),
           {sign} * sum(body_len)
         FROM deliveries WHERE deleted_at_us IS NULL AND id IN (SELECT value FROM json_each(?1))
         GROUP BY 1 {MERGE}"
    ))?
    .execute([ids])?;
    Ok(())
}

/// Takes these deliveries (a JSON list of ids) out of the counts, as they are now.
pub(crate) fn subtract(conn: &Connection, ids: &str) -> Result<()> {
    merge(conn, -1, ids)
}

/// Puts these deliveries (a JSON list of ids) into the counts, as they are now.
pub(crate) fn add(conn: &Connection, ids: &str) -> Result<()> {
    merge(conn, 1, ids)
}

/// All counts together; `matched` is left at 0.
pub(crate) fn sum(conn: &Connection) -> Result<Count> {
    conn.prepare_cached(
        "SELECT ifnull(sum(deliveries), 0), ifnull(sum(failing), 0), ifnull(sum(bytes), 0) FROM totals",
    )?
    .query_row([], |row| Ok(Count { matched: 0, total: row.get(0)?, failing: row.get(1)?, bytes: row.get(2)? }))
}

/// Deliveries of each provider that has any; none for those of which none was recognised.
pub(crate) fn per_provider(conn: &Connection) -> Result<Vec<(Option<String>, i64)>> {
    conn.prepare_cached("SELECT nullif(provider, ''), deliveries FROM totals WHERE deliveries > 0 ORDER BY provider")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
