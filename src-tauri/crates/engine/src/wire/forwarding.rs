//! Where deliveries are forwarded, and what endpoints answered.

use super::{WireBytes, WireHeader};
use countersign_core::route as core;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the sender gets while an endpoint is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RouteMode {
    /// The endpoint's answer.
    #[default]
    Wait,
    /// The listener's own answer at once; the endpoint is asked behind it.
    Beside,
}

/// Where deliveries are forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Route {
    /// Unique among the routes; an empty one is given a new one when it is saved.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is used.
    pub on: bool,
    /// Its condition, in the filter language; empty: every delivery.
    pub when: String,
    /// The endpoint's URL.
    pub target: String,
    /// What the sender gets.
    #[serde(default)]
    pub mode: RouteMode,
    /// What is taken from the beginning of a delivery's path before the rest is put behind the target's; none: the whole
    /// path goes behind a target without a path, and nothing behind one with a path.
    #[serde(default)]
    pub strip: Option<String>,
    /// The delivery's `Host` is kept; else it is the endpoint's.
    #[serde(default)]
    pub keep_host: bool,
    /// `X-Forwarded-For`, `-Proto` and `-Host` are added.
    #[serde(default)]
    pub forwarded_headers: bool,
    /// The endpoint's certificate is not checked: for one that is self-signed.
    #[serde(default)]
    pub any_certificate: bool,
    /// How long the endpoint may take, in milliseconds.
    pub timeout_ms: u32,
    /// What the sender gets where the endpoint does not answer, 400 to 599.
    pub failure_status: u16,
}

/// A route with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RouteInfo {
    /// The route.
    pub route: Route,
    /// Deliveries that it was to send and whose endpoint never answered; at most 1,000 are counted.
    pub missed: u32,
    /// How sending what was missed goes on, while it does.
    pub catching_up: Option<ForwardProgress>,
}

/// How far sending what was missed has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForwardProgress {
    /// The route.
    pub route: String,
    /// Deliveries sent so far, whatever came of it.
    pub done: u32,
    /// Deliveries to send.
    pub total: u32,
    /// Of those sent, how many brought no answer again.
    pub failed: u32,
    /// Whether it still runs.
    pub running: bool,
}

/// How far an attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// It has not been sent, or nothing came back yet.
    Waiting,
    /// The endpoint answered, whatever its status.
    Answered,
    /// No answer came.
    Failed,
    /// It was not sent: too many were waiting.
    Dropped,
}

/// Why an attempt was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttemptKind {
    /// A route sent it on.
    Forward,
    /// It was resent as it was captured.
    Resend,
    /// It was edited or composed by hand.
    Draft,
    /// One of many that were resent together.
    Batch,
    /// A handshake asked for it.
    Confirmation,
    /// The retry lab sent it.
    Lab,
    /// The endpoint check sent it.
    Check,
}

/// A request that was sent to an endpoint, as short as a list needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttemptInfo {
    /// Decimal id.
    pub id: String,
    /// The delivery that it came of; none for what was composed.
    pub delivery: Option<String>,
    /// Why it was sent.
    pub kind: AttemptKind,
    /// How it was signed, in a few words: `signed with “main”`, `body tampered with`; none where nothing was done.
    pub signing: Option<String>,
    /// Whether the endpoint answered as a right one does to such a signature; none where that cannot be said.
    pub as_expected: Option<bool>,
    /// The endpoint, as it was called then.
    pub name: String,
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// How far it is.
    pub state: AttemptState,
    /// When it began: RFC 3339, UTC, microseconds.
    pub started_at: String,
    /// The status that came back.
    pub status: Option<u16>,
    /// Why nothing came back, in a sentence.
    pub error: Option<String>,
    /// When the connection was there, in microseconds from the beginning.
    pub connected_us: Option<u64>,
    /// When TLS was agreed on.
    pub tls_us: Option<u64>,
    /// When the first byte of the answer was there.
    pub first_byte_us: Option<u64>,
    /// When it was over.
    pub total_us: Option<u64>,
    /// How long the answer's body was, in bytes.
    pub reply_len: Option<u64>,
    /// It was longer than what is kept.
    pub reply_cut: bool,
}

/// An attempt with its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttemptDetail {
    /// Without them.
    pub info: AttemptInfo,
    /// Request line and headers as they left, with their line ends.
    pub request_head: WireBytes,
    /// Status line and headers as they came back.
    pub reply_head: Option<WireBytes>,
    /// The headers that came back, in their order and spelling.
    pub reply_headers: Vec<WireHeader>,
    /// The beginning of the body that came back, up to 256 KB.
    pub reply_body: Option<WireBytes>,
}

impl From<&Route> for core::Route {
    fn from(route: &Route) -> Self {
        core::Route {
            id: route.id.clone(),
            name: route.name.clone(),
            on: route.on,
            when: route.when.clone(),
            target: route.target.clone(),
            mode: match route.mode {
                RouteMode::Wait => core::Mode::Wait,
                RouteMode::Beside => core::Mode::Beside,
            },
            strip: route.strip.clone(),
            keep_host: route.keep_host,
            forwarded_headers: route.forwarded_headers,
            any_certificate: route.any_certificate,
            timeout_ms: route.timeout_ms,
            failure_status: route.failure_status,
        }
    }
}
