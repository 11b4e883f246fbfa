//! The values of stored secrets, in the forms in which they may have gone astray.
//!
//! A form is found as it is written, and also where JSON or percent-encoding writes its characters otherwise (`\/`,
//! `\u002F`, `%2f`), in any mix and however often it was escaped. JSON is looked through text by text, names included, by
//! what the texts mean, and stays JSON. A mask says nothing of what it hides: it is the same for every secret, but that a
//! base64 text keeps its length modulo 4.

use super::json::{self, Leaf};
use crate::decode::loose_base64;
use crate::request::text;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use std::ops::Range;
use zeroize::Zeroizing;

/// Shorter values are not looked for: they would be found in every text.
const SHORTEST: usize = 6;
/// A key that is shorter than this as bytes is looked for in its written forms alone.
const SHORTEST_BYTES: usize = 8;
/// What stands in the place of a secret.
pub(super) const MASK: &str = "REDACTED";
/// And where a number is to stay one.
const NUMBER_MASK: &str = "11111111";

/// How a form writes the secret's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Plain,
    Hex,
    /// The characters before and behind may hold bits of it too.
    Base64 {
        before: bool,
        behind: bool,
    },
}

struct Form {
    /// The secret's name, as a sentence has it: “main” of Pollo.ai.
    label: String,
    bytes: Zeroizing<Vec<u8>>,
    /// The same without escapes.
    meant: Zeroizing<Vec<u8>>,
    writing: Writing,
}

/// Where a secret stands.
struct Hit<'a> {
    range: Range<usize>,
    form: &'a Form,
}

/// Looks for the values of secrets: as they are, as JSON and percent-encoding write them, in hex, in base64 at each of its
/// three alignments (so also within a longer base64 text), and, of a base64 secret, the bytes that it decodes to.
#[derive(Default)]
pub struct SecretSearch {
    /// The longest first: the whole of a secret is hidden before a part of it.
    forms: Vec<Form>,
    /// The two bytes with which a form begins, a bit for each pair: most places are passed over by one look. Many searches
    /// one after another took half of an export's time.
    begins: Vec<u64>,
    short: Vec<String>,
}

/// The place of a pair of bytes among the bits.
fn pair(first: u8, second: u8) -> (usize, u64) {
    let pair = usize::from(first) << 8 | usize::from(second);
    (pair / 64, 1 << (pair % 64))
}

impl std::fmt::Debug for SecretSearch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretSearch").field("forms", &self.forms.len()).finish_non_exhaustive()
    }
}

