//! Batches of answers: with what sample type, mode, frame and questionnaire each answer came, and the digest of each batch.
//!
//! In: the facts of a wave when answers come. Out: the number of their batch, or [`StoreError::Relabelled`] when the wave has other facts
//! than when its first answers came. The facts of a batch are sealed field by field with a secret of the batch, which finds an edit of
//! one column; who edits the seals as well is not found. Knows no HTTP and no files.

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::base::ContentHash;
use puzhi_core::kinds::results::definition_digest;
use puzhi_core::kinds::{CollectionMode, SamplingMethod, Survey, Wave};

use super::{OrderTrace, Relabelled, ResponseRecord, Store, StoreError, reading, with_engine};
use crate::collector::random::random_bytes;

/// The sample type of answers from before batches were recorded.
const UNRECORDED: &str = "unrecorded";
/// Bytes of the seal of one field.
const SEAL_BYTES: usize = 8;

/// From where a batch came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSource {
    /// From the collector: all answers of one wave to one questionnaire.
    Collector,
    /// From one imported file.
    Import,
    /// From before batches were recorded; adopted later.
    Adopted,
}

impl BatchSource {
    /// The name in the store and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            BatchSource::Collector => "web",
            BatchSource::Import => "import",
            BatchSource::Adopted => "adopted",
        }
    }

    fn from_name(name: &str) -> Option<BatchSource> {
        [BatchSource::Collector, BatchSource::Import, BatchSource::Adopted].into_iter().find(|s| s.as_str() == name)
    }
}

/// What is recorded of answers when they come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFacts {
    /// Id of the survey.
    pub survey: String,
    /// Id of the wave.
    pub wave: String,
    /// From where they come.
    pub source: BatchSource,
    /// The sample type that the page declares; `None`: it was not recorded.
    pub sample: Option<SamplingMethod>,
    /// How the answers are given.
    pub mode: CollectionMode,
    /// The sampling frame that the page declares.
    pub frame: Option<String>,
    /// Hash of the questionnaire's wording.
    pub wording: ContentHash,
    /// [`definition_digest`] of the wave.
    pub definition: ContentHash,
}

impl BatchFacts {
    /// The facts of answers to a wave. `wording` is that of the survey's first language.
    pub fn of(
        survey: &Survey,
        wave: &Wave,
        mode: CollectionMode,
        wording: ContentHash,
        source: BatchSource,
    ) -> BatchFacts {
        BatchFacts {
            survey: survey.id.as_ref().map(|id| id.value.clone()).unwrap_or_default(),
            wave: wave.id.clone(),
            source,
            sample: Some(wave.sample),
            mode,
            frame: wave.frame.clone(),
            wording,
            definition: definition_digest(survey, wave),
        }
    }
}

/// Whether the answers of a batch are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// They are.
    Kept,
    /// The batch was removed, by `survey remove-batch`.
    Removed,
    /// All answers of the survey were deleted at the end of their retention, by `survey purge`.
    Purged,
}

impl BatchState {
    /// The name in the store and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            BatchState::Kept => "kept",
            BatchState::Removed => "removed",
            BatchState::Purged => "purged",
        }
    }

    fn from_name(name: &str) -> Option<BatchState> {
        [BatchState::Kept, BatchState::Removed, BatchState::Purged].into_iter().find(|s| s.as_str() == name)
    }
}

/// When and why the answers of a batch were deleted, and how many they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// Number of answers.
    pub records: u64,
}

/// A batch with its answers' number and digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRecord {
    /// Number within the survey; 0 for answers from before batches were recorded.
    pub number: i64,
    /// What was recorded.
    pub facts: BatchFacts,
    /// When it was opened, in whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// Whether its answers are there.
    pub state: BatchState,
    /// When they were deleted; `None` if they are there.
    pub ended: Option<Ended>,
    /// Number of answers that are there.
    pub records: u64,
    /// Digest of facts and answers, keyed with a secret of the batch. Of deleted answers, the last one.
    pub digest: ContentHash,
    /// Why it was adopted or removed, as written by the person who did it.
    pub note: String,
}

