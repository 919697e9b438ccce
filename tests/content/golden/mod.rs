//! Whole sites, from their files to every byte of output.
//!
//! `NAME/site.txt` holds a line of options (`date=…`, `drafts`, `keep-going`) and the site in `-- path --` sections; the
//! theme in `theme.txt` prints plain facts. `NAME/tree.txt` holds what is said and counted, then every output.
//! Pages of the shipped theme are in [`civic`].
//! `UPDATE=1 cargo test --test content golden` rewrites the trees and pages: read the difference before you keep it.

mod civic;
mod code_messages;
mod kind_slips;
mod messages;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use puzhi::pipeline::{Options, Report, build_in_memory};
use puzhi::source::memory_site;
use puzhi_core::diag::{Diagnostic, Lang};

use crate::support::{build_date, read_settings};

macro_rules! golden {
    ($($(#[doc = $doc:literal])* $name:ident)*) => {
        $($(#[doc = $doc])* #[test] fn $name() { check(stringify!($name)); })*
    };
}

golden! {
    /// A title and one file.
    minimal
    /// Sections with and without `_index.md`, bundles, README and index beside other pages, files copied.
    sections
    /// Folded spellings, paging from the oldest, samples and expired pages out of lists and feeds.
    terms
    /// Two languages, links and switchers that fall back.
    languages
    /// Drafts, future pages and expired ones.
    days
    /// The same with drafts and future pages shown.
    drafts
    /// Slugs, aliases and redirects.
    addresses
    /// Feeds of the site and its sections, in one format; terms link none.
    feeds
    /// Pages on one address, and what remains of the site without them.
    collisions
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/golden").join(name)
}

fn check(name: &str) {
    let (report, tree) = build(&read(&folder(name).join("site.txt")));
    compare(&format!("{name}/tree.txt"), &archive(&report, &tree));
}

/// Holds what a build made against the file kept for it, or writes that file where an update is asked for.
fn compare(file: &str, made: &str) {
    let path = folder(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
        return;
    }
    let kept = read(&path);
    let line = kept
        .lines()
        .zip(made.lines())
        .position(|(a, b)| a != b)
        .unwrap_or(kept.lines().count().min(made.lines().count()));
    assert!(
        kept == made,
        "{file} differs at line {}:\n  kept: {}\n  made: {}\nRewrite it with UPDATE=1 cargo test --test content golden",
        line + 1,
        kept.lines().nth(line).unwrap_or("(end)"),
        made.lines().nth(line).unwrap_or("(end)")
    );
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n")
}

fn build(text: &str) -> (Report, BTreeMap<String, Vec<u8>>) {
    let (head, site) = text.split_once('\n').unwrap();
    let files = memory_site(&format!("{site}{}", read(&folder("theme.txt"))));
    let (settings, diags) = read_settings(&files);
    assert!(diags.is_empty(), "{diags:?}");
    let mut options = Options::default();
    let mut today = jiff::civil::date(2026, 11, 1);
    for word in head.split_whitespace() {
        match word.split_once('=') {
            Some(("date", day)) => today = day.parse().unwrap(),
            None if word == "drafts" => options.drafts = true,
            None if word == "keep-going" => options.keep_going = true,
            _ => panic!("unknown option {word}"),
        }
    }
    let clock = build_date(today, &settings);
    build_in_memory(&files, settings, clock, &options)
}

/// Everything a build did, as text.
fn archive(report: &Report, tree: &BTreeMap<String, Vec<u8>>) -> String {
    let c = &report.counts;
    let mut out = format!(
        "{:?}: parsed {}, pages {}, rendered {}, copied {}\n",
        report.outcome, c.parsed, c.pages, c.outputs, c.copies
    );
    for diag in &report.diags {
        out.push_str(&format!("{}\n", said(diag)));
    }
    for (path, bytes) in tree {
        out.push_str(&format!("-- {path} --\n"));
        match std::str::from_utf8(bytes) {
            Ok(text) => out.push_str(text),
            Err(_) => out.push_str(&format!("({} bytes)", bytes.len())),
        }
        if !out.ends_with('\n') {
            out.push_str("\n\\ no newline at the end\n");
        }
    }
    out
}

fn said(diag: &Diagnostic) -> String {
    let place = diag.position.map(|p| format!(":{}:{}", p.line, p.column)).unwrap_or_default();
    let file = diag.file.as_ref().map(|f| format!("{f}{place}: ")).unwrap_or_default();
    format!("{file}{}[{}]: {}", diag.severity.name(), diag.code.name, diag.message(Lang::En))
}
