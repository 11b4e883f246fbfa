use super::endpoint::{answering, endpoint, get};
use crate::support::pairs;
use countersign_core::request::HttpVersion;
use countersign_net::send::{Outgoing, SendLimits, send};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

struct Row {
    name: &'static str,
    method: &'static str,
    /// What comes before the final reply's head.
    before: &'static str,
    head: &'static str,
    body: &'static str,
    status: u16,
    version: HttpVersion,
    fields: &'static [(&'static str, &'static str)],
    read: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        name: "odd spelling, order, duplicates, white space",
        method: "GET",
        before: "",
        head: "HTTP/1.1 299 All  is well\r\nzED: 1\r\nX-a:\t 2 \r\nZed: 3\r\nSet-Cookie: a\r\ncontent-LENGTH: 3\r\nset-cookie: b\r\nEmpty:\r\n\r\n",
        body: "abc",
        status: 299,
        version: HttpVersion::Http11,
        fields: &[
            ("zED", "1"),
            ("X-a", "2"),
            ("Zed", "3"),
            ("Set-Cookie", "a"),
            ("content-LENGTH", "3"),
            ("set-cookie", "b"),
            ("Empty", ""),
        ],
        read: "abc",
    },
    Row {
        name: "chunks with extensions and trailers",
        method: "GET",
        before: "",
        head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n",
        body: "3;a=b\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n",
        status: 200,
        version: HttpVersion::Http11,
        fields: &[("Transfer-Encoding", "Chunked")],
        read: "abc0123456789",
    },
    Row {
        name: "as long as the connection, of an old server, without a reason",
        method: "GET",
        before: "",
        head: "HTTP/1.0 200\r\nA: b\r\n\r\n",
        body: "to the end",
        status: 200,
        version: HttpVersion::Http10,
        fields: &[("A", "b")],
        read: "to the end",
    },
    Row {
        name: "interim replies are not the reply",
        method: "GET",
        before: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        head: "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n",
        body: "x",
        status: 201,
        version: HttpVersion::Http11,
        fields: &[("Content-Length", "1")],
        read: "x",
    },
    Row {
        name: "no body to HEAD",
        method: "HEAD",
        before: "",
        head: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        body: "",
        status: 200,
        version: HttpVersion::Http11,
        fields: &[("Content-Length", "100")],
        read: "",
    },
    Row {
        name: "no body with 204",
        method: "GET",
        before: "",
        head: "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
        body: "",
        status: 204,
        version: HttpVersion::Http11,
        fields: &[("X", "y")],
        read: "",
    },
    Row {
        name: "no body with 304",
        method: "GET",
        before: "",
        head: "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
        body: "",
        status: 304,
        version: HttpVersion::Http11,
        fields: &[("Content-Length", "100")],
        read: "",
    },
    Row {
        name: "another protocol is not taken up",
        method: "GET",
        before: "",
        head: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        body: "",
        status: 101,
        version: HttpVersion::Http11,
        fields: &[("Connection", "Upgrade"), ("Upgrade", "websocket")],
        read: "",
    },
    Row {
        name: "a redirect is a reply",
        method: "GET",
        before: "",
        head: "HTTP/1.1 307 Elsewhere\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
        body: "",
        status: 307,
        version: HttpVersion::Http11,
        fields: &[("Location", "/other"), ("Content-Length", "0")],
        read: "",
    },
];

#[tokio::test]
async fn a_reply_is_kept_as_it_came() {
    for row in ROWS {
        let (addr, served) = answering([row.before, row.head, row.body].concat()).await;
        let sent = send(Outgoing { method: row.method.to_owned(), ..get(format!("http://{addr}/")) }).await;
        let reply = sent.result.unwrap_or_else(|error| panic!("{}: {error}", row.name));
        assert_eq!((reply.status, reply.version), (row.status, row.version), "{}", row.name);
        assert_eq!(String::from_utf8_lossy(&reply.raw_head), row.head, "{}", row.name);
        let fields = pairs(&reply.headers);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(fields, row.fields, "{}", row.name);
        assert_eq!(String::from_utf8_lossy(&reply.body), row.read, "{}", row.name);
        assert_eq!((reply.body_len, reply.cut), (row.read.len() as u64, false), "{}", row.name);
        let timing = sent.timing;
        let steps = [timing.resolved, timing.connected, timing.first_byte, Some(timing.total)];
        assert!(steps.iter().all(Option::is_some) && steps.is_sorted(), "{}: {timing:?}", row.name);
        assert_eq!(timing.tls, None, "{}", row.name);
        served.await.unwrap();
    }
}

#[tokio::test]
async fn a_reply_is_kept_as_it_came_however_it_was_cut_on_its_way() {
    let head = "HTTP/1.1 200 OK\r\nzED: 1\r\nX-a: 2\r\nContent-Length: 2\r\n\r\n";
    let (addr, served) = endpoint(move |mut socket| async move {
        socket.set_nodelay(true).unwrap();
        super::endpoint::request(&mut socket).await;
        for byte in ["HTTP/1.1 100 Go on\r\n\r\n", head, "ok"].concat().bytes() {
            socket.write_all(&[byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
    })
    .await;
    let reply = send(get(format!("http://{addr}/"))).await.result.unwrap();
    assert_eq!((String::from_utf8_lossy(&reply.raw_head), &reply.body[..]), (head.into(), &b"ok"[..]));
    served.await.unwrap();
}

#[tokio::test]
async fn a_reply_at_the_limit_is_whole_and_one_beyond_it_is_cut() {
    for (length, cut) in [(1000, false), (1001, true)] {
        for head in
            [format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"), "HTTP/1.0 200 OK\r\n\r\n".to_owned()]
        {
            let (addr, served) = answering([head, "x".repeat(length)].concat()).await;
            let limits = SendLimits { reply_bytes: 1000, ..SendLimits::default() };
            let reply = send(Outgoing { limits, ..get(format!("http://{addr}/")) }).await.result.unwrap();
            assert_eq!((reply.body.len(), reply.body_len, reply.cut), (1000, length as u64, cut));
            let _ = served.await;
        }
    }
}

#[tokio::test]
async fn a_reply_without_an_end_is_cut_and_the_connection_closed() {
    let (addr, served) = endpoint(|mut socket| async move {
        super::endpoint::request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut written = 0_u64;
        // Ends only because the sender closes.
        while socket.write_all(&[b'x'; 64 << 10]).await.is_ok() {
            written += 64 << 10;
        }
        let _ = socket.read_u8().await;
        written
    })
    .await;
    let limits = SendLimits { reply_bytes: 100_000, ..SendLimits::default() };
    let reply = send(Outgoing { limits, ..get(format!("http://{addr}/")) }).await.result.unwrap();
    assert_eq!((reply.status, reply.body.len(), reply.cut), (200, 100_000, true));
    assert!(reply.body_len > 100_000 && reply.body_len < 1_000_000, "{}", reply.body_len);
    assert!(served.await.unwrap() >= 64 << 10);
}
