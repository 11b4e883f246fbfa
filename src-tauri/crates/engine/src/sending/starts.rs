//! What a draft is begun from.

use super::drafts::{attempt_id, input, wire_body, wire_headers};
use super::random_bits;
use super::resend::headers_for;
use crate::deliveries::parse_id;
use crate::error::EngineError;
use crate::judging::wire_bytes;
use crate::wire::{
    CommandError, Draft, DraftBody, DraftHeader, DraftSource, DraftStart, SigningChoice, SigningMode, SigningTime,
};
use crate::{Engine, Inner, time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use countersign_core::catalogue::Provider;
use countersign_core::compose::{Fresh, compose};
use countersign_core::draft::paste;
use countersign_core::request::Headers;
use std::collections::BTreeMap;

/// The named value that composed events go to, where there is one.
const ENDPOINT: &str = "endpoint";

/// Signs rightly where the provider signs.
fn signed(provider: &Provider) -> SigningMode {
    if provider.signs() {
        SigningMode::Sign { secret: None, timestamp: SigningTime::Now, new_id: true }
    } else {
        SigningMode::Keep
    }
}

fn as_base64(body: &Bytes) -> DraftBody {
    wire_body(body, |_| DraftBody::Base64 { base64: STANDARD.encode(body) })
}

impl Inner {
    pub(crate) fn start(&self, source: &DraftSource) -> Result<DraftStart, EngineError> {
        match source {
            DraftSource::Delivery { id } => self.start_delivery(id),
            DraftSource::Attempt { id } => self.start_attempt(id),
            DraftSource::Event { provider, event_type, values, fresh } => {
                self.start_event(provider, event_type, values, *fresh)
            }
            DraftSource::Template { id } => self.start_template(id),
            DraftSource::Pasted { text } => self.start_pasted(text),
            DraftSource::Fixture { file } => self.start_fixture(file),
            DraftSource::Empty => Ok(DraftStart {
                draft: Draft {
                    method: "POST".to_owned(),
                    url: self.composed_url(None)?,
                    headers: vec![DraftHeader {
                        name: wire_bytes(b"Content-Type"),
                        value: wire_bytes(b"application/json"),
                        on: true,
                        follows: false,
                    }],
                    body: DraftBody::Text { text: "{}".to_owned() },
                    fill: true,
                },
                title: "a new request".to_owned(),
                delivery: None,
                signing: SigningChoice { provider: None, mode: SigningMode::Keep },
                notes: Vec::new(),
            }),
        }
    }

    /// Where what is composed goes first: the value named `endpoint`, else the own listener.
    fn composed_url(&self, provider: Option<&Provider>) -> Result<String, EngineError> {
        if self.named()?.contains_key(ENDPOINT) {
            return Ok(format!("{{{{{ENDPOINT}}}}}"));
        }
        let base = self.url().unwrap_or_default();
        Ok(provider.map_or_else(|| base.clone(), |provider| format!("{base}/{}", provider.id())))
    }

    fn start_delivery(&self, id: &str) -> Result<DraftStart, EngineError> {
        let number = parse_id(id)?;
        let missing = || EngineError::NoSuchDelivery { id: id.to_owned() };
        let delivery = self.store.delivery(number)?.ok_or_else(missing)?;
        let (summary, request) = (&delivery.summary, &delivery.request);
        let mut notes = Vec::new();
        let url = match self.endpoint_of(number, &delivery)? {
            Some(url) => url,
            None if self.named()?.contains_key(ENDPOINT) => format!("{{{{{ENDPOINT}}}}}"),
            // The user says where to: nothing is sent to where nobody aimed it.
            None => String::new(),
        };
        if let Some(whole) = request.cut_from {
            notes.push(format!("Only the first {} of {whole} bytes of its body were kept.", request.body.len()));
        }
        let kept = headers_for(request, &url);
        if kept.len() < request.headers.len() {
            notes.push("Headers that belong to the connection it came over are left out.".to_owned());
        }
        let what = summary.judgement.event_type.clone().unwrap_or_else(|| request.method.clone());
        let provider = summary.judgement.provider.as_ref().map(ToString::to_string);
        Ok(DraftStart {
            draft: Draft {
                method: request.method.clone(),
                url,
                headers: wire_headers(&kept),
                body: wire_body(&request.body, |len| DraftBody::OfDelivery { id: id.to_owned(), len }),
                fill: false,
            },
            title: format!("delivery {id}, {what}"),
            delivery: Some(id.to_owned()),
            signing: SigningChoice { provider, mode: SigningMode::Keep },
            notes,
        })
    }

    fn start_attempt(&self, id: &str) -> Result<DraftStart, EngineError> {
        let missing = || EngineError::NoSuchAttempt { id: id.to_owned() };
        let attempt = self.store.attempt(attempt_id(id)?)?.ok_or_else(missing)?;
        let summary = &attempt.summary;
        let provider = match summary.delivery_id {
            Some(delivery) => self.store.summary(delivery)?.and_then(|found| found.judgement.provider),
            None => None,
        };
        Ok(DraftStart {
            draft: Draft {
                method: summary.method.clone(),
                url: summary.url.clone(),
                headers: wire_headers(&Headers::of_head(&attempt.request_head)),
                body: wire_body(&attempt.request_body, |len| DraftBody::OfAttempt { id: id.to_owned(), len }),
                fill: false,
            },
            title: format!("what was sent at {}", time::rfc3339_us(summary.started_at_us)),
            delivery: summary.delivery_id.map(|id| id.to_string()),
            signing: SigningChoice { provider: provider.map(|id| id.to_string()), mode: SigningMode::Keep },
            notes: Vec::new(),
        })
    }

    fn start_event(
        &self,
        provider: &str,
        event_type: &str,
        values: &BTreeMap<String, String>,
        make_fresh: bool,
    ) -> Result<DraftStart, EngineError> {
        let provider = self.provider(provider)?;
        let found = provider.rule.events.iter().find(|event| event.event_type == event_type);
        let sample = found.ok_or_else(|| {
            let known: Vec<&str> = provider.rule.events.iter().map(|event| event.event_type.as_str()).collect();
            let (name, known) = (&provider.rule.name, known.join(", "));
            input(format!("{name} has no event “{}”: there are {known}.", countersign_core::shorten(event_type, 80)))
        })?;
        let named = self.named()?;
        let mut random = random_bits()?;
        let mut fresh = Fresh { now_us: time::now_us(), random: &mut random, named: &named };
        let composed = compose(sample, values, make_fresh, &mut fresh).map_err(|error| input(error.to_string()))?;
        Ok(DraftStart {
            draft: Draft {
                method: "POST".to_owned(),
                url: self.composed_url(Some(provider))?,
                headers: wire_headers(&composed.headers),
                body: as_base64(&composed.body),
                fill: false,
            },
            title: format!("{}, {}", provider.rule.name, sample.event_type),
            delivery: None,
            signing: SigningChoice { provider: Some(provider.id().to_string()), mode: signed(provider) },
            notes: if sample.documented {
                Vec::new()
            } else {
                vec![
                    "Its document names this event without a body: this one was made after the others' shape."
                        .to_owned(),
                ]
            },
        })
    }

    fn start_fixture(&self, file: &str) -> Result<DraftStart, EngineError> {
        let (name, provider, request) = self.fixture_request(file)?;
        // Only a named endpoint: nothing is sent to where nobody aimed it.
        let url = if self.named()?.contains_key(ENDPOINT) { format!("{{{{{ENDPOINT}}}}}") } else { String::new() };
        Ok(DraftStart {
            draft: Draft {
                method: request.method.clone(),
                headers: wire_headers(&headers_for(&request, &url)),
                url,
                body: as_base64(&request.body),
                fill: false,
            },
            title: format!("fixture {name}"),
            delivery: None,
            signing: SigningChoice { provider, mode: SigningMode::Keep },
            notes: Vec::new(),
        })
    }

    fn start_pasted(&self, text: &str) -> Result<DraftStart, EngineError> {
        let pasted = paste::read(text).map_err(|fault| {
            let before = text.split_inclusive('\n').take(fault.line.saturating_sub(1));
            let start = before.map(|line| line.chars().count()).sum::<usize>() + fault.column.saturating_sub(1);
            EngineError::Pasted { line: fault.line, column: fault.column, start, why: fault.message }
        })?;
        let mut notes = pasted.notes;
        if let Some(file) = pasted.body_from_file {
            notes.push(format!("The body stands in the file {file}: choose that file as the body."));
        }
        if pasted.follow_redirects {
            notes.push("It followed redirects: switch that on where it is wanted.".to_owned());
        }
        if pasted.insecure {
            notes.push("It accepted any certificate: switch that on where it is wanted.".to_owned());
        }
        let url = match pasted.url {
            Some(url) => url,
            None => self.composed_url(None)?,
        };
        Ok(DraftStart {
            draft: Draft {
                method: pasted.method,
                url,
                headers: wire_headers(&pasted.headers),
                body: as_base64(&pasted.body),
                fill: false,
            },
            title: "pasted text".to_owned(),
            delivery: None,
            signing: SigningChoice { provider: None, mode: SigningMode::Keep },
            notes,
        })
    }
}

impl Engine {
    /// A draft to begin with.
    ///
    /// # Errors
    /// Where what it is begun from is not there or cannot be read.
    pub async fn draft_start(&self, source: DraftSource) -> Result<DraftStart, CommandError> {
        Ok(self.0.clone().blocking(move |inner| inner.start(&source)).await?)
    }
}
