//! The way of a delivery: judge, answer, commit, tell.

use crate::answering::Decided;
use crate::deliveries::{wire_grouped, wire_summary};
use crate::error::EngineError;
use crate::forwarding::{Forwarded, response_of};
use crate::handshakes::Confirmation;
use crate::judging::{Ring, judge};
use crate::wire::{EngineEvent, LogTrouble};
use crate::{Inner, blocking, read, time};
use countersign_core::catalogue::Judgement;
use countersign_core::request::Request;
use countersign_net::listener::{Answer, Arrival, Receiver, Receiving};
use countersign_store::{Appended, DeliveryId, EventGroup, NewDelivery, Rejudged, Summary};
use std::sync::{Arc, PoisonError};

/// From this length on, hashing and reading a body takes long enough to keep other connections waiting.
const LARGE: usize = 64 * 1024;

impl Receiver for Inner {
    fn receive(self: Arc<Self>, arrival: Arrival) -> Receiving {
        Box::pin(async move {
            match self.take(arrival).await {
                Ok(answer) => answer,
                Err(error) => refuse(&self, &error),
            }
        })
    }
}

fn refuse(inner: &Arc<Inner>, error: &EngineError) -> Answer {
    tracing::error!(%error, "a delivery could not be kept and was refused");
    inner.note_trouble(&error.to_string());
    let mut answer = Answer::text(503, "This delivery could not be kept; please send it again later.\n");
    answer.headers.push("Retry-After", "30");
    answer
}

impl Inner {
    async fn take(self: &Arc<Self>, arrival: Arrival) -> Result<Answer, EngineError> {
        let received_at_us = time::us(arrival.received_at);
        let request = arrival.request;
        let cut = request.cut_from.is_some();
        let ring = self.ring();
        let (judgement, decided, request) = if request.body.len() >= LARGE {
            let (inner, used) = (Arc::clone(self), Arc::clone(&ring));
            blocking(move || {
                let (judgement, decided) = inner.judge_and_decide(&used, &request, received_at_us);
                (judgement, decided, request)
            })
            .await?
        } else {
            let (judgement, decided) = self.judge_and_decide(&ring, &request, received_at_us);
            (judgement, decided, request)
        };
        let unsigned =
            judgement.provider.as_ref().is_some_and(|(id, _)| self.catalogue.get(id).is_some_and(|p| !p.signs()));
        let expect = match (&judgement.provider, &judgement.event_id) {
            (Some((provider, _)), Some(id)) if unsigned => Some((provider.clone(), id.clone())),
            _ => None,
        };
        let (judgement, request) = if unsigned {
            // The checks read the log.
            let inner = Arc::clone(self);
            blocking(move || inner.keep(judgement, &request, None).map(|kept| (kept, request))).await??
        } else {
            (self.keep(judgement, &request, None)?, request)
        };

        // What is not whole is not sent on.
        let Decided { mut response, delay, fault, challenge, confirmation, asked, beside } = if cut {
            Decided { challenge: false, confirmation: None, asked: None, beside: Vec::new(), ..decided }
        } else {
            decided
        };
        let forwarded = (asked.is_some() || !beside.is_empty())
            .then(|| Forwarded { request: request.clone(), peer: arrival.peer.ip().to_string() });
        let mut attempts = Vec::new();
        if let (Some(ready), Some(forwarded)) = (asked, &forwarded) {
            let attempt = self.forward(&ready, forwarded).await;
            response = response_of(&ready, &attempt);
            attempts.push(attempt);
        }
        let made = attempts.len();
        attempts.extend(beside.iter().map(|ready| self.waiting_attempt(ready, &request)));
        attempts.extend(confirmation.as_ref().map(Confirmation::waiting));
        response.took_us = i64::try_from(arrival.head_done.elapsed().as_micros()).unwrap_or(i64::MAX);
        if cut {
            let sentence = Answer::too_large(arrival.body_limit);
            (response.status, response.headers, response.body) = (sentence.status, sentence.headers, sentence.body);
            response.answered_by = "the body limit".to_owned();
        }
        let answer = Answer {
            status: response.status,
            headers: response.headers.clone(),
            body: response.body.clone(),
            fault: if cut { None } else { fault },
            on_sent: None,
        };
        let new = NewDelivery {
            received_at_us,
            started_at_us: time::us(arrival.started_at),
            request,
            raw_head: arrival.raw_head,
            peer: arrival.peer.to_string(),
            judgement,
            response,
            expect,
            challenge,
            attempts,
            origin: None,
        };
        let again = unsigned.then(|| new.request.clone());
        let row = row_of(&new);
        let Appended { id, attempts, group } = self.store.append_with_attempts(new).await?;
        if let (Some(confirmation), Some(attempt)) = (confirmation, attempts.last()) {
            self.confirm_beside(confirmation, id, *attempt);
        }
        self.clear_trouble();
        let mut row = row(id);
        if let Some(request) = again {
            self.settle_checks(&mut row, request).await?;
        }
        if !Arc::ptr_eq(&ring, &self.ring()) {
            // The secrets changed while this was judged, perhaps after judging again had passed this place in the log.
            self.rejudge_soon();
        }
        let answer = self.tell(&row, group, answer);
        for (ready, attempt) in beside.into_iter().zip(attempts.into_iter().skip(made)) {
            if let Some(forwarded) = forwarded.clone() {
                self.forward_beside(ready, forwarded, id, attempt);
            }
        }
        if !delay.is_zero() && !cut {
            tokio::time::sleep(delay).await;
        }
        Ok(answer)
    }

