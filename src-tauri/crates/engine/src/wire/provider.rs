//! A provider and its rule, in words and segments.

use super::{Basis, SecretInfo, SegmentKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A provider of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProviderInfo {
    /// Its id, the first part of its path: `pollo`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One or two sentences: who it is and what is peculiar.
    pub about: String,
    /// Whether it signs.
    pub signed: bool,
    /// Its schemes; empty where it does not sign.
    pub schemes: Vec<SchemeInfo>,
    /// What its users stumble over, one sentence each.
    pub notes: Vec<String>,
    /// Its retry policy, row by row.
    pub retry: Vec<PolicyRow>,
    /// Its check that the endpoint is yours, in words.
    pub handshake: Option<String>,
    /// The events that it documents.
    pub events: Vec<EventInfo>,
    /// The checks that stand in for a signature, in words; empty where it signs.
    pub checks: Vec<String>,
    /// The user's secrets, without their values.
    pub secrets: Vec<SecretInfo>,
    /// Paths that the user pinned to it.
    pub pins: Vec<String>,
    /// When its document was last read, ISO date.
    pub checked_on: String,
    /// How many deliveries of it are in the log.
    pub deliveries: u64,
}

/// How a provider signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchemeInfo {
    /// Scheme id.
    pub id: String,
    /// `HMAC-SHA-256`.
    pub algorithm: String,
    /// The headers it uses, as the provider spells them.
    pub headers: Vec<String>,
    /// The header that carries the signature.
    pub signature_header: String,
    /// How the signature is written: `base64`, `sha256=<lower-case hex>`.
    pub signature_form: String,
    /// How the secret becomes the key: `the secret is base64`, `the secret as text (UTF-8)`.
    pub key: String,
    /// The signed content, part by part, such as `id` `.` `timestamp` `.` `body`.
    pub content: Vec<ContentPart>,
    /// The time check in words; none where no timestamp is signed.
    pub clock: Option<String>,
    /// Whether the tolerance is documented.
    pub clock_basis: Option<Basis>,
}

/// A part of the signed content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContentPart {
    /// What it is.
    pub kind: SegmentKind,
    /// How to write it: `id`, `.`, `body`.
    pub text: String,
}

/// A row of a retry policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicyRow {
    /// `attempts`, `intervals`, `timeout`, `success`.
    pub label: String,
    /// In words.
    pub value: String,
    /// Documented or assumed.
    pub basis: Basis,
    /// What the document says instead.
    pub note: Option<String>,
}

/// An event that a provider documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventInfo {
    /// As the provider names it.
    pub event_type: String,
    /// One sentence.
    pub summary: String,
    /// Its document gives the sample's body.
    pub documented: bool,
    /// The few fields that matter.
    pub fields: Vec<EventFieldInfo>,
}

/// A field of an event's sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventFieldInfo {
    /// Where it stands in the body: a JSON pointer.
    pub pointer: String,
    /// Its name for a person.
    pub label: String,
    /// What may be written there.
    pub kind: EventFieldKind,
    /// What it may be, for a choice.
    pub choices: Vec<String>,
    /// What stands in the sample.
    pub value: String,
    /// It can be made afresh.
    pub fresh: bool,
}

/// What may be written in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EventFieldKind {
    /// Any text.
    Text,
    /// A JSON number.
    Number,
    /// One of some texts.
    Choice,
    /// A time, RFC 3339.
    Time,
}

/// An id that the user expects a provider to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExpectedId {
    /// The id.
    pub id: String,
    /// The delivery that reported it; none while it is awaited.
    pub matched_by: Option<String>,
}

/// A ready command or program that sends a signed sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snippet {
    /// `curl`, `HTTPie`, `Node`, `Python`.
    pub tool: String,
    /// For the screen: the signature shortened with `…`.
    pub preview: String,
    /// For the clipboard: complete.
    pub text: String,
}

/// What became of a test delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestDelivery {
    /// The status that the listener answered.
    pub status: u16,
    /// The name of the secret it was signed with; none where the provider does not sign.
    pub secret: Option<String>,
    /// A test secret was made and stored for it, because the provider had none.
    pub secret_made: bool,
}
