//! Items on their way into the log: what is there already, what is made of them, appending.

use crate::error::EngineError;
use crate::judging::judge;
use crate::time;
use crate::wire::{EngineEvent, ImportItem, ImportOutcome};
use crate::{Inner, capture};
use bytes::Bytes;
use countersign_core::ids::ProviderId;
use countersign_core::import::{Fault, Format, Imported, Item};
use countersign_core::request::{Headers, Request, text};
use countersign_store::{DeliveryId, NewDelivery, Origin, StoredResponse};
use std::collections::HashMap;
use std::sync::Arc;

/// An item with the file that it is of.
#[derive(Debug)]
pub(super) struct Read {
    /// As the file is shown.
    pub(super) file: String,
    /// Its name without folders.
    pub(super) name: String,
    pub(super) format: Option<Format>,
    pub(super) item: Item,
    /// The file was found in a folder, and not named.
    pub(super) found: bool,
    /// A provider was chosen.
    pub(super) chosen: bool,
}

impl Read {
    /// The request of a bare payload.
    fn payload(&mut self) -> Option<&mut Imported> {
        if self.format == Some(Format::Payload) { self.item.as_mut().ok() } else { None }
    }
}

/// What becomes of an item.
enum Fate {
    New(Box<NewDelivery>),
    Duplicate(Option<DeliveryId>),
    Failed(String),
    PassedOver(String),
}

/// What a delivery is known by at a glance.
type Glance = (i64, String, Bytes, i64);

fn glance(at: i64, request: &Request) -> Glance {
    (at, request.method.clone(), request.target.clone(), i64::try_from(request.body_len()).unwrap_or(i64::MAX))
}

fn wire_item(read: &Read) -> ImportItem {
    let (item, line, title) = match &read.item {
        Ok(one) => (one.item, one.line, one.title.clone()),
        Err(Fault { item, line, .. }) => (*item, *line, String::new()),
    };
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ImportItem {
        file: read.file.clone(),
        item: number(item),
        line: line.map(number),
        title,
        outcome: ImportOutcome::Failed,
        delivery: None,
        reason: None,
        received_at: read.item.as_ref().ok().and_then(|one| one.received_at_us).map(time::rfc3339_us),
        notes: read.item.as_ref().map(|one| one.notes.clone()).unwrap_or_default(),
        provider: None,
        event_type: None,
        method: read.item.as_ref().ok().map(|one| one.request.method.clone()),
        path: read.item.as_ref().ok().map(|one| text(one.request.path())),
        body_len: read.item.as_ref().ok().map(|one| one.request.body_len()),
    }
}

impl Inner {
    /// The deliveries of the log that may be one of these items.
    fn there_already(&self, chunk: &[Read]) -> Result<HashMap<Glance, Vec<DeliveryId>>, EngineError> {
        let times = chunk.iter().filter_map(|read| read.item.as_ref().ok()?.received_at_us);
        let mut times: Vec<i64> = times.collect();
        times.sort_unstable();
        times.dedup();
        let mut found: HashMap<Glance, Vec<DeliveryId>> = HashMap::new();
        if !times.is_empty() {
            for one in self.store.received_at(&times)? {
                found.entry((one.received_at_us, one.method, one.target, one.body_len)).or_default().push(one.id);
            }
        }
        Ok(found)
    }

    /// Bare payloads that are not recognised come in on the path of this provider.
    pub(super) fn give_provider(&self, chunk: &mut [Read], provider: Option<&ProviderId>) {
        let Some(provider) = provider else { return };
        for read in chunk {
            let Some(one) = read.payload() else { continue };
            let pinned = self.pinned(one.request.path());
            let judged = judge(&self.catalogue, &self.ring(), &one.request, time::now_us(), pinned.as_ref());
            if judged.provider.is_none() {
                one.request.target = Bytes::from(format!("/{provider}"));
                one.title = format!("{} /{provider}", one.request.method);
                read.chosen = true;
            }
        }
    }

    /// What becomes of each item. Reads the log: blocks.
    fn fates(&self, chunk: &[Read]) -> Result<Vec<Fate>, EngineError> {
        let there = self.there_already(chunk)?;
        let mut fates = Vec::with_capacity(chunk.len());
        let mut new: HashMap<Glance, Vec<usize>> = HashMap::new();
        for (index, read) in chunk.iter().enumerate() {
            let one = match &read.item {
                Ok(one) => one,
                Err(fault) if read.found && read.format.is_none() && fault.item == 0 && is_other_text(&read.name) => {
                    fates.push(Fate::PassedOver(fault.reason.clone()));
                    continue;
                }
                Err(fault) => {
                    fates.push(Fate::Failed(fault.reason.clone()));
                    continue;
                }
            };
            let same = |other: &usize| chunk[*other].item.as_ref().is_ok_and(|other| other.request == one.request);
            if let Some(at) = one.received_at_us {
                let key = glance(at, &one.request);
                let mut found = None;
                for id in there.get(&key).into_iter().flatten() {
                    if self.store.delivery(*id)?.is_some_and(|delivery| delivery.request == one.request) {
                        found = Some(*id);
                        break;
                    }
                }
                if found.is_some() || new.get(&key).is_some_and(|others| others.iter().any(same)) {
                    fates.push(Fate::Duplicate(found));
                    continue;
                }
                new.entry(key).or_default().push(index);
            }
            fates.push(self.made_of(read, one)?);
        }
        Ok(fates)
    }

