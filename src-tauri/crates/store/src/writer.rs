//! The one thread that writes.
//!
//! Jobs wait in a bounded queue. The writer takes all that wait, carries them out in one transaction, and answers them
//! after its commit: durability costs a share of a sync. A job that fails by itself is left out and the others are
//! committed. Where nothing can be written, every waiter hears it, and the next group tries again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use crate::error::{Cause, StoreError, cause_of};
use crate::model::{Appended, DeliveryId, NewDelivery};
use crate::open::{needs_new_connection, reopen};
use crate::own::Own;
use crate::pack;
use crate::rescue::{Identity, Rescued, rescue};
use crate::table::{attempts, contents, deliveries, expected_ids, groups, meta, totals};

/// Jobs that may wait; whoever comes after waits for a place.
const QUEUE: usize = 1_024;
/// A group ends here: the first of it should not wait for the last of a rush.
const GROUP_JOBS: usize = 512;
/// A group ends here too: its bytes go through the WAL at once.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// A transaction as the jobs see it.
pub(crate) struct Group<'a> {
    /// The connection, within the transaction.
    pub(crate) conn: &'a Connection,
    state: State,
}

/// What the group writes at its end, and what a job that fails must not leave behind.
#[derive(Clone, Default)]
struct State {
    last_id: i64,
    added: totals::Added,
    changed: bool,
}

impl Group<'_> {
    /// Appends a delivery.
    pub(crate) fn append(&mut self, new: &NewDelivery) -> rusqlite::Result<Appended> {
        let id = self.state.last_id + 1;
        let applying = pack::applying(&new.judgement.verdicts);
        deliveries::insert(self.conn, id, new, applying)?;
        contents::insert(self.conn, id, new)?;
        let group = groups::count_in(self.conn, id, new)?;
        if let Some((provider, expected)) = &new.expect {
            expected_ids::strike(self.conn, provider.as_str(), expected, id)?;
        }
        let attempts = new.attempts.iter().map(|attempt| attempts::insert(self.conn, Some(DeliveryId(id)), attempt));
        let attempts = attempts.collect::<rusqlite::Result<_>>()?;
        self.state.last_id = id;
        let bytes = deliveries::length(new.request.body_len());
        self.state.added.one(new.judgement.provider.as_ref(), applying & totals::FAILING != 0, bytes);
        Ok(Appended { id: DeliveryId(id), attempts, group })
    }

    /// Says that something was done that others must read again.
    pub(crate) fn changed(&mut self) {
        self.state.changed = true;
    }
}

