//! What goes into the log and what comes out of it.

use crate::runs::RunId;
use bytes::Bytes;
use countersign_core::ids::{ProviderId, SchemeId};
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_core::verdict::Outcome;
use std::fmt;
use std::str::FromStr;

/// The number of a delivery: it rises with arrival and is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryId(pub(crate) i64);

impl DeliveryId {
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is no delivery's number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not the number of a delivery")]
pub struct BadDeliveryId {
    /// What was given.
    pub text: String,
}

impl FromStr for DeliveryId {
    type Err = BadDeliveryId;
    fn from_str(text: &str) -> Result<Self, BadDeliveryId> {
        let number = text.parse().ok().filter(|n| *n > 0 && text.bytes().all(|b| b.is_ascii_digit()));
        number.map(DeliveryId).ok_or_else(|| BadDeliveryId { text: text.to_owned() })
    }
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// The wire name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            /// The one of that wire name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}

pub(crate) use names;

names! {
    /// How the provider of a delivery was found.
    RecognisedBy {
        /// The first part of the path is the provider's id.
        Path = "path",
        /// The user pinned the path to the provider.
        Pin = "pin",
        /// Only this provider's headers fit.
        Headers = "headers",
        /// Of several that fit, this one's secret verifies.
        Secret = "secret",
        /// The body has this provider's shape.
        Body = "body",
    }
}

names! {
    /// What a check looks at.
    CheckKind {
        /// The body against the provider's JSON Schema.
        Shape = "shape",
        /// The event's id against the list of expected ids.
        ExpectedId = "expected_id",
        /// Whether the id was seen before.
        Duplicate = "duplicate",
    }
}

/// The verdict of one scheme, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    /// The scheme.
    pub scheme: SchemeId,
    /// The provider whose scheme it is.
    pub provider: ProviderId,
    /// The outcome.
    pub outcome: Outcome,
    /// One sentence.
    pub reason: String,
    /// The name of the secret that matched or was tried first.
    pub secret: Option<String>,
    /// Received minus signed time, in seconds, where a signed timestamp could be read as seconds: negative is ahead.
    pub skew_s: Option<i64>,
    /// Whether it belongs on the row.
    pub applies: bool,
    /// The secret was given for one run of the program alone.
    pub run_secret: bool,
}

/// A check that is not a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheck {
    /// What was checked.
    pub kind: CheckKind,
    /// Whether it held.
    pub holds: bool,
    /// One sentence.
    pub reason: String,
}

/// What the listener answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The status.
    pub status: u16,
    /// The headers that were set.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// What decided it, in words.
    pub answered_by: String,
    /// From the end of the head to the answer's being ready, in microseconds.
    pub took_us: i64,
}

/// What was made of a delivery: who sent it, what it is about, whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// The recognised provider.
    pub provider: Option<ProviderId>,
    /// How it was recognised.
    pub recognised_by: Option<RecognisedBy>,
    /// The event's type.
    pub event_type: Option<String>,
    /// The event's id, or the provider's substitute.
    pub event_id: Option<String>,
    /// What it shares with retries and duplicates of the event.
    pub group: Option<String>,
    /// One verdict a scheme, in the order of the catalogue.
    pub verdicts: Vec<StoredVerdict>,
    /// The checks of a provider that does not sign.
    pub checks: Vec<StoredCheck>,
}

/// The number of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttemptId(pub(crate) i64);

impl AttemptId {
    /// The attempt of that number, which may not be there.
    #[must_use]
    pub fn new(number: i64) -> AttemptId {
        AttemptId(number)
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

names! {
    /// How far an attempt is.
    AttemptState {
        /// It has not been sent, or nothing came back yet.
        Waiting = "waiting",
        /// The endpoint answered, whatever its status.
        Answered = "answered",
        /// It was sent, or was to be, and no answer came.
        Failed = "failed",
        /// It was not sent: too many were waiting.
        Dropped = "dropped",
    }
}

names! {
    /// Why an attempt was made.
    AttemptKind {
        /// A route sent a delivery on.
        Forward = "forward",
        /// A delivery was resent as it was captured.
        Resend = "resend",
        /// It was edited or composed by hand.
        Draft = "draft",
        /// One of many that were resent together.
        Batch = "batch",
        /// A handshake asked for it.
        Confirmation = "confirmation",
        /// The retry lab sent it.
        Lab = "lab",
        /// The endpoint check sent it.
        Check = "check",
    }
}

/// When what had happened, in microseconds from the beginning of an attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AttemptTiming {
    /// The connection was there.
    pub connected_us: Option<i64>,
    /// TLS was agreed on.
    pub tls_us: Option<i64>,
    /// The first byte of the answer was there.
    pub first_byte_us: Option<i64>,
    /// It was over.
    pub total_us: Option<i64>,
}

/// What an endpoint answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptReply {
    /// The status.
    pub status: u16,
    /// Status line and headers as on the wire.
    pub head: Bytes,
    /// The body, as far as it was kept.
    pub body: Bytes,
    /// How long the body was, as far as it was read, in bytes.
    pub body_len: u64,
    /// It was longer than what is kept.
    pub cut: bool,
}

