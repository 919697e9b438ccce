//! `puzhi` (普知): a static site generator for public-awareness campaigns.
//!
//! Data flows one way: `Source → Document → PageMeta → Catalog → Recipe → Artifact → public/`.
//! Each room below uses only rooms above it; `tests/tidy.rs` holds them to that.

pub mod settings;
pub mod source;

pub mod engine;

pub mod markdown;

pub mod document;

pub mod catalog;

pub mod calendar;

pub mod assets;

pub mod theme;
pub mod view;

pub mod outputs;

pub mod sink;

pub mod pipeline;

pub mod survey_definition;

pub mod preview;

pub mod cli;
