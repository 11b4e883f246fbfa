//! From core's judgement to what the log keeps, and from both to what the window sees.

use crate::Inner;
use crate::error::EngineError;
use crate::secrets::Stored;
use crate::wire::{
    Basis, CheckKind, CheckResult, ClockReading, ReceivedSignature, RecognisedBy, SegmentKind, VerdictDetail,
    VerdictSummary, WireBytes, WireDiagnosis, WireOutcome, WireSegment,
};
use base64::Engine as _;
use countersign_core::catalogue::{Catalogue, Judgement, Keys};
use countersign_core::diagnosis::{BUDGET_AT_CAPTURE, BUDGET_ON_VIEW, Diagnosis, Evidence, diagnose};
use countersign_core::ids::ProviderId;
use countersign_core::request::Request;
use countersign_core::rule::PartKind;
use countersign_core::secret::Secret;
use countersign_core::verdict::{Outcome, Verdict};
use countersign_store::{self as store, DeliveryId, ExpectedState, Store, StoredCheck, StoredVerdict};
use std::sync::Arc;

/// The secrets of a moment with the keys made from them: what one judgement is made with.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    pub(crate) stored: Vec<Stored>,
    pub(crate) keys: Keys,
}

impl Ring {
    pub(crate) fn new(catalogue: &Catalogue, stored: Vec<Stored>) -> Ring {
        let keys = Keys::new(catalogue, stored.iter().map(|s| (&s.provider, &s.secret)));
        Ring { stored, keys }
    }

    pub(crate) fn of(&self, provider: &ProviderId) -> Vec<Secret> {
        self.stored.iter().filter(|s| s.provider == *provider).map(|s| s.secret.clone()).collect()
    }

    /// Whether the secret of a kept verdict is one of these.
    pub(crate) fn knows(&self, verdict: &StoredVerdict) -> bool {
        let name = verdict.secret.as_deref();
        self.stored.iter().any(|s| s.provider == verdict.provider && Some(s.secret.name.as_str()) == name)
    }

    fn others(&self, catalogue: &Catalogue, provider: &ProviderId) -> Vec<(String, Secret)> {
        let name = |id: &ProviderId| catalogue.get(id).map_or_else(|| id.to_string(), |p| p.rule.name.clone());
        self.stored.iter().filter(|s| s.provider != *provider).map(|s| (name(&s.provider), s.secret.clone())).collect()
    }
}

/// Whether a cause is worth looking for.
fn is_broken(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Fail | Outcome::Malformed)
}

/// The cause of a verdict that does not hold.
pub(crate) fn cause(
    catalogue: &Catalogue,
    ring: &Ring,
    request: &Request,
    verdict: &Verdict,
    budget: u64,
) -> Option<Diagnosis> {
    if !is_broken(verdict.outcome) {
        return None;
    }
    let (provider, scheme) = catalogue.scheme(&verdict.scheme)?;
    let own = ring.of(provider.id());
    let others = ring.others(catalogue, provider.id());
    diagnose(&Evidence { provider: &provider.rule, scheme, request, own: &own, others: &others, budget })
}

/// A judgement with the causes of what fails on the row.
pub(crate) fn judge(
    catalogue: &Catalogue,
    ring: &Ring,
    request: &Request,
    received_at_us: i64,
    pinned: Option<&ProviderId>,
) -> Judgement {
    let body = Catalogue::body(request);
    let mut judgement = catalogue.judge(request, received_at_us, &ring.keys, pinned, body.as_ref());
    for (verdict, applies) in &mut judgement.verdicts {
        if *applies
            && let Some(cause) = cause(catalogue, ring, request, verdict, BUDGET_AT_CAPTURE)
            && cause.proved
            && !verdict.misspelt
        {
            verdict.reason = format!("{}: {}.", verdict.reason.trim_end_matches('.'), cause.headline);
        }
    }
    judgement
}

