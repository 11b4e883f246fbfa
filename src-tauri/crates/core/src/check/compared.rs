//! What changed from one check to another.

use super::probe::Level;

/// A probe whose finding changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub probe: String,
    /// Before; none where there was no such probe.
    pub before: Option<Level>,
    /// After, likewise.
    pub after: Option<Level>,
    /// In words.
    pub words: &'static str,
}

/// The probes whose level changed, the worst first; and how many have the same level in both. Each list has probes by id.
#[must_use]
pub fn compare(before: &[(&str, Level)], after: &[(&str, Level)]) -> (Vec<Change>, usize) {
    let of = |list: &[(&str, Level)], id: &str| list.iter().find(|(other, _)| *other == id).map(|(_, level)| *level);
    let mut ids: Vec<&str> = after.iter().map(|(id, _)| *id).collect();
    ids.extend(before.iter().map(|(id, _)| *id).filter(|id| of(after, id).is_none()));
    let (mut changes, mut same) = (Vec::new(), 0);
    for id in ids {
        let (old, new) = (of(before, id), of(after, id));
        if old == new {
            same += 1;
            continue;
        }
        changes.push(Change { probe: id.to_owned(), before: old, after: new, words: words(old, new) });
    }
    changes.sort_by_key(|change| (change.after.unwrap_or(Level::NotAsked), change.before.unwrap_or(Level::NotAsked)));
    (changes, same)
}

fn words(before: Option<Level>, after: Option<Level>) -> &'static str {
    use Level::{Fault, Hold, NotAsked, Warning};
    match (before, after) {
        (Some(Fault | Warning), Some(Hold)) => "mended",
        (_, Some(Fault)) => "new fault",
        (Some(Fault), Some(Warning)) => "only a warning now",
        (_, Some(Warning)) => "new warning",
        (None | Some(NotAsked), Some(Hold)) => "now asked, holds",
        (_, None | Some(NotAsked)) => "not asked this time",
        (_, Some(Hold)) => "holds now",
        _ => "weighs otherwise now",
    }
}
