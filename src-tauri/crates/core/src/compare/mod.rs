//! Two requests or answers side by side: their headers, their bodies, and what a handler says it hashed.
//!
//! Invariants: what is different is never left unsaid. Bodies that mean the same and are written differently are not equal,
//! and the comparison says so. Whoever swaps the two gets the same answer with the sides swapped. The work is in proportion
//! to the length, whatever the bodies hold, and every list has a limit and says how much it leaves out.

mod align;
mod bytes;
mod first;
mod hashed;
mod headers;
mod json;
mod lines;
mod names;
mod tree;

pub use bytes::{ByteChanges, ByteRange, ByteRow};
pub use first::{FirstDifference, first_difference};
pub use hashed::{Hashed, HashedCause, hashed};
pub use headers::{HeaderChange, HeaderRow, headers};
pub use json::{Change, ChangeKind, JsonChanges, MOST_CHANGES};
pub use lines::{Hunk, HunkKind, Line, LineChanges, LineEnd, Row};

/// Two bodies, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyComparison {
    /// They are the same, byte for byte.
    pub equal: bool,
    /// Where they first differ.
    pub first: Option<FirstDifference>,
    /// What is different.
    pub kind: BodyChanges,
}

/// What is different in two bodies, by what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyChanges {
    /// Nothing.
    None,
    /// Both are JSON.
    Json(JsonChanges),
    /// Both are text.
    Lines(LineChanges),
    /// One of them is neither, or too long to be read as such.
    Bytes(ByteChanges),
}

/// Longer bodies are compared by their bytes alone.
const READ: usize = 16 << 20;
const BOM: char = '\u{feff}';

/// Compares two bodies as they are: what is compressed is not unpacked.
#[must_use]
pub fn bodies(a: &[u8], b: &[u8]) -> BodyComparison {
    let first = first_difference(a, b);
    let kind = if first.is_none() { BodyChanges::None } else { body_changes(a, b) };
    BodyComparison { equal: first.is_none(), first, kind }
}

fn body_changes(a: &[u8], b: &[u8]) -> BodyChanges {
    if a.len().max(b.len()) <= READ
        && let (Ok(x), Ok(y)) = (std::str::from_utf8(a), std::str::from_utf8(b))
    {
        let swap = a > b;
        let (json_x, json_y) = (x.strip_prefix(BOM).unwrap_or(x), y.strip_prefix(BOM).unwrap_or(y));
        if let Some(changes) = json::changes(json_x, json_y, swap) {
            return BodyChanges::Json(changes);
        }
        if !x.contains('\0') && !y.contains('\0') {
            return BodyChanges::Lines(lines::changes(x, y, swap));
        }
    }
    BodyChanges::Bytes(bytes::changes(a, b))
}

/// Two texts shortened to about as many characters, each to the part around their first difference.
fn around(a: &str, b: &str, most: usize) -> (String, String) {
    /// Characters that are left in front of the difference.
    const BEFORE: usize = 60;
    if a.len() <= most && b.len() <= most {
        return (a.to_owned(), b.to_owned());
    }
    let mut same = first::same_start(a.as_bytes(), b.as_bytes());
    if same == a.len().min(b.len()) && (a.is_empty() || b.is_empty() || a == b) {
        same = 0;
    }
    while !a.is_char_boundary(same) || !b.is_char_boundary(same) {
        same -= 1;
    }
    let start = a[..same].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let part = |text: &str| {
        let cut = if start > 0 { "…" } else { "" };
        format!("{cut}{}", crate::shorten(&text[start..], most))
    };
    (part(a), part(b))
}
