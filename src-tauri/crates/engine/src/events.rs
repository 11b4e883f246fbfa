//! The stream of what happened: one queue, emptied in batches, every batch numbered.
//!
//! Invariants: memory is bounded (many deliveries collapse into a count); numbers rise by one an event; a subscriber that
//! falls behind sees a gap in the numbers and reads everything again.

use crate::wire::{EngineEvent, EventBatch};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;

/// More rows than this in one batch are told as a count: the window shows no more of them at once.
const ROWS_IN_A_BATCH: usize = 100;
/// Batches that a slow subscriber may be behind.
const BACKLOG: usize = 256;
/// A frame of a 60 Hz screen: no use in telling more often.
const PAUSE: Duration = Duration::from_millis(16);

pub(crate) struct Bus {
    queue: Mutex<Vec<EngineEvent>>,
    wake: Notify,
    last_seq: AtomicU64,
    out: broadcast::Sender<EventBatch>,
}

/// A subscription to the stream.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<EventBatch>);

impl Subscription {
    /// The next batch; `None` once the engine is gone.
    pub async fn next(&mut self) -> Option<EventBatch> {
        loop {
            match self.0.recv().await {
                Ok(batch) => return Some(batch),
                // The gap in the numbers tells the window.
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Bus {
    pub(crate) fn new() -> Bus {
        Bus {
            queue: Mutex::new(Vec::new()),
            wake: Notify::new(),
            last_seq: AtomicU64::new(0),
            out: broadcast::channel(BACKLOG).0,
        }
    }

    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription(self.out.subscribe())
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.last_seq.load(Ordering::Acquire)
    }

    pub(crate) fn publish(&self, event: EngineEvent) {
        if self.out.receiver_count() == 0 {
            return;
        }
        {
            let mut queue = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            queue.push(event);
            if queue.len() > 2 * ROWS_IN_A_BATCH {
                collapse(&mut queue);
            }
        }
        self.wake.notify_one();
    }

    /// Sends what is queued, for ever.
    pub(crate) async fn pump(&self) {
        loop {
            self.wake.notified().await;
            let begun = Instant::now();
            self.flush();
            tokio::time::sleep_until(begun + PAUSE).await;
        }
    }

    fn flush(&self) {
        let mut events = std::mem::take(&mut *self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        if events.is_empty() {
            return;
        }
        collapse(&mut events);
        let first_seq = self.last_seq.fetch_add(events.len() as u64, Ordering::AcqRel) + 1;
        // Nobody listens where this fails.
        let _ = self.out.send(EventBatch { first_seq, events });
    }
}

/// Tells rows as a count where there are too many, and only the last of what replaces itself.
fn collapse(events: &mut Vec<EngineEvent>) {
    let rows = |e: &EngineEvent| match e {
        EngineEvent::DeliveryAdded { .. } => 1,
        EngineEvent::DeliveriesAdded { count } => *count,
        _ => 0,
    };
    let total: u32 = events.iter().map(rows).sum();
    if total as usize > ROWS_IN_A_BATCH {
        events.retain(|e| rows(e) == 0);
        events.insert(0, EngineEvent::DeliveriesAdded { count: total });
    }
    keep_last(events, |e| matches!(e, EngineEvent::Rejudge(_)));
    keep_last(events, |e| matches!(e, EngineEvent::Batch(_)));
    keep_last_of_each_run(events);
    keep_last(events, |e| matches!(e, EngineEvent::Check(_)));
    // A tunnel's program may write as many lines as it likes.
    keep_last(events, |e| matches!(e, EngineEvent::Tunnel { .. }));
    keep_last(events, |e| matches!(e, EngineEvent::Import(_)));
    keep_last(events, |e| matches!(e, EngineEvent::Export(_)));
    let changed: usize = events
        .iter()
        .map(|e| if let EngineEvent::VerdictsChanged { deliveries } = e { deliveries.len() } else { 0 })
        .sum();
    if changed > 5 * ROWS_IN_A_BATCH {
        events.retain(|e| !matches!(e, EngineEvent::VerdictsChanged { .. } | EngineEvent::DeliveriesChanged));
        events.push(EngineEvent::DeliveriesChanged);
    }
}

/// Of the events that tell how far something has come only the last one counts.
fn keep_last(events: &mut Vec<EngineEvent>, is_one: fn(&EngineEvent) -> bool) {
    let last = events.iter().rposition(is_one);
    let mut at = 0;
    events.retain(|e| {
        at += 1;
        !is_one(e) || Some(at - 1) == last
    });
}

/// The same for runs of the retry lab, each by itself.
fn keep_last_of_each_run(events: &mut Vec<EngineEvent>) {
    let mut told = std::collections::HashSet::new();
    let mut kept: Vec<bool> = events
        .iter()
        .rev()
        .map(|event| if let EngineEvent::Lab(state) = event { told.insert(state.run.id.clone()) } else { true })
        .collect();
    events.retain(|_| kept.pop().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::TunnelState;

    #[tokio::test]
    async fn numbers_rise_by_one_an_event_over_all_batches() {
        let bus = Bus::new();
        let mut subscription = bus.subscribe();
        for events in [1u64, 3, 2] {
            for _ in 0..events {
                bus.publish(EngineEvent::ProvidersChanged);
            }
            bus.flush();
        }
        let mut next = 1;
        for events in [1u64, 3, 2] {
            let batch = subscription.next().await.expect("the bus is there");
            assert_eq!((batch.first_seq, batch.events.len() as u64), (next, events));
            next += events;
        }
        assert_eq!(bus.last_seq(), 6);
    }

    #[tokio::test]
    async fn a_slow_subscriber_sees_a_gap() {
        let bus = Bus::new();
        let mut subscription = bus.subscribe();
        for _ in 0..=BACKLOG {
            bus.publish(EngineEvent::DeliveriesChanged);
            bus.flush();
        }
        let batch = subscription.next().await.expect("the bus is there");
        assert_eq!(batch.first_seq, 2, "the first batch is gone, so the numbers do not begin at 1");
    }

    #[tokio::test]
    async fn of_a_tunnel_that_writes_much_the_last_state_is_told() {
        let bus = Bus::new();
        let mut subscription = bus.subscribe();
        let tunnel = |line: u32| TunnelState { lines: vec![line.to_string()], ..TunnelState::default() };
        for line in 0..1000 {
            bus.publish(EngineEvent::Tunnel { tunnel: tunnel(line) });
        }
        bus.flush();
        let batch = subscription.next().await.expect("the bus is there");
        assert_eq!(batch.events, [EngineEvent::Tunnel { tunnel: tunnel(999) }]);
    }
}
