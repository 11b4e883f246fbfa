//! Tests that replay captured deliveries against the user's handler, for the test runner that the user has.
//!
//! One file for a provider, beside the fixtures that it reads. It does two things: it computes each captured signature with
//! the provider's rule, at the time of the capture; and it sends each delivery to the handler and asks for the answer that
//! the provider counts as delivered, or for a refusal where the capture's signature does not hold. What is to be accepted
//! is signed anew, because a handler that looks at the time refuses a recording. The secret comes from an environment
//! variable and stands in no file.

use super::facts::Facts;
use super::{Language, quote};
use crate::rule::{Basis, ProviderRule, Success};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

#[cfg(test)]
mod tests;

/// Where the tests send to unless `WEBHOOK_URL` says otherwise.
const URL: &str = "http://localhost:3000/webhook";

/// A test runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Runner {
    /// Python's pytest.
    Pytest,
    /// Node's vitest.
    Vitest,
    /// Node's jest.
    Jest,
    /// `go test`.
    Go,
    /// `cargo test`.
    Cargo,
    /// PHP's `PHPUnit`.
    PhpUnit,
    /// Ruby's `RSpec`.
    Rspec,
}

impl Runner {
    /// All of them, in the order of a list.
    #[must_use]
    pub fn all() -> [Runner; 7] {
        use Runner::{Cargo, Go, Jest, PhpUnit, Pytest, Rspec, Vitest};
        [Pytest, Vitest, Jest, Go, Cargo, PhpUnit, Rspec]
    }

    /// How the command line and the window name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Runner::Pytest => "pytest",
            Runner::Vitest => "vitest",
            Runner::Jest => "jest",
            Runner::Go => "go",
            Runner::Cargo => "cargo",
            Runner::PhpUnit => "phpunit",
            Runner::Rspec => "rspec",
        }
    }

    /// The runner of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Runner> {
        Runner::all().into_iter().find(|runner| runner.id() == id)
    }

    /// Its name for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Runner::Pytest => "pytest",
            Runner::Vitest => "vitest",
            Runner::Jest => "jest",
            Runner::Go => "go test",
            Runner::Cargo => "cargo test",
            Runner::PhpUnit => "PHPUnit",
            Runner::Rspec => "RSpec",
        }
    }

    /// The frameworks whose app it can call without a server.
    #[must_use]
    pub fn frameworks(self) -> &'static [Framework] {
        match self {
            Runner::Pytest => &[Framework::Flask, Framework::FastApi],
            Runner::Vitest | Runner::Jest => &[Framework::Express, Framework::Next],
            _ => &[],
        }
    }

    /// The language whose literals its files use.
    fn language(self) -> Language {
        match self {
            Runner::Pytest => Language::PythonFlask,
            Runner::Vitest | Runner::Jest => Language::NodeHttp,
            Runner::Go => Language::Go,
            Runner::Cargo => Language::Rust,
            Runner::PhpUnit => Language::Php,
            Runner::Rspec => Language::Ruby,
        }
    }

    fn template(self) -> (&'static str, &'static str) {
        match self {
            Runner::Pytest => ("pytest", include_str!("templates/pytest.py")),
            Runner::Vitest | Runner::Jest => ("node", include_str!("templates/node.mjs")),
            Runner::Go => ("go", include_str!("templates/go.go")),
            Runner::Cargo => ("cargo", include_str!("templates/cargo.rs")),
            Runner::PhpUnit => ("phpunit", include_str!("templates/phpunit.php")),
            Runner::Rspec => ("rspec", include_str!("templates/rspec.rb")),
        }
    }
}

/// A framework whose app a test calls without a server of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Framework {
    /// A Flask app.
    Flask,
    /// A `FastAPI` app.
    #[serde(rename = "fastapi")]
    FastApi,
    /// An Express app.
    Express,
    /// A Next.js route module with `POST`.
    Next,
}

impl Framework {
    /// How the command line and the window name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Framework::Flask => "flask",
            Framework::FastApi => "fastapi",
            Framework::Express => "express",
            Framework::Next => "next",
        }
    }

    /// Its name for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Framework::Flask => "Flask",
            Framework::FastApi => "FastAPI",
            Framework::Express => "Express",
            Framework::Next => "Next.js",
        }
    }

    /// A module and a name in it as they may be given.
    #[must_use]
    pub fn example(self) -> (&'static str, &'static str) {
        match self {
            Framework::Flask => ("webhook", "app"),
            Framework::FastApi => ("main", "app"),
            Framework::Express => ("./app.js", "default"),
            Framework::Next => ("./route.js", "POST"),
        }
    }

    /// The framework of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Framework> {
        [Framework::Flask, Framework::FastApi, Framework::Express, Framework::Next]
            .into_iter()
            .find(|framework| framework.id() == id)
    }
}

/// What the tests are run against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// A server that listens, by its URL.
    Url,
    /// An app object of the user's code.
    App {
        /// Of which framework.
        framework: Framework,
        /// The module that has it, as the language imports it: `webhook`, `../src/app.js`.
        module: String,
        /// Its name there: `app`; `default` is a module's default export.
        name: String,
        /// The path that it takes webhooks on.
        path: String,
    },
}

