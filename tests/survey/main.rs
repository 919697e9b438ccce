//! The survey through a site's folder and the program: the collector, imports, published results.

mod collector;
mod import_command;
#[path = "../../crates/survey/tests/it/import/files.rs"]
mod import_files;
mod results;
#[path = "../support/mod.rs"]
mod support;
