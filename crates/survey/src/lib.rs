//! Answers to surveys: taken, stored, counted, told. Meets the build only in files: the definition goes out with the page, an aggregated
//! results file comes back beside it.
//!
//! The definition is [`puzhi_core::kinds::Survey`]; what it makes of one respondent's answers is [`answers`]; what the build reads is
//! [`puzhi_core::kinds::results`]. No figure here leaves the room with more certainty than its sample has.

pub mod collector;
pub mod count;
pub mod export;
pub mod import;
pub mod report;
mod response;
pub mod snapshot;
pub mod stats;
pub mod store;
pub mod suppress;
mod weigh;

/// Stands with the kinds, because the form on the page needs it as well.
pub use puzhi_core::kinds::answers;
pub use response::{Response, hour_of};
