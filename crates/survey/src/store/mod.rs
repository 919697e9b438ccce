//! Where answers are kept: SQLite in one file, or PostgreSQL.
//!
//! In: answer sheets and codes. Out: the same, durably, each once. Knows no questions, no HTTP and no clock:
//! a sheet's answers are an opaque text, and the hour comes in with it.
//!
//! What is kept of a sheet is in [`Sheet`], and that is all. A code is kept as its hash and whether it was used, never beside
//! the sheet that came with it; [`settle`] removes what the order of rows or their transactions would tell.

mod backup;
mod error;
mod queue;
mod rows;
mod schema;
mod settle;
mod sheet;
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
pub use queue::{Queue, Submitted};
pub use rows::KnownCode;
pub use schema::VERSION;
pub use settle::Settled;
pub use sheet::{CodeHash, Count, Sheet};

/// Pages of the write-ahead log (4 KiB each) after which a writer itself moves them into the file; see `queue` for who else does.
const LOG_PAGES: &str = "16000";
/// How long a statement waits for another program's write.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which database; written `sqlite:PATH` or `postgres://USER@HOST/NAME`.
#[derive(Clone)]
pub enum Db {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Db {
    /// Reads the address of a database; `None` when it is none this program knows.
    pub fn parse(written: &str) -> Option<Db> {
        if let Some(path) = written.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return (!path.is_empty() && path != ":memory:").then(|| Db::Sqlite(path.into()));
        }
        let known = written.starts_with("postgres://") || written.starts_with("postgresql://");
        PgConnectOptions::from_str(written).ok().filter(|_| known).map(|options| Db::Postgres(Box::new(options)))
    }
}

/// Never shows a password.
impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Db::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Db::Postgres(options) => {
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
pub enum Absent {
    Create,
    Refuse,
}

/// An open store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
}

#[derive(Debug, Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One connection of either engine.
enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// Runs `$body` on a connection, with `$rows` naming the statements of its engine.
macro_rules! on {
    ($link:expr, $rows:ident, $connection:ident => $body:expr) => {
        match &mut $link {
            $crate::store::Link::Sqlite(pooled) => {
                use $crate::store::rows::sqlite as $rows;
                let $connection: &mut sqlx::SqliteConnection = &mut *pooled;
                $body
            }
            $crate::store::Link::Postgres(pooled) => {
                use $crate::store::rows::postgres as $rows;
                let $connection: &mut sqlx::PgConnection = &mut *pooled;
                $body
            }
        }
    };
}
use on;

impl Store {
    /// Opens a database and brings its tables to the present version.
    ///
    /// # Errors
    /// When it cannot be reached, is damaged, was written by a newer program, or is absent and not to be made.
    pub async fn open(db: &Db, absent: Absent) -> Result<Store, StoreError> {
        Self::open_at(db, absent, schema::STEPS.len()).await
    }

