//! One draft leaves, with what came back.

use super::drafts::{authority, input};
use super::signing::{Ready, as_expected};
use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::forwarding::{ended, wire_attempt};
use crate::wire::{self, AttemptInfo, CommandError, EngineEvent, SendOptions, SigningChoice};
use crate::{Engine, Inner, time};
use bytes::Bytes;
use countersign_core::draft::Draft;
use countersign_core::request::{Headers, text};
use countersign_net::send::{Outgoing, REPLY_LIMIT, SendLimits, Trust, send_until};
use countersign_store::{AttemptId, AttemptKind, AttemptState, AttemptTiming, DeliveryId, NewAttempt};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use url::Url;

/// As many as browsers follow, about; more is a circle.
const REDIRECTS: usize = 10;
/// Shorter no endpoint answers, longer nobody waits.
const TIMEOUTS_MS: std::ops::RangeInclusive<u32> = 10..=600_000;

/// What is being sent, by its token.
#[derive(Default)]
pub(crate) struct Sending(Mutex<HashMap<String, oneshot::Sender<()>>>);

/// Takes the token away when the sending is over, however that ends.
struct Named<'a>(&'a Sending, String);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Sending {
    fn begin(&self, token: &str) -> (Named<'_>, oneshot::Receiver<()>) {
        let (cancel, cancelled) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned(), cancel);
        (Named(self, token.to_owned()), cancelled)
    }

    fn cancel(&self, token: &str) {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
        if let Some(cancel) = found {
            // It is over already where this fails.
            let _ = cancel.send(());
        }
    }
}

/// What is told of an attempt beside what is sent.
pub(super) struct Told {
    pub(super) kind: AttemptKind,
    pub(super) delivery: Option<DeliveryId>,
}

/// Why a draft cannot be sent, as far as that is known before.
pub(crate) fn problem_of(draft: &Draft) -> Option<String> {
    let url = Url::parse(&draft.url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if url.is_none() {
        return Some(match draft.url.as_str() {
            "" => "Say where to send it: an http or https address.".to_owned(),
            url => format!("“{}” is not an http or https address.", countersign_core::shorten(url, 200)),
        });
    }
    let token = |name: &[u8]| {
        !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b))
    };
    if !token(draft.method.as_bytes()) {
        return Some(format!("“{}” is not an HTTP method.", draft.method));
    }
    let wrong = draft
        .headers
        .iter()
        .find(|field| !token(&field.name) || field.value.iter().any(|b| (*b < 0x20 && *b != b'\t') || *b == 0x7f));
    wrong.map(|field| {
        format!("The header “{}” cannot be sent: its name or value holds what HTTP forbids.", text(&field.name))
    })
}

impl Inner {
    /// Sends a draft once, and answers the attempt as it was kept.
    pub(super) async fn send_once(
        self: &Arc<Self>,
        ready: &Ready,
        told: &Told,
        options: &SendOptions,
        cancelled: &mut oneshot::Receiver<()>,
    ) -> Result<AttemptId, EngineError> {
        let draft = &ready.whole.draft;
        if let Some(problem) = problem_of(draft) {
            return Err(input(problem));
        }
        let own_body = told.delivery.map(|id| id.to_string()) == ready.whole.body_of && ready.whole.body_of.is_some();
        let waiting = NewAttempt {
            kind: told.kind,
            signing: ready.words.clone(),
            as_expected: None,
            route: None,
            run: None,
            name: authority(&draft.url).unwrap_or_default(),
            method: draft.method.clone(),
            url: draft.url.clone(),
            state: AttemptState::Waiting,
            started_at_us: time::now_us(),
            request_head: Bytes::new(),
            request_body: (!own_body).then(|| draft.body.clone()),
            reply: None,
            error: None,
            timing: AttemptTiming::default(),
        };
        let id = match told.delivery {
            Some(delivery) => self
                .store
                .add_attempt(delivery, waiting.clone())
                .await?
                .ok_or_else(|| EngineError::NoSuchDelivery { id: delivery.to_string() })?,
            None => self.store.add_composed(waiting.clone()).await?,
        };
        let timeout_ms = options.timeout_ms.clamp(*TIMEOUTS_MS.start(), *TIMEOUTS_MS.end());
        let timeout = Duration::from_millis(u64::from(timeout_ms));
        let started_at_us = time::now_us();
        let outgoing = Outgoing {
            method: draft.method.clone(),
            url: draft.url.clone(),
            headers: draft.headers.clone(),
            body: draft.body.clone(),
            length_as_given: ready.whole.length_as_given,
            limits: SendLimits {
                connect: timeout.min(Duration::from_secs(10)),
                first_byte: timeout,
                total: timeout,
                reply_bytes: REPLY_LIMIT,
            },
            trust: if options.any_certificate { Trust::Any } else { Trust::System },
            avoid: Vec::new(),
        };
        let stop = async {
            // Whoever could cancel it is gone where this fails: the same to whoever waits.
            let _ = cancelled.await;
        };
        let mut done = ended(waiting, started_at_us, send_until(outgoing, stop).await);
        done.as_expected = as_expected(ready, done.reply.as_ref().map(|reply| reply.status));
        self.store.finish_attempt(id, done).await?;
        self.bus.publish(EngineEvent::AttemptsChanged { delivery: told.delivery.map(|id| id.to_string()) });
        Ok(id)
    }

