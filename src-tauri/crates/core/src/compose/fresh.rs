//! Values that are made afresh: `{{uuid}}`, `{{id:evt_}}`, `{{now}}`.

use crate::template::{Piece, TemplateError, read, unknown};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The placeholders, for a person. The four that tell a time take an offset in seconds.
pub const PLACEHOLDERS: [&str; 8] = [
    "{{uuid}}",
    "{{id:evt_}}",
    "{{now}} or {{now:-60}}",
    "{{now_ms}}",
    "{{unix}}",
    "{{unix_ms}}",
    "{{random:a|b|c}}",
    "{{int:1-100}}",
];

/// Letters and digits behind the prefix of `{{id:…}}`.
const ID_LEN: usize = 12;
/// Offsets go a hundred years either way: beyond, it is a slip of the hand.
const FARTHEST_S: i64 = 100 * 366 * 86_400;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What fresh values are made of.
pub struct Fresh<'a> {
    /// The present, unix microseconds.
    pub now_us: i64,
    /// Random bits, other ones at every call.
    pub random: &'a mut dyn FnMut() -> u64,
    /// The user's own values by name: `{{endpoint}}`. Their text is not searched for placeholders.
    pub named: &'a BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Named(String),
    Uuid,
    Id(String),
    /// With its offset in seconds.
    Time(Written, i64),
    Random(Vec<String>),
    Int(i64, i64),
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// RFC 3339 in whole seconds, UTC.
    Rfc3339,
    /// RFC 3339 with milliseconds, UTC.
    Rfc3339Ms,
    Unix,
    UnixMs,
}

/// Fills the placeholders of a text with fresh values; each one is made anew. A text without placeholders comes out as it
/// is, and `{{{{` as `{{`. The text is not looked at: where it is JSON, a placeholder may stand inside a string or, for a
/// number, in place of a value.
///
/// # Errors
/// The first placeholder that is none of [`PLACEHOLDERS`] or cannot be made, with its place.
pub fn fill(text: &str, fresh: &mut Fresh<'_>) -> Result<String, TemplateError> {
    let named = fresh.named;
    let pieces = read(text, |word| match named.get(word) {
        Some(value) => Ok(Place::Named(value.clone())),
        None => Place::parse(word),
    })?;
    let mut out = String::with_capacity(text.len());
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Place(place) => place.write(fresh, &mut out),
        }
    }
    Ok(out)
}

impl Place {
    /// Reads what stands between the braces; `Err` is one sentence.
    fn parse(word: &str) -> Result<Place, String> {
        let (name, given) = match word.split_once(':') {
            Some((name, given)) => (name.trim_end(), Some(given)),
            None => (word, None),
        };
        let written = match name {
            "now" => Some(Written::Rfc3339),
            "now_ms" => Some(Written::Rfc3339Ms),
            "unix" => Some(Written::Unix),
            "unix_ms" => Some(Written::UnixMs),
            _ => None,
        };
        if let Some(written) = written {
            return Ok(Place::Time(written, given.map_or(Ok(0), |text| offset(name, text))?));
        }
        match (name, given) {
            ("uuid", None) => Ok(Place::Uuid),
            ("id", prefix) => Ok(Place::Id(prefix.unwrap_or_default().to_owned())),
            ("random", Some(list)) => {
                let list: Vec<String> = list.split('|').map(str::to_owned).collect();
                if list.iter().any(String::is_empty) {
                    return Err("{{random:…}} takes texts divided by “|”, none of them empty.".to_owned());
                }
                Ok(Place::Random(list))
            }
            ("int", Some(range)) => int(range),
            _ => Err(format!("{} And named values of your own.", unknown(word, &PLACEHOLDERS))),
        }
    }

