//! The policies in use: a provider file's, or the user's own, which is a setting of the log.

use crate::error::EngineError;
use crate::wire::{self, CommandError, EngineEvent, LabPolicy, RetryBasis, RetryPolicyFault, RetryRow};
use crate::{Engine, Inner};
use countersign_core::catalogue::Provider;
use countersign_core::retry::{Policy, Row, RowBasis, rows};
use std::sync::Arc;

/// The name of the setting that holds a provider's policy.
fn key(provider: &Provider) -> String {
    format!("retry_policy.{}", provider.id())
}

/// A policy that crossed. The two have the same form in JSON.
pub(super) fn core_policy(policy: &wire::RetryPolicy) -> Result<Policy, EngineError> {
    // The one text in it is what counts as delivered, and its fault is a sentence for the user.
    let success: countersign_core::rule::Success =
        policy.success.parse().map_err(|what| EngineError::Input { what })?;
    let value = serde_json::to_value(policy).map_err(|_| EngineError::Broken)?;
    let read: Policy = serde_json::from_value(value).map_err(|_| EngineError::Broken)?;
    Ok(Policy { success, ..read })
}

pub(super) fn wire_policy(policy: &Policy) -> Result<wire::RetryPolicy, EngineError> {
    let value = serde_json::to_value(policy).map_err(|_| EngineError::Broken)?;
    serde_json::from_value(value).map_err(|_| EngineError::Broken)
}

fn wire_row(row: Row) -> RetryRow {
    RetryRow {
        field: row.field.to_owned(),
        label: row.label.to_owned(),
        value: row.value,
        basis: match row.basis {
            RowBasis::Documented => RetryBasis::Documented,
            RowBasis::Assumed => RetryBasis::Assumed,
            RowBasis::NotDocumented => RetryBasis::NotDocumented,
            RowBasis::Edited => RetryBasis::Edited,
        },
        note: row.note,
    }
}

/// The rows of a provider's policy; how it signs is none of one that does not.
pub(super) fn rows_of(provider: &Provider, policy: &Policy) -> Vec<RetryRow> {
    let all = rows(&provider.rule.retry, policy).into_iter();
    all.filter(|row| provider.signs() || row.field != "sign_anew").map(wire_row).collect()
}

/// A policy that can be gone by.
///
/// # Errors
/// Its faults, one sentence after another.
pub(super) fn checked(policy: &wire::RetryPolicy) -> Result<Policy, EngineError> {
    let policy = core_policy(policy)?;
    let faults: Vec<String> = policy.faults().into_iter().map(|fault| fault.sentence).collect();
    if faults.is_empty() { Ok(policy) } else { Err(EngineError::Input { what: faults.join(" ") }) }
}

impl Inner {
    /// The user's own policy for a provider. Reads the log: blocks. One that a later version wrote, or that cannot be gone
    /// by, is passed over.
    fn own_policy(&self, provider: &Provider) -> Result<Option<Policy>, EngineError> {
        let Some(text) = self.store.setting(&key(provider))?.filter(|text| !text.is_empty()) else { return Ok(None) };
        let read = serde_json::from_str::<Policy>(&text).ok().filter(|policy| policy.faults().is_empty());
        if read.is_none() {
            tracing::warn!(provider = %provider.id(), "the saved retry policy cannot be read; the provider's own is used");
        }
        Ok(read)
    }

    /// The policy in use for a provider. Reads the log: blocks.
    pub(super) fn policy_of(&self, provider: &Provider) -> Result<Policy, EngineError> {
        Ok(self.own_policy(provider)?.unwrap_or_else(|| Policy::of(&provider.rule.retry)))
    }

    fn lab_policy_of(&self, provider: &Provider) -> Result<LabPolicy, EngineError> {
        let rule = &provider.rule.retry;
        let edited = self.own_policy(provider)?;
        let own = Policy::of(rule);
        let policy = edited.as_ref().unwrap_or(&own);
        let rows = rows_of(provider, policy);
        let value = |field: &str| rows.iter().find(|row| row.field == field);
        let words = |field| value(field).map(|row| row.value.clone()).unwrap_or_default();
        let basis = match value("delays").map(|row| row.basis) {
            Some(RetryBasis::Documented) => "documented",
            Some(RetryBasis::Edited) => "edited",
            _ => "assumed",
        };
        Ok(LabPolicy {
            provider: provider.id().to_string(),
            name: provider.rule.name.clone(),
            intervals: words("delays"),
            summary: format!("{basis} · timeout {} · success is {}", words("timeout"), words("success")),
            policy: wire_policy(policy)?,
            own: wire_policy(&own)?,
            rows,
            edited: edited.is_some(),
            signs: provider.signs(),
        })
    }

    async fn save_policy(self: &Arc<Self>, provider: &str, text: String) -> Result<LabPolicy, EngineError> {
        let provider = self.provider(provider)?;
        self.store.set_setting(&key(provider), &text).await?;
        self.bus.publish(EngineEvent::ProvidersChanged);
        let id = provider.id().to_string();
        Arc::clone(self).blocking(move |inner| inner.lab_policy_of(inner.provider(&id)?)).await
    }
}

impl Engine {
    /// The retry policies in use.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub async fn lab_policies(&self) -> Result<Vec<LabPolicy>, CommandError> {
        let read = |inner: &Inner| inner.catalogue.iter().map(|provider| inner.lab_policy_of(provider)).collect();
        Ok(self.0.clone().blocking(read).await?)
    }

    pub(crate) async fn lab_policy_check(
        &self,
        policy: wire::RetryPolicy,
    ) -> Result<Vec<RetryPolicyFault>, CommandError> {
        let fault = |field: &str, sentence| RetryPolicyFault { field: field.to_owned(), sentence };
        Ok(match core_policy(&policy) {
            Ok(policy) => policy.faults().into_iter().map(|found| fault(found.field, found.sentence)).collect(),
            Err(EngineError::Input { what }) => vec![fault("success", what)],
            Err(error) => return Err(error.into()),
        })
    }

    pub(crate) async fn lab_policy_set(
        &self,
        provider: String,
        policy: wire::RetryPolicy,
    ) -> Result<LabPolicy, CommandError> {
        let policy = checked(&policy)?;
        let text = serde_json::to_string(&policy).map_err(|_| EngineError::Broken)?;
        Ok(self.0.save_policy(&provider, text).await?)
    }

    pub(crate) async fn lab_policy_reset(&self, provider: String) -> Result<LabPolicy, CommandError> {
        Ok(self.0.save_policy(&provider, String::new()).await?)
    }
}
