//! A copy of the store as one SQLite file, made while collectors write.
//!
//! In: an open store. Out: a new file with everything that was committed when the copy began, but for what is held (see `held`). SQLite
//! copies itself (`VACUUM INTO`), and held rows are then overwritten; from PostgreSQL the tables are copied row by row. The collector can
//! serve the copy as it is: codes of held answers are unused in it.
#![expect(clippy::disallowed_methods, reason = "checks and copies database files")]

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use super::held::HeldRows;
use super::statements::{self, BATCH_ROWS};
use super::{
    DatabaseAddress, DbConnection, DbPool, IfMissing, OrderTrace, Store, StoreError, create_private_file, sync_folder,
};

impl Store {
    /// Writes the copy, readable by its owner only. It gets its name when it is complete and durable. Returns how many answers with codes
    /// are held and therefore not in it.
    ///
    /// # Errors
    /// [`StoreError::TargetExists`] when there is something of that name already.
    pub async fn backup(&self, target: &Path) -> Result<usize, StoreError> {
        if target.exists() {
            return Err(StoreError::TargetExists);
        }
        let part = with_suffix(target, ".part");
        remove_if_exists(&part)?;
        let copied = self.copy(&part).await;
        let whole = match copied {
            Ok(held) => {
                std::fs::File::open(&part).and_then(|file| file.sync_all()).map(|()| held).map_err(StoreError::from)
            }
            Err(error) => Err(error),
        };
        let held = match whole {
            Ok(held) => held,
            Err(error) => {
                let _ = remove_if_exists(&part);
                return Err(error);
            }
        };
        std::fs::rename(&part, target)?;
        sync_folder(target);
        Ok(held)
    }

    /// Returns how many held answers were left out.
    async fn copy(&self, part: &Path) -> Result<usize, StoreError> {
        match &self.pool {
            DbPool::Sqlite(pool) => {
                // The engine writes into the empty file and keeps its permissions.
                create_private_file(part, IfMissing::Create)?;
                let name = part.to_str().ok_or(StoreError::Io(std::io::ErrorKind::InvalidFilename))?;
                sqlx::query("VACUUM INTO $1").bind(name).execute(pool).await?;
                leave_out_held(part).await
            }
            DbPool::Postgres(_) => {
                let copy = Store::open(&DatabaseAddress::Sqlite(part.to_path_buf()), IfMissing::Create).await?;
                let done = self.copy_rows(&copy).await;
                // Move the log into the file, so that the copy is one file.
                if let DbPool::Sqlite(pool) = &copy.pool {
                    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(pool).await?;
                }
                copy.close().await;
                for log in ["-wal", "-shm"] {
                    remove_if_exists(&with_suffix(part, log))?;
                }
                done
            }
        }
    }

    /// Copies the rows of a PostgreSQL store as of one moment.
    async fn copy_rows(&self, copy: &Store) -> Result<usize, StoreError> {
        let (DbConnection::Postgres(mut from), DbConnection::Sqlite(mut to)) =
            (self.acquire().await?, copy.acquire().await?)
        else {
            return Err(StoreError::Corrupt);
        };
        let mut read = sqlx::Connection::begin_with(&mut *from, "BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
        let mut write = statements::sqlite::begin(&mut to).await?;
        for batch in statements::postgres::batches(&mut read, None).await? {
            statements::sqlite::put_batch(&mut write, &batch).await?;
        }
        let serials = statements::postgres::serials(&mut read, None).await?;
        statements::sqlite::add_serials(&mut write, &serials).await?;
        let mut after = None;
        loop {
            let records = statements::postgres::records_after(&mut read, None, after).await?;
            statements::sqlite::insert(&mut write, &records.iter().collect::<Vec<_>>(), OrderTrace::Erased).await?;
            match records.last() {
                Some(last) if records.len() == BATCH_ROWS => after = Some(last.id),
                _ => break,
            }
        }
        let mut after = Vec::new();
        loop {
            let codes = statements::postgres::codes_after(&mut read, &after).await?;
            statements::sqlite::add_codes(&mut write, &codes).await?;
            match codes.last() {
                Some(last) if codes.len() == BATCH_ROWS => after = last.hash.0.to_vec(),
                _ => break,
            }
        }
        for wave in statements::postgres::fixed_waves(&mut read, None).await? {
            statements::sqlite::fix_wave(&mut write, &wave).await?;
        }
        for contacts in statements::postgres::contacts(&mut read, None).await? {
            statements::sqlite::put_contacts(&mut write, &contacts).await?;
        }
        let held = statements::postgres::held(&mut read).await?.responses.len();
        write.commit().await?;
        Ok(held)
    }
}

/// Deletes what is held from a fresh copy, so that its bytes are overwritten with zeros and no journal of them is written. Returns how many
/// answers they were.
async fn leave_out_held(copy: &Path) -> Result<usize, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(copy)
        .journal_mode(SqliteJournalMode::Memory)
        .pragma("secure_delete", "ON");
    let mut connection = options.connect().await?;
    let held = statements::sqlite::held(&mut connection).await?.responses.len();
    let mut tx = statements::sqlite::begin(&mut connection).await?;
    statements::sqlite::replace_held(&mut tx, &HeldRows::default()).await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(held)
}

fn with_suffix(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_if_exists(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
