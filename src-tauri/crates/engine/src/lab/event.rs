//! The event of a run: what is sent, how it is signed, others like it, and the one that follows it.

use crate::Inner;
use crate::error::EngineError;
use crate::sending::{Whole, authority, input, random_bits};
use crate::time;
use crate::wire::{DraftSource, LabRequest, LabSigning, SigningChoice, SigningMode, SigningTime};
use bytes::Bytes;
use countersign_core::catalogue::{Catalogue, Provider};
use countersign_core::compose::{Fresh, compose};
use countersign_core::draft::Draft;
use countersign_core::json_text::span;
use countersign_core::request::{Header, Headers};
use countersign_core::rule::{EventSample, FieldKind};
use serde_json::Value;
use std::collections::BTreeMap;

/// An event as a run sends it.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) whole: Whole,
    /// Its type, as the provider names it.
    pub(super) event_type: Option<String>,
    /// Its id, as the provider names it.
    pub(super) id: Option<String>,
    /// In words.
    pub(super) title: String,
}

/// Sets a header in the place of the first of its name, or at the end.
fn set_header(headers: &Headers, name: &str, value: &str) -> Headers {
    let mut found = false;
    let mut all: Vec<Header> = Vec::new();
    for header in headers {
        let same = header.name.eq_ignore_ascii_case(name.as_bytes());
        if !same {
            all.push(header.clone());
        } else if !found {
            found = true;
            all.push(Header { name: header.name.clone(), value: Bytes::from(value.to_owned()) });
        }
    }
    if !found {
        all.push(Header { name: Bytes::from(name.to_owned()), value: Bytes::from(value.to_owned()) });
    }
    all.into_iter().collect()
}

/// A draft with a policy's headers of that attempt.
pub(super) fn with_headers(draft: Draft, headers: &[(String, String)], attempt: u32) -> Draft {
    let filled = |value: &str| {
        value.replace("{attempt}", &attempt.to_string()).replace("{retry}", &attempt.saturating_sub(1).to_string())
    };
    let set = |all, (name, value): &(String, String)| set_header(&all, name, &filled(value));
    Draft { headers: headers.iter().fold(draft.headers.clone(), set), ..draft }
}

/// A draft that goes elsewhere and says `Host` as before.
pub(super) fn aimed(draft: &Draft, url: String) -> Draft {
    Draft { url, ..draft.clone() }
}

impl Inner {
    /// The event of a request, aimed at `url`. Reads the log: blocks.
    pub(super) fn lab_event(&self, request: &LabRequest, url: &str) -> Result<Event, EngineError> {
        if matches!(request.source, DraftSource::Pasted { .. } | DraftSource::Empty) {
            return Err(input("Choose a delivery, a template, or an event of the catalogue to send."));
        }
        let start = self.start(&request.source)?;
        let mut draft = start.draft;
        url.clone_into(&mut draft.url);
        let whole = self.whole(&draft)?;
        Ok(self.named_event(self.provider(&request.provider)?, whole, start.title))
    }

    /// An event with its names, and a `Host` that stays whatever stands in front of the endpoint.
    pub(super) fn named_event(&self, provider: &Provider, mut whole: Whole, title: String) -> Event {
        if let Some(host) = authority(&whole.draft.url)
            && !whole.draft.headers.has("host")
        {
            let host = Header { name: Bytes::from_static(b"Host"), value: Bytes::from(host) };
            whole.draft.headers = std::iter::once(host).chain(whole.draft.headers.iter().cloned()).collect();
        }
        let request = whole.draft.request();
        let named = provider.event(&request, Catalogue::body(&request).as_ref());
        Event { whole, event_type: named.event_type, id: named.id, title }
    }

    /// Signs a draft for a run. `at_s`: the time that is signed; now where it is not given.
    pub(super) fn lab_sign(
        &self,
        request: &LabRequest,
        whole: &Whole,
        at_s: Option<i64>,
        new_id: bool,
    ) -> Result<(Draft, Option<String>), EngineError> {
        let signs = self.provider(&request.provider)?.signs();
        let mode = match &request.signing {
            LabSigning::Sign { secret } if signs => SigningMode::Sign {
                secret: secret.clone(),
                timestamp: at_s.map_or(SigningTime::Now, |at| SigningTime::Given { at: at.to_string() }),
                new_id,
            },
            _ => SigningMode::Keep,
        };
        let choice = SigningChoice { provider: Some(request.provider.clone()), mode };
        let ready = self.sign_draft(Whole { body_of: None, ..whole.clone() }, &choice)?;
        Ok((ready.whole.draft, ready.words))
    }

