//! The catalogue: every provider file, read, checked and ready to judge.

use crate::handshake::{Handshake, HandshakeFault};
use crate::ids::{ProviderId, SchemeId};
use crate::json::{fill, parse_body};
use crate::judge::unsigned;
use crate::request::{Headers, HttpVersion, Request, text};
use crate::rule::{Part, ProviderRule, SchemeRule};
use crate::secret::{Secret, SecretText};
use crate::shape::Shape;
use crate::signing::Key;
use crate::verdict::{Form, Outcome, Verdict};
use bytes::Bytes;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The provider files that are part of the program, in the order of the catalogue.
const FILES: [(&str, &str); 5] = [
    ("pptvideo.toml", include_str!("../providers/pptvideo.toml")),
    ("videopilot.toml", include_str!("../providers/videopilot.toml")),
    ("ihateppt.toml", include_str!("../providers/ihateppt.toml")),
    ("pollo.toml", include_str!("../providers/pollo.toml")),
    ("firebirdgen.toml", include_str!("../providers/firebirdgen.toml")),
];

/// Why a provider file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// It is not such a file.
    #[error("{file}: {source}")]
    Syntax {
        /// The file's name.
        file: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Its own sample does not verify.
    #[error("{file}: the sample of the scheme {scheme} does not verify: {reason}")]
    Sample {
        /// The file's name.
        file: String,
        /// The scheme.
        scheme: SchemeId,
        /// The verdict's reason.
        reason: String,
    },
    /// Its handshake is wrong, or its sample gets another answer.
    #[error("{file}: {source}")]
    Handshake {
        /// The file's name.
        file: String,
        /// What is wrong.
        #[source]
        source: HandshakeFault,
    },
    /// A field of an event's sample cannot be set.
    #[error("{file}: the event {event}: the field {pointer} {reason}")]
    Field {
        /// The file's name.
        file: String,
        /// The event's type.
        event: String,
        /// The field's pointer.
        pointer: String,
        /// Why.
        reason: String,
    },
    /// Its schema cannot be compiled.
    #[error("{file}: {reason}")]
    Schema {
        /// The file's name.
        file: String,
        /// Why.
        reason: String,
    },
    /// An id stands in two files.
    #[error("{file}: the id {id} is taken by another provider or scheme")]
    Taken {
        /// The file's name.
        file: String,
        /// The id.
        id: String,
    },
}

/// A provider, ready to judge.
#[derive(Debug)]
pub struct Provider {
    /// Its file.
    pub rule: ProviderRule,
    shape: Option<Shape>,
}

impl Provider {
    /// Reads a provider file, verifies its samples and checks the fields of its events. `file` is its name, for messages.
    ///
    /// # Errors
    /// Where the file is not one, a sample does not verify, or a field of an event is wrong.
    pub fn load(file: &str, toml: &str) -> Result<Provider, CatalogueError> {
        let rule: ProviderRule = toml::from_str(toml)
            .map_err(|source| CatalogueError::Syntax { file: file.to_owned(), source: Box::new(source) })?;
        for scheme in &rule.schemes {
            let verdict = judge_sample(&rule, scheme);
            if verdict.outcome != Outcome::Pass {
                return Err(CatalogueError::Sample {
                    file: file.to_owned(),
                    scheme: scheme.id.clone(),
                    reason: verdict.reason,
                });
            }
        }
        rule.handshake
            .as_ref()
            .map_or(Ok(()), Handshake::check)
            .map_err(|source| CatalogueError::Handshake { file: file.to_owned(), source })?;
        for event in &rule.events {
            event.check_fields().map_err(|(pointer, reason)| CatalogueError::Field {
                file: file.to_owned(),
                event: event.event_type.clone(),
                pointer,
                reason,
            })?;
        }
        let shape = rule
            .checks
            .as_ref()
            .map(|checks| Shape::new(&checks.schema))
            .transpose()
            .map_err(|reason| CatalogueError::Schema { file: file.to_owned(), reason })?;
        Ok(Provider { rule, shape })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &ProviderId {
        &self.rule.id
    }

    /// Whether it signs.
    #[must_use]
    pub fn signs(&self) -> bool {
        !self.rule.schemes.is_empty()
    }

    /// The schema of its bodies, where it does not sign.
    #[must_use]
    pub fn shape(&self) -> Option<&Shape> {
        self.shape.as_ref()
    }

    /// How the request names its event, as far as it does.
    #[must_use]
    pub fn event(&self, request: &Request, body: Option<&Value>) -> EventNamed {
        let names = &self.rule.event;
        let id = fill(&names.id, request, body);
        EventNamed {
            event_type: fill(&names.event_type, request, body),
            group: names.group.as_ref().map_or_else(|| id.clone(), |group| fill(group, request, body)),
            id,
        }
    }
}

/// Judges the sample of a scheme at the sample's own time.
fn judge_sample(rule: &ProviderRule, scheme: &SchemeRule) -> Verdict {
    let mut headers = Headers::new();
    for (name, value) in &scheme.sample.headers {
        headers.push(name.clone(), value.clone());
    }
    let at_s = scheme.time.as_ref().and_then(|time| text(headers.first(&time.header)?).parse::<i64>().ok());
    let request = Request {
        method: "POST".to_owned(),
        target: Bytes::from_static(b"/"),
        version: HttpVersion::Http11,
        headers,
        body: Bytes::copy_from_slice(scheme.sample.body.as_bytes()),
        cut_from: None,
    };
    let secret = Secret { name: "sample".to_owned(), value: SecretText::new(scheme.sample.secret.clone()) };
    scheme.judge(rule, &request, at_s.unwrap_or_default().saturating_mul(1_000_000), &[Key::new(scheme.key, &secret)])
}

/// How the provider of a request was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecognisedBy {
    /// The first part of the path is the provider's id.
    Path,
    /// The user pinned the path.
    Pin,
    /// Only this provider's headers fit.
    Headers,
    /// Of several that fit, this one's secret verifies.
    Secret,
    /// The body has this provider's shape.
    Body,
}

