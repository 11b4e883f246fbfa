//! What is tried beside the schedule: duplicates, two at once, the wrong order, a late retry.

use super::event::{Event, aimed};
use super::run::{Halt, Lab, Place};
use super::sender::Leaving;
use super::told::{wire_experiment, wire_finding};
use crate::wire::{LabExperiment, LabPhase};
use countersign_core::retry::{Compared, Experiment, Finding, Heard, Kind, State, weigh};
use countersign_net::fault::{FaultLayer, InFront};
use std::sync::Arc;

impl Lab {
    /// Tries what was asked for and is not found yet.
    pub(super) async fn try_beside(&mut self) -> Result<(), Halt> {
        for experiment in self.state.request.also.clone() {
            if self.state.findings.iter().any(|finding| finding.experiment == experiment) {
                continue;
            }
            // Where the user holds the run, it is held here too.
            self.wait(0, 0).await?;
            self.state.phase = LabPhase::Experimenting;
            match experiment {
                LabExperiment::LostAck => self.lost_ack().await?,
                LabExperiment::AtOnce => self.at_once().await?,
                LabExperiment::OutOfOrder => self.out_of_order().await?,
                LabExperiment::Late => self.late().await?,
            }
            self.save().await?;
        }
        Ok(())
    }

    async fn lost_ack(&mut self) -> Result<(), Halt> {
        let mut event = self.another(Experiment::LostAck).await?;
        let before = self.read_twice().await;
        let leaving = self.signed_of(&mut event, true)?;
        let Some(layer) = &self.layer else { return Ok(()) };
        layer.set(InFront::LoseAck);
        let lost_draft = aimed(&leaving.draft, layer.url());
        let fault = Some("its answer is lost".to_owned());
        let (first_place, sent) = self
            .send_one(
                Leaving { draft: lost_draft, words: leaving.words },
                Experiment::LostAck,
                1,
                fault,
                "the same event comes again",
            )
            .await?;
        let reply = self.layer.as_ref().and_then(FaultLayer::take_answer);
        self.at(first_place).lost_status = reply.as_ref().map(|reply| reply.status);
        let first = reply.map(|reply| Heard { status: Some(reply.status), body: reply.body }).unwrap_or_default();
        let between = self.read_state().await;
        let leaving = self.signed_of(&mut event, false)?;
        let (_, second) = self.send_one(leaving, Experiment::LostAck, 2, None, "the same event again").await?;
        let state = match (before, between, self.read_state().await) {
            (Some(before), Some(between), Some(after)) => {
                Some(State { before, between: Some(between), after, single: None })
            }
            _ => None,
        };
        self.found(Experiment::LostAck, &first, &second.heard, state.as_ref(), vec![sent.id, second.id]);
        Ok(())
    }

    async fn at_once(&mut self) -> Result<(), Halt> {
        let mut state = None;
        let mut attempts = Vec::new();
        if self.probe.is_some() {
            // What one event alone changes.
            let mut alone = self.another(Experiment::AtOnce).await?;
            let before = self.read_state().await;
            let leaving = self.signed_of(&mut alone, true)?;
            let (_, sent) =
                self.send_one(leaving, Experiment::AtOnce, 1, None, "one alone, to see what it changes").await?;
            attempts.push(sent.id);
            if let (Some(before), Some(twice)) = (before, self.read_twice().await) {
                let single = Some([before, twice[0].clone()]);
                state = Some(State { before: twice, between: None, after: String::new(), single });
            }
        }
        let mut event = self.another(Experiment::AtOnce).await?;
        let first = self.signed_of(&mut event, true)?;
        let second = Leaving { draft: first.draft.clone(), words: first.words.clone() };
        let from = u32::try_from(attempts.len()).unwrap_or_default() + 1;
        let places = [self.begun(Experiment::AtOnce, from, &first), self.begun(Experiment::AtOnce, from + 1, &second)];
        self.save().await?;
        let (one, two) = (self.sender(), self.sender());
        let (a, b) = tokio::join!(one.send(first), two.send(second));
        let mut heards = Vec::new();
        for (place, sent) in places.into_iter().zip([a?, b?]) {
            heards.push(self.settle(place, &sent, "at the same time").await?);
            attempts.push(sent.id.to_string());
        }
        if let Some(state) = &mut state {
            match self.read_state().await {
                Some(after) => state.after = after,
                None => {
                    self.found(Experiment::AtOnce, &heards[0], &heards[1], None, attempts);
                    return Ok(());
                }
            }
        }
        self.found(Experiment::AtOnce, &heards[0], &heards[1], state.as_ref(), attempts);
        Ok(())
    }

