//! Data of survey pages: how to take part, and published results. Counts no answers; it reads the published results only.

mod disclosure;
pub mod model;
pub(super) mod results;
pub(super) mod take;
mod trend;

pub use results::{RESULT_FILES, results_route};
pub use take::thanks_route;
