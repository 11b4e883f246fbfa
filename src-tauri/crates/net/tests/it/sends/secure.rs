use super::endpoint::{answering, endpoint, get, headers, request};
use bytes::Bytes;
use countersign_net::send::{Outgoing, Trust, send};
use countersign_net::{SendError, TlsFault};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// What a TLS endpoint saw.
#[derive(Debug, PartialEq, Eq)]
enum Saw {
    /// The protocol agreed on and every byte of the request to the end.
    Request(Option<Vec<u8>>, Vec<u8>),
    NoHandshake,
}

async fn secure(params: CertificateParams, farewell: bool) -> (SocketAddr, JoinHandle<Saw>) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    endpoint(move |socket| async move {
        let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(socket).await else { return Saw::NoHandshake };
        let mut received = request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nX-oDD: 1\r\n\r\nsecure").await.unwrap();
        stream.flush().await.unwrap();
        let protocol = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        if farewell {
            stream.shutdown().await.unwrap();
        } else {
            stream.get_mut().0.shutdown().await.unwrap();
        }
        stream.read_to_end(&mut received).await.unwrap();
        Saw::Request(protocol, received)
    })
    .await
}

fn params() -> CertificateParams {
    CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap()
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_unless_any_will_do() {
    for host in ["127.0.0.1", "localhost"] {
        let (addr, served) = secure(params(), true).await;
        let url = format!("https://{host}:{}/x", addr.port());
        let sent = send(get(format!("{url}?secret"))).await;
        let error = sent.result.unwrap_err();
        assert!(matches!(error, SendError::Tls { fault: TlsFault::NotTrusted, .. }), "{error:?}");
        let why = "is not trusted: it is self-signed or its issuer is not known here";
        assert_eq!(error.to_string(), format!("the certificate of {url} {why}"));
        assert_eq!((sent.written, sent.timing.tls, served.await.unwrap()), (0, None, Saw::NoHandshake));
    }
    for farewell in [true, false] {
        let (addr, served) = secure(params(), farewell).await;
        let headers = headers(&[("zED", "1"), ("Host", "a"), ("X-a", "2"), ("Content-Length", "3")]);
        let body = Bytes::from_static(b"\0\xff\n");
        let url = format!("https://{addr}/x");
        let sent = send(Outgoing { trust: Trust::Any, headers, body: body.clone(), ..get(url) }).await;
        let reply = sent.result.unwrap();
        assert_eq!(&reply.raw_head[..], b"HTTP/1.1 200 OK\r\nX-oDD: 1\r\n\r\n");
        assert_eq!((reply.status, &reply.body[..]), (200, &b"secure"[..]));
        assert!(sent.timing.tls.is_some_and(|tls| Some(tls) >= sent.timing.connected));
        let leaves = b"GET /x HTTP/1.1\r\nzED: 1\r\nHost: a\r\nX-a: 2\r\nContent-Length: 3\r\n\r\n\0\xff\n".to_vec();
        assert_eq!(sent.request_head, leaves[..leaves.len() - 3]);
        assert_eq!(served.await.unwrap(), Saw::Request(Some(b"http/1.1".to_vec()), leaves));
    }
}

#[tokio::test]
async fn an_expired_certificate_is_called_that() {
    let mut expired = params();
    expired.not_after = date_time_ymd(2020, 1, 1);
    let (addr, served) = secure(expired, true).await;
    let error = send(get(format!("https://{addr}/"))).await.result.unwrap_err();
    assert!(matches!(error, SendError::Tls { fault: TlsFault::Expired, .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("the certificate of https://{addr}/ has expired"));
    assert_eq!(served.await.unwrap(), Saw::NoHandshake);
}

#[tokio::test]
async fn an_endpoint_without_tls_is_called_that() {
    let (addr, served) = endpoint(|mut socket| async move {
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let error = send(get(format!("https://{addr}/"))).await.result.unwrap_err();
    assert!(matches!(error, SendError::Tls { fault: TlsFault::NotTls, .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("https://{addr}/ does not speak TLS: it may be an http address"));
    served.await.unwrap();
    // And the other way round: an alert is not HTTP.
    let (addr, served) = answering(b"\x15\x03\x03\0\x02\x02\x32").await;
    let error = send(get(format!("http://{addr}/"))).await.result.unwrap_err();
    assert!(matches!(error, SendError::NotHttp { .. }), "{error:?}");
    served.await.unwrap();
}
