//! One byte of a body changed, so that a program that does not verify would not notice.

use crate::json_text::{Token, tokens};
use bytes::Bytes;
use serde::de::IgnoredAny;
use std::ops::Range;

/// The body with one byte changed, and a sentence that says which. What is JSON stays JSON where anything in it can be
/// changed at all: by choice a digit in a text (an id, a time), else a letter in a text, a digit of a number, a letter of
/// a field's name. To an empty body a byte is added.
pub(super) fn change_one_byte(body: &Bytes) -> (Bytes, String) {
    let mut changed = body.to_vec();
    let Some(at) = place(body) else {
        changed.push(b'0');
        return (
            changed.into(),
            "The body was empty when it was signed; the byte “0” was added after that.".to_owned(),
        );
    };
    let new = other(changed[at]);
    let old = std::mem::replace(&mut changed[at], new);
    let note = format!("Byte {} of the body was changed after signing, from {} to {}.", at + 1, shown(old), shown(new));
    (changed.into(), note)
}

/// Which byte; none where the body is empty.
fn place(body: &[u8]) -> Option<usize> {
    let digit = |b: &u8| b.is_ascii_digit();
    let letter = |b: &u8| b.is_ascii_alphabetic();
    let json = body.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(body);
    if serde_json::from_slice::<IgnoredAny>(json).is_ok() {
        let last = |token: Token, fits: fn(&u8) -> bool| {
            tokens(body).filter(|(found, _)| *found == token).find_map(|(_, at)| last_in(body, token, at, fits))
        };
        let found = last(Token::Text, digit)
            .or_else(|| last(Token::Text, letter))
            .or_else(|| last(Token::Number, digit))
            .or_else(|| last(Token::Name, letter));
        if found.is_some() {
            return found;
        }
    }
    let plain = body.iter().position(digit).or_else(|| body.iter().position(letter));
    plain.or((!body.is_empty()).then_some(0))
}

/// The last byte of a token that fits, escapes and exponents aside.
fn last_in(body: &[u8], token: Token, span: Range<usize>, fits: fn(&u8) -> bool) -> Option<usize> {
    let (mut at, mut found) = (span.start, None);
    while at < span.end {
        match body[at] {
            b'\\' => at += if body.get(at + 1) == Some(&b'u') { 6 } else { 2 },
            b'e' | b'E' if token == Token::Number => break,
            byte => {
                if fits(&byte) {
                    found = Some(at);
                }
                at += 1;
            }
        }
    }
    found
}

/// A byte of the same kind: a digit for a digit, a letter of the same case for a letter.
fn other(byte: u8) -> u8 {
    match byte {
        b'z' => b'a',
        b'Z' => b'A',
        b'a'..=b'y' | b'A'..=b'Y' => byte + 1,
        _ => byte ^ 1,
    }
}

fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("“{}”", char::from(byte)) } else { format!("0x{byte:02x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_changes_and_json_stays_json() {
        // name, body, changed body
        let rows: &[(&str, &[u8], &[u8])] = &[
            ("a digit in a text", br#"{"a":"b","id":"evt_129x","t":"3"}"#, br#"{"a":"b","id":"evt_128x","t":"3"}"#),
            ("a letter in a text", br#"{"a":"aZ","b":7}"#, br#"{"a":"aA","b":7}"#),
            ("escapes are let be", br#"["\u0041\n","\\z"]"#, br#"["\u0041\n","\\a"]"#),
            ("a number, not its exponent", br#"{"a":"","n":-1.9e308}"#, br#"{"a":"","n":-1.8e308}"#),
            ("a number alone in a list", b"[true, 0]", b"[true, 1]"),
            ("a name", br#"{"ab":null}"#, br#"{"ac":null}"#),
            ("a byte order mark", b"\xef\xbb\xbf{\"a\":\"1\"}", b"\xef\xbb\xbf{\"a\":\"0\"}"),
            ("nothing that could be changed", b"{}", b"z}"),
            ("no JSON", b"id=5&x=7", b"id=4&x=7"),
            ("no letters", "—".as_bytes(), b"\xe3\x80\x94"),
            ("not UTF-8", b"\xff\xfe", b"\xfe\xfe"),
            ("nothing at all", b"", b"0"),
        ];
        for (name, body, expected) in rows {
            let (changed, note) = change_one_byte(&Bytes::from_static(body));
            assert_eq!(changed, *expected, "{name}: {note}");
            let json = |body: &[u8]| serde_json::from_slice::<IgnoredAny>(body).is_ok();
            assert!(!json(body) || json(&changed) || *body == b"{}".as_slice(), "{name}: it was JSON");
        }
        let (_, note) = change_one_byte(&Bytes::from_static(br#"{"id":"evt_1"}"#));
        assert_eq!(note, "Byte 12 of the body was changed after signing, from “1” to “0”.");
        let (_, note) = change_one_byte(&Bytes::from_static(b"\xff"));
        assert_eq!(note, "Byte 1 of the body was changed after signing, from 0xff to 0xfe.");
    }
}
