//! What a provider file says of its handshake is checked when it is read, and its sample is answered.

use super::fetch::is_pattern;
use super::{Expected, Handshake, HandshakeAnswer, HandshakeReply, HandshakeSample, Unanswered};
use crate::request::{Headers, HttpVersion, Request, text};
use crate::response::header_fault;
use crate::secret::{Secret, SecretText};
use bytes::Bytes;

/// What is wrong with the handshake of a provider file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeFault {
    /// Every request would be one.
    #[error("handshake.when names no condition")]
    NoCondition,
    /// Nothing could be fetched.
    #[error("handshake.answer names no host")]
    NoHost,
    /// A host that leaves its last two labels open, or is none.
    #[error("the host “{host}” is none, or leaves its last two labels open")]
    Host {
        /// As it stands in the file.
        host: String,
    },
    /// A status that is none.
    #[error("{status} is no status from 200 to 599")]
    Status {
        /// As it stands in the file.
        status: u16,
    },
    /// A header that is not to be sent.
    #[error("{reason}")]
    Header {
        /// Which, and why.
        reason: String,
    },
    /// The sample is not recognised.
    #[error("the sample of the handshake does not fit handshake.when")]
    SampleFitsNot,
    /// The sample is not answered.
    #[error("the sample of the handshake was not answered: {0}")]
    SampleUnanswered(Unanswered),
    /// The sample gets something else.
    #[error("the sample of the handshake gets {got} and should get {expected}")]
    Sample {
        /// What it gets.
        got: String,
        /// What the file expects.
        expected: String,
    },
}

impl Handshake {
    /// Checks what the file says and answers its sample.
    pub(crate) fn check(&self) -> Result<(), HandshakeFault> {
        if self.when.is_empty() {
            return Err(HandshakeFault::NoCondition);
        }
        match &self.answer {
            HandshakeAnswer::Fixed { status, headers, .. } => {
                if !(200..=599).contains(status) {
                    return Err(HandshakeFault::Status { status: *status });
                }
                headers.iter().try_for_each(|(name, value)| sendable(name, value))?;
            }
            HandshakeAnswer::HeaderEcho { header, .. } => sendable(header, "")?,
            HandshakeAnswer::Fetch { hosts, .. } if hosts.is_empty() => return Err(HandshakeFault::NoHost),
            HandshakeAnswer::Fetch { hosts, .. } => {
                if let Some(host) = hosts.iter().find(|host| !is_pattern(host)) {
                    return Err(HandshakeFault::Host { host: host.clone() });
                }
            }
            _ => {}
        }
        self.sample.as_ref().map_or(Ok(()), |sample| self.check_sample(sample))
    }

    fn check_sample(&self, sample: &HandshakeSample) -> Result<(), HandshakeFault> {
        let request = sample.request();
        let body = serde_json::from_slice(&request.body).ok();
        let secret = sample.secret.clone().map(SecretText::new);
        let secrets: Vec<Secret> =
            secret.map(|value| Secret { name: "sample".to_owned(), value }).into_iter().collect();
        let reply = self.answer(&request, body.as_ref(), &secrets).ok_or(HandshakeFault::SampleFitsNot)?;
        let reply = reply.map_err(HandshakeFault::SampleUnanswered)?;
        if sample.expect.is(&reply) {
            return Ok(());
        }
        let headers_too = matches!(&sample.expect, Expected::Answer { headers, .. } if !headers.is_empty());
        Err(HandshakeFault::Sample { got: reply_in_words(&reply, headers_too), expected: sample.expect.in_words() })
    }
}

fn sendable(name: &str, value: &str) -> Result<(), HandshakeFault> {
    header_fault(name, value).map_or(Ok(()), |reason| Err(HandshakeFault::Header { reason }))
}

impl HandshakeSample {
    fn request(&self) -> Request {
        let mut headers = Headers::new();
        for (name, value) in &self.headers {
            headers.push(name.clone(), value.clone());
        }
        Request {
            method: self.method.clone(),
            target: Bytes::copy_from_slice(self.target.as_bytes()),
            version: HttpVersion::Http11,
            headers,
            body: Bytes::copy_from_slice(self.body.as_bytes()),
            cut_from: None,
        }
    }
}

impl Expected {
    fn is(&self, reply: &HandshakeReply) -> bool {
        match (self, reply) {
            (Expected::Fetch(wanted), HandshakeReply::Fetch { url }) => wanted == url,
            (
                Expected::Answer { status: wanted, headers: among, body: whole },
                HandshakeReply::Answer { status, headers, body },
            ) => {
                let there = |(name, value): &(String, String)| headers.all(name).any(|given| given == value);
                wanted == status && whole.as_bytes() == body && among.iter().all(there)
            }
            _ => false,
        }
    }

    fn in_words(&self) -> String {
        match self {
            Expected::Answer { status, headers, body } => {
                let lines = headers.iter().map(|(name, value)| format!("{name}: {value}"));
                answer_in_words(*status, &lines.collect::<Vec<_>>(), body)
            }
            Expected::Fetch(url) => format!("a GET of {url}"),
        }
    }
}

fn reply_in_words(reply: &HandshakeReply, headers_too: bool) -> String {
    match reply {
        HandshakeReply::Answer { status, headers, body } => {
            let lines =
                headers.iter().filter(|_| headers_too).map(|h| format!("{}: {}", text(&h.name), text(&h.value)));
            answer_in_words(*status, &lines.collect::<Vec<_>>(), &text(body))
        }
        HandshakeReply::Fetch { url } => format!("a GET of {url}"),
    }
}

fn answer_in_words(status: u16, headers: &[String], body: &str) -> String {
    let with = if headers.is_empty() { String::new() } else { format!(" with {}", headers.join(", ")) };
    format!("{status} “{}”{with}", crate::shorten(body, 200))
}