impl RecognisedBy {
    /// The wire name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RecognisedBy::Path => "path",
            RecognisedBy::Pin => "pin",
            RecognisedBy::Headers => "headers",
            RecognisedBy::Secret => "secret",
            RecognisedBy::Body => "body",
        }
    }
}

/// The keys of every scheme.
#[derive(Debug, Clone, Default)]
pub struct Keys(HashMap<SchemeId, Vec<Key>>);

impl Keys {
    /// Makes secrets ready for every scheme of their provider.
    #[must_use]
    pub fn new<'a>(catalogue: &Catalogue, secrets: impl IntoIterator<Item = (&'a ProviderId, &'a Secret)>) -> Keys {
        let mut keys = Keys::default();
        for (provider, secret) in secrets {
            for scheme in catalogue.get(provider).into_iter().flat_map(|p| &p.rule.schemes) {
                keys.0.entry(scheme.id.clone()).or_default().push(Key::new(scheme.key, secret));
            }
        }
        keys
    }

    /// The keys of one scheme, in the order of their secrets.
    #[must_use]
    pub fn of(&self, scheme: &SchemeId) -> &[Key] {
        self.0.get(scheme).map_or(&[], Vec::as_slice)
    }
}

/// What a request says of its event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventNamed {
    /// Its type, as the provider names it.
    pub event_type: Option<String>,
    /// Its id, as the provider names it, or what stands in for it.
    pub id: Option<String>,
    /// What it shares with retries and duplicates of it: the id, unless the provider's file says otherwise.
    pub group: Option<String>,
}

/// What is known of a request once every scheme has spoken.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The provider, where one was recognised, and how.
    pub provider: Option<(ProviderId, RecognisedBy)>,
    /// The event's type, as the provider names it.
    pub event_type: Option<String>,
    /// The event's id, as the provider names it.
    pub event_id: Option<String>,
    /// What it shares with retries and duplicates of the event.
    pub group: Option<String>,
    /// One verdict a scheme, in the order of the catalogue, and whether it belongs on the row.
    pub verdicts: Vec<(Verdict, bool)>,
}

/// Every provider that is known.
#[derive(Debug)]
pub struct Catalogue(Vec<Provider>);

impl Catalogue {
    /// The providers that are part of the program.
    ///
    /// # Errors
    /// Where a file is wrong; a test keeps that from being shipped.
    pub fn builtin() -> Result<Catalogue, CatalogueError> {
        Catalogue::of(FILES)
    }

