//! The vocabulary of a provider file: how a provider signs, retries, checks an endpoint and names its events.
//!
//! One TOML file per provider (`providers/*.toml`). The vocabulary has what the five first providers need and grows by new
//! variants: another place for a signature, another algorithm, another part of the signed content. Nothing here computes;
//! [`crate::signing`] signs and [`crate::judge`] verifies from the same [`SchemeRule`]. Handshakes have a vocabulary of their
//! own, [`crate::handshake`].

use crate::handshake::Handshake;
use crate::ids::{ProviderId, SchemeId};
pub use crate::retry::policy::{Announce, Delays, HeaderIs, Redirects, Success, Throttle};
use serde::{Deserialize, Serialize};

/// A provider file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderRule {
    /// Its id, also the first part of its path on the listener.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// One or two sentences: who it is and what is peculiar.
    pub about: String,
    /// When its document was last read, ISO date.
    pub checked_on: String,
    /// What its users stumble over, one sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How it signs; none where it does not.
    #[serde(default)]
    pub schemes: Vec<SchemeRule>,
    /// How a body of it looks.
    pub detect: BodyShape,
    /// How its events are named.
    pub event: EventNames,
    /// Its retry policy.
    pub retry: RetryPolicy,
    /// Its check that the endpoint is yours.
    pub handshake: Option<Handshake>,
    /// What stands in for a signature where it does not sign.
    pub checks: Option<Checks>,
    /// The events that it documents, with samples.
    #[serde(default)]
    pub events: Vec<EventSample>,
    /// What the endpoint check knows of its document.
    #[serde(default)]
    pub check: crate::check::CheckFacts,
}

/// A signing scheme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeRule {
    /// Its id, unique over the catalogue.
    pub id: SchemeId,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The signed content, part by part.
    pub content: Vec<Part>,
    /// How the secret becomes the key.
    pub key: KeyForm,
    /// Where the signature stands and how it is written.
    pub signature: SignatureForm,
    /// The signed timestamp, where there is one.
    pub time: Option<TimeRule>,
    /// A delivery that verifies; a rule whose own sample does not verify fails to load.
    pub sample: Sample,
}

/// A signing algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// HMAC with SHA-1, 20 bytes.
    HmacSha1,
    /// HMAC with SHA-256, 32 bytes.
    HmacSha256,
    /// HMAC with SHA-512, 64 bytes.
    HmacSha512,
}

impl Algorithm {
    /// Length of its output in bytes.
    #[must_use]
    pub fn output_len(self) -> usize {
        match self {
            Algorithm::HmacSha1 => 20,
            Algorithm::HmacSha256 => 32,
            Algorithm::HmacSha512 => 64,
        }
    }

    /// Its name for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::HmacSha1 => "HMAC-SHA-1",
            Algorithm::HmacSha256 => "HMAC-SHA-256",
            Algorithm::HmacSha512 => "HMAC-SHA-512",
        }
    }
}

/// What a part of the signed content is to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// The delivery's id.
    Id,
    /// The timestamp.
    Timestamp,
    /// A fixed text.
    Literal,
    /// The raw body.
    Body,
    /// Anything else.
    Other,
}

/// A part of the signed content.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// A header's value, as text on the wire.
    Header {
        /// The header, as the provider spells it.
        name: String,
        /// What it is to a person.
        kind: PartKind,
    },
    /// A fixed text.
    Literal {
        /// The text.
        text: String,
    },
    /// The raw body.
    Body,
}

impl Part {
    /// What it is to a person.
    #[must_use]
    pub fn kind(&self) -> PartKind {
        match self {
            Part::Header { kind, .. } => *kind,
            Part::Literal { .. } => PartKind::Literal,
            Part::Body => PartKind::Body,
        }
    }

    /// How to write it in a rule: `id`, `.`, `body`.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Part::Header { kind: PartKind::Id, .. } => "id",
            Part::Header { kind: PartKind::Timestamp, .. } => "timestamp",
            Part::Header { name, .. } => name,
            Part::Literal { text } => text,
            Part::Body => "body",
        }
    }
}

/// How the secret becomes the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyForm {
    /// Its UTF-8 bytes.
    Utf8,
    /// Base64-decoded, as Node does it.
    Base64,
}

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Lower-case hex.
    Hex,
    /// Base64, standard alphabet, padded.
    Base64,
}

impl Encoding {
    /// Its name for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Hex => "hex",
            Encoding::Base64 => "base64",
        }
    }
}

/// How the code of a provider's documents compares signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// As text, in every language.
    #[default]
    Text,
    /// As decoded bytes in Node, as text in Python.
    BytesInNode,
}

