//! Answering.

use super::fetch::{UrlFault, allowed};
use super::{Handshake, HandshakeAnswer, Place};
use crate::request::{Headers, Request};
use crate::rule::{Algorithm, Encoding};
use crate::secret::Secret;
use crate::signing::mac;
use bytes::Bytes;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

/// Longer values are not repeated, in bytes. Challenges have some 20 to 200; more is somebody's cargo.
pub const LONGEST_VALUE: usize = 4096;

/// Longer values are not signed, in bytes.
const LONGEST_SIGNED: usize = 256;

/// What a handshake gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandshakeReply {
    /// This answer.
    Answer {
        /// The status.
        status: u16,
        /// The headers, its content type among them where it has a body.
        headers: Headers,
        /// The body.
        body: Bytes,
    },
    /// A GET of this URL, without following redirects; the handshake itself is answered 200.
    Fetch {
        /// It is `https`, without a user, on a host that the provider's file names.
        url: String,
    },
}

/// Why a handshake gets no answer: ends the sentence “It was not answered: …”.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Nothing stands where the value should be, or what cannot be repeated.
    #[error("{place} is missing or is no text")]
    NoValue {
        /// Where it should be.
        place: Place,
    },
    /// No secret is stored.
    #[error("no secret of it is stored")]
    NoSecret,
    /// What the request carries is none of the secrets.
    #[error("{place} is none of its stored secrets")]
    WrongToken {
        /// Where it stands.
        place: Place,
    },
    /// The value is over [`LONGEST_VALUE`].
    #[error("{place} has {len} bytes, and no more than {LONGEST_VALUE} are repeated")]
    TooLong {
        /// Where it stands.
        place: Place,
        /// Its length in bytes.
        len: usize,
    },
    /// The value is no challenge but could be a message: whoever had it signed could forge a delivery with it.
    #[error("{place} is no plain token of at most {LONGEST_SIGNED} letters and digits, and only such are signed")]
    NoToken {
        /// Where it stands.
        place: Place,
    },
    /// The value cannot stand in a header.
    #[error("{place} holds what cannot stand in a header")]
    NoHeader {
        /// Where it stands.
        place: Place,
    },
    /// Nothing is fetched from this URL.
    #[error("{place} {fault}")]
    Url {
        /// Where it stands.
        place: Place,
        /// Why.
        fault: UrlFault,
    },
}

impl Handshake {
    /// Whether a request may be one as far as its head says. Where it is not, its body need not be read.
    #[must_use]
    pub fn may_be(&self, request: &Request) -> bool {
        self.when.head_fits(request)
    }

    /// What a request gets where it is a handshake. `body` is its body as JSON, where it is; `secrets` are the provider's,
    /// and with the first one is signed.
    ///
    /// # Errors
    /// Inside: why such a request gets no answer.
    #[must_use]
    pub fn answer(
        &self,
        request: &Request,
        body: Option<&Value>,
        secrets: &[Secret],
    ) -> Option<Result<HandshakeReply, Unanswered>> {
        self.when.fits(request, body).then(|| {
            self.check_token(request, body, secrets)?;
            self.answer.reply(request, body, secrets)
        })
    }

    fn check_token(&self, request: &Request, body: Option<&Value>, secrets: &[Secret]) -> Result<(), Unanswered> {
        let Some(place) = &self.token else { return Ok(()) };
        if secrets.is_empty() {
            return Err(Unanswered::NoSecret);
        }
        let value = place.bytes(request, body).ok_or_else(|| Unanswered::NoValue { place: place.clone() })?;
        let same = |secret: &Secret| {
            let secret = secret.value.reveal().as_bytes();
            !secret.is_empty() && bool::from(secret.ct_eq(&value))
        };
        if secrets.iter().any(same) { Ok(()) } else { Err(Unanswered::WrongToken { place: place.clone() }) }
    }
}

