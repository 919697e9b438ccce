//! The rows of the store, and the conversion between [`Response`] and [`ResponseRecord`].
//!
//! A record has the types of the columns, so that it can be written and read without knowing the values.

use super::StoreError;
use crate::answers::Answers;
use crate::collector::random::random_bytes;
use crate::{Response, SampleUnit};
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::{CollectionMode, Outcomes, Survey, Wave};

/// One response as the tables hold it. The fields are all that is known of the respondent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseRecord {
    /// Row key: derived from the submission's random key, or from the content of an imported file.
    pub id: [u8; 16],
    /// Id of the survey.
    pub survey: String,
    /// Id of the wave.
    pub wave: String,
    /// How the answers were given: `web`, `paper` …
    pub mode: String,
    /// Whole hours since 1970-01-01T00:00Z. Nothing finer is kept.
    pub hour: i64,
    /// Hash of the questions' wording at the time.
    pub wording: [u8; 16],
    /// Canonical JSON of the answers. The store does not look inside.
    pub answers: String,
    /// JSON of [`SampleUnit`]: where in the sample the respondent was drawn. Empty when nothing is known of it.
    pub sample: String,
    /// Number of the batch with which it came, within the survey; 0: none was recorded.
    pub batch: i64,
}

/// What is fixed of a wave at its first answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedWave {
    /// Id of the survey.
    pub survey: String,
    /// Id of the wave.
    pub wave: String,
    /// Canonical JSON of all that decides the figure besides the answers, see `Survey::method_of`.
    pub method: String,
    /// Secret from which the labels of strata and units are made; empty once it was destroyed.
    pub label_key: Vec<u8>,
}

impl FixedWave {
    /// The wave as the definition has it now, with a new label key.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn of(id: &str, survey: &Survey, wave: &Wave) -> Result<FixedWave, StoreError> {
        let key: [u8; 32] = random_bytes().ok_or(StoreError::Io(std::io::ErrorKind::Unsupported))?;
        Ok(FixedWave {
            survey: id.to_string(),
            wave: wave.id.clone(),
            method: survey.method_of(wave),
            label_key: key.to_vec(),
        })
    }
}

/// What became of the contacts of one interviewer's device, as of its latest batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceContacts {
    /// Id of the survey.
    pub survey: String,
    /// Id of the wave.
    pub wave: String,
    /// Public key of the device.
    pub device: [u8; 32],
    /// Number of the batch.
    pub number: i64,
    /// All contacts so far.
    pub counts: Outcomes,
}

/// The hash of a one-time code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeHash(pub [u8; 16]);

/// State of a one-time code: the value of the column `puzhi_codes.state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CodeState {
    /// Not used yet.
    Unused = 0,
    /// Used since the insertion order was last erased.
    NewlyUsed = 1,
    /// Used; its row no longer lies where or when it was used.
    Used = 2,
}

/// How a response was inserted, as far as its row still shows it: the value of the column `puzhi_responses.fresh`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderTrace {
    /// The order of the rows says nothing of when they came.
    Erased = 0,
    /// Inserted as it came, without a code.
    WithoutCode = 1,
    /// Inserted as it came, in one transaction with the use of its code.
    WithCode = 2,
}

/// A row of the table of codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CodeRow {
    pub hash: CodeHash,
    pub survey: String,
    pub wave: String,
    pub state: CodeState,
}

/// How many one-time codes a wave has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCount {
    /// All that were issued.
    pub all: u64,
    /// Those that were used.
    pub used: u64,
}

/// How many responses one wave, mode and hour has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordCount {
    /// Id of the wave.
    pub wave: String,
    /// How the answers were given.
    pub mode: CollectionMode,
    /// Whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// Number of responses.
    pub records: u64,
}

impl From<&Response> for ResponseRecord {
    fn from(response: &Response) -> ResponseRecord {
        ResponseRecord {
            id: response.id,
            survey: response.survey.clone(),
            wave: response.wave.clone(),
            mode: response.mode.as_str().to_string(),
            hour: response.hour,
            wording: response.wording.bytes(),
            answers: response.answers.canonical(),
            sample: response.sample.to_column(),
            batch: 0,
        }
    }
}

impl ResponseRecord {
    /// The typed response; `None` when this program did not write the record.
    pub fn response(self) -> Option<Response> {
        Some(Response {
            id: self.id,
            mode: CollectionMode::from_name(&self.mode)?,
            hour: self.hour,
            wording: ContentHash::from_bytes(self.wording),
            answers: Answers::from_canonical(&self.answers)?,
            sample: SampleUnit::from_column(&self.sample)?,
            survey: self.survey,
            wave: self.wave,
        })
    }
}
