//! The statistics of a survey: pure functions on numbers, each with its source. Shares are from 0 to 1.
//!
//! `tests/stats` holds them against R and statsmodels.

mod newcombe;
mod plan;
mod weights;
mod wilson;

pub use newcombe::{Difference, newcombe};
pub use plan::{Aim, PlanError, Planned, plan, power_at};
pub use weights::{Alike, CAP, MOST_ROUNDS, Raked, TOLERANCE, TRIMMED_TOLERANCE, kish, rake};
pub use wilson::{LEVEL, Z, wilson, wilson_at};
