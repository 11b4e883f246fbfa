//! Fixtures beside the log: their verdicts now, and the deliveries that they were made of.

use super::file::{self, Content, Listed};
use super::update::version_of;
use crate::error::EngineError;
use crate::importing::wire_format;
use crate::judging::{Ring, judge, wire_outcome};
use crate::secrets::Stored;
use crate::wire::{FixtureField, FixtureFile, Unexpected, VerdictSummary};
use crate::{Inner, time};
use countersign_core::catalogue::Judgement;
use countersign_core::compare::{self, HeaderChange};
use countersign_core::fixture::Fixture;
use countersign_core::redact::published_for;
use countersign_core::request::{Request, text};
use countersign_core::verdict::Verdict;
use countersign_store::{Delivery, DeliveryId, Received};
use std::collections::HashMap;
use std::sync::Arc;

/// Deliveries that are looked at for one file: retries of an event are rarely more.
const CANDIDATES: usize = 20;
/// Headers that are named where they differ.
const NAMED: usize = 5;

/// Where two requests differ.
pub(super) fn differences(file: &Request, delivery: &Request) -> Vec<FixtureField> {
    let field = |field: &str, words: String| FixtureField { field: field.to_owned(), words, old: None, new: None };
    let shown = |bytes: &[u8]| countersign_core::shorten(&text(bytes), 80);
    let pair = |name: &str, old: &str, new: &str| FixtureField {
        field: name.to_owned(),
        words: format!("{old} here, {new} in the delivery."),
        old: Some(old.to_owned()),
        new: Some(new.to_owned()),
    };
    let mut out = Vec::new();
    if file.method != delivery.method {
        out.push(pair("method", &file.method, &delivery.method));
    }
    if file.target != delivery.target {
        out.push(pair("target", &shown(&file.target), &shown(&delivery.target)));
    }
    if file.version != delivery.version {
        out.push(pair("version", file.version.as_str(), delivery.version.as_str()));
    }
    if file.headers != delivery.headers {
        let rows = compare::headers(&file.headers, &delivery.headers);
        let changed = rows.iter().filter(|row| row.change != HeaderChange::Same);
        let mut names: Vec<String> = changed
            .map(|row| {
                let name = row.name_a.as_ref().or(row.name_b.as_ref()).map(|name| shown(name)).unwrap_or_default();
                match row.change {
                    HeaderChange::OnlyA => format!("{name} only here"),
                    HeaderChange::OnlyB => format!("{name} only in the delivery"),
                    HeaderChange::Spelling => format!("{name} spelled otherwise"),
                    HeaderChange::Moved => format!("{name} in another place"),
                    _ => name,
                }
            })
            .collect();
        if names.len() > NAMED {
            let more = names.len() - NAMED;
            names.truncate(NAMED);
            names.push(format!("{more} more"));
        }
        out.push(field("headers", format!("{}.", names.join(", "))));
    }
    if let Some(first) = compare::first_difference(&file.body, &delivery.body) {
        out.push(field(
            "body",
            format!(
                "The bodies differ from byte {} on: {} bytes here, {} in the delivery.",
                first.offset + 1,
                file.body.len(),
                delivery.body.len()
            ),
        ));
    }
    out
}

/// A verdict for a row.
fn wire_judged((verdict, applies): &(Verdict, bool)) -> VerdictSummary {
    VerdictSummary {
        scheme: verdict.scheme.to_string(),
        outcome: wire_outcome(verdict.outcome),
        reason: verdict.reason.clone(),
        secret: verdict.secret.clone(),
        skew_s: verdict.clock.as_ref().filter(|clock| !clock.looks_like_ms).and_then(|clock| clock.skew_s),
        applies: *applies,
    }
}

impl Inner {
    /// Files as they are now, each with what names its content. Reads the files and the log: blocks.
    pub(super) fn look_at(&self, files: &[Listed]) -> Result<Vec<(FixtureFile, Option<String>)>, EngineError> {
        let contents: Vec<(&Listed, Result<Content, String>)> = files.iter().map(|f| (f, file::read(f))).collect();
        let moments = contents.iter().filter_map(|(_, content)| content.as_ref().ok()?.captured_at_us);
        let mut moments: Vec<i64> = moments.collect();
        moments.sort_unstable();
        moments.dedup();
        let mut by_time: HashMap<i64, Vec<Received>> = HashMap::new();
        if !moments.is_empty() {
            for one in self.store.received_at(&moments)? {
                by_time.entry(one.received_at_us).or_default().push(one);
            }
        }
        let log = self.store.log_id()?;
        let look = |(listed, content): (&Listed, Result<Content, String>)| {
            let version = content.as_ref().ok().map(|content| version_of(&content.bytes));
            Ok((self.look_at_one(listed, content, &by_time, &log)?, version))
        };
        contents.into_iter().map(look).collect()
    }

