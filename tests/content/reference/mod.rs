//! The reference pages in `docs/reference/` say what the code says.
//!
//! Each page is made from the tables and types the program itself works with. The tests fail when a page differs;
//! `UPDATE=1 cargo test --test content reference` rewrites the pages.

mod commands;
mod diagnostics;
mod directives;
mod fields;
mod front_matter;
mod kinds;
mod model;
mod settings;
mod table;

use std::path::{Path, PathBuf};

/// The project's own file at `path`.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a page with what it must be, or rewrites it when asked.
fn same_as_page(name: &str, wanted: &str) {
    let path = project("docs/reference").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let line = found
        .lines()
        .zip(wanted.lines())
        .position(|(a, b)| a != b)
        .unwrap_or(found.lines().count().min(wanted.lines().count()));
    assert!(
        found == wanted,
        "docs/reference/{name} differs from the code at line {}:\n  page: {}\n  code: {}\nRewrite it with UPDATE=1 cargo test --test content reference",
        line + 1,
        found.lines().nth(line).unwrap_or("(end)"),
        wanted.lines().nth(line).unwrap_or("(end)"),
    );
}
