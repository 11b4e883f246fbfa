//! A JSON text as a tree of places in it.
//!
//! `serde_json::Value` cannot serve here: it keeps neither the second of two members of one name nor how a number or a
//! text is written, and reads a long number as a float. So `serde_json` says whether the text is JSON, and what is known to
//! be JSON is cut into places. Every value gets two numbers that equal values, and no others, share: one for what it means
//! and one for how it is written, white space aside. They are looked up, not hashed: nothing that is different can pass for
//! equal.

use foldhash::HashMap;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, Visitor};
use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    Object,
    Array,
    #[default]
    Scalar,
}

/// A value at its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Where it begins in the text.
    start: u32,
    end: u32,
    /// The node behind all that is in it.
    next: u32,
    /// The node that it is in; itself for the whole.
    pub(super) parent: u32,
    /// How many stand before it there.
    pub(super) place: u32,
    /// Where the member's name stands, quotes included; empty for none.
    key: (u32, u32),
    /// What the member's name means, and how it is written.
    pub(super) key_value: u32,
    pub(super) key_exact: u32,
    /// Which of the members of its name it is, from 1; 0 where it is the only one.
    pub(super) nth: u32,
    /// What it means: members in any order, numbers and texts however written.
    pub(super) value: u32,
    /// How it is written, white space aside.
    pub(super) exact: u32,
}

/// Values deeper than this are not compared by their structure; it is what `serde_json` reads, too.
const DEPTH: usize = 128;
/// Bodies with more values than this are not compared by their structure: a node takes some fifty bytes.
const NODES: usize = 1 << 20;

/// A JSON text and its values, each before what is in it.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
}

impl<'t> Tree<'t> {
    /// Reads a text. None where it is not JSON, is nested too deeply or has too many values.
    pub(super) fn read(text: &'t str) -> Option<Tree<'t>> {
        let fits = u32::try_from(text.len()).is_ok();
        if !fits || serde_json::from_str::<IgnoredAny>(text).is_err() {
            return None;
        }
        Some(Tree { text, nodes: cut(text)? })
    }

    pub(super) fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    /// How it is written.
    pub(super) fn raw(&self, at: u32) -> &'t str {
        let node = self.node(at);
        &self.text[node.start as usize..node.end as usize]
    }

    /// How the member's name is written, quotes included; empty for none.
    pub(super) fn key(&self, at: u32) -> &'t str {
        let (start, end) = self.node(at).key;
        &self.text[start as usize..end as usize]
    }

    /// What is directly in it.
    pub(super) fn children(&self, at: u32) -> Vec<u32> {
        self.within(at).collect()
    }

    fn within(&self, at: u32) -> impl Iterator<Item = u32> + '_ {
        let end = self.node(at).next;
        let first = (at + 1 < end).then_some(at + 1);
        std::iter::successors(first, move |&child| Some(self.node(child).next).filter(|next| *next < end))
    }

    /// Its place as a JSON pointer (RFC 6901).
    pub(super) fn pointer(&self, at: u32) -> String {
        let mut steps = Vec::new();
        let mut at = at;
        while at != 0 {
            steps.push(at);
            at = self.node(at).parent;
        }
        let mut out = String::new();
        for step in steps.into_iter().rev() {
            out.push('/');
            match self.key(step) {
                "" => out.push_str(&self.node(step).place.to_string()),
                key => {
                    let name = String::from_utf8_lossy(&meaning(key)).replace('~', "~0").replace('/', "~1");
                    out.push_str(&name);
                }
            }
        }
        out
    }
}

