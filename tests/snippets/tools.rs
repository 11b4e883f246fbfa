//! What runs a snippet: the runtimes on this machine, and the packages that a framework needs.

use countersign_core::rule::ProviderRule;
use countersign_core::snippets::{Language, Snippet};
use countersign_tests::{kept, node_packages, python_packages, succeeds, there};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// 2026-11-20T12:00:00Z, when every fixture was captured.
const NOW_S: &str = "1795176000";

const JARS: [&str; 3] = ["jackson-databind.jar", "jackson-core.jar", "jackson-annotations.jar"];

/// The runtime of a language.
pub(crate) struct Tools {
    pub(crate) language: Language,
    /// The program that runs or compiles it.
    program: PathBuf,
}

/// A snippet, ready to run.
#[derive(Debug)]
pub(crate) struct Place {
    folder: TempDir,
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Place {
    /// The command that starts it on a port of its own choosing, with an empty folder for temporary files: the PHP
    /// snippet keeps there what it has seen.
    pub(crate) fn command(&self) -> Command {
        let temporary = tempfile::tempdir_in(self.folder.path()).expect("a folder").keep();
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(self.folder.path()).env("PORT", "0").env("TMPDIR", temporary);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn class_path() -> String {
    let jars = JARS.map(|jar| format!("/usr/share/java/{jar}"));
    format!(".:{}", jars.join(":"))
}

impl Tools {
    /// The runtime; `Err` is a clause that says what is missing.
    pub(crate) fn of(language: Language) -> Result<Tools, String> {
        let program = match language {
            Language::Node => there("node", "--version").and_then(|node| node_packages().map(|_| node))?,
            Language::NodeHttp => there("node", "--version")?,
            Language::PythonFlask | Language::PythonFastApi => python_packages()?,
            Language::Go => there("go", "version")?,
            Language::Rust => std::env::current_exe().expect("this test"),
            Language::Php => there("php", "--version")?,
            Language::Ruby => {
                there("ruby", "--version")?;
                let rack = succeeds(Command::new("ruby").args(["-e", "require 'rack'; require 'webrick'"]));
                if rack { "ruby".into() } else { return Err("rack or webrick is not here".to_owned()) }
            }
            Language::Java => {
                let jars = JARS.iter().all(|jar| Path::new("/usr/share/java").join(jar).is_file());
                there("javac", "--version")?;
                if jars { "java".into() } else { return Err("jackson-databind is not in /usr/share/java".to_owned()) }
            }
            Language::CSharp => return Err(".NET is not used by these tests".to_owned()),
        };
        Ok(Tools { language, program })
    }

    /// Writes the snippet into a folder and compiles it where that is due; `frozen`: its clock stands at the fixtures'
    /// capture.
    pub(crate) fn prepare(&self, rule: &ProviderRule, code: &Snippet, frozen: bool) -> Place {
        let parent = if self.language == Language::Node { kept("node") } else { kept("run") };
        let folder = tempfile::tempdir_in(parent).expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        let words = |list: &[&str]| -> Vec<String> { list.iter().map(|word| (*word).to_owned()).collect() };
        let mut program = self.program.clone();
        let mut environment = Vec::new();
        let mut text = code.code.clone();
        if let Some((clock, standing)) = self.clock().filter(|_| frozen) {
            let asks = text.matches(clock).count();
            let due = usize::from(rule.schemes.iter().any(|scheme| scheme.time.is_some()));
            assert_eq!(asks, due, "{}: the clock is asked at one place", self.language.name());
            text = text.replace(clock, standing);
        }
        write(code.language.file_name(), &text);
        let arguments = match self.language {
            Language::Node | Language::NodeHttp => {
                let clock = format!("Date.now = () => {NOW_S}000;\n");
                write("clock.mjs", if frozen { &clock } else { "" });
                words(&["--import", "./clock.mjs", "webhook.mjs"])
            }
            Language::PythonFlask | Language::PythonFastApi => {
                let clock = format!("import time\n\ntime.time = lambda: {NOW_S}.0\n");
                write("sitecustomize.py", if frozen { &clock } else { "" });
                environment.push(("PYTHONPATH".to_owned(), ".".to_owned()));
                environment.push(("PYTHONUNBUFFERED".to_owned(), "1".to_owned()));
                if self.language == Language::PythonFlask {
                    words(&["-m", "flask", "--app", "webhook", "run", "--port", "0"])
                } else {
                    words(&["-m", "uvicorn", "webhook:app", "--port", "0"])
                }
            }
            Language::Go => {
                let mut build = Command::new("go");
                build.args(["build", "-o", "webhook", "main.go"]).current_dir(folder.path());
                compile(build.env("GOCACHE", kept("go")).env("GOTOOLCHAIN", "local"));
                program = folder.path().join("webhook");
                Vec::new()
            }
            Language::Rust => {
                crate::rust::same_as_compiled(rule.id.as_str(), &code.code);
                environment.push(("SNIPPET".to_owned(), rule.id.as_str().to_owned()));
                environment.push(("FROZEN".to_owned(), frozen.to_string()));
                words(&["--exact", "rust::serve", "--ignored", "--nocapture"])
            }
            Language::Php => words(&["-S", "127.0.0.1:0", "webhook.php"]),
            Language::Ruby => {
                let clock = format!("class Time\n  def self.now = at({NOW_S})\nend\n");
                write("clock.rb", &format!("$stdout.sync = true\n{}", if frozen { &clock } else { "" }));
                words(&["-r", "./clock.rb", "-S", "rackup", "-s", "webrick", "-o", "127.0.0.1", "-p", "0", "config.ru"])
            }
            Language::Java => {
                let mut build = Command::new("javac");
                compile(
                    build
                        .args(["-J-XX:TieredStopAtLevel=1", "-proc:none", "-cp", &class_path(), "Webhook.java"])
                        .current_dir(folder.path()),
                );
                words(&["-XX:TieredStopAtLevel=1", "-cp", &class_path(), "Webhook"])
            }
            Language::CSharp => panic!("C# is not run"),
        };
        Place { folder, program, arguments, environment }
    }

    /// How a language whose clock cannot be set from outside asks it, and what stands there instead.
    fn clock(&self) -> Option<(&'static str, &'static str)> {
        match self.language {
            Language::Go => Some(("time.Now().Unix()", "time.Unix(1795176000, 0).Unix()")),
            Language::Php => Some(("time()", "1795176000")),
            Language::Java => Some(("Instant.now()", "Instant.ofEpochSecond(1795176000L)")),
            _ => None,
        }
    }
}

fn compile(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The formatter that most users of a language take.
pub(crate) struct Formatter {
    language: Language,
    program: PathBuf,
    arguments: &'static [&'static str],
}

impl Formatter {
    /// The formatter; `Err` is a clause that says what is missing.
    pub(crate) fn of(language: Language) -> Result<Formatter, String> {
        let (program, arguments): (PathBuf, &'static [&'static str]) = match language {
            Language::Node | Language::NodeHttp => {
                (node_packages()?.join("node_modules/.bin/prettier"), &["--list-different"])
            }
            Language::PythonFlask | Language::PythonFastApi => (python_packages()?, &["-m", "black", "--diff", "-q"]),
            Language::Go => (there("go", "version").map(|_| "gofmt".into())?, &["-d"]),
            Language::Rust => {
                (there("rustfmt", "--version")?, &["--edition", "2024", "--check", "--config", "max_width=100"])
            }
            _ => return Err("no formatter is run for it".to_owned()),
        };
        Ok(Formatter { language, program, arguments })
    }

    /// What the formatter would write otherwise; empty where the code is as it writes it. `codes`: a name and the code.
    pub(crate) fn differences(&self, codes: impl Iterator<Item = (String, String)>) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let ending = Path::new(self.language.file_name()).extension().expect("an ending").display().to_string();
        // rustfmt takes the nearest settings; these are none.
        std::fs::write(folder.path().join("rustfmt.toml"), "").expect("a file");
        let mut command = Command::new(&self.program);
        command.args(self.arguments).current_dir(folder.path());
        for (name, code) in codes {
            let file = format!("{name}.{ending}");
            std::fs::write(folder.path().join(&file), code).expect("a file");
            command.arg(file);
        }
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }
}
