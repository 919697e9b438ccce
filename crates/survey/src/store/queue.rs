//! Group commit: submissions that arrive together are committed together, and each is answered after the commit.
//!
//! In: one response at a time, perhaps with a code. Out: its outcome, once it is durable. The queue is bounded: when it is full, a
//! submission is refused at once. A writer that fails tries again; row keys make repetition harmless.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::statements::BATCH_ROWS;
use super::{CodeHash, DbPool, OrderTrace, ResponseRecord, Store, StoreError, with_engine};

/// Submissions that may wait.
const QUEUE_CAPACITY: usize = 4096;
/// Pauses before a failed write is tried again.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(400)];
/// How often SQLite's log is moved into the file.
const CHECKPOINT_INTERVAL: Duration = Duration::from_millis(300);
/// PostgreSQL commits several transactions with one write of its own; SQLite has one writer at a time.
const POSTGRES_WRITERS: usize = 4;

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// It is in the database: since now, or since an earlier submission with the same key.
    Stored,
    /// The code is unknown, of another wave, or used. Nothing is stored.
    CodeRejected,
}

/// A submission in the queue, and where its outcome is sent.
struct PendingSubmission {
    record: ResponseRecord,
    code: Option<CodeHash>,
    reply: oneshot::Sender<Result<SubmitOutcome, StoreError>>,
}

/// The queue of submissions in front of the store's writers.
#[derive(Debug)]
pub struct SubmissionQueue {
    /// `None` after [`SubmissionQueue::finish`].
    open: Mutex<Option<RunningWriters>>,
    /// Whether the last write failed.
    failing: Arc<AtomicBool>,
}

#[derive(Debug)]
struct RunningWriters {
    sender: mpsc::Sender<PendingSubmission>,
    writers: Vec<JoinHandle<()>>,
}

impl SubmissionQueue {
    /// Starts the writers.
    pub fn start(store: &Store) -> SubmissionQueue {
        let (sender, receiver) = mpsc::channel(QUEUE_CAPACITY);
        let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
        let writers = match store.pool {
            DbPool::Sqlite(_) => 1,
            DbPool::Postgres(_) => POSTGRES_WRITERS,
        };
        let failing = Arc::new(AtomicBool::new(false));
        let mut writers: Vec<JoinHandle<()>> = (0..writers)
            .map(|_| tokio::spawn(write_batches(store.clone(), receiver.clone(), failing.clone())))
            .collect();
        if let DbPool::Sqlite(pool) = &store.pool {
            writers.push(tokio::spawn(checkpoint_periodically(pool.clone(), sender.downgrade())));
        }
        SubmissionQueue { open: Mutex::new(Some(RunningWriters { sender, writers })), failing }
    }

    /// Hands a submission in and waits until it is durable or refused.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait; otherwise what the database said after several attempts.
    pub async fn submit(&self, record: ResponseRecord, code: Option<CodeHash>) -> Result<SubmitOutcome, StoreError> {
        let (reply, answer) = oneshot::channel();
        let sender = self.open().as_ref().map(|open| open.sender.clone()).ok_or(StoreError::Busy)?;
        sender.try_send(PendingSubmission { record, code, reply }).map_err(|_| StoreError::Busy)?;
        // A sender that lives on would keep the writers waiting for more.
        drop(sender);
        answer.await.unwrap_or(Err(StoreError::Busy))
    }

    /// Whether the last attempt to write failed, so that answers are probably refused now. The next one that succeeds ends it.
    pub fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Accepts no more submissions, and returns when all accepted ones are answered.
    pub async fn finish(&self) {
        let Some(RunningWriters { sender, writers }) = self.open().take() else { return };
        drop(sender);
        for writer in writers {
            let _ = writer.await;
        }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, Option<RunningWriters>> {
        // A panic while the lock is held cannot leave the value half changed.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Repeats a failed attempt after each pause: a lost connection, a deadlock, a restart of the server. `$failing` is set by each
/// attempt, so that it is known at once.
macro_rules! retrying {
    ($failing:expr, $attempt:expr) => {{
        let mut pauses = RETRY_DELAYS.into_iter();
        loop {
            let done = $attempt.await;
            $failing.store(done.is_err(), Ordering::Relaxed);
            match (done, pauses.next()) {
                (Err(_), Some(pause)) => tokio::time::sleep(pause).await,
                (done, _) => break done,
            }
        }
    }};
}

/// Commits what waits, in batches of at most [`BATCH_ROWS`], until the last sender is gone.
async fn write_batches(
    store: Store,
    receiver: Arc<tokio::sync::Mutex<mpsc::Receiver<PendingSubmission>>>,
    failing: Arc<AtomicBool>,
) {
    let mut batch = Vec::with_capacity(BATCH_ROWS);
    loop {
        if receiver.lock().await.recv_many(&mut batch, BATCH_ROWS).await == 0 {
            return;
        }
        let (coded, mut plain): (Vec<PendingSubmission>, Vec<PendingSubmission>) =
            batch.drain(..).partition(|job| job.code.is_some());
        if !plain.is_empty() {
            plain.sort_by_key(|job| job.record.id);
            let records: Vec<&ResponseRecord> = plain.iter().map(|job| &job.record).collect();
            let stored = retrying!(failing, store.store_without_code(&records));
            for job in plain {
                // The receiver may be gone when its connection ended; the response is stored all the same.
                let _ = job.reply.send(match &stored {
                    Ok(()) => Ok(SubmitOutcome::Stored),
                    Err(error) => Err(error.clone()),
                });
            }
        }
        if !coded.is_empty() {
            let submissions: Vec<(&ResponseRecord, CodeHash)> =
                coded.iter().filter_map(|job| job.code.map(|code| (&job.record, code))).collect();
            let stored = retrying!(failing, store.store_with_codes(&submissions));
            for (n, job) in coded.into_iter().enumerate() {
                let _ = job.reply.send(match &stored {
                    Ok(outcomes) => outcomes.get(n).copied().ok_or(StoreError::Busy),
                    Err(error) => Err(error.clone()),
                });
            }
        }
    }
}

/// Runs checkpoints of SQLite's log beside the writer, so that the writer rarely has to. Ends with the queue.
async fn checkpoint_periodically(pool: sqlx::SqlitePool, queue: mpsc::WeakSender<PendingSubmission>) {
    while queue.strong_count() > 0 {
        tokio::time::sleep(CHECKPOINT_INTERVAL).await;
        // Another program may hold the lock; what is left is done the next time, or by the writer.
        drop(sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_all(&pool).await);
    }
}

impl Store {
    /// Stores responses without codes in one transaction.
    async fn store_without_code(&self, records: &[&ResponseRecord]) -> Result<(), StoreError> {
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            // One that is held was stored with a code before.
            let held = statements::held(&mut tx).await?;
            let is_held = |record: &ResponseRecord| held.responses.iter().any(|other| other.row.id == record.id);
            let new: Vec<&ResponseRecord> = records.iter().copied().filter(|record| !is_held(record)).collect();
            statements::insert(&mut tx, &new, OrderTrace::WithoutCode).await?;
            Ok(tx.commit().await?)
        })
    }
}
