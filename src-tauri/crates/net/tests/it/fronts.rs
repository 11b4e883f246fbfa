//! What stands in front of an endpoint and fails on purpose.

use crate::sends::endpoint::{answering, get};
use countersign_net::fault::{FaultLayer, InFront};
use countersign_net::send::{Outgoing, Trust, send};
use countersign_net::{NoReply, SendError};
use std::time::Duration;

fn post(url: String) -> Outgoing {
    let headers =
        crate::sends::endpoint::headers(&[("X-Odd-CASE", "1"), ("Host", "the.endpoint"), ("x-odd-case", "2")]);
    Outgoing { method: "POST".to_owned(), headers, body: "the body".into(), ..get(url) }
}

#[tokio::test]
async fn a_lost_answer_was_given_and_the_request_arrived_as_it_was() {
    let (addr, served) = answering("HTTP/1.1 201 Made\r\nContent-Length: 4\r\nX-Job: 7\r\n\r\ndone").await;
    let layer = FaultLayer::open(format!("http://{addr}/hook?a=b"), Trust::System).await.unwrap();
    layer.set(InFront::LoseAck);
    let sent = send(post(layer.url())).await;
    assert!(matches!(sent.result.as_ref().map_err(SendError::no_reply), Err(NoReply::Closed)), "{:?}", sent.result);
    let answer = layer.take_answer().expect("the endpoint answered");
    assert_eq!((answer.status, answer.body.as_ref()), (201, &b"done"[..]));
    assert!(layer.take_answer().is_none(), "it is taken once");
    let arrived = String::from_utf8(served.await.unwrap()).unwrap();
    let expected = "POST /hook?a=b HTTP/1.1\r\nX-Odd-CASE: 1\r\nHost: the.endpoint\r\nx-odd-case: 2\r\n\
                    Content-Length: 8\r\n\r\nthe body";
    assert_eq!(arrived, expected);
}

#[tokio::test]
async fn a_slow_answer_is_the_endpoints_own() {
    let (addr, served) = answering("HTTP/1.1 202 Ok\r\nContent-Length: 2\r\nX-Job: 7\r\n\r\nok").await;
    let layer = FaultLayer::open(format!("http://{addr}/"), Trust::System).await.unwrap();
    layer.set(InFront::Slow(Duration::from_millis(30)));
    let sent = send(post(layer.url())).await;
    let reply = sent.result.expect("an answer");
    assert_eq!((reply.status, reply.body.as_ref()), (202, &b"ok"[..]));
    assert_eq!(reply.headers.first("x-job").map(|v| v.as_ref()), Some(&b"7"[..]));
    assert!(sent.timing.total >= Duration::from_millis(30), "held: {:?}", sent.timing.total);
    served.await.unwrap();
}

#[tokio::test]
async fn an_endpoint_that_is_down_sees_nothing() {
    // Nothing listens there: whatever reached it would fail in another way.
    let layer = FaultLayer::open("http://127.0.0.1:1/".to_owned(), Trust::System).await.unwrap();
    layer.set(InFront::Status(503));
    let sent = send(post(layer.url())).await;
    assert_eq!(sent.result.map(|reply| reply.status).map_err(|error| error.no_reply()), Ok(503));
    layer.set(InFront::Closed);
    let sent = send(post(layer.url())).await;
    assert_eq!(sent.result.map(|reply| reply.status).map_err(|error| error.no_reply()), Err(NoReply::Closed));
    let sent = send(post(layer.refusing_url())).await;
    assert_eq!(sent.result.map(|reply| reply.status).map_err(|error| error.no_reply()), Err(NoReply::Unreachable));
    assert!(layer.take_answer().is_none());
}
