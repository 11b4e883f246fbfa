use super::endpoint::{endpoint, get, request};
use bytes::Bytes;
use countersign_net::send::{Outgoing, SendLimits, Sent, send, send_until};
use countersign_net::{Phase, SendError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

const SHORT: Duration = Duration::from_millis(100);

fn timed_out(sent: &Sent) -> (Phase, Duration, String) {
    match &sent.result {
        Err(error @ SendError::Timeout { phase, after, .. }) => (*phase, *after, error.to_string()),
        other => panic!("{other:?}"),
    }
}

/// On Linux a listener whose queue is full answers nobody; elsewhere it refuses or stretches.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_taken() {
    use tokio::net::{TcpSocket, TcpStream};
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let addr = listener.local_addr().unwrap();
    let _queue = [TcpStream::connect(addr).await.unwrap(), TcpStream::connect(addr).await.unwrap()];
    for (connect, total) in [(SHORT, Duration::MAX), (Duration::MAX, SHORT)] {
        let limits = SendLimits { connect, total, ..SendLimits::default() };
        let sent = send(Outgoing { limits, ..get(format!("http://{addr}/x?secret")) }).await;
        let said = format!("no connection to http://{addr}/x within 100 ms");
        assert_eq!(timed_out(&sent), (Phase::Connect, SHORT, said));
        assert!(sent.timing.resolved.is_some() && sent.timing.connected.is_none(), "{:?}", sent.timing);
    }
}

#[tokio::test]
async fn a_handshake_that_is_not_answered() {
    let (addr, served) = endpoint(|mut socket| async move {
        let mut received = Vec::new();
        socket.read_to_end(&mut received).await.unwrap();
        received
    })
    .await;
    let limits = SendLimits { connect: SHORT, ..SendLimits::default() };
    let sent = send(Outgoing { limits, ..get(format!("https://{addr}/")) }).await;
    assert_eq!(timed_out(&sent), (Phase::Tls, SHORT, format!("no TLS connection with https://{addr}/ within 100 ms")));
    assert!(sent.timing.connected.is_some() && sent.timing.tls.is_none(), "{:?}", sent.timing);
    assert_eq!(served.await.unwrap().first(), Some(&22), "a handshake and no request");
}

#[tokio::test]
async fn an_answer_that_never_comes() {
    for (first_byte, total) in [(SHORT, Duration::MAX), (Duration::MAX, SHORT)] {
        let (addr, served) = endpoint(|mut socket| async move {
            let received = request(&mut socket).await;
            // The sender closes.
            assert_eq!(socket.read_to_end(&mut Vec::new()).await.unwrap(), 0);
            received
        })
        .await;
        let limits = SendLimits { first_byte, total, ..SendLimits::default() };
        let sent = send(Outgoing { limits, ..get(format!("http://{addr}/")) }).await;
        let said = format!("no answer from http://{addr}/ within 100 ms");
        assert_eq!(timed_out(&sent), (Phase::FirstByte, SHORT, said));
        assert_eq!(served.await.unwrap().len() as u64, sent.written);
    }
}

#[tokio::test]
async fn a_request_that_is_not_taken() {
    let (done, is_done) = oneshot::channel::<()>();
    let (addr, served) = endpoint(|socket| async move {
        is_done.await.unwrap();
        drop(socket);
    })
    .await;
    let limits = SendLimits { first_byte: SHORT, ..SendLimits::default() };
    let body = Bytes::from(vec![b'x'; 25 << 20]);
    let sent = send(Outgoing { limits, body, ..get(format!("http://{addr}/")) }).await;
    assert_eq!(timed_out(&sent), (Phase::FirstByte, SHORT, format!("no answer from http://{addr}/ within 100 ms")));
    assert!(sent.written < 25 << 20);
    done.send(()).unwrap();
    served.await.unwrap();
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle() {
    let (addr, served) = endpoint(|mut socket| async move {
        request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").await.unwrap();
        assert_eq!(socket.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    })
    .await;
    let total = Duration::from_secs(1);
    let limits = SendLimits { total, ..SendLimits::default() };
    let sent = send(Outgoing { limits, ..get(format!("http://{addr}/")) }).await;
    let said = format!("the answer of http://{addr}/ was not complete within 1 s");
    assert_eq!(timed_out(&sent), (Phase::Body, total, said));
    assert!(sent.timing.first_byte.is_some());
    served.await.unwrap();
}

#[tokio::test]
async fn what_had_left_when_it_was_cancelled() {
    let (stop, stopped) = oneshot::channel::<()>();
    let (addr, served) = endpoint(|mut socket| async move {
        let received = request(&mut socket).await;
        stop.send(()).unwrap();
        socket.read_to_end(&mut Vec::new()).await.unwrap();
        received
    })
    .await;
    let outgoing =
        Outgoing { method: "POST".to_owned(), body: Bytes::from_static(b"body"), ..get(format!("http://{addr}/")) };
    let sent = send_until(outgoing, async { drop(stopped.await) }).await;
    assert!(matches!(sent.result, Err(SendError::Cancelled)), "{:?}", sent.result);
    let received = served.await.unwrap();
    assert_eq!(sent.written, received.len() as u64, "what had left is told");
    assert!(sent.timing.connected.is_some(), "{:?}", sent.timing);
}
