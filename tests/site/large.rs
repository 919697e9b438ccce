//! Large pages (长者版): which there are, where their links lead, what they are not part of, and when they are made again.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::{Date, date};
use puzhi::pipeline::{Counts, Options, OutputFiles, PreviousBuild, build_over};
use puzhi::source::{FileSnapshot, memory_site};

use crate::support::{build_archive, build_input, puzhi, read_settings};

const TODAY: Date = date(2027, 3, 1);

const SITE: &str = "\
-- site.yaml --
title: 示例县
large_mode: 是
base_url: https://example.org/a/
languages: [{code: zh, tag: zh-CN, name: 中文}, {code: en, name: English, title: Sample County}]
survey: {endpoint: \"https://s.example.org/q/\", place: 窗口}
-- content/_index.md --
---
标题: 首页
---
-- content/guides/_index.md --
---
标题: 办事指南
---
-- content/guides/甲.md --
---
标题: 甲
类型: 指南
日期: 2027-01-02
标签: [商标]
旧网址: /old/a.html
---

见[乙](b.md#x)、[表格](/表 格.csv)、[应用](/app/index.html)和[别处](https://example.com/x.pdf)。

![图](p.svg)
-- content/guides/b.md --
---
标题: 乙
摘要: 乙的摘要
日期: 2027-01-03
---

## 丙 {#x}

文字。
-- content/guides/b.en.md --
---
title: B
date: 2027-01-03
---

Text.
-- content/guides/p.svg --
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"4\"></svg>
-- content/events/_index.md --
---
标题: 活动
类型: 活动
---
-- content/events/c.md --
---
标题: 讲座
类型: 活动
编号: c
开始: 2027-04-02 09:00
地点: 馆里
---
-- content/surveys/_index.md --
---
标题: 调查
类型: 调查
---
-- content/surveys/know.md --
---
标题: 知晓率调查
编号: know
开始: 2027-02-01
截止: 2027-04-30
questions:
  - {id: q, type: single, text: 您知道吗？, options: [{id: y, text: 知道}, {id: n, text: 不知道}]}
---
-- content/表 格.csv --
甲,乙
-- static/app/index.html --
<p>程序</p>
";

fn built(site: &str) -> OutputFiles {
    let (report, files) = build_archive(site, TODAY, &Options::default());
    let expected = ["events-changed", "no-base-url", "folder-without-title"];
    assert!(report.diags.iter().all(|d| expected.contains(&d.code.name)), "{:?}", report.diags);
    files
}

fn text(files: &OutputFiles, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("{path} is missing")).to_vec()).unwrap()
}

/// The values of the attributes that are addresses, without those of other hosts.
fn links(html: &str) -> Vec<&str> {
    let attributes = ["href=\"", "src=\"", "action=\""].into_iter();
    let values = attributes.flat_map(|name| html.split(name).skip(1).filter_map(|rest| rest.split('"').next()));
    values.filter(|value| !value.contains(':') && !value.is_empty()).collect()
}

/// The path that a link of the page at `page` leads to; links of the site's `404.html` begin at the base path.
fn target(page: &str, link: &str) -> String {
    let path = link.split(['#', '?']).next().unwrap();
    if path.is_empty() {
        return page.to_string();
    }
    let mut segments: Vec<&str> = match path.strip_prefix("/a/") {
        Some(_) => Vec::new(),
        None => page.split('/').collect(),
    };
    segments.pop();
    for segment in path.strip_prefix("/a/").unwrap_or(path).split('/') {
        match segment {
            ".." => assert!(segments.pop().is_some(), "{link} of {page} leaves the site"),
            "." | "" => {}
            name => segments.push(name),
        }
    }
    percent_encoding::percent_decode_str(&segments.join("/")).decode_utf8().unwrap().into_owned()
}

