//! What an edit costs, counted: the same on a small site and on a large one.
//!
//! `PUZHI_SIZES=100,2000,20000 cargo test --test incremental` counts on sites of those sizes (multiples of 20).

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::date;
use puzhi::pipeline::{Counts, Options, Outcome, OutputFiles, PreviousBuild, build_over};
use puzhi::source::FileSnapshot;
use puzhi_core::kinds::KindName;

use crate::support::{build_input, parse_settings};

type Files = BTreeMap<String, String>;

/// A site of `count` news. The newest seven share a tag; the third newest links to two pages and two link to it.
fn site(count: usize) -> Files {
    let mut files = Files::new();
    files.insert("site.yaml".into(), "title: 量\ntheme: plain\npage_size: 10\nbase_url: https://example.org/\n".into());
    for (name, text) in [
        ("base.html", "{{ site.title }}{% block main %}{% endblock main %}"),
        ("page.html", "{% extends \"base.html\" %}{% block main %}{{ page }}{% endblock main %}"),
        (
            "one.html",
            "{% extends \"base.html\" %}{% block main %}{% include \"part.html\" %}{{ data(path=\"one.yaml\") }}{{ page.title }}{% endblock main %}",
        ),
        ("part.html", "一"),
        ("section.html", "{% extends \"base.html\" %}{% block main %}{{ list }}{% endblock main %}"),
        ("home.html", "{% extends \"base.html\" %}{% block main %}{{ list }}{{ home }}{% endblock main %}"),
        ("404.html", "{% extends \"base.html\" %}"),
        ("redirect.html", "{{ target_url }}"),
    ] {
        files.insert(format!("themes/plain/templates/{name}"), text.into());
    }
    for kind in KindName::ALL.iter().filter(|kind| **kind != KindName::Page) {
        let name = kind.definition().template;
        files.insert(format!("themes/plain/templates/{name}"), "{% extends \"page.html\" %}".into());
    }
    for name in ["term", "taxonomy"] {
        files.insert(format!("themes/plain/templates/{name}.html"), "{% extends \"section.html\" %}".into());
    }
    files.insert("data/one.yaml".into(), "a: 1\n".into());
    files.insert("content/one.md".into(), "---\ntitle: 独\ntemplate: one.html\n---\n".into());
    files.insert("content/news/_index.md".into(), "---\ntitle: 新闻\n---\n".into());
    for i in 0..count {
        files.insert(path(count, i), page(count, i, "", ""));
    }
    files
}

/// The i-th newest.
fn path(count: usize, i: usize) -> String {
    format!("content/news/n{:06}.md", count - i)
}

fn page(count: usize, i: usize, front: &str, body: &str) -> String {
    let day = date(2026, 10, 1) - (i as i64).days();
    let tag = if i < 7 { "邻" } else { "常" };
    let links = match i {
        2 => format!("见[甲](n{:06}.md)、[乙](n{:06}.md)。", count - 4, count - 5),
        4 | 5 => format!("见[丙](n{:06}.md)。", count - 2),
        _ => String::new(),
    };
    let title = if front.contains("title:") { String::new() } else { format!("title: 第{}条\n", count - i) };
    let tags = if front.contains("tags:") { String::new() } else { format!("tags: {tag}\n") };
    format!("---\n{title}date: {day}\nsummary: 摘要\n{tags}{front}---\n{links}{body}\n")
}

struct Built {
    files: Files,
    previous: Option<PreviousBuild>,
    tree: OutputFiles,
}

