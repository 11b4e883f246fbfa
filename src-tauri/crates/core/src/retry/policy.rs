//! A retry policy as data, what a provider's document leaves open, and what a user may make of it.

use crate::rule::RetryPolicy;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// No provider tries more often.
const MOST_ATTEMPTS: u32 = 100;
/// A week: the longest wait that a provider is known to make is a day.
const LONGEST_WAIT_S: f64 = 7.0 * 86_400.0;
/// As long as a request may take here at all.
const LONGEST_TIMEOUT_S: u32 = 600;

/// When a provider comes again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Delays {
    /// These, in seconds; the last one goes on where there are more retries.
    List {
        /// One for each retry.
        seconds: Vec<f64>,
    },
    /// Each so many times the one before.
    Exponential {
        /// The first, in seconds.
        first_s: f64,
        /// How many times.
        factor: f64,
        /// None is longer, in seconds.
        #[serde(default)]
        cap_s: Option<f64>,
    },
}

impl Delays {
    /// The wait before a retry, counted from 1, in seconds and without jitter.
    #[must_use]
    pub fn before(&self, retry: u32) -> f64 {
        let retry = retry.max(1);
        match self {
            Delays::List { seconds } => {
                let at = (retry as usize - 1).min(seconds.len().saturating_sub(1));
                seconds.get(at).copied().unwrap_or_default()
            }
            Delays::Exponential { first_s, factor, cap_s } => {
                let exponent = i32::try_from(retry - 1).unwrap_or(i32::MAX);
                (first_s * factor.powi(exponent)).min(cap_s.unwrap_or(LONGEST_WAIT_S))
            }
        }
    }
}

/// What counts as delivered. Written `200`, `2xx`, or as statuses: `200, 202`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Success {
    /// Exactly 200.
    Exactly200,
    /// Any 2xx.
    Any2xx,
    /// One of these.
    Statuses(Vec<u16>),
}

impl Success {
    /// Whether a status counts as delivered.
    #[must_use]
    pub fn counts(&self, status: u16) -> bool {
        match self {
            Success::Exactly200 => status == 200,
            Success::Any2xx => (200..300).contains(&status),
            Success::Statuses(statuses) => statuses.contains(&status),
        }
    }

    /// What counts, in words: “exactly 200”.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Success::Exactly200 => "exactly 200".to_owned(),
            Success::Any2xx => "any 2xx".to_owned(),
            Success::Statuses(statuses) => format!("one of {}", super::words::list(statuses)),
        }
    }
}

impl fmt::Display for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Success::Exactly200 => f.write_str("200"),
            Success::Any2xx => f.write_str("2xx"),
            Success::Statuses(statuses) => f.write_str(&super::words::list(statuses)),
        }
    }
}

impl From<Success> for String {
    fn from(success: Success) -> String {
        success.to_string()
    }
}

impl FromStr for Success {
    type Err = String;

    fn from_str(text: &str) -> Result<Success, String> {
        match text.trim() {
            "200" => return Ok(Success::Exactly200),
            "2xx" => return Ok(Success::Any2xx),
            _ => {}
        }
        let statuses: Result<Vec<u16>, _> = text.split([',', ' ']).filter(|s| !s.is_empty()).map(str::parse).collect();
        match statuses {
            Ok(statuses) if !statuses.is_empty() => Ok(Success::Statuses(statuses)),
            _ => Err(format!("“{}” says no status: write 200, 2xx, or statuses such as 200, 202.", text.trim())),
        }
    }
}

impl TryFrom<String> for Success {
    type Error = String;

    fn try_from(text: String) -> Result<Success, String> {
        text.parse()
    }
}

/// A header with a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderIs {
    /// Its name.
    pub name: String,
    /// Its value, in any case; empty: any.
    #[serde(default)]
    pub value: String,
}

/// Which answers' `Retry-After` is heeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// Of these statuses.
    pub on: Vec<u16>,
    /// But no longer than this, in seconds.
    pub cap_s: u32,
}

/// What a redirect is to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redirects {
    /// A failure.
    Fail,
    /// Followed.
    Follow,
}

/// An event that announces each retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announce {
    /// Its type in the catalogue.
    pub event_type: String,
    /// Whether it is sent.
    pub on: bool,
}

/// What a provider does after an attempt, as plain values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How many attempts at the most, the first included.
    pub attempts: u32,
    /// From one attempt's end to the next attempt.
    pub delays: Delays,
    /// The share by which a wait may be longer, 0 to 1.
    pub jitter: f64,
    /// Seconds within which an answer is due.
    pub timeout_s: u32,
    /// What counts as delivered.
    pub success: Success,
    /// Statuses that end it at once.
    pub stop_on: Vec<u16>,
    /// A header of an answer that ends it at once.
    pub stop_header: Option<HeaderIs>,
    /// Answers that say themselves when to come again.
    pub throttle: Option<Throttle>,
    /// What a redirect is.
    pub redirects: Redirects,
    /// Each attempt is signed anew, with its own time and the same id; else all leave as the first was signed.
    pub sign_anew: bool,
    /// Headers of each attempt; `{attempt}` stands for its number, `{retry}` for that of the retry.
    pub headers: Vec<(String, String)>,
    /// An event that announces each retry.
    pub announce: Option<Announce>,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// The field: `attempts`, `delays`, …
    pub field: &'static str,
    /// One sentence.
    pub sentence: String,
}

