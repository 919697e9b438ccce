//! What the tests share: articles, random HTML, small pictures.

use proptest::prelude::*;
use puzhi_press::{Article, ArticleInfo, MediaFile};

/// How many random cases a property tries: `PROPTEST_CASES` if that asks for more.
pub fn cases(least: u32) -> u32 {
    ProptestConfig::default().cases.max(least)
}

/// What is known of the article of the tests.
pub fn info() -> ArticleInfo {
    ArticleInfo {
        title: "专利怎么申请".into(),
        summary: "说明申请专利的步骤。".into(),
        author: "张三".into(),
        source: "市市场监管局".into(),
        published: "2026年5月1日".into(),
        published_iso: "2026-05-01".into(),
        url: "https://ip.example.cn/guides/a/".into(),
        site: "安宁市知识产权宣传".into(),
        credit_line: "来源：安宁市知识产权宣传".into(),
        permission: "注明来源即可转载。".into(),
        contact: "电话12345".into(),
        language: "zh-CN".into(),
        ..ArticleInfo::default()
    }
}

/// The article of this HTML.
pub fn article(html: &str) -> Article {
    Article::from_html(html, info()).expect("HTML within the bounds")
}

/// HTML with everything an article can have.
pub const EVERYTHING: &str = include_str!("everything.html");

/// A JPEG of 60 × 40 pixels.
pub fn jpeg(address: &str) -> MediaFile {
    let mut bytes = Vec::new();
    let pixels = [40, 120, 90].repeat(60 * 40);
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&pixels, 60, 40, jpeg_encoder::ColorType::Rgb)
        .expect("a picture");
    MediaFile { address: address.into(), bytes }
}

/// A PNG of 40 × 20 pixels.
pub fn png(address: &str) -> MediaFile {
    MediaFile { address: address.into(), bytes: include_bytes!("pixel.png").to_vec() }
}

/// Whether `part` is what is left of `whole` when some characters are taken out.
pub fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|c| rest.any(|other| other == c))
}

/// Whether each character of `part` is in `whole` as often or more often: plain text says the head of a wide table before each cell, so the order
/// differs.
pub fn has_all(part: &str, whole: &str) -> bool {
    let mut left: std::collections::BTreeMap<char, usize> = Default::default();
    whole.chars().for_each(|c| *left.entry(c).or_default() += 1);
    part.chars().all(|c| left.get_mut(&c).is_some_and(|n| n.checked_sub(1).map(|rest| *n = rest).is_some()))
}

/// Tags, texts and pieces of tags in any order.
pub fn random_html() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "p",
        "div",
        "h1",
        "h2",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "blockquote",
        "pre",
        "code",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
        "section",
        "a",
        "strong",
        "em",
        "b",
        "sub",
        "sup",
        "span",
        "q",
        "br",
        "hr",
        "img",
        "svg",
        "text",
        "math",
        "mfrac",
        "mi",
        "mn",
        "msup",
        "template",
        "script",
        "style",
        "select",
        "option",
        "button",
        "textarea",
        "input",
        "form",
        "video",
        "source",
        "iframe",
        "noscript",
        "title",
        "body",
        "html",
        "head",
        "colgroup",
        "col",
        "ruby",
        "rt",
        "del",
        "small",
    ]);
    let attributes = prop::sample::select(vec![
        "",
        " hidden",
        " class=\"credit\"",
        " class=\"visually-hidden\"",
        " role=\"doc-endnotes\"",
        " role=\"doc-noteref\"",
        " role=\"doc-backlink\"",
        " href=\"https://a.cn/x\"",
        " href=\"#a\"",
        " href=\"../b\"",
        " href=\"tel:12345\"",
        " src=\"a.png\"",
        " colspan=\"3\"",
        " class=\"footnote-ref\"",
        " class=\"footnotes\"",
        " rowspan=\"2\"",
        " rowspan=\"0\"",
        " start=\"7\" type=\"a\"",
        " reversed",
        " value=\"9\"",
        " type=\"checkbox\"",
    ]);
    let text = prop::sample::select(vec![
        "甲",
        "乙 丙",
        " ",
        "\n",
        "a&amp;b",
        "&lt;p>",
        "&nbsp;",
        "1.",
        "　",
        "<",
        "</",
        "<!-- x -->",
        "]]>",
    ]);
    let token = prop_oneof![
        3 => (names.clone(), attributes).prop_map(|(name, attribute)| format!("<{name}{attribute}>")),
        2 => names.prop_map(|name| format!("</{name}>")),
        4 => text.prop_map(String::from),
    ];
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}
