//! Sending later what an endpoint missed: in the order of arrival, one after the other, with progress and cancel.

use super::send::Forwarded;
use crate::Inner;
use crate::error::EngineError;
use crate::wire::{EngineEvent, ForwardProgress};
use countersign_core::route::ReadyRoute;
use countersign_store::{AttemptState, DeliveryId};
use std::sync::{Arc, PoisonError};
use tokio_util::sync::CancellationToken;

/// Deliveries that one run sends at the most; who missed more begins again.
const MOST: usize = 10_000;
/// An endpoint that brings no answer so often in a row is down still.
const GIVE_UP: u32 = 3;

/// A run that is under way.
pub(super) struct Run {
    progress: ForwardProgress,
    cancel: CancellationToken,
}

impl Inner {
    pub(super) fn catching_up(&self, route: &str) -> Option<ForwardProgress> {
        let runs = self.forwarding.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        runs.get(route).map(|run| run.progress.clone())
    }

    pub(super) fn stop_catching_up(&self, route: &str) {
        let runs = self.forwarding.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = runs.get(route) {
            run.cancel.cancel();
        }
    }

    /// Begins a run; one that is under way goes on instead.
    pub(super) async fn catch_up(self: &Arc<Self>, ready: Arc<ReadyRoute>) -> Result<ForwardProgress, EngineError> {
        let route = ready.route.id.clone();
        let ids = {
            let (route, opened_us) = (route.clone(), self.opened_us);
            Arc::clone(self).blocking(move |inner| Ok(inner.store.missed(&route, opened_us, MOST)?)).await?
        };
        let cancel = CancellationToken::new();
        let progress = ForwardProgress {
            route: route.clone(),
            done: 0,
            total: u32::try_from(ids.len()).unwrap_or(u32::MAX),
            failed: 0,
            running: !ids.is_empty(),
        };
        {
            let mut runs = self.forwarding.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(run) = runs.get(&route) {
                return Ok(run.progress.clone());
            }
            if ids.is_empty() {
                return Ok(progress);
            }
            runs.insert(route, Run { progress: progress.clone(), cancel: cancel.clone() });
        }
        let begun = progress.clone();
        self.spawn(move |inner| async move { inner.send_missed(&ready, ids, begun, &cancel).await });
        Ok(progress)
    }

    async fn send_missed(
        self: Arc<Self>,
        ready: &ReadyRoute,
        ids: Vec<DeliveryId>,
        mut progress: ForwardProgress,
        cancel: &CancellationToken,
    ) {
        let mut in_a_row = 0;
        for id in ids {
            let sent = self.send_one_missed(ready, id, cancel).await;
            if cancel.is_cancelled() && !matches!(sent, Ok(true)) {
                break;
            }
            progress.done += 1;
            match sent {
                Ok(true) => in_a_row = 0,
                Ok(false) => {
                    progress.failed += 1;
                    in_a_row += 1;
                }
                Err(error) => {
                    tracing::error!(%error, "what was missed could not be sent");
                    break;
                }
            }
            if in_a_row == GIVE_UP || cancel.is_cancelled() {
                break;
            }
            self.tell_progress(&progress);
        }
        progress.running = false;
        self.tell_progress(&progress);
    }

    /// Whether the endpoint answered; a delivery that was deleted meanwhile counts as done. The attempt is in the log before
    /// it leaves and ends there, however it ends: one that was cancelled may have reached the endpoint all the same.
    async fn send_one_missed(
        self: &Arc<Self>,
        ready: &ReadyRoute,
        id: DeliveryId,
        cancel: &CancellationToken,
    ) -> Result<bool, EngineError> {
        let found = Arc::clone(self).blocking(move |inner| Ok(inner.store.delivery(id)?)).await?;
        let Some(delivery) = found.filter(|_| !cancel.is_cancelled()) else { return Ok(!cancel.is_cancelled()) };
        let peer = super::peer_ip(&delivery.summary.peer);
        let waiting = self.waiting_attempt(ready, &delivery.request);
        let Some(attempt) = self.store.add_attempt(id, waiting).await? else { return Ok(true) };
        let ended = self.forward_until(ready, &Forwarded { request: delivery.request, peer }, cancel).await;
        let answered = ended.state == AttemptState::Answered;
        self.store.finish_attempt(attempt, ended).await?;
        self.bus.publish(EngineEvent::AttemptsChanged { delivery: Some(id.to_string()) });
        Ok(answered)
    }

    fn tell_progress(&self, progress: &ForwardProgress) {
        {
            let mut runs = self.forwarding.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
            if progress.running {
                if let Some(run) = runs.get_mut(&progress.route) {
                    run.progress = progress.clone();
                }
            } else {
                runs.remove(&progress.route);
            }
        }
        self.bus.publish(EngineEvent::Forwarding(progress.clone()));
    }
}
