//! Answers to surveys: taken, stored, counted, told. Meets the build only in files: the definition goes out with the page, an aggregated
//! results file comes back beside it.
//!
//! The definition is [`puzhi_core::kinds::Survey`]; what it makes of one respondent's answers is [`answers`]; what the build reads is
//! [`puzhi_core::kinds::results`]. No figure here leaves the room with more certainty than its sample has.

pub mod collector;
pub mod count;
pub mod disclosure;
pub mod import;
pub mod json_lines;
pub mod report;
mod response;
pub mod snapshot;
pub mod stats;
pub mod store;
mod weighting;

/// Stands with the kinds, because the form on the page needs it as well.
pub use puzhi_core::kinds::answers;
pub use response::{Response, hours_since_epoch};