    /// Looks once more at what depends on other deliveries, now that the place among them is known: of several that
    /// arrive at once only the first was not reported before.
    pub(crate) async fn settle_checks(
        self: &Arc<Self>,
        row: &mut Summary,
        request: Request,
    ) -> Result<(), EngineError> {
        let (id, judged) = (row.id, row.judgement.clone());
        let Some(provider) = judged.provider else { return Ok(()) };
        let event_id = judged.event_id;
        let checks = Arc::clone(self)
            .blocking(move |inner| inner.checks(&provider, event_id.as_deref(), &request, Some(id)))
            .await?;
        if checks != row.judgement.checks {
            row.judgement.checks = checks;
            self.store.rejudged(vec![Rejudged { id, judgement: row.judgement.clone() }]).await?;
        }
        Ok(())
    }

    /// Tells the window now, and whoever waits for the answer to have left then.
    fn tell(&self, summary: &Summary, group: Option<EventGroup>, mut answer: Answer) -> Answer {
        if let Some(on_answered) = read(&self.on_answered) {
            let row = wire_summary(summary);
            answer.on_sent = Some(Box::new(move || on_answered(row)));
        }
        self.bus.publish(EngineEvent::DeliveryAdded { delivery: wire_grouped(summary, group) });
        answer
    }

    fn judge_and_decide(&self, ring: &Ring, request: &Request, received_at_us: i64) -> (Judgement, Decided) {
        let pinned = self.pinned(request.path());
        let judgement = judge(&self.catalogue, ring, request, received_at_us, pinned.as_ref());
        let decided = self.decide(ring, &judgement, request);
        (judgement, decided)
    }

    fn note_trouble(&self, message: &str) {
        let trouble = {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            let before = trouble.take();
            let since = before.as_ref().map_or_else(|| time::rfc3339_us(time::now_us()), |t| t.since.clone());
            let refused = before.map_or(0, |t| t.refused) + 1;
            let now = LogTrouble { message: message.to_owned(), since, refused };
            *trouble = Some(now.clone());
            now
        };
        self.bus.publish(EngineEvent::LogTrouble { trouble: Some(trouble) });
    }

    fn clear_trouble(&self) {
        let was = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take();
        if was.is_some() {
            self.bus.publish(EngineEvent::LogTrouble { trouble: None });
        }
    }
}

/// The row of a delivery that is on its way into the log, for when it has its number there.
pub(crate) fn row_of(new: &NewDelivery) -> impl FnOnce(DeliveryId) -> Summary + use<> {
    let (received_at_us, started_at_us) = (new.received_at_us, new.started_at_us);
    let (method, target, version) = (new.request.method.clone(), new.request.target.clone(), new.request.version);
    let (peer, judgement, status) = (new.peer.clone(), new.judgement.clone(), new.response.status);
    let (challenge, origin) = (new.challenge, new.origin.clone());
    let length = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let (body_len, cut_from) = (length(new.request.body_len()), new.request.cut_from.map(length));
    move |id| Summary {
        id,
        received_at_us,
        started_at_us,
        method,
        target,
        version,
        peer,
        judgement,
        body_len,
        cut_from,
        status,
        pinned: false,
        read: false,
        challenge,
        origin,
    }
}
