//! The listener with a certificate.

use crate::support::{Client, Running, ok, pairs, start, start_with};
use countersign_net::listener::{Answer, Certificate, Limits, SelfSigned};
use countersign_net::{CertificateError, CertificatePart, PemFault};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{AlertDescription, ClientConfig, Error, RootCertStore};

const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// The type and the version of a record of TLS, its length, and the first bytes of a greeting that never ends.
const HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
const DAY: Duration = Duration::from_hours(24);

fn made() -> SelfSigned {
    Certificate::self_signed(&NAMES, SystemTime::now()).unwrap()
}

/// A listener over TLS that answers 200 and the target, and what its senders trust.
async fn secure(limits: Limits) -> (Running, CertificateDer<'static>) {
    let made = made();
    let der = CertificateDer::from_pem_slice(made.chain_pem.as_bytes()).unwrap();
    (start_with(limits, Some(&made.certificate), ok).await, der)
}

async fn connect(
    running: &Running,
    trusted: &CertificateDer<'static>,
    name: &'static str,
    protocols: &[&[u8]],
) -> io::Result<Client<TlsStream<TcpStream>>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
    let socket = TcpStream::connect(running.addr()).await.unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name).unwrap(), socket).await?;
    Ok(Client(BufReader::new(stream)))
}

#[tokio::test]
async fn requests_over_tls_are_received_as_they_were_written() {
    let (mut running, trusted) = secure(Limits::default()).await;
    for name in NAMES {
        let mut client = connect(&running, &trusted, name, &[b"h2", b"http/1.1"]).await.unwrap();
        assert_eq!(client.0.get_ref().get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]), "{name}");
        for target in ["/first?a", "/second"] {
            let head =
                format!("POST {target} HTTP/1.1\r\nzED: 1\r\nHost: a\r\nX-a: é\r\nzed: 2\r\nContent-Length: 2\r\n\r\n");
            client.write(format!("{head}{{}}")).await;
            assert_eq!(client.answer().await, (200, target.to_owned()), "{name}, on the same connection");
            let arrival = running.arrival().await;
            assert!(arrival.head_is_exact);
            assert_eq!(arrival.raw_head, head);
            let names: Vec<String> = pairs(&arrival.request.headers).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["zED", "Host", "X-a", "zed", "Content-Length"]);
            assert_eq!(&arrival.request.body[..], b"{}");
        }
    }
    let refused = connect(&running, &trusted, "localhost", &[b"h2"]).await.err().unwrap();
    let said = refused.get_ref().and_then(|e| e.downcast_ref::<Error>());
    assert_eq!(said, Some(&Error::AlertReceived(AlertDescription::NoApplicationProtocol)), "HTTP/2 alone");
    let stranger = made();
    let der = CertificateDer::from_pem_slice(stranger.chain_pem.as_bytes()).unwrap();
    assert!(connect(&running, &der, "localhost", &[]).await.is_err(), "another certificate is not this one");
}

#[tokio::test]
async fn a_large_body_comes_whole_and_one_beyond_the_limit_gets_its_answer() {
    let (mut running, trusted) = secure(Limits::default()).await;
    let mut client = connect(&running, &trusted, "localhost", &[]).await.unwrap();
    let body: Vec<u8> = (0..25_u32 << 20).map(|n| (n % 251) as u8).collect();
    for (length, status) in [(body.len(), 200), (body.len() + 1, 413)] {
        client.write(format!("POST /b HTTP/1.1\r\nContent-Length: {length}\r\n\r\n")).await;
        let body = [&body[..], b"x"].concat();
        client.write(&body[..length]).await;
        assert_eq!(client.answer().await.0, status);
        let arrival = running.arrival().await;
        let cut = (status == 413).then_some(length as u64);
        assert_eq!(arrival.request.cut_from, cut);
        let kept = if cut.is_some() { Limits::default().cut_prefix } else { length };
        assert!(arrival.request.body == body[..kept], "{length}");
    }
    assert!(client.is_closed().await, "with TLS's farewell");
}

#[tokio::test]
async fn a_sender_that_closes_its_side_without_a_farewell_still_gets_its_answer() {
    let (sender, gate) = tokio::sync::oneshot::channel::<()>();
    let gate = Arc::new(tokio::sync::Mutex::new(Some(gate)));
    let made = made();
    let trusted = CertificateDer::from_pem_slice(made.chain_pem.as_bytes()).unwrap();
    let mut running = start_with(Limits::default(), Some(&made.certificate), move |_| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            gate.lock().await.take().unwrap().await.unwrap();
            Answer::text(200, "late")
        })
    })
    .await;
    let mut client = connect(&running, &trusted, "localhost", &[]).await.unwrap();
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    running.arrival().await;
    client.0.get_mut().get_mut().0.shutdown().await.unwrap();
    // Another exchange on the same runtime: when it is over, the listener has been told of the closed side.
    let mut other = connect(&running, &trusted, "localhost", &[]).await.unwrap();
    other.write("nonsense\r\n\r\n").await;
    assert_eq!(other.answer().await.0, 400);
    sender.send(()).unwrap();
    assert_eq!(client.answer().await, (200, "late".to_owned()));
}