/// A job: carried out once or, where another job of its group failed, a second time.
pub(crate) trait Job: Send {
    /// Its share of a group's bytes.
    fn size(&self) -> usize;
    fn run(&mut self, group: &mut Group<'_>) -> rusqlite::Result<()>;
    /// Answers the waiter: with the result of the last run, or why there is none.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Task<F, T> {
    size: usize,
    work: F,
    result: Option<T>,
    waiter: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T> Job for Task<F, T>
where
    F: FnMut(&mut Group<'_>) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn size(&self) -> usize {
        self.size
    }

    fn run(&mut self, group: &mut Group<'_>) -> rusqlite::Result<()> {
        self.result = Some((self.work)(group)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Task { result, waiter, .. } = *self;
        // Who no longer waits needs no answer.
        let _ = waiter.send(outcome.and_then(|()| result.ok_or(StoreError::Closed)));
    }
}

/// The way to the writer.
#[derive(Clone)]
pub(crate) struct Queue(Sender<Box<dyn Job>>);

impl Queue {
    /// Has `work` done in a transaction; resolves after its commit.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        size: usize,
        work: impl FnMut(&mut Group<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (waiter, answer) = oneshot::channel();
        self.0.send(Box::new(Task { size, work, result: None, waiter })).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

/// Starts the thread. It ends when every [`Queue`] is gone, after what waits is written.
pub(crate) fn start(
    path: &Path,
    conn: Connection,
    own: Arc<Own>,
) -> std::io::Result<(Queue, std::thread::JoinHandle<()>)> {
    let (sender, receiver) = channel(QUEUE);
    let writer = Writer { identity: Identity::now(path), path: path.to_owned(), conn, own, distrusted: false };
    let thread = std::thread::Builder::new().name("log-writer".to_owned()).spawn(move || writer.work(receiver))?;
    Ok((Queue(sender), thread))
}

struct Writer {
    path: PathBuf,
    conn: Connection,
    identity: Identity,
    own: Arc<Own>,
    /// The last group failed in a way that another connection may not.
    distrusted: bool,
}

impl Writer {
    fn work(mut self, mut receiver: Receiver<Box<dyn Job>>) {
        while let Some(first) = receiver.blocking_recv() {
            let mut bytes = first.size();
            let mut jobs = vec![first];
            while jobs.len() < GROUP_JOBS && bytes < GROUP_BYTES {
                let Ok(job) = receiver.try_recv() else { break };
                bytes += job.size();
                jobs.push(job);
            }
            self.group(jobs);
        }
        if let Err(error) = self.trust() {
            tracing::error!(%error, "the log was moved or deleted and could not be put back");
        }
    }

    fn group(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let outcomes = self.trust().and_then(|()| {
            let result = self.together(&mut jobs).or_else(|failure| match failure {
                Failure::Job => self.one_by_one(&mut jobs),
                failure => Err(failure),
            });
            result.map_err(|failure| match failure {
                Failure::All(error) => {
                    self.distrusted = needs_new_connection(&error);
                    StoreError::write(&self.path, error)
                }
                // A group that was tried one by one has no such failure left.
                Failure::Job => StoreError::Closed,
            })
        });
        match outcomes {
            Ok(outcomes) => {
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    job.answer(outcome);
                }
            }
            Err(error) => {
                tracing::error!(%error, waiting = jobs.len(), "the log cannot be written");
                for job in jobs {
                    job.answer(Err(error.clone()));
                }
            }
        }
    }

    /// Sees to it that what is written now is found again under the log's name.
    fn trust(&mut self) -> Result<(), StoreError> {
        let now = Identity::now(&self.path);
        if self.identity.lost_in(&now) {
            let (conn, rescued) =
                rescue(&self.conn, &self.path, &self.identity).map_err(|error| StoreError::Unwritable {
                    path: self.path.clone(),
                    cause: match cause_of(&error) {
                        Some(cause @ (Cause::DiskFull | Cause::ReadOnly | Cause::Damaged)) => cause,
                        _ => Cause::Gone,
                    },
                    source: Some(Arc::new(error)),
                })?;
            match rescued {
                Rescued::PutBack => tracing::warn!(path = %self.path.display(), "the log was deleted and is put back"),
                Rescued::KeptBeside(beside) => {
                    tracing::warn!(path = %beside.display(), "the log was replaced; what it held is kept beside it");
                }
            }
            self.replace(conn);
        } else if self.distrusted {
            let conn = reopen(&self.path).map_err(|error| StoreError::write(&self.path, error))?;
            self.replace(conn);
        } else {
            self.identity = now;
        }
        Ok(())
    }

    fn replace(&mut self, conn: Connection) {
        self.conn = conn;
        self.distrusted = false;
        self.identity = Identity::now(&self.path);
        self.own.reopen_readers();
    }

    /// All jobs in one transaction; nothing of it where one fails.
    fn together(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<Vec<Result<(), StoreError>>, Failure> {
        self.transaction(|group| {
            for job in jobs.iter_mut() {
                job.run(group).map_err(Failure::of)?;
            }
            Ok(jobs.iter().map(|_| Ok(())).collect())
        })
    }

    /// Each job in a savepoint of its own, so that those that hold are committed.
    fn one_by_one(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<Vec<Result<(), StoreError>>, Failure> {
        let path = self.path.clone();
        self.transaction(|group| {
            let mut outcomes = Vec::with_capacity(jobs.len());
            for job in jobs.iter_mut() {
                let before = group.state.clone();
                group.conn.execute_batch("SAVEPOINT job").map_err(Failure::All)?;
                let outcome = match job.run(group) {
                    Ok(()) => Ok(()),
                    Err(error) if cause_of(&error).is_some() => return Err(Failure::All(error)),
                    Err(error) => {
                        group.state = before;
                        group.conn.execute_batch("ROLLBACK TO job").map_err(Failure::All)?;
                        Err(StoreError::write(&path, error))
                    }
                };
                group.conn.execute_batch("RELEASE job").map_err(Failure::All)?;
                outcomes.push(outcome);
            }
            Ok(outcomes)
        })
    }

    fn transaction<T>(&mut self, work: impl FnOnce(&mut Group<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Failure::All)?;
        let (first, revision) = meta::read(&tx).map_err(Failure::All)?;
        let mut group = Group { conn: &tx, state: State { last_id: first, ..State::default() } };
        let done = work(&mut group)?;
        let State { last_id, added, changed } = group.state;
        added.write(&tx).map_err(Failure::All)?;
        meta::write(&tx, last_id, revision + i64::from(changed)).map_err(Failure::All)?;
        // Before the commit: whoever sees these ids must find that they are ours.
        let claim = self.own.claim(first + 1, last_id, changed);
        match tx.commit() {
            Ok(()) => {
                claim.keep();
                Ok(done)
            }
            Err(error) => Err(Failure::All(error)),
        }
    }
}

/// Why a transaction was not committed.
enum Failure {
    /// A job failed by itself; the others may hold.
    Job,
    /// Nothing can be written.
    All(rusqlite::Error),
}

impl Failure {
    fn of(error: rusqlite::Error) -> Failure {
        if cause_of(&error).is_some() { Failure::All(error) } else { Failure::Job }
    }
}
