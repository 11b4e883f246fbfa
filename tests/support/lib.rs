//! What the black-box tests share: the real binaries as processes, independent senders, the real window.
//!
//! Invariants: every process ends with the value that stands for it; no fixed port, no fixed folder; waiting is asking
//! again until a deadline, never sleeping and hoping. Deliberately absent: any use of the product's own crates.

mod batch;
mod cli;
mod endpoint;
mod kill;
mod packages;
mod post;
mod process;
mod recorder;
mod run;
mod sender;
mod session;
mod tunnel;
mod until;
mod verifier;
pub mod window;

pub use batch::Batch;
pub use cli::Listener;
pub use endpoint::Endpoint;
pub use kill::kill;
pub use packages::{kept, node_packages, python_packages, succeeds, there};
pub use post::Connection;
pub use process::{Ended, binary, root};
pub use recorder::Recorder;
pub use run::{Ran, countersign, run};
pub use sender::{Answer, Delivery, Sender};
pub use session::Session;
pub use tunnel::StandIn;
pub use until::{PATIENCE, until, until_async};
pub use verifier::Verifier;
