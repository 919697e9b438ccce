//! Characters that nobody sees, and signs in full width: what they hide is read as if they were not there, or reported.

use super::support::*;

#[test]
fn marks_behind_characters_without_width_are_marks() {
    for (text, html) in [
        ("- 甲\n\u{200B}- 乙\n", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"),
        ("1. 甲\n\u{FEFF}2. 乙\n3. 丙\n", "<ol>\n<li>甲</li>\n<li>乙</li>\n<li>丙</li>\n</ol>"),
        ("* 甲\n\u{A0}* 乙\n", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"),
        ("- 甲\n　- 乙\n", "<ul>\n<li>甲<ul>\n<li>乙</li>\n</ul>\n</li>\n</ul>"),
        ("甲\n\n\u{200B}---\n\n乙\n", "<p>甲</p>\n<hr>\n<p>乙</p>"),
    ] {
        let page = show(text);
        assert_eq!((page.html.trim(), page.found()), (html, vec![]), "{text}");
    }
}

#[test]
fn signs_of_direction_hide_no_mark() {
    for hidden in ["\u{200E}", "\u{200F}", "\u{202A}", "\u{2066}", "\u{61C}", "\u{2063}"] {
        for (text, html) in [
            (format!("{hidden}- 甲\n{hidden}- 乙\n"), "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"),
            (format!("{hidden}1. 甲\n{hidden}2. 乙\n"), "<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>"),
            (format!("甲\n\n{hidden}---\n\n乙\n"), "<p>甲</p>\n<hr>\n<p>乙</p>"),
        ] {
            let page = show(&text);
            assert_eq!((page.html.trim(), page.found()), (html, vec![]), "{text:?}");
        }
        assert!(show(&format!("甲\n\n{hidden}## 乙\n")).html.contains("<h2"), "{hidden:?}");
    }
    assert_eq!(show("知识\u{200E}产权\n").found(), ["foreign-character 1:3"]);
}

/// A mark that only such a character parts from its words is as one without a space.
#[test]
fn marks_before_characters_without_width_are_reported() {
    for (text, found) in [
        ("甲\n\n#\u{200B}乙\n", "heading-space 3:1"),
        ("甲\n\n##\u{200E}乙\n", "heading-space 3:1"),
        ("-\u{200B}甲\n-\u{200B}乙\n", "list-space 1:1"),
        ("1.\u{FEFF}甲\n2.\u{FEFF}乙\n", "list-space 1:1"),
    ] {
        let page = show(text);
        assert_eq!(page.found(), [found], "{text:?}");
        assert!(!page.html.contains(['\u{200B}', '\u{200E}', '\u{FEFF}']), "{}", page.html);
    }
}

#[test]
fn lines_count_on_behind_characters_without_width() {
    for (text, code) in [
        ("\u{200B}1、甲\n\u{200B}2、乙\n", "wide-number 1:2"),
        ("\u{FEFF}一、甲\n\u{FEFF}二、乙\n", "enumerated-lines 1:2"),
        ("时间：甲\n\u{200B}地点：乙\n", "labelled-lines 1:1"),
        ("\u{2060}（一）甲\n\u{200B}（二）乙\n", "enumerated-lines 1:2"),
    ] {
        let page = show(text);
        assert_eq!(page.found(), [code], "{text}");
        assert!(page.html.contains("<br>"), "{}", page.html);
    }
}

#[test]
fn characters_inside_words_are_reported() {
    for (text, place) in [
        ("知识\u{200B}产权\n", "1:3"),
        ("电话138\u{FEFF}0013\n", "1:6"),
        ("1\u{200B}. 甲\n", "1:2"),
        ("# 甲\u{2060}乙\n", "1:4"),
    ] {
        let page = show(text);
        let found: Vec<String> = page.found().into_iter().filter(|code| !code.starts_with("several")).collect();
        assert_eq!(found, [format!("foreign-character {place}")], "{text}");
    }
    for text in ["\u{200B}甲\u{200B}\n", "family 👨\u{200D}👩 可\u{AD}分\n", "甲，\u{200B}乙\n"] {
        assert!(show(text).found().is_empty(), "{:?}", show(text).found());
    }
}

#[test]
fn lines_of_wide_spaces_part_paragraphs() {
    for blank in ["\u{A0}", "　", "&nbsp;", "\u{200B}", "&emsp;&emsp;", "　\u{200B} ", "&#160;", "&#12288;"] {
        for (text, html) in [
            (format!("甲段。\n{blank}\n乙段。\n"), "<p>甲段。</p>\n<p>乙段。</p>"),
            (format!("> 甲\n> {blank}\n> 乙\n"), "<blockquote>\n<p>甲</p>\n<p>乙</p>\n</blockquote>"),
            (format!("- 甲\n{blank}\n乙段。\n"), "<ul>\n<li>甲</li>\n</ul>\n<p>乙段。</p>"),
            (format!("甲  \r\n{blank}\r\n乙\r\n"), "<p>甲</p>\n<p>乙</p>"),
        ] {
            let page = show(&text);
            assert_eq!((page.html.trim(), page.found()), (html, vec![]), "{text}");
        }
        let table = show(&format!("|甲|乙|\n|-|-|\n|1|2|\n{blank}\n正文\n"));
        assert!(table.html.ends_with("</table></div>\n<p>正文</p>\n"), "{blank}: {}", table.html);
    }
    // A paragraph of its own stays, and so does code.
    assert_eq!(show("甲\n\n&nbsp;\n\n乙\n").html, "<p>甲</p>\n<p>\u{A0}</p>\n<p>乙</p>\n");
    assert_eq!(show("```\n甲\n\u{A0}\n乙\n```\n").body.code[0].text, "甲\n\u{A0}\n乙\n");
}

#[test]
fn a_sign_in_angle_brackets_that_is_a_tag_is_reported() {
    assert_eq!(show("用<a>表示答案\n").found(), ["html-removed 1:2"]);
    assert_eq!(show("<A>类和普通类\n").found(), ["html-removed 1:1"]);
    for text in ["<a name=\"x\"></a>甲\n", "<a id=\"x\">甲</a>\n", "<a href=\"b.md\">甲</a>\n", "用\\<a>表示\n"] {
        assert!(show(text).found().is_empty(), "{:?}", show(text).found());
    }
}

#[test]
fn lists_that_end_the_item_above_are_reported() {
    for (text, place) in [
        ("1. 甲\n  - 乙\n2. 丙\n", "2:3"),
        ("1. 甲\n\n  - 乙\n", "3:3"),
        ("10. 甲\n   * 乙\n", "2:4"),
        ("> 1) 甲\n>  - 乙\n", "2:4"),
        ("1. 甲\n  1. 乙\n", "2:3"),
    ] {
        assert_eq!(show(text).found(), [format!("list-indent {place}")], "{text}");
    }
    for text in [
        "1. 甲\n   - 乙\n2. 丙\n",
        "- 甲\n  - 乙\n",
        " 1. 甲\n 2. 乙\n\n - 丙\n",
        "1. 甲\n2. 乙\n\n - 丙\n",
        "1. 甲\n 2. 乙\n  3. 丙\n",
        "1. 甲\n\n正文\n\n  - 乙\n",
    ] {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}

#[test]
fn full_width_signs_in_addresses_are_reported() {
    for text in [
        "见http://a.cn/x？id=1＆b=2\n",
        "[甲](http://a.cn/x？id=1＆b＝2)\n",
        "http://a.cn/x?id=1＆b=2 和\n",
        "<http://a.cn/x／y>\n",
        "http://a.cn/x＃节\n",
    ] {
        let found = show(text).found();
        assert!(found.len() == 1 && found[0].starts_with("address-punctuation"), "{text}: {found:?}");
    }
    for text in ["去http://a.cn/x？你好\n", "[甲](http://a.cn/什么是专利？)后\n", "http://a.cn/x＝甲\n"] {
        assert!(!show(text).html.contains("a.cn/x?"), "{text}");
    }
    assert!(show("去http://a.cn/x？你好\n").found().is_empty());
}
