//! Deliveries of one event together: pages of groups, what they say of themselves, and that it stays true.

use countersign_core::filter::Filter;
use countersign_core::verdict::Outcome;
use countersign_store::{DeliveryId, EventGroup, Judgement, NewDelivery, Rejudged};

use crate::make::{Log, NOON, delivery, filter, log, provider, verdict};

/// A delivery of an event, received a second after the one before.
fn of(group: &str, event: &str, body: &str, number: i64) -> NewDelivery {
    let mut new = delivery(&format!("/{group}"), body);
    new.received_at_us = NOON + number * 1_000_000;
    new.judgement.provider = Some(provider("pollo"));
    new.judgement.event_id = Some(event.to_owned());
    new.judgement.group = Some(group.to_owned());
    new
}

/// A log with a delivery for each: of the group of that letter, or of none for `.`; a capital is answered 503.
async fn filled(groups: &str) -> Log {
    let log = log();
    for (number, group) in (1..).zip(groups.chars()) {
        let name = group.to_ascii_lowercase().to_string();
        let mut new = if group == '.' { delivery("/alone", "") } else { of(&name, &name, "x", number) };
        new.response.status = if group.is_ascii_uppercase() { 503 } else { 200 };
        log.store.append(new).await.unwrap();
    }
    log
}

fn id(number: i64) -> DeliveryId {
    number.to_string().parse().unwrap()
}

/// The pages of two rows each, as ids.
fn pages(log: &Log, text: &str) -> Vec<Vec<i64>> {
    let (mut before, mut pages) = (None, Vec::new());
    loop {
        let page = log.store.grouped(&filter(text), before, 2).unwrap();
        let ids: Vec<i64> = page.iter().map(|(row, _)| row.id.get()).collect();
        before = page.last().map(|(row, _)| row.id);
        if page.is_empty() {
            return pages;
        }
        pages.push(ids);
    }
}

fn group(log: &Log, key: &str) -> Option<(i64, i64, i64, bool)> {
    let seconds = |us: i64| (us - NOON) / 1_000_000;
    let found = log.store.group(&provider("pollo"), key).unwrap();
    found.map(|g| (g.members, seconds(g.first_at_us), seconds(g.last_at_us), g.different_bodies))
}

#[tokio::test]
async fn pages_have_each_group_once_as_its_newest_match() {
    // 1 a, 2 b, 3 none, 4 a, 5 c, 6 b, 7 none, 8 a
    let log = filled("aB.acb.a").await;
    for (name, text, want) in [
        ("no filter", "", &[&[8, 7][..], &[6, 5], &[3]][..]),
        ("all match", "method:POST", &[&[8, 7], &[6, 5], &[3]]),
        ("the newest of the group does not match", "status:503", &[&[2]]),
        ("a group of which older ones match beyond a page", "-id:8", &[&[7, 6], &[5, 4], &[3]]),
        ("only what is in no group", "provider:none", &[&[7, 3]]),
        ("nothing", "status:404", &[]),
    ] {
        assert_eq!(pages(&log, text), want, "{name}");
    }
    // What is said of a group is said of all of it, whatever the filter shows of it.
    let shown = log.store.grouped(&filter("status:503"), None, 9).unwrap();
    let want =
        EventGroup { members: 2, first_at_us: NOON + 2_000_000, last_at_us: NOON + 6_000_000, different_bodies: false };
    assert_eq!(shown.iter().map(|(_, group)| *group).collect::<Vec<_>>(), [Some(want)]);
}

#[tokio::test]
async fn a_group_is_what_is_there_of_it() {
    let log = filled("aabaa").await;
    let newest = || pages(&log, "").concat();
    let members =
        |of: i64| -> Vec<i64> { log.store.group_members(id(of), 3).unwrap().iter().map(|row| row.id.get()).collect() };
    assert_eq!((group(&log, "a"), newest(), members(1)), (Some((4, 1, 5, false)), vec![5, 3], vec![5, 4, 2]));
    assert_eq!(log.store.with_their_groups(&[id(2), id(3)]).unwrap().len(), 5);

    let ends = log.store.delete(&[id(1), id(5)]).await.unwrap();
    assert_eq!((group(&log, "a"), newest(), members(2)), (Some((2, 2, 4, false)), vec![4, 3], vec![4, 2]));
    let rest = log.store.delete(&[id(2), id(4)]).await.unwrap();
    assert_eq!((group(&log, "a"), newest()), (None, vec![3]));
    assert_eq!(log.store.with_their_groups(&[id(2)]).unwrap(), []);
    log.store.restore(&ends.token).await.unwrap();
    assert_eq!((group(&log, "a"), newest()), (Some((2, 1, 5, false)), vec![5, 3]));
    log.store.restore(&rest.token).await.unwrap();
    assert_eq!((group(&log, "a"), newest()), (Some((4, 1, 5, false)), vec![5, 3]));
}

#[tokio::test]
async fn one_id_with_several_bodies_is_told_however_it_came_about() {
    let log = log();
    for (number, (event, body)) in
        (1..).zip([("one", "x"), ("retry", "quite another"), ("one", "x"), ("one", "y"), ("one", "x")])
    {
        let new = of("g", event, body, number);
        let group = log.store.append_with_attempts(new).await.unwrap().group.unwrap();
        assert_eq!((group.members, group.different_bodies), (number, number >= 4), "delivery {number}");
    }
    let different = || group(&log, "g").map(|g| g.3);
    let other = log.store.delete(&[id(4)]).await.unwrap();
    assert_eq!(different(), Some(false), "the one that differed is gone");
    log.store.restore(&other.token).await.unwrap();
    assert_eq!(different(), Some(true), "it is back");
}

#[tokio::test]
async fn judging_again_moves_between_groups() {
    let log = filled("aab").await;
    let moved = |group: Option<&str>, outcome| Judgement {
        provider: group.map(|_| provider("pollo")),
        event_id: group.map(str::to_owned),
        group: group.map(str::to_owned),
        verdicts: vec![verdict("pollo", outcome, true)],
        ..Judgement::default()
    };
    let list = vec![
        Rejudged { id: id(2), judgement: moved(Some("b"), Outcome::Pass) },
        Rejudged { id: id(3), judgement: moved(None, Outcome::Missing) },
    ];
    log.store.rejudged(list).await.unwrap();
    assert_eq!((group(&log, "a"), group(&log, "b")), (Some((1, 1, 1, false)), Some((1, 2, 2, false))));
    assert_eq!(pages(&log, ""), [vec![3, 2], vec![1]]);
    assert_eq!(log.store.count(&Filter::default()).unwrap().matched, 3, "deliveries are counted, not groups");
}
