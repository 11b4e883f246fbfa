//! `countersign export --tests`: what it takes, and what it says of the test files.

use crate::output::{self, Failure};
use countersign_core::snippets::suite::{Framework, Runner};
use countersign_engine::wire::{ExportState, TestedApp};

/// Reads a runner's name.
pub(crate) fn runner(text: &str) -> Result<String, String> {
    let runner = Runner::from_id(text).ok_or_else(|| {
        let names = Runner::all().map(Runner::id);
        format!("there is no test runner “{text}”: there are {}", names.join(", "))
    })?;
    Ok(runner.id().to_owned())
}

/// An app that the tests call without a server: `flask:webhook:app`. Its path comes from elsewhere.
pub(crate) fn app(text: &str) -> Result<TestedApp, String> {
    let wrong = || format!("“{text}” names no app: write FRAMEWORK:MODULE:NAME, such as flask:webhook:app");
    let (framework, rest) = text.split_once(':').ok_or_else(wrong)?;
    let framework = Framework::from_id(framework)
        .ok_or_else(|| format!("there is no framework “{framework}”: there are flask, fastapi, express and next"))?;
    // A module may have colons: `file:///…`.
    let (module, name) = rest.rsplit_once(':').ok_or_else(wrong)?;
    let path = String::new();
    Ok(TestedApp { framework: framework.id().to_owned(), module: module.to_owned(), name: name.to_owned(), path })
}

/// Says how the tests are run.
pub(crate) fn tell(state: &ExportState) -> Result<(), Failure> {
    for test in &state.tests {
        output::line(format_args!("{}", test.name))?;
        output::line(format_args!("           {}", test.command))?;
    }
    let mut said = Vec::new();
    for note in state.tests.iter().flat_map(|test| &test.notes) {
        if !said.contains(&note) {
            eprintln!("countersign: {note}");
            said.push(note);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_read() {
        let read = app("flask:shop.webhook:app").expect("an app");
        assert_eq!(
            (read.framework.as_str(), read.module.as_str(), read.name.as_str()),
            ("flask", "shop.webhook", "app")
        );
        let read = app("express:file:///srv/app.js:default").expect("an app");
        assert_eq!((read.module.as_str(), read.name.as_str()), ("file:///srv/app.js", "default"));
        for wrong in ["flask", "flask:webhook", "django:webhook:app"] {
            assert!(app(wrong).is_err(), "{wrong}");
        }
        assert!(runner("nose").expect_err("there is none").contains("pytest, vitest"));
    }
}
