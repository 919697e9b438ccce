//! Links, addresses, emphasis inside everything.

use puzhi::markdown::LinkTarget;

use super::support::*;

#[test]
fn bare_addresses_become_links() {
    assert_eq!(
        show("见https://a.cn/b_c_d?x=1&y=2。请看（http://b.cn）\n").html,
        "<p>见⟦a https://a.cn/b_c_d?x=1&y=2⟧https://a.cn/b_c_d?x=1&amp;y=2⟦/a⟧。请看（⟦a http://b.cn⟧http://b.cn⟦/a⟧）</p>\n"
    );
    assert_eq!(
        show("[https://a.cn](b.md) `https://a.cn` <https://c.cn>\n").html,
        "<p>⟦a b.md⟧https://a.cn⟦/a⟧ <code>https://a.cn</code> ⟦a https://c.cn⟧https://c.cn⟦/a⟧</p>\n"
    );
    let s = show("# 题目\n\n文 https://a.cn/x，后\n");
    assert_eq!(s.body.links[0].span.end - s.body.links[0].span.start, "https://a.cn/x".len());
}

#[test]
fn targets_are_what_they_are_spelled_as() {
    let s = show("[甲](../b.md#条件) [乙](/c/) [丙](#丁) [戊](HTTPS://x.cn) <a@b.cn> [己](tel:12345 \"拨打\")\n");
    let targets: Vec<_> = s.body.links.iter().map(|l| l.target()).collect();
    assert_eq!(
        targets,
        [
            LinkTarget::Internal { path: "../b.md".into(), anchor: Some("条件".into()) },
            LinkTarget::Internal { path: "/c/".into(), anchor: None },
            LinkTarget::Anchor("丁".into()),
            LinkTarget::External("HTTPS://x.cn".into()),
            LinkTarget::External("mailto:a@b.cn".into()),
            LinkTarget::External("tel:12345".into()),
        ]
    );
    assert_eq!(s.body.links[5].title.as_deref(), Some("拨打"));
}

#[test]
fn refused_links_stay_as_text() {
    for bad in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java&#x09;script:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "<java\tscript:alert(1)>",
    ] {
        let s = show(&format!("[**字**]({bad})\n"));
        assert_eq!(s.html, "<p><strong>字</strong></p>\n", "{bad}");
        assert_eq!(s.found(), ["bad-scheme 1:1"], "{bad}");
    }
    assert_eq!(show("![图](https://a.cn/x.png)\n").html, "<p>图</p>\n");
    assert!(show("![图](https://a.cn/x.png)\n").body.images.is_empty());
}

#[test]
fn emphasis_beside_punctuation_works_everywhere() {
    for (text, wanted) in [
        ("{}\n", "<p>知识产权<strong>“强县”</strong>建设</p>"),
        ("## {}\n", "知识产权<strong>“强县”</strong>建设<a class"),
        ("- {}\n", "<li>知识产权<strong>“强县”</strong>建设</li>"),
        ("> {}\n", "<p>知识产权<strong>“强县”</strong>建设</p>"),
        ("[{}](a.md)\n", "⟧知识产权<strong>“强县”</strong>建设⟦"),
        ("|a|\n|-|\n|{}|\n", "<td>知识产权<strong>“强县”</strong>建设</td>"),
        ("[^1]\n\n[^1]: {}\n", "知识产权<strong>“强县”</strong>建设"),
        ("```{note}\n{}\n```\n", "<p>知识产权<strong>“强县”</strong>建设</p>"),
    ] {
        let s = show(&text.replace("{}", "知识产权**“强县”**建设"));
        assert!(s.html.contains(wanted), "{text}: {}", s.html);
    }
}

#[test]
fn text_is_escaped_once() {
    assert_eq!(show("a < b & c > \"d\" &amp; &lt; \\<\n").html, "<p>a &lt; b &amp; c &gt; \"d\" &amp; &lt; &lt;</p>\n");
    assert_eq!(show("[\"><b>](a.md \"x\\\"y\")\n").body.links[0].title.as_deref(), Some("x\"y"));
}
