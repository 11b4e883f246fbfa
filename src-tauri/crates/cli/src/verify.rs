//! `countersign verify`.

use crate::args::{Common, VerifyArgs};
use crate::output::{self, Failure, visible};
use crate::sign::{read_body, read_time};
use countersign_core::catalogue::Catalogue;
use countersign_core::fixture::{Difference, Expectation, Fixture};
use countersign_core::ids::ProviderId;
use countersign_core::request::{Headers, HttpVersion, Request};
use countersign_core::secret::SecretText;
use countersign_engine::wire::WireOutcome;
use countersign_engine::{Input, Verified, time, verify};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

#[derive(Serialize)]
struct Answer<'a> {
    input: &'a str,
    verdicts: &'a [Verified],
    /// What the fixture expects and did not get, by scheme or field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unexpected: BTreeMap<String, Difference>,
}

pub(crate) async fn run(common: &Common, args: VerifyArgs) -> Result<ExitCode, Failure> {
    let catalogue = Catalogue::builtin().map_err(|error| Failure::failed(error.to_string()))?;
    let secrets = secrets(common).await?;
    if args.fixtures.is_empty() && args.body.is_none() {
        return Err(Failure::usage("name fixtures, or give --provider, --header and --body"));
    }
    let mut all_hold = true;
    for path in &args.fixtures {
        all_hold &= fixture(common, &catalogue, &secrets, path, args.now.as_deref())?;
    }
    if let Some(path) = &args.body {
        let request = request(&args, read_body(path)?)?;
        if let Some(provider) = args.provider.as_ref().filter(|p| catalogue.get(p).is_none()) {
            return Err(Failure::usage(format!("there is no provider “{provider}”")));
        }
        let now_us = read_time(args.now.as_deref())?;
        let input = Input { request, now_us, provider: args.provider.clone() };
        let (verdicts, _) = verify(&catalogue, &secrets, &input, &Expectation::default());
        all_hold &= passes(&verdicts);
        print(common, &path.display().to_string(), &verdicts, BTreeMap::new())?;
    }
    Ok(if all_hold { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The secrets of this run; where none is given, those that are stored.
async fn secrets(common: &Common) -> Result<Vec<(ProviderId, String, SecretText)>, Failure> {
    if common.secrets.is_empty() {
        return Ok(output::open(common).await?.secrets());
    }
    Ok(common.secrets.iter().map(|s| (s.provider.clone(), s.name.clone(), s.value.clone())).collect())
}

/// Judges a fixture; whether it is as it expects, or, where it expects nothing, whether it passes.
fn fixture(
    common: &Common,
    catalogue: &Catalogue,
    secrets: &[(ProviderId, String, SecretText)],
    path: &Path,
    now: Option<&str>,
) -> Result<bool, Failure> {
    let shown = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::failed(format!("{shown} cannot be read: {error}")))?;
    let fixture = Fixture::parse(&text).map_err(|error| Failure::failed(format!("{shown}: {error}")))?;
    let request = fixture.request().map_err(|error| Failure::failed(format!("{shown}: {error}")))?;
    let now_us = match now {
        Some(_) => read_time(now)?,
        None => time::parse(&fixture.captured_at)
            .ok_or_else(|| Failure::failed(format!("{shown}: captured_at is no time")))?,
    };
    let input = Input { request, now_us, provider: None };
    let (verdicts, unexpected) = verify(catalogue, secrets, &input, &fixture.expect);
    let holds = if fixture.expect.is_empty() { passes(&verdicts) } else { unexpected.is_empty() };
    print(common, &shown, &verdicts, unexpected)?;
    Ok(holds)
}

/// Whether a scheme of its own holds.
fn passes(verdicts: &[Verified]) -> bool {
    verdicts.iter().any(|v| v.applies && v.outcome == WireOutcome::Pass)
}

fn request(args: &VerifyArgs, body: Vec<u8>) -> Result<Request, Failure> {
    let mut headers = Headers::new();
    for header in &args.headers {
        let (name, value) =
            header.split_once(':').ok_or_else(|| Failure::usage(format!("“{header}” is not “Name: value”")))?;
        headers.push(name.trim().to_owned(), value.trim().to_owned());
    }
    // Of a URL only path and query reach a listener.
    let target = match args.url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => &args.url,
    };
    Ok(Request {
        method: args.method.clone(),
        target: target.to_owned().into(),
        version: HttpVersion::Http11,
        headers,
        body: body.into(),
        cut_from: None,
    })
}

fn print(
    common: &Common,
    input: &str,
    verdicts: &[Verified],
    unexpected: BTreeMap<String, Difference>,
) -> Result<(), Failure> {
    if common.json {
        return output::json(&Answer { input, verdicts, unexpected });
    }
    output::line(input)?;
    for verdict in verdicts.iter().filter(|v| v.applies || verdicts.iter().all(|v| !v.applies)) {
        output::line(format_args!(
            "  {} {} {}: {}",
            output::sign(verdict.outcome),
            verdict.scheme,
            output::word(verdict.outcome),
            visible(&verdict.reason)
        ))?;
        if let Some(diagnosis) = &verdict.diagnosis {
            output::line(format_args!("    {}", diagnosis.explanation))?;
        }
    }
    for (name, difference) in &unexpected {
        let (expected, got) = (visible(&difference.expected), visible(&difference.got));
        output::line(format_args!("  {name}: {expected} was expected, {got} came"))?;
    }
    Ok(())
}
