use crate::support::{echo, ok, start};
use countersign_net::listener::{Answer, Limits};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

fn limits(body_bytes: u64) -> Limits {
    Limits { body_bytes, cut_prefix: 4, ..Limits::default() }
}

fn chunked(body: &str) -> String {
    let chunks: String = body.chars().map(|c| format!("1\r\n{c}\r\n")).collect();
    format!("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")
}

#[tokio::test]
async fn a_body_of_the_default_limit_arrives_whole() {
    let mut running = echo().await;
    let mut client = running.connect().await;
    let body: Vec<u8> = (0..25_u32 << 20).map(|i| (i / 7) as u8).collect();
    client.write(format!("POST /big HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len())).await;
    client.write(&body).await;
    assert_eq!(client.answer().await, (200, "/big".to_owned()));
    let request = running.arrival().await.request;
    assert!(request.body == body, "the body came through unchanged");
    assert_eq!(request.cut_from, None);
}

#[tokio::test]
async fn a_large_body_without_a_length_arrives_whole() {
    let mut running = echo().await;
    let mut client = running.connect().await;
    client.write("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    for i in 0..50_u8 {
        client.write("10000\r\n").await;
        client.write([i; 0x10000]).await;
        client.write("\r\n").await;
    }
    client.write("0\r\n\r\n").await;
    assert_eq!(client.answer().await.0, 200);
    let body = running.arrival().await.request.body;
    assert!(body.chunks(0x10000).map(|c| c[0]).eq(0..50) && body.len() == 50 * 0x10000);
}

#[tokio::test]
async fn one_byte_over_the_limit_is_refused_and_recorded_as_cut() {
    let mut running = start(limits(10), ok).await;
    for (name, wire, length) in [
        ("declared", "POST /c HTTP/1.1\r\nContent-Length: 11\r\n\r\n0123456789a".to_owned(), 11),
        ("chunked", chunked("0123456789a"), 11),
        ("chunked, far over", chunked(&"0123456789a".repeat(100)), 1100),
    ] {
        let mut client = running.connect().await;
        client.write(wire).await;
        let (status, sentence) = client.answer().await;
        assert_eq!((status, sentence.contains("10 bytes")), (413, true), "{name}: {sentence}");
        assert!(client.is_closed().await, "{name}");
        let request = running.arrival().await.request;
        assert_eq!((&request.body[..], request.cut_from), (&b"0123"[..], Some(length)), "{name}");
    }
    for wire in ["POST /c HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789".to_owned(), chunked("0123456789")] {
        let mut client = running.connect().await;
        client.write(wire).await;
        assert_eq!(client.answer().await.0, 200, "the limit itself is allowed");
        assert_eq!(&running.arrival().await.request.body[..], b"0123456789");
    }
}

#[tokio::test]
async fn a_sender_that_writes_everything_first_sees_its_413() {
    let mut running = start(limits(1 << 20), ok).await;
    let mut client = running.connect().await;
    let length = 3 << 20;
    client.write(format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n")).await;
    client.write(vec![b'x'; length]).await;
    assert_eq!(client.answer().await.0, 413);
    assert_eq!(running.arrival().await.request.cut_from, Some(length as u64));
}

#[tokio::test]
async fn an_answer_to_a_cut_request_may_be_another_failure_but_no_success() {
    let mut running = start(limits(1), |arrival| {
        Box::pin(async move {
            let status = if arrival.request.target == "/503" { 503 } else { 302 };
            Answer::text(status, "the receiver's")
        })
    })
    .await;
    for (target, status) in [("/503", 503), ("/302", 413)] {
        let mut client = running.connect().await;
        client.write(format!("POST {target} HTTP/1.1\r\nContent-Length: 2\r\n\r\nab")).await;
        assert_eq!(client.answer().await.0, status);
        assert_eq!(running.arrival().await.request.cut_from, Some(2));
    }
}

#[tokio::test]
async fn a_sender_that_waits_for_leave_gets_it_or_the_413_at_once() {
    let mut running = start(limits(3), ok).await;
    let head = |length| format!("POST /e HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: {length}\r\n\r\n");
    let mut client = running.connect().await;
    client.write(head(3)).await;
    assert_eq!(client.head().await, "HTTP/1.1 100 Continue\r\n\r\n");
    client.write("abc").await;
    assert_eq!(client.answer().await, (200, "/e".to_owned()));
    assert_eq!(&running.arrival().await.request.body[..], b"abc");
    client.write(head(4)).await;
    assert_eq!(client.answer().await.0, 413);
    assert!(client.is_closed().await);
    let arrival = running.arrival().await;
    assert_eq!((arrival.request.body.len(), arrival.request.cut_from), (0, Some(4)));
    assert_eq!(arrival.raw_head, head(4));
}

#[tokio::test]
async fn the_limit_changes_while_running() {
    let running = start(limits(1), ok).await;
    let mut client = running.connect().await;
    running.listener.set_body_limit(2);
    client.write("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab").await;
    assert_eq!(client.answer().await.0, 200);
    running.listener.set_body_limit(1);
    client.write("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab").await;
    assert_eq!(client.answer().await.0, 413);
}

#[tokio::test]
async fn over_the_bytes_in_flight_the_sender_is_to_come_again() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let limits = Limits { in_flight_bytes: 3, ..Limits::default() };
    let mut running = start(limits, move |_| {
        let gate = Arc::clone(&held);
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            Answer::text(200, "")
        })
    })
    .await;
    let wire = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
    let (mut first, mut second) = (running.connect().await, running.connect().await);
    first.write(wire).await;
    running.arrival().await;
    second.write(wire).await;
    let head = second.head().await;
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("\r\nretry-after: 1\r\n"), "{head}");
    gate.add_permits(2);
    assert_eq!(first.answer().await.0, 200);
    first.write(wire).await;
    assert_eq!(first.answer().await.0, 200, "what was answered counts no more");
}

#[tokio::test]
async fn a_body_that_stops_coming_is_given_up() {
    let limits = Limits { body_idle: Duration::from_millis(50), ..Limits::default() };
    let mut running = start(limits, ok).await;
    let mut client = running.connect().await;
    client.write("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na").await;
    assert_eq!(client.answer().await.0, 408);
    assert!(client.is_closed().await);
    assert!(running.arrivals.try_recv().is_err(), "half a body is no delivery");
}
