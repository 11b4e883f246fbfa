//! `attempts`: requests that were sent to endpoints, each beside the delivery that it came of, with what came back.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::model::{
    Attempt, AttemptId, AttemptKind, AttemptReply, AttemptState, AttemptSummary, AttemptTiming, DeliveryId, NewAttempt,
};
use crate::runs::RunId;
use crate::table::deliveries::{length, unreadable};

pub(crate) const V2: &str = "
CREATE TABLE attempts (
  id            INTEGER PRIMARY KEY,
  delivery_id   INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  route         TEXT,                    -- the route's id, where one sent it
  name          TEXT NOT NULL,           -- the endpoint, as it was called then
  method        TEXT NOT NULL,
  url           TEXT NOT NULL,
  state         TEXT NOT NULL,
  started_at_us INTEGER NOT NULL,
  status        INTEGER,
  error         TEXT,
  connected_us  INTEGER,
  tls_us        INTEGER,
  first_byte_us INTEGER,
  total_us      INTEGER,
  reply_len     INTEGER,
  reply_cut     INTEGER NOT NULL DEFAULT 0,
  request_head  BLOB NOT NULL,
  reply_head    BLOB,
  request_body  BLOB,                    -- NULL: the delivery's own
  reply_body    BLOB
) STRICT;
CREATE INDEX attempts_by_delivery ON attempts (delivery_id);
CREATE INDEX attempts_by_route ON attempts (route, delivery_id) WHERE route IS NOT NULL;
ALTER TABLE deliveries ADD COLUMN challenge INTEGER NOT NULL DEFAULT 0;
";

/// What was composed stands beside no delivery; and why an attempt was made is kept.
pub(crate) const V3: &str = "
CREATE TABLE attempts_3 (
  id            INTEGER PRIMARY KEY,
  delivery_id   INTEGER REFERENCES deliveries (id) ON DELETE CASCADE,  -- NULL: composed
  kind          TEXT NOT NULL,
  route         TEXT,                    -- the route's id, where one sent it
  name          TEXT NOT NULL,           -- the endpoint, as it was called then
  method        TEXT NOT NULL,
  url           TEXT NOT NULL,
  state         TEXT NOT NULL,
  started_at_us INTEGER NOT NULL,
  status        INTEGER,
  error         TEXT,
  connected_us  INTEGER,
  tls_us        INTEGER,
  first_byte_us INTEGER,
  total_us      INTEGER,
  reply_len     INTEGER,
  reply_cut     INTEGER NOT NULL DEFAULT 0,
  signing       TEXT,                    -- how it was signed, in words
  as_expected   INTEGER,                 -- the answer was a right endpoint's
  request_head  BLOB NOT NULL,
  reply_head    BLOB,
  request_body  BLOB,                    -- NULL: the delivery's own
  reply_body    BLOB
) STRICT;
INSERT INTO attempts_3 (id, delivery_id, kind, route, name, method, url, state, started_at_us, status, error,
    connected_us, tls_us, first_byte_us, total_us, reply_len, reply_cut, request_head, reply_head, request_body, reply_body)
  SELECT id, delivery_id, iif(route IS NULL, 'confirmation', 'forward'), route, name, method, url, state, started_at_us,
    status, error, connected_us, tls_us, first_byte_us, total_us, reply_len, reply_cut, request_head, reply_head,
    request_body, reply_body FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_3 RENAME TO attempts;
CREATE INDEX attempts_by_delivery ON attempts (delivery_id);
CREATE INDEX attempts_by_route ON attempts (route, delivery_id) WHERE route IS NOT NULL;
";

const SUMMARY: &str = "a.id, a.delivery_id, a.route, a.name, a.method, a.url, a.state, a.started_at_us, a.status, \
     a.error, a.connected_us, a.tls_us, a.first_byte_us, a.total_us, a.reply_len, a.reply_cut, a.kind, \
     a.signing, a.as_expected";

pub(crate) fn insert(conn: &Connection, delivery: Option<DeliveryId>, new: &NewAttempt) -> Result<AttemptId> {
    let reply = new.reply.as_ref();
    conn.prepare_cached(
        "INSERT INTO attempts (delivery_id, route, name, method, url, state, started_at_us, status, error, connected_us,
           tls_us, first_byte_us, total_us, reply_len, reply_cut, request_head, reply_head, request_body, reply_body,
           kind, signing, as_expected, run_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
    )?
    .execute(rusqlite::params![
        delivery.map(|id| id.0),
        new.route,
        new.name,
        new.method,
        new.url,
        new.state.as_str(),
        new.started_at_us,
        reply.map(|r| r.status),
        new.error,
        new.timing.connected_us,
        new.timing.tls_us,
        new.timing.first_byte_us,
        new.timing.total_us,
        reply.map(|r| length(r.body_len)),
        reply.is_some_and(|r| r.cut),
        &new.request_head[..],
        reply.map(|r| &r.head[..]),
        new.request_body.as_ref().map(|b| &b[..]),
        reply.map(|r| &r.body[..]),
        new.kind.as_str(),
        new.signing,
        new.as_expected,
        new.run.map(|run| run.0),
    ])?;
    Ok(AttemptId(conn.last_insert_rowid()))
}

