use crate::support::{echo, pairs};
use countersign_core::request::HttpVersion;

struct Row {
    name: &'static str,
    head: &'static [u8],
    body: &'static [u8],
    fields: &'static [(&'static str, &'static str)],
    method: &'static str,
    target: &'static str,
    read: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        name: "odd casing",
        head: b"POST /hook HTTP/1.1\r\nhOST: a\r\nX-WEBHOOK-Signature: AbC=\r\nx-webhook-id: 1\r\nCONTENT-length: 2\r\n\r\n",
        body: b"{}",
        fields: &[("hOST", "a"), ("X-WEBHOOK-Signature", "AbC="), ("x-webhook-id", "1"), ("CONTENT-length", "2")],
        method: "POST",
        target: "/hook",
        read: "{}",
    },
    Row {
        name: "order among different names, duplicates between them",
        head: b"PUT / HTTP/1.1\r\nZ: 1\r\nA: 1\r\nz: 2\r\nHost: a\r\nA: 2\r\nZ: 3\r\n\r\n",
        body: b"",
        fields: &[("Z", "1"), ("A", "1"), ("z", "2"), ("Host", "a"), ("A", "2"), ("Z", "3")],
        method: "PUT",
        target: "/",
        read: "",
    },
    Row {
        name: "white space around values, empty values, bytes beyond ASCII",
        head: b"GET / HTTP/1.1\r\nA: \t b  c \t\r\nB:\r\nC:d\r\nD: \xe9\xff\r\nHost: a\r\n\r\n",
        body: b"",
        fields: &[("A", "b  c"), ("B", ""), ("C", "d"), ("D", "\u{e9}\u{ff}"), ("Host", "a")],
        method: "GET",
        target: "/",
        read: "",
    },
    Row {
        name: "any method, the target as sent",
        head: b"PURGE //a/../b%2F%20?q=%zz&&r HTTP/1.1\r\nHost: a\r\n\r\n",
        body: b"",
        fields: &[("Host", "a")],
        method: "PURGE",
        target: "//a/../b%2F%20?q=%zz&&r",
        read: "",
    },
    Row {
        name: "a fragment and a whole URL stay in the target",
        head: b"POST http://b/c#d HTTP/1.1\r\nHost: a\r\n\r\n",
        body: b"",
        fields: &[("Host", "a")],
        method: "POST",
        target: "http://b/c#d",
        read: "",
    },
    Row {
        name: "no path at all",
        head: b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        body: b"",
        fields: &[("Host", "a")],
        method: "OPTIONS",
        target: "*",
        read: "",
    },
    Row {
        name: "chunks with extensions and trailers",
        head: b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\nTrailer: X-Sum\r\n\r\n",
        body: b"4;a=b\r\n\r\n\r\n\r\n00A ; c=\"d\"\r\n0123456789\r\n0\r\nX-Sum: GET / HTTP/1.1\r\nX-B:\r\n\r\n",
        fields: &[("Transfer-Encoding", "Chunked"), ("Trailer", "X-Sum")],
        method: "POST",
        target: "/",
        read: "\r\n\r\n0123456789",
    },
    Row {
        name: "one length said twice, between others",
        head: b"POST / HTTP/1.1\r\nContent-Length: 3\r\nA: b\r\ncontent-length: 3\r\n\r\n",
        body: b"abc",
        fields: &[("Content-Length", "3"), ("A", "b"), ("content-length", "3")],
        method: "POST",
        target: "/",
        read: "abc",
    },
    Row {
        name: "lines that end in a line feed alone",
        head: b"POST /lf HTTP/1.1\nA: b\nContent-Length: 1\n\n",
        body: b"x",
        fields: &[("A", "b"), ("Content-Length", "1")],
        method: "POST",
        target: "/lf",
        read: "x",
    },
];

