//! What findings say in a terminal of 80 columns, in both languages: codes of which `messages.txt` has no site, with the sites of
//! their fixtures in `tests/content/diagnostics`, and lists of names typed on the line of their key. `code-messages.txt` holds all of it.

use puzhi::pipeline::{Options, build_in_memory};
use puzhi::source::memory_site;
use puzhi_core::diag::{Lang, to_text};

use super::{compare, folder, read};
use crate::support::{build_date, read_settings};

/// Codes with a fixture that is a file.
const CODES: &[&str] = &[
    "address-space",
    "bad-card-font",
    "bad-diagram",
    "bad-diagram-number",
    "bad-picture-width",
    "broken-picture",
    "card-glyph-missing",
    "decision-loop",
    "definition-in-text",
    "diagram-too-many",
    "event-time-elsewhere",
    "foreign-character",
    "future-section",
    "generator-syntax",
    "heading-attribute",
    "html-open-tag",
    "html-removed",
    "indented-text",
    "jump-to-itself",
    "large-folder",
    "lazy-line",
    "list-indent",
    "list-numbers",
    "named-draft",
    "nested-comment",
    "no-large-style",
    "points-out-of-order",
    "publish-day-in-text",
    "repeated-diagram-name",
    "unknown-jump",
    "unknown-lane",
    "unknown-picture",
    "unreached-entry",
    "wide-comment",
    "yaml-list-on-key-line",
];

/// Front matter with lists of names and the times of an event as people type them.
const FRONT_MATTER: &[&str] = &[
    "标签: -环保\n",
    "标签: • 环保 • 禁毒\n",
    "标签: － 环保\n",
    "标签:\n-环保\n-禁毒\n",
    "标签: - 环保 - 禁毒\n",
    "标签: 1. 环保 2. 禁毒\n",
];

#[test]
fn findings_of_each_code_are_said_in_both_languages() {
    let mut said = String::new();
    let fixtures = CODES.iter().map(|code| {
        let fixture = read(&folder("../diagnostics").join(format!("{code}.txt")));
        (*code, super::super::diagnostics::unescape(fixture.split_once('\n').unwrap().1))
    });
    let site = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n";
    let pages = FRONT_MATTER
        .iter()
        .map(|keys| ("front matter", format!("{site}-- content/a.md --\n---\n标题: 甲\n{keys}---\n正文。\n")));
    for (code, archive) in fixtures.chain(pages) {
        let files = memory_site(&archive);
        let (settings, mut found) = read_settings(&files);
        let clock = build_date(jiff::civil::date(2026, 10, 5), &settings);
        found.extend(build_in_memory(&files, settings, clock, &Options::default()).0.diags);
        assert!(!found.is_empty() || code == "front matter", "{code}: {archive}");
        said.push_str(&format!("== {code}\n"));
        for diag in &found {
            for lang in [Lang::Zh, Lang::En] {
                said.push_str(&to_text(diag, lang));
            }
        }
        said.push('\n');
    }
    compare("code-messages.txt", &said);
}
