//! Surveys: answers collected, kept and counted.

pub mod store;