#[tokio::test]
async fn plain_http_is_told_to_use_https_and_the_other_way_round_is_refused() {
    let (mut running, trusted) = secure(Limits::default()).await;
    // More than both sockets' buffers can hold: it has to be read away, or the sender cannot write it.
    let long = format!("POST / HTTP/1.1\r\nContent-Length: 33554432\r\n\r\n{}", "x".repeat(32 << 20));
    for (what, bytes) in
        [("a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ("its beginning", "P"), ("a long one", &long)]
    {
        let mut client = running.connect().await;
        client.write(bytes).await;
        let sentence = "This listener speaks HTTPS: use https:// in place of http:// in the address.\n";
        assert_eq!(client.answer().await, (400, sentence.to_owned()), "{what}");
        assert!(client.is_closed().await, "{what}");
    }
    let mut client = connect(&running, &trusted, "localhost", &[]).await.unwrap();
    client.write("GET /after HTTP/1.1\r\n\r\n").await;
    assert_eq!(client.answer().await.0, 200);
    assert_eq!(running.arrival().await.request.target, "/after", "nothing before it arrived");

    let plain = start(Limits::default(), ok).await;
    let refused = connect(&plain, &trusted, "localhost", &[]).await.err().unwrap();
    let said = refused.get_ref().and_then(|e| e.downcast_ref::<Error>());
    assert!(matches!(said, Some(Error::InvalidMessage(_))), "{refused:?}");
}

/// What is logged on this thread while it lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_says_who_mixed_up_http_and_https() {
    let log = Log::default();
    let writer = log.clone();
    let to_log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _logging = tracing::subscriber::set_default(to_log);
    for (over_tls, bytes, expected) in [
        (false, HELLO, "TLS at a listener without TLS, refused: the sender is to use http://"),
        (false, b"nonsense\r\n\r\n", "not HTTP, refused: invalid HTTP method parsed"),
        (true, b"GET / HTTP/1.1\r\n\r\n", "plain HTTP at a listener with TLS, refused: the sender is to use https://"),
    ] {
        let tls = over_tls.then(|| made().certificate);
        let running = start_with(Limits::default(), tls.as_ref(), ok).await;
        let mut client = running.connect().await;
        client.write(bytes).await;
        assert_eq!(client.answer().await.0, 400, "{expected}");
        running.listener.stop(DAY).await;
        let said = String::from_utf8(std::mem::take(&mut *log.0.lock().unwrap())).unwrap();
        assert_eq!((said.lines().count(), said.contains(expected)), (1, true), "{expected}: {said}");
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_ends_its_connection_and_no_other() {
    let limits = Limits { handshake_timeout: Duration::from_millis(50), ..Limits::default() };
    let (mut running, trusted) = secure(limits).await;
    let mut good = connect(&running, &trusted, "localhost", &[]).await.unwrap();
    for (what, bytes) in [("silence", &b""[..]), ("half a greeting", HELLO)] {
        let mut client = running.connect().await;
        client.write(bytes).await;
        let mut rest = Vec::new();
        // With bytes unread the kernel says it with a reset.
        let _ = client.0.read_to_end(&mut rest).await;
        assert_eq!(rest, b"", "{what}");
        good.write("GET /good HTTP/1.1\r\n\r\n").await;
        assert_eq!(good.answer().await.0, 200, "after {what}");
        running.arrival().await;
    }

    // While they last they hinder nobody, and stopping does not wait for them.
    let (mut running, trusted) = secure(Limits { handshake_timeout: 365 * DAY, ..Limits::default() }).await;
    let mut slow = running.connect().await;
    slow.write(HELLO).await;
    let mut broken = running.connect().await;
    broken.write(b"\x16\x16\x16\x16\x16\x16\x16\x16").await;
    let mut rest = Vec::new();
    broken.0.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest[..1], [0x15], "an alert and nothing else");
    let mut good = connect(&running, &trusted, "localhost", &[]).await.unwrap();
    good.write("GET /good HTTP/1.1\r\n\r\n").await;
    assert_eq!(good.answer().await.0, 200);
    running.arrival().await;
    running.listener.stop(365 * DAY).await;
    assert!(good.is_closed().await);
    let _ = slow.0.read_to_end(&mut rest).await;
}

#[test]
fn wrong_pem_is_named() {
    type Expected = Result<(), (&'static str, &'static str)>;
    let (first, second) = (made(), made());
    let (chain, key) = (first.chain_pem.as_str(), first.key_pem.reveal());
    let both = format!("{key}{chain}");
    let no_end = |pem: &str| pem.lines().filter(|l| !l.contains("END")).collect::<Vec<_>>().join("\n");
    let one_line = |pem: &str| pem.replace("-----\n", "").replace('\n', "");
    let no_base64 = |pem: &str| pem.replacen("MI", "M?", 1);
    let empty = |pem: &str| pem.lines().filter(|l| l.contains("-----")).collect::<Vec<_>>().join("\n");
    let fault = |error: &CertificateError| match error {
        CertificateError::Unreadable { part, fault } => match (part, fault) {
            (CertificatePart::Certificate, PemFault::Begin) => "certificate, begin",
            (CertificatePart::Certificate, PemFault::End) => "certificate, end",
            (CertificatePart::Certificate, PemFault::Base64) => "certificate, base64",
            (CertificatePart::Key, PemFault::Begin) => "key, begin",
            (CertificatePart::Key, PemFault::End) => "key, end",
            (CertificatePart::Key, PemFault::Base64) => "key, base64",
            (_, PemFault::Unreadable) => "unreadable",
        },
        CertificateError::NoCertificate => "no certificate",
        CertificateError::NoKey => "no key",
        CertificateError::Unusable { part: CertificatePart::Certificate, .. } => "unusable certificate",
        CertificateError::Unusable { part: CertificatePart::Key, .. } => "unusable key",
        CertificateError::KeyDoesNotFit => "does not fit",
        CertificateError::Make(_) => "make",
    };
    let no_cert = "there is no certificate in PEM (“BEGIN CERTIFICATE”)";
    let no_key = "there is no private key in PEM (“BEGIN PRIVATE KEY”); one with a passphrase cannot be used";
    let locked = key.replace("PRIVATE", "ENCRYPTED PRIVATE");
    let rows: [(&str, &str, &str, Expected); 15] = [
        ("as it should be", chain, key, Ok(())),
        ("both in one file", &both, &both, Ok(())),
        ("an empty certificate file", "", key, Err(("no certificate", no_cert))),
        ("exchanged", key, chain, Err(("no certificate", no_cert))),
        ("an empty key file", chain, "", Err(("no key", no_key))),
        ("a certificate as the key", chain, chain, Err(("no key", no_key))),
        ("a key with a passphrase", chain, &locked, Err(("no key", no_key))),
        (
            "another's key",
            chain,
            second.key_pem.reveal(),
            Err(("does not fit", "the key does not belong to the certificate")),
        ),
        (
            "a certificate without its end",
            &no_end(chain),
            key,
            Err(("certificate, end", "the PEM of the certificate is damaged: the line with “END” is missing")),
        ),
        (
            "a key without its end",
            chain,
            &no_end(key),
            Err(("key, end", "the PEM of the key is damaged: the line with “END” is missing")),
        ),
        (
            "a key in one line",
            chain,
            &one_line(key),
            Err(("key, begin", "the PEM of the key is damaged: a line with “BEGIN” is not as it should be")),
        ),
        (
            "a certificate that is not base64",
            &no_base64(chain),
            key,
            Err(("certificate, base64", "the PEM of the certificate is damaged: it is not base64")),
        ),
        (
            "a key that is not base64",
            chain,
            &no_base64(key),
            Err(("key, base64", "the PEM of the key is damaged: it is not base64")),
        ),
        (
            "a certificate of nothing",
            &empty(chain),
            key,
            Err(("unusable certificate", "the certificate cannot be used")),
        ),
        ("a key of nothing", chain, &empty(key), Err(("unusable key", "the key cannot be used"))),
    ];
    for (name, chain, key, expected) in rows {
        let read = Certificate::from_pem(chain.as_bytes(), key.as_bytes());
        let said = read.map(|_| ()).map_err(|error| {
            let secret = first.key_pem.reveal().lines().nth(1).unwrap();
            assert!(!format!("{error:?}{error}").contains(&secret[..20]), "{name}: {error:?}");
            (fault(&error), error.to_string())
        });
        let expected = expected.map_err(|(fault, words)| (fault, words.to_owned()));
        assert_eq!(said, expected, "{name}");
    }
}

#[test]
fn a_self_signed_certificate_holds_for_a_while_and_shows_no_key() {
    let now = SystemTime::now();
    let made = Certificate::self_signed(&NAMES, now).unwrap();
    for (at, holds) in [(now, true), (now + 819 * DAY, true), (now + 821 * DAY, false), (now - 2 * DAY, false)] {
        assert_eq!(made.certificate.holds_at(at), holds, "{at:?}");
    }
    let again = Certificate::from_pem(made.chain_pem.as_bytes(), made.key_pem.reveal().as_bytes()).unwrap();
    assert_eq!(made.certificate.fingerprint(), again.fingerprint());
    let secret = made.key_pem.reveal().lines().nth(1).unwrap();
    assert!(!format!("{made:?}{again:?}").contains(&secret[..20]));
    assert!(matches!(Certificate::self_signed(&["ä"], now), Err(CertificateError::Make(_))));
}
