use crate::support::{pairs, start};
use bytes::Bytes;
use countersign_core::request::Headers;
use countersign_net::SendError;
use countersign_net::listener::{Answer, Limits};
use countersign_net::send::{Outgoing, REPLY_LIMIT, send};
use std::time::Duration;
use tokio::net::TcpListener;

fn outgoing(url: impl Into<String>) -> Outgoing {
    let mut headers = Headers::new();
    for (name, value) in [("x-z", "1"), ("x-a", "2"), ("content-type", "application/json")] {
        headers.push(name, value);
    }
    let body = Bytes::from_static(b"{}\r\n");
    Outgoing { method: "POST".to_owned(), url: url.into(), headers, body, timeout: Duration::from_secs(30) }
}

#[tokio::test]
async fn a_request_goes_out_as_given_and_a_redirect_is_a_reply() {
    let mut running = start(Limits::default(), |_| {
        Box::pin(async {
            let mut answer = Answer::text(307, "elsewhere");
            answer.headers.push("location", "/other");
            answer
        })
    })
    .await;
    let reply = send(outgoing(format!("http://{}/a%20b?c=d", running.addr()))).await.unwrap();
    assert_eq!((reply.status, &reply.body[..], reply.cut), (307, &b"elsewhere"[..], false));
    assert_eq!(reply.headers.first("location").map(|v| &v[..]), Some(&b"/other"[..]));
    let request = running.arrival().await.request;
    assert_eq!((request.method.as_str(), &request.target[..]), ("POST", &b"/a%20b?c=d"[..]));
    assert_eq!(&request.body[..], b"{}\r\n");
    let addr = running.addr().to_string();
    let sent = pairs(&request.headers);
    let sent: Vec<_> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        sent,
        [
            ("x-z", "1"),
            ("x-a", "2"),
            ("content-type", "application/json"),
            ("accept", "*/*"),
            ("host", addr.as_str()),
            ("content-length", "4"),
        ]
    );
    assert!(running.arrivals.try_recv().is_err(), "the redirect was not followed");
}

#[tokio::test]
async fn a_reply_beyond_the_limit_is_cut_and_says_so() {
    for (length, cut) in [(REPLY_LIMIT, false), (REPLY_LIMIT + 1, true)] {
        let running =
            start(Limits::default(), move |_| Box::pin(async move { Answer::text(200, vec![b'x'; length]) })).await;
        let reply = send(outgoing(format!("http://{}/", running.addr()))).await.unwrap();
        assert_eq!((reply.body.len(), reply.cut), (REPLY_LIMIT, cut));
    }
}

#[tokio::test]
async fn what_cannot_be_sent_says_why() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://u:p@{}/x?secret=1", closed.local_addr().unwrap());
    let shown = format!("http://{}/x", closed.local_addr().unwrap());
    let short = Duration::from_millis(50);
    let error = send(Outgoing { timeout: short, ..outgoing(&url) }).await.unwrap_err();
    assert!(matches!(&error, SendError::Timeout { url, after } if *url == shown && *after == short), "{error:?}");
    drop(closed);
    let error = send(outgoing(&url)).await.unwrap_err();
    assert!(matches!(&error, SendError::Connect { url, .. } if *url == shown), "{error:?}");
    for bad in ["nonsense", "https://localhost/", "file:///etc/hosts"] {
        let error = send(outgoing(bad)).await.unwrap_err();
        assert!(matches!(&error, SendError::BadUrl { url } if url == bad), "{error:?}");
    }
    let error = send(Outgoing { method: "P T".to_owned(), ..outgoing(&url) }).await.unwrap_err();
    assert!(matches!(&error, SendError::BadMethod { method } if method == "P T"), "{error:?}");
    let mut headers = Headers::new();
    headers.push("X-Odd", "a\nb");
    let error = send(Outgoing { headers, ..outgoing(&url) }).await.unwrap_err();
    assert!(matches!(&error, SendError::BadHeader { name } if name == "X-Odd"), "{error:?}");
}
