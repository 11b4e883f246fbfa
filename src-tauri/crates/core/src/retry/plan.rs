//! The whole schedule before anything is sent.

use super::Policy;
use super::words::to_ms;

/// An attempt of the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its number, from 1.
    pub attempt: u32,
    /// When, after the first, where every attempt fails at once; in milliseconds.
    pub offset_ms: u64,
    /// How long after the end of the one before, in milliseconds.
    pub wait_ms: u64,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its attempts.
    pub attempts: Vec<Planned>,
    /// From the first attempt to the last, in milliseconds.
    pub total_ms: u64,
    /// The same where every attempt takes as long as it may, its own time included.
    pub longest_ms: u64,
}

/// The schedule of a policy. The same seed gives the same jitter.
#[must_use]
pub fn plan(policy: &Policy, seed: u64) -> Plan {
    let mut offset_ms = 0u64;
    let mut attempts = Vec::new();
    for attempt in 1..=policy.attempts {
        let wait_ms = if attempt == 1 { 0 } else { wait_ms(policy, seed, attempt - 1) };
        offset_ms = offset_ms.saturating_add(wait_ms);
        attempts.push(Planned { attempt, offset_ms, wait_ms });
    }
    let timeouts = u64::from(policy.timeout_s) * 1_000 * u64::from(policy.attempts);
    Plan { attempts, total_ms: offset_ms, longest_ms: offset_ms.saturating_add(timeouts) }
}

/// The wait before a retry, counted from 1, with its jitter.
pub(super) fn wait_ms(policy: &Policy, seed: u64, retry: u32) -> u64 {
    to_ms(policy.delays.before(retry) * (1.0 + policy.jitter * share(seed, retry)))
}

/// A number from 0 up to 1 that follows from the seed and the retry alone (SplitMix64, Steele and others 2014).
fn share(seed: u64, retry: u32) -> f64 {
    const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut z = seed.wrapping_add(GAMMA.wrapping_mul(u64::from(retry)));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    // The upper 53 bits are what a double holds.
    (z >> 11) as f64 / (1u64 << 53) as f64
}
