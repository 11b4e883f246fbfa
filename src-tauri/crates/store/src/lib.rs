//! The event log: what arrived, what was made of it, and what the user keeps beside it, in one SQLite file.
//!
//! Invariants:
//! - What [`Store::append`] acknowledged is on the disk: it resolves after the commit and its sync.
//! - One thread writes, and commits in groups; readers are beside it and never wait for it.
//! - Several programs may use one log at a time. Ids rise over all of them and are never used again.
//! - A damaged log is never thrown away: it is kept aside under another name.
//! - Lists and counts never read bodies, unless a filter asks for them.
//!
//! Deliberately absent: secrets (they belong to the keychain), judging (it belongs to core), any clock but SQLite's own
//! for what is merely noted down, and the meaning of settings.

mod changes;
mod error;
mod migrate;
mod model;
mod open;
mod own;
mod pack;
mod query;
mod readers;
mod rescue;
mod runs;
mod search;
mod store;
mod table;
mod writer;
mod writes;

#[cfg(test)]
mod tests;

pub use changes::{Changes, Seen};
pub use error::{Cause, StoreError};
pub use model::{
    Appended, Attempt, AttemptId, AttemptKind, AttemptReply, AttemptState, AttemptSummary, AttemptTiming,
    BadDeliveryId, CheckKind, Count, Deletion, Delivery, DeliveryId, EventGroup, ExpectedId, ExpectedState, Judgement,
    NewAttempt, NewDelivery, NewTemplate, Origin, PathPin, Received, RecognisedBy, Rejudged, Related, SavedFilter,
    StoredCheck, StoredResponse, StoredVerdict, Summary, Template,
};
pub use runs::{NewRun, Run, RunId, RunKind, RunState, RunSummary, RunUpdate};
pub use store::{Opened, Store};