/// Why no tests can be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuiteError {
    /// The runner cannot call such an app.
    #[error("{runner} cannot call an app of {framework}: give the URL of a running one.")]
    Framework {
        /// The runner's name.
        runner: &'static str,
        /// The framework's id.
        framework: &'static str,
    },
    /// A name that is none in the language.
    #[error("“{given}” cannot be the {what}.")]
    Name {
        /// What it was to be.
        what: &'static str,
        /// What was given.
        given: String,
    },
}

/// A test file for one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// Its name, with folders where the runner wants them.
    pub file_name: String,
    /// Its text; ends in a line end.
    pub code: String,
    /// The folder in which the fixtures of all providers belong, with `/`.
    pub fixtures: &'static str,
    /// How it is run, one line for a shell.
    pub command: String,
    /// What its user must know, one sentence each.
    pub notes: Vec<String>,
    /// The environment variable that holds the secret; empty where the provider does not sign.
    pub secret_env: String,
}

/// What a template is filled in with.
#[derive(Serialize)]
struct Words<'a> {
    #[serde(flatten)]
    facts: &'a Facts,
    about: String,
    provider: &'a str,
    scheme_id: String,
    /// What is signed: expressions, none for the raw body.
    signed: Vec<Option<String>>,
    handshake: Option<Mark<'a>>,
    /// Exactly 200 counts, otherwise any 2xx.
    exactly: bool,
    success_check: &'static str,
    success_rust: &'static str,
    failure_go: &'static str,
    hash_type: String,
    runner: &'static str,
    framework: &'static str,
    app: Option<App>,
    /// Where to, where no app is called.
    url: Option<&'static str>,
    timeout: u32,
    package: &'static str,
    class: String,
}

/// How a handshake is told from an event: a text that stands in its body.
#[derive(Serialize)]
struct Mark<'a> {
    mark: &'a str,
}

#[derive(Serialize)]
struct App {
    module: String,
    name: String,
    /// How it is imported.
    import: String,
    path: String,
}

/// The tests of a provider for a runner.
///
/// # Errors
/// Where the runner cannot call such an app, or a name of it is none.
pub fn suite(rule: &ProviderRule, runner: Runner, against: &Against) -> Result<Suite, SuiteError> {
    let facts = Facts::of(rule);
    let id: String = rule.id.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let app = app_of(runner, against)?;
    let secret_env = if facts.scheme.is_some() { facts.secret_env.clone() } else { String::new() };
    let about = about(&secret_env, app.is_none());
    let words = Words {
        about,
        provider: rule.id.as_str(),
        scheme_id: rule.schemes.first().map_or_else(|| rule.id.to_string(), |scheme| scheme.id.to_string()),
        signed: facts
            .scheme
            .iter()
            .flat_map(|scheme| &scheme.content)
            .map(|chunk| (!chunk.body).then(|| quote::joined(runner.language(), &chunk.text)))
            .collect(),
        handshake: facts
            .handshake
            .as_ref()
            .and_then(|handshake| handshake.marks.first()?.values.first())
            .map(|mark| Mark { mark }),
        exactly: rule.retry.success.value == Success::Exactly200,
        success_check: pick(rule, "status == 200", "200 <= status < 300"),
        success_rust: pick(rule, "status == 200", "(200..300).contains(&status)"),
        failure_go: pick(rule, "status != 200", "status/100 != 2"),
        hash_type: facts.scheme.as_ref().map_or_else(String::new, |scheme| match scheme.hash {
            "sha1" => "sha1::Sha1".to_owned(),
            "sha512" => "sha2::Sha512".to_owned(),
            _ => "sha2::Sha256".to_owned(),
        }),
        runner: runner.id(),
        framework: match against {
            Against::Url => "",
            Against::App { framework, .. } => framework.id(),
        },
        url: app.is_none().then_some(URL),
        app,
        timeout: rule.retry.timeout_s.value,
        package: "webhooks",
        class: format!("{}WebhooksTest", capital(&id)),
        facts: &facts,
    };
    let code = render(runner, &words);
    let needs_url = words.url.is_some();
    Ok(Suite {
        file_name: file_name(runner, &id),
        code,
        fixtures: match runner {
            Runner::Cargo => "tests/fixtures",
            _ => "fixtures",
        },
        command: command(runner, &id, &secret_env, needs_url),
        notes: notes(rule, &facts, runner, against),
        secret_env,
    })
}

/// The words for a provider that counts exactly 200, or those for any other. What counts some statuses alone is asked
/// for a 2xx.
fn pick(rule: &ProviderRule, exactly: &'static str, any: &'static str) -> &'static str {
    if rule.retry.success.value == Success::Exactly200 { exactly } else { any }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

fn about(secret_env: &str, needs_url: bool) -> String {
    match (secret_env, needs_url) {
        ("", true) => "WEBHOOK_URL says where it listens.".to_owned(),
        ("", false) => "Nothing is signed.".to_owned(),
        (env, true) => format!("{env} holds the secret, WEBHOOK_URL says where it listens."),
        (env, false) => format!("{env} holds the secret."),
    }
}

