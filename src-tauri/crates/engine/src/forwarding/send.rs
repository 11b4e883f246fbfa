//! One request to an endpoint, and what the sender gets of it.

use crate::Inner;
use crate::error::chain;
use crate::time;
use crate::wire::EngineEvent;
use bytes::Bytes;
use countersign_core::request::{Headers, Request};
use countersign_core::route::{ReadyRoute, end_to_end};
use countersign_net::send::{Outgoing, REPLY_LIMIT, SendLimits, Sent, Trust, send};
use countersign_store::{
    AttemptId, AttemptKind, AttemptReply, AttemptState, AttemptTiming, DeliveryId, NewAttempt, StoredResponse,
};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::lanes::WAITING;

/// A delivery as it is sent on.
#[derive(Clone)]
pub(crate) struct Forwarded {
    pub(crate) request: Request,
    /// The sender's address without its port.
    pub(crate) peer: String,
}

impl Inner {
    /// An attempt that has not been made.
    pub(crate) fn waiting_attempt(&self, ready: &ReadyRoute, request: &Request) -> NewAttempt {
        NewAttempt {
            kind: AttemptKind::Forward,
            signing: None,
            as_expected: None,
            route: Some(ready.route.id.clone()),
            run: None,
            name: ready.route.name.clone(),
            method: request.method.clone(),
            url: ready.url(request),
            state: AttemptState::Waiting,
            started_at_us: time::now_us(),
            request_head: Bytes::new(),
            request_body: None,
            reply: None,
            error: None,
            timing: AttemptTiming::default(),
        }
    }

    /// Asks a route's endpoint, once, when it is its turn.
    pub(crate) async fn forward(self: &Arc<Self>, ready: &ReadyRoute, forwarded: &Forwarded) -> NewAttempt {
        let attempt = self.waiting_attempt(ready, &forwarded.request);
        match self.forwarding.lanes.enter(&ready.route.id) {
            Some(place) => place.run(self.ask(ready, forwarded, attempt)).await,
            None => NewAttempt {
                state: AttemptState::Dropped,
                error: Some(format!("Not sent: {WAITING} requests are waiting for “{}” already.", ready.route.name)),
                ..attempt
            },
        }
    }

    async fn ask(&self, ready: &ReadyRoute, forwarded: &Forwarded, attempt: NewAttempt) -> NewAttempt {
        let started_at_us = time::now_us();
        let timeout = Duration::from_millis(u64::from(ready.route.timeout_ms));
        let sent = send(Outgoing {
            method: attempt.method.clone(),
            url: attempt.url.clone(),
            headers: ready.headers(&forwarded.request, &forwarded.peer, self.receives_tls()),
            body: forwarded.request.body.clone(),
            length_as_given: false,
            limits: SendLimits {
                connect: timeout.min(Duration::from_secs(10)),
                first_byte: timeout,
                total: timeout,
                reply_bytes: REPLY_LIMIT,
            },
            trust: if ready.route.any_certificate { Trust::Any } else { Trust::System },
            avoid: self.own_addresses(),
        })
        .await;
        ended(attempt, started_at_us, sent)
    }

    /// Makes an attempt that waits in the log, and writes how it ended.
    pub(crate) fn forward_beside(
        self: &Arc<Self>,
        ready: Arc<ReadyRoute>,
        forwarded: Forwarded,
        delivery: DeliveryId,
        attempt: AttemptId,
    ) {
        // Entered now and not when the task runs: what arrives first is sent first.
        let place = self.forwarding.lanes.enter(&ready.route.id);
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let waiting = inner.waiting_attempt(&ready, &forwarded.request);
            let ended = match place {
                Some(place) => place.run(inner.ask(&ready, &forwarded, waiting)).await,
                None => NewAttempt {
                    state: AttemptState::Dropped,
                    error: Some(format!(
                        "Not sent: {WAITING} requests are waiting for “{}” already.",
                        ready.route.name
                    )),
                    ..waiting
                },
            };
            if let Err(error) = inner.store.finish_attempt(attempt, ended).await {
                tracing::error!(%error, "how an attempt ended could not be kept");
            }
            inner.bus.publish(EngineEvent::AttemptsChanged { delivery: Some(delivery.to_string()) });
        });
    }

    /// Where this program receives: no endpoint may lead back there.
    pub(crate) fn own_addresses(&self) -> Vec<SocketAddr> {
        self.listener_addr().into_iter().collect()
    }
}

/// An attempt with how it ended.
pub(crate) fn ended(attempt: NewAttempt, started_at_us: i64, sent: Sent) -> NewAttempt {
    let us = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    let timing = AttemptTiming {
        connected_us: sent.timing.connected.map(us),
        tls_us: sent.timing.tls.map(us),
        first_byte_us: sent.timing.first_byte.map(us),
        total_us: Some(us(sent.timing.total)),
    };
    let (state, reply, error) = match sent.result {
        Ok(reply) => {
            let reply = AttemptReply {
                status: reply.status,
                head: reply.raw_head,
                body: reply.body,
                body_len: reply.body_len,
                cut: reply.cut,
            };
            (AttemptState::Answered, Some(reply), None)
        }
        Err(error) => (AttemptState::Failed, None, Some(chain(&error))),
    };
    NewAttempt { state, started_at_us, request_head: sent.request_head, reply, error, timing, ..attempt }
}

/// What the sender gets of an attempt that was waited for.
pub(crate) fn response_of(ready: &ReadyRoute, attempt: &NewAttempt) -> StoredResponse {
    let name = &ready.route.name;
    match &attempt.reply {
        Some(reply) => {
            let headers = Headers::of_head(&reply.head);
            let kept = end_to_end(&headers).filter(|h| !h.name.eq_ignore_ascii_case(b"content-length"));
            StoredResponse {
                status: reply.status,
                headers: kept.cloned().collect(),
                body: reply.body.clone(),
                answered_by: format!("the endpoint “{name}”"),
                took_us: 0,
            }
        }
        None => {
            let mut headers = Headers::new();
            headers.push("Content-Type", "text/plain; charset=utf-8");
            StoredResponse {
                status: ready.route.failure_status,
                headers,
                body: Bytes::from_static(b"The endpoint did not answer.\n"),
                answered_by: format!("Countersign, for the endpoint “{name}”, which did not answer"),
                took_us: 0,
            }
        }
    }
}
