//! What follows from what came back.

use super::plan::wait_ms;
use super::policy::{Policy, Redirects, Success};
use super::words::wait;
use crate::request::{Headers, text};
use jiff::fmt::rfc2822;

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// An answer.
    Answer {
        /// Its status.
        status: u16,
        /// Its headers.
        headers: Headers,
    },
    /// None within the timeout.
    Timeout,
    /// None, for another cause.
    Nothing {
        /// A clause: `no connection`, `the connection closed without an answer`.
        why: String,
    },
}

/// What a provider does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is delivered.
    Delivered {
        /// In words.
        why: String,
    },
    /// It comes again.
    Retry {
        /// So many milliseconds after the attempt's end.
        after_ms: u64,
        /// In words.
        why: String,
    },
    /// All attempts are used.
    GiveUp {
        /// In words.
        why: String,
    },
    /// The endpoint ended it.
    Stop {
        /// In words.
        why: String,
    },
}

impl Decision {
    /// What was decided, in words.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Decision::Delivered { why }
            | Decision::Retry { why, .. }
            | Decision::GiveUp { why }
            | Decision::Stop { why } => why,
        }
    }
}

/// What follows from what came of all attempts so far, the last one just now. `now_s`, unix seconds, is what a date in
/// `Retry-After` counts from.
#[must_use]
pub fn next(policy: &Policy, seed: u64, history: &[Came], now_s: i64) -> Decision {
    let Some(last) = history.last() else {
        return Decision::Retry { after_ms: 0, why: "nothing was sent yet → first attempt".to_owned() };
    };
    let made = u32::try_from(history.len()).unwrap_or(u32::MAX);
    let mut throttled = None;
    let cause = match last {
        Came::Answer { status, headers } => {
            if policy.success.counts(*status) {
                return Decision::Delivered { why: "delivered".to_owned() };
            }
            if let Some(why) = stopped(policy, *status, headers) {
                return Decision::Stop { why };
            }
            throttled = retry_after(policy, *status, headers, now_s);
            failed(policy, *status)
        }
        Came::Timeout => format!("no answer within {}", wait(u64::from(policy.timeout_s) * 1_000)),
        Came::Nothing { why } => why.clone(),
    };
    if made >= policy.attempts {
        let all = if made == 1 { "there is no retry".to_owned() } else { format!("all {made} attempts are used") };
        return Decision::GiveUp { why: format!("{cause}, and {all} → gives up") };
    }
    let (after_ms, cause) = match throttled {
        Some(Ok((after_ms, said))) => (after_ms, said),
        Some(Err(unread)) => (wait_ms(policy, seed, made), format!("{cause}, {unread}")),
        None => (wait_ms(policy, seed, made), cause),
    };
    Decision::Retry { after_ms, why: format!("{cause} → retry in {}", wait(after_ms)) }
}

fn failed(policy: &Policy, status: u16) -> String {
    if (300..400).contains(&status) && policy.redirects == Redirects::Fail {
        return "a redirect is not followed".to_owned();
    }
    match &policy.success {
        Success::Exactly200 => "not exactly 200".to_owned(),
        Success::Any2xx => "not a 2xx".to_owned(),
        Success::Statuses(_) => format!("none of {}", policy.success),
    }
}

fn stopped(policy: &Policy, status: u16, headers: &Headers) -> Option<String> {
    if policy.stop_on.contains(&status) {
        return Some(match status {
            410 => "410: the endpoint is gone → stops".to_owned(),
            _ => format!("{status} ends it → stops"),
        });
    }
    let header = policy.stop_header.as_ref()?;
    let says = |value: &bytes::Bytes| header.value.is_empty() || text(value).trim().eq_ignore_ascii_case(&header.value);
    let found = headers.all(&header.name).find(|value| says(value))?;
    Some(format!("{}: {} → stops", header.name, crate::shorten(&text(found), 40)))
}

/// What `Retry-After` says, in milliseconds and in words; or in a clause why it says nothing.
fn retry_after(policy: &Policy, status: u16, headers: &Headers, now_s: i64) -> Option<Result<(u64, String), String>> {
    let throttle = policy.throttle.as_ref().filter(|throttle| throttle.on.contains(&status))?;
    let said = text(headers.first("retry-after")?);
    let said = said.trim();
    let shown = crate::shorten(said, 40);
    let seconds = match said.parse::<u64>() {
        Ok(seconds) => seconds,
        // RFC 9110's preferred form is one of RFC 2822's; the two obsolete ones are not read.
        Err(_) => match rfc2822::DateTimeParser::new().parse_timestamp(said) {
            Ok(at) => u64::try_from(at.as_second() - now_s).unwrap_or_default(),
            Err(_) => return Some(Err(format!("and Retry-After “{shown}” cannot be read"))),
        },
    };
    let cap = u64::from(throttle.cap_s);
    let words = match seconds > cap {
        true => format!("Retry-After: {shown}, of which {} are heeded", wait(cap * 1_000)),
        false => format!("Retry-After: {shown}"),
    };
    Some(Ok((seconds.min(cap) * 1_000, words)))
}
