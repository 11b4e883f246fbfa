//! The log as the engine uses it: opening, appending, reading. What else is written is in `writes.rs`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use countersign_core::filter::Filter;
use countersign_core::ids::ProviderId;
use countersign_core::request::Request;

use crate::changes::{Changes, Seen, Watch};
use crate::error::StoreError;
use crate::model::{
    Appended, Attempt, AttemptId, AttemptSummary, Count, Delivery, DeliveryId, EventGroup, ExpectedId, ExpectedState,
    NewAttempt, NewDelivery, PathPin, Received, Related, SavedFilter, Summary, Template,
};
use crate::own::Own;
use crate::readers::Readers;
use crate::table::{
    attempts, contents, deliveries, expected_ids, groups, meta, path_pins, saved_filters, settings, templates, totals,
};
use crate::writer::{self, Queue};
use crate::{open, query};

/// An open log. Clones are the same log; when it is closed, or the last clone goes, what waits is written and the file
/// closed, which may take as long as a commit.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// A log that was opened.
pub struct Opened {
    /// The log.
    pub store: Store,
    /// Where a damaged log was put, if there was one; the log is then new and empty.
    pub set_aside: Option<PathBuf>,
}

struct Inner {
    path: PathBuf,
    /// The way to the writer and its thread, until the log is closed.
    writer: Mutex<Option<(Queue, JoinHandle<()>)>>,
    readers: Readers,
    watch: Watch,
}

