//! The user's secrets: their values in the system keychain, their names in a small file beside the log.
//!
//! Invariants: a value is never written anywhere but into the keychain or, where none answers, into that file of mode 0600;
//! values leave this module only as [`Secret`]s, which do not show themselves. Several processes share the file: changes are
//! made under a lock, and [`Vault::stamp`] tells when another process changed it.

mod file;
pub(crate) mod inspect;
mod keychain;

use crate::error::EngineError;
use countersign_core::ids::ProviderId;
use countersign_core::rule::ProviderRule;
use countersign_core::secret::{Secret, SecretText};
use file::{Entry, Index, Kept};
pub(crate) use file::{keep_private, private};
use keychain::Keychain;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Set to `off`, no keychain is asked: for machines without a session, and for tests.
const KEYCHAIN_VARIABLE: &str = "COUNTERSIGN_KEYCHAIN";

/// A stored secret.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) provider: ProviderId,
    pub(crate) secret: Secret,
    /// Given for this run alone.
    pub(crate) this_run_only: bool,
}

/// Where secrets are kept.
#[derive(Debug)]
pub(crate) struct Vault {
    path: PathBuf,
    keychain: Result<Keychain, String>,
}

/// A secret whose value cannot be had now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) provider: ProviderId,
    pub(crate) name: String,
    /// A clause.
    pub(crate) why: String,
}

/// What was loaded, and what could not be.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) secrets: Vec<Stored>,
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Vault {
    /// Finds out where secrets of the log at `db` are kept. Blocks while the keychain is asked, a few seconds at the most.
    pub(crate) fn open(db: &Path, no_keychain: bool) -> Vault {
        let mut name = db.file_name().unwrap_or_default().to_owned();
        name.push(".secrets.json");
        let keychain = match std::env::var(KEYCHAIN_VARIABLE) {
            Ok(value) if value == "off" => Err(format!("{KEYCHAIN_VARIABLE} is off")),
            _ if no_keychain => Err("it was not to be asked".to_owned()),
            _ => Keychain::open(),
        };
        Vault { path: db.with_file_name(name), keychain }
    }

    /// Whether the keychain is used, and a sentence for a person.
    pub(crate) fn words(&self) -> (bool, String) {
        match &self.keychain {
            Ok(keychain) => {
                (true, format!("Secrets are kept in {}, never in the event log or in exports.", keychain.name()))
            }
            Err(why) => (
                false,
                format!(
                    "Secrets are kept in {}, which only you can read (mode 0600), because no system keychain is used: {why}.",
                    self.path.display()
                ),
            ),
        }
    }

    /// When the file of names last changed.
    pub(crate) fn stamp(&self) -> Option<(SystemTime, u64)> {
        let meta = std::fs::metadata(&self.path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    }

    /// Reads every secret.
    pub(crate) fn load(&self) -> Result<Loaded, EngineError> {
        let index = Index::read(&self.path)?;
        let mut loaded = Loaded::default();
        for entry in index.secrets {
            match self.value(&entry) {
                Ok(value) => loaded.secrets.push(Stored {
                    provider: entry.provider,
                    secret: Secret { name: entry.name, value },
                    this_run_only: false,
                }),
                Err(why) => {
                    tracing::warn!(provider = %entry.provider, name = entry.name, why, "a secret cannot be read");
                    loaded.unreadable.push(Unreadable { provider: entry.provider, name: entry.name, why });
                }
            }
        }
        Ok(loaded)
    }

    fn value(&self, entry: &Entry) -> Result<SecretText, String> {
        match (&entry.kept, &self.keychain) {
            (Kept::File { value }, _) => Ok(value.clone()),
            (Kept::Keychain, Ok(keychain)) => keychain.get(&entry.key),
            (Kept::Keychain, Err(why)) => Err(format!("it is kept in the keychain, and {why}")),
        }
    }

    /// Stores a secret. `replaces` names the one that is edited: without `value` it is only renamed.
    pub(crate) fn set(
        &self,
        provider: &ProviderRule,
        name: &str,
        value: Option<SecretText>,
        replaces: Option<&str>,
    ) -> Result<(), EngineError> {
        let before = Index::change(&self.path, |index| {
            let id = &provider.id;
            let clash = index.find(id, name).is_some() && replaces != Some(name);
            if clash {
                return Err(EngineError::SecretExists { provider: provider.name.clone(), name: name.to_owned() });
            }
            let old = replaces.and_then(|old| index.find(id, old));
            if replaces.is_some() && old.is_none() {
                let name = replaces.unwrap_or_default().to_owned();
                return Err(EngineError::NoSuchSecret { provider: provider.name.clone(), name });
            }
            match (old, value) {
                (Some(at), None) => {
                    index.secrets[at].name = name.to_owned();
                    Ok(None)
                }
                (None, None) => Err(EngineError::EmptySecret),
                (Some(at), Some(value)) => {
                    let entry = self.keep(id, name, value)?;
                    Ok(Some(std::mem::replace(&mut index.secrets[at], entry)))
                }
                (None, Some(value)) => {
                    index.secrets.push(self.keep(id, name, value)?);
                    Ok(None)
                }
            }
        })?;
        // Only now is nothing left that points to it.
        before.iter().for_each(|entry| self.forget(entry));
        Ok(())
    }

    /// Removes a secret.
    pub(crate) fn remove(&self, provider: &ProviderRule, name: &str) -> Result<(), EngineError> {
        let removed = Index::change(&self.path, |index| match index.find(&provider.id, name) {
            Some(at) => Ok(index.secrets.remove(at)),
            None => Err(EngineError::NoSuchSecret { provider: provider.name.clone(), name: name.to_owned() }),
        })?;
        self.forget(&removed);
        Ok(())
    }

    fn keep(&self, provider: &ProviderId, name: &str, value: SecretText) -> Result<Entry, EngineError> {
        let key = random_hex()?;
        let kept = match &self.keychain {
            Ok(keychain) => {
                keychain
                    .set(&key, &value)
                    .map_err(|why| EngineError::Keychain { doing: "store the secret in", why })?;
                Kept::Keychain
            }
            Err(_) => Kept::File { value },
        };
        Ok(Entry { provider: provider.clone(), name: name.to_owned(), key, kept })
    }

    /// Takes a value out of the keychain. Where that fails the value is an orphan there, which harms nobody: it is logged.
    fn forget(&self, entry: &Entry) {
        if let (Kept::Keychain, Ok(keychain)) = (&entry.kept, &self.keychain)
            && let Err(why) = keychain.remove(&entry.key)
        {
            tracing::warn!(provider = %entry.provider, name = entry.name, why, "a removed secret stays in the keychain");
        }
    }
}

/// 16 random bytes as hex.
pub(crate) fn random_hex() -> Result<String, EngineError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| EngineError::Random { why: error.to_string() })?;
    Ok(countersign_core::decode::to_hex(&bytes))
}
