//! What stands in bodies: JSON, forms, texts.

use super::json::{self, Leaf};
use super::{Found, Kind, Known, Part, Unsearched, hosts, mail, query};
use crate::request::{Headers, text};
use std::ops::Range;

/// Why a body is not searched.
pub(super) fn unsearched(headers: &Headers, body: &[u8]) -> Option<Unsearched> {
    if body.is_empty() {
        return None;
    }
    if !super::coding::codings(headers).is_empty() {
        return Some(Unsearched::Compressed);
    }
    std::str::from_utf8(body).is_err().then_some(Unsearched::NotText)
}

pub(super) fn find(
    headers: &Headers,
    body: &[u8],
    part: Part,
    known: &Known,
    pointers: &[String],
    found: &mut Vec<Found>,
) {
    if unsearched(headers, body).is_some() {
        return;
    }
    let Ok(whole) = std::str::from_utf8(body) else { return };
    let mark = if whole.starts_with('\u{feff}') { 3 } else { 0 };
    if json::is_json(&whole[mark..]) {
        return in_json(&whole[mark..], mark, part, known, pointers, found);
    }
    let media = headers.first("content-type").map(|value| text(value).to_ascii_lowercase()).unwrap_or_default();
    if media.starts_with("application/x-www-form-urlencoded") {
        return query::find(body, part, "form", known, found);
    }
    let key = |what: &str| if part == Part::Body { format!("text:{what}") } else { format!("answer-text:{what}") };
    let place = if part == Part::Body { "the body" } else { "the answer's body" };
    hosts::tunnels(body, part, &key("tunnels"), place, known, found);
    found.extend(mail::find(body).into_iter().map(|range| Found {
        kind: Kind::Emails,
        key: key("emails"),
        place: place.to_owned(),
        pointer: None,
        part,
        shown: mail::hint(&body[range.clone()]),
        range,
        mask: mail::MASK.into(),
    }));
}

/// A text within a JSON body, at its pointer.
struct Value<'a> {
    pointer: &'a str,
    part: Part,
    range: Range<usize>,
}

impl Value<'_> {
    fn found(&self, kind: Kind, shown: String, mask: Vec<u8>) -> Found {
        let (key, place) = match self.part {
            Part::Body => (format!("json:{}", self.pointer), format!("{} in the body", self.pointer)),
            _ => (format!("answer-json:{}", self.pointer), format!("{} in the answer's body", self.pointer)),
        };
        let pointer = Some(self.pointer.to_owned());
        Found { kind, key, place, pointer, part: self.part, range: self.range.clone(), shown, mask }
    }
}

fn in_json(json: &str, offset: usize, part: Part, known: &Known, pointers: &[String], found: &mut Vec<Found>) {
    let pointers: Vec<Vec<String>> = pointers.iter().map(|pointer| json::steps(pointer)).collect();
    json::leaves(json, |path, leaf, at| {
        let chosen = leaf != Leaf::Name && pointers.iter().any(|pointer| json::is_at(path, pointer));
        let written = &json[at.clone()];
        if !chosen && (leaf != Leaf::Text || !may_hold(written)) {
            return;
        }
        // The `*` of a pattern is worth its work only where something is found.
        let pointer = json::pattern(path);
        let value = Value { pointer: &pointer, part, range: at.start + offset..at.end + offset };
        if chosen {
            if let Some(mask) = masked_leaf(leaf, written) {
                found.push(value.found(Kind::Chosen, leaf_hint(leaf, written), mask));
            }
            return;
        }
        let meant = match written.contains('\\') {
            true => json::meant(written).into_owned(),
            false => written.to_owned(),
        };
        // One finding for each kind of thing in a text: the whole text is written anew, with all of them masked.
        let tunnels = hosts::find(meant.as_bytes(), known);
        if let Some(first) = tunnels.first() {
            let shown = hosts::hint(&meant.as_bytes()[first.clone()]);
            found.push(value.found(Kind::TunnelAddresses, shown, rewritten(&meant, &tunnels, hosts::HOST_MASK)));
        }
        let addresses = mail::find(meant.as_bytes());
        if let Some(first) = addresses.first() {
            let shown = mail::hint(&meant.as_bytes()[first.clone()]);
            found.push(value.found(Kind::Emails, shown, rewritten(&meant, &addresses, mail::MASK)));
        }
    });
}

/// A quick look: whether an address or a host may stand in a text.
fn may_hold(written: &str) -> bool {
    memchr::memchr3(b'@', b'\\', b'.', written.as_bytes()).is_some()
}

/// A text with some of its bytes exchanged, as it is written between quotes.
fn rewritten(meant: &str, at: &[Range<usize>], mask: &str) -> Vec<u8> {
    let (mut out, mut from) = (String::with_capacity(meant.len()), 0);
    for range in at {
        out.push_str(&meant[from..range.start]);
        out.push_str(mask);
        from = range.end;
    }
    out.push_str(&meant[from..]);
    json::between_quotes(&out)
}

/// Another value of the same type; none where there is nothing to hide.
fn masked_leaf(leaf: Leaf, written: &str) -> Option<Vec<u8>> {
    let mask = match leaf {
        Leaf::Null => return None,
        Leaf::Bool => "false",
        Leaf::Number if written.contains(['.', 'e', 'E']) => "0.0",
        Leaf::Number => "0",
        Leaf::Text if written.is_empty() => return None,
        Leaf::Text if !mail::find(written.as_bytes()).is_empty() => mail::MASK,
        Leaf::Text if written.starts_with("https://") || written.starts_with("http://") => {
            "https://example.com/redacted"
        }
        Leaf::Text | Leaf::Name => "REDACTED",
    };
    Some(mask.as_bytes().to_vec())
}

fn leaf_hint(leaf: Leaf, written: &str) -> String {
    match leaf {
        Leaf::Text | Leaf::Name => format!("“{}”", super::hint(written.as_bytes())),
        Leaf::Number => "a number".to_owned(),
        Leaf::Bool => "true or false".to_owned(),
        Leaf::Null => "null".to_owned(),
    }
}
