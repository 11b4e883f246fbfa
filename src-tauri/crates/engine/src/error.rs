//! What can go wrong in the engine, and how it crosses to the window.

use crate::wire::{CommandError, ErrorCode, TextPosition};
use countersign_core::catalogue::CatalogueError;
use countersign_core::filter::FilterError;
use countersign_core::ids::BadId;
use countersign_net::{CertificateError, NetError, SendError};
use countersign_store::StoreError;
use std::io;
use std::path::PathBuf;

/// A fault of the engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The log.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The builtin catalogue: a fault of the program.
    #[error("The provider catalogue cannot be read: {0}")]
    Catalogue(#[from] CatalogueError),
    /// The listener.
    #[error("{}", chain(.0))]
    Net(#[from] NetError),
    /// A certificate that the listener cannot use.
    #[error(
        "The certificate {} with the key {} cannot be used: {}. Choose another pair, or have one made.",
        certificate.display(),
        key.display(),
        plain(.source)
    )]
    Certificate {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Why.
        source: CertificateError,
    },
    /// The file of a certificate or its key.
    #[error("{} cannot be read: {source}. Choose another file, or make it readable.", path.display())]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder of the certificate that is made here.
    #[error("No certificate can be kept in {}: {source}. Make the folder writable, or give a certificate.", path.display())]
    CertificateFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A request that could not be sent.
    #[error("{}", chain(.0))]
    Send(#[from] SendError),
    /// A filter with a fault.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A text that is no id.
    #[error(transparent)]
    Id(#[from] BadId),
    /// No such provider.
    #[error("There is no provider “{id}”.")]
    NoSuchProvider {
        /// Its id.
        id: String,
    },
    /// No such delivery, or it was deleted.
    #[error("There is no delivery {id}; it may have been deleted.")]
    NoSuchDelivery {
        /// Its id.
        id: String,
    },
    /// No such attempt, or it was deleted with its delivery.
    #[error("There is no attempt {id}; it may have been deleted.")]
    NoSuchAttempt {
        /// What was asked for.
        id: String,
    },
    /// No such run, or it was removed.
    #[error("There is no run {id}; it may have been removed.")]
    NoSuchRun {
        /// What was asked for.
        id: String,
    },
    /// No such secret.
    #[error("{provider} has no secret “{name}”; it may have been removed by another program.")]
    NoSuchSecret {
        /// The provider's name.
        provider: String,
        /// The name.
        name: String,
    },
    /// The name is taken.
    #[error("{provider} has a secret “{name}” already: choose another name, or edit that one.")]
    SecretExists {
        /// The provider's name.
        provider: String,
        /// The name.
        name: String,
    },
    /// A secret without a value.
    #[error("The secret is empty: nothing was stored.")]
    EmptySecret,
    /// A secret from which nothing decodes.
    #[error("Nothing decodes from this: it is no base64 key. Nothing was stored.")]
    NoKey,
    /// A secret for a provider that does not sign.
    #[error("{name} does not sign its deliveries: it takes no secret.")]
    Unsigned {
        /// The provider's name.
        name: String,
    },
    /// A name, path or number that is out of bounds.
    #[error("{what}")]
    Input {
        /// One sentence.
        what: String,
    },
    /// A pasted text that cannot be read.
    #[error("Line {line}, column {column}: {why}")]
    Pasted {
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
        /// Where that is in the text, from 0, in characters.
        start: usize,
        /// One sentence.
        why: String,
    },
    /// The file of secrets.
    #[error("The file of secrets {} cannot be used: {why}. Nothing was changed.", path.display())]
    SecretsFile {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The keychain.
    #[error("Could not {doing} the system keychain: {why}. Nothing was changed.")]
    Keychain {
        /// What was tried, to precede "the system keychain".
        doing: &'static str,
        /// Why.
        why: String,
    },
    /// The system's random numbers.
    #[error("The system gives no random numbers: {why}.")]
    Random {
        /// Why.
        why: String,
    },
    /// A file of an export.
    #[error("{} cannot be written: {source}. Files that are there are whole.", path.display())]
    ExportFile {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A tunnel that cannot be started.
    #[error("{why}")]
    Tunnel {
        /// One sentence.
        why: String,
    },
    /// Something needs the listener, which does not receive.
    #[error("The listener does not receive at the moment, so nothing can be sent to it.")]
    NotListening,
    /// A task of the program ended before its time.
    #[error("The work broke off; what was stored is kept. Try again.")]
    Broken,
}

/// An error with its causes, as a sentence.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let out = plain(error);
    let mut chars = out.chars();
    // An address at the beginning stays as it is.
    let raise = !out.starts_with("http");
    let first =
        chars.next().map(|c| if raise { c.to_uppercase().collect() } else { c.to_string() }).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// An error with its causes, in one line.
fn plain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        out.push_str(": ");
        out.push_str(&cause.to_string());
        source = cause.source();
    }
    out
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Filter(_) => ErrorCode::BadFilter,
            EngineError::NoSuchDelivery { .. }
            | EngineError::NoSuchAttempt { .. }
            | EngineError::NoSuchRun { .. }
            | EngineError::NoSuchSecret { .. } => ErrorCode::NotFound,
            // Providers do not come and go: a name that is none is a slip of who wrote it.
            EngineError::NoSuchProvider { .. }
            | EngineError::Id(_)
            | EngineError::SecretExists { .. }
            | EngineError::EmptySecret
            | EngineError::NoKey
            | EngineError::Unsigned { .. }
            | EngineError::Pasted { .. }
            | EngineError::Input { .. } => ErrorCode::BadInput,
            EngineError::Store(StoreError::Unwritable { .. }) => ErrorCode::LogUnwritable,
            _ => ErrorCode::Failed,
        };
        let position = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let detail = match &error {
            EngineError::Filter(fault) => Some(TextPosition { start: position(fault.start), len: position(fault.len) }),
            EngineError::Pasted { start, .. } => Some(TextPosition { start: position(*start), len: 1 }),
            _ => None,
        };
        CommandError { code, message: error.to_string(), detail }
    }
}
