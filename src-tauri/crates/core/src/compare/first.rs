//! Where two byte strings first differ.

use super::names;

/// Where two byte strings first differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstDifference {
    /// How many bytes are the same before it.
    pub offset: usize,
    /// The line, from 1; lines end with a line feed.
    pub line: usize,
    /// The place in the line, from 1, in characters where the line is UTF-8 so far, else in bytes.
    pub column: usize,
    /// The first one's byte; none where it ends there.
    pub a: Option<u8>,
    /// The second one's byte; none where it ends there.
    pub b: Option<u8>,
    /// One sentence. Bytes count from 1 in it, as lines and columns do and as `cmp` has it. What cannot be seen is named.
    pub words: String,
}

/// Where two byte strings first differ; none where they are the same.
#[must_use]
pub fn first_difference(a: &[u8], b: &[u8]) -> Option<FirstDifference> {
    let offset = same_start(a, b);
    if offset == a.len() && offset == b.len() {
        return None;
    }
    let before = &a[..offset];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    // A character that differs in a later byte of it is the place, not what follows it.
    let begun = |bytes: &[u8]| (offset < bytes.len()).then(|| names::character(bytes, offset)).flatten();
    let start = [begun(a), begun(b)].into_iter().flatten().map(|(start, _)| start).min().unwrap_or(offset);
    let column = match std::str::from_utf8(&before[line_start..start.max(line_start)]) {
        Ok(text) => text.chars().count() + 1,
        Err(_) => offset - line_start + 1,
    };
    let (of_a, of_b) = (a.get(offset).copied(), b.get(offset).copied());
    let place = format!("yte {} (line {line}, column {column})", offset + 1);
    let words = match (of_a, of_b) {
        (None, _) if offset == 0 => format!("The first is empty; the second begins with {}.", names::byte(b, 0)),
        (_, None) if offset == 0 => format!("The second is empty; the first begins with {}.", names::byte(a, 0)),
        (None, _) => {
            format!(
                "The first ends after byte {offset}; the second goes on with {} at b{place}.",
                names::byte(b, offset)
            )
        }
        (_, None) => {
            format!(
                "The second ends after byte {offset}; the first goes on with {} at b{place}.",
                names::byte(a, offset)
            )
        }
        _ => format!("B{place}: here {}, there {}.", names::byte(a, offset), names::byte(b, offset)),
    };
    Some(FirstDifference { offset, line, column, a: of_a, b: of_b, words })
}

/// How many bytes are the same at the start.
pub(super) fn same_start(a: &[u8], b: &[u8]) -> usize {
    // Blocks first: a comparison of slices is many times as fast as one of bytes.
    const BLOCK: usize = 1024;
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(x, y)| x == y).count() * BLOCK;
    blocks + a[blocks..].iter().zip(&b[blocks..]).take_while(|(x, y)| x == y).count()
}
