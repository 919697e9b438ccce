//! Surveys: answers collected, kept and counted.

pub mod collector;
pub mod store;
