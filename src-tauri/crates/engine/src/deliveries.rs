//! Reading, marking, deleting and restoring what is in the log.

use crate::error::EngineError;
use crate::filters;
use crate::forwarding::{peer_ip, wire_attempt};
use crate::judging::{explain, wire_bytes, wire_check, wire_recognised, wire_verdict};
use crate::wire::{
    ClaimedClient, CommandError, Deletion, DeliveryCount, DeliveryDetail, DeliveryPage, DeliverySummary, EngineEvent,
    GroupInfo, RelatedDelivery, VerdictDetail, VerdictSummary, WireHeader, WireResponse,
};
use crate::{Engine, Inner, time};
use countersign_core::catalogue::Catalogue;
use countersign_core::client::claimed;
use countersign_core::request::{Headers, text};
use countersign_store::{DeliveryId, EventGroup, Summary};
use std::net::IpAddr;

/// The most rows of one page.
const PAGE: u32 = 1000;
/// The most deliveries of one event that are listed: a timeline, not a log.
const MEMBERS: usize = 200;

pub(crate) fn parse_id(id: &str) -> Result<DeliveryId, EngineError> {
    id.parse().map_err(|_| EngineError::NoSuchDelivery { id: countersign_core::shorten(id, 40) })
}

fn parse_ids(ids: &[String]) -> Result<Vec<DeliveryId>, EngineError> {
    ids.iter().map(|id| parse_id(id)).collect()
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// A row for the window.
pub(crate) fn wire_summary(summary: &Summary) -> DeliverySummary {
    let judgement = &summary.judgement;
    let (path, query) = match summary.target.iter().position(|b| *b == b'?') {
        Some(at) => (text(&summary.target[..at]), Some(text(&summary.target[at + 1..]))),
        None => (text(&summary.target), None),
    };
    DeliverySummary {
        id: summary.id.to_string(),
        received_at: time::rfc3339_us(summary.received_at_us),
        method: summary.method.clone(),
        path,
        query,
        provider: judgement.provider.as_ref().map(ToString::to_string),
        recognised_by: judgement.recognised_by.map(wire_recognised),
        event_type: judgement.event_type.clone(),
        event_id: judgement.event_id.clone(),
        body_len: count(summary.body_len),
        body_cut: summary.cut_from.is_some(),
        status: summary.status,
        verdicts: judgement.verdicts.iter().map(wire_verdict).collect(),
        checks: judgement.checks.iter().map(wire_check).collect(),
        peer: summary.peer.clone(),
        pinned: summary.pinned,
        read: summary.read,
        challenge: summary.challenge,
        origin: summary.origin.as_ref().map(|origin| Box::new(crate::importing::wire_origin(origin))),
        group: None,
    }
}

/// A row for the window that says what its event's deliveries are together.
pub(crate) fn wire_grouped(summary: &Summary, group: Option<EventGroup>) -> DeliverySummary {
    let group = summary.judgement.group.clone().zip(group).map(|(key, group)| {
        Box::new(GroupInfo {
            key,
            count: count(group.members),
            first_at: time::rfc3339_us(group.first_at_us),
            last_at: time::rfc3339_us(group.last_at_us),
            different_bodies: group.different_bodies,
        })
    });
    DeliverySummary { group, ..wire_summary(summary) }
}

pub(crate) fn wire_headers(headers: &Headers) -> Vec<WireHeader> {
    headers.iter().map(|h| WireHeader { name: wire_bytes(&h.name), value: wire_bytes(&h.value) }).collect()
}

/// An explanation made now of a verdict that is kept. What is kept counts: it may have been judged with a secret that was
/// given for one run. Where the secrets of now judge otherwise, a note says so.
fn as_kept(now: VerdictDetail, kept: &VerdictSummary) -> VerdictDetail {
    let mut detail = now;
    if detail.outcome != kept.outcome {
        detail.notes.push(format!("Judged with the secrets that are stored now: {}", detail.reason));
        detail.diagnosis = None;
    }
    detail.outcome = kept.outcome;
    detail.reason.clone_from(&kept.reason);
    detail.applies = kept.applies;
    if detail.secret != kept.secret {
        detail.secret.clone_from(&kept.secret);
        detail.secret_hint = None;
    }
    detail
}

impl Inner {
    /// A row with its group as it is in the log now. Reads the log: blocks.
    pub(crate) fn grouped_row(&self, summary: &Summary) -> Result<DeliverySummary, EngineError> {
        let group = match (&summary.judgement.provider, &summary.judgement.group) {
            (Some(provider), Some(key)) => self.store.group(provider, key)?,
            _ => None,
        };
        Ok(wire_grouped(summary, group))
    }

    fn detail(&self, id: DeliveryId) -> Result<DeliveryDetail, EngineError> {
        let delivery = self.store.delivery(id)?.ok_or_else(|| EngineError::NoSuchDelivery { id: id.to_string() })?;
        let summary = &delivery.summary;
        let request = &delivery.request;
        let ring = self.ring();
        let body = Catalogue::body(request);
        let pinned = self.pinned(request.path());
        let judged = self.catalogue.judge(request, summary.received_at_us, &ring.keys, pinned.as_ref(), body.as_ref());
        let same_event = match (&summary.judgement.provider, &summary.judgement.event_id) {
            (Some(provider), Some(event)) => self.store.same_event(provider, event, Some(id))?,
            _ => Vec::new(),
        };
        let verdicts = judged
            .verdicts
            .iter()
            .map(|(verdict, applies)| {
                let stored = summary.judgement.verdicts.iter().find(|s| s.scheme == verdict.scheme);
                let now = explain(&self.catalogue, &ring, request, verdict, *applies);
                match stored {
                    Some(stored) => as_kept(now, &wire_verdict(stored)),
                    None => now,
                }
            })
            .collect();
        Ok(DeliveryDetail {
            summary: wire_summary(summary),
            http_version: request.version.as_str().to_owned(),
            headers: wire_headers(&request.headers),
            raw_head: wire_bytes(&delivery.raw_head),
            client: client_of(summary, &request.headers),
            kept_len: request.body.len() as u64,
            content_type: request.media_type(),
            response: WireResponse {
                status: delivery.response.status,
                headers: wire_headers(&delivery.response.headers),
                body: wire_bytes(&delivery.response.body),
                answered_by: delivery.response.answered_by.clone(),
                took_us: count(delivery.response.took_us),
            },
            attempts: self.store.attempts(id)?.iter().map(wire_attempt).collect(),
            verdicts,
            same_event: same_event
                .into_iter()
                .map(|other| RelatedDelivery {
                    id: other.id.to_string(),
                    received_at: time::rfc3339_us(other.received_at_us),
                    same_body: other.same_body,
                })
                .collect(),
        })
    }
}

/// Whom a tunnel names as the sender. A connection from elsewhere came without one, and could claim what it likes.
fn client_of(summary: &Summary, headers: &Headers) -> Option<ClaimedClient> {
    let from_here = peer_ip(&summary.peer).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let claimed = from_here.then(|| claimed(headers)).flatten()?;
    Some(ClaimedClient { address: claimed.address.to_string(), header: claimed.header })
}

impl Engine {
    /// A page of deliveries, newest first; of each event only the newest that the filter matches, where they are `grouped`.
    ///
    /// # Errors
    /// Where the filter has a fault, or the log cannot be read.
    pub async fn deliveries_page(
        &self,
        filter: String,
        before: Option<String>,
        limit: u32,
        grouped: bool,
    ) -> Result<DeliveryPage, CommandError> {
        let filter = filters::parse(&filter)?;
        let before = before.as_deref().map(parse_id).transpose()?;
        let limit = limit.clamp(1, PAGE) as usize;
        let found = self.0.clone().blocking(move |inner| match grouped {
            true => {
                let rows = inner.store.grouped(&filter, before, limit)?;
                Ok(rows.iter().map(|(row, group)| wire_grouped(row, *group)).collect::<Vec<_>>())
            }
            false => Ok(inner.store.summaries(&filter, before, limit)?.iter().map(wire_summary).collect()),
        });
        let items = found.await?;
        let next = (items.len() == limit).then(|| items.last().map(|row| row.id.clone())).flatten();
        Ok(DeliveryPage { items, next })
    }

    pub(crate) async fn delivery_group(&self, id: String) -> Result<Vec<DeliverySummary>, CommandError> {
        let id = parse_id(&id)?;
        let rows = self.0.clone().blocking(move |inner| Ok(inner.store.group_members(id, MEMBERS)?)).await?;
        Ok(rows.iter().map(wire_summary).collect())
    }

    pub(crate) async fn deliveries_count(&self, filter: String) -> Result<DeliveryCount, CommandError> {
        let filter = filters::parse(&filter)?;
        let found = self.0.clone().blocking(move |inner| Ok(inner.store.count(&filter)?)).await?;
        Ok(DeliveryCount {
            matched: count(found.matched),
            total: count(found.total),
            failing: count(found.failing),
            bytes: count(found.bytes),
        })
    }

    /// One delivery with all that is known of it but its body, judged with the secrets as they are.
    ///
    /// # Errors
    /// Where there is none, or the log cannot be read.
    pub async fn delivery_detail(&self, id: String) -> Result<DeliveryDetail, CommandError> {
        let id = parse_id(&id)?;
        Ok(self.0.clone().blocking(move |inner| inner.detail(id)).await?)
    }

    pub(crate) async fn deliveries_mark(
        &self,
        ids: Vec<String>,
        read: Option<bool>,
        pinned: Option<bool>,
    ) -> Result<(), CommandError> {
        let ids = parse_ids(&ids)?;
        self.0.store.mark(&ids, read, pinned).await.map_err(EngineError::from)?;
        if pinned.is_some() {
            self.0.bus.publish(EngineEvent::DeliveriesChanged);
        }
        Ok(())
    }

    pub(crate) async fn deliveries_delete(
        &self,
        ids: Vec<String>,
        groups: Vec<String>,
    ) -> Result<Deletion, CommandError> {
        let (mut ids, groups) = (parse_ids(&ids)?, parse_ids(&groups)?);
        if !groups.is_empty() {
            ids.extend(self.0.clone().blocking(move |inner| Ok(inner.store.with_their_groups(&groups)?)).await?);
            ids.sort_unstable();
            ids.dedup();
        }
        let deleted = self.0.store.delete(&ids).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::DeliveriesChanged);
        Ok(Deletion { token: deleted.token, count: count(deleted.count) })
    }

    pub(crate) async fn deliveries_clear(&self, filter: String) -> Result<Deletion, CommandError> {
        let filter = filters::parse(&filter)?;
        let ids = self.0.clone().blocking(move |inner| Ok(inner.store.ids(&filter)?)).await?;
        let deleted = self.0.store.delete(&ids).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::DeliveriesChanged);
        Ok(Deletion { token: deleted.token, count: count(deleted.count) })
    }

    pub(crate) async fn deliveries_restore(&self, token: String) -> Result<u32, CommandError> {
        let restored = self.0.store.restore(&token).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::DeliveriesChanged);
        Ok(u32::try_from(restored).unwrap_or(u32::MAX))
    }
}
