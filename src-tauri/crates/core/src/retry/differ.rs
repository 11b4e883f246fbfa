//! Where two answers or states differ, and what the names of the fields say about it.

use crate::shorten;
use serde_json::Value;

/// A place where two JSON values differ.
pub(super) struct Difference {
    pub(super) pointer: String,
    pub(super) name: String,
    pub(super) a: Option<Value>,
    pub(super) b: Option<Value>,
}

impl Difference {
    pub(super) fn shown(&self) -> String {
        let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), shown);
        format!("{} ({} and {})", self.name, text(&self.a), text(&self.b))
    }

    pub(super) fn shown_change(&self) -> String {
        let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), shown);
        format!("{}: {} → {}", self.name, text(&self.a), text(&self.b))
    }

    /// By how much a number grew, or a list got longer.
    pub(super) fn growth(&self) -> Option<f64> {
        match (self.a.as_ref()?, self.b.as_ref()?) {
            (Value::Number(a), Value::Number(b)) => Some(b.as_f64()? - a.as_f64()?),
            (Value::Array(a), Value::Array(b)) => Some(b.len() as f64 - a.len() as f64),
            (Value::Object(a), Value::Object(b)) => Some(b.len() as f64 - a.len() as f64),
            _ => None,
        }
    }

    pub(super) fn tells_duplicate(&self) -> bool {
        let says = |value: &Option<Value>| value.as_ref().is_some_and(|value| is_duplicate_word(&self.name, value));
        says(&self.a) != says(&self.b)
    }

    /// Each answer names a thing of its own: two ids that are both there.
    pub(super) fn names_a_thing(&self) -> bool {
        let is_id = |value: &Option<Value>| matches!(value, Some(Value::String(_) | Value::Number(_)));
        is_thing_id(&self.name) && is_id(&self.a) && is_id(&self.b)
    }
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("“{}”", shorten(text, 40)),
        other => shorten(&other.to_string(), 40),
    }
}

/// `duplicate: true`, `status: "already processed"`.
pub(super) fn is_duplicate_word(name: &str, value: &Value) -> bool {
    let tells = |text: &str| {
        let text = text.to_lowercase();
        ["duplicate", "already", "deduplicated", "replay"].iter().any(|word| text.contains(word))
    };
    match value {
        Value::Bool(yes) => *yes && tells(name),
        Value::String(text) => tells(text),
        _ => false,
    }
}

/// Whether a field of that name holds the id of a thing that a handler made, and not of the request that it answers.
pub(super) fn is_thing_id(name: &str) -> bool {
    let lower = name.to_lowercase();
    let of_the_request =
        ["request", "trace", "span", "correlation", "event", "message", "delivery", "webhook", "session"];
    let ends =
        lower == "id" || lower == "uuid" || lower.ends_with("_id") || lower.ends_with("-id") || name.ends_with("Id");
    let ends = ends || name.ends_with("ID");
    ends && !of_the_request.iter().any(|word| lower.contains(word))
}

/// The name of a field that names a thing, wherever it stands.
pub(super) fn thing_named(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match value {
            Value::String(_) | Value::Number(_) => is_thing_id(name).then(|| name.clone()),
            inner => thing_named(inner),
        }),
        Value::Array(items) => items.iter().find_map(thing_named),
        _ => None,
    }
}

/// A body as JSON, without what does not count.
pub(super) fn json(body: &[u8], ignore: &[String]) -> Option<Value> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    for pointer in ignore {
        let Some((parent, last)) = pointer.rsplit_once('/') else { continue };
        let last = last.replace("~1", "/").replace("~0", "~");
        match value.pointer_mut(parent) {
            Some(Value::Object(fields)) => {
                fields.shift_remove(&last);
            }
            // Its neighbours keep their places.
            Some(Value::Array(items)) => {
                if let Some(item) = last.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    *item = Value::Null;
                }
            }
            _ => {}
        }
    }
    Some(value)
}

/// Where two values differ. Lists and objects of which one has more are told whole, beside what differs inside.
pub(super) fn differences(a: &Value, b: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(a, b, String::new(), "body", &mut found);
    found
}

pub(super) fn collect(a: &Value, b: &Value, pointer: String, name: &str, found: &mut Vec<Difference>) {
    let step = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    let mut whole = |pointer: String| {
        found.push(Difference { pointer, name: name.to_owned(), a: Some(a.clone()), b: Some(b.clone()) });
    };
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let only = |these: &serde_json::Map<String, Value>, those: &serde_json::Map<String, Value>| {
                these.keys().find(|key| !those.contains_key(*key)).cloned()
            };
            for (key, left) in x {
                if let Some(right) = y.get(key) {
                    collect(left, right, step(key), key, found);
                }
            }
            if let Some(key) = only(x, y).or_else(|| only(y, x)) {
                let (a, b) = (x.get(&key).cloned(), y.get(&key).cloned());
                found.push(Difference { pointer: step(&key), name: key, a, b });
            }
        }
        (Value::Array(x), Value::Array(y)) => {
            if x.len() != y.len() {
                whole(pointer.clone());
            }
            for (at, (left, right)) in x.iter().zip(y).enumerate() {
                collect(left, right, step(&at.to_string()), name, found);
            }
        }
        (left, right) if left == right => {}
        _ => whole(pointer.clone()),
    }
}
