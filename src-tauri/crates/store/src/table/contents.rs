//! `contents`: the bytes of a delivery, read only when it is opened or searched. The list never comes here.
//!
//! The body is the last column, so that the head is read without it.

use bytes::Bytes;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Result};

use crate::model::{DeliveryId, NewDelivery, StoredResponse};
use crate::pack;
use crate::table::deliveries::unreadable;

pub(crate) const V1: &str = "
CREATE TABLE contents (
  delivery_id      INTEGER PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
  raw_head         BLOB NOT NULL,
  headers          BLOB NOT NULL,
  response_headers BLOB NOT NULL,
  response_body    BLOB NOT NULL,
  answered_by      TEXT NOT NULL,
  took_us          INTEGER NOT NULL,
  body             BLOB NOT NULL
) STRICT;
";

/// From this length on a body is written into its place piece by piece: bound as a value, SQLite would hold it twice more
/// while it makes the row. Shorter ones are quicker as values.
const PIECEMEAL: usize = 4 * 1024 * 1024;
/// A piece, in bytes.
const PIECE: usize = 256 * 1024;

pub(crate) fn insert(conn: &Connection, id: i64, new: &NewDelivery) -> Result<()> {
    let body = &new.request.body[..];
    let long = (body.len() >= PIECEMEAL).then_some(body.len() as u64);
    let value = match long {
        Some(length) => ToSqlOutput::ZeroBlob(length),
        None => ToSqlOutput::Borrowed(ValueRef::Blob(body)),
    };
    conn.prepare_cached("INSERT INTO contents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute((
        id,
        &new.raw_head[..],
        pack::headers(&new.request.headers, &new.raw_head),
        pack::headers(&new.response.headers, b""),
        &new.response.body[..],
        &new.response.answered_by,
        new.response.took_us,
        value,
    ))?;
    if long.is_some() {
        let mut place = conn.blob_open("main", "contents", "body", id, false)?;
        for (at, piece) in body.chunks(PIECE).enumerate() {
            place.write_all_at(piece, at * PIECE)?;
        }
        place.close()?;
    }
    Ok(())
}

pub(crate) struct Contents {
    pub(crate) raw_head: Bytes,
    pub(crate) headers: countersign_core::request::Headers,
    pub(crate) body: Bytes,
    pub(crate) response: StoredResponse,
}

pub(crate) fn read(conn: &Connection, id: DeliveryId, status: u16) -> Result<Option<Contents>> {
    conn.prepare_cached(
        "SELECT raw_head, headers, response_headers, response_body, answered_by, took_us, body
         FROM contents WHERE delivery_id = ?1",
    )?
    .query_row([id.0], |row| {
        let raw_head = Bytes::from(row.get::<_, Vec<u8>>(0)?);
        let headers = |at, head: &Bytes| {
            pack::read_headers(row.get_ref(at)?.as_blob()?, head).ok_or_else(|| unreadable(at, "headers"))
        };
        Ok(Contents {
            headers: headers(1, &raw_head)?,
            response: StoredResponse {
                status,
                headers: headers(2, &Bytes::new())?,
                body: Bytes::from(row.get::<_, Vec<u8>>(3)?),
                answered_by: row.get(4)?,
                took_us: row.get(5)?,
            },
            body: Bytes::from(row.get::<_, Vec<u8>>(6)?),
            raw_head,
        })
    })
    .optional()
}

pub(crate) fn body(conn: &Connection, id: DeliveryId) -> Result<Option<Bytes>> {
    conn.prepare_cached(
        "SELECT body FROM contents JOIN deliveries ON id = delivery_id WHERE delivery_id = ?1 AND deleted_at_us IS NULL",
    )?
    .query_row([id.0], |row| Ok(Bytes::from(row.get::<_, Vec<u8>>(0)?)))
    .optional()
}
