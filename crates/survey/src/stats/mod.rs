//! The statistics of a survey: pure functions on numbers, each with its source. Shares are from 0 to 1.
//!
//! `tests/it/stats` holds them against R and statsmodels.

mod newcombe;
mod sample_size;
mod weights;
mod wilson;

pub use newcombe::{DifferenceInterval, newcombe_interval};
pub use sample_size::{PlanError, PowerTarget, SampleSizePlan, plan_sample_size, power_at};
pub use weights::{
    MAX_ROUNDS, RakingResult, TOLERANCE, TRIMMED_TOLERANCE, WEIGHT_CAP, WeightingCell, kish_design_effect, rake,
};
pub use wilson::{CONFIDENCE_LEVEL, Z_975, wilson_interval, wilson_interval_at};