impl Inner {
    fn close(&self) {
        // The writer closes last: then it carries the WAL into the file.
        self.readers.close();
        self.watch.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((queue, thread)) = writer {
            drop(queue);
            // A panic there was printed already; here is nothing left to do about it.
            let _ = thread.join();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Store {
    /// Opens the log at `path`, or begins one. The folder must exist.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::NotOurs`], [`StoreError::Unopenable`], [`StoreError::NotSetAside`],
    /// [`StoreError::Unwritable`]: in none of these cases was anything changed. A damaged log is no error: see
    /// [`Opened::set_aside`].
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (conn, set_aside) = open::open(&path)?;
        let own = Arc::new(Own::default());
        let (queue, thread) = writer::start(&path, conn, own.clone()).map_err(|error| StoreError::Unwritable {
            path: path.clone(),
            cause: crate::Cause::Io,
            source: Some(Arc::new(error)),
        })?;
        let inner = Inner {
            readers: Readers::new(&path, own.clone()),
            watch: Watch::new(&path, own),
            writer: Mutex::new(Some((queue, thread))),
            path,
        };
        Ok(Opened { store: Store { inner: Arc::new(inner) }, set_aside })
    }

    /// Writes what waits, carries everything into the file and closes it. Every later call answers
    /// [`StoreError::Closed`]. Blocks for as long as that takes.
    pub fn close(&self) {
        self.inner.close();
    }

    /// Where the log is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Appends a delivery with its attempts; resolves once all is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`] where nothing can be written, [`StoreError::Refused`] where this one cannot. In both
    /// cases it is not in the log.
    pub async fn append_with_attempts(&self, new: NewDelivery) -> Result<Appended, StoreError> {
        let attempts: usize = new.attempts.iter().map(attempt_size).sum();
        // What a row costs beside its bytes, roughly.
        let size = new.request.body.len() + new.raw_head.len() + new.response.body.len() + attempts + 1_024;
        self.write(size, move |group| group.append(&new)).await
    }

    /// Appends a delivery, as [`Store::append_with_attempts`] does.
    ///
    /// # Errors
    /// As there.
    pub async fn append(&self, new: NewDelivery) -> Result<DeliveryId, StoreError> {
        self.append_with_attempts(new).await.map(|appended| appended.id)
    }

    /// Appends deliveries in this order, all or none; give some hundred at a time, because others wait for it.
    ///
    /// # Errors
    /// As [`Store::append_with_attempts`].
    pub async fn append_all(&self, all: Vec<NewDelivery>) -> Result<Vec<Appended>, StoreError> {
        let size = all.iter().map(|new| new.request.body.len() + new.raw_head.len() + 1_024).sum();
        self.write(size, move |group| all.iter().map(|new| group.append(new)).collect()).await
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        size: usize,
        work: impl FnMut(&mut writer::Group<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let queue = {
            let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.as_ref().map(|(queue, _)| queue.clone())
        };
        match queue {
            Some(queue) => queue.run(size, work).await,
            None => Err(StoreError::Closed),
        }
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.inner.readers.read(read)
    }
}

/// Reading. Each is one moment of the log; the error is [`StoreError::Unreadable`] or [`StoreError::Damaged`]. They
/// block for as long as the query takes: call them where that is allowed.
#[expect(clippy::missing_errors_doc, reason = "said once above for all of them")]
impl Store {
    /// Up to `limit` rows that the filter matches, newest first, older than `before`.
    pub fn summaries(
        &self,
        filter: &Filter,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<Vec<Summary>, StoreError> {
        self.read(|conn| query::summaries(conn, filter, before, limit))
    }

    /// Up to `limit` groups with a delivery that the filter matches, each as its newest such delivery, and what belongs to
    /// no group; newest first, older than `before`. What is said of a group is said of all of it.
    pub fn grouped(
        &self,
        filter: &Filter,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<Vec<(Summary, Option<EventGroup>)>, StoreError> {
        self.read(|conn| query::grouped(conn, filter, before, limit))
    }

    /// The deliveries of one event; none where there are none.
    pub fn group(&self, provider: &ProviderId, key: &str) -> Result<Option<EventGroup>, StoreError> {
        self.read(|conn| groups::find(conn, provider.as_str(), key))
    }

    /// The newest deliveries of the event of this one, newest first; it alone where its event has no name.
    pub fn group_members(&self, id: DeliveryId, limit: usize) -> Result<Vec<Summary>, StoreError> {
        self.read(|conn| groups::members(conn, id, limit))
    }

    /// These deliveries and all others of their events, in the order of their ids.
    pub fn with_their_groups(&self, ids: &[DeliveryId]) -> Result<Vec<DeliveryId>, StoreError> {
        self.read(|conn| groups::with_their_groups(conn, &json_list(ids)))
    }

    /// Which of these deliveries the filter matches, in the order of their ids.
    pub fn matching(&self, filter: &Filter, ids: &[DeliveryId]) -> Result<Vec<DeliveryId>, StoreError> {
        self.read(|conn| query::matching(conn, filter, &json_list(ids)))
    }

    /// The ids that the filter matches, in their order.
    pub fn ids(&self, filter: &Filter) -> Result<Vec<DeliveryId>, StoreError> {
        self.read(|conn| query::ids(conn, filter))
    }

    /// How many the filter matches, and the totals of the log.
    pub fn count(&self, filter: &Filter) -> Result<Count, StoreError> {
        self.read(|conn| query::count(conn, filter))
    }

    /// Deliveries of each provider that has any; none for those of which none was recognised.
    pub fn deliveries_per_provider(&self) -> Result<Vec<(Option<String>, i64)>, StoreError> {
        self.read(totals::per_provider)
    }

    /// One row.
    pub fn summary(&self, id: DeliveryId) -> Result<Option<Summary>, StoreError> {
        self.read(|conn| deliveries::by_id(conn, id))
    }

    /// A delivery with everything.
    pub fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.read(|conn| {
            let tx = conn.unchecked_transaction()?;
            let Some(summary) = deliveries::by_id(&tx, id)? else { return Ok(None) };
            let Some(contents) = contents::read(&tx, id, summary.status)? else { return Ok(None) };
            let request = Request {
                method: summary.method.clone(),
                target: summary.target.clone(),
                version: summary.version,
                headers: contents.headers,
                body: contents.body,
                cut_from: summary.cut_from.map(i64::unsigned_abs),
            };
            Ok(Some(Delivery { summary, request, raw_head: contents.raw_head, response: contents.response }))
        })
    }

    /// A delivery's body, as far as it was kept.
    pub fn body(&self, id: DeliveryId) -> Result<Option<Bytes>, StoreError> {
        self.read(|conn| contents::body(conn, id))
    }

    /// The newest deliveries of that event but `except`, a hundred at the most, oldest first; whether their body is the
    /// same is asked of `except`, and without it is always "no".
    pub fn same_event(
        &self,
        provider: &ProviderId,
        event_id: &str,
        except: Option<DeliveryId>,
    ) -> Result<Vec<Related>, StoreError> {
        self.read(|conn| deliveries::same_event(conn, provider.as_str(), event_id, except))
    }

    /// How many deliveries of that event came before `before`, or are in the log where that is none; counted up to
    /// [`Store::COUNTED`].
    pub fn earlier_of_event(
        &self,
        provider: &ProviderId,
        event_id: &str,
        before: Option<DeliveryId>,
    ) -> Result<usize, StoreError> {
        self.read(|conn| deliveries::earlier_of_event(conn, provider.as_str(), event_id, before, Self::COUNTED))
    }

    /// Where counting deliveries of one event ends.
    pub const COUNTED: usize = 1_000;

    /// The deliveries that were received at one of these moments, in microseconds since 1970, in the order of their ids. It
    /// passes over all rows: ask for many at once.
    pub fn received_at(&self, moments_us: &[i64]) -> Result<Vec<Received>, StoreError> {
        let moments: Vec<String> = moments_us.iter().map(i64::to_string).collect();
        self.read(|conn| deliveries::received_at(conn, &format!("[{}]", moments.join(","))))
    }

    /// Up to `limit` ids older than `before`, newest first.
    pub fn ids_newest_first(&self, before: Option<DeliveryId>, limit: usize) -> Result<Vec<DeliveryId>, StoreError> {
        self.read(|conn| deliveries::ids_newest_first(conn, before, limit))
    }

    /// What was sent of a delivery, oldest first.
    pub fn attempts(&self, id: DeliveryId) -> Result<Vec<AttemptSummary>, StoreError> {
        self.read(|conn| attempts::of_delivery(conn, id))
    }

    /// Up to `limit` attempts, newest first; those before `before`, where that is given.
    pub fn attempts_page(&self, before: Option<AttemptId>, limit: usize) -> Result<Vec<AttemptSummary>, StoreError> {
        self.read(|conn| attempts::page(conn, before, limit))
    }

    /// An attempt without its bytes.
    pub fn attempt_summary(&self, id: AttemptId) -> Result<Option<AttemptSummary>, StoreError> {
        self.read(|conn| attempts::summary_of(conn, id))
    }

    /// An attempt with its bytes.
    pub fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>, StoreError> {
        self.read(|conn| attempts::by_id(conn, id))
    }

    /// Up to `limit` deliveries that a route was to send and whose endpoint never answered, oldest first. Those that
    /// still wait are among them only where they began before `stale_us`: then the program that was to send them has
    /// ended.
    pub fn missed(&self, route: &str, stale_us: i64, limit: usize) -> Result<Vec<DeliveryId>, StoreError> {
        self.read(|conn| attempts::missed(conn, route, stale_us, limit))
    }

    /// When the newest delivery that this secret verifies was received, in microseconds since 1970.
    pub fn last_matched(&self, provider: &ProviderId, secret: &str) -> Result<Option<i64>, StoreError> {
        self.read(|conn| deliveries::last_matched(conn, provider.as_str(), secret))
    }

    /// The templates by name, without their bodies.
    pub fn templates(&self) -> Result<Vec<Template>, StoreError> {
        self.read(templates::list)
    }

    /// A template with its body.
    pub fn template(&self, id: i64) -> Result<Option<Template>, StoreError> {
        self.read(|conn| templates::by_id(conn, id))
    }

    /// A setting, as JSON text.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|conn| settings::get(conn, key))
    }

    /// The saved filters in the order in which they were first saved.
    pub fn saved_filters(&self) -> Result<Vec<SavedFilter>, StoreError> {
        self.read(saved_filters::list)
    }

    /// The pinned paths by path.
    pub fn pins(&self) -> Result<Vec<PathPin>, StoreError> {
        self.read(path_pins::list)
    }

    /// The ids that are expected of a provider, awaited ones first.
    pub fn expected_ids(&self, provider: &ProviderId) -> Result<Vec<ExpectedId>, StoreError> {
        self.read(|conn| expected_ids::list(conn, provider.as_str()))
    }

    /// What the list of expected ids says of one.
    pub fn expected_state(&self, provider: &ProviderId, id: &str) -> Result<ExpectedState, StoreError> {
        self.read(|conn| expected_ids::state(conn, provider.as_str(), id))
    }

    /// A random text that tells this log from any other.
    pub fn log_id(&self) -> Result<String, StoreError> {
        self.read(meta::log_id)
    }

    /// Where the log stands now, to ask [`Store::changes`] from here on.
    pub fn seen(&self) -> Result<Seen, StoreError> {
        self.inner.watch.seen()
    }

    /// Another one with everything that is appended, deleted, restored or changed, by this program or another. It costs a
    /// few microseconds while nobody writes.
    pub fn revision(&self) -> Result<(i64, i64), StoreError> {
        self.inner.watch.revision()
    }

    /// What other programs did since. It costs a few microseconds while nobody writes. One watcher a store: ids that
    /// were answered once are not told from others' for a second one.
    pub fn changes(&self, since: &Seen) -> Result<Changes, StoreError> {
        self.inner.watch.since(since)
    }
}

/// An attempt's share of a group's bytes.
pub(crate) fn attempt_size(new: &NewAttempt) -> usize {
    let reply = new.reply.as_ref().map_or(0, |reply| reply.body.len() + reply.head.len());
    new.request_head.len() + new.request_body.as_ref().map_or(0, Bytes::len) + reply + 512
}

/// Ids as a JSON list, the form in which SQLite takes a list.
pub(crate) fn json_list(ids: &[DeliveryId]) -> String {
    let ids: Vec<String> = ids.iter().map(DeliveryId::to_string).collect();
    format!("[{}]", ids.join(","))
}
