//! Tunnels' programs: the shell starts them through its plugin.
//!
//! The page has no permission to start anything: it names a program to the engine, which finds it and asks here. So no
//! command and no argument of the page's reaches the system, and there is no shell in between.

use countersign_engine::tunnelling::{Output, Process, Spawn};
use std::ffi::OsString;
use std::io;
use tauri::AppHandle;
use tauri_plugin_shell::ShellExt as _;
use tauri_plugin_shell::process::CommandEvent;
use tokio::sync::mpsc;

/// Lines that may wait to be read.
const WAITING: usize = 64;

/// Starts processes through the shell's plugin.
pub(crate) struct Processes(pub(crate) AppHandle);

impl Spawn for Processes {
    fn spawn(&self, arguments: Vec<OsString>) -> io::Result<Process> {
        let this = std::env::current_exe()?;
        let (mut events, child) = self
            .0
            .shell()
            .command(this)
            .args(arguments)
            .spawn()
            .map_err(|error| io::Error::other(error.to_string()))?;
        let (sender, output) = mpsc::channel(WAITING);
        tauri::async_runtime::spawn(async move {
            while let Some(event) = events.recv().await {
                let said = match event {
                    CommandEvent::Stdout(line) | CommandEvent::Stderr(line) => Output::Line(line),
                    CommandEvent::Terminated(ended) => Output::Ended(ended.code),
                    _ => continue,
                };
                // Where nobody reads any more the rest is read all the same, so that the program does not wait for ever.
                let _ = sender.send(said).await;
            }
        });
        // The child's handle holds its standard input.
        Ok(Process { output, stdin: Box::new(child) })
    }
}
