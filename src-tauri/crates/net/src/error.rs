//! What can go wrong, with what it was about.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::pem;

/// Why the listener could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The address could not be taken.
    #[error("cannot listen on {addr}")]
    Bind {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system does not say which address was taken.
    #[error("cannot tell which address was bound for {addr}")]
    LocalAddr {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

impl NetError {
    /// Whether another program listens on the address already.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self, NetError::Bind { source, .. } if source.kind() == io::ErrorKind::AddrInUse)
    }
}

/// Half of what a listener needs for TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificatePart {
    /// The certificate, which everybody may see.
    Certificate,
    /// Its private key.
    Key,
}

impl CertificatePart {
    fn word(self) -> &'static str {
        match self {
            CertificatePart::Certificate => "certificate",
            CertificatePart::Key => "key",
        }
    }
}

/// What is wrong with PEM. The library's own error is not kept: it quotes the line, and that may be a key's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PemFault {
    /// A line that begins a section is not as it should be: as where all of it stands in one line.
    Begin,
    /// A section has no end.
    End,
    /// Something is not base64.
    Base64,
    /// Anything else: a section of more than 256 MB.
    Unreadable,
}

impl PemFault {
    pub(crate) fn of(error: &pem::Error) -> Self {
        match error {
            pem::Error::IllegalSectionStart { .. } => PemFault::Begin,
            pem::Error::MissingSectionEnd { .. } => PemFault::End,
            pem::Error::Base64Decode(_) => PemFault::Base64,
            _ => PemFault::Unreadable,
        }
    }

    fn words(self) -> &'static str {
        match self {
            PemFault::Begin => "a line with “BEGIN” is not as it should be",
            PemFault::End => "the line with “END” is missing",
            PemFault::Base64 => "it is not base64",
            PemFault::Unreadable => "it cannot be read",
        }
    }
}

/// Why a certificate cannot be used. What stood in a key is in none of it.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Broken PEM.
    #[error("the PEM of the {} is damaged: {}", .part.word(), .fault.words())]
    Unreadable {
        /// Which.
        part: CertificatePart,
        /// What is wrong with it.
        fault: PemFault,
    },
    /// PEM or anything else, but no certificate in it.
    #[error("there is no certificate in PEM (“BEGIN CERTIFICATE”)")]
    NoCertificate,
    /// PEM or anything else, but no private key in it.
    #[error("there is no private key in PEM (“BEGIN PRIVATE KEY”); one with a passphrase cannot be used")]
    NoKey,
    /// Whole PEM whose content is none, or of a kind that is not supported.
    #[error("the {} cannot be used", .part.word())]
    Unusable {
        /// Which.
        part: CertificatePart,
        /// What the TLS library said.
        source: rustls::Error,
    },
    /// The key of another certificate.
    #[error("the key does not belong to the certificate")]
    KeyDoesNotFit,
    /// No certificate could be made.
    #[error("no certificate could be made")]
    Make(#[from] rcgen::Error),
}

/// How far a request had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The name was being resolved or the connection made.
    Connect,
    /// TLS was being agreed on.
    Tls,
    /// The request was being written, or the first byte of the reply waited for.
    FirstByte,
    /// The reply was being read.
    Body,
}

/// What is wrong with an endpoint's TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsFault {
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not begun.
    NotYetValid,
    /// The certificate is for another name.
    WrongName,
    /// Its issuer took the certificate back.
    Revoked,
    /// Nobody whom the system trusts vouches for the certificate: as of a self-signed one.
    NotTrusted,
    /// The endpoint does not speak TLS.
    NotTls,
    /// Our side cannot tell whom to trust.
    NoTrustStore,
    /// Anything else: no common version, an alert, a wrong signature.
    Failed,
}

impl TlsFault {
    fn sentence(self, url: &str) -> String {
        match self {
            TlsFault::Expired => format!("the certificate of {url} has expired"),
            TlsFault::NotYetValid => format!("the certificate of {url} is not valid yet"),
            TlsFault::WrongName => format!("the certificate of {url} is for another name"),
            TlsFault::Revoked => format!("the certificate of {url} was revoked"),
            TlsFault::NotTrusted => {
                format!("the certificate of {url} is not trusted: it is self-signed or its issuer is not known here")
            }
            TlsFault::NotTls => format!("{url} does not speak TLS: it may be an http address"),
            TlsFault::NoTrustStore => format!("cannot check the certificate of {url}: the system trusts no issuer"),
            TlsFault::Failed => format!("no TLS connection with {url} could be agreed on"),
        }
    }
}

