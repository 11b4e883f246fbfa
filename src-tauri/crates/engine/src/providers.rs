//! The catalogue as the window shows it, path pins, and expected ids.

use crate::error::EngineError;
use crate::judging::{wire_basis, wire_kind};
use crate::wire::{
    CommandError, ContentPart, EngineEvent, EventFieldInfo, EventFieldKind, EventInfo, ExpectedId, PolicyRow,
    ProviderInfo, SchemeInfo,
};
use crate::{Engine, Inner, time, write};
use countersign_core::catalogue::Provider;
use countersign_core::clock::span;
use countersign_core::rule::{Encoding, EventSample, FieldKind, KeyForm, Known, RetryPolicy, SchemeRule};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Expected ids beyond this are no list that a person keeps.
const EXPECTED_IDS: usize = 10_000;

fn scheme_info(scheme: &SchemeRule) -> SchemeInfo {
    let form = &scheme.signature;
    let written = match form.encoding {
        Encoding::Hex => "lower-case hex",
        Encoding::Base64 => "base64",
    };
    SchemeInfo {
        id: scheme.id.to_string(),
        algorithm: scheme.algorithm.name().to_owned(),
        headers: scheme.headers().into_iter().map(str::to_owned).collect(),
        signature_header: form.header.clone(),
        signature_form: if form.prefix.is_empty() { written.to_owned() } else { format!("{}<{written}>", form.prefix) },
        key: match scheme.key {
            KeyForm::Utf8 => "the secret as text (UTF-8)".to_owned(),
            KeyForm::Base64 => "the secret base64-decoded".to_owned(),
        },
        content: scheme
            .content
            .iter()
            .map(|part| ContentPart { kind: wire_kind(part.kind()), text: part.word().to_owned() })
            .collect(),
        clock: scheme.time.as_ref().map(|time| {
            if time.past_s == time.future_s {
                format!("{} from the clock", span(i64::from(time.past_s)))
            } else {
                format!("{} old, {} ahead", span(i64::from(time.past_s)), span(i64::from(time.future_s)))
            }
        }),
        clock_basis: scheme.time.as_ref().map(|time| wire_basis(time.basis)),
    }
}

fn policy(policy: &RetryPolicy) -> Vec<PolicyRow> {
    fn row<T>(label: &str, known: &Known<T>) -> PolicyRow {
        PolicyRow {
            label: label.to_owned(),
            value: known.words.clone(),
            basis: wire_basis(known.basis),
            note: known.note.clone(),
        }
    }
    vec![
        row("attempts", &policy.attempts),
        row("intervals", &policy.delays),
        row("timeout", &policy.timeout_s),
        row("success", &policy.success),
    ]
}

impl Inner {
    fn provider_info(&self, provider: &Provider, counts: &HashMap<String, u64>) -> Result<ProviderInfo, EngineError> {
        let rule = &provider.rule;
        let pins = crate::read(&self.pins);
        Ok(ProviderInfo {
            id: rule.id.to_string(),
            name: rule.name.clone(),
            about: rule.about.clone(),
            signed: provider.signs(),
            schemes: rule.schemes.iter().map(scheme_info).collect(),
            notes: rule.notes.clone(),
            retry: policy(&rule.retry),
            handshake: rule.handshake.as_ref().map(|h| h.words.clone()),
            events: rule.events.iter().map(event_info).collect(),
            checks: rule.checks.as_ref().map(|c| c.words.clone()).unwrap_or_default(),
            secrets: self.secret_infos(provider)?,
            pins: pins.iter().filter(|(_, id)| *id == rule.id).map(|(path, _)| path.clone()).collect(),
            checked_on: rule.checked_on.clone(),
            deliveries: counts.get(rule.id.as_str()).copied().unwrap_or_default(),
        })
    }

    async fn pins_changed(self: &Arc<Self>) -> Result<(), EngineError> {
        let pins = Arc::clone(self).blocking(|inner| Ok(inner.store.pins()?)).await?;
        write(&self.pins, Arc::new(pins.into_iter().map(|p| (p.path, p.provider)).collect()));
        self.bus.publish(EngineEvent::ProvidersChanged);
        self.rejudge_soon();
        Ok(())
    }
}

