//! The functions that filters add to SQLite: text in bytes, without case in ASCII.

use countersign_core::filter::Pattern;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

/// Adds `holds(bytes, text)`, `path_holds(target, text)`, `fits(text, parts…)` and the others to a connection.
pub(crate) fn add_functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function("holds", 2, flags, |ctx| Ok(holds(bytes(ctx.get_raw(0)), bytes(ctx.get_raw(1)))))?;
    conn.create_scalar_function("path_holds", 2, flags, |ctx| {
        Ok(holds(path(bytes(ctx.get_raw(0))), bytes(ctx.get_raw(1))))
    })?;
    conn.create_scalar_function("headers_hold", 3, flags, |ctx| {
        let (head, packed, part) = (bytes(ctx.get_raw(0)), bytes(ctx.get_raw(1)), bytes(ctx.get_raw(2)));
        Ok(headers_hold(head, packed, part))
    })?;
    conn.create_scalar_function("fits", 2, flags, |ctx| {
        Ok(!matches!(ctx.get_raw(0), ValueRef::Null) && pattern(bytes(ctx.get_raw(1))).matches(bytes(ctx.get_raw(0))))
    })?;
    conn.create_scalar_function("path_fits", 2, flags, |ctx| {
        Ok(pattern(bytes(ctx.get_raw(1))).matches(path(bytes(ctx.get_raw(0)))))
    })
}

fn bytes<'a>(value: ValueRef<'a>) -> &'a [u8] {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        _ => b"",
    }
}

fn path(target: &[u8]) -> &[u8] {
    &target[..memchr::memchr(b'?', target).unwrap_or(target.len())]
}

/// A pattern crosses into SQLite as its parts with NUL between them; NUL in a part is left out, for no event has it.
pub(crate) fn pattern_text(pattern: &Pattern) -> Vec<u8> {
    pattern.parts.iter().map(|part| part.replace('\0', "")).collect::<Vec<_>>().join("\0").into_bytes()
}

fn pattern(text: &[u8]) -> Pattern {
    Pattern { parts: text.split(|b| *b == 0).map(|part| String::from_utf8_lossy(part).into_owned()).collect() }
}

/// The headers as text: the raw head without its request line, or, where none was kept, what it would be.
fn headers_hold(raw_head: &[u8], packed: &[u8], part: &[u8]) -> bool {
    if !raw_head.is_empty() {
        let line_end = memchr::memchr(b'\n', raw_head).map_or(raw_head.len(), |at| at + 1);
        return holds(&raw_head[line_end..], part);
    }
    crate::pack::read_headers(packed, &bytes::Bytes::new())
        .is_some_and(|headers| headers.iter().any(|h| holds(&[&h.name[..], b": ", &h.value[..]].concat(), part)))
}

/// Whether `part` is in `text`, without case in ASCII.
///
/// The byte of `part` that is rarest in JSON and HTTP text is sought with SIMD, and what is around it compared.
pub(crate) fn holds(text: &[u8], part: &[u8]) -> bool {
    let Some((offset, byte)) = part.iter().copied().enumerate().min_by_key(|(_, b)| commonness(*b)) else {
        return true;
    };
    if text.len() < part.len() {
        return false;
    }
    // The places at which that byte can stand, so that the whole part fits around it.
    let places = &text[offset..=text.len() - part.len() + offset];
    let found = |at: usize| text[at..at + part.len()].eq_ignore_ascii_case(part);
    if byte.is_ascii_alphabetic() {
        memchr::memchr2_iter(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), places).any(found)
    } else {
        memchr::memchr_iter(byte, places).any(found)
    }
}

/// A rough order: what is written seldom comes first.
fn commonness(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b' ' | b'"' => 4,
        b'd' | b'l' | b'c' | b'u' | b'm' | b'p' | b'h' | b':' | b',' | b'0'..=b'9' => 3,
        b'f' | b'g' | b'b' | b'y' | b'w' | b'v' | b'_' | b'-' | b'/' | b'.' => 2,
        b'k' | b'j' | b'q' | b'x' | b'z' => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds_is_the_plain_search(text in "[aAbBkK1é]{0,30}", part in "[aAbBkK1é]{0,4}") {
            prop_assert_eq!(
                holds(text.as_bytes(), part.as_bytes()),
                text.to_ascii_lowercase().contains(&part.to_ascii_lowercase())
            );
        }
    }
}