impl Inner {
    /// What the log keeps of a judgement; `id` is the delivery's, where it has one already. Reads the log: blocks.
    pub(crate) fn keep(
        &self,
        judgement: Judgement,
        request: &Request,
        id: Option<DeliveryId>,
    ) -> Result<store::Judgement, EngineError> {
        let ring = self.ring();
        let of_this_run = |verdict: &Verdict| {
            verdict.secret.as_ref().is_some_and(|name| {
                let mut found = ring.stored.iter().filter(|s| s.provider == verdict.provider);
                found.any(|s| s.this_run_only && s.secret.name == *name)
            })
        };
        let checks = match (&judgement.provider, &judgement.event_id) {
            (Some((provider, _)), event_id) => self.checks(provider, event_id.as_deref(), request, id)?,
            (None, _) => Vec::new(),
        };
        let (provider, recognised_by) = judgement.provider.unzip();
        Ok(store::Judgement {
            provider,
            recognised_by: recognised_by.and_then(|by| store::RecognisedBy::from_name(by.as_str())),
            event_type: judgement.event_type,
            event_id: judgement.event_id,
            group: judgement.group,
            verdicts: judgement
                .verdicts
                .into_iter()
                .map(|(verdict, applies)| StoredVerdict {
                    run_secret: of_this_run(&verdict),
                    scheme: verdict.scheme,
                    provider: verdict.provider,
                    outcome: verdict.outcome,
                    reason: verdict.reason,
                    secret: verdict.secret,
                    skew_s: verdict.clock.filter(|clock| !clock.looks_like_ms).and_then(|clock| clock.skew_s),
                    applies,
                })
                .collect(),
            checks,
        })
    }

    /// The checks that stand in for a signature.
    pub(crate) fn checks(
        &self,
        provider: &ProviderId,
        event_id: Option<&str>,
        request: &Request,
        id: Option<DeliveryId>,
    ) -> Result<Vec<StoredCheck>, EngineError> {
        let Some(shape) = self.catalogue.get(provider).and_then(|p| p.shape()) else { return Ok(Vec::new()) };
        let checked = shape.check(request);
        let mut checks = vec![StoredCheck {
            kind: store::CheckKind::Shape,
            holds: checked.is_ok(),
            reason: checked.err().unwrap_or_else(|| "The body has the documented fields.".to_owned()),
        }];
        let Some(event_id) = event_id else { return Ok(checks) };
        let shown = countersign_core::shorten(event_id, 80);
        if !self.store.expected_ids(provider)?.is_empty() {
            let (holds, reason) = match self.store.expected_state(provider, event_id)? {
                ExpectedState::Unknown => (false, format!("“{shown}” is not among the expected ids.")),
                ExpectedState::Awaited => (true, format!("“{shown}” is expected.")),
                ExpectedState::MatchedBy(by) if Some(by) == id => (true, format!("“{shown}” was expected.")),
                ExpectedState::MatchedBy(_) => {
                    (false, format!("“{shown}” was expected, but an earlier delivery has reported it already."))
                }
            };
            checks.push(StoredCheck { kind: store::CheckKind::ExpectedId, holds, reason });
        }
        let earlier = self.store.earlier_of_event(provider, event_id, id)?;
        let reason = match earlier {
            0 => format!("“{shown}” was not reported before."),
            1 => format!("“{shown}” was reported once before."),
            Store::COUNTED.. => format!("“{shown}” was reported {} times or more before.", Store::COUNTED),
            n => format!("“{shown}” was reported {n} times before."),
        };
        checks.push(StoredCheck { kind: store::CheckKind::Duplicate, holds: earlier == 0, reason });
        Ok(checks)
    }
}

/// Bytes for the window.
pub(crate) fn wire_bytes(bytes: &[u8]) -> WireBytes {
    match std::str::from_utf8(bytes) {
        Ok(text) => WireBytes { text: text.to_owned(), base64: None },
        Err(_) => WireBytes {
            text: String::from_utf8_lossy(bytes).into_owned(),
            base64: Some(base64::engine::general_purpose::STANDARD.encode(bytes)),
        },
    }
}

/// An outcome for the window.
pub(crate) fn wire_outcome(outcome: Outcome) -> WireOutcome {
    match outcome {
        Outcome::Pass => WireOutcome::Pass,
        Outcome::Stale => WireOutcome::Stale,
        Outcome::Fail => WireOutcome::Fail,
        Outcome::Malformed => WireOutcome::Malformed,
        Outcome::Missing => WireOutcome::Missing,
        Outcome::NoSecret => WireOutcome::NoSecret,
        Outcome::Unsigned => WireOutcome::Unsigned,
    }
}

pub(crate) fn wire_basis(basis: countersign_core::rule::Basis) -> Basis {
    match basis {
        countersign_core::rule::Basis::Documented => Basis::Documented,
        countersign_core::rule::Basis::Assumed => Basis::Assumed,
    }
}

pub(crate) fn wire_kind(kind: PartKind) -> SegmentKind {
    match kind {
        PartKind::Id => SegmentKind::Id,
        PartKind::Timestamp => SegmentKind::Timestamp,
        PartKind::Literal => SegmentKind::Literal,
        PartKind::Body => SegmentKind::Body,
        PartKind::Other => SegmentKind::Other,
    }
}

