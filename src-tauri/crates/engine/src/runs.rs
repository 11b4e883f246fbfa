//! Runs: what the retry lab and the endpoint check have in common.
//!
//! Invariants: a run is in the log from its beginning, with what was asked; each of its attempts is in the log before it
//! leaves, with how it ended once it has; cancelling closes the sockets; a run whose program dies reads as interrupted.

use crate::error::EngineError;
use crate::forwarding::ended;
use crate::sending::{authority, input, problem_of};
use crate::wire::{self, CommandError, EngineEvent, RunInfo, RunPage};
use crate::{Engine, Inner, time};
use bytes::Bytes;
use countersign_core::draft::Draft;
use countersign_net::send::{Outgoing, SendLimits, Trust, send_until};
use countersign_net::{NoReply, SendError};
use countersign_store::{
    self as store, AttemptId, AttemptKind, AttemptState, AttemptTiming, NewAttempt, NewRun, RunId, RunUpdate,
};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

/// How often a run says that it goes on; five times that silent, it counts as interrupted.
const BEAT: Duration = Duration::from_secs(2);

/// A run that goes on in this program.
#[derive(Clone)]
pub(crate) struct RunHandle {
    /// Its number.
    pub(crate) id: RunId,
    /// Done once the user cancels it.
    pub(crate) cancel: CancellationToken,
    /// Whether the user holds it.
    pub(crate) paused: watch::Receiver<bool>,
    /// Told when the user does not want to wait for what comes next.
    pub(crate) skip: Arc<Notify>,
    _beating: Arc<Beating>,
}

/// Ends the beats when the last handle goes.
struct Beating(AbortHandle);

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How a run that goes on is steered.
struct Steering {
    cancel: CancellationToken,
    pause: watch::Sender<bool>,
    skip: Arc<Notify>,
}

/// The runs that go on in this program.
#[derive(Default)]
pub(crate) struct Runs(Mutex<HashMap<RunId, Steering>>);

impl Runs {
    fn held(&self) -> MutexGuard<'_, HashMap<RunId, Steering>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request of a run.
pub(crate) struct RunSend<'a> {
    /// Lab or check.
    pub(crate) kind: AttemptKind,
    /// The request.
    pub(crate) draft: &'a Draft,
    /// How it was signed, in words.
    pub(crate) signing: Option<String>,
    /// The limits.
    pub(crate) limits: SendLimits,
    /// Any certificate is accepted.
    pub(crate) any_certificate: bool,
    /// `Content-Length` and `Transfer-Encoding` leave as they stand in the draft.
    pub(crate) length_as_given: bool,
}

/// What came of a request of a run.
pub(crate) struct RunSent {
    /// The attempt in the log.
    pub(crate) id: AttemptId,
    /// The attempt as it was kept.
    pub(crate) attempt: NewAttempt,
    /// Why nothing came back, where nothing did.
    pub(crate) no_reply: Option<NoReply>,
}

/// The number of a run.
pub(crate) fn run_id(id: &str) -> Result<RunId, EngineError> {
    let missing = || EngineError::NoSuchRun { id: countersign_core::shorten(id, 40) };
    id.parse().map(RunId::new).map_err(|_| missing())
}

pub(crate) fn wire_run(run: &store::RunSummary) -> RunInfo {
    RunInfo {
        id: run.id.to_string(),
        kind: match run.kind {
            store::RunKind::Lab => wire::RunKind::Lab,
            store::RunKind::Check => wire::RunKind::Check,
        },
        title: run.title.clone(),
        provider: run.provider.clone(),
        endpoint: run.endpoint.clone(),
        state: match run.state {
            store::RunState::Running => wire::RunState::Running,
            store::RunState::Finished => wire::RunState::Finished,
            store::RunState::Cancelled => wire::RunState::Cancelled,
            store::RunState::Interrupted => wire::RunState::Interrupted,
            store::RunState::Failed => wire::RunState::Failed,
        },
        started_at: time::rfc3339_us(run.started_at_us),
        ended_at: run.ended_at_us.map(time::rfc3339_us),
        outcome: run.outcome.clone(),
    }
}