/// Writes how a waiting attempt ended.
pub(crate) fn finish(conn: &Connection, id: AttemptId, new: &NewAttempt) -> Result<bool> {
    let reply = new.reply.as_ref();
    let changed = conn
        .prepare_cached(
            "UPDATE attempts SET state = ?2, started_at_us = ?3, status = ?4, error = ?5, connected_us = ?6, tls_us = ?7,
               first_byte_us = ?8, total_us = ?9, reply_len = ?10, reply_cut = ?11, request_head = ?12,
               reply_head = ?13, reply_body = ?14, url = ?15, as_expected = ?16 WHERE id = ?1",
        )?
        .execute(rusqlite::params![
            id.0,
            new.state.as_str(),
            new.started_at_us,
            reply.map(|r| r.status),
            new.error,
            new.timing.connected_us,
            new.timing.tls_us,
            new.timing.first_byte_us,
            new.timing.total_us,
            reply.map(|r| length(r.body_len)),
            reply.is_some_and(|r| r.cut),
            &new.request_head[..],
            reply.map(|r| &r.head[..]),
            reply.map(|r| &r.body[..]),
            new.url,
            new.as_expected,
        ])?;
    Ok(changed > 0)
}

fn summary(row: &Row<'_>) -> Result<AttemptSummary> {
    let state: String = row.get(6)?;
    Ok(AttemptSummary {
        id: AttemptId(row.get(0)?),
        delivery_id: row.get::<_, Option<i64>>(1)?.map(DeliveryId),
        kind: AttemptKind::from_name(&row.get::<_, String>(16)?).ok_or_else(|| unreadable(16, "kind of an attempt"))?,
        signing: row.get(17)?,
        as_expected: row.get(18)?,
        route: row.get(2)?,
        name: row.get(3)?,
        method: row.get(4)?,
        url: row.get(5)?,
        state: AttemptState::from_name(&state).ok_or_else(|| unreadable(6, "state of an attempt"))?,
        started_at_us: row.get(7)?,
        status: row.get(8)?,
        error: row.get(9)?,
        timing: AttemptTiming {
            connected_us: row.get(10)?,
            tls_us: row.get(11)?,
            first_byte_us: row.get(12)?,
            total_us: row.get(13)?,
        },
        reply_len: row.get(14)?,
        reply_cut: row.get(15)?,
    })
}

/// The attempts of a delivery, oldest first.
pub(crate) fn of_delivery(conn: &Connection, delivery: DeliveryId) -> Result<Vec<AttemptSummary>> {
    conn.prepare_cached(&format!("SELECT {SUMMARY} FROM attempts a WHERE a.delivery_id = ?1 ORDER BY a.id"))?
        .query_map([delivery.0], summary)?
        .collect()
}

/// An attempt without its bytes.
pub(crate) fn summary_of(conn: &Connection, id: AttemptId) -> Result<Option<AttemptSummary>> {
    conn.prepare_cached(&format!("SELECT {SUMMARY} FROM attempts a WHERE a.id = ?1"))?
        .query_row([id.0], summary)
        .optional()
}

/// The attempts of a run, oldest first.
pub(crate) fn of_run(conn: &Connection, run: RunId) -> Result<Vec<AttemptSummary>> {
    conn.prepare_cached(&format!("SELECT {SUMMARY} FROM attempts a WHERE a.run_id = ?1 ORDER BY a.id"))?
        .query_map([run.0], summary)?
        .collect()
}

/// A page of the attempts that are part of no run, newest first, those before `before`.
pub(crate) fn page(conn: &Connection, before: Option<AttemptId>, limit: usize) -> Result<Vec<AttemptSummary>> {
    conn.prepare_cached(&format!(
        "SELECT {SUMMARY} FROM attempts a WHERE a.id < ?1 AND a.run_id IS NULL ORDER BY a.id DESC LIMIT ?2"
    ))?
    .query_map((before.map_or(i64::MAX, |id| id.0), length(limit as u64)), summary)?
    .collect()
}

/// An attempt with its bytes; those of the delivery's body where it sent that.
pub(crate) fn by_id(conn: &Connection, id: AttemptId) -> Result<Option<Attempt>> {
    conn.prepare_cached(&format!(
        "SELECT {SUMMARY}, a.request_head, ifnull(a.request_body, c.body), a.reply_head, a.reply_body
         FROM attempts a LEFT JOIN contents c ON c.delivery_id = a.delivery_id WHERE a.id = ?1"
    ))?
    .query_row([id.0], |row| {
        let summary = summary(row)?;
        let bytes = |at| row.get::<_, Vec<u8>>(at).map(Bytes::from);
        let reply = match (summary.status, row.get::<_, Option<Vec<u8>>>(21)?) {
            (Some(status), Some(head)) => Some(AttemptReply {
                status,
                head: head.into(),
                body: row.get::<_, Option<Vec<u8>>>(22)?.unwrap_or_default().into(),
                body_len: summary.reply_len.unwrap_or_default().unsigned_abs(),
                cut: summary.reply_cut,
            }),
            _ => None,
        };
        let body: Option<Vec<u8>> = row.get(20)?;
        Ok(Attempt { request_head: bytes(19)?, request_body: body.unwrap_or_default().into(), reply, summary })
    })
    .optional()
}

/// Deliveries that a route was to send and whose endpoint never answered, oldest first; those that still wait only
/// where they began before `stale_us`.
pub(crate) fn missed(conn: &Connection, route: &str, stale_us: i64, limit: usize) -> Result<Vec<DeliveryId>> {
    conn.prepare_cached(
        "SELECT a.delivery_id FROM attempts a JOIN deliveries d ON d.id = a.delivery_id
         WHERE a.route = ?1 AND d.deleted_at_us IS NULL GROUP BY a.delivery_id
         HAVING max(a.state = 'answered') = 0 AND max(a.state = 'waiting' AND a.started_at_us >= ?2) = 0
         ORDER BY a.delivery_id LIMIT ?3",
    )?
    .query_map((route, stale_us, length(limit as u64)), |row| Ok(DeliveryId(row.get(0)?)))?
    .collect()
}
