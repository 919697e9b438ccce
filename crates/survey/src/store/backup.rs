//! A copy of the store as one SQLite file, made while collectors write.
//!
//! In: an open store. Out: a new file with everything that was committed when the copy began. From SQLite it is the engine's own
//! copy, from PostgreSQL the same tables row by row; either can be served as it is.

use std::path::{Path, PathBuf};

use super::rows::{self, CHUNK};
use super::{Absent, Db, Link, Pool, Store, StoreError, prepare_file, sync_folder};

impl Store {
    /// Writes the copy. It appears under its name when it is whole and on the disk; readable by its owner alone.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is something of that name already.
    pub async fn backup(&self, target: &Path) -> Result<(), StoreError> {
        if target.exists() {
            return Err(StoreError::Exists);
        }
        let part = beside(target, ".part");
        remove(&part)?;
        let copied = self.copy(&part).await;
        let whole = match copied {
            Ok(()) => std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(StoreError::from),
            Err(error) => Err(error),
        };
        if let Err(error) = whole {
            let _ = remove(&part);
            return Err(error);
        }
        std::fs::rename(&part, target)?;
        sync_folder(target);
        Ok(())
    }

    async fn copy(&self, part: &Path) -> Result<(), StoreError> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                // The engine writes into an empty file, whose rights stay.
                prepare_file(part, Absent::Create)?;
                let name = part.to_str().ok_or(StoreError::Io(std::io::ErrorKind::InvalidFilename))?;
                sqlx::query("VACUUM INTO $1").bind(name).execute(pool).await?;
                Ok(())
            }
            Pool::Postgres(_) => {
                let copy = Store::open(&Db::Sqlite(part.to_path_buf()), Absent::Create).await?;
                let done = self.copy_rows(&copy).await;
                // Everything into the one file, without a log beside it.
                if let Pool::Sqlite(pool) = &copy.pool {
                    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(pool).await?;
                }
                copy.close().await;
                for log in ["-wal", "-shm"] {
                    remove(&beside(part, log))?;
                }
                done
            }
        }
    }

    /// Copies from PostgreSQL as of one moment.
    async fn copy_rows(&self, copy: &Store) -> Result<(), StoreError> {
        let (Link::Postgres(mut from), Link::Sqlite(mut to)) = (self.link().await?, copy.link().await?) else {
            return Err(StoreError::Damaged);
        };
        let mut read = sqlx::Connection::begin_with(&mut *from, "BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
        let mut write = rows::sqlite::begin(&mut to).await?;
        let mut after = None;
        loop {
            let sheets = rows::postgres::page(&mut read, None, after).await?;
            rows::sqlite::insert(&mut write, &sheets.iter().collect::<Vec<_>>(), 0).await?;
            match sheets.last() {
                Some(last) if sheets.len() == CHUNK => after = Some(last.id),
                _ => break,
            }
        }
        let mut after = Vec::new();
        loop {
            let codes = rows::postgres::code_page(&mut read, &after).await?;
            for used in [false, true] {
                let codes = codes.iter().filter(|(.., state)| (*state > 0) == used);
                let codes: Vec<_> =
                    codes.map(|(hash, survey, wave, _)| (*hash, survey.as_str(), wave.as_str())).collect();
                rows::sqlite::add_codes(&mut write, &codes, if used { 2 } else { 0 }).await?;
            }
            match codes.last() {
                Some(last) if codes.len() == CHUNK => after = last.0.0.to_vec(),
                _ => break,
            }
        }
        Ok(write.commit().await?)
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
