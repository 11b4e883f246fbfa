//! A policy as rows for a person: what, how much, and who says so.

use super::Policy;
use super::policy::{Delays, Redirects};
use super::words::{list, wait, waits};
use crate::rule::{Basis, Known, RetryPolicy};

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowBasis {
    /// The provider's document.
    Documented,
    /// We, until the user confirms it.
    Assumed,
    /// Nobody: the document does not say it, and the value is what is done then.
    NotDocumented,
    /// The user.
    Edited,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The field of [`Policy`]: `attempts`, `delays`, `timeout`, …
    pub field: &'static str,
    /// Its name for a person.
    pub label: &'static str,
    /// In words.
    pub value: String,
    /// Who says so.
    pub basis: RowBasis,
    /// What the document says instead.
    pub note: Option<String>,
}

/// The rows of a policy beside what the provider's file says.
#[must_use]
pub fn rows(rule: &RetryPolicy, policy: &Policy) -> Vec<Row> {
    let own = Policy::of(rule);
    let mut rows = Vec::new();
    let mut row = |field, label, words: String, same: bool, known: Option<(&str, Basis, &Option<String>)>| {
        let (value, basis) = match (same, known) {
            (false, _) => (words, RowBasis::Edited),
            (true, Some((said, Basis::Documented, _))) => (said.to_owned(), RowBasis::Documented),
            (true, Some((said, Basis::Assumed, _))) => (said.to_owned(), RowBasis::Assumed),
            (true, None) => (words, RowBasis::NotDocumented),
        };
        rows.push(Row { field, label, value, basis, note: known.and_then(|(.., note)| note.clone()) });
    };
    fn said<T>(known: &Known<T>) -> (&str, Basis, &Option<String>) {
        (&known.words, known.basis, &known.note)
    }
    let p = policy;
    let attempts = match p.attempts {
        1 => "no retry".to_owned(),
        2 => "up to 1 retry".to_owned(),
        more => format!("up to {} retries", more - 1),
    };
    row("attempts", "attempts", attempts, p.attempts == own.attempts, Some(said(&rule.attempts)));
    row("delays", "intervals", delays(&p.delays), p.delays == own.delays, Some(said(&rule.delays)));
    let jitter = match p.jitter {
        0.0 => "none".to_owned(),
        share => format!("up to {:.0} % longer", share * 100.0),
    };
    row("jitter", "jitter", jitter, p.jitter == own.jitter, rule.jitter.as_ref().map(said));
    let timeout = wait(u64::from(p.timeout_s) * 1_000);
    row("timeout", "timeout", timeout, p.timeout_s == own.timeout_s, Some(said(&rule.timeout_s)));
    row("success", "success", p.success.words(), p.success == own.success, Some(said(&rule.success)));
    row("stop_on", "stops on", stops(p), p.stop_on == own.stop_on, rule.stop_on.as_ref().map(said));
    let header = match &p.stop_header {
        None => "no header".to_owned(),
        Some(header) if header.value.is_empty() => header.name.clone(),
        Some(header) => format!("{}: {}", header.name, header.value),
    };
    row("stop_header", "stop header", header, p.stop_header == own.stop_header, rule.stop_header.as_ref().map(said));
    let throttle = match &p.throttle {
        None => "Retry-After is not heeded".to_owned(),
        Some(t) => format!("Retry-After of {}, up to {}", list(&t.on), wait(u64::from(t.cap_s) * 1_000)),
    };
    row("throttle", "throttles", throttle, p.throttle == own.throttle, rule.throttle.as_ref().map(said));
    let redirects = match p.redirects {
        Redirects::Fail => "a failure",
        Redirects::Follow => "followed",
    };
    let same = p.redirects == own.redirects;
    row("redirects", "redirects", redirects.to_owned(), same, rule.redirects.as_ref().map(said));
    let anew = if p.sign_anew { "each attempt anew: new time, same id" } else { "once: all attempts are the same" };
    row("sign_anew", "signed", anew.to_owned(), p.sign_anew == own.sign_anew, rule.sign_anew.as_ref().map(said));
    let headers = match p.headers.as_slice() {
        [] => "none".to_owned(),
        some => some.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("; "),
    };
    row("headers", "attempt headers", headers, p.headers == own.headers, rule.headers.as_ref().map(said));
    let announce = match &p.announce {
        None => "no event".to_owned(),
        Some(a) if a.on => format!("{}, before each retry", a.event_type),
        Some(a) => format!("{}, not sent", a.event_type),
    };
    row("announce", "announced by", announce, p.announce == own.announce, rule.announce.as_ref().map(said));
    rows
}

fn delays(delays: &Delays) -> String {
    let of = |s: f64| wait(super::words::to_ms(s));
    match delays {
        Delays::List { seconds } => waits(seconds),
        Delays::Exponential { first_s, factor, cap_s: None } => format!("{}, times {factor} each", of(*first_s)),
        Delays::Exponential { first_s, factor, cap_s: Some(cap) } => {
            format!("{}, times {factor} each, at most {}", of(*first_s), of(*cap))
        }
    }
}

fn stops(policy: &Policy) -> String {
    if policy.stop_on.is_empty() { "no status".to_owned() } else { list(&policy.stop_on) }
}
