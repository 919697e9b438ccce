//! Raw HTML: what may stay stays, what may not is gone and said.

use super::support::*;

#[test]
fn plain_elements_stay() {
    assert_eq!(
        show("按<kbd>Ctrl</kbd>，<ruby>汉<rt>hàn</rt></ruby>，x<sub>2</sub><br>完\n").html,
        "<p>按<kbd>Ctrl</kbd>，<ruby>汉<rt>hàn</rt></ruby>，x<sub>2</sub><br>完</p>\n"
    );
    let s = show("<details open><summary>标题</summary>\n\n**“甲”**乙\n\n</details>\n");
    assert_eq!(s.html, "<details open=\"\"><summary>标题</summary>\n<p><strong>“甲”</strong>乙</p>\n</details>\n");
    assert_eq!(s.found(), Vec::<String>::new());
}

#[test]
fn a_table_may_hold_markdown_in_its_cells() {
    let s = show("<table>\n<tr><td align=\"center\">\n\n**甲**\n\n</td><td>乙</table>\n\n后\n");
    assert_eq!(
        s.html.replace('\n', ""),
        "<table><tbody><tr><td class=\"center\"><p><strong>甲</strong></p></td><td>乙</td></tr></tbody></table><p>后</p>"
    );
}

#[test]
fn links_images_and_ids_are_the_pages_own() {
    let s = show(
        "<a href=\"../b.md#c\" target=_blank>甲</a> <img src=\"x.png\" alt=\"图\" width=9> <span id=\"这里\">乙</span>\n",
    );
    assert_eq!(s.html, "<p>⟦a ../b.md#c⟧甲⟦/a⟧ ⟦img x.png “图”⟧ <span id=\"这里\">乙</span></p>\n");
    assert_eq!(s.body.anchors, ["这里"]);
    assert_eq!(show("文 <a href=\"java&#10;script:x\">甲</a>\n").found(), ["bad-scheme 1:3"]);
    assert_eq!(show("<p>文\n<img src=\"https://a.cn/x.png\"></p>\n").found(), ["remote-image 2:1"]);
    assert_eq!(show("[外<a href=\"c.md\">内</a>](b.md)\n").html, "<p>⟦a b.md⟧外内⟦/a⟧</p>\n");
}

#[test]
fn scripts_are_gone_and_said() {
    for bad in [
        "<script>alert(1)</script>",
        "<ScRiPt src=x></sCrIpT>",
        "<p onclick=\"alert(1)\">甲</p>",
        "<img src=x alt=y onerror=alert(1)>",
        "<svg onload=alert(1)></svg>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src=\"https://a.cn\"></iframe>",
        "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
        "<style>*{display:none}</style>",
        "<p style=\"position:fixed\">甲</p>",
        "<form action=x><input name=a></form>",
        "<object data=x></object>",
        "<base href=x>",
        "<meta http-equiv=refresh content=0>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<template><script>alert(1)</script></template>",
        "<textarea><script>alert(1)</script></textarea>",
        "<link rel=stylesheet href=x>",
        "<div><svg><p><style><!--</style><img src=x onerror=alert(1)>",
    ] {
        for text in
            [format!("{bad}\n"), format!("文 {bad} 后\n"), format!("> - {bad}\n"), format!("```{{note}}\n{bad}\n```\n")]
        {
            let s = show(&text);
            let lower = s.html.to_lowercase();
            for word in [
                "<script",
                "onclick",
                "onerror",
                "onload",
                "<svg",
                "<math",
                "<iframe",
                "<style",
                "style=",
                "<form",
                "<input",
                "<object",
                "<base",
                "<meta",
                "<template",
                "<textarea",
                "<link",
                "<noscript",
            ] {
                assert!(!lower.contains(word), "{text}: {}", s.html);
            }
            assert!(s.found().iter().any(|f| f.starts_with("html-removed")), "{text}: {:?}", s.found());
        }
    }
    assert_eq!(show("甲<script>alert(1)</script>乙\n").html, "<p>甲乙</p>\n");
    let said = |text: &str| -> Vec<String> {
        show(text).diags.iter().map(|d| d.message(puzhi_core::diag::Lang::Zh)).collect()
    };
    let removed = |what: &str| format!("正文里的 HTML 有不允许的内容，已去掉：{what}");
    assert_eq!(said("<blink>甲</blink>\n<marquee>\n"), [removed("<blink>"), removed("<marquee>")]);
    assert_eq!(said("甲<font color=red size=5>乙</font>\n"), [removed("<font color size>")]);
    assert_eq!(said("<p align=middle>甲</p>\n"), [removed("<p align>")]);
}

