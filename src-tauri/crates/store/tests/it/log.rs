//! What goes in comes out; deleting and restoring; several programs on one log.

use countersign_core::filter::Filter;
use countersign_core::verdict::Outcome;
use countersign_store::{
    CheckKind, Count, Delivery, ExpectedState, Judgement, PathPin, RecognisedBy, Rejudged, Related, Store, StoreError,
    StoredCheck,
};

use crate::make::{NOON, delivery, filter, log, provider, verdict};

#[tokio::test]
async fn a_delivery_comes_back_as_it_went_in() {
    let log = log();
    let mut new = delivery("/pollo?\u{fffd}", "\u{0}body");
    new.request.cut_from = Some(99);
    new.judgement = Judgement {
        provider: Some(provider("firebirdgen")),
        recognised_by: Some(RecognisedBy::Secret),
        event_type: Some("done".to_owned()),
        event_id: Some("t1".to_owned()),
        group: Some("t1".to_owned()),
        verdicts: vec![verdict("pollo", Outcome::Pass, true), verdict("pptvideo", Outcome::NoSecret, false)],
        checks: vec![StoredCheck { kind: CheckKind::Duplicate, holds: false, reason: "Seen before.".to_owned() }],
    };
    let id = log.store.append(new.clone()).await.unwrap();
    let Delivery { summary, request, raw_head, response } = log.store.delivery(id).unwrap().unwrap();
    assert_eq!(Some(&summary), log.store.summary(id).unwrap().as_ref());
    assert_eq!((request, raw_head, response), (new.request, new.raw_head, new.response));
    assert_eq!(summary.judgement, new.judgement);
    assert_eq!((summary.received_at_us, summary.started_at_us), (NOON, NOON - 5));
    assert_eq!((summary.body_len, summary.cut_from, summary.pinned, summary.read), (99, Some(99), false, false));
    assert_eq!(log.store.body(id).unwrap().unwrap(), "\u{0}body");
    assert_eq!(log.store.last_matched(&provider("pollo"), "main").unwrap(), Some(NOON));
    assert_eq!(log.store.last_matched(&provider("pollo"), "other").unwrap(), None);
    assert_eq!(log.store.delivery("2".parse().unwrap()).unwrap(), None);
}

#[tokio::test]
async fn deleted_is_hidden_until_restored_or_purged() {
    let log = log();
    for target in ["/a", "/b", "/c"] {
        let mut new = delivery(target, "12345");
        new.judgement.provider = Some(provider("pollo"));
        new.judgement.event_id = Some("evt".to_owned());
        new.judgement.verdicts = vec![verdict("pollo", Outcome::Fail, true)];
        log.store.append(new).await.unwrap();
    }
    let all = Count { matched: 3, total: 3, failing: 3, bytes: 15 };
    let counted = || log.store.count(&Filter::default()).unwrap();
    assert_eq!(counted(), all);

    let first = log.store.delete(&["1".parse().unwrap(), "9".parse().unwrap()]).await.unwrap();
    let second = log.store.delete(&log.store.ids(&filter("path:/b body:234")).unwrap()).await.unwrap();
    assert_eq!((first.count, second.count), (1, 1));
    assert_eq!(counted(), Count { matched: 1, total: 1, failing: 1, bytes: 5 });
    assert_eq!(log.store.delivery("1".parse().unwrap()).unwrap(), None);
    assert_eq!(log.store.body("1".parse().unwrap()).unwrap(), None);
    assert_eq!(log.store.same_event(&provider("pollo"), "evt", None).unwrap().len(), 1);
    // What is deleted already does not belong to a second deletion.
    assert_eq!(log.store.delete(&log.store.ids(&Filter::default()).unwrap()).await.unwrap().count, 1);
    assert_eq!(counted(), Count::default());

    assert_eq!(log.store.restore(&first.token).await.unwrap(), 1);
    assert_eq!(log.store.restore(&first.token).await.unwrap(), 0);
    assert_eq!(counted().matched, 1);
    assert_eq!(log.store.purge_deleted(NOON).await.unwrap(), 0, "hidden since");
    assert_eq!(log.store.purge_deleted(i64::MAX).await.unwrap(), 2);
    assert_eq!(log.store.restore(&second.token).await.unwrap(), 0);
    assert_eq!(counted(), Count { matched: 1, total: 1, failing: 1, bytes: 5 });
    assert_eq!(log.store.append(delivery("/d", "")).await.unwrap().get(), 4, "numbers are not used again");
}

#[tokio::test]
async fn judging_again_moves_the_counts() {
    let log = log();
    let id = log.store.append(delivery("/a", "12")).await.unwrap();
    let judgement = Judgement {
        provider: Some(provider("pollo")),
        event_id: Some("e".to_owned()),
        verdicts: vec![verdict("pollo", Outcome::Malformed, true)],
        ..Judgement::default()
    };
    let list = vec![
        Rejudged { id, judgement: judgement.clone() },
        Rejudged { id: "7".parse().unwrap(), judgement: judgement.clone() },
    ];
    assert_eq!(log.store.rejudged(list).await.unwrap(), 1);
    assert_eq!(log.store.summary(id).unwrap().unwrap().judgement, judgement);
    assert_eq!(log.store.count(&Filter::default()).unwrap(), Count { matched: 1, total: 1, failing: 1, bytes: 2 });
    assert_eq!(log.store.deliveries_per_provider().unwrap(), [(Some("pollo".to_owned()), 1)]);
}

