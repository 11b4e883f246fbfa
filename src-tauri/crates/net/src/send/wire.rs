//! What leaves: the target out of the URL, and the head.
//!
//! Invariants: a head holds no line end but its own, one `Host` at least, and at most one length, which is the body's; no
//! transfer coding. The URL's target is not normalised: `..`, `//` and `%zz` are the endpoint's to judge.

use super::Outgoing;
use crate::error::SendError;
use crate::head::digits;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut, Bytes, BytesMut};
use countersign_core::request::text;
use http::Method;
use http::header::{HeaderName, HeaderValue};
use std::borrow::Cow;
use url::{Host, Position, Url};

/// Where a request goes.
pub(super) struct Target {
    pub(super) https: bool,
    pub(super) host: Host<String>,
    pub(super) port: u16,
    /// The URL for messages: without what may be secret in it.
    pub(super) shown: String,
    /// The value of a `Host` header.
    authority: String,
    /// What stands in the request line.
    request_target: String,
    /// The value of an `Authorization` header, from a user in the URL.
    authorization: Option<String>,
}

impl Target {
    /// Reads an absolute URL.
    pub(super) fn read(given: &str) -> Result<Self, SendError> {
        let given = given.trim();
        let bad = || SendError::BadUrl { url: without_secrets(given) };
        let (scheme, rest) = given.split_once("://").ok_or_else(bad)?;
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return Err(bad());
        }
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // What the URL standard would repair or drop without a word.
        if given.contains(|c: char| c.is_control()) || authority.contains(['\\', ' ']) {
            return Err(bad());
        }
        let url = Url::parse(&format!("{scheme}://{authority}/")).map_err(|_| bad())?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else { return Err(bad()) };
        if port == 0 {
            return Err(bad());
        }
        let rest = rest.split('#').next().unwrap_or_default().replace(' ', "%20");
        let request_target = if rest.starts_with('/') { rest } else { format!("/{rest}") };
        let authorization = (!url.username().is_empty() || url.password().is_some()).then(|| {
            let user = [&decoded(url.username())[..], b":", &decoded(url.password().unwrap_or_default())].concat();
            format!("Basic {}", STANDARD.encode(user))
        });
        let path = request_target.split('?').next().unwrap_or_default();
        let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let shown = format!("{}://{authority}{path}", url.scheme());
        Ok(Target { https, host: host.to_owned(), port, shown, authority, request_target, authorization })
    }
}

/// A URL that could not be read, without what may be secret in it.
fn without_secrets(given: &str) -> String {
    let shown = given.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = match shown.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), shown),
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}{}", &rest[host..])
}

/// The bytes behind `%41`.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|&b| char::from(b).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// The method, and the head as it leaves.
pub(super) fn head(outgoing: &Outgoing, target: &Target) -> Result<(Method, Bytes), SendError> {
    let method = Method::from_bytes(outgoing.method.as_bytes())
        .map_err(|_| SendError::BadMethod { method: outgoing.method.clone() })?;
    let headers = &outgoing.headers;
    for field in headers {
        let holds = HeaderName::from_bytes(&field.name).is_ok() && HeaderValue::from_bytes(&field.value).is_ok();
        if !holds {
            return Err(SendError::BadHeader { name: text(&field.name) });
        }
    }
    let mut out = Head(BytesMut::with_capacity(1024));
    for part in [method.as_str().as_bytes(), b" ", target.request_target.as_bytes(), b" HTTP/1.1\r\n"] {
        out.0.put_slice(part);
    }
    if !headers.has("host") {
        out.field(b"Host", target.authority.as_bytes());
    }
    let length = outgoing.body.len();
    // Two bodies' lengths in one head are how requests are smuggled: the first place that speaks of it says the truth,
    // a length's before a coding's, and the others are dropped.
    let mut said = false;
    let has_length = headers.has("content-length");
    for field in headers {
        let is = |name: &str| field.name.eq_ignore_ascii_case(name.as_bytes());
        if outgoing.length_as_given {
            out.field(&field.name, &field.value);
            continue;
        }
        if is("expect") || (is("transfer-encoding") && (has_length || said)) || (is("content-length") && said) {
            continue;
        }
        if is("transfer-encoding") {
            out.field(b"Content-Length", length.to_string().as_bytes());
            said = true;
        } else if is("content-length") {
            let right = digits(&field.value) == Some(length as u64);
            let value = if right { Cow::Borrowed(&field.value[..]) } else { length.to_string().into_bytes().into() };
            out.field(&field.name, &value);
            said = true;
        } else {
            out.field(&field.name, &field.value);
        }
    }
    if let (Some(user), false) = (&target.authorization, headers.has("authorization")) {
        out.field(b"Authorization", user.as_bytes());
    }
    // Without one, a body is empty by definition; servers expect one all the same where a body is usual.
    let usual = [Method::POST, Method::PUT, Method::PATCH].contains(&method);
    if !said && !outgoing.length_as_given && (length > 0 || usual) {
        out.field(b"Content-Length", length.to_string().as_bytes());
    }
    out.0.put_slice(b"\r\n");
    Ok((method, out.0.freeze()))
}

struct Head(BytesMut);

impl Head {
    fn field(&mut self, name: &[u8], value: &[u8]) {
        for part in [name, b": ", value, b"\r\n"] {
            self.0.put_slice(part);
        }
    }
}
