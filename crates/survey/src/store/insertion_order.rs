//! Erases the order of insertion: rows are deleted and inserted anew in the order of their random keys, so that nothing says when
//! in its hour a response came, or which code came with it.
//!
//! A database keeps more than its columns: PostgreSQL the transaction that wrote a row and its place, SQLite the place inside a
//! page and, for a while, the log. A code and its response are written in one transaction, since either without the other would be
//! wrong, and this trace links them. In: the present hour. Out: what was rewritten.
//!
//! - Responses of past hours are rewritten once, all of them.
//! - Responses that came with a code are rewritten during their hour as well, all of that hour together, as soon as a code was
//!   used, and with them all used codes of the store. The two tables are rewritten in separate transactions.

use std::sync::atomic::Ordering;

use sqlx::AssertSqlSafe;

use super::statements::BATCH_ROWS;
use super::{DbPool, OrderTrace, ResponseRecord, Store, StoreError, with_engine};

/// Batches of past hours that one call rewrites, so that it ends soon even after a busy hour.
const MAX_BATCHES: usize = 100;

/// How much one call rewrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErasedOrder {
    /// Responses.
    pub records: usize,
    /// Used codes.
    pub codes: usize,
    /// Whether responses of past hours are left for the next call.
    pub more: bool,
}

impl Store {
    /// Rewrites what is to be rewritten in this hour (whole hours since 1970-01-01T00:00Z). May run beside writers and beside other
    /// collectors that do the same.
    ///
    /// # Errors
    /// When the database fails. What was rewritten until then stays so, and nothing is lost.
    pub async fn erase_insertion_order(&self, hour: i64) -> Result<ErasedOrder, StoreError> {
        let mut done = ErasedOrder::default();
        with_engine!(self.acquire().await?, statements, connection => {
            for _ in 0..MAX_BATCHES {
                let mut tx = statements::begin(connection).await?;
                let taken = sorted(statements::take_past_hours(&mut tx, hour).await?);
                statements::insert(&mut tx, &taken.iter().collect::<Vec<_>>(), OrderTrace::Erased).await?;
                tx.commit().await?;
                done.records += taken.len();
                done.more = taken.len() == BATCH_ROWS;
                if !done.more {
                    break;
                }
            }
            let mut tx = statements::begin_read(connection).await?;
            let newly_used = statements::has_newly_used_codes(&mut tx).await?;
            tx.commit().await?;
            if newly_used {
                let mut after = Vec::new();
                loop {
                    let mut tx = statements::begin(connection).await?;
                    let taken = sorted(statements::take_submitted_with_code(&mut tx, hour, &after).await?);
                    statements::insert(&mut tx, &taken.iter().collect::<Vec<_>>(), OrderTrace::WithCode).await?;
                    tx.commit().await?;
                    done.records += taken.len();
                    match taken.last() {
                        Some(last) if taken.len() == BATCH_ROWS => after = last.id.to_vec(),
                        _ => break,
                    }
                }
                let mut after = Vec::new();
                loop {
                    let mut tx = statements::begin(connection).await?;
                    let mut taken = statements::take_used_codes(&mut tx, &after).await?;
                    taken.sort();
                    statements::add_codes(&mut tx, &taken).await?;
                    tx.commit().await?;
                    done.codes += taken.len();
                    match taken.last() {
                        Some(last) if taken.len() == BATCH_ROWS => after = last.hash.0.to_vec(),
                        _ => break,
                    }
                }
            }
            Ok::<(), StoreError>(())
        })?;
        // What was held before lies in old versions of the rows too.
        if self.held_changed.swap(false, Ordering::Relaxed) || done != ErasedOrder::default() {
            self.purge_old_row_versions().await;
        }
        Ok(done)
    }

    /// Lets the engine drop the old versions of the rows. A reader may block it; the next call tries again.
    pub(super) async fn purge_old_row_versions(&self) {
        match &self.pool {
            DbPool::Sqlite(pool) => drop(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(pool).await),
            DbPool::Postgres(pool) => {
                for table in ["responses", "codes", "held_responses", "held_codes"] {
                    // Engines that only speak PostgreSQL's protocol may have no such statement.
                    drop(sqlx::raw_sql(AssertSqlSafe(format!("VACUUM puzhi_{table}"))).execute(pool).await);
                }
            }
        }
    }
}

fn sorted(mut records: Vec<ResponseRecord>) -> Vec<ResponseRecord> {
    records.sort_by_key(|record| record.id);
    records
}
