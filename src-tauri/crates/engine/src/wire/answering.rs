//! What the listener answers by the user's rules.

use super::{TextPosition, WireBytes, WireHeader};
use countersign_core::response as core;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// All that decides what senders get.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Responses {
    /// The rules in order: the first that fits answers.
    pub rules: Vec<ResponseRule>,
    /// A path such as `/anything/404` is answered with that status.
    pub status_by_path: bool,
    /// Providers whose handshakes are left to the endpoint.
    pub stand_aside: Vec<String>,
}

/// Which of the deliveries that fit a rule are answered by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Turn {
    /// All.
    #[default]
    Always,
    /// The first few since the rules were saved or the app started.
    First {
        /// How many.
        count: u32,
    },
    /// One of each so many.
    Every {
        /// Of how many.
        count: u32,
    },
}

/// What goes wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The connection is closed without an answer.
    Close,
    /// Half of the answer is sent, then the connection is closed.
    Half,
    /// No answer ever comes.
    Never,
}

/// A rule for answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResponseRule {
    /// Unique among the rules; an empty one is given a new one when it is saved.
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
    /// The headers: names and values.
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

/// What is wrong with a rule or a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleFault {
    /// The field's name.
    pub field: String,
    /// One sentence.
    pub message: String,
    /// Where in the field's text.
    pub place: Option<TextPosition>,
}

/// What a rule would do with a delivery that is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleTrial {
    /// Its condition fits.
    pub fits: bool,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<WireHeader>,
    /// The body, filled in.
    pub body: WireBytes,
}

impl From<&ResponseRule> for core::ResponseRule {
    fn from(rule: &ResponseRule) -> Self {
        core::ResponseRule {
            id: rule.id.clone(),
            name: rule.name.clone(),
            on: rule.on,
            when: rule.when.clone(),
            turn: match rule.turn {
                Turn::Always => core::Turn::Always,
                Turn::First { count } => core::Turn::First { count },
                Turn::Every { count } => core::Turn::Every { count },
            },
            status: rule.status,
            headers: rule.headers.clone(),
            body: rule.body.clone(),
            delay_ms: rule.delay_ms,
            fault: rule.fault.map(|fault| match fault {
                Fault::Close => core::Fault::Close,
                Fault::Half => core::Fault::Half,
                Fault::Never => core::Fault::Never,
            }),
        }
    }
}

impl From<core::RuleError> for RuleFault {
    fn from(error: core::RuleError) -> Self {
        let position = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        RuleFault {
            field: error.field.to_owned(),
            place: error.place.map(|(start, len)| TextPosition { start: position(start), len: position(len) }),
            message: error.message,
        }
    }
}
