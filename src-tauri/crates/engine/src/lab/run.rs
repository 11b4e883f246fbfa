//! A run: attempt after attempt as the policy decides, then what is tried beside the schedule.

use super::event::{Event, aimed, with_headers};
use super::practice::Practice;
use super::prepare::{fault_of, fault_words};
use super::probe::Probe;
use super::report::Report;
use super::sender::{Leaving, Sender};
use super::told::{fill_in, heard, noted};
use crate::error::EngineError;
use crate::runs::{RunHandle, RunSent};
use crate::wire::{LabAttempt, LabCame, LabCountdown, LabExperiment, LabFaultKind, LabPhase, LabState, LabTimestamps};
use crate::{Inner, time};
use countersign_core::retry::policy::Redirects;
use countersign_core::retry::{Came, Decision, Experiment, Heard, Policy, State, next};
use countersign_net::NoReply;
use countersign_net::fault::{FaultLayer, InFront};
use countersign_net::schedule::{Left, ScheduleClock, Waited};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Why a run does not come to its end.
pub(super) enum Halt {
    Cancelled,
    Failed(EngineError),
}

impl From<EngineError> for Halt {
    fn from(error: EngineError) -> Halt {
        Halt::Failed(error)
    }
}

/// What an endpoint answered that was lost on purpose, and its state then.
struct Lost {
    heard: Heard,
    between: Option<String>,
    attempt: Option<String>,
}

/// Which of a run's two lists an attempt stands in.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Schedule(usize),
    Tried(usize),
}

/// A run at work.
pub(super) struct Lab {
    pub(super) inner: Arc<Inner>,
    pub(super) handle: RunHandle,
    pub(super) policy: Policy,
    /// As it was signed last, aimed at the endpoint.
    pub(super) event: Event,
    pub(super) any_certificate: bool,
    pub(super) probe: Option<Probe>,
    /// Runs as long as this is here.
    pub(super) _practice: Option<Practice>,
    pub(super) layer: Option<FaultLayer>,
    pub(super) state: LabState,
    pub(super) history: Vec<Came>,
    pub(super) clock: ScheduleClock,
    pub(super) began: Instant,
    /// What it took before it was interrupted.
    pub(super) real_before_ms: u64,
    /// When the first attempt was due, in microseconds since 1970.
    pub(super) epoch_us: i64,
    pub(super) heard: Option<Heard>,
    lost: Option<Lost>,
    idle: Option<[String; 2]>,
}

/// What a run is made of; the rest begins empty.
pub(super) struct Made {
    pub(super) handle: RunHandle,
    pub(super) policy: Policy,
    pub(super) event: Event,
    pub(super) any_certificate: bool,
    pub(super) probe: Option<Probe>,
    pub(super) practice: Option<Practice>,
    pub(super) layer: Option<FaultLayer>,
    pub(super) state: LabState,
    pub(super) history: Vec<Came>,
    pub(super) clock: ScheduleClock,
    pub(super) epoch_us: i64,
}

impl Lab {
    pub(super) fn new(inner: Arc<Inner>, made: Made) -> Lab {
        Lab {
            inner,
            handle: made.handle,
            policy: made.policy,
            event: made.event,
            any_certificate: made.any_certificate,
            probe: made.probe,
            _practice: made.practice,
            layer: made.layer,
            real_before_ms: made.state.real_ms,
            state: made.state,
            history: made.history,
            clock: made.clock,
            began: Instant::now(),
            epoch_us: made.epoch_us,
            heard: None,
            lost: None,
            idle: None,
        }
    }

    /// Goes to the end, whatever that is.
    pub(super) async fn run(mut self) {
        let went = self.go().await;
        self.finish(went).await;
    }

    async fn go(&mut self) -> Result<(), Halt> {
        let loses =
            |fault: &crate::wire::LabFault| matches!(fault.kind, LabFaultKind::LoseAck | LabFaultKind::Slow { .. });
        if self.state.request.faults.iter().any(loses) && self.history.is_empty() {
            self.idle = self.read_twice().await;
        }
        self.schedule().await?;
        self.save().await?;
        self.try_beside().await
    }

    async fn schedule(&mut self) -> Result<(), Halt> {
        while self.state.delivered.is_none() {
            match self.decide() {
                Decision::Delivered { .. } => self.state.delivered = Some(true),
                Decision::GiveUp { .. } | Decision::Stop { .. } => self.state.delivered = Some(false),
                Decision::Retry { after_ms, .. } => {
                    let number = u32::try_from(self.history.len()).unwrap_or(u32::MAX).saturating_add(1);
                    if number > 1 {
                        self.announce(number - 1, after_ms).await?;
                    }
                    self.wait(number, after_ms).await?;
                    self.attempt(number).await?;
                }
            }
        }
        Ok(())
    }

