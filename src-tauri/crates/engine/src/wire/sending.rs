//! What is sent by hand: drafts, their signatures, attempts, templates, copies.

use super::{WireBytes, WireOutcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use ts_rs::TS;

/// A request that is being prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// The method.
    pub method: String,
    /// Where to; `{{name}}` stands for a named value.
    pub url: String,
    /// The headers, in order.
    pub headers: Vec<DraftHeader>,
    /// The body.
    pub body: DraftBody,
    /// Placeholders (`{{uuid}}`, `{{now}}`, named values) are filled in header values and the body too, and not in the URL
    /// alone.
    #[serde(default)]
    pub fill: bool,
}

/// A header of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftHeader {
    /// Its name.
    pub name: WireBytes,
    /// Its value. Of `Host` and `Content-Length` that follow, what it was.
    pub value: WireBytes,
    /// It is sent.
    pub on: bool,
    /// Its value follows from the URL (`Host`) or the body (`Content-Length`); the user can pin it instead.
    pub follows: bool,
}

/// The body of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DraftBody {
    /// Text, sent as UTF-8.
    Text {
        /// The text.
        text: String,
    },
    /// Any bytes.
    Base64 {
        /// As base64.
        base64: String,
    },
    /// A delivery's, untouched.
    OfDelivery {
        /// Its id.
        id: String,
        /// Its length in bytes.
        len: u64,
    },
    /// What an attempt sent, untouched.
    OfAttempt {
        /// Its id.
        id: String,
        /// Its length in bytes.
        len: u64,
    },
}

/// What a draft is begun from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DraftSource {
    /// A delivery of the log.
    Delivery {
        /// Its id.
        id: String,
    },
    /// Something that was sent before.
    Attempt {
        /// Its id.
        id: String,
    },
    /// An event of the catalogue.
    Event {
        /// The provider.
        provider: String,
        /// The event's type.
        event_type: String,
        /// What its fields are set to, by their pointers; the others keep the sample's values.
        values: BTreeMap<String, String>,
        /// Ids and times are made afresh.
        fresh: bool,
    },
    /// A template of the user's.
    Template {
        /// Its id.
        id: String,
    },
    /// A pasted `curl` command, HTTP request or JSON.
    Pasted {
        /// The text.
        text: String,
    },
    /// A fixture in one of the user's folders.
    Fixture {
        /// Its path.
        file: String,
    },
    /// An empty one.
    Empty,
}

/// A draft to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftStart {
    /// The draft.
    pub draft: Draft,
    /// Where it comes from, in words: `delivery 41, render.completed`.
    pub title: String,
    /// The delivery that attempts will stand beside.
    pub delivery: Option<String>,
    /// The signature to begin with.
    pub signing: SigningChoice,
    /// What to know, one sentence each.
    pub notes: Vec<String>,
}

/// What the signature of a draft will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SigningChoice {
    /// By whose rule; none: it is not signed by any.
    pub provider: Option<String>,
    /// How.
    pub mode: SigningMode,
}

/// How a draft is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SigningMode {
    /// Not at all: its headers are sent as they are.
    Keep,
    /// Rightly.
    Sign {
        /// The name of one of the provider's secrets; the first one where none is given.
        secret: Option<String>,
        /// The time that is signed.
        timestamp: SigningTime,
        /// It gets a new id.
        new_id: bool,
    },
    /// With a secret that is given here and kept nowhere.
    Other {
        /// The secret.
        #[ts(type = "string")]
        value: Typed,
    },
    /// Wrongly, on purpose.
    Break {
        /// The name of one of the provider's secrets; the first one where none is given.
        secret: Option<String>,
        /// In which way.
        fault: Break,
    },
}

/// A secret that was typed for one request. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(String);

impl Typed {
    /// The text itself. Whoever calls it answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// The time that is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SigningTime {
    /// The moment of sending.
    Now,
    /// The one that stands in the headers.
    Captured,
    /// This one, RFC 3339 or unix seconds.
    Given {
        /// As typed.
        at: String,
    },
}

