//! JSON bodies: pointers, conditions, templates.

use crate::request::{Request, text};
use crate::rule::{BodyShape, Condition};
use serde_json::Value;
use std::borrow::Cow;

/// The body as JSON, with a byte order mark at its start passed over; `None` where it is not JSON or was cut.
#[must_use]
pub fn parse_body(request: &Request) -> Option<Value> {
    if request.cut_from.is_some() {
        return None;
    }
    let body = request.body.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&request.body);
    let first = body.iter().find(|b| !b.is_ascii_whitespace())?;
    matches!(first, b'{' | b'[').then(|| serde_json::from_slice(body).ok()).flatten()
}

impl Condition {
    /// Whether it holds for a body.
    #[must_use]
    pub fn holds(&self, body: &Value) -> bool {
        let found = body.pointer(&self.pointer);
        let text = found.and_then(Value::as_str);
        let one_of = self.one_of.as_ref().is_none_or(|list| text.is_some_and(|t| list.iter().any(|l| l == t)));
        let prefix = self
            .prefix
            .as_ref()
            .is_none_or(|list| text.is_some_and(|t| list.iter().any(|l| t.starts_with(l.as_str()))));
        let is = self.is.as_deref().is_none_or(|kind| match (kind, found) {
            ("absent", None) => true,
            ("present", Some(_)) => true,
            (kind, Some(value)) => type_name(value) == kind,
            _ => false,
        });
        one_of && prefix && is
    }
}

impl BodyShape {
    /// Whether a body looks so.
    #[must_use]
    pub fn fits(&self, body: &Value) -> bool {
        self.all.iter().all(|c| c.holds(body)) && (self.any.is_empty() || self.any.iter().any(|c| c.holds(body)))
    }
}

/// The JSON type's name.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Fills a template of [`crate::rule::EventNames`]; `None` where a placeholder finds nothing.
#[must_use]
pub fn fill(template: &str, request: &Request, body: Option<&Value>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let close = open + rest[open..].find('}')?;
        let found = rest[open + 1..close].split('|').find_map(|place| find(place, request, body))?;
        out.push_str(&found);
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    Some(out)
}

fn find<'a>(place: &str, request: &'a Request, body: Option<&'a Value>) -> Option<Cow<'a, str>> {
    let found = match place.strip_prefix("header:") {
        Some(name) => Cow::Owned(text(request.headers.first(name)?)),
        None => match body?.pointer(place)? {
            Value::String(s) => Cow::Borrowed(s.as_str()),
            Value::Number(n) => Cow::Owned(n.to_string()),
            _ => return None,
        },
    };
    // Names go into indexes and rows: an absurdly long one is not a name.
    (!found.is_empty() && found.len() <= 1024).then_some(found)
}
