//! Finding values in a request.

use super::{FieldTest, HandshakeWhen, Place};
use crate::request::{Request, text};
use percent_encoding::percent_decode;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// The bytes behind a name or value of a query: `%41` decoded, `+` a space, as a form writes them.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_decode(&spaced).collect()
}

/// The value of the first query parameter of that name.
fn query_value(request: &Request, name: &str) -> Option<Vec<u8>> {
    request.query()?.split(|b| *b == b'&').find_map(|pair| {
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        (decoded(&pair[..at]) == name.as_bytes()).then(|| decoded(pair.get(at + 1..).unwrap_or_default()))
    })
}

impl Place {
    /// The value's bytes; of JSON a string's or a number's.
    pub(super) fn bytes<'a>(&self, request: &'a Request, body: Option<&'a Value>) -> Option<Cow<'a, [u8]>> {
        match self {
            Place::Pointer(pointer) => match body?.pointer(pointer)? {
                Value::String(text) => Some(text.as_bytes().into()),
                Value::Number(number) => Some(number.to_string().into_bytes().into()),
                _ => None,
            },
            Place::Query(name) => query_value(request, name).map(Cow::Owned),
            Place::Header(name) => request.headers.first(name).map(|value| Cow::Borrowed(&value[..])),
        }
    }

    /// The value as JSON; what is not of the body is a string.
    pub(super) fn json(&self, request: &Request, body: Option<&Value>) -> Option<Value> {
        match self {
            Place::Pointer(pointer) => body?.pointer(pointer).cloned(),
            _ => self.bytes(request, body).map(|bytes| Value::String(text(&bytes))),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Pointer(pointer) => write!(f, "the body's {pointer}"),
            Place::Query(name) => write!(f, "the query parameter {name}"),
            Place::Header(name) => write!(f, "the header {name}"),
        }
    }
}

impl FieldTest {
    fn holds(&self, value: Option<&[u8]>) -> bool {
        value.is_some_and(|value| {
            self.one_of.as_ref().is_none_or(|list| list.iter().any(|wanted| wanted.as_bytes() == value))
        })
    }
}

impl HandshakeWhen {
    /// Whether nothing is named: then every request would be a handshake.
    pub(super) fn is_empty(&self) -> bool {
        let body = self.body.as_ref().is_none_or(|shape| shape.all.is_empty() && shape.any.is_empty());
        self.method.is_empty() && self.query.is_empty() && self.headers.is_empty() && body
    }

    /// Whether everything but the body holds.
    pub(super) fn head_fits(&self, request: &Request) -> bool {
        (self.method.is_empty() || self.method.contains(&request.method))
            && self.headers.iter().all(|test| test.holds(request.headers.first(&test.name).map(|v| &v[..])))
            && self.query.iter().all(|test| test.holds(query_value(request, &test.name).as_deref()))
    }

    /// Whether everything holds.
    pub(super) fn fits(&self, request: &Request, body: Option<&Value>) -> bool {
        let shape = self.body.as_ref();
        self.head_fits(request) && shape.is_none_or(|shape| body.is_some_and(|body| shape.fits(body)))
    }
}