    fn look_at_one(
        &self,
        listed: &Listed,
        content: Result<Content, String>,
        by_time: &HashMap<i64, Vec<Received>>,
        log: &str,
    ) -> Result<FixtureFile, EngineError> {
        let meta = std::fs::metadata(&listed.path).ok();
        let modified = meta.as_ref().and_then(|meta| meta.modified().ok()).map(|at| time::rfc3339_us(time::us(at)));
        let content = content.unwrap_or_else(|why| Content { problem: Some(why), ..Content::default() });
        let mut out = FixtureFile {
            file: listed.path.display().to_string(),
            name: listed.name.clone(),
            format: content.format.map(wire_format),
            problem: content.problem.clone(),
            line: content.line,
            bytes: meta.map_or(0, |meta| meta.len()),
            modified_at: modified,
            about: content.fixture.as_ref().and_then(|fixture| fixture.about.clone()),
            captured_at: content.captured_at_us.map(time::rfc3339_us),
            method: None,
            target: None,
            provider: None,
            event_type: None,
            event_id: None,
            verdicts: Vec::new(),
            as_expected: None,
            unexpected: Vec::new(),
            capture: None,
            differs: Vec::new(),
            notes: content.notes.clone(),
        };
        let Some(request) = &content.request else { return Ok(out) };
        let judgement = self.judged_now(&content, request, &mut out);
        if let Some(capture) = self.capture_of(&content, request, &judgement, by_time, log)? {
            out.differs = differences(request, &capture.request);
            out.capture = Some(capture.summary.id.to_string());
        }
        Ok(out)
    }

    /// The secrets that a file is judged with: those that are stored, and the published one where it was signed anew with it.
    pub(super) fn ring_for(&self, fixture: Option<&Fixture>) -> Arc<Ring> {
        let stored = self.ring();
        let Some((provider, secret)) = fixture.and_then(|fixture| published_for(&self.catalogue, fixture)) else {
            return stored;
        };
        let published = Stored { provider, secret, this_run_only: true };
        Arc::new(Ring::new(&self.catalogue, stored.stored.iter().cloned().chain([published]).collect()))
    }

    /// Judges a file and writes down what came of it.
    fn judged_now(&self, content: &Content, request: &Request, out: &mut FixtureFile) -> Judgement {
        let at = content.captured_at_us.unwrap_or_else(time::now_us);
        let pinned = self.pinned(request.path());
        let ring = self.ring_for(content.fixture.as_ref());
        let judgement = judge(&self.catalogue, &ring, request, at, pinned.as_ref());
        if let Some(fixture) = content.fixture.as_ref().filter(|fixture| !fixture.expect.is_empty()) {
            let differences = fixture.expect.differences(&self.catalogue, &judgement, request);
            out.as_expected = Some(differences.is_empty());
            let unexpected = differences.into_iter();
            out.unexpected =
                unexpected.map(|(what, d)| Unexpected { what, expected: d.expected, got: d.got }).collect();
        }
        out.method = Some(request.method.clone());
        out.target = Some(countersign_core::shorten(&text(&request.target), 2000));
        out.provider = judgement.provider.as_ref().map(|(provider, _)| provider.to_string());
        out.event_type.clone_from(&judgement.event_type);
        out.event_id.clone_from(&judgement.event_id);
        out.verdicts = judgement.verdicts.iter().filter(|(_, applies)| *applies).map(wire_judged).collect();
        judgement
    }

    /// The delivery that a file was made of: the one that it names, else one of its moment or of its event; of several the
    /// one with the same bytes.
    fn capture_of(
        &self,
        content: &Content,
        request: &Request,
        judgement: &Judgement,
        by_time: &HashMap<i64, Vec<Received>>,
        log: &str,
    ) -> Result<Option<Delivery>, EngineError> {
        let source = content.fixture.as_ref().and_then(|fixture| fixture.source.as_ref());
        let named: Option<DeliveryId> =
            source.filter(|source| source.log == log).and_then(|source| source.delivery.parse().ok());
        let of_moment = content.captured_at_us.and_then(|at| by_time.get(&at)).map_or(&[][..], Vec::as_slice);
        let of_event = match (&judgement.provider, &judgement.event_id) {
            (Some((provider, _)), Some(event)) => self.store.same_event(provider, event, None)?,
            _ => Vec::new(),
        };
        let alike = |one: &&Received| one.method == request.method && one.target == request.target;
        let of_moment: Vec<DeliveryId> = of_moment.iter().filter(alike).map(|one| one.id).collect();
        let mut ids: Vec<DeliveryId> = named.into_iter().collect();
        // The only one of its moment, at the same place, is the capture also where its event was edited. A capture's moment
        // has microseconds; one in whole seconds was written by hand, and many files may have it.
        let to_the_microsecond = content.captured_at_us.is_some_and(|at| at % 1_000_000 != 0);
        if let [only] = of_moment[..]
            && to_the_microsecond
        {
            ids.push(only);
        }
        let of_event: Vec<DeliveryId> = of_event.iter().rev().map(|related| related.id).collect();
        // Of several of one moment it is the one that is of the event too, or has the same bytes.
        let certain = ids.len() + of_event.len();
        ids.extend(of_event);
        ids.extend(of_moment.iter().filter(|id| !ids.contains(id)).copied().collect::<Vec<_>>());
        let mut first = None;
        for (at, id) in ids.into_iter().enumerate().take(CANDIDATES) {
            let Some(delivery) = self.store.delivery(id)? else { continue };
            if delivery.request == *request {
                return Ok(Some(delivery));
            }
            if first.is_none() && at < certain {
                first = Some(delivery);
            }
        }
        Ok(first)
    }
}
