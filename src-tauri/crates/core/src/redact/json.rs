//! The values of a JSON text, one after another, with their pointers and where they stand.

use std::borrow::Cow;
use std::ops::Range;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf {
    /// A text; its range is what stands between the quotes.
    Text,
    /// The name of a field; its range is what stands between the quotes, its path that of the object and the name.
    Name,
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
            Step::Field(name) => meant(name).into_owned(),
            Step::Item(at) => at.to_string(),
        }
    }
}

/// A text as it is meant, out of what stands between its quotes.
pub(super) fn meant(written: &str) -> Cow<'_, str> {
    if !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    let mut out = String::with_capacity(written.len());
    characters(written, |c, _| out.push(c));
    Cow::Owned(out)
}

/// For every byte of [`meant`], and for its end, where the character that it belongs to is written.
pub(super) fn places(written: &str) -> Vec<usize> {
    let mut places = Vec::with_capacity(written.len() + 1);
    characters(written, |c, at| places.extend(std::iter::repeat_n(at, c.len_utf8())));
    places.push(written.len());
    places
}

/// Goes through the characters that are meant, and where each is written. Half a surrogate is U+FFFD.
fn characters(written: &str, mut take: impl FnMut(char, usize)) {
    let number = |at: usize| {
        let digits = written.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut at = 0;
    while let Some(c) = written.get(at..).and_then(|rest| rest.chars().next()) {
        let (meant, len) = match (c, written.as_bytes().get(at + 1)) {
            ('\\', Some(b'u')) => match (number(at), number(at + 6)) {
                (Some(first @ 0xd800..0xdc00), Some(second @ 0xdc00..0xe000)) => {
                    (char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), 12)
                }
                (first, _) => (first.and_then(char::from_u32), 6),
            },
            ('\\', Some(letter)) => {
                let meant = match letter {
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    b'b' => '\u{8}',
                    b'f' => '\u{c}',
                    other => char::from(*other),
                };
                (Some(meant), 2)
            }
            _ => (Some(c), c.len_utf8()),
        };
        take(meant.unwrap_or(char::REPLACEMENT_CHARACTER), at);
        at += len;
    }
}

/// A text as it is written between quotes.
pub(super) fn between_quotes(text: &str) -> Vec<u8> {
    let written = serde_json::to_string(text).unwrap_or_default();
    written.as_bytes()[1..written.len().max(2) - 1].to_vec()
}

/// The most steps of a path, and the most bytes of a name, that a pattern has. Deeper is what nobody reads, and what makes
/// work that grows with the square of what a stranger sends.
const STEPS: usize = 64;
const NAME: usize = 200;

/// A path as a JSON pointer (RFC 6901) in which every place in a list is `*`, and so is a name that `hides`; a path that is
/// too long for one has a step `…`.
pub(super) fn pattern(path: &[Step<'_>], hides: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let cut = path.len().saturating_sub(STEPS);
    for (at, step) in path.iter().enumerate().filter(|(at, _)| *at < STEPS - 1 || *at >= STEPS - 1 + cut) {
        if cut > 0 && at == STEPS - 1 + cut {
            out.push_str("/…");
        }
        out.push('/');
        match step {
            Step::Item(_) => out.push('*'),
            Step::Field(name) if name.len() > NAME => {
                let end = (0..=NAME).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
                let name = meant(&name[..end]);
                match hides(&name) {
                    true => out.push('*'),
                    false => out.push_str(&format!("{}…", name.replace('~', "~0").replace('/', "~1"))),
                }
            }
            field => match field.text() {
                name if hides(&name) => out.push('*'),
                name => out.push_str(&name.replace('~', "~0").replace('/', "~1")),
            },
        }
    }
    out
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
                    visit(&path, Leaf::Name, begin..end);
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
        leaves(json, |path, leaf, at| {
            if leaf != Leaf::Name {
                found.push((pattern(path, |_| false), leaf, &json[at]));
            }
        });
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
