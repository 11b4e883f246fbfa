//! `deliveries`: one narrow row a delivery, with all that the list shows and all that filters ask but bytes.
//!
//! A deleted delivery keeps its row, with the deletion's token, until it is purged; every query leaves it out.
//! `applying` is the set of outcomes of the verdicts that apply ([`crate::pack::bit`]); `matched` is the provider and,
//! after a space, the secret of the verdict that held, for "last matched".

use bytes::Bytes;
use countersign_core::request::HttpVersion;
use countersign_core::verdict::Outcome;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::model::{DeliveryId, Judgement, NewDelivery, Origin, Received, RecognisedBy, Related, Summary};
use crate::pack;

pub(crate) const V1: &str = "
CREATE TABLE deliveries (
  id             INTEGER PRIMARY KEY,
  received_at_us INTEGER NOT NULL,
  started_at_us  INTEGER NOT NULL,
  method         TEXT NOT NULL,
  target         BLOB NOT NULL,
  http_version   INTEGER NOT NULL,      -- 10, 11
  peer           TEXT NOT NULL,
  body_len       INTEGER NOT NULL,      -- as sent
  cut_from       INTEGER,
  status         INTEGER NOT NULL,
  pinned         INTEGER NOT NULL DEFAULT 0,
  read           INTEGER NOT NULL DEFAULT 0,
  deleted_at_us  INTEGER,
  deletion       TEXT,
  provider       TEXT,
  recognised_by  TEXT,
  event_type     TEXT,
  event_id       TEXT,
  applying       INTEGER NOT NULL,
  matched        TEXT,
  checks         BLOB,
  verdicts       BLOB NOT NULL
) STRICT;
CREATE INDEX deliveries_by_event ON deliveries (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX deliveries_by_match ON deliveries (matched) WHERE matched IS NOT NULL;
CREATE INDEX deliveries_by_deletion ON deliveries (deletion) WHERE deletion IS NOT NULL;
";

/// `origin` is the format and, after a space, the name of the file that a delivery was imported from; NULL where it was
/// received.
pub(crate) const V6: &str = "
ALTER TABLE deliveries ADD COLUMN origin TEXT;
";

/// The columns of [`summary`], of a table named `d`.
pub(crate) const SUMMARY: &str = "d.id, d.received_at_us, d.started_at_us, d.method, d.target, d.http_version, d.peer, \
     d.body_len, d.cut_from, d.status, d.pinned, d.read, d.provider, d.recognised_by, d.event_type, d.event_id, \
     d.checks, d.verdicts, d.challenge, d.group_key, d.origin";

/// The error of a column that is not what this program writes.
pub(crate) fn unreadable(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Null, format!("the {what} cannot be read").into())
}

fn matched(judgement: &Judgement) -> Option<String> {
    let holds = |v: &&crate::StoredVerdict| matches!(v.outcome, Outcome::Pass | Outcome::Stale) && v.secret.is_some();
    let verdicts = || judgement.verdicts.iter().filter(holds);
    // Two providers may have the same scheme and the same secret: the one that was recognised counts.
    let verdict = verdicts().find(|v| v.applies).or_else(|| verdicts().next())?;
    Some(match_key(verdict.provider.as_str(), verdict.secret.as_deref()?))
}

fn match_key(provider: &str, secret: &str) -> String {
    format!("{provider} {secret}")
}

pub(crate) fn insert(conn: &Connection, id: i64, new: &NewDelivery, applying: i64) -> Result<()> {
    let (request, judgement) = (&new.request, &new.judgement);
    conn.prepare_cached(
        "INSERT INTO deliveries (id, received_at_us, started_at_us, method, target, http_version, peer, body_len,
           cut_from, status, provider, recognised_by, event_type, event_id, applying, matched, checks, verdicts,
           challenge, group_key, origin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
    )?
    .execute(rusqlite::params![
        id,
        new.received_at_us,
        new.started_at_us,
        request.method,
        &request.target[..],
        match request.version {
            HttpVersion::Http10 => 10,
            HttpVersion::Http11 => 11,
        },
        new.peer,
        length(request.body_len()),
        request.cut_from.map(length),
        new.response.status,
        judgement.provider.as_ref().map(|p| p.as_str()),
        judgement.recognised_by.map(RecognisedBy::as_str),
        judgement.event_type,
        judgement.event_id,
        applying,
        matched(judgement),
        pack::checks(&judgement.checks),
        pack::verdicts(&judgement.verdicts),
        new.challenge,
        group_key(judgement),
        new.origin.as_ref().map(|origin| format!("{} {}", origin.format, origin.name)),
    ])?;
    Ok(())
}

