//! Two JSON bodies by what they mean.
//!
//! A list's elements are matched by the longest order that both have in common, objects in a changed stretch by their `id`.
//! What was taken out in one place and put in, written the same, in another was moved.

use super::align::{Effort, Run, gaps, runs};
use super::around;
use super::tree::{Classes, Kind, Tree};
use foldhash::{HashMap, HashMapExt as _};
use std::collections::VecDeque;

/// What is different in two JSON bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonChanges {
    /// The changes, at most [`MOST_CHANGES`].
    pub changes: Vec<Change>,
    /// How many more there are.
    pub more: usize,
    /// Both mean the same and are written differently: the changes are of order and spelling alone. Where there is no change
    /// at all, only white space is different, or a byte order mark at the start.
    pub same_value: bool,
}

/// A change in a JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where: a JSON pointer into the second body, for what was removed into the first.
    pub path: String,
    /// Which of the members of that name, from 1, where the object has the name more than once: a pointer cannot say it.
    pub nth: Option<usize>,
    /// What.
    pub kind: ChangeKind,
    /// As the first one writes it, shortened; of what is long, the part around the first difference.
    pub a: Option<String>,
    /// As the second one writes it, shortened.
    pub b: Option<String>,
}

/// A kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with another value.
    Changed,
    /// Both have it, written the same, in different places.
    Moved {
        /// Where the first has it: a JSON pointer.
        from: String,
    },
    /// An object's members stand in another order; `a` and `b` are their names.
    Reordered,
    /// The same value, written differently: `1.0` and `1`, `\u00e9` and `é`.
    Respelled,
    /// A member's name, written differently; `a` and `b` are the names.
    RespelledName,
}

/// Changes that are listed.
pub const MOST_CHANGES: usize = 2000;
/// Bytes of pointers and values that are listed: a pointer may be as long as a body.
const MOST_TEXT: usize = 4 << 20;
/// Characters of a value that are shown.
const SHOWN: usize = 200;

/// Compares two texts as JSON; none where one of them is not, is nested more than 128 deep or has over a million values.
/// `swap` is set on one of the two ways round: see [`Effort`].
pub(super) fn changes(a: &str, b: &str, swap: bool) -> Option<JsonChanges> {
    let (mut a, mut b) = (Tree::read(a)?, Tree::read(b)?);
    let mut classes = Classes::default();
    classes.classify(&mut a);
    classes.classify(&mut b);
    let id = classes.of_text("\"id\"");
    let effort = Effort::new(swap, a.nodes.len() + b.nodes.len());
    let mut walk = Walk { a: &a, b: &b, effort, id, found: Vec::new(), containers: 0 };
    walk.pair(0, 0);
    let found = walk.with_moves();
    let same_value = a.node(0).value == b.node(0).value;
    let (changes, more) = list(&a, &b, &found);
    Some(JsonChanges { changes, more, same_value })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Added,
    Removed,
    Changed,
    Moved,
    Reordered,
    Respelled,
    RespelledName,
}

/// A change by its nodes. Where one side has none, its number means nothing.
#[derive(Debug, Clone, Copy)]
struct Found {
    what: What,
    a: u32,
    b: u32,
    /// The two containers that were being compared.
    within: u32,
}

struct Walk<'t> {
    a: &'t Tree<'t>,
    b: &'t Tree<'t>,
    effort: Effort,
    /// The number of the name `id`.
    id: u32,
    found: Vec<Found>,
    containers: u32,
}

