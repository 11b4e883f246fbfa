//! What is written beside appending. Everything here goes through the same writer and raises the log's revision, so
//! that other programs see it.

use countersign_core::ids::ProviderId;

use crate::error::StoreError;
use crate::model::{AttemptId, Deletion, DeliveryId, NewAttempt, NewTemplate, Rejudged};
use crate::store::{Store, attempt_size, json_list};
use crate::table::{attempts, deliveries, expected_ids, groups, path_pins, saved_filters, settings, templates, totals};
use crate::writer::Group;

/// What a small job counts for in a group.
const SMALL: usize = 256;
/// Deliveries that are hidden in one transaction.
const HIDE_CHUNK: usize = 1_000;
/// Deliveries that are purged in one transaction: appends wait for no more than a moment.
const PURGE_CHUNK: i64 = 500;

/// Writing. The error is [`StoreError::Unwritable`] or [`StoreError::Refused`]; then nothing of it was done.
#[expect(clippy::missing_errors_doc, reason = "said once above for all of them")]
impl Store {
    /// Writes what is made of deliveries now; answers how many were still there. Give some hundred at a time: appends
    /// wait for it.
    pub async fn rejudged(&self, list: Vec<Rejudged>) -> Result<usize, StoreError> {
        let ids: Vec<DeliveryId> = list.iter().map(|one| one.id).collect();
        let ids = json_list(&ids);
        self.write(list.len() * SMALL, move |group| {
            group.changed();
            totals::subtract(group.conn, &ids)?;
            let mut there = 0;
            let mut moved = Vec::new();
            for one in &list {
                let from = groups::name(group.conn, one.id)?;
                there += usize::from(deliveries::rejudge(group.conn, one.id, &one.judgement)?);
                let to = groups::name(group.conn, one.id)?;
                if from != to {
                    moved.extend([from, to].into_iter().flatten());
                }
            }
            // Another secret rarely makes another event of it: most often nothing moved.
            moved.sort_unstable();
            moved.dedup();
            groups::refresh(group.conn, &moved)?;
            totals::add(group.conn, &ids)?;
            Ok(there)
        })
        .await
    }

