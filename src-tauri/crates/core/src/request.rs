//! A request as bytes: what arrived, in the sender's own order and spelling.
//!
//! Invariants: nothing here decodes, trims or joins; text is made at the edge, by [`text`]. The body is what came on the
//! wire after transfer coding and before content coding.

use bytes::Bytes;

/// The version in the request line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HttpVersion {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
}

impl HttpVersion {
    /// As in the request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HttpVersion::Http10 => "HTTP/1.0",
            HttpVersion::Http11 => "HTTP/1.1",
        }
    }
}

/// One header field, without the white space around its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Header {
    /// The sender's own spelling.
    pub name: Bytes,
    /// The value, any bytes but line ends.
    pub value: Bytes,
}

/// Header fields in order, duplicates kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Headers(Vec<Header>);

impl Headers {
    /// No headers.
    #[must_use]
    pub fn new() -> Self {
        Headers::default()
    }

    /// The fields of a message's head as it stood on the wire: what follows its first line. A line without a colon, or
    /// one that goes on a line before it, is left out.
    #[must_use]
    pub fn of_head(head: &Bytes) -> Self {
        let lines = head.split_inclusive(|&b| b == b'\n').skip(1);
        let fields = lines.filter_map(|line| {
            let line = line.trim_ascii_end();
            let at = line.iter().position(|&b| b == b':').filter(|at| *at > 0 && !line[0].is_ascii_whitespace())?;
            Some(Header { name: head.slice_ref(&line[..at]), value: head.slice_ref(line[at + 1..].trim_ascii()) })
        });
        fields.collect()
    }

    /// Adds a field at the end.
    pub fn push(&mut self, name: impl Into<Bytes>, value: impl Into<Bytes>) {
        self.0.push(Header { name: name.into(), value: value.into() });
    }

    /// The fields in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of every field of that name, in any case, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Bytes> + 'a {
        self.0.iter().filter(move |h| h.name.eq_ignore_ascii_case(name.as_bytes())).map(|h| &h.value)
    }

    /// The value of the first field of that name, in any case.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Bytes> {
        self.0.iter().find(|h| h.name.eq_ignore_ascii_case(name.as_bytes())).map(|h| &h.value)
    }

    /// Whether there is a field of that name, in any case.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }
}

impl FromIterator<Header> for Headers {
    fn from_iter<T: IntoIterator<Item = Header>>(iter: T) -> Self {
        Headers(iter.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = &'a Header;
    type IntoIter = std::slice::Iter<'a, Header>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method as sent.
    pub method: String,
    /// The request target as sent: path and query, or whatever else stood there.
    pub target: Bytes,
    /// The version.
    pub version: HttpVersion,
    /// The headers.
    pub headers: Headers,
    /// The body; where it was cut, its beginning.
    pub body: Bytes,
    /// Where the body was over the limit: its declared length, or what was read before reading stopped, in bytes.
    pub cut_from: Option<u64>,
}

impl Request {
    /// The path as sent, without the query.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        match self.target.iter().position(|&b| b == b'?') {
            Some(at) => &self.target[..at],
            None => &self.target,
        }
    }

    /// The query as sent, without `?`.
    #[must_use]
    pub fn query(&self) -> Option<&[u8]> {
        self.target.iter().position(|&b| b == b'?').map(|at| &self.target[at + 1..])
    }

    /// The media type in lower case, without its parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let value = text(self.headers.first("content-type")?);
        let media = value.split(';').next()?.trim().to_ascii_lowercase();
        (!media.is_empty()).then_some(media)
    }

    /// Request line and headers as they would stand on the wire, with the blank line.
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        let line = [self.method.as_bytes(), b" ", &self.target, b" ", self.version.as_str().as_bytes(), b"\r\n"];
        let mut out = line.concat();
        for header in &self.headers {
            out.extend_from_slice(&[&header.name[..], b": ", &header.value, b"\r\n"].concat());
        }
        out.extend_from_slice(b"\r\n");
        out
    }

    /// The body's length as sent, in bytes.
    #[must_use]
    pub fn body_len(&self) -> u64 {
        self.cut_from.unwrap_or(self.body.len() as u64)
    }
}

/// Bytes as text for a person: UTF-8, with U+FFFD where they are not.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
