//! RSS feeds, read strictly: the RSS 2.0 specification and the RSS Advisory Board's Best Practices Profile say which
//! elements there are, how often, and what they hold.

use jiff::civil::date;
use jiff::fmt::rfc2822;
use puzhi::pipeline::{Options, OutputFiles};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use crate::support::build_archive;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DC: &str = "http://purl.org/dc/elements/1.1/";

/// An XML element: its namespace (empty for RSS itself), name, attributes, text and children.
#[derive(Debug, Default)]
struct Element {
    namespace: String,
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn all(&self, namespace: &str, name: &str) -> Vec<&Element> {
        self.children.iter().filter(|child| child.namespace == namespace && child.name == name).collect()
    }

    fn one(&self, namespace: &str, name: &str) -> &Element {
        let found = self.all(namespace, name);
        assert_eq!(found.len(), 1, "{name} in {}", self.name);
        found[0]
    }

    fn text_of(&self, name: &str) -> &str {
        let element = self.one("", name);
        assert!(element.children.is_empty() && !element.text.trim().is_empty(), "{name}");
        &element.text
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Parses XML with namespaces; whatever is not well-formed, or no element or text, fails.
fn parse(xml: &str) -> Element {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    let mut seen_declaration = false;
    loop {
        let event = reader.read_event().expect("well-formed");
        match event {
            Event::Decl(_) => seen_declaration = true,
            Event::Start(ref start) | Event::Empty(ref start) => {
                let (namespace, local) = reader.resolver().resolve_element(start.name());
                let namespace = match namespace {
                    ResolveResult::Bound(namespace) => namespace.0.to_string(),
                    ResolveResult::Unbound => String::new(),
                    ResolveResult::Unknown(prefix) => panic!("prefix {prefix:?} is not bound"),
                };
                let attribute = |a: quick_xml::events::attributes::Attribute<'_>| {
                    let value = quick_xml::escape::unescape(&a.value).expect("a value").into_owned();
                    (a.key.as_ref().to_string(), value)
                };
                let element = Element {
                    namespace,
                    name: local.as_ref().to_string(),
                    attributes: start.attributes().map(|a| attribute(a.expect("an attribute"))).collect(),
                    ..Element::default()
                };
                if matches!(event, Event::Empty(_)) {
                    open.last_mut().unwrap().children.push(element);
                } else {
                    open.push(element);
                }
            }
            Event::End(_) => {
                let element = open.pop().unwrap();
                open.last_mut().unwrap().children.push(element);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let name = name.to_string();
                let unescaped = quick_xml::escape::unescape(&format!("&{name};")).expect("a known entity").into_owned();
                open.last_mut().unwrap().text.push_str(&unescaped);
            }
            Event::Eof => break,
            other => panic!("neither element nor text: {other:?}"),
        }
    }
    assert!(seen_declaration && open.len() == 1);
    let mut document = open.pop().unwrap();
    assert_eq!(document.children.len(), 1);
    document.children.pop().unwrap()
}

/// Parses a feed, holds it against the specification and the profile, and returns its channel.
fn channel(xml: &str, own: &str) -> Element {
    let mut rss = parse(xml);
    assert_eq!((rss.name.as_str(), rss.namespace.as_str(), rss.attribute("version")), ("rss", "", Some("2.0")));
    assert_eq!(rss.children.len(), 1);
    let channel = rss.children.pop().unwrap();
    assert_eq!((channel.name.as_str(), channel.namespace.as_str()), ("channel", ""));
    let known = [
        ("", "title"),
        ("", "link"),
        ("", "description"),
        ("", "language"),
        ("", "lastBuildDate"),
        ("", "item"),
        (ATOM, "link"),
    ];
    for child in &channel.children {
        assert!(known.contains(&(child.namespace.as_str(), child.name.as_str())), "{} in channel", child.name);
    }
    for name in ["title", "link", "description", "language"] {
        channel.text_of(name);
    }
    let link = channel.one(ATOM, "link");
    let attributes = ["href", "rel", "type"].map(|name| link.attribute(name).unwrap_or_default());
    assert_eq!(attributes, [own, "self", "application/rss+xml"]);
    for date in channel.all("", "lastBuildDate") {
        rfc822(&date.text);
    }
    for item in channel.all("", "item") {
        let known = [
            ("", "title"),
            ("", "link"),
            ("", "guid"),
            ("", "pubDate"),
            ("", "category"),
            ("", "description"),
            (DC, "creator"),
            (DC, "source"),
            (DC, "rights"),
            (CONTENT, "encoded"),
        ];
        for child in &item.children {
            let name = (child.namespace.as_str(), child.name.as_str());
            assert!(known.contains(&name), "{} in item", child.name);
            assert!(name == ("", "category") || item.all(name.0, name.1).len() == 1, "{} twice", child.name);
        }
        let guid = item.one("", "guid");
        assert_eq!(guid.attribute("isPermaLink"), Some("true"));
        assert_eq!(guid.text, item.text_of("link"));
        assert!(guid.text.starts_with("https://") && !item.text_of("title").is_empty());
        rfc822(item.text_of("pubDate"));
        let html = &item.one(CONTENT, "encoded").text;
        for address in html.split("href=\"").skip(1).chain(html.split("src=\"").skip(1)) {
            assert!(address.starts_with("https://"), "{address}");
        }
    }
    channel
}

/// Reads a date of RFC 822 with a year of four digits.
fn rfc822(text: &str) -> jiff::Zoned {
    let zoned = rfc2822::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(zoned.strftime("%a, %d %b %Y %H:%M:%S %z").to_string(), text);
    zoned
}

fn build(settings: &str) -> OutputFiles {
    let site = format!(
        "-- site.yaml --\ntitle: 示例 <县>\nbase_url: https://example.org/x/\n{settings}
-- content/news/_index.md --
---
title: 消息
---
-- content/news/a.md --
---
title: 甲 & <乙>
date: 2026-10-01 9:05
author: 张三
tags: [防诈, 宣传]
summary: 少于 <b>5</b> 元 & 多
---

见[另一篇](b.md)。<b>粗</b>
-- content/news/b.md --
---
date: 2026-10-02
source: 县融媒体中心
---

# 控&#7;制

正文。
"
    );
    build_archive(&site, date(2026, 11, 1), &Options::default()).1
}

fn text(files: &OutputFiles, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

#[test]
fn an_rss_feed_keeps_to_the_specification_and_the_profile() {
    let files = build("description: 一句话\nfeed_formats: [atom, rss]\n");
    let channel = channel(&text(&files, "rss.xml"), "https://example.org/x/rss.xml");
    assert_eq!(channel.text_of("title"), "示例 <县>");
    assert_eq!(channel.text_of("link"), "https://example.org/x/");
    assert_eq!(channel.text_of("description"), "一句话");
    assert_eq!(channel.text_of("language"), "zh-CN");
    assert_eq!(channel.text_of("lastBuildDate"), "Fri, 02 Oct 2026 00:00:00 +0800");

    let items = channel.all("", "item");
    assert_eq!(items.iter().map(|item| item.text_of("title")).collect::<Vec<_>>(), ["控制", "甲 & <乙>"]);
    let (b, a) = (items[0], items[1]);
    // Where a text comes from is not who wrote it.
    assert!(b.all(DC, "creator").is_empty());
    assert_eq!(b.one(DC, "source").text, "县融媒体中心");
    assert_eq!(a.one(DC, "source").text, "示例 <县>");
    assert_eq!(a.one(DC, "rights").text, "转载请注明来源“示例 <县>”和本页标题。");
    assert_eq!(a.one(DC, "creator").text, "张三");
    assert_eq!(a.text_of("pubDate"), "Thu, 01 Oct 2026 09:05:00 +0800");
    assert_eq!(a.text_of("link"), "https://example.org/x/news/a/");
    // A summary is text, so its marks are escaped once for HTML and once for XML.
    assert_eq!(a.text_of("description"), "少于 &lt;b&gt;5&lt;/b&gt; 元 &amp; 多");
    assert_eq!(a.all("", "category").iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["防诈", "宣传"]);
    let html = &a.one(CONTENT, "encoded").text;
    assert!(html.contains("<a href=\"https://example.org/x/news/b/\">另一篇</a>"), "{html}");
}

#[test]
fn lists_have_their_own_rss_feeds_and_pages_link_them() {
    let files = build("feed_formats: rss\n");
    let own = "https://example.org/x/news/rss.xml";
    let section = channel(&text(&files, "news/rss.xml"), own);
    assert_eq!(section.text_of("title"), "消息 - 示例 <县>");
    // Without a description of the site the title stands in, since RSS wants one.
    assert_eq!(section.text_of("description"), "消息 - 示例 <县>");
    let term = channel(&text(&files, "tags/防诈/rss.xml"), "https://example.org/x/tags/%E9%98%B2%E8%AF%88/rss.xml");
    assert_eq!(term.all("", "item").len(), 1);
    assert!(!files.contains_key("atom.xml") && !files.contains_key("feed.json"));
    let list = text(&files, "news/index.html");
    let link = "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"消息\" href=\"../news/rss.xml\">";
    assert!(list.contains(link), "{list}");
    assert!(list.contains("<a class=\"noprint\" href=\"../news/rss.xml\">订阅</a>"), "{list}");
}

#[test]
fn rss_is_off_by_default() {
    let files = build("");
    assert!(files.contains_key("atom.xml") && files.contains_key("feed.json"));
    assert!(!files.keys().any(|path| path.ends_with("rss.xml")));
    assert!(!text(&files, "index.html").contains("rss"));
}

#[test]
fn an_empty_feed_is_valid() {
    let site =
        "-- site.yaml --\ntitle: 空\nbase_url: https://example.org/\nfeed_formats: rss\n-- content/_index.md --\n空\n";
    let files = build_archive(site, date(2026, 11, 1), &Options::default()).1;
    let channel = channel(&text(&files, "rss.xml"), "https://example.org/rss.xml");
    assert!(channel.all("", "item").is_empty() && channel.all("", "lastBuildDate").is_empty());
}
