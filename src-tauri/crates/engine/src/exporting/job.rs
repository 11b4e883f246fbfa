//! An export as it was asked for, made ready.

use super::source::Place;
use super::suites::Tests;
use crate::error::EngineError;
use crate::sending::{authority, input};
use crate::wire::{ExportFormat, ExportRequest, RedactKind, Redaction};
use crate::{Inner, read};
use countersign_core::export::{Exporter, Format, Preparing};
use countersign_core::redact::{Choices, Kind, Known, SecretSearch};

/// What is exported, and all that it takes.
pub(super) struct Job {
    pub(super) places: Vec<Place>,
    pub(super) format: Format,
    pub(super) wire_format: ExportFormat,
    pub(super) base_url: Option<String>,
    pub(super) tests: Option<Tests>,
    pub(super) choices: Choices,
    pub(super) known: Known,
    pub(super) secrets: SecretSearch,
    /// What should be known about stored secrets, one sentence each.
    pub(super) warnings: Vec<String>,
    /// The random text of the log.
    pub(super) log: String,
}

impl Job {
    /// What a delivery is prepared with.
    pub(super) fn preparing<'a>(&'a self, inner: &'a Inner) -> Preparing<'a> {
        Preparing { catalogue: &inner.catalogue, choices: &self.choices, known: &self.known, secrets: &self.secrets }
    }

    /// The name of a delivery's own file below the folder.
    pub(super) fn file_name(&self, name: &str) -> String {
        let ending = self.format.extension();
        match &self.tests {
            Some(tests) => format!("{}/{name}{ending}", tests.fixtures),
            None => format!("{name}{ending}"),
        }
    }

    /// A writer of the format; `bodies` is the folder for bodies in files of their own.
    pub(super) fn exporter(&self, bodies: Option<String>) -> Exporter<'_> {
        Exporter::new(self.format, self.base_url.as_deref(), bodies, &self.secrets)
    }
}

pub(super) fn wire_format(format: Format) -> ExportFormat {
    match format {
        Format::Fixtures => ExportFormat::Fixtures,
        Format::Har => ExportFormat::Har,
        Format::Curl => ExportFormat::Curl,
        Format::Http => ExportFormat::Http,
        Format::Postman => ExportFormat::Postman,
        Format::Raw => ExportFormat::Raw,
        Format::Csv => ExportFormat::Csv,
        Format::Ndjson => ExportFormat::Ndjson,
    }
}

fn core_format(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Fixtures => Format::Fixtures,
        ExportFormat::Har => Format::Har,
        ExportFormat::Curl => Format::Curl,
        ExportFormat::Http => Format::Http,
        ExportFormat::Postman => Format::Postman,
        ExportFormat::Raw => Format::Raw,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Ndjson => Format::Ndjson,
    }
}

pub(super) fn wire_kind(kind: Kind) -> RedactKind {
    match kind {
        Kind::Credentials => RedactKind::Credentials,
        Kind::Cookies => RedactKind::Cookies,
        Kind::Tokens => RedactKind::Tokens,
        Kind::TunnelAddresses => RedactKind::TunnelAddresses,
        Kind::ClientIps => RedactKind::ClientIps,
        Kind::Emails => RedactKind::Emails,
        Kind::Chosen => RedactKind::Chosen,
        Kind::Secrets => RedactKind::Secrets,
    }
}

fn core_kind(kind: RedactKind) -> Kind {
    match kind {
        RedactKind::Credentials => Kind::Credentials,
        RedactKind::Cookies => Kind::Cookies,
        RedactKind::Tokens => Kind::Tokens,
        RedactKind::TunnelAddresses => Kind::TunnelAddresses,
        RedactKind::ClientIps => Kind::ClientIps,
        RedactKind::Emails => Kind::Emails,
        RedactKind::Chosen => Kind::Chosen,
        RedactKind::Secrets => Kind::Secrets,
    }
}

/// The kinds that are masked where nothing is chosen.
pub(crate) fn suggested_kinds() -> Vec<RedactKind> {
    Kind::SUGGESTED.into_iter().map(wire_kind).collect()
}

fn choices(redaction: Redaction) -> Result<Choices, EngineError> {
    if let Some(wrong) = redaction.pointers.iter().find(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
        let wrong = countersign_core::shorten(wrong, 80);
        return Err(input(format!(
            "“{wrong}” is no JSON pointer: write /data/email, or /items/*/email for every item."
        )));
    }
    Ok(Choices {
        kinds: redaction.kinds.into_iter().map(core_kind).collect(),
        mask: redaction.mask.into_iter().collect(),
        keep: redaction.keep.into_iter().collect(),
        pointers: redaction.pointers,
        keep_exact: redaction.keep_exact,
    })
}

impl Inner {
    /// Makes an export ready. Reads the log: blocks.
    pub(super) fn job(&self, request: ExportRequest) -> Result<Job, EngineError> {
        let base_url = request.base_url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
        if let Some(url) = base_url.as_deref().filter(|url| authority(url).is_none()) {
            let shown = countersign_core::shorten(url, 80);
            return Err(input(format!("“{shown}” is not an http or https address.")));
        }
        let tests = request.tests.map(|wanted| self.tests(wanted, request.format)).transpose()?;
        let ring = self.ring();
        let secrets = SecretSearch::labelled(ring.stored.iter().map(|stored| {
            let provider = self.catalogue.get(&stored.provider).map(|provider| provider.rule.name.as_str());
            let provider = provider.unwrap_or(stored.provider.as_str());
            (format!("“{}” of {provider}", stored.secret.name), &stored.secret)
        }));
        let mut warnings = Vec::new();
        for label in secrets.too_short() {
            warnings.push(format!("The secret {label} is too short to be looked for in what goes out."));
        }
        for secret in read(&self.unreadable).iter() {
            warnings.push(format!(
                "The secret “{}” of {} cannot be read now, so it is not looked for in what goes out: {}.",
                secret.name, secret.provider, secret.why
            ));
        }
        let public = self.tunnelling.state().public_url;
        let host = public.as_deref().and_then(authority).map(|authority| {
            let end = authority.rfind(':').filter(|at| authority[at + 1..].bytes().all(|b| b.is_ascii_digit()));
            authority[..end.unwrap_or(authority.len())].to_ascii_lowercase()
        });
        Ok(Job {
            places: self.export_places(&request.selection)?,
            format: core_format(request.format),
            wire_format: request.format,
            base_url,
            tests,
            choices: choices(request.redaction)?,
            known: Known { hosts: host.into_iter().collect() },
            secrets,
            warnings,
            log: self.store.log_id()?,
        })
    }
}
