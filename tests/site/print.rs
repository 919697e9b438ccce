//! What is there for paper and for who finds a mistake: the code of a page's address, posters, whom to tell.

use jiff::civil::date;
use puzhi::pipeline::{Options, OutputFiles};

use crate::support::{build_archive, parse_settings};

const SITE: &str = "\
-- content/_index.md --
---
标题: 首页
---
-- content/guides/_index.md --
---
标题: 指南
类型: 指南
---
-- content/guides/a.md --
---
标题: 甲 & 乙
日期: 2026-01-01
---

正文。
-- content/events/_index.md --
---
标题: 活动
类型: 活动
---
-- content/events/fair.md --
---
标题: 专利讲座
编号: fair
开始: 2027-03-01 09:30
地点: 文化馆二楼
面向: [企业]
状态: 已确认
报名: 0871-68690000
主办: [示例县科技局]
---
-- content/events/gone.md --
---
标题: 停办的活动
编号: gone
开始: 2027-03-02 09:30
状态: 取消
原因: 大雨
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
questions:
  - {id: q, type: single, text: 您知道吗？, options: [{id: y, text: 知道}, {id: n, text: 不知道}]}
---
";

fn built(settings: &str) -> OutputFiles {
    let site = format!("-- site.yaml --\ntitle: 示例县\n{settings}\n{SITE}");
    let (report, files) = build_archive(&site, date(2026, 11, 1), &Options::default());
    let expected = ["no-base-url", "events-changed"];
    assert!(report.diags.iter().all(|d| expected.contains(&d.code.name)), "{:?}", report.diags);
    files
}

fn text(files: &OutputFiles, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("{path} is missing")).to_vec()).unwrap()
}

const ADDRESS: &str = "base_url: https://example.org/x/";
const GUIDE: &str = "guides/a/index.html";
const FAIR: &str = "events/fair/index.html";
const POSTER: &str = "events/fair/poster/index.html";

#[test]
fn every_page_has_its_code_for_paper_once() {
    let files = built(ADDRESS);
    for (path, address) in [
        (GUIDE, "https://example.org/x/guides/a/"),
        (FAIR, "https://example.org/x/events/fair/"),
        ("events/gone/index.html", "https://example.org/x/events/gone/"),
        ("surveys/know/index.html", "https://example.org/x/surveys/know/"),
    ] {
        let page = text(&files, path);
        assert_eq!(page.matches("<svg class=\"qr\"").count(), 1, "{path}");
        assert!(page.contains(&format!("<span class=\"address\">{address}</span>")), "{path}");
    }
    // The code of an event that is still to come stands beside its day.
    assert!(text(&files, GUIDE).contains("<figure class=\"scan\">") && !text(&files, FAIR).contains("class=\"scan\""));
    let style = files.iter().find(|(path, _)| path.starts_with("css/civic")).map(|(_, bytes)| bytes.to_vec()).unwrap();
    let style: String = String::from_utf8(style).unwrap().chars().filter(|c| !c.is_whitespace()).collect();
    let (screen, print) = style.split_once("@mediaprint").unwrap();
    assert!(screen.contains(".scan{display:none") && print.contains(".scan{display:flex"), "for paper only");
    assert!(!text(&built(""), GUIDE).contains("class=\"qr\""), "an unknown address has no code");
}

#[test]
fn the_code_adds_little() {
    let with = text(&built(ADDRESS), GUIDE);
    let start = with.find("<figure class=\"scan\">").unwrap();
    let end = start + with[start..].find("</figure>").unwrap();
    assert!(end - start < 2500, "{}", end - start);
}

#[test]
fn posters_say_what_when_and_where_and_nobody_finds_them() {
    let files = built(&format!("{ADDRESS}\ncontact: {{name: 宣传科, phone: 0871-68690001}}"));
    let poster = text(&files, POSTER);
    for said in [
        "<h1>专利<wbr>讲座</h1>",
        "2027年3月1日",
        "9:30",
        "文化馆二楼",
        "企业",
        "0871-68690000",
        "示例县科技局",
        "宣传科 0871-68690001",
        "<svg class=\"qr\"",
        "https://example.org/x/events/fair/<",
        "<meta name=\"robots\" content=\"noindex\">",
        "href=\"../../../events/fair/index.html\"",
    ] {
        assert!(poster.contains(said), "{said} in {poster}");
    }
    assert!(text(&files, FAIR).contains("href=\"../../events/fair/poster/index.html\""));
    let survey = text(&files, "surveys/know/poster/index.html");
    assert!(survey.contains("知晓率调查") && survey.contains("共1题") && survey.contains("<svg class=\"qr\""));
    assert!(text(&files, "surveys/know/index.html").contains("href=\"../../surveys/know/poster/index.html\""));
    for path in ["events/gone/poster/index.html", "guides/a/poster/index.html"] {
        assert!(!files.contains_key(path), "{path}");
    }
    assert!(!text(&files, "events/gone/index.html").contains("poster"));
    for (path, bytes) in &files {
        let is_list = path.ends_with(".xml") || path.ends_with(".json") || path.starts_with("search/");
        assert!(!is_list || !String::from_utf8_lossy(bytes).contains("poster"), "{path}");
    }
    let plain = built("");
    assert!(text(&plain, POSTER).contains("专利讲座") && !text(&plain, POSTER).contains("class=\"qr\""));
}