impl Walk<'_> {
    fn note(&mut self, what: What, a: u32, b: u32, within: u32) {
        self.found.push(Found { what, a, b, within });
    }

    /// Two values that belong together. As deep as the trees are: a limit holds that.
    fn pair(&mut self, a: u32, b: u32) {
        let (x, y) = (self.a.node(a), self.b.node(b));
        if x.exact == y.exact {
            return;
        }
        match (x.kind, y.kind) {
            (Kind::Object, Kind::Object) => self.objects(a, b),
            (Kind::Array, Kind::Array) => self.arrays(a, b),
            _ if x.value == y.value => self.note(What::Respelled, a, b, 0),
            _ => self.note(What::Changed, a, b, 0),
        }
    }

    fn objects(&mut self, a: u32, b: u32) {
        self.containers += 1;
        let within = self.containers;
        let (x, y) = (self.a.children(a), self.b.children(b));
        let named = |tree: &Tree<'_>, list: &[u32]| {
            let mut names: Vec<(u32, usize)> = list.iter().map(|&n| tree.node(n).key_value).zip(0..).collect();
            names.sort_unstable();
            names
        };
        let mut partner = vec![None; x.len()];
        let mut added: Vec<bool> = vec![true; y.len()];
        let mut names = named(self.b, &y).into_iter().peekable();
        for (name, at) in named(self.a, &x) {
            while names.next_if(|other| other.0 < name).is_some() {}
            if let Some((_, other)) = names.next_if(|other| other.0 == name) {
                partner[at] = Some(other);
                added[other] = false;
            }
        }
        if !partner.iter().flatten().is_sorted() {
            self.note(What::Reordered, a, b, within);
        }
        for (at, &member) in x.iter().enumerate() {
            let Some(other) = partner[at].map(|other| y[other]) else {
                self.note(What::Removed, member, 0, within);
                continue;
            };
            if self.a.node(member).key_exact != self.b.node(other).key_exact {
                self.note(What::RespelledName, member, other, within);
            }
            self.pair(member, other);
        }
        for (member, _) in y.into_iter().zip(added).filter(|(_, added)| *added) {
            self.note(What::Added, 0, member, within);
        }
    }

    fn arrays(&mut self, a: u32, b: u32) {
        self.containers += 1;
        let within = self.containers;
        let (x, y) = (self.a.children(a), self.b.children(b));
        let values = |tree: &Tree<'_>, list: &[u32]| list.iter().map(|&n| tree.node(n).value).collect::<Vec<_>>();
        let same = matched(&values(self.a, &x), &values(self.b, &y), self.effort);
        let gaps = gaps(&same, x.len(), y.len());
        // What only stands elsewhere in the same list is not taken for a changed neighbour.
        let mut gone: HashMap<u32, VecDeque<usize>> = HashMap::new();
        for at in gaps.iter().flat_map(|gap| gap.0.clone()) {
            gone.entry(self.a.node(x[at]).exact).or_default().push_back(at);
        }
        let mut moved_from = vec![false; x.len()];
        let mut moved_to = vec![None; y.len()];
        for at in gaps.iter().flat_map(|gap| gap.1.clone()) {
            let from = gone.get_mut(&self.b.node(y[at]).exact).and_then(VecDeque::pop_front);
            if let Some(from) = from {
                moved_from[from] = true;
                moved_to[at] = Some(x[from]);
            }
        }
        let after = same.iter().map(Some).chain([None]);
        for ((of_a, of_b), run) in gaps.into_iter().zip(after) {
            for at in of_b.clone() {
                if let Some(from) = moved_to[at] {
                    self.note(What::Moved, from, y[at], within);
                }
            }
            let rest_a: Vec<u32> = of_a.filter(|at| !moved_from[*at]).map(|at| x[at]).collect();
            let rest_b: Vec<u32> = of_b.filter(|at| moved_to[*at].is_none()).map(|at| y[at]).collect();
            self.changed(&rest_a, &rest_b, within);
            if let Some(&Run { a, b, len }) = run {
                (0..len).for_each(|n| self.pair(x[a + n], y[b + n]));
            }
        }
    }

    /// A stretch of a list of which nothing is the same: elements that are the same thing in another state are compared, and
    /// of what then stands between them as many as there are on the other side.
    fn changed(&mut self, x: &[u32], y: &[u32], within: u32) {
        let mut numbers = HashMap::new();
        let mut number = |thing| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(thing).or_insert(next)
        };
        let of_x: Vec<u32> = x.iter().map(|&at| number(thing(self.a, at, self.id))).collect();
        let of_y: Vec<u32> = y.iter().map(|&at| number(thing(self.b, at, self.id))).collect();
        let same = runs(&of_x, &of_y, self.effort);
        let after = same.iter().map(Some).chain([None]);
        for ((of_a, of_b), run) in gaps(&same, x.len(), y.len()).into_iter().zip(after) {
            if of_a.len() == of_b.len() {
                of_a.zip(of_b).for_each(|(i, j)| self.pair(x[i], y[j]));
            } else {
                of_a.for_each(|at| self.note(What::Removed, x[at], 0, within));
                of_b.for_each(|at| self.note(What::Added, 0, y[at], within));
            }
            if let Some(&Run { a, b, len }) = run {
                (0..len).for_each(|n| self.pair(x[a + n], y[b + n]));
            }
        }
    }

    /// The changes, with what was removed and added the same as moves.
    fn with_moves(self) -> Vec<Found> {
        let Walk { a, b, mut found, .. } = self;
        let mut removed: Vec<(u32, usize)> = Vec::new();
        let mut added: Vec<(u32, usize)> = Vec::new();
        for (at, change) in found.iter().enumerate() {
            match change.what {
                What::Removed => removed.push((change.a, at)),
                What::Added => added.push((change.b, at)),
                _ => {}
            }
        }
        removed.sort_unstable();
        added.sort_unstable();
        // `true` that went here and `true` that came there are no move, unless it is in the same container.
        let thing = |tree: &Tree<'_>, node: u32, within: u32| {
            (tree.node(node).exact, if telling(tree.raw(node)) { 0 } else { within })
        };
        let mut gone: HashMap<(u32, u32), VecDeque<usize>> = HashMap::new();
        for &(node, at) in &removed {
            gone.entry(thing(a, node, found[at].within)).or_default().push_back(at);
        }
        let mut dropped = vec![false; found.len()];
        for &(node, at) in &added {
            let from = gone.get_mut(&thing(b, node, found[at].within)).and_then(VecDeque::pop_front);
            if let Some(from) = from {
                dropped[from] = true;
                found[at] = Found { what: What::Moved, a: found[from].a, ..found[at] };
            }
        }
        found.into_iter().zip(dropped).filter(|(_, dropped)| !dropped).map(|(change, _)| change).collect()
    }
}

