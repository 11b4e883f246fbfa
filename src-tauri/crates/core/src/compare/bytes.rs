//! Two byte strings, place by place, for a hex view.

use super::first::same_start;

/// Two byte strings, place by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByteChanges {
    /// The first one's length in bytes.
    pub a_len: usize,
    /// The second one's length in bytes.
    pub b_len: usize,
    /// How many bytes are the same at the start.
    pub same_start: usize,
    /// How many bytes behind those are the same at the end, counted from each one's own end: where bytes were put in or
    /// taken out, everything behind them is in another place.
    pub same_end: usize,
    /// The ranges of places at which they differ, at most 2,000; where one is longer, its rest is one.
    pub ranges: Vec<ByteRange>,
    /// How many ranges more there are.
    pub more: usize,
    /// The rows of sixteen bytes that hold the first differences, with the row before and behind, at most 64.
    pub rows: Vec<ByteRow>,
}

/// A range of places, from 0, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub len: usize,
}

/// Sixteen bytes of each, or what there is of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByteRow {
    /// Where it begins, a multiple of sixteen.
    pub offset: usize,
    /// The first one's bytes.
    pub a: Vec<u8>,
    /// The second one's bytes.
    pub b: Vec<u8>,
}

/// Ranges that are listed.
const MOST_RANGES: usize = 2000;
/// Rows that are listed.
const MOST_ROWS: usize = 64;
const ROW: usize = 16;

/// Compares two byte strings.
pub(super) fn changes(a: &[u8], b: &[u8]) -> ByteChanges {
    let same_start = same_start(a, b);
    let (rest_a, rest_b) = (&a[same_start..], &b[same_start..]);
    let same_end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (mut ranges, mut more) = (Vec::new(), 0);
    let mut open: Option<usize> = None;
    let whole = a.len().max(b.len());
    for at in same_start..=whole {
        let differs = at < whole && a.get(at) != b.get(at);
        match (open, differs) {
            (None, true) => open = Some(at),
            (Some(offset), false) => {
                open = None;
                if ranges.len() < MOST_RANGES {
                    ranges.push(ByteRange { offset, len: at - offset });
                } else {
                    more += 1;
                }
            }
            _ => {}
        }
    }
    let rows = rows(a, b, &ranges);
    ByteChanges { a_len: a.len(), b_len: b.len(), same_start, same_end, ranges, more, rows }
}

fn rows(a: &[u8], b: &[u8], ranges: &[ByteRange]) -> Vec<ByteRow> {
    let last = a.len().max(b.len()).saturating_sub(1) / ROW;
    let mut next = 0;
    let mut rows = Vec::new();
    for range in ranges {
        let from = (range.offset / ROW).saturating_sub(1).max(next);
        let to = ((range.offset + range.len - 1) / ROW + 1).min(last);
        for row in from..=to {
            if rows.len() == MOST_ROWS {
                return rows;
            }
            let of = |bytes: &[u8]| bytes[(row * ROW).min(bytes.len())..((row + 1) * ROW).min(bytes.len())].to_vec();
            rows.push(ByteRow { offset: row * ROW, a: of(a), b: of(b) });
            next = row + 1;
        }
    }
    rows
}
