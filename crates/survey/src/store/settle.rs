//! Settling: rows are written anew in the order of their random keys, so that nothing tells when in its hour one came.
//!
//! A database keeps more than its columns: PostgreSQL the transaction that wrote a row and the place where it put it, SQLite
//! the place inside a page and, for a while, the log. A code and the sheet that came with it are written in one transaction,
//! since either without the other would be wrong; settling takes that trace away. In: the present hour. Out: what it did.
//!
//! - Sheets of past hours are settled once, all of them.
//! - Sheets that came with a code are settled while their hour lasts, too, all of that hour together, as soon as a code was used;
//!   and with them all used codes of the store. Each kind in transactions of its own.

use super::rows::CHUNK;
use super::{Pool, Sheet, Store, StoreError, on};

/// Chunks of past hours that one call settles, so that it ends soon after a busy hour, too.
const CHUNKS: usize = 100;

/// How much was written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    pub sheets: usize,
    pub codes: usize,
    /// There is more of past hours.
    pub more: bool,
}

impl Store {
    /// Settles what is to be settled in this hour. May run beside writers and other collectors' settling.
    ///
    /// # Errors
    /// When the database fails; what was settled until then stays so, and nothing is lost.
    pub async fn settle(&self, hour: i64) -> Result<Settled, StoreError> {
        let mut done = Settled::default();
        let mut link = self.link().await?;
        on!(link, rows, connection => {
            for _ in 0..CHUNKS {
                let mut tx = rows::begin(connection).await?;
                let taken = sorted(rows::take_old(&mut tx, hour).await?);
                rows::insert(&mut tx, &taken.iter().collect::<Vec<_>>(), 0).await?;
                tx.commit().await?;
                done.sheets += taken.len();
                done.more = taken.len() == CHUNK;
                if !done.more {
                    break;
                }
            }
            if rows::has_fresh_codes(connection).await? {
                let mut after = Vec::new();
                loop {
                    let mut tx = rows::begin(connection).await?;
                    let taken = sorted(rows::take_coded(&mut tx, hour, &after).await?);
                    rows::insert(&mut tx, &taken.iter().collect::<Vec<_>>(), 2).await?;
                    tx.commit().await?;
                    done.sheets += taken.len();
                    match taken.last() {
                        Some(last) if taken.len() == CHUNK => after = last.id.to_vec(),
                        _ => break,
                    }
                }
                let mut after = Vec::new();
                loop {
                    let mut tx = rows::begin(connection).await?;
                    let mut taken = rows::take_used(&mut tx, &after).await?;
                    taken.sort();
                    let codes: Vec<_> = taken.iter().map(|(hash, survey, wave)| (*hash, survey.as_str(), wave.as_str())).collect();
                    rows::add_codes(&mut tx, &codes, 2).await?;
                    tx.commit().await?;
                    done.codes += taken.len();
                    match taken.last() {
                        Some(last) if taken.len() == CHUNK => after = last.0.0.to_vec(),
                        _ => break,
                    }
                }
            }
            Ok::<(), StoreError>(())
        })?;
        drop(link);
        if done != Settled::default() {
            self.forget().await;
        }
        Ok(done)
    }

    /// Lets the engine drop what the rows were before. A reader may be in the way; the next settling tries again.
    async fn forget(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => drop(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(pool).await),
            Pool::Postgres(pool) => {
                for statement in ["VACUUM puzhi_responses", "VACUUM puzhi_codes"] {
                    // Engines that only speak PostgreSQL's protocol may have no such statement.
                    drop(sqlx::query(statement).execute(pool).await);
                }
            }
        }
    }
}

fn sorted(mut sheets: Vec<Sheet>) -> Vec<Sheet> {
    sheets.sort_by_key(|sheet| sheet.id);
    sheets
}