    /// The providers of some files, each with its name and its text.
    ///
    /// # Errors
    /// Where a file is wrong, or an id stands in two.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Catalogue, CatalogueError> {
        let mut providers = Vec::new();
        let mut taken = HashSet::new();
        for (file, toml) in files {
            let provider = Provider::load(file, toml)?;
            let ids = provider.rule.schemes.iter().map(|s| s.id.to_string());
            for id in ids.chain((!provider.signs()).then(|| provider.id().to_string())) {
                if !taken.insert(id.clone()) {
                    return Err(CatalogueError::Taken { file: file.to_owned(), id });
                }
            }
            providers.push(provider);
        }
        Ok(Catalogue(providers))
    }

    /// The providers in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Provider> {
        self.0.iter()
    }

    /// The provider of that id.
    #[must_use]
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.0.iter().find(|p| p.id() == id)
    }

    /// The scheme of that id with its provider.
    #[must_use]
    pub fn scheme(&self, id: &SchemeId) -> Option<(&Provider, &SchemeRule)> {
        self.0.iter().find_map(|p| p.rule.schemes.iter().find(|s| s.id == *id).map(|s| (p, s)))
    }

    /// Judges a request, received at `received_at_us`, by every scheme, and finds out whose it is. `pinned` is the
    /// provider to which the user pinned the path.
    #[must_use]
    pub fn judge(
        &self,
        request: &Request,
        received_at_us: i64,
        keys: &Keys,
        pinned: Option<&ProviderId>,
        body: Option<&Value>,
    ) -> Judgement {
        let mut verdicts = Vec::with_capacity(self.0.len());
        for provider in &self.0 {
            for scheme in &provider.rule.schemes {
                verdicts.push(scheme.judge(&provider.rule, request, received_at_us, keys.of(&scheme.id)));
            }
            if !provider.signs()
                && let Ok(scheme) = provider.id().as_str().parse()
            {
                verdicts.push(unsigned(provider.id(), &provider.rule.name, scheme));
            }
        }
        let found = self.recognise(request, &verdicts, pinned, body);
        let names = found.as_ref().and_then(|(id, _)| self.get(id)).map(|p| p.event(request, body));
        let EventNamed { event_type, id: event_id, group } = names.unwrap_or_default();
        let verdicts = verdicts
            .into_iter()
            .map(|verdict| {
                let applies = match &found {
                    Some((provider, _)) => verdict.provider == *provider,
                    None => self.fits(&verdict),
                };
                (verdict, applies)
            })
            .collect();
        Judgement { provider: found, event_type, event_id, group, verdicts }
    }

    fn recognise(
        &self,
        request: &Request,
        verdicts: &[Verdict],
        pinned: Option<&ProviderId>,
        body: Option<&Value>,
    ) -> Option<(ProviderId, RecognisedBy)> {
        if let Some(provider) = pinned.filter(|id| self.get(id).is_some()) {
            return Some((provider.clone(), RecognisedBy::Pin));
        }
        let path = text(request.path());
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if let Some(provider) = self.0.iter().find(|p| p.id().as_str() == first) {
            return Some((provider.id().clone(), RecognisedBy::Path));
        }
        let mut fitting: Vec<&ProviderId> = verdicts.iter().filter(|v| self.fits(v)).map(|v| &v.provider).collect();
        fitting.dedup();
        if let [only] = fitting.as_slice() {
            return Some(((*only).clone(), RecognisedBy::Headers));
        }
        let holds = |v: &&Verdict| matches!(v.outcome, Outcome::Pass | Outcome::Stale);
        let mut verified: Vec<&ProviderId> = verdicts.iter().filter(holds).map(|v| &v.provider).collect();
        verified.dedup();
        if let [only] = verified.as_slice() {
            return Some(((*only).clone(), RecognisedBy::Secret));
        }
        let shaped: Vec<&Provider> = body
            .map(|body| {
                self.0
                    .iter()
                    .filter(|p| fitting.is_empty() || fitting.contains(&p.id()))
                    .filter(|p| p.rule.detect.fits(body))
                    .collect()
            })
            .unwrap_or_default();
        match shaped.as_slice() {
            [only] => Some((only.id().clone(), RecognisedBy::Body)),
            _ => None,
        }
    }

    /// Whether a request's headers are a scheme's. A signature written as another scheme writes it still is this one's
    /// where no other scheme uses that header.
    fn fits(&self, verdict: &Verdict) -> bool {
        match verdict.form {
            Form::Own => true,
            Form::Absent => false,
            Form::Foreign => self.scheme(&verdict.scheme).is_some_and(|(_, own)| {
                let others = self.0.iter().flat_map(|p| &p.rule.schemes).filter(|s| s.id != own.id);
                others.into_iter().all(|s| !s.signature.header.eq_ignore_ascii_case(&own.signature.header))
            }),
        }
    }

    /// The body of a request as JSON, for [`Catalogue::judge`].
    #[must_use]
    pub fn body(request: &Request) -> Option<Value> {
        parse_body(request)
    }

    /// The headers that the schemes use, in lower case: they carry signatures and are not for a log.
    #[must_use]
    pub fn signature_headers(&self) -> HashSet<String> {
        let schemes = self.0.iter().flat_map(|p| &p.rule.schemes);
        schemes.map(|s| s.signature.header.to_ascii_lowercase()).collect()
    }
}

impl SchemeRule {
    /// The headers that it uses, as the provider spells them: those that are signed, then the signature's.
    #[must_use]
    pub fn headers(&self) -> Vec<&str> {
        let signed = self.content.iter().filter_map(|part| match part {
            Part::Header { name, .. } => Some(name.as_str()),
            _ => None,
        });
        signed.chain([self.signature.header.as_str()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_file_loads_and_its_sample_verifies() {
        let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
        let ids: Vec<&str> = catalogue.iter().map(|p| p.id().as_str()).collect();
        assert_eq!(ids, ["pptvideo", "videopilot", "ihateppt", "pollo", "firebirdgen"]);
    }

    #[test]
    fn a_rule_whose_sample_does_not_verify_is_refused() {
        let (file, toml) = FILES[1];
        let broken = toml.replacen("videopilot-published-test-secret", "another-secret", 1);
        let error = Provider::load(file, &broken).expect_err("the sample's secret is another one");
        assert_eq!(
            error.to_string(),
            "videopilot.toml: the sample of the scheme videopilot does not verify: \
             The signature does not match the secret “sample”."
        );
    }
}