/// How often runs of other programs are looked at: one that fell silent then shows as interrupted.
const LOOK: Duration = Duration::from_secs(3);
/// The newest runs are looked at, so many.
const LOOKED_AT: usize = 50;

/// Tells the window of runs whose program died, which nobody else can. Runs for ever.
pub(crate) async fn watch(inner: &Arc<Inner>) {
    let mut before = HashSet::new();
    loop {
        let look = |inner: &Inner| Ok(inner.store.runs(None, None, LOOKED_AT, time::now_us())?);
        // A log that cannot be read now is asked again the next time.
        if let Ok(runs) = Arc::clone(inner).blocking(look).await {
            let going_on = |run: &&store::RunSummary| run.state == store::RunState::Running;
            let now: HashSet<RunId> = runs.iter().filter(going_on).map(|run| run.id).collect();
            if before.difference(&now).next().is_some() {
                inner.bus.publish(EngineEvent::RunsChanged);
            }
            before = now;
        }
        tokio::time::sleep(LOOK).await;
    }
}

impl Inner {
    /// Begins a run.
    pub(crate) async fn begin_run(self: &Arc<Self>, new: NewRun) -> Result<RunHandle, EngineError> {
        let id = self.store.add_run(new).await?;
        let handle = self.steered(id);
        self.bus.publish(EngineEvent::RunsChanged);
        Ok(handle)
    }

    /// Takes up a run that was interrupted; `report` is what it had found.
    pub(crate) async fn resume_run(self: &Arc<Self>, id: RunId, report: String) -> Result<RunHandle, EngineError> {
        if self.runs.held().contains_key(&id) {
            return Err(input("This run goes on already."));
        }
        let handle = self.steered(id);
        self.note_run(&handle, report).await?;
        self.bus.publish(EngineEvent::RunsChanged);
        Ok(handle)
    }

    fn steered(self: &Arc<Self>, id: RunId) -> RunHandle {
        let (cancel, skip) = (CancellationToken::new(), Arc::new(Notify::new()));
        let (pause, paused) = watch::channel(false);
        self.runs.held().insert(id, Steering { cancel: cancel.clone(), pause, skip: Arc::clone(&skip) });
        let log = self.store.clone();
        let beats = tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                if let Err(error) = log.beat_run(id, time::now_us()).await {
                    tracing::debug!(%error, "a run could not say that it goes on");
                }
            }
        });
        RunHandle { id, cancel, paused, skip, _beating: Arc::new(Beating(beats.abort_handle())) }
    }

    /// Notes what a run has found until now.
    pub(crate) async fn note_run(&self, run: &RunHandle, report: String) -> Result<(), EngineError> {
        let state = store::RunState::Running;
        let update = RunUpdate { state, ended_at_us: None, outcome: None, report, now_us: time::now_us() };
        self.store.update_run(run.id, update).await?;
        Ok(())
    }

    /// Ends a run. `outcome` is one sentence.
    pub(crate) async fn end_run(
        &self,
        run: RunHandle,
        state: store::RunState,
        outcome: String,
        report: String,
    ) -> Result<(), EngineError> {
        let now_us = time::now_us();
        let update = RunUpdate { state, ended_at_us: Some(now_us), outcome: Some(outcome), report, now_us };
        let written = self.store.update_run(run.id, update).await;
        self.runs.held().remove(&run.id);
        self.bus.publish(EngineEvent::RunsChanged);
        written?;
        Ok(())
    }

    /// Says of the runs that go on here that they are interrupted: the program ends.
    pub(crate) async fn interrupt_runs(&self) {
        let going_on: Vec<RunId> = self.runs.held().drain().map(|(id, _)| id).collect();
        for id in going_on {
            if let Err(error) = self.store.interrupt_run(id, time::now_us()).await {
                tracing::debug!(%error, "a run could not be marked as interrupted; it will read so in ten seconds");
            }
        }
    }

    /// Sends a request of a run, once. The run's cancelling closes the socket.
    pub(crate) async fn send_in_run(
        self: &Arc<Self>,
        run: &RunHandle,
        send: &RunSend<'_>,
    ) -> Result<RunSent, EngineError> {
        let draft = send.draft;
        if let Some(problem) = problem_of(draft) {
            return Err(input(problem));
        }
        let waiting = NewAttempt {
            kind: send.kind,
            signing: send.signing.clone(),
            as_expected: None,
            route: None,
            run: Some(run.id),
            name: authority(&draft.url).unwrap_or_default(),
            method: draft.method.clone(),
            url: draft.url.clone(),
            state: AttemptState::Waiting,
            started_at_us: time::now_us(),
            request_head: Bytes::new(),
            request_body: Some(draft.body.clone()),
            reply: None,
            error: None,
            timing: AttemptTiming::default(),
        };
        let id = self.store.add_run_attempt(run.id, waiting.clone()).await?;
        let id = id.ok_or_else(|| input("The run was removed while it went on: nothing more was sent."))?;
        let outgoing = Outgoing {
            method: draft.method.clone(),
            url: draft.url.clone(),
            headers: draft.headers.clone(),
            body: draft.body.clone(),
            length_as_given: send.length_as_given,
            limits: send.limits,
            trust: if send.any_certificate { Trust::Any } else { Trust::System },
            avoid: Vec::new(),
        };
        let started_at_us = time::now_us();
        let sent = send_until(outgoing, run.cancel.cancelled()).await;
        let no_reply = sent.result.as_ref().err().map(SendError::no_reply);
        let attempt = ended(waiting, started_at_us, sent);
        self.store.finish_attempt(id, attempt.clone()).await?;
        Ok(RunSent { id, attempt, no_reply })
    }

    /// A run with what was asked and found. Reads the log: blocks.
    pub(crate) fn run_of(&self, id: RunId) -> Result<store::Run, EngineError> {
        let run = self.store.run(id, time::now_us())?;
        run.ok_or_else(|| EngineError::NoSuchRun { id: id.to_string() })
    }
}