fn app_of(runner: Runner, against: &Against) -> Result<Option<App>, SuiteError> {
    let Against::App { framework, module, name, path } = against else { return Ok(None) };
    if !runner.frameworks().contains(framework) {
        return Err(SuiteError::Framework { runner: runner.name(), framework: framework.id() });
    }
    let word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let fault = |what, given: &str| SuiteError::Name { what, given: crate::shorten(given, 60) };
    let python = runner == Runner::Pytest;
    if module.is_empty() || python && !module.split('.').all(word) {
        return Err(fault("module of the app", module));
    }
    if !word(name) {
        return Err(fault("name of the app", name));
    }
    if !path.starts_with('/') {
        return Err(fault("path of the app", path));
    }
    let (import, name) = match (runner, name.as_str()) {
        (Runner::Vitest, "default") => ("app".to_owned(), "app".to_owned()),
        (Runner::Jest, "default") => ("app".to_owned(), "app".to_owned()),
        (Runner::Vitest | Runner::Jest, name) => (format!("{{ {name} }}"), name.to_owned()),
        (_, name) => (name.to_owned(), name.to_owned()),
    };
    Ok(Some(App { module: module.clone(), name, import, path: path.clone() }))
}

fn file_name(runner: Runner, id: &str) -> String {
    match runner {
        Runner::Pytest => format!("test_{id}_webhooks.py"),
        Runner::Vitest => format!("{id}-webhooks.test.mjs"),
        Runner::Jest => format!("{id}-webhooks.test.cjs"),
        // A package of its own: tests of two providers have the same names.
        Runner::Go => format!("{id}_webhooks/webhooks_test.go"),
        Runner::Cargo => format!("tests/{id}_webhooks.rs"),
        Runner::PhpUnit => format!("{}WebhooksTest.php", capital(id)),
        Runner::Rspec => format!("{id}_webhooks_spec.rb"),
    }
}

fn command(runner: Runner, id: &str, secret_env: &str, needs_url: bool) -> String {
    let file = file_name(runner, id);
    let run = match runner {
        Runner::Pytest => format!("pytest {file}"),
        Runner::Vitest => format!("npx vitest run {file}"),
        Runner::Jest => format!("npx jest {file}"),
        // An earlier result says nothing of the handler as it is now.
        Runner::Go => format!("go test -count=1 ./{id}_webhooks"),
        Runner::Cargo => format!("cargo test --test {id}_webhooks"),
        Runner::PhpUnit => format!("vendor/bin/phpunit {file}"),
        Runner::Rspec => format!("rspec {file}"),
    };
    let secret = if secret_env.is_empty() { String::new() } else { format!("{secret_env}=… ") };
    let url = if needs_url { format!("WEBHOOK_URL={URL} ") } else { String::new() };
    format!("{secret}{url}{run}")
}

fn notes(rule: &ProviderRule, facts: &Facts, runner: Runner, against: &Against) -> Vec<String> {
    let mut notes = Vec::new();
    let packages = match (runner, against) {
        (Runner::Pytest, Against::App { framework: Framework::FastApi, .. }) => "It needs pytest, fastapi and httpx.",
        (Runner::Pytest, _) => "It needs pytest.",
        (Runner::Vitest, _) => "It needs vitest, with Node 20.11 or later.",
        (Runner::Jest, _) => "It needs jest 30 or later.",
        (Runner::Go, _) => "It needs no package beside Go's own.",
        (Runner::Cargo, _) if facts.scheme.is_some() => {
            "It needs these packages: cargo add --dev base64 hmac sha1 sha2 serde_json ureq"
        }
        (Runner::Cargo, _) => "It needs these packages: cargo add --dev base64 serde_json ureq",
        (Runner::PhpUnit, _) => "It needs PHPUnit 10 or later.",
        (Runner::Rspec, _) => "It needs rspec and, from Ruby 3.4 on, the gem base64.",
    };
    notes.push(packages.to_owned());
    if facts.scheme.is_none() {
        notes.push(format!(
            "{} does not sign: a handler that takes only ids it waits for must wait for those of the fixtures.",
            rule.name
        ));
    }
    if rule.retry.success.basis == Basis::Assumed {
        notes.push(format!("Which status counts is not in the document of {}: any 2xx is assumed.", rule.name));
    }
    notes.push(
        "Deliveries whose signature was only too old are not sent: whether a handler refuses them is its own choice."
            .to_owned(),
    );
    notes
}

fn render(runner: Runner, words: &Words<'_>) -> String {
    let (name, source) = runner.template();
    let language = runner.language();
    // The templates are part of the program, and the tests render each of them for every provider: none fails.
    let text = environment(language, name, source)
        .and_then(|environment| environment.get_template(name)?.render(Serde(words)))
        .unwrap_or_else(|error| panic!("the template {name}: {error:#}"));
    let mut code: String = text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    code.truncate(code.trim_end().len());
    code.push('\n');
    code
}

fn environment(
    language: Language,
    name: &'static str,
    source: &'static str,
) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment
        .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("lit", move |text: String| quote::literal(language, &text));
    environment.add_template(name, source)?;
    Ok(environment)
}