/// Cuts a text that is JSON. None beyond the limits.
fn cut(text: &str) -> Option<Vec<Node>> {
    let bytes = text.as_bytes();
    let mut nodes: Vec<Node> = Vec::new();
    // What is open: its node, and how many values are in it.
    let mut open: Vec<(u32, u32)> = Vec::new();
    let mut key = (0, 0);
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let (kind, end) = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {
                at += 1;
                continue;
            }
            b'}' | b']' => {
                at += 1;
                let count = narrow(nodes.len());
                let node = &mut nodes[open.pop()?.0 as usize];
                (node.end, node.next) = (narrow(at), count);
                continue;
            }
            b'{' => (Kind::Object, at + 1),
            b'[' => (Kind::Array, at + 1),
            b'"' => (Kind::Scalar, after_string(bytes, at)),
            _ => (
                Kind::Scalar,
                bytes[at..].iter().position(|b| b",]} \t\r\n".contains(b)).map_or(bytes.len(), |n| at + n),
            ),
        };
        let inside = open.last().copied();
        let in_object = inside.is_some_and(|(node, _)| nodes[node as usize].kind == Kind::Object);
        if in_object && key == (0, 0) {
            key = (narrow(at), narrow(end));
            at = end;
            continue;
        }
        let this = narrow(nodes.len());
        let (parent, place) = inside.unwrap_or((this, 0));
        let (start, end_of) = (narrow(at), narrow(end));
        let node = Node { kind, start, end: end_of, next: this + 1, parent, place, key, ..Node::default() };
        nodes.push(node);
        key = (0, 0);
        if let Some((_, count)) = open.last_mut() {
            *count += 1;
        }
        if kind != Kind::Scalar {
            open.push((this, 0));
        }
        if open.len() > DEPTH || nodes.len() > NODES {
            return None;
        }
        at = end;
    }
    Some(nodes)
}

/// `Tree::read` takes no text that is longer.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn after_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The numbers of values, over both trees.
#[derive(Debug, Default)]
pub(super) struct Classes {
    known: HashMap<Box<[u8]>, u32>,
    buffer: Vec<u8>,
    /// Name, node and meaning of an object's members.
    members: Vec<(Reverse<u32>, u32, u32)>,
}

impl Classes {
    /// Gives every value of a tree its numbers.
    pub(super) fn classify(&mut self, tree: &mut Tree<'_>) {
        // What is in a value stands behind it, so from the end nothing is asked for before it is known.
        for at in (0..narrow(tree.nodes.len())).rev() {
            let (key_value, key_exact) = match tree.key(at) {
                "" => (0, 0),
                key => self.scalar(key),
            };
            let (value, exact) = match tree.node(at).kind {
                Kind::Scalar => self.scalar(tree.raw(at)),
                Kind::Array => self.array(tree, at),
                Kind::Object => self.object(tree, at),
            };
            let node = &mut tree.nodes[at as usize];
            (node.key_value, node.key_exact, node.value, node.exact) = (key_value, key_exact, value, exact);
        }
    }

    /// The number of a text's meaning.
    pub(super) fn of_text(&mut self, text: &str) -> u32 {
        self.scalar(text).0
    }

    fn array(&mut self, tree: &Tree<'_>, at: u32) -> (u32, u32) {
        let exact = self.list(b'A', tree.within(at).map(|child| [tree.node(child).exact]));
        if tree.within(at).all(|child| tree.node(child).value == tree.node(child).exact) {
            return (exact, exact);
        }
        (self.list(b'A', tree.within(at).map(|child| [tree.node(child).value])), exact)
    }

    fn object(&mut self, tree: &mut Tree<'_>, at: u32) -> (u32, u32) {
        let written = tree.within(at).map(|child| tree.node(child)).map(|node| [node.key_exact, node.exact]);
        let exact = self.list(b'O', written);
        let mut members = std::mem::take(&mut self.members);
        members.clear();
        members.extend(tree.within(at).map(|n| (Reverse(tree.node(n).key_value), n, tree.node(n).value)));
        // Names are numbered from the end, so most members stand in this order already. Of members of one name the order
        // counts: they are sorted by their place, too.
        members.sort_unstable();
        for of_one_name in members.chunk_by(|x, y| x.0 == y.0).filter(|list| list.len() > 1) {
            of_one_name.iter().zip(1..).for_each(|(member, nth)| tree.nodes[member.1 as usize].nth = nth);
        }
        let plain = |(&(Reverse(name), node, value), written): (&(Reverse<u32>, u32, u32), u32)| {
            let as_written = tree.node(node);
            node == written && name == as_written.key_exact && value == as_written.exact
        };
        let value = match members.iter().zip(tree.within(at)).all(plain) {
            true => exact,
            false => self.list(b'O', members.iter().map(|&(Reverse(name), _, value)| [name, value])),
        };
        self.members = members;
        (value, exact)
    }

