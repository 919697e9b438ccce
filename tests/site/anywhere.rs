//! A site works where it lies: pages opened from disk and pages of a server have the same links, whether the address is known or not;
//! search engines and feeds get canonical addresses; nothing in a page needs an exception of a Content-Security-Policy.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, OutputFiles};
use puzhi_core::base::percent_encode_path;

use crate::support::build_archive;

const TODAY: Date = date(2027, 3, 1);
const BASE: &str = "https://example.org/a/";

const SITE: &str = "title: 示例县
colour: \"#125577\"
languages: [{code: zh, tag: zh-CN, name: 中文}, {code: en, name: English, title: Sample County}]
navigation: [{title: 办事, link: /guides/}, {title: 首页, link: /}]
-- content/guides/_index.md --
---
标题: 办事指南
---
-- content/guides/a.md --
---
标题: 甲
类型: 指南
日期: 2027-01-02
标签: [商标]
---

见[乙](b.md#x)、[首页](/_index.md)和[地址](https://example.com/index.html)。

## 一

```{pages}
:section: guides
```
-- content/guides/b.md --
---
标题: 乙
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
-- content/events/c.md --
---
标题: 讲座
类型: 活动
开始: 2027-04-02 09:00
地点: 馆里
---
-- content/old.md --
---
标题: 丁
旧网址: /older/
---
";

fn build(base: Option<&str>) -> OutputFiles {
    let base = base.map(|base| format!("base_url: {base}\n")).unwrap_or_default();
    let (report, files) = build_archive(&format!("-- site.yaml --\n{base}{SITE}"), TODAY, &Options::default());
    assert!(!report.diags.iter().any(|diag| diag.is_error()), "{:?}", report.diags);
    files
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

/// Pages as readers open them: `404.html` alone is shown by servers only.
fn pages(files: &OutputFiles) -> impl Iterator<Item = (&str, &str)> {
    let pages = files.keys().filter(|path| path.ends_with(".html") && *path != "404.html");
    pages.map(|path| (path.as_str(), text(files, path)))
}

/// Links of a page inside the site: relative addresses, without those of feeds, which a site without an address does not have.
fn links(html: &str) -> BTreeSet<&str> {
    let all = ["href=\"", "src=\"", "action=\"", "; url="].into_iter().flat_map(|before| html.split(before).skip(1));
    let address = all.map(|rest| rest.split('"').next().unwrap_or_default());
    let inside = |url: &&str| !url.contains(':') && !url.ends_with("atom.xml") && !url.ends_with("feed.json");
    address.filter(inside).collect()
}

#[test]
fn links_are_the_same_with_and_without_an_address_and_name_files() {
    let (with, without) = (build(Some(BASE)), build(None));
    let known: BTreeSet<String> = without.keys().map(|path| percent_encode_path(path)).collect();
    let mut followed = 0;
    for (path, html) in pages(&without) {
        assert_eq!(links(html), links(text(&with, path)), "{path}");
        for link in links(html) {
            let url = link.split(['#', '?']).next().unwrap_or_default();
            if url.is_empty() {
                continue;
            }
            let mut at: Vec<&str> = path.split('/').collect();
            at.pop();
            for part in url.split('/') {
                match part {
                    "." => {}
                    ".." => assert!(at.pop().is_some(), "{path}: {link} leaves the site"),
                    name => at.push(name),
                }
            }
            let file = at.iter().map(|part| percent_encode_path(&percent_decode(part))).collect::<Vec<_>>().join("/");
            assert!(known.contains(&file), "{path}: {link} is no file");
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}");
}

fn percent_decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

#[test]
fn search_engines_feeds_and_calendars_get_canonical_addresses() {
    let files = build(Some(BASE));
    let page = text(&files, "guides/b/index.html");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://example.org/a/guides/b/\">"), "{page}");
    assert!(page.contains("hreflang=\"en\" href=\"https://example.org/a/en/guides/b/\">"), "{page}");
    assert!(page.contains("href=\"../../index.html\""), "{page}");
    let moved = text(&files, "older/index.html");
    assert!(
        moved.contains("url=../old/index.html") && moved.contains("href=\"https://example.org/a/old/\""),
        "{moved}"
    );
    for (path, bytes) in &files {
        if path.ends_with(".xml") || path.ends_with(".ics") || path.ends_with("feed.json") {
            let written = String::from_utf8_lossy(bytes).replace("https://example.com/index.html", "");
            assert!(!written.contains("index.html"), "{path}: {written}");
        }
    }
    let feed = text(&files, "atom.xml");
    for part in
        ["https://example.org/a/guides/b/#x", "https://example.org/a/guides/b/\"", "href=\"https://example.org/a/\""]
    {
        let escaped = part.replace('"', "&quot;");
        assert!(feed.contains(part) || feed.contains(&escaped), "{part} is not in {feed}");
    }
    assert!(feed.contains("https://example.com/index.html"), "links to other sites stay as they are: {feed}");
}

#[test]
fn no_page_has_a_style_of_its_own_or_a_checked_file() {
    let files = build(Some(BASE));
    for (path, html) in pages(&files) {
        for refused in ["<style", " style=", " integrity="] {
            assert!(!html.contains(refused), "{path} has {refused}");
        }
    }
    let sheet = files.keys().find(|path| path.starts_with("css/civic.")).unwrap();
    assert!(text(&files, sheet).ends_with(":root{--main:#125577}"), "{sheet} lacks the colour of the settings");
}

/// The languages that a page names, each with where it leads.
fn languages(html: &str) -> Vec<String> {
    let links = html.split("<link rel=\"alternate\" hreflang=\"").skip(1);
    links.map(|rest| rest.split('>').next().unwrap().replace("\" href=\"", " ").replace('"', "")).collect()
}

#[test]
fn each_translation_names_all_languages_and_no_two_pages_share_a_description() {
    let site = format!("-- site.yaml --\nbase_url: {BASE}\ndescription: 讲知识产权\n{SITE}")
        .replace("title: Sample County", "title: Sample County, description: About rights");
    let (_, files) = build_archive(&site, TODAY, &Options::default());
    let (zh, en) = (format!("{BASE}guides/b/"), format!("{BASE}en/guides/b/"));
    for (path, tag, own) in [("guides/b/index.html", "zh-CN", &zh), ("en/guides/b/index.html", "en", &en)] {
        let page = text(&files, path);
        assert!(
            page.contains(&format!("<meta property=\"og:locale\" content=\"{}\">", tag.replace('-', "_"))),
            "{page}"
        );
        let mut named = languages(page);
        named.sort();
        assert_eq!(named, [format!("en {en}"), format!("x-default {zh}"), format!("zh-CN {zh}")]);
        assert!(page.contains(&format!("rel=\"canonical\" href=\"{own}\"")), "{page}");
    }
    assert_eq!(languages(text(&files, "guides/a/index.html")), Vec::<String>::new());
    let described = |html: &str| {
        html.split_once("<meta name=\"description\" content=\"")
            .map(|(_, rest)| rest.split('"').next().unwrap().to_string())
    };
    let indexed = pages(&files).filter(|(_, html)| !html.contains("content=\"noindex\""));
    let mut all: Vec<String> =
        indexed.map(|(path, html)| described(html).unwrap_or_else(|| panic!("{path}"))).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert!(count > 10 && all.len() == count, "{count}: {all:?}");
}
