//! One answered survey as it is stored. It names nobody: no address, no device, no name, and of the time only the hour.

use super::answers::Answers;
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::CollectionMode;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Random, so that rows have no order in time.
    pub id: [u8; 16],
    /// The survey's id.
    pub survey: String,
    /// The wave's id.
    pub wave: String,
    pub mode: CollectionMode,
    /// Whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// [`puzhi_core::kinds::Survey::wording`] at the time of answering.
    pub wording: ContentHash,
    pub answers: Answers,
}

/// Whole hours since 1970-01-01T00:00Z; all that is kept of a time.
pub fn hours_since_epoch(now: jiff::Timestamp) -> i64 {
    now.as_second().div_euclid(3600)
}
