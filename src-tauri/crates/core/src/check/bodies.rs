//! One event, written in the ways in which senders write JSON.

use super::probe::Form;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Of languages that handlers meet: two, three and four bytes a letter.
const LETTERS: &str = "Überraschung für Zoë — 画像 🎬";
/// A large body: ten times what frameworks take unless they are told otherwise (100 kB), and far below what a webhook of a
/// video's metadata may become.
const LARGE: usize = 1_000_000;

/// The body in that form; as it is where it is no JSON object.
pub(super) fn written(body: &str, form: Form) -> String {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    match form {
        Form::Compact => compact(object),
        Form::Unicode => compact(with_letters(object)),
        Form::Escaped => escaped(&compact(with_letters(object))),
        Form::Spaced => serde_json::to_string_pretty(&Value::Object(object)).unwrap_or_else(|_| body.to_owned()),
        Form::Trailing => compact(object) + "\n",
        Form::Large => compact(with(object, &"0123456789 abcdefghijklmnopqrstuvwxyz ".repeat(LARGE / 38))),
        Form::LargeUnicode => compact(with(object, &"画é-".repeat(LARGE / 6))),
    }
}

fn compact(object: Map<String, Value>) -> String {
    Value::Object(object).to_string()
}

/// With a text where the event has one for people, else in a field of its own.
fn with_letters(mut object: Map<String, Value>) -> Map<String, Value> {
    fn place(object: &mut Map<String, Value>) -> Option<&mut Value> {
        let names = ["title", "prompt", "name", "script", "message"];
        if let Some(name) = names.iter().find(|name| object.get(**name).is_some_and(Value::is_string)) {
            return object.get_mut(*name);
        }
        object.values_mut().find_map(|value| value.as_object_mut().and_then(place))
    }
    match place(&mut object) {
        Some(value) => *value = Value::from(LETTERS),
        None => return with(object, LETTERS),
    }
    object
}

fn with(mut object: Map<String, Value>, text: &str) -> Map<String, Value> {
    object.insert("note".to_owned(), Value::from(text));
    object
}

/// Every letter beyond ASCII as `\u00e9`, in pairs where it takes two.
pub(super) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// As Python's `json.dumps` writes it unless it is told otherwise.
pub(super) fn python(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let fields =
                object.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), python(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(python).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// With the names in the order of the alphabet.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut fields: Vec<_> = object.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
