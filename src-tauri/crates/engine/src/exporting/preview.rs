//! What would go out, before it does.

use super::job::{Job, wire_kind};
use super::write::Listed;
use crate::Inner;
use crate::error::EngineError;
use crate::wire::{ExportPreview, FoundInfo, RedactKind};
use countersign_core::export::names::BODIES;
use countersign_core::export::{Prepared, prepare};
use countersign_core::redact::{Found, Kind, Part, Unsearched, published_secret};
use countersign_core::request::text;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Deliveries that are searched: the most, and of bodies the most bytes. Whoever looks at a preview does not wait.
const SEARCHED: u32 = 2_000;
const SEARCHED_BYTES: u64 = 16 * 1024 * 1024;
/// Names of files that are listed.
const NAMES: usize = 50;
/// Characters of the first file that are shown.
const SAMPLE: usize = 20_000;
/// Places that are listed: a log of everything has not more kinds of places than that.
const PLACES: usize = 500;

#[derive(Default)]
struct Seen {
    order: Vec<String>,
    found: HashMap<String, FoundInfo>,
    anew: u32,
    /// Providers of which something is signed anew.
    providers: Vec<String>,
    /// Providers of what was searched.
    of: BTreeSet<String>,
    kept_failing: u32,
    compressed: u32,
    sealed: u32,
    not_text: u32,
    body_kept: u32,
    mail_kept: u32,
}

/// Looks at what would go out.
pub(super) fn preview(inner: &Inner, job: &Job) -> Result<ExportPreview, EngineError> {
    let preparing = job.preparing(inner);
    let mut exporter = job.exporter(Some(BODIES.to_owned()));
    let mut listed = Listed::new(job);
    let mut seen = Seen::default();
    let (mut searched, mut bytes, mut read) = (0, exporter.begin().len() as u64, 0);
    let mut sample = exporter.begin();
    for place in &job.places {
        if searched >= SEARCHED || read >= SEARCHED_BYTES {
            break;
        }
        let Some(captured) = inner.captured(*place, job)? else { continue };
        read += captured.request.body.len() as u64;
        searched += 1;
        let prepared = prepare(captured, &preparing);
        let name = listed.next(job, &prepared.record.stem(), NAMES);
        let item = exporter.item(&prepared.record, &name);
        bytes += item.bytes.len() as u64 + item.beside.as_ref().map_or(0, |(_, body)| body.len() as u64);
        if sample.len() < 4 * SAMPLE && (job.format.one_file() || searched == 1) {
            sample.extend_from_slice(&item.bytes);
        }
        seen.look(job, &place.words(), &prepared);
    }
    listed.end(inner, job)?;
    let total = u32::try_from(job.places.len()).unwrap_or(u32::MAX);
    if searched > 0 && searched < total {
        bytes = bytes / u64::from(searched) * u64::from(total);
    }
    if searched == total {
        sample.extend_from_slice(&exporter.end());
    }
    let tests = inner.suites(job, &seen.of)?;
    let files = if job.format.one_file() { 1 } else { total } + tests.len() as u32;
    bytes += tests.iter().map(|(_, code)| code.len() as u64).sum::<u64>();
    // The tests first: they are few, and the fixtures may be many.
    let names = tests.into_iter().map(|(test, _)| test.name).chain(listed.listed).take(NAMES).collect();
    let notes = seen.notes(inner, exporter.notes());
    let warnings = seen.warnings(job, searched, total);
    Ok(ExportPreview {
        deliveries: total,
        searched,
        names,
        files,
        bytes: bytes + exporter.end().len() as u64,
        signed_anew: seen.anew,
        found: seen.order.iter().filter_map(|key| seen.found.get(key)).cloned().collect(),
        sample: countersign_core::shorten(&text(&sample), SAMPLE),
        notes,
        warnings,
    })
}

impl Seen {
    fn look(&mut self, job: &Job, id: &str, prepared: &Prepared) {
        self.of.extend(prepared.record.captured.provider.clone());
        let mut here: HashSet<&str> = HashSet::new();
        for found in &prepared.found {
            // One of several in the same delivery is enough.
            if here.insert(&found.key) {
                self.add(job, id, prepared, found);
            }
        }
        for name in &prepared.masked.secrets {
            self.count(id, &format!("secret:{name}"), || FoundInfo {
                key: format!("secret:{name}"),
                kind: RedactKind::Secrets,
                place: format!("the value of the secret {name}"),
                pointer: None,
                shown: "••••••••".to_owned(),
                deliveries: 0,
                first: String::new(),
                masked: true,
                suggested: true,
                always: true,
                signed: false,
            });
        }
        let taken = |found: &&Found| job.choices.takes(found, &prepared.signed);
        let in_body = || prepared.found.iter().filter(|found| found.part == Part::Body);
        self.body_kept += u32::from(job.choices.keep_exact && in_body().next().is_some());
        self.mail_kept += u32::from(prepared.found.iter().any(|found| found.kind == Kind::Emails && !taken(&found)));
        match prepared.unsearched {
            Some(Unsearched::Compressed) => self.compressed += 1,
            Some(Unsearched::Sealed) => self.sealed += 1,
            Some(Unsearched::NotText) => self.not_text += 1,
            None => {}
        }
        let record = &prepared.record;
        if record.redacted.as_ref().is_some_and(|redacted| redacted.signed_with.is_some()) {
            self.anew += 1;
            if let Some(provider) = record.captured.provider.as_ref().filter(|id| !self.providers.contains(id)) {
                self.providers.push(provider.clone());
            }
        } else if (prepared.masked.body || prepared.masked.signed_header) && !prepared.signed.is_empty() {
            self.kept_failing += 1;
        }
    }