/// An attempt on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttempt {
    /// Why it is made.
    pub kind: AttemptKind,
    /// How it is signed, in words; nothing where its signature is left alone.
    pub signing: Option<String>,
    /// Whether what came back is what a right endpoint answers; nothing where that cannot be said.
    pub as_expected: Option<bool>,
    /// The id of the route that sends it.
    pub route: Option<String>,
    /// The run that it is part of.
    pub run: Option<RunId>,
    /// The endpoint, as the user calls it.
    pub name: String,
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// How far it is.
    pub state: AttemptState,
    /// When it began, in microseconds since 1970.
    pub started_at_us: i64,
    /// Request line and headers as they left, or were to leave.
    pub request_head: Bytes,
    /// The body, where it is not the delivery's own.
    pub request_body: Option<Bytes>,
    /// What came back.
    pub reply: Option<AttemptReply>,
    /// Why nothing came back, in a sentence.
    pub error: Option<String>,
    /// When what had happened.
    pub timing: AttemptTiming,
}

/// An attempt without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSummary {
    /// Its number.
    pub id: AttemptId,
    /// The delivery that it came of; nothing for what was composed.
    pub delivery_id: Option<DeliveryId>,
    /// Why it was made.
    pub kind: AttemptKind,
    /// How it was signed, in words.
    pub signing: Option<String>,
    /// Whether what came back is what a right endpoint answers.
    pub as_expected: Option<bool>,
    /// The id of the route that sent it.
    pub route: Option<String>,
    /// The endpoint, as it was called then.
    pub name: String,
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// How far it is.
    pub state: AttemptState,
    /// When it began, in microseconds since 1970.
    pub started_at_us: i64,
    /// The status that came back.
    pub status: Option<u16>,
    /// Why nothing came back, in a sentence.
    pub error: Option<String>,
    /// When what had happened.
    pub timing: AttemptTiming,
    /// How long the answer's body was, in bytes.
    pub reply_len: Option<i64>,
    /// It was longer than what is kept.
    pub reply_cut: bool,
}

/// An attempt with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Without them.
    pub summary: AttemptSummary,
    /// Request line and headers as they left.
    pub request_head: Bytes,
    /// The body that left.
    pub request_body: Bytes,
    /// What came back.
    pub reply: Option<AttemptReply>,
}

/// A delivery on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// When the body had been read, in microseconds since 1970.
    pub received_at_us: i64,
    /// When the request began, in microseconds since 1970.
    pub started_at_us: i64,
    /// The request.
    pub request: Request,
    /// Request line and headers as on the wire, with their line ends.
    pub raw_head: Bytes,
    /// Who sent it, `ip:port`.
    pub peer: String,
    /// What was made of it.
    pub judgement: Judgement,
    /// What the listener answers.
    pub response: StoredResponse,
    /// The id to strike off the provider's expected ids, if it is awaited there.
    pub expect: Option<(ProviderId, String)>,
    /// It was a handshake, and its challenge was answered.
    pub challenge: bool,
    /// What was sent to endpoints before it was answered, and what waits to be sent.
    pub attempts: Vec<NewAttempt>,
    /// Where it was imported from; none where it was received.
    pub origin: Option<Origin>,
}

