//! Every fixture gets the verdict that it expects, from the one secret that it names.

use countersign_core::catalogue::{Catalogue, Judgement, Keys};
use countersign_core::diagnosis::{BUDGET_ON_VIEW, Evidence, diagnose};
use countersign_core::fixture::Fixture;
use countersign_core::secret::{Secret, SecretText};
use countersign_core::verdict::Outcome;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

struct Case {
    path: PathBuf,
    fixture: Fixture,
    secrets: Vec<Secret>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures")
}

/// Every fixture by path, with the secret it names.
fn cases() -> Vec<Case> {
    let secrets = std::fs::read_to_string(folder().join("secrets.json")).expect("the secrets are there");
    let secrets: serde_json::Value = serde_json::from_str(&secrets).expect("the secrets are JSON");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.is_dir())
        .flat_map(|dir| std::fs::read_dir(dir).expect("the folder can be listed"))
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("the fixture can be read");
            let fixture = Fixture::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let value = |name: &String| {
                let provider = fixture.provider.as_deref().expect("a fixture with a secret names its provider");
                let value = secrets["secrets"][provider][name].as_str().expect("the secret is published");
                Secret { name: name.clone(), value: SecretText::new(value.to_owned()) }
            };
            Case { secrets: fixture.secret.iter().map(value).collect(), path, fixture }
        })
        .collect()
}

fn captured_us(case: &Case) -> i64 {
    case.fixture.captured_at.parse::<jiff::Timestamp>().expect("captured_at is a time").as_microsecond()
}

fn judge(catalogue: &Catalogue, case: &Case) -> Judgement {
    let request = case.fixture.request().expect("the fixture's request can be read");
    let provider = case.fixture.provider.as_ref().map(|p| p.parse().expect("the provider's id is one"));
    let keys = Keys::new(catalogue, provider.iter().flat_map(|p| case.secrets.iter().map(move |s| (p, s))));
    let body = Catalogue::body(&request);
    catalogue.judge(&request, captured_us(case), &keys, None, body.as_ref())
}

#[test]
fn every_fixture_gets_what_it_expects() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let cases = cases();
    assert!(cases.len() > 200, "only {} fixtures were found", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let judged = judge(&catalogue, case);
        let expect = &case.fixture.expect;
        let mut differs = |what: &str, expected: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug| {
            let _ = writeln!(wrong, "{}: {what}: expected {expected:?}, got {got:?}", case.path.display());
        };
        let outcomes: BTreeMap<&str, (Outcome, &str)> =
            judged.verdicts.iter().map(|(v, _)| (v.scheme.as_str(), (v.outcome, v.reason.as_str()))).collect();
        for (scheme, expected) in &expect.verdicts {
            let got = outcomes.get(scheme.as_str());
            if got.map(|(outcome, _)| outcome) != Some(expected) {
                differs(scheme, expected, &got);
            }
        }
        let recognised = judged.provider.as_ref().map(|(id, _)| id.to_string());
        if recognised != expect.recognised {
            differs("recognised", &expect.recognised, &recognised);
        }
        if judged.event_type != expect.event_type {
            differs("event type", &expect.event_type, &judged.event_type);
        }
        if judged.event_id != expect.event_id {
            differs("event id", &expect.event_id, &judged.event_id);
        }
        if let Some(expected) = expect.checks.get("shape") {
            let request = case.fixture.request().expect("the request was read before");
            let provider = judged.provider.as_ref().and_then(|(id, _)| catalogue.get(id));
            let holds = provider.and_then(|p| p.shape()).map(|shape| shape.check(&request).is_ok());
            if holds != Some(*expected) {
                differs("shape", expected, &holds);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The reasons are sentences that a person reads: a change of one is to be looked at.
#[test]
fn reasons_and_causes_read_well() {
    let catalogue = Catalogue::builtin().expect("the builtin catalogue is right");
    let mut out = String::new();
    for case in &cases() {
        let judged = judge(&catalogue, case);
        for (verdict, _) in judged.verdicts.iter().filter(|(v, applies)| *applies && v.outcome != Outcome::Pass) {
            let file = case.path.strip_prefix(folder()).expect("fixtures are below their folder");
            let _ = writeln!(out, "{} [{}] {}", file.display(), verdict.outcome.as_str(), verdict.reason);
            let Some((provider, scheme)) = catalogue.scheme(&verdict.scheme) else { continue };
            let request = case.fixture.request().expect("the request was read before");
            let evidence = Evidence {
                provider: &provider.rule,
                scheme,
                request: &request,
                own: &case.secrets,
                others: &[],
                budget: BUDGET_ON_VIEW,
            };
            if matches!(verdict.outcome, Outcome::Fail | Outcome::Malformed)
                && let Some(cause) = diagnose(&evidence)
            {
                let _ = writeln!(out, "    {}: {}", cause.cause, cause.headline);
            }
        }
    }
    insta::assert_snapshot!(out);
}
