//! Written tests stand as the usual formatter of their language writes them.

use crate::told;
use countersign_core::catalogue::Catalogue;
use countersign_core::snippets::suite::{Against, Runner, suite};
use countersign_tests::{node_packages, python_packages, there};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that reads code.
struct Reader {
    program: PathBuf,
    arguments: &'static [&'static str],
    /// It says nothing of what is as it should be, and takes many files; otherwise it takes one, and how it ends counts.
    is_formatter: bool,
}

/// Who reads a runner's files: formatters, or what reads the language where it has no usual one.
fn readers(which: Runner) -> Result<Vec<Reader>, String> {
    let formatter = |program, arguments| Reader { program, arguments, is_formatter: true };
    let reader = |program, arguments| Reader { program, arguments, is_formatter: false };
    Ok(match which {
        Runner::Pytest => vec![formatter(python_packages()?, &["-m", "black", "--diff", "-q"])],
        Runner::Vitest | Runner::Jest => {
            vec![formatter(node_packages()?.join("node_modules/.bin/prettier"), &["--list-different"])]
        }
        Runner::Go => vec![formatter(there("go", "version").map(|_| "gofmt".into())?, &["-d"])],
        // The package of the user may be of either edition.
        Runner::Cargo => {
            let program = there("rustfmt", "--version")?;
            vec![
                formatter(program.clone(), &["--edition", "2021", "--check", "--config", "max_width=100"]),
                formatter(program, &["--edition", "2024", "--check", "--config", "max_width=100"]),
            ]
        }
        Runner::PhpUnit => vec![reader(there("php", "--version")?, &["-l"])],
        Runner::Rspec => vec![reader(there("ruby", "--version")?, &["-wc"])],
    })
}

/// The URL, and each app that the runner can call, under a name and as a default.
fn against(which: Runner) -> Vec<Against> {
    let mut all = vec![Against::Url];
    for framework in which.frameworks() {
        let (module, name) = framework.example();
        for name in [name, "app"] {
            let (module, name, path) = (module.to_owned(), name.to_owned(), "/webhooks".to_owned());
            all.push(Against::App { framework: *framework, module, name, path });
        }
    }
    all
}

/// Every file that can be written for a runner.
fn files(which: Runner, folder: &Path) -> Vec<String> {
    let catalogue = Catalogue::builtin().expect("a catalogue");
    let mut files = Vec::new();
    for (at, against) in against(which).iter().enumerate() {
        for provider in catalogue.iter() {
            let made = suite(&provider.rule, which, against).expect("a suite");
            let name = format!("{at}/{}", made.file_name);
            crate::write(&folder.join(&name), made.code.as_bytes());
            files.push(name);
        }
    }
    files
}

#[test]
fn the_tests_are_formatted() {
    let mut wrong = Vec::new();
    for which in Runner::all() {
        let folder = tempfile::tempdir().expect("a folder");
        // rustfmt takes the nearest settings; these are none.
        crate::write(&folder.path().join("rustfmt.toml"), b"");
        let files = files(which, folder.path());
        let readers = match readers(which) {
            Ok(readers) => readers,
            Err(missing) => {
                println!("passed over: what is for {} was not formatted: {missing}.", which.name());
                continue;
            }
        };
        for reader in readers {
            for files in files.chunks(if reader.is_formatter { files.len() } else { 1 }) {
                let mut command = Command::new(&reader.program);
                command.args(reader.arguments).args(files).current_dir(folder.path());
                let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
                let silent = !reader.is_formatter || output.stdout.is_empty();
                if !(output.status.success() && silent) {
                    wrong.push(format!("{}:\n{}", which.name(), told(&output)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