    fn write(&self, fresh: &mut Fresh<'_>, out: &mut String) {
        match self {
            Place::Named(value) => out.push_str(value),
            Place::Uuid => uuid((fresh.random)(), (fresh.random)(), out),
            Place::Id(prefix) => {
                out.push_str(prefix);
                out.extend((0..ID_LEN).map(|_| char::from(BASE62[below(62, (fresh.random)()) as usize])));
            }
            Place::Random(list) => out.push_str(&list[below(list.len() as u64, (fresh.random)()) as usize]),
            Place::Int(least, most) => {
                // One more than fits where the range is all there is: then every number is in it.
                let value = match most.abs_diff(*least).checked_add(1) {
                    Some(count) => least.wrapping_add_unsigned(below(count, (fresh.random)())),
                    None => (fresh.random)().cast_signed(),
                };
                let _ = write!(out, "{value}");
            }
            Place::Time(written, offset_s) => {
                let us = fresh.now_us.saturating_add(offset_s.saturating_mul(1_000_000));
                let limits = (Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
                let at = Timestamp::from_microsecond(us.clamp(limits.0, limits.1)).unwrap_or_default();
                let _ = match written {
                    Written::Rfc3339 => write!(out, "{}", at.strftime("%Y-%m-%dT%H:%M:%SZ")),
                    Written::Rfc3339Ms => write!(out, "{}", at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")),
                    Written::Unix => write!(out, "{}", us.div_euclid(1_000_000)),
                    Written::UnixMs => write!(out, "{}", us.div_euclid(1000)),
                };
            }
        }
    }
}

fn offset(name: &str, text: &str) -> Result<i64, String> {
    let seconds = text.trim().parse::<i64>().ok().filter(|s| (-FARTHEST_S..=FARTHEST_S).contains(s));
    seconds.ok_or_else(|| {
        let given = crate::shorten(text, 40);
        format!("“{given}” is no offset: {{{{{name}:-60}}}} is a minute ago; a hundred years is the most.")
    })
}

fn int(range: &str) -> Result<Place, String> {
    // The dash of the range is the first behind the first digit: "-10--5" is a range too.
    let digit = range.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    let dash = range[digit..].find('-').map(|at| digit + at);
    let ends = dash.and_then(|at| {
        let least = range[..at].trim().parse::<i64>().ok()?;
        Some((least, range[at + 1..].trim().parse::<i64>().ok()?))
    });
    match ends {
        Some((least, most)) if least <= most => Ok(Place::Int(least, most)),
        _ => {
            let given = crate::shorten(range, 40);
            Err(format!("“{given}” is no range of whole numbers, the smaller first: {{{{int:1-100}}}}."))
        }
    }
}

/// A number below `count` out of 64 random bits. For the counts met here the unevenness cannot be measured.
fn below(count: u64, random: u64) -> u64 {
    let high = (u128::from(random) * u128::from(count)) >> 64;
    u64::try_from(high).unwrap_or_default()
}

/// A UUID of version 4 (RFC 9562) out of 128 random bits.
fn uuid(high: u64, low: u64, out: &mut String) {
    let high = high & !0xf000 | 0x4000;
    let low = low & !(0xc000 << 48) | (0x8000 << 48);
    let _ = write!(
        out,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T12:00:00.123456Z
    const NOW: i64 = 1_795_176_000_123_456;

    fn filled(text: &str, random: u64) -> Result<String, TemplateError> {
        fill(text, &mut Fresh { now_us: NOW, random: &mut || random, named: &BTreeMap::new() })
    }

    #[test]
    fn every_placeholder_gives_its_value_at_both_ends_of_randomness() {
        let rows = [
            ("plain } }} { text", "plain } }} { text", "plain } }} { text"),
            ("{{{{uuid}}", "{{uuid}}", "{{uuid}}"),
            ("<{{uuid}}>", "<00000000-0000-4000-8000-000000000000>", "<ffffffff-ffff-4fff-bfff-ffffffffffff>"),
            ("{{id:evt_}}", "evt_000000000000", "evt_zzzzzzzzzzzz"),
            ("{{ id }}", "000000000000", "zzzzzzzzzzzz"),
            ("{{now}}", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
            ("{{now:+30}}", "2026-11-20T12:00:30Z", "2026-11-20T12:00:30Z"),
            ("{{now_ms:-3600}}", "2026-11-20T11:00:00.123Z", "2026-11-20T11:00:00.123Z"),
            ("{{unix}} {{unix:-60}}", "1795176000 1795175940", "1795176000 1795175940"),
            ("{{unix_ms: 1}}", "1795176001123", "1795176001123"),
            ("{{random:a|b c|ü}}", "a", "ü"),
            ("{{int:1-100}}", "1", "100"),
            ("{{int:-10--5}}", "-10", "-5"),
            ("{{int:-9223372036854775808-9223372036854775807}}", "0", "-1"),
            ("{\"n\":{\"a\":{{int:7-7}}}}", "{\"n\":{\"a\":7}}", "{\"n\":{\"a\":7}}"),
        ];
        for (text, low, high) in rows {
            assert_eq!(filled(text, 0).as_deref(), Ok(low), "{text}");
            assert_eq!(filled(text, u64::MAX).as_deref(), Ok(high), "{text}");
        }
    }

    #[test]
    fn what_is_no_placeholder_is_said_with_its_place() {
        let rows = [
            ("é{{body.id}}", 1, 11, "There is no placeholder “body.id”: there are {{uuid}}, "),
            ("a {{now", 2, 2, "“{{” begins a placeholder that “}}” does not end"),
            ("{{}}", 0, 4, "There is no placeholder “”"),
            ("{{uuid:4}}", 0, 10, "There is no placeholder “uuid:4”"),
            ("{{unix:soon}}", 0, 13, "“soon” is no offset: {{unix:-60}} is a minute ago"),
            ("{{now:99999999999}}", 0, 19, "“99999999999” is no offset"),
            ("{{random:}}", 0, 11, "{{random:…}} takes texts divided by “|”"),
            ("{{random:a||b}}", 0, 15, "{{random:…}} takes texts divided by “|”"),
            ("{{int:9-1}}", 0, 11, "“9-1” is no range of whole numbers, the smaller first: {{int:1-100}}."),
            ("{{int:}}", 0, 8, "“” is no range"),
            ("{{int:é-1}}", 0, 11, "“é-1” is no range"),
            ("{{int:1-1e9}}", 0, 13, "“1-1e9” is no range"),
        ];
        for (text, start, len, says) in rows {
            let error = filled(text, 0).expect_err(text);
            assert_eq!((error.start, error.len), (start, len), "{text}: {error}");
            assert!(error.message.starts_with(says), "{text}: {error}");
        }
    }
}
