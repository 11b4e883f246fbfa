//! `runs`: executions of the retry lab and of the endpoint check.
//!
//! A run that is going on is said to be so again and again, with the time (`beat_at_us`). One whose program died is not:
//! it reads as interrupted once that time is [`SILENT_US`] old. So no run is silently half, and none needs mending.

use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::runs::{NewRun, Run, RunId, RunKind, RunState, RunSummary, RunUpdate};
use crate::table::deliveries::unreadable;

pub(crate) const V5: &str = "
CREATE TABLE runs (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  kind          TEXT NOT NULL,
  title         TEXT NOT NULL,
  provider      TEXT,
  endpoint      TEXT NOT NULL,
  state         TEXT NOT NULL,
  started_at_us INTEGER NOT NULL,
  beat_at_us    INTEGER NOT NULL,        -- when it was last said to be going on
  ended_at_us   INTEGER,
  outcome       TEXT,                    -- one sentence
  request       TEXT NOT NULL,           -- JSON, the engine's own; no secret's value
  report        TEXT NOT NULL            -- JSON, the engine's own, as far as it has come
) STRICT;
CREATE INDEX runs_by_kind ON runs (kind, id);
ALTER TABLE attempts ADD COLUMN run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE;
CREATE INDEX attempts_by_run ON attempts (run_id) WHERE run_id IS NOT NULL;
";

/// How long a run may say nothing before it counts as interrupted: five times what its program takes between two beats.
pub(crate) const SILENT_US: i64 = 10_000_000;

const SUMMARY: &str = "id, kind, title, provider, endpoint, state, started_at_us, beat_at_us, ended_at_us, outcome";

pub(crate) fn insert(conn: &Connection, new: &NewRun) -> Result<RunId> {
    conn.prepare_cached(
        "INSERT INTO runs (kind, title, provider, endpoint, state, started_at_us, beat_at_us, request, report)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, '')",
    )?
    .execute((
        new.kind.as_str(),
        &new.title,
        &new.provider,
        &new.endpoint,
        RunState::Running.as_str(),
        new.started_at_us,
        &new.request,
    ))?;
    Ok(RunId(conn.last_insert_rowid()))
}

pub(crate) fn update(conn: &Connection, id: RunId, new: &RunUpdate) -> Result<bool> {
    let changed = conn
        .prepare_cached(
            "UPDATE runs SET state = ?2, ended_at_us = ?3, outcome = ?4, report = ?5, beat_at_us = max(beat_at_us, ?6)
             WHERE id = ?1",
        )?
        .execute((id.0, new.state.as_str(), new.ended_at_us, &new.outcome, &new.report, new.now_us))?;
    Ok(changed > 0)
}

pub(crate) fn beat(conn: &Connection, id: RunId, now_us: i64) -> Result<()> {
    conn.prepare_cached("UPDATE runs SET beat_at_us = max(beat_at_us, ?2) WHERE id = ?1")?.execute((id.0, now_us))?;
    Ok(())
}

pub(crate) fn interrupt(conn: &Connection, id: RunId, now_us: i64) -> Result<bool> {
    let changed = conn
        .prepare_cached("UPDATE runs SET state = ?2, ended_at_us = ?3 WHERE id = ?1 AND state = ?4")?
        .execute((id.0, RunState::Interrupted.as_str(), now_us, RunState::Running.as_str()))?;
    Ok(changed > 0)
}

pub(crate) fn remove(conn: &Connection, id: RunId) -> Result<bool> {
    Ok(conn.prepare_cached("DELETE FROM runs WHERE id = ?1")?.execute([id.0])? > 0)
}

pub(crate) fn is_there(conn: &Connection, id: RunId) -> Result<bool> {
    conn.prepare_cached("SELECT 1 FROM runs WHERE id = ?1")?.exists([id.0])
}

fn summary(row: &Row<'_>, now_us: i64) -> Result<RunSummary> {
    let (kind, state): (String, String) = (row.get(1)?, row.get(5)?);
    let beat_at_us: i64 = row.get(7)?;
    let state = match RunState::from_name(&state).ok_or_else(|| unreadable(5, "state of a run"))? {
        RunState::Running if beat_at_us < now_us.saturating_sub(SILENT_US) => RunState::Interrupted,
        state => state,
    };
    Ok(RunSummary {
        id: RunId(row.get(0)?),
        kind: RunKind::from_name(&kind).ok_or_else(|| unreadable(1, "kind of a run"))?,
        title: row.get(2)?,
        provider: row.get(3)?,
        endpoint: row.get(4)?,
        state,
        started_at_us: row.get(6)?,
        ended_at_us: match state {
            RunState::Interrupted => Some(beat_at_us),
            _ => row.get(8)?,
        },
        outcome: row.get(9)?,
    })
}

/// A page of runs, newest first, those before `before`.
pub(crate) fn page(
    conn: &Connection,
    kind: Option<RunKind>,
    before: Option<RunId>,
    limit: usize,
    now_us: i64,
) -> Result<Vec<RunSummary>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    conn.prepare_cached(&format!(
        "SELECT {SUMMARY} FROM runs WHERE id < ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY id DESC LIMIT ?3"
    ))?
    .query_map((before.map_or(i64::MAX, |id| id.0), kind.map(|kind| kind.as_str()), limit), |row| summary(row, now_us))?
    .collect()
}

pub(crate) fn by_id(conn: &Connection, id: RunId, now_us: i64) -> Result<Option<Run>> {
    conn.prepare_cached(&format!("SELECT {SUMMARY}, request, report FROM runs WHERE id = ?1"))?
        .query_row([id.0], |row| {
            Ok(Run { summary: summary(row, now_us)?, request: row.get(10)?, report: row.get(11)? })
        })
        .optional()
}