impl Policy {
    /// The policy of a provider file. Where its document says nothing: nothing stops it, `Retry-After` is not heeded, a
    /// redirect is a failure, each attempt is signed anew, and nothing is added.
    #[must_use]
    pub fn of(rule: &RetryPolicy) -> Policy {
        let value = |known: &Option<crate::rule::Known<Vec<u16>>>| known.as_ref().map(|k| k.value.clone());
        Policy {
            attempts: rule.attempts.value,
            delays: rule.delays.value.clone(),
            jitter: rule.jitter.as_ref().map_or(0.0, |known| known.value),
            timeout_s: rule.timeout_s.value,
            success: rule.success.value.clone(),
            stop_on: value(&rule.stop_on).unwrap_or_default(),
            stop_header: rule.stop_header.as_ref().map(|known| known.value.clone()),
            throttle: rule.throttle.as_ref().map(|known| known.value.clone()),
            redirects: rule.redirects.as_ref().map_or(Redirects::Fail, |known| known.value),
            sign_anew: rule.sign_anew.as_ref().is_none_or(|known| known.value),
            headers: rule.headers.as_ref().map(|known| known.value.clone()).unwrap_or_default(),
            announce: rule.announce.as_ref().map(|known| known.value.clone()),
        }
    }

    /// What is wrong with it, a sentence for each field; empty where nothing is.
    #[must_use]
    pub fn faults(&self) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        let mut say = |field, sentence: String| faults.push(PolicyFault { field, sentence });
        if !(1..=MOST_ATTEMPTS).contains(&self.attempts) {
            say(
                "attempts",
                format!("Attempts are 1 to {MOST_ATTEMPTS}, the first included; this says {}.", self.attempts),
            );
        }
        if let Some(sentence) = self.delays_fault() {
            say("delays", sentence);
        }
        if !(0.0..=1.0).contains(&self.jitter) {
            say("jitter", format!("Jitter is a share of the wait, 0 to 1; this says {}.", self.jitter));
        }
        if !(1..=LONGEST_TIMEOUT_S).contains(&self.timeout_s) {
            say("timeout", format!("The timeout is 1 to {LONGEST_TIMEOUT_S} seconds; this says {}.", self.timeout_s));
        }
        if let Success::Statuses(statuses) = &self.success
            && let Some(sentence) = statuses_fault(statuses)
        {
            say("success", sentence);
        }
        if let Some(sentence) = statuses_fault(&self.stop_on) {
            say("stop_on", sentence);
        } else if let Some(both) = self.stop_on.iter().find(|status| self.success.counts(**status)) {
            say("stop_on", format!("{both} counts as delivered already: it cannot stop the retries as well."));
        }
        if let Some(header) = self.stop_header.as_ref().filter(|header| !is_token(&header.name)) {
            say("stop_header", format!("“{}” is no name of a header.", header.name));
        }
        if let Some(throttle) = &self.throttle {
            if let Some(sentence) = statuses_fault(&throttle.on) {
                say("throttle", sentence);
            } else if throttle.cap_s == 0 || f64::from(throttle.cap_s) > LONGEST_WAIT_S {
                say("throttle", "Retry-After is heeded for 1 second to 7 days.".to_owned());
            }
        }
        let wrong = |(name, value): &&(String, String)| !is_token(name) || value.bytes().any(|b| b < 0x20 || b == 0x7f);
        if let Some((name, _)) = self.headers.iter().find(wrong) {
            say("headers", format!("The header “{name}” cannot be sent: its name or value holds what HTTP forbids."));
        }
        faults
    }

    fn delays_fault(&self) -> Option<String> {
        let retries = self.attempts.saturating_sub(1) as usize;
        let possible = |s: f64| s.is_finite() && (0.0..=LONGEST_WAIT_S).contains(&s);
        match &self.delays {
            Delays::List { seconds } => {
                if let Some(wrong) = seconds.iter().find(|s| !possible(**s)) {
                    return Some(format!("A wait is 0 seconds to 7 days; this says {wrong} seconds."));
                }
                match seconds.len() {
                    0 if retries > 0 => Some(format!("Say how long to wait before each of the {retries} retries.")),
                    more if more > retries => Some(format!(
                        "There are {more} waits for {retries} retries: leave some out, or try more often."
                    )),
                    _ => None,
                }
            }
            Delays::Exponential { first_s, factor, cap_s } => {
                if !possible(*first_s) {
                    Some(format!("The first wait is 0 seconds to 7 days; this says {first_s} seconds."))
                } else if !factor.is_finite() || !(1.0..=100.0).contains(factor) {
                    Some(format!("The factor is 1 to 100; this says {factor}."))
                } else if cap_s.is_some_and(|cap| !possible(cap) || cap < *first_s) {
                    Some("The longest wait is no shorter than the first one, and at most 7 days.".to_owned())
                } else {
                    None
                }
            }
        }
    }
}

fn statuses_fault(statuses: &[u16]) -> Option<String> {
    let wrong = statuses.iter().find(|status| !(100..=599).contains(*status))?;
    Some(format!("{wrong} is no HTTP status: they are 100 to 599."))
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
