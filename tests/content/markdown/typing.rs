//! Lists, headings, emphasis and links as people type them: read where the meaning is plain, else left as typed with a
//! finding.

use puzhi_core::diag::Lang;

use super::support::*;

#[test]
fn lines_that_count_on_keep_their_breaks() {
    for (text, html, found) in [
        ("一、条件\n二、材料\n三、时限\n", "<p>一、条件<br>\n二、材料<br>\n三、时限</p>\n", "enumerated-lines 1:1"),
        ("（一）申请表\n（二）身份证\n", "<p>（一）申请表<br>\n（二）身份证</p>\n", "enumerated-lines 1:1"),
        ("第一步：准备\n第二步：提交\n", "<p>第一步：准备<br>\n第二步：提交</p>\n", "enumerated-lines 1:1"),
        ("第一条 为了规范\n第二条 适用于\n", "<p>第一条 为了规范<br>\n第二条 适用于</p>\n", "enumerated-lines 1:1"),
        ("1．甲\n2．乙\n", "<p>1．甲<br>\n2．乙</p>\n", "enumerated-lines 1:1"),
        ("①甲\n②乙\n", "<p>①甲<br>\n②乙</p>\n", "enumerated-lines 1:1"),
        ("选一项：\nA．甲\nB．乙\n", "<p>选一项：<br>\nA．甲<br>\nB．乙</p>\n", "enumerated-lines 2:1"),
        ("1、甲\n2、乙\n", "<p>1、甲<br>\n2、乙</p>\n", "wide-number 1:1"),
        ("・甲\n・乙\n", "<p>・甲<br>\n・乙</p>\n", "wide-bullet 1:1"),
        ("1.有证\n2.有照\n", "<p>1.有证<br>\n2.有照</p>\n", "list-space 1:1"),
        ("-项\n-项\n", "<p>-项<br>\n-项</p>\n", "list-space 1:1"),
    ] {
        let page = show(text);
        assert_eq!(page.html, html);
        assert_eq!(page.found(), [found], "{text}");
    }
}

#[test]
fn breaks_stay_only_where_lines_count() {
    // A line that goes on is joined as always; emphasis and quotes do not hide the number.
    let page = show("> 要求如下\n> **一、甲**\n> 接着\n> **二、乙**\n");
    assert_eq!(
        page.html,
        "<blockquote>\n<p>要求如下<br>\n<strong>一、甲</strong>接着<br>\n<strong>二、乙</strong></p>\n</blockquote>\n"
    );
    let page = show("- 流程\n  （1）甲\n  （2）乙\n");
    assert_eq!(page.html, "<ul>\n<li>流程<br>\n（1）甲<br>\n（2）乙</li>\n</ul>\n");
    // An outer count goes on after an inner one.
    let page = show("一、甲\n（一）乙\n（二）丙\n二、丁\n");
    assert_eq!(page.html.matches("<br>").count(), 3);
    for text in [
        "他说过的话\n第一条就是\n守信\n",
        "活动定于\n3.15活动日\n4.26活动日\n",
        "共有\n一百人\n二百人\n",
        "气温\n-5到\n-3度\n",
        "参见\n（1）和（3）\n",
    ] {
        let page = show(text);
        assert!(!page.html.contains("<br>") && page.found().is_empty(), "{}: {:?}", page.html, page.found());
    }
    // A hard break is the author's own and needs no word.
    let page = show("一、甲  \n二、乙\\\n三、丙\n");
    assert!(page.found().is_empty(), "{:?}", page.found());
}

#[test]
fn a_wide_space_after_a_mark_is_read_as_a_space() {
    for (text, html) in [
        ("##　甲\n\n-　乙\n-　丙\n", "id=\"甲\">甲<"),
        ("文\n\n1.　乙\n2.　丙\n", "<ol>\n<li>乙</li>\n<li>丙</li>\n</ol>\n"),
        ("- 甲\n  -　乙\n", "<li>甲<ul>\n<li>乙</li>\n</ul>\n</li>"),
        ("> ###　　甲\n", "<h3 id=\"甲\">甲<"),
        ("```{note}\n-　甲\n```\n", "<ul>\n<li>甲</li>\n</ul>\n"),
    ] {
        let page = show(text);
        assert!(page.html.contains(html), "{}", page.html);
        assert!(page.found().is_empty(), "{:?}", page.found());
    }
    for text in ["```\n##　甲\n-　乙\n```\n", "　　正文\n", "|a|b|\n|-|-|\n|-　甲|1.　乙|\n", "*　注：甲\n"]
    {
        assert!(show(text).html.contains('　'), "{}", show(text).html);
    }
    // Places after a repair are those of the file.
    assert_eq!(show("##　甲　！[图](a.png)\n\n-　乙 ![](b.png)\n").found(), ["wide-image 1:6", "missing-alt 3:5"]);
}

#[test]
fn marks_that_a_space_breaks_are_named() {
    let hint = |text: &str| show(text).diags.first().and_then(|d| d.hint(Lang::Zh)).unwrap_or_default();
    assert_eq!(hint("** 甲 **\n"), "去掉里面的空格，写成 **甲**");
    assert_eq!(hint("见 ｀a b｀\n"), "改成半角的 `a b`");
    assert_eq!(show("**甲 **和\n\n和** 乙**\n").found(), ["emphasis-space 1:1", "emphasis-space 3:2"]);
    assert_eq!(show("## [甲]　(b.html)\n").found(), ["link-space 1:4"]);
    assert_eq!(show("|甲|\n|-|\n|～～乙～～|\n").found(), ["wide-strike 3:2"]);
    for text in [
        "2 ** 3 ** 4\n",
        "`** 甲 **`\n",
        "谢谢～～今天～～\n",
        "[1] (https://a.cn/)\n",
        "[甲] (见下)\n",
        "｀是一个符号\n",
        "**甲** 和 **乙**\n",
    ] {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}

#[test]
fn paragraphs_that_look_like_headings_are_named_once() {
    assert_eq!(show("一、甲\n\n文。\n\n二、乙\n\n文。\n\n三、丙\n").found(), ["numbered-heading 1:1"]);
    assert_eq!(show("前言\n\n**第一章 总则**\n\n文。\n\n**第二章 办理**\n").found(), ["numbered-heading 3:3"]);
    for text in [
        "一、甲。\n\n文\n\n二、乙。\n",
        "一、甲\n\n二、乙\n",
        "（一）甲\n\n文\n\n（二）乙\n",
        "一、甲\n\n文\n",
        "第一条 甲\n\n第二条 乙\n",
        "## 一、甲\n\n## 二、乙\n",
    ] {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}
