//! JSON as it is written: where the values of a text stand, so that one can be changed and every other byte stays.

use serde_json::value::RawValue;
use std::collections::HashMap;
use std::ops::Range;

/// Where the value of a JSON pointer (RFC 6901) stands in a JSON text, in bytes. Of several fields of one name the last
/// counts, as everywhere here. `None` where the text is not JSON or nothing stands there.
#[must_use]
pub fn span(json: &str, pointer: &str) -> Option<Range<usize>> {
    let mut value: &str = serde_json::from_str::<&RawValue>(json).ok()?.get();
    if !pointer.is_empty() {
        for step in pointer.strip_prefix('/')?.split('/') {
            let step = step.replace("~1", "/").replace("~0", "~");
            value = match value.as_bytes().first()? {
                b'{' => serde_json::from_str::<HashMap<String, &RawValue>>(value).ok()?.remove(&step)?.get(),
                b'[' if step == "0" || !step.starts_with(['0', '+']) => {
                    serde_json::from_str::<Vec<&RawValue>>(value).ok()?.get(step.parse::<usize>().ok()?)?.get()
                }
                _ => return None,
            };
        }
    }
    // A raw value borrows from the text it was read from.
    let start = value.as_ptr().addr() - json.as_ptr().addr();
    Some(start..start + value.len())
}

/// What a token of a JSON text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// A field's name, without its quotes.
    Name,
    /// A text, without its quotes.
    Text,
    /// A number.
    Number,
}

/// The names, texts and numbers of a text that is JSON, in order, with where they stand.
pub(crate) fn tokens(json: &[u8]) -> impl Iterator<Item = (Token, Range<usize>)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            match json.get(at)? {
                b'"' => {
                    let start = at + 1;
                    at = start;
                    while *json.get(at)? != b'"' {
                        at += if json[at] == b'\\' { 2 } else { 1 };
                    }
                    let end = at;
                    at += 1;
                    let next = json[at..].iter().find(|b| !b.is_ascii_whitespace());
                    let token = if next == Some(&b':') { Token::Name } else { Token::Text };
                    return Some((token, start..end));
                }
                b'-' | b'0'..=b'9' => {
                    let start = at;
                    while json.get(at).is_some_and(|b| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
                        at += 1;
                    }
                    return Some((Token::Number, start..at));
                }
                _ => at += 1,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_where_it_stands() {
        let json = "\n { \"a\" : [ 1, {\"b/c\" :\"x\\\"}\" } ] , \"a~\":null,\"d\":1 , \"d\" : -2.50 ,\"\":{} }\n";
        let rows = [
            ("", Some(json.trim())),
            ("/a", Some("[ 1, {\"b/c\" :\"x\\\"}\" } ]")),
            ("/a/0", Some("1")),
            ("/a/1/b~1c", Some("\"x\\\"}\"")),
            ("/a~0", Some("null")),
            ("/d", Some("-2.50")),
            ("/", Some("{}")),
            ("/a/2", None),
            ("/a/01", None),
            ("/a/0/x", None),
            ("d", None),
        ];
        for (pointer, expected) in rows {
            assert_eq!(span(json, pointer).map(|at| &json[at]), expected, "{pointer:?}");
            let value: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
            let read: Option<serde_json::Value> = expected.map(|e| serde_json::from_str(e).expect("it is JSON"));
            assert_eq!(value.pointer(pointer), read.as_ref(), "{pointer:?}: as serde_json reads it");
        }
        assert_eq!(span("{\"a\":1", "/a"), None, "it is not JSON");
    }

    #[test]
    fn tokens_are_told_apart() {
        let json = r#"{"a\"1" : ["b\\", -1.5e+3,true], "c":{"d":"é"}}"#;
        let found: Vec<(Token, &str)> = tokens(json.as_bytes()).map(|(token, at)| (token, &json[at])).collect();
        let expected = [
            (Token::Name, "a\\\"1"),
            (Token::Text, "b\\\\"),
            (Token::Number, "-1.5e+3"),
            (Token::Name, "c"),
            (Token::Name, "d"),
            (Token::Text, "é"),
        ];
        assert_eq!(found, expected);
    }
}
