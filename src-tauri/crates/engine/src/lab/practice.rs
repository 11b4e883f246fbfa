//! The practice endpoint: small, right, on loopback, for the time of a run.
//!
//! It judges what comes by the provider's rule and the stored secrets, answers as the documents' own examples do, does the
//! work of an event once and counts. `GET /state` tells the count. Forgetful, it does the work each time.

use crate::error::EngineError;
use crate::judging::{Ring, judge};
use crate::{Inner, time};
use bytes::Bytes;
use countersign_core::ids::ProviderId;
use countersign_core::request::Headers;
use countersign_core::verdict::Outcome;
use countersign_net::listener::{Answer, Arrival, Limits, Listener, Receiver, Receiving, bind};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

/// It runs as long as this lives.
pub(super) struct Practice {
    listener: Listener,
}

impl Practice {
    /// # Errors
    /// Where no port can be taken.
    pub(super) async fn open(
        inner: &Arc<Inner>,
        provider: ProviderId,
        forgetful: bool,
    ) -> Result<Practice, EngineError> {
        let handler = Handler {
            inner: Arc::clone(inner),
            ring: inner.ring(),
            provider,
            forgetful,
            done: Mutex::new(Done::default()),
        };
        let bound = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), false).await?;
        Ok(Practice { listener: bound.serve(Arc::new(handler), Limits::default(), None) })
    }

    /// Where it takes deliveries.
    pub(super) fn url(&self) -> String {
        format!("http://{}/practice", self.listener.local_addr())
    }

    /// Where it tells what it has done.
    pub(super) fn state_url(&self) -> String {
        format!("http://{}/state", self.listener.local_addr())
    }
}

#[derive(Default)]
struct Done {
    /// How often the work was done.
    handled: u64,
    seen: HashSet<String>,
}

struct Handler {
    inner: Arc<Inner>,
    ring: Arc<Ring>,
    provider: ProviderId,
    forgetful: bool,
    done: Mutex<Done>,
}

impl Receiver for Handler {
    fn receive(self: Arc<Self>, arrival: Arrival) -> Receiving {
        Box::pin(async move {
            if arrival.request.method == "GET" && arrival.request.path() == b"/state" {
                let handled = self.done.lock().unwrap_or_else(PoisonError::into_inner).handled;
                return answer(200, &json!({ "handled": handled }));
            }
            // Judging a large body takes longer than a task of the runtime may.
            let judged = tokio::task::spawn_blocking(move || self.handle(&arrival)).await;
            judged.unwrap_or_else(|_| answer(500, &json!({ "ok": false, "error": "the practice endpoint broke" })))
        })
    }
}

impl Handler {
    fn handle(&self, arrival: &Arrival) -> Answer {
        let request = &arrival.request;
        let at = time::us(arrival.received_at);
        let judgement = judge(&self.inner.catalogue, &self.ring, request, at, Some(&self.provider));
        let own = judgement.verdicts.iter().find(|(verdict, _)| verdict.provider == self.provider);
        if let Some((verdict, _)) = own {
            let refusal = match verdict.outcome {
                // The documents do not demand a look at the clock; this endpoint has one.
                Outcome::Pass | Outcome::Unsigned => None,
                Outcome::Missing | Outcome::Malformed => Some(400),
                _ => Some(401),
            };
            if let Some(status) = refusal {
                return answer(status, &json!({ "ok": false, "error": verdict.reason }));
            }
        }
        let Some(id) = judgement.event_id else {
            return answer(400, &json!({ "ok": false, "error": "The body names no event." }));
        };
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let new = done.seen.insert(id);
        if new || self.forgetful {
            done.handled += 1;
        }
        answer(200, &json!({ "ok": true, "handled": done.handled, "duplicate": !new && !self.forgetful }))
    }
}

fn answer(status: u16, body: &Value) -> Answer {
    let mut headers = Headers::new();
    headers.push("Content-Type", "application/json");
    Answer { status, headers, body: Bytes::from(body.to_string()), fault: None, on_sent: None }
}