/// A row of `puzhi_serials`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SerialRow {
    pub survey: String,
    pub wave: String,
    pub hash: [u8; 16],
    pub batch: i64,
}

/// A row of `puzhi_batches`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BatchRow {
    pub survey: String,
    pub wave: String,
    pub number: i64,
    pub source: String,
    pub sample: String,
    pub mode: String,
    pub frame: String,
    pub wording: [u8; 16],
    pub definition: [u8; 16],
    pub hour: i64,
    pub secret: [u8; 16],
    pub seal: Vec<u8>,
    pub state: String,
    pub ended_hour: i64,
    pub records: i64,
    pub digest: [u8; 16],
    pub note: String,
}

impl BatchRow {
    /// A new row, sealed.
    fn new(facts: &BatchFacts, number: i64, hour: i64, note: &str) -> Result<BatchRow, StoreError> {
        let secret = random_bytes().ok_or(StoreError::Io(std::io::ErrorKind::Unsupported))?;
        let mut row = BatchRow {
            survey: facts.survey.clone(),
            wave: facts.wave.clone(),
            number,
            source: facts.source.as_str().to_string(),
            sample: sample_name(facts.sample).to_string(),
            mode: facts.mode.as_str().to_string(),
            frame: facts.frame.clone().unwrap_or_default(),
            wording: facts.wording.bytes(),
            definition: facts.definition.bytes(),
            hour,
            secret,
            seal: Vec::new(),
            state: BatchState::Kept.as_str().to_string(),
            ended_hour: 0,
            records: 0,
            digest: [0; 16],
            note: note.to_string(),
        };
        row.seal = row.seals().concat();
        Ok(row)
    }

    /// The sealed fields with their names and values.
    fn sealed_fields(&self) -> [(&'static str, String); 6] {
        [
            ("sample", self.sample.clone()),
            ("frame", self.frame.clone()),
            ("mode", self.mode.clone()),
            ("wording", hex::encode(self.wording)),
            ("definition", hex::encode(self.definition)),
            ("source", self.source.clone()),
        ]
    }

    /// A digest of a text with the secret of the batch.
    fn keyed(&self, text: &str) -> ContentHash {
        ContentHash::of(format!("{}\n{}\n{}\n{text}", hex::encode(self.secret), self.wave, self.number).as_bytes())
    }

    fn seals(&self) -> Vec<Vec<u8>> {
        let fields = self.sealed_fields();
        fields
            .iter()
            .map(|(name, value)| self.keyed(&format!("{name}\n{value}")).bytes()[..SEAL_BYTES].to_vec())
            .collect()
    }

    /// The facts, when no sealed field was changed in the store.
    fn facts(&self) -> Result<BatchFacts, StoreError> {
        let fields = self.sealed_fields();
        let seals = self.seals();
        if self.seal.len() != seals.len() * SEAL_BYTES {
            return Err(StoreError::Corrupt);
        }
        let altered =
            fields.iter().zip(&seals).zip(self.seal.chunks(SEAL_BYTES)).find(|((_, seal), kept)| seal != kept);
        if let Some((((field, value), _), _)) = altered {
            let (wave, recorded) = (self.wave.clone(), "?".to_string());
            return Err(StoreError::Relabelled(Relabelled { wave, field, recorded, declared: value.clone() }));
        }
        Ok(BatchFacts {
            survey: self.survey.clone(),
            wave: self.wave.clone(),
            source: BatchSource::from_name(&self.source).ok_or(StoreError::Corrupt)?,
            sample: self.sample()?,
            mode: CollectionMode::from_name(&self.mode).ok_or(StoreError::Corrupt)?,
            frame: Some(self.frame.clone()).filter(|frame| !frame.is_empty()),
            wording: ContentHash::from_bytes(self.wording),
            definition: ContentHash::from_bytes(self.definition),
        })
    }

    fn sample(&self) -> Result<Option<SamplingMethod>, StoreError> {
        if self.sample == UNRECORDED {
            return Ok(None);
        }
        SamplingMethod::from_name(&self.sample).map(Some).ok_or(StoreError::Corrupt)
    }

    fn serial(&self, hash: [u8; 16]) -> SerialRow {
        SerialRow { survey: self.survey.clone(), wave: self.wave.clone(), hash, batch: self.number }
    }

    fn is_kept(&self) -> bool {
        self.state == BatchState::Kept.as_str()
    }

    /// The batch with the counted answers.
    fn record(&self, found: Option<&AnswersDigest>) -> Result<BatchRecord, StoreError> {
        let state = BatchState::from_name(&self.state).ok_or(StoreError::Corrupt)?;
        let kept = state == BatchState::Kept;
        let records = u64::try_from(self.records).map_err(|_| StoreError::Corrupt)?;
        let answers = found.map(|found| found.hasher.finalize().to_hex().to_string()).unwrap_or_default();
        let digest = self.keyed(&format!("{}\n{answers}", hex::encode(&self.seal)));
        Ok(BatchRecord {
            number: self.number,
            facts: self.facts()?,
            hour: self.hour,
            state,
            ended: (!kept).then_some(Ended { hour: self.ended_hour, records }),
            records: found.map_or(0, |found| found.records),
            digest: if kept { digest } else { ContentHash::from_bytes(self.digest) },
            note: self.note.clone(),
        })
    }
}

/// The answers of one batch, hashed in the order of their row keys.
#[derive(Default)]
struct AnswersDigest {
    hasher: blake3::Hasher,
    records: u64,
    /// Mode and wording of the first.
    mode: String,
    wording: [u8; 16],
}

impl AnswersDigest {
    fn add(&mut self, record: &ResponseRecord) {
        if self.records == 0 {
            self.mode = record.mode.clone();
            self.wording = record.wording;
        }
        self.records += 1;
        self.hasher.update(&record.id);
        self.hasher.update(&record.hour.to_le_bytes());
        self.hasher.update(&record.wording);
        for text in [&record.mode, &record.answers, &record.sample] {
            self.hasher.update(&(text.len() as u64).to_le_bytes());
            self.hasher.update(text.as_bytes());
        }
    }
}

/// The name of a sample type in the store and in lists.
pub fn sample_name(sample: Option<SamplingMethod>) -> &'static str {
    sample.map_or(UNRECORDED, SamplingMethod::as_str)
}

