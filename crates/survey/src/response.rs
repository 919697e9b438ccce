//! One response as it is stored. It holds no address, no device and no name, and of the time only the hour.

use super::answers::Answers;
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::CollectionMode;

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Random, so that the order of the keys says nothing of the order in time.
    pub id: [u8; 16],
    /// Id of the survey.
    pub survey: String,
    /// Id of the wave.
    pub wave: String,
    /// How the answers were given: on the web, on paper, by phone or face to face.
    pub mode: CollectionMode,
    /// Whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// [`puzhi_core::kinds::Survey::wording`] at the time of answering.
    pub wording: ContentHash,
    /// The validated answers.
    pub answers: Answers,
}

/// Whole hours since 1970-01-01T00:00Z, rounded down. No finer time of a response is kept.
pub fn hours_since_epoch(now: jiff::Timestamp) -> i64 {
    now.as_second().div_euclid(3600)
}