#[test]
fn a_theme_without_a_poster_has_none() {
    let theme: String = ["base", "home", "section", "term", "taxonomy", "404", "redirect"]
        .iter()
        .chain(&["page", "policy", "guide", "event", "story", "survey"])
        .map(|name| format!("-- themes/bare/templates/{name}.html --\nx\n"))
        .collect();
    let site = format!("-- site.yaml --\ntitle: 示例县\ntheme: bare\nsearch: false\n{SITE}{theme}");
    let (report, files) = build_archive(&site, date(2026, 11, 1), &Options::default());
    assert!(!report.diags.iter().any(|d| d.is_error()), "{:?}", report.diags);
    assert!(files.contains_key(FAIR) && !files.contains_key(POSTER));
}

#[test]
fn whom_to_tell_stands_on_every_page_and_a_mail_names_the_page() {
    let contact = "contact: {name: 宣传科, phone: 12345（转宣传科）, email: a+b@example.org, form: \"https://example.org/liuyan?x=1&y=2\"}";
    let files = built(&format!("{ADDRESS}\n{contact}"));
    let mail = |subject: &str, address: &str| format!("mailto:a+b@example.org?subject={subject}&amp;body={address}");
    let encoded = |text: &str| puzhi_core::base::percent_encode_path(text);
    for (path, title, address) in [
        (GUIDE, "甲 & 乙", "https://example.org/x/guides/a/"),
        ("guides/index.html", "指南", "https://example.org/x/guides/"),
        ("index.html", "首页", "https://example.org/x/"),
    ] {
        let page = text(&files, path);
        let wanted = mail(&encoded(&format!("网页纠错：{title}")), address);
        assert!(page.contains(&wanted), "{path}: {wanted}\n{page}");
        assert!(page.contains("<a href=\"tel:12345\">12345</a>（转宣传科）"), "{path}");
        assert!(page.contains("<a href=\"https://example.org/liuyan?x=1&amp;y=2\" class=\"external\""), "{path}");
        assert_eq!(page.matches("class=\"wrap mistake\"").count(), 1, "{path}");
    }
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with("index.html")) {
        let page = text(&files, path);
        assert!(page.contains("mailto:") || path.contains("poster"), "{path}");
    }
    for contact in ["", "contact: {address: 一号楼}"] {
        assert!(!text(&built(contact), GUIDE).contains("mistake"), "{contact}");
    }
    assert!(text(&built("contact: {email: a@example.org}"), GUIDE).contains("请告诉<a href=\"mailto:"));
}

#[test]
fn pages_with_folded_text_can_open_it_and_no_others() {
    let faq = "-- content/guides/faq.md --\n---\n标题: 问答\n---\n\n```{faq}\n## 问\n答。\n```\n";
    let site = format!("-- site.yaml --\ntitle: 县\n{ADDRESS}\n{SITE}{faq}");
    let (_, files) = build_archive(&site, date(2026, 11, 1), &Options::default());
    assert!(text(&files, "guides/faq/index.html").contains("<script src=\"../../js/open."));
    assert!(!text(&files, GUIDE).contains("js/open."));
}

#[test]
fn an_address_of_a_form_must_be_whole() {
    for (address, good) in
        [("https://example.org/liuyan", true), ("liuyan.html", false), ("http://", false), ("javascript:x", false)]
    {
        let (settings, diags) = parse_settings(&format!("title: 县\ncontact: {{form: \"{address}\"}}\n"));
        assert_eq!(settings.contact.unwrap().form.is_some(), good, "{address}");
        assert_eq!(diags.iter().filter(|d| d.code.name == "bad-base-url").count(), usize::from(!good), "{address}");
    }
}