/// Events are of a provider: where none was recognised nothing belongs together.
fn group_key(judgement: &Judgement) -> Option<&str> {
    judgement.group.as_deref().filter(|_| judgement.provider.is_some())
}

/// A sender may declare any length; the largest that the log can hold is long enough to say "too long".
pub(crate) fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Writes what is made of a delivery now; answers whether it is there.
pub(crate) fn rejudge(conn: &Connection, id: DeliveryId, judgement: &Judgement) -> Result<bool> {
    let changed = conn
        .prepare_cached(
            "UPDATE deliveries SET provider = ?2, recognised_by = ?3, event_type = ?4, event_id = ?5, applying = ?6,
               matched = ?7, checks = ?8, verdicts = ?9, group_key = ?10 WHERE id = ?1",
        )?
        .execute(rusqlite::params![
            id.0,
            judgement.provider.as_ref().map(|p| p.as_str()),
            judgement.recognised_by.map(RecognisedBy::as_str),
            judgement.event_type,
            judgement.event_id,
            pack::applying(&judgement.verdicts),
            matched(judgement),
            pack::checks(&judgement.checks),
            pack::verdicts(&judgement.verdicts),
            group_key(judgement),
        ])?;
    Ok(changed > 0)
}

/// Reads a row whose columns are [`SUMMARY`].
pub(crate) fn summary(row: &Row<'_>) -> Result<Summary> {
    let provider: Option<String> = row.get(12)?;
    let recognised_by: Option<String> = row.get(13)?;
    Ok(Summary {
        id: DeliveryId(row.get(0)?),
        received_at_us: row.get(1)?,
        started_at_us: row.get(2)?,
        method: row.get(3)?,
        target: Bytes::from(row.get::<_, Vec<u8>>(4)?),
        version: match row.get(5)? {
            10 => HttpVersion::Http10,
            11 => HttpVersion::Http11,
            _ => return Err(unreadable(5, "HTTP version")),
        },
        peer: row.get(6)?,
        body_len: row.get(7)?,
        cut_from: row.get(8)?,
        status: row.get(9)?,
        pinned: row.get(10)?,
        read: row.get(11)?,
        challenge: row.get(18)?,
        origin: row.get::<_, Option<String>>(20)?.map(|text| origin(&text)),
        judgement: Judgement {
            provider: provider.map(|p| p.parse().map_err(|_| unreadable(12, "provider"))).transpose()?,
            recognised_by: recognised_by
                .map(|name| RecognisedBy::from_name(&name).ok_or_else(|| unreadable(13, "recognition")))
                .transpose()?,
            event_type: row.get(14)?,
            event_id: row.get(15)?,
            group: row.get(19)?,
            checks: pack::read_checks(row.get_ref(16)?.as_blob_or_null()?).ok_or_else(|| unreadable(16, "checks"))?,
            verdicts: pack::read_verdicts(row.get_ref(17)?.as_blob()?).ok_or_else(|| unreadable(17, "verdicts"))?,
        },
    })
}

fn origin(text: &str) -> Origin {
    let (format, name) = text.split_once(' ').unwrap_or((text, ""));
    Origin { format: format.to_owned(), name: name.to_owned() }
}

pub(crate) fn by_id(conn: &Connection, id: DeliveryId) -> Result<Option<Summary>> {
    conn.prepare_cached(&format!("SELECT {SUMMARY} FROM deliveries d WHERE d.id = ?1 AND d.deleted_at_us IS NULL"))?
        .query_row([id.0], summary)
        .optional()
}

/// Sets what is given on these deliveries (a JSON list of ids).
pub(crate) fn mark(conn: &Connection, ids: &str, read: Option<bool>, pinned: Option<bool>) -> Result<usize> {
    conn.prepare_cached(
        "UPDATE deliveries SET read = ifnull(?2, read), pinned = ifnull(?3, pinned)
         WHERE deleted_at_us IS NULL AND id IN (SELECT value FROM json_each(?1))",
    )?
    .execute((ids, read, pinned))
}

/// Hides these deliveries (a JSON list of ids).
pub(crate) fn delete(conn: &Connection, ids: &str, token: &str) -> Result<usize> {
    conn.prepare_cached(
        "UPDATE deliveries SET deleted_at_us = unixepoch('subsec') * 1000000, deletion = ?2
         WHERE deleted_at_us IS NULL AND id IN (SELECT value FROM json_each(?1))",
    )?
    .execute((ids, token))
}

