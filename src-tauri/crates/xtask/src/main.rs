//! Sets the machine up, builds, runs and checks the whole tree: `cargo xtask run`, `cargo xtask test`.
//!
//! Invariants: standard library only, so that it is built in seconds on a fresh machine; what is there already is
//! neither installed nor built again. Deliberately absent: anything that writes outside this tree except the system's
//! own package manager.

#![expect(clippy::print_stdout, reason = "this program's output is for the person at the terminal")]

mod display;
mod layering;
mod process;
mod run;
mod setup;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  run [-- ARGS]   installs what is missing, builds the page and the app, opens the window
  test [WORD…]    every check of this tree, the real window included; with words, the steps named so
  setup           installs what is missing for both and nothing else
  bindings        writes ui/src/bindings from the engine's types
  screenshots     takes pictures of the real window into ui/screenshots
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.skip_while(|arg| arg == "--").collect();
    let done = match command.as_str() {
        "run" => run::run(&rest),
        "test" => test::test(&rest),
        "setup" => setup::system(setup::For::Tests).and_then(|()| setup::npm()),
        "bindings" => run::bindings(),
        "screenshots" => run::screenshots(&rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}
