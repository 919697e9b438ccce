//! Every diagnostic has something that triggers exactly it, at the right place, in both languages.
//!
//! `CODE.txt` holds what it takes: a line `CODE file:line:column` (after ` + ` what is found besides), then a site in `-- path --` sections, in which
//! `\u{…}` stands for a character nobody sees. Codes that need a disk, bytes or the command line have a case in [`disk`]
//! or [`bytes`].

mod bytes;
mod disk;
mod fixes;
mod start;

use std::collections::BTreeSet;
use std::path::Path;

use puzhi::pipeline::{Options, build_in_memory};
use puzhi::settings;
use puzhi::source::{FileSnapshot, memory_site};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, Lang, codes};

use crate::support::{build_date, read_settings};

/// The day on which fixtures are built.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

/// Makes a test of each case in Rust, named as its code with `_` for `-`, and a list of those codes.
macro_rules! cases {
    ($($(#[$attribute:meta])* $module:ident::$case:ident)*) => {
        /// Codes whose case is in Rust, spelt as Rust names.
        const CASES: &[&str] = &[$($(#[$attribute])* stringify!($case)),*];

        mod case {
            $($(#[$attribute])* #[test] fn $case() { super::$module::$case(); })*
        }
    };
}

cases! {
    bytes::not_utf8
    bytes::bad_encoding
    bytes::nul_byte
    bytes::too_many_findings
    bytes::output_too_large
    bytes::picture_format
    bytes::picture_too_large
    disk::unreadable
    #[cfg(unix)] disk::symlink_escapes
    #[cfg(unix)] disk::symlink_broken
    #[cfg(unix)] disk::symlink_loop
    #[cfg(unix)] disk::symlink_refused
    #[cfg(unix)] disk::bad_file_name
    #[cfg(unix)] disk::name_clash
    disk::no_settings
    disk::settings_misnamed
    disk::bad_date_option
    disk::out_in_site
    disk::site_locked
    disk::state_unusable
    disk::verify_differs
    disk::verify_skipped
    disk::address_moved
    disk::address_gone
    disk::out_unusable
    disk::out_occupied
    disk::out_clash
    disk::out_locked
    disk::out_list_lost
    disk::stale_kept
    disk::unpublished_left
    disk::lock_unwritable
    disk::release_log_unwritable
    disk::cannot_let_go
    disk::press_refused
    start::preview_unusable
    start::page_exists
    start::no_slug
    start::bad_new_name
    start::unknown_kind
    start::new_option
    start::folder_in_use
    start::theme_file_kept
    start::new_unwritable
    start::no_fix
    start::file_not_fixed
}

#[test]
fn every_code_has_a_fixture_that_triggers_exactly_it() {
    let mut wrong = Vec::new();
    for (_, code) in codes::all() {
        let path = folder().join(format!("{}.txt", code.name));
        match std::fs::read_to_string(&path) {
            Ok(text) => wrong.extend(fixture(code, &text.replace("\r\n", "\n"))),
            Err(_) if CASES.contains(&code.name.replace('-', "_").as_str()) => {}
            Err(_) if cfg!(unix) => wrong.push(format!("{} has no fixture", code.name)),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_fixture_is_of_a_code() {
    let known: BTreeSet<String> = codes::all().iter().map(|(_, c)| format!("{}.txt", c.name)).collect();
    let names = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let unknown: Vec<String> = names.filter(|n| n.ends_with(".txt") && !known.contains(n)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let cases = CASES.iter().map(|case| format!("{}.txt", case.replace('_', "-")));
    assert_eq!(cases.filter(|name| !known.contains(name)).collect::<Vec<_>>(), [""; 0]);
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/content/diagnostics"))
}

/// What is wrong with one fixture.
fn fixture(code: &DiagnosticCode, text: &str) -> Option<String> {
    let (head, archive) = text.split_once('\n')?;
    let found = findings(&unescape(archive));
    let shown: Vec<String> = found.iter().map(summary).collect();
    (shown != head.trim().split(" + ").collect::<Vec<_>>())
        .then(|| format!("{}: wanted [{head}], found {shown:?}", code.name))
        .or_else(|| unfilled(&found))
}

/// Everything said about the site in `archive`, as the command says it.
fn findings(archive: &str) -> Vec<Diagnostic> {
    findings_of(&memory_site(archive))
}

fn findings_of(files: &FileSnapshot) -> Vec<Diagnostic> {
    let (settings, diags) = read_settings(files);
    if diags.iter().any(Diagnostic::is_error) {
        return diags;
    }
    let mut all = diags;
    all.extend(build(files, settings));
    all
}

fn build(files: &FileSnapshot, settings: settings::Settings) -> Vec<Diagnostic> {
    let clock = build_date(TODAY, &settings);
    build_in_memory(files, settings, clock, &Options::default()).0.diags
}

/// `CODE file:line:column`.
fn summary(diag: &Diagnostic) -> String {
    let mut out = diag.code.name.to_string();
    if let Some(file) = &diag.file {
        out.push_str(&format!(" {file}"));
    }
    if let Some(place) = diag.position {
        out.push_str(&format!(":{}:{}", place.line, place.column));
    }
    out
}

/// A message with a hole in it, in either language.
fn unfilled(diags: &[Diagnostic]) -> Option<String> {
    for diag in diags {
        for (lang, text) in [(Lang::Zh, diag.code.zh), (Lang::En, diag.code.en)] {
            let said = diag.message(lang);
            let holes = |text: &str| text.matches('…').count();
            if said.is_empty()
                || holes(&said) > holes(text)
                || said.contains(['{', '}']) && !text.contains("{{") && !diag_may_hold_braces(&said)
            {
                return Some(format!("{} says: {said}", diag.code.name));
            }
        }
    }
    None
}

/// Formulas and examples hold braces of their own.
fn diag_may_hold_braces(said: &str) -> bool {
    said.contains('\\') || said.contains("{%") || said.contains("{{")
}

pub fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let (hex, after) = after.split_once('}').expect("an escape is closed");
        out.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Holds that exactly `wanted` was said, in full.
fn exactly(found: &[Diagnostic], wanted: &str) {
    assert_eq!(found.iter().map(summary).collect::<Vec<_>>(), [wanted]);
    assert_eq!(unfilled(found), None);
}

/// Findings about what is written outside Markdown stand where it is written, too.
#[test]
fn links_of_settings_front_matter_and_data_are_placed() {
    const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n";
    let cases = [
        ("navigation:\n  - {title: 甲, link: /nowhere/}\n", "", "broken-link site.yaml:4:22"),
        ("navigation:\n  - {title: 甲, link: javascript:x}\n", "", "bad-scheme site.yaml:4:22"),
        ("organiser_url: www.example.gov.cn\n", "", "bad-base-url site.yaml:3:16"),
        ("", "-- content/a.md --\n---\nkind: policy\n解读: javascript:x\n---\n", "bad-scheme content/a.md:3:5"),
        ("", "-- content/a.md --\n---\nkind: policy\n原文: nowhere.md\n---\n", "broken-link content/a.md:3:5"),
        (
            "",
            "-- data/targets.yaml --\n- id: a\n  title: 甲\n  words: 甲达到1件\n  value: 1\n  explainer: /nowhere.md\n",
            "broken-link data/targets.yaml:5:14",
        ),
        // One mistake is said once, where it is, even if a page shows the file.
        (
            "",
            "-- data/x.yaml --\n- 甲: \"乙\n-- content/a.md --\n```{table} /data/x.yaml\n```\n",
            "yaml-unclosed-quote data/x.yaml:1:6",
        ),
        (
            "",
            "-- content/x.yaml --\n- 甲: \"乙\n-- content/a.md --\n```{table} x.yaml\n```\n",
            "yaml-unclosed-quote content/x.yaml:1:6",
        ),
    ];
    for (settings, rest, wanted) in cases {
        exactly(&findings(&format!("{SITE}{settings}{rest}")), wanted);
    }
}