#[test]
fn every_page_has_a_large_page_whose_links_stay_in_the_mode() {
    for site in [SITE.to_string(), SITE.replace("base_url: https://example.org/a/\n", "")] {
        let files = built(&site);
        let of_theme =
            |path: &&String| path.ends_with(".html") && !path.starts_with("large/") && *path != "app/index.html";
        let pages: Vec<&String> = files.keys().filter(of_theme).collect();
        assert!(pages.len() > 20, "{pages:?}");
        for page in pages {
            let large = format!("large/{page}");
            let html = text(&files, &large);
            assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{large}");
            assert!(
                html.contains("rel=\"canonical\"") || page == "404.html" || page.starts_with("en/large"),
                "{large}"
            );
            assert!(!html.contains("data-large-switch"), "{large}");
            for link in links(&html) {
                let leads_to = target(&large, link);
                assert!(files.contains_key(&leads_to), "{link} of {large} leads to {leads_to}");
                let stays = leads_to.starts_with("large/") || !leads_to.ends_with(".html");
                let is_way_back = [page.as_str(), "app/index.html"].contains(&leads_to.as_str());
                assert!(stays || is_way_back, "{link} of {large} leaves the mode");
            }
            // The same elements with the same texts, but for the switch and the head.
            let body = |html: &str| html.split("<body").nth(1).unwrap_or_default().matches('<').count();
            assert_eq!(body(&html), body(&text(&files, page)), "{large}");
        }
    }
}

#[test]
fn the_switch_stands_at_the_same_place_and_leads_to_the_other_page() {
    let files = built(SITE);
    for (page, there, back) in [
        ("guides/甲/index.html", "../../large/guides/%E7%94%B2/index.html", "../../../guides/%E7%94%B2/index.html"),
        ("index.html", "./large/index.html", "../index.html"),
        ("en/index.html", "../large/en/index.html", "../../en/index.html"),
        (
            "surveys/know/thanks/index.html",
            "../../../large/surveys/know/thanks/index.html",
            "../../../../surveys/know/thanks/index.html",
        ),
        ("404.html", "/a/large/404.html", "/a/404.html"),
    ] {
        let (on, off) =
            if page.starts_with("en") { ("Large text", "Standard text") } else { ("大字版", "返回标准版") };
        let normal = text(&files, page);
        let large = text(&files, &format!("large/{page}"));
        let link = format!("<a class=\"size\" href=\"{there}\" data-large-switch=\"{off}\">{on}</a>");
        assert!(normal.contains(&link), "{page}: {link}");
        assert!(large.contains(&format!("<a class=\"size\" href=\"{back}\">{off}</a>")), "large/{page}");
        let place = |html: &str| html.split("class=\"size\"").next().unwrap().matches('<').count();
        let heads = |html: &str| html.split("</head>").next().unwrap().matches('<').count();
        assert_eq!(place(&normal) - heads(&normal), place(&large) - heads(&large), "{page}");
    }
}

#[test]
fn large_pages_are_second_ones() {
    let files = built(SITE);
    let large = text(&files, "large/guides/甲/index.html");
    assert!(large.contains("<link rel=\"canonical\" href=\"https://example.org/a/guides/%E7%94%B2/\">"), "{large}");
    let head = large.split("</head>").next().unwrap();
    assert!(head.trim_end().lines().last().unwrap().contains("css/large."), "{head}");
    // Thanks have no canonical address of their own; their large page names them.
    assert!(
        text(&files, "large/surveys/know/thanks/index.html")
            .contains("<link rel=\"canonical\" href=\"../../../../surveys/know/thanks/index.html\">")
    );
    let style = files.keys().find(|path| path.starts_with("css/large.")).unwrap();
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        if path.starts_with("large/") {
            continue;
        }
        assert!(!text.contains(style.as_str()), "{path} loads the style of large pages");
        let names = text.matches("large/").count();
        assert_eq!(
            names,
            usize::from(text.contains("data-large-switch")),
            "{path} names large pages beside the switch"
        );
    }
    let folders = ["atom.xml", "sitemap.xml", "events/c/event.ics", "search/i.js"];
    assert!(folders.iter().all(|name| files.contains_key(*name)), "{:?}", files.keys());
    let beside: Vec<&String> =
        files.keys().filter(|path| path.starts_with("large/") && !path.ends_with(".html")).collect();
    assert!(beside.is_empty(), "{beside:?}");
}

