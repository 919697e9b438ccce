//! What leaves the site: the text of an article is the same on its page, in feeds and in ninjs; tags of government pages; data blocks;
//! the terms for republishing; lists for other sites.

use std::collections::BTreeMap;

use jiff::civil::date;
use puzhi::pipeline::{Options, OutputFiles, Report, build_in_memory};
use puzhi::settings::feeds::FEED_FORMATS;
use puzhi::source::scan;
use serde_json::Value as Json;

use crate::support::{build_archive, build_date, parse_settings, repository};

/// The normal form of a text in HTML (`docs/republishing.md`), by another way than the program takes: a small tree.
mod normal_form {
    const VOID: [&str; 12] =
        ["img", "br", "hr", "wbr", "col", "input", "source", "meta", "link", "area", "track", "param"];
    const INLINE: [&str; 26] = [
        "wbr", "a", "b", "strong", "em", "i", "span", "code", "sub", "sup", "time", "small", "mark", "q", "abbr",
        "kbd", "del", "ins", "s", "u", "ruby", "rt", "rp", "label", "bdi", "cite",
    ];
    const DROPPED: [&str; 13] = [
        "nav",
        "footer",
        "script",
        "style",
        "template",
        "svg",
        "iframe",
        "button",
        "select",
        "textarea",
        "input",
        "math-annotation",
        "noscript",
    ];

    /// One element or text. Text elements have an empty name.
    #[derive(Debug, Default)]
    pub struct Node {
        pub name: String,
        pub tag: String,
        pub text: String,
        pub children: Vec<Node>,
    }

    impl Node {
        fn class(&self, name: &str) -> bool {
            let class =
                self.tag.split_once("class=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(c, _)| c);
            class.split_ascii_whitespace().any(|word| word == name)
        }

        pub fn find(&self, name: &str) -> Option<&Node> {
            self.children.iter().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
        }

        fn is_dropped(&self) -> bool {
            DROPPED.contains(&&*self.name)
                || self.tag.split_ascii_whitespace().any(|part| part.trim_end_matches('>') == "hidden")
                || ["visually-hidden", "noprint", "anchor", "ask-trap", "page-tool"].iter().any(|name| self.class(name))
                || self.name == "p" && self.class("kind")
                || self.class("ruler")
                || self.class("ruler-at")
        }

        fn write(&self, out: &mut String, seen_title: &mut bool) {
            if self.name.is_empty() {
                out.push_str(&self.text);
                return;
            }
            if self.name == "input" {
                let is_checked = self.tag.contains(" checked");
                out.push_str(match (self.tag.contains("type=\"checkbox\""), self.tag.contains("type=\"radio\"")) {
                    (true, _) => ["☐ ", "☑ "][usize::from(is_checked)],
                    (_, true) => ["○ ", "● "][usize::from(is_checked)],
                    _ => "",
                });
                return;
            }
            let title = self.name == "h1" && !std::mem::replace(seen_title, *seen_title || self.name == "h1");
            if title || self.is_dropped() {
                return;
            }
            let is_block = !INLINE.contains(&&*self.name);
            if is_block {
                out.push('\n');
            }
            // The heading of a drawing's table.
            let skipped =
                |child: &Node| child.name == "summary" && self.class("details") && self.find("table").is_some();
            self.children.iter().filter(|child| !skipped(child)).for_each(|child| child.write(out, seen_title));
            if is_block {
                out.push('\n');
            }
        }

        /// The lines of its text.
        pub fn lines(&self) -> Vec<String> {
            let mut out = String::new();
            self.children.iter().for_each(|child| child.write(&mut out, &mut false));
            let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
            out.lines().map(line).filter(|line| !line.is_empty()).collect()
        }
    }

    fn unescape(text: &str) -> String {
        let named =
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", "\u{a0}")];
        named.iter().fold(text.to_string(), |text, (from, to)| text.replace(from, to)).replace("&amp;", "&")
    }

