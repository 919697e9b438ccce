//! Pages with findings cost a build no more than others: what was found is kept and reported again.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::date;
use puzhi::pipeline::{BuildState, Counts, Options, Outcome, Report, build_in_memory, build_with_state};
use puzhi::source::scan;
use puzhi_core::diag::{Diagnostic, Lang, to_text};

use crate::support::{build_date, build_input, parse_settings};

const SETTINGS: &str = "title: 示例站\nbase_url: https://example.org/\n";

/// A site of `count` pages; every third has a broken link with a suggestion, every third a key that nobody knows.
fn site(count: usize) -> BTreeMap<String, String> {
    let page = |n: usize| {
        let (front, link) = match n % 3 {
            0 => ("", format!("见[邻页](q{n}.md)。")),
            1 => ("titel: 甲\nlayout: post\n", String::new()),
            _ => ("", String::new()),
        };
        (format!("content/新闻/p{n}.md"), format!("---\ntitle: 第{n}页\n{front}---\n正文。{link}\n"))
    };
    (0..count).map(page).chain([("site.yaml".to_string(), SETTINGS.to_string())]).collect()
}

fn write(root: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Builds over what is there; holds that the findings are those of a clean build.
fn build(root: &Path) -> (Counts, Vec<Diagnostic>) {
    let options = Options::default();
    let out = root.join("public");
    let (settings, found) = parse_settings(SETTINGS);
    assert_eq!(found, []);
    let today = date(2026, 11, 1);
    let state = BuildState::open(root, &out, None, &options).map_err(|d| to_text(&d, Lang::En)).unwrap();
    let input = build_input(scan(root, "civic").0, settings.clone(), today, &options);
    let (report, _) = build_with_state(input, &state, false, &out);
    assert_eq!(report.outcome, Outcome::Built);
    let clock = build_date(today, &settings);
    let (clean, _) = build_in_memory(&scan(root, "civic").0, settings, clock, &options);
    assert_eq!(said(&report), said(&clean));
    (report.counts, report.diags)
}

fn said(report: &Report) -> Vec<String> {
    report.diags.iter().map(|diag| to_text(diag, Lang::Zh)).collect()
}

#[test]
fn an_unchanged_site_with_findings_is_not_read_again() {
    let folder = crate::temp_dir();
    let root = folder.path();
    let count = 30;
    write(root, &site(count));
    let (first, found) = build(root);
    // A broken link or an unknown key on two pages of three, and one note for the key of another program.
    assert_eq!((first.parsed, found.len()), (count, 2 * count / 3 + 1));
    let (again, same) = build(root);
    assert_eq!((again.parsed, again.compared, again.rendered, again.written), (0, 0, 0, 0));
    assert_eq!((again.pages, again.outputs, again.unpublished), (first.pages, first.outputs, first.unpublished));
    assert_eq!(same, found);
}

#[test]
fn one_edit_reads_one_page_and_a_new_name_those_with_suggestions() {
    let folder = crate::temp_dir();
    let root = folder.path();
    let count = 30;
    write(root, &site(count));
    let (_, found) = build(root);
    let text = "---\ntitle: 第2页\n---\n正文，又一句。\n".to_string();
    write(root, &BTreeMap::from([("content/新闻/p2.md".to_string(), text)]));
    let (edited, same) = build(root);
    assert_eq!((edited.parsed, same), (1, found.clone()));
    // A page with findings costs as much.
    let text = "---\ntitle: 第3页\n---\n正文，又一句。见[邻页](q3.md)。\n".to_string();
    write(root, &BTreeMap::from([("content/新闻/p3.md".to_string(), text)]));
    let (edited, now) = build(root);
    assert_eq!((edited.parsed, now.len()), (1, found.len()));
    // A new page may be a better suggestion: the pages with broken links are followed again, the others are not.
    write(root, &BTreeMap::from([("content/新闻/q30.md".to_string(), "第30页\n".to_string())]));
    let (added, now) = build(root);
    assert_eq!(added.parsed, 1 + count / 3);
    assert!(now.len() == found.len() && now != found, "a suggestion is another one now");
}

#[test]
fn findings_of_another_day_or_of_damaged_records_are_found_again() {
    let folder = crate::temp_dir();
    let root = folder.path();
    write(root, &site(9));
    let (_, found) = build(root);
    for entry in std::fs::read_dir(root.join(".puzhi")).unwrap().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "state") {
            let bytes = std::fs::read(entry.path()).unwrap();
            std::fs::write(entry.path(), &bytes[..bytes.len() / 2]).unwrap();
        }
    }
    let (again, same) = build(root);
    assert_eq!((again.parsed, same), (9, found));
}
