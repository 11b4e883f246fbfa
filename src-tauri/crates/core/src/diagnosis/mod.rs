//! Why a signature does not hold: one assumption after another is changed until the received signature comes out.
//!
//! A cause is named only where a computation proves it: with exactly this one thing changed, the rule makes the received
//! signature. A proved cause never turns a verdict green. Where nothing matches, what was tried is said and forgery is not
//! implied. Work is bounded by a budget of hashed bytes.

pub(crate) mod body;
mod content;
mod form;
mod secrets;

use crate::decode::{hex, loose_base64};
use crate::request::{Request, text};
use crate::rule::{Algorithm, ProviderRule, SchemeRule};
use crate::secret::Secret;
use crate::signing::{Key, Segment, mac};

/// Why a verdict is not `pass`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// A stable code; `unknown` where nothing that was tried reproduces the signature.
    pub cause: &'static str,
    /// The cause in a few words, to follow a colon.
    pub headline: String,
    /// What that means and what to do.
    pub explanation: String,
    /// Exactly this changed assumption reproduces the received signature.
    pub proved: bool,
    /// How many variations were computed.
    pub tried: u32,
}

/// What a diagnosis may look at.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The provider whose scheme does not hold.
    pub provider: &'a ProviderRule,
    /// The scheme.
    pub scheme: &'a SchemeRule,
    /// The request.
    pub request: &'a Request,
    /// The provider's secrets.
    pub own: &'a [Secret],
    /// Secrets of other providers, with their provider's name.
    pub others: &'a [(String, Secret)],
    /// How many bytes may be hashed.
    pub budget: u64,
}

/// A budget for a delivery as it arrives: well under a millisecond for the bodies that providers send.
pub const BUDGET_AT_CAPTURE: u64 = 1 << 20;
/// A budget for a delivery that somebody looks at.
pub const BUDGET_ON_VIEW: u64 = 256 << 20;

struct Search<'a> {
    evidence: &'a Evidence<'a>,
    /// Everything that the received signatures could stand for, as bytes.
    targets: Vec<Vec<u8>>,
    tried: u32,
    left: u64,
    /// The budget did not suffice for something of the current family.
    short: bool,
}

struct Cause {
    code: &'static str,
    headline: String,
    explanation: String,
}

fn cause(code: &'static str, headline: impl Into<String>, explanation: impl Into<String>) -> Cause {
    Cause { code, headline: headline.into(), explanation: explanation.into() }
}

/// Looks for the cause of a verdict that is not `pass`. `None` where there is nothing to compare: no signature, no secret,
/// or a body that is not whole.
#[must_use]
pub fn diagnose(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let targets = targets(evidence);
    if targets.is_empty()
        || evidence.request.cut_from.is_some()
        || evidence.own.is_empty() && evidence.others.is_empty()
    {
        return None;
    }
    let mut search = Search { evidence, targets, tried: 0, left: evidence.budget, short: false };
    let content = evidence.scheme.segments(evidence.request);
    let mut whole = Vec::new();
    let mut partly = Vec::new();
    for (words, look) in FAMILIES {
        search.short = false;
        if let Some(Cause { code, headline, explanation }) = look(&mut search, &content) {
            return Some(Diagnosis { cause: code, headline, explanation, proved: true, tried: search.tried });
        }
        if search.short { &mut partly } else { &mut whole }.push(*words);
    }
    Some(Diagnosis {
        cause: "unknown",
        headline: "nothing that was tried reproduces the received signature".to_owned(),
        explanation: unknown(search.tried, &whole, &partly),
        proved: false,
        tried: search.tried,
    })
}

type Look = fn(&mut Search<'_>, &[Segment]) -> Option<Cause>;

/// What is tried, in this order, and in words.
const FAMILIES: &[(&str, Look)] = &[
    ("the stored secrets as they are", |search, content| search.form(content)),
    ("other ways to read them", |search, content| search.key(content)),
    ("the body with other line ends, marks and character sets, and written again as JSON", |search, content| {
        search.body(content)
    }),
    ("the timestamp in other units", |search, content| search.timestamp(content)),
    ("other parts in other orders", |search, _| search.template()),
    ("other algorithms", |search, content| search.algorithm(content)),
    ("the secrets of other providers", |search, content| search.other_secret(content)),
];

/// What to say where nothing matches: what was tried to its end, what was not, and what remains.
fn unknown(tried: u32, whole: &[&str], partly: &[&str]) -> String {
    let mut words = format!("{tried} variations were computed");
    if !whole.is_empty() {
        words.push_str(&format!(": {}", whole.join(", ")));
    }
    words.push('.');
    if !partly.is_empty() {
        words.push_str(&format!(" Not all of this was computed, because the body is long: {}.", partly.join(", ")));
    }
    words.push_str(
        " What remains: the sender has a secret that is not stored here, or the id, the timestamp or the body changed on \
         the way.",
    );
    words
}

/// Every byte string that the received signatures could stand for: known prefixes stripped, hex or base64 decoded.
fn targets(evidence: &Evidence<'_>) -> Vec<Vec<u8>> {
    const PREFIXES: [&str; 7] = ["sha256=", "sha1=", "sha512=", "v1,", "v1=", "v0=", "SHA256="];
    let mut found = Vec::new();
    for value in evidence.request.headers.all(&evidence.scheme.signature.header) {
        let value = text(value);
        for piece in value.split([' ', ',', ';', '"']).chain([value.as_str()]) {
            let mut piece = piece.trim();
            while let Some(rest) = PREFIXES.iter().find_map(|p| piece.strip_prefix(p)) {
                piece = rest;
            }
            for bytes in [hex(piece), loose_base64(piece)].into_iter().flatten() {
                if bytes.len() >= 20 && !found.contains(&bytes) {
                    found.push(bytes);
                }
            }
        }
    }
    found
}

impl Search<'_> {
    fn hits(&mut self, made: &[u8]) -> bool {
        self.tried += 1;
        self.targets.iter().any(|t| t == made)
    }

    fn spend(&mut self, bytes: usize) -> bool {
        let cost = bytes as u64 + 256;
        let enough = self.left >= cost;
        self.short |= !enough;
        self.left = self.left.saturating_sub(cost);
        enough
    }

    fn try_mac(&mut self, algorithm: Algorithm, key: &[u8], content: &[Segment]) -> bool {
        self.spend(content.iter().map(|s| s.bytes.len()).sum())
            && self.hits(&mac(algorithm, key, content.iter().map(|s| s.bytes.as_ref())))
    }

    fn try_rule(&mut self, key: &[u8], content: &[Segment]) -> bool {
        self.try_mac(self.evidence.scheme.algorithm, key, content)
    }

    fn keys(&self) -> Vec<Key> {
        let keys = self.evidence.own.iter().map(|s| Key::new(self.evidence.scheme.key, s));
        keys.filter(|key| !key.is_empty()).collect()
    }
}