/// Where the signature stands and how it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureForm {
    /// The header, as the provider spells it.
    pub header: String,
    /// How the bytes are written.
    pub encoding: Encoding,
    /// What stands before them, such as `sha256=`.
    #[serde(default)]
    pub prefix: String,
    /// Several signatures may be there, separated by space or comma or in repeated headers, each with or without a version
    /// token `v1`; any may match.
    #[serde(default)]
    pub several: bool,
    /// How the documents' own code compares it.
    #[serde(default)]
    pub compared: Compared,
}

/// Whether a provider's document says it or we assume it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Its document says so.
    Documented,
    /// Ours, until the user confirms it.
    Assumed,
}

/// The signed timestamp.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeRule {
    /// The header that carries it: unix seconds.
    pub header: String,
    /// How old it may be, in seconds.
    pub past_s: u32,
    /// How far ahead it may be, in seconds.
    pub future_s: u32,
    /// Whether the tolerance is documented.
    pub basis: Basis,
}

/// A delivery that verifies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The published test secret.
    pub secret: String,
    /// The headers that the scheme needs, signature included.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// Where it comes from.
    pub source: String,
}

/// A test on a JSON value of a body.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// JSON pointer (RFC 6901).
    pub pointer: String,
    /// It is a string, one of these.
    pub one_of: Option<Vec<String>>,
    /// It is a string that begins with one of these.
    pub prefix: Option<Vec<String>>,
    /// It has this JSON type: `string`, `number`, `object`, `array`, `boolean`, `null`; or `absent`; or `present`.
    pub is: Option<String>,
}

/// How a body looks: all of `all`, and one of `any` where there are some.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyShape {
    /// Each must hold.
    pub all: Vec<Condition>,
    /// One must hold, unless the list is empty.
    #[serde(default)]
    pub any: Vec<Condition>,
}

/// How events are named: templates with `{/json/pointer}` and `{header:Name}`, alternatives divided by `|` inside the
/// braces. A template of which a placeholder finds nothing gives nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventNames {
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The event's id, or what stands in for it.
    pub id: String,
    /// What deliveries of the same event have in common, where that is not the id alone.
    pub group: Option<String>,
}

/// A value of a retry policy with where it comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// In words.
    pub words: String,
    /// Documented or assumed.
    pub basis: Basis,
    /// What the document says instead.
    pub note: Option<String>,
}

/// A provider's rule for trying again. What is not there its document does not say, and [`crate::retry::Policy::of`] says
/// what is done then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// How many attempts at the most, the first included.
    pub attempts: Known<u32>,
    /// From one attempt's failure to the next attempt.
    pub delays: Known<Delays>,
    /// The share by which a wait may be longer, 0 to 1.
    pub jitter: Option<Known<f64>>,
    /// Seconds within which an answer is due.
    pub timeout_s: Known<u32>,
    /// What counts as delivered.
    pub success: Known<Success>,
    /// Statuses that end it at once.
    pub stop_on: Option<Known<Vec<u16>>>,
    /// A header of an answer that ends it at once.
    pub stop_header: Option<Known<HeaderIs>>,
    /// Answers that say themselves when to come again.
    pub throttle: Option<Known<Throttle>>,
    /// What a redirect is.
    pub redirects: Option<Known<Redirects>>,
    /// Each attempt is signed anew, with its own time and the same id.
    pub sign_anew: Option<Known<bool>>,
    /// Headers of each attempt.
    pub headers: Option<Known<Vec<(String, String)>>>,
    /// An event that announces each retry.
    pub announce: Option<Known<Announce>>,
}

/// What stands in for a signature.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// In words, one sentence each.
    pub words: Vec<String>,
    /// The body's JSON Schema, draft 2020-12, as JSON text.
    pub schema: String,
}

/// An event that a provider documents.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSample {
    /// As the provider names it.
    #[serde(rename = "type")]
    pub event_type: String,
    /// One sentence.
    pub summary: String,
    /// A sample body, word for word from its document where `documented`.
    pub body: String,
    /// Whether the document has this body, or it was made after the document's shape.
    pub documented: bool,
    /// Headers beside those of the scheme.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What of the body a person may want to set, in the order of a form.
    #[serde(default)]
    pub fields: Vec<EventField>,
}

/// What of a sample's body a person may want to set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventField {
    /// Where it stands in the body: a JSON pointer (RFC 6901) to a text, a number or null.
    pub pointer: String,
    /// Its name for a person.
    pub label: String,
    /// What may be written there.
    pub kind: FieldKind,
    /// What it may be, for [`FieldKind::Choice`]; empty otherwise.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The value of a fresh event: a text with placeholders, see [`crate::compose::PLACEHOLDERS`].
    pub fresh: Option<String>,
}

/// What may be written in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A JSON number.
    Number,
    /// One of some texts.
    Choice,
    /// A time as text, RFC 3339.
    Time,
}
