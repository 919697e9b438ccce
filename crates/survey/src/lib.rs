//! The survey of puzhi: responses are collected or imported, stored, counted, protected and reported.
//!
//! It meets the site generator in two places only. A definition ([`puzhi_core::kinds::Survey`]) comes in from the survey's page,
//! and an aggregated results file ([`puzhi_core::kinds::results`]) goes out, which the generator reads when it builds the page. The
//! crate knows no pages, no templates and no settings.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unwrap_used,
        clippy::expect_used
    )
)]

/// HTTP service that takes responses.
pub mod collector;
/// Unprotected counts of a wave.
pub mod count;
/// Statistical disclosure control: which counts may be published.
pub mod disclosure;
/// Interviews on devices without network.
pub mod field;
mod figure;
mod figure_release;
/// Responses from tables of other programs.
pub mod import;
/// Responses as JSON Lines.
pub mod json_lines;
/// Answers one by one, for the unit's own use.
pub mod microdata;
mod precision;
/// Where the figures of a wave come from.
pub mod provenance;
/// Published results as a document.
pub mod report;
mod response;
/// Responses to the results file.
pub mod snapshot;
/// Statistics as pure functions on numbers.
pub mod stats;
/// Responses and one-time codes in SQLite or PostgreSQL.
pub mod store;
mod table_estimates;
mod weighting;

/// Validation of answers. It is part of the core, because the form on the page needs it as well.
pub use puzhi_core::kinds::answers;
pub use response::{BaseWeight, Response, SampleUnit, hours_since_epoch};
