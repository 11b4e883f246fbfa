//! `groups`: the deliveries of one event together — duplicates, retries, what announces a retry — one row for each
//! provider and group key that has a delivery which is not deleted.
//!
//! It is kept so that a page of groups costs as much as a page of deliveries, and an arrival knows its group without
//! counting. Everything in it follows from `deliveries` and `contents`: [`refresh`] makes a row anew.

use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::model::{DeliveryId, EventGroup, NewDelivery, Summary};
use crate::table::deliveries::{self, SUMMARY, length};

pub(crate) const V4: &str = "
ALTER TABLE deliveries ADD COLUMN group_key TEXT;
UPDATE deliveries SET group_key = event_id WHERE provider IS NOT NULL AND event_id IS NOT NULL;
CREATE INDEX deliveries_in_group ON deliveries (provider, group_key, event_id)
  WHERE group_key IS NOT NULL AND deleted_at_us IS NULL;
CREATE INDEX deliveries_alone ON deliveries (id) WHERE group_key IS NULL AND deleted_at_us IS NULL;
CREATE TABLE groups (
  provider    TEXT NOT NULL,
  group_key   TEXT NOT NULL,
  members     INTEGER NOT NULL,
  first_at_us INTEGER NOT NULL,
  last_at_us  INTEGER NOT NULL,
  last_id     INTEGER NOT NULL,
  different   INTEGER NOT NULL,          -- one event id came with several bodies
  PRIMARY KEY (provider, group_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_by_last ON groups (last_id);
INSERT INTO groups
  SELECT provider, group_key, n, (SELECT received_at_us FROM deliveries WHERE id = first),
    (SELECT received_at_us FROM deliveries WHERE id = last), last, 0
  FROM (SELECT provider, group_key, count(*) n, min(id) first, max(id) last FROM deliveries
        WHERE group_key IS NOT NULL AND deleted_at_us IS NULL GROUP BY provider, group_key);
UPDATE groups SET different = 1 WHERE members > 1 AND EXISTS (
  SELECT 1 FROM deliveries d, contents a, deliveries o, contents b
  WHERE d.provider = groups.provider AND d.group_key = groups.group_key AND d.deleted_at_us IS NULL
    AND a.delivery_id = d.id AND b.delivery_id = o.id
    AND o.id = (SELECT min(e.id) FROM deliveries e WHERE e.provider = d.provider AND e.group_key = d.group_key
                AND e.event_id = d.event_id AND e.deleted_at_us IS NULL)
    AND (d.body_len <> o.body_len OR a.body <> b.body));
";

/// Members whose bodies are compared where a group is made anew: a sender that repeats itself more often has been
/// compared at every arrival.
const COMPARED: usize = 1_000;

/// Which group a delivery belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupName {
    provider: String,
    key: String,
}

/// The groups of these deliveries (a JSON list of ids), each once.
pub(crate) fn names(conn: &Connection, ids: &str) -> Result<Vec<GroupName>> {
    conn.prepare_cached(
        "SELECT DISTINCT provider, group_key FROM deliveries
         WHERE id IN (SELECT value FROM json_each(?1)) AND group_key IS NOT NULL",
    )?
    .query_map([ids], |row| Ok(GroupName { provider: row.get(0)?, key: row.get(1)? }))?
    .collect()
}

/// The group of a delivery, deleted or not.
pub(crate) fn name(conn: &Connection, id: DeliveryId) -> Result<Option<GroupName>> {
    conn.prepare_cached("SELECT provider, group_key FROM deliveries WHERE id = ?1 AND group_key IS NOT NULL")?
        .query_row([id.0], |row| Ok(GroupName { provider: row.get(0)?, key: row.get(1)? }))
        .optional()
}

/// Counts a delivery that was just appended; answers what its group is now.
///
/// Statements of one table without ORDER BY and LIMIT: with those SQLite makes its plan anew at every call here, some 20 µs,
/// as `SQLITE_STMTSTATUS_REPREPARE` tells. All of this costs some 3 µs.
pub(crate) fn count_in(conn: &Connection, id: i64, new: &NewDelivery) -> Result<Option<EventGroup>> {
    let (Some(provider), Some(key)) = (&new.judgement.provider, &new.judgement.group) else { return Ok(None) };
    let (provider, at) = (provider.as_str(), new.received_at_us);
    let Some(mut group) = find(conn, provider, key)? else {
        conn.prepare_cached("INSERT INTO groups VALUES (?1, ?2, 1, ?3, ?3, ?4, 0)")?
            .execute((provider, key, at, id))?;
        return Ok(Some(EventGroup { members: 1, first_at_us: at, last_at_us: at, different_bodies: false }));
    };
    group.members += 1;
    group.last_at_us = at;
    group.different_bodies = group.different_bodies || differs_from_earlier(conn, id, new, (provider, key))?;
    conn.prepare_cached(
        "UPDATE groups SET members = ?3, last_at_us = ?4, last_id = ?5, different = ?6
         WHERE provider = ?1 AND group_key = ?2",
    )?
    .execute((provider, key, group.members, at, id, group.different_bodies))?;
    Ok(Some(group))
}

/// Whether an earlier delivery of the same event has another body. Where none differed until now, any of them stands for
/// all: one comparison an arrival.
fn differs_from_earlier(conn: &Connection, id: i64, new: &NewDelivery, of: (&str, &str)) -> Result<bool> {
    let mut members = conn.prepare_cached(
        "SELECT id, body_len FROM deliveries INDEXED BY deliveries_in_group
         WHERE provider = ?1 AND group_key = ?2 AND event_id IS ?3 AND deleted_at_us IS NULL",
    )?;
    let mut members = members.query((of.0, of.1, &new.judgement.event_id))?;
    // The index has them in the order of their ids: the first is the delivery itself only where it is alone.
    let Some(earliest) = members.next()? else { return Ok(false) };
    let (other, body_len): (i64, i64) = (earliest.get(0)?, earliest.get(1)?);
    if body_len != length(new.request.body_len()) {
        return Ok(true);
    }
    if other == id {
        return Ok(false);
    }
    conn.prepare_cached("SELECT body FROM contents WHERE delivery_id = ?1")?
        .query_row([other], |row| Ok(row.get_ref(0)?.as_blob()? != &new.request.body[..]))
        .optional()
        .map(Option::unwrap_or_default)
}

/// Makes these groups anew from what is there of them.
pub(crate) fn refresh(conn: &Connection, names: &[GroupName]) -> Result<()> {
    for GroupName { provider, key } in names {
        let (members, first, last): (i64, Option<i64>, Option<i64>) = conn
            .prepare_cached(
                "SELECT count(*), min(id), max(id) FROM deliveries
                 WHERE provider = ?1 AND group_key = ?2 AND deleted_at_us IS NULL",
            )?
            .query_row((provider, key), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        if members == 0 {
            conn.prepare_cached("DELETE FROM groups WHERE provider = ?1 AND group_key = ?2")?
                .execute((provider, key))?;
            continue;
        }
        conn.prepare_cached(
            "INSERT OR REPLACE INTO groups VALUES (?1, ?2, ?3, (SELECT received_at_us FROM deliveries WHERE id = ?4),
               (SELECT received_at_us FROM deliveries WHERE id = ?5), ?5, ?6)",
        )?
        .execute((provider, key, members, first, last, members > 1 && differs(conn, provider, key)?))?;
    }
    Ok(())
}

/// Whether one event id came with several bodies.
fn differs(conn: &Connection, provider: &str, key: &str) -> Result<bool> {
    conn.prepare_cached(
        "WITH members AS (SELECT id, event_id, body_len FROM deliveries
           WHERE provider = ?1 AND group_key = ?2 AND deleted_at_us IS NULL ORDER BY id DESC LIMIT ?3),
         firsts AS (SELECT event_id, min(id) id, body_len FROM members GROUP BY event_id)
         SELECT EXISTS (SELECT 1 FROM firsts f JOIN members m ON m.event_id IS f.event_id AND m.id <> f.id
           WHERE m.body_len <> f.body_len OR (SELECT a.body <> b.body FROM contents a, contents b
                                              WHERE a.delivery_id = m.id AND b.delivery_id = f.id))",
    )?
    .query_row((provider, key, length(COMPARED as u64)), |row| row.get(0))
}

