//! The names of files: readable, the same every time, and safe on every system.

use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};

/// The longest name of an event's type or id.
const LONGEST: usize = 80;

/// What a delivery is named by.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// Its number.
    pub id: &'a str,
    /// The method.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The event's type.
    pub event_type: Option<&'a str>,
    /// The event's id.
    pub event_id: Option<&'a str>,
}

/// A delivery's name without an ending: `render.completed--render_789xyz`; without an event, `post-hook--42`.
#[must_use]
pub fn stem(naming: &Naming<'_>) -> String {
    let number = || part(naming.id);
    let name = match (naming.event_type.map(part), naming.event_id) {
        (Some(event), id) if !event.is_empty() => {
            let id = id.map(|id| part(own_id(id, naming.event_type.unwrap_or_default()))).filter(|id| !id.is_empty());
            format!("{event}--{}", id.unwrap_or_else(number))
        }
        (_, Some(id)) if !part(id).is_empty() => part(id),
        _ => {
            let path = part(naming.path);
            let path = if path.is_empty() { String::new() } else { format!("-{path}") };
            format!("{}{path}--{}", part(naming.method).to_ascii_lowercase(), number())
        }
    };
    // A name that Windows keeps for a device, whatever follows its first full stop.
    let device = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|p| device.strip_prefix(p).is_some_and(|n| n.len() == 1 && n != "0"));
    if numbered || ["con", "prn", "aux", "nul"].contains(&device.as_str()) { format!("event-{name}") } else { name }
}

/// The id without what a provider without ids has it made of: `TYPE:ID:TIME`.
fn own_id<'a>(id: &'a str, event_type: &str) -> &'a str {
    let rest = id.strip_prefix(event_type).and_then(|rest| rest.strip_prefix(':')).unwrap_or(id);
    let is_time = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() > 10 && bytes[4] == b'-' && bytes[7] == b'-' && matches!(bytes[10], b'T' | b' ')
    };
    let time = rest.match_indices(':').find(|(at, _)| is_time(&rest[at + 1..]));
    match time {
        Some((at, _)) if at > 0 => &rest[..at],
        _ => rest,
    }
}

/// Letters, digits, `.`, `_` and single `-`; begins with a letter or digit and ends with one or `_`.
fn part(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_alphanumeric() || ['.', '_'].contains(&c) { c } else { '-' };
        let twice = ['-', '.'].contains(&c) && out.ends_with(['-', '.']);
        if !twice && (c.is_ascii_alphanumeric() || !out.is_empty()) {
            out.push(c);
        }
        if out.len() >= LONGEST {
            break;
        }
    }
    out.trim_end_matches(['-', '.']).to_owned()
}

/// The folder of bodies that stand in files of their own.
pub const BODIES: &str = "bodies";

/// The name of a file for a body: `bodies/<name>--<12 hex>.body`. It says what is in it.
pub(crate) fn body(folder: &str, name: &str, body: &[u8]) -> String {
    format!("{folder}/{name}--{}.body", body_hash(body))
}

fn body_hash(body: &[u8]) -> String {
    crate::decode::to_hex(&Sha256::digest(body)[..6])
}

/// The name and the hash in what is a name that [`body`] gives in [`BODIES`].
fn body_parts(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_prefix(BODIES)?.strip_prefix('/')?.strip_suffix(".body")?;
    let (name, hash) = stem.rsplit_once("--")?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let is_hash = hash.len() == 12 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_name && is_hash).then_some((name, hash))
}

/// Whether an export of Countersign gives such a name to a body.
pub(crate) fn is_body(file: &str) -> bool {
    body_parts(file).is_some()
}

/// Whether a file of that name holds this body.
pub(crate) fn names_body(file: &str, body: &[u8]) -> bool {
    body_parts(file).is_some_and(|(_, hash)| hash == body_hash(body))
}

/// The names that were given out. Systems differ in whether `A` and `a` are one name: here they are.
#[derive(Debug, Clone, Default)]
pub struct Names {
    given: HashSet<String>,
    /// The last number of a stem: an event may have come ten thousand times.
    last: HashMap<String, u32>,
}

impl Names {
    /// A name that was not given out: the stem, or the stem with `--2`, `--3` and so on behind it.
    pub fn next(&mut self, stem: &str) -> String {
        let last = self.last.entry(stem.to_ascii_lowercase()).or_default();
        loop {
            *last += 1;
            let name = if *last == 1 { stem.to_owned() } else { numbered(stem, *last) };
            if self.given.insert(name.to_ascii_lowercase()) {
                return name;
            }
        }
    }
}

/// A stem with a number.
#[must_use]
pub fn numbered(stem: &str, number: u32) -> String {
    format!("{stem}--{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable_and_safe() {
        let long = "x".repeat(200);
        let rows = [
            (
                Some("render.completed"),
                Some("render.completed:render_789xyz:2024-01-15T10:30:00Z"),
                "render.completed--render_789xyz",
            ),
            (Some("render.completed"), Some("render_789xyz"), "render.completed--render_789xyz"),
            (Some("task.succeed"), None, "task.succeed--42"),
            (Some("../../etc/passwd"), Some("..\\..\\x"), "etc-passwd--x"),
            (Some("a\u{202e}b\0 c"), Some("-rf"), "a-b-c--rf"),
            (Some("CON"), Some("é"), "CON--42"),
            (Some("con.x"), Some("1"), "event-con.x--1"),
            (Some(long.as_str()), Some("a"), &format!("{}--a", &long[..80])),
            (None, Some("evt_1"), "evt_1"),
            (None, Some("nul"), "event-nul"),
            (None, None, "post-pollo-a--42"),
            (Some("…"), Some("…"), "post-pollo-a--42"),
        ];
        for (event_type, event_id, expected) in rows {
            let naming = Naming { id: "42", method: "POST", path: "/pollo//a/", event_type, event_id };
            assert_eq!(stem(&naming), expected, "{event_type:?} {event_id:?}");
        }
        let root = Naming { id: "1", method: "GET", path: "/", event_type: None, event_id: None };
        assert_eq!(stem(&root), "get--1");
    }

    #[test]
    fn what_would_be_one_file_is_numbered() {
        let mut names = Names::default();
        let given: Vec<String> = ["a", "A", "a", "a--2", "b"].iter().map(|stem| names.next(stem)).collect();
        assert_eq!(given, ["a", "A--2", "a--3", "a--2--2", "b"]);
    }
}