    /// An event of the catalogue with these values, the rest afresh. Reads the log: blocks.
    pub(super) fn lab_composed(
        &self,
        request: &LabRequest,
        event_type: &str,
        values: BTreeMap<String, String>,
        url: &str,
    ) -> Result<Event, EngineError> {
        let source = DraftSource::Event {
            provider: request.provider.clone(),
            event_type: event_type.to_owned(),
            values,
            fresh: true,
        };
        self.lab_event(&LabRequest { source, ..request.clone() }, url)
    }

    /// Another event of the kind: new ids and times, where it is known what they are. What is captured and not signed
    /// anew stays as it is. Reads the log: blocks.
    pub(super) fn lab_another(&self, request: &LabRequest, event: &Event) -> Result<(Event, bool), EngineError> {
        let url = &event.whole.draft.url;
        let provider = self.provider(&request.provider)?;
        if let DraftSource::Event { event_type, values, .. } = &request.source {
            let other = self.lab_composed(request, event_type, values.clone(), url)?;
            let is_other = other.id != event.id;
            return Ok((other, is_other));
        }
        let keeps = provider.signs() && request.signing == LabSigning::Keep;
        let sample = provider.rule.events.iter().find(|sample| Some(&sample.event_type) == event.event_type.as_ref());
        let (Some(sample), Ok(text), false) = (sample, std::str::from_utf8(&event.whole.draft.body), keeps) else {
            return Ok((event.clone(), false));
        };
        let fields = sample.fields.iter().filter(|f| f.fresh.is_some() && span(text, &f.pointer).is_some());
        let own = EventSample { body: text.to_owned(), fields: fields.cloned().collect(), ..sample.clone() };
        let named = self.named()?;
        let mut random = random_bits()?;
        let mut fresh = Fresh { now_us: time::now_us(), random: &mut random, named: &named };
        let composed = compose(&own, &BTreeMap::new(), true, &mut fresh).map_err(|error| input(error.to_string()))?;
        let mut whole = event.whole.clone();
        whole.draft.body = composed.body;
        whole.body_of = None;
        let length = whole.draft.body.len().to_string();
        if whole.draft.headers.has("content-length") {
            whole.draft.headers = set_header(&whole.draft.headers, "Content-Length", &length);
        }
        let other = self.named_event(provider, whole, event.title.clone());
        let is_other = other.id != event.id;
        Ok((other, is_other))
    }

    /// The event that follows this one: the next of the catalogue, about the same things. Reads the log: blocks.
    pub(super) fn lab_next(&self, request: &LabRequest, event: &Event) -> Result<Event, EngineError> {
        let provider = self.provider(&request.provider)?;
        let events = &provider.rule.events;
        let at = events.iter().position(|sample| Some(&sample.event_type) == event.event_type.as_ref());
        let next = match (&request.next_event, at) {
            (Some(wanted), _) => wanted.clone(),
            (None, Some(at)) => events[(at + 1) % events.len()].event_type.clone(),
            (None, None) => return Ok(self.lab_another(request, event)?.0),
        };
        let sample = events.iter().find(|sample| sample.event_type == next);
        let sample = sample.ok_or_else(|| input(format!("{} has no event “{next}”.", provider.rule.name)))?;
        let body: Option<Value> = serde_json::from_slice(&event.whole.draft.body).ok();
        // What both are about is the same; what names the event alone is not.
        let names_it = |pointer: &str| provider.rule.event.id == format!("{{{pointer}}}");
        let shared = sample.fields.iter().filter(|f| f.kind == FieldKind::Text && f.fresh.is_some());
        let values = shared.filter(|field| !names_it(&field.pointer)).filter_map(|field| {
            let value = body.as_ref()?.pointer(&field.pointer)?.as_str()?;
            Some((field.pointer.clone(), value.to_owned()))
        });
        self.lab_composed(request, &next, values.collect(), &event.whole.draft.url)
    }
}
