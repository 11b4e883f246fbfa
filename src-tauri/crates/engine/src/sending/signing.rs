//! What the signature of a draft will be, and what a right endpoint makes of it.

use super::drafts::{input, wire_headers};
use super::{Whole, random_bytes};
use crate::error::EngineError;
use crate::judging::wire_outcome;
use crate::samples::random_id;
use crate::wire::{
    self, BreakInfo, CommandError, DraftHeader, DraftPreview, DraftVerdict, PreviewHeader, SigningChoice, SigningMode,
    SigningOptions, SigningTime, WireOutcome,
};
use crate::{Engine, Inner, time};
use countersign_core::catalogue::Provider;
use countersign_core::draft::Draft;
use countersign_core::draft::credentials::carries_credentials;
use countersign_core::request::Headers;
use countersign_core::resign::{Break, IdChoice, Inputs, Signing, TimestampChoice, apply};
use countersign_core::rule::{Part, PartKind, SchemeRule, Success};
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use countersign_core::verdict::Outcome;
use std::sync::Arc;

/// A draft that is signed as it was asked for.
pub(crate) struct Ready {
    pub(crate) whole: Whole,
    /// How, in a few words, for the history.
    pub(crate) words: Option<String>,
    pub(super) notes: Vec<String>,
    pub(super) verdict: Option<DraftVerdict>,
    pub(super) success: Option<Success>,
    /// It is wrong on purpose.
    pub(super) broken: bool,
}

fn core_break(fault: &wire::Break) -> Result<Break, EngineError> {
    let value = serde_json::to_value(fault).map_err(|_| EngineError::Broken)?;
    serde_json::from_value(value).map_err(|_| input(format!("There is no such fault as “{}”.", fault.name)))
}

fn wire_break(fault: &Break) -> Result<wire::Break, EngineError> {
    let value = serde_json::to_value(fault).map_err(|_| EngineError::Broken)?;
    serde_json::from_value(value).map_err(|_| EngineError::Broken)
}

/// Whether an answer is what a right endpoint gives; none where that cannot be said.
pub(super) fn as_expected(ready: &Ready, status: Option<u16>) -> Option<bool> {
    let verdict = ready.verdict.as_ref().filter(|verdict| verdict.outcome != WireOutcome::NoSecret)?;
    let (status, success) = (status?, ready.success.as_ref()?);
    if verdict.outcome == WireOutcome::Stale && !ready.broken && success.counts(status) {
        // No document demands a look at the clock, and what is resent is older every time.
        return None;
    }
    Some(if verdict.accept { success.counts(status) } else { (400..500).contains(&status) })
}

fn time_choice(choice: &SigningTime) -> Result<TimestampChoice, EngineError> {
    Ok(match choice {
        SigningTime::Now => TimestampChoice::Fresh,
        SigningTime::Captured => TimestampChoice::Captured,
        SigningTime::Given { at } => {
            let us = time::parse(at.trim()).ok_or_else(|| {
                input(format!("“{}” is no time: write 2026-11-20T12:00:00Z or unix seconds.", at.trim()))
            })?;
            TimestampChoice::Given(us.div_euclid(1_000_000))
        }
    })
}

/// What is to be done, with the secret by name or by value.
struct Plan {
    signing: Signing,
    secret: Option<String>,
    typed: Option<Secret>,
    words: Option<String>,
}

fn plan(mode: &SigningMode) -> Result<Plan, EngineError> {
    let sign = |timestamp, id| Signing::Sign { timestamp, id };
    Ok(match mode {
        SigningMode::Keep => Plan { signing: Signing::Keep, secret: None, typed: None, words: None },
        SigningMode::Sign { secret, timestamp, new_id } => Plan {
            signing: sign(time_choice(timestamp)?, if *new_id { IdChoice::New } else { IdChoice::Same }),
            secret: secret.clone(),
            typed: None,
            words: Some("signed".to_owned()),
        },
        SigningMode::Other { value } if value.reveal().is_empty() => {
            return Err(input("Type the secret to sign with."));
        }
        SigningMode::Other { value } => Plan {
            signing: sign(TimestampChoice::Fresh, IdChoice::Same),
            secret: None,
            typed: Some(Secret {
                name: "the one you typed".to_owned(),
                value: SecretText::new(value.reveal().to_owned()),
            }),
            words: Some("signed with another secret".to_owned()),
        },
        SigningMode::Break { secret, fault } => {
            let fault = core_break(fault)?;
            // In the middle of a sentence: “sent, body tampered with”.
            let label = fault.label();
            let words = label[..1].to_lowercase() + &label[1..];
            Plan { signing: Signing::Break(fault), secret: secret.clone(), typed: None, words: Some(words) }
        }
    })
}

