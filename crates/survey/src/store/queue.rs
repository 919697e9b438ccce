//! Group commit: submissions that arrive together are committed together, and each is answered after the commit.
//!
//! In: one sheet at a time, perhaps with a code. Out: what became of it, once the disk has it. Bounded: when too much waits,
//! a submission is refused at once. A writer that fails tries again; keys make that harmless.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::rows::CHUNK;
use super::{CodeHash, Pool, Sheet, Store, StoreError, on};

/// Submissions that may wait.
const WAITING: usize = 4096;
/// Pauses before a failed write is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(400)];
/// How often SQLite's log is moved into the file.
const SHORTENING: Duration = Duration::from_millis(300);
/// PostgreSQL commits several transactions with one write of its own; SQLite has one writer at a time.
const POSTGRES_WRITERS: usize = 4;

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// It is in the database: now, or since the same key came first.
    Stored,
    /// The code is unknown, of another wave, or used; nothing is stored.
    CodeRefused,
}

struct Job {
    sheet: Sheet,
    code: Option<CodeHash>,
    reply: oneshot::Sender<Result<Submitted, StoreError>>,
}

/// The way into the store for submissions.
#[derive(Debug)]
pub struct Queue {
    /// Until the end.
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    sender: mpsc::Sender<Job>,
    writers: Vec<JoinHandle<()>>,
}

impl Queue {
    /// Starts the writers.
    pub fn start(store: &Store) -> Queue {
        let (sender, receiver) = mpsc::channel(WAITING);
        let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
        let writers = match store.pool {
            Pool::Sqlite(_) => 1,
            Pool::Postgres(_) => POSTGRES_WRITERS,
        };
        let mut writers: Vec<JoinHandle<()>> =
            (0..writers).map(|_| tokio::spawn(write(store.clone(), receiver.clone()))).collect();
        if let Pool::Sqlite(pool) = &store.pool {
            writers.push(tokio::spawn(shorten(pool.clone(), sender.downgrade())));
        }
        Queue { open: Mutex::new(Some(Open { sender, writers })) }
    }

    /// Hands a submission in and waits until it is durable or refused.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait; otherwise what the database said after several attempts.
    pub async fn submit(&self, sheet: Sheet, code: Option<CodeHash>) -> Result<Submitted, StoreError> {
        let (reply, answer) = oneshot::channel();
        let sender = self.open().as_ref().map(|open| open.sender.clone()).ok_or(StoreError::Busy)?;
        sender.try_send(Job { sheet, code, reply }).map_err(|_| StoreError::Busy)?;
        // Held on to, it would keep the writers waiting for more.
        drop(sender);
        answer.await.unwrap_or(Err(StoreError::Busy))
    }

    /// Takes no more, and returns when all that was taken is answered.
    pub async fn finish(&self) {
        let Some(Open { sender, writers }) = self.open().take() else { return };
        drop(sender);
        for writer in writers {
            let _ = writer.await;
        }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, Option<Open>> {
        // Nothing is done under the lock that could leave it half done.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tries again after a pause: a lost connection, a deadlock, a restart of the server.
macro_rules! persistently {
    ($attempt:expr) => {{
        let mut pauses = PAUSES.into_iter();
        loop {
            match ($attempt.await, pauses.next()) {
                (Err(_), Some(pause)) => tokio::time::sleep(pause).await,
                (done, _) => break done,
            }
        }
    }};
}
/// Takes what waits, up to a chunk, and commits it, until nobody can send any more.
async fn write(store: Store, receiver: Arc<tokio::sync::Mutex<mpsc::Receiver<Job>>>) {
    let mut batch = Vec::with_capacity(CHUNK);
    loop {
        if receiver.lock().await.recv_many(&mut batch, CHUNK).await == 0 {
            return;
        }
        let (coded, mut plain): (Vec<Job>, Vec<Job>) = batch.drain(..).partition(|job| job.code.is_some());
        if !plain.is_empty() {
            plain.sort_by_key(|job| job.sheet.id);
            let sheets: Vec<&Sheet> = plain.iter().map(|job| &job.sheet).collect();
            let stored = persistently!(store.store_plain(&sheets));
            for job in plain {
                // Whoever asked may be gone; the answer is stored all the same.
                let _ = job.reply.send(match &stored {
                    Ok(()) => Ok(Submitted::Stored),
                    Err(error) => Err(error.clone()),
                });
            }
        }
        for job in coded {
            let Some(code) = job.code else { continue };
            let _ = job.reply.send(persistently!(store.store_coded(&job.sheet, &code)));
        }
    }
}

/// Moves SQLite's log into the file beside the writer, so that the writer rarely has to stop for it. Ends with the queue.
async fn shorten(pool: sqlx::SqlitePool, queue: mpsc::WeakSender<Job>) {
    while queue.strong_count() > 0 {
        tokio::time::sleep(SHORTENING).await;
        // Another program may be at it; whatever is left is done the next time, or by the writer.
        drop(sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_all(&pool).await);
    }
}

impl Store {
    /// Sheets of open forms, in one transaction.
    async fn store_plain(&self, sheets: &[&Sheet]) -> Result<(), StoreError> {
        on!(self.link().await?, rows, connection => {
            let mut tx = rows::begin(connection).await?;
            rows::insert(&mut tx, sheets, 1).await?;
            Ok(tx.commit().await?)
        })
    }

    /// A sheet that came with a code: both or neither.
    async fn store_coded(&self, sheet: &Sheet, code: &CodeHash) -> Result<Submitted, StoreError> {
        on!(self.link().await?, rows, connection => {
            let mut tx = rows::begin(connection).await?;
            if rows::has(&mut tx, &sheet.id).await? {
                return Ok(Submitted::Stored);
            }
            if !rows::use_code(&mut tx, code, &sheet.survey, &sheet.wave).await? {
                // The same submission may have come by another collector just now.
                let stored = rows::has(&mut tx, &sheet.id).await?;
                return Ok(if stored { Submitted::Stored } else { Submitted::CodeRefused });
            }
            // A code is not spent on a sheet that another request with the same key has stored meanwhile.
            if rows::insert(&mut tx, &[sheet], 2).await? == 1 {
                tx.commit().await?;
            }
            Ok(Submitted::Stored)
        })
    }
}
