//! The requests of probes.

use super::bodies::written;
use super::probe::{Form, Joint, Kind, Probe};
use crate::compose::{ComposeError, Fresh, compose};
use crate::draft::Draft;
use crate::handshake::{Handshake, HandshakeAnswer, HandshakeReply, HandshakeSample, Place};
use crate::json_text::span;
use crate::request::{Header, Headers};
use crate::resign::{Break, IdChoice, Inputs, ResignError, Signing, TimestampChoice, apply};
use crate::rule::{Basis, EventField, EventSample, ProviderRule, SchemeRule};
use crate::secret::Secret;
use crate::signing::Key;
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::Value;
use std::collections::BTreeMap;

/// Bytes of a chunk: small enough that a short body takes several, and no divisor of what is usual.
const CHUNK: usize = 113;

/// What is checked, against what.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The provider.
    pub rule: &'a ProviderRule,
    /// The event that is sent.
    pub event: &'a EventSample,
    /// The keys that are signed with, the first one most.
    pub keys: &'a [Key],
    /// The secrets that they were made from, in the same order.
    pub secrets: &'a [Secret],
    /// Ids of events that the endpoint waits for.
    pub ids: &'a [String],
    /// The endpoint's URL.
    pub endpoint: &'a str,
    /// How long an answer is waited for, in milliseconds.
    pub waits_ms: u32,
    /// Whether the endpoint's state is read.
    pub state: bool,
}

impl<'a> Setup<'a> {
    /// The scheme; none where the provider does not sign.
    #[must_use]
    pub fn scheme(&self) -> Option<&'a SchemeRule> {
        self.rule.schemes.first()
    }

    /// The handshake with its sample, where it can be asked for: a POST whose answer is a body.
    pub(super) fn handshake(&self) -> Option<(&'a Handshake, &'a HandshakeSample)> {
        let handshake = self.rule.handshake.as_ref()?;
        let sample = handshake.sample.as_ref()?;
        let answered = !matches!(handshake.answer, HandshakeAnswer::Fetch { .. } | HandshakeAnswer::HeaderEcho { .. });
        (answered && handshake.when.query.is_empty() && sample.method == "POST").then_some((handshake, sample))
    }

    /// The event that says most where none is chosen: one whose body the document gives, of something that is finished.
    #[must_use]
    pub fn usual_event(rule: &ProviderRule) -> Option<&EventSample> {
        let events = &rule.events;
        events.iter().rfind(|e| e.documented && e.event_type.contains("completed")).or(events.first())
    }

    /// The field that holds the event's id.
    fn id_field(&self) -> Option<&'a EventField> {
        self.event.fields.iter().find(|field| field.fresh.as_ref().is_some_and(|fresh| fresh.contains("{{id:")))
    }

    /// Whether ids were given and can be used.
    pub(super) fn has_ids(&self) -> bool {
        !self.ids.is_empty() && self.id_field().is_some()
    }

    /// The provider's limit in milliseconds, and whether it is documented.
    pub(super) fn limit_ms(&self) -> (u32, bool) {
        let limit = &self.rule.retry.timeout_s;
        (limit.value.saturating_mul(1000), limit.basis == Basis::Documented)
    }
}

/// Why a probe's request cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The event cannot be composed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// It cannot be signed.
    #[error(transparent)]
    Sign(#[from] ResignError),
}

/// A request of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The request.
    pub draft: Draft,
    /// Its length stays as its headers say: it comes in chunks.
    pub length_as_given: bool,
    /// What its answer must repeat, where it is a handshake.
    echo: Option<Bytes>,
}

impl Made {
    /// A request of which nothing is to be repeated.
    #[must_use]
    pub fn plain(draft: Draft) -> Made {
        Made { draft, length_as_given: false, echo: None }
    }

    /// Whether the body of an answer repeats what it must; none where nothing is to be repeated. Of a JSON object the
    /// fields count that are asked for.
    #[must_use]
    pub fn echoed(&self, status: u16, body: &[u8]) -> Option<bool> {
        let wanted = self.echo.as_ref()?;
        let same = match (serde_json::from_slice::<Value>(wanted), serde_json::from_slice::<Value>(body)) {
            (Ok(Value::Object(wanted)), Ok(Value::Object(got))) => {
                wanted.iter().all(|(name, value)| got.get(name) == Some(value))
            }
            (Ok(wanted), Ok(got)) => wanted == got,
            _ => body.trim_ascii() == wanted.trim_ascii(),
        };
        Some(same && (200..300).contains(&status))
    }
}

/// Makes requests. Holds which ids were used.
#[derive(Debug)]
pub struct Maker<'a> {
    setup: Setup<'a>,
    used: usize,
    /// Which key signs what is right.
    key: usize,
}

