//! What two lists have in common, in order.
//!
//! The search is the library's: Myers' with git's limits, which give up a shortest answer where finding it would be
//! quadratic. It knows no clock. Long stretches are first cut at what each side has exactly once, and what is then still
//! long is cut in pieces, so that the work stays in proportion to the length.

use similar::algorithms::{DiffHook, myers};
use std::convert::Infallible;
use std::ops::Range;

/// `len` equal items from `a` on one side and `b` on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) len: usize,
}

/// A stretch between two runs, or at an end: what is only on one side, and what is only on the other.
pub(super) type Gap = (Range<usize>, Range<usize>);

/// Up to so many items on both sides together the shortest answer is looked for.
const EXACT: usize = 512;
/// Longer stretches without anything that both sides have exactly once are searched piece by piece: the search's own
/// limit grows with the length.
const PIECE: usize = 8192;

/// The runs of two lists, in order and never touching. `swap` searches the other way round, so that whoever swaps the lists
/// as well gets the same answer.
pub(super) fn runs(a: &[u32], b: &[u32], swap: bool) -> Vec<Run> {
    if swap {
        let turned = runs(b, a, false);
        return turned.into_iter().map(|run| Run { a: run.b, b: run.a, len: run.len }).collect();
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x == y).count();
    let mut found = Found::default();
    found.add(0, 0, start);
    search(a, b, start..a.len() - end, start..b.len() - end, &mut found);
    found.add(a.len() - end, b.len() - end, end);
    found.runs
}

/// The gaps that runs leave, those with nothing in them left out; a gap stands before the run of the same place in the
/// list, the last one behind all.
pub(super) fn gaps(runs: &[Run], a_len: usize, b_len: usize) -> Vec<Gap> {
    let (mut a, mut b) = (0, 0);
    let end = Run { a: a_len, b: b_len, len: 0 };
    let all = runs.iter().chain([&end]).map(|run| {
        let gap = (a..run.a, b..run.b);
        (a, b) = (run.a + run.len, run.b + run.len);
        gap
    });
    all.collect()
}

#[derive(Default)]
struct Found {
    runs: Vec<Run>,
    /// Where the lists that the library sees begin.
    at: (usize, usize),
}

impl Found {
    fn add(&mut self, a: usize, b: usize, len: usize) {
        if len == 0 {
            return;
        }
        match self.runs.last_mut() {
            Some(last) if last.a + last.len == a && last.b + last.len == b => last.len += len,
            _ => self.runs.push(Run { a, b, len }),
        }
    }
}

impl DiffHook for Found {
    type Error = Infallible;

    fn equal(&mut self, a: usize, b: usize, len: usize) -> Result<(), Infallible> {
        self.add(self.at.0 + a, self.at.1 + b, len);
        Ok(())
    }
}

fn search(a: &[u32], b: &[u32], of_a: Range<usize>, of_b: Range<usize>, found: &mut Found) {
    if of_a.is_empty() || of_b.is_empty() {
        return;
    }
    if of_a.len() + of_b.len() <= PIECE {
        return look(a, b, of_a, of_b, found);
    }
    let (mut at_a, mut at_b) = (of_a.start, of_b.start);
    for (x, y) in anchors(a, b, &of_a, &of_b).into_iter().chain([(of_a.end, of_b.end)]) {
        in_pieces(a, b, at_a..x, at_b..y, found);
        if x < of_a.end {
            found.add(x, y, 1);
        }
        (at_a, at_b) = (x + 1, y + 1);
    }
}

fn in_pieces(a: &[u32], b: &[u32], of_a: Range<usize>, of_b: Range<usize>, found: &mut Found) {
    let pieces = (of_a.len() + of_b.len()).div_ceil(PIECE).max(1);
    let cut = |whole: &Range<usize>, at: usize| whole.start + whole.len() * at / pieces;
    for piece in 0..pieces {
        let (x, y) = (cut(&of_a, piece)..cut(&of_a, piece + 1), cut(&of_b, piece)..cut(&of_b, piece + 1));
        look(a, b, x, y, found);
    }
}

fn look(a: &[u32], b: &[u32], of_a: Range<usize>, of_b: Range<usize>, found: &mut Found) {
    let (x, y) = (&a[of_a.clone()], &b[of_b.clone()]);
    if x.is_empty() || y.is_empty() {
        return;
    }
    found.at = (of_a.start, of_b.start);
    let (all_x, all_y) = (0..x.len(), 0..y.len());
    let Ok(()) = if x.len() + y.len() <= EXACT {
        myers::diff_deadline_raw(found, x, all_x, y, all_y, None)
    } else {
        myers::diff(found, x, all_x, y, all_y)
    };
}

/// What both stretches have exactly once and in the same order: the longest such list.
fn anchors(a: &[u32], b: &[u32], of_a: &Range<usize>, of_b: &Range<usize>) -> Vec<(usize, usize)> {
    let once = |list: &[u32], of: &Range<usize>| {
        let mut items: Vec<(u32, usize)> = of.clone().map(|at| (list[at], at)).collect();
        items.sort_unstable();
        let single = |at: &usize| {
            (*at == 0 || items[at - 1].0 != items[*at].0) && items.get(at + 1).is_none_or(|n| n.0 != items[*at].0)
        };
        (0..items.len()).filter(single).map(|at| items[at]).collect::<Vec<_>>()
    };
    let (left, right) = (once(a, of_a), once(b, of_b));
    let mut pairs = Vec::new();
    let mut right = right.into_iter().peekable();
    for (item, at) in left {
        while right.next_if(|r| r.0 < item).is_some() {}
        if let Some((_, other)) = right.next_if(|r| r.0 == item) {
            pairs.push((at, other));
        }
    }
    pairs.sort_unstable();
    let kept = ascending(&pairs.iter().map(|p| p.1).collect::<Vec<_>>());
    kept.into_iter().map(|at| pairs[at]).collect()
}

/// The places of a longest strictly ascending part of a list.
pub(super) fn ascending(list: &[usize]) -> Vec<usize> {
    // `ends[n]` is where an ascending part of n + 1 items ends lowest; `before` leads back from each item.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; list.len()];
    for at in 0..list.len() {
        let len = ends.partition_point(|&end| list[end] < list[at]);
        before[at] = len.checked_sub(1).map(|last| ends[last]);
        if len == ends.len() {
            ends.push(at);
        } else {
            ends[len] = at;
        }
    }
    let mut kept = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        kept.push(at);
        next = before[at];
    }
    kept.reverse();
    kept
}
