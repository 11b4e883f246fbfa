//! Carrying a check out.

use super::job::Job;
use super::report::{finding, score, text};
use super::state::Watched;
use crate::error::EngineError;
use crate::runs::{RunHandle, RunSend, RunSent};
use crate::sending::random_bits;
use crate::wire::{CheckPhase, CheckReport, CheckState, EngineEvent};
use crate::{Inner, time};
use countersign_core::check::{Answer, Asked, Class, Doubt, Made, Maker, Reply, doubts, headline, judge};
use countersign_core::draft::Draft;
use countersign_net::NoReply;
use countersign_net::send::{REPLY_LIMIT, SendLimits};
use countersign_store::{AttemptKind, RunState};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// An endpoint that restarts is back by then: a supervisor takes a second or two.
const BACK_WITHIN: Duration = Duration::from_secs(4);
const ASKED_EVERY: Duration = Duration::from_millis(250);
/// So many answers that do not come say that no other will.
const LATE_ENOUGH: usize = 2;

/// Why a check ends before its end.
enum Stop {
    Cancelled,
    Failed(String),
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Stop::Failed(error.to_string())
    }
}

/// A check under way.
struct Runner<'a> {
    inner: &'a Arc<Inner>,
    run: &'a RunHandle,
    job: &'a Job,
    maker: Maker<'a>,
    asked: Vec<Asked>,
    attempts: Vec<Vec<String>>,
    proved: Option<Doubt>,
    state: Option<Watched>,
    phase: CheckPhase,
    /// The probe that was answered last.
    answered: Option<String>,
    notes: Vec<String>,
}

/// Carries a check out, from its first probe to its kept report.
pub(super) async fn run(inner: &Arc<Inner>, run: RunHandle, job: Job, wait: oneshot::Receiver<bool>) {
    let id = run.id;
    let (state, outcome, report) = {
        let mut runner = Runner {
            inner,
            run: &run,
            job: &job,
            maker: Maker::new(job.setup()),
            asked: job.probes.iter().map(|probe| Asked { probe: probe.clone(), answers: Vec::new() }).collect(),
            attempts: vec![Vec::new(); job.probes.len()],
            proved: None,
            state: None,
            phase: CheckPhase::Refusing,
            answered: None,
            notes: Vec::new(),
        };
        let (phase, state, problem) = match runner.all(wait).await {
            Ok(()) => (CheckPhase::Finished, RunState::Finished, None),
            Err(Stop::Cancelled) => (CheckPhase::Cancelled, RunState::Cancelled, None),
            Err(Stop::Failed(problem)) => (CheckPhase::Failed, RunState::Failed, Some(problem)),
        };
        runner.phase = phase;
        let mut report = runner.report();
        report.ended_at = Some(time::rfc3339_us(time::now_us()));
        let outcome = problem.clone().unwrap_or_else(|| format!("{}.", report.headline));
        report.problem = problem;
        (state, outcome, report)
    };
    let done = u32::try_from(report.findings.len()).unwrap_or(u32::MAX);
    let told = CheckState { run: id.to_string(), phase: report.phase, done, total: done, current: None };
    let kept = match text(&report) {
        Ok(text) => inner.end_run(run, state, outcome, text).await,
        Err(error) => Err(error),
    };
    if let Err(error) = kept {
        tracing::error!(%error, "the report of a check could not be kept");
    }
    inner.checking.held().remove(&id);
    inner.bus.publish(EngineEvent::Check(told));
}

