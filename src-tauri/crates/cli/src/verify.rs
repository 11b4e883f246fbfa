//! `countersign verify`.

use crate::args::{Common, VerifyArgs, VerifyFormat};
use crate::junit::{Case, Outcome};
use crate::output::{self, Failure, visible};
use crate::sign::{read_body, read_time};
use countersign_core::catalogue::Catalogue;
use countersign_core::fixture::{Difference, Expectation, Fixture};
use countersign_core::ids::ProviderId;
use countersign_core::redact::published_for;
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
    let mut broken = false;
    let mut cases = Vec::new();
    let quiet = args.format == Some(VerifyFormat::Junit);
    for path in crate::fixtures::expand(&args.fixtures)? {
        let input = path.display().to_string();
        // One that cannot be read does not hide what is said of the others.
        let (provider, outcome) = match fixture(common, &catalogue, &secrets, &path, args.now.as_deref(), quiet) {
            Ok((provider, outcome)) => (provider, outcome),
            Err(Wrong::File(why)) => {
                eprintln!("countersign: {}", visible(&why));
                broken = true;
                (None, Outcome::Broken(why))
            }
            Err(Wrong::Command(failure)) => return Err(failure),
        };
        all_hold &= matches!(outcome, Outcome::Holds);
        cases.push(Case { input, provider, outcome });
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
        let input = path.display().to_string();
        match quiet {
            true => cases.push(Case {
                outcome: outcome(passes(&verdicts), &verdicts, &BTreeMap::new()),
                input,
                provider: args.provider.as_ref().map(ToString::to_string),
            }),
            false => print(common, &input, &verdicts, BTreeMap::new())?,
        }
    }
    if quiet {
        output::line(crate::junit::xml(&cases)?.trim_end())?;
    } else if !common.json && cases.len() > 1 {
        output::line(total(&cases))?;
    }
    if broken {
        return Ok(ExitCode::from(3));
    }
    Ok(if all_hold { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// How many of the fixtures are what, in a sentence.
fn total(cases: &[Case]) -> String {
    let hold = cases.iter().filter(|case| matches!(case.outcome, Outcome::Holds)).count();
    let broken = cases.iter().filter(|case| matches!(case.outcome, Outcome::Broken(_))).count();
    let mut said = format!("{} fixtures: {hold} as expected", cases.len());
    for (count, words) in [(cases.len() - hold - broken, "not as expected"), (broken, "cannot be read")] {
        if count > 0 {
            said.push_str(&format!(", {count} {words}"));
        }
    }
    said + "."
}

/// The secrets of this run; where none is given, those that are stored.
async fn secrets(common: &Common) -> Result<Vec<(ProviderId, String, SecretText)>, Failure> {
    if common.secrets.is_empty() {
        return Ok(output::open(common).await?.secrets());
    }
    Ok(common.secrets.iter().map(|s| (s.provider.clone(), s.name.clone(), s.value.clone())).collect())
}

/// Why a fixture was not judged.
enum Wrong {
    /// The file; why, with its name.
    File(String),
    /// The command as a whole.
    Command(Failure),
}

/// What became of a judgement, for a report.
fn outcome(holds: bool, verdicts: &[Verified], unexpected: &BTreeMap<String, Difference>) -> Outcome {
    if holds {
        return Outcome::Holds;
    }
    let differences = unexpected.iter().map(|(name, d)| format!("{name}: {} was expected, {} came", d.expected, d.got));
    let mut message = differences.collect::<Vec<_>>().join("; ");
    if message.is_empty() {
        message = "no signature holds".to_owned();
    }
    let applying = verdicts.iter().filter(|v| v.applies || verdicts.iter().all(|v| !v.applies));
    let mut detail = String::new();
    for verdict in applying {
        detail.push_str(&format!("{} {}: {}\n", verdict.scheme, output::word(verdict.outcome), verdict.reason));
        if let Some(diagnosis) = &verdict.diagnosis {
            detail.push_str(&format!("  {}\n", diagnosis.explanation));
        }
    }
    Outcome::Fails(visible(&message), detail.lines().map(visible).collect::<Vec<_>>().join("\n"))
}

/// Judges a fixture: its provider, and whether it is as it expects, or, where it expects nothing, whether it passes.
fn fixture(
    common: &Common,
    catalogue: &Catalogue,
    secrets: &[(ProviderId, String, SecretText)],
    path: &Path,
    now: Option<&str>,
    quiet: bool,
) -> Result<(Option<String>, Outcome), Wrong> {
    let shown = path.display().to_string();
    let file = |why: String| Wrong::File(format!("{shown}{why}"));
    let text = std::fs::read_to_string(path).map_err(|error| file(format!(" cannot be read: {error}")))?;
    let fixture = Fixture::parse(&text).map_err(|error| file(format!(": {error}")))?;
    let request = fixture.request().map_err(|error| file(format!(": {error}")))?;
    let now_us = match now {
        Some(_) => read_time(now).map_err(Wrong::Command)?,
        None => time::parse(&fixture.captured_at).ok_or_else(|| file(": captured_at is no time".to_owned()))?,
    };
    let input = Input { request, now_us, provider: None };
    // What was masked and signed anew is judged with the published secret too, which nobody has to give.
    let published = published_for(catalogue, &fixture).map(|(provider, secret)| (provider, secret.name, secret.value));
    let secrets: Vec<_> = secrets.iter().cloned().chain(published).collect();
    let (verdicts, unexpected) = verify(catalogue, &secrets, &input, &fixture.expect);
    let holds = if fixture.expect.is_empty() { passes(&verdicts) } else { unexpected.is_empty() };
    let outcome = outcome(holds, &verdicts, &unexpected);
    if !quiet {
        print(common, &shown, &verdicts, unexpected).map_err(Wrong::Command)?;
    }
    Ok((fixture.provider, outcome))
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
    output::line(visible(input))?;
    for verdict in verdicts.iter().filter(|v| v.applies || verdicts.iter().all(|v| !v.applies)) {
        output::line(format_args!(
            "  {} {} {}: {}",
            output::sign(verdict.outcome),
            verdict.scheme,
            output::word(verdict.outcome),
            visible(&verdict.reason)
        ))?;
        if let Some(diagnosis) = &verdict.diagnosis {
            output::line(format_args!("    {}", visible(&diagnosis.explanation)))?;
        }
    }
    for (name, difference) in &unexpected {
        let (expected, got) = (visible(&difference.expected), visible(&difference.got));
        output::line(format_args!("  {name}: {expected} was expected, {got} came"))?;
    }
    Ok(())
}
