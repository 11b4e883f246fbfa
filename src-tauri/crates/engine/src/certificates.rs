//! The listener's certificate: the user's own, or one that is made here once and kept beside the log.
//!
//! Invariants: a made certificate stays the same until its time is over, so that it needs to be trusted once; its key is in
//! a file that only its owner may read. Deliberately absent: watching the files; they are read when the listener starts.

use crate::error::EngineError;
use crate::secrets::{keep_private, private};
use crate::wire::{ListenerTls, Tls};
use countersign_net::listener::{Certificate, SelfSigned};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// In the folder of the log.
const FOLDER: &str = "countersign-tls";

/// What this machine calls itself: under these names a sender that trusts the certificate reaches the listener.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate and what is told of it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) certificate: Certificate,
    pub(crate) told: ListenerTls,
    /// What the user should know of it.
    pub(crate) message: Option<String>,
}

/// The certificate of this setting, for the log `db`; none where TLS is off. Waits for the disk.
pub(crate) fn load(tls: &Tls, db: &Path, now: SystemTime) -> Result<Option<Shown>, EngineError> {
    let (certificate, path, self_signed) = match tls {
        Tls::Off => return Ok(None),
        Tls::SelfSigned => {
            let folder = db.parent().unwrap_or(Path::new("")).join(FOLDER);
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            let certificate = kept_or_made(&folder, now)?;
            (certificate, folder.join("cert.pem"), true)
        }
        Tls::Given { certificate, key } => {
            let (certificate, key) = (whole(certificate)?, whole(key)?);
            (given(&certificate, &key)?, certificate, false)
        }
    };
    let message = (!certificate.holds_at(now)).then(|| {
        format!(
            "The certificate {} is out of its time: senders that check it will refuse to connect. Choose another one.",
            path.display()
        )
    });
    let fingerprint = certificate.fingerprint().map(|byte| format!("{byte:02X}")).join(":");
    Ok(Some(Shown {
        certificate,
        told: ListenerTls { fingerprint, certificate: path.display().to_string(), self_signed },
        message,
    }))
}

/// A path that means the same file wherever the program was started.
fn whole(path: &str) -> Result<PathBuf, EngineError> {
    let path = Path::new(path.trim());
    if !path.is_absolute() {
        let what = format!(
            "“{}” is not a whole path: name the certificate and its key from the root of the disk on. Nothing was changed.",
            path.display()
        );
        return Err(EngineError::Input { what });
    }
    Ok(path.to_owned())
}

fn given(certificate: &Path, key: &Path) -> Result<Certificate, EngineError> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|source| EngineError::CertificateFile { path: path.to_owned(), source })
    };
    let (chain, secret) = (read(certificate)?, zeroize::Zeroizing::new(read(key)?));
    Certificate::from_pem(&chain, &secret).map_err(|source| EngineError::Certificate {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        source,
    })
}

/// The certificate of this folder, which is made where there is none that can be used.
fn kept_or_made(folder: &Path, now: SystemTime) -> Result<Certificate, EngineError> {
    let failed = |source| EngineError::CertificateFolder { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    // Of two programs that start at once one makes it, and the other takes it.
    let lock = private(OpenOptions::new().create(true).truncate(false), &folder.join("lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let (chain, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    keep_private(&key);
    match given(&chain, &key) {
        Ok(certificate) if certificate.holds_at(now) => return Ok(certificate),
        Ok(_) => tracing::info!("the listener's certificate is out of its time: another one is made"),
        Err(EngineError::CertificateFile { source, .. }) if source.kind() == ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "the listener's certificate cannot be read: another one is made"),
    }
    let SelfSigned { certificate, chain_pem, key_pem } = Certificate::self_signed(&NAMES, now)
        .map_err(|source| EngineError::Certificate { certificate: chain.clone(), key: key.clone(), source })?;
    put(&key, key_pem.reveal(), |path| private(OpenOptions::new().create_new(true), path)).map_err(failed)?;
    put(&chain, &chain_pem, |path| File::create_new(path)).map_err(failed)?;
    Ok(certificate)
}

/// Writes a file whole and puts it in place.
fn put(path: &Path, text: &str, create: impl FnOnce(&Path) -> io::Result<File>) -> io::Result<()> {
    let temporary = path.with_extension("pem.new");
    // One that a crash left may have any mode, or be a link to somewhere else.
    match std::fs::remove_file(&temporary) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = create(&temporary)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all())?;
    std::fs::rename(&temporary, path)
}
