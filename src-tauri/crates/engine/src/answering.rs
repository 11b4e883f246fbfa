//! What the sender gets: a handshake's answer, the answer of a rule, the status that a path asks for, or the default.

use crate::error::EngineError;
use crate::handshakes::{Confirmation, handshake};
use crate::judging::{Ring, judge, wire_bytes};
use crate::wire::{CommandError, EngineEvent, ResponseRule, Responses, RuleFault, RuleTrial, TextPosition};
use crate::{Engine, Inner, read, time, write};
use bytes::Bytes;
use countersign_core::catalogue::{Judgement, Provider};
use countersign_core::filter::{Filter, ProviderTest, Subject, Test};
use countersign_core::handshake::HandshakeReply;
use countersign_core::request::{Headers, Request};
use countersign_core::response::{Fault, ReadyRule, RuledAnswer, status_of_path};
use countersign_core::route::{Mode, ReadyRoute};
use countersign_core::verdict::Outcome;
use countersign_store::{Store, StoredResponse};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const KEY: &str = "responses";
/// More rules than anybody reads; asking them all costs a few microseconds.
const MOST_RULES: usize = 200;
/// A body is read as JSON for placeholders up to this length.
const READ_AS_JSON: usize = 1024 * 1024;

/// The rules, ready to be asked.
#[derive(Default)]
pub(crate) struct Answering {
    pub(crate) responses: Responses,
    ready: Vec<ReadyRule>,
    /// How many deliveries fitted each rule that takes turns, by its id.
    counts: Mutex<HashMap<String, u64>>,
}

/// An answer that was decided on.
pub(crate) struct Decided {
    pub(crate) response: StoredResponse,
    pub(crate) delay: Duration,
    pub(crate) fault: Option<Fault>,
    /// It answers a handshake.
    pub(crate) challenge: bool,
    /// The request that the handshake asks for; it leaves once the delivery is kept.
    pub(crate) confirmation: Option<Confirmation>,
    /// The route whose endpoint is asked for the answer instead.
    pub(crate) asked: Option<Arc<ReadyRoute>>,
    /// The routes that are sent behind the answer.
    pub(crate) beside: Vec<Arc<ReadyRoute>>,
}

impl Decided {
    fn new(status: u16, headers: Headers, body: Bytes, answered_by: String) -> Decided {
        Decided {
            response: StoredResponse { status, headers, body, answered_by, took_us: 0 },
            delay: Duration::ZERO,
            fault: None,
            challenge: false,
            confirmation: None,
            asked: None,
            beside: Vec::new(),
        }
    }

    /// What a handshake gets of the provider of that name.
    fn handshake(provider: &str, reply: HandshakeReply) -> Decided {
        let (status, headers, body, url) = match reply {
            HandshakeReply::Answer { status, headers, body } => (status, headers, body, None),
            HandshakeReply::Fetch { url } => (200, plain(), Bytes::from_static(b"ok\n"), Some(url)),
        };
        let confirmation = url.map(|url| Confirmation::new(provider, url));
        let by = format!("the challenge of {provider}");
        Decided { challenge: true, confirmation, ..Decided::new(status, headers, body, by) }
    }
}

impl Answering {
    /// Reads the rules of a log; those of this run alone come first. Those that an older version saved and that no longer hold are kept, off.
    pub(crate) fn load(store: &Store, of_this_run: &[ResponseRule]) -> Result<Answering, EngineError> {
        let text = store.setting(KEY)?;
        let responses: Responses = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(Answering::new(responses, of_this_run))
    }

    fn new(responses: Responses, of_this_run: &[ResponseRule]) -> Answering {
        let all = of_this_run.iter().chain(&responses.rules);
        let ready = all.filter_map(|rule| ReadyRule::new(rule.into()).ok()).collect();
        Answering { responses, ready, counts: Mutex::default() }
    }

    /// The first rule that fits and whose turn it is.
    fn rule(&self, subject: &Subject<'_>) -> Option<&ReadyRule> {
        self.ready.iter().filter(|ready| ready.fits(subject)).find(|ready| {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(ready.rule.id.clone()).or_default();
            *count += 1;
            ready.rule.turn.is_now(*count)
        })
    }
}

/// The outcomes on the row.
pub(crate) fn applying(judgement: &Judgement) -> Vec<Outcome> {
    judgement.verdicts.iter().filter(|(_, applies)| *applies).map(|(verdict, _)| verdict.outcome).collect()
}

