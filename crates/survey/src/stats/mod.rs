//! The statistics of a survey as pure functions on numbers, each with its source. Shares are from 0 to 1.
//!
//! - [`wilson_interval`]: interval of a share (Wilson 1927).
//! - [`newcombe_interval`]: interval of a difference of two shares (Newcombe 1998).
//! - [`rake`]: weights for population margins (Deming and Stephan 1940).
//! - [`kish_design_effect`]: what weights cost (Kish 1965, 1992).
//! - [`design_estimate`]: variance under strata, units, known sizes and calibration (Wolter 2007, Lumley 2010).
//! - [`plan_sample_size`]: sample size by exact power.
//!
//! `tests/it/stats` compares them with R and statsmodels. Knows no surveys.

mod design;
mod field_plan;
mod newcombe;
mod sample_size;
mod weights;
mod wilson;

pub use design::{Calibration, DesignEstimate, DesignRow, StageUnit, design_estimate, least_design_effect, t_quantile};
pub use field_plan::{FieldConditions, FieldPlan, StratumPlan, plan_field};
pub use newcombe::{BoundedShare, DifferenceInterval, Proportion, difference_of_bounded, newcombe_interval};
pub use sample_size::{PlanError, PowerTarget, SampleSizePlan, plan_sample_size, power_at};
pub use weights::{MAX_ROUNDS, RakingResult, TOLERANCE, TRIMMED_TOLERANCE, WeightingCell, kish_design_effect, rake};
pub use wilson::{CONFIDENCE_LEVEL, Z_975, wilson_interval, wilson_interval_at};
