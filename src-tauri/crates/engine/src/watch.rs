//! Noticing what another program does with the same log and the same secrets, so that the window shows it.

use crate::error::EngineError;
use crate::wire::{EngineEvent, Settings};
use crate::{Inner, read, settings, write};
use countersign_store::Seen;
use std::sync::Arc;
use std::time::Duration;

/// Quick enough to look immediate, slow enough to cost nothing.
const INTERVAL: Duration = Duration::from_millis(200);

pub(crate) async fn run(inner: &Arc<Inner>, mut seen: Seen) {
    let mut stamp = inner.vault.stamp();
    loop {
        let now = inner.vault.stamp();
        if now != stamp {
            stamp = now;
            if let Err(error) = inner.reload_secrets_from_outside().await {
                tracing::warn!(%error, "the secrets changed and cannot be read");
            }
        }
        // A log that cannot be read now is asked again the next time.
        match Arc::clone(inner).blocking(move |inner| look(inner, seen)).await {
            Ok((next, settings)) => {
                seen = next;
                if let Some(settings) = settings.filter(|settings| *settings != read(&inner.settings)) {
                    inner.use_settings(settings).await;
                }
            }
            Err(error) => tracing::debug!(%error, "the log cannot be looked at"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Tells the window what others wrote since `seen`, and gives the place to look from the next time, with the settings
/// where they may have changed.
fn look(inner: &Inner, seen: Seen) -> Result<(Seen, Option<Settings>), EngineError> {
    let changes = inner.store.changes(&seen)?;
    if changes.more {
        inner.bus.publish(EngineEvent::DeliveriesChanged);
    } else {
        for id in changes.added {
            if let Some(row) = inner.store.summary(id)? {
                inner.bus.publish(EngineEvent::DeliveryAdded { delivery: inner.grouped_row(&row)? });
            }
        }
    }
    if changes.changed {
        let pins = inner.store.pins()?;
        write(&inner.pins, Arc::new(pins.into_iter().map(|p| (p.path, p.provider)).collect()));
        for event in [
            EngineEvent::DeliveriesChanged,
            EngineEvent::ProvidersChanged,
            EngineEvent::SavedFiltersChanged,
            EngineEvent::RunsChanged,
        ] {
            inner.bus.publish(event);
        }
        inner.reload_responses()?;
        inner.reload_routes()?;
        return Ok((changes.seen, Some(settings::load(&inner.store)?)));
    }
    Ok((changes.seen, None))
}
