//! What was sent to endpoints, beside the delivery that it came of.

use bytes::Bytes;
use countersign_store::{Appended, AttemptKind, AttemptReply, AttemptState, AttemptTiming, NewAttempt};

use crate::make::{NOON, delivery, filter, log};

fn attempt(route: &str, state: AttemptState) -> NewAttempt {
    let answered = state == AttemptState::Answered;
    NewAttempt {
        kind: AttemptKind::Forward,
        signing: None,
        as_expected: None,
        route: Some(route.to_owned()),
        run: None,
        name: "my endpoint".to_owned(),
        method: "POST".to_owned(),
        url: "http://localhost:3000/hook".to_owned(),
        state,
        started_at_us: NOON,
        request_head: Bytes::from_static(b"POST /hook HTTP/1.1\r\nhOST: a\r\n\r\n"),
        request_body: None,
        reply: answered.then(|| AttemptReply {
            status: 201,
            head: Bytes::from_static(b"HTTP/1.1 201 Made\r\n\r\n"),
            body: Bytes::from_static(b"\xff"),
            body_len: 1,
            cut: false,
        }),
        error: (state == AttemptState::Failed).then(|| "Nobody listens there.".to_owned()),
        timing: AttemptTiming { connected_us: Some(5), total_us: answered.then_some(9), ..AttemptTiming::default() },
    }
}

#[tokio::test]
async fn an_attempt_stands_beside_its_delivery_and_ends_as_it_ended() {
    let log = log();
    let mut new = delivery("/a", "the body");
    new.challenge = true;
    new.attempts = vec![attempt("r1", AttemptState::Answered), attempt("r2", AttemptState::Waiting)];
    let Appended { id, attempts, .. } = log.store.append_with_attempts(new).await.unwrap();
    assert!(log.store.summary(id).unwrap().unwrap().challenge);
    let listed = log.store.attempts(id).unwrap();
    assert_eq!(
        listed.iter().map(|a| (a.id, a.state, a.status)).collect::<Vec<_>>(),
        [(attempts[0], AttemptState::Answered, Some(201)), (attempts[1], AttemptState::Waiting, None)]
    );
    let first = log.store.attempt(attempts[0]).unwrap().unwrap();
    assert_eq!(
        (first.request_body, first.reply),
        (Bytes::from("the body"), attempt("r1", AttemptState::Answered).reply)
    );
    assert!(log.store.finish_attempt(attempts[1], attempt("r2", AttemptState::Failed)).await.unwrap());
    let second = log.store.attempt(attempts[1]).unwrap().unwrap();
    assert_eq!(second.summary.error.as_deref(), Some("Nobody listens there."));
    assert_eq!((second.summary.timing.connected_us, second.reply), (Some(5), None));
    assert_eq!(log.store.ids(&filter("has:attempts")).unwrap(), [id]);
}

#[tokio::test]
async fn missed_is_what_no_attempt_of_the_route_brought_an_answer_to() {
    let log = log();
    let states = [
        vec![AttemptState::Failed],
        vec![AttemptState::Failed, AttemptState::Answered],
        vec![AttemptState::Dropped],
        vec![AttemptState::Waiting],
        vec![],
    ];
    let mut ids = Vec::new();
    for states in states {
        let mut new = delivery("/a", "");
        new.attempts = states.into_iter().map(|state| attempt("r1", state)).collect();
        new.attempts.push(attempt("other", AttemptState::Answered));
        ids.push(log.store.append(new).await.unwrap());
    }
    assert_eq!(log.store.missed("r1", NOON, 10).unwrap(), [ids[0], ids[2]]);
    assert_eq!(log.store.missed("r1", NOON + 1, 10).unwrap(), [ids[0], ids[2], ids[3]]);
    log.store.delete(&ids[..1]).await.unwrap();
    assert_eq!(log.store.missed("r1", NOON, 1).unwrap(), [ids[2]]);
    assert_eq!(log.store.add_attempt(ids[0], attempt("r1", AttemptState::Answered)).await.unwrap(), None);
    assert!(log.store.add_attempt(ids[2], attempt("r1", AttemptState::Answered)).await.unwrap().is_some());
    assert!(log.store.missed("r1", NOON, 1).unwrap().is_empty());
}
