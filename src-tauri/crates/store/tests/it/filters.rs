//! What each filter finds, among the same few deliveries.

use countersign_core::verdict::Outcome;
use countersign_store::Origin;

use crate::make::{NOON, delivery, filter, log, provider, verdict};

#[tokio::test]
async fn filters_find_their_rows() {
    let log = log();
    let mut one = delivery("/pollo/hook?draft=1", "{\"prompt\":\"Scene 3\"}");
    one.judgement.provider = Some(provider("pollo"));
    one.judgement.event_type = Some("task.succeed".to_owned());
    one.judgement.event_id = Some("evt_1".to_owned());
    one.judgement.verdicts = vec![verdict("pollo", Outcome::Pass, true), verdict("pptvideo", Outcome::Fail, false)];
    let mut two = delivery("/videopilot", "");
    two.request.method = "put".to_owned();
    two.received_at_us = NOON - 7_200_000_000;
    two.judgement.provider = Some(provider("videopilot"));
    two.judgement.event_type = Some("render.completed".to_owned());
    two.judgement.verdicts = vec![verdict("videopilot", Outcome::Fail, true)];
    two.response.status = 503;
    let mut three = delivery("/else", "plain \u{0} bytes");
    three.origin = Some(Origin { format: "har".into(), name: "two words.har".into() });
    for new in [one, two, three] {
        log.store.append(new).await.unwrap();
    }
    log.store.mark(&["3".parse().unwrap()], None, Some(true)).await.unwrap();

    for (text, want) in [
        ("", &[3, 2, 1][..]),
        ("provider:pol", &[1]),
        ("provider:none", &[3]),
        ("-provider:pollo", &[3, 2]),
        ("provider:pollo,videopilot", &[2, 1]),
        ("verdict:fail", &[2]),
        ("verdict:pass,fail", &[2, 1]),
        ("verdict:failing", &[2]),
        ("verdict:any", &[2, 1]),
        ("-verdict:pass", &[3, 2]),
        ("event:render.*", &[2]),
        ("event:*.SUCCEED", &[1]),
        ("event:e", &[2, 1]),
        ("-event:render", &[3, 1]),
        ("path:/pollo/*", &[1]),
        ("path:draft", &[]),
        ("method:PUT", &[2]),
        ("method:post", &[3, 1]),
        ("status:503", &[2]),
        ("status:5xx", &[2]),
        ("status:<300", &[3, 1]),
        ("since:1h", &[3, 1]),
        ("before:1h", &[2]),
        ("since:2026-11-20T12:00:00Z before:2026-11-20T12:00:00.000001Z", &[3, 1]),
        ("id:evt_1", &[1]),
        ("id:2,3", &[3, 2]),
        ("-id:evt_1", &[3, 2]),
        ("id:evt", &[]),
        ("body:\"scene 3\"", &[1]),
        ("-body:scene", &[3, 2]),
        ("has:pin", &[3]),
        ("has:body", &[3, 1]),
        ("has:query", &[1]),
        ("has:attempts", &[]),
        ("-has:attempts", &[3, 2, 1]),
        ("is:imported", &[3]),
        ("-is:imported", &[2, 1]),
        ("bytes", &[3]),
        ("POLLO", &[1]),
        ("render", &[2]),
        ("evt_1", &[1]),
        ("\"host: LOCALHOST\"", &[3, 2, 1]),
        ("\"x-odd: 2\" -scene", &[3, 2]),
        ("http/1.1", &[]),
        ("draft", &[]),
    ] {
        let found: Vec<i64> =
            log.store.summaries(&filter(text), None, 10).unwrap().iter().map(|row| row.id.get()).collect();
        assert_eq!(found, want, "{text}");
        assert_eq!(log.store.count(&filter(text)).unwrap().matched, want.len() as i64, "{text}");
    }
    let row = log.store.summary("3".parse().unwrap()).unwrap().unwrap();
    assert_eq!(row.origin, Some(Origin { format: "har".into(), name: "two words.har".into() }));
    let ids = ["1".parse().unwrap(), "2".parse().unwrap()];
    assert_eq!(log.store.matching(&filter("-method:put"), &ids).unwrap(), ids[..1]);
}

#[tokio::test]
async fn pages_follow_one_another() {
    let log = log();
    for number in 0..7 {
        log.store.append(delivery(if number % 2 == 0 { "/even" } else { "/odd" }, "")).await.unwrap();
    }
    let mut before = None;
    let mut pages = Vec::new();
    loop {
        let page: Vec<_> =
            log.store.summaries(&filter("path:/even"), before, 2).unwrap().iter().map(|row| row.id).collect();
        before = page.last().copied();
        if page.is_empty() {
            break;
        }
        pages.push(page.iter().map(|id| id.get()).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![7, 5], vec![3, 1]]);
}
