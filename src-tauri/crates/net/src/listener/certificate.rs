//! What a listener shows for itself over TLS.
//!
//! Invariants: a certificate that was made has a key that fits it and can be served as it is; its key is in no `Debug`.
//! Deliberately absent: files, and asking senders for a certificate of theirs.

use crate::error::{CertificateError, CertificatePart, PemFault};
use countersign_core::secret::SecretText;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{CertificateError as Fault, Error, RootCertStore, ServerConfig};

/// How long a self-signed certificate holds: Apple's systems accept no longer time, also from who was told to trust it.
const HOLDS_FOR: Duration = Duration::from_hours(24 * 820);

/// How far back it holds, for senders whose clock is behind.
const HELD_SINCE: Duration = Duration::from_hours(24);

/// A certificate with its key and those of its issuers. Cheap to clone.
#[derive(Clone)]
pub struct Certificate {
    chain: Arc<[CertificateDer<'static>]>,
    config: Arc<ServerConfig>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

/// A certificate that was made here, with its files' contents.
#[derive(Debug, Clone)]
pub struct SelfSigned {
    /// The certificate.
    pub certificate: Certificate,
    /// It as PEM, for whoever is to trust it.
    pub chain_pem: String,
    /// Its key as PEM.
    pub key_pem: SecretText,
}

impl Certificate {
    /// Makes a key and signs it with itself, for `names` (host names and addresses), from a day before `now` for 820 days. It
    /// is no authority: whoever trusts it trusts this listener and nobody else.
    ///
    /// # Errors
    /// [`CertificateError::Make`] where a name is none, or the system gives no random numbers.
    pub fn self_signed(names: &[&str], now: SystemTime) -> Result<SelfSigned, CertificateError> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Countersign on this machine");
        params.not_before = (now - HELD_SINCE).into();
        params.not_after = (now + HOLDS_FOR).into();
        params.is_ca = IsCa::ExplicitNoCa;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let chain_pem = params.self_signed(&key)?.pem();
        let key_pem = SecretText::new(key.serialize_pem());
        let certificate = Certificate::from_pem(chain_pem.as_bytes(), key_pem.reveal().as_bytes())?;
        Ok(SelfSigned { certificate, chain_pem, key_pem })
    }

    /// Reads the PEM of a certificate, its issuers after it, and that of its key (PKCS#8, PKCS#1 or SEC1, without a
    /// passphrase). Other sections are stepped over, so that one file may hold both.
    ///
    /// # Errors
    /// What is missing, not readable, or does not fit.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Certificate, CertificateError> {
        let unreadable =
            |part| move |error: pem::Error| CertificateError::Unreadable { part, fault: PemFault::of(&error) };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(unreadable(CertificatePart::Certificate))?;
        if chain.is_empty() {
            return Err(CertificateError::NoCertificate);
        }
        let key = match PrivateKeyDer::from_pem_slice(key) {
            Ok(key) => key,
            Err(pem::Error::NoItemsFound) => return Err(CertificateError::NoKey),
            Err(error) => return Err(unreadable(CertificatePart::Key)(error)),
        };
        let provider = Arc::new(ring::default_provider());
        let unusable = |part| move |source| CertificateError::Unusable { part, source };
        let key = provider.key_provider.load_private_key(key).map_err(unusable(CertificatePart::Key))?;
        let certified = CertifiedKey::new(chain.clone(), key);
        match certified.keys_match() {
            Ok(()) => {}
            Err(Error::InconsistentKeys(_)) => return Err(CertificateError::KeyDoesNotFit),
            Err(source) => return Err(unusable(CertificatePart::Certificate)(source)),
        }
        let config = config(provider, certified).map_err(unusable(CertificatePart::Certificate))?;
        Ok(Certificate { chain: chain.into(), config: Arc::new(config) })
    }

    /// The SHA-256 of the certificate, which tells it from every other one.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.chain[0]).into()
    }

    /// Whether its time has begun and is not over at `now`.
    #[must_use]
    pub fn holds_at(&self, now: SystemTime) -> bool {
        // Nobody needs to vouch for it: time is the first thing that a verifier looks at, so whatever else it says is said
        // of a certificate whose time it is.
        let own = || {
            let mut roots = RootCertStore::empty();
            roots.add(self.chain[0].clone()).ok()?;
            let provider = Arc::new(ring::default_provider());
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok()
        };
        let (Some(verifier), Ok(since)) = (own(), now.duration_since(SystemTime::UNIX_EPOCH)) else { return false };
        let Ok(name) = ServerName::try_from("localhost") else { return false };
        let said = verifier.verify_server_cert(&self.chain[0], &[], &name, &[], UnixTime::since_unix_epoch(since));
        !matches!(
            said,
            Err(Error::InvalidCertificate(
                Fault::Expired | Fault::ExpiredContext { .. } | Fault::NotValidYet | Fault::NotValidYetContext { .. }
            ))
        )
    }

    /// What a listener with this certificate agrees to.
    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

fn config(provider: Arc<CryptoProvider>, certified: CertifiedKey) -> Result<ServerConfig, Error> {
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