/// The first fixed field in which new facts differ from those of the wave's first batch.
fn relabelled(recorded: &BatchFacts, declared: &BatchFacts) -> Option<Relabelled> {
    let differs = |field: &'static str, recorded: &str, declared_now: &str| {
        (recorded != declared_now).then(|| Relabelled {
            wave: declared.wave.clone(),
            field,
            recorded: recorded.to_string(),
            declared: declared_now.to_string(),
        })
    };
    recorded.sample?;
    differs("sample", sample_name(recorded.sample), sample_name(declared.sample)).or_else(|| {
        let text = |facts: &BatchFacts| facts.frame.clone().unwrap_or_default();
        differs("frame", &text(recorded), &text(declared))
    })
}

/// Checks new facts against all batches of their wave, also those whose answers are gone.
fn check_facts(rows: &[BatchRow], facts: &BatchFacts) -> Result<(), StoreError> {
    for row in rows.iter().filter(|row| row.wave == facts.wave) {
        if let Some(found) = relabelled(&row.facts()?, facts) {
            return Err(StoreError::Relabelled(found));
        }
    }
    Ok(())
}

fn next_number(rows: &[BatchRow]) -> i64 {
    rows.iter().map(|row| row.number).max().unwrap_or(0) + 1
}

impl Store {
    /// Checks that a wave has the facts of its first answers, and seals that were not broken. A wave without answers has any.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] with the field.
    pub async fn check_wave(&self, facts: &BatchFacts) -> Result<(), StoreError> {
        let rows = self.batch_rows(&facts.survey).await?;
        check_facts(&rows, facts)
    }