impl Engine {
    /// The catalogue with the user's secrets, without their values.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub async fn providers(&self) -> Result<Vec<ProviderInfo>, CommandError> {
        let found = self.0.clone().blocking(|inner| {
            let counts: HashMap<String, u64> = inner
                .store
                .deliveries_per_provider()?
                .into_iter()
                .filter_map(|(id, n)| Some((id?, u64::try_from(n).unwrap_or_default())))
                .collect();
            inner.catalogue.iter().map(|p| inner.provider_info(p, &counts)).collect::<Result<Vec<_>, _>>()
        });
        Ok(found.await?)
    }

    pub(crate) async fn pin_set(&self, path: String, provider: String) -> Result<(), CommandError> {
        let id = self.0.provider(&provider)?.id().clone();
        let path = path.trim().to_owned();
        if !path.starts_with('/')
            || path.len() > 1024
            || path.contains(['?', '#'])
            || path.contains(char::is_whitespace)
        {
            let what = "A path begins with “/” and has no query, fragment or white space.".to_owned();
            return Err(EngineError::Input { what }.into());
        }
        self.0.store.set_pin(&path, &id).await.map_err(EngineError::from)?;
        Ok(self.0.pins_changed().await?)
    }

    pub(crate) async fn pin_remove(&self, path: String) -> Result<(), CommandError> {
        self.0.store.remove_pin(&path).await.map_err(EngineError::from)?;
        Ok(self.0.pins_changed().await?)
    }

    pub(crate) async fn expected_ids(&self, provider: String) -> Result<Vec<ExpectedId>, CommandError> {
        let id = self.0.provider(&provider)?.id().clone();
        let mut found = self.0.clone().blocking(move |inner| Ok(inner.store.expected_ids(&id)?)).await?;
        found.sort_by_key(|e| (e.matched_by.is_some(), std::cmp::Reverse(e.added_at_us)));
        Ok(found
            .into_iter()
            .map(|e| ExpectedId { id: e.id, matched_by: e.matched_by.map(|by| by.to_string()) })
            .collect())
    }

    pub(crate) async fn expected_ids_add(&self, provider: String, ids: Vec<String>) -> Result<(), CommandError> {
        let id = self.0.provider(&provider)?.id().clone();
        let ids: Vec<String> = ids.into_iter().map(|i| i.trim().to_owned()).filter(|i| !i.is_empty()).collect();
        if ids.len() > EXPECTED_IDS || ids.iter().any(|i| i.len() > 1024) {
            let what = "At most 10,000 ids of 1,024 bytes can be added at once; none was.".to_owned();
            return Err(EngineError::Input { what }.into());
        }
        self.0.store.add_expected_ids(&id, ids, time::now_us()).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::ProvidersChanged);
        self.0.rejudge_soon();
        Ok(())
    }

    pub(crate) async fn expected_ids_remove(&self, provider: String, ids: Vec<String>) -> Result<(), CommandError> {
        let id = self.0.provider(&provider)?.id().clone();
        self.0.store.remove_expected_ids(&id, ids).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::ProvidersChanged);
        self.0.rejudge_soon();
        Ok(())
    }
}

fn event_info(event: &EventSample) -> EventInfo {
    let body: Option<Value> = serde_json::from_str(&event.body).ok();
    let value = |pointer: &str| match body.as_ref().and_then(|body| body.pointer(pointer)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    EventInfo {
        event_type: event.event_type.clone(),
        summary: event.summary.clone(),
        documented: event.documented,
        fields: event
            .fields
            .iter()
            .map(|field| EventFieldInfo {
                pointer: field.pointer.clone(),
                label: field.label.clone(),
                kind: match field.kind {
                    FieldKind::Text => EventFieldKind::Text,
                    FieldKind::Number => EventFieldKind::Number,
                    FieldKind::Choice => EventFieldKind::Choice,
                    FieldKind::Time => EventFieldKind::Time,
                },
                choices: field.choices.clone(),
                value: value(&field.pointer),
                fresh: field.fresh.is_some(),
            })
            .collect(),
    }
}
