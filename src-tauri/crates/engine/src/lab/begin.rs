//! A run begins, or goes on where it was interrupted.

use super::event::Event;
use super::policies::wire_policy;
use super::practice::Practice;
use super::prepare::{Prepared, speed};
use super::probe::Probe;
use super::read_lab;
use super::report::Report;
use super::run::{Lab, Made};
use super::told::came_before;
use crate::error::EngineError;
use crate::runs::{RunHandle, run_id, wire_run};
use crate::sending::{Whole, attempt_id, input};
use crate::wire::{CommandError, LabCame, LabEndpoint, LabPhase, LabPlan, LabProbe, LabRequest, LabState, RunState};
use crate::{Engine, Inner, time};
use countersign_core::draft::Draft;
use countersign_core::request::Headers;
use countersign_core::retry::Came;
use countersign_net::fault::FaultLayer;
use countersign_net::schedule::ScheduleClock;
use countersign_net::send::Trust;
use countersign_store::{NewRun, RunId, RunKind};
use std::sync::Arc;
use std::time::Duration;

/// What a run needs around it.
struct Around {
    practice: Option<Practice>,
    layer: Option<FaultLayer>,
    probe: Option<Probe>,
    /// Where the endpoint is.
    url: String,
}

impl Inner {
    async fn lab_around(
        self: &Arc<Self>,
        request: &LabRequest,
        url: &str,
        probe: Option<Probe>,
        any_certificate: bool,
    ) -> Result<Around, EngineError> {
        let mut around = Around { practice: None, layer: None, probe, url: url.to_owned() };
        if let LabEndpoint::Practice { forgetful } = request.endpoint {
            let provider = self.provider(&request.provider)?.id().clone();
            let practice = Practice::open(self, provider, forgetful).await?;
            around.url = practice.url();
            if around.probe.is_none() {
                around.probe = Some(Probe::of(&LabProbe::Url { url: practice.state_url() }, false)?);
            }
            around.practice = Some(practice);
        }
        let loses = request.also.contains(&crate::wire::LabExperiment::LostAck);
        if !request.faults.is_empty() || loses {
            let trust = if any_certificate { Trust::Any } else { Trust::System };
            around.layer = Some(FaultLayer::open(around.url.clone(), trust).await?);
        }
        Ok(around)
    }

    async fn lab_prepared(self: &Arc<Self>, request: &LabRequest) -> Result<Prepared, EngineError> {
        let request = request.clone();
        Arc::clone(self).blocking(move |inner| inner.lab_prepare(&request)).await
    }

    async fn begin_lab(self: &Arc<Self>, request: LabRequest) -> Result<LabState, EngineError> {
        let prepared = self.lab_prepared(&request).await?;
        if let Some(problem) = prepared.problem {
            return Err(input(problem));
        }
        let Prepared { policy, rows, provider_name, event, any_certificate, probe, plan, .. } = prepared;
        let around = self.lab_around(&request, &event.whole.draft.url, probe, any_certificate).await?;
        let event = self.moved(&request, event, &around.url)?;
        let asked = serde_json::to_string(&request).map_err(|_| EngineError::Broken)?;
        let started_at_us = time::now_us();
        let title = event.title.clone();
        let handle = self
            .begin_run(NewRun {
                kind: RunKind::Lab,
                title: title.clone(),
                provider: Some(request.provider.clone()),
                endpoint: plan.endpoint.clone(),
                request: asked,
                started_at_us,
            })
            .await?;
        let id = handle.id;
        let run = Arc::clone(self).blocking(move |inner| inner.run_of(id)).await?;
        let state = LabState {
            run: wire_run(&run.summary),
            policy: wire_policy(&policy)?,
            rows,
            provider_name,
            event: title,
            endpoint: plan.endpoint.clone(),
            plan,
            request,
            phase: LabPhase::Preparing,
            paused: false,
            countdown: None,
            attempts: Vec::new(),
            tried: Vec::new(),
            findings: Vec::new(),
            delivered: None,
            headline: "Running".to_owned(),
            summary: String::new(),
            schedule_ms: 0,
            real_ms: 0,
            notes: Vec::new(),
        };
        let clock = ScheduleClock::new(speed(state.request.speed), Duration::ZERO);
        let Around { practice, layer, probe, .. } = around;
        let made = Made {
            handle,
            policy,
            event,
            any_certificate,
            probe,
            practice,
            layer,
            state,
            history: Vec::new(),
            clock,
            epoch_us: started_at_us,
        };
        // Kept before it sets off, so that whatever happens it can be read and taken up.
        self.note_run(&made.handle, Report::of(&made.state, &made.event.whole.draft).text()?).await?;
        Ok(self.set_off(made))
    }

    /// An event aimed at where the endpoint really is.
    fn moved(&self, request: &LabRequest, event: Event, url: &str) -> Result<Event, EngineError> {
        if event.whole.draft.url == url {
            return Ok(event);
        }
        let headers = event.whole.draft.headers.iter().filter(|h| !h.name.eq_ignore_ascii_case(b"host")).cloned();
        let draft = Draft { url: url.to_owned(), headers: headers.collect(), ..event.whole.draft.clone() };
        let provider = self.provider(&request.provider)?;
        Ok(self.named_event(provider, Whole { draft, ..event.whole }, event.title))
    }

