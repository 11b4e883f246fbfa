//! Test files beside exported fixtures: one for each provider that is among them.

use super::job::Job;
use crate::Inner;
use crate::error::EngineError;
use crate::sending::input;
use crate::wire::{ExportFormat, ExportTestFile, ExportTests, FrameworkInfo, TestRunnerInfo};
use countersign_core::snippets::suite::{Against, Framework, Runner, Suite, suite};
use std::collections::BTreeSet;

/// The tests that are wanted, checked.
pub(super) struct Tests {
    runner: Runner,
    against: Against,
    /// Where the tests look for the fixtures, below the folder of the export.
    pub(super) fixtures: &'static str,
}

/// The runners there are.
pub(super) fn runners() -> Vec<TestRunnerInfo> {
    let framework = |framework: &Framework| {
        let (module, app) = framework.example();
        FrameworkInfo {
            id: framework.id().to_owned(),
            name: framework.name().to_owned(),
            module: module.to_owned(),
            app: app.to_owned(),
        }
    };
    let info = |runner: Runner| TestRunnerInfo {
        id: runner.id().to_owned(),
        name: runner.name().to_owned(),
        frameworks: runner.frameworks().iter().map(framework).collect(),
    };
    Runner::all().into_iter().map(info).collect()
}

impl Inner {
    /// Reads what is wanted; any fault of it is found before anything is written.
    pub(super) fn tests(&self, wanted: ExportTests, format: ExportFormat) -> Result<Tests, EngineError> {
        if format != ExportFormat::Fixtures {
            return Err(input("Tests read fixtures: choose fixtures as the format."));
        }
        let runner = Runner::from_id(&wanted.runner).ok_or_else(|| {
            let names = Runner::all().map(Runner::id).join(", ");
            input(format!(
                "There is no test runner “{}”: there are {names}.",
                countersign_core::shorten(&wanted.runner, 60)
            ))
        })?;
        let against = match wanted.app {
            None => Against::Url,
            Some(app) => Against::App {
                framework: Framework::from_id(&app.framework).ok_or_else(|| {
                    let name = countersign_core::shorten(&app.framework, 60);
                    input(format!("There is no framework “{name}”: there are flask, fastapi, express and next."))
                })?,
                module: app.module.trim().to_owned(),
                name: app.name.trim().to_owned(),
                path: app.path.trim().to_owned(),
            },
        };
        // Any provider shows whether the app can be called.
        let first = self.catalogue.iter().next().ok_or(EngineError::Broken)?;
        let fixtures = suite(&first.rule, runner, &against).map_err(|error| input(error.to_string()))?.fixtures;
        Ok(Tests { runner, against, fixtures })
    }

    /// The test files for what was exported of these providers. A pinned path's own provider has a rule too, so all are
    /// in the catalogue but those that were removed meanwhile.
    pub(super) fn suites(
        &self,
        job: &Job,
        providers: &BTreeSet<String>,
    ) -> Result<Vec<(ExportTestFile, String)>, EngineError> {
        let Some(tests) = &job.tests else { return Ok(Vec::new()) };
        let of = self.catalogue.iter().filter(|provider| providers.contains(provider.rule.id.as_str()));
        of.map(|provider| {
            let made = suite(&provider.rule, tests.runner, &tests.against).map_err(|error| input(error.to_string()))?;
            let Suite { file_name: name, code, command, notes, secret_env, .. } = made;
            let provider = provider.rule.id.to_string();
            Ok((ExportTestFile { name, provider, command, secret_env, notes }, code))
        })
        .collect()
    }
}
