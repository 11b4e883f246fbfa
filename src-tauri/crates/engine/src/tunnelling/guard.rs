//! A process that stands between Countersign and a tunnel's program, so that the tunnel never outlives it.
//!
//! Nothing that a program does on ending helps where it is killed. So Countersign starts itself once more as a guard,
//! which starts the tunnel's program and holds the other end of a pipe: however Countersign ends, the pipe closes, and the
//! guard ends the tunnel with all that it started. The program writes to the guard's own output, which is the pipe to
//! Countersign. Deliberately absent: any reading of that output.

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use std::ffi::OsString;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt as _;

/// The first argument of a guard.
pub const GUARD: &str = "tunnel-guard";

/// What a shell answers where a program cannot be started.
const NOT_STARTED: u8 = 127;
/// A guard answers this plus the number of the signal that ended the program, as shells do.
pub(super) const KILLED: i32 = 128;
/// How long a tunnel may take to end by itself once it was asked to.
const GRACE: Duration = Duration::from_secs(2);
#[cfg(unix)]
const SIGTERM: i32 = 15;

/// Does a guard's work where this process was started as one: to be called before anything else.
#[must_use]
pub fn run_if_guard() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    if words.next()? != GUARD {
        return None;
    }
    let program = words.next()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let code = match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(guard(program, words.collect()));
            // Without this, ending would wait for the thread that still reads standard input.
            runtime.shutdown_background();
            code
        }
        Err(_) => NOT_STARTED,
    };
    Some(ExitCode::from(code))
}

async fn guard(program: OsString, arguments: Vec<OsString>) -> u8 {
    let mut command = CommandWrap::with_new(&program, |command| {
        command.args(arguments).stdin(Stdio::null());
    });
    #[cfg(unix)]
    command.wrap(process_wrap::tokio::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::tokio::JobObject);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("{} cannot be started: {error}", program.to_string_lossy());
            return NOT_STARTED;
        }
    };
    let ended = tokio::select! {
        ended = child.wait() => ended.ok(),
        () = countersign_is_gone() => None,
        () = asked_to_end() => None,
    };
    if ended.is_none() {
        ask(child.as_ref());
        let _ = tokio::time::timeout(GRACE, child.wait()).await;
    }
    // Whatever it started and left behind. Where all are gone this fails, and that is well.
    let _ = child.start_kill();
    ended.and_then(code_of).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

fn code_of(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Some(KILLED + signal);
    }
    status.code()
}

fn ask(child: &dyn ChildWrapper) {
    // Where it has gone meanwhile there is nobody to ask.
    #[cfg(unix)]
    let _ = child.signal(SIGTERM);
    #[cfg(not(unix))]
    let _ = child;
}

/// Returns when the other end of standard input is closed.
async fn countersign_is_gone() {
    let mut stdin = tokio::io::stdin();
    let mut scrap = [0; 64];
    while matches!(stdin.read(&mut scrap).await, Ok(read) if read > 0) {}
}

/// Returns when the system, or Ctrl+C, asks this process to end.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}
