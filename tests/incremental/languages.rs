//! Languages come, go and change places between builds. What a build recorded of a language that is gone must not be looked up.

use std::collections::BTreeMap;
use std::fs;

use jiff::civil::date;
use puzhi::pipeline::{Options, Outcome};

use crate::{BuildMode, Site, compare};

const CODES: [&str; 3] = ["zh", "en", "ja"];

/// A site with pages, sections, terms and a survey page in three languages, of which the settings have `codes`.
fn site(codes: &[&str], more: &str) -> BTreeMap<String, String> {
    let languages: Vec<String> = codes.iter().map(|code| format!("{{code: {code}, name: {code}}}")).collect();
    let settings = format!(
        "title: 站\nbase_url: https://example.org/\nlanguages: [{}]\nsearch: true\n{more}",
        languages.join(", ")
    );
    let mut files = BTreeMap::from([("site.yaml".to_string(), settings)]);
    for code in CODES {
        let suffix = if code == "zh" { String::new() } else { format!(".{code}") };
        for folder in ["新闻", "events"] {
            let kind = if folder == "events" { "kind: event\n" } else { "" };
            files.insert(
                format!("content/{folder}/_index{suffix}.md"),
                format!("---\ntitle: {folder} {code}\n{kind}---\n"),
            );
        }
        let page = "---\ntitle: 页\ndate: 2026-01-01\ntags: [专利]\n---\n文。\n\n```{targets}\n```\n";
        files.insert(format!("content/新闻/a{suffix}.md"), page.to_string());
        let event = "---\ntitle: 讲座\nid: talk\nstart: 2027-03-01\n---\n讲。\n";
        files.insert(format!("content/events/talk{suffix}.md"), event.to_string());
    }
    files
}

#[test]
fn languages_come_and_go() {
    let hidden = "hidden_taxonomies: [标签, 七进, 责任单位, 活动系列, 面向]\n";
    for more in ["", hidden] {
        let folder = crate::temp_dir();
        let root = folder.path().join("site");
        fs::create_dir(&root).unwrap();
        let mut site_on_disk = Site { _folder: folder, root, written: BTreeMap::new() };
        let options = Options { keep_going: true, ..Options::default() };
        let mode = BuildMode { today: date(2026, 11, 1), base_url: None, options };
        let steps: [&[&str]; 8] = [
            &["zh", "en", "ja"],
            &["zh", "ja"],
            &["zh"],
            &["zh", "en"],
            &["en", "zh"],
            &["en"],
            &["ja", "en", "zh"],
            &["zh"],
        ];
        for codes in steps {
            site_on_disk.write(&site(codes, more));
            let outcome = compare(&site_on_disk, &mode).unwrap_or_else(|why| panic!("{codes:?} {more}: {why}"));
            assert!(matches!(outcome, Outcome::Built | Outcome::ContentErrors), "{codes:?} {more}");
        }
    }
}