impl<'a> Maker<'a> {
    /// For a check; the first key signs.
    #[must_use]
    pub fn new(setup: Setup<'a>) -> Self {
        Maker { setup, used: 0, key: 0 }
    }

    /// The scheme and the secret's text, where there are both.
    pub(super) fn signs(&self) -> Option<(&'a SchemeRule, &'a str)> {
        Some((self.setup.scheme()?, self.setup.secrets.get(self.key)?.value.reveal()))
    }

    /// From now on the key of that place signs: the first one that the endpoint knew.
    pub fn sign_with(&mut self, key: usize) {
        self.key = key;
    }

    /// The next request of a probe after those that were sent. `now_us` is the present in unix microseconds, `random` gives
    /// random bits, other ones at every call.
    ///
    /// # Errors
    /// Where the event cannot be composed or signed.
    pub fn make(
        &mut self,
        probe: &Probe,
        sent: &[Made],
        now_us: i64,
        random: &mut dyn FnMut() -> u64,
    ) -> Result<Made, MakeError> {
        if let (Kind::Duplicate, Some(first)) = (&probe.kind, sent.first()) {
            return Ok(first.clone());
        }
        if probe.kind == Kind::Handshake {
            return self.handshake(sent, now_us, random);
        }
        let known = probe.kind != Kind::UnknownId;
        let mut draft = self.event(form_of(&probe.kind), known, now_us, random)?;
        match &probe.kind {
            Kind::NotJson | Kind::SignedNotJson => draft.body = cut(&draft.body),
            Kind::Shape => draft.body = Bytes::from_static(br#"["not","an","event"]"#),
            Kind::FieldMissing => draft.body = self.without_a_field(&draft.body),
            Kind::ContentType => set(&mut draft.headers, "Content-Type", "text/plain"),
            _ => {}
        }
        let now_s = now_us.div_euclid(1_000_000);
        let mut signer = Signer { setup: self.setup, key: self.key, now_s, random };
        let mut draft = match &probe.kind {
            Kind::Broken(fault) => signer.sign(&draft, &Signing::Break(fault.clone()))?,
            Kind::NotJson => signer.sign(&draft, &Signing::Break(Break::WrongSecret))?,
            Kind::NotANumber => signer.sign(&draft, &Signing::Break(Break::TimestampNotANumber))?,
            Kind::Doubled => signer.sign(&draft, &Signing::Break(Break::DoubledHeader))?,
            Kind::Clock(off) => signer.sign(&draft, &right(TimestampChoice::Given(now_s.saturating_add(*off))))?,
            Kind::Several(joint) => signer.several(&draft, *joint)?,
            Kind::Valid(index) => {
                signer.key = *index;
                signer.sign(&draft, &right(TimestampChoice::Fresh))?
            }
            _ => signer.sign(&draft, &right(TimestampChoice::Fresh))?,
        };
        if probe.kind == Kind::HeaderCase {
            let lower =
                |header: &Header| Header { name: header.name.to_ascii_lowercase().into(), value: header.value.clone() };
            draft.headers = draft.headers.iter().map(lower).collect();
        }
        let length_as_given = probe.kind == Kind::Chunked;
        if length_as_given {
            draft.headers.push("Transfer-Encoding", "chunked");
            draft.body = chunked(&draft.body);
        }
        Ok(Made { draft, length_as_given, echo: None })
    }

    /// A fresh event, unsigned; `known` with an id that the endpoint waits for, where such were given.
    pub(super) fn event(
        &mut self,
        form: Form,
        known: bool,
        now_us: i64,
        random: &mut dyn FnMut() -> u64,
    ) -> Result<Draft, MakeError> {
        let setup = &self.setup;
        let mut values = BTreeMap::new();
        if let (Some(field), Some(last)) = (setup.id_field(), setup.ids.last())
            && known
        {
            values.insert(field.pointer.clone(), setup.ids.get(self.used).unwrap_or(last).clone());
            self.used += 1;
        }
        let mut fresh = Fresh { now_us, random, named: &BTreeMap::new() };
        let composed = compose(setup.event, &values, true, &mut fresh)?;
        let body = written(&String::from_utf8_lossy(&composed.body), form);
        Ok(Draft {
            method: "POST".to_owned(),
            url: setup.endpoint.to_owned(),
            headers: composed.headers,
            body: body.into(),
        })
    }

    fn without_a_field(&self, body: &Bytes) -> Bytes {
        let name = self.setup.id_field().map(|field| field.pointer.trim_start_matches('/').to_owned());
        match (serde_json::from_slice::<Value>(body), name) {
            (Ok(Value::Object(mut object)), Some(name)) => {
                object.shift_remove(&name);
                Value::Object(object).to_string().into()
            }
            _ => Bytes::from_static(b"{}"),
        }
    }

    fn handshake(&self, sent: &[Made], now_us: i64, random: &mut dyn FnMut() -> u64) -> Result<Made, MakeError> {
        let setup = self.setup;
        let Some((handshake, sample)) = setup.handshake() else { return Err(ResignError::NoScheme.into()) };
        let mut body = sample.body.clone();
        if let HandshakeAnswer::JsonEcho { from: Place::Pointer(pointer), .. } = &handshake.answer
            && let Some(place) = span(&body, pointer)
        {
            body.replace_range(place, &format!("\"challenge_{:016x}\"", random()));
        }
        let asked = |name: &str| handshake.when.headers.iter().any(|test| test.name.eq_ignore_ascii_case(name));
        let mut headers = Headers::new();
        for (name, value) in &sample.headers {
            // As the document shows it first: what the sample has beyond that comes with the signature.
            if !sent.is_empty() || name.eq_ignore_ascii_case("content-type") || asked(name) {
                headers.push(name.clone(), value.clone());
            }
        }
        let mut draft =
            Draft { method: sample.method.clone(), url: setup.endpoint.to_owned(), headers, body: body.into() };
        if !sent.is_empty() && setup.scheme().is_some() {
            let now_s = now_us.div_euclid(1_000_000);
            draft = Signer { setup, key: self.key, now_s, random }.sign(&draft, &right(TimestampChoice::Fresh))?;
        }
        let value = serde_json::from_slice(&draft.body).ok();
        let reply = handshake.answer(&draft.request(), value.as_ref(), setup.secrets);
        let echo = match reply {
            Some(Ok(HandshakeReply::Answer { body, .. })) => body,
            _ => Bytes::new(),
        };
        Ok(Made { draft, length_as_given: false, echo: Some(echo) })
    }
}

fn form_of(kind: &Kind) -> Form {
    match kind {
        Kind::Form(form) => *form,
        _ => Form::Compact,
    }
}

fn right(timestamp: TimestampChoice) -> Signing {
    Signing::Sign { timestamp, id: IdChoice::New }
}

/// Signs requests of one moment.
struct Signer<'a, 'r> {
    setup: Setup<'a>,
    key: usize,
    now_s: i64,
    random: &'r mut dyn FnMut() -> u64,
}

impl Signer<'_, '_> {
    /// As it is where the provider does not sign.
    fn sign(&mut self, draft: &Draft, signing: &Signing) -> Result<Draft, MakeError> {
        let Some(scheme) = self.setup.scheme() else { return Ok(draft.clone()) };
        let other_key: Vec<u8> = (0..4).flat_map(|_| (self.random)().to_be_bytes()).collect();
        let new_id = format!("msg_{:016x}", (self.random)());
        let inputs = Inputs {
            now_s: self.now_s,
            key: self.setup.keys.get(self.key).or(self.setup.keys.first()),
            other_key: &other_key,
            new_id: &new_id,
        };
        Ok(apply(Some(scheme), draft, signing, &inputs)?.draft)
    }

