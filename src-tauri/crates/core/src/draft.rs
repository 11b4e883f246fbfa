//! A request that is being prepared to be sent: what the editor edits, what is copied as a command, what is pasted.

pub mod copies;
pub mod credentials;
pub(crate) mod leaving;
pub mod paste;

use crate::request::{Headers, HttpVersion, Request};
use bytes::Bytes;

/// A request to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The method.
    pub method: String,
    /// Where to: an absolute `http` or `https` URL.
    pub url: String,
    /// The headers, in order, duplicates kept.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
}

impl Draft {
    /// The request as an endpoint would receive it: what a verdict is asked about before it is sent.
    #[must_use]
    pub fn request(&self) -> Request {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let target = rest.find(['/', '?']).map_or("/", |at| &rest[at..]);
        let target = if target.starts_with('?') { format!("/{target}") } else { target.to_owned() };
        Request {
            method: self.method.clone(),
            target: Bytes::from(target),
            version: HttpVersion::Http11,
            headers: self.headers.clone(),
            body: self.body.clone(),
            cut_from: None,
        }
    }
}
