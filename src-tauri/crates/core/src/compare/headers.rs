//! Two lists of headers, side by side.

use super::align::{Effort, ascending, gaps, runs};
use crate::request::{Header, Headers};
use bytes::Bytes;
use std::collections::HashMap;

/// A header of one side or of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderRow {
    /// The first one's own spelling; none where only the second has it.
    pub name_a: Option<Bytes>,
    /// The second one's own spelling; none where only the first has it.
    pub name_b: Option<Bytes>,
    /// The first one's value.
    pub value_a: Option<Bytes>,
    /// The second one's value.
    pub value_b: Option<Bytes>,
    /// What is different.
    pub change: HeaderChange,
}

/// What is different about a header. Of several kinds the first of these is named: value, place, spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderChange {
    /// Nothing.
    Same,
    /// The value.
    Changed,
    /// The name's letters, upper or lower case, and nothing else.
    Spelling,
    /// Its place among the headers that both have; the value is the same.
    Moved,
    /// Only the first has it.
    OnlyA,
    /// Only the second has it.
    OnlyB,
}

/// Compares headers. Names are matched in any case; headers of one name are matched in their order, equal values first.
/// The rows keep the first one's order; what only the second has stands behind what it stands behind there.
#[must_use]
pub fn headers(a: &Headers, b: &Headers) -> Vec<HeaderRow> {
    let (a, b): (Vec<&Header>, Vec<&Header>) = (a.iter().collect(), b.iter().collect());
    let swap = order(&a) > order(&b);
    let pairs = pairs(&a, &b, swap);
    let moved = moved(&pairs, swap);
    let mut of_a = vec![None; a.len()];
    let mut of_b = vec![None; b.len()];
    for (pair, moved) in pairs.iter().zip(moved) {
        of_a[pair.0] = Some((pair.1, moved));
        of_b[pair.1] = Some(pair.0);
    }
    // What only the second has, by the first one's header that it stands behind.
    let mut behind: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    let mut last = None;
    for (at, pair) in of_b.iter().enumerate() {
        match pair {
            Some(other) => last = Some(*other),
            None => behind.entry(last).or_default().push(at),
        }
    }
    let mut rows = Vec::with_capacity(a.len() + b.len());
    let only_b = |place: Option<usize>, rows: &mut Vec<HeaderRow>| {
        for at in behind.get(&place).into_iter().flatten() {
            rows.push(row(None, Some(b[*at]), HeaderChange::OnlyB));
        }
    };
    only_b(None, &mut rows);
    for (at, header) in a.iter().enumerate() {
        rows.push(match of_a[at] {
            None => row(Some(header), None, HeaderChange::OnlyA),
            Some((other, moved)) => row(Some(header), Some(b[other]), change(header, b[other], moved)),
        });
        only_b(Some(at), &mut rows);
    }
    rows
}

fn order<'a>(headers: &'a [&Header]) -> Vec<(&'a Bytes, &'a Bytes)> {
    headers.iter().map(|h| (&h.name, &h.value)).collect()
}

fn row(a: Option<&Header>, b: Option<&Header>, change: HeaderChange) -> HeaderRow {
    let name = |header: Option<&Header>| header.map(|h| h.name.clone());
    let value = |header: Option<&Header>| header.map(|h| h.value.clone());
    HeaderRow { name_a: name(a), name_b: name(b), value_a: value(a), value_b: value(b), change }
}

fn change(a: &Header, b: &Header, moved: bool) -> HeaderChange {
    match () {
        () if a.value != b.value => HeaderChange::Changed,
        () if moved => HeaderChange::Moved,
        () if a.name != b.name => HeaderChange::Spelling,
        () => HeaderChange::Same,
    }
}

/// The places of the headers of one name on both sides.
type Sides = (Vec<usize>, Vec<usize>);

/// Which header is which, in the first one's order.
fn pairs(a: &[&Header], b: &[&Header], swap: bool) -> Vec<(usize, usize)> {
    let mut named: HashMap<Vec<u8>, Sides> = HashMap::new();
    for (at, header) in a.iter().enumerate() {
        named.entry(header.name.to_ascii_lowercase()).or_default().0.push(at);
    }
    for (at, header) in b.iter().enumerate() {
        named.entry(header.name.to_ascii_lowercase()).or_default().1.push(at);
    }
    let effort = Effort::new(swap, a.len() + b.len());
    let mut pairs = Vec::new();
    for (of_a, of_b) in named.values() {
        let mut values: HashMap<&Bytes, u32> = HashMap::new();
        let mut number = |header| {
            let next = u32::try_from(values.len()).unwrap_or(u32::MAX);
            *values.entry(header).or_insert(next)
        };
        let x: Vec<u32> = of_a.iter().map(|&at| number(&a[at].value)).collect();
        let y: Vec<u32> = of_b.iter().map(|&at| number(&b[at].value)).collect();
        let equal = runs(&x, &y, effort);
        for (rest_a, rest_b) in gaps(&equal, x.len(), y.len()) {
            pairs.extend(rest_a.zip(rest_b).map(|(i, j)| (of_a[i], of_b[j])));
        }
        for run in equal {
            pairs.extend((0..run.len).map(|n| (of_a[run.a + n], of_b[run.b + n])));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Which pairs stand in another order than most.
fn moved(pairs: &[(usize, usize)], swap: bool) -> Vec<bool> {
    let mut moved = vec![true; pairs.len()];
    if swap {
        // The same question, asked from the other side.
        let mut turned: Vec<(usize, usize, usize)> = pairs.iter().enumerate().map(|(n, p)| (p.1, p.0, n)).collect();
        turned.sort_unstable();
        let places: Vec<usize> = turned.iter().map(|t| t.1).collect();
        ascending(&places).into_iter().for_each(|at| moved[turned[at].2] = false);
    } else {
        let places: Vec<usize> = pairs.iter().map(|p| p.1).collect();
        ascending(&places).into_iter().for_each(|at| moved[at] = false);
    }
    moved
}
