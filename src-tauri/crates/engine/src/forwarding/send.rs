//! One request to an endpoint, and what the sender gets of it.

use crate::Inner;
use crate::error::chain;
use crate::time;
use crate::wire::EngineEvent;
use bytes::Bytes;
use countersign_core::request::{Headers, Request};
use countersign_core::route::{ReadyRoute, end_to_end};
use countersign_net::send::{Outgoing, REPLY_LIMIT, SendLimits, Sent, Trust, send_until};
use countersign_store::{
    AttemptId, AttemptKind, AttemptReply, AttemptState, AttemptTiming, DeliveryId, NewAttempt, StoredResponse,
};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::lanes::{Full, Place};

/// What is said of a target that is the listener's public address.
pub(super) const LEADS_ROUND: &str =
    "this is Countersign's own public address: what is forwarded there would come back for ever.";

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
        self.forward_until(ready, forwarded, &CancellationToken::new()).await
    }

    /// The same, given up where that is wanted: what was under way is then kept as cancelled.
    pub(super) async fn forward_until(
        &self,
        ready: &ReadyRoute,
        forwarded: &Forwarded,
        cancel: &CancellationToken,
    ) -> NewAttempt {
        self.in_turn(ready, forwarded, self.enter(ready, forwarded), cancel).await
    }

    fn enter(&self, ready: &ReadyRoute, forwarded: &Forwarded) -> Result<Place, Full> {
        self.forwarding.lanes.enter(&ready.route.id, forwarded.request.body.len() as u64)
    }

    async fn in_turn(
        &self,
        ready: &ReadyRoute,
        forwarded: &Forwarded,
        place: Result<Place, Full>,
        cancel: &CancellationToken,
    ) -> NewAttempt {
        let attempt = self.waiting_attempt(ready, &forwarded.request);
        let not_sent = |why: String| NewAttempt { state: AttemptState::Dropped, error: Some(why), ..attempt.clone() };
        let place = match place {
            Ok(place) => place,
            Err(full) => return not_sent(full.words(&ready.route.name)),
        };
        if self.leads_round(&attempt.url) {
            return not_sent(format!("Not sent: {LEADS_ROUND}"));
        }
        let _turn = tokio::select! {
            biased;
            () = cancel.cancelled() => return not_sent("Not sent: it was cancelled before.".to_owned()),
            turn = place.turn() => turn,
        };
        self.ask(ready, forwarded, attempt.clone(), cancel).await
    }

    async fn ask(
        &self,
        ready: &ReadyRoute,
        forwarded: &Forwarded,
        attempt: NewAttempt,
        cancel: &CancellationToken,
    ) -> NewAttempt {
        let started_at_us = time::now_us();
        let timeout = Duration::from_millis(u64::from(ready.route.timeout_ms));
        let outgoing = Outgoing {
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
        };
        ended(attempt, started_at_us, send_until(outgoing, cancel.cancelled()).await)
    }

    /// Makes an attempt that waits in the log, and writes how it ended.
    pub(crate) fn forward_beside(
        self: &Arc<Self>,
        ready: Arc<ReadyRoute>,
        forwarded: Forwarded,
        delivery: DeliveryId,
        attempt: AttemptId,
    ) {
        // Entered now and not when the task runs: what arrives first has its place first.
        let place = self.enter(&ready, &forwarded);
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let ended = inner.in_turn(&ready, &forwarded, place, &CancellationToken::new()).await;
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

    /// Whether a URL is the public address that leads to the listener: on the way out that cannot be seen.
    pub(super) fn leads_round(&self, url: &str) -> bool {
        let public = self.tunnelling.state().public_url;
        let (Some(public), Ok(url)) = (public.and_then(|public| Url::parse(&public).ok()), Url::parse(url)) else {
            return false;
        };
        // Tunnels take both on one address, whichever of them they name.
        let usual = |url: &Url| matches!(url.port_or_known_default(), Some(80 | 443));
        let same_port =
            url.port_or_known_default() == public.port_or_known_default() || (usual(&url) && usual(&public));
        let base = public.path().trim_end_matches('/');
        let below = url.path().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        url.host() == public.host() && same_port && below
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
        // A switch to another protocol is no answer to a webhook, and none that the listener could pass on.
        Some(reply) if reply.status >= 200 => {
            let headers = Headers::of_head(&reply.head);
            let kept = end_to_end(&headers).filter(|h| !h.name.eq_ignore_ascii_case(b"content-length"));
            let cut = match reply.cut {
                true => format!("; its answer was cut: the sender got the first {} bytes of it", reply.body.len()),
                false => String::new(),
            };
            StoredResponse {
                status: reply.status,
                headers: kept.cloned().collect(),
                body: reply.body.clone(),
                answered_by: format!("the endpoint “{name}”{cut}"),
                took_us: 0,
            }
        }
        reply => {
            let mut headers = Headers::new();
            headers.push("Content-Type", "text/plain; charset=utf-8");
            let why = match reply {
                Some(reply) => format!("which wanted to change the protocol ({})", reply.status),
                None if attempt.state == AttemptState::Dropped => "to which nothing was sent".to_owned(),
                None => "which did not answer".to_owned(),
            };
            StoredResponse {
                status: ready.route.failure_status,
                headers,
                body: Bytes::from_static(b"The endpoint did not answer.\n"),
                answered_by: format!("Countersign, for the endpoint “{name}”, {why}"),
                took_us: 0,
            }
        }
    }
}