impl SecretSearch {
    /// Makes secrets ready to be looked for.
    #[must_use]
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        SecretSearch::labelled(secrets.into_iter().map(|secret| (format!("“{}”", secret.name), secret)))
    }

    /// The same, with what each is called in a sentence: “main” of Pollo.ai.
    #[must_use]
    pub fn labelled<'a>(secrets: impl IntoIterator<Item = (String, &'a Secret)>) -> Self {
        let mut search = SecretSearch::default();
        for (label, secret) in secrets {
            let value = secret.value.reveal();
            let trimmed = value.trim();
            if trimmed.len() < SHORTEST {
                search.short.push(label);
                continue;
            }
            search.add(&label, trimmed.as_bytes());
            // Node's reading: a key in the url-safe alphabet or without padding is one too.
            if let Some(key) = loose_base64(trimmed).filter(|key| key.len() >= SHORTEST_BYTES) {
                search.add(&label, &key);
            }
        }
        search.forms.sort_by_key(|form| std::cmp::Reverse(form.bytes.len()));
        if !search.forms.is_empty() {
            search.begins = vec![0; (1 << 16) / 64];
        }
        for form in &search.forms {
            for bytes in [&form.bytes, &form.meant] {
                let (at, bit) = pair(bytes[0], bytes[1]);
                search.begins[at] |= bit;
            }
        }
        search
    }

    /// The labels of the secrets that are too short to be looked for.
    #[must_use]
    pub fn too_short(&self) -> &[String] {
        &self.short
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// The bytes with every secret hidden, where one is there; `names` gets the labels of those. What is JSON stays JSON.
    #[must_use]
    pub fn hide(&self, bytes: &[u8], names: &mut Vec<String>) -> Option<Vec<u8>> {
        if self.is_empty() {
            return None;
        }
        let hits = self.hits(bytes);
        if hits.is_empty() && memchr::memchr(b'\\', bytes).is_none() {
            return None;
        }
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        if let Some(json) = std::str::from_utf8(&bytes[mark..]).ok().filter(|text| json::is_json(text)) {
            let hidden = self.hide_in_json(json, !hits.is_empty(), names)?;
            return Some([&bytes[..mark], &hidden].concat());
        }
        hidden(bytes, hits, names)
    }

    /// The same of a text.
    #[must_use]
    pub fn hide_text(&self, text: &str) -> Option<String> {
        self.hide(text.as_bytes(), &mut Vec::new()).map(|bytes| crate::request::text(&bytes))
    }

    /// `any` says that the text as it is written holds a secret; otherwise only what is escaped may.
    fn hide_in_json(&self, json: &str, any: bool, names: &mut Vec<String>) -> Option<Vec<u8>> {
        let (mut out, mut from) = (Vec::new(), 0);
        json::leaves(json, |_, leaf, at| {
            let written = &json[at.clone()];
            if !any && !written.contains('\\') {
                return;
            }
            let mask = match leaf {
                Leaf::Text | Leaf::Name => self.hide_in_string(written, names),
                Leaf::Number => hidden(written.as_bytes(), self.hits(written.as_bytes()), names)
                    .map(|_| NUMBER_MASK.as_bytes().to_vec()),
                Leaf::Bool | Leaf::Null => None,
            };
            if let Some(mask) = mask {
                out.extend_from_slice(&json.as_bytes()[from..at.start]);
                out.extend_from_slice(&mask);
                from = at.end;
            }
        });
        let changed = from > 0;
        out.extend_from_slice(&json.as_bytes()[from..]);
        // A secret may itself be JSON, and go over several values.
        match hidden(&out, self.hits(&out), names) {
            Some(rest) if std::str::from_utf8(&rest).is_ok_and(json::is_json) => Some(rest),
            Some(_) => Some(format!("[\"{MASK}\"]").into_bytes()),
            None => changed.then_some(out),
        }
    }

    /// What stands between the quotes of a JSON text, with every secret hidden.
    fn hide_in_string(&self, written: &str, names: &mut Vec<String>) -> Option<Vec<u8>> {
        let meant = json::meant(written);
        match self.hide(meant.as_bytes(), names) {
            Some(hidden) => Some(json::between_quotes(&text(&hidden))),
            // An escape's own letters may be a part of it: what is left of it would be none.
            None => hidden(written.as_bytes(), self.hits(written.as_bytes()), names).map(|_| MASK.as_bytes().to_vec()),
        }
    }

    /// Where secrets stand, in order.
    fn hits(&self, bytes: &[u8]) -> Vec<Hit<'_>> {
        let begins = |first: u8, second: u8| {
            let (place, bit) = pair(first, second);
            self.begins[place] & bit != 0
        };
        let mut hits = Vec::new();
        for (at, two) in bytes.windows(2).enumerate() {
            if !begins(two[0], two[1]) {
                continue;
            }
            if let Some(form) = self.forms.iter().find(|form| bytes[at..].starts_with(&form.bytes)) {
                hits.push(Hit { range: at..at + form.bytes.len(), form });
            }
        }
        if memchr::memchr2(b'\\', b'%', bytes).is_some() {
            let mut at = 0;
            while let Some(unit) = unit(bytes, at) {
                let second = unit.bytes().get(1).copied().or_else(|| Some(self::unit(bytes, unit.end)?.bytes[0]));
                if second.is_some_and(|second| begins(unit.bytes[0], second)) {
                    let found = self.forms.iter().find_map(|form| Some((form, meant_end(bytes, at, &form.meant)?)));
                    hits.extend(found.map(|(form, end)| Hit { range: at..end, form }));
                }
                at = unit.end;
            }
            hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
        }
        hits
    }

    fn add(&mut self, label: &str, value: &[u8]) {
        let mut forms: Vec<(Writing, Vec<u8>)> = vec![(Writing::Plain, value.to_vec())];
        if let Ok(text) = std::str::from_utf8(value) {
            forms.push((Writing::Plain, json::between_quotes(text)));
            let encoded = percent_encode(value, NON_ALPHANUMERIC).to_string();
            // A form writes a space as a plus sign.
            forms.push((Writing::Plain, encoded.replace("%20", "+").into_bytes()));
            forms.push((Writing::Plain, encoded.into_bytes()));
        }
        let hex = crate::decode::to_hex(value);
        forms.push((Writing::Hex, hex.to_ascii_uppercase().into_bytes()));
        forms.push((Writing::Hex, hex.into_bytes()));
        for shift in 0..3 {
            let writing = Writing::Base64 { before: shift > 0, behind: !(shift + value.len()).is_multiple_of(3) };
            forms.push((writing, within_base64(value, shift, |bytes| STANDARD_NO_PAD.encode(bytes))));
            forms.push((writing, within_base64(value, shift, |bytes| URL_SAFE_NO_PAD.encode(bytes))));
        }
        for (writing, bytes) in forms {
            let known = self.forms.iter().any(|known| *known.bytes == bytes);
            let meant = Zeroizing::new(meant(&bytes));
            if bytes.len() >= SHORTEST && meant.len() >= 2 && !known {
                self.forms.push(Form { label: label.to_owned(), bytes: Zeroizing::new(bytes), meant, writing });
            }
        }
    }
}