    /// A signature of another secret before the right one.
    fn several(&mut self, draft: &Draft, joint: Joint) -> Result<Draft, MakeError> {
        let mut draft = self.sign(draft, &right(TimestampChoice::Fresh))?;
        let Some(scheme) = self.setup.scheme() else { return Ok(draft) };
        let name = scheme.signature.header.as_str();
        let other = self.sign(&draft, &Signing::Break(Break::WrongSecret))?;
        let of = |draft: &Draft| draft.headers.first(name).cloned().unwrap_or_default();
        let (first, second) = (of(&other), of(&draft));
        let text = |by: &str| [&first[..], by.as_bytes(), &second[..]].concat();
        match joint {
            Joint::Space => set(&mut draft.headers, name, text(" ")),
            Joint::Comma => set(&mut draft.headers, name, text(",")),
            Joint::Header => {
                set(&mut draft.headers, name, first);
                draft.headers.push(name.to_owned(), second);
            }
        }
        Ok(draft)
    }
}

/// The same headers with another value for one that is there.
pub(super) fn set(headers: &mut Headers, name: &str, value: impl Into<Bytes>) {
    let value = value.into();
    let with = |header: &Header| {
        let same = header.name.eq_ignore_ascii_case(name.as_bytes());
        Header { name: header.name.clone(), value: if same { value.clone() } else { header.value.clone() } }
    };
    *headers = headers.iter().map(with).collect();
}

/// What is no JSON any more: the last byte is gone.
fn cut(body: &Bytes) -> Bytes {
    body.slice(..body.len().saturating_sub(1))
}

/// A body in chunks, as `Transfer-Encoding: chunked` has it.
#[must_use]
pub fn chunked(body: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(body.len() + body.len() / 16 + 16);
    for chunk in body.chunks(CHUNK) {
        out.put_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.put_slice(chunk);
        out.put_slice(b"\r\n");
    }
    out.put_slice(b"0\r\n\r\n");
    out.freeze()
}
