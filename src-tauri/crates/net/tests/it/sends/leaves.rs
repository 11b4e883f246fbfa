use super::endpoint::{answering, endpoint, get, headers, request};
use bytes::Bytes;
use countersign_net::send::{Outgoing, send};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

type Fields = &'static [(&'static [u8], &'static [u8])];

struct Row {
    name: &'static str,
    method: &'static str,
    /// What follows the address in the URL.
    rest: &'static str,
    headers: Fields,
    body: &'static [u8],
    /// `{host}` stands for the address.
    leaves: &'static [u8],
}

const ROWS: &[Row] = &[
    Row {
        name: "order among different names, spelling, duplicates between them, no value",
        method: "POST",
        rest: "/hook",
        headers: &[
            (b"Z-last", b"1"),
            (b"hOST", b"example.com"),
            (b"x-A", b"2"),
            (b"X-a", b""),
            (b"CONTENT-length", b"2"),
            (b"z-LAST", b"3"),
        ],
        body: b"{}",
        leaves: b"POST /hook HTTP/1.1\r\nZ-last: 1\r\nhOST: example.com\r\nx-A: 2\r\nX-a: \r\nCONTENT-length: 2\r\nz-LAST: 3\r\n\r\n{}",
    },
    Row {
        name: "bytes beyond ASCII in a value, a binary body",
        method: "PUT",
        rest: "/",
        headers: &[(b"X-Raw", b"\xe9\xff\t\x80"), (b"X-Utf8", "ü".as_bytes())],
        body: b"\x00\xff\r\n\r\n\x00",
        leaves: b"PUT / HTTP/1.1\r\nHost: {host}\r\nX-Raw: \xe9\xff\t\x80\r\nX-Utf8: \xc3\xbc\r\nContent-Length: 7\r\n\r\n\x00\xff\r\n\r\n\x00",
    },
    Row {
        name: "a target that others would repair; the fragment stays here",
        method: "PURGE",
        rest: "//a/../b%2F%20 c?q=%zz&&r=\u{e9}#there",
        headers: &[],
        body: b"",
        leaves: b"PURGE //a/../b%2F%20%20c?q=%zz&&r=\xc3\xa9 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    },
    Row {
        name: "a query without a path",
        method: "GET",
        rest: "?a=/b",
        headers: &[],
        body: b"",
        leaves: b"GET /?a=/b HTTP/1.1\r\nHost: {host}\r\n\r\n",
    },
    Row {
        name: "a transfer coding becomes a length in its place; Expect goes",
        method: "POST",
        rest: "",
        headers: &[
            (b"A", b"1"),
            (b"transfer-ENCODING", b"chunked"),
            (b"Expect", b"100-continue"),
            (b"B", b"2"),
            (b"Transfer-Encoding", b"gzip"),
        ],
        body: b"abc",
        leaves: b"POST / HTTP/1.1\r\nHost: {host}\r\nA: 1\r\nContent-Length: 3\r\nB: 2\r\n\r\nabc",
    },
    Row {
        name: "a length wins over a transfer coding before it",
        method: "POST",
        rest: "/",
        headers: &[(b"Transfer-Encoding", b"chunked"), (b"A", b"1"), (b"content-length", b"3")],
        body: b"abc",
        leaves: b"POST / HTTP/1.1\r\nHost: {host}\r\nA: 1\r\ncontent-length: 3\r\n\r\nabc",
    },
    Row {
        name: "a wrong length is put right in its place, a second one goes",
        method: "POST",
        rest: "/",
        headers: &[(b"CONTENT-LENGTH", b"+3"), (b"A", b"1"), (b"Content-Length", b"3")],
        body: b"abc",
        leaves: b"POST / HTTP/1.1\r\nHost: {host}\r\nCONTENT-LENGTH: 3\r\nA: 1\r\n\r\nabc",
    },
    Row {
        name: "a right length stays as it was written",
        method: "POST",
        rest: "/",
        headers: &[(b"Content-Length", b"0003")],
        body: b"abc",
        leaves: b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0003\r\n\r\nabc",
    },
    Row {
        name: "an empty body where one is usual",
        method: "PATCH",
        rest: "/",
        headers: &[],
        body: b"",
        leaves: b"PATCH / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n",
    },
    Row {
        name: "a body where none is usual",
        method: "GET",
        rest: "/",
        headers: &[],
        body: b"a",
        leaves: b"GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\n\r\na",
    },
];

#[tokio::test]
async fn what_leaves_is_what_was_given() {
    for row in ROWS {
        let (addr, served) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        let sent = send(Outgoing {
            method: row.method.to_owned(),
            headers: headers(row.headers),
            body: Bytes::from_static(row.body),
            ..get(format!("http://{addr}{}", row.rest))
        })
        .await;
        assert_eq!(sent.result.unwrap().status, 200, "{}", row.name);
        let mut expected = Vec::new();
        let at = row.leaves.windows(6).position(|w| w == b"{host}").unwrap_or(row.leaves.len());
        expected.extend_from_slice(&row.leaves[..at]);
        if at < row.leaves.len() {
            expected.extend_from_slice(addr.to_string().as_bytes());
            expected.extend_from_slice(&row.leaves[at + 6..]);
        }
        let received = served.await.unwrap();
        assert_eq!(received.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{}", row.name);
        assert_eq!([&sent.request_head[..], row.body].concat(), received, "{}", row.name);
        assert_eq!(sent.written, received.len() as u64, "{}", row.name);
        assert_eq!(sent.address, Some(addr), "{}", row.name);
    }
}

#[tokio::test]
async fn a_user_in_the_url_is_sent_unless_there_is_an_authorization() {
    for (given, expected) in [
        (None, "Authorization: Basic dTpwOuQ=\r\n"),
        (Some(("authorization", "Bearer x")), "authorization: Bearer x\r\n"),
    ] {
        let (addr, served) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        let headers = headers(given.as_slice());
        let sent = send(Outgoing { headers, ..get(format!("http://u:p%3a%e4@{addr}/")) }).await;
        assert_eq!(sent.result.unwrap().status, 200);
        let received = String::from_utf8(served.await.unwrap()).unwrap();
        assert_eq!(received, format!("GET / HTTP/1.1\r\nHost: {addr}\r\n{expected}\r\n"));
    }
}

fn large() -> Bytes {
    (0..25_u32 << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

#[tokio::test]
async fn a_large_body_leaves_byte_for_byte_while_the_reply_comes() {
    let (addr, served) = endpoint(|mut socket| async move {
        // Half of the reply stands before any of the request was read.
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab").await.unwrap();
        let received = request(&mut socket).await;
        socket.write_all(b"cd").await.unwrap();
        received
    })
    .await;
    let body = large();
    let outgoing = Outgoing { method: "POST".to_owned(), body: body.clone(), ..get(format!("http://{addr}/")) };
    let sent = send(outgoing).await;
    assert_eq!(&sent.result.unwrap().body[..], b"abcd");
    let received = served.await.unwrap();
    assert!(received[sent.request_head.len()..] == body[..], "the body arrived otherwise");
    assert_eq!(sent.written, received.len() as u64);
}

#[tokio::test]
async fn a_request_that_was_answered_early_is_written_to_its_end() {
    let (addr, served) = endpoint(|mut socket| async move {
        socket.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        request(&mut socket).await
    })
    .await;
    let sent = send(Outgoing { method: "POST".to_owned(), body: large(), ..get(format!("http://{addr}/")) }).await;
    assert_eq!(sent.result.unwrap().status, 202);
    assert_eq!(sent.written, served.await.unwrap().len() as u64);
}

#[tokio::test]
async fn an_answer_to_a_request_that_is_not_read_is_a_reply() {
    let (done, is_done) = oneshot::channel::<()>();
    let (addr, served) = endpoint(|mut socket| async move {
        socket.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno").await.unwrap();
        is_done.await.unwrap();
    })
    .await;
    let body = large();
    let sent = send(Outgoing { method: "POST".to_owned(), body, ..get(format!("http://{addr}/")) }).await;
    done.send(()).unwrap();
    served.await.unwrap();
    let reply = sent.result.unwrap();
    assert_eq!((reply.status, &reply.body[..]), (413, &b"no"[..]));
    assert!(sent.written > 0 && sent.written < 25 << 20, "{}", sent.written);
}

#[tokio::test]
async fn dropping_the_future_closes_the_socket() {
    let (arrived, has_arrived) = oneshot::channel();
    let (addr, served) = endpoint(|mut socket| async move {
        let received = request(&mut socket).await;
        arrived.send(()).unwrap();
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).await.unwrap();
        (received, rest)
    })
    .await;
    let sending = tokio::spawn(send(get(format!("http://{addr}/"))));
    has_arrived.await.unwrap();
    sending.abort();
    let (received, rest) = served.await.unwrap();
    assert!(received.starts_with(b"GET / HTTP/1.1\r\n"));
    assert!(rest.is_empty());
}
