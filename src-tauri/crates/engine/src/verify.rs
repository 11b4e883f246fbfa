//! Judging requests that did not arrive at the listener: fixtures and bodies from files. Needs no log.

use crate::judging::{Ring, cause, wire_diagnosis, wire_outcome};
use crate::secrets::Stored;
use crate::wire::{WireDiagnosis, WireOutcome};
use countersign_core::catalogue::Catalogue;
use countersign_core::diagnosis::BUDGET_ON_VIEW;
use countersign_core::fixture::{Difference, Expectation};
use countersign_core::ids::ProviderId;
use countersign_core::request::Request;
use countersign_core::secret::{Secret, SecretText};
use serde::Serialize;
use std::collections::BTreeMap;

/// A request to be judged.
#[derive(Debug, Clone)]
pub struct Input {
    /// The request.
    pub request: Request,
    /// The clock, in microseconds since 1970.
    pub now_us: i64,
    /// The provider whose schemes alone are to speak; every scheme speaks where there is none.
    pub provider: Option<ProviderId>,
}

/// A verdict of `countersign verify`.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// Scheme id.
    pub scheme: String,
    /// The outcome.
    pub outcome: WireOutcome,
    /// One sentence.
    pub reason: String,
    /// The name of the secret that matched or was tried.
    pub secret: Option<String>,
    /// Whether it is the recognised provider's.
    pub applies: bool,
    /// The cause, where it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<WireDiagnosis>,
}

/// Judges a request with the given secrets (provider, name, value): the verdicts, and what differs from the expectation.
#[must_use]
pub fn verify(
    catalogue: &Catalogue,
    secrets: &[(ProviderId, String, SecretText)],
    input: &Input,
    expected: &Expectation,
) -> (Vec<Verified>, BTreeMap<String, Difference>) {
    let stored = secrets.iter().map(|(provider, name, value)| Stored {
        provider: provider.clone(),
        secret: Secret { name: name.clone(), value: value.clone() },
        this_run_only: true,
    });
    let ring = Ring::new(catalogue, stored.collect());
    let body = Catalogue::body(&input.request);
    let judged = catalogue.judge(&input.request, input.now_us, &ring.keys, input.provider.as_ref(), body.as_ref());
    let differences = expected.differences(catalogue, &judged, &input.request);
    let verdicts = judged
        .verdicts
        .into_iter()
        .filter(|(verdict, _)| input.provider.as_ref().is_none_or(|p| verdict.provider == *p))
        .map(|(verdict, applies)| Verified {
            scheme: verdict.scheme.to_string(),
            outcome: wire_outcome(verdict.outcome),
            diagnosis: applies
                .then(|| cause(catalogue, &ring, &input.request, &verdict, BUDGET_ON_VIEW))
                .flatten()
                .map(wire_diagnosis),
            reason: verdict.reason,
            secret: verdict.secret,
            applies,
        })
        .collect();
    (verdicts, differences)
}
