//! The retry lab: an event is sent to an endpoint as a provider would send it, again and again, on its schedule.
//!
//! Invariants: each attempt is a real request and in the log before it leaves; only the waiting between attempts is made
//! shorter; the report of a run is in the log after each step, so that what was found outlives the program; a secret's value
//! is neither in a run's request nor in its report. Core decides ([`countersign_core::retry`]), net waits and fails
//! ([`countersign_net::schedule`], [`countersign_net::fault`]), this sends and keeps.

mod announce;
mod begin;
mod compare;
mod event;
mod export;
mod policies;
mod practice;
mod prepare;
mod probe;
mod report;
mod run;
mod sender;
mod told;
mod tries;

use crate::runs::{run_id, wire_run};
use crate::wire::*;
use crate::{Engine, EngineError, Inner};
use countersign_store::{Run, RunId, RunKind as StoreKind};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The runs that go on in this program, as far as they have come.
#[derive(Default)]
pub(crate) struct Labs(Mutex<HashMap<String, LabState>>);

impl Inner {
    /// Tells how far a run has come.
    fn tell_lab(&self, state: &LabState) {
        let mut labs = self.labs.0.lock().unwrap_or_else(PoisonError::into_inner);
        labs.insert(state.run.id.clone(), state.clone());
        drop(labs);
        self.bus.publish(EngineEvent::Lab(Box::new(state.clone())));
    }

    /// Tells how a run ended; from now on the log says it.
    async fn forget_lab(self: &Arc<Self>, id: RunId, mut state: LabState) {
        if let Ok(run) = Arc::clone(self).blocking(move |inner| inner.run_of(id)).await {
            state.run = wire_run(&run.summary);
        }
        self.labs.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&state.run.id);
        self.bus.publish(EngineEvent::Lab(Box::new(state)));
    }

    /// A run as the log has it. Reads the log: blocks.
    fn kept_lab(&self, id: RunId) -> Result<LabState, EngineError> {
        let run = self.run_of(id)?;
        read_lab(&run)
    }

    /// A run, whether it goes on or not. Reads the log: blocks.
    fn lab_state(&self, id: &str) -> Result<LabState, EngineError> {
        let number = run_id(id)?;
        let live = self.labs.0.lock().unwrap_or_else(PoisonError::into_inner).get(&number.to_string()).cloned();
        live.map_or_else(|| self.kept_lab(number), Ok)
    }
}

/// The state of a run that is kept.
fn read_lab(run: &Run) -> Result<LabState, EngineError> {
    if run.summary.kind != StoreKind::Lab {
        return Err(EngineError::Input { what: format!("Run {} is not one of the retry lab.", run.summary.id) });
    }
    let unread = |_| EngineError::Input {
        what: format!("What run {} found cannot be read: it was kept by another version.", run.summary.id),
    };
    let mut state = report::Report::read(&run.report).map_err(unread)?.state;
    state.run = wire_run(&run.summary);
    if state.run.state != RunState::Running {
        state.phase = LabPhase::Ended;
        state.countdown = None;
        state.paused = false;
        for attempt in state.attempts.iter_mut().chain(&mut state.tried).filter(|a| a.came == LabCame::Sending) {
            told::cut(attempt, "cut off");
        }
    }
    if state.run.state == RunState::Interrupted {
        state.headline = format!("Interrupted after {}", told::made(&state));
        state.summary = told::summary(&state);
    }
    Ok(state)
}

impl Engine {
    /// A run, whether it goes on or not.
    ///
    /// # Errors
    /// Where there is none of that id.
    pub async fn lab(&self, id: String) -> Result<LabState, CommandError> {
        Ok(self.0.clone().blocking(move |inner| inner.lab_state(&id)).await?)
    }
}
