//! `puzhi` (普知): a static site generator for public-awareness campaigns.
//!
//! Data flows one way: `Source → Doc → Card → Catalog → Recipe → Artifact → public/`.
//! Each room below uses only rooms above it; `tests/tidy.rs` holds them to that.

pub mod base;
pub mod diag;
pub mod yaml;

pub mod settings;
pub mod source;

pub mod engine;

pub mod markdown;

pub mod kinds;

pub mod form;

pub mod catalog;

pub mod calendar;

pub mod assets;

pub mod theme;
pub mod view;

pub mod outputs;

pub mod build;

pub mod survey;

pub mod cli;