/// Shows what was hidden with this token; answers the ids as a JSON list, and how many they are.
pub(crate) fn restore(conn: &Connection, token: &str) -> Result<(String, i64)> {
    let found = conn
        .prepare_cached("SELECT json_group_array(id), count(*) FROM deliveries WHERE deletion = ?1")?
        .query_row([token], |row| Ok((row.get(0)?, row.get(1)?)))?;
    conn.prepare_cached("UPDATE deliveries SET deleted_at_us = NULL, deletion = NULL WHERE deletion = ?1")?
        .execute([token])?;
    Ok(found)
}

/// Removes up to `limit` deliveries for good that were hidden before a moment; answers how many.
pub(crate) fn purge(conn: &Connection, before_us: i64, limit: i64) -> Result<usize> {
    conn.prepare_cached(
        "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE deletion IS NOT NULL
           AND deleted_at_us < ?1 LIMIT ?2)",
    )?
    .execute([before_us, limit])
}

/// How many deliveries of that event came before `before` (all where that is none), counted up to `most`.
pub(crate) fn earlier_of_event(
    conn: &Connection,
    provider: &str,
    event_id: &str,
    before: Option<DeliveryId>,
    most: usize,
) -> Result<usize> {
    let count: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE event_id = ?2 AND provider = ?1
               AND deleted_at_us IS NULL AND id < ?3 LIMIT ?4)",
        )?
        .query_row((provider, event_id, before.map_or(i64::MAX, |id| id.0), length(most as u64)), |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Related deliveries that are listed.
const RELATED: usize = 100;

/// The newest other deliveries of that event, oldest first.
pub(crate) fn same_event(
    conn: &Connection,
    provider: &str,
    event_id: &str,
    except: Option<DeliveryId>,
) -> Result<Vec<Related>> {
    let found: Result<_> = conn
        .prepare_cached(
            "SELECT d.id, d.received_at_us,
           ifnull((SELECT a.body = b.body FROM deliveries e, contents a, contents b
                   WHERE e.id = ?3 AND e.body_len = d.body_len AND a.delivery_id = e.id AND b.delivery_id = d.id), 0)
         FROM deliveries d
         WHERE d.event_id = ?2 AND d.provider = ?1 AND d.deleted_at_us IS NULL AND d.id IS NOT ?3
         ORDER BY d.id DESC LIMIT ?4",
        )?
        .query_map((provider, event_id, except.map(|id| id.0), length(RELATED as u64)), |row| {
            Ok(Related { id: DeliveryId(row.get(0)?), received_at_us: row.get(1)?, same_body: row.get(2)? })
        })?
        .collect();
    found.map(|mut list: Vec<Related>| {
        list.reverse();
        list
    })
}

/// Deliveries that were received at one of these moments (a JSON list of microseconds since 1970). There is no index by
/// time: one pass over the rows for all of them.
pub(crate) fn received_at(conn: &Connection, moments: &str) -> Result<Vec<Received>> {
    conn.prepare_cached(
        "SELECT id, received_at_us, method, target, body_len FROM deliveries
         WHERE received_at_us IN (SELECT value FROM json_each(?1)) AND deleted_at_us IS NULL ORDER BY id",
    )?
    .query_map([moments], |row| {
        Ok(Received {
            id: DeliveryId(row.get(0)?),
            received_at_us: row.get(1)?,
            method: row.get(2)?,
            target: Bytes::from(row.get::<_, Vec<u8>>(3)?),
            body_len: row.get(4)?,
        })
    })?
    .collect()
}

/// When a delivery last matched that secret, in microseconds since 1970.
pub(crate) fn last_matched(conn: &Connection, provider: &str, secret: &str) -> Result<Option<i64>> {
    conn.prepare_cached(
        "SELECT received_at_us FROM deliveries WHERE matched = ?1 AND deleted_at_us IS NULL ORDER BY id DESC LIMIT 1",
    )?
    .query_row([match_key(provider, secret)], |row| row.get(0))
    .optional()
}

/// Ids before `before`, newest first.
pub(crate) fn ids_newest_first(conn: &Connection, before: Option<DeliveryId>, limit: usize) -> Result<Vec<DeliveryId>> {
    conn.prepare_cached("SELECT id FROM deliveries WHERE id < ?1 AND deleted_at_us IS NULL ORDER BY id DESC LIMIT ?2")?
        .query_map((before.map_or(i64::MAX, |id| id.0), length(limit as u64)), |row| Ok(DeliveryId(row.get(0)?)))?
        .collect()
}
