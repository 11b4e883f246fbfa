//! Sends one HTTP/1.1 request and reads its reply.
//!
//! Invariants: redirects are not followed, no proxy of the environment is used, nothing is sent twice; of a reply no more
//! than the limit is held. Header names go out in lower case, in the order given, with `accept: */*` where none is given.

use crate::error::SendError;
use bytes::{Bytes, BytesMut};
use countersign_core::request::Headers;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Url, redirect};
use std::time::{Duration, Instant};

/// How much of a reply's body is kept, in bytes.
pub const REPLY_LIMIT: usize = 5_000_000;

/// A request to send.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The method.
    pub method: String,
    /// Where to: an absolute `http` URL.
    pub url: String,
    /// The headers in order. `Host` and `Content-Length` are added.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// How long everything may take, from the connection to the reply's last byte.
    pub timeout: Duration,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers; names in lower case.
    pub headers: Headers,
    /// The body, or its first [`REPLY_LIMIT`] bytes.
    pub body: Bytes,
    /// Whether the body was longer than what is kept of it.
    pub cut: bool,
    /// From the beginning to the reply's last byte that was read.
    pub took: Duration,
}

/// Sends a request, once.
///
/// # Errors
/// [`SendError`]; a reply of any status is a reply and no error.
pub async fn send(outgoing: Outgoing) -> Result<Reply, SendError> {
    let Outgoing { method, url, headers, body, timeout } = outgoing;
    let (url, shown) = read_url(&url)?;
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| SendError::BadMethod { method })?;
    let mut map = HeaderMap::with_capacity(headers.len());
    for field in &headers {
        let bad = || SendError::BadHeader { name: countersign_core::request::text(&field.name) };
        let name = HeaderName::from_bytes(&field.name).map_err(|_| bad())?;
        map.append(name, HeaderValue::from_maybe_shared(field.value.clone()).map_err(|_| bad())?);
    }
    // A client of its own: a request of the user's must not depend on a connection that an earlier one left behind.
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(0)
        .timeout(timeout)
        .build()
        .map_err(|source| SendError::Setup { source })?;
    let failed = |error: reqwest::Error| {
        let url = shown.clone();
        let source = error.without_url();
        match (source.is_timeout(), source.is_connect()) {
            (true, _) => SendError::Timeout { url, after: timeout },
            (false, true) => SendError::Connect { url, source },
            (false, false) => SendError::Exchange { url, source },
        }
    };
    let began = Instant::now();
    let mut response = client.request(method, url).headers(map).body(body).send().await.map_err(&failed)?;
    let status = response.status().as_u16();
    let mut headers = Headers::new();
    for (name, value) in response.headers() {
        headers.push(Bytes::copy_from_slice(name.as_ref()), Bytes::copy_from_slice(value.as_bytes()));
    }
    let mut kept = BytesMut::new();
    let mut cut = false;
    while let Some(part) = response.chunk().await.map_err(&failed)? {
        let room = REPLY_LIMIT - kept.len();
        kept.extend_from_slice(&part[..part.len().min(room)]);
        if part.len() > room {
            cut = true;
            break;
        }
    }
    Ok(Reply { status, headers, body: kept.freeze(), cut, took: began.elapsed() })
}

/// The URL, and the same for messages: without what may be secret in it.
fn read_url(given: &str) -> Result<(Url, String), SendError> {
    let bad = |url: &str| SendError::BadUrl { url: url.to_owned() };
    let url = Url::parse(given).map_err(|_| bad(given.split('?').next().unwrap_or_default()))?;
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    // These fail only for URLs that can have neither.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    let shown = shown.to_string();
    if url.scheme() != "http" {
        return Err(bad(&shown));
    }
    Ok((url, shown))
}
