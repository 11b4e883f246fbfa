//! What a check is carried out with.

use super::report::{finding, wire_probe};
use crate::error::EngineError;
use crate::sending::problem_of;
use crate::wire::{CheckPhase, CheckPlan, CheckReport, CheckRequest, CheckScore, StateProbe};
use crate::{Inner, time};
use bytes::Bytes;
use countersign_core::catalogue::Provider;
use countersign_core::check::{Asked, Probe, Setup, judge, notes, plan, side_effects};
use countersign_core::draft::Draft;
use countersign_core::request::Headers;
use countersign_core::rule::{EventSample, ProviderRule};
use countersign_core::secret::Secret;
use countersign_core::signing::Key;
use countersign_store::RunId;
use std::sync::Arc;
use url::Url;

/// Shorter no endpoint answers.
const LEAST_MS: u32 = 100;

/// A check that was read and looked up.
pub(super) struct Job {
    pub(super) request: CheckRequest,
    rule: Arc<ProviderRule>,
    event: EventSample,
    keys: Vec<Key>,
    secrets: Vec<Secret>,
    pub(super) waits_ms: u32,
    pub(super) probes: Vec<Probe>,
}

fn input(what: impl Into<String>) -> EngineError {
    EngineError::Input { what: what.into() }
}

impl Inner {
    /// Looks up what a request names.
    pub(super) fn check_job(&self, request: CheckRequest) -> Result<Job, EngineError> {
        let provider: &Provider = self.provider(&request.provider)?;
        let rule = Arc::new(provider.rule.clone());
        let event = match &request.event {
            Some(wanted) => rule.events.iter().find(|event| event.event_type == *wanted),
            None => Setup::usual_event(&rule),
        };
        let event = event.cloned().ok_or_else(|| match &request.event {
            Some(wanted) => {
                let known: Vec<&str> = rule.events.iter().map(|event| event.event_type.as_str()).collect();
                input(format!("{} has no event “{wanted}”: there are {}.", rule.name, known.join(", ")))
            }
            None => input(format!("{} names no event that could be sent.", rule.name)),
        })?;
        let stored = self.ring().of(provider.id());
        let secrets: Vec<Secret> = match request.secrets.as_slice() {
            [] => stored,
            names => {
                let named =
                    |name: &String| {
                        stored.iter().find(|secret| secret.name == *name).cloned().ok_or_else(|| {
                            EngineError::NoSuchSecret { provider: rule.name.clone(), name: name.clone() }
                        })
                    };
                names.iter().map(named).collect::<Result<_, _>>()?
            }
        };
        let (keys, secrets) = match rule.schemes.first() {
            Some(scheme) => (secrets.iter().map(|secret| Key::new(scheme.key, secret)).collect(), secrets),
            None => (Vec::new(), Vec::new()),
        };
        // No provider waits longer than its own limit, so there is nothing to learn beyond.
        let limit_ms = rule.retry.timeout_s.value.saturating_mul(1000).max(LEAST_MS);
        let waits_ms = request.timeout_ms.map_or(limit_ms, |ms| ms.clamp(LEAST_MS, limit_ms));
        let mut job = Job { request, rule, event, keys, secrets, waits_ms, probes: Vec::new() };
        let all = plan(&job.setup());
        if let Some(unknown) = job.request.only.iter().find(|id| all.iter().all(|probe| probe.id != **id)) {
            let known: Vec<&str> = all.iter().map(|probe| probe.id.as_str()).collect();
            return Err(input(format!("There is no probe “{unknown}” here: there are {}.", known.join(", "))));
        }
        let wanted = |probe: &Probe| job.request.only.is_empty() || job.request.only.contains(&probe.id);
        job.probes = all.into_iter().filter(wanted).collect();
        Ok(job)
    }
}

impl Job {
    pub(super) fn setup(&self) -> Setup<'_> {
        Setup {
            rule: &self.rule,
            event: &self.event,
            keys: &self.keys,
            secrets: &self.secrets,
            ids: &self.request.ids,
            endpoint: &self.request.endpoint,
            waits_ms: self.waits_ms,
            state: self.request.state.is_some(),
        }
    }

    pub(super) fn provider_name(&self) -> &str {
        &self.rule.name
    }

    pub(super) fn event_type(&self) -> &str {
        &self.event.event_type
    }

    /// What stands in the way of starting it.
    pub(super) fn problem(&self) -> Option<String> {
        let draft = Draft {
            method: "POST".to_owned(),
            url: self.request.endpoint.clone(),
            headers: Headers::new(),
            body: Bytes::new(),
        };
        if let Some(problem) = problem_of(&draft) {
            return Some(problem);
        }
        if let Some(StateProbe::Url { url }) = &self.request.state
            && !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        {
            return Some("The state probe is not an http or https address.".to_owned());
        }
        let name = &self.rule.name;
        if !self.rule.schemes.is_empty() && self.keys.is_empty() {
            return Some(format!(
                "There is no secret of {name} to sign with, so nothing valid can be sent. Store the one that your endpoint \
                 uses."
            ));
        }
        let empty = self.keys.iter().find(|key| key.is_empty())?;
        Some(format!(
            "Nothing decodes from the secret “{}” of {name}: it is no base64 key. Correct it first.",
            empty.name
        ))
    }

    fn secret_names(&self) -> Vec<String> {
        self.keys.iter().map(|key| key.name.clone()).collect()
    }

    pub(super) fn plan(&self) -> CheckPlan {
        let setup = self.setup();
        let working = self.probes.iter().filter(|probe| probe.works).map(Probe::requests).filter(|n| *n > 0).count();
        let mut events: Vec<String> = Vec::new();
        for event in &self.rule.events {
            if !events.contains(&event.event_type) {
                events.push(event.event_type.clone());
            }
        }
        CheckPlan {
            provider: self.request.provider.clone(),
            provider_name: self.rule.name.clone(),
            endpoint: self.request.endpoint.clone(),
            event: self.event.event_type.clone(),
            events,
            secrets: self.secret_names(),
            probes: self.probes.iter().map(wire_probe).collect(),
            warning: side_effects(&setup, working),
            working: u32::try_from(working).unwrap_or(u32::MAX),
            timeout_ms: self.waits_ms,
            notes: notes(&setup),
            problem: self.problem(),
        }
    }

    /// The report before anything was asked.
    pub(super) fn first_report(&self, run: RunId, started_at_us: i64) -> CheckReport {
        let asked: Vec<Asked> =
            self.probes.iter().map(|probe| Asked { probe: probe.clone(), answers: Vec::new() }).collect();
        let findings: Vec<_> = judge(&self.setup(), &asked, None)
            .into_iter()
            .zip(&asked)
            .map(|(found, one)| finding(found, one, &[]))
            .collect();
        CheckReport {
            run: run.to_string(),
            request: self.request.clone(),
            provider_name: self.rule.name.clone(),
            event: self.event.event_type.clone(),
            secrets: self.secret_names(),
            phase: CheckPhase::Refusing,
            started_at: time::rfc3339_us(started_at_us),
            ended_at: None,
            headline: String::new(),
            score: CheckScore::default(),
            findings,
            notes: notes(&self.setup()),
            problem: None,
        }
    }
}
