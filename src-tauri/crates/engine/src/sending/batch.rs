//! Many deliveries are resent together: in the order in which they were captured, at a rate, with their recorded gaps, or as
//! fast as the endpoint takes them.
//!
//! Invariants: one batch at a time; no more than [`AT_ONCE`] requests are under way; cancelling closes their sockets; what
//! was sent stays in the history whatever becomes of the batch.

use super::drafts::input;
use super::send::Told;
use super::signing::Ready;
use crate::error::EngineError;
use crate::filters;
use crate::forwarding::wire_attempt;
use crate::wire::{
    BatchItem, BatchPace, BatchRequest, BatchSelection, BatchState, CommandError, EngineEvent, SigningChoice,
    SigningMode, SigningTime,
};
use crate::{Engine, Inner, time};
use countersign_core::ids::ProviderId;
use countersign_core::request::text;
use countersign_store::{AttemptId, AttemptKind, DeliveryId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio_util::sync::CancellationToken;

/// The most that are under way at once, whatever the pace: an endpoint that hangs must not use up all sockets.
const AT_ONCE: usize = 100;
/// More than anybody resends by hand; each one is held as a few numbers.
const MOST: usize = 100_000;

/// Of what a delivery is called, in characters: a path may be a stranger's 64 KB.
const TITLE: usize = 200;

/// A delivery's place in a batch.
#[derive(Debug, Clone)]
struct Place {
    id: DeliveryId,
    received_at_us: i64,
    title: String,
    attempt: Option<AttemptId>,
    /// Answered with a 2xx.
    accepted: bool,
    problem: Option<String>,
}

/// The batch that runs or ran last.
struct Run {
    request: BatchRequest,
    state: BatchState,
    places: Vec<Place>,
    pause: watch::Sender<bool>,
    cancel: CancellationToken,
}

/// The batch.
#[derive(Default)]
pub(crate) struct Batches(Mutex<Option<Run>>);

impl Batches {
    fn held(&self) -> MutexGuard<'_, Option<Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(pace: BatchPace) -> Result<(), EngineError> {
    let wrong = match pace {
        BatchPace::Rate { per_second } if !(0.01..=1000.0).contains(&per_second) => {
            "A rate takes 0.01 to 1,000 a second."
        }
        BatchPace::Recorded { speed } if !(0.01..=100_000.0).contains(&speed) => "A speed takes 0.01 to 100,000.",
        BatchPace::Fast { at_once } if !(1..=AT_ONCE as u32).contains(&at_once) => "At once takes 1 to 100.",
        _ => return Ok(()),
    };
    Err(input(wrong))
}

impl BatchPace {
    fn at_once(self) -> usize {
        match self {
            BatchPace::Fast { at_once } => at_once as usize,
            _ => AT_ONCE,
        }
    }

    /// How long after the one before it a delivery leaves.
    fn gap(self, before: Option<i64>, received_at_us: i64) -> Duration {
        let Some(before) = before else { return Duration::ZERO };
        let seconds = match self {
            BatchPace::Rate { per_second } => 1.0 / per_second,
            BatchPace::Recorded { speed } => (received_at_us - before).max(0) as f64 / 1e6 / speed,
            BatchPace::Fast { .. } => 0.0,
        };
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

impl Inner {
    /// The deliveries of a selection, oldest first. Reads the log: blocks.
    fn places(&self, selection: &BatchSelection) -> Result<Vec<Place>, EngineError> {
        let mut ids = match selection {
            BatchSelection::Ids { ids } => {
                ids.iter().map(|id| crate::deliveries::parse_id(id)).collect::<Result<Vec<_>, _>>()?
            }
            BatchSelection::Filter { filter } => self.store.ids(&filters::parse(filter)?)?,
        };
        if ids.len() > MOST {
            return Err(input(format!("{MOST} deliveries are resent together at the most; these are {}.", ids.len())));
        }
        ids.sort_unstable();
        ids.dedup();
        let mut places = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(row) = self.store.summary(id)? else { continue };
            let target = text(&row.target);
            let title = row.judgement.event_type.unwrap_or_else(|| format!("{} {target}", row.method));
            let title = countersign_core::shorten(&title, TITLE);
            let received_at_us = row.received_at_us;
            places.push(Place { id, received_at_us, title, attempt: None, accepted: false, problem: None });
        }
        Ok(places)
    }

    /// What the batch sent that runs or ran last, in the order of capture.
    pub(crate) fn batch_attempts(&self) -> Vec<AttemptId> {
        self.batches.held().as_ref().map_or_else(Vec::new, |run| run.places.iter().filter_map(|p| p.attempt).collect())
    }

    fn batch_state(&self) -> Option<BatchState> {
        self.batches.held().as_ref().map(|run| run.state.clone())
    }

    /// Changes the batch and tells of it.
    fn change_batch(&self, change: impl FnOnce(&mut Run)) -> Option<BatchState> {
        let state = {
            let mut held = self.batches.held();
            let run = held.as_mut()?;
            change(run);
            run.state.clone()
        };
        self.bus.publish(EngineEvent::Batch(state.clone()));
        Some(state)
    }

    fn begin_batch(self: &Arc<Self>, request: BatchRequest, places: Vec<Place>) -> Result<BatchState, EngineError> {
        if places.is_empty() {
            return Err(input("There is nothing to resend."));
        }
        let state = BatchState {
            total: u32::try_from(places.len()).unwrap_or(u32::MAX),
            done: 0,
            accepted: 0,
            refused: 0,
            failed: 0,
            running: true,
            paused: false,
            cancelled: false,
            started_at: time::rfc3339_us(time::now_us()),
        };
        let (pause, paused) = watch::channel(false);
        let cancel = CancellationToken::new();
        {
            let mut held = self.batches.held();
            if held.as_ref().is_some_and(|run| run.state.running) {
                return Err(input("A batch is being sent already: cancel it, or wait until it is over."));
            }
            let (request, places) = (request.clone(), places.clone());
            *held = Some(Run { request, state: state.clone(), places, pause, cancel: cancel.clone() });
        }
        self.bus.publish(EngineEvent::Batch(state.clone()));
        self.spawn(move |inner| async move { inner.run_batch(request, places, paused, cancel).await });
        Ok(state)
    }

    async fn run_batch(
        self: Arc<Self>,
        request: BatchRequest,
        places: Vec<Place>,
        mut paused: watch::Receiver<bool>,
        cancel: CancellationToken,
    ) {
        let request = Arc::new(request);
        let room = Arc::new(Semaphore::new(request.pace.at_once()));
        let mut before = None;
        for (at, place) in places.into_iter().enumerate() {
            let gap = request.pace.gap(before, place.received_at_us);
            before = Some(place.received_at_us);
            let turn = async {
                tokio::time::sleep(gap).await;
                let permit = Arc::clone(&room).acquire_owned().await.ok();
                // After the wait for room: nothing leaves a batch that was held meanwhile. The sender of it lives as long
                // as the batch does.
                let _ = paused.wait_for(|paused| !paused).await;
                permit
            };
            let permit = tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                permit = turn => permit,
            };
            let (inner, request, cancel) = (Arc::clone(&self), Arc::clone(&request), cancel.clone());
            tokio::spawn(async move {
                inner.send_place(at, place.id, &request, &cancel).await;
                drop(permit);
            });
        }
        // All room is there again once the last one is over.
        let all = u32::try_from(request.pace.at_once()).unwrap_or(u32::MAX);
        let _ = room.acquire_many(all).await;
        self.change_batch(|run| {
            run.state.running = false;
            run.state.paused = false;
            run.state.cancelled = run.state.done < run.state.total;
        });
    }

    /// Sends one delivery of the batch and notes what came of it.
    async fn send_place(
        self: &Arc<Self>,
        at: usize,
        id: DeliveryId,
        request: &BatchRequest,
        cancel: &CancellationToken,
    ) {
        let (stop, mut stopped) = oneshot::channel();
        let sending = async {
            let (to, anew) = (request.to.clone(), request.sign_anew);
            let ready = Arc::clone(self).blocking(move |inner| inner.ready_of(id, to.as_deref(), anew)).await?;
            let told = Told { kind: AttemptKind::Batch, delivery: Some(id) };
            let attempt = self.send_once(&ready, &told, &request.options, &mut stopped).await?;
            let summaries = Arc::clone(self).blocking(move |inner| Ok(inner.store.attempt_summary(attempt)?)).await?;
            Ok::<_, EngineError>((attempt, summaries.and_then(|summary| summary.status)))
        };
        tokio::pin!(sending);
        let done = tokio::select! {
            done = &mut sending => done,
            () = cancel.cancelled() => {
                // It closes its socket and writes that down.
                let _ = stop.send(());
                sending.await
            }
        };
        self.change_batch(|run| {
            let Some(place) = run.places.get_mut(at) else { return };
            run.state.done += 1;
            match done {
                Ok((attempt, status)) => {
                    place.attempt = Some(attempt);
                    place.accepted = status.is_some_and(|status| (200..300).contains(&status));
                    match status {
                        Some(_) if place.accepted => run.state.accepted += 1,
                        Some(_) => run.state.refused += 1,
                        None => run.state.failed += 1,
                    }
                }
                Err(error) => {
                    place.problem = Some(error.to_string());
                    run.state.failed += 1;
                }
            }
        });
    }

    /// A delivery as a batch sends it. Reads the log: blocks.
    fn ready_of(&self, id: DeliveryId, to: Option<&str>, sign_anew: bool) -> Result<Ready, EngineError> {
        let ready = self.resent(id, to)?;
        let row = self.store.summary(id)?;
        let provider = row.and_then(|row| row.judgement.provider).filter(|_| sign_anew);
        let signs = |id: &ProviderId| self.catalogue.get(id).is_some_and(|provider| provider.signs());
        match provider.filter(signs) {
            Some(provider) => {
                let mode = SigningMode::Sign { secret: None, timestamp: SigningTime::Now, new_id: false };
                self.sign_draft(ready.whole, &SigningChoice { provider: Some(provider.to_string()), mode })
            }
            None => Ok(ready),
        }
    }
}

impl Engine {
    pub(crate) async fn batch_start(&self, request: BatchRequest) -> Result<BatchState, CommandError> {
        check(request.pace)?;
        if let Some(to) = request.to.as_deref().filter(|to| super::drafts::authority(to).is_none()) {
            return Err(input(format!("“{}” is not an http or https address.", to.trim())).into());
        }
        let selection = request.selection.clone();
        let places = self.0.clone().blocking(move |inner| inner.places(&selection)).await?;
        Ok(self.0.begin_batch(request, places)?)
    }

    pub(crate) async fn batch_pause(&self, paused: bool) -> Result<Option<BatchState>, CommandError> {
        Ok(self.0.change_batch(|run| {
            if run.state.running {
                run.state.paused = paused;
                // Nobody waits for it where this fails: it is over.
                let _ = run.pause.send(paused);
            }
        }))
    }

    pub(crate) async fn batch_cancel(&self) -> Result<Option<BatchState>, CommandError> {
        if let Some(run) = self.0.batches.held().as_ref() {
            run.cancel.cancel();
        }
        Ok(self.0.batch_state())
    }

    /// Sends again what of the last batch was not accepted.
    pub(crate) async fn batch_retry(&self) -> Result<BatchState, CommandError> {
        let again = {
            let held = self.0.batches.held();
            let run = held.as_ref().ok_or_else(|| input("No batch was sent yet."))?;
            let open = run.places.iter().filter(|place| !place.accepted);
            let fresh = |place: &Place| Place { attempt: None, problem: None, ..place.clone() };
            (run.request.clone(), open.map(fresh).collect::<Vec<_>>())
        };
        Ok(self.0.begin_batch(again.0, again.1)?)
    }

    pub(crate) async fn batch(&self) -> Result<Option<BatchState>, CommandError> {
        Ok(self.0.batch_state())
    }

    pub(crate) async fn batch_items(
        &self,
        from: u32,
        limit: u32,
        open_only: bool,
    ) -> Result<Vec<BatchItem>, CommandError> {
        let places: Vec<Place> = {
            let held = self.0.batches.held();
            let all = held.as_ref().map_or(&[][..], |run| &run.places);
            let wanted = all.iter().filter(|place| !open_only || !place.accepted);
            wanted.skip(from as usize).take(limit.clamp(1, 1000) as usize).cloned().collect()
        };
        let items = move |inner: &Inner| {
            places
                .into_iter()
                .map(|place| {
                    let attempt = match place.attempt {
                        Some(id) => inner.store.attempt_summary(id)?.as_ref().map(wire_attempt),
                        None => None,
                    };
                    let (delivery, title) = (place.id.to_string(), place.title);
                    Ok(BatchItem { delivery, title, attempt, problem: place.problem })
                })
                .collect()
        };
        Ok(self.0.clone().blocking(items).await?)
    }
}