#[tokio::test]
async fn deliveries_of_one_event_know_each_other() {
    let log = log();
    for (provider_id, body) in [("pollo", "x"), ("pollo", "y"), ("pollo", "x"), ("pptvideo", "x")] {
        let mut new = delivery("/a", body);
        new.judgement.provider = Some(provider(provider_id));
        new.judgement.event_id = Some("e".to_owned());
        log.store.append(new).await.unwrap();
    }
    let related = log.store.same_event(&provider("pollo"), "e", Some("3".parse().unwrap())).unwrap();
    let want = |id: &str, same_body| Related { id: id.parse().unwrap(), received_at_us: NOON, same_body };
    assert_eq!(related, [want("1", true), want("2", false)]);
}

#[tokio::test]
async fn an_awaited_id_is_struck_off_once() {
    let log = log();
    let firebird = provider("firebirdgen");
    log.store.add_expected_ids(&firebird, vec!["t1".to_owned(), "t2".to_owned()], NOON).await.unwrap();
    for id in ["t1", "t1", "t9"] {
        let mut new = delivery("/a", "");
        new.expect = Some((firebird.clone(), id.to_owned()));
        log.store.append(new).await.unwrap();
    }
    let state = |id| log.store.expected_state(&firebird, id).unwrap();
    assert_eq!(state("t1"), ExpectedState::MatchedBy("1".parse().unwrap()));
    assert_eq!((state("t2"), state("t9")), (ExpectedState::Awaited, ExpectedState::Unknown));
    let list: Vec<_> = log.store.expected_ids(&firebird).unwrap().into_iter().map(|e| e.id).collect();
    assert_eq!(list, ["t2", "t1"]);
    log.store.remove_expected_ids(&firebird, vec!["t1".to_owned()]).await.unwrap();
    assert_eq!(state("t1"), ExpectedState::Unknown);
}

#[tokio::test]
async fn what_the_user_keeps_outlives_the_store() {
    let log = log();
    log.store.set_setting("theme", "\"dark\"").await.unwrap();
    log.store.set_saved_filter("b", "x").await.unwrap();
    log.store.set_saved_filter("a", "y").await.unwrap();
    log.store.set_saved_filter("b", "verdict:fail").await.unwrap();
    log.store.set_pin("/hook", &provider("pollo")).await.unwrap();
    let (id, path) = (log.store.log_id().unwrap(), log.path.clone());
    drop(log.store);
    assert!(!path.with_extension("db-wal").exists(), "closing carries the WAL into the file");
    let store = Store::open(&path).unwrap().store;
    assert_eq!(store.log_id().unwrap(), id);
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some("\"dark\""));
    let saved: Vec<_> = store.saved_filters().unwrap().into_iter().map(|s| (s.name, s.filter)).collect();
    assert_eq!(saved, [("b".to_owned(), "verdict:fail".to_owned()), ("a".to_owned(), "y".to_owned())]);
    assert_eq!(store.pins().unwrap(), [PathPin { path: "/hook".to_owned(), provider: provider("pollo") }]);
}

#[tokio::test]
async fn two_stores_share_a_log_and_see_each_other() {
    let log = log();
    let other = Store::open(&log.path).unwrap().store;
    let seen = log.store.seen().unwrap();
    let mut tasks = Vec::new();
    for store in [&log.store, &other] {
        for _ in 0..4 {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                let mut ids = Vec::new();
                for _ in 0..25 {
                    ids.push(store.append(delivery("/a", "")).await.unwrap());
                }
                ids
            }));
        }
    }
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    let (mine, theirs) = ids.split_at(4);
    assert!(ids.iter().all(|ids| ids.is_sorted()));
    let mut all: Vec<_> = ids.concat();
    all.sort();
    assert_eq!(all.iter().map(|id| id.get()).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());

    let changes = log.store.changes(&seen).unwrap();
    let mut want = theirs.concat();
    want.sort();
    assert_eq!((changes.added, changes.more, changes.changed), (want, false, false));
    assert_eq!(mine.concat().len(), 100);

    // What we write ourselves is no news; what the other deletes is, once.
    let seen = changes.seen;
    log.store.mark(&[all[0]], Some(true), None).await.unwrap();
    log.store.append(delivery("/a", "")).await.unwrap();
    let changes = log.store.changes(&seen).unwrap();
    assert_eq!((changes.added.len(), changes.changed), (0, false));
    other.delete(&[all[0]]).await.unwrap();
    let changes = log.store.changes(&changes.seen).unwrap();
    assert_eq!((changes.added.len(), changes.changed), (0, true));
    let changes = log.store.changes(&changes.seen).unwrap();
    assert!(!changes.changed);
}

#[tokio::test]
async fn closing_carries_everything_into_the_file_though_others_hold_the_log() {
    let log = log();
    let held = log.store.clone();
    log.store.append(delivery("/a", "x")).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&log.path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(log.path.with_extension("db-wal").exists());
    log.store.close();
    assert!(!log.path.with_extension("db-wal").exists());
    assert!(matches!(held.append(delivery("/b", "y")).await, Err(StoreError::Closed)));
    assert!(matches!(held.ids(&Filter::default()), Err(StoreError::Closed)));
    assert!(matches!(held.seen(), Err(StoreError::Closed)));
}

#[tokio::test]
async fn many_of_one_event_are_counted_and_listed_within_bounds() {
    let log = log();
    let mut last = None;
    for _ in 0..150 {
        let mut new = delivery("/task", "same");
        new.judgement.provider = Some(provider("firebirdgen"));
        new.judgement.event_id = Some("task".to_owned());
        last = Some(log.store.append(new).await.unwrap());
    }
    let listed = log.store.same_event(&provider("firebirdgen"), "task", last).unwrap();
    assert_eq!((listed.len(), listed.last().map(|r| r.same_body)), (100, Some(true)));
    assert!(listed.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(log.store.earlier_of_event(&provider("firebirdgen"), "task", last).unwrap(), 149);
}
