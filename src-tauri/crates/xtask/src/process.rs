//! Starting other programs, and saying clearly what went wrong with them.

use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;

/// What went wrong, in a sentence for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The top of the tree.
pub(crate) fn root() -> PathBuf {
    // As cargo says now, not as it said when this was built: two checkouts may share a target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(), PathBuf::from);
    here.ancestors().nth(3).unwrap_or(&here).to_owned()
}

/// Where cargo puts debug binaries.
pub(crate) fn target_debug() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir)).join("debug")
}

/// A program, run at the top of the tree.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(root());
    command
}

/// The cargo that runs this.
pub(crate) fn cargo(args: &[&str]) -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), args)
}

/// npm in `ui`.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" }, args);
    command.current_dir(root().join("ui"));
    command
}

/// How a person would type it.
fn words(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy();
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    std::iter::once(name).chain(args).collect::<Vec<_>>().join(" ")
}

/// Runs it to its end with its output as it comes.
pub(crate) fn check(mut command: Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed ({status}).", words(&command))),
        Err(error) => Err(format!("`{}` cannot be started: {error}.", words(&command))),
    }
}

/// Runs it to its end and answers what it wrote.
pub(crate) fn output(mut command: Command) -> Outcome<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("`{}` cannot be started: {error}.", words(&command)))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("`{}` failed ({}).", words(&command), output.status))
    }
}

/// Runs a test runner with its output as it comes, and keeps the lines in which it sums up.
pub(crate) fn check_runner(mut command: Command, summaries: &mut Vec<String>) -> Outcome {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{}` cannot be started: {error}.", words(&command)))?;
    let (send, lines) = mpsc::channel();
    let readers: [Option<Box<dyn std::io::Read + Send>>; 2] =
        [child.stdout.take().map(|pipe| Box::new(pipe) as _), child.stderr.take().map(|pipe| Box::new(pipe) as _)];
    for pipe in readers.into_iter().flatten() {
        let send = send.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                if send.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
    }
    drop(send);
    for line in lines {
        println!("{line}");
        let plain = without_colour(&line);
        let text = plain.trim_start();
        if ["Test Files", "Tests ", "Summary [", "test result:"].iter().any(|start| text.starts_with(start)) {
            summaries.push(plain);
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed ({status}).", words(&command))),
        Err(error) => Err(format!("`{}` was lost: {error}.", words(&command))),
    }
}

fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once(|end: char| end.is_ascii_alphabetic()).map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}

/// Whether a program of this name is on the path.
pub(crate) fn on_path(name: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Whether it can be started and ends well; its output is dropped.
pub(crate) fn succeeds(name: &str, args: &[&str]) -> bool {
    program(name, args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    #[test]
    fn summaries_are_found_in_coloured_lines() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] 2 tests run: \u{1b}[1m2\u{1b}[0m passed";
        assert_eq!(super::without_colour(line), "     Summary [   0.1s] 2 tests run: 2 passed");
        assert_eq!(super::without_colour("cut off \u{1b}[3"), "cut off ");
    }
}
