//! A delivery that was masked is signed anew, with a secret that protects nothing.

use crate::catalogue::{Catalogue, Judgement, Keys, Provider};
use crate::draft::Draft;
use crate::fixture::Fixture;
use crate::ids::ProviderId;
use crate::request::{Request, text};
use crate::resign::{IdChoice, Inputs, Signing, TimestampChoice, apply};
use crate::secret::{Secret, SecretText};
use crate::signing::Key;
use crate::verdict::Outcome;
use std::sync::LazyLock;

/// The published test secrets: those of `fixtures/secrets.json`.
static PUBLISHED: LazyLock<serde_json::Value> = LazyLock::new(|| {
    let text = include_str!("../../../../../fixtures/secrets.json");
    serde_json::from_str(text).unwrap_or_default()
});

/// The published test secret of a provider; that of its rule's own sample where there is no other. None where it does not
/// sign.
#[must_use]
pub fn published_secret(provider: &Provider) -> Option<Secret> {
    let scheme = provider.rule.schemes.first()?;
    let test = PUBLISHED["secrets"][provider.id().as_str()]["test"].as_str();
    Some(match test {
        Some(value) => Secret { name: "test".to_owned(), value: SecretText::new(value.to_owned()) },
        None => Secret { name: "sample".to_owned(), value: SecretText::new(scheme.sample.secret.clone()) },
    })
}

/// The published secret by which a masked fixture is judged: it was signed anew with it, or was to be, where its signature
/// did not hold before. None for any other.
#[must_use]
pub fn published_for(catalogue: &Catalogue, fixture: &Fixture) -> Option<(ProviderId, Secret)> {
    let redacted = fixture.redacted.as_ref()?;
    let provider = catalogue.get(&fixture.provider.as_ref()?.parse().ok()?)?;
    let secret = published_secret(provider)?;
    let named = [redacted.signed_with.as_ref(), fixture.secret.as_ref()];
    named.contains(&Some(&secret.name)).then(|| (provider.id().clone(), secret))
}

/// A delivery that was signed anew, or was to be.
#[derive(Debug, Clone)]
pub struct SignedAnew {
    /// The request.
    pub request: Request,
    /// The name of the published secret by which it is judged from now on.
    pub secret: String,
    /// Whether it was signed. Where its signature did not hold before, it is left alone: it does not hold now either.
    pub signed: bool,
    /// What is made of it with that secret alone, at the time of the capture.
    pub judgement: Judgement,
}

/// Signs a request anew whose signed bytes were masked, at the time that stands in it, and judges it. `outcome` is what its
/// verdict was. None where its provider does not sign, or it cannot be signed.
#[must_use]
pub fn sign_anew(
    catalogue: &Catalogue,
    provider: &ProviderId,
    request: &Request,
    outcome: Outcome,
    received_at_us: i64,
) -> Option<SignedAnew> {
    let found = catalogue.get(provider)?;
    let scheme = found.rule.schemes.first()?;
    let secret = published_secret(found)?;
    let signs = matches!(outcome, Outcome::Pass | Outcome::Stale);
    let request = match signs {
        false => request.clone(),
        true => {
            let key = Key::new(scheme.key, &secret);
            let draft = Draft {
                method: request.method.clone(),
                url: format!("http://localhost{}", text(&request.target)),
                headers: request.headers.clone(),
                body: request.body.clone(),
            };
            let signing = Signing::Sign { timestamp: TimestampChoice::Captured, id: IdChoice::Same };
            let now_s = received_at_us.div_euclid(1_000_000);
            // An id is never needed: what passed has one.
            let inputs = Inputs { now_s, key: Some(&key), other_key: &[], new_id: "evt_redacted" };
            let signed = apply(Some(scheme), &draft, &signing, &inputs).ok()?;
            Request { headers: signed.draft.headers, ..request.clone() }
        }
    };
    let keys = Keys::new(catalogue, [(provider, &secret)]);
    let body = Catalogue::body(&request);
    let judgement = catalogue.judge(&request, received_at_us, &keys, None, body.as_ref());
    Some(SignedAnew { request, secret: secret.name, signed: signs, judgement })
}