    fn list<const N: usize>(&mut self, tag: u8, items: impl Iterator<Item = [u32; N]>) -> u32 {
        self.buffer.clear();
        self.buffer.push(tag);
        items.flatten().for_each(|number| self.buffer.extend_from_slice(&number.to_le_bytes()));
        self.number()
    }

    fn scalar(&mut self, raw: &str) -> (u32, u32) {
        self.buffer.clear();
        self.buffer.push(b'R');
        self.buffer.extend_from_slice(raw.as_bytes());
        let exact = self.number();
        // Most are written in the one way that their meaning is written here, and need no second look.
        let meaning = match raw.as_bytes() {
            [b'"', ..] if raw.contains('\\') => [b"R\"".as_slice(), &meaning(raw), b"\""].concat(),
            [b'"' | b't' | b'f' | b'n', ..] => return (exact, exact),
            [b'0'] => return (exact, exact),
            [first, rest @ ..]
                if (b'1'..=b'9').contains(first) && rest.len() < PLAIN && rest.iter().all(u8::is_ascii_digit) =>
            {
                return (exact, exact);
            }
            _ => number(raw),
        };
        self.buffer.clear();
        self.buffer.extend_from_slice(&meaning);
        (self.number(), exact)
    }

    fn number(&mut self) -> u32 {
        if let Some(&known) = self.known.get(self.buffer.as_slice()) {
            return known;
        }
        let next = narrow(self.known.len());
        self.known.insert(self.buffer.as_slice().into(), next);
        next
    }
}

/// The meaning of a written text, quotes included in what is given: UTF-8, with half a surrogate pair as its three bytes.
pub(super) fn meaning(raw: &str) -> Vec<u8> {
    struct Bytes(Vec<u8>);
    struct Taken;
    impl Visitor<'_> for Taken {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }
    impl<'de> Deserialize<'de> for Bytes {
        fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Bytes, D::Error> {
            reader.deserialize_bytes(Taken).map(Bytes)
        }
    }
    if !raw.contains('\\') {
        return raw[inside(raw)].as_bytes().to_vec();
    }
    serde_json::from_str::<Bytes>(raw).map_or_else(|_| raw[inside(raw)].as_bytes().to_vec(), |bytes| bytes.0)
}

fn inside(raw: &str) -> Range<usize> {
    1.min(raw.len())..raw.len().saturating_sub(1).max(1.min(raw.len()))
}

/// Digits of a number that is written out whole for its meaning.
const PLAIN: usize = 32;

/// A number's meaning, exact whatever its length: a whole number that is not negative and not long as it is usually written,
/// any other by its sign, its digits without zeros at either end, and its power of ten.
fn number(raw: &str) -> Vec<u8> {
    let (sign, rest) = raw.strip_prefix('-').map_or(("", raw), |rest| ("-", rest));
    let (mantissa, power) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, part].concat();
    let trimmed = digits.trim_end_matches('0');
    let zeros = i128::try_from(digits.len() - trimmed.len()).unwrap_or(0);
    let trimmed = trimmed.trim_start_matches('0');
    if trimmed.is_empty() {
        return b"R0".to_vec();
    }
    let parts = i128::try_from(part.len()).unwrap_or(0);
    let Ok(power) = power.parse::<i64>() else {
        // A power of ten beyond any use: as it is written.
        return format!("N{raw}").into_bytes();
    };
    let power = i128::from(power) - parts + zeros;
    match usize::try_from(power) {
        Ok(zeros) if sign.is_empty() && zeros <= PLAIN && trimmed.len() + zeros <= PLAIN => {
            format!("R{trimmed}{}", "0".repeat(zeros)).into_bytes()
        }
        _ => format!("N{sign}{trimmed}e{power}").into_bytes(),
    }
}
