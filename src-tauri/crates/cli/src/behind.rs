//! Options that stand behind a filter: `countersign deliveries -verdict:pass --limit 5`.
//!
//! A term of a filter may begin with `-`, so clap takes everything behind the first one for terms. Here what begins with
//! `--` is put before them, with its value, and clap reads the line once more. Behind `--` everything is a term.

use crate::args::{Cli, Command};
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
            let value = takes_value(&word.to_string_lossy());
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

/// Whether a value follows an option of `deliveries` as a word of its own.
fn takes_value(option: &str) -> bool {
    let mut command = Cli::command();
    command.build();
    let name = option.trim_start_matches("--");
    command
        .find_subcommand("deliveries")
        .into_iter()
        .flat_map(clap::Command::get_arguments)
        .any(|arg| arg.get_long() == Some(name) && arg.get_action().takes_values())
}
