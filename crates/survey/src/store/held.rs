//! Answers that came with a code are held until [`GROUP`] of their wave are there, so that no two backups differ by fewer.
//!
//! In: answers with their codes. Out: the same in the tables of answers and codes, in groups. Knows no clock: who calls it says when a
//! wave has ended.
//!
//! A lone answer and a lone used code that are new since the last backup belong together. So both wait in tables of their own, durable as
//! all others, which a backup leaves out. A group of one wave is complete when it has [`GROUP`] answers, and moves on when the next one is
//! complete. At the end of the wave both move together, since the last one may be smaller. Answers and codes lie in separate tables, all of
//! them written anew in each transaction in the order of their random keys: inside a group nothing joins an answer to its code. What the
//! database itself shows in the meantime is that the answers of a group came with the codes of that group.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::queue::SubmitOutcome;
use super::record::{CodeRow, CodeState, OrderTrace};
use super::{CodeHash, ResponseRecord, Store, StoreError, reading, with_engine};

/// Fewest answers with codes of one wave that move on together: the smallest cell that tables may disclose.
pub const GROUP: usize = 5;

/// A held answer or code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held<T> {
    pub row: T,
    /// Whether its group is complete, so that it moves on with the next.
    pub complete: bool,
}

/// All that is held.
#[derive(Debug, Default)]
pub(super) struct HeldRows {
    pub responses: Vec<Held<ResponseRecord>>,
    pub codes: Vec<Held<CodeRow>>,
}

/// What leaves the tables of held rows.
#[derive(Debug, Default)]
struct Group {
    responses: Vec<ResponseRecord>,
    codes: Vec<CodeRow>,
}

impl HeldRows {
    fn add(&mut self, record: &ResponseRecord, hash: CodeHash) {
        let (survey, wave) = (record.survey.clone(), record.wave.clone());
        self.responses.push(Held { row: record.clone(), complete: false });
        self.codes.push(Held { row: CodeRow { hash, survey, wave, state: CodeState::Unused }, complete: false });
    }

    /// Surveys and waves with held answers.
    fn waves(&self) -> BTreeSet<(String, String)> {
        self.responses.iter().map(|held| (held.row.survey.clone(), held.row.wave.clone())).collect()
    }

    /// Takes out what `taken` says of a wave, by whether its group is complete.
    fn take(&mut self, (survey, wave): &(String, String), taken: impl Fn(bool) -> bool, group: &mut Group) {
        let responses = self
            .responses
            .extract_if(.., |held| held.row.survey == *survey && held.row.wave == *wave && taken(held.complete));
        group.responses.extend(responses.map(|held| held.row));
        let codes = self
            .codes
            .extract_if(.., |held| held.row.survey == *survey && held.row.wave == *wave && taken(held.complete));
        group.codes.extend(codes.map(|held| held.row));
    }

    /// Completes groups that are large enough, and takes out those before them.
    fn advance(&mut self) -> Group {
        let mut out = Group::default();
        for wave in self.waves() {
            let of_wave = |survey: &str, id: &str| survey == wave.0 && id == wave.1;
            let waiting = |held: &&Held<ResponseRecord>| !held.complete && of_wave(&held.row.survey, &held.row.wave);
            if self.responses.iter().filter(waiting).count() < GROUP {
                continue;
            }
            self.take(&wave, |complete| complete, &mut out);
            let responses = self.responses.iter_mut().filter(|held| of_wave(&held.row.survey, &held.row.wave));
            responses.for_each(|held| held.complete = true);
            let codes = self.codes.iter_mut().filter(|held| of_wave(&held.row.survey, &held.row.wave));
            codes.for_each(|held| held.complete = true);
        }
        out
    }

    /// Sorts by the random keys.
    fn sort(&mut self) {
        self.responses.sort_by_key(|held| held.row.id);
        self.codes.sort_by_key(|held| held.row.hash);
    }
}

impl Group {
    /// The answers in the order of their keys.
    fn sorted(&mut self) -> Vec<&ResponseRecord> {
        self.responses.sort_by_key(|record| record.id);
        self.codes.sort();
        self.responses.iter().collect()
    }
}

/// Writes the held rows anew and the group that moves on into the tables of answers and codes.
macro_rules! write_held {
    ($statements:ident, $tx:expr, $held:expr, $group:expr) => {{
        $held.sort();
        $statements::replace_held($tx, &$held).await?;
        $statements::insert($tx, &$group.sorted(), OrderTrace::WithCode).await?;
        for code in &$group.codes {
            $statements::redeem_code($tx, &code.hash, &code.survey, &code.wave).await?;
        }
    }};
}

impl Store {
    /// Holds responses with their codes, each both or neither, in one transaction. Returns what became of each.
    pub(super) async fn store_with_codes(
        &self,
        submissions: &[(&ResponseRecord, CodeHash)],
    ) -> Result<Vec<SubmitOutcome>, StoreError> {
        let outcomes = with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            // Of two programs that hold answers, one waits: each writes all rows anew.
            statements::lock_batches(&mut tx).await?;
            let mut held = statements::held(&mut tx).await?;
            let before = held.responses.len();
            let mut outcomes = Vec::with_capacity(submissions.len());
            for (record, code) in submissions {
                let stored = held.responses.iter().any(|other| other.row.id == record.id)
                    || statements::contains(&mut tx, &record.id).await?;
                let used = held.codes.iter().any(|other| other.row.hash == *code);
                outcomes.push(if stored {
                    SubmitOutcome::Stored
                } else if used || !statements::is_unused(&mut tx, code, &record.survey, &record.wave).await? {
                    SubmitOutcome::CodeRejected
                } else {
                    held.add(record, *code);
                    SubmitOutcome::Stored
                });
            }
            if held.responses.len() > before {
                let mut group = held.advance();
                write_held!(statements, &mut tx, held, group);
            }
            // Also without a change: a transaction that is dropped keeps its lock until its connection is used again.
            tx.commit().await?;
            Ok(outcomes)
        })?;
        self.held_changed.store(true, Ordering::Relaxed);
        Ok(outcomes)
    }

    /// Moves all held answers of a wave on, however few they are: it takes no more. Returns how many they were.
    ///
    /// # Errors
    /// When the database fails; then they stay held.
    pub async fn settle_wave(&self, survey: &str, wave: &str) -> Result<usize, StoreError> {
        let wave = (survey.to_string(), wave.to_string());
        let moved = with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::lock_batches(&mut tx).await?;
            let mut held = statements::held(&mut tx).await?;
            let mut group = Group::default();
            held.take(&wave, |_| true, &mut group);
            if !group.responses.is_empty() {
                write_held!(statements, &mut tx, held, group);
            }
            tx.commit().await?;
            Ok(group.responses.len())
        })?;
        self.held_changed.store(true, Ordering::Relaxed);
        Ok(moved)
    }

    /// Surveys and waves with held answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_waves(&self) -> Result<BTreeSet<(String, String)>, StoreError> {
        Ok(reading!(self, statements, tx => statements::held(tx).await?)?.waves())
    }
}