impl Engine {
    /// A page of runs, newest first.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub async fn runs_page(
        &self,
        kind: Option<wire::RunKind>,
        before: Option<String>,
        limit: u32,
    ) -> Result<RunPage, CommandError> {
        let before = before.as_deref().map(run_id).transpose()?;
        let kind = kind.map(|kind| match kind {
            wire::RunKind::Lab => store::RunKind::Lab,
            wire::RunKind::Check => store::RunKind::Check,
        });
        let limit = limit.clamp(1, 1000) as usize;
        let read = move |inner: &Inner| Ok(inner.store.runs(kind, before, limit + 1, time::now_us())?);
        let mut found = self.0.clone().blocking(read).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|run| run.id.to_string());
        Ok(RunPage { runs: found.iter().map(wire_run).collect(), next })
    }

    pub(crate) async fn run_remove(&self, id: String) -> Result<bool, CommandError> {
        let id = run_id(&id)?;
        if let Some(steering) = self.0.runs.held().get(&id) {
            steering.cancel.cancel();
        }
        let was_there = self.0.store.remove_run(id).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::RunsChanged);
        Ok(was_there)
    }

    /// Ends a run that goes on.
    ///
    /// # Errors
    /// Where that is no id of a run.
    pub async fn run_cancel(&self, id: String) -> Result<(), CommandError> {
        if let Some(steering) = self.0.runs.held().get(&run_id(&id)?) {
            steering.cancel.cancel();
        }
        Ok(())
    }

    /// Holds a run, or lets it go on.
    ///
    /// # Errors
    /// Where that is no id of a run.
    pub async fn run_pause(&self, id: String, paused: bool) -> Result<(), CommandError> {
        if let Some(steering) = self.0.runs.held().get(&run_id(&id)?) {
            // Nobody waits for it where this fails: it is over.
            let _ = steering.pause.send(paused);
        }
        Ok(())
    }

    /// Does not wait for what comes next.
    ///
    /// # Errors
    /// Where that is no id of a run.
    pub async fn run_skip(&self, id: String) -> Result<(), CommandError> {
        if let Some(steering) = self.0.runs.held().get(&run_id(&id)?) {
            steering.skip.notify_one();
        }
        Ok(())
    }
}
