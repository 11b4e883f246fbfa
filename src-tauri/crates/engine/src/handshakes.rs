//! Handshakes: what a provider's check that the endpoint is yours gets, and the request that some of them ask for.
//!
//! Invariant: core says which URL may be fetched; here it is fetched once, with small limits and without following
//! redirects, after its delivery was kept, and never from our own listener.

use crate::Inner;
use crate::answering::as_json;
use crate::forwarding::ended;
use crate::judging::Ring;
use crate::time;
use crate::wire::EngineEvent;
use bytes::Bytes;
use countersign_core::catalogue::{Judgement, Provider};
use countersign_core::handshake::{HandshakeReply, Unanswered};
use countersign_core::request::{Headers, Request};
use countersign_core::verdict::Outcome;
use countersign_net::send::{Outgoing, SendLimits, Trust, send};
use countersign_store::{AttemptId, AttemptKind, AttemptState, AttemptTiming, DeliveryId, NewAttempt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Confirmations at once. Whoever reaches the listener can ask for one; more than a few are nobody's subscriptions.
const AT_ONCE: usize = 8;

/// A confirmation is a short document, and nobody waits for it long.
const LIMITS: SendLimits = SendLimits {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_secs(10),
    total: Duration::from_secs(15),
    reply_bytes: 64 * 1024,
};

/// The confirmations that are under way.
pub(crate) struct Confirming(Arc<Semaphore>);

impl Default for Confirming {
    fn default() -> Self {
        Confirming(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// A GET that a handshake asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirmation {
    /// As it is called beside its delivery.
    name: String,
    url: String,
}

impl Confirmation {
    pub(crate) fn new(provider: &str, url: String) -> Confirmation {
        Confirmation { name: format!("confirmation of {provider}"), url }
    }

    /// It as an attempt that has not been made.
    pub(crate) fn waiting(&self) -> NewAttempt {
        NewAttempt {
            kind: AttemptKind::Confirmation,
            signing: None,
            as_expected: None,
            route: None,
            run: None,
            name: self.name.clone(),
            method: "GET".to_owned(),
            url: self.url.clone(),
            state: AttemptState::Waiting,
            started_at_us: time::now_us(),
            request_head: Bytes::new(),
            request_body: Some(Bytes::new()),
            reply: None,
            error: None,
            timing: AttemptTiming::default(),
        }
    }
}

/// What a provider's handshake gets, or why it gets nothing; none where the request is no handshake.
pub(crate) fn handshake(
    ring: &Ring,
    provider: &Provider,
    judgement: &Judgement,
    request: &Request,
) -> Option<Result<HandshakeReply, Unanswered>> {
    let handshake = provider.rule.handshake.as_ref().filter(|handshake| handshake.may_be(request))?;
    let body = as_json(request);
    let verifies = judgement.verdicts.iter().map(|(verdict, _)| verdict).find(|verdict| {
        verdict.provider == *provider.id() && matches!(verdict.outcome, Outcome::Pass | Outcome::Stale)
    });
    let mut secrets = ring.of(provider.id());
    if let Some(name) = verifies.and_then(|verdict| verdict.secret.as_ref()) {
        // Of several secrets the one that the provider uses now signs.
        secrets.sort_by_key(|secret| secret.name != *name);
    }
    handshake.answer(request, body.as_ref(), &secrets)
}

impl Inner {
    /// Makes a confirmation that waits in the log, and writes how it ended.
    pub(crate) fn confirm_beside(
        self: &Arc<Self>,
        confirmation: Confirmation,
        delivery: DeliveryId,
        attempt: AttemptId,
    ) {
        let place = Arc::clone(&self.confirming.0).try_acquire_owned();
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let waiting = confirmation.waiting();
            let ended = match place {
                Ok(_place) => inner.confirm(waiting).await,
                Err(_) => NewAttempt {
                    state: AttemptState::Dropped,
                    error: Some(format!("Not sent: {AT_ONCE} confirmations are under way already.")),
                    ..waiting
                },
            };
            if let Err(error) = inner.store.finish_attempt(attempt, ended).await {
                tracing::error!(%error, "how a confirmation ended could not be kept");
            }
            inner.bus.publish(EngineEvent::AttemptsChanged { delivery: Some(delivery.to_string()) });
        });
    }

    async fn confirm(&self, waiting: NewAttempt) -> NewAttempt {
        let started_at_us = time::now_us();
        let mut headers = Headers::new();
        headers.push("User-Agent", "Countersign");
        headers.push("Accept", "*/*");
        let sent = send(Outgoing {
            method: waiting.method.clone(),
            url: waiting.url.clone(),
            headers,
            body: Bytes::new(),
            length_as_given: false,
            limits: LIMITS,
            trust: Trust::System,
            avoid: self.own_addresses(),
        });
        ended(waiting, started_at_us, sent.await)
    }
}

#[cfg(test)]
mod tests;
