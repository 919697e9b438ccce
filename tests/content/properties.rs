//! Properties of every site: the bytes do not depend on threads, `--keep-going` gives the site without its bad
//! files, and a change reaches only the outputs it must.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use puzhi::pipeline::{Options, Outcome, Report};

use jiff::civil::date;

use crate::support::{OutputFiles, build_archive};

/// Builds an archive as of 2026-11-01.
fn build(archive: &str, options: &Options) -> (Report, OutputFiles) {
    build_archive(archive, date(2026, 11, 1), options)
}

fn on_threads<T: Send>(count: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap().install(work)
}

const KEEP_GOING: Options = Options {
    drafts: false,
    strict: false,
    keep_going: true,
    leave_out: BTreeSet::new(),
    document_memory: puzhi::pipeline::DOCUMENT_MEMORY_LIMIT,
    pictures: puzhi::pipeline::PictureOptions { cache: None, timing: puzhi::pipeline::PictureTiming::OnDemand },
    unrecorded: None,
};

const SITE: &str = "\
-- site.yaml --
title: 律
base_url: https://example.org/x/
page_size: 2
languages:
  - {code: zh, name: 中文}
  - {code: en, name: English, title: Laws}
";

/// One page of a made-up site.
#[derive(Debug, Clone)]
struct Page {
    path: String,
    front: String,
    body: String,
    /// Links to other pages, by index.
    links: Vec<usize>,
    /// What makes it bad, in front matter or body.
    defect: Option<&'static str>,
}

impl Page {
    fn text(&self, pages: &[Page], linked: impl Fn(usize) -> bool) -> String {
        let mut out = format!("-- {} --\n---\n{}", self.path, self.front);
        if let Some(defect) = self.defect.filter(|f| f.ends_with('\n')) {
            out.push_str(defect);
        }
        out.push_str(&format!("---\n{}\n", self.body));
        for link in &self.links {
            // A page that is not there cannot be linked to; its words remain.
            match linked(*link) {
                true => {
                    out.push_str(&format!("\n又见[那一页](/{})。\n", pages[*link].path.trim_start_matches("content/")))
                }
                false => out.push_str("\n又见<span>那一页</span>。\n"),
            }
        }
        if let Some(defect) = self.defect.filter(|f| !f.ends_with('\n')) {
            out.push_str(&format!("\n{defect}\n"));
        }
        out
    }
}

/// Each is an error of its own page only.
const DEFECTS: [&str; 5] =
    ["date: 2025-02-30\n", "tags: [专利\n", "order: 很多\n", "[坏](javascript:x)", "[坏](../../../../../x.md)"];

fn pages() -> impl Strategy<Value = Vec<Page>> {
    let folder = select(vec!["", "news/", "guides/", "guides/deep/"]);
    let tags = select(vec![
        "",
        "tags: 专利\n",
        "tags: [商标, 专利]\n",
        "units: 市市场监管局\n",
        "sample: 是\n",
        "draft: 是\n",
        "expires: 2026-10-01\n",
    ]);
    let english = prop::bool::weighted(0.25);
    let defect = prop::option::weighted(0.3, select(DEFECTS.to_vec()));
    let words = select(vec![
        "正文。",
        "## 小标题\n\n一段**“重点”**内容。",
        "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
        "```{pages}\n:tag: 专利\n:limit: 3\n```",
        "```rust\nfn main() {}\n```",
        "注[^1]。\n\n[^1]: 脚注。",
    ]);
    let page = (folder, 1u32..28, tags, english, defect, words, prop::collection::vec(0usize..12, 0..3));
    prop::collection::vec(page, 1..12).prop_map(|drawn| {
        let count = drawn.len();
        let mut pages = vec![Page {
            // The tag exists whatever happens to the others.
            path: "content/tags/patent.md".into(),
            front: "title: 专利\n".into(),
            body: "词条。".into(),
            links: Vec::new(),
            defect: None,
        }];
        pages.extend(drawn.into_iter().enumerate().map(|(i, (folder, day, tags, english, defect, words, links))| {
            Page {
                path: format!("content/{folder}p{i}{}.md", if english { ".en" } else { "" }),
                front: format!("title: 第{i}页\ndate: 2026-02-{day:02}\n{tags}"),
                body: words.to_string(),
                links: links.into_iter().filter(|l| *l < count).map(|l| l + 1).collect(),
                // What is wrong with a draft's links is said when it is no draft any more.
                defect: defect.filter(|_| !tags.contains("draft")),
            }
        }));
        pages
    })
}

fn archive(pages: &[Page], keep: impl Fn(&Page) -> bool) -> String {
    let mut out = SITE.to_string();
    for page in pages.iter().filter(|p| keep(p)) {
        out.push_str(&page.text(pages, |i| keep(&pages[i])));
    }
    out
}

