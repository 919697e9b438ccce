//! Builds with other options keep a state of their own, and write the same folder: what one left there, the next one removes.

use std::fs;

use jiff::civil::date;
use puzhi::pipeline::{BuildState, Options, build_with_state, verify};
use puzhi::source::scan;
use puzhi_core::diag::{Lang, to_text};

use crate::support::{build_input, parse_settings};

/// An expired draft is in no list, so that no other output changes with it.
const PAGE: &str = "---\ntitle: 页\ndraft: true\nexpires: 2026-10-31\n---\n文。\n";

#[test]
fn a_draft_that_was_shown_goes_though_nothing_else_changed() {
    let folder = crate::temp_dir();
    let (root, out) = (folder.path(), folder.path().join("public"));
    fs::create_dir(root.join("content")).unwrap();
    fs::write(root.join("site.yaml"), "title: 站\n").unwrap();
    fs::write(root.join("content/a.md"), PAGE).unwrap();
    let (settings, _) = parse_settings("title: 站\n");
    let mut shown = Vec::new();
    for drafts in [false, true, false, false] {
        let options = Options { drafts, ..Options::default() };
        let input = || build_input(scan(root, "civic").0, settings.clone(), date(2026, 11, 1), &options);
        let state = BuildState::open(root, &out, None, &options).map_err(|d| to_text(&d, Lang::En)).unwrap();
        build_with_state(input(), &state, false, &out);
        shown.push(out.join("a/index.html").exists());
        assert_eq!(verify(input(), &out).diags, []);
        // A clean build of the other kind has not the same outputs.
        let other = Options { drafts: !drafts, ..Options::default() };
        let input = build_input(scan(root, "civic").0, settings.clone(), date(2026, 11, 1), &other);
        assert_eq!(verify(input, &out).diags.len(), 1);
    }
    assert_eq!(shown, [false, true, false, false]);
}