/// What rules and routes are asked about.
pub(crate) fn subject<'a>(request: &'a Request, judgement: &'a Judgement, outcomes: &'a [Outcome]) -> Subject<'a> {
    Subject {
        request,
        provider: judgement.provider.as_ref().map(|(id, _)| id),
        outcomes,
        event_type: judgement.event_type.as_deref(),
        event_id: judgement.event_id.as_deref(),
    }
}

pub(crate) fn as_json(request: &Request) -> Option<Value> {
    let small = request.body.len() <= READ_AS_JSON && request.cut_from.is_none();
    small.then(|| serde_json::from_slice(&request.body).ok()).flatten()
}

fn fault_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Close => "the connection was closed without an answer",
        Fault::Half => "half of the body was sent, then the connection was closed",
        Fault::Never => "no answer was ever sent",
    }
}

fn plain() -> Headers {
    let mut headers = Headers::new();
    headers.push("Content-Type", "text/plain; charset=utf-8");
    headers
}

impl Inner {
    /// Decides what the sender gets, as far as no endpoint is asked.
    pub(crate) fn decide(&self, ring: &Ring, judgement: &Judgement, request: &Request) -> Decided {
        let answering = read(&self.answering);
        let provider = judgement.provider.as_ref().and_then(|(id, _)| self.catalogue.get(id));
        let asks = |p: &&Provider| !answering.responses.stand_aside.iter().any(|id| id == p.id().as_str());
        let handshake = provider.filter(asks).and_then(|p| Some((p, handshake(ring, p, judgement, request)?)));
        let mut not_answered = String::new();
        match handshake {
            Some((provider, Ok(reply))) => return Decided::handshake(&provider.rule.name, reply),
            Some((_, Err(why))) => not_answered = format!("; its challenge was not answered: {why}"),
            None => {}
        }
        let outcomes = applying(judgement);
        let subject = subject(request, judgement, &outcomes);
        let routes = read(&self.routes).fitting(&subject);
        if let Some(ready) = answering.rule(&subject) {
            let body = if ready.needs_body() { as_json(request) } else { None };
            let now_us = time::now_us();
            let answer = ready.answer(&subject, body.as_ref(), &time::rfc3339_us(now_us), now_us.div_euclid(1_000_000));
            let by = match answer.fault {
                None => format!("the rule “{}”", ready.rule.name),
                Some(fault) => format!("the rule “{}”: {}", ready.rule.name, fault_words(fault)),
            };
            // Of what is never sent nothing is kept as if it had been.
            let silent = matches!(answer.fault, Some(Fault::Close | Fault::Never));
            let answer = if silent {
                RuledAnswer { status: 0, headers: Headers::new(), body: Bytes::new(), ..answer }
            } else {
                answer
            };
            return Decided {
                delay: Duration::from_millis(u64::from(answer.delay_ms)),
                fault: answer.fault,
                beside: routes,
                ..Decided::new(answer.status, answer.headers, answer.body, by)
            };
        }
        if answering.responses.status_by_path
            && let Some(status) = status_of_path(request.path())
        {
            let by = "the status in the path".to_owned();
            return Decided { beside: routes, ..Decided::new(status, plain(), Bytes::from(format!("{status}\n")), by) };
        }
        // The first that waits answers; every other one is sent behind.
        let mut beside = routes;
        let asked = beside.iter().position(|ready| ready.route.mode == Mode::Wait).map(|at| beside.remove(at));
        let by = provider
            .map_or_else(|| "the default".to_owned(), |p| format!("the default for {}{not_answered}", p.rule.name));
        Decided { asked, beside, ..Decided::new(200, plain(), Bytes::from_static(b"ok\n"), by) }
    }

    /// What is wrong with a condition beyond its grammar: it names a provider that there is not, and so would never hold.
    pub(crate) fn condition_fault(&self, when: &str) -> Option<RuleFault> {
        let filter = Filter::condition(when).ok()?;
        let none = |prefix: &str| !self.catalogue.iter().any(|provider| provider.id().as_str().starts_with(prefix));
        filter.terms().iter().find_map(|term| {
            let Test::Provider(list) = &term.test else { return None };
            let unknown = list.iter().find_map(|one| match one {
                ProviderTest::Prefix(prefix) if none(prefix) => Some(prefix),
                _ => None,
            })?;
            let known = self.catalogue.iter().map(|provider| provider.id().to_string()).collect::<Vec<_>>().join(", ");
            let position = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            Some(RuleFault {
                field: "when".to_owned(),
                message: format!(
                    "There is no provider “{}”: there are {known}.",
                    countersign_core::shorten(unknown, 40)
                ),
                place: Some(TextPosition { start: position(term.start), len: position(term.len) }),
            })
        })
    }

