//! The store of responses and one-time codes: SQLite in one file, or PostgreSQL.
//!
//! In: responses and codes. Out: the same, durable, each exactly once. Knows no questions, no HTTP and no clock: answers are an
//! opaque text, and the hour comes in with the response.
//!
//! [`ResponseRecord`] is all that is kept of a response. A code is kept as its hash and whether it was used, never beside the
//! response that came with it; [`insertion_order`] removes what the order of rows and their transactions would disclose, and [`held`] what
//! two backups would.

mod address;
mod backup;
mod batches;
mod error;
mod held;
#[cfg(test)]
mod held_tests;
mod insertion_order;
mod queue;
mod record;
mod schema;
mod statements;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use crate::Response;

pub use address::{AddressCaution, AddressProblem, DatabaseAddress};
pub use batches::{BatchFacts, BatchRecord, BatchSource, BatchState, Ended, sample_name};
pub use error::{Relabelled, StoreError};
pub use held::GROUP;
pub use insertion_order::ErasedOrder;
pub use queue::{SubmissionQueue, SubmitOutcome};
pub use record::{CodeCount, CodeHash, DeviceContacts, FixedWave, RecordCount, ResponseRecord};
use record::{CodeRow, CodeState, OrderTrace};
pub use schema::VERSION;
use statements::BATCH_ROWS;
pub use statements::StoredCode;

/// Pages of the write-ahead log (4 KiB each) after which the writer itself runs a checkpoint. `queue` runs checkpoints beside the
/// writer, so this is the exception.
const WAL_CHECKPOINT_PAGES: &str = "16000";
/// How long a statement waits for another program's write, and a caller for a connection. Three attempts end before a browser's
/// user gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(4);

/// What to do when there is no database file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// Create it.
    Create,
    /// Fail with [`StoreError::Missing`].
    Fail,
}

/// An open store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: DbPool,
    /// Whether held rows were written since old versions of rows were last purged.
    held_changed: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
enum DbPool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One connection of either engine.
enum DbConnection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl DbConnection {
    /// Ends the connection; the pool opens another one when it needs it.
    fn discard(self) {
        match self {
            DbConnection::Sqlite(pooled) => drop(pooled.detach()),
            DbConnection::Postgres(pooled) => drop(pooled.detach()),
        }
    }
}

/// Runs `$body` on a connection, with `$statements` naming the statements of its engine. `?` and `return` in the body end the body.
///
/// A connection on which the body failed is closed and never used again. A transaction that the engine itself has ended, as SQLite
/// does when the disk is full, leaves a connection that believes to be inside one; and nothing is known of one that was cut off.
macro_rules! with_engine {
    ($acquired:expr, $statements:ident, $connection:ident => $body:expr) => {{
        let mut acquired = $acquired;
        let done: Result<_, $crate::store::StoreError> = match &mut acquired {
            $crate::store::DbConnection::Sqlite(pooled) => {
                use $crate::store::statements::sqlite as $statements;
                let $connection: &mut sqlx::SqliteConnection = &mut *pooled;
                async { $body }.await
            }
            $crate::store::DbConnection::Postgres(pooled) => {
                use $crate::store::statements::postgres as $statements;
                let $connection: &mut sqlx::PgConnection = &mut *pooled;
                async { $body }.await
            }
        };
        if done.is_err() {
            acquired.discard();
        }
        done
    }};
}
use with_engine;

/// Runs `$body`, which reads, in a transaction of its own.
macro_rules! reading {
    ($store:expr, $statements:ident, $tx:ident => $body:expr) => {
        $crate::store::with_engine!($store.acquire().await?, $statements, connection => {
            let mut opened = $statements::begin_read(connection).await?;
            let $tx = &mut *opened;
            let read = $body;
            opened.commit().await?;
            Ok(read)
        })
    };
}
use reading;

impl Store {
    /// Opens a database and migrates its tables to the present version.
    ///
    /// # Errors
    /// When the database cannot be reached, is damaged, was written by a newer program, or is missing and must not be created.
    pub async fn open(db: &DatabaseAddress, if_missing: IfMissing) -> Result<Store, StoreError> {
        Self::open_at(db, if_missing, schema::MIGRATIONS.len()).await
    }