impl Runner<'_> {
    async fn all(&mut self, wait: oneshot::Receiver<bool>) -> Result<(), Stop> {
        let request = &self.job.request;
        if let Some(probe) = &request.state {
            self.state = Some(Watched::begin(probe, request.any_certificate).await.map_err(Stop::Failed)?);
        }
        for at in self.places(false) {
            self.ask(at).await?;
        }
        let working = self.places(true);
        if working.is_empty() {
            return Ok(());
        }
        if !request.yes && !self.confirmed(wait).await? {
            self.notes.push(
                "Only what must be refused was sent: what is valid makes the endpoint work, and nobody confirmed that."
                    .to_owned(),
            );
            return Ok(());
        }
        self.phase = CheckPhase::Working;
        self.working(working).await
    }

    /// What is valid, and what is weighed.
    async fn working(&mut self, places: Vec<usize>) -> Result<(), Stop> {
        let (valid, others): (Vec<usize>, Vec<usize>) =
            places.into_iter().partition(|at| self.asked[*at].probe.secret().is_some());
        for at in &valid {
            self.ask(*at).await?;
        }
        let class = |at: &usize| self.asked[*at].answers.last().map(Answer::class);
        let known = valid.iter().find(|at| class(at) == Some(Class::Accepted)).copied();
        match (known, valid.first()) {
            (Some(at), _) => self.maker.sign_with(self.asked[at].probe.secret().unwrap_or_default()),
            (None, Some(first)) if matches!(class(first), Some(Class::Refused | Class::Broke)) => {
                self.doubt(*first).await?
            }
            _ => {}
        }
        let (mut late, mut told) = (0, false);
        for at in others {
            let probe = &self.asked[at].probe;
            if known.is_none() && !valid.is_empty() && !probe.means_something_alone() {
                told = true;
                continue;
            }
            if late >= LATE_ENOUGH {
                continue;
            }
            self.ask(at).await?;
            if self.asked[at].answers.last().is_some_and(|answer| answer.class() == Class::Late) {
                late += 1;
            }
        }
        if told {
            self.notes.push(
                "The rest was not sent: as long as nothing valid is accepted, its answers would say nothing."
                    .to_owned(),
            );
        }
        if late >= LATE_ENOUGH {
            self.notes.push(format!("After {LATE_ENOUGH} answers that did not come, the others were not waited for."));
        }
        Ok(())
    }

    /// The places of probes that have requests and make a right endpoint work, or not.
    fn places(&self, works: bool) -> Vec<usize> {
        let fits = |one: &Asked| one.probe.works == works && one.probe.requests() > 0;
        self.asked.iter().enumerate().filter(|(_, one)| fits(one)).map(|(at, _)| at).collect()
    }

    async fn confirmed(&mut self, wait: oneshot::Receiver<bool>) -> Result<bool, Stop> {
        self.phase = CheckPhase::Waiting;
        self.tell(None).await?;
        tokio::select! {
            () = self.run.cancel.cancelled() => Err(Stop::Cancelled),
            told = wait => Ok(told.unwrap_or(false)),
        }
    }

    /// Sends a probe's requests.
    async fn ask(&mut self, at: usize) -> Result<(), Stop> {
        let probe = self.asked[at].probe.clone();
        self.tell(Some(&probe.name)).await?;
        let mut sent: Vec<Made> = Vec::new();
        while probe.goes_on(&self.asked[at].answers) {
            let made = {
                let mut random = random_bits()?;
                let made = self.maker.make(&probe, &sent, time::now_us(), &mut random);
                made.map_err(|error| Stop::Failed(error.to_string()))?
            };
            let answer = self.send(at, &probe.name, &made).await?;
            sent.push(made);
            self.asked[at].answers.push(answer);
        }
        self.answered = Some(probe.name);
        Ok(())
    }

    /// Looks for the mistake that explains why what is valid is refused.
    async fn doubt(&mut self, at: usize) -> Result<(), Stop> {
        for doubt in doubts(&self.job.setup()) {
            let draft = {
                let mut random = random_bits()?;
                let made = self.maker.make_doubt(&doubt, time::now_us(), &mut random);
                made.map_err(|error| Stop::Failed(error.to_string()))?
            };
            let answer = self.send(at, "Why is what is valid refused?", &Made::plain(draft)).await?;
            match answer.class() {
                Class::Accepted => {
                    self.proved = Some(doubt);
                    return Ok(());
                }
                Class::Late => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Sends one request. Where the endpoint is gone that was there, it may come back for a while.
    async fn send(&mut self, at: usize, words: &str, made: &Made) -> Result<Answer, Stop> {
        let mut waited = Duration::ZERO;
        loop {
            let sent = self.send_once(words, &made.draft, made.length_as_given).await?;
            let answer = self.answer(made, &sent).await?;
            if answer.reply != Reply::Away {
                self.attempts[at].push(sent.id.to_string());
                return Ok(answer);
            }
            if self.answered.is_none() || waited >= BACK_WITHIN {
                return Err(Stop::Failed(self.gone(&sent)));
            }
            tokio::select! {
                () = self.run.cancel.cancelled() => return Err(Stop::Cancelled),
                () = sleep(ASKED_EVERY) => waited += ASKED_EVERY,
            }
        }
    }

    fn gone(&self, sent: &RunSent) -> String {
        let why = sent.attempt.error.clone().unwrap_or_default();
        match &self.answered {
            None => format!("{why} Nothing was sent. Start the endpoint, then check again."),
            Some(last) => format!(
                "The endpoint is gone since “{last}”: {why} A handler that throws may end its whole process. What was found \
                 until then is kept; start it again and check again."
            ),
        }
    }

    async fn send_once(&self, words: &str, draft: &Draft, length_as_given: bool) -> Result<RunSent, Stop> {
        let waits = Duration::from_millis(u64::from(self.job.waits_ms));
        let send = RunSend {
            kind: AttemptKind::Check,
            draft,
            signing: Some(words.to_owned()),
            limits: SendLimits {
                connect: waits.min(Duration::from_secs(10)),
                first_byte: waits,
                total: waits,
                reply_bytes: REPLY_LIMIT,
            },
            any_certificate: self.job.request.any_certificate,
            length_as_given,
        };
        Ok(self.inner.send_in_run(self.run, &send).await?)
    }

    async fn answer(&mut self, made: &Made, sent: &RunSent) -> Result<Answer, Stop> {
        let reply = match (&sent.attempt.reply, sent.no_reply) {
            (Some(reply), None) => Reply::Status(reply.status),
            (_, Some(NoReply::Timeout)) => Reply::Late,
            (_, Some(NoReply::Unreachable)) => Reply::Away,
            (_, Some(NoReply::Cancelled)) => return Err(Stop::Cancelled),
            (_, Some(NoReply::Unsendable)) => {
                return Err(Stop::Failed(sent.attempt.error.clone().unwrap_or_default()));
            }
            _ => Reply::Broken,
        };
        let took = sent.attempt.timing.total_us.unwrap_or_default();
        let body = sent.attempt.reply.as_ref().map(|reply| reply.body.clone()).unwrap_or_default();
        let echoes = match reply {
            Reply::Status(status) => made.echoed(status, &body),
            _ => made.echoed(0, &[]),
        };
        let changed = match (&mut self.state, &reply) {
            (Some(state), Reply::Status(_) | Reply::Broken | Reply::Late) => state.changed().await,
            _ => None,
        };
        Ok(Answer::new(reply, u64::try_from(took).unwrap_or_default(), echoes, changed))
    }

    /// Tells how far it is, and keeps what was found.
    async fn tell(&self, current: Option<&str>) -> Result<(), Stop> {
        let report = self.report();
        let kept = text(&report)?;
        if let Some(live) = self.inner.checking.held().get_mut(&self.run.id) {
            live.report = report;
        }
        self.inner.note_run(self.run, kept).await?;
        let done = self.asked.iter().filter(|one| !one.answers.is_empty()).count();
        let total = self.asked.iter().filter(|one| one.probe.requests() > 0).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.inner.bus.publish(EngineEvent::Check(CheckState {
            run: self.run.id.to_string(),
            phase: self.phase,
            done: count(done),
            total: count(total),
            current: current.map(str::to_owned),
        }));
        Ok(())
    }

    fn report(&self) -> CheckReport {
        let mut report = self.job.first_report(self.run.id, 0);
        if let Some(live) = self.inner.checking.held().get(&self.run.id) {
            report.started_at.clone_from(&live.report.started_at);
        }
        let judged = judge(&self.job.setup(), &self.asked, self.proved.as_ref());
        let found = judged.into_iter().zip(&self.asked).zip(&self.attempts);
        report.findings = found.map(|((found, one), attempts)| finding(found, one, attempts)).collect();
        let (wire, counted) = score(&report.findings);
        report.score = wire;
        report.headline = headline(&counted);
        report.phase = self.phase;
        report.notes.extend(self.notes.iter().cloned());
        report
    }
}
