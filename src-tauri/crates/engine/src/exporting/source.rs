//! What is exported: deliveries of the log, and what a run sent.

use super::job::Job;
use crate::error::EngineError;
use crate::judging::judge;
use crate::sending::input;
use crate::wire::ExportSelection;
use crate::{Inner, filters, time};
use bytes::Bytes;
use countersign_core::export::{Answered, Captured, Check, Sent, Told};
use countersign_core::fixture::Source;
use countersign_core::ids::ProviderId;
use countersign_core::request::{Headers, HttpVersion, Request, text};
use countersign_store::{Attempt, AttemptId, AttemptSummary, Delivery, DeliveryId, Judgement};

/// One of what is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A delivery.
    Delivery(DeliveryId),
    /// What was sent to an endpoint.
    Attempt(AttemptId),
}

impl Place {
    /// As the user names it.
    pub(super) fn words(self) -> String {
        match self {
            Place::Delivery(id) => id.to_string(),
            Place::Attempt(id) => format!("attempt:{id}"),
        }
    }
}

impl Inner {
    /// What a selection selects, oldest first. Reads the log: blocks.
    pub(super) fn export_places(&self, selection: &ExportSelection) -> Result<Vec<Place>, EngineError> {
        let attempts = |sent: Vec<AttemptId>, whose: &str| {
            if sent.is_empty() {
                return Err(input(format!("There is nothing to export: {whose} sent nothing that is kept.")));
            }
            Ok(sent.into_iter().map(Place::Attempt).collect())
        };
        let mut ids = match selection {
            ExportSelection::Ids { ids } => {
                ids.iter().map(|id| crate::deliveries::parse_id(id)).collect::<Result<Vec<_>, _>>()?
            }
            ExportSelection::Filter { filter } => self.store.ids(&filters::parse(filter)?)?,
            ExportSelection::Run { run } => {
                let sent = self.store.run_attempts(crate::runs::run_id(run)?)?;
                return attempts(sent.iter().map(|attempt| attempt.id).collect(), "the run");
            }
            ExportSelection::Batch => return attempts(self.batch_attempts(), "the batch"),
        };
        ids.sort_unstable();
        ids.dedup();
        if let ExportSelection::Ids { .. } = selection {
            for id in &ids {
                if self.store.summary(*id)?.is_none() {
                    return Err(EngineError::NoSuchDelivery { id: id.to_string() });
                }
            }
        }
        if ids.is_empty() {
            return Err(input("There is nothing to export: no delivery is selected."));
        }
        Ok(ids.into_iter().map(Place::Delivery).collect())
    }

    /// What stands at a place; none where it was deleted meanwhile. Reads the log: blocks.
    pub(super) fn captured(&self, place: Place, job: &Job) -> Result<Option<Captured>, EngineError> {
        Ok(match place {
            Place::Delivery(id) => match self.store.delivery(id)? {
                Some(delivery) => Some(self.of_delivery(delivery, self.store.attempts(id)?, job)),
                None => None,
            },
            Place::Attempt(id) => self.store.attempt(id)?.and_then(|attempt| self.of_attempt(attempt, job)),
        })
    }

    fn of_delivery(&self, delivery: Delivery, attempts: Vec<AttemptSummary>, job: &Job) -> Captured {
        let Delivery { summary, request, raw_head, response } = delivery;
        let answer = Answered {
            status: response.status,
            headers: response.headers,
            body: response.body,
            answered_by: response.answered_by,
            took_us: response.took_us,
        };
        Captured {
            source: Source { log: job.log.clone(), delivery: summary.id.to_string() },
            received_at: time::rfc3339_us(summary.received_at_us),
            received_at_us: summary.received_at_us,
            started_at: time::rfc3339_us(summary.started_at_us),
            peer: summary.peer,
            request,
            raw_head,
            answer: Some(answer),
            pinned: summary.pinned,
            challenge: summary.challenge,
            attempts: attempts.iter().map(sent).collect(),
            ..self.judged(summary.judgement)
        }
    }