#[test]
fn the_search_of_large_pages_reads_the_same_index_and_leads_to_large_pages() {
    let large = text(&built(SITE), "large/search/index.html");
    assert!(large.contains("src=\"../../search/i.js?") && large.contains("data-root=\"../\""), "{large}");
    let client =
        std::fs::read_to_string(crate::support::repository().join("themes/civic/static/js/search.js")).unwrap();
    assert!(client.contains("box.getAttribute('data-root') + page[1]") && client.contains("script.src = base + name"));
}

#[test]
fn a_survey_is_answered_in_the_mode() {
    let files = built(SITE);
    let action =
        |path: &str| text(&files, path).split("action=\"https").nth(1).unwrap().split('"').next().unwrap().to_string();
    assert_eq!(action("surveys/know/index.html"), "://s.example.org/q/surveys/know");
    assert_eq!(action("large/surveys/know/index.html"), "://s.example.org/q/surveys/know?view=large");
}

#[test]
fn large_pages_are_wanted_or_not() {
    let without = built(&SITE.replace("large_mode: 是\n", ""));
    assert!(without.keys().all(|path| !path.starts_with("large/")));
    assert!(!text(&without, "index.html").contains("large/"));
    let with = built(SITE);
    let is_of_mode = |path: &str| path.starts_with("large/") || path.starts_with("css/large.");
    assert!(without.keys().all(|path| !is_of_mode(path)));
    let pages: BTreeSet<&String> = with.keys().filter(|path| !is_of_mode(path)).collect();
    assert_eq!(pages, without.keys().collect());
}

#[test]
fn a_page_at_the_address_of_a_large_page_is_reported() {
    let site = format!("{SITE}-- content/large/guides/b.md --\n---\n标题: 丁\n---\n字。\n");
    let (report, _) = build_archive(&site, TODAY, &Options::default());
    let found: Vec<String> =
        report.diags.iter().filter(|d| d.is_error()).map(|d| format!("{} {:?}", d.code.name, d.file)).collect();
    assert_eq!(found, ["large-folder Some(\"content/large/guides/b.md\")"]);
    let keep_going = Options { keep_going: true, ..Options::default() };
    let (_, files) = build_archive(&site, TODAY, &keep_going);
    assert_eq!(files, built(SITE));
    // Without large pages the folder is as good as any.
    built(&site.replace("large_mode: 是\n", ""));
}

struct Built {
    previous: Option<PreviousBuild>,
    files: OutputFiles,
}

fn over(site: &str, before: Built) -> (Built, Counts) {
    let snapshot: FileSnapshot = memory_site(site);
    let (settings, _) = read_settings(&snapshot);
    let options = Options::default();
    let built = build_over(build_input(snapshot, settings, TODAY, &options), before.previous, before.files);
    (Built { previous: built.previous, files: built.files }, built.report.counts)
}

