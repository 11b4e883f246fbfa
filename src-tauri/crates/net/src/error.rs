//! What can go wrong, with what it was about.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

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

/// Why a request could not be sent, or its reply not be read. URLs are without their query and user, which may be secret.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Not a URL, or not one of a web server.
    #[error("“{url}” is not an http address")]
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
    /// The sender could not be set up.
    #[error("cannot set up the sender")]
    Setup {
        /// What the client library said.
        source: reqwest::Error,
    },
    /// No connection.
    #[error("cannot connect to {url}")]
    Connect {
        /// Where to.
        url: String,
        /// What the client library said.
        source: reqwest::Error,
    },
    /// No complete reply in time.
    #[error("no complete reply from {url} within {} ms", .after.as_millis())]
    Timeout {
        /// Where to.
        url: String,
        /// The time that was given.
        after: Duration,
    },
    /// The connection broke, or what came was not HTTP.
    #[error("the exchange with {url} broke off")]
    Exchange {
        /// Where to.
        url: String,
        /// What the client library said.
        source: reqwest::Error,
    },
}
