//! The `countersign` command line: whatever the window can do, for scripts and for CI.
//!
//! Human text on a terminal; with `--json` one JSON object a line on standard output and nothing else there. Logs and errors
//! go to standard error. Exit codes: 0 done, 1 the check did not hold, 2 wrong use, 3 it could not be done.

mod answers;
mod args;
mod behind;
mod check;
mod deliveries;
mod diff;
mod export;
mod fixtures;
mod import;
mod junit;
mod listen;
mod output;
mod providers;
mod retry;
mod retry_args;
mod secrets;
mod send;
mod sign;
mod suites;
mod verify;

use args::{Cli, Command};
use output::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = countersign_engine::tunnelling::run_if_guard() {
        return code;
    }
    let mut cli = match behind::parse(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for; everything else is wrong use.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    if let Err(wrong) = cli.common.read_secrets() {
        eprintln!("countersign: --secret: {wrong}");
        return ExitCode::from(2);
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("COUNTERSIGN_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_target(false)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("countersign: the program cannot start: {error}");
            return ExitCode::from(3);
        }
    };
    let done = runtime.block_on(run(cli));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("countersign: {failure}");
            failure.code()
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Listen(args) => listen::run(&cli.common, args).await,
        Command::Deliveries(args) => deliveries::list(&cli.common, args).await,
        Command::Show(args) => deliveries::show(&cli.common, args).await,
        Command::Diff(args) => diff::run(&cli.common, args).await,
        Command::Secrets { action } => secrets::run(&cli.common, action).await,
        Command::Providers(args) => providers::run(&cli.common, args).await,
        Command::Sign(args) => sign::run(&cli.common, args),
        Command::Send(args) => send::send(&cli.common, args).await,
        Command::Resend(args) => send::resend(&cli.common, args).await,
        Command::Verify(args) => verify::run(&cli.common, args).await,
        Command::Retry(args) => retry::run(&cli.common, *args).await,
        Command::Check(args) => check::run(&cli.common, args).await,
        Command::Import(args) => import::run(&cli.common, args).await,
        Command::Export(args) => export::run(&cli.common, args).await,
    }
}