    /// Reads the rules again after another program changed them.
    pub(crate) fn reload_responses(&self) -> Result<(), EngineError> {
        let loaded = Answering::load(&self.store, &self.run_rules)?;
        if loaded.responses != read(&self.answering).responses {
            write(&self.answering, Arc::new(loaded));
            self.bus.publish(EngineEvent::ResponsesChanged);
        }
        Ok(())
    }
}

/// Gives ids to what has none, and refuses names that cannot be told apart.
pub(crate) fn named<'a>(
    what: &str,
    list: impl Iterator<Item = (&'a mut String, &'a mut String)>,
) -> Result<(), EngineError> {
    let mut ids = Vec::new();
    for (id, name) in list {
        *name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(EngineError::Input { what: format!("The name of a {what} has 1 to 80 characters.") });
        }
        if id.is_empty() || ids.contains(id) {
            *id = crate::secrets::random_hex()?;
        }
        ids.push(id.clone());
    }
    Ok(())
}

impl Engine {
    pub(crate) async fn responses(&self) -> Result<Responses, CommandError> {
        Ok(read(&self.0.answering).responses.clone())
    }

    /// Replaces the rules and switches.
    ///
    /// # Errors
    /// Where one of them is wrong: then nothing is changed.
    pub async fn responses_set(&self, responses: Responses) -> Result<Responses, CommandError> {
        let mut responses = responses;
        if responses.rules.len() > MOST_RULES {
            let what = format!("{MOST_RULES} rules are kept at the most.");
            return Err(EngineError::Input { what }.into());
        }
        named("rule", responses.rules.iter_mut().map(|rule| (&mut rule.id, &mut rule.name)))?;
        for rule in &responses.rules {
            ReadyRule::new(rule.into()).map_err(|error| EngineError::Input {
                what: format!("The rule “{}” was not saved: {}", rule.name, error.message),
            })?;
            if let Some(fault) = self.0.condition_fault(&rule.when) {
                let what = format!("The rule “{}” was not saved: {}", rule.name, fault.message);
                return Err(EngineError::Input { what }.into());
            }
        }
        for id in &responses.stand_aside {
            self.0.provider(id)?;
        }
        let text = serde_json::to_string(&responses).map_err(|_| EngineError::Broken)?;
        self.0.store.set_setting(KEY, &text).await.map_err(EngineError::from)?;
        write(&self.0.answering, Arc::new(Answering::new(responses.clone(), &self.0.run_rules)));
        self.0.bus.publish(EngineEvent::ResponsesChanged);
        Ok(responses)
    }

    pub(crate) async fn response_check(&self, rule: ResponseRule) -> Result<Option<RuleFault>, CommandError> {
        let fault = ReadyRule::new((&rule).into()).err().map(RuleFault::from);
        Ok(fault.or_else(|| self.0.condition_fault(&rule.when)))
    }

    pub(crate) async fn response_try(&self, rule: ResponseRule, delivery: String) -> Result<RuleTrial, CommandError> {
        let ready = ReadyRule::new((&ResponseRule { on: true, ..rule }).into())
            .map_err(|error| EngineError::Input { what: error.message })?;
        let id = crate::deliveries::parse_id(&delivery)?;
        let tried = self.0.clone().blocking(move |inner| {
            let found = inner.store.delivery(id)?;
            let delivery = found.ok_or_else(|| EngineError::NoSuchDelivery { id: id.to_string() })?;
            let request = &delivery.request;
            let pinned = inner.pinned(request.path());
            let ring: Arc<Ring> = inner.ring();
            let received = delivery.summary.received_at_us;
            let judgement = judge(&inner.catalogue, &ring, request, received, pinned.as_ref());
            let outcomes = applying(&judgement);
            let subject = subject(request, &judgement, &outcomes);
            let now_us = time::now_us();
            let now = (time::rfc3339_us(now_us), now_us.div_euclid(1_000_000));
            let answer = ready.answer(&subject, as_json(request).as_ref(), &now.0, now.1);
            Ok(RuleTrial {
                fits: ready.fits(&subject),
                status: answer.status,
                headers: crate::deliveries::wire_headers(&answer.headers),
                body: wire_bytes(&answer.body),
            })
        });
        Ok(tried.await?)
    }
}