/// Text instead of a link may or may not say why.
fn without_spans(tree: &OutputFiles) -> BTreeMap<String, String> {
    let plain = |bytes: &[u8]| {
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for (open, close) in [
            ("<span class=\"link-pending\"", ">"),
            ("&lt;span class=&quot;link-pending&quot;", "&gt;"),
            ("<span class=\\\"link-pending\\\"", ">"),
        ] {
            while let Some(at) = text.find(open) {
                let end = at + text[at..].find(close).unwrap() + close.len();
                text.replace_range(at..end, "");
            }
        }
        ["<span>", "</span>", "&lt;span&gt;", "&lt;/span&gt;"].iter().fold(text, |text, tag| text.replace(tag, ""))
    };
    tree.iter().map(|(path, bytes)| (path.clone(), plain(bytes))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_bytes_do_not_depend_on_threads(pages in pages()) {
        let site = archive(&pages, |_| true);
        let (one, first) = on_threads(1, || build(&site, &KEEP_GOING));
        let (two, second) = on_threads(2, || build(&site, &KEEP_GOING));
        prop_assert_eq!(first, second);
        prop_assert_eq!(one.diags, two.diags);
        prop_assert_eq!(one.counts, two.counts);
    }

    #[test]
    fn keep_going_gives_the_site_without_its_bad_files(pages in pages()) {
        let (kept, tree) = build(&archive(&pages, |_| true), &KEEP_GOING);
        let (clean, without) = build(&archive(&pages, |p| p.defect.is_none()), &Options::default());
        prop_assert_eq!(clean.outcome, Outcome::Built, "{:?}", clean.diags);
        prop_assert_eq!(kept.outcome == Outcome::Built, pages.iter().all(|p| p.defect.is_none()));
        prop_assert_eq!(without_spans(&tree), without_spans(&without));
        // Each bad page is named for its own fault, and nobody else for it.
        let named: BTreeSet<String> = kept.diags.iter().filter(|d| d.is_error()).filter_map(|d| d.file.as_ref()).map(|f| f.to_string()).collect();
        let bad: BTreeSet<String> = pages.iter().filter(|p| p.defect.is_some()).map(|p| p.path.clone()).collect();
        prop_assert_eq!(named, bad);
    }
}

#[test]
fn with_errors_nothing_is_written() {
    let site = format!("{SITE}-- content/a.md --\n---\ndate: 明天\n---\n-- content/b.md --\n好的。\n");
    let (report, tree) = build(&site, &Options::default());
    assert_eq!(report.outcome, Outcome::ContentErrors);
    assert!(tree.is_empty() && report.counts.rendered == 0);
}

#[test]
fn strict_makes_warnings_errors_but_never_notes() {
    let strict = Options { strict: true, ..Options::default() };
    let warned = format!("{SITE}-- content/a.md --\n[断](b.md)\n");
    assert_eq!(build(&warned, &Options::default()).0.outcome, Outcome::Built);
    assert_eq!(build(&warned, &strict).0.outcome, Outcome::ContentErrors);
    let noted = format!("{SITE}-- content/a.md --\n[稿](b.md)\n-- content/b.md --\n---\ndraft: 是\n---\n");
    assert_eq!(build(&noted, &strict).0.outcome, Outcome::Built);
}

/// A page of tomorrow is checked today, so that nothing fails only because a day passed.
#[test]
fn what_is_wrong_with_a_future_page_is_said_before_its_day() {
    let future =
        |path: &str, more: &str, body: &str| format!("-- {path} --\n---\ndate: 2027-01-01\n{more}---\n{body}\n");
    let said = |site: &str, options: &Options| -> Vec<String> {
        let (report, _) = build(site, options);
        // That the page itself is not there yet is said of each.
        let others = report.diags.iter().filter(|d| d.code.name != "future-page");
        others.map(|d| format!("{} {}", d.code.name, d.file.as_ref().unwrap())).collect()
    };
    let shown = "-- content/b.md --\n见[明年](c.md)。\n";
    let cases = [
        (
            future("content/c.md", "", "见[乙](b.md)和[断](x.md)。"),
            vec!["link-to-future content/b.md", "broken-link content/c.md"],
        ),
        (
            future("content/c.md", "slug: b\n", "丙。"),
            vec!["link-to-future content/b.md", "route-collision content/c.md"],
        ),
        (
            future("content/c.md", "aliases: /b/\n", "丙。"),
            vec!["link-to-future content/b.md", "alias-collision content/c.md"],
        ),
        // A folder that will be a section on that day.
        (
            format!("{}-- content/c.md --\n见[活动](events/)。\n", future("content/events/e.md", "", "活动。")),
            vec!["link-to-future content/c.md"],
        ),
        (
            format!("{}{}", future("content/c.md", "", "丙。"), future("content/d.md", "", "见[丙](c.md)。")),
            vec!["link-to-future content/b.md"],
        ),
    ];
    for (coming, wanted) in cases {
        assert_eq!(said(&format!("{SITE}{shown}{coming}"), &Options::default()), wanted);
    }
}

/// A bad `_index.md` is left out, but what it says of its pages' kind holds: other pages must not turn bad with it.
#[test]
fn a_bad_section_page_still_gives_the_kind() {
    let site = format!(
        "{SITE}-- content/events/_index.md --\n---\ntitle: 活动\nkind: event\norder: 很多\n---\n-- content/events/a.md --\n---\nid: a\nstart: 2026-12-01\n---\n活动。\n"
    );
    let (report, tree) = build(&site, &KEEP_GOING);
    let said: Vec<&str> = report.diags.iter().map(|d| d.code.name).collect();
    assert_eq!(said, ["bad-number"]);
    assert!(tree.contains_key("events/a/index.html") && tree.contains_key("events/index.html"));
}

/// A section of `count` dated pages, of which every third carries a tag.
fn section(count: usize) -> String {
    let mut out = String::from(
        "-- site.yaml --\ntitle: 律\nbase_url: https://example.org/\n-- content/news/_index.md --\n---\ntitle: 新闻\n---\n",
    );
    for i in 0..count {
        let tag = if i % 3 == 0 { "tags: 专利\n" } else { "" };
        let date = jiff::civil::date(2025, 1, 1).checked_add(jiff::Span::new().days(i as i64)).unwrap();
        out.push_str(&format!(
            "-- content/news/n{i:02}.md --\n---\ntitle: 第{i}条\ndate: {date}\n{tag}---\n内容{i}。\n"
        ));
    }
    out
}

/// Outputs that are not the same in both trees.
fn changed(before: &OutputFiles, after: &OutputFiles) -> Vec<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    // `tests/site/search` holds what an edit changes in the search index.
    let is_shown = |path: &&String| !path.starts_with("search/");
    paths.into_iter().filter(is_shown).filter(|p| before.get(*p) != after.get(*p)).cloned().collect()
}