    /// Parses HTML whose elements are all closed.
    pub fn parse(html: &str) -> Node {
        let mut open = vec![Node::default()];
        let mut rest = html;
        while !rest.is_empty() {
            let Some(at) = rest.find('<') else {
                open.last_mut().unwrap().children.push(Node { text: unescape(rest), ..Node::default() });
                break;
            };
            if at > 0 {
                open.last_mut().unwrap().children.push(Node { text: unescape(&rest[..at]), ..Node::default() });
            }
            rest = &rest[at..];
            if rest.starts_with("<!") {
                let end =
                    if rest.starts_with("<!--") { rest.find("-->").unwrap() + 3 } else { rest.find('>').unwrap() + 1 };
                rest = &rest[end..];
                continue;
            }
            let end = rest.find('>').expect("a tag ends") + 1;
            let tag = &rest[..end];
            rest = &rest[end..];
            let name: String =
                tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
            if tag.starts_with("</") {
                let done = open.pop().unwrap();
                assert_eq!(done.name, name, "{tag} closes {}", done.tag);
                open.last_mut().unwrap().children.push(done);
                continue;
            }
            let node = Node { name: name.clone(), tag: tag.to_string(), ..Node::default() };
            if VOID.contains(&&*name) || tag.ends_with("/>") {
                open.last_mut().unwrap().children.push(node);
                continue;
            }
            open.push(node);
            if matches!(&*name, "script" | "style" | "textarea" | "title") {
                let end = rest.find(&format!("</{name}")).unwrap();
                rest = &rest[end..];
            }
        }
        assert_eq!(open.len(), 1, "all is closed");
        open.pop().unwrap()
    }
}

const BASE: &str = "https://www.example.gov.cn/ztzl/";

/// The shipped site with everything that can leave it.
fn shipped() -> (Report, OutputFiles) {
    let root = repository();
    let (files, found) = scan(root, "civic");
    assert_eq!(found, []);
    let (mut settings, _) = parse_settings(&std::fs::read_to_string(root.join("site.yaml")).unwrap());
    settings.base_url = Some(BASE.to_string());
    settings.feed_size = 200;
    settings.large_mode = None;
    settings.feeds.formats = FEED_FORMATS.iter().collect();
    settings.republish.ninjs = true;
    settings.republish.embeds = true;
    let clock = build_date(date(2026, 11, 28), &settings);
    build_in_memory(&files, settings, clock, &Options::default())
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

/// The path of the page at an absolute address.
fn page_at(url: &str) -> String {
    let path =
        percent_encoding::percent_decode_str(url.strip_prefix(BASE).unwrap()).decode_utf8().unwrap().into_owned();
    format!("{path}index.html")
}

#[test]
fn every_file_of_an_article_says_what_its_page_says() {
    let (report, files) = shipped();
    assert!(!report.diags.iter().any(puzhi_core::diag::Diagnostic::is_error), "{:?}", report.diags);
    let mut bodies: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for path in files.keys().filter(|path| path.ends_with("feed.json")) {
        let feed: Json = serde_json::from_str(text(&files, path)).unwrap();
        for item in feed["items"].as_array().unwrap() {
            let html = item["content_html"].as_str().unwrap().to_string();
            bodies.entry(page_at(item["url"].as_str().unwrap())).or_default().push((path.clone(), html));
        }
    }
    let own = files.keys().filter(|path| path.ends_with("/ninjs.json") && *path != "en/ninjs.json");
    let own: Vec<&String> = own.collect();
    for path in &own {
        let item: Json = serde_json::from_str(text(&files, path)).unwrap();
        let html = item["bodies"][0]["value"].as_str().unwrap().to_string();
        bodies.entry(path.replace("ninjs.json", "index.html")).or_default().push((path.to_string(), html));
    }
    assert!(own.len() > 60, "{}", own.len());
    for (page, bodies) in &bodies {
        let tree = normal_form::parse(text(&files, page));
        let wanted = tree.find("article").unwrap_or_else(|| panic!("{page} has no article")).lines();
        assert!(wanted.len() > 2, "{page}: {wanted:?}");
        for (file, html) in bodies {
            let got = normal_form::parse(html).lines();
            let differs = wanted.iter().zip(&got).find(|(a, b)| a != b);
            assert!(wanted == got, "{page} in {file}: {differs:?} ({} lines and {})", wanted.len(), got.len());
            for address in html.split("href=\"").skip(1).chain(html.split("src=\"").skip(1)) {
                let is_absolute = ["https://", "http://", "tel:", "mailto:"].iter().any(|s| address.starts_with(s));
                assert!(is_absolute, "{file}: {}", &address[..address.find('"').unwrap()]);
            }
            assert!(!html.contains("<svg") && !html.contains(".webp") && !html.contains("srcset"), "{file}");
            assert!(
                html.matches("<details").count()
                    == html.matches("<details open").count() + html.matches("\" open>").count(),
                "{file}"
            );
        }
    }
    // All formats of feeds hold the same bodies.
    for path in files.keys().filter(|path| path.ends_with("feed.json")) {
        let feed: Json = serde_json::from_str(text(&files, path)).unwrap();
        let atom = text(&files, &path.replace("feed.json", "atom.xml"));
        let rss = text(&files, &path.replace("feed.json", "rss.xml"));
        for item in feed["items"].as_array().unwrap() {
            let html = quick_xml::escape::escape(item["content_html"].as_str().unwrap()).into_owned();
            let start: String = html.chars().take(400).collect();
            assert!(atom.contains(&start) && rss.contains(&start), "{path}: {start}");
        }
    }
}

const SITE: &str = "-- site.yaml --
title: 示例县
base_url: https://www.example.gov.cn/x/
organiser: 示例县市场监管局
portal: {name: 示例县人民政府, domain: www.example.gov.cn, id: '5301810001'}
republish: {ninjs: true, embeds: true}
registration: {icp: 滇ICP备1号, police: 滇公网安备 53018102000001号, police_url: https://beian.mps.gov.cn/x, mark: https://bszs.conac.cn/x, find_mistakes: https://zfwzgl.www.gov.cn/x}
-- content/news/_index.md --
---
title: 消息
summary: 县里的消息。
---
-- content/news/a.md --
---
title: 甲 <b> & 乙
date: 2026-10-01 14:05
updated: 2026-10-03
author: 张三
editor: 李四
reviewer: 王五
source: 县融媒体中心
summary: 一句话。
tags: [商标, 假货]
keywords: [不上网页的词]
---

第一段</script>。
-- content/news/b.md --
---
title: 只有日期
date: 2026-10-02
republish: no
---

不转载的正文。
-- content/guides/_index.md --
---
title: 办事
kind: guide
---
-- content/guides/g.md --
---
title: 办一件事
date: 2026-09-01
updated: 2026-09-05
author: 赵六
item: 商标注册
units: 市场监管局
conditions: [有营业执照]
materials: [申请书]
steps: [先填表。, 再交表。]
window: {place: 政务大厅三楼, phone: 0871-1234567}
---

说明。
";

fn metas(html: &str) -> Vec<(&str, &str)> {
    let known =
        ["Site", "Column", "Article", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"];
    let metas = html.split("<meta name=\"").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("\" content=\"")?;
        Some((name, rest.split_once('"')?.0))
    });
    metas.filter(|(name, _)| known.iter().any(|k| name.starts_with(k))).collect()
}

fn small(site: &str) -> OutputFiles {
    let (report, files) = build_archive(site, date(2026, 11, 1), &Options::default());
    assert!(!report.diags.iter().any(puzhi_core::diag::Diagnostic::is_error), "{:?}", report.diags);
    files
}

#[test]
fn tags_of_government_pages_are_exact_at_each_level() {
    let files = small(SITE);
    let names = |path: &str| metas(text(&files, path)).iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let site = ["SiteName", "SiteDomain", "SiteIDCode"];
    let column = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"];
    assert_eq!(names("index.html"), site);
    assert_eq!(names("news/index.html"), [&site[..], &column].concat());
    let article = ["ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Url"];
    assert_eq!(names("news/a/index.html"), [&site[..], &column, &article].concat());
    let a = text(&files, "news/a/index.html");
    let wanted = [
        ("SiteIDCode", "5301810001"),
        ("ColumnName", "消息"),
        ("ColumnDescription", "县里的消息。"),
        ("ArticleTitle", "甲 &lt;b&gt; &amp; 乙"),
        ("PubDate", "2026-10-01 14:05"),
        ("ContentSource", "县融媒体中心"),
        ("Keywords", "商标,假货"),
        ("Author", "张三"),
        ("Url", "https://www.example.gov.cn/x/news/a/"),
    ];
    for tag in wanted {
        assert!(metas(a).contains(&tag), "{tag:?} in {:?}", metas(a));
    }
    assert!(!a.contains("不上网页的词"));
    let b = metas(text(&files, "news/b/index.html"));
    assert!(b.contains(&("PubDate", "2026-10-02")) && b.contains(&("ContentSource", "示例县市场监管局")), "{b:?}");
    // Nothing is derived from the site's own name and address.
    let files = small(&SITE.replace("portal:", "# portal:").replace("www.example.gov.cn/x/", "example.org/"));
    assert!(metas(text(&files, "index.html")).is_empty());
}

#[test]
fn marks_of_the_footer_come_from_the_settings() {
    let files = small(SITE);
    let home = text(&files, "index.html");
    for part in [
        "滇ICP备1号",
        "href=\"https://beian.mps.gov.cn/x\" rel=\"noopener external\">滇公网安备 53018102000001号</a>",
        ">党政机关</a>",
        ">我为政府网站找错</a>",
    ] {
        assert!(home.contains(part), "{part}");
    }
    let files = small("-- site.yaml --\ntitle: 甲\n-- content/_index.md --\n文\n");
    let home = text(&files, "index.html");
    assert!(!home.contains("党政机关") && !home.contains("找错"));
}

/// The graph of a page's data block.
fn graph(html: &str) -> Vec<Json> {
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">").expect("a data block");
    let (block, _) = rest.split_once("</script>").unwrap();
    assert!(!block.contains(['<', '>', '&']));
    let data: Json = serde_json::from_str(block).unwrap();
    assert_eq!(data["@context"], "https://schema.org");
    data["@graph"].as_array().unwrap().clone()
}

#[test]
fn data_blocks_say_what_the_page_shows() {
    let files = small(SITE);
    let a = graph(text(&files, "news/a/index.html"));
    assert_eq!((&a[0]["@type"], &a[0]["headline"]), (&"Article".into(), &"甲 <b> & 乙".into()));
    assert_eq!(
        (&a[0]["datePublished"], &a[0]["dateModified"]),
        (&"2026-10-01T14:05:00+08:00".into(), &"2026-10-03".into())
    );
    assert_eq!((&a[0]["author"]["name"], &a[0]["publisher"]["name"]), (&"张三".into(), &"示例县市场监管局".into()));
    assert_eq!(a[1]["@type"], "BreadcrumbList");
    let crumbs: Vec<&str> =
        a[1]["itemListElement"].as_array().unwrap().iter().map(|c| c["item"].as_str().unwrap()).collect();
    let base = "https://www.example.gov.cn/x/";
    assert_eq!(crumbs, [base.to_string(), format!("{base}news/"), format!("{base}news/a/")]);
    let guide = graph(text(&files, "guides/g/index.html"));
    assert_eq!((&guide[0]["@type"], &guide[0]["name"]), (&"GovernmentService".into(), &"商标注册".into()));
    assert_eq!(guide[0]["provider"]["name"], "市场监管局");
    assert_eq!(graph(text(&files, "index.html"))[0]["@type"], "WebSite");
    assert_eq!(graph(text(&files, "news/index.html"))[0]["@type"], "BreadcrumbList");
}

#[test]
fn a_guide_is_whole_in_feeds_and_shows_author_and_dates() {
    let files = small(SITE);
    let page = text(&files, "guides/g/index.html");
    let article = normal_form::parse(page).find("article").unwrap().lines().join("\n");
    for part in ["赵六", "2026年9月1日", "2026年9月5日", "有营业执照", "申请书", "先填表。", "政务大厅三楼"]
    {
        assert!(article.contains(part), "{part} in {article}");
        for feed in ["atom.xml", "guides/atom.xml", "feed.json"] {
            assert!(text(&files, feed).contains(part), "{part} in {feed}");
        }
    }
}

#[test]
fn the_terms_for_republishing_decide_what_is_made() {
    let files = small(SITE);
    let a = text(&files, "news/a/index.html");
    let credit = "来源：示例县（县融媒体中心）；作者：张三；发布：2026年10月1日 14:05；最后更新：2026年10月3日；原文：https://www.example.gov.cn/x/news/a/";
    assert!(a.contains(credit) && a.contains("news/a/ninjs.json"), "{a}");
    assert!(a.contains("<dt>责任编辑</dt><dd>李四</dd>") && a.contains("<dt>审核</dt><dd>王五</dd>"));
    assert!(a.contains("type=\"application/json+oembed\" href=\"../../news/a/oembed.json\""));
    // 本站 is another site elsewhere.
    let own = small(&SITE.replace("县融媒体中心", "本站编写"));
    let a = text(&own, "news/a/index.html");
    assert!(a.contains("来源：示例县；作者：张三") && metas(a).contains(&("ContentSource", "示例县市场监管局")));
    let b = text(&files, "news/b/index.html");
    assert!(b.contains("这一页不能转载。") && !b.contains("ninjs.json") && !b.contains("oembed"));
    assert!(!files.contains_key("news/b/ninjs.json") && !files.contains_key("news/b/oembed.json"));
    let list: Json = serde_json::from_str(text(&files, "ninjs.json")).unwrap();
    let names: Vec<&str> =
        list["associations"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["甲 <b> & 乙", "办一件事"]);
    // A feed has its summary alone.
    assert!(!text(&files, "atom.xml").contains("class=\"prose\">\n&lt;p&gt;不转载的正文"));
    // Everything is off by default, and samples have none of it.
    let files = small(&SITE.replace("republish: {ninjs: true, embeds: true}\n", ""));
    assert!(!files.keys().any(|path| ["ninjs", "oembed", "embed"].iter().any(|name| path.contains(name))));
    let files = small(&SITE.replace("editor: 李四", "sample: true"));
    assert!(!files.contains_key("news/a/ninjs.json"));
    assert!(!text(&files, "news/a/index.html").contains("转载时写上"));
}

#[test]
fn an_item_of_ninjs_has_what_a_desk_needs() {
    let files = small(SITE);
    let item: Json = serde_json::from_str(text(&files, "news/a/ninjs.json")).unwrap();
    assert_eq!((&item["uri"], &item["type"]), (&"https://www.example.gov.cn/x/news/a/".into(), &"text".into()));
    assert_eq!((&item["pubStatus"], &item["by"]), (&"usable".into(), &"张三".into()));
    assert_eq!(item["firstCreated"], "2026-10-01T14:05:00+08:00");
    assert_eq!(item["versionCreated"], "2026-10-03T00:00:00+08:00");
    assert_eq!(
        (&item["infoSources"][0]["name"], &item["copyrightHolder"]),
        (&"县融媒体中心".into(), &"示例县市场监管局".into())
    );
    assert_eq!(item["usageTerms"], "转载请注明来源“示例县”和本页标题。");
    assert_eq!(item["standard"]["version"], "3.2");
}

#[test]
fn other_sites_can_show_lists() {
    let files = small(SITE);
    let html = text(&files, "news/embed.html");
    assert!(html.contains("<a href=\"https://www.example.gov.cn/x/news/a/\">甲 &lt;b&gt; &amp; 乙</a> <time datetime=\"2026-10-01T14:05:00+08:00\">"), "{html}");
    assert!(!html.contains("class=\"wrap\"") && !html.contains("<script"));
    let list: Json = serde_json::from_str(text(&files, "news/embed.json")).unwrap();
    assert_eq!((&list["version"], &list["title"]), (&1.into(), &"消息".into()));
    assert_eq!(list["items"][0]["title"], "只有日期");
    for name in ["embed", "embed-events", "embed-board"] {
        for extension in ["html", "json"] {
            assert!(files.contains_key(&format!("{name}.{extension}")), "{name}");
        }
    }
    let oembed: Json = serde_json::from_str(text(&files, "news/a/oembed.json")).unwrap();
    assert_eq!(
        (&oembed["version"], &oembed["type"], &oembed["author_name"]),
        (&"1.0".into(), &"link".into(), &"张三".into())
    );
}
