//! What is printed, and how a command fails.

use countersign_engine::wire::{CommandError, DeliverySummary, ErrorCode, VerdictSummary, WireOutcome};
use countersign_engine::{Engine, EngineError, OpenOptions};
use serde::Serialize;
use std::fmt;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::args::Common;

/// Why a command could not be carried out.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Wrong use: exit 2.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: 2 }
    }

    /// It could not be done: exit 3.
    pub(crate) fn failed(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: 3 }
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        let usage = matches!(error.code, ErrorCode::BadFilter | ErrorCode::BadInput);
        Failure { message: error.message, code: if usage { 2 } else { 3 } }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        CommandError::from(error).into()
    }
}

/// Prints a line on standard output.
///
/// # Errors
/// Where nobody reads it any more: the program then ends as a broken pipe ends it.
pub(crate) fn line(text: impl fmt::Display) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::failed(format!("cannot write: {error}")))
}

/// Prints an object as one line of JSON.
///
/// # Errors
/// As [`line`].
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::failed(error.to_string()))?;
    line(text)
}

/// The app's own log.
fn own_log() -> Result<PathBuf, Failure> {
    // The folder that Tauri gives the app for its data, so that the window and the command line share one log.
    const IDENTIFIER: &str = "dev.countersign.desktop";
    let home = std::env::home_dir();
    let base = if cfg!(target_os = "macos") {
        home.map(|h| h.join("Library/Application Support"))
    } else if cfg!(windows) {
        std::env::var_os("APPDATA").map(PathBuf::from)
    } else {
        let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
        data.or_else(|| home.map(|h| h.join(".local/share")))
    };
    let folder =
        base.ok_or_else(|| Failure::failed("there is no home folder: name the log with --db"))?.join(IDENTIFIER);
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::failed(format!("{} cannot be made: {error}", folder.display())))?;
    Ok(folder.join("countersign.db"))
}

/// Opens the engine on the log that the command names.
pub(crate) async fn open(common: &Common) -> Result<Engine, Failure> {
    open_with(common, OpenOptions::default()).await
}

/// The same with rules and routes for this run.
pub(crate) async fn open_with(common: &Common, options: OpenOptions) -> Result<Engine, Failure> {
    let db = match &common.db {
        Some(db) => db.clone(),
        None => own_log()?,
    };
    let run_secrets = common.secrets.iter().map(|s| (s.provider.clone(), s.name.clone(), s.value.clone())).collect();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let engine = Engine::open(OpenOptions { db, run_secrets, version, ..options }).await?;
    if let Some(aside) = engine.set_aside() {
        eprintln!(
            "countersign: The log {} was damaged. It is kept as {}, and a new one was begun.",
            engine.db().display(),
            aside.display()
        );
    }
    Ok(engine)
}

/// The sign of an outcome.
pub(crate) fn sign(outcome: WireOutcome) -> &'static str {
    match outcome {
        WireOutcome::Pass => "✓",
        WireOutcome::Fail => "✕",
        WireOutcome::Stale | WireOutcome::Malformed => "!",
        WireOutcome::Missing | WireOutcome::NoSecret | WireOutcome::Unsigned => "-",
    }
}

/// An outcome's wire name.
pub(crate) fn word(outcome: WireOutcome) -> String {
    serde_json::to_value(outcome).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A text from a stranger for a terminal: control characters and bidirectional marks are shown, not obeyed.
pub(crate) fn visible(text: &str) -> String {
    let hidden = |c: char| {
        let mark =
            matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
        c.is_control() || mark || c == '\u{feff}'
    };
    text.chars().map(|c| if hidden(c) { format!("‹U+{:04X}›", u32::from(c)) } else { c.to_string() }).collect()
}

/// A row for a terminal.
pub(crate) fn row(delivery: &DeliverySummary) -> String {
    let applying: Vec<&VerdictSummary> = delivery.verdicts.iter().filter(|v| v.applies).collect();
    let badge = match applying.as_slice() {
        [] => "- no scheme".to_owned(),
        verdicts => verdicts
            .iter()
            .map(|v| format!("{} {} {}", sign(v.outcome), v.scheme, word(v.outcome)))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let mut out = format!(
        "{:>6}  {}  {} {}  {}  {} B  {}  {badge}",
        delivery.id,
        delivery.received_at,
        visible(&delivery.method),
        visible(&delivery.path),
        visible(delivery.event_type.as_deref().unwrap_or("-")),
        delivery.body_len,
        match (&delivery.origin, delivery.status) {
            (Some(origin), _) => format!("imported from {}", visible(&origin.name)),
            (None, 0) => "not answered".to_owned(),
            (None, status) => format!("answered {status}"),
        },
    );
    for verdict in applying.iter().filter(|v| v.outcome != WireOutcome::Pass) {
        out.push_str(&format!("\n        {}", visible(&verdict.reason)));
    }
    for check in delivery.checks.iter().filter(|c| !c.holds) {
        out.push_str(&format!("\n        {}", visible(&check.reason)));
    }
    out
}