/// A delivery as a row of the list: everything but headers, body and response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its number.
    pub id: DeliveryId,
    /// When the body had been read, in microseconds since 1970.
    pub received_at_us: i64,
    /// When the request began, in microseconds since 1970.
    pub started_at_us: i64,
    /// The method as sent.
    pub method: String,
    /// The request target as sent.
    pub target: Bytes,
    /// The version.
    pub version: HttpVersion,
    /// Who sent it.
    pub peer: String,
    /// What was made of it.
    pub judgement: Judgement,
    /// The body's length as sent, in bytes.
    pub body_len: i64,
    /// Where the body was over the limit: the length it was cut from, in bytes.
    pub cut_from: Option<i64>,
    /// The status that the listener answered.
    pub status: u16,
    /// The user pinned it.
    pub pinned: bool,
    /// The user has opened it.
    pub read: bool,
    /// It was a handshake, and its challenge was answered.
    pub challenge: bool,
    /// Where it was imported from; none where it was received.
    pub origin: Option<Origin>,
}

/// Where a delivery was imported from. Such a delivery was never answered: its status is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The wire name of the format it was read as; the log does not read it.
    pub format: String,
    /// The file's name.
    pub name: String,
}

/// A delivery with everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The row.
    pub summary: Summary,
    /// The request.
    pub request: Request,
    /// Request line and headers as on the wire.
    pub raw_head: Bytes,
    /// What the listener answered.
    pub response: StoredResponse,
}

/// A delivery that was judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejudged {
    /// Its number.
    pub id: DeliveryId,
    /// What is made of it now.
    pub judgement: Judgement,
}

/// Another delivery of the same event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Related {
    /// Its number.
    pub id: DeliveryId,
    /// When it was received, in microseconds since 1970.
    pub received_at_us: i64,
    /// Whether its body has the same bytes.
    pub same_body: bool,
}

/// What a delivery is known by at a glance, beside the moment at which it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its number.
    pub id: DeliveryId,
    /// When it was received, in microseconds since 1970.
    pub received_at_us: i64,
    /// The method.
    pub method: String,
    /// The request target.
    pub target: Bytes,
    /// The body's length as sent, in bytes.
    pub body_len: i64,
}

/// The deliveries of one provider that share a group key: an event with its retries and duplicates. Deleted ones do not
/// count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventGroup {
    /// How many they are.
    pub members: i64,
    /// When the first of them was received, in microseconds since 1970.
    pub first_at_us: i64,
    /// When the last of them was received, in microseconds since 1970.
    pub last_at_us: i64,
    /// Two of them have the same event id and different bodies.
    pub different_bodies: bool,
}

/// What became of a delivery that was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Its number.
    pub id: DeliveryId,
    /// The numbers of its attempts, in their order.
    pub attempts: Vec<AttemptId>,
    /// Its group with it, where its event has a name.
    pub group: Option<EventGroup>,
}

/// How many deliveries there are; deleted ones do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that the filter matches.
    pub matched: i64,
    /// All.
    pub total: i64,
    /// Those on which a verdict that applies is fail, malformed or stale.
    pub failing: i64,
    /// Bytes of all bodies as sent.
    pub bytes: i64,
}

/// What was deleted, to undo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Hand it to [`crate::Store::restore`].
    pub token: String,
    /// How many deliveries.
    pub count: i64,
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its name.
    pub name: String,
    /// The filter as typed.
    pub filter: String,
}

/// A path that the user gave to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPin {
    /// The path.
    pub path: String,
    /// Whose deliveries arrive on it and below it.
    pub provider: ProviderId,
}

/// An id that the user expects of a provider that does not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedId {
    /// The id.
    pub id: String,
    /// When it was added, in microseconds since 1970.
    pub added_at_us: i64,
    /// The delivery that brought it, once one has; it may have been deleted since.
    pub matched_by: Option<DeliveryId>,
}

/// What the list of expected ids says of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedState {
    /// It is not on the list.
    Unknown,
    /// It is on the list and has not come.
    Awaited,
    /// This delivery brought it.
    MatchedBy(DeliveryId),
}

/// A request that the user keeps, on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// Its name.
    pub name: String,
    /// By whose rule it is signed.
    pub provider: Option<String>,
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// The headers as JSON; the log does not read it.
    pub headers: String,
    /// How it is signed, as JSON; the log does not read it.
    pub signing: String,
    /// The body.
    pub body: Bytes,
    /// When it was saved, in microseconds since 1970.
    pub saved_at_us: i64,
}

/// A request that the user keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub template: NewTemplate,
}
