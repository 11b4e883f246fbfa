use crate::support::{Running, echo, ok, start};
use bytes::Bytes;
use countersign_net::NetError;
use countersign_net::listener::{Answer, Limits, bind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::{Semaphore, mpsc};

const GET: &str = "GET /g HTTP/1.1\r\nHost: a\r\n\r\n";
const LONG: Duration = Duration::from_secs(60);

/// A listener whose answers wait for a permit and report when they were sent.
async fn gated(body: Bytes) -> (Running, Arc<Semaphore>, mpsc::UnboundedReceiver<&'static str>) {
    let gate = Arc::new(Semaphore::new(0));
    let (report, reports) = mpsc::unbounded_channel();
    let held = Arc::clone(&gate);
    let running = start(Limits::default(), move |_| {
        let (gate, body, report) = (Arc::clone(&held), body.clone(), report.clone());
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            report.send("worked").unwrap();
            let on_sent: Box<dyn FnOnce() + Send> = Box::new(move || report.send("sent").unwrap());
            Answer { on_sent: Some(on_sent), ..Answer::text(200, body) }
        })
    })
    .await;
    (running, gate, reports)
}

#[tokio::test]
async fn a_head_that_takes_too_long_ends_the_connection() {
    let limits = Limits { header_timeout: Duration::from_millis(50), ..Limits::default() };
    let mut running = start(limits, ok).await;
    let mut client = running.connect().await;
    client.write("POST / HTTP/1.1\r\nHost").await;
    let mut rest = Vec::new();
    client.0.read_to_end(&mut rest).await.unwrap();
    let mut client = running.connect().await;
    client.write(GET).await;
    assert_eq!(client.answer().await.0, 200);
    assert_eq!(&running.arrival().await.request.target[..], b"/g");
}

#[tokio::test]
async fn a_taken_port_gives_the_next_free_one_where_that_is_wanted() {
    let first = bind("127.0.0.1:0".parse().unwrap(), true).await.unwrap();
    let addr = first.local_addr();
    let second = bind(addr, true).await.unwrap();
    assert_ne!(second.local_addr(), addr);
    assert_eq!(second.local_addr().ip(), addr.ip());
    let refused = bind(addr, false).await.unwrap_err();
    assert!(refused.is_taken());
    assert!(matches!(refused, NetError::Bind { addr: at, .. } if at == addr));
}

#[tokio::test]
async fn stopping_finishes_what_runs_and_takes_nothing_new() {
    let (mut running, gate, _reports) = gated(Bytes::from_static(b"done")).await;
    let addr = running.addr();
    let (mut busy, mut idle) = (running.connect().await, running.connect().await);
    gate.add_permits(1);
    idle.write(GET).await;
    assert_eq!(idle.answer().await.0, 200);
    busy.write(GET).await;
    running.arrival().await;
    running.arrival().await;
    let stopping = tokio::spawn(running.listener.stop(LONG));
    assert!(idle.is_closed().await, "a connection without a request is closed at once");
    assert!(bind(addr, false).await.is_ok(), "the port is free while the rest finishes");
    assert!(!stopping.is_finished());
    gate.add_permits(1);
    assert_eq!(busy.answer().await, (200, "done".to_owned()));
    assert!(busy.is_closed().await);
    stopping.await.unwrap();
}

#[tokio::test]
async fn without_grace_the_connection_is_closed_and_the_work_still_done() {
    let (mut running, gate, mut reports) = gated(Bytes::new()).await;
    let mut client = running.connect().await;
    client.write(GET).await;
    running.arrival().await;
    running.listener.stop(Duration::ZERO).await;
    assert!(client.0.read_u8().await.is_err(), "no answer");
    gate.add_permits(1);
    assert_eq!((reports.recv().await, reports.recv().await), (Some("worked"), Some("sent")));
}

#[tokio::test]
async fn a_sender_that_hangs_up_does_not_undo_the_work() {
    let (mut running, gate, mut reports) = gated(Bytes::new()).await;
    let mut client = running.connect().await;
    client.write(GET).await;
    running.arrival().await;
    drop(client);
    gate.add_permits(1);
    assert_eq!((reports.recv().await, reports.recv().await), (Some("worked"), Some("sent")));
}

#[tokio::test]
async fn sent_is_said_once_the_whole_answer_has_left() {
    // More than both sockets' buffers can hold (Linux: 4 MiB out, 6 MiB in), so that it cannot leave unread.
    let length = 64 << 20;
    let (running, gate, mut reports) = gated(Bytes::from(vec![b'x'; length])).await;
    gate.add_permits(2);
    let mut client = running.connect().await;
    client.write(GET).await;
    client.head().await;
    let mut body = vec![0; 1 << 20];
    client.0.read_exact(&mut body).await.unwrap();
    assert_eq!(reports.recv().await, Some("worked"));
    assert!(reports.try_recv().is_err(), "most of the answer is still on this side");
    body.resize(length - (1 << 20), 0);
    client.0.read_exact(&mut body).await.unwrap();
    assert_eq!(reports.recv().await, Some("sent"));
    client.write(GET).await;
    client.head().await;
    drop(client);
    assert_eq!((reports.recv().await, reports.recv().await), (Some("worked"), Some("sent")), "or the connection ended");
}

