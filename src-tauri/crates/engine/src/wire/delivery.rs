//! A delivery as a row of the list and as the detail beside it.

use super::{AttemptInfo, ImportOrigin};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Bytes that are usually text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireBytes {
    /// The bytes as UTF-8; U+FFFD where they are not.
    pub text: String,
    /// The exact bytes as base64, only where `text` lost something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub base64: Option<String>,
}

/// The outcome of one scheme on one delivery; the wire names are the words of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WireOutcome {
    /// The signature holds.
    Pass,
    /// The signature matches, the timestamp is outside the tolerance.
    Stale,
    /// The signature does not match.
    Fail,
    /// The headers are there and cannot be read.
    Malformed,
    /// The scheme's headers are absent.
    Missing,
    /// The headers are there, no secret is stored.
    NoSecret,
    /// The provider does not sign.
    Unsigned,
}

/// One verdict, as short as a badge needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerdictSummary {
    /// Scheme id, such as `pollo`.
    pub scheme: String,
    /// The outcome.
    pub outcome: WireOutcome,
    /// One sentence.
    pub reason: String,
    /// The name of the secret that matched or was tried.
    pub secret: Option<String>,
    /// Received minus signed time, in seconds, where a signed timestamp could be read as seconds: positive is old,
    /// negative ahead.
    pub skew_s: Option<i64>,
    /// Whether this verdict belongs on the row: the scheme of the recognised provider, or, while none is recognised,
    /// every scheme whose headers are there.
    pub applies: bool,
}

/// A check that is not a signature: payload shape, expected task id, duplicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckResult {
    /// What was checked.
    pub check: CheckKind,
    /// Whether it held.
    pub holds: bool,
    /// One sentence; for a shape that does not hold it names the field.
    pub reason: String,
}

/// What a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The body against the provider's JSON Schema.
    Shape,
    /// The event's id against the list of expected ids.
    ExpectedId,
    /// Whether the id was seen before.
    Duplicate,
}

/// How the provider of a delivery was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecognisedBy {
    /// The first part of the path is the provider's id.
    Path,
    /// The user pinned the path to the provider.
    Pin,
    /// Only this provider's headers fit.
    Headers,
    /// Of several that fit, this one's secret verifies.
    Secret,
    /// The body has this provider's shape.
    Body,
}

/// A delivery as a row: everything but headers and body. Also the object of `deliveries --json` and `listen --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliverySummary {
    /// Decimal id, rising with arrival.
    pub id: String,
    /// RFC 3339, UTC, microseconds.
    pub received_at: String,
    /// The method as sent.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without `?`.
    pub query: Option<String>,
    /// Provider id, where one was recognised.
    pub provider: Option<String>,
    /// How it was recognised.
    pub recognised_by: Option<RecognisedBy>,
    /// The event's type, as the provider names it.
    pub event_type: Option<String>,
    /// The event's id, as the provider names it, or the provider's substitute.
    pub event_id: Option<String>,
    /// The body's length as sent, in bytes (where `body_cut`, the declared length or what was read).
    pub body_len: u64,
    /// The body was over the limit and only its beginning is kept.
    pub body_cut: bool,
    /// The status that the listener answered; 0 where a rule had it send no answer, and where it was imported.
    pub status: u16,
    /// One verdict a scheme, in the order of the catalogue.
    pub verdicts: Vec<VerdictSummary>,
    /// The checks of a provider that does not sign; empty for others.
    pub checks: Vec<CheckResult>,
    /// Who sent it, `ip:port`; empty where it was imported.
    pub peer: String,
    /// Kept at the top of the user's attention.
    pub pinned: bool,
    /// The user has opened it.
    pub read: bool,
    /// It was a handshake, and its challenge was answered.
    pub challenge: bool,
    /// The file that it was imported from; absent where it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub origin: Option<Box<ImportOrigin>>,
    /// The deliveries of its event, where it is shown among them: on grouped pages and in events. Absent where the event
    /// has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<Box<GroupInfo>>,
}

/// The deliveries of one provider that share an event: duplicates, retries, what announces a retry. Deleted ones do not
/// count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupInfo {
    /// What they share, as it is unique among the provider's groups.
    pub key: String,
    /// How many they are, whatever the filter; 1 where it is alone.
    pub count: u64,
    /// When the first of them was received, RFC 3339.
    pub first_at: String,
    /// When the last of them was received, RFC 3339.
    pub last_at: String,
    /// Two of them have the same event id and different bodies.
    pub different_bodies: bool,
}

/// A page of the list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryPage {
    /// The rows.
    pub items: Vec<DeliverySummary>,
    /// Pass it as `before` for the next page; none at the end.
    pub next: Option<String>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryCount {
    /// Deliveries the filter matches.
    pub matched: u64,
    /// All deliveries in the log.
    pub total: u64,
    /// Deliveries with a failing badge (`fail`, `malformed` or `stale`).
    pub failing: u64,
    /// Body bytes in the log.
    pub bytes: u64,
}

/// One header, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireHeader {
    /// The sender's own spelling.
    pub name: WireBytes,
    /// The value without the white space around it.
    pub value: WireBytes,
}

