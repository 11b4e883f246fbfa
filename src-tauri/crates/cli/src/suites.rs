//! `countersign export --tests`: beside the fixtures, a test file for each provider that is among them.

use crate::args::{Common, ExportArgs};
use crate::output::{self, Failure};
use countersign_core::catalogue::Catalogue;
use countersign_core::fixture::Fixture;
use countersign_core::snippets::suite::{Against, Framework, Runner, Suite, suite};
use countersign_engine::Engine;
use countersign_engine::wire::ExportFormat;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// Reads a runner's name.
pub(crate) fn runner(text: &str) -> Result<Runner, String> {
    Runner::from_id(text).ok_or_else(|| {
        let names = Runner::all().map(Runner::id);
        format!("there is no test runner “{text}”: there are {}", names.join(", "))
    })
}

/// An app that the tests call without a server: `flask:webhook:app`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct App {
    framework: Framework,
    module: String,
    name: String,
}

/// Reads `--app`.
pub(crate) fn app(text: &str) -> Result<App, String> {
    let wrong = || format!("“{text}” names no app: write FRAMEWORK:MODULE:NAME, such as flask:webhook:app");
    let (framework, rest) = text.split_once(':').ok_or_else(wrong)?;
    let framework = Framework::from_id(framework)
        .ok_or_else(|| format!("there is no framework “{framework}”: there are flask, fastapi, express and next"))?;
    // A module may have colons: `file:///…`.
    let (module, name) = rest.rsplit_once(':').ok_or_else(wrong)?;
    Ok(App { framework, module: module.to_owned(), name: name.to_owned() })
}

/// What is asked of `--tests`, checked before anything is written: where the fixtures go below `--out`.
pub(crate) fn fixtures_folder(args: &ExportArgs, runner: Runner) -> Result<&'static str, Failure> {
    if args.format != ExportFormat::Fixtures {
        return Err(Failure::usage("tests are made of fixtures: leave out --format"));
    }
    if args.out == Path::new("-") || args.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        return Err(Failure::usage("tests are written into a folder: name one with --out"));
    }
    // Any provider shows whether the app can be called.
    let catalogue = Catalogue::builtin().map_err(|error| Failure::failed(error.to_string()))?;
    let first = catalogue.iter().next().ok_or_else(|| Failure::failed("there is no provider"))?;
    made(args, runner, &first.rule).map(|made| made.fixtures)
}

fn made(args: &ExportArgs, runner: Runner, rule: &countersign_core::rule::ProviderRule) -> Result<Suite, Failure> {
    let against = args.app.as_ref().map_or(Against::Url, |app| Against::App {
        framework: app.framework,
        module: app.module.clone(),
        name: app.name.clone(),
        path: args.app_path.clone(),
    });
    suite(rule, runner, &against).map_err(|error| Failure::usage(error.to_string()))
}

/// Writes the test files for the fixtures that were exported into `out`; answers whether all are there now.
pub(crate) async fn write(
    common: &Common,
    engine: &Engine,
    args: &ExportArgs,
    runner: Runner,
    out: &Path,
) -> Result<bool, Failure> {
    let mut providers = BTreeSet::new();
    for file in engine.export_files(0, 100_000, false).await? {
        let name = file.name.as_str();
        let path = out.join(fixtures_folder(args, runner)?).join(name);
        let fixture: Option<Fixture> = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        providers.extend(fixture.and_then(|fixture| fixture.provider));
    }
    let mut whole = true;
    for provider in engine.catalogue().iter().filter(|one| providers.contains(one.id().as_str())) {
        let made = made(args, runner, &provider.rule)?;
        let path = out.join(&made.file_name);
        let before = std::fs::read(&path).ok();
        let word = match &before {
            Some(text) if *text == made.code.as_bytes() => "unchanged",
            Some(_) if !args.force => {
                whole &= args.skip_existing;
                if args.skip_existing { "skipped" } else { "differs" }
            }
            _ => {
                let fault = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(fault)?;
                }
                std::fs::write(&path, &made.code).map_err(fault)?;
                if before.is_some() { "replaced" } else { "written" }
            }
        };
        if common.json {
            output::json(&json!({
                "type": "tests", "name": made.file_name, "provider": provider.id().as_str(), "outcome": word,
                "command": made.command, "secret_env": made.secret_env,
            }))?;
        } else {
            output::line(format_args!("{word:<9}  {}", made.file_name))?;
            output::line(format_args!("           {}", made.command))?;
            made.notes.iter().for_each(|note| eprintln!("countersign: {note}"));
        }
    }
    if providers.is_empty() {
        eprintln!("countersign: none of these deliveries is a known provider's: no tests were written.");
    }
    if !whole {
        eprintln!("countersign: a test file is there with other content: give --force to replace it.");
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_read() {
        let read = app("flask:shop.webhook:app").expect("an app");
        assert_eq!(
            (read.framework, read.module.as_str(), read.name.as_str()),
            (Framework::Flask, "shop.webhook", "app")
        );
        for wrong in ["flask", "flask:webhook", "django:webhook:app"] {
            assert!(app(wrong).is_err(), "{wrong}");
        }
        assert!(runner("nose").expect_err("there is none").contains("pytest, vitest"));
    }
}
