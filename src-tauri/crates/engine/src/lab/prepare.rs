//! From what is asked to what will be done: checked, with the whole schedule, before anything is sent.

use super::event::Event;
use super::policies::{checked, rows_of};
use super::probe::Probe;
use crate::Inner;
use crate::error::EngineError;
use crate::sending::{authority, input, problem_of};
use crate::wire::{
    DraftSource, LabEndpoint, LabExperiment, LabFault, LabFaultKind, LabPlan, LabPlanned, LabRequest, LabSigning,
    LabSpeed, LabTimestamps, RetryBasis, RetryRow,
};
use countersign_core::catalogue::Provider;
use countersign_core::retry::{self, Policy, wait};
use countersign_core::rule::PartKind;
use countersign_net::schedule::Speed;
use std::time::Duration;
use url::Url;

/// Where the practice endpoint will be, before it has a port.
pub(super) const PRACTICE: &str = "http://127.0.0.1/practice";
/// Waits that long are worth a word before.
const LONG: Duration = Duration::from_secs(10 * 60);

/// A run before it is started.
pub(super) struct Prepared {
    pub(super) policy: Policy,
    pub(super) rows: Vec<RetryRow>,
    pub(super) provider_name: String,
    /// Aimed at the endpoint.
    pub(super) event: Event,
    pub(super) any_certificate: bool,
    pub(super) probe: Option<Probe>,
    pub(super) plan: LabPlan,
    /// Why it cannot be started.
    pub(super) problem: Option<String>,
}

pub(super) fn speed(speed: LabSpeed) -> Speed {
    match speed {
        LabSpeed::Real => Speed::Real,
        LabSpeed::Faster { times } => Speed::Faster(times),
        LabSpeed::None => Speed::None,
    }
}

/// What goes wrong with an attempt of the schedule.
pub(super) fn fault_of(faults: &[LabFault], attempt: u32) -> Option<&LabFaultKind> {
    let on = |fault: &&LabFault| fault.attempts.is_empty() || fault.attempts.contains(&attempt);
    faults.iter().find(on).map(|fault| &fault.kind)
}

pub(super) fn fault_words(kind: &LabFaultKind) -> String {
    match kind {
        LabFaultKind::Status { status } => format!("down: {status} in its place"),
        LabFaultKind::Refused => "down: connections are refused".to_owned(),
        LabFaultKind::Closed => "down: the connection is closed".to_owned(),
        LabFaultKind::Slow { ms } => format!("slow: its answer is held for {}", wait(u64::from(*ms))),
        LabFaultKind::LoseAck => "its answer is lost".to_owned(),
    }
}

/// An address as it is shown: without its scheme, and without a user's name and password.
fn shown(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    parsed.map_or_else(|| url.to_owned(), |url| url[url::Position::BeforeHost..].to_owned())
}

fn check(request: &LabRequest) -> Result<(), EngineError> {
    if let LabSpeed::Faster { times } = request.speed
        && !(1.0..=1_000_000.0).contains(&times)
    {
        return Err(input(format!("The clock goes 1 to 1,000,000 times faster; this says {times}.")));
    }
    for fault in &request.faults {
        match fault.kind {
            LabFaultKind::Status { status } if !(400..=599).contains(&status) => {
                return Err(input(format!("An endpoint that is down answers 400 to 599; this says {status}.")));
            }
            LabFaultKind::Slow { ms } if ms > 600_000 => {
                return Err(input("An answer is held for 600 seconds at the most."));
            }
            _ => {}
        }
    }
    if let Some(wrong) = request.ignore.iter().find(|pointer| !pointer.starts_with('/')) {
        return Err(input(format!("“{wrong}” is no JSON pointer: write it as in /data/created_at.")));
    }
    Ok(())
}

impl Inner {
    /// Reads the log: blocks.
    pub(super) fn lab_prepare(&self, request: &LabRequest) -> Result<Prepared, EngineError> {
        check(request)?;
        let provider = self.provider(&request.provider)?;
        let policy = match &request.policy {
            Some(policy) => checked(policy)?,
            None => self.policy_of(provider)?,
        };
        let rows = rows_of(provider, &policy);
        let (url, any_certificate) = match &request.endpoint {
            LabEndpoint::Url { url, any_certificate } => (url.trim(), *any_certificate),
            LabEndpoint::Practice { .. } => (PRACTICE, false),
        };
        let event = self.lab_event(request, url)?;
        let probe = request.probe.as_ref().map(|probe| Probe::of(probe, any_certificate)).transpose()?;
        let problem = problem_of(&event.whole.draft)
            .or_else(|| self.lab_sign(request, &event.whole, None, true).err().map(|error| error.to_string()));
        let endpoint = match request.endpoint {
            LabEndpoint::Practice { .. } => "the practice endpoint".to_owned(),
            LabEndpoint::Url { .. } => shown(&event.whole.draft.url),
        };
        let mut plan = planned(request, &policy, endpoint, &event);
        if let Some(problem) = &problem {
            plan.warnings.push(format!("It cannot be started: {problem}"));
        }
        plan.warnings.extend(warnings(request, provider, &policy, &rows, &plan));
        let provider_name = provider.rule.name.clone();
        Ok(Prepared { policy, rows, provider_name, event, any_certificate, probe, plan, problem })
    }
}

