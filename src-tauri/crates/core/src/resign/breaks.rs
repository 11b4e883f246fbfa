//! The deliberate breaks: their names, what they do, and the verdict that each one promises.

use crate::clock::span;
use crate::rule::{Algorithm, Basis, Part, PartKind, SchemeRule, TimeRule};
use crate::verdict::Outcome;
use serde::{Deserialize, Serialize};
use std::mem::discriminant;

/// By how many bytes a signature is made longer or shorter: enough for its text to have another length in base64 too,
/// where a single byte more than 32 does not show.
pub(super) const CUT_BYTES: usize = 4;
/// What stands in place of a number of seconds.
pub(super) const NOT_A_NUMBER: &str = "yesterday";

/// One fault on top of an otherwise right signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Break {
    /// One byte of the body is changed after signing.
    TamperedBody,
    /// Another secret.
    WrongSecret,
    /// Signed rightly for a time in the past.
    Stale {
        /// How long ago, in seconds.
        age_s: u32,
    },
    /// Signed rightly for a time to come.
    Future {
        /// How far ahead, in seconds.
        s: u32,
    },
    /// The signature's header is not there.
    MissingHeader,
    /// The signature's header is empty.
    Empty,
    /// The signature's header is there twice, with the same value.
    DoubledHeader,
    /// Hex where base64 is due, or the other way round.
    WrongEncoding,
    /// Another prefix than the scheme's.
    WrongPrefix,
    /// No prefix.
    MissingPrefix,
    /// Four bytes too many.
    Longer,
    /// Four bytes too few.
    Shorter,
    /// A character that neither hex nor base64 has.
    Malformed,
    /// Another algorithm over the same content with the same secret.
    OtherAlgorithm {
        /// Which.
        algorithm: Algorithm,
    },
    /// A word in place of the timestamp, signed as it stands.
    TimestampNotANumber,
    /// Another timestamp than was signed.
    TimestampChanged,
    /// The timestamp's header is not there.
    TimestampMissing,
    /// Another id than was signed.
    IdChanged,
    /// The id's header is not there.
    IdMissing,
}

/// Another prefix than this one.
pub(super) fn other_prefix(prefix: &str) -> &'static str {
    if prefix == "sha256=" { "sha1=" } else { "sha256=" }
}

impl Break {
    /// The wire name.
    #[must_use]
    pub fn wire_name(&self) -> &'static str {
        match self {
            Break::TamperedBody => "tampered_body",
            Break::WrongSecret => "wrong_secret",
            Break::Stale { .. } => "stale",
            Break::Future { .. } => "future",
            Break::MissingHeader => "missing_header",
            Break::Empty => "empty",
            Break::DoubledHeader => "doubled_header",
            Break::WrongEncoding => "wrong_encoding",
            Break::WrongPrefix => "wrong_prefix",
            Break::MissingPrefix => "missing_prefix",
            Break::Longer => "longer",
            Break::Shorter => "shorter",
            Break::Malformed => "malformed",
            Break::OtherAlgorithm { .. } => "other_algorithm",
            Break::TimestampNotANumber => "timestamp_not_a_number",
            Break::TimestampChanged => "timestamp_changed",
            Break::TimestampMissing => "timestamp_missing",
            Break::IdChanged => "id_changed",
            Break::IdMissing => "id_missing",
        }
    }

    /// Its name for a person.
    #[must_use]
    pub fn label(&self) -> String {
        let fixed = match self {
            Break::TamperedBody => "Body tampered with",
            Break::WrongSecret => "Wrong secret",
            Break::Stale { age_s } => return format!("Timestamp {} old", span(i64::from(*age_s))),
            Break::Future { s } => return format!("Timestamp {} in the future", span(i64::from(*s))),
            Break::MissingHeader => "Signature missing",
            Break::Empty => "Signature empty",
            Break::DoubledHeader => "Signature twice",
            Break::WrongEncoding => "Wrong encoding",
            Break::WrongPrefix => "Wrong prefix",
            Break::MissingPrefix => "Prefix missing",
            Break::Longer => "Signature too long",
            Break::Shorter => "Signature too short",
            Break::Malformed => "Signature unreadable",
            Break::OtherAlgorithm { algorithm } => return format!("Signed with {}", algorithm.name()),
            Break::TimestampNotANumber => "Timestamp not a number",
            Break::TimestampChanged => "Timestamp changed",
            Break::TimestampMissing => "Timestamp missing",
            Break::IdChanged => "Id changed",
            Break::IdMissing => "Id missing",
        };
        fixed.to_owned()
    }

    /// What it does and what an endpoint should make of it, in one sentence.
    #[must_use]
    pub fn about(&self, rule: &SchemeRule) -> String {
        let form = &rule.signature;
        let header = form.header.as_str();
        let time = rule.header_of(PartKind::Timestamp).unwrap_or("The timestamp");
        let id = rule.header_of(PartKind::Id).unwrap_or("The id");
        let does = match self {
            Break::TamperedBody => "One byte of the body is changed after signing".to_owned(),
            Break::WrongSecret => "It is signed with a random secret".to_owned(),
            Break::Stale { age_s } => {
                format!(
                    "It is signed correctly for a time {} ago{}",
                    span(i64::from(*age_s)),
                    allowed(rule, |t| t.past_s)
                )
            }
            Break::Future { s } => {
                format!(
                    "It is signed correctly for a time {} ahead{}",
                    span(i64::from(*s)),
                    allowed(rule, |t| t.future_s)
                )
            }
            Break::MissingHeader => format!("{header} is left out"),
            Break::Empty => format!("{header} is there and empty"),
            Break::DoubledHeader if form.several => format!("{header} is there twice, which this provider may do"),
            Break::DoubledHeader => format!("{header} is there twice with the same value"),
            Break::WrongEncoding => {
                let (other, own) = (super::other_encoding(form.encoding).name(), form.encoding.name());
                format!("The right signature is written in {other}, where {own} is due")
            }
            Break::WrongPrefix => {
                let (other, own) = (other_prefix(&form.prefix), &form.prefix);
                format!("“{other}” stands before the right signature, where “{own}” is due")
            }
            Break::MissingPrefix => format!("The right signature stands there without “{}”", form.prefix),
            Break::Longer => format!("The right signature has {CUT_BYTES} bytes more behind it"),
            Break::Shorter => format!("The last {CUT_BYTES} bytes of the right signature are cut off"),
            Break::Malformed => {
                format!("The first character of the signature is “!”, which {} does not have", form.encoding.name())
            }
            Break::OtherAlgorithm { algorithm } => {
                format!("It is signed with {}, where {} is due", algorithm.name(), rule.algorithm.name())
            }
            Break::TimestampNotANumber => {
                format!("{time} is “{NOT_A_NUMBER}”, and the signature covers that, so that only the clock can object")
            }
            Break::TimestampChanged => format!("{time} is moved by a second after signing"),
            Break::TimestampMissing => format!("{time} is left out after signing"),
            Break::IdChanged => format!("{id} is another one than was signed"),
            Break::IdMissing => format!("{id} is left out after signing"),
        };
        let answer = match self.expected(rule) {
            Outcome::Pass => "the endpoint should accept it",
            _ => "the endpoint should refuse it, with 400 or 401 for instance, and do nothing",
        };
        format!("{does}: {answer}.")
    }

    /// The outcome that [`SchemeRule::judge`] comes to, asked at the time of signing and with the secret stored.
    #[must_use]
    pub fn expected(&self, rule: &SchemeRule) -> Outcome {
        let within = |age: u32, limit: fn(&TimeRule) -> u32| match &rule.time {
            Some(time) if age > limit(time) => Outcome::Stale,
            _ => Outcome::Pass,
        };
        match self {
            Break::TamperedBody | Break::WrongSecret | Break::TimestampChanged | Break::IdChanged => Outcome::Fail,
            Break::Stale { age_s } => within(*age_s, |time| time.past_s),
            Break::Future { s } => within(*s, |time| time.future_s),
            Break::MissingHeader | Break::TimestampMissing | Break::IdMissing => Outcome::Missing,
            Break::DoubledHeader if rule.signature.several => Outcome::Pass,
            Break::DoubledHeader
            | Break::Empty
            | Break::WrongEncoding
            | Break::WrongPrefix
            | Break::MissingPrefix
            | Break::Longer
            | Break::Shorter
            | Break::Malformed
            | Break::OtherAlgorithm { .. }
            | Break::TimestampNotANumber => Outcome::Malformed,
        }
    }
}

