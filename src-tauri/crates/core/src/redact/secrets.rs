//! The values of stored secrets, in the forms in which they may have gone astray.

use crate::decode::loose_base64;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use zeroize::Zeroizing;

/// Shorter values are not looked for: they would be found in every text.
const SHORTEST: usize = 6;
/// A key that is shorter than this as bytes is looked for in its written forms alone.
const SHORTEST_BYTES: usize = 8;

struct Form {
    /// The secret's name.
    name: String,
    bytes: Zeroizing<Vec<u8>>,
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
        let mut search = SecretSearch::default();
        for secret in secrets {
            let value = secret.value.reveal();
            let trimmed = value.trim();
            if trimmed.len() < SHORTEST {
                search.short.push(secret.name.clone());
                continue;
            }
            search.add(secret, trimmed.as_bytes());
            // Node's reading: a key in the url-safe alphabet or without padding is one too.
            if let Some(key) = loose_base64(trimmed).filter(|key| key.len() >= SHORTEST_BYTES) {
                search.add(secret, &key);
            }
        }
        search.forms.sort_by_key(|form| std::cmp::Reverse(form.bytes.len()));
        if !search.forms.is_empty() {
            search.begins = vec![0; (1 << 16) / 64];
        }
        for form in &search.forms {
            let (at, bit) = pair(form.bytes[0], form.bytes[1]);
            search.begins[at] |= bit;
        }
        search
    }

    /// The names of the secrets that are too short to be looked for.
    #[must_use]
    pub fn too_short(&self) -> &[String] {
        &self.short
    }

    /// The bytes with every secret hidden, where one is there; `names` gets the names of those.
    #[must_use]
    pub fn hide(&self, bytes: &[u8], names: &mut Vec<String>) -> Option<Vec<u8>> {
        if self.begins.is_empty() {
            return None;
        }
        let mut hidden: Option<Vec<u8>> = None;
        for (at, two) in bytes.windows(2).enumerate() {
            let (place, bit) = pair(two[0], two[1]);
            if self.begins[place] & bit == 0 {
                continue;
            }
            let Some(form) = self.forms.iter().find(|form| bytes[at..].starts_with(&form.bytes)) else { continue };
            let out = hidden.get_or_insert_with(|| bytes.to_vec());
            out[at..at + form.bytes.len()].iter_mut().for_each(|byte| *byte = stand_in(*byte));
            if !names.contains(&form.name) {
                names.push(form.name.clone());
            }
        }
        hidden
    }

    /// The same of a text.
    #[must_use]
    pub fn hide_text(&self, text: &str) -> Option<String> {
        self.hide(text.as_bytes(), &mut Vec::new()).map(|bytes| crate::request::text(&bytes))
    }

    fn add(&mut self, secret: &Secret, value: &[u8]) {
        let mut forms: Vec<Vec<u8>> = vec![value.to_vec()];
        if let Ok(text) = std::str::from_utf8(value) {
            let json = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
            forms.push(json.trim_matches('"').as_bytes().to_vec());
            forms.push(percent_encode(value, NON_ALPHANUMERIC).to_string().into_bytes());
        }
        let hex = crate::decode::to_hex(value);
        forms.push(hex.to_ascii_uppercase().into_bytes());
        forms.push(hex.into_bytes());
        for shift in 0..3 {
            forms.push(within_base64(value, shift, |bytes| STANDARD_NO_PAD.encode(bytes)));
            forms.push(within_base64(value, shift, |bytes| URL_SAFE_NO_PAD.encode(bytes)));
        }
        for form in forms {
            let known = self.forms.iter().any(|known| *known.bytes == form);
            if form.len() >= SHORTEST && !known {
                self.forms.push(Form { name: secret.name.clone(), bytes: Zeroizing::new(form) });
            }
        }
    }
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

/// A character of the same kind: a digit stays one, so that a number stays a number.
fn stand_in(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'1',
        b'-' | b'.' => byte,
        _ if byte.is_ascii_alphabetic() => b'x',
        _ => b'_',
    }
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
            assert_eq!(names, ["main"], "{name}");
            assert_eq!(hidden.len(), text.len() + 2, "{name}");
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
        assert_eq!(search.too_short(), ["short"]);
        for bytes in [key.to_vec(), to_hex(key).into_bytes(), to_base64(key).trim_end_matches('=').into()] {
            assert!(search.hide(&bytes, &mut Vec::new()).is_some(), "{}", bytes.escape_ascii());
        }
        let hidden = search.hide(b"{\"pin\":12345678}", &mut Vec::new()).expect("it is there");
        assert_eq!(hidden, b"{\"pin\":11111111}");
    }
}