pub(crate) fn wire_verdict(verdict: &StoredVerdict) -> VerdictSummary {
    VerdictSummary {
        scheme: verdict.scheme.to_string(),
        outcome: wire_outcome(verdict.outcome),
        reason: verdict.reason.clone(),
        secret: verdict.secret.clone(),
        skew_s: verdict.skew_s,
        applies: verdict.applies,
    }
}

pub(crate) fn wire_check(check: &StoredCheck) -> CheckResult {
    CheckResult {
        check: match check.kind {
            store::CheckKind::Shape => CheckKind::Shape,
            store::CheckKind::ExpectedId => CheckKind::ExpectedId,
            store::CheckKind::Duplicate => CheckKind::Duplicate,
        },
        holds: check.holds,
        reason: check.reason.clone(),
    }
}

pub(crate) fn wire_recognised(by: store::RecognisedBy) -> RecognisedBy {
    match by {
        store::RecognisedBy::Path => RecognisedBy::Path,
        store::RecognisedBy::Pin => RecognisedBy::Pin,
        store::RecognisedBy::Headers => RecognisedBy::Headers,
        store::RecognisedBy::Secret => RecognisedBy::Secret,
        store::RecognisedBy::Body => RecognisedBy::Body,
    }
}

/// The beginning of a segment that the window shows.
const SHOWN_OF_A_SEGMENT: usize = 4096;

/// A verdict with everything that explains it.
pub(crate) fn explain(
    catalogue: &Catalogue,
    ring: &Arc<Ring>,
    request: &Request,
    verdict: &Verdict,
    applies: bool,
) -> VerdictDetail {
    let provider = catalogue.get(&verdict.provider);
    let scheme = catalogue.scheme(&verdict.scheme).map(|(_, s)| s);
    let budget = if applies { BUDGET_ON_VIEW } else { 0 };
    let diagnosis = if applies { cause(catalogue, ring, request, verdict, budget) } else { None };
    let hint = verdict.secret.as_ref().and_then(|name| {
        ring.stored
            .iter()
            .find(|s| s.provider == verdict.provider && s.secret.name == *name)
            .map(|s| s.secret.value.hint())
    });
    VerdictDetail {
        scheme: verdict.scheme.to_string(),
        provider: verdict.provider.to_string(),
        provider_name: provider.map_or_else(|| verdict.provider.to_string(), |p| p.rule.name.clone()),
        outcome: wire_outcome(verdict.outcome),
        reason: verdict.reason.clone(),
        secret: verdict.secret.clone(),
        secret_hint: hint,
        applies,
        rule: scheme.map_or_else(
            || "does not sign".to_owned(),
            |s| format!("{} · {}{}", s.algorithm.name(), s.signature.prefix, s.signature.encoding.name()),
        ),
        content: verdict
            .content
            .iter()
            .map(|s| WireSegment {
                kind: wire_kind(s.kind),
                source: s.source.clone(),
                bytes: wire_bytes(&s.bytes[..s.bytes.len().min(SHOWN_OF_A_SEGMENT)]),
                len: s.bytes.len() as u64,
            })
            .collect(),
        content_len: verdict.content.iter().map(|s| s.bytes.len() as u64).sum(),
        received: verdict
            .received
            .iter()
            .map(|r| ReceivedSignature {
                text: r.text.clone(),
                source: scheme.map_or_else(String::new, |s| s.signature.header.clone()),
                matched: r.matched,
                first_difference: verdict.computed.as_ref().and_then(|c| first_difference(&r.text, c)),
            })
            .collect(),
        computed: verdict.computed.clone(),
        clock: verdict.clock.as_ref().map(|clock| ClockReading {
            text: clock.text.clone(),
            at: clock.at_s.and_then(crate::time::rfc3339_s),
            skew_s: clock.skew_s,
            words: clock.words.clone(),
            within: clock.within,
            basis: wire_basis(clock.basis),
        }),
        diagnosis: diagnosis.map(wire_diagnosis),
        notes: verdict.notes.clone(),
    }
}

pub(crate) fn wire_diagnosis(diagnosis: Diagnosis) -> WireDiagnosis {
    WireDiagnosis {
        cause: diagnosis.cause.to_owned(),
        headline: diagnosis.headline,
        explanation: diagnosis.explanation,
        proved: diagnosis.proved,
        tried: diagnosis.tried,
    }
}

fn first_difference(received: &str, computed: &str) -> Option<u32> {
    if received == computed {
        return None;
    }
    let same = received.chars().zip(computed.chars()).take_while(|(a, b)| a == b).count();
    u32::try_from(same).ok()
}
