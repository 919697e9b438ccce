//! The survey through a site's folder and the program: the collector, imports, published results.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::iter_over_hash_type,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read files, run programs and stop at what is unexpected"
)]

mod collector;
mod design;
mod field;
mod import_command;
#[path = "../../crates/survey/tests/it/import/files.rs"]
mod import_files;
mod provenance;
mod results;
#[path = "../support/mod.rs"]
mod support;
