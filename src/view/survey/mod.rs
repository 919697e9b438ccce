//! Template data of survey pages: how to take part, and published results. In: a survey page and its results file. Out:
//! types of [`model`]. Counts no answers and knows no database.

mod design;
mod disclosure;
pub mod model;
pub(super) mod results;
pub(super) mod take;
mod trend;

pub use results::{RESULT_FILES, results_route};
pub use take::thanks_route;
