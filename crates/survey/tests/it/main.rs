//! The survey without a site: definitions, answers from files, statistics, what publishing gives away.

mod definition;
mod import;
mod privacy;
mod stats;