impl Hit<'_> {
    /// All that holds something of the secret.
    fn whole(&self, bytes: &[u8]) -> Range<usize> {
        let (mut start, mut end) = (self.range.start, self.range.end);
        if let Writing::Base64 { before, behind } = self.form.writing {
            let is_ours = |byte: Option<&u8>| byte.is_some_and(is_base64);
            start -= usize::from(before && start > 0 && is_ours(bytes.get(start - 1)));
            end += usize::from(behind && is_ours(bytes.get(end)));
        }
        start..end
    }

    fn mask(&self, whole: &Range<usize>, bytes: &[u8]) -> Vec<u8> {
        let padded = bytes.get(whole.end) == Some(&b'=') && self.form.bytes.iter().all(is_base64);
        match self.form.writing {
            Writing::Hex => b"00".repeat(8),
            Writing::Plain if !padded => MASK.into(),
            // It ends with an `A`: what stands before the padding has to be zeroes.
            _ => [MASK.as_bytes(), &b"AAAAAAA"[..4 + whole.len() % 4]].concat(),
        }
    }
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(byte)
}

/// The bytes with masks where the hits are; hits that overlap or touch have one mask.
fn hidden(bytes: &[u8], hits: Vec<Hit<'_>>, names: &mut Vec<String>) -> Option<Vec<u8>> {
    let mut masks: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    for hit in &hits {
        let whole = hit.whole(bytes);
        match masks.last_mut() {
            Some((last, _)) if whole.start < last.end => {
                last.end = last.end.max(whole.end);
                continue;
            }
            _ => {
                let mask = hit.mask(&whole, bytes);
                masks.push((whole, mask));
            }
        }
        if !names.contains(&hit.form.label) {
            names.push(hit.form.label.clone());
        }
    }
    let (mut out, mut from) = (Vec::with_capacity(bytes.len()), 0);
    for (range, mask) in &masks {
        out.extend_from_slice(&bytes[from..range.start]);
        out.extend_from_slice(mask);
        from = range.end;
    }
    out.extend_from_slice(&bytes[from..]);
    (!masks.is_empty()).then_some(out)
}

/// One character, or one byte of it, as it is meant, and where the next begins.
struct Unit {
    bytes: [u8; 4],
    len: usize,
    end: usize,
}

