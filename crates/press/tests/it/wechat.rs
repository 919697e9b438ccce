//! The WeChat fragment: nothing forbidden, nothing lost, each limit on both sides.

use proptest::prelude::*;
use puzhi_press::{
    Forbidden, Limit, LimitName, MediaFile, forbidden_in_wechat, visible_text_of_blocks, visible_text_of_html,
    wechat_fragment, wechat_limits,
};

use crate::support::{EVERYTHING, article, info, is_subsequence, random_html};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::support::cases(600)))]
    #[test]
    fn a_fragment_has_nothing_forbidden_and_all_of_the_text(html in random_html()) {
        let article = article(&html);
        let fragment = wechat_fragment(&article).html;
        prop_assert_eq!(forbidden_in_wechat(&fragment).expect("small HTML"), []);
        let text = visible_text_of_blocks(article.body());
        let shown = visible_text_of_html(&fragment).expect("small HTML");
        prop_assert!(is_subsequence(&text, &shown), "{} is not in {}", text, shown);
    }
}

#[test]
fn the_fragment_of_an_article_with_everything() {
    let fragment = wechat_fragment(&article(EVERYTHING));
    assert_eq!(forbidden_in_wechat(&fragment.html), Ok(vec![]));
    let has = |part: &str| assert!(fragment.html.contains(part), "{part} in {}", fragment.html);
    // Numbers are text, nested items are indented paragraphs.
    has("padding-left:1.4em;text-indent:-1.1em\">1.&nbsp;<strong>先检索。</strong>");
    has("padding-left:2.8em;text-indent:-1.1em\">a.&nbsp;国内");
    has("padding-left:4.2em;text-indent:-0.8em\">▪&nbsp;欧洲");
    has(">9.&nbsp;领证");
    // One note for two links to one address; links inside WeChat stay.
    has(
        "国家知识产权局<sup>[1]</sup>、同一页<sup>[1]</sup>、上文、另一页、<a href=\"https://mp.weixin.qq.com/s/abc\">公众号文章</a>",
    );
    has("[1]&nbsp;https://www.cnipa.gov.cn/x?a=1&amp;b=2</p>");
    assert!(!fragment.html.contains("[2]"));
    has("邮箱（a@b.cn）<sup>[注 1]</sup>");
    has("[注 1]&nbsp;见法条。");
    has("<th colspan=\"2\" style");
    has("<strong>电话</strong>：12345（转市市场监管局）");
    has("<img src=\"https://ip.example.cn/pictures/a.jpg\" alt=\"窗口\"");
    has("市民在窗口咨询。 图片来源：李四");
    has("if&nbsp;a:<br>&nbsp;&nbsp;&nbsp;&nbsp;b&nbsp;&lt;&nbsp;c");
    has("来源：市市场监管局</p>");
    has("原文地址：https://ip.example.cn/guides/a/</p>");
    assert!(!fragment.html.contains("<h1"), "the title stands in a field of its own");
    assert_eq!(fragment.unresolved, ["../b/index.html"]);
    let uploads: Vec<&str> = fragment.uploads.iter().map(|picture| picture.address.as_str()).collect();
    assert_eq!(uploads, ["local/b.png"]);
    has("【此处插入图片 1：流程图】");
}

#[test]
fn pictures_of_other_types_are_to_be_uploaded() {
    let fragment = wechat_fragment(&article(
        "<p><img src=\"https://a.cn/x.webp\"><img src=\"https://a.cn/x.SVG?v=1\"><img src=\"data:image/png;base64,AA\"><img src=\"https://a.cn/x.webp\"></p>",
    ));
    assert_eq!(fragment.uploads.len(), 3);
    assert_eq!(fragment.html.matches("图片 1】").count(), 2, "a picture that comes again keeps its number");
    assert_eq!(forbidden_in_wechat(&fragment.html), Ok(vec![]));
}

#[test]
fn the_checker_finds_each_forbidden_thing() {
    let found = |html: &str| forbidden_in_wechat(html).expect("small HTML");
    assert_eq!(found("<p style=\"margin:0\">甲<br><strong>乙</strong></p>"), []);
    assert_eq!(found("<script>x</script>"), [Forbidden::Element("script".into())]);
    assert_eq!(found("<style>p{}</style>"), [Forbidden::Element("style".into())]);
    assert_eq!(found("<iframe></iframe><font>甲</font>").len(), 2);
    for attribute in ["class", "id", "onclick", "data-x", "width"] {
        assert_eq!(found(&format!("<p {attribute}=\"a\">甲</p>")), [Forbidden::Attribute(attribute.into())]);
    }
    for style in [
        "color:var(--a)",
        "--a:1",
        "background:URL(x)",
        "Position:fixed",
        "width:expression(1)",
        "color:red !important",
    ] {
        assert_eq!(found(&format!("<p style=\"{style}\">甲</p>")), [Forbidden::Style(style.into())]);
    }
    for link in ["#a", "javascript:alert(1)", "../a", "https://", ""] {
        assert_eq!(found(&format!("<a href=\"{link}\">甲</a>")), [Forbidden::Link(link.into())]);
    }
    for picture in
        ["data:image/png;base64,AA", "a.png", "https://a.cn/a.webp", "https://a.cn/a.SVG?x=1", "//a.cn/a.png"]
    {
        assert_eq!(found(&format!("<img src=\"{picture}\">")), [Forbidden::Picture(picture.into())]);
    }
    assert_eq!(found("<img alt=\"甲\">"), [Forbidden::Picture(String::new())]);
    assert_eq!(found("<ul><li>甲<ol><li>乙</ol></ul>"), [Forbidden::NestedList]);
    assert_eq!(found("<ul><li>甲</ul><ol><li>乙</ol>"), []);
}

fn limit(limits: &[Limit], name: &LimitName) -> bool {
    limits.iter().find(|limit| limit.name == *name).expect("a row").is_kept()
}

#[test]
fn each_limit_holds_on_one_side_and_not_on_the_other() {
    let title = |n: usize| wechat_limits(&puzhi_press::ArticleInfo { title: "题".repeat(n), ..info() }, "", &[]);
    let author = |n: usize| wechat_limits(&puzhi_press::ArticleInfo { author: "名".repeat(n), ..info() }, "", &[]);
    let digest = |n: usize| wechat_limits(&puzhi_press::ArticleInfo { summary: "摘".repeat(n), ..info() }, "", &[]);
    let url = |n: usize| wechat_limits(&puzhi_press::ArticleInfo { url: "u".repeat(n), ..info() }, "", &[]);
    let body = |text: &str, n: usize| wechat_limits(&info(), &text.repeat(n), &[]);
    let picture = |n: usize| wechat_limits(&info(), "", &[MediaFile { address: "a.png".into(), bytes: vec![0; n] }]);
    let sides = [
        (LimitName::Title, title(32), title(33)),
        (LimitName::Author, author(16), author(17)),
        (LimitName::Digest, digest(128), digest(129)),
        (LimitName::Original, url(1024), url(1025)),
        (LimitName::BodyCharacters, body("字", 19_999), body("字", 20_000)),
        (LimitName::BodyBytes, body("a", 999_999), body("a", 1_000_000)),
        (LimitName::Picture("a.png".into()), picture(999_999), picture(1_000_000)),
    ];
    for (name, kept, broken) in &sides {
        assert!(limit(kept, name), "{name:?}");
        assert!(!limit(broken, name), "{name:?}");
    }
}
