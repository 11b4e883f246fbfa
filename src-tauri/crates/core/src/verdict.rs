//! The outcome of one scheme on one delivery. A verdict is data, never an error.

use crate::clock::Clock;
use crate::ids::{ProviderId, SchemeId};
use crate::signing::Segment;
use serde::{Deserialize, Serialize};

/// The outcome; the wire names are the words of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
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

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 7] = [
        Outcome::Pass,
        Outcome::Stale,
        Outcome::Fail,
        Outcome::Malformed,
        Outcome::Missing,
        Outcome::NoSecret,
        Outcome::Unsigned,
    ];

    /// The wire name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Stale => "stale",
            Outcome::Fail => "fail",
            Outcome::Malformed => "malformed",
            Outcome::Missing => "missing",
            Outcome::NoSecret => "no_secret",
            Outcome::Unsigned => "unsigned",
        }
    }

    /// The outcome of that wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|o| o.as_str() == name)
    }
}

/// Whether a request's headers look like a scheme's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The scheme's headers are absent, or it has none.
    Absent,
    /// The headers are there, the signature is written as another scheme writes it.
    Foreign,
    /// The headers are there in the scheme's own form, readable or damaged.
    Own,
}

/// The verdict of one scheme with everything that explains it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The provider whose scheme it is.
    pub provider: ProviderId,
    /// The scheme.
    pub scheme: SchemeId,
    /// The outcome.
    pub outcome: Outcome,
    /// Whether the headers look like this scheme's.
    pub form: Form,
    /// One sentence.
    pub reason: String,
    /// The name of the secret that matched, or of the first that was tried.
    pub secret: Option<String>,
    /// The signed content, part by part; empty where a part of it is absent.
    pub content: Vec<Segment>,
    /// Every signature that was received, as text.
    pub received: Vec<Received>,
    /// What the rule makes with the matching or first secret, written as the provider writes it.
    pub computed: Option<String>,
    /// The signed timestamp, where it could be read.
    pub clock: Option<Clock>,
    /// The signature is right and is not written as the provider writes it: the reason says how.
    pub misspelt: bool,
    /// Things worth knowing that do not change the outcome.
    pub notes: Vec<String>,
}

/// A received signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// As received, prefix included.
    pub text: String,
    /// It is the one that matched.
    pub matched: bool,
}