    /// Adds an attempt to a delivery; none where it is no longer there.
    pub async fn add_attempt(&self, id: DeliveryId, new: NewAttempt) -> Result<Option<AttemptId>, StoreError> {
        self.write(attempt_size(&new), move |group| {
            group.changed();
            match deliveries::by_id(group.conn, id)? {
                Some(_) => attempts::insert(group.conn, Some(id), &new).map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    /// Keeps an attempt that came of no delivery.
    pub async fn add_composed(&self, new: NewAttempt) -> Result<AttemptId, StoreError> {
        self.write(attempt_size(&new), move |group| {
            group.changed();
            attempts::insert(group.conn, None, &new)
        })
        .await
    }

    /// Keeps a template; one of that name is replaced.
    pub async fn set_template(&self, new: NewTemplate) -> Result<(), StoreError> {
        self.change(move |group| templates::set(group.conn, &new)).await
    }

    /// Removes a template.
    pub async fn remove_template(&self, id: i64) -> Result<(), StoreError> {
        self.change(move |group| templates::remove(group.conn, id)).await
    }

    /// Writes how an attempt that waited ended; answers whether it was still there.
    pub async fn finish_attempt(&self, id: AttemptId, new: NewAttempt) -> Result<bool, StoreError> {
        self.write(attempt_size(&new), move |group| {
            group.changed();
            attempts::finish(group.conn, id, &new)
        })
        .await
    }

    /// Marks deliveries as read or unread, pinned or not; what is not given stays. Answers how many there were.
    pub async fn mark(
        &self,
        ids: &[DeliveryId],
        read: Option<bool>,
        pinned: Option<bool>,
    ) -> Result<usize, StoreError> {
        let ids = json_list(ids);
        self.write(SMALL, move |group| {
            group.changed();
            deliveries::mark(group.conn, &ids, read, pinned)
        })
        .await
    }

    /// Hides deliveries from every query, until they are restored or purged; a thousand at a time, so that appends go
    /// on. Where it fails part of the way, what was hidden until then is shown again.
    pub async fn delete(&self, ids: &[DeliveryId]) -> Result<Deletion, StoreError> {
        let mut deletion = Deletion { token: String::new(), count: 0 };
        let mut parts = ids.chunks(HIDE_CHUNK);
        // Nothing to hide is a deletion too, of nothing.
        let first = parts.next().unwrap_or_default();
        for part in std::iter::once(first).chain(parts) {
            let (ids, token) = (json_list(part), deletion.token.clone());
            match self.write(SMALL, move |group| hide(group, &ids, &token)).await {
                Ok((token, count)) => deletion = Deletion { token, count: deletion.count + count },
                Err(error) => {
                    if !deletion.token.is_empty() {
                        self.restore(&deletion.token).await?;
                    }
                    return Err(error);
                }
            }
        }
        Ok(deletion)
    }

    /// Shows again what was hidden with this token; answers how many. A token that is not known hid nothing.
    pub async fn restore(&self, token: &str) -> Result<i64, StoreError> {
        let token = token.to_owned();
        self.write(SMALL, move |group| {
            group.changed();
            let (ids, count) = deliveries::restore(group.conn, &token)?;
            totals::add(group.conn, &ids)?;
            groups::refresh(group.conn, &groups::names(group.conn, &ids)?)?;
            Ok(count)
        })
        .await
    }

    /// Removes for good what was hidden before a moment, in microseconds since 1970, some hundred at a time so that
    /// appends go on; answers how many.
    pub async fn purge_deleted(&self, before_us: i64) -> Result<usize, StoreError> {
        let mut purged = 0;
        loop {
            // Nobody sees a difference, so that the revision stays.
            let now = self.write(SMALL, move |group| deliveries::purge(group.conn, before_us, PURGE_CHUNK)).await?;
            purged += now;
            if (now as i64) < PURGE_CHUNK {
                return Ok(purged);
            }
        }
    }

    /// Sets a setting, as JSON text.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.change(move |group| settings::set(group.conn, &key, &value)).await
    }

    /// Saves a filter under a name; an existing one of that name is replaced in its place.
    pub async fn set_saved_filter(&self, name: &str, filter: &str) -> Result<(), StoreError> {
        let (name, filter) = (name.to_owned(), filter.to_owned());
        self.change(move |group| saved_filters::set(group.conn, &name, &filter)).await
    }

    /// Removes a saved filter.
    pub async fn remove_saved_filter(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.change(move |group| saved_filters::remove(group.conn, &name)).await
    }

    /// Gives a path to a provider.
    pub async fn set_pin(&self, path: &str, provider: &ProviderId) -> Result<(), StoreError> {
        let (path, provider) = (path.to_owned(), provider.clone());
        self.change(move |group| path_pins::set(group.conn, &path, provider.as_str())).await
    }

    /// Takes a path back.
    pub async fn remove_pin(&self, path: &str) -> Result<(), StoreError> {
        let path = path.to_owned();
        self.change(move |group| path_pins::remove(group.conn, &path)).await
    }

    /// Adds ids that are expected of a provider; those that are there stay as they are.
    pub async fn add_expected_ids(
        &self,
        provider: &ProviderId,
        ids: Vec<String>,
        now_us: i64,
    ) -> Result<(), StoreError> {
        let provider = provider.clone();
        self.change(move |group| {
            ids.iter().try_for_each(|id| expected_ids::add(group.conn, provider.as_str(), id, now_us))
        })
        .await
    }

    /// Removes expected ids.
    pub async fn remove_expected_ids(&self, provider: &ProviderId, ids: Vec<String>) -> Result<(), StoreError> {
        let provider = provider.clone();
        self.change(move |group| ids.iter().try_for_each(|id| expected_ids::remove(group.conn, provider.as_str(), id)))
            .await
    }

    async fn change(
        &self,
        mut work: impl FnMut(&mut Group<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(SMALL, move |group| {
            group.changed();
            work(group)
        })
        .await
    }
}

/// Hides with a token, a new one where it is empty; answers the token and how many.
fn hide(group: &mut Group<'_>, ids: &str, token: &str) -> rusqlite::Result<(String, i64)> {
    group.changed();
    let token = match token {
        "" => group.conn.query_row("SELECT lower(hex(randomblob(16)))", [], |row| row.get(0))?,
        token => token.to_owned(),
    };
    totals::subtract(group.conn, ids)?;
    let count = deliveries::delete(group.conn, ids, &token)?;
    groups::refresh(group.conn, &groups::names(group.conn, ids)?)?;
    Ok((token, count as i64))
}