fn signed_names(scheme: &SchemeRule) -> Vec<String> {
    let parts = scheme.content.iter().filter_map(|part| match part {
        Part::Header { name, .. } => Some(name.clone()),
        _ => None,
    });
    parts.chain([scheme.signature.header.clone()]).collect()
}

impl Inner {
    /// Signs a draft as it was asked for, and says what a right endpoint makes of it.
    pub(crate) fn sign_draft(&self, whole: Whole, choice: &SigningChoice) -> Result<Ready, EngineError> {
        let provider = choice.provider.as_deref().map(|id| self.provider(id)).transpose()?;
        let plan = plan(&choice.mode)?;
        let Some(provider) = provider else {
            if plan.signing != Signing::Keep {
                return Err(input("Choose the provider whose rule signs it, or keep its headers as they are."));
            }
            return Ok(Ready { whole, words: None, notes: Vec::new(), verdict: None, success: None, broken: false });
        };
        let scheme = provider.rule.schemes.first();
        let ring = self.ring();
        let stored = scheme.map_or(&[][..], |scheme| ring.keys.of(&scheme.id));
        let typed = plan.typed.as_ref().zip(scheme).map(|(secret, scheme)| Key::new(scheme.key, secret));
        let named = match &plan.secret {
            Some(name) => Some(stored.iter().find(|key| key.name == *name).ok_or_else(|| {
                EngineError::NoSuchSecret { provider: provider.rule.name.clone(), name: name.clone() }
            })?),
            None => stored.first(),
        };
        let key = typed.as_ref().or(named);
        let other_key = random_bytes(32)?;
        let new_id = random_id()?;
        let now_s = time::now_us().div_euclid(1_000_000);
        let inputs = Inputs { now_s, key, other_key: &other_key, new_id: &new_id };
        let signed = apply(scheme, &whole.draft, &plan.signing, &inputs).map_err(|error| input(error.to_string()))?;
        // Whoever has no secret stored judges with the one that signed.
        let judges: Vec<Key> = if stored.is_empty() { typed.iter().cloned().collect() } else { stored.to_vec() };
        let words = match (plan.words.as_deref(), key) {
            (Some("signed"), Some(key)) => Some(format!("signed with “{}”", key.name)),
            _ => plan.words,
        };
        let success = provider.rule.retry.success.value.clone();
        let verdict = verdict(provider, &signed.draft, &judges, &success, now_s);
        let body_of = if signed.draft.body == whole.draft.body { whole.body_of } else { None };
        let whole = Whole { draft: signed.draft, body_of, ..whole };
        let broken = matches!(plan.signing, Signing::Break(_));
        Ok(Ready { whole, words, notes: signed.notes, verdict: Some(verdict), success: Some(success), broken })
    }
}

fn verdict(provider: &Provider, draft: &Draft, keys: &[Key], success: &Success, now_s: i64) -> DraftVerdict {
    let yes = match success {
        Success::Exactly200 => "200".to_owned(),
        Success::Any2xx => "200, or another 2xx".to_owned(),
        Success::Statuses(_) => success.to_string().replace(", ", " or "),
    };
    let Some(scheme) = provider.rule.schemes.first() else {
        return DraftVerdict {
            outcome: WireOutcome::Unsigned,
            reason: format!("{} does not sign: nothing tells a right request from a wrong one.", provider.rule.name),
            accept: true,
            answer: yes,
        };
    };
    let verdict = scheme.judge(&provider.rule, &draft.request(), now_s.saturating_mul(1_000_000), keys);
    let accept = verdict.outcome == Outcome::Pass;
    DraftVerdict {
        outcome: wire_outcome(verdict.outcome),
        reason: verdict.reason,
        accept,
        answer: if accept { yes } else { "400 or 401".to_owned() },
    }
}

