//! Starting a guard and reading what comes out of it.

use std::ffi::OsString;
use std::io;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc;

/// A longer line is read in pieces.
const LINE: u64 = 16 * 1024;
/// Lines that may wait to be read; a program that writes faster waits.
const WAITING: usize = 64;

/// What comes out of a process.
#[derive(Debug)]
pub enum Output {
    /// A line of either stream, without its end.
    Line(Vec<u8>),
    /// It ended, with its exit code where it has one. Nothing follows.
    Ended(Option<i32>),
}

/// A process at work. Dropping it closes the process's standard input, at which a guard ends.
pub struct Process {
    /// What comes out of it.
    pub output: mpsc::Receiver<Output>,
    /// Holds its standard input open.
    pub stdin: Box<dyn Send>,
}

/// Starts processes: in the window, the shell does so through its plugin; elsewhere, [`OwnProcesses`].
pub trait Spawn: Send + Sync {
    /// Starts this very program with these arguments, without a shell between.
    ///
    /// # Errors
    /// Where the system cannot start it.
    fn spawn(&self, arguments: Vec<OsString>) -> io::Result<Process>;
}

/// Processes that this one starts itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnProcesses;

impl Spawn for OwnProcesses {
    fn spawn(&self, arguments: Vec<OsString>) -> io::Result<Process> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (sender, output) = mpsc::channel(WAITING);
        let stdin = Box::new(child.stdin.take());
        let out = child.stdout.take().map(|out| tokio::spawn(pass_on(out, sender.clone())));
        let err = child.stderr.take().map(|err| tokio::spawn(pass_on(err, sender.clone())));
        tokio::spawn(async move {
            for stream in [out, err].into_iter().flatten() {
                let _ = stream.await;
            }
            let code = child.wait().await.ok().and_then(|status| status.code());
            // Nobody waits for it where this fails.
            let _ = sender.send(Output::Ended(code)).await;
        });
        Ok(Process { output, stdin })
    }
}

/// Passes lines on until the stream ends or nobody reads them; then the rest is read and thrown away, so that the program
/// does not wait for ever.
async fn pass_on(stream: impl AsyncRead + Unpin, sender: mpsc::Sender<Output>) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        match (&mut stream).take(LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        while line.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            line.pop();
        }
        let _ = sender.send(Output::Line(line)).await;
    }
}