impl Unit {
    fn of(byte: u8, end: usize) -> Unit {
        Unit { bytes: [byte, 0, 0, 0], len: 1, end }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// What is meant at a place: an escape, with however many backslashes, is one unit, and so is a percent-encoded byte.
fn unit(bytes: &[u8], at: usize) -> Option<Unit> {
    let first = *bytes.get(at)?;
    if first == b'%' {
        let byte = bytes.get(at + 1..at + 3).and_then(hex_number);
        return Some(byte.map_or(Unit::of(first, at + 1), |byte| Unit::of(byte as u8, at + 3)));
    }
    if first != b'\\' {
        return Some(Unit::of(first, at + 1));
    }
    let at = at + bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
    let Some(letter) = bytes.get(at) else { return Some(Unit::of(first, at)) };
    if let Some((c, end)) = unicode_escape(bytes, at) {
        let mut unit = Unit { bytes: [0; 4], len: c.len_utf8(), end };
        c.encode_utf8(&mut unit.bytes);
        return Some(unit);
    }
    let meant = match letter {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        other => *other,
    };
    Some(Unit::of(meant, at + 1))
}

/// The character of `uXXXX`, or of a pair of them, and where it ends.
fn unicode_escape(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let number = |at: usize| match bytes.get(at) {
        Some(b'u') => bytes.get(at + 1..at + 5).and_then(hex_number),
        _ => None,
    };
    let (first, end) = (number(at)?, at + 5);
    let next = end + bytes[end..].iter().take_while(|byte| **byte == b'\\').count();
    let second = number(next).filter(|second| next > end && (0xdc00..0xe000).contains(second));
    match (first, second) {
        (0xd800..0xdc00, Some(second)) => {
            Some((char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?, next + 5))
        }
        _ => Some((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), end)),
    }
}

fn hex_number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

/// Bytes as they are meant.
fn meant(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(unit) = unit(bytes, at) {
        out.extend_from_slice(unit.bytes());
        at = unit.end;
    }
    out
}

/// Where what is meant by `wanted` ends, should it begin there.
fn meant_end(bytes: &[u8], mut at: usize, mut wanted: &[u8]) -> Option<usize> {
    while !wanted.is_empty() {
        let unit = unit(bytes, at)?;
        wanted = wanted.strip_prefix(unit.bytes())?;
        at = unit.end;
    }
    Some(at)
}

/// The characters that stand in a base64 text for these bytes alone, where `shift` bytes of a group stand before them.
fn within_base64(value: &[u8], shift: usize, encode: impl Fn(&[u8]) -> String) -> Vec<u8> {
    let shifted = Zeroizing::new([&[0; 2][..shift], value].concat());
    let text = Zeroizing::new(encode(&shifted));
    // A character that holds bits of a neighbour is none of ours.
    let begin = (shift * 8).div_ceil(6);
    let end = shifted.len() * 8 / 6;
    text.as_bytes().get(begin..end).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{to_base64, to_hex};
    use crate::secret::SecretText;

    fn secret(name: &str, value: &str) -> Secret {
        Secret { name: name.to_owned(), value: SecretText::new(value.to_owned()) }
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let value = "s3cret/\"value+\u{e9}";
        let secrets = [secret("main", value)];
        let search = SecretSearch::new(&secrets);
        let basic = |user: &str| to_base64(format!("{user}:{value}:and more").as_bytes());
        let rows = [
            ("as it is", value.to_owned()),
            ("twice", format!("{value} {value}")),
            ("in JSON", serde_json::to_string(value).expect("JSON")),
            ("in JSON as PHP writes it", "s3cret\\/\\\"value+\\u00e9".to_owned()),
            ("in JSON, all escaped", value.chars().map(|c| format!("\\u{:04X}", u32::from(c))).collect()),
            ("in JSON in JSON", "s3cret\\\\\\/\\\\u0022value\\u002B\\\\u00E9".to_owned()),
            ("in JSON without quotes", "s3cret\\u002f\\\"value\\u002b\u{e9}".to_owned()),
            ("percent-encoded as JavaScript does", "s3cret%2F%22value%2B%C3%A9".to_owned()),
            ("percent-encoded in small letters", "s3cret%2f%22value%2b%c3%a9".to_owned()),
            ("percent-encoded", percent_encode(value.as_bytes(), NON_ALPHANUMERIC).to_string()),
            ("hex", to_hex(value.as_bytes())),
            ("upper hex", to_hex(value.as_bytes()).to_uppercase()),
            ("base64", to_base64(value.as_bytes())),
            ("base64, one behind", basic("a")),
            ("base64, two behind", basic("ab")),
            ("base64, three behind", basic("abc")),
        ];
        for (name, text) in rows {
            let mut names = Vec::new();
            let hidden = search.hide(format!("<{text}>").as_bytes(), &mut names).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(names, ["“main”"], "{name}");
            assert_eq!(search.hide(&hidden, &mut names), None, "{name}: nothing is left");
        }
        assert_eq!(search.hide(b"s3cret and nothing else", &mut Vec::new()), None);
        assert!(!format!("{search:?}").contains("s3cret"));
    }

    #[test]
    fn the_key_behind_a_base64_secret_is_found_too_and_a_number_stays_one() {
        let key = b"\x01a key of sixteen";
        let secrets = [secret("key", &to_base64(key)), secret("pin", "12345678\n"), secret("short", "abc")];
        let search = SecretSearch::new(&secrets);
        assert_eq!(search.too_short(), ["“short”"]);
        for bytes in [key.to_vec(), to_hex(key).into_bytes(), to_base64(key).trim_end_matches('=').into()] {
            assert!(search.hide(&bytes, &mut Vec::new()).is_some(), "{}", bytes.escape_ascii());
        }
        let hidden = search.hide(b"{\"pin\":12345678}", &mut Vec::new()).expect("it is there");
        assert_eq!(hidden, b"{\"pin\":11111111}");
    }

    #[test]
    fn json_is_searched_by_what_it_means_and_stays_json() {
        let secrets = [secret("main", "6/IAfy+ab"), secret("word", "nabcde"), secret("all", r#"{"k":"v w"}"#)];
        let search = SecretSearch::new(&secrets);
        let rows = [
            ("PHP's", r#"{"a":"<6\/IAfy+ab>"}"#, r#"{"a":"<REDACTED>"}"#),
            ("small hex", r#"["6\u002fIAfy\u002bab"]"#, r#"["REDACTED"]"#),
            ("large hex", r#"["6\u002FIAfy\u002Bab"]"#, r#"["REDACTED"]"#),
            ("letters", r#"["\u0036/\u0049Afy+ab"]"#, r#"["REDACTED"]"#),
            ("a name", r#"{"x":{"6\/IAfy+ab":1}}"#, r#"{"x":{"REDACTED":1}}"#),
            ("deep", r#"[[[{"a":["6\/IAfy+ab"]}]]]"#, r#"[[[{"a":["REDACTED"]}]]]"#),
            ("JSON in JSON", r#"{"a":"{\"b\":\"6\\\/IAfy+ab\"}"}"#, r#"{"a":"{\"b\":\"REDACTED\"}"}"#),
            ("an escape is a part", r#"["x\nabcde"]"#, r#"["REDACTED"]"#),
            ("behind an escape", r#"["x\\nabcde\n"]"#, r#"["x\\REDACTED\n"]"#),
            ("a base64 with padding", r#"["NnwvSUFmeSthYg=="]"#, r#"["NnwvSUFmeSthYg=="]"#),
            ("its base64", r#"["Ni9JQWZ5K2Fi=="]"#, r#"["REDACTEDAAAA=="]"#),
            ("its base64, one behind", r#"["OjYvSUFmeSthYg=="]"#, r#"["OREDACTEDAAAAA=="]"#),
            ("over several values", r#"{"x":{"k":"v w"}}"#, r#"["REDACTED"]"#),
            ("not whole", r#"{"a":"6\/IAfy+ab","#, r#"{"a":"REDACTED","#),
        ];
        for (name, json, expected) in rows {
            let hidden = search.hide(json.as_bytes(), &mut Vec::new());
            let hidden = hidden.map_or_else(|| json.to_owned(), |bytes| text(&bytes));
            assert_eq!(hidden, expected, "{name}");
            assert_eq!(json::is_json(&hidden), json::is_json(json), "{name}");
        }
    }

    #[test]
    fn a_mask_gives_nothing_away() {
        let mut masks: Vec<Vec<u8>> = Vec::new();
        for value in ["abcdef", "0123456789abcdef", "a-b_c.d/e+f", "12345678901234567890"] {
            let secrets = [secret("main", value)];
            let search = SecretSearch::new(&secrets);
            masks.push(search.hide(value.as_bytes(), &mut Vec::new()).expect("it is there"));
        }
        assert_eq!(masks, [MASK.as_bytes(); 4]);
    }
}
