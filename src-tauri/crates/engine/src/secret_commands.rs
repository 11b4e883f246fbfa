//! What can be done with secrets, from the window and from the command line.

use crate::error::EngineError;
use crate::judging::Ring;
use crate::secrets::inspect::{self, inspect};
use crate::secrets::{Loaded, Stored};
use crate::wire::{CommandError, EngineEvent, SecretInfo, SecretInspection};
use crate::{Engine, Inner, read, time, write};
use countersign_core::catalogue::Provider;
use countersign_core::ids::ProviderId;
use countersign_core::secret::{Secret, SecretText};
use countersign_core::signing::Key;
use std::sync::Arc;

/// Longer values are no secrets but files.
const LONGEST: usize = 16 * 1024;

impl Inner {
    pub(crate) fn provider(&self, id: &str) -> Result<&Provider, EngineError> {
        id.parse::<ProviderId>()
            .ok()
            .and_then(|id| self.catalogue.get(&id))
            .ok_or_else(|| EngineError::NoSuchProvider { id: countersign_core::shorten(id, 64) })
    }

    /// Reads the secrets again and judges the log again with them.
    pub(crate) async fn reload_secrets(self: &Arc<Self>) -> Result<(), EngineError> {
        let loaded = Arc::clone(self).blocking(|inner| inner.vault.load()).await?;
        self.take_secrets(loaded);
        Ok(())
    }

    /// The same after the file of names changed, perhaps by our own doing: then nothing is new.
    pub(crate) async fn reload_secrets_from_outside(self: &Arc<Self>) -> Result<(), EngineError> {
        let loaded = Arc::clone(self).blocking(|inner| inner.vault.load()).await?;
        let known = self.ring();
        let known = known.stored.iter().filter(|s| !s.this_run_only).map(|s| (&s.provider, &s.secret));
        let same = known.eq(loaded.secrets.iter().map(|s| (&s.provider, &s.secret)));
        if !same || *read(&self.unreadable) != loaded.unreadable {
            self.take_secrets(loaded);
        }
        Ok(())
    }

    fn take_secrets(self: &Arc<Self>, loaded: Loaded) {
        let stored: Vec<Stored> = self.run_secrets.iter().cloned().chain(loaded.secrets).collect();
        write(&self.unreadable, Arc::new(loaded.unreadable));
        write(&self.ring, Arc::new(Ring::new(&self.catalogue, stored)));
        self.bus.publish(EngineEvent::ProvidersChanged);
        self.rejudge_soon();
    }

    /// A secret without its value. Reads the log: blocks.
    fn secret_info(&self, provider: &Provider, stored: &Stored) -> Result<SecretInfo, EngineError> {
        let value = stored.secret.value.reveal();
        let inspection = inspect(&provider.rule, value);
        let last_matched = self.store.last_matched(provider.id(), &stored.secret.name)?;
        Ok(SecretInfo {
            provider: provider.id().to_string(),
            name: stored.secret.name.clone(),
            masked: stored.secret.value.hint(),
            decodes_to: inspection.decodes_to,
            last_matched: last_matched.map(time::rfc3339_us),
            this_run_only: stored.this_run_only,
            unreadable: None,
            findings: inspection.findings,
        })
    }

    /// Every secret of a provider without its value, those that cannot be read at the end. Reads the log: blocks.
    pub(crate) fn secret_infos(&self, provider: &Provider) -> Result<Vec<SecretInfo>, EngineError> {
        let ring = self.ring();
        let known = ring.stored.iter().filter(|s| s.provider == *provider.id());
        let mut all = known.map(|s| self.secret_info(provider, s)).collect::<Result<Vec<_>, _>>()?;
        let unreadable = read(&self.unreadable);
        for secret in unreadable.iter().filter(|s| s.provider == *provider.id()) {
            all.push(SecretInfo {
                provider: provider.id().to_string(),
                name: secret.name.clone(),
                masked: String::new(),
                decodes_to: String::new(),
                last_matched: self.store.last_matched(provider.id(), &secret.name)?.map(time::rfc3339_us),
                this_run_only: false,
                unreadable: Some(format!("Its value cannot be read: {}. Set it again, or remove it.", secret.why)),
                findings: Vec::new(),
            });
        }
        Ok(all)
    }
}