#[tokio::test]
async fn sent_is_said_for_answers_without_a_body() {
    let (running, gate, mut reports) = gated(Bytes::from_static(b"x")).await;
    gate.add_permits(1);
    let mut client = running.connect().await;
    client.write("HEAD / HTTP/1.1\r\n\r\n").await;
    assert!(client.head().await.contains("\r\ncontent-length: 1\r\n"));
    assert_eq!((reports.recv().await, reports.recv().await), (Some("worked"), Some("sent")));
}

#[tokio::test]
async fn a_panic_in_the_receiver_is_a_500_and_nothing_more() {
    let running = start(Limits::default(), |arrival| match &arrival.request.target[..] {
        b"/before" => panic!("before there is a future"),
        b"/in" => Box::pin(async { panic!("in the future") }),
        _ => ok(arrival),
    })
    .await;
    let mut client = running.connect().await;
    for (target, status) in [("/before", 500), ("/in", 500), ("/ok", 200)] {
        client.write(format!("GET {target} HTTP/1.1\r\n\r\n")).await;
        assert_eq!(client.answer().await.0, status, "{target}, on the same connection");
    }
}

#[tokio::test]
async fn a_connection_beyond_the_cap_waits_for_another_to_end() {
    let mut running = start(Limits { connections: 1, ..Limits::default() }, ok).await;
    let mut first = running.connect().await;
    first.write(GET).await;
    assert_eq!(first.answer().await.0, 200);
    let mut second = running.connect().await;
    second.write("GET /second HTTP/1.1\r\n\r\n").await;
    first.write(GET).await;
    assert_eq!(first.answer().await.0, 200);
    drop(first);
    assert_eq!(second.answer().await, (200, "/second".to_owned()));
    for target in ["/g", "/g", "/second"] {
        assert_eq!(running.arrival().await.request.target, target);
    }
}

#[tokio::test]
async fn an_answer_goes_out_as_said_but_for_what_the_connection_decides() {
    let dated = AtomicBool::new(false);
    let running = start(Limits::default(), move |_| {
        let mut answer = Answer::text(299, "hello");
        for (name, value) in [
            ("Content-Length", "99"),
            ("transfer-encoding", "chunked"),
            ("Connection", "keep-alive"),
            ("X-B", "1"),
            ("X-A", "2"),
            ("X-B", "3"),
            ("Bad Name", "x"),
        ] {
            answer.headers.push(name, value);
        }
        if dated.swap(true, Ordering::Relaxed) {
            answer.status = 42;
        }
        Box::pin(async { answer })
    })
    .await;
    let mut client = running.connect().await;
    client.write(GET).await;
    let head = client.head().await;
    let (line, fields) = head.split_once("\r\n").unwrap();
    assert!(line.starts_with("HTTP/1.1 299"), "{line}");
    let mut names: Vec<_> = fields.lines().filter_map(|l| l.split_once(": ")).collect();
    names.retain(|(name, _)| *name != "date");
    assert_eq!(
        names,
        [
            ("content-type", "text/plain; charset=utf-8"),
            ("x-b", "1"),
            ("x-b", "3"),
            ("x-a", "2"),
            ("content-length", "5"),
        ]
    );
    let mut body = [0; 5];
    client.0.read_exact(&mut body).await.unwrap();
    assert_eq!(&body, b"hello");
    client.write(GET).await;
    assert_eq!(client.answer().await.0, 500, "42 is no status");
}

#[tokio::test]
async fn a_sender_that_closes_its_side_still_gets_its_answer() {
    let (mut running, gate, _reports) = gated(Bytes::from_static(b"late")).await;
    let mut client = running.connect().await;
    client.write(GET).await;
    running.arrival().await;
    tokio::io::AsyncWriteExt::shutdown(client.0.get_mut()).await.unwrap();
    // Another exchange on the same runtime: when it is over, the listener has been told of the closed side.
    let mut other = running.connect().await;
    other.write("nonsense\r\n\r\n").await;
    assert_eq!(other.answer().await.0, 400);
    gate.add_permits(1);
    assert_eq!(client.answer().await, (200, "late".to_owned()));
    assert!(client.is_closed().await);
    let other = echo().await;
    let mut client = other.connect().await;
    client.write("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab").await;
    tokio::io::AsyncWriteExt::shutdown(client.0.get_mut()).await.unwrap();
    assert_eq!(client.answer().await.0, 400, "but a body that ends early is none");
}
