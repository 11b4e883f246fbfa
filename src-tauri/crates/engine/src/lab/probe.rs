//! Reading the endpoint's state: an address, or a program.

use crate::error::{EngineError, chain};
use crate::sending::input;
use crate::wire::LabProbe;
use bytes::Bytes;
use countersign_core::draft::paste::arguments;
use countersign_core::request::{Headers, text};
use countersign_net::send::{Outgoing, SendLimits, Trust, send};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use url::Url;

/// Longer nobody waits for a state, many times over.
const PATIENCE: Duration = Duration::from_secs(10);
/// More is no state that a person compares.
const MOST: usize = 1 << 20;

/// How the state is read, checked.
#[derive(Clone)]
pub(super) enum Probe {
    Url { url: String, trust: Trust },
    Command(Vec<String>),
}

impl Probe {
    /// # Errors
    /// Where the address or the command cannot be used.
    pub(super) fn of(probe: &LabProbe, any_certificate: bool) -> Result<Probe, EngineError> {
        match probe {
            LabProbe::Url { url } => {
                let url = url.trim();
                let known = Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
                if !known {
                    let shown = countersign_core::shorten(url, 200);
                    return Err(input(format!("The probe's address “{shown}” is not an http or https address.")));
                }
                let trust = if any_certificate { Trust::Any } else { Trust::System };
                Ok(Probe::Url { url: url.to_owned(), trust })
            }
            LabProbe::Command { command } => {
                let words = arguments(command).map_err(|why| input(format!("The probe's command: {why}")))?;
                if words.is_empty() {
                    return Err(input("Say which program reads the endpoint's state."));
                }
                Ok(Probe::Command(words))
            }
        }
    }

    /// The state now, or in a sentence why it cannot be read.
    pub(super) async fn read(&self) -> Result<String, String> {
        match self {
            Probe::Url { url, trust } => get(url, *trust).await,
            Probe::Command(words) => run(words).await,
        }
    }
}

async fn get(url: &str, trust: Trust) -> Result<String, String> {
    let sent = send(Outgoing {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: Headers::new(),
        body: Bytes::new(),
        length_as_given: false,
        limits: SendLimits { connect: PATIENCE, first_byte: PATIENCE, total: PATIENCE, reply_bytes: MOST },
        trust,
        avoid: Vec::new(),
    })
    .await;
    let reply = sent.result.map_err(|error| chain(&error))?;
    if !(200..300).contains(&reply.status) {
        return Err(format!("The probe was answered {}.", reply.status));
    }
    Ok(text(&reply.body))
}

async fn run(words: &[String]) -> Result<String, String> {
    let program = &words[0];
    let mut child = Command::new(program)
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("The probe “{program}” cannot be started: {error}."))?;
    let mut out = Vec::new();
    let pipe = child.stdout.take();
    let ended = async {
        if let Some(pipe) = pipe {
            pipe.take(MOST as u64).read_to_end(&mut out).await?;
        }
        child.wait().await
    };
    match tokio::time::timeout(PATIENCE, ended).await {
        Err(_) => Err(format!("The probe “{program}” took longer than {} s and was ended.", PATIENCE.as_secs())),
        Ok(Err(error)) => Err(format!("What the probe “{program}” printed cannot be read: {error}.")),
        Ok(Ok(status)) if !status.success() => Err(format!("The probe “{program}” failed: {status}.")),
        Ok(Ok(_)) => Ok(text(&out)),
    }
}
