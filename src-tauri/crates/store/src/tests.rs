//! What can only be brought about from inside: a full disk, a job that fails, a group.

use std::sync::mpsc;

use bytes::Bytes;
use countersign_core::filter::Filter;
use countersign_core::request::{Headers, HttpVersion, Request};

use crate::{Cause, Judgement, NewDelivery, Store, StoreError, StoredResponse};

fn delivery(body: Vec<u8>) -> NewDelivery {
    NewDelivery {
        received_at_us: 1,
        started_at_us: 1,
        request: Request {
            method: "POST".to_owned(),
            target: Bytes::from_static(b"/"),
            version: HttpVersion::Http10,
            headers: Headers::new(),
            body: body.into(),
            cut_from: None,
        },
        raw_head: Bytes::new(),
        peer: "here".to_owned(),
        judgement: Judgement::default(),
        response: StoredResponse {
            status: 200,
            headers: Headers::new(),
            body: Bytes::new(),
            answered_by: String::new(),
            took_us: 0,
        },
        expect: None,
        challenge: false,
        attempts: Vec::new(),
        origin: None,
    }
}

fn total(store: &Store) -> i64 {
    store.count(&Filter::default()).unwrap().total
}

#[tokio::test]
async fn a_full_disk_refuses_and_then_takes_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("log.db")).unwrap().store;
    let pages = |pages: i64| {
        store.write(0, move |group| {
            group.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))
        })
    };
    store.append(delivery(vec![b'x'; 10])).await.unwrap();
    pages(1).await.unwrap();
    let error = store.append(delivery(vec![b'x'; 100_000])).await.unwrap_err();
    assert!(matches!(error, StoreError::Unwritable { cause: Cause::DiskFull, .. }), "{error}");
    assert_eq!(total(&store), 1);
    pages(1_000_000).await.unwrap();
    assert_eq!(store.append(delivery(vec![b'x'; 100_000])).await.unwrap().get(), 2);
    assert_eq!(total(&store), 2);
}

/// Holds the writer until `release` is sent, so that what is queued meanwhile is one group.
async fn hold(store: &Store) -> (tokio::task::JoinHandle<()>, mpsc::Sender<()>) {
    let (release, wait) = mpsc::channel();
    let (began, begins) = tokio::sync::oneshot::channel();
    let mut began = Some(began);
    let store = store.clone();
    let held = tokio::spawn(async move {
        store
            .write(usize::MAX / 2, move |_| {
                if let Some(began) = began.take() {
                    began.send(()).unwrap();
                }
                wait.recv().unwrap();
                Ok(())
            })
            .await
            .unwrap();
    });
    begins.await.unwrap();
    (held, release)
}

#[tokio::test]
async fn what_waits_is_committed_together_and_a_bad_job_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let store = Store::open(&path).unwrap().store;
    for bad in [false, true] {
        let before = total(&store);
        let (held, release) = hold(&store).await;
        let revision = || crate::table::meta::read(&rusqlite::Connection::open(&path).unwrap()).unwrap().1;
        let revision_before = revision();
        let mut jobs = Vec::new();
        for number in 0..20 {
            let store = store.clone();
            jobs.push(tokio::spawn(async move {
                store
                    .write(0, move |group| {
                        group.changed();
                        let id = group.append(&delivery(vec![number]))?.id;
                        if bad && number == 7 {
                            // The row is there already: what the job did before it failed must go too.
                            group.conn.execute("INSERT INTO deliveries (id) VALUES (?1)", [id.get()])?;
                        }
                        Ok(id)
                    })
                    .await
            }));
        }
        // The tasks run on this thread: once each has been polled, its job is in the queue.
        tokio::task::yield_now().await;
        release.send(()).unwrap();
        held.await.unwrap();
        let mut refused = Vec::new();
        for (number, job) in jobs.into_iter().enumerate() {
            match job.await.unwrap() {
                Ok(id) => assert_eq!(store.body(id).unwrap().unwrap()[..], [number as u8]),
                Err(StoreError::Refused { .. }) => refused.push(number),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(refused, if bad { vec![7] } else { vec![] });
        assert_eq!(revision() - revision_before, 1, "a revision a commit, and one commit for the group");
        assert_eq!(total(&store) - before, 20 - i64::from(bad));
        let rows = store.ids_newest_first(None, 100).unwrap().len();
        assert_eq!(rows as i64, total(&store));
    }
}

#[tokio::test]
async fn a_lock_that_stays_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let store = Store::open(&path).unwrap().store;
    store.write(0, |group| group.conn.busy_timeout(std::time::Duration::ZERO)).await.unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.append(delivery(vec![])).await.unwrap_err();
    assert!(matches!(error, StoreError::Unwritable { cause: Cause::Busy, .. }), "{error}");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.append(delivery(vec![])).await.unwrap().get(), 1);
}
