//! Retry policies: what a provider does after an attempt, and when.
//!
//! A [`Policy`] is plain data: what a provider file says ([`Policy::of`]), or what the user made of it. [`plan`] tells the
//! whole schedule before anything is sent, [`next`] what follows from what came back, [`weigh`] what two answers to one
//! event say about the handler behind them.
//!
//! Invariants: a wait counts from the end of one attempt to the beginning of the next; jitter comes from a seed, so a
//! schedule can be shown and repeated; whatever is decided is said in words ([`Decision::why`]).

mod differ;
mod drawing;
mod next;
mod plan;
pub mod policy;
mod rows;
mod weigh;
mod words;

pub use drawing::{Drawn, drawing};
pub use next::{Came, Decision, next};
pub use plan::{Plan, Planned, plan};
pub use policy::{Policy, PolicyFault};
pub use rows::{Row, RowBasis, rows};
pub use weigh::{Compared, Experiment, Finding, Heard, Kind, State, weigh};
pub use words::wait;

#[cfg(test)]
mod tests;
