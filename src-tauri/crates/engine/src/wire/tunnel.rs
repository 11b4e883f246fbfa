//! The public address.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far a tunnel is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TunnelPhase {
    /// None was started, or it was stopped.
    #[default]
    Off,
    /// It was started and has not said its address yet.
    Starting,
    /// It leads here.
    Open,
    /// It ended by itself, or could not be started.
    Ended,
}

/// The public address and the tunnel that gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelState {
    /// How far it is.
    pub phase: TunnelPhase,
    /// `ngrok` or `cloudflared`, unless none was started.
    pub program: Option<String>,
    /// Where senders on the internet reach the listener: the tunnel's address while it is open, else `own_url`.
    pub public_url: Option<String>,
    /// The address of a tunnel that the user runs without Countersign.
    pub own_url: Option<String>,
    /// What the user should know: why it ended, what it is waiting for.
    pub message: Option<String>,
    /// The last lines that the program wrote.
    pub lines: Vec<String>,
}

/// A program that makes tunnels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelProgram {
    /// `ngrok` or `cloudflared`.
    pub id: String,
    /// Where it was found.
    pub path: Option<String>,
    /// The user chose that place.
    pub chosen: bool,
    /// Why it cannot be started, where it cannot.
    pub message: Option<String>,
    /// Where it is to be had, and what it needs.
    pub about: String,
    /// Its own page.
    pub page: String,
}