/// What the rule says about the clock, to follow a time.
fn allowed(rule: &SchemeRule, limit: fn(&TimeRule) -> u32) -> String {
    let Some(time) = &rule.time else { return String::new() };
    let assumed = if time.basis == Basis::Assumed { " (assumed)" } else { "" };
    format!(", where {} are allowed{assumed}", span(i64::from(limit(time))))
}

impl SchemeRule {
    /// The header of the signed content that is of that kind.
    #[must_use]
    pub fn header_of(&self, wanted: PartKind) -> Option<&str> {
        self.content.iter().find_map(|part| match part {
            Part::Header { name, kind } if *kind == wanted => Some(name.as_str()),
            _ => None,
        })
    }

    /// The breaks that make sense for this scheme, in the order of a list. The two that tell a time are twice as far off
    /// as the tolerance allows, so that the way to the endpoint does not matter.
    #[must_use]
    pub fn breaks(&self) -> Vec<Break> {
        let mut all = Vec::new();
        if self.content.iter().any(|part| matches!(part, Part::Body)) {
            all.push(Break::TamperedBody);
        }
        all.push(Break::WrongSecret);
        let timestamp = self.header_of(PartKind::Timestamp);
        let judged = self.time.as_ref().filter(|t| timestamp.is_some_and(|name| name.eq_ignore_ascii_case(&t.header)));
        if let Some(time) = judged {
            all.push(Break::Stale { age_s: time.past_s.saturating_mul(2).max(60) });
            all.push(Break::Future { s: time.future_s.saturating_mul(2).max(60) });
        }
        all.extend([Break::MissingHeader, Break::Empty, Break::DoubledHeader, Break::WrongEncoding]);
        if !self.signature.prefix.is_empty() {
            all.extend([Break::WrongPrefix, Break::MissingPrefix]);
        }
        all.extend([Break::Longer, Break::Shorter, Break::Malformed]);
        let others = [Algorithm::HmacSha1, Algorithm::HmacSha256, Algorithm::HmacSha512];
        let others = others.into_iter().filter(|algorithm| *algorithm != self.algorithm);
        all.extend(others.map(|algorithm| Break::OtherAlgorithm { algorithm }));
        if judged.is_some() {
            all.push(Break::TimestampNotANumber);
        }
        if timestamp.is_some() {
            all.extend([Break::TimestampChanged, Break::TimestampMissing]);
        }
        if self.header_of(PartKind::Id).is_some() {
            all.extend([Break::IdChanged, Break::IdMissing]);
        }
        all
    }

    /// Whether a break makes sense for this scheme, with whatever numbers.
    pub(super) fn can_break(&self, fault: &Break) -> bool {
        match fault {
            Break::OtherAlgorithm { algorithm } => *algorithm != self.algorithm,
            _ => self.breaks().iter().any(|one| discriminant(one) == discriminant(fault)),
        }
    }
}
