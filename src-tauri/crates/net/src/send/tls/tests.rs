//! What needs an issuer that is trusted, which a test cannot make of the system's.

use super::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::duplex;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

fn authority() -> CertificateParams {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_named() {
    type Change = fn(&mut CertificateParams);
    let rows: [(Option<TlsFault>, Change); 5] = [
        (None, |_| {}),
        (Some(TlsFault::Expired), |p| p.not_after = date_time_ymd(2020, 1, 1)),
        (Some(TlsFault::NotYetValid), |p| p.not_before = date_time_ymd(4000, 1, 1)),
        (Some(TlsFault::WrongName), |p| {
            p.subject_alt_names = CertificateParams::new(["b".to_owned()]).unwrap().subject_alt_names
        }),
        // As the usual commands make self-signed ones.
        (Some(TlsFault::NotTrusted), |p| p.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
    ];
    let provider = Arc::new(ring::default_provider());
    let (ca, ca_key) = (authority(), KeyPair::generate().unwrap());
    let mut roots = RootCertStore::empty();
    roots.add(ca.self_signed(&ca_key).unwrap().der().clone()).unwrap();
    let roots = Arc::new(roots);
    let issuer = Issuer::new(ca, ca_key);
    for (expected, change) in rows {
        let mut params = CertificateParams::new(["a".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .unwrap();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider));
        let client = config(&provider, verifier.build().unwrap()).unwrap();
        let (ours, theirs) = duplex(64 << 10);
        let name = ServerName::try_from("a").unwrap();
        let connector = TlsConnector::from(Arc::new(client));
        let acceptor = TlsAcceptor::from(Arc::new(server));
        let (connected, _) = tokio::join!(connector.connect(name, ours), acceptor.accept(theirs));
        assert_eq!(connected.as_ref().err().map(fault), expected, "{connected:?}");
    }
}

#[test]
fn what_else_goes_wrong_is_named() {
    for (error, expected) in [
        (Error::InvalidCertificate(CertificateError::Revoked), TlsFault::Revoked),
        (Error::InvalidCertificate(CertificateError::BadSignature), TlsFault::NotTrusted),
        (Error::DecryptError, TlsFault::Failed),
    ] {
        assert_eq!(fault(&io::Error::new(io::ErrorKind::InvalidData, error.clone())), expected, "{error:?}");
    }
    assert_eq!(fault(&io::ErrorKind::ConnectionReset.into()), TlsFault::Failed);
}
