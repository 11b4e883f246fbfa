//! What stands in bodies: JSON, forms, texts.

use super::json::{self, Leaf, Step};
use super::{Found, Kind, Known, Part, Unsearched, mail, multipart, query, texts};
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
    let media = headers.first("content-type").map(|value| text(value)).unwrap_or_default();
    if media.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return query::find(body, part, "form", known, found);
    }
    let texts = Texts { part };
    found.extend(texts::find(body, known).into_iter().map(|hit| texts.found(hit)));
    if let Some(boundary) = multipart::boundary(&media) {
        let values = multipart::values(body, &boundary).into_iter();
        found.extend(values.filter(|(name, _)| query::is_token_field(name)).map(|(_, range)| {
            let shown = super::hint(&body[range.clone()]);
            texts.found(texts::Hit { kind: Kind::Tokens, range, shown, mask: "REDACTED" })
        }));
    }
}

/// A body that is a text.
struct Texts {
    part: Part,
}

impl Texts {
    fn found(&self, hit: texts::Hit) -> Found {
        let what = match hit.kind {
            Kind::TunnelAddresses => "tunnels",
            kind => kind.name(),
        };
        let (key, place) = match self.part {
            Part::Body => (format!("text:{what}"), "the body"),
            _ => (format!("answer-text:{what}"), "the answer's body"),
        };
        let (kind, range, shown) = (hit.kind, hit.range, hit.shown);
        Found {
            kind,
            key,
            place: place.to_owned(),
            pointer: None,
            part: self.part,
            range,
            shown,
            mask: hit.mask.into(),
        }
    }
}

/// A text within a JSON body, at its pointer.
struct Value<'a> {
    pointer: &'a str,
    part: Part,
    name: bool,
}

impl Value<'_> {
    fn found(&self, kind: Kind, range: Range<usize>, shown: String, mask: Vec<u8>) -> Found {
        let (before, of) = if self.part == Part::Body { ("", "the body") } else { ("answer-", "the answer's body") };
        let (what, place) = match self.name {
            true => ("json-name", format!("the name {} in {of}", self.pointer)),
            false => ("json", format!("{} in {of}", self.pointer)),
        };
        let key = format!("{before}{what}:{}", self.pointer);
        // A shortened path leads nowhere, and a name is no value.
        let pointer = (!self.name && !self.pointer.contains('…')).then(|| self.pointer.to_owned());
        Found { kind, key, place, pointer, part: self.part, range, shown, mask }
    }
}

fn in_json(json: &str, offset: usize, part: Part, known: &Known, pointers: &[String], found: &mut Vec<Found>) {
    let pointers: Vec<Vec<String>> = pointers.iter().map(|pointer| json::steps(pointer)).collect();
    // A name that is itself masked does not stand in the words for its place.
    let hides = |name: &str| !texts::find(name.as_bytes(), known).is_empty();
    json::leaves(json, |path, leaf, at| {
        let chosen = leaf != Leaf::Name && pointers.iter().any(|pointer| json::is_at(path, pointer));
        let written = &json[at.clone()];
        let token = leaf == Leaf::Text && !written.is_empty() && is_token(path);
        let is_text = matches!(leaf, Leaf::Text | Leaf::Name);
        if !chosen && !token && (!is_text || !may_hold(written)) {
            return;
        }
        let whole = at.start + offset..at.end + offset;
        // The words for a place are worth their work only where something is found.
        let hits = if chosen || token { Vec::new() } else { texts::find(json::meant(written).as_bytes(), known) };
        if hits.is_empty() && !chosen && !token {
            return;
        }
        let pointer = json::pattern(path, hides);
        let value = Value { pointer: &pointer, part, name: leaf == Leaf::Name };
        if let Some(mask) = chosen.then(|| masked_leaf(leaf, written)).flatten() {
            found.push(value.found(Kind::Chosen, whole.clone(), leaf_hint(leaf, written), mask));
        }
        if token {
            let shown = super::hint(json::meant(written).as_bytes());
            found.push(value.found(Kind::Tokens, whole, shown, b"REDACTED".to_vec()));
        }
        let places = if written.contains('\\') { json::places(written) } else { Vec::new() };
        let place = |at: usize| offset + places.get(at).copied().unwrap_or(at);
        for hit in hits {
            let range = at.start + place(hit.range.start)..at.start + place(hit.range.end);
            found.push(value.found(hit.kind, range, hit.shown, hit.mask.into()));
        }
    });
}

/// Whether the name of the field that a path leads to says that its value gives access.
fn is_token(path: &[Step<'_>]) -> bool {
    match path.last() {
        Some(Step::Field(name)) => name.len() <= 600 && query::is_token_field(&json::meant(name)),
        _ => false,
    }
}

/// A quick look: whether an address, a host or a URL may stand in a text.
fn may_hold(written: &str) -> bool {
    memchr::memchr3(b'@', b'\\', b'.', written.as_bytes()).is_some()
        || memchr::memchr(b'=', written.as_bytes()).is_some()
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
