//! The values of a JSON text, one after another, with their pointers and where they stand.

use std::ops::Range;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf {
    /// A text; its range is what stands between the quotes.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
}

/// A step on the way to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A field, by its name as it is written.
    Field(&'a str),
    /// The place in a list, from 0.
    Item(usize),
}

impl Step<'_> {
    /// As a step of a JSON pointer, not escaped.
    fn text(&self) -> String {
        match self {
            Step::Field(name) => name_text(name),
            Step::Item(at) => at.to_string(),
        }
    }
}

/// A name as it is meant, without its escapes.
fn name_text(written: &str) -> String {
    if !written.contains('\\') {
        return written.to_owned();
    }
    serde_json::from_str(&format!("\"{written}\"")).unwrap_or_else(|_| written.to_owned())
}

/// A path as a JSON pointer (RFC 6901) in which every place in a list is `*`.
pub(super) fn pattern(path: &[Step<'_>]) -> String {
    let step = |step: &Step<'_>| match step {
        Step::Item(_) => "/*".to_owned(),
        field => format!("/{}", field.text().replace('~', "~0").replace('/', "~1")),
    };
    path.iter().map(step).collect()
}

/// A pointer in which a step `*` stands for any, in its steps.
pub(super) fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// Whether a path is at that pointer or below it.
pub(super) fn is_at(path: &[Step<'_>], pointer: &[String]) -> bool {
    path.len() >= pointer.len()
        && pointer.iter().zip(path).all(|(wanted, step)| wanted == "*" || *wanted == step.text())
}

/// Whether a text is JSON, however deep it is nested.
pub(super) fn is_json(text: &str) -> bool {
    let begins = text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(['{', '[']);
    begins && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Goes through the values of a text that is JSON.
pub(super) fn leaves<'a>(json: &'a str, mut visit: impl FnMut(&[Step<'a>], Leaf, Range<usize>)) {
    let bytes = json.as_bytes();
    // One step for each object or list that is open; a field's name is known once it was read.
    let mut path: Vec<Step<'a>> = Vec::new();
    let mut in_list: Vec<bool> = Vec::new();
    let mut name_next = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => {
                in_list.push(false);
                path.push(Step::Field(""));
                name_next = true;
                at += 1;
            }
            b'[' => {
                in_list.push(true);
                path.push(Step::Item(0));
                name_next = false;
                at += 1;
            }
            b'}' | b']' => {
                in_list.pop();
                path.pop();
                name_next = false;
                at += 1;
            }
            b',' => {
                match path.last_mut() {
                    Some(Step::Item(index)) => *index += 1,
                    _ => name_next = true,
                }
                at += 1;
            }
            b'"' => {
                let (begin, end) = (at + 1, string_end(bytes, at + 1));
                at = end + 1;
                if name_next && in_list.last() == Some(&false) {
                    if let Some(last) = path.last_mut() {
                        *last = Step::Field(&json[begin..end]);
                    }
                    name_next = false;
                } else {
                    visit(&path, Leaf::Text, begin..end);
                }
            }
            b't' | b'f' | b'n' | b'-' | b'0'..=b'9' => {
                let begin = at;
                at += bytes[at..].iter().take_while(|b| !b",]} \t\r\n".contains(b)).count();
                let leaf = match byte {
                    b't' | b'f' => Leaf::Bool,
                    b'n' => Leaf::Null,
                    _ => Leaf::Number,
                };
                visit(&path, leaf, begin..at);
            }
            _ => at += 1,
        }
    }
}

/// Where the quote is that ends a text.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_visited_with_its_pointer() {
        let json = r#" {"a" : ["x,]}\"", -1.5e3 , {"b/c\u0041~":true}], "d":{ }, "e":null,"":"", "f":[[1],[2]]} "#;
        assert!(is_json(json));
        let mut found = Vec::new();
        leaves(json, |path, leaf, at| found.push((pattern(path), leaf, &json[at])));
        let expected = [
            ("/a/*", Leaf::Text, r#"x,]}\""#),
            ("/a/*", Leaf::Number, "-1.5e3"),
            ("/a/*/b~1cA~0", Leaf::Bool, "true"),
            ("/e", Leaf::Null, "null"),
            ("/", Leaf::Text, ""),
            ("/f/*/*", Leaf::Number, "1"),
            ("/f/*/*", Leaf::Number, "2"),
        ];
        assert_eq!(found, expected.map(|(pointer, leaf, text)| (pointer.to_owned(), leaf, text)));
    }

    #[test]
    fn pointers_take_what_is_at_them_and_below() {
        let path = [Step::Field("items"), Step::Item(3), Step::Field("b/c")];
        for (pointer, takes) in [
            ("/items/3/b~1c", true),
            ("/items/*/b~1c", true),
            ("/items", true),
            ("/*/3", true),
            ("", true),
            ("/items/4", false),
            ("/items/3/b~1c/d", false),
        ] {
            assert_eq!(is_at(&path, &steps(pointer)), takes, "{pointer}");
        }
    }

    #[test]
    fn depth_is_no_harm() {
        let deep = format!("{}\"a@pollo.ai\"{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(is_json(&deep));
        let mut count = 0;
        leaves(&deep, |path, _, _| count += path.len());
        assert_eq!(count, 100_000);
    }
}