fn build(files: Files, previous: Option<PreviousBuild>, tree: OutputFiles) -> (Built, Counts) {
    let (settings, diags) = parse_settings(&files["site.yaml"]);
    assert!(diags.is_empty(), "{diags:?}");
    let options = Options::default();
    let snapshot = FileSnapshot::from_files(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
    let input = build_input(snapshot, settings, date(2026, 11, 1), &options);
    let built = build_over(input, previous, tree);
    assert_eq!(built.report.outcome, Outcome::Built, "{:?}", built.report.diags);
    (Built { files, previous: built.previous, tree: built.files }, built.report.counts)
}

/// The work of one edit: parsed, keys changed, rendered, written.
type Work = (usize, usize, usize, usize);

fn edit(built: Built, change: impl FnOnce(&mut Files)) -> (Built, Work, Counts) {
    let mut files = built.files;
    change(&mut files);
    let (built, counts) = build(files, built.previous, built.tree);
    (built, (counts.parsed, counts.changed, counts.rendered, counts.written), counts)
}

type Change = fn(&mut Files, usize);

/// Edits whose cost must not depend on the size of the site; each is taken back afterwards.
const EDITS: [(&str, Change); 7] = [
    ("body", |files, n| drop(files.insert(path(n, 2), page(n, 2, "", "又一句。")))),
    ("title", |files, n| drop(files.insert(path(n, 2), page(n, 2, "title: 新题\n", "")))),
    ("newest page added", |files, _| {
        files.insert(
            "content/news/z.md".into(),
            "---\ntitle: 最新\ndate: 2026-10-02\nsummary: 摘要\ntags: 邻\n---\n".into(),
        );
    }),
    ("newest page deleted", |files, n| drop(files.remove(&path(n, 0)))),
    ("tag added", |files, n| drop(files.insert(path(n, 2), page(n, 2, "tags: [邻, 新]\n", "")))),
    ("data file", |files, _| drop(files.insert("data/one.yaml".into(), "a: 2\n".into()))),
    ("partial", |files, _| drop(files.insert("themes/plain/templates/part.html".into(), "二".into()))),
];

fn sizes() -> Vec<usize> {
    std::env::var("PUZHI_SIZES")
        .map_or(vec![60, 200], |list| list.split(',').map(|n| n.trim().parse().unwrap()).collect())
}

#[test]
fn an_edit_of_a_body_makes_only_that_articles_files_anew() {
    let mut files = site(60);
    let settings = files.get_mut("site.yaml").unwrap();
    settings.push_str("republish: {ninjs: true, embeds: true, wechat: true, press: true}\n");
    settings.push_str("outlets: [{name: 甲报, words: {一句: 一段}}]\nfeed_formats: [atom, json, rss]\n");
    files.insert("themes/plain/templates/wechat.html".into(), "{{ wechat.fragment_html | safe }}".into());
    let (built, _) = build(files, None, OutputFiles::new());
    let before = built.tree.clone();
    let own = format!("news/n{:06}/", 60 - 2);
    let (built, work, _) = edit(built, |files| drop(files.insert(path(60, 2), page(60, 2, "", "又一句。"))));
    let changed: Vec<&String> =
        built.tree.iter().filter(|(path, bytes)| before[*path] != **bytes).map(|(p, _)| p).collect();
    for file in ["index.html", "ninjs.json", "press.zip", "wechat/index.html"] {
        assert!(changed.contains(&&format!("{own}{file}")), "{file}: {changed:?}");
    }
    let is_expected = |path: &str| {
        let lists = ["atom.xml", "feed.json", "rss.xml"].iter().any(|name| path.ends_with(name));
        path.starts_with(&own) || lists || path == "ninjs.json" || path.starts_with("search/")
    };
    assert!(changed.iter().all(|path| is_expected(path)), "{changed:?}");
    // The oEmbed file of the page reads its front matter, which comes with its text.
    assert!(work.3 == changed.len() && work.2 <= changed.len() + 1, "{work:?} for {changed:?}");
}

#[test]
fn an_edit_costs_what_it_touches() {
    let mut costs: BTreeMap<&str, Vec<(usize, Work, Work)>> = BTreeMap::new();
    for size in sizes() {
        let (mut built, counts) = build(site(size), None, OutputFiles::new());
        assert_eq!((counts.parsed, counts.rendered), (size + 2, counts.outputs));
        let (again, nothing, _) = edit(built, |_| {});
        assert_eq!(nothing, (0, 0, 0, 0), "nothing changed");
        built = again;
        for (name, change) in EDITS {
            let before = built.files.clone();
            let (edited, there, _) = edit(built, |files| change(files, size));
            let (undone, back, _) = edit(edited, |files| *files = before);
            costs.entry(name).or_default().push((size, there, back));
            built = undone;
        }
    }
    for (name, costs) in &costs {
        println!("{name}: {costs:?}");
        assert!(costs.iter().all(|(_, there, back)| (there, back) == (&costs[0].1, &costs[0].2)), "{name}: {costs:?}");
    }
}

/// Large pages are made from the bytes of their pages: an edit parses nothing more for them, compares no key more, and makes one for
/// each page that it makes.
#[test]
fn a_large_page_costs_no_reading_of_its_own() {
    let large = |mut files: Files| {
        files.insert("themes/plain/static/css/large.css".into(), "p { font-size: 24px }".into());
        let settings = files["site.yaml"].clone() + "large_mode: yes\n";
        files.insert("site.yaml".into(), settings);
        files
    };
    let size = 60;
    let (mut plain, first) = build(site(size), None, OutputFiles::new());
    let (mut both, first_large) = build(large(site(size)), None, OutputFiles::new());
    let pages = plain.tree.keys().filter(|path| path.ends_with(".html")).count();
    let style = 1;
    assert_eq!((first_large.parsed, first_large.rendered), (first.parsed, first.rendered + pages + style));
    for (name, change) in EDITS {
        let before = (plain.files.clone(), both.files.clone());
        let (edited, (parsed, changed, rendered, _), counts) = edit(plain, |files| change(files, size));
        let (edited_large, work, counts_large) = edit(both, |files| change(files, size));
        assert_eq!((work.0, work.1), (parsed, changed), "{name}");
        assert!(work.2 > rendered && work.2 <= 2 * rendered, "{name}: {} instead of {rendered}", work.2);
        // The style and the list of copied pages are all that pages read more.
        assert!(counts_large.compared <= counts.compared + 2, "{name}: {} {}", counts_large.compared, counts.compared);
        let (undone, ..) = edit(edited, |files| *files = before.0);
        let (undone_large, ..) = edit(edited_large, |files| *files = before.1);
        (plain, both) = (undone, undone_large);
    }
}

/// A page's text is nobody else's business: neither are other pages' keys compared. Whatever others may see is.
#[test]
fn where_only_texts_changed_only_their_keys_are_compared() {
    let size = 60;
    let (mut built, _) = build(site(size), None, OutputFiles::new());
    let text = |n: usize| page(size, n, "", "又一句。");
    let (one, both) = (
        |files: &mut Files| drop(files.insert(path(size, 2), text(2))),
        |files: &mut Files| {
            files.insert(path(size, 3), text(3));
            files.insert(path(size, 9), text(9));
        },
    );
    let others: [(&str, Change); 5] = [
        ("title", EDITS[1].1),
        ("link", |files, n| drop(files.insert(path(n, 3), page(n, 3, "", "见[丁](../one.md)。")))),
        ("data file", EDITS[5].1),
        ("partial", EDITS[6].1),
        ("settings", |files, _| {
            drop(files.entry("site.yaml".into()).and_modify(|text| text.push_str("description: 新\n")))
        }),
    ];
    for (change, keys) in [(&one as &dyn Fn(&mut Files), 2), (&both, 4)] {
        let (edited, _, counts) = edit(built, change);
        assert_eq!(counts.compared, keys);
        built = edited;
    }
    for (name, change) in others {
        let (edited, _, counts) = edit(built, |files| change(files, size));
        assert!(counts.compared > 4 * size, "{name}: {}", counts.compared);
        built = edited;
    }
}

/// What does cost with the size: said in ARCHITECTURE.md.
#[test]
fn an_old_page_costs_the_lists_after_it_and_a_base_template_costs_all() {
    let size = 100;
    let (built, all) = build(site(size), None, OutputFiles::new());
    // The oldest page but one: every archive page of its section and its term holds other pages than before.
    let (built, (.., rendered, _), _) = edit(built, |files| drop(files.remove(&path(size, size - 2))));
    let archives = 2 * (size / 10 - 1);
    assert!((archives..archives + 14).contains(&rendered), "{rendered} of {}", all.outputs);
    let (built, (parsed, _, rendered, _), counts) = edit(built, |files| {
        drop(files.insert(
            "themes/plain/templates/base.html".into(),
            "<{{ site.title }}{% block main %}{% endblock main %}".into(),
        ))
    });
    let pages = built.tree.keys().filter(|path| path.ends_with(".html")).count();
    let feeds = built.tree.keys().filter(|path| path.ends_with("atom.xml") || path.ends_with("feed.json")).count();
    assert_eq!(rendered, pages + feeds, "every page, and every feed, since it has what the pages' templates show");
    assert_eq!(parsed, counts.pages, "documents are read again to be laid out again");
    let (_, (.., rendered, _), counts) = edit(built, |files| {
        let text = files["site.yaml"].replace("量", "数");
        files.insert("site.yaml".into(), text);
    });
    assert_eq!(rendered, counts.outputs);
}