#[test]
fn a_large_page_is_made_again_when_its_page_is() {
    let (first, counts) = over(SITE, Built { previous: None, files: OutputFiles::new() });
    assert_eq!(counts.rendered, counts.outputs + counts.copies);
    let (again, counts) = over(SITE, first);
    assert_eq!((counts.rendered, counts.written), (0, 0));
    let edited = SITE.replace("文字。", "别的文字。");
    let (edit, _) = over(&edited, again);
    assert_eq!(edit.files, built(&edited));
    let (pages, large): (Vec<_>, Vec<_>) = {
        let clean = built(SITE);
        let changed = edit.files.iter().filter(|(path, bytes)| clean.get(*path) != Some(*bytes));
        changed
            .map(|(path, _)| path.clone())
            .filter(|path| path.ends_with(".html"))
            .partition(|p| !p.starts_with("large/"))
    };
    assert_eq!(pages, ["guides/b/index.html"]);
    assert_eq!(large, ["large/guides/b/index.html"]);
    // A page that goes takes its large page along.
    let start = edited.find("-- content/guides/b.en.md").unwrap();
    let end = edited.find("-- content/guides/p.svg").unwrap();
    let fewer = format!("{}{}", &edited[..start], &edited[end..]);
    let (gone, _) = over(&fewer, edit);
    assert!(!gone.files.contains_key("large/en/guides/b/index.html"));
    assert_eq!(gone.files, built(&fewer));
    let is_of_mode = |path: &&String| path.starts_with("large/") || path.starts_with("css/large.");
    let large = gone.files.keys().filter(is_of_mode).count();
    let (off, counts) = over(&fewer.replace("large_mode: 是\n", ""), gone);
    assert!(!off.files.keys().any(|path| is_of_mode(&path)));
    assert_eq!(counts.removed, large, "{counts:?}");
}

fn run(root: &Path, arguments: &[&str]) -> String {
    let run = puzhi().args(arguments).current_dir(root).output().unwrap();
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

#[test]
fn a_large_page_on_disk_is_mended_explained_verified_and_not_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, text) in [
        ("site.yaml", "title: 示例站\nbase_url: https://example.org/\nlarge_mode: yes\n"),
        ("content/a.md", "好页。\n"),
        ("content/b.md", "另一页。\n"),
    ] {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    run(root, &["build", "--date", "2027-03-01"]);
    let large = root.join("public/large/a/index.html");
    let bytes = std::fs::read(&large).unwrap();
    std::fs::remove_file(&large).unwrap();
    let said = run(root, &["explain", "large/a/index.html", "--lang", "en", "--date", "2027-03-01"]);
    assert!(said.contains("large/a/index.html") && said.contains("content/a.md"), "{said}");
    run(root, &["build", "--date", "2027-03-01"]);
    assert_eq!(std::fs::read(&large).unwrap(), bytes);
    let said = run(root, &["build", "--verify", "--date", "2027-03-01", "--lang", "en"]);
    assert!(!said.contains("verify-differs"), "{said}");
    std::fs::write(&large, "x").unwrap();
    let said = run(root, &["build", "--verify", "--date", "2027-03-01", "--lang", "en"]);
    assert!(std::fs::read(&large).unwrap() == bytes || said.contains("large/a/index.html"), "{said}");
    run(root, &["build", "--date", "2027-03-01"]);
    // The page becomes a draft, and the build fails for another reason: both of its pages are still there.
    std::fs::write(root.join("content/a.md"), "---\n草稿: 是\n---\n机密。\n").unwrap();
    std::fs::write(root.join("content/b.md"), "---\n日期: 那天\n---\n另一页。\n").unwrap();
    let said = run(root, &["build", "--format", "json", "--date", "2027-03-01"]);
    let left = |path: &str| said.lines().any(|line| line.contains("unpublished-left") && line.contains(path));
    assert!(left("a/index.html") && left("large/a/index.html"), "{said}");
}

#[test]
fn a_theme_without_the_style_has_no_large_pages_and_says_so() {
    let folder = crate::support::repository().join("tests/content/diagnostics/no-large-style.txt");
    let fixture = std::fs::read_to_string(folder).unwrap();
    let site = fixture.split_once('\n').unwrap().1;
    let (report, files) = build_archive(site, TODAY, &Options::default());
    assert!(report.diags.iter().any(|d| d.code.name == "no-large-style"), "{:?}", report.diags);
    assert!(!files.is_empty() && files.keys().all(|path| !path.starts_with("large/")));
}