    fn set_off(self: &Arc<Self>, made: Made) -> LabState {
        let state = made.state.clone();
        self.tell_lab(&state);
        self.spawn(|inner| Lab::new(inner, made).run());
        state
    }

    async fn take_up_lab(self: &Arc<Self>, id: RunId) -> Result<LabState, EngineError> {
        let (state, epoch_us, history, last) =
            Arc::clone(self).blocking(move |inner| inner.interrupted_lab(id)).await?;
        let prepared = self.lab_prepared(&state.request).await?;
        if let Some(problem) = prepared.problem {
            return Err(input(problem));
        }
        let any_certificate = prepared.any_certificate;
        // The event of the first life, where it was sent: a fresh one would have other ids.
        let url = prepared.event.whole.draft.url.clone();
        let event = match last {
            Some(draft) => {
                let whole = Whole { draft, ..prepared.event.whole.clone() };
                self.named_event(self.provider(&state.request.provider)?, whole, state.event.clone())
            }
            None => prepared.event,
        };
        let around = self.lab_around(&state.request, &url, prepared.probe, any_certificate).await?;
        let event = self.moved(&state.request, event, &around.url)?;
        let report = Report::of(&state, &event.whole.draft).text()?;
        let handle: RunHandle = self.resume_run(id, report).await?;
        let run = Arc::clone(self).blocking(move |inner| inner.run_of(id)).await?;
        let state = LabState { run: wire_run(&run.summary), ..state };
        let clock = ScheduleClock::new(speed(state.request.speed), Duration::from_millis(state.schedule_ms));
        let Around { practice, layer, probe, .. } = around;
        let policy = super::policies::checked(&state.policy)?;
        let made =
            Made { handle, policy, event, any_certificate, probe, practice, layer, state, history, clock, epoch_us };
        Ok(self.set_off(made))
    }

    /// What is known of a run that was interrupted: its state, when it began, what came of its attempts, and its event as
    /// it was sent last. Reads the log: blocks.
    fn interrupted_lab(&self, id: RunId) -> Result<(LabState, i64, Vec<Came>, Option<Draft>), EngineError> {
        let run = self.run_of(id)?;
        let mut state = read_lab(&run)?;
        if state.run.state != RunState::Interrupted {
            return Err(input(match state.run.state {
                RunState::Running => {
                    "This run goes on. Where its program has just died, it can be resumed ten seconds after that."
                }
                _ => "This run came to its end: repeat it instead.",
            }));
        }
        if matches!(state.request.endpoint, LabEndpoint::Practice { .. }) {
            state.notes.push("The practice endpoint began anew: it has forgotten what came before.".to_owned());
        }
        let heard_of = run.summary.ended_at_us.unwrap_or(run.summary.started_at_us);
        let gap_ms = u64::try_from(time::now_us().saturating_sub(heard_of) / 1_000).unwrap_or_default();
        state.notes.push(format!(
            "It was interrupted after {} and went on {} later; the wait that was under way began anew.",
            super::told::made(&state),
            countersign_core::retry::wait(gap_ms / 1_000 * 1_000)
        ));
        state.phase = LabPhase::Preparing;
        // The last attempt's headers decide what comes next; its body is the event's.
        let kept = self.store.run_attempts(id)?;
        let mut body = None;
        let mut history = Vec::new();
        for attempt in state.attempts.iter().filter(|attempt| !attempt.announces) {
            let stored = match &attempt.id {
                Some(id) => self.store.attempt(attempt_id(id)?)?,
                // The one that was under way: the report does not name it, and it is the last.
                None => kept.last().map(|found| self.store.attempt(found.id)).transpose()?.flatten(),
            };
            let head =
                stored.as_ref().and_then(|found| found.reply.as_ref()).map(|reply| Headers::of_head(&reply.head));
            history.push(came_before(attempt, head.unwrap_or_default()));
            body = stored.map(|found| found.request_body).or(body);
        }
        let last = body.and_then(|body| Report::read(&run.report).ok()?.draft(body));
        debug_assert!(state.attempts.iter().all(|attempt| attempt.came != LabCame::Sending));
        Ok((state, run.summary.started_at_us, history, last))
    }
}

impl Engine {
    /// The whole schedule of a run, before it is started.
    ///
    /// # Errors
    /// Where what is asked cannot be done. What only stands in the way of starting it is among the warnings.
    pub async fn lab_plan(&self, request: LabRequest) -> Result<LabPlan, CommandError> {
        Ok(self.0.lab_prepared(&request).await?.plan)
    }

    /// Starts a run.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn lab_start(&self, request: LabRequest) -> Result<LabState, CommandError> {
        Ok(self.0.begin_lab(request).await?)
    }

    /// Goes on with a run that was interrupted.
    ///
    /// # Errors
    /// Where it was not, or cannot go on.
    pub async fn lab_resume(&self, id: String) -> Result<LabState, CommandError> {
        Ok(self.0.take_up_lab(run_id(&id)?).await?)
    }
}
