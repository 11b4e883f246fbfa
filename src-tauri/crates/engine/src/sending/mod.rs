//! Sending by hand: drafts out of deliveries, samples, templates and pasted texts; their signatures; what came back.
//!
//! Invariants: a delivery is never changed; every attempt is in the log before it leaves, with how it ended once it has;
//! nothing goes anywhere but where the draft's URL leads. A secret that is typed for one draft is kept nowhere.

mod batch;
mod copies;
mod drafts;
mod resend;
mod send;
mod signing;
mod starts;
mod templates;

pub(crate) use batch::Batches;
pub(crate) use drafts::{authority, input};
pub(crate) use send::{Sending, problem_of};

use crate::error::EngineError;
use bytes::Bytes;
use countersign_core::draft::Draft;

/// A draft with its body at hand.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) draft: Draft,
    /// `Content-Length` is pinned to what the user wrote.
    pub(crate) length_as_given: bool,
    /// The body is that of the delivery beside which the attempt stands, so it is not kept twice.
    pub(crate) body_of: Option<String>,
}

/// Random bits for fresh values.
///
/// # Errors
/// Where the system gives none.
fn random_bits() -> Result<impl FnMut() -> u64, EngineError> {
    let mut bytes = Bytes::from(random_bytes(4096)?);
    Ok(move || {
        // 512 numbers are more than any request holds placeholders; a request beyond asks the system again.
        if bytes.len() < 8 {
            bytes = Bytes::from(random_bytes(4096).unwrap_or_else(|_| vec![0; 4096]));
        }
        let eight = bytes.split_to(8);
        eight.iter().fold(0, |bits, byte| (bits << 8) | u64::from(*byte))
    })
}

fn random_bytes(length: usize) -> Result<Vec<u8>, EngineError> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|error| EngineError::Random { why: error.to_string() })?;
    Ok(bytes)
}
