//! Damaged, newer, strange, locked and deleted files.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use countersign_core::filter::Filter;
use countersign_store::{Store, StoreError};

use crate::make::{delivery, log};

fn total(store: &Store) -> i64 {
    store.count(&Filter::default()).unwrap().total
}

#[tokio::test]
async fn a_damaged_log_is_kept_aside() {
    let log = log();
    for _ in 0..200 {
        log.store.append(delivery("/a", &"x".repeat(500))).await.unwrap();
    }
    drop(log.store);
    let sound = fs::read(&log.path).unwrap();
    let mut middle = sound.clone();
    let pages = sound.len() / 4096;
    for page in 1..pages - 1 {
        middle[page * 4096..page * 4096 + 600].fill(0xa5);
    }
    let cut = sound[..sound.len() / 2].to_vec();
    let aside = |n: usize| log.path.with_file_name(format!("log.db.damaged-{n}"));
    for (place, damaged) in [b"no database at all".repeat(50), middle, cut].into_iter().enumerate() {
        fs::write(&log.path, &damaged).unwrap();
        let opened = Store::open(&log.path).unwrap();
        assert_eq!(opened.set_aside, Some(aside(place + 1)));
        assert_eq!(fs::read(aside(place + 1)).unwrap(), damaged, "kept byte for byte");
        assert_eq!(total(&opened.store), 0);
        opened.store.append(delivery("/new", "")).await.unwrap();
    }
}

/// A path that was mistyped must not move somebody's file.
#[test]
fn a_strangers_file_is_left_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("notes.txt");
    fs::write(&notes, "milk, bread").unwrap();
    assert!(matches!(Store::open(&notes), Err(StoreError::NotOurs { .. })));
    assert_eq!(fs::read(&notes).unwrap(), b"milk, bread");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // With a trace of ours beside it, it was a log.
    fs::write(folder.path().join("notes.txt.secrets.json"), "{}").unwrap();
    assert!(Store::open(&notes).unwrap().set_aside.is_some());
}

#[tokio::test]
async fn damage_in_a_large_log_is_found_by_reading_and_settled_at_the_next_start() {
    let log = log();
    for _ in 0..3 {
        log.store.append(delivery("/a", &"x".repeat(25 << 20))).await.unwrap();
    }
    drop(log.store);
    let root: u32 = rusqlite::Connection::open(&log.path)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'deliveries'", [], |row| row.get(0))
        .unwrap();
    let mut file = fs::OpenOptions::new().write(true).open(&log.path).unwrap();
    file.seek(SeekFrom::Start(u64::from(root - 1) * 4096)).unwrap();
    file.write_all(&[0xa5; 600]).unwrap();

    let opened = Store::open(&log.path).unwrap();
    assert_eq!(opened.set_aside, None, "too large to be checked at every start");
    let read = opened.store.summaries(&Filter::default(), None, 10);
    assert!(matches!(read, Err(StoreError::Damaged { .. })), "{read:?}");
    drop(opened);
    let opened = Store::open(&log.path).unwrap();
    assert_eq!(opened.set_aside, Some(log.path.with_file_name("log.db.damaged-1")));
    assert_eq!(total(&opened.store), 0);
}

#[tokio::test]
async fn a_damaged_wal_is_kept_aside_with_its_log() {
    let log = log();
    log.store.append(delivery("/a", "")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    // As a crash would leave them.
    fs::copy(&log.path, &path).unwrap();
    let mut wal = fs::read(log.path.with_extension("db-wal")).unwrap();
    wal[..16].fill(7);
    fs::write(folder.path().join("log.db-wal"), &wal).unwrap();
    let opened = Store::open(&path).unwrap();
    let aside = folder.path().join("log.db.damaged-1");
    assert_eq!(opened.set_aside.as_ref(), Some(&aside));
    assert_eq!(fs::read(folder.path().join("log.db.damaged-1-wal")).unwrap(), wal);
    assert_eq!(total(&opened.store), 0);
}

#[test]
fn newer_and_strange_files_are_refused_and_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.db");
    drop(Store::open(&newer).unwrap());
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let strange = folder.path().join("strange.db");
    rusqlite::Connection::open(&strange).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    for path in [&newer, &strange] {
        let before = fs::read(path).unwrap();
        let error = Store::open(path).map(|opened| opened.set_aside).unwrap_err();
        match error {
            StoreError::Newer { found: 99, known: 6, .. } => assert_eq!(path, &newer),
            StoreError::NotOurs { .. } => assert_eq!(path, &strange),
            other => panic!("{other}"),
        }
        assert_eq!(fs::read(path).unwrap(), before);
    }
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Unopenable { .. })), "a folder is no log");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("damaged")), "{names:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_deleted_log_is_put_back_with_all_it_held() {
    let log = log();
    for _ in 0..3 {
        log.store.append(delivery("/a", "before")).await.unwrap();
    }
    assert_eq!(total(&log.store), 3);
    for suffix in ["", "-wal", "-shm"] {
        fs::remove_file(log.path.with_file_name(format!("log.db{suffix}"))).unwrap();
    }
    assert_eq!(log.store.append(delivery("/a", "after")).await.unwrap().get(), 4);
    assert_eq!(total(&log.store), 4, "readers follow");
    drop(log.store);
    let store = Store::open(&log.path).unwrap().store;
    assert_eq!(total(&store), 4);

    // Only the WAL is deleted, and nothing is written any more: closing sees to it.
    store.append(delivery("/a", "")).await.unwrap();
    fs::remove_file(log.path.with_extension("db-wal")).unwrap();
    drop(store);
    assert_eq!(total(&Store::open(&log.path).unwrap().store), 5);
}

#[cfg(unix)]
#[tokio::test]
async fn while_the_folder_is_gone_nothing_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let (here, away) = (folder.path().join("here"), folder.path().join("away"));
    fs::create_dir(&here).unwrap();
    let store = Store::open(&here.join("log.db")).unwrap().store;
    store.append(delivery("/a", "")).await.unwrap();
    fs::rename(&here, &away).unwrap();
    let error = store.append(delivery("/a", "refused")).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Unwritable { cause: countersign_store::Cause::Gone, .. }),
        "{error}: {error:?}"
    );
    fs::rename(&away, &here).unwrap();
    assert_eq!(store.append(delivery("/a", "")).await.unwrap().get(), 2);
    drop(store);
    assert_eq!(total(&Store::open(&here.join("log.db")).unwrap().store), 2);
}