/// The headers as they leave, each with who wrote it.
fn preview_headers(before: &Headers, after: &Headers, scheme: Option<&SchemeRule>, signs: bool) -> Vec<PreviewHeader> {
    let names = scheme.map(signed_names).unwrap_or_default();
    let changed = |name: &[u8], value: &[u8]| {
        signs
            && names.iter().any(|signed| signed.as_bytes().eq_ignore_ascii_case(name))
            && !before.iter().any(|field| field.name.eq_ignore_ascii_case(name) && field.value == value)
    };
    let fields = after.iter().zip(wire_headers(after));
    fields.map(|(field, wire)| preview_header(wire, changed(&field.name, &field.value))).collect()
}

fn preview_header(field: DraftHeader, signed: bool) -> PreviewHeader {
    let credential = carries_credentials(&field.name.text);
    PreviewHeader { name: field.name, value: field.value, signed, follows: field.follows, credential }
}

impl Engine {
    /// How requests of a provider can be signed.
    ///
    /// # Errors
    /// Where there is no such provider.
    pub async fn signing_options(&self, provider: String) -> Result<SigningOptions, CommandError> {
        let inner = &self.0;
        let found = inner.provider(&provider)?;
        let scheme = found.rule.schemes.first();
        let ring = inner.ring();
        let signs = |kind| scheme.is_some_and(|scheme| scheme.header_of(kind).is_some());
        let mut breaks = Vec::new();
        if let Some(scheme) = scheme {
            for fault in scheme.breaks() {
                breaks.push(BreakInfo {
                    fault: wire_break(&fault)?,
                    label: fault.label(),
                    about: fault.about(scheme),
                    expected: wire_outcome(fault.expected(scheme)),
                });
            }
        }
        Ok(SigningOptions {
            provider: found.id().to_string(),
            signed: found.signs(),
            secrets: ring.of(found.id()).into_iter().map(|secret| secret.name).collect(),
            signs_time: signs(PartKind::Timestamp),
            signs_id: signs(PartKind::Id),
            headers: scheme.map(signed_names).unwrap_or_default(),
            breaks,
            success: found.rule.retry.success.value.to_string(),
        })
    }

    /// What a draft will be when it is sent now.
    ///
    /// # Errors
    /// Where the log cannot be read. What stands in the way of sending is part of the answer.
    pub async fn draft_preview(
        &self,
        draft: wire::Draft,
        signing: SigningChoice,
    ) -> Result<DraftPreview, CommandError> {
        let inner = Arc::clone(&self.0);
        Ok(inner.blocking(move |inner| inner.preview(&draft, &signing)).await?)
    }
}

impl Inner {
    fn preview(&self, draft: &wire::Draft, choice: &SigningChoice) -> Result<DraftPreview, EngineError> {
        let blank = |problem: String| DraftPreview {
            url: draft.url.clone(),
            headers: Vec::new(),
            body_len: 0,
            verdict: None,
            notes: Vec::new(),
            problem: Some(problem),
        };
        let whole = match self.whole(draft) {
            Ok(whole) => whole,
            Err(EngineError::Store(error)) => return Err(error.into()),
            Err(error) => {
                // As they were written: what is missing is in the sentence.
                let on = draft.headers.iter().filter(|field| field.on);
                let headers = on.map(|field| preview_header(field.clone(), false)).collect();
                let body_len = self.body_of(&draft.body)?.len() as u64;
                return Ok(DraftPreview { headers, body_len, ..blank(error.to_string()) });
            }
        };
        let (before, body_len) = (whole.draft.headers.clone(), whole.draft.body.len() as u64);
        let url = whole.draft.url.clone();
        let ready = match self.sign_draft(whole, choice) {
            Ok(ready) => ready,
            Err(error) => {
                let headers = preview_headers(&before, &before, None, false);
                return Ok(DraftPreview { url, headers, body_len, ..blank(error.to_string()) });
            }
        };
        let scheme = choice.provider.as_deref().and_then(|id| self.provider(id).ok());
        let scheme = scheme.and_then(|provider| provider.rule.schemes.first());
        let signs = !matches!(choice.mode, SigningMode::Keep);
        let draft = &ready.whole.draft;
        Ok(DraftPreview {
            headers: preview_headers(&before, &draft.headers, scheme, signs),
            body_len: draft.body.len() as u64,
            verdict: ready.verdict,
            notes: ready.notes,
            problem: super::send::problem_of(draft),
            url,
        })
    }
}