    fn decide(&self) -> Decision {
        let now_s = time::now_us().div_euclid(1_000_000);
        next(&self.policy, u64::from(self.state.request.seed), &self.history, now_s)
    }

    /// Waits as the schedule does; holds where the user holds the run.
    pub(super) async fn wait(&mut self, attempt: u32, after_ms: u64) -> Result<(), Halt> {
        let offset_ms = ms(self.clock.now()).saturating_add(after_ms);
        if after_ms > 0 {
            self.state.phase = LabPhase::Waiting;
        }
        self.keep_time();
        let Lab { clock, state, inner, handle, .. } = self;
        let told = |left: Left| {
            state.paused = left.held;
            let due = time::now_us().saturating_add(i64::try_from(left.real.as_micros()).unwrap_or(i64::MAX));
            state.countdown = (after_ms > 0 || left.held).then(|| LabCountdown {
                attempt,
                due_at: time::rfc3339_us(due),
                left_ms: ms(left.real),
                wait_ms: after_ms,
                offset_ms,
            });
            inner.tell_lab(state);
        };
        let mut held = handle.paused.clone();
        let cancelled = handle.cancel.cancelled();
        let waited = clock.wait(Duration::from_millis(after_ms), &mut held, &handle.skip, cancelled, told).await;
        self.state.countdown = None;
        self.state.paused = false;
        if waited == Waited::Cancelled { Err(Halt::Cancelled) } else { Ok(()) }
    }

    /// The time to sign: none for now.
    pub(super) fn signed_at(&self) -> Option<i64> {
        let shown_us = i64::try_from(self.clock.now().as_micros()).unwrap_or(i64::MAX);
        (self.state.request.timestamps == LabTimestamps::AsScheduled)
            .then(|| self.epoch_us.saturating_add(shown_us).div_euclid(1_000_000))
    }

    /// The event as it leaves now. Its id stays what it was.
    pub(super) fn signed(&mut self) -> Result<Leaving, Halt> {
        let first = self.history.is_empty();
        if !self.policy.sign_anew && !first {
            return Ok(Leaving { draft: self.event.whole.draft.clone(), words: Some("as the first".to_owned()) });
        }
        let (draft, words) = self.inner.lab_sign(&self.state.request, &self.event.whole, self.signed_at(), false)?;
        self.event.whole.draft = draft.clone();
        Ok(Leaving { draft, words })
    }

    async fn attempt(&mut self, number: u32) -> Result<(), Halt> {
        let fault = fault_of(&self.state.request.faults, number).cloned();
        let mut leaving = self.signed()?;
        leaving.draft = with_headers(leaving.draft, &self.policy.headers, number);
        if let (Some(fault), Some(layer)) = (&fault, &self.layer) {
            leaving.draft = aimed(&leaving.draft, in_front(layer, fault));
        }
        let place = self.begin(number, None, false, fault.as_ref().map(fault_words));
        let sent = self.exchange(leaving, place).await?;
        let lost = self.layer.as_ref().and_then(FaultLayer::take_answer);
        let lost = lost.filter(|_| sent.attempt.reply.is_none());
        let policy = self.policy.clone();
        let came = fill_in(self.at(place), &sent, &policy);
        self.at(place).lost_status = lost.as_ref().map(|reply| reply.status);
        if sent.no_reply == Some(NoReply::Cancelled) {
            return Err(Halt::Cancelled);
        }
        self.history.push(came);
        let decided = self.decide();
        let id = sent.id.to_string();
        decided.why().clone_into(&mut self.at(place).why);
        self.state.phase = LabPhase::Sending;
        self.save().await?;
        if sent.attempt.reply.is_some() {
            let answer = heard(&sent);
            self.lost_then(&answer, &id).await;
            self.heard = Some(answer);
        }
        if let Some(reply) = lost {
            let between = self.read_state().await;
            let heard = Heard { status: Some(reply.status), body: reply.body };
            self.lost = Some(Lost { heard, between, attempt: Some(id) });
        }
        Ok(())
    }

    /// What the answer after a lost one says.
    async fn lost_then(&mut self, second: &Heard, second_id: &str) {
        let Some(lost) = self.lost.take() else { return };
        let state = match (self.idle.clone(), lost.between, self.read_state().await) {
            (Some(before), Some(between), Some(after)) => {
                Some(State { before, between: Some(between), after, single: None })
            }
            _ => None,
        };
        let attempts = lost.attempt.into_iter().chain([second_id.to_owned()]).collect();
        self.found(Experiment::LostAck, &lost.heard, second, state.as_ref(), attempts);
    }

