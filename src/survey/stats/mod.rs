//! The statistics of a survey: pure functions on numbers, each with its source. Shares are from 0 to 1.

mod plan;
mod wilson;

pub use plan::{Aim, PlanError, Planned, plan};
pub use wilson::{LEVEL, Z, wilson, wilson_at};
