//! Other bytes were signed: another body, another timestamp, other parts, another algorithm.

use super::{Cause, Search, body, cause};
use crate::request::text;
use crate::rule::{Algorithm, Part, PartKind};
use crate::signing::{Segment, mac};
use bytes::Bytes;
use sha2::{Digest, Sha256};

impl Search<'_> {
    /// The body was changed between signing and sending.
    pub(super) fn body(&mut self, content: &[Segment]) -> Option<Cause> {
        let keys = self.keys();
        let original = self.evidence.request.body.clone();
        let mut variants = body::Variants::new(&original);
        // One at a time: each may be as long as the body, or longer.
        while let Some((variant, made)) = variants.next(self.left) {
            let Some(made) = made else {
                self.short = true;
                continue;
            };
            if !self.spend(made.len()) || made == original {
                continue;
            }
            let changed = with_part(content, PartKind::Body, &made.into());
            for key in &keys {
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
    pub(super) fn timestamp(&mut self, content: &[Segment]) -> Option<Cause> {
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
    pub(super) fn template(&mut self) -> Option<Cause> {
        let request = self.evidence.request;
        let id = self.value_of(PartKind::Id, "-id");
        let time = self.value_of(PartKind::Timestamp, "-timestamp");
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

    /// The value of the header that the rule signs as this part or, where it signs none, of the first that is named so.
    fn value_of(&self, kind: PartKind, ending: &str) -> Option<Bytes> {
        let headers = &self.evidence.request.headers;
        let own = self.evidence.scheme.content.iter().find_map(|part| match part {
            Part::Header { name, kind: of } if *of == kind => Some(name.as_str()),
            _ => None,
        });
        match own {
            Some(name) => headers.first(name).cloned(),
            None => {
                let named =
                    |header: &&crate::request::Header| text(&header.name).to_ascii_lowercase().ends_with(ending);
                headers.iter().find(named).map(|header| header.value.clone())
            }
        }
    }

    /// Another algorithm was used.
    pub(super) fn algorithm(&mut self, content: &[Segment]) -> Option<Cause> {
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
}

fn with_part(content: &[Segment], kind: PartKind, bytes: &Bytes) -> Vec<Segment> {
    let mut changed = content.to_vec();
    for segment in changed.iter_mut().filter(|s| s.kind == kind) {
        segment.bytes = bytes.clone();
    }
    changed
}
