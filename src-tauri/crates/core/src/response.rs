//! What the listener answers, by the user's rules.
//!
//! Rules are asked in order; the first that is on, whose condition fits and whose turn it is answers. A rule for the first
//! few deliveries, or for every n-th, passes the others on to the next rule: "fail twice, then succeed" is one rule.

use crate::filter::{Filter, Subject};
use crate::request::Headers;
use crate::template::{Filling, Template};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest an answer may be held back: senders give up long before.
pub const LONGEST_DELAY_MS: u32 = 10 * 60 * 1000;

/// Which of the deliveries that fit a rule answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Turn {
    /// All.
    #[default]
    Always,
    /// The first few since the rule was saved or the program started.
    First {
        /// How many.
        count: u32,
    },
    /// One of each so many: the 3rd, the 6th, …
    Every {
        /// Of how many.
        count: u32,
    },
}

/// A fault of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The connection is closed without an answer.
    Close,
    /// Half of the answer is sent, then the connection is closed.
    Half,
    /// No answer ever comes.
    Never,
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseRule {
    /// A random text, unique among the rules.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is asked at all.
    pub on: bool,
    /// Its condition, in the filter language; empty: every delivery.
    pub when: String,
    /// For which of those.
    #[serde(default)]
    pub turn: Turn,
    /// The status.
    pub status: u16,
    /// The headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body, with placeholders.
    #[serde(default)]
    pub body: String,
    /// How long the answer is held back, in milliseconds.
    #[serde(default)]
    pub delay_ms: u32,
    /// What goes wrong with it.
    #[serde(default)]
    pub fault: Option<Fault>,
}

/// What is wrong with a rule: which field, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RuleError {
    /// The field's name.
    pub field: &'static str,
    /// The place in its text, in characters: where it begins and how long it is.
    pub place: Option<(usize, usize)>,
    /// One sentence.
    pub message: String,
}

impl RuleError {
    pub(crate) fn new(field: &'static str, message: impl Into<String>) -> RuleError {
        RuleError { field, place: None, message: message.into() }
    }
}

/// Reads a rule's condition.
pub(crate) fn condition(text: &str) -> Result<Filter, RuleError> {
    Filter::condition(text).map_err(|error| RuleError {
        field: "when",
        place: Some((error.start, error.len)),
        message: error.message,
    })
}

/// A rule that can be asked.
#[derive(Debug, Clone)]
pub struct ReadyRule {
    /// The rule.
    pub rule: ResponseRule,
    when: Filter,
    body: Template,
}

/// An answer by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuledAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// How long it is held back, in milliseconds.
    pub delay_ms: u32,
    /// What goes wrong with it.
    pub fault: Option<Fault>,
}

impl ReadyRule {
    /// Makes a rule ready.
    ///
    /// # Errors
    /// The first fault: the condition, a placeholder, a status or header that cannot be sent, a delay that is too long.
    pub fn new(rule: ResponseRule) -> Result<ReadyRule, RuleError> {
        let when = condition(&rule.when)?;
        if !(200..=599).contains(&rule.status) {
            return Err(RuleError::new("status", "A status is a number from 200 to 599."));
        }
        if let Turn::First { count: 0 } | Turn::Every { count: 0 } = rule.turn {
            return Err(RuleError::new("turn", "A rule that takes turns needs a number from 1 on."));
        }
        if rule.delay_ms > LONGEST_DELAY_MS {
            return Err(RuleError::new("delay_ms", "An answer is held back for 10 minutes at the most."));
        }
        for (name, value) in &rule.headers {
            if let Some(fault) = header_fault(name, value) {
                return Err(RuleError::new("headers", fault));
            }
        }
        let body = Template::parse(&rule.body).map_err(|error| RuleError {
            field: "body",
            place: Some((error.start, error.len)),
            message: error.message,
        })?;
        Ok(ReadyRule { rule, when, body })
    }

    /// Whether it is on and its condition fits; whether it is its turn is asked with [`Turn::is_now`].
    #[must_use]
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.rule.on && self.when.fits(subject)
    }

    /// Whether its body asks for the delivery's body as JSON.
    #[must_use]
    pub fn needs_body(&self) -> bool {
        self.body.needs_body()
    }

    /// Its answer to a request. `body` is the request's as JSON, where it is; `now` is RFC 3339.
    #[must_use]
    pub fn answer(&self, subject: &Subject<'_>, body: Option<&Value>, now: &str, now_s: i64) -> RuledAnswer {
        let mut headers = Headers::new();
        let mut json = false;
        for (name, value) in &self.rule.headers {
            json |= name.eq_ignore_ascii_case("content-type") && value.to_ascii_lowercase().contains("json");
            headers.push(name.clone(), value.clone());
        }
        let filled = self.body.fill(&Filling { request: subject.request, body, now, now_s, json });
        RuledAnswer {
            status: self.rule.status,
            headers,
            body: filled.into(),
            delay_ms: self.rule.delay_ms,
            fault: self.rule.fault,
        }
    }
}

