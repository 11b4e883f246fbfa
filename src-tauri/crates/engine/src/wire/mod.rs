//! The types that cross to the window and to `--json`.
//!
//! Invariants: field names are snake_case; 64-bit ids cross as decimal strings; bytes that need not be text cross as
//! [`WireBytes`]; a secret's value crosses only as the answer of `secret_reveal`. Deliberately absent: bodies. A body
//! is fetched by id as raw bytes.

mod answering;
mod batch;
mod check;
mod compare;
mod delivery;
mod error;
mod event;
mod export;
mod folders;
mod forwarding;
mod import;
mod lab;
mod log;
mod provider;
mod retry;
mod run;
mod secret;
mod sending;
mod snippet;
mod tunnel;

pub use answering::*;
pub use batch::*;
pub use check::*;
pub use compare::*;
pub use delivery::*;
pub use error::*;
pub use event::*;
pub use export::*;
pub use folders::*;
pub use forwarding::*;
pub use import::*;
pub use lab::*;
pub use log::*;
pub use provider::*;
pub use retry::*;
pub use run::*;
pub use secret::*;
pub use sending::*;
pub use snippet::*;
pub use tunnel::*;
