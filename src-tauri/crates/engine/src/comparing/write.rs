//! From core's comparison to what crosses to the page.

use super::{Comparable, words};
use crate::judging::wire_bytes;
use crate::wire::{
    BodyChanges, ByteRow, ComparedBody, ComparedHeader, ComparedHeaders, FirstDifference, HeaderChange, HeaderSide,
    JsonChange, JsonChangeKind, LineEnd, LineHunk, LineHunkKind, LineRow, TextLine,
};
use bytes::Bytes;
use countersign_core::compare as core;

/// Headers that are listed.
const MOST_HEADERS: usize = 1000;
/// Bytes of a value that are shown.
const SHOWN_OF_A_VALUE: usize = 1000;
/// Bytes that are left in front of a difference.
const BEFORE: usize = 60;
/// Characters of a JSON pointer that are shown.
const SHOWN_OF_A_POINTER: usize = 1000;

pub(super) fn wire_first(first: core::FirstDifference) -> FirstDifference {
    FirstDifference {
        offset: first.offset as u64,
        line: first.line as u64,
        column: first.column as u64,
        a: first.a,
        b: first.b,
        words: first.words,
    }
}

pub(super) fn wire_headers(rows: &[core::HeaderRow]) -> ComparedHeaders {
    let different = rows.iter().filter(|row| row.change != core::HeaderChange::Same).count();
    ComparedHeaders {
        rows: rows.iter().take(MOST_HEADERS).map(wire_header).collect(),
        more: rows.len().saturating_sub(MOST_HEADERS) as u64,
        different: different as u64,
    }
}

fn wire_header(row: &core::HeaderRow) -> ComparedHeader {
    let value = |value: &Option<Bytes>| value.clone().unwrap_or_default();
    let (a, b) = (value(&row.value_a), value(&row.value_b));
    let long = a.len().max(b.len()) > SHOWN_OF_A_VALUE;
    let from = match row.change {
        core::HeaderChange::Changed if long => {
            a.iter().zip(&b).take_while(|(x, y)| x == y).count().saturating_sub(BEFORE)
        }
        _ => 0,
    };
    let side = |name: &Option<Bytes>, value: &Bytes| {
        let name = name.as_ref()?;
        let from = from.min(value.len());
        let shown = &value[from..value.len().min(from + SHOWN_OF_A_VALUE)];
        Some(HeaderSide {
            name: wire_bytes(&name[..name.len().min(SHOWN_OF_A_VALUE)]),
            value: wire_bytes(shown),
            from: from as u64,
            len: value.len() as u64,
        })
    };
    ComparedHeader {
        change: match row.change {
            core::HeaderChange::Same => HeaderChange::Same,
            core::HeaderChange::Changed => HeaderChange::Changed,
            core::HeaderChange::Spelling => HeaderChange::Spelling,
            core::HeaderChange::Moved => HeaderChange::Moved,
            core::HeaderChange::OnlyA => HeaderChange::OnlyA,
            core::HeaderChange::OnlyB => HeaderChange::OnlyB,
        },
        a: side(&row.name_a, &a),
        b: side(&row.name_b, &b),
    }
}

/// Compares the bodies of two.
pub(super) fn wire_body(a: &Comparable, b: &Comparable) -> ComparedBody {
    let compared = core::bodies(&a.body, &b.body);
    let sameness = words::sameness(a, b, &compared);
    let words = words::of_bodies(&a.body, &b.body, &compared, sameness);
    ComparedBody { sameness, words, first: compared.first.map(wire_first), changes: wire_changes(compared.kind) }
}

fn wire_changes(kind: core::BodyChanges) -> BodyChanges {
    match kind {
        core::BodyChanges::None => BodyChanges::None,
        core::BodyChanges::Json(json) => BodyChanges::Json {
            changes: json.changes.into_iter().map(wire_change).collect(),
            more: json.more as u64,
            same_value: json.same_value,
        },
        core::BodyChanges::Lines(lines) => {
            BodyChanges::Lines { hunks: lines.hunks.into_iter().map(wire_hunk).collect(), more: lines.more as u64 }
        }
        core::BodyChanges::Bytes(bytes) => BodyChanges::Bytes {
            same_start: bytes.same_start as u64,
            same_end: bytes.same_end as u64,
            ranges: (bytes.ranges.len() + bytes.more) as u64,
            rows: bytes.rows.into_iter().map(|row| ByteRow { offset: row.offset as u64, a: row.a, b: row.b }).collect(),
        },
    }
}

fn wire_change(change: core::Change) -> JsonChange {
    let short = |pointer: &str| countersign_core::shorten(pointer, SHOWN_OF_A_POINTER);
    let (kind, from) = match &change.kind {
        core::ChangeKind::Added => (JsonChangeKind::Added, None),
        core::ChangeKind::Removed => (JsonChangeKind::Removed, None),
        core::ChangeKind::Changed => (JsonChangeKind::Changed, None),
        core::ChangeKind::Moved { from } => (JsonChangeKind::Moved, Some(short(from))),
        core::ChangeKind::Reordered => (JsonChangeKind::Reordered, None),
        core::ChangeKind::Respelled => (JsonChangeKind::Respelled, None),
        core::ChangeKind::RespelledName => (JsonChangeKind::RespelledName, None),
    };
    JsonChange {
        path: short(&change.path),
        nth: change.nth.map(|nth| nth as u64),
        change: kind,
        from,
        a: change.a,
        b: change.b,
    }
}

fn wire_hunk(hunk: core::Hunk) -> LineHunk {
    let line = |line: core::Line| TextLine {
        text: line.text,
        end: match line.end {
            core::LineEnd::Lf => LineEnd::Lf,
            core::LineEnd::CrLf => LineEnd::CrLf,
            core::LineEnd::None => LineEnd::None,
        },
    };
    LineHunk {
        kind: match hunk.kind {
            core::HunkKind::Equal => LineHunkKind::Equal,
            core::HunkKind::Folded => LineHunkKind::Folded,
            core::HunkKind::Added => LineHunkKind::Added,
            core::HunkKind::Removed => LineHunkKind::Removed,
            core::HunkKind::Changed => LineHunkKind::Changed,
        },
        a_line: hunk.a_line as u64,
        b_line: hunk.b_line as u64,
        count: hunk.count as u64,
        rows: hunk.rows.into_iter().map(|row| LineRow { a: row.a.map(line), b: row.b.map(line) }).collect(),
    }
}