    /// Sends a draft and, where that was asked for, follows where it is led. Answers the last attempt.
    pub(super) async fn send_ready(
        self: &Arc<Self>,
        token: &str,
        ready: Ready,
        told: Told,
        options: &SendOptions,
    ) -> Result<AttemptInfo, EngineError> {
        let (_named, mut cancelled) = self.sending.begin(token);
        let mut ready = ready;
        for _ in 0..=REDIRECTS {
            let id = self.send_once(&ready, &told, options, &mut cancelled).await?;
            let attempt = Arc::clone(self).blocking(move |inner| Ok(inner.store.attempt(id)?)).await?;
            let attempt = attempt.ok_or(EngineError::Broken)?;
            let next = attempt
                .reply
                .as_ref()
                .filter(|_| options.follow_redirects)
                .and_then(|reply| redirected(&ready.whole.draft, reply.status, &Headers::of_head(&reply.head)));
            match next {
                Some(draft) => ready.whole.draft = draft,
                None => return Ok(wire_attempt(&attempt.summary)),
            }
        }
        Err(input(format!("It was redirected more than {REDIRECTS} times; the attempts are in the history.")))
    }
}

/// The request that follows a redirect, as clients make it: `GET` without a body after 303, and after 301 and 302 where it
/// was a `POST`; without credentials where it leads to another origin.
fn redirected(draft: &Draft, status: u16, headers: &Headers) -> Option<Draft> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let from = Url::parse(&draft.url).ok()?;
    let to = from.join(&text(headers.first("location")?)).ok().filter(|to| matches!(to.scheme(), "http" | "https"))?;
    let bare = (status == 303 && draft.method != "HEAD") || (matches!(status, 301 | 302) && draft.method == "POST");
    let same_origin = from.origin() == to.origin();
    let host = authority(to.as_str())?;
    let of_the_body = |name: &[u8]| {
        ["content-length", "content-type", "content-encoding", "transfer-encoding"]
            .iter()
            .any(|other| name.eq_ignore_ascii_case(other.as_bytes()))
    };
    let headers = draft
        .headers
        .iter()
        .filter(|field| !(bare && of_the_body(&field.name)))
        .filter(|field| same_origin || !countersign_core::draft::credentials::carries_credentials(&field.name))
        .cloned()
        .map(|mut field| {
            if field.name.eq_ignore_ascii_case(b"host") {
                field.value = host.clone().into();
            }
            field
        })
        .collect();
    Some(Draft {
        method: if bare { "GET".to_owned() } else { draft.method.clone() },
        url: to.into(),
        headers,
        body: if bare { Bytes::new() } else { draft.body.clone() },
    })
}

impl Engine {
    /// Sends a draft and answers with what came back.
    ///
    /// # Errors
    /// Where it cannot be sent or kept. An endpoint that does not answer is no error: the attempt says so.
    pub async fn draft_send(
        &self,
        token: String,
        delivery: Option<String>,
        draft: wire::Draft,
        signing: SigningChoice,
        options: SendOptions,
    ) -> Result<AttemptInfo, CommandError> {
        let inner = &self.0;
        let delivery = delivery.as_deref().map(parse_id).transpose()?;
        let ready = Arc::clone(inner)
            .blocking(move |inner| inner.whole(&draft).and_then(|whole| inner.sign_draft(whole, &signing)))
            .await?;
        Ok(inner.send_ready(&token, ready, Told { kind: AttemptKind::Draft, delivery }, &options).await?)
    }

    pub(crate) async fn send_cancel(&self, token: String) -> Result<(), CommandError> {
        self.0.sending.cancel(&token);
        Ok(())
    }

    pub(crate) async fn attempts_page(
        &self,
        before: Option<String>,
        limit: u32,
    ) -> Result<Vec<AttemptInfo>, CommandError> {
        let before = before.as_deref().map(super::drafts::attempt_id).transpose()?;
        let limit = limit.clamp(1, 1000) as usize;
        let found = self.0.clone().blocking(move |inner| Ok(inner.store.attempts_page(before, limit)?)).await?;
        Ok(found.iter().map(wire_attempt).collect())
    }
}
