//! Two texts line by line, as rows that stand side by side.

use super::align::{Effort, Run, gaps, runs};
use super::around;
use foldhash::{HashMap, HashMapExt as _};
use std::ops::Range;

/// Two texts line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChanges {
    /// Stretches of lines, in order.
    pub hunks: Vec<Hunk>,
    /// How many changed rows more there are than the hunks hold; at most 2,000 are listed.
    pub more: usize,
}

/// A stretch of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// What it is.
    pub kind: HunkKind,
    /// The first one's line, from 1, with which it begins; where the first has none of it, the line that follows there.
    pub a_line: usize,
    /// The second one's line, likewise.
    pub b_line: usize,
    /// How many rows it has, listed or not.
    pub count: usize,
    /// The rows: none where it is folded, fewer than `count` where the list ends in it.
    pub rows: Vec<Row>,
}

/// What a stretch of lines is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HunkKind {
    /// The same in both, next to a change.
    Equal,
    /// The same in both, far from any change: counted, not shown.
    Folded,
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have lines there, and others.
    Changed,
}

/// A line of each side; one of them may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The first one's.
    pub a: Option<Line>,
    /// The second one's.
    pub b: Option<Line>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its text without its end; of a long one, the part around the first difference from its neighbour.
    pub text: String,
    /// How it ends.
    pub end: LineEnd,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// With a line feed.
    Lf,
    /// With carriage return and line feed.
    CrLf,
    /// Not at all: the text ends.
    None,
}

/// Rows that are listed.
const MOST_ROWS: usize = 2000;
/// Equal lines shown on either side of a change.
const CONTEXT: usize = 3;
/// Characters of a line that are shown.
const SHOWN: usize = 200;

/// Compares two texts.
pub(super) fn changes(a: &str, b: &str, swap: bool) -> LineChanges {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split_inclusive('\n').collect(), b.split_inclusive('\n').collect());
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut number = |line| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(line).or_insert(next)
    };
    let of_a: Vec<u32> = a.iter().map(|line| number(*line)).collect();
    let of_b: Vec<u32> = b.iter().map(|line| number(*line)).collect();
    let same = runs(&of_a, &of_b, Effort::new(swap, a.len() + b.len()));
    let mut out = Writing { a: &a, b: &b, hunks: Vec::new(), left: MOST_ROWS, more: 0 };
    let after = same.iter().map(Some).chain([None]);
    for (gap, run) in gaps(&same, a.len(), b.len()).into_iter().zip(after) {
        out.changed(gap);
        if let Some(run) = run {
            out.equal(*run);
        }
    }
    LineChanges { hunks: out.hunks, more: out.more }
}

struct Writing<'t> {
    a: &'t [&'t str],
    b: &'t [&'t str],
    hunks: Vec<Hunk>,
    /// Rows that may still be listed.
    left: usize,
    more: usize,
}

impl<'t> Writing<'t> {
    fn changed(&mut self, (of_a, of_b): (Range<usize>, Range<usize>)) {
        let kind = match (of_a.is_empty(), of_b.is_empty()) {
            (true, true) => return,
            (true, false) => HunkKind::Added,
            (false, true) => HunkKind::Removed,
            (false, false) => HunkKind::Changed,
        };
        let count = of_a.len().max(of_b.len());
        let listed = self.push(kind, of_a, of_b, count);
        self.more += count - listed;
    }

    fn equal(&mut self, run: Run) {
        let before = if run.a == 0 && run.b == 0 { 0 } else { CONTEXT };
        let last = run.a + run.len == self.a.len() && run.b + run.len == self.b.len();
        let after = if last { 0 } else { CONTEXT };
        let part = |from: usize, to: usize| (run.a + from..run.a + to, run.b + from..run.b + to);
        let mut push = |kind, (x, y): (Range<usize>, Range<usize>)| {
            if !x.is_empty() {
                let count = x.len();
                self.push(kind, x, y, count);
            }
        };
        // A fold of one line would take as much space as the line.
        if run.len <= before + after + 1 {
            return push(HunkKind::Equal, part(0, run.len));
        }
        push(HunkKind::Equal, part(0, before));
        push(HunkKind::Folded, part(before, run.len - after));
        push(HunkKind::Equal, part(run.len - after, run.len));
    }

    /// Adds a hunk, and says how many of its rows are listed. Once the list is full there are no more hunks.
    fn push(&mut self, kind: HunkKind, of_a: Range<usize>, of_b: Range<usize>, count: usize) -> usize {
        if self.left == 0 {
            return 0;
        }
        let listed = if kind == HunkKind::Folded { 0 } else { count.min(self.left) };
        self.left -= listed;
        let rows = (0..listed).map(|n| {
            let line = |lines: &[&'t str], of: &Range<usize>| lines[of.clone()].get(n).copied();
            row(line(self.a, &of_a), line(self.b, &of_b))
        });
        let rows = rows.collect();
        self.hunks.push(Hunk { kind, a_line: of_a.start + 1, b_line: of_b.start + 1, count, rows });
        listed
    }
}

fn row(a: Option<&str>, b: Option<&str>) -> Row {
    let (x, y) = (a.map(split), b.map(split));
    let (text_a, text_b) = around(x.map_or("", |l| l.0), y.map_or("", |l| l.0), SHOWN);
    Row { a: x.map(|(_, end)| Line { text: text_a, end }), b: y.map(|(_, end)| Line { text: text_b, end }) }
}

fn split(line: &str) -> (&str, LineEnd) {
    match (line.strip_suffix("\r\n"), line.strip_suffix('\n')) {
        (Some(text), _) => (text, LineEnd::CrLf),
        (None, Some(text)) => (text, LineEnd::Lf),
        (None, None) => (line, LineEnd::None),
    }
}