#[test]
fn a_line_break_inside_what_is_left_out_goes_with_it() {
    assert_eq!(show("甲<svg>\n乙</svg>丙\n").html, "<p>甲丙</p>\n");
}

#[test]
fn every_removed_part_is_said_at_its_own_line() {
    let s = show(
        "甲 <font color=red>乙</font>\n丙 <blink>丁</blink>\n\n<table>\n<tr>\n<td bgcolor=red width=9>戊</td>\n</tr>\n</table>\n",
    );
    assert_eq!(s.found(), ["html-removed 1:3", "html-removed 2:3", "html-removed 6:1"]);
    assert_eq!(show("<td>甲</td>\n").found(), ["html-removed 1:1"]);
    assert_eq!(show("<table>\n文字\n<tr><td>甲</td></tr></table>\n").found(), ["html-removed 2:1"]);
    let s = show("<center>甲</center>\n");
    assert_eq!((s.html.trim(), s.found().len()), ("<div class=\"center\">甲</div>", 0));
}

#[test]
fn a_comment_without_its_end_is_said() {
    for (text, place) in [
        ("前\n\n<!-- 备注 —>\n\n## 后\n", "open-comment 3:1"),
        ("前\n\n<!-- 备注 --!>\n\n后\n", "open-comment 3:1"),
        ("前\n\n<!-- 备注\n\n后\n", "open-comment 3:1"),
        ("- 项\n\n  <!-- 备注 --\n\n  后\n", "open-comment 3:3"),
        ("```{note}\n<!-- 备注 ->\n```\n\n后\n", "open-comment 2:1"),
        ("<!-- 一 —>\n\n正文\n\n<!-- 二 -->\n", "open-comment 1:1"),
        ("<div>\n甲 <!-- 乙\n</div>\n", "open-comment 2:3"),
        ("甲 <!-- 备注 —> 乙\n", "open-comment 1:3"),
    ] {
        assert_eq!(show(text).found(), [place], "{text}");
    }
    for text in
        ["<!-- 甲 —> 乙 -->\n", "`<!--` 甲\n", "\\<!-- 甲\n", "&lt;!-- 甲\n", "<!---->\n", "甲<!-- 乙\n丙 -->丁\n"]
    {
        assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn declarations_and_generics_are_text() {
    for (text, html) in [
        (
            "用 Collection<? extends E> 与 List<?> 两种\n",
            "<p>用 Collection&lt;? extends E&gt; 与 List&lt;?&gt; 两种</p>\n",
        ),
        ("<?php\necho 1;\n\n后**文**\n", "<p>&lt;?php\necho 1;</p>\n<p>后<strong>文</strong></p>\n"),
        ("<![CDATA[甲\n\n乙\n", "<p>&lt;![CDATA[甲</p>\n<p>乙</p>\n"),
        ("<!DOCTYPE html\n\n乙\n", "<p>&lt;!DOCTYPE html</p>\n<p>乙</p>\n"),
        ("见 <a:b> 与 `<?x?>`\n", "<p>见 &lt;a:b&gt; 与 <code>&lt;?x?&gt;</code></p>\n"),
        (
            "在<st1:place>礼堂</st1:place>开会，<chs-date:y>\n",
            "<p>在&lt;st1:place&gt;礼堂&lt;/st1:place&gt;开会，&lt;chs-date:y&gt;</p>\n",
        ),
        ("    <?php ?>\n", "<pre><code>&lt;?php ?&gt;\n</code></pre>\n"),
    ] {
        let s = show(text);
        assert_eq!((s.html.as_str(), s.found()), (html, vec![]), "{text}");
    }
}

#[test]
fn names_of_keys_are_text() {
    for text in [
        "按 <P> 键打印，按<B>键加粗，按 <Q> 键退出",
        "<Ctrl>+<C>复制，再按<Esc>",
        "点击 <S> 按钮，插入<U>盘",
        "**<I>** 图标，<Enter> 确认，<Del>删除",
    ] {
        let page = show(&format!("{text}\n"));
        assert_eq!(page.found(), Vec::<String>::new(), "{text}");
        let plain = page.html.replace("<strong>", "").replace("</strong>", "");
        let shown = text.replace("**", "").replace('<', "&lt;").replace('>', "&gt;");
        assert_eq!(plain, format!("<p>{shown}</p>\n"));
    }
    assert_eq!(show("参数<name>必填，<X>为变量\n").found(), ["html-removed 1:3", "html-removed 1:12"]);
    assert_eq!(show("按<b>时间</b>排列，按<kbd>P</kbd>键\n").found(), Vec::<String>::new());
}

#[test]
fn indented_tags_below_an_empty_line_are_said() {
    for text in
        ["<div>\n\n    <p>甲</p>\n\n</div>\n", "<details>\n<summary>甲</summary>\n\n    <b>乙</b>\n\n</details>\n"]
    {
        let found = show(text).found();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("indented-text"), "{found:?}");
    }
    assert_eq!(show("写法：\n\n    <p>甲</p>\n").found(), Vec::<String>::new());
}

#[test]
fn an_empty_line_in_a_table_is_said() {
    let s = show("<table>\n<tr><td>甲</td></tr>\n\n<tr><td>乙</td></tr>\n</table>\n\n后\n");
    assert_eq!(s.found(), ["html-table-cut 3:1"]);
    assert_eq!(s.html.replace('\n', ""), "<table><tbody><tr><td>甲</td></tr></tbody></table>乙<p>后</p>");
    let s = show("> <table>\n>   <tr>\n>     <td>一</td>\n>\n>     <td>二</td>\n>   </tr>\n> </table>\n");
    assert_eq!(s.found(), ["html-table-cut 4:1"]);
    assert_eq!(show("<table><tr><td>\n\n甲\n\n</td></tr></table>\n").found(), Vec::<String>::new());
    assert_eq!(show("<table><tr><td>甲</td></tr>\n").found(), Vec::<String>::new());
}

#[test]
fn pictures_in_the_address_are_said() {
    assert_eq!(show("![图](data:image/png;base64,AA==)\n").found(), ["data-image 1:1"]);
    assert_eq!(show("文 <img alt=图 src=\"DATA:image/gif;base64,AA==\">\n").found(), ["data-image 1:3"]);
    assert_eq!(show("```{figure} data:image/png;base64,AA==\n:alt: 图\n```\n").found(), ["data-image 1:13"]);
}

#[test]
fn comments_are_dropped_in_silence() {
    let s = show("<!-- 注 -->\n\n甲<!-- 注 -->乙\n");
    assert_eq!((s.html.as_str(), s.found().len()), ("<p>甲乙</p>\n", 0));
}

#[test]
fn what_is_left_open_ends_with_what_holds_it() {
    assert_eq!(show("甲<b>乙\n\n丙\n").html, "<p>甲<b>乙</b></p>\n<p>丙</p>\n");
    assert_eq!(show("> <div>甲\n\n乙\n").html, "<blockquote>\n<div>甲\n</div></blockquote>\n<p>乙</p>\n");
    assert_eq!(show("</div></p></section>\n\n甲\n").html, "<p>甲</p>\n");
    assert_eq!(show("<ul><li>甲<li>乙</ul>\n").html, "<ul><li>甲</li><li>乙</li></ul>\n");
}

#[test]
fn formulas_and_slots_survive_the_sanitizer() {
    let s = show(
        "<div>\n\n设$x=1$，[甲](a.md)、![乙](b.png)[^1]\n\n```{toc}\n```\n\n```rust\nx\n```\n\n</div>\n\n[^1]: 注<b>释</b>\n",
    );
    assert!(s.html.contains("<math display=\"inline\">"), "{}", s.html);
    assert!(s.html.contains("⟦a a.md⟧甲⟦/a⟧、⟦img b.png “乙”⟧<sup class=\"footnote-ref\">"), "{}", s.html);
    assert!(s.html.contains("⟦Toc { depth: 3 }⟧"), "{}", s.html);
    assert!(s.html.contains("注<b>释</b> <a class=\"footnote-back\""), "{}", s.html);
    assert_eq!(s.body.main.slots.len(), 5);
}

#[test]
fn trusted_html_is_as_written() {
    let s = show_with("<div onclick=x id=\"甲\">\n\n文<script>1</script>\n\n</div>\n", true, None);
    assert_eq!(s.html, "<div onclick=x id=\"甲\">\n<p>文<script>1</script></p>\n</div>\n");
    assert_eq!((s.body.anchors, s.diags.len()), (vec!["甲".to_string()], 0));
}
