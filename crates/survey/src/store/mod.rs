//! Where answers are kept: SQLite in one file, or PostgreSQL.
//!
//! In: answer sheets and codes. Out: the same, durably, each once. Knows no questions, no HTTP and no clock:
//! a sheet's answers are an opaque text, and the hour comes in with it.
//!
//! What is kept of a sheet is in [`ResponseRecord`], and that is all. A code is kept as its hash and whether it was used, never beside
//! the sheet that came with it; [`insertion_order`] removes what the order of rows or their transactions would tell.

mod backup;
mod error;
mod insertion_order;
mod queue;
mod record;
mod schema;
mod statements;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use crate::Response;

pub use error::StoreError;
pub use insertion_order::ErasedOrder;
pub use queue::{SubmissionQueue, SubmitOutcome};
pub use record::{CodeCount, CodeHash, RecordCount, ResponseRecord};
use record::{CodeRow, CodeState, OrderTrace};
pub use schema::VERSION;
pub use statements::StoredCode;

/// Pages of the write-ahead log (4 KiB each) after which a writer itself moves them into the file; see `queue` for who else does.
const WAL_CHECKPOINT_PAGES: &str = "16000";
/// How long a statement waits for another program's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Which database; written `sqlite:PATH` or `postgres://USER@HOST/NAME`.
#[derive(Clone)]
pub enum DatabaseAddress {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl DatabaseAddress {
    /// Reads the address of a database; `None` when it is none this program knows.
    pub fn parse(written: &str) -> Option<DatabaseAddress> {
        if let Some(path) = written.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return (!path.is_empty() && path != ":memory:").then(|| DatabaseAddress::Sqlite(path.into()));
        }
        let known = written.starts_with("postgres://") || written.starts_with("postgresql://");
        PgConnectOptions::from_str(written)
            .ok()
            .filter(|_| known)
            .map(|options| DatabaseAddress::Postgres(Box::new(options)))
    }
}

/// Never shows a password.
impl std::fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DatabaseAddress::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseAddress::Postgres(options) => {
                write!(
                    f,
                    "postgres://{}:{}/{}",
                    options.get_host(),
                    options.get_port(),
                    options.get_database().unwrap_or_default()
                )
            }
        }
    }
}

/// What to do when there is no database yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    Create,
    Fail,
}

/// An open store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: DbPool,
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

/// Runs `$body` on a connection, with `$rows` naming the statements of its engine.
macro_rules! with_engine {
    ($acquired:expr, $statements:ident, $connection:ident => $body:expr) => {
        match &mut $acquired {
            $crate::store::DbConnection::Sqlite(pooled) => {
                use $crate::store::statements::sqlite as $statements;
                let $connection: &mut sqlx::SqliteConnection = &mut *pooled;
                $body
            }
            $crate::store::DbConnection::Postgres(pooled) => {
                use $crate::store::statements::postgres as $statements;
                let $connection: &mut sqlx::PgConnection = &mut *pooled;
                $body
            }
        }
    };
}
use with_engine;

impl Store {
    /// Opens a database and brings its tables to the present version.
    ///
    /// # Errors
    /// When it cannot be reached, is damaged, was written by a newer program, or is absent and not to be made.
    pub async fn open(db: &DatabaseAddress, if_missing: IfMissing) -> Result<Store, StoreError> {
        Self::open_at(db, if_missing, schema::MIGRATIONS.len()).await
    }

    /// As [`Store::open`], but stops at an earlier version: for tests of what comes after it.
    async fn open_at(db: &DatabaseAddress, if_missing: IfMissing, version: usize) -> Result<Store, StoreError> {
        let pool = match db {
            DatabaseAddress::Sqlite(path) => {
                create_private_file(path, if_missing)?;
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .auto_vacuum(SqliteAutoVacuum::None)
                    .journal_mode(SqliteJournalMode::Wal)
                    // A commit is on the disk before it is acknowledged, whatever happens to the machine.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(BUSY_TIMEOUT)
                    .pragma("wal_autocheckpoint", WAL_CHECKPOINT_PAGES)
                    // What is deleted is overwritten: settled rows must not tell where they stood before.
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
                let pool = PgPoolOptions::new()
                    .max_connections(8)
                    .test_before_acquire(false)
                    .acquire_timeout(BUSY_TIMEOUT)
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            // Some servers are set to acknowledge before the disk has it.
                            // Engines that only speak the protocol may not know the setting.
                            let set: Option<String> =
                                sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *connection).await.ok();
                            if set.as_deref() == Some("off") {
                                sqlx::query("SET synchronous_commit TO on").execute(connection).await?;
                            }
                            Ok(())
                        })
                    });
                DbPool::Postgres(pool.connect_with((**options).clone()).await?)
            }
        };
        let store = Store { pool };
        // Two programs that start on an empty PostgreSQL may both make the table of versions; one of them is told so.
        for pause in [50, 250] {
            if store.migrate(version).await.is_ok() {
                return Ok(store);
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        store.migrate(version).await?;
        Ok(store)
    }

    async fn migrate(&self, version: usize) -> Result<(), StoreError> {
        with_engine!(self.acquire().await?, statements, connection => statements::migrate(connection, version).await)
    }

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

    /// Whether a sheet of this row key is stored.
    pub async fn contains(&self, id: &[u8; 16]) -> Result<bool, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => statements::contains(connection, id).await)
    }

    /// What is known of a code; `None` when there is no such code.
    pub async fn find_code(&self, hash: &CodeHash) -> Result<Option<StoredCode>, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => statements::find_code(connection, hash).await)
    }

    /// Remembers new codes of a wave, all or none; says how many were new.
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
        with_engine!(self.acquire().await?, statements, connection => statements::count_codes(connection, survey, wave).await)
    }

    /// Stores sheets, all or none; those whose row key is there already are passed over. Says how many were new.
    pub async fn insert_all(&self, records: &[ResponseRecord]) -> Result<u64, StoreError> {
        let mut sorted: Vec<&ResponseRecord> = records.iter().collect();
        sorted.sort_by_key(|record| record.id);
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            // Nothing to settle: the order in which they came is not the order of the file.
            let added = statements::insert(&mut tx, &sorted, OrderTrace::Erased).await?;
            tx.commit().await?;
            Ok(added)
        })
    }

    /// The next sheets of a survey in the order of their row keys, some hundreds at a time; empty at the end.
    pub async fn records_after(
        &self,
        survey: &str,
        after: Option<[u8; 16]>,
    ) -> Result<Vec<ResponseRecord>, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => statements::records_after(connection, Some(survey), after).await)
    }

    /// Every stored answer to a survey, in the order of their row keys; says how many. One that cannot be read is an error.
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

    /// Sheets of a survey by wave, mode and hour.
    pub async fn count_by_hour(&self, survey: &str) -> Result<Vec<RecordCount>, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => statements::count_by_hour(connection, survey).await)
    }

    /// Closes all connections; what was acknowledged is on the disk already.
    pub async fn close(&self) {
        match &self.pool {
            DbPool::Sqlite(pool) => pool.close().await,
            DbPool::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes the file, readable by its owner alone (SQLite gives its log the same rights), or refuses.
fn create_private_file(path: &Path, if_missing: IfMissing) -> Result<(), StoreError> {
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
        // Another program was faster.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => {
            sync_folder(path);
            Ok(())
        }
    }
}

/// Makes the file's name as durable as its content. Not every system lets a folder be opened.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
}