/// What the listener answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireResponse {
    /// The status.
    pub status: u16,
    /// The headers that were set.
    pub headers: Vec<WireHeader>,
    /// The body.
    pub body: WireBytes,
    /// What decided it, in words: "the default for Pollo.ai", "the challenge of I Hate PPT".
    pub answered_by: String,
    /// From the end of the head to the answer's being ready, in microseconds.
    pub took_us: u64,
}

/// A delivery with all that is known of it but its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DeliveryDetail {
    /// The row.
    pub summary: DeliverySummary,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub http_version: String,
    /// Headers in the sender's order and spelling, duplicates kept.
    pub headers: Vec<WireHeader>,
    /// Request line and headers as on the wire, with their line ends.
    pub raw_head: WireBytes,
    /// The sender's address according to a tunnel or proxy, where the connection came from this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub client: Option<ClaimedClient>,
    /// The part of the body that is kept, in bytes.
    pub kept_len: u64,
    /// The media type without parameters, in lower case.
    pub content_type: Option<String>,
    /// What the listener answered.
    pub response: WireResponse,
    /// What was sent of it to endpoints, oldest first.
    pub attempts: Vec<AttemptInfo>,
    /// Full verdicts in the order of the summary: outcome and reason as they are kept, explained with the secrets of now and the
    /// clock of the capture.
    pub verdicts: Vec<VerdictDetail>,
    /// Other deliveries of the same event, oldest first, without this one.
    pub same_event: Vec<RelatedDelivery>,
}

/// A sender's address as a header says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClaimedClient {
    /// The address.
    pub address: String,
    /// The header, as it was spelled.
    pub header: String,
}

/// Another delivery of the same event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RelatedDelivery {
    /// Its id.
    pub id: String,
    /// RFC 3339, UTC.
    pub received_at: String,
    /// Whether its body has the same bytes.
    pub same_body: bool,
}

/// A verdict with everything that explains it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VerdictDetail {
    /// Scheme id.
    pub scheme: String,
    /// Provider id.
    pub provider: String,
    /// The provider's name.
    pub provider_name: String,
    /// The outcome.
    pub outcome: WireOutcome,
    /// One sentence.
    pub reason: String,
    /// The name of the secret that matched or was tried.
    pub secret: Option<String>,
    /// The end of that secret, such as `••••f2Q=`; none where it is too short to show any of it.
    pub secret_hint: Option<String>,
    /// Whether it belongs on the row.
    pub applies: bool,
    /// How the scheme signs in words, such as `HMAC-SHA-256 · base64`.
    pub rule: String,
    /// The signed content in order; empty where it could not be built.
    pub content: Vec<WireSegment>,
    /// Length of the whole signed content in bytes.
    pub content_len: u64,
    /// Every signature that was received.
    pub received: Vec<ReceivedSignature>,
    /// The signature that the rule makes with the tried secret, written as the provider writes it.
    pub computed: Option<String>,
    /// The signed timestamp, where the scheme has one.
    pub clock: Option<ClockReading>,
    /// The proved cause of a verdict that is not `pass`, or the list of what was tried.
    pub diagnosis: Option<WireDiagnosis>,
    /// Things worth knowing that do not change the outcome ("Python would refuse this secret").
    pub notes: Vec<String>,
}

/// What a part of the signed content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// The delivery's id.
    Id,
    /// The timestamp.
    Timestamp,
    /// A fixed separator or prefix.
    Literal,
    /// The raw body.
    Body,
    /// Anything else that is signed.
    Other,
}

/// A labelled part of the signed content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireSegment {
    /// What it is.
    pub kind: SegmentKind,
    /// Where it comes from: `X-Webhook-Id`, `.`, `body`.
    pub source: String,
    /// Its beginning, 4,096 bytes at the most.
    pub bytes: WireBytes,
    /// Its whole length in bytes.
    pub len: u64,
}

/// One received signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceivedSignature {
    /// As received, prefix included.
    pub text: String,
    /// The header it came in.
    pub source: String,
    /// It is the one that matched.
    pub matched: bool,
    /// First character that differs from `computed`, counted in characters; none where it matches or nothing was computed.
    pub first_difference: Option<u32>,
}

/// The signed timestamp against the clock of the capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockReading {
    /// As received.
    pub text: String,
    /// RFC 3339, where it could be read.
    pub at: Option<String>,
    /// Received minus signed, in seconds: positive is old, negative is ahead.
    pub skew_s: Option<i64>,
    /// In words: "2 s old, within 5 min".
    pub words: String,
    /// Within the tolerance.
    pub within: bool,
    /// Whether the tolerance stands in the provider's document.
    pub basis: Basis,
}

/// Whether a provider's document says it or we assume it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Its document says so.
    Documented,
    /// Ours, until the user confirms it.
    Assumed,
}

/// Why a verdict is not `pass`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireDiagnosis {
    /// A stable code such as `secret_not_decoded`; `unknown` where nothing that was tried reproduces the signature.
    pub cause: String,
    /// The cause in a few words: "the secret was used as text instead of base64-decoded".
    pub headline: String,
    /// What that means and what to do, in one to three sentences.
    pub explanation: String,
    /// Exactly this changed assumption reproduces the received signature.
    pub proved: bool,
    /// How many variations were computed.
    pub tried: u32,
}
