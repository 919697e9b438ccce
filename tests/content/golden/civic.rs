//! Pages of the embedded theme `civic`, byte for byte, so that a change of its templates can be reviewed in its HTML.
//!
//! `civic/site.txt` holds the site as in the other cases; each file of `civic/pages` is one expected output. A change of a
//! style sheet shows in its `<link>` alone.

use super::{build, compare, folder, read};

/// One page of each kind that the site has: home, a section's list, a guide, an event.
const PAGES: &[&str] = &["index.html", "guides/index.html", "guides/labels/index.html", "events/kitchen/index.html"];

#[test]
fn pages_of_the_theme_civic() {
    // `build` adds the theme `plain`, which this site does not use.
    let (report, outputs) = build(&read(&folder("civic").join("site.txt")));
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    for page in PAGES {
        let html = String::from_utf8(outputs[*page].clone()).unwrap();
        compare(&format!("civic/pages/{page}"), &html);
    }
}
