//! What the endpoint check needs to know of a provider's document.

use serde::Deserialize;

/// The document's sections, and what its own example code does. A provider file without it is checked all the same: then
/// no leniency is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckFacts {
    /// The section that says how to verify.
    pub signing: Option<String>,
    /// The section that says how to answer.
    pub answering: Option<String>,
    /// The section with advice: duplicates, unknown ids.
    pub safety: Option<String>,
    /// The section on the handshake.
    pub handshake: Option<String>,
    /// The status that its examples answer to an invalid signature.
    pub refused_with: Option<u16>,
    /// On what its examples throw. An endpoint that does what the document shows is not at fault for it.
    pub throws: Vec<ThrowsOn>,
    /// Within how many seconds it advises to answer, where that is less than its limit.
    pub advised_s: Option<u32>,
}

/// What example code throws on, instead of refusing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThrowsOn {
    /// No signature.
    Missing,
    /// An empty signature.
    Empty,
    /// A signature of another length than the right one.
    UnequalLength,
    /// A body that is not JSON, rightly signed.
    NotJson,
}

impl CheckFacts {
    /// Whether its examples answer success to what they do not accept.
    #[must_use]
    pub fn refuses_silently(&self) -> bool {
        self.refused_with.is_some_and(|status| (200..300).contains(&status))
    }
}