    /// What was sent, as whoever received it would have captured it.
    fn of_attempt(&self, attempt: Attempt, job: &Job) -> Option<Captured> {
        let Attempt { summary, request_head, request_body, reply } = attempt;
        let request = request_of(&request_head, request_body)?;
        let at = summary.started_at_us;
        let judgement = judge(&self.catalogue, &self.ring(), &request, at, None);
        let judgement = self.keep(judgement, &request, None).ok()?;
        let answer = reply.map(|reply| Answered {
            status: reply.status,
            headers: Headers::of_head(&reply.head),
            body: reply.body,
            answered_by: summary.name.clone(),
            took_us: summary.timing.total_us.unwrap_or_default(),
        });
        Some(Captured {
            source: Source { log: job.log.clone(), delivery: Place::Attempt(summary.id).words() },
            received_at: time::rfc3339_us(at),
            received_at_us: at,
            started_at: time::rfc3339_us(at),
            request,
            raw_head: request_head,
            answer,
            attempts: vec![sent(&summary)],
            ..self.judged(judgement)
        })
    }

    /// What is known by a judgement, with everything else empty.
    fn judged(&self, judgement: Judgement) -> Captured {
        let provider = judgement.provider.as_ref();
        let own = |id: &ProviderId| judgement.verdicts.iter().find(|v| v.provider == *id);
        let secret = match provider {
            Some(id) => own(id).and_then(|verdict| verdict.secret.clone()),
            None => judgement.verdicts.iter().find(|v| v.applies).and_then(|verdict| verdict.secret.clone()),
        };
        let verdicts = judgement.verdicts.iter().map(|verdict| Told {
            scheme: verdict.scheme.to_string(),
            provider: verdict.provider.to_string(),
            outcome: verdict.outcome,
            reason: verdict.reason.clone(),
            secret: verdict.secret.clone(),
            skew_s: verdict.skew_s,
            applies: verdict.applies,
        });
        let checks = judgement.checks.iter().map(|check| Check {
            check: check.kind.as_str().to_owned(),
            holds: check.holds,
            reason: check.reason.clone(),
        });
        let request = Request {
            method: String::new(),
            target: Bytes::new(),
            version: HttpVersion::Http11,
            headers: Headers::new(),
            body: Bytes::new(),
            cut_from: None,
        };
        Captured {
            source: Source { log: String::new(), delivery: String::new() },
            received_at: String::new(),
            received_at_us: 0,
            started_at: String::new(),
            peer: String::new(),
            request,
            raw_head: Bytes::new(),
            provider: provider.map(ToString::to_string),
            provider_name: provider.and_then(|id| self.catalogue.get(id)).map(|p| p.rule.name.clone()),
            recognised_by: judgement.recognised_by.map(|by| by.as_str().to_owned()),
            secret,
            verdicts: verdicts.collect(),
            checks: checks.collect(),
            event_type: judgement.event_type,
            event_id: judgement.event_id,
            group: judgement.group,
            answer: None,
            pinned: false,
            challenge: false,
            attempts: Vec::new(),
        }
    }
}

/// The request of a head as it left.
fn request_of(head: &Bytes, body: Bytes) -> Option<Request> {
    let end = head.iter().position(|b| *b == b'\n')?;
    let line = head[..end].trim_ascii_end();
    let mut words = line.splitn(2, |b| *b == b' ');
    let (method, rest) = (words.next()?, words.next()?);
    let at = rest.iter().rposition(|b| *b == b' ')?;
    let version = if &rest[at + 1..] == b"HTTP/1.0" { HttpVersion::Http10 } else { HttpVersion::Http11 };
    Some(Request {
        method: text(method),
        target: head.slice_ref(&rest[..at]),
        version,
        headers: Headers::of_head(head),
        body,
        cut_from: None,
    })
}

fn sent(attempt: &AttemptSummary) -> Sent {
    Sent {
        id: attempt.id.to_string(),
        kind: attempt.kind.as_str().to_owned(),
        name: attempt.name.clone(),
        method: attempt.method.clone(),
        url: attempt.url.clone(),
        state: attempt.state.as_str().to_owned(),
        started_at: time::rfc3339_us(attempt.started_at_us),
        status: attempt.status,
        error: attempt.error.clone(),
        total_us: attempt.timing.total_us,
    }
}
