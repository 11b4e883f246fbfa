//! Why a signature does not hold: one assumption after another is changed until the received signature comes out.
//!
//! A cause is named only where a computation proves it: with exactly this one thing changed, the rule makes the received
//! signature. A proved cause never turns a verdict green. Where nothing matches, what was tried is said and forgery is not
//! implied. Work is bounded by a budget of hashed bytes.

mod body;

use crate::decode::{hex, loose_base64, node_base64, python_base64};
use crate::request::{Request, text};
use crate::rule::{Algorithm, KeyForm, PartKind, ProviderRule, SchemeRule};
use crate::secret::Secret;
use crate::signing::{Key, Segment, mac};
use bytes::Bytes;
use sha2::{Digest, Sha256};

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
    let mut search = Search { evidence, targets, tried: 0, left: evidence.budget };
    let content = evidence.scheme.segments(evidence.request);
    let found = search
        .form(&content)
        .or_else(|| search.key(&content))
        .or_else(|| search.body(&content))
        .or_else(|| search.timestamp(&content))
        .or_else(|| search.template())
        .or_else(|| search.algorithm(&content))
        .or_else(|| search.other_secret(&content));
    let tried = search.tried;
    Some(match found {
        Some(Cause { code, headline, explanation }) => {
            Diagnosis { cause: code, headline, explanation, proved: true, tried }
        }
        None => Diagnosis {
            cause: "unknown",
            headline: "nothing that was tried reproduces the received signature".to_owned(),
            explanation: format!(
                "{tried} variations were computed: every stored secret, other ways to decode it, the body with and without \
                 its trailing newline, re-serialised and re-encoded, other templates and algorithms. What remains: the sender \
                 has a secret that is not stored here, or the id, the timestamp or the body changed on the way."
            ),
            proved: false,
            tried,
        },
    })
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
        self.evidence.own.iter().map(|s| Key::new(self.evidence.scheme.key, s)).collect()
    }

    /// The signature itself is right: it is written wrongly, or another header is at fault.
    fn form(&mut self, content: &[Segment]) -> Option<Cause> {
        let provider = &self.evidence.provider.name;
        let form = &self.evidence.scheme.signature;
        for key in self.keys() {
            if !self.try_rule(key.bytes(), content) {
                continue;
            }
            let due = self.evidence.scheme.write_signature(&key, content);
            let sent: Vec<String> = self.evidence.request.headers.all(&form.header).map(|v| text(v)).collect();
            let name = &key.name;
            return Some(match sent.as_slice() {
                [one] if *one == due => cause(
                    "other_header",
                    "the signature itself is right",
                    format!(
                        "With the secret “{name}” it holds over the headers as they were sent: another header is at fault."
                    ),
                ),
                [one] if !one.starts_with(&form.prefix) => cause(
                    "prefix_missing",
                    format!("it is right without the prefix “{}”", form.prefix),
                    format!(
                        "The digest is that of the secret “{name}”; {provider} writes “{}” before it.",
                        form.prefix
                    ),
                ),
                [one] if one.matches(&form.prefix).count() > 1 && !form.prefix.is_empty() => cause(
                    "prefix_doubled",
                    format!("it is right with the prefix “{}” once", form.prefix),
                    format!("The digest is that of the secret “{name}”; the prefix stands before it twice."),
                ),
                [one] if form.several && one.contains(&due) => cause(
                    "signature_version",
                    "it is right, but marked with a version other than v1",
                    format!("The signature behind the version is that of the secret “{name}”; only v1 counts."),
                ),
                [_] => cause(
                    "signature_encoding",
                    format!("it is right, but written otherwise than {provider} writes it"),
                    format!("The digest is that of the secret “{name}”. Written as documented it would be {due}."),
                ),
                _ => cause(
                    "signature_repeated",
                    "one of the signatures is right, but only one may be there",
                    format!(
                        "It is that of the secret “{name}”. Node joins repeated headers with a comma; Python takes the first."
                    ),
                ),
            });
        }
        None
    }

    /// The secret was read differently.
    fn key(&mut self, content: &[Segment]) -> Option<Cause> {
        let provider = &self.evidence.provider.name;
        for secret in self.evidence.own {
            let (name, value) = (&secret.name, secret.value.reveal());
            let trimmed = value.trim().trim_matches(['"', '\'']);
            let mut readings: Vec<(Vec<u8>, Cause)> = Vec::new();
            match self.evidence.scheme.key {
                KeyForm::Base64 => {
                    readings.push((
                        value.as_bytes().to_vec(),
                        cause(
                            "secret_not_decoded",
                            "the secret was used as text instead of base64-decoded",
                            format!(
                                "The sender signed with the raw characters of “{name}”. {provider}'s documented rule \
                                 base64-decodes the secret first. Signing with the undecoded secret reproduces the received \
                                 signature exactly."
                            ),
                        ),
                    ));
                    if let Ok(python) = python_base64(value) {
                        readings.push((
                            python,
                            cause(
                                "secret_decoding",
                                "the secret was decoded as Python does it",
                                format!("“{name}” has characters that Node reads and Python drops; the two get different keys."),
                            ),
                        ));
                    }
                }
                KeyForm::Utf8 => readings.push((
                    node_base64(value),
                    cause(
                        "secret_decoded",
                        "the secret was base64-decoded instead of used as text",
                        format!("{provider}'s documented rule uses the characters of “{name}” as they are."),
                    ),
                )),
            }
            if let Some(bytes) = hex(trimmed) {
                readings.push((
                    bytes,
                    cause(
                        "secret_decoded_as_hex",
                        "the secret was hex-decoded",
                        format!("“{name}” was read as hex; {provider} does not document that."),
                    ),
                ));
            }
            if let Some(rest) = trimmed.strip_prefix("whsec_") {
                for bytes in [node_base64(rest), rest.as_bytes().to_vec()] {
                    readings.push((
                        bytes,
                        cause(
                            "secret_prefix",
                            "the secret was used without its “whsec_” prefix",
                            format!("Of “{name}” only what follows the prefix was used."),
                        ),
                    ));
                }
            }
            for variant in
                [trimmed.to_owned(), value.trim_end().to_owned(), format!("{value}\n"), format!("{value}\r\n")]
            {
                if variant == value {
                    continue;
                }
                let bytes = match self.evidence.scheme.key {
                    KeyForm::Utf8 => variant.into_bytes(),
                    KeyForm::Base64 => node_base64(&variant),
                };
                readings.push((
                    bytes,
                    cause(
                        "secret_white_space",
                        "the secret has white space or quotes around it on one side",
                        format!("With the white space or quotes around “{name}” changed, the signature comes out."),
                    ),
                ));
            }
            for (bytes, why) in readings {
                if !bytes.is_empty() && self.try_rule(&bytes, content) {
                    return Some(why);
                }
            }
        }
        None
    }

    /// The body was changed between signing and sending.
    fn body(&mut self, content: &[Segment]) -> Option<Cause> {
        let variants = body::variants(&self.evidence.request.body, self.left);
        for key in self.keys() {
            for variant in &variants {
                let changed = with_part(content, PartKind::Body, &variant.bytes);
                if self.try_rule(key.bytes(), &changed) {
                    return Some(cause(
                        variant.code,
                        variant.headline,
                        format!("{} The secret is “{}”.", variant.explanation, key.name),
                    ));
                }
            }
        }
        None
    }

    /// The timestamp was signed in another unit.
    fn timestamp(&mut self, content: &[Segment]) -> Option<Cause> {
        let sent = content.iter().find(|s| s.kind == PartKind::Timestamp)?;
        let number: i64 = text(&sent.bytes).trim().split('.').next()?.parse().ok()?;
        let variants = [
            ((number / 1000).to_string(), "the timestamp was signed in seconds and sent in milliseconds"),
            (number.saturating_mul(1000).to_string(), "the timestamp was signed in milliseconds and sent in seconds"),
            (number.to_string(), "the timestamp was signed as a whole number"),
        ];
        for key in self.keys() {
            for (variant, headline) in &variants {
                let changed = with_part(content, PartKind::Timestamp, &Bytes::copy_from_slice(variant.as_bytes()));
                if sent.bytes != variant.as_bytes() && self.try_rule(key.bytes(), &changed) {
                    let why =
                        format!("{variant} was signed, {} was sent. The secret is “{}”.", text(&sent.bytes), key.name);
                    return Some(cause("timestamp_unit", *headline, why));
                }
            }
        }
        None
    }

    /// The parts were put together differently.
    fn template(&mut self) -> Option<Cause> {
        let request = self.evidence.request;
        let id = request.headers.first("x-webhook-id").cloned();
        let time = request.headers.first("x-webhook-timestamp").cloned();
        let body = Some(request.body.clone());
        let orders: [(&str, Vec<&Option<Bytes>>); 6] = [
            ("the body alone", vec![&body]),
            ("timestamp and body", vec![&time, &body]),
            ("id and body", vec![&id, &body]),
            ("id, timestamp and body", vec![&id, &time, &body]),
            ("timestamp, id and body", vec![&time, &id, &body]),
            ("body and timestamp", vec![&body, &time]),
        ];
        for key in self.keys() {
            for (words, parts) in &orders {
                let Some(parts) = parts.iter().map(|p| (*p).clone()).collect::<Option<Vec<Bytes>>>() else { continue };
                for separator in [".", "", ":", "\n", "|"] {
                    let joined = parts.join(separator.as_bytes());
                    if self.spend(joined.len())
                        && self.hits(&mac(self.evidence.scheme.algorithm, key.bytes(), [joined.as_slice()]))
                    {
                        let between = if parts.len() == 1 {
                            String::new()
                        } else if separator.is_empty() {
                            " with nothing between them".to_owned()
                        } else {
                            format!(" joined by “{}”", separator.escape_default())
                        };
                        let due: Vec<&str> = self.evidence.scheme.content.iter().map(|p| p.word()).collect();
                        return Some(cause(
                            "content_template",
                            format!("the sender signed {words}{between}"),
                            format!(
                                "{} signs {}. The secret is “{}”.",
                                self.evidence.provider.name,
                                due.concat(),
                                key.name
                            ),
                        ));
                    }
                }
            }
        }
        None
    }

    /// Another algorithm was used.
    fn algorithm(&mut self, content: &[Segment]) -> Option<Cause> {
        let due = self.evidence.scheme.algorithm;
        for key in self.keys() {
            for algorithm in [Algorithm::HmacSha1, Algorithm::HmacSha256, Algorithm::HmacSha512] {
                if algorithm != due && self.try_mac(algorithm, key.bytes(), content) {
                    return Some(cause(
                        "algorithm",
                        format!("it was made with {} instead of {}", algorithm.name(), due.name()),
                        format!("The secret is “{}” and the signed content is right.", key.name),
                    ));
                }
            }
            let whole: usize = content.iter().map(|s| s.bytes.len()).sum();
            for keyed in [false, true] {
                let mut digest = Sha256::new();
                if keyed {
                    digest.update(key.bytes());
                }
                content.iter().for_each(|s| digest.update(&s.bytes));
                if self.spend(whole) && self.hits(&digest.finalize()) {
                    let how = if keyed { "SHA-256 over secret and content" } else { "SHA-256 without the secret" };
                    return Some(cause(
                        "algorithm",
                        format!("it is a plain {how}, not an HMAC"),
                        format!("{} uses {}.", self.evidence.provider.name, due.name()),
                    ));
                }
            }
        }
        None
    }

    /// A secret that is stored for another provider fits.
    fn other_secret(&mut self, content: &[Segment]) -> Option<Cause> {
        for (provider, secret) in self.evidence.others {
            for form in [self.evidence.scheme.key, KeyForm::Utf8, KeyForm::Base64] {
                let key = Key::new(form, secret);
                if !key.is_empty() && self.try_rule(key.bytes(), content) {
                    return Some(cause(
                        "other_provider_secret",
                        format!("it matches your secret “{}” of {provider}", secret.name),
                        format!("Store that secret for {} too, if it is the right one.", self.evidence.provider.name),
                    ));
                }
            }
        }
        None
    }
}

fn with_part(content: &[Segment], kind: PartKind, bytes: &Bytes) -> Vec<Segment> {
    let mut changed = content.to_vec();
    for segment in changed.iter_mut().filter(|s| s.kind == kind) {
        segment.bytes = bytes.clone();
    }
    changed
}
