//! Reading the endpoint's state, before and after.

use crate::wire::StateProbe;
use countersign_core::request::Headers;
use countersign_core::shorten;
use countersign_net::send::{Outgoing, SendLimits, Trust, send};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

/// How long one reading may take.
const READING: Duration = Duration::from_secs(10);
/// Between two readings that must be the same: work that goes on behind an answer shows in the second.
const PAUSE: Duration = Duration::from_millis(60);
/// How long the state may go on changing before it is taken as it is.
const SETTLED: Duration = Duration::from_secs(2);
/// What is kept of a state to compare it.
const KEPT: usize = 1_000_000;

/// Reads the state once.
async fn read(probe: &StateProbe, any_certificate: bool) -> Result<Vec<u8>, String> {
    match probe {
        StateProbe::Url { url } => read_url(url, any_certificate).await,
        StateProbe::Command { command } => read_command(command).await,
    }
}

async fn read_url(url: &str, any_certificate: bool) -> Result<Vec<u8>, String> {
    let sent = send(Outgoing {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: Headers::new(),
        body: bytes::Bytes::new(),
        length_as_given: false,
        limits: SendLimits { connect: READING, first_byte: READING, total: READING, reply_bytes: KEPT },
        trust: if any_certificate { Trust::Any } else { Trust::System },
        avoid: Vec::new(),
    })
    .await;
    match sent.result {
        Ok(reply) if (200..300).contains(&reply.status) => Ok(reply.body.to_vec()),
        Ok(reply) => Err(format!("it answered {}", reply.status)),
        Err(error) => Err(error.to_string()),
    }
}

async fn read_command(command: &str) -> Result<Vec<u8>, String> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let output = timeout(READING, shell.output())
        .await
        .map_err(|_| format!("it took longer than {} s", READING.as_secs()))?
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("it ended with {}: {}", output.status, shorten(said.trim(), 200)));
    }
    let mut out = output.stdout;
    out.truncate(KEPT);
    Ok(out)
}

/// The state of an endpoint as it was seen last.
pub(super) struct Watched {
    probe: StateProbe,
    any_certificate: bool,
    last: Vec<u8>,
}

impl Watched {
    /// Reads it for the first time. The error is a sentence: it cannot be read, or says nothing because it changes by
    /// itself.
    pub(super) async fn begin(probe: &StateProbe, any_certificate: bool) -> Result<Watched, String> {
        let failed = |why: String| format!("The state probe does not work: {why}. Nothing was sent to the endpoint.");
        let first = read(probe, any_certificate).await.map_err(failed)?;
        sleep(PAUSE * 4).await;
        let second = read(probe, any_certificate).await.map_err(failed)?;
        if first != second {
            return Err(
                "The state changes by itself, so it does not show what the endpoint does: probe what stays the same while \
                 nothing is sent. Nothing was sent to the endpoint."
                    .to_owned(),
            );
        }
        Ok(Watched { probe: probe.clone(), any_certificate, last: second })
    }

    /// Whether it is another one than when it was last looked at; none where it cannot be read.
    pub(super) async fn changed(&mut self) -> Option<bool> {
        let begun = Instant::now();
        let mut seen = read(&self.probe, self.any_certificate).await.ok()?;
        loop {
            sleep(PAUSE).await;
            let again = read(&self.probe, self.any_certificate).await.ok()?;
            if again == seen || begun.elapsed() > SETTLED {
                let changed = again != self.last;
                self.last = again;
                return Some(changed);
            }
            seen = again;
        }
    }
}