/// What a group is now; none where no delivery of it is there.
pub(crate) fn find(conn: &Connection, provider: &str, key: &str) -> Result<Option<EventGroup>> {
    conn.prepare_cached(
        "SELECT members, first_at_us, last_at_us, different FROM groups WHERE provider = ?1 AND group_key = ?2",
    )?
    .query_row((provider, key), |row| group(row, 0))
    .optional()
}

fn group(row: &Row<'_>, from: usize) -> Result<EventGroup> {
    Ok(EventGroup {
        members: row.get(from)?,
        first_at_us: row.get(from + 1)?,
        last_at_us: row.get(from + 2)?,
        different_bodies: row.get(from + 3)?,
    })
}

/// The newest deliveries of the group of `id`, that one among them where it is new enough; it alone where it has none.
pub(crate) fn members(conn: &Connection, id: DeliveryId, limit: usize) -> Result<Vec<Summary>> {
    let Some(GroupName { provider, key }) = name(conn, id)? else {
        return Ok(deliveries::by_id(conn, id)?.into_iter().collect());
    };
    conn.prepare_cached(&format!(
        "SELECT {SUMMARY} FROM deliveries d WHERE d.provider = ?1 AND d.group_key = ?2 AND d.deleted_at_us IS NULL
         ORDER BY d.id DESC LIMIT ?3"
    ))?
    .query_map((provider, key, length(limit as u64)), deliveries::summary)?
    .collect()
}

/// These deliveries (a JSON list of ids) and all others of their groups.
pub(crate) fn with_their_groups(conn: &Connection, ids: &str) -> Result<Vec<DeliveryId>> {
    conn.prepare_cached(
        "WITH given AS (SELECT d.id, d.provider, d.group_key FROM deliveries d
           WHERE d.id IN (SELECT value FROM json_each(?1)) AND d.deleted_at_us IS NULL)
         SELECT id FROM given
         UNION SELECT m.id FROM (SELECT DISTINCT provider, group_key FROM given WHERE group_key IS NOT NULL) g
           JOIN deliveries m ON m.provider = g.provider AND m.group_key = g.group_key
           WHERE m.deleted_at_us IS NULL
         ORDER BY 1",
    )?
    .query_map([ids], |row| Ok(DeliveryId(row.get(0)?)))?
    .collect()
}

/// The newest of each group and what belongs to none, before `before`, newest first.
pub(crate) fn newest(conn: &Connection, before: i64, limit: usize) -> Result<Vec<DeliveryId>> {
    conn.prepare_cached(
        "SELECT id FROM deliveries INDEXED BY deliveries_alone
           WHERE group_key IS NULL AND deleted_at_us IS NULL AND id < ?1
         UNION ALL SELECT last_id FROM groups WHERE last_id < ?1
         ORDER BY 1 DESC LIMIT ?2",
    )?
    .query_map((before, length(limit as u64)), |row| Ok(DeliveryId(row.get(0)?)))?
    .collect()
}
