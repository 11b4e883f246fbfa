//! Runs of the retry lab and of the endpoint check.

use bytes::Bytes;
use countersign_store::{AttemptKind, AttemptState, AttemptTiming, NewAttempt, NewRun, RunKind, RunState, RunUpdate};

use crate::make::{NOON, log};

const SECOND: i64 = 1_000_000;

fn run(kind: RunKind, title: &str) -> NewRun {
    NewRun {
        kind,
        title: title.to_owned(),
        provider: Some("pollo".to_owned()),
        endpoint: "http://localhost:3000/hook".to_owned(),
        request: "{\"speed\":60}".to_owned(),
        started_at_us: NOON,
    }
}

fn attempt() -> NewAttempt {
    NewAttempt {
        kind: AttemptKind::Lab,
        signing: None,
        as_expected: None,
        route: None,
        run: None,
        name: "localhost:3000".to_owned(),
        method: "POST".to_owned(),
        url: "http://localhost:3000/hook".to_owned(),
        state: AttemptState::Waiting,
        started_at_us: NOON,
        request_head: Bytes::new(),
        request_body: Some(Bytes::from_static(b"{}")),
        reply: None,
        error: None,
        timing: AttemptTiming::default(),
    }
}

#[tokio::test]
async fn a_run_whose_program_fell_silent_reads_as_interrupted() {
    let log = log();
    let id = log.store.add_run(run(RunKind::Lab, "task.succeed")).await.unwrap();
    log.store.beat_run(id, NOON + 60 * SECOND).await.unwrap();
    let state = |now_us: i64| {
        let summary = log.store.run(id, now_us).unwrap().unwrap().summary;
        (summary.state, summary.ended_at_us)
    };
    assert_eq!(state(NOON + 70 * SECOND), (RunState::Running, None));
    assert_eq!(state(NOON + 71 * SECOND), (RunState::Interrupted, Some(NOON + 60 * SECOND)));
    // Taken up again it goes on; ended, it stays ended.
    for (state_now, ended) in [(RunState::Running, None), (RunState::Finished, Some(NOON + 100 * SECOND))] {
        let update = RunUpdate {
            state: state_now,
            ended_at_us: ended,
            outcome: ended.map(|_| "Delivered on attempt 2.".to_owned()),
            report: "[1,2]".to_owned(),
            now_us: NOON + 99 * SECOND,
        };
        assert!(log.store.update_run(id, update).await.unwrap());
        assert_eq!(state(NOON + 105 * SECOND), (state_now, ended));
    }
    assert_eq!(state(NOON + 999 * SECOND), (RunState::Finished, Some(NOON + 100 * SECOND)));
    let kept = log.store.run(id, NOON).unwrap().unwrap();
    assert_eq!((kept.request.as_str(), kept.report.as_str()), ("{\"speed\":60}", "[1,2]"));
}

#[tokio::test]
async fn attempts_of_a_run_stand_in_it_alone_and_go_with_it() {
    let log = log();
    let check = log.store.add_run(run(RunKind::Check, "check")).await.unwrap();
    let lab = log.store.add_run(run(RunKind::Lab, "lab")).await.unwrap();
    let composed = log.store.add_composed(attempt()).await.unwrap();
    let first = log.store.add_run_attempt(lab, attempt()).await.unwrap().unwrap();
    let second = log.store.add_run_attempt(lab, attempt()).await.unwrap().unwrap();
    let ids = |run| -> Vec<_> { log.store.run_attempts(run).unwrap().iter().map(|found| found.id).collect() };
    assert_eq!((ids(lab), ids(check)), (vec![first, second], vec![]));
    let page: Vec<_> = log.store.attempts_page(None, 10).unwrap().iter().map(|found| found.id).collect();
    assert_eq!(page, [composed]);
    let runs = |kind, before| -> Vec<_> {
        log.store.runs(kind, before, 10, NOON).unwrap().into_iter().map(|found| found.id).collect()
    };
    assert_eq!(runs(None, None), [lab, check]);
    assert_eq!((runs(Some(RunKind::Check), None), runs(None, Some(lab))), (vec![check], vec![check]));
    assert!(log.store.remove_run(lab).await.unwrap());
    assert_eq!((ids(lab), runs(None, None)), (vec![], vec![check]));
    assert_eq!(log.store.attempt_summary(first).unwrap(), None);
    assert_eq!(log.store.add_run_attempt(lab, attempt()).await.unwrap(), None);
    assert!(!log.store.remove_run(lab).await.unwrap());
}