/// A deliberate break, by its name with what it takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct Break {
    /// `tampered_body`, `stale`, …
    pub name: String,
    /// `stale`: how old, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_s: Option<u32>,
    /// `future`: how far ahead, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s: Option<u32>,
    /// `other_algorithm`: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
}

/// A break that a provider's scheme can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BreakInfo {
    /// The break, with what it takes by default.
    pub fault: Break,
    /// Its name for a person.
    pub label: String,
    /// What it does and what an endpoint should make of it.
    pub about: String,
    /// The verdict that it leads to.
    pub expected: WireOutcome,
}

/// How requests of a provider can be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SigningOptions {
    /// The provider.
    pub provider: String,
    /// It signs.
    pub signed: bool,
    /// The names of its secrets.
    pub secrets: Vec<String>,
    /// A timestamp is signed.
    pub signs_time: bool,
    /// An id is signed.
    pub signs_id: bool,
    /// The headers that signing writes.
    pub headers: Vec<String>,
    /// The breaks that make sense.
    pub breaks: Vec<BreakInfo>,
    /// What a right endpoint answers to what it accepts: `200`, `2xx`.
    pub success: String,
}

/// What a draft will be when it is sent now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftPreview {
    /// Where to, with named values filled in.
    pub url: String,
    /// The headers as they leave.
    pub headers: Vec<PreviewHeader>,
    /// The body's length in bytes.
    pub body_len: u64,
    /// The verdict that a right endpoint comes to; none where no provider was chosen.
    pub verdict: Option<DraftVerdict>,
    /// What was done to sign it, one sentence each.
    pub notes: Vec<String>,
    /// Why it cannot be sent; the rest is then what can be said all the same.
    pub problem: Option<String>,
}

/// A header as it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewHeader {
    /// Its name.
    pub name: WireBytes,
    /// Its value.
    pub value: WireBytes,
    /// Signing wrote it.
    pub signed: bool,
    /// It follows from the URL or the body.
    pub follows: bool,
    /// Its value is a credential: it can be kept out of copies.
    pub credential: bool,
}

/// The verdict on a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftVerdict {
    /// The outcome.
    pub outcome: WireOutcome,
    /// One sentence.
    pub reason: String,
    /// A right endpoint accepts it.
    pub accept: bool,
    /// What a right endpoint answers: `200`, `400 or 401`.
    pub answer: String,
}

/// How a draft is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SendOptions {
    /// How long the endpoint may take, in milliseconds.
    pub timeout_ms: u32,
    /// Any certificate is accepted.
    pub any_certificate: bool,
    /// Redirects are followed, at most ten; each one is an attempt of its own.
    pub follow_redirects: bool,
}

impl Default for SendOptions {
    fn default() -> Self {
        SendOptions { timeout_ms: 30_000, any_certificate: false, follow_redirects: false }
    }
}

/// A form in which a request can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// A `curl` command.
    Curl,
    /// An HTTPie command.
    Httpie,
    /// The request as text.
    RawHttp,
    /// JavaScript's `fetch`.
    Fetch,
    /// Python's requests.
    PythonRequests,
}

/// A request as a text to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Copied {
    /// The text.
    pub text: String,
    /// What to know about it, one sentence each.
    pub notes: Vec<String>,
    /// The body that the text takes from a file `body.bin`, as base64, where it does.
    pub body_file: Option<String>,
}

/// A template of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateInfo {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// By whose rule it is signed.
    pub provider: Option<String>,
    /// When it was saved: RFC 3339, UTC.
    pub saved_at: String,
}

/// A value with a name, which `{{name}}` stands for in URLs, header values and composed bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamedValue {
    /// Letters, digits and `_`.
    pub name: String,
    /// The value.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_was_typed_is_in_no_debug() {
        let choice: SigningChoice =
            serde_json::from_str(r#"{"provider":null,"mode":{"kind":"other","value":"s3cret"}}"#).expect("it is one");
        assert!(!format!("{choice:?}").contains("s3cret"), "{choice:?}");
        assert!(matches!(choice.mode, SigningMode::Other { value } if value.reveal() == "s3cret"));
    }
}