fn planned(request: &LabRequest, policy: &Policy, endpoint: String, event: &Event) -> LabPlan {
    let plan = retry::plan(policy, u64::from(request.seed));
    let waiting = speed(request.speed).real(Duration::from_millis(plan.total_ms));
    let waiting_ms = u64::try_from(waiting.as_millis()).unwrap_or(u64::MAX);
    let of_each = |experiment: &LabExperiment| match experiment {
        LabExperiment::Late => 1,
        // One alone shows what an event changes, where there is a state to look at.
        LabExperiment::AtOnce if request.probe.is_some() => 3,
        _ => 2,
    };
    let announced = policy.announce.as_ref().filter(|a| a.on).map_or(0, |_| policy.attempts.saturating_sub(1));
    LabPlan {
        attempts: plan
            .attempts
            .iter()
            .map(|planned| LabPlanned {
                attempt: planned.attempt,
                offset_ms: planned.offset_ms,
                wait_ms: planned.wait_ms,
                offset: wait(planned.offset_ms),
                fault: fault_of(&request.faults, planned.attempt).map(fault_words),
            })
            .collect(),
        total_ms: plan.total_ms,
        total: wait(plan.total_ms),
        longest: wait(plan.longest_ms),
        waiting_ms,
        waiting: wait(waiting_ms),
        seed: request.seed,
        endpoint,
        event: event.title.clone(),
        requests: policy.attempts + announced + request.also.iter().map(of_each).sum::<u32>(),
        warnings: Vec::new(),
    }
}

fn warnings(
    request: &LabRequest,
    provider: &Provider,
    policy: &Policy,
    rows: &[RetryRow],
    plan: &LabPlan,
) -> Vec<String> {
    let mut all = Vec::new();
    let name = &provider.rule.name;
    let silent = policy.announce.as_ref().is_none_or(|announce| !announce.on);
    let assumed: Vec<&str> = rows
        .iter()
        .filter(|row| row.basis == RetryBasis::Assumed && !(silent && row.field == "announce"))
        .map(|row| row.label.as_str())
        .collect();
    if !assumed.is_empty() {
        all.push(format!("Assumed, because the document of {name} leaves it open: {}.", assumed.join(", ")));
    }
    let scheme = provider.rule.schemes.first();
    let signs_time = scheme.is_some_and(|scheme| scheme.header_of(PartKind::Timestamp).is_some());
    if request.timestamps == LabTimestamps::AsScheduled && request.signing != LabSigning::Keep {
        let ahead = plan.total_ms.saturating_sub(plan.waiting_ms);
        if !signs_time {
            all.push(format!("{name} signs no timestamp, so signing as scheduled changes nothing."));
        } else if ahead > 0 {
            all.push(format!(
                "Signed as scheduled, timestamps run up to {} ahead of the clock: an endpoint that checks the time \
                 refuses them.",
                wait(ahead)
            ));
        }
    }
    if request.signing == LabSigning::Keep && provider.signs() {
        all.push("It is not signed: the headers leave as they are, with the time they have.".to_owned());
    }
    if plan.waiting_ms > u64::try_from(LONG.as_millis()).unwrap_or(u64::MAX) {
        all.push(format!("Waiting takes {}; Countersign has to stay open.", plan.waiting));
    }
    let beyond = request.faults.iter().flat_map(|f| &f.attempts).find(|n| !(1..=policy.attempts).contains(*n));
    if let Some(beyond) = beyond {
        all.push(format!("There is no attempt {beyond}: nothing goes wrong there."));
    }
    if !request.also.is_empty() {
        let captured = !matches!(request.source, DraftSource::Event { .. });
        if captured && request.signing == LabSigning::Keep && provider.signs() {
            all.push(
                "What is tried beside the schedule sends the same event again: it cannot be signed anew.".to_owned(),
            );
        }
        if request.probe.is_none() && matches!(request.endpoint, LabEndpoint::Url { .. }) {
            all.push(
                "Without a way to read the endpoint's state, answers alone may not say whether it ran twice."
                    .to_owned(),
            );
        }
    }
    if let LabEndpoint::Url { url, .. } = &request.endpoint
        && !is_local(url)
    {
        let host = authority(url).unwrap_or_default();
        all.push(format!("{host} is not on this machine: what is sent makes it work, up to {} times.", plan.requests));
    }
    all
}

fn is_local(url: &str) -> bool {
    let Ok(url) = Url::parse(url.trim()) else { return true };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        None => true,
    }
}
