//! The event that announces a retry, where a provider has one.

use super::run::{Halt, Lab, ms};
use super::sender::Leaving;
use crate::time;
use crate::wire::LabTimestamps;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Lab {
    /// Sends it before the wait that it tells of. What it says stands in the fields of its sample that have these names.
    pub(super) async fn announce(&mut self, retry: u32, after_ms: u64) -> Result<(), Halt> {
        let Some(announce) = self.policy.announce.clone().filter(|announce| announce.on) else { return Ok(()) };
        let from_us = match self.state.request.timestamps {
            LabTimestamps::AsScheduled => self.epoch_us.saturating_add_unsigned(ms(self.clock.now()) * 1_000),
            LabTimestamps::Now => time::now_us(),
        };
        let due_s = from_us.saturating_add_unsigned(after_ms * 1_000).div_euclid(1_000_000);
        let says = [
            ("original_event_id", self.event.id.clone().unwrap_or_default()),
            ("retry_count", retry.to_string()),
            ("next_retry_at", time::rfc3339_s(due_s).unwrap_or_default()),
        ];
        let (request, url) = (self.state.request.clone(), self.event.whole.draft.url.clone());
        let composed = Arc::clone(&self.inner).blocking(move |inner| {
            let provider = inner.provider(&request.provider)?;
            let sample = provider.rule.events.iter().find(|sample| sample.event_type == announce.event_type);
            let fields = sample.map(|sample| sample.fields.as_slice()).unwrap_or_default();
            let value = |pointer: &str| says.iter().find(|(name, _)| pointer.ends_with(&format!("/{name}")));
            let values: BTreeMap<String, String> = fields
                .iter()
                .filter_map(|field| Some((field.pointer.clone(), value(&field.pointer)?.1.clone())))
                .collect();
            inner.lab_composed(&request, &announce.event_type, values, &url)
        });
        let event = composed.await?;
        let (draft, words) = self.inner.lab_sign(&self.state.request, &event.whole, self.signed_at(), true)?;
        let place = self.begin(retry + 1, None, true, None);
        let sent = self.exchange(Leaving { draft, words }, place).await?;
        self.settle(place, &sent, "announces the retry").await?;
        Ok(())
    }
}
