//! The statistics of a survey as pure functions on numbers, each with its source. Shares are from 0 to 1.
//!
//! - [`wilson_interval`]: interval of a share (Wilson 1927).
//! - [`newcombe_interval`]: interval of a difference of two shares (Newcombe 1998).
//! - [`rake`]: weights for population margins (Deming and Stephan 1940).
//! - [`kish_design_effect`]: what weights cost (Kish 1965, 1992).
//! - [`plan_sample_size`]: sample size by exact power.
//!
//! `tests/it/stats` compares them with R and statsmodels. Knows no surveys.

mod newcombe;
mod sample_size;
mod weights;
mod wilson;

pub use newcombe::{DifferenceInterval, Proportion, newcombe_interval};
pub use sample_size::{PlanError, PowerTarget, SampleSizePlan, plan_sample_size, power_at};
pub use weights::{
    MAX_ROUNDS, RakingResult, TOLERANCE, TRIMMED_TOLERANCE, WEIGHT_CAP, WeightingCell, kish_design_effect, rake,
};
pub use wilson::{CONFIDENCE_LEVEL, Z_975, wilson_interval, wilson_interval_at};
