//! Judging the log again, newest first, beside everything else: verdicts follow the secrets.

use crate::error::EngineError;
use crate::judging::judge;
use crate::wire::{CommandError, EngineEvent, RejudgeProgress, RejudgeState};
use crate::{Engine, Inner};
use countersign_core::filter::Filter;
use countersign_core::verdict::Outcome;
use countersign_store::{DeliveryId, Judgement, Rejudged, StoredVerdict, Summary};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Deliveries between two reports: a few milliseconds of work with bodies as providers send them.
const STEP: usize = 64;

pub(crate) struct Rejudging {
    /// Which run is the current one; an older one that sees a newer number stops.
    current: AtomicU64,
    progress: Mutex<Option<RejudgeProgress>>,
    running: watch::Sender<bool>,
}

impl Default for Rejudging {
    fn default() -> Self {
        Rejudging { current: AtomicU64::new(0), progress: Mutex::new(None), running: watch::Sender::new(false) }
    }
}

impl Rejudging {
    pub(crate) fn progress(&self) -> Option<RejudgeProgress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, progress: Option<RejudgeProgress>) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }
}

impl Inner {
    /// Begins to judge the whole log again; a run that is under way is replaced.
    pub(crate) fn rejudge_soon(self: &Arc<Self>) {
        let run = self.rejudging.current.fetch_add(1, Ordering::AcqRel) + 1;
        self.rejudging.running.send_replace(true);
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = inner.rejudge(run).await {
                tracing::error!(%error, "judging again broke off");
                inner.report(run, None, RejudgeState::Cancelled);
            }
            if inner.is_current(run) {
                inner.rejudging.running.send_replace(false);
            }
        });
    }

    fn is_current(&self, run: u64) -> bool {
        self.rejudging.current.load(Ordering::Acquire) == run
    }

    /// Tells how far it has come, unless a newer run has begun. `None`: as far as was told last.
    fn report(&self, run: u64, progress: Option<RejudgeProgress>, state: RejudgeState) {
        if !self.is_current(run) {
            return;
        }
        let Some(progress) = progress.or_else(|| self.rejudging.progress()) else { return };
        let progress = RejudgeProgress { state, ..progress };
        self.rejudging.set((state == RejudgeState::Running).then(|| progress.clone()));
        self.bus.publish(EngineEvent::Rejudge(progress));
    }

    async fn rejudge(self: &Arc<Self>, run: u64) -> Result<(), EngineError> {
        let total = Arc::clone(self).blocking(|inner| Ok(inner.store.count(&Filter::default())?.total)).await?;
        let mut progress = RejudgeProgress {
            done: 0,
            total: u64::try_from(total).unwrap_or_default(),
            changed: 0,
            now_pass: 0,
            state: RejudgeState::Running,
        };
        let mut before = None;
        while self.is_current(run) {
            self.report(run, Some(progress.clone()), RejudgeState::Running);
            let ids = Arc::clone(self).blocking(move |inner| Ok(inner.store.ids_newest_first(before, STEP)?)).await?;
            let Some(last) = ids.last().copied() else {
                self.report(run, Some(progress), RejudgeState::Done);
                return Ok(());
            };
            before = Some(last);
            progress.done += ids.len() as u64;
            progress.total = progress.total.max(progress.done);
            let changed = Arc::clone(self).blocking(move |inner| inner.judge_again(&ids)).await?;
            if changed.is_empty() {
                continue;
            }
            progress.changed += changed.iter().filter(|c| c.badge_changed).count() as u64;
            progress.now_pass += changed.iter().filter(|c| c.badge_changed && c.passes).count() as u64;
            let moved = changed.iter().any(|c| c.moved);
            let of = |c: &Changed| Rejudged { id: c.row.id, judgement: c.row.judgement.clone() };
            self.store.rejudged(changed.iter().map(of).collect()).await?;
            let rows = Arc::clone(self)
                .blocking(move |inner| changed.iter().map(|c| inner.grouped_row(&c.row)).collect::<Result<_, _>>())
                .await?;
            self.bus.publish(EngineEvent::VerdictsChanged { deliveries: rows });
            if moved {
                // Rows that stand for an event are others now.
                self.bus.publish(EngineEvent::DeliveriesChanged);
            }
        }
        Ok(())
    }

    /// Judges deliveries again and gives those whose judgement is another one now. Reads the log: blocks.
    fn judge_again(&self, ids: &[DeliveryId]) -> Result<Vec<Changed>, EngineError> {
        let ring = self.ring();
        let mut changed = Vec::new();
        for id in ids {
            // It may have been deleted meanwhile.
            let Some(delivery) = self.store.delivery(*id)? else { continue };
            // It was judged with a secret that another run alone knew: nobody here can judge better.
            let elsewhere = |v: &StoredVerdict| {
                v.applies && v.run_secret && matches!(v.outcome, Outcome::Pass | Outcome::Stale) && !ring.knows(v)
            };
            if delivery.summary.judgement.verdicts.iter().any(elsewhere) {
                continue;
            }
            let request = &delivery.request;
            let pinned = self.pinned(request.path());
            let judged = judge(&self.catalogue, &ring, request, delivery.summary.received_at_us, pinned.as_ref());
            let judgement = self.keep(judged, request, Some(*id))?;
            if judgement == delivery.summary.judgement {
                continue;
            }
            let badge = badge(&judgement);
            let event = |of: &Judgement| (of.provider.clone(), of.group.clone());
            changed.push(Changed {
                badge_changed: badge != self::badge(&delivery.summary.judgement),
                passes: badge.contains(&Outcome::Pass),
                moved: event(&judgement) != event(&delivery.summary.judgement),
                row: Summary { judgement, ..delivery.summary },
            });
        }
        Ok(changed)
    }
}

struct Changed {
    row: Summary,
    badge_changed: bool,
    passes: bool,
    /// It is of another event now.
    moved: bool,
}

fn badge(judgement: &Judgement) -> Vec<Outcome> {
    judgement.verdicts.iter().filter(|v| v.applies).map(|v| v.outcome).collect()
}

impl Engine {
    pub(crate) async fn rejudge_cancel(&self) -> Result<(), CommandError> {
        let inner = &self.0;
        if let Some(progress) = inner.rejudging.progress() {
            let run = inner.rejudging.current.fetch_add(1, Ordering::AcqRel) + 1;
            inner.report(run, Some(progress), RejudgeState::Cancelled);
            inner.rejudging.running.send_replace(false);
        }
        Ok(())
    }

    /// Waits until the log has been judged again, if that is under way.
    pub async fn rejudged(&self) {
        // The sender lives as long as the engine does.
        let _ = self.0.rejudging.running.subscribe().wait_for(|running| !running).await;
    }
}
