//! Structure that was meant and is none, or that takes words away: tables, fences, lines with colons, footnotes, link
//! definitions, characters that cannot be shown.

use super::support::*;

fn none(text: &str) {
    assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
}

#[test]
fn rows_with_more_cells_than_the_head() {
    for (row, column) in
        [("| `a|b` | 代码 |", 11), ("| 甲 | 乙 | 丙 |", 11), ("甲 | 乙 | 丙", 9), ("| [[a|b]] | 丙 |", 13)]
    {
        let text = format!("| 写法 | 说明 |\n|---|---|\n{row}\n");
        assert_eq!(show(&text).found(), [format!("surplus-cells 3:{column}")], "{text}");
    }
    let s = show("> | 甲 | 乙 |\n> |:-:|--|\n> | 1 | 2 |\n> | 1 | 2 | 3 | 4 |\n");
    assert_eq!(s.found(), ["surplus-cells 4:13"]);
    none("| 甲 | 乙 |\n|---|---|\n| 1 | 2 | |\n| 1 |\n| `a\\|b` | 2 |\n");
}

#[test]
fn a_second_line_of_another_width_makes_no_table() {
    assert_eq!(show("| 三栏 | 表头 |\n|---|---|---|\n| 甲 | 乙 | 丙 |\n").found(), ["table-columns 2:1"]);
    assert_eq!(show("说明\n> 甲 | 乙 | 丙\n> -- | --\n> 1 | 2 | 3\n").found(), ["table-columns 3:3"]);
    none("甲 | 乙\n\n---\n\n丙 | 丁\n");
    let s = show("| 甲 | 乙 |\n|---|---|\t\n| 1 | 2 |\n");
    assert!(s.html.contains("<td>1</td>") && s.found().is_empty(), "{}", s.html);
    assert!(show("|甲|乙|\n|:-\t|-:\t|\n|1|2|\n").html.contains("<td class=\"right\">2</td>"));
}

#[test]
fn columns_set_with_tabs() {
    assert_eq!(show("姓名\t电话\n张三\t123\n李四\t456\n").found(), ["tab-table 1:3"]);
    assert_eq!(show("名单：\n甲\t1\t男\n乙\t2\t女\n").found(), ["tab-table 2:2"]);
    none("甲\t乙  \n丙\t丁\n");
    none("甲\t乙\n丙丁\n");
    none("甲\t| 乙\n丙\t| 丁\n");
    none("```\n甲\t乙\n丙\t丁\n```\n");
}

#[test]
fn fences_end_as_they_were_meant() {
    assert_eq!(show("```\n代码\n```\t\n后\n").html, "<pre><code>代码\n</code></pre>\n<p>后</p>\n");
    assert_eq!(show("> ~~~\n> 代码\n> ~~~ \t \n>\n> 后\n").found(), Vec::<String>::new());
    assert_eq!(show("````\n```\t\n````\n").html, "<pre><code>``` \n</code></pre>\n");
    assert!(show("```\n甲\t乙\n```\n").html.contains("甲\t乙"));
    for (text, fence) in [("~~~\n甲\n", "~~~"), ("`````rust\n甲\n```\n", "`````"), ("~~~~\n甲\n```\n", "~~~~")] {
        let s = show(text);
        assert_eq!(s.found(), ["unclosed-fence 1:1"], "{text}");
        assert_eq!(s.diags[0].hint(puzhi_core::diag::Lang::Zh).unwrap(), format!("在它的最后加一行：{fence}"));
    }
}

#[test]
fn a_colon_defines_only_before_a_space() {
    for text in
        ["时间\n:9:30 开始\n", "比例\n:1 比 2\n", "词\n\n:释义\n", "> 词\n> :释义\n", "词\n:\n", "词\n:　释义\n"]
    {
        let s = show(text);
        assert!(!s.html.contains("<dl>") && s.html.contains(':') && s.found().is_empty(), "{text}: {}", s.html);
    }
    for text in ["词\n: 释义\n", "词\n:\t释义\n", "词\n\n:   释义\n"] {
        assert!(show(text).html.contains("<dd>"), "{text}");
    }
    assert!(show("|甲|乙|\n:-|-:\n|1|2|\n").html.contains("<table>"));
    assert_eq!(show("```{details} 甲\n:open: 是\n乙\n```\n").found(), Vec::<String>::new());
}

