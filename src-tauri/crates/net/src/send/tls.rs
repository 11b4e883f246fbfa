//! TLS to an endpoint: whose certificate is accepted, and what is wrong with one that is not.
//!
//! Invariants: no session is resumed, so that every request sees the certificate for itself; `http/1.1` alone is offered.
//! What the system trusts is read anew once it is a minute old, so that a certificate that was just added soon counts.

use super::wire::Target;
use super::{Progress, Trust};
use crate::error::{Phase, SendError, TlsFault};
use rustls_platform_verifier::Verifier;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use url::Host;

/// Agrees on TLS over a connection.
pub(super) async fn start(
    socket: TcpStream,
    target: &Target,
    trust: Trust,
    progress: &mut Progress,
) -> Result<TlsStream<TcpStream>, SendError> {
    let url = &target.shown;
    let failed = |source: io::Error| SendError::Tls { url: url.clone(), fault: fault(&source), source };
    let name = match &target.host {
        Host::Domain(name) => ServerName::try_from(name.clone()).map_err(io::Error::other).map_err(failed)?,
        Host::Ipv4(ip) => ServerName::from(IpAddr::from(*ip)),
        Host::Ipv6(ip) => ServerName::from(IpAddr::from(*ip)),
    };
    // What the system trusts is in files, and parsing them takes milliseconds. That time is ours and not the endpoint's.
    let made = tokio::task::spawn_blocking(move || {
        let provider = Arc::new(ring::default_provider());
        config(&provider, verifier(trust, &provider)?)
    });
    let made = progress.within(Phase::Tls, progress.limits.total, url, made).await?;
    let config = made.map_err(io::Error::other).map_err(failed)?.map_err(|error| SendError::Tls {
        url: url.clone(),
        fault: TlsFault::NoTrustStore,
        source: io::Error::other(error),
    })?;
    let handshake = TlsConnector::from(Arc::new(config)).connect(name, socket);
    let stream = progress.within(Phase::Tls, progress.limits.connect, url, handshake).await?.map_err(failed)?;
    progress.timing.tls = Some(progress.began.elapsed());
    Ok(stream)
}

/// How long what the system trusts is taken to be the same: reading it costs milliseconds of every forward otherwise.
const KEPT: Duration = Duration::from_secs(60);

fn verifier(trust: Trust, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    static SYSTEM: Mutex<Option<(Instant, Arc<Verifier>)>> = Mutex::new(None);
    if trust == Trust::Any {
        return Ok(Arc::new(Anyone(Arc::clone(provider))));
    }
    // Held while reading: those who come meanwhile get the same.
    let mut system = SYSTEM.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, verifier)) = system.as_ref().filter(|(read, _)| read.elapsed() < KEPT) {
        return Ok(Arc::<Verifier>::clone(verifier));
    }
    let verifier = Arc::new(Verifier::new(Arc::clone(provider))?);
    *system = Some((Instant::now(), Arc::clone(&verifier)));
    Ok(verifier)
}

fn config(provider: &Arc<CryptoProvider>, verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// The TLS library's error inside one of reading or writing, if that is what it is.
pub(super) fn error_in(source: &io::Error) -> Option<&Error> {
    source.get_ref()?.downcast_ref()
}

/// What a failed handshake, or an alert after it, means.
pub(super) fn fault(source: &io::Error) -> TlsFault {
    use CertificateError as C;
    match error_in(source) {
        Some(Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. })) => TlsFault::Expired,
        Some(Error::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. })) => TlsFault::NotYetValid,
        Some(Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. })) => TlsFault::WrongName,
        Some(Error::InvalidCertificate(C::Revoked)) => TlsFault::Revoked,
        Some(Error::InvalidCertificate(_)) => TlsFault::NotTrusted,
        Some(Error::InvalidMessage(_)) => TlsFault::NotTls,
        _ => TlsFault::Failed,
    }
}

/// Accepts every certificate, but only from who holds its key.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