/// Why a request could not be sent, or its reply not be read. URLs are without their query and user, which may be secret.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Not a URL, or not one of a web server.
    #[error("“{url}” is not an http or https address")]
    BadUrl {
        /// What was given.
        url: String,
    },
    /// Not a method.
    #[error("“{method}” is not an HTTP method")]
    BadMethod {
        /// What was given.
        method: String,
    },
    /// A header whose name or value cannot be sent.
    #[error("the header “{name}” cannot be sent")]
    BadHeader {
        /// Its name as given.
        name: String,
    },
    /// The name leads nowhere.
    #[error("“{host}” has no address: the name is not known here")]
    NoAddress {
        /// The host's name.
        host: String,
        /// What the system said, unless it gave an empty list.
        source: Option<io::Error>,
    },
    /// No connection.
    #[error("{}", connect_sentence(.url, .source))]
    Connect {
        /// Where to.
        url: String,
        /// What the system said.
        source: io::Error,
    },
    /// The address is our own listener's: what was sent would come back for ever. Nothing was written.
    #[error("{url} is Countersign's own listener: nothing was sent")]
    OwnListener {
        /// Where to.
        url: String,
    },
    /// No TLS, or a certificate that does not hold.
    #[error("{}", .fault.sentence(.url))]
    Tls {
        /// Where to.
        url: String,
        /// What is wrong.
        fault: TlsFault,
        /// What the TLS library said.
        source: io::Error,
    },
    /// A limit of time was reached.
    #[error("{}", timeout_sentence(.url, *.phase, *.after))]
    Timeout {
        /// Where to.
        url: String,
        /// How far it had come.
        phase: Phase,
        /// The limit.
        after: Duration,
    },
    /// It was given up on request.
    #[error("cancelled: the connection was closed. The endpoint may have received it")]
    Cancelled,
    /// What came back is not HTTP.
    #[error("what {url} answered cannot be read as HTTP")]
    NotHttp {
        /// Where to.
        url: String,
        /// What was wrong with it.
        source: hyper::Error,
    },
    /// The connection ended before the reply did.
    #[error("{}", closed_sentence(.url, *.body))]
    Closed {
        /// Where to.
        url: String,
        /// How many bytes of the body had come; nothing where no byte of a reply had.
        body: Option<u64>,
        /// How it ended.
        source: hyper::Error,
    },
}

/// Why no reply came, in the terms in which a sender decides what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoReply {
    /// A limit of time was reached.
    Timeout,
    /// No connection, no address, no TLS: nothing of the request was taken.
    Unreachable,
    /// The connection ended before the reply did.
    Closed,
    /// What came back is not HTTP.
    NotHttp,
    /// It was given up on request.
    Cancelled,
    /// The request cannot be sent at all.
    Unsendable,
}

impl SendError {
    /// Why no reply came.
    #[must_use]
    pub fn no_reply(&self) -> NoReply {
        match self {
            SendError::Timeout { .. } => NoReply::Timeout,
            SendError::NoAddress { .. } | SendError::Connect { .. } | SendError::Tls { .. } => NoReply::Unreachable,
            SendError::Closed { .. } => NoReply::Closed,
            SendError::NotHttp { .. } => NoReply::NotHttp,
            SendError::Cancelled => NoReply::Cancelled,
            SendError::BadUrl { .. }
            | SendError::BadMethod { .. }
            | SendError::BadHeader { .. }
            | SendError::OwnListener { .. } => NoReply::Unsendable,
        }
    }
}

fn connect_sentence(url: &str, source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::ConnectionRefused => format!("nothing listens at {url}"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => format!("there is no way to {url}"),
        _ => format!("cannot connect to {url}"),
    }
}

fn timeout_sentence(url: &str, phase: Phase, after: Duration) -> String {
    let after = if after.subsec_millis() == 0 && after.as_secs() > 0 {
        format!("{} s", after.as_secs())
    } else {
        format!("{} ms", after.as_millis())
    };
    match phase {
        Phase::Connect => format!("no connection to {url} within {after}"),
        Phase::Tls => format!("no TLS connection with {url} within {after}"),
        Phase::FirstByte => format!("no answer from {url} within {after}"),
        Phase::Body => format!("the answer of {url} was not complete within {after}"),
    }
}

fn closed_sentence(url: &str, body: Option<u64>) -> String {
    match body {
        None => format!("{url} closed the connection without an answer"),
        Some(1) => format!("{url} closed the connection in the middle of its answer, after 1 byte of the body"),
        Some(n) => format!("{url} closed the connection in the middle of its answer, after {n} bytes of the body"),
    }
}
