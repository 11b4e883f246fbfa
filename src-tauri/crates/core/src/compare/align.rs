//! What two lists have in common, in order.
//!
//! The search is the library's: Myers' with git's limits. It is quadratic at worst, and its deadline is a clock, which this
//! crate has none of. So long stretches are first cut at what each side has exactly once, an item or a row of items, and
//! what is then still long is cut in pieces: the work stays in proportion to the length.

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

/// How a search goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// The lists are searched the other way round, so that whoever swaps the lists as well gets the same answer.
    swap: bool,
    /// Longer stretches, in items of both sides together, are searched piece by piece: the time for one grows with the
    /// square of its length.
    piece: usize,
}

impl Effort {
    /// For comparisons that see so many items in all. Ten million steps or so take a tenth of a second.
    pub(super) fn new(swap: bool, items: usize) -> Effort {
        const STEPS: usize = 24 << 20;
        Effort { swap, piece: (STEPS / items.max(1)).clamp(24, 8192) }
    }
}

/// Up to so many items on both sides together the shortest answer is looked for.
const EXACT: usize = 64;
/// So many items in a row are hardly found in two places by chance.
const WINDOW: usize = 24;

/// The runs of two lists, in order and never touching.
pub(super) fn runs(a: &[u32], b: &[u32], effort: Effort) -> Vec<Run> {
    if effort.swap {
        let turned = runs(b, a, Effort { swap: false, ..effort });
        return turned.into_iter().map(|run| Run { a: run.b, b: run.a, len: run.len }).collect();
    }
    let mut found = Found::default();
    search(a, b, 0..a.len(), 0..b.len(), effort.piece, &[1, WINDOW], &mut found);
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

/// Searches a stretch: its equal ends, then what lies between anchors, with one kind of anchors after another.
fn search(
    a: &[u32],
    b: &[u32],
    of_a: Range<usize>,
    of_b: Range<usize>,
    piece: usize,
    windows: &[usize],
    found: &mut Found,
) {
    let (x, y) = (&a[of_a.clone()], &b[of_b.clone()]);
    let start = x.iter().zip(y).take_while(|(x, y)| x == y).count();
    let (x, y) = (&x[start..], &y[start..]);
    let end = x.iter().rev().zip(y.iter().rev()).take_while(|(x, y)| x == y).count();
    found.add(of_a.start, of_b.start, start);
    let (of_a, of_b) = (of_a.start + start..of_a.end - end, of_b.start + start..of_b.end - end);
    match windows.split_first() {
        _ if of_a.is_empty() || of_b.is_empty() => {}
        Some((&window, rest)) if of_a.len() + of_b.len() > piece.min(512) => {
            let (mut at_a, mut at_b) = (of_a.start, of_b.start);
            for (x, y) in anchors(a, b, &of_a, &of_b, window) {
                search(a, b, at_a..x, at_b..y, piece, rest, found);
                found.add(x, y, 1);
                (at_a, at_b) = (x + 1, y + 1);
            }
            search(a, b, at_a..of_a.end, at_b..of_b.end, piece, rest, found);
        }
        _ => in_pieces(a, b, &of_a, &of_b, piece, found),
    }
    found.add(of_a.end, of_b.end, end);
}

fn in_pieces(a: &[u32], b: &[u32], of_a: &Range<usize>, of_b: &Range<usize>, piece: usize, found: &mut Found) {
    let pieces = (of_a.len() + of_b.len()).div_ceil(piece).max(1);
    let cut = |whole: &Range<usize>, at: usize| whole.start + whole.len() * at / pieces;
    for at in 0..pieces {
        look(a, b, cut(of_a, at)..cut(of_a, at + 1), cut(of_b, at)..cut(of_b, at + 1), found);
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

/// What both stretches have exactly once and in the same order, by its first items: the longest such list. `window` is how
/// many items are looked at together.
fn anchors(a: &[u32], b: &[u32], of_a: &Range<usize>, of_b: &Range<usize>, window: usize) -> Vec<(usize, usize)> {
    // Tables with a few places for each item. Two items that fall on one place count as one that is there twice: an anchor
    // fewer, and never a wrong one.
    let bits = (of_a.len().max(of_b.len()) * 4).ilog2() + 1;
    let (left, right) = (once(&a[of_a.clone()], window, bits), once(&b[of_b.clone()], window, bits));
    let mut pairs = Vec::new();
    for (x, y) in left.into_iter().zip(right) {
        if let (Some(x), Some(y)) = (x.place(), y.place()) {
            let (x, y) = (of_a.start + x, of_b.start + y);
            if a[x..x + window] == b[y..y + window] {
                pairs.push((x, y));
            }
        }
    }
    pairs.sort_unstable();
    let kept = ascending(&pairs.iter().map(|p| p.1).collect::<Vec<_>>());
    kept.into_iter().map(|at| pairs[at]).collect()
}

/// What is known of a place in a table: nothing, one item, or several.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen(u32);

impl Seen {
    const NEVER: Seen = Seen(0);
    const OFTEN: Seen = Seen(u32::MAX);

    fn place(self) -> Option<usize> {
        (self != Seen::NEVER && self != Seen::OFTEN).then(|| self.0 as usize - 1)
    }
}

fn once(list: &[u32], window: usize, bits: u32) -> Vec<Seen> {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut table = vec![Seen::NEVER; 1 << bits];
    let mut leaving = 1u64;
    (1..window).for_each(|_| leaving = leaving.wrapping_mul(ODD));
    let mut rolled = 0u64;
    for (end, &item) in (1u32..).zip(list) {
        rolled = rolled.wrapping_mul(ODD).wrapping_add(u64::from(item) + 1);
        if (end as usize) < window {
            continue;
        }
        let start = end as usize - window;
        let mixed = (rolled ^ (rolled >> 29)).wrapping_mul(ODD) >> (64 - bits);
        let seen = &mut table[usize::try_from(mixed).unwrap_or(0)];
        *seen = if *seen == Seen::NEVER { Seen(start as u32 + 1) } else { Seen::OFTEN };
        rolled = rolled.wrapping_sub((u64::from(list[start]) + 1).wrapping_mul(leaving));
    }
    table
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