#[tokio::test]
async fn what_was_sent_is_what_arrives() {
    let mut running = echo().await;
    for row in ROWS {
        let mut client = running.connect().await;
        client.write([row.head, row.body].concat()).await;
        assert_eq!(client.answer().await, (200, row.target.to_owned()), "{}", row.name);
        let arrival = running.arrival().await;
        let request = &arrival.request;
        let fields: Vec<_> = row.fields.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())).collect();
        assert_eq!(pairs(&request.headers), fields, "{}", row.name);
        assert_eq!(&arrival.raw_head[..], row.head, "{}", row.name);
        assert_eq!(request.method, row.method, "{}", row.name);
        assert_eq!(&request.target[..], row.target.as_bytes(), "{}", row.name);
        assert_eq!(&request.body[..], row.read.as_bytes(), "{}", row.name);
        assert_eq!((request.version, request.cut_from), (HttpVersion::Http11, None), "{}", row.name);
        assert!(arrival.head_is_exact, "{}", row.name);
    }
}

#[tokio::test]
async fn one_connection_keeps_every_request_apart() {
    let mut running = echo().await;
    let mut client = running.connect().await;
    for row in ROWS {
        client.write([b"\r\n", row.head, row.body].concat()).await;
        assert_eq!(client.answer().await, (200, row.target.to_owned()), "{}", row.name);
        assert_eq!(&running.arrival().await.raw_head[..], row.head, "{}", row.name);
    }
}

#[tokio::test]
async fn pipelined_requests_each_get_their_own_head() {
    let mut running = echo().await;
    let mut client = running.connect().await;
    let all: Vec<u8> = ROWS.iter().flat_map(|row| [row.head, row.body].concat()).collect();
    client.write(all).await;
    for row in ROWS {
        assert_eq!(client.answer().await, (200, row.target.to_owned()), "{}", row.name);
        let arrival = running.arrival().await;
        assert_eq!(&arrival.raw_head[..], row.head, "{}", row.name);
        assert_eq!(&arrival.request.body[..], row.read.as_bytes(), "{}", row.name);
    }
}

#[tokio::test]
async fn requests_that_come_byte_by_byte_are_whole() {
    let mut running = echo().await;
    let mut client = running.connect().await;
    client.0.get_ref().set_nodelay(true).unwrap();
    for row in ROWS {
        for byte in [row.head, row.body].concat() {
            client.write([byte]).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(client.answer().await, (200, row.target.to_owned()), "{}", row.name);
        let arrival = running.arrival().await;
        assert_eq!(&arrival.raw_head[..], row.head, "{}", row.name);
        assert_eq!(&arrival.request.body[..], row.read.as_bytes(), "{}", row.name);
    }
}

#[tokio::test]
async fn http_1_0_is_answered_and_closed() {
    let mut running = echo().await;
    let mut client = running.connect().await;
    client.write(b"POST /old HTTP/1.0\r\nContent-Length: 1\r\n\r\nx").await;
    assert_eq!(client.answer().await, (200, "/old".to_owned()));
    assert!(client.is_closed().await);
    assert_eq!(running.arrival().await.request.version, HttpVersion::Http10);
}

#[tokio::test]
async fn what_is_not_http_is_refused_and_the_next_connection_is_served() {
    let mut running = echo().await;
    for (name, wire, status) in [
        ("no request line", "\0\0\0\r\n\r\n".to_owned(), 400),
        ("TLS", "\x16\x03\x01\x02\0\x01\0\x01\x7c\x03\x03".to_owned(), 400),
        ("a folded header", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n".to_owned(), 400),
        ("two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(), 400),
        ("a head that is too large", format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(64 << 10)), 431),
        ("too many headers", format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(101)), 431),
        ("a chunk without a size", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnope\r\n".to_owned(), 400),
    ] {
        let mut client = running.connect().await;
        client.write(wire).await;
        assert_eq!(client.answer().await.0, status, "{name}");
        assert!(client.is_closed().await, "{name}");
        let mut client = running.connect().await;
        client.write("GET /next HTTP/1.1\r\n\r\n").await;
        assert_eq!(client.answer().await, (200, "/next".to_owned()), "{name}");
        assert_eq!(&running.arrival().await.request.target[..], b"/next", "{name}: only the good one arrives");
    }
}
