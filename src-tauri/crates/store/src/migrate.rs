//! Brings a log's file to the format of this program: all steps or none, in one transaction.
//!
//! The format's number is SQLite's `user_version`. A step, once released, is never changed: a later one follows it.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::table::{
    attempts, contents, deliveries, expected_ids, groups, meta, path_pins, runs, saved_filters, settings, templates,
    totals,
};

/// Marks the file as ours ("CSgn"), so that another program's database is never written.
const APPLICATION_ID: i64 = 0x4353_676e;

/// A step: its statements, in order.
type Step = &'static [&'static str];

/// The steps; the first one leads from an empty file to format 1.
const STEPS: &[Step] = &[
    &[
        meta::V1,
        deliveries::V1,
        contents::V1,
        totals::V1,
        expected_ids::V1,
        path_pins::V1,
        saved_filters::V1,
        settings::V1,
    ],
    &[attempts::V2],
    &[attempts::V3, templates::V3],
    &[groups::V4],
    &[runs::V5],
    &[deliveries::V6],
];

/// Refuses a file that this program must not write.
pub(crate) fn gate(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    gate_for(conn, path, STEPS.len() as i64)
}

fn gate_for(conn: &Connection, path: &Path, known: i64) -> Result<(), StoreError> {
    let read = |pragma: &str| {
        conn.query_row(pragma, [], |row| row.get::<_, i64>(0)).map_err(|error| StoreError::read(path, error))
    };
    let found = read("PRAGMA user_version")?;
    let empty = found == 0 && read("SELECT count(*) FROM sqlite_schema")? == 0;
    if !empty && read("PRAGMA application_id")? != APPLICATION_ID {
        return Err(StoreError::NotOurs { path: path.to_owned() });
    }
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(())
}

/// Takes the steps that are missing.
pub(crate) fn run(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    run_steps(conn, path, STEPS)
}

fn run_steps(conn: &mut Connection, path: &Path, steps: &[Step]) -> Result<(), StoreError> {
    let known = steps.len() as i64;
    gate_for(conn, path, known)?;
    let at = |conn: &Connection| conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    // A log that needs no step is opened without writing to it.
    if at(conn).map_err(|error| StoreError::read(path, error))? == known {
        return Ok(());
    }
    let write = |error| StoreError::write(path, error);
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(write)?;
    // Another program may have taken the steps, or later ones, while this one waited.
    gate_for(&tx, path, known)?;
    let done = at(&tx).map_err(write)?;
    for statements in steps.iter().skip(usize::try_from(done).unwrap_or(0)) {
        for statement in *statements {
            tx.execute_batch(statement).map_err(write)?;
        }
    }
    tx.pragma_update(None, "user_version", known).map_err(write)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(write)?;
    tx.commit().map_err(write)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(conn: &Connection) -> Vec<String> {
        conn.prepare("SELECT name FROM sqlite_schema ORDER BY name")
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .unwrap()
    }

    #[test]
    fn the_schema_is_this() {
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn, Path::new("log")).unwrap();
        let sql: Vec<String> = conn
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .unwrap();
        insta::assert_snapshot!(sql.join(";\n"));
    }

    #[test]
    fn a_log_of_the_first_format_keeps_what_it_holds() {
        let mut conn = Connection::open_in_memory().unwrap();
        let path = Path::new("log");
        run_steps(&mut conn, path, &STEPS[..1]).unwrap();
        conn.execute_batch(
            "INSERT INTO deliveries (id, received_at_us, started_at_us, method, target, http_version, peer, body_len, \
             status, applying, verdicts) VALUES (7, 1, 1, 'POST', x'2f', 11, 'p', 0, 200, 0, x'0100')",
        )
        .unwrap();
        run(&mut conn, path).unwrap();
        let row = crate::table::deliveries::by_id(&conn, "7".parse().unwrap()).unwrap().unwrap();
        assert_eq!((row.method.as_str(), row.challenge), ("POST", false));
    }

    #[test]
    fn a_log_without_groups_gets_them() {
        let mut conn = Connection::open_in_memory().unwrap();
        let path = Path::new("log");
        run_steps(&mut conn, path, &STEPS[..3]).unwrap();
        for (id, provider, event, body, deleted) in [
            (1, "'pollo'", "'same'", "x", "NULL"),
            (2, "'pollo'", "'same'", "x", "NULL"),
            (3, "'pollo'", "'other'", "x", "NULL"),
            (4, "'pollo'", "'other'", "y", "NULL"),
            (5, "'pollo'", "'gone'", "x", "1"),
            (6, "'pollo'", "NULL", "x", "NULL"),
        ] {
            conn.execute_batch(&format!(
                "INSERT INTO deliveries (id, received_at_us, started_at_us, method, target, http_version, peer, body_len, \
                 status, applying, verdicts, provider, event_id, deleted_at_us) VALUES ({id}, {id}, 1, 'POST', x'2f', 11, \
                 'p', 1, 200, 0, x'0100', {provider}, {event}, {deleted}); \
                 INSERT INTO contents VALUES ({id}, x'', x'', x'', x'', '', 0, CAST('{body}' AS BLOB))"
            ))
            .unwrap();
        }
        run(&mut conn, path).unwrap();
        let groups: Vec<String> = conn
            .prepare(
                "SELECT concat_ws(' ', group_key, members, first_at_us, last_at_us, last_id, different) FROM groups \
                 ORDER BY last_id",
            )
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .unwrap();
        assert_eq!(groups, ["same 2 1 2 2 0", "other 2 3 4 4 1"]);
    }

    #[test]
    fn steps_are_taken_all_or_none() {
        let mut conn = Connection::open_in_memory().unwrap();
        let path = Path::new("log");
        run_steps(&mut conn, path, &[&["CREATE TABLE a (x)"]]).unwrap();
        let broken: &[Step] = &[&["CREATE TABLE a (x)"], &["CREATE TABLE b (x)"], &["CREATE TABLE c (x)", "nonsense"]];
        assert!(matches!(run_steps(&mut conn, path, broken), Err(StoreError::Refused { .. })));
        assert_eq!(objects(&conn), ["a"]);
        run_steps(&mut conn, path, &broken[..2]).unwrap();
        assert_eq!(objects(&conn), ["a", "b"]);
        let error = run_steps(&mut conn, path, &broken[..1]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The log log was written by a newer Countersign (its format is 2, this one reads up to 1). Nothing was \
             changed; update Countersign or choose another log."
        );
    }
}