    fn add(&mut self, job: &Job, id: &str, prepared: &Prepared, found: &Found) {
        self.count(id, &found.key, || FoundInfo {
            key: found.key.clone(),
            kind: wire_kind(found.kind),
            place: found.place.clone(),
            pointer: found.pointer.clone(),
            shown: found.shown.clone(),
            deliveries: 0,
            first: String::new(),
            masked: job.choices.takes(found, &prepared.signed),
            suggested: Kind::SUGGESTED.contains(&found.kind),
            always: false,
            signed: !prepared.signed.is_empty() && found.is_signed(&prepared.signed),
        });
    }

    fn count(&mut self, id: &str, key: &str, make: impl FnOnce() -> FoundInfo) {
        if !self.found.contains_key(key) {
            if self.order.len() >= PLACES {
                return;
            }
            self.order.push(key.to_owned());
            self.found.insert(key.to_owned(), FoundInfo { first: id.to_owned(), ..make() });
        }
        if let Some(info) = self.found.get_mut(key) {
            info.deliveries += 1;
        }
    }

    fn notes(&self, inner: &Inner, exporter: Vec<String>) -> Vec<String> {
        let mut notes = exporter;
        if self.anew > 0 {
            notes.push(format!(
                "{} changed where {} signed, and {} signed anew for the time of the capture with a published test secret.",
                deliveries(self.anew, "is", "are"),
                if self.anew == 1 { "it is" } else { "they are" },
                if self.anew == 1 { "is" } else { "are" },
            ));
            notes.extend(self.providers.iter().filter_map(|provider| published_note(inner, provider)));
        }
        if self.kept_failing > 0 {
            notes.push(format!(
                "{} changed where {} signed; the signature did not hold before and is left as it is.",
                deliveries(self.kept_failing, "is", "are"),
                if self.kept_failing == 1 { "it is" } else { "they are" },
            ));
        }
        notes
    }

    fn warnings(&self, job: &Job, searched: u32, total: u32) -> Vec<String> {
        let mut warnings = job.warnings.clone();
        if searched < total {
            warnings.push(format!(
                "The first {searched} of {total} deliveries were searched. The same is masked in the others; what else they \
                 hold is not known yet."
            ));
        }
        let mut say = |count: u32, one: &str, several: &str| match count {
            0 => {}
            1 => warnings.push(format!("One delivery {one}")),
            count => warnings.push(format!("{count} deliveries {several}")),
        };
        say(
            self.body_kept,
            "has something in its body that may be masked. The body leaves as it was captured.",
            "have something in their bodies that may be masked. The bodies leave as they were captured.",
        );
        if !job.choices.keep_exact {
            say(
                self.mail_kept,
                "holds an e-mail address that leaves as it is.",
                "hold e-mail addresses that leave as they are.",
            );
        }
        say(
            self.compressed,
            "has a compressed body: nothing but stored secrets was looked for in it.",
            "have compressed bodies: nothing but stored secrets was looked for in them.",
        );
        say(
            self.not_text,
            "has a body that is no text: nothing but stored secrets was looked for in it.",
            "have bodies that are no text: nothing but stored secrets was looked for in them.",
        );
        warnings.extend(sealed_warning(self.sealed));
        warnings
    }
}

/// That compressed bodies could not be looked into; none where all could.
pub(super) fn sealed_warning(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some(
            "One delivery has a compressed body that could not be looked into; stored secrets may be in it.".to_owned(),
        ),
        count => Some(format!(
            "{count} deliveries have compressed bodies that could not be looked into; stored secrets may be in them."
        )),
    }
}

fn deliveries(count: u32, one: &str, several: &str) -> String {
    if count == 1 { format!("One delivery {one}") } else { format!("{count} deliveries {several}") }
}

/// The published test secret of a provider, in a sentence.
pub(super) fn published_note(inner: &Inner, provider: &str) -> Option<String> {
    let provider = inner.catalogue.get(&provider.parse().ok()?)?;
    let secret = published_secret(provider)?;
    let (name, value) = (&provider.rule.name, secret.value.reveal());
    Some(format!("The published test secret “{}” of {name} is {value}. It protects nothing.", secret.name))
}

/// That a stored secret was found: “main” of Pollo.ai.
pub(super) fn secret_note(label: &str) -> String {
    format!("The value of your secret {label} stood in what goes out. It is masked.")
}