    /// Like [`Store::open`], but stops at an earlier version. Tests of migrations use it.
    async fn open_at(db: &DatabaseAddress, if_missing: IfMissing, version: usize) -> Result<Store, StoreError> {
        let pool = match db {
            DatabaseAddress::Sqlite(path) => {
                create_private_file(path, if_missing)?;
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .auto_vacuum(SqliteAutoVacuum::None)
                    .journal_mode(SqliteJournalMode::Wal)
                    // A commit is on the disk before it is acknowledged, so it survives a loss of power.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(BUSY_TIMEOUT)
                    .pragma("wal_autocheckpoint", WAL_CHECKPOINT_PAGES)
                    // Deleted rows are overwritten with zeros: rewritten rows must leave no trace of their earlier place.
                    .pragma("secure_delete", "ON");
                DbPool::Sqlite(
                    SqlitePoolOptions::new()
                        .max_connections(4)
                        .test_before_acquire(false)
                        .acquire_timeout(BUSY_TIMEOUT)
                        .connect_with(options)
                        .await?,
                )
            }
            DatabaseAddress::Postgres(options) => {
                // Nothing is set for a session: a pooler may give each transaction another one.
                let pool =
                    PgPoolOptions::new().max_connections(8).test_before_acquire(false).acquire_timeout(BUSY_TIMEOUT);
                DbPool::Postgres(pool.connect_with((**options).clone()).await?)
            }
        };
        let store = Store { pool, held_changed: Arc::default() };
        // Two programs that start on an empty PostgreSQL may both create the table of versions; one of them fails and tries again.
        for pause in [50, 250] {
            if store.migrate(version).await.is_ok() {
                return Ok(store);
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        store.migrate(version).await?;
        Ok(store)
    }

    /// Runs the migrations up to `version`.
    async fn migrate(&self, version: usize) -> Result<(), StoreError> {
        with_engine!(self.acquire().await?, statements, connection => statements::migrate(connection, version).await)
    }

    /// A connection from the pool.
    async fn acquire(&self) -> Result<DbConnection, StoreError> {
        Ok(match &self.pool {
            DbPool::Sqlite(pool) => DbConnection::Sqlite(pool.acquire().await?),
            DbPool::Postgres(pool) => DbConnection::Postgres(pool.acquire().await?),
        })
    }

    /// Whether the database answers.
    pub async fn is_alive(&self) -> bool {
        self.contains(&[0; 16]).await.is_ok()
    }

    /// Whether the database takes and keeps a write of about the size of a batch of answers. Nothing of it stays.
    pub async fn takes_writes(&self) -> bool {
        let Ok(acquired) = self.acquire().await else { return false };
        let written = with_engine!(acquired, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::write_probe(&mut tx).await?;
            Ok(tx.commit().await?)
        });
        written.is_ok()
    }

    /// Whether a response with this row key is stored.
    pub async fn contains(&self, id: &[u8; 16]) -> Result<bool, StoreError> {
        reading!(self, statements, tx => statements::contains(tx, id).await?)
    }

    /// Looks up a code; `None` when it was never issued.
    pub async fn find_code(&self, hash: &CodeHash) -> Result<Option<StoredCode>, StoreError> {
        reading!(self, statements, tx => statements::find_code(tx, hash).await?)
    }

    /// Stores new codes of a wave in one transaction. Returns how many were new.
    pub async fn add_codes(&self, survey: &str, wave: &str, hashes: &[CodeHash]) -> Result<u64, StoreError> {
        let row = |hash: &CodeHash| CodeRow {
            hash: *hash,
            survey: survey.to_string(),
            wave: wave.to_string(),
            state: CodeState::Unused,
        };
        let mut codes: Vec<CodeRow> = hashes.iter().map(row).collect();
        codes.sort();
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            let added = statements::add_codes(&mut tx, &codes).await?;
            tx.commit().await?;
            Ok(added)
        })
    }

    /// Counts the codes of a wave.
    pub async fn count_codes(&self, survey: &str, wave: &str) -> Result<CodeCount, StoreError> {
        reading!(self, statements, tx => statements::count_codes(tx, survey, wave).await?)
    }

    /// Stores responses in one transaction; those whose row key exists are skipped. Returns how many were new.
    pub async fn insert_all(&self, records: &[ResponseRecord]) -> Result<u64, StoreError> {
        let mut sorted: Vec<&ResponseRecord> = records.iter().collect();
        sorted.sort_by_key(|record| record.id);
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            // They are inserted in key order, so there is no insertion order to erase.
            let added = statements::insert(&mut tx, &sorted, OrderTrace::Erased).await?;
            tx.commit().await?;
            Ok(added)
        })
    }

    /// The next responses to a survey in the order of their row keys, held ones among them, at most 500; empty at the end.
    pub async fn records_after(
        &self,
        survey: &str,
        after: Option<[u8; 16]>,
    ) -> Result<Vec<ResponseRecord>, StoreError> {
        reading!(self, statements, tx => {
            // What is held is read first: one that moves on in between is found twice rather than not at all.
            let held = statements::held(tx).await?.responses.into_iter().map(|held| held.row);
            let mut records = statements::records_after(tx, Some(survey), after).await?;
            records.extend(held.filter(|record| record.survey == survey && after.is_none_or(|after| record.id > after)));
            records.sort_by_key(|record| record.id);
            records.dedup_by_key(|record| record.id);
            records.truncate(BATCH_ROWS);
            records
        })
    }

    /// Calls `take` for every record of a survey, in the order of the row keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn for_each_record(&self, survey: &str, mut take: impl FnMut(ResponseRecord)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let records = self.records_after(survey, after).await?;
            let Some(last) = records.last() else { return Ok(()) };
            after = Some(last.id);
            records.into_iter().for_each(&mut take);
        }
    }

    /// Calls `take` for every response to a survey, in the order of the row keys. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when one cannot be read.
    pub async fn for_each_response(&self, survey: &str, mut take: impl FnMut(Response)) -> Result<usize, StoreError> {
        let (mut after, mut count) = (None, 0);
        loop {
            let records = self.records_after(survey, after).await?;
            let Some(last) = records.last() else { return Ok(count) };
            after = Some(last.id);
            count += records.len();
            for record in records {
                take(record.response().ok_or(StoreError::Corrupt)?);
            }
        }
    }

    /// Fixes the method and the label key of a wave, unless they are fixed. Called before its first answer is stored.
    pub async fn fix_wave(&self, wave: &FixedWave) -> Result<(), StoreError> {
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::fix_wave(&mut tx, wave).await?;
            Ok(tx.commit().await?)
        })
    }

    /// What was fixed of the waves of a survey, by wave.
    pub async fn fixed_waves(&self, survey: &str) -> Result<Vec<FixedWave>, StoreError> {
        reading!(self, statements, tx => statements::fixed_waves(tx, Some(survey)).await?)
    }

    /// Destroys the label key of a wave: from then on nobody can find out the unit of a label. Returns whether there was one.
    pub async fn destroy_label_key(&self, survey: &str, wave: &str) -> Result<bool, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            let forgotten = statements::destroy_label_key(&mut tx, survey, wave).await?;
            tx.commit().await?;
            Ok(forgotten > 0)
        })
    }

    /// Writes what became of the contacts of a device, unless that of a later batch is there.
    pub async fn put_contacts(&self, contacts: &DeviceContacts) -> Result<(), StoreError> {
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::put_contacts(&mut tx, contacts).await?;
            Ok(tx.commit().await?)
        })
    }

    /// What became of the contacts of all devices of a wave.
    pub async fn contacts(&self, survey: &str, wave: &str) -> Result<Vec<DeviceContacts>, StoreError> {
        reading!(self, statements, tx => statements::contacts(tx, Some((survey, wave))).await?)
    }

    /// Counts the responses to a survey by wave, mode and hour.
    pub async fn count_by_hour(&self, survey: &str) -> Result<Vec<RecordCount>, StoreError> {
        reading!(self, statements, tx => statements::count_by_hour(tx, survey).await?)
    }

    /// Closes all connections. What was acknowledged is durable already.
    pub async fn close(&self) {
        match &self.pool {
            DbPool::Sqlite(pool) => pool.close().await,
            DbPool::Postgres(pool) => pool.close().await,
        }
    }
}

/// Creates the file, readable by its owner only (SQLite gives its log the same permissions), or fails as `if_missing` says.
#[expect(clippy::disallowed_methods, reason = "creates the database file")]
pub(crate) fn create_private_file(path: &Path, if_missing: IfMissing) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    if if_missing == IfMissing::Fail {
        return Err(StoreError::Missing);
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Another program created it in the meantime.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => {
            sync_folder(path);
            Ok(())
        }
    }
}

/// Makes the name of a new file durable by syncing its folder. Not every system lets a folder be opened.
#[expect(clippy::disallowed_methods, reason = "opens the database's folder to sync it")]
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
}
