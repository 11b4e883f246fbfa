//! JSON bodies: pointers, conditions, templates.

use crate::request::{Request, text};
use crate::rule::{BodyShape, Condition};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// The body as JSON, with a byte order mark at its start passed over; `None` where it is not JSON or was cut. Of a body
/// over 256 KB no list has more than its first hundred items.
#[must_use]
pub fn parse_body(request: &Request) -> Option<Value> {
    if request.cut_from.is_some() {
        return None;
    }
    let body = request.body.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&request.body);
    let first = body.iter().find(|b| !b.is_ascii_whitespace())?;
    if !matches!(first, b'{' | b'[') {
        return None;
    }
    if body.len() <= WHOLE {
        return serde_json::from_slice(body).ok();
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Pruned.deserialize(&mut reader).ok()?;
    reader.end().is_ok().then_some(value)
}

/// Up to this length a body is read whole. Of a longer one long lists are read only as far as anybody asks: a tree takes
/// many times the space of its text.
const WHOLE: usize = 256 * 1024;
/// Items of a list that are kept of a longer body.
const ITEMS: usize = 100;

/// Reads a value, with lists cut to their first items.
struct Pruned;

impl<'de> DeserializeSeed<'de> for Pruned {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Pruned {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < ITEMS {
            match list.next_element_seed(Pruned)? {
                Some(value) => kept.push(value),
                None => return Ok(kept.into()),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut kept = serde_json::Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            kept.insert(name, fields.next_value_seed(Pruned)?);
        }
        Ok(kept.into())
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Headers, HttpVersion};

    #[test]
    fn of_a_long_body_the_fields_are_read_and_long_lists_are_cut() {
        let items: Vec<u32> = (0..200_000).collect();
        let body = serde_json::json!({ "list": items, "x": [[1, -2, 2.5], null, true], "event": "late" });
        let read = |text: String| {
            let headers = Headers::new();
            let target = "/".into();
            let version = HttpVersion::Http11;
            parse_body(&Request {
                method: "POST".to_owned(),
                target,
                version,
                headers,
                body: text.into(),
                cut_from: None,
            })
        };
        let found = read(body.to_string()).expect("it is JSON");
        assert_eq!((&found["event"], &found["x"]), (&body["event"], &body["x"]));
        assert_eq!(found["list"].as_array().map(Vec::len), Some(ITEMS));
        assert_eq!(read(format!("{body}x")), None, "what follows makes it no JSON");
    }
}
