//! The endpoint check: probes that know a provider's scheme, and what an endpoint's answers to them mean.
//!
//! [`plan`] lists the probes that a provider's scheme can have, [`make`](Maker::make) makes their requests, [`judge`] says
//! what came of them; whoever sends them is elsewhere. Invariants: what a provider does not document is never a fault, and
//! an endpoint that does what its document shows comes out without one; a cause is named once, and what has the same cause
//! points at it; nothing is claimed that an answer does not show. Deliberately absent: whether comparing takes equally
//! long, which cannot be told from outside.

mod answer;
mod bodies;
mod causes;
mod compared;
mod doubts;
mod facts;
mod judge;
mod make;
mod probe;
mod score;
#[cfg(test)]
mod tests;
mod weigh;
mod words;

pub use answer::{Answer, Class, Reply};
pub use compared::{Change, compare};
pub use doubts::{Doubt, doubts};
pub use facts::{CheckFacts, ThrowsOn};
pub use judge::{Asked, Finding, Judged, judge};
pub use make::{Made, MakeError, Maker, Setup, chunked};
pub use probe::{Group, Level, Probe, plan};
pub use score::{Score, headline};
pub use words::{notes, side_effects};