#[test]
fn containers_of_other_generators_are_named() {
    let s = show("::: tip 提示\n先预约。\n:::\n");
    assert_eq!(s.found(), ["colon-container 1:1"]);
    assert!(s.html.contains("::: tip 提示") && s.html.contains("先预约。"), "{}", s.html);
    assert_eq!(s.diags[0].hint(puzhi_core::diag::Lang::Zh).unwrap(), "改成 ```{tip} 开头、``` 结尾的块");
    assert_eq!(show("甲\n\n- 项\n\n  :::danger\n  乙\n  :::\n").found(), ["colon-container 5:3"]);
    assert_eq!(show("甲\n:::{note} 乙\n丙\n:::\n").found(), ["colon-container 2:1"]);
    none("::: \n");
}

#[test]
fn footnotes_that_lead_nowhere() {
    assert_eq!(show("甲[^1]，乙[^2]\n\n[^1]: 注\n").found(), ["footnote-undefined 1:8"]);
    assert_eq!(show("| 甲[^表] |\n|---|\n| 乙 |\n").found(), ["footnote-undefined 1:4"]);
    assert_eq!(show("甲\n\n[^1]: 注\n    第二行\n").found(), ["footnote-unused 3:1"]);
    assert_eq!(show("甲[^1]\n\n[^1]: 注[^3]\n\n[^2]: 又[^2]\n\n[^3]: 三\n").found(), ["footnote-unused 5:1"]);
    assert_eq!(show("甲[^1]\n\n[^1]: 注\n[^1]: 再注\n").found(), ["footnote-repeated 4:1"]);
    assert_eq!(show("```{note}\n甲[^x]\n\n[^x]: 里\n```\n\n[^x]: 外\n").found(), ["footnote-repeated 7:1"]);
    none("正则 `[^a]`，转义 \\[^a]，[^甲]\n\n[^甲]: 注\n");
    none("[^ 甲]、[^]、[^0-9]、[^a-zA-Z]\n");
}

#[test]
fn footnotes_typed_with_full_width_signs() {
    assert_eq!(show("甲［^1］\n").found(), ["wide-footnote 1:2"]);
    assert_eq!(show("甲【^1】\n").found(), ["wide-footnote 1:2"]);
    let s = show("甲[^3]\n\n[^3]：说明\n");
    assert_eq!(s.found(), ["wide-footnote 3:1"]);
    assert_eq!(s.diags[0].hint(puzhi_core::diag::Lang::Zh).unwrap(), "改成半角的 [^3]:");
    assert_eq!(show("甲\n［^2］：说明\n").diags[0].hint(puzhi_core::diag::Lang::En).unwrap(), "type [^2]:");
}

#[test]
fn link_definitions_without_effect() {
    assert_eq!(show("甲\n\n[注意]: 请先预约\n").found(), ["definition-unused 3:1"]);
    assert_eq!(show("见[甲][x]\n\n[X]: a.md\n[y]: b.md\n").found(), ["definition-unused 4:1"]);
    assert_eq!(show("> 见[甲]\n>\n> [甲]: a.md\n> [甲]: b.md\n").found(), ["definition-repeated 4:3"]);
    none("```{note}\n见[甲]\n```\n\n[甲]: a.md\n");
    none("![图][甲]\n\n[甲]: a.png\n\n    [甲]: b.png\n\n```\n[甲]: c.png\n```\n");
    none("[//]: # (备忘)\n[comment]: <> (备忘)\n");
}

#[test]
fn characters_that_cannot_be_shown() {
    assert_eq!(
        show("甲\u{8}乙\n\n丙\u{FFFE}\u{1F}\n").found(),
        ["control-character 1:2", "control-character 3:2", "control-character 3:3"]
    );
    assert_eq!(show("```\n\u{0}\u{FFFF}\n```\n").found().len(), 2);
    assert_eq!(show(&"\u{1}".repeat(1_000)).found().len(), 20);
    none("甲\t乙\r\n丙\u{200B}\u{A0}\n");
}
