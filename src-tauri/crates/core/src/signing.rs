//! Signing by a rule: the signed content, the key, the signature and its written form.

use crate::decode::{PythonBase64Error, node_base64, python_base64, to_base64, to_hex};
use crate::request::{Headers, Request};
use crate::rule::{Algorithm, Encoding, KeyForm, Part, PartKind, SchemeRule};
use crate::secret::Secret;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

/// A secret made ready for a scheme.
#[derive(Clone)]
pub struct Key {
    /// The secret's name.
    pub name: String,
    bytes: Zeroizing<Vec<u8>>,
    /// What Python would make of a base64 secret, where that is not what Node makes of it.
    pub python: Option<PythonReading>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("name", &self.name).field("bytes", &"<redacted>").finish_non_exhaustive()
    }
}

/// Python's reading of a base64 secret that differs from Node's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PythonReading {
    /// It raises.
    Raises(PythonBase64Error),
    /// It silently gives other bytes, so many.
    OtherBytes(usize),
}

impl Key {
    /// Makes a secret ready for a scheme.
    #[must_use]
    pub fn new(form: KeyForm, secret: &Secret) -> Key {
        let text = secret.value.reveal();
        let (bytes, python) = match form {
            KeyForm::Utf8 => (text.as_bytes().to_vec(), None),
            KeyForm::Base64 => {
                let node = node_base64(text);
                let python = match python_base64(text) {
                    Ok(python) if python == node => None,
                    Ok(python) => Some(PythonReading::OtherBytes(python.len())),
                    Err(error) => Some(PythonReading::Raises(error)),
                };
                (node, python)
            }
        };
        Key { name: secret.name.clone(), bytes: Zeroizing::new(bytes), python }
    }

    /// The key's length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing came out of the secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A part of the signed content with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What it is.
    pub kind: PartKind,
    /// Where it comes from: a header's name, `body`, or the literal itself.
    pub source: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The MAC of some byte strings, one after another.
pub(crate) fn mac<'a>(algorithm: Algorithm, key: &[u8], content: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    fn run<'a, M: Mac + KeyInit>(key: &[u8], content: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        // HMAC takes a key of any length: `new_from_slice` refuses none.
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
        for bytes in content {
            mac.update(bytes);
        }
        mac.finalize().into_bytes().to_vec()
    }
    match algorithm {
        Algorithm::HmacSha1 => run::<Hmac<Sha1>>(key, content),
        Algorithm::HmacSha256 => run::<Hmac<Sha256>>(key, content),
        Algorithm::HmacSha512 => run::<Hmac<Sha512>>(key, content),
    }
}

impl Encoding {
    pub(crate) fn write(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Hex => to_hex(bytes),
            Encoding::Base64 => to_base64(bytes),
        }
    }
}

impl SchemeRule {
    /// The signed content of a request, part by part; a header that is absent gives no bytes.
    #[must_use]
    pub fn segments(&self, request: &Request) -> Vec<Segment> {
        self.content
            .iter()
            .map(|part| match part {
                Part::Header { name, kind } => Segment {
                    kind: *kind,
                    source: name.clone(),
                    bytes: request.headers.first(name).cloned().unwrap_or_default(),
                },
                Part::Literal { text } => Segment {
                    kind: PartKind::Literal,
                    source: text.clone(),
                    bytes: Bytes::copy_from_slice(text.as_bytes()),
                },
                Part::Body => Segment { kind: PartKind::Body, source: "body".to_owned(), bytes: request.body.clone() },
            })
            .collect()
    }

    /// The signature of a content as the provider writes it.
    #[must_use]
    pub fn write_signature(&self, key: &Key, content: &[Segment]) -> String {
        let bytes = mac(self.algorithm, key.bytes(), content.iter().map(|s| s.bytes.as_ref()));
        format!("{}{}", self.signature.prefix, self.signature.encoding.write(&bytes))
    }

    /// The headers that sign a body: everything that the content takes from headers, and the signature, in that order.
    /// `id` and `timestamp_s` (unix seconds) are used where the scheme has them.
    #[must_use]
    pub fn sign(&self, key: &Key, body: &Bytes, id: &str, timestamp_s: i64) -> Headers {
        let mut headers = Headers::new();
        for part in &self.content {
            if let Part::Header { name, kind } = part {
                let value = match kind {
                    PartKind::Timestamp => timestamp_s.to_string(),
                    _ => id.to_owned(),
                };
                headers.push(name.clone(), value);
            }
        }
        let unsigned = Request {
            method: "POST".to_owned(),
            target: Bytes::from_static(b"/"),
            version: crate::request::HttpVersion::Http11,
            headers: headers.clone(),
            body: body.clone(),
            cut_from: None,
        };
        headers.push(self.signature.header.clone(), self.write_signature(key, &self.segments(&unsigned)));
        headers
    }
}
