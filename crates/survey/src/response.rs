//! One response as it is stored. It holds no address, no device and no name, and of the time only the hour.
//!
//! [`SampleUnit`] says from where in the sample it came, by labels that mean nothing outside its wave.

use super::answers::Answers;
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::CollectionMode;

/// Where in the sample a respondent was drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleUnit {
    /// Label of the stratum, the number of a declared stratum, or a random label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stratum: Option<String>,
    /// Random label of the first-stage unit: the same for all respondents of one unit in one wave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Weight with which the respondent was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<BaseWeight>,
}

/// A base weight in thousandths: the reciprocal of the chance of being drawn, in any unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct BaseWeight(pub u64);

impl BaseWeight {
    /// Largest weight, in thousandths.
    const MAX: f64 = 1e12;

    /// Reads a positive decimal number; `None` for anything else.
    pub fn parse(text: &str) -> Option<BaseWeight> {
        let weight: f64 = text.trim().parse().ok()?;
        let thousandths = (weight * 1000.0).round();
        (1.0..=Self::MAX).contains(&thousandths).then_some(BaseWeight(thousandths as u64))
    }

    /// The weight.
    pub fn value(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl SampleUnit {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        self.stratum.is_none() && self.unit.is_none() && self.weight.is_none()
    }

    /// The text of the store's column.
    pub fn to_column(&self) -> String {
        // Strings and numbers always serialise.
        if self.is_empty() { String::new() } else { serde_json::to_string(self).unwrap_or_default() }
    }

    /// Reads the store's column; `None` when this program did not write it.
    pub fn from_column(text: &str) -> Option<SampleUnit> {
        if text.is_empty() { Some(SampleUnit::default()) } else { serde_json::from_str(text).ok() }
    }
}

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
    /// Where in the sample the respondent was drawn; empty where nobody was drawn or nobody said so.
    pub sample: SampleUnit,
}

/// Whole hours since 1970-01-01T00:00Z, rounded down. No finer time of a response is kept.
pub fn hours_since_epoch(now: jiff::Timestamp) -> i64 {
    now.as_second().div_euclid(3600)
}