impl Engine {
    /// What is noticed about a secret. Nothing is stored.
    ///
    /// # Errors
    /// Where there is no such provider.
    pub async fn secret_inspect(&self, provider: String, value: String) -> Result<SecretInspection, CommandError> {
        let value = zeroize::Zeroizing::new(value);
        Ok(inspect::inspect(&self.0.provider(&provider)?.rule, &value))
    }

    /// Stores, edits or renames a secret, and judges the log again.
    ///
    /// # Errors
    /// Where the name is taken or the value empty, or neither keychain nor file takes it.
    pub async fn secret_set(
        &self,
        provider: String,
        name: String,
        value: Option<String>,
        replaces: Option<String>,
    ) -> Result<(), CommandError> {
        let value = value.map(SecretText::new);
        let found = self.0.provider(&provider)?;
        if !found.signs() {
            return Err(EngineError::Unsigned { name: found.rule.name.clone() }.into());
        }
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            let what = "A secret's name has 1 to 80 characters, none of them a control character.".to_owned();
            return Err(EngineError::Input { what }.into());
        }
        if value.as_ref().is_some_and(|v| v.reveal().is_empty()) {
            return Err(EngineError::EmptySecret.into());
        }
        let unusable = |v: &SecretText| {
            let secret = Secret { name: String::new(), value: v.clone() };
            !v.reveal().is_empty() && found.rule.schemes.iter().all(|s| Key::new(s.key, &secret).is_empty())
        };
        if value.as_ref().is_some_and(unusable) {
            return Err(EngineError::NoKey.into());
        }
        if value.as_ref().is_some_and(|v| v.reveal().len() > LONGEST) {
            let what = "This is longer than 16 KB: it is no secret. Nothing was stored.".to_owned();
            return Err(EngineError::Input { what }.into());
        }
        self.0
            .clone()
            .blocking(move |inner| {
                let rule = &inner.provider(&provider)?.rule;
                inner.vault.set(rule, &name, value, replaces.as_deref())
            })
            .await?;
        Ok(self.0.reload_secrets().await?)
    }

    /// Removes a secret, and judges the log again.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub async fn secret_remove(&self, provider: String, name: String) -> Result<(), CommandError> {
        self.0.clone().blocking(move |inner| inner.vault.remove(&inner.provider(&provider)?.rule, &name)).await?;
        Ok(self.0.reload_secrets().await?)
    }

    pub(crate) async fn secret_reveal(&self, provider: String, name: String) -> Result<String, CommandError> {
        let rule = &self.0.provider(&provider)?.rule;
        let ring = self.0.ring();
        let found = ring.stored.iter().find(|s| s.provider == rule.id && s.secret.name == name);
        let stored = found.ok_or_else(|| EngineError::NoSuchSecret { provider: rule.name.clone(), name })?;
        Ok(stored.secret.value.reveal().to_owned())
    }

    /// Every secret with its value, for judging: provider, name, value.
    #[must_use]
    pub fn secrets(&self) -> Vec<(ProviderId, String, SecretText)> {
        let ring = self.0.ring();
        ring.stored.iter().map(|s| (s.provider.clone(), s.secret.name.clone(), s.secret.value.clone())).collect()
    }

    /// Every secret without its value.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub async fn secrets_list(&self) -> Result<Vec<SecretInfo>, CommandError> {
        let found = self.0.clone().blocking(|inner| {
            inner.catalogue.iter().map(|provider| inner.secret_infos(provider)).collect::<Result<Vec<_>, _>>()
        });
        Ok(found.await?.concat())
    }
}
