//! Remarks in the forms of other programs that show on the page, link definitions that define nothing, and repairs that are
//! made only where a link comes of them.

use super::support::*;

#[test]
fn a_remark_that_shows_has_a_finding_at_its_place() {
    for (text, place) in [
        ("正文\n[comment]: # (备注甲)\n", "2:1"),
        ("- 项目\n[//]: # \"内部备注\"\n", "2:1"),
        ("- 甲\n  [//]: # (备注)\n- 乙\n", "2:3"),
        ("> 引用\n> [//]: # (备注)\n", "2:3"),
        ("甲<br>\n[//]: # (备注乙)\n", "2:1"),
        ("正文\n[//]: # （全角）\n", "2:1"),
        ("正文\n[备注]: # 待核实\n", "2:1"),
        ("正文 [//]: # (在行中)\n", "1:4"),
        ("[//]: # (隐藏)\n\n正文\n[//]: # (内部)\n", "4:1"),
        ("[comment]: # (隐藏)\n\n- 甲\n  [comment]: # (内部)\n", "4:3"),
        ("正文\n[//]: 没有井号\n", "2:1"),
        ("<%-- 备注 --%> 甲\n", "1:1"),
        ("甲 <%# 备注 %>\n", "1:3"),
        ("[//]：# (内部)\n", "1:1"),
        ("［//］: # (备注)\n", "1:1"),
        ("[注释]：# （内部）\n", "1:1"),
        ("[comment]：# (内部)\n", "1:1"),
        ("[//] : # (内部)\n", "1:1"),
        ("[]: # (内部)\n", "1:1"),
        ("【//】: # (内部)\n", "1:1"),
        ("正文\n【备注】：＃ 待核实\n", "2:1"),
    ] {
        let page = show(text);
        assert_eq!(page.found(), [format!("wide-comment {place}")], "{text}");
        assert!(!page.html.contains("&lt;#"), "{}", page.html);
    }
    // The row of a table and a block of HTML are reported as such, too.
    assert!(show("|a|b|\n|-|-|\n|1|2|\n[//]: # (备注)\n").found().contains(&"wide-comment 4:1".to_string()));
    assert_eq!(show("<div>\n[//]: # (备注)\n</div>\n").found(), ["markdown-in-html 2:1"]);
    assert_eq!(show("<div>\n[备注]: # 待定\n</div>\n").found(), ["markdown-in-html 2:1"]);
}

#[test]
fn remarks_that_hide_and_other_text_have_none() {
    for text in [
        "[//]: # (甲)\n[//]: # (乙)\n\n正文\n",
        "正文\n\n[comment]: <> (甲)\n\n[comment]: <> (乙)\n",
        "# 标题\n[//]: # \"甲\"\n正文\n",
        "`[//]: # (甲)` 是写法\n",
        "\\[备注]: # 是写法\n",
        "正文 [注]: #1 号\n",
        "[说明]：#1 号\n",
        "【注意】：# 1\n",
        "\\[//]：# (写法)\n",
    ] {
        assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_remark_with_the_label_of_a_link_is_reported() {
    for text in ["[注]: a.md\n[注]: # (备忘)\n\n见[注]\n", "[二]: /b.md\n\n见[二]\n\n[二]: # (备忘)\n"] {
        let found = show(text).found();
        assert!(found.len() == 1 && found[0].starts_with("definition-repeated"), "{found:?}");
    }
}

#[test]
fn definitions_below_text_are_reported() {
    for text in ["见[甲]。\n[甲]: a.md\n", "- 见[甲]\n  [甲]: https://a.cn/x\n", "> 见[甲]\n> [甲]: a.md \"题\"\n"]
    {
        let page = show(text);
        assert_eq!(page.diags.len(), 1, "{:?}", page.found());
        assert!(page.found()[0].starts_with("definition-in-text 2:"), "{:?}", page.found());
    }
    for text in ["见[甲]。\n\n[甲]: a.md\n", "见下。\n[甲]: 一种说法\n"] {
        assert!(show(text).found().is_empty(), "{:?}", show(text).found());
    }
}

#[test]
fn repairs_without_a_link_leave_the_text_as_it_is() {
    for (text, shown) in [
        ("\\[甲](申请 表.docx)\n", "<p>[甲](申请 表.docx)</p>"),
        ("\\[甲](a b.docx)\n", "<p>[甲](a b.docx)</p>"),
        ("甲\n[乙]: 现场 照片.png\n", "现场 照片.png"),
        ("甲\n[乙]: #节 一\n", "[乙]: #节 一"),
    ] {
        let page = show(text);
        assert!(page.html.contains(shown) && !page.html.contains("&lt;"), "{}", page.html);
    }
    for text in ["[甲[^1]](申请 表.docx)\n\n[^1]: 注\n", "[甲[^1]](a b.docx)\n\n[^1]: 注\n"] {
        let page = show(text);
        assert!(page.html.contains(".docx)") && !page.html.contains("&lt;"), "{}", page.html);
        assert_eq!(page.found(), ["nested-link 1:9"]);
    }
    // The link inside stays one, and so do others on the page.
    let page = show("[看[甲](a b.docx)](c d.docx)，[乙](e f.md)\n");
    let written: Vec<&str> = page.body.links.iter().map(|link| &*link.written).collect();
    assert_eq!(written, ["a b.docx", "e f.md"]);
}

#[test]
fn comments_of_other_generators_are_reported_each_time() {
    for (text, count) in [
        ("甲{{/* 一 */}}乙\n\n丙{{/* 二 */}}丁{{!-- 三 --}}\n\n{# 四 #}\n", 4),
        ("{% comment %}内部{% endcomment %}\n\n{%- comment -%}乙{%- endcomment -%}\n", 4),
        ("{{-- 一 --}}\n\n{{ /* 二 */ }}\n", 2),
        ("{::comment}一{:/comment}\n\n甲{>>二<<}\n", 2),
        ("{{/* 开头\n\n内部 */}}\n\n{! 甲 !}\n", 1),
        ("{{< figure >}}\n\n{{% tip %}}\n\n{* 备注 *}\n\n{{! 备注 }}\n", 3),
    ] {
        let found = show(text).found();
        assert_eq!(found.len(), count, "{text}: {found:?}");
        assert!(found.iter().all(|code| code.starts_with("generator-syntax")), "{found:?}");
    }
}