    /// An attempt of the state's lists.
    pub(super) fn at(&mut self, place: Place) -> &mut LabAttempt {
        match place {
            Place::Schedule(at) => &mut self.state.attempts[at],
            Place::Tried(at) => &mut self.state.tried[at],
        }
    }

    /// Adds an attempt that leaves now.
    pub(super) fn begin(
        &mut self,
        number: u32,
        experiment: Option<LabExperiment>,
        announces: bool,
        fault: Option<String>,
    ) -> Place {
        let sent_ms = ms(self.clock.now());
        let of_plan = |planned: &&crate::wire::LabPlanned| planned.attempt == number;
        let planned = self.state.plan.attempts.iter().find(of_plan).filter(|_| experiment.is_none() && !announces);
        let attempt = LabAttempt {
            number,
            announces,
            experiment,
            id: None,
            planned_ms: planned.map_or(sent_ms, |planned| planned.offset_ms),
            sent_ms,
            sent_at: time::rfc3339_us(time::now_us()),
            came: LabCame::Sending,
            status: None,
            label: "sending".to_owned(),
            good: false,
            took_us: None,
            connected_us: None,
            first_byte_us: None,
            why: String::new(),
            fault,
            lost_status: None,
            signing: None,
            error: None,
        };
        let list = if experiment.is_some() { &mut self.state.tried } else { &mut self.state.attempts };
        list.push(attempt);
        let at = list.len() - 1;
        self.state.phase = if experiment.is_some() { LabPhase::Experimenting } else { LabPhase::Sending };
        if experiment.is_some() { Place::Tried(at) } else { Place::Schedule(at) }
    }

    /// Sends what leaves, having said so.
    pub(super) async fn exchange(&mut self, leaving: Leaving, place: Place) -> Result<RunSent, Halt> {
        self.at(place).signing.clone_from(&leaving.words);
        self.save().await?;
        Ok(self.sender().send(leaving).await?)
    }

    pub(super) fn sender(&self) -> Sender {
        Sender {
            inner: Arc::clone(&self.inner),
            handle: self.handle.clone(),
            timeout: Duration::from_secs(u64::from(self.policy.timeout_s)),
            follow: self.policy.redirects == Redirects::Follow,
            any_certificate: self.any_certificate,
            length_as_given: self.event.whole.length_as_given,
        }
    }

    /// Writes down what came of an attempt.
    ///
    /// # Errors
    /// Where it was cut off by the user.
    pub(super) async fn settle(&mut self, place: Place, sent: &RunSent, why: &str) -> Result<Heard, Halt> {
        let policy = self.policy.clone();
        fill_in(self.at(place), sent, &policy);
        why.clone_into(&mut self.at(place).why);
        self.save().await?;
        if sent.no_reply == Some(NoReply::Cancelled) {
            return Err(Halt::Cancelled);
        }
        Ok(heard(sent))
    }

    fn keep_time(&mut self) {
        self.state.schedule_ms = ms(self.clock.now());
        self.state.real_ms = self.real_before_ms.saturating_add(ms(self.began.elapsed()));
    }

    /// Tells how far it has come, and keeps that.
    pub(super) async fn save(&mut self) -> Result<(), Halt> {
        self.keep_time();
        self.inner.tell_lab(&self.state);
        if self.handle.cancel.is_cancelled() {
            return Err(Halt::Cancelled);
        }
        let report = self.report()?;
        self.inner.note_run(&self.handle, report).await?;
        Ok(())
    }

    /// What is kept of it: all that is told, and the event's head, so that it can go on with the same ids.
    fn report(&self) -> Result<String, EngineError> {
        Report::of(&self.state, &self.event.whole.draft).text()
    }

    async fn finish(mut self, went: Result<(), Halt>) {
        self.keep_time();
        let how = noted(&mut self.state, &went);
        let report = self.report().unwrap_or_default();
        let Lab { inner, handle, state, .. } = self;
        let id = handle.id;
        if let Err(error) = inner.end_run(handle, how, state.headline.clone(), report).await {
            tracing::error!(%error, "how a run of the retry lab ended could not be kept");
        }
        inner.forget_lab(id, state).await;
    }
}

/// Where to send so that this goes wrong.
fn in_front(layer: &FaultLayer, fault: &LabFaultKind) -> String {
    let what = match fault {
        LabFaultKind::Refused => return layer.refusing_url(),
        LabFaultKind::Status { status } => InFront::Status(*status),
        LabFaultKind::Closed => InFront::Closed,
        LabFaultKind::Slow { ms } => InFront::Slow(Duration::from_millis(u64::from(*ms))),
        LabFaultKind::LoseAck => InFront::LoseAck,
    };
    layer.set(what);
    layer.url()
}

pub(super) fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