impl Turn {
    /// Whether it is the turn of the `number`-th delivery that fits, counted from 1.
    #[must_use]
    pub fn is_now(self, number: u64) -> bool {
        match self {
            Turn::Always => true,
            Turn::First { count } => number <= u64::from(count),
            Turn::Every { count } => number.is_multiple_of(u64::from(count).max(1)),
        }
    }
}

/// The status that a path asks for by its last part: `/anything/404`.
#[must_use]
pub fn status_of_path(path: &[u8]) -> Option<u16> {
    let last = path.rsplit(|b| *b == b'/').next()?;
    let status: u16 = std::str::from_utf8(last).ok().filter(|s| s.len() == 3)?.parse().ok()?;
    (200..=599).contains(&status).then_some(status)
}

/// Why an answer cannot have a header, in a sentence.
pub(crate) fn header_fault(name: &str, value: &str) -> Option<String> {
    if !is_token(name) || value.bytes().any(|b| b < 0x20 && b != b'\t' || b == 0x7f) {
        return Some(format!("The header “{name}” cannot be sent."));
    }
    let ours = ["content-length", "transfer-encoding", "connection"].iter().any(|n| name.eq_ignore_ascii_case(n));
    ours.then(|| format!("The listener itself decides on “{name}”."))
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{HttpVersion, Request};

    fn rule() -> ResponseRule {
        ResponseRule {
            id: "r1".to_owned(),
            name: "down".to_owned(),
            on: true,
            when: "path:/hook".to_owned(),
            turn: Turn::Always,
            status: 503,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: r#"{"of":"{{body.id}}"}"#.to_owned(),
            delay_ms: 5,
            fault: None,
        }
    }

    #[test]
    fn a_rule_answers_what_fits_and_says_what_is_wrong_with_it() {
        let request = Request {
            method: "POST".to_owned(),
            target: "/hook/x".into(),
            version: HttpVersion::Http11,
            headers: Headers::new(),
            body: "".into(),
            cut_from: None,
        };
        let subject = Subject { request: &request, provider: None, outcomes: &[], event_type: None, event_id: None };
        let ready = ReadyRule::new(rule()).expect("it is right");
        assert!(ready.fits(&subject));
        assert!(!ReadyRule::new(ResponseRule { on: false, ..rule() }).expect("it is right").fits(&subject));
        let body = serde_json::json!({"id": "\"1"});
        let answer = ready.answer(&subject, Some(&body), "now", 1);
        assert_eq!((answer.status, &answer.body[..], answer.delay_ms), (503, &br#"{"of":"\"1"}"#[..], 5));
        let wrong: [(&str, ResponseRule); 6] = [
            ("when", ResponseRule { when: "status:500".to_owned(), ..rule() }),
            ("status", ResponseRule { status: 100, ..rule() }),
            ("turn", ResponseRule { turn: Turn::Every { count: 0 }, ..rule() }),
            ("delay_ms", ResponseRule { delay_ms: u32::MAX, ..rule() }),
            ("headers", ResponseRule { headers: vec![("Content-Length".to_owned(), "1".to_owned())], ..rule() }),
            ("body", ResponseRule { body: "{{nothing}}".to_owned(), ..rule() }),
        ];
        for (field, rule) in wrong {
            assert_eq!(ReadyRule::new(rule).expect_err(field).field, field);
        }
    }

    #[test]
    fn turns_and_statuses_in_paths() {
        let taken = |turn: Turn| (1..=7).filter(|n| turn.is_now(*n)).collect::<Vec<u64>>();
        assert_eq!(taken(Turn::First { count: 2 }), [1, 2]);
        assert_eq!(taken(Turn::Every { count: 3 }), [3, 6]);
        assert_eq!(taken(Turn::Always).len(), 7);
        let rows = [("/a/404", Some(404)), ("/404", Some(404)), ("/a/600", None), ("/a/0404", None), ("/a/404/", None)];
        for (path, status) in rows {
            assert_eq!(status_of_path(path.as_bytes()), status, "{path}");
        }
    }
}