    /// As [`Store::open`], but stops at an earlier version: for tests of what comes after it.
    async fn open_at(db: &Db, absent: Absent, version: usize) -> Result<Store, StoreError> {
        let pool = match db {
            Db::Sqlite(path) => {
                prepare_file(path, absent)?;
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .auto_vacuum(SqliteAutoVacuum::None)
                    .journal_mode(SqliteJournalMode::Wal)
                    // A commit is on the disk before it is acknowledged, whatever happens to the machine.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(PATIENCE)
                    .pragma("wal_autocheckpoint", LOG_PAGES)
                    // What is deleted is overwritten: settled rows must not tell where they stood before.
                    .pragma("secure_delete", "ON");
                Pool::Sqlite(
                    SqlitePoolOptions::new()
                        .max_connections(4)
                        .test_before_acquire(false)
                        .acquire_timeout(PATIENCE)
                        .connect_with(options)
                        .await?,
                )
            }
            Db::Postgres(options) => {
                let pool = PgPoolOptions::new()
                    .max_connections(8)
                    .test_before_acquire(false)
                    .acquire_timeout(PATIENCE)
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
                Pool::Postgres(pool.connect_with((**options).clone()).await?)
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
        on!(self.link().await?, rows, connection => rows::migrate(connection, version).await)
    }

    async fn link(&self) -> Result<Link, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => Link::Sqlite(pool.acquire().await?),
            Pool::Postgres(pool) => Link::Postgres(pool.acquire().await?),
        })
    }

    /// Whether the database answers.
    pub async fn is_alive(&self) -> bool {
        self.has(&[0; 16]).await.is_ok()
    }

    /// Whether a sheet of this row key is stored.
    pub async fn has(&self, id: &[u8; 16]) -> Result<bool, StoreError> {
        on!(self.link().await?, rows, connection => rows::has(connection, id).await)
    }

    /// What is known of a code; `None` when there is no such code.
    pub async fn code(&self, hash: &CodeHash) -> Result<Option<KnownCode>, StoreError> {
        on!(self.link().await?, rows, connection => rows::code(connection, hash).await)
    }

    /// Remembers new codes of a wave, all or none; says how many were new.
    pub async fn add_codes(&self, survey: &str, wave: &str, hashes: &[CodeHash]) -> Result<u64, StoreError> {
        let mut codes: Vec<_> = hashes.iter().map(|hash| (*hash, survey, wave)).collect();
        codes.sort();
        on!(self.link().await?, rows, connection => {
            let mut tx = rows::begin(connection).await?;
            let added = rows::add_codes(&mut tx, &codes, 0).await?;
            tx.commit().await?;
            Ok(added)
        })
    }

    /// Codes of a wave: all, and how many of them are used.
    pub async fn count_codes(&self, survey: &str, wave: &str) -> Result<(i64, i64), StoreError> {
        on!(self.link().await?, rows, connection => rows::count_codes(connection, survey, wave).await)
    }

    /// Stores sheets, all or none; those whose row key is there already are passed over. Says how many were new.
    pub async fn import(&self, sheets: &[Sheet]) -> Result<u64, StoreError> {
        let mut sorted: Vec<&Sheet> = sheets.iter().collect();
        sorted.sort_by_key(|sheet| sheet.id);
        on!(self.link().await?, rows, connection => {
            let mut tx = rows::begin(connection).await?;
            // Nothing to settle: the order in which they came is not the order of the file.
            let added = rows::insert(&mut tx, &sorted, 0).await?;
            tx.commit().await?;
            Ok(added)
        })
    }

    /// The next sheets of a survey in the order of their row keys, some hundreds at a time; empty at the end.
    pub async fn page(&self, survey: &str, after: Option<[u8; 16]>) -> Result<Vec<Sheet>, StoreError> {
        on!(self.link().await?, rows, connection => rows::page(connection, Some(survey), after).await)
    }

    /// Every stored answer to a survey, in the order of their row keys; says how many. One that cannot be read is an error.
    pub async fn each(&self, survey: &str, mut take: impl FnMut(Response)) -> Result<usize, StoreError> {
        let (mut after, mut count) = (None, 0);
        loop {
            let sheets = self.page(survey, after).await?;
            let Some(last) = sheets.last() else { return Ok(count) };
            after = Some(last.id);
            count += sheets.len();
            for sheet in sheets {
                take(sheet.response().ok_or(StoreError::Damaged)?);
            }
        }
    }

    /// Sheets of a survey by wave, mode and hour.
    pub async fn counts(&self, survey: &str) -> Result<Vec<Count>, StoreError> {
        on!(self.link().await?, rows, connection => rows::counts(connection, survey).await)
    }

    /// Closes all connections; what was acknowledged is on the disk already.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes the file, readable by its owner alone (SQLite gives its log the same rights), or refuses.
fn prepare_file(path: &Path, absent: Absent) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    if absent == Absent::Refuse {
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
