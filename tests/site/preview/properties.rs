//! However a site was edited, once nothing is wrong the preview shows what a clean build of it would be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use puzhi::pipeline::{Options, build_in_memory};
use puzhi::preview::PreviewSession;
use puzhi::source::{FileChanges, read_settings_text, scan};

use super::{put, site};

use crate::support::{build_date, parse_settings};

/// One thing that an editor does.
#[derive(Debug, Clone)]
enum Edit {
    /// Page n says this.
    Body(usize, String),
    Title(usize, String),
    Link(usize, usize),
    /// Page n cannot be read.
    Break(usize),
    Remove(usize),
    Move(usize, usize),
    MoveFolder,
    Settings(bool),
    Template(Option<bool>),
    Data(bool),
    Copy(String),
    /// Pages are looked at, so that they are kept.
    Look,
}

const PAGES: [&str; 5] =
    ["content/guides/a.md", "content/guides/b.md", "content/guides/c/d.md", "content/stories/s.md", "content/e.md"];

fn edit() -> impl Strategy<Value = Edit> {
    let page = 0..PAGES.len();
    let words = "[甲乙丙丁]{1,6}";
    prop_oneof![
        4 => (page.clone(), words).prop_map(|(n, text)| Edit::Body(n, text)),
        3 => (page.clone(), words).prop_map(|(n, text)| Edit::Title(n, text)),
        2 => (page.clone(), page.clone()).prop_map(|(n, to)| Edit::Link(n, to)),
        4 => page.clone().prop_map(Edit::Break),
        1 => page.clone().prop_map(Edit::Remove),
        1 => (page.clone(), page).prop_map(|(n, to)| Edit::Move(n, to)),
        1 => Just(Edit::MoveFolder),
        2 => any::<bool>().prop_map(Edit::Settings),
        2 => any::<Option<bool>>().prop_map(Edit::Template),
        1 => any::<bool>().prop_map(Edit::Data),
        1 => words.prop_map(Edit::Copy),
        3 => Just(Edit::Look),
    ]
}

impl Edit {
    /// Does it and names what changed, as a watch would.
    fn apply(&self, root: &Path, session: &mut PreviewSession) -> FileChanges {
        let page = |n: usize, text: String| {
            put(root, PAGES[n], &text);
            FileChanges::from_paths([PAGES[n]])
        };
        match self {
            Edit::Body(n, text) => page(*n, format!("---\ntitle: 页{n}\n---\n\n{text}\n")),
            Edit::Title(n, text) => page(*n, format!("---\ntitle: {text}\ntags: [{text}]\n---\n\n正文\n")),
            Edit::Link(n, to) => page(
                *n,
                format!("---\ntitle: 页{n}\n---\n\n看[那里](/{})\n", PAGES[*to].trim_start_matches("content/")),
            ),
            Edit::Break(n) => page(*n, "---\ntitle: 坏\ndate: 那天\n---\n\n坏正文\n".to_string()),
            Edit::Remove(n) => {
                let _ = fs::remove_file(root.join(PAGES[*n]));
                FileChanges::from_paths([PAGES[*n]])
            }
            Edit::Move(n, to) => {
                fs::create_dir_all(root.join(PAGES[*to]).parent().unwrap()).unwrap();
                let _ = fs::rename(root.join(PAGES[*n]), root.join(PAGES[*to]));
                FileChanges::from_paths([PAGES[*n], PAGES[*to]])
            }
            Edit::MoveFolder => {
                let (one, other) = (root.join("content/guides"), root.join("content/moved"));
                let _ = if one.exists() && !other.exists() {
                    fs::rename(one, other)
                } else if !one.exists() {
                    fs::rename(other, one)
                } else {
                    Ok(())
                };
                FileChanges::all()
            }
            Edit::Settings(good) => {
                put(root, "site.yaml", if *good { "title: 另一个名字\n" } else { "title: 坏\ncolour: 红\n" });
                FileChanges::from_paths(["site.yaml"])
            }
            Edit::Template(state) => {
                match state {
                    Some(true) => put(
                        root,
                        "templates/page.html",
                        "{% extends \"theme/page.html\" %}{% block title %}壳{% endblock %}",
                    ),
                    Some(false) => put(root, "templates/page.html", "{% block"),
                    None => drop(fs::remove_file(root.join("templates/page.html"))),
                }
                FileChanges::from_paths(["templates/page.html"])
            }
            Edit::Data(good) => {
                put(root, "data/t.yaml", if *good { "a: 1\n" } else { "a: [1\n" });
                FileChanges::from_paths(["data/t.yaml"])
            }
            Edit::Copy(text) => {
                put(root, "static/robots-note.txt", text);
                FileChanges::from_paths(["static/robots-note.txt"])
            }
            Edit::Look => {
                ["index.html", "guides/a/index.html", "guides/index.html", "guides/c/d/index.html"]
                    .into_iter()
                    .for_each(|p| drop(session.get(p)));
                FileChanges::default()
            }
        }
    }
}

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

fn clean(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let (settings, _) = parse_settings(&read_settings_text(root).unwrap().0);
    let (files, _) = scan(root, &settings.theme);
    let clock = build_date(TODAY, &settings);
    build_in_memory(&files, settings, clock, &Options { drafts: true, ..Options::default() }).1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mended_sites_are_as_if_built_anew(edits in prop::collection::vec(edit(), 1..14)) {
        let folder = site();
        let root = folder.path();
        let mut session = PreviewSession::open(root, Box::new(|settings| build_date(TODAY, settings)));
        for edit in &edits {
            let changes = edit.apply(root, &mut session);
            session.update(&changes);
            // Whatever is wrong, every address answers or says why not.
            for path in ["index.html", "guides/a/index.html"] {
                let there = session.get(path).is_some();
                let (own, everywhere) = session.findings(path);
                prop_assert!(there || !session.has_address(path) || !own.is_empty() || !everywhere.is_empty(), "{path}");
            }
        }
        // Everything that may be wrong is mended.
        let mut mended = Vec::new();
        for path in PAGES.into_iter().chain(["content/moved/a.md", "content/moved/b.md", "content/moved/c/d.md"]) {
            if fs::read_to_string(root.join(path)).is_ok_and(|text| text.contains("那天")) {
                put(root, path, "---\ntitle: 好了\n---\n");
                mended.push(path);
            }
        }
        put(root, "site.yaml", "title: 最后\n");
        put(root, "data/t.yaml", "a: 2\n");
        put(root, "templates/page.html", "{% extends \"theme/page.html\" %}");
        mended.extend(["site.yaml", "data/t.yaml", "templates/page.html"]);
        let update = session.update(&FileChanges::from_paths(mended));
        let errors: Vec<_> = update.diags.iter().filter(|d| d.is_error()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
        let clean = clean(root);
        prop_assert!(clean.contains_key("index.html"));
        for (path, bytes) in &clean {
            let shown = session.get(path);
            prop_assert!(shown.as_ref().is_some_and(|o| *o.bytes == **bytes), "{path} differs");
        }
        for gone in ["guides/a/index.html", "moved/a/index.html", "e/index.html", "guides/c/d/index.html"] {
            prop_assert_eq!(session.get(gone).is_some(), clean.contains_key(gone), "{}", gone);
        }
    }
}
