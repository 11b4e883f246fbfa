//! Answers that go wrong on purpose.

use crate::support::start;
use countersign_core::response::Fault;
use countersign_net::listener::{Answer, Limits};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

const OK: &str = "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n";

fn get(path: &str) -> String {
    format!("GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

#[tokio::test]
async fn a_fault_breaks_its_own_answer_and_none_before_it() {
    let (report, mut reports) = mpsc::unbounded_channel();
    let limits = Limits { never_held: Duration::from_millis(20), ..Limits::default() };
    let mut running = start(limits, move |arrival| {
        let report = report.clone();
        Box::pin(async move {
            let fault = match &arrival.request.target[..] {
                b"/close" => Some(Fault::Close),
                b"/half" => Some(Fault::Half),
                b"/never" => Some(Fault::Never),
                _ => None,
            };
            let on_sent: Box<dyn FnOnce() + Send> = Box::new(move || report.send(fault).unwrap());
            Answer { fault, on_sent: Some(on_sent), ..Answer::text(200, "0123456789") }
        })
    })
    .await;
    for (path, fault) in [("close", Fault::Close), ("half", Fault::Half), ("never", Fault::Never)] {
        let mut client = running.connect().await;
        client.write(OK).await;
        assert_eq!(client.answer().await, (200, "0123456789".to_owned()));
        client.write(&get(path)).await;
        let mut rest = Vec::new();
        // Closed or reset: both are an end.
        let _ = client.0.read_to_end(&mut rest).await;
        let rest = String::from_utf8(rest).unwrap();
        if fault == Fault::Half {
            assert!(rest.contains("content-length: 10\r\n") && rest.ends_with("\r\n\r\n01234"), "{rest}");
        } else {
            assert_eq!(rest, "", "{path}");
        }
        assert_eq!(reports.recv().await, Some(None));
        assert_eq!(reports.recv().await, Some(Some(fault)));
        running.arrival().await;
        running.arrival().await;
    }
}

#[tokio::test]
async fn what_is_never_answered_ends_with_the_listener_and_is_bounded() {
    let limits = Limits { never_at_once: 1, ..Limits::default() };
    let mut running =
        start(limits, |_| Box::pin(async { Answer { fault: Some(Fault::Never), ..Answer::text(200, "x") } })).await;
    let (mut held, mut second) = (running.connect().await, running.connect().await);
    held.write(OK).await;
    running.arrival().await;
    // The first may still be on its way to its place; of any two one is closed at once.
    second.write(OK).await;
    running.arrival().await;
    let mut buffers = (Vec::new(), Vec::new());
    let first_to_end = tokio::select! {
        _ = held.0.read_to_end(&mut buffers.0) => 1,
        _ = second.0.read_to_end(&mut buffers.1) => 2,
    };
    running.listener.stop(Duration::ZERO).await;
    let mut other = if first_to_end == 1 { second } else { held };
    let mut rest = Vec::new();
    let _ = other.0.read_to_end(&mut rest).await;
    assert!(rest.is_empty() && buffers.0.is_empty() && buffers.1.is_empty());
}

#[tokio::test]
async fn what_is_never_answered_keeps_no_body_from_others() {
    let limits = Limits { in_flight_bytes: 4, ..Limits::default() };
    let running = start(limits, |arrival| {
        let fault = (arrival.request.target == "/never").then_some(Fault::Never);
        Box::pin(async move { Answer { fault, ..Answer::text(200, "x") } })
    })
    .await;
    let mut held = running.connect().await;
    held.write("POST /never HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody").await;
    // It may still be on its way there: then the sender is to come again.
    for _ in 0..1000 {
        let mut other = running.connect().await;
        other.write("POST /ok HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody").await;
        if other.answer().await.0 == 200 {
            return;
        }
    }
    panic!("the body of what is never answered takes the room of every other one");
}