    async fn out_of_order(&mut self) -> Result<(), Halt> {
        let mut older = self.another(Experiment::OutOfOrder).await?;
        let (request, from) = (self.state.request.clone(), older.clone());
        let mut newer = Arc::clone(&self.inner).blocking(move |inner| inner.lab_next(&request, &from)).await?;
        let before = self.read_twice().await;
        let leaving = self.signed_of(&mut newer, true)?;
        let why = format!("the next event first: {}", newer.event_type.as_deref().unwrap_or("another"));
        let (_, first) = self.send_one(leaving, Experiment::OutOfOrder, 1, None, &why).await?;
        let between = self.read_state().await;
        let leaving = self.signed_of(&mut older, true)?;
        let why = format!("then the older one: {}", older.event_type.as_deref().unwrap_or("the event"));
        let (_, second) = self.send_one(leaving, Experiment::OutOfOrder, 2, None, &why).await?;
        let state = match (before, between, self.read_state().await) {
            (Some(before), Some(between), Some(after)) => {
                Some(State { before, between: Some(between), after, single: None })
            }
            _ => None,
        };
        self.found(Experiment::OutOfOrder, &first.heard, &second.heard, state.as_ref(), vec![first.id, second.id]);
        Ok(())
    }

    async fn late(&mut self) -> Result<(), Halt> {
        let delivered = self.state.attempts.iter().rev().find(|attempt| attempt.good && !attempt.announces);
        let (Some(first), Some(id)) = (self.heard.clone(), delivered.and_then(|attempt| attempt.id.clone())) else {
            let words = "The schedule did not deliver the event, so there is no late retry to try.".to_owned();
            self.note(Finding { experiment: Experiment::Late, kind: Kind::NotTried, words }, Vec::new());
            return Ok(());
        };
        let before = self.read_twice().await;
        let mut event = self.event.clone();
        let leaving = self.signed_of(&mut event, false)?;
        let (_, second) =
            self.send_one(leaving, Experiment::Late, 1, None, "the event again, after it was delivered").await?;
        let state = match (before, self.read_state().await) {
            (Some(before), Some(after)) => {
                Some(State { between: Some(before[1].clone()), before, after, single: None })
            }
            _ => None,
        };
        self.found(Experiment::Late, &first, &second.heard, state.as_ref(), vec![id, second.id]);
        Ok(())
    }

    /// Another event like that of the run; where that cannot be made, the same, which is said.
    async fn another(&mut self, experiment: Experiment) -> Result<Event, Halt> {
        let (request, event) = (self.state.request.clone(), self.event.clone());
        let (other, is_other) =
            Arc::clone(&self.inner).blocking(move |inner| inner.lab_another(&request, &event)).await?;
        if !is_other {
            let label = label(experiment);
            let note = format!(
                "{label}: the event of the schedule was sent, because it is not known which of its fields name it. The \
                 endpoint may have known it before."
            );
            if !self.state.notes.contains(&note) {
                self.state.notes.push(note);
            }
        }
        Ok(other)
    }

    /// An event as it leaves now.
    fn signed_of(&self, event: &mut Event, new_id: bool) -> Result<Leaving, Halt> {
        let (draft, words) = self.inner.lab_sign(&self.state.request, &event.whole, self.signed_at(), new_id)?;
        event.whole.draft = draft.clone();
        Ok(Leaving { draft, words })
    }

    fn begun(&mut self, experiment: Experiment, number: u32, leaving: &Leaving) -> Place {
        let place = self.begin(number, Some(wire_experiment(experiment)), false, None);
        self.at(place).signing.clone_from(&leaving.words);
        place
    }

    async fn send_one(
        &mut self,
        leaving: Leaving,
        experiment: Experiment,
        number: u32,
        fault: Option<String>,
        why: &str,
    ) -> Result<(Place, One), Halt> {
        let place = self.begin(number, Some(wire_experiment(experiment)), false, fault);
        let sent = self.exchange(leaving, place).await?;
        let heard = self.settle(place, &sent, why).await?;
        Ok((place, One { heard, id: sent.id.to_string() }))
    }

    /// Weighs two answers and adds the finding.
    pub(super) fn found(
        &mut self,
        experiment: Experiment,
        first: &Heard,
        second: &Heard,
        state: Option<&State>,
        attempts: Vec<String>,
    ) {
        let (success, ignore) = (&self.policy.success, &self.state.request.ignore);
        let finding = weigh(&Compared { experiment, first, second, state, success, ignore });
        self.note(finding, attempts);
    }

    fn note(&mut self, finding: Finding, attempts: Vec<String>) {
        self.state.findings.push(wire_finding(finding, attempts));
    }

    /// The endpoint's state; none without a probe, or where it cannot be read, which is noted.
    pub(super) async fn read_state(&mut self) -> Option<String> {
        let probe = self.probe.clone()?;
        match probe.read().await {
            Ok(state) => Some(state),
            Err(why) => {
                let note = format!("The endpoint's state could not be read: {why}");
                if !self.state.notes.contains(&note) {
                    self.state.notes.push(note);
                }
                None
            }
        }
    }

    /// The state twice in a row: whether it changes by itself.
    pub(super) async fn read_twice(&mut self) -> Option<[String; 2]> {
        Some([self.read_state().await?, self.read_state().await?])
    }
}

/// An answer with its attempt's id.
struct One {
    heard: Heard,
    id: String,
}

fn label(experiment: Experiment) -> &'static str {
    match experiment {
        Experiment::LostAck => "Duplicate after a lost acknowledgement",
        Experiment::AtOnce => "Two at once",
        Experiment::OutOfOrder => "Out of order",
        Experiment::Late => "Late retry",
    }
}