/// The runs of two lists of elements. Where as many elements are the same at their own places, those: the others changed
/// places, and they did not.
fn matched(a: &[u32], b: &[u32], effort: Effort) -> Vec<Run> {
    let same = runs(a, b, effort);
    let places = || (0..a.len().min(b.len())).filter(|&at| a[at] == b[at]);
    if places().count() < same.iter().map(|run| run.len).sum() {
        return same;
    }
    let mut kept: Vec<Run> = Vec::new();
    for at in places() {
        match kept.last_mut() {
            Some(last) if last.a + last.len == at => last.len += 1,
            _ => kept.push(Run { a: at, b: at, len: 1 }),
        }
    }
    kept
}

/// What an element of a list is, whatever state it is in: an object with its id, or the kind.
fn thing(tree: &Tree<'_>, at: u32, id: u32) -> (u8, Option<u32>) {
    match tree.node(at).kind {
        Kind::Array => (0, None),
        Kind::Scalar => (1, None),
        Kind::Object => {
            let named = tree.children(at).into_iter().map(|n| tree.node(n)).find(|n| n.key_value == id);
            (2, named.filter(|n| n.kind == Kind::Scalar).map(|n| n.value))
        }
    }
}

/// Whether a value is hardly found twice by chance.
fn telling(raw: &str) -> bool {
    match raw.as_bytes() {
        [b'{' | b'[', inside @ .., _] => !inside.trim_ascii().is_empty(),
        _ => raw.len() > 8,
    }
}

fn list(a: &Tree<'_>, b: &Tree<'_>, found: &[Found]) -> (Vec<Change>, usize) {
    let mut changes = Vec::new();
    let mut left = MOST_TEXT;
    for change in found.iter().take(MOST_CHANGES) {
        let made = change.write(a, b);
        let from = if let ChangeKind::Moved { from } = &made.kind { from.len() } else { 0 };
        let len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let size = made.path.len() + from + len(&made.a) + len(&made.b);
        if size > left {
            break;
        }
        left -= size;
        changes.push(made);
    }
    let more = found.len() - changes.len();
    (changes, more)
}

impl Found {
    fn write(&self, a: &Tree<'_>, b: &Tree<'_>) -> Change {
        let one = |text: &str| Some(crate::shorten(text, SHOWN));
        let two = |x: &str, y: &str| {
            let (x, y) = around(x, y, SHOWN);
            (Some(x), Some(y))
        };
        let (tree, at) = if self.what == What::Removed { (a, self.a) } else { (b, self.b) };
        let (kind, (of_a, of_b)) = match self.what {
            What::Added => (ChangeKind::Added, (None, one(b.raw(self.b)))),
            What::Removed => (ChangeKind::Removed, (one(a.raw(self.a)), None)),
            What::Changed => (ChangeKind::Changed, two(a.raw(self.a), b.raw(self.b))),
            What::Respelled => (ChangeKind::Respelled, two(a.raw(self.a), b.raw(self.b))),
            What::RespelledName => (ChangeKind::RespelledName, two(a.key(self.a), b.key(self.b))),
            What::Moved => {
                let from = a.pointer(self.a);
                (ChangeKind::Moved { from }, (one(a.raw(self.a)), one(b.raw(self.b))))
            }
            What::Reordered => (ChangeKind::Reordered, two(&names(a, self.a), &names(b, self.b))),
        };
        let nth = usize::try_from(tree.node(at).nth).ok().filter(|nth| *nth > 0);
        Change { path: tree.pointer(at), nth, kind, a: of_a, b: of_b }
    }
}

/// The names of an object's members in their order.
fn names(tree: &Tree<'_>, at: u32) -> String {
    tree.children(at).into_iter().map(|member| tree.key(member)).collect::<Vec<_>>().join(", ")
}
