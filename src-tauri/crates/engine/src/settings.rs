//! Settings, and the state of the app as a whole.

use crate::error::EngineError;
use crate::listening::ip_of;
use crate::wire::{
    AppState, CommandError, EngineEvent, LogState, SecretsBackend, SecretsBackendKind, Settings, SettingsPatch,
};
use crate::{Engine, Inner, read, write};
use countersign_core::snippets::Language;
use countersign_store::Store;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

const KEY: &str = "settings";
/// Narrower, a row's first line no longer fits; wider, nothing is left for the detail.
const LIST_WIDTHS: std::ops::RangeInclusive<u32> = 280..=1200;
/// Up to twice the size everything stays in its place; below half nothing can be read.
const ZOOMS: std::ops::RangeInclusive<u32> = 50..=200;
/// Below, ordinary webhooks are refused; above, two at once would be more than is received at a time.
const BODY_LIMITS: std::ops::RangeInclusive<u64> = 1024..=256 * 1024 * 1024;

pub(crate) fn load(store: &Store) -> Result<Settings, EngineError> {
    let text = store.setting(KEY)?;
    // What cannot be read is as good as never set.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

impl Engine {
    pub(crate) async fn app_state(&self) -> Result<AppState, CommandError> {
        let inner = &self.0;
        let seq = inner.bus.last_seq();
        let (keychain, words) = inner.vault.words();
        Ok(AppState {
            version: inner.version.clone(),
            listener: read(&inner.listener_state),
            tunnel: inner.tunnelling.state(),
            log: LogState {
                path: inner.db.display().to_string(),
                set_aside: inner.set_aside.as_ref().map(|p| p.display().to_string()),
                trouble: inner.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            },
            secrets: SecretsBackend {
                kind: if keychain { SecretsBackendKind::Keychain } else { SecretsBackendKind::File },
                words,
            },
            settings: read(&inner.settings),
            seq,
            rejudge: inner.rejudging.progress(),
        })
    }

    pub(crate) async fn settings_change(&self, patch: SettingsPatch) -> Result<Settings, CommandError> {
        let inner = &self.0;
        let _changing = inner.changing.lock().await;
        // From the log, so that what another program has changed meanwhile stays.
        let mut settings = Arc::clone(inner).blocking(|inner| load(&inner.store)).await?;
        if let Some(theme) = patch.theme {
            settings.theme = theme;
        }
        if let Some(zoom) = patch.zoom {
            settings.zoom = zoom.clamp(*ZOOMS.start(), *ZOOMS.end());
        }
        if let Some(width) = patch.list_width {
            settings.list_width = width.clamp(*LIST_WIDTHS.start(), *LIST_WIDTHS.end());
        }
        settings.grouped = patch.grouped.unwrap_or(settings.grouped);
        if let Some(language) = patch.snippet_language.filter(|id| Language::from_id(id).is_some()) {
            settings.snippet_language = language;
        }
        settings.export = patch.export.unwrap_or(settings.export);
        if let Some(limit) = patch.body_limit {
            if !BODY_LIMITS.contains(&limit) {
                let what = "The body limit takes 1 KB to 256 MB; it was not changed.".to_owned();
                return Err(EngineError::Input { what }.into());
            }
            settings.body_limit = limit;
        }
        if let Some(port) = patch.port {
            if port == 0 {
                return Err(EngineError::Input { what: "A port is a number from 1 to 65535.".to_owned() }.into());
            }
            let listening = inner.listener_addr();
            if listening.is_none_or(|addr| addr.port() != port) {
                let ip = listening.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |addr| addr.ip());
                inner.listen(Some(SocketAddr::new(ip, port)), false).await?;
            }
            settings.port = port;
        }
        if patch.everywhere.is_some() || patch.tls.is_some() {
            settings.everywhere = patch.everywhere.unwrap_or(settings.everywhere);
            let listening = inner.listener_addr();
            let shown = match patch.tls {
                Some(tls) => {
                    settings.tls = tls.clone();
                    inner.certificate(tls).await?
                }
                None => inner.shown().await,
            };
            let to = match (listening, patch.everywhere) {
                (Some(addr), None) => addr,
                _ => SocketAddr::new(ip_of(&settings), listening.map_or(settings.port, |addr| addr.port())),
            };
            inner.rebind(to, shown).await?;
        }
        let text = serde_json::to_string(&settings).map_err(|_| EngineError::Broken)?;
        inner.store.set_setting(KEY, &text).await.map_err(EngineError::from)?;
        inner.use_settings(settings.clone()).await;
        Ok(settings)
    }
}

impl Inner {
    /// Takes settings into use and tells of them.
    pub(crate) async fn use_settings(&self, settings: Settings) {
        self.set_body_limit(settings.body_limit).await;
        write(&self.settings, settings.clone());
        self.bus.publish(EngineEvent::SettingsChanged { settings });
    }
}
