//! A delivery is sent again as it was captured.

use super::Whole;
use super::drafts::{authority, input};
use super::send::{Told, was_led};
use super::signing::Ready;
use crate::answering::{applying, subject};
use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::judging::judge;
use crate::wire::{AttemptInfo, CommandError, SendOptions, SigningChoice, SigningMode};
use crate::{Engine, Inner, read};
use bytes::Bytes;
use countersign_core::draft::Draft;
use countersign_core::request::{Headers, Request, text};
use countersign_core::route::end_to_end;
use countersign_store::{AttemptKind, AttemptSummary, Delivery, DeliveryId};
use std::sync::Arc;

/// The headers of a delivery as an endpoint gets them: what belongs to the connection it came over is left out, and `Host`
/// is the endpoint's.
pub(super) fn headers_for(request: &Request, url: &str) -> Headers {
    let host = authority(url);
    end_to_end(&request.headers)
        .cloned()
        .map(|mut field| {
            if let (true, Some(host)) = (field.name.eq_ignore_ascii_case(b"host"), &host) {
                field.value = Bytes::from(host.clone());
            }
            field
        })
        .collect()
}

impl Inner {
    /// Where a delivery goes when nothing else is said: where it was sent last, else where a route of now sends it. Where an
    /// endpoint's answer led on from there nobody aimed. Reads the log: blocks.
    pub(super) fn endpoint_of(&self, id: DeliveryId, delivery: &Delivery) -> Result<Option<String>, EngineError> {
        let attempts = self.store.attempts(id)?;
        for (at, attempt) in attempts.iter().enumerate().rev() {
            if attempt.kind == AttemptKind::Confirmation || self.was_led(&attempts[..at], attempt)? {
                continue;
            }
            return Ok(Some(attempt.url.clone()));
        }
        Ok(self.route_url(delivery))
    }

    fn was_led(&self, before: &[AttemptSummary], attempt: &AttemptSummary) -> Result<bool, EngineError> {
        // The answer is read only where it may lead somewhere.
        let Some(last) = before.last().filter(|last| last.status.is_some_and(|status| (300..400).contains(&status)))
        else {
            return Ok(false);
        };
        Ok(self.store.attempt(last.id)?.is_some_and(|last| was_led(&last, attempt)))
    }

    fn route_url(&self, delivery: &Delivery) -> Option<String> {
        let pinned = self.pinned(delivery.request.path());
        let (ring, at) = (self.ring(), delivery.summary.received_at_us);
        let judgement = judge(&self.catalogue, &ring, &delivery.request, at, pinned.as_ref());
        let outcomes = applying(&judgement);
        let fitting = read(&self.routes).fitting(&subject(&delivery.request, &judgement, &outcomes));
        fitting.first().map(|ready| ready.url(&delivery.request))
    }

    /// A delivery as it is sent again, to `to` or to where it goes. Reads the log: blocks.
    pub(super) fn resent(&self, id: DeliveryId, to: Option<&str>) -> Result<Ready, EngineError> {
        let delivery = self.store.delivery(id)?.ok_or_else(|| EngineError::NoSuchDelivery { id: id.to_string() })?;
        if delivery.request.cut_from.is_some() {
            return Err(input("Only the beginning of its body was kept, so it cannot be sent as it was."));
        }
        let url = match to {
            Some(to) => to.trim().to_owned(),
            None => self
                .endpoint_of(id, &delivery)?
                .ok_or_else(|| input("It was not sent to any endpoint yet: say where to send it."))?,
        };
        let request = &delivery.request;
        let draft = Draft {
            method: request.method.clone(),
            headers: headers_for(request, &url),
            url,
            body: request.body.clone(),
        };
        let whole = Whole { draft, length_as_given: false, body_of: Some(id.to_string()) };
        let provider = delivery.summary.judgement.provider.as_ref().map(ToString::to_string);
        self.sign_draft(whole, &SigningChoice { provider, mode: SigningMode::Keep })
    }
}

/// The URL at the listener that a delivery came to.
pub(super) fn own_url(base: &str, request: &Request) -> String {
    let target = text(&request.target);
    if target.starts_with('/') { format!("{base}{target}") } else { format!("{base}/") }
}

impl Engine {
    /// Sends a delivery again, byte for byte.
    ///
    /// # Errors
    /// Where there is no such delivery, it was cut, or it is not known where to.
    pub async fn delivery_resend(
        &self,
        token: String,
        id: String,
        to: Option<String>,
    ) -> Result<AttemptInfo, CommandError> {
        let number = parse_id(&id)?;
        let ready = Arc::clone(&self.0).blocking(move |inner| inner.resent(number, to.as_deref())).await?;
        let told = Told { kind: AttemptKind::Resend, delivery: Some(number) };
        Ok(self.0.send_ready(&token, ready, told, &SendOptions::default()).await?)
    }
}
