//! The office's side: a batch is opened with the office's key, and its interviews become responses.
//!
//! In: a batch whose signatures are right, the office's key, the definition. Out: responses whose answers passed every check that the form
//! makes, and the interviews that did not, with the reason. Knows no store.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::{CollectionMode, CollectionStatus, SamplingMethod, Survey, Wave};

use super::age::OpenError;
use super::batch::{BatchError, FieldBatch};
use super::keys::OfficeIdentity;
use super::record::InterviewText;
use crate::Response;
use crate::answers::{AnswerError, ValidatedAnswers, validate_json};

/// An opened batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenedBatch {
    /// The responses, with the sample units by the names of the call sheet.
    pub responses: Vec<Response>,
    /// Interviews that are not taken.
    pub refused: Vec<RefusedInterview>,
}

/// An interview that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedInterview {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Why.
    pub why: WhyRefused,
}

/// Why an interview is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyRefused {
    /// It cannot be opened or read, or is of another survey or wave.
    Damaged,
    /// It is sealed to another key of the office than the rest.
    OtherKey,
    /// Somebody who was not drawn, in a probability wave.
    PasserBy,
    /// The wave does not take answers in this way.
    Mode(CollectionMode),
    /// Answered before or after the wave, by the clock of the device.
    OutsideWave,
    /// The respondent is too young.
    UnderAge,
    /// Answers that the form would refuse; under another wording than that of now if so.
    Answers {
        /// What is wrong.
        errors: Vec<AnswerError>,
        /// Whether the questions were changed since.
        reworded: bool,
    },
}

/// What the office knows of the wave.
struct Target<'t> {
    survey: &'t Survey,
    id: &'t str,
    wave: &'t Wave,
    zone: &'t TimeZone,
    wording: ContentHash,
}

/// Opens a batch of the survey `id` and one of its waves. `wording` is that of the survey's first language, `zone` the site's.
///
/// # Errors
/// When the batch is of another wave, or all of it is sealed to another key.
pub fn open_batch(
    batch: &FieldBatch,
    office: &OfficeIdentity,
    survey: &Survey,
    wave: &Wave,
    zone: &TimeZone,
) -> Result<OpenedBatch, BatchError> {
    let id = survey.id.as_ref().map(|id| id.value.as_str()).unwrap_or_default();
    if batch.survey != id || batch.wave != wave.id {
        return Err(BatchError::OtherWave { survey: batch.survey.clone(), wave: batch.wave.clone() });
    }
    let target = Target { survey, id, wave, zone, wording: survey.wording() };
    let mut opened = OpenedBatch::default();
    for (n, interview) in batch.interviews.iter().enumerate() {
        let plain = match office.open(&interview.sealed) {
            Err(OpenError::OtherKey) => Err(WhyRefused::OtherKey),
            Err(OpenError::Damaged) => Err(WhyRefused::Damaged),
            Ok(plain) => Ok(plain),
        };
        match plain.and_then(|plain| target.response(&plain)) {
            Ok(response) => opened.responses.push(response),
            Err(why) => opened.refused.push(RefusedInterview { number: n + 1, why }),
        }
    }
    // The office may have changed its key between two interviews; then each key opens a part.
    let other_key = opened.refused.iter().filter(|refused| refused.why == WhyRefused::OtherKey).count();
    let none_opened = other_key > 0 && other_key == batch.interviews.len();
    if none_opened { Err(BatchError::OtherKey) } else { Ok(opened) }
}

impl Target<'_> {
    fn response(&self, plain: &[u8]) -> Result<Response, WhyRefused> {
        let text: InterviewText = serde_json::from_slice(plain).map_err(|_| WhyRefused::Damaged)?;
        let (row, wording) = text.keys().ok_or(WhyRefused::Damaged)?;
        if text.survey != self.id || text.wave != self.wave.id {
            return Err(WhyRefused::Damaged);
        }
        if !text.drawn && self.wave.sample == SamplingMethod::Probability {
            return Err(WhyRefused::PasserBy);
        }
        let modes = &self.wave.modes;
        let in_the_field = matches!(text.mode, CollectionMode::Face | CollectionMode::Phone);
        if !in_the_field || !(modes.is_empty() || modes.contains(&text.mode)) {
            return Err(WhyRefused::Mode(text.mode));
        }
        let at = text.hour.checked_mul(3600).and_then(|seconds| Timestamp::from_second(seconds).ok());
        // An hour belongs to the wave when one of its moments does. An interview that began in time may end an hour later.
        let open = at.is_some_and(|at| [-3600, 0, 3599].into_iter().any(|seconds| self.is_open(at, seconds)));
        if !open {
            return Err(WhyRefused::OutsideWave);
        }
        let answers = match validate_json(self.survey, &text.answers) {
            Ok(ValidatedAnswers::Answers(answers)) => answers,
            Ok(ValidatedAnswers::UnderAge) => return Err(WhyRefused::UnderAge),
            Err(errors) => return Err(WhyRefused::Answers { errors, reworded: wording != self.wording }),
        };
        Ok(Response {
            id: row,
            survey: text.survey,
            wave: text.wave,
            mode: text.mode,
            hour: text.hour,
            wording,
            answers,
            sample: text.sample,
        })
    }

    fn is_open(&self, hour: Timestamp, seconds: i64) -> bool {
        let Ok(at) = Timestamp::from_second(hour.as_second() + seconds) else { return false };
        let civil = at.to_zoned(self.zone.clone()).datetime();
        matches!(self.wave.collection_status(civil), CollectionStatus::Open(_))
    }
}
