//! Bytes inside quotes: of a POSIX shell, of JavaScript, of Python.

use std::fmt::Write;

/// One word of a POSIX shell: bare, in `'…'`, or in `$'…'` where it is not text or holds what a person would not see.
///
/// Within `$'…'` a byte is three octal digits: `\x` takes any number of digits in some shells. `!` is written so too,
/// because an interactive shell looks for its history there. A NUL ends the word: no shell can hold one.
pub(super) fn shell(bytes: &[u8]) -> String {
    let bare = |b: &u8| b.is_ascii_alphanumeric() || b"-_./".contains(b);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && bytes.iter().all(bare) => text.to_owned(),
        Ok(text) if text.chars().all(is_shown) => format!("'{}'", text.replace('\'', r"'\''")),
        _ => {
            let mut out = String::with_capacity(bytes.len() * 2);
            out.push_str("$'");
            for &byte in bytes {
                match byte {
                    b'\n' => out.push_str("\\n"),
                    b'\r' => out.push_str("\\r"),
                    b'\t' => out.push_str("\\t"),
                    b'\'' | b'\\' => out.extend(['\\', char::from(byte)]),
                    b' '..=b'~' if byte != b'!' => out.push(char::from(byte)),
                    _ => push(&mut out, format_args!("\\{byte:03o}")),
                }
            }
            out.push('\'');
            out
        }
    }
}

/// A string of JavaScript, in double quotes.
pub(super) fn javascript(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_shown(c) => out.push(c),
            c => push(&mut out, format_args!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// A string of JavaScript with a character for each byte, as `fetch` wants a header's value.
pub(super) fn javascript_bytes(bytes: &[u8]) -> String {
    let mut out = javascript("");
    out.pop();
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => push(&mut out, format_args!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

/// A literal of Python: `'…'` for ASCII, else `b'…'`.
pub(super) fn python(bytes: &[u8]) -> String {
    let quoted = python_bytes(bytes);
    if bytes.is_ascii() { quoted[1..].to_owned() } else { quoted }
}

/// A literal of Python's bytes.
pub(super) fn python_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push_str("b'");
    for &byte in bytes {
        match byte {
            b'\'' | b'\\' => out.extend(['\\', char::from(byte)]),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => push(&mut out, format_args!("\\x{byte:02x}")),
        }
    }
    out.push('\'');
    out
}

/// A text of Python.
pub(super) fn python_text(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            c if c != '\n' && is_shown(c) => out.push(c),
            c => push(&mut out, format_args!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('\'');
    out
}

/// Whether a person sees a character for what it is: no control but the line end, nothing invisible, nothing that turns
/// the order of what is shown.
pub(crate) fn is_shown(c: char) -> bool {
    let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c == '\n' || !(c.is_control() || hidden)
}

fn push(out: &mut String, args: std::fmt::Arguments<'_>) {
    out.write_fmt(args).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_as_little_as_it_can_be() {
        let rows: [(&str, &[u8], &str); 8] = [
            ("bare", b"PUT", "PUT"),
            ("nothing", b"", "''"),
            ("text", "é $x\n\\ !".as_bytes(), "'é $x\n\\ !'"),
            ("a quote", b"it's", r"'it'\''s'"),
            ("a control character", b"a\r\n\t\x1b", r"$'a\r\n\t\033'"),
            ("an interactive shell looks for its history", b"!\t", r"$'\041\t'"),
            ("a digit after a byte", b"\xff1'\\", r"$'\3771\'\\'"),
            ("what turns the order of what is shown", "\u{202e}x".as_bytes(), r"$'\342\200\256x'"),
        ];
        for (name, bytes, expected) in rows {
            assert_eq!(shell(bytes), expected, "{name}");
        }
    }
}
