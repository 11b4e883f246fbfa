use super::endpoint::{answering, endpoint, get, headers};
use crate::support::echo;
use bytes::Bytes;
use countersign_net::SendError;
use countersign_net::send::{Outgoing, Sent, send};
use std::net::SocketAddr;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

#[tokio::test]
async fn what_cannot_be_sent_says_why_without_what_is_secret() {
    for (url, said) in [
        ("nonsense?secret", "“nonsense” is not an http or https address"),
        ("file:///etc/hosts", "“file:///etc/hosts” is not an http or https address"),
        ("ftp://u:p@host/x?y#z", "“ftp://host/x” is not an http or https address"),
        ("http://u:p@/x?y", "“http:///x” is not an http or https address"),
        ("http://a b/", "“http://a b/” is not an http or https address"),
        ("http://host:99999/", "“http://host:99999/” is not an http or https address"),
        ("http://host:0/", "“http://host:0/” is not an http or https address"),
        ("http://host/a\r\nX: y", "“http://host/a\r\nX: y” is not an http or https address"),
    ] {
        let Sent { result, request_head, address, .. } = send(get(url)).await;
        let error = result.unwrap_err();
        assert!(matches!(error, SendError::BadUrl { .. }), "{url}: {error:?}");
        assert_eq!((error.to_string().as_str(), request_head.is_empty(), address), (said, true, None));
    }
    let error = send(Outgoing { method: "P T".to_owned(), ..get("http://host/") }).await.result.unwrap_err();
    assert!(matches!(&error, SendError::BadMethod { method } if method == "P T"), "{error:?}");
    for (name, value) in [("X-Odd", "a\nb"), ("X-Odd", "a\rb"), ("X-Odd", "\0"), ("X Odd", "a"), ("", "a"), ("X:", "a")]
    {
        let headers = headers(&[(name, value)]);
        let error = send(Outgoing { headers, ..get("http://host/") }).await.result.unwrap_err();
        assert!(matches!(&error, SendError::BadHeader { name: said } if said == name), "{error:?}");
    }
}

#[tokio::test]
async fn a_refused_port_is_said_and_the_head_is_kept() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = closed.local_addr().unwrap();
    drop(closed);
    let sent = send(get(format!("http://u:p@{addr}/x?secret=1"))).await;
    let error = sent.result.unwrap_err();
    assert!(
        matches!(&error, SendError::Connect { source, .. } if source.kind() == std::io::ErrorKind::ConnectionRefused),
        "{error:?}"
    );
    assert_eq!(error.to_string(), format!("nothing listens at http://{addr}/x"));
    assert!(sent.request_head.starts_with(b"GET /x?secret=1 HTTP/1.1\r\n"));
    assert_eq!((sent.address, sent.written, sent.timing.connected), (None, 0, None));
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_said() {
    let sent = send(get("http://nonexistent.invalid/x")).await;
    let error = sent.result.unwrap_err();
    assert!(matches!(&error, SendError::NoAddress { host, .. } if host == "nonexistent.invalid"), "{error:?}");
    assert_eq!(error.to_string(), "“nonexistent.invalid” has no address: the name is not known here");
    assert_eq!(sent.timing.resolved, None);
}

#[tokio::test]
async fn nothing_is_written_to_our_own_listener() {
    for (own, scheme, host) in [
        ("127.0.0.1", "http", "127.0.0.1"),
        ("0.0.0.0", "http", "127.0.0.1"),
        ("[::]", "http", "localhost"),
        ("127.0.0.1", "https", "127.0.0.1"),
    ] {
        let (addr, served) = endpoint(|mut socket| async move {
            let mut received = Vec::new();
            socket.read_to_end(&mut received).await.unwrap();
            received
        })
        .await;
        let own: SocketAddr = format!("{own}:{}", addr.port()).parse().unwrap();
        let url = format!("{scheme}://{host}:{}/x", addr.port());
        let sent = send(Outgoing { avoid: vec!["127.0.0.1:1".parse().unwrap(), own], ..get(&url) }).await;
        let error = sent.result.unwrap_err();
        assert!(matches!(error, SendError::OwnListener { .. }), "{error:?}");
        assert_eq!(error.to_string(), format!("{url} is Countersign's own listener: nothing was sent"));
        assert_eq!((served.await.unwrap(), sent.written, sent.address), (Vec::new(), 0, Some(addr)));
    }
    // The same port at another address is another program's.
    let mut running = echo().await;
    let own = format!("127.9.9.9:{}", running.addr().port()).parse().unwrap();
    let sent = send(Outgoing { avoid: vec![own], ..get(format!("http://{}/x", running.addr())) }).await;
    assert_eq!(sent.result.unwrap().status, 200);
    assert_eq!(&running.arrival().await.request.target[..], b"/x");
}

#[tokio::test]
async fn what_is_not_http_is_said() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (name, reply) in [
        ("another protocol", "SSH-2.0-OpenSSH_9.9\r\n".to_owned()),
        ("an alert of TLS", "\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{16}".to_owned()),
        ("a status that is none", "HTTP/1.1 OK 200\r\n\r\n".to_owned()),
        ("a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n".to_owned()),
        ("a chunk that is none", format!("{chunked}3\r\nabc\r\nxyz\r\n")),
        ("too many headers", format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(101))),
        ("a head without an end", format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(300 << 10))),
    ] {
        let (addr, served) = endpoint(move |mut socket| async move {
            use tokio::io::AsyncWriteExt;
            super::endpoint::request(&mut socket).await;
            // The sender may close before it has read all of that.
            let _ = socket.write_all(reply.as_bytes()).await;
            let _ = socket.read_to_end(&mut Vec::new()).await;
        })
        .await;
        let error = send(get(format!("http://{addr}/x?secret"))).await.result.unwrap_err();
        assert!(matches!(error, SendError::NotHttp { .. }), "{name}: {error:?}");
        assert_eq!(error.to_string(), format!("what http://{addr}/x answered cannot be read as HTTP"), "{name}");
        served.await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_ends_early_says_how_far_it_came() {
    for (reply, body, said) in [
        ("", None, "without an answer"),
        ("HTTP/1.1 200 OK\r\nA:", Some(0), "in the middle of its answer, after 0 bytes of the body"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na",
            Some(1),
            "in the middle of its answer, after 1 byte of the body",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            Some(3),
            "in the middle of its answer, after 3 bytes of the body",
        ),
        ("HTTP/1.1 100 Continue\r\n\r\n", Some(0), "in the middle of its answer, after 0 bytes of the body"),
    ] {
        let (addr, served) = answering(reply).await;
        let sent = send(Outgoing { body: Bytes::from_static(b"abc"), ..get(format!("http://{addr}/x?secret")) }).await;
        let error = sent.result.unwrap_err();
        assert!(matches!(error, SendError::Closed { body: came, .. } if came == body), "{reply:?}: {error:?}");
        assert_eq!(error.to_string(), format!("http://{addr}/x closed the connection {said}"));
        assert_eq!(served.await.unwrap().len() as u64, sent.written);
    }
}