    /// The number of the collector's batch for these facts, which is opened if there is none.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] when the wave had other facts at its first answer.
    pub async fn open_batch(&self, facts: &BatchFacts, hour: i64) -> Result<i64, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::lock_batches(&mut tx).await?;
            let rows = statements::batches(&mut tx, Some(&facts.survey)).await?;
            check_facts(&rows, facts)?;
            for row in rows.iter().filter(|row| row.wave == facts.wave && row.is_kept()) {
                if row.facts()? == *facts {
                    tx.rollback().await?;
                    return Ok(row.number);
                }
            }
            let row = BatchRow::new(facts, next_number(&rows), hour, "")?;
            statements::put_batch(&mut tx, &row).await?;
            tx.commit().await?;
            Ok(row.number)
        })
    }

    /// Hashes of the serials of the imported rows of a wave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn serials(&self, survey: &str, wave: &str) -> Result<BTreeSet<[u8; 16]>, StoreError> {
        let rows = reading!(self, statements, tx => statements::serials(tx, Some((survey, wave))).await?)?;
        Ok(rows.into_iter().map(|row| row.hash).collect())
    }

    /// Stores the responses of an imported file as one batch with the hashes of their serials, in one transaction. Those whose row key exists are skipped; without a new
    /// one there is no batch. Returns how many were new.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] when the wave had other facts at its first answer.
    pub async fn import_batch(
        &self,
        facts: &BatchFacts,
        hour: i64,
        mut records: Vec<ResponseRecord>,
        serials: &[[u8; 16]],
    ) -> Result<u64, StoreError> {
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::lock_batches(&mut tx).await?;
            let rows = statements::batches(&mut tx, Some(&facts.survey)).await?;
            check_facts(&rows, facts)?;
            let row = BatchRow::new(facts, next_number(&rows), hour, "")?;
            records.sort_by_key(|record| record.id);
            records.iter_mut().for_each(|record| record.batch = row.number);
            let sorted: Vec<&ResponseRecord> = records.iter().collect();
            let added = statements::insert(&mut tx, &sorted, OrderTrace::Erased).await?;
            if added > 0 {
                let mut serials: Vec<SerialRow> = serials.iter().map(|hash| row.serial(*hash)).collect();
                serials.sort_by_key(|serial| serial.hash);
                statements::add_serials(&mut tx, &serials).await?;
                statements::put_batch(&mut tx, &row).await?;
            }
            tx.commit().await?;
            Ok(added)
        })
    }

    async fn batch_rows(&self, survey: &str) -> Result<Vec<BatchRow>, StoreError> {
        reading!(self, statements, tx => statements::batches(tx, Some(survey)).await?)
    }

    async fn answers_by_batch(&self, survey: &str) -> Result<BTreeMap<(String, i64), AnswersDigest>, StoreError> {
        let mut found: BTreeMap<(String, i64), AnswersDigest> = BTreeMap::new();
        self.for_each_record(survey, |record| {
            found.entry((record.wave.clone(), record.batch)).or_default().add(&record);
        })
        .await?;
        Ok(found)
    }

    /// All batches of a survey with the number and the digest of their answers, and the number of answers by wave that belong to no
    /// recorded batch.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] when a recorded field was changed in the store.
    pub async fn batches(&self, survey: &str) -> Result<(Vec<BatchRecord>, BTreeMap<String, u64>), StoreError> {
        let rows = self.batch_rows(survey).await?;
        let mut found = self.answers_by_batch(survey).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            // Answers that came after their batch was deleted belong to none.
            let answers = row.is_kept().then(|| found.remove(&(row.wave.clone(), row.number))).flatten();
            all.push(row.record(answers.as_ref())?);
        }
        let mut unrecorded = BTreeMap::new();
        for ((wave, _), answers) in found {
            *unrecorded.entry(wave).or_default() += answers.records;
        }
        Ok((all, unrecorded))
    }

    /// Records sample type and frame of the answers of a wave that came before batches were recorded.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] when later answers of the wave were recorded with others.
    pub async fn adopt(&self, facts: &BatchFacts, hour: i64, why: &str) -> Result<(), StoreError> {
        let facts = BatchFacts { source: BatchSource::Adopted, ..facts.clone() };
        with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::lock_batches(&mut tx).await?;
            let rows = statements::batches(&mut tx, Some(&facts.survey)).await?;
            check_facts(&rows, &facts)?;
            // What was adopted once keeps its reason.
            if !rows.iter().any(|row| row.wave == facts.wave && row.number == 0) {
                statements::put_batch(&mut tx, &BatchRow::new(&facts, 0, hour, why)?).await?;
            }
            Ok(tx.commit().await?)
        })
    }

    /// Deletes the answers of an imported file and keeps a record of it. Returns how many they were.
    ///
    /// # Errors
    /// [`StoreError::NoBatch`] when no import has this number or its answers are gone. The collector's batches stay: it may be writing.
    pub async fn remove_batch(&self, survey: &str, number: i64, hour: i64, why: &str) -> Result<u64, StoreError> {
        let (known, _) = self.batches(survey).await?;
        let known = known.into_iter().find(|batch| {
            batch.number == number && batch.state == BatchState::Kept && batch.facts.source == BatchSource::Import
        });
        let known = known.ok_or(StoreError::NoBatch(number))?;
        let removed = with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::lock_batches(&mut tx).await?;
            let rows = statements::batches(&mut tx, Some(survey)).await?;
            let row = rows.into_iter().find(|row| row.number == number && row.wave == known.facts.wave);
            let row = row.filter(BatchRow::is_kept).ok_or(StoreError::NoBatch(number))?;
            let records = statements::delete_batch_responses(&mut tx, survey, &row.wave, number).await?;
            statements::put_batch(&mut tx, &ended(row, BatchState::Removed, &known, hour, why)).await?;
            tx.commit().await?;
            Ok(records)
        })?;
        self.purge_old_row_versions().await;
        Ok(removed)
    }

    /// Deletes all answers and codes of a survey and keeps a record of what was deleted and when. Returns how many answers they were.
    ///
    /// # Errors
    /// When the database fails; then nothing is deleted.
    pub async fn purge(&self, survey: &str, hour: i64) -> Result<u64, StoreError> {
        let (known, _) = self.batches(survey).await?;
        let found = self.answers_by_batch(survey).await?;
        let removed = with_engine!(self.acquire().await?, statements, connection => {
            let mut tx = statements::begin(connection).await?;
            statements::lock_batches(&mut tx).await?;
            let rows = statements::batches(&mut tx, Some(survey)).await?;
            for ((wave, number), answers) in &found {
                if !rows.iter().any(|row| row.wave == *wave && row.number == *number) {
                    statements::put_batch(&mut tx, &unrecorded_row(survey, wave, *number, answers)?).await?;
                }
            }
            for row in statements::batches(&mut tx, Some(survey)).await?.into_iter().filter(BatchRow::is_kept) {
                let known = match known.iter().find(|b| b.number == row.number && b.facts.wave == row.wave) {
                    Some(known) => known.clone(),
                    None => row.record(found.get(&(row.wave.clone(), row.number)))?,
                };
                let note = row.note.clone();
                statements::put_batch(&mut tx, &ended(row, BatchState::Purged, &known, hour, &note)).await?;
            }
            let records = statements::delete_survey(&mut tx, survey).await?;
            tx.commit().await?;
            Ok(records)
        })?;
        self.purge_old_row_versions().await;
        Ok(removed)
    }
}

/// A row for answers from before batches were recorded, whose sample type nobody has adopted.
fn unrecorded_row(survey: &str, wave: &str, number: i64, answers: &AnswersDigest) -> Result<BatchRow, StoreError> {
    let facts = BatchFacts {
        survey: survey.to_string(),
        wave: wave.to_string(),
        source: BatchSource::Adopted,
        sample: None,
        mode: CollectionMode::from_name(&answers.mode).ok_or(StoreError::Corrupt)?,
        frame: None,
        wording: ContentHash::from_bytes(answers.wording),
        definition: ContentHash::from_bytes([0; 16]),
    };
    BatchRow::new(&facts, number, 0, "")
}

/// The row of a batch whose answers are deleted.
fn ended(row: BatchRow, state: BatchState, known: &BatchRecord, hour: i64, why: &str) -> BatchRow {
    BatchRow {
        state: state.as_str().to_string(),
        ended_hour: hour,
        records: i64::try_from(known.records).unwrap_or(i64::MAX),
        digest: known.digest.bytes(),
        note: why.to_string(),
        ..row
    }
}