impl HandshakeAnswer {
    fn reply(&self, request: &Request, body: Option<&Value>, secrets: &[Secret]) -> Result<HandshakeReply, Unanswered> {
        let bytes = |place: &Place| {
            let found = place.bytes(request, body).ok_or_else(|| Unanswered::NoValue { place: place.clone() })?;
            limited(place, found.len())?;
            Ok(found)
        };
        match self {
            HandshakeAnswer::JsonEcho { from, field } => {
                let value = from.json(request, body).ok_or_else(|| Unanswered::NoValue { place: from.clone() })?;
                limited(from, value.to_string().len())?;
                Ok(json([(field, value)]))
            }
            HandshakeAnswer::TextEcho { from } => Ok(plain(bytes(from)?.into_owned())),
            HandshakeAnswer::HeaderEcho { from, header } => {
                let value = bytes(from)?;
                // A line end here would begin a header of the stranger's own.
                if !value.iter().all(|b| matches!(b, 0x20..=0x7e)) {
                    return Err(Unanswered::NoHeader { place: from.clone() });
                }
                let mut headers = Headers::new();
                headers.push(header.clone(), value.into_owned());
                Ok(HandshakeReply::Answer { status: 200, headers, body: Bytes::new() })
            }
            HandshakeAnswer::HmacEcho { from, echo, field, encoding, prefix } => {
                let secret = secrets.first().ok_or(Unanswered::NoSecret)?;
                let value = token(from, request, body)?;
                let signed = format!("{prefix}{}", hmac(secret, &value, *encoding));
                let repeated = echo.as_ref().map(|name| (name, Value::String(value)));
                Ok(json(repeated.into_iter().chain([(field, Value::String(signed))])))
            }
            HandshakeAnswer::Fixed { status, headers, body } => Ok(fixed(*status, headers, body)),
            HandshakeAnswer::Fetch { from, hosts } => {
                let url = bytes(from)?;
                match allowed(&url, hosts) {
                    Ok(url) => Ok(HandshakeReply::Fetch { url }),
                    Err(fault) => Err(Unanswered::Url { place: from.clone(), fault }),
                }
            }
        }
    }
}

fn limited(place: &Place, len: usize) -> Result<(), Unanswered> {
    if len <= LONGEST_VALUE { Ok(()) } else { Err(Unanswered::TooLong { place: place.clone(), len }) }
}

/// A value that may be signed. These providers sign their deliveries with the same secret: were any text signed for
/// whoever asks, he could ask for the signature of a delivery that he made up. So it is letters, digits and what base64
/// and UUIDs have beside them; JSON, forms and the `v0:time:body` of Zoom hold something else.
fn token(place: &Place, request: &Request, body: Option<&Value>) -> Result<String, Unanswered> {
    let value = place.bytes(request, body).ok_or_else(|| Unanswered::NoValue { place: place.clone() })?;
    let text = std::str::from_utf8(&value).unwrap_or_default();
    let inner = text.trim_end_matches('=');
    let plain = inner.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~+/".contains(&b));
    if plain && !inner.is_empty() && text.len() <= LONGEST_SIGNED {
        Ok(text.to_owned())
    } else {
        Err(Unanswered::NoToken { place: place.clone() })
    }
}

fn hmac(secret: &Secret, value: &str, encoding: Encoding) -> String {
    let key = secret.value.reveal().as_bytes();
    encoding.write(&mac(Algorithm::HmacSha256, key, [value.as_bytes()]))
}

/// What repeats a stranger's value is never to be taken for a page.
fn of_type(media: &'static str) -> Headers {
    let mut headers = Headers::new();
    headers.push("Content-Type", media);
    headers.push("X-Content-Type-Options", "nosniff");
    headers
}

fn plain(body: Vec<u8>) -> HandshakeReply {
    HandshakeReply::Answer { status: 200, headers: of_type("text/plain; charset=utf-8"), body: body.into() }
}

fn json<'a>(fields: impl IntoIterator<Item = (&'a String, Value)>) -> HandshakeReply {
    let object: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.clone(), value)).collect();
    let body = Value::Object(object).to_string().into();
    HandshakeReply::Answer { status: 200, headers: of_type("application/json"), body }
}

fn fixed(status: u16, given: &[(String, String)], body: &str) -> HandshakeReply {
    let mut headers = Headers::new();
    for (name, value) in given {
        headers.push(name.clone(), value.clone());
    }
    if !body.is_empty() && !headers.has("content-type") {
        headers.push("Content-Type", "text/plain; charset=utf-8");
    }
    HandshakeReply::Answer { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) }
}