    /// An item as a delivery, judged as if it had been received at its time.
    fn made_of(&self, read: &Read, one: &Imported) -> Result<Fate, EngineError> {
        let at = one.received_at_us.unwrap_or_else(time::now_us);
        let request = &one.request;
        let pinned = self.pinned(request.path());
        let judged = judge(&self.catalogue, &self.ring(), request, at, pinned.as_ref());
        if read.format == Some(Format::Payload) && read.found && !read.chosen && judged.provider.is_none() {
            return Ok(Fate::PassedOver(
                "This is JSON, but no request, and no provider is known by the shape of its body. Choose a provider, or name \
                 the file itself, to import it as a bare payload."
                    .to_owned(),
            ));
        }
        let judgement = self.keep(judged, request, None)?;
        let format = read.format.map_or("payload", Format::as_str).to_owned();
        Ok(Fate::New(Box::new(NewDelivery {
            received_at_us: at,
            started_at_us: at,
            raw_head: one.raw_head.clone().unwrap_or_else(|| Bytes::from(request.head())),
            request: request.clone(),
            peer: String::new(),
            judgement,
            response: StoredResponse {
                status: 0,
                headers: Headers::new(),
                body: Bytes::new(),
                answered_by: "nothing: it was imported".to_owned(),
                took_us: 0,
            },
            expect: None,
            challenge: false,
            attempts: Vec::new(),
            origin: Some(Origin { format, name: read.name.clone() }),
        })))
    }

    /// What would become of these items. Nothing is written. Reads the log: blocks.
    pub(super) fn foreseen(&self, chunk: &[Read]) -> Result<Vec<ImportItem>, EngineError> {
        let fates = self.fates(chunk)?;
        Ok(chunk
            .iter()
            .zip(&fates)
            .map(|(read, fate)| with_fate(wire_item(read), fate, ImportOutcome::Ready))
            .collect())
    }

    /// Brings items into the log and answers what became of each.
    pub(super) async fn bring_in(
        self: &Arc<Self>,
        mut chunk: Vec<Read>,
        unrecognised: Option<ProviderId>,
    ) -> Result<Vec<ImportItem>, EngineError> {
        let ring = self.ring();
        let (mut items, new) = Arc::clone(self)
            .blocking(move |inner| {
                inner.give_provider(&mut chunk, unrecognised.as_ref());
                let fates = inner.fates(&chunk)?;
                let items: Vec<ImportItem> = chunk
                    .iter()
                    .zip(&fates)
                    .map(|(read, fate)| with_fate(wire_item(read), fate, ImportOutcome::Imported))
                    .collect();
                let new = fates.into_iter().filter_map(|fate| match fate {
                    Fate::New(new) => Some(*new),
                    _ => None,
                });
                Ok((items, new.collect::<Vec<_>>()))
            })
            .await?;
        if new.is_empty() {
            return Ok(items);
        }
        let unsigned = |new: &NewDelivery| {
            let provider = new.judgement.provider.as_ref().and_then(|id| self.catalogue.get(id));
            provider.is_some_and(|provider| !provider.signs())
        };
        // Those whose checks depend on what came before them are looked at once more, when their place is known.
        let open: Vec<_> =
            new.iter().map(|one| unsigned(one).then(|| (one.request.clone(), capture::row_of(one)))).collect();
        let appended = self.store.append_all(new).await?;
        for (one, open) in appended.iter().zip(open) {
            if let Some((request, row)) = open {
                self.settle_checks(&mut row(one.id), request).await?;
            }
        }
        let into = items.iter_mut().filter(|item| item.outcome == ImportOutcome::Imported);
        for (item, one) in into.zip(&appended) {
            item.delivery = Some(one.id.to_string());
        }
        let count = u32::try_from(appended.len()).unwrap_or(u32::MAX);
        self.bus.publish(EngineEvent::DeliveriesAdded { count });
        if !Arc::ptr_eq(&ring, &self.ring()) {
            self.rejudge_soon();
        }
        Ok(items)
    }
}

/// A text file in a folder that is no request: a README, a script.
fn is_other_text(name: &str) -> bool {
    name.ends_with(".txt") || name.ends_with(".sh")
}

fn with_fate(item: ImportItem, fate: &Fate, taken: ImportOutcome) -> ImportItem {
    match fate {
        Fate::New(new) => ImportItem {
            outcome: taken,
            provider: new.judgement.provider.as_ref().map(ToString::to_string),
            event_type: new.judgement.event_type.clone(),
            ..item
        },
        Fate::Duplicate(id) => {
            let delivery = id.map(|id| id.to_string());
            ImportItem { outcome: ImportOutcome::Duplicate, delivery, ..item }
        }
        Fate::Failed(why) => ImportItem { outcome: ImportOutcome::Failed, reason: Some(why.clone()), ..item },
        Fate::PassedOver(why) => ImportItem { outcome: ImportOutcome::PassedOver, reason: Some(why.clone()), ..item },
    }
}
