//! The filter language of the search field and of the command line.
//!
//! A filter is a list of terms that all must hold: `provider:pollo -verdict:pass event:render.* "scene 3"`. This module
//! reads the text; the store turns the terms into a query.
//!
//! Rules: `-` before a term negates it. Quotes keep spaces, and take commas and `*` literally; inside them `\"` and `\\`
//! stand for `"` and `\`. In the value of a key a comma means "any of" (`verdict:fail,malformed`). Letters are compared
//! without case in ASCII only, as every other part of the log does.
//!
//! Deliberately absent: `or` between terms, parentheses, regular expressions.

mod fits;
mod parse;
mod values;

#[cfg(test)]
mod tests;

pub use fits::Subject;

use crate::verdict::Outcome;

/// A filter that was read without a fault. The empty one matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

impl Filter {
    /// Reads a filter. `now_us` is the present in microseconds since 1970, for `since:1h`. `tz_offset_s` is what the
    /// user's clock is ahead of UTC, in seconds: a date or time without an offset of its own is read there, also where
    /// the zone had another offset on that day.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn parse(text: &str, now_us: i64, tz_offset_s: i32) -> Result<Filter, FilterError> {
        parse::filter(text, values::Clock { now_us, tz_offset_s }).map(|terms| Filter { terms })
    }

    /// The terms in the order in which they were typed.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether there is no term, so that everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// A fault in a filter's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// Where it begins, in characters (Unicode scalar values) from the start of the text.
    pub start: usize,
    /// How many characters are wrong, at least one.
    pub len: usize,
    /// One sentence.
    pub message: String,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Where it begins, in characters from the start of the text; a `-` before it is part of it.
    pub start: usize,
    /// Its length in characters.
    pub len: usize,
    /// The term as typed.
    pub text: String,
    /// It begins with `-`: what the test finds is left out.
    pub negated: bool,
    /// What must hold.
    pub test: Test,
}

impl Term {
    /// The key as the language writes it; none for a bare word.
    #[must_use]
    pub fn key(&self) -> Option<&'static str> {
        match self.test {
            Test::Provider(_) => Some("provider"),
            Test::Verdict(_) => Some("verdict"),
            Test::Event(_) => Some("event"),
            Test::Path(_) => Some("path"),
            Test::Method(_) => Some("method"),
            Test::Status(_) => Some("status"),
            Test::Since(_) => Some("since"),
            Test::Before(_) => Some("before"),
            Test::Id(_) => Some("id"),
            Test::Body(_) => Some("body"),
            Test::Has(_) => Some("has"),
            Test::Is(_) => Some("is"),
            Test::Word(_) => None,
        }
    }
}

/// What a term asks. Where it is a list, one of it is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The recognised provider.
    Provider(Vec<ProviderTest>),
    /// The verdicts that apply to the delivery.
    Verdict(VerdictTest),
    /// The event's type.
    Event(Vec<Pattern>),
    /// The path without the query.
    Path(Vec<Pattern>),
    /// The method, in upper case; compare without case.
    Method(Vec<String>),
    /// The status that the listener answered.
    Status(Vec<StatusRange>),
    /// Received at this time or later, in microseconds since 1970.
    Since(i64),
    /// Received before this time, in microseconds since 1970.
    Before(i64),
    /// The delivery's id or the event's id, exactly.
    Id(Vec<String>),
    /// Text in the body, without case in ASCII.
    Body(Vec<String>),
    /// Something that a delivery may have.
    Has(Vec<Having>),
    /// Something that a delivery may be.
    Is(Vec<Being>),
    /// Text in the path, event type, event id, headers or body, without case in ASCII.
    Word(String),
}

/// A test of the recognised provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderTest {
    /// None was recognised.
    None,
    /// Its id begins so.
    Prefix(String),
}

/// Outcomes of which a verdict that applies must have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictTest {
    /// In the order of [`Outcome::ALL`], each once; all of them for `any`.
    pub outcomes: Vec<Outcome>,
}

/// A text pattern, compared without case in ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The text between the `*`. A single part is searched anywhere; of several, the first must begin the text, the last
    /// end it, and the others follow one another between them.
    pub parts: Vec<String>,
}

impl Pattern {
    /// Whether the text matches.
    #[must_use]
    pub fn matches(&self, text: &[u8]) -> bool {
        let [first, middle @ .., last] = self.parts.as_slice() else {
            return self.parts.first().is_none_or(|part| find(text, part.as_bytes()).is_some());
        };
        let (first, last) = (first.as_bytes(), last.as_bytes());
        if text.len() < first.len() + last.len()
            || !text[..first.len()].eq_ignore_ascii_case(first)
            || !text[text.len() - last.len()..].eq_ignore_ascii_case(last)
        {
            return false;
        }
        let mut rest = &text[first.len()..text.len() - last.len()];
        for part in middle {
            match find(rest, part.as_bytes()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}

/// Types and paths are short: the plain search is as fast as any.
fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    text.windows(part.len()).position(|window| window.eq_ignore_ascii_case(part))
}

/// Statuses from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusRange {
    /// The lowest.
    pub low: u16,
    /// The highest.
    pub high: u16,
}

/// Something that a delivery may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Having {
    /// Requests that were sent on to an endpoint.
    Attempts,
    /// The user's pin.
    Pin,
    /// A body that is not empty.
    Body,
    /// A query after the path.
    Query,
}

/// Something that a delivery may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Being {
    /// Imported from a file; it was not received.
    Imported,
}