#[test]
fn a_newest_page_changes_only_what_shows_it() {
    let (first, before) = build(&section(45), &Options::default());
    let (second, after) = build(&section(46), &Options::default());
    assert_eq!(
        changed(&before, &after),
        [
            "atom.xml",
            "feed.json",
            // The home page shows the newest pages.
            "index.html",
            "news/atom.xml",
            "news/feed.json",
            "news/index.html",
            // Related by the tag: the neighbours in its list.
            "news/n39/index.html",
            "news/n42/index.html",
            // Its neighbour in the section.
            "news/n44/index.html",
            "news/n45/index.html",
            "news/n45/share.png",
            "sitemap.xml",
            // The tag's list, its count and feeds.
            "tags/index.html",
            "tags/专利/atom.xml",
            "tags/专利/feed.json",
            "tags/专利/index.html",
        ]
    );
    // The page itself, its share card, and its text in the search index.
    assert_eq!((second.counts.parsed, second.counts.rendered), (first.counts.parsed + 1, first.counts.rendered + 3));
    assert!(after.contains_key("news/page/1/index.html") && !after.contains_key("news/page/2/index.html"));
}

#[test]
fn a_body_edit_changes_the_page_and_the_feeds_that_carry_it() {
    let before = build(&section(45), &Options::default()).1;
    let edit = |page: &str| {
        let text = section(45);
        let from = format!("内容{page}。");
        changed(&before, &build(&text.replace(&from, &format!("{from}\n\n第二段。")), &Options::default()).1)
    };
    // The lead is the same, so lists stay.
    assert_eq!(edit("44"), ["atom.xml", "feed.json", "news/atom.xml", "news/feed.json", "news/n44/index.html"]);
    assert_eq!(edit("7"), ["news/n07/index.html"]);
}

#[test]
fn files_for_other_media_have_equal_bytes_each_time() {
    let all = "republish: {ninjs: true, embeds: true, wechat: true, press: true}\nfeed_formats: [atom, json, rss]\noutlets: [{name: 甲报}]\n";
    let site = format!(
        "{SITE}{all}-- content/a.md --\n---\ntitle: 甲\ndate: 2026-10-01\nwechat: true\n---\n我市。\n\n1. 一\n   - 二\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n[链接](b.md)[^1]\n\n[^1]: 注。\n\
         -- content/b.md --\n---\ntitle: 乙\ndate: 2026-10-02\n---\n```{{faq}}\n### 问\n答。\n```\n"
    );
    let (report, first) = on_threads(1, || build(&site, &Options::default()));
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    for file in ["press.zip", "wechat/index.html", "ninjs.json", "oembed.json"] {
        assert!(first.contains_key(&format!("a/{file}")) && first.contains_key(&format!("b/{file}")), "{file}");
    }
    for threads in [1, 4] {
        let (again, files) = on_threads(threads, || build(&site, &Options::default()));
        assert_eq!(again.diags, report.diags);
        assert_eq!(changed(&first, &files), [] as [&str; 0]);
    }
}
