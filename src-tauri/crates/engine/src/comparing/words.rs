//! What a comparison says in words, and when it may say that two things are the same.

use super::{Comparable, FirstLine};
use crate::wire::{ComparedBody, ComparedHeaders, Sameness};
use countersign_core::compare::{BodyChanges, BodyComparison, HunkKind};

/// Whether two bodies are the same, where one of them may have been cut.
pub(super) fn sameness(a: &Comparable, b: &Comparable, compared: &BodyComparison) -> Sameness {
    let Some(first) = &compared.first else {
        // Whole and cut bodies of the same kept bytes: the one that was cut was longer.
        return match (a.cut_from, b.cut_from) {
            (None, None) => Sameness::Same,
            (Some(_), Some(_)) => Sameness::Unknown,
            _ => Sameness::Different,
        };
    };
    let ends = |side: &Comparable, other: &Comparable, byte: Option<u8>| {
        let whole = other.cut_from.is_none();
        byte.is_none() && side.cut_from.is_some_and(|least| !whole || least <= other.body.len() as u64)
    };
    if ends(a, b, first.a) || ends(b, a, first.b) { Sameness::Unknown } else { Sameness::Different }
}

/// Whether given bytes are what was captured, where not all of it was kept.
pub(super) fn cut_sameness(no_difference: bool) -> Sameness {
    if no_difference { Sameness::Unknown } else { Sameness::Different }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// What two bodies are to each other.
pub(super) fn of_bodies(a: &[u8], b: &[u8], compared: &BodyComparison, sameness: Sameness) -> String {
    const SIGNED: &str = "A signature over the one does not hold for the other.";
    if sameness == Sameness::Unknown {
        return "What was kept of the bodies is the same, but not all of it was kept.".to_owned();
    }
    match &compared.kind {
        BodyChanges::None if sameness == Sameness::Different => {
            "What was kept of the bodies is the same, but one of them was longer.".to_owned()
        }
        BodyChanges::None if a.is_empty() => "Both bodies are empty.".to_owned(),
        BodyChanges::None => "The bodies are the same, byte for byte.".to_owned(),
        BodyChanges::Json(json) if json.same_value && json.changes.is_empty() && json.more == 0 => {
            let what = if white_space_apart(a, b) { "white space" } else { "white space or a byte order mark" };
            format!("The same JSON value, written differently: only {what} is different. {SIGNED}")
        }
        BodyChanges::Json(json) if json.same_value => {
            let count = counted(json.changes.len() + json.more, "difference", "differences");
            format!("The same JSON value, written differently: {count} of order or spelling. {SIGNED}")
        }
        BodyChanges::Json(json) => {
            let count = json.changes.len() + json.more;
            format!("{} in the JSON.", counted(count, "change", "changes"))
        }
        BodyChanges::Lines(lines) => {
            let changed = lines.hunks.iter().filter(|h| !matches!(h.kind, HunkKind::Equal | HunkKind::Folded));
            let rows = counted(changed.map(|hunk| hunk.count).sum(), "line is", "lines are");
            if line_ends_apart(a, b) {
                format!("{rows} different, in the line ends alone. {SIGNED}")
            } else if white_space_apart(a, b) {
                format!("{rows} different, in white space alone. {SIGNED}")
            } else {
                format!("{rows} different.")
            }
        }
        BodyChanges::Bytes(bytes) => {
            let ranges = counted(bytes.ranges.len() + bytes.more, "range of bytes differs", "ranges of bytes differ");
            let (a, b) = (bytes.a_len, bytes.b_len);
            if a == b {
                format!("{ranges}.")
            } else {
                format!("{ranges}; the first is {a} bytes long, the second {b}.")
            }
        }
    }
}

/// They are the same but for white space.
fn white_space_apart(a: &[u8], b: &[u8]) -> bool {
    let visible = |byte: &&u8| !byte.is_ascii_whitespace();
    a.iter().filter(visible).eq(b.iter().filter(visible))
}

/// They are the same but for line ends, one at the very end among them.
fn line_ends_apart(a: &[u8], b: &[u8]) -> bool {
    fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }
    lines(a).eq(lines(b))
}

/// What the whole is, in a sentence.
pub(super) fn of_all(
    sameness: Sameness,
    same_line: Option<bool>,
    headers: Option<&ComparedHeaders>,
    body: &ComparedBody,
    line: Option<&FirstLine>,
) -> String {
    let mut parts = Vec::new();
    if same_line == Some(false) {
        parts.push(
            if matches!(line, Some(FirstLine::Answer(..))) { "the status" } else { "the request line" }.to_owned(),
        );
    }
    let different = headers.map_or(0, |headers| headers.different);
    if different > 0 {
        parts.push(counted(usize::try_from(different).unwrap_or(usize::MAX), "header", "headers"));
    }
    if body.sameness == Sameness::Different {
        parts.push("the body".to_owned());
    }
    let Some(last) = parts.pop() else {
        return match (sameness, headers) {
            (Sameness::Unknown, _) => body.words.clone(),
            (_, Some(_)) => "They are the same: headers and body, byte for byte.".to_owned(),
            (_, None) => body.words.clone(),
        };
    };
    let alone = parts.is_empty() && !last.ends_with("headers");
    let listed = if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) };
    let mut letters = listed.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{} {} different.", letters.as_str(), if alone { "is" } else { "are" })
}
