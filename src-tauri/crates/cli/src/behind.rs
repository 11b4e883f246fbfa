//! Options that stand behind a filter: `countersign deliveries -verdict:pass --limit 5`.
//!
//! A term of a filter may begin with `-`, so clap takes everything behind the first one for terms. Here what begins with
//! `--` is put before them, with its value, and clap reads the line once more. Behind `--` everything is a term.

use crate::args::{Cli, Command};
use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
use std::ffi::OsString;

/// Reads the command line.
pub(crate) fn parse(given: Vec<OsString>) -> Result<Cli, clap::Error> {
    let cli = Cli::try_parse_from(&given)?;
    let Command::Deliveries(args) = &cli.command else { return Ok(cli) };
    if !args.filter.iter().any(|term| term.starts_with("--")) {
        return Ok(cli);
    }
    // What was taken for terms is the end of the line as it stands.
    let (head, tail) = given.split_at(given.len().saturating_sub(args.filter.len()));
    let (mut options, mut terms) = (Vec::new(), Vec::new());
    let mut tail = tail.iter().cloned();
    while let Some(word) = tail.next() {
        if word == "--" {
            terms.extend(tail.by_ref());
        } else if word.to_string_lossy().starts_with("--") {
            let text = word.to_string_lossy().into_owned();
            let Some(value) = takes_value(&text) else {
                let said =
                    format!("unexpected argument '{text}' found\n\n  A term that begins with “--” stands behind “--”.");
                return Err(Cli::command().error(ErrorKind::UnknownArgument, said));
            };
            options.push(word);
            if value {
                options.extend(tail.next());
            }
        } else {
            terms.push(word);
        }
    }
    let before = head.iter().cloned().chain(options);
    // Without a term there is nothing that clap could take for an option.
    let escape = (!terms.is_empty()).then(|| OsString::from("--"));
    Cli::try_parse_from(before.chain(escape).chain(terms))
}

/// Whether a value follows an option of `deliveries` as a word of its own; nothing where it has no such option.
fn takes_value(option: &str) -> Option<bool> {
    let mut command = Cli::command();
    command.build();
    let (name, given) = match option.trim_start_matches("--").split_once('=') {
        Some((name, _)) => (name, true),
        None => (option.trim_start_matches("--"), false),
    };
    let arg = command.find_subcommand("deliveries")?.get_arguments().find(|arg| arg.get_long() == Some(name))?;
    Some(arg.get_action().takes_values() && !given)
}
