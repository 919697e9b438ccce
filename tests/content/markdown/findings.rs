//! Every finding about Markdown: exactly it, at the right line and column.

use puzhi_core::diag::{Lang, codes};

use super::support::*;

/// Code, text that triggers it and nothing else, and where.
const CASES: &[(&str, &str, &str)] = &[
    ("missing-alt", "第一行\n第二行 ![](a.png)\n", "2:5"),
    ("empty-link", "去[这里]()看\n", "1:2"),
    ("wide-address", "> 见 https：//www.a.cn/b 和\n", "1:5"),
    ("incomplete-address", "见[这里](http://)。\n", "1:2"),
    ("duplicate-anchor", "## 甲 {#x}\n\n## 乙 {#x}\n", "3:1"),
    ("reserved-anchor", "## 甲 {#main}\n", "1:1"),
    ("open-formula", "设：\n\n$$\nS=ab\n\nT=cd\n$$\n", "3:1"),
    ("html-end-tag", "甲</p>乙\n", "1:2"),
    ("markdown-in-html", "<p>附件</p>\n- 身份证\n", "2:1"),
    ("wide-comment", "文 ‹!—— 待核 ——›\n", "1:3"),
    ("nested-comment", "前\n\n<!-- 外 <!-- 内 -->\n漏\n-->\n", "3:1"),
    ("fence-words", "```sql 查询数据\nselect\n```\n", "1:8"),
    ("table-glued", "- 材料\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n", "2:1"),
    ("table-cell-break", "| 甲 | 乙 |\n|---|---|\n| 1 | 1.身份证\n2.户口本 |\n", "4:1"),
    ("wide-definition", "[附则]：https://a.cn\n", "1:1"),
    ("address-space", "见[甲](https://a.cn/x y)。\n", "1:6"),
    ("nested-link", "见[甲[^1]](b.md)。\n\n[^1]: 注\n", "1:10"),
    ("directive-brace", "```{note 重要\n甲\n```\n", "1:4"),
    ("alert-mark", "> [！重要]\n> 带证件。\n", "1:3"),
    ("empty-heading", "文\n\n> ##\n", "3:3"),
    ("several-titles", "# 题目\n\n文\n\n# 乙\n\n# 丙\n", "5:1"),
    ("bad-tex", "> 设 $\\nosuch$ 则\n", "1:5"),
    ("html-removed", "甲\n\n- 乙 <blink>丙</blink>\n", "3:5"),
    ("unclosed-fence", "文\n\n- 项\n\n  ```rust\n  let x;\n", "5:3"),
    ("open-comment", "前文。\n\n<!-- 备注：待核 —>\n\n后文。\n", "3:1"),
    ("html-table-cut", "<table>\n<tr><td>甲</td></tr>\n\n<tr><td>乙</td></tr>\n</table>\n", "3:1"),
    ("data-image", "文 ![图](data:image/png;base64,AAAA)\n", "1:3"),
    ("surplus-cells", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 | 3 |\n", "3:11"),
    ("table-columns", "| 甲 | 乙 |\n|---|---|---|\n| 1 | 2 | 3 |\n", "2:1"),
    ("tab-table", "姓名\t电话\n张三\t123\n", "1:3"),
    ("colon-container", "> ::: tip 提示\n> 先预约。\n> :::\n", "1:3"),
    ("footnote-undefined", "甲[^1]\n", "1:2"),
    ("footnote-unused", "甲\n\n[^1]: 注\n", "3:1"),
    ("footnote-repeated", "甲[^1]\n\n[^1]: 注\n\n[^1]: 又注\n", "5:1"),
    ("wide-footnote", "甲［^1］\n", "1:2"),
    ("definition-unused", "甲\n\n[注意]: 说明\n", "3:1"),
    ("definition-repeated", "见[甲]\n\n[甲]: https://a.cn\n[甲]: https://b.cn\n", "4:1"),
    ("control-character", "甲\u{8}乙\n", "1:2"),
    ("heading-attribute", "## 甲 {#x lang=en}\n", "1:6"),
    ("gallery-text", "```{gallery}\n![图](a.png)\n说明\n```\n", "3:1"),
    ("foreign-character", "甲\u{F0B7}乙\n", "1:2"),
    ("underlined-text", "各单位：\n请于四月底前报送。\n------\n", "3:1"),
    ("indented-text", "文\n\n    各乡镇：请认真执行。\n", "3:5"),
    ("mark-not-shown", "文\n\n* 号为必填\n", "3:1"),
    ("spaced-table", "名单：\n姓名  电话\n张三  123\n李四  456\n", "2:1"),
    ("dollar-text", "变量$name$的值\n", "1:3"),
    ("tex-brackets", "> 设 \\(x^2\\) 为\n", "1:5"),
    ("heading-end", "文\n\n## 标题##\n", "3:6"),
    ("page-number", "知识产\n\n— 3 —\n\n权保护\n", "3:1"),
    ("list-numbers", "3. 甲\n5. 乙\n8. 丙\n", "2:1"),
    ("task-box", "- [ ] 甲\n- [√] 乙\n", "2:3"),
    ("lazy-line", "> 引文。\n甲说的。\n", "2:1"),
    ("table-head", "文\n\n| 甲 | 乙 |\n| 1 | 2 |\n", "3:1"),
    ("table-line", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n以上。\n", "4:1"),
    ("labelled-lines", "请看：\n\n时间：九点\n地点：大厅\n", "3:1"),
    ("indented-lines", "\u{3000}\u{3000}甲。\n\u{3000}\u{3000}乙。\n", "2:1"),
    ("wide-image", "文\n！[图](a.png)\n", "2:1"),
    ("wide-heading", "文\n\n＃＃ 标题\n", "3:1"),
    ("heading-space", "文\n\n##标题\n", "3:1"),
    ("wide-link", "> 请看【办事指南】（../guides/a.md）。\n", "1:5"),
    ("wide-fence", "文\n\n···{note}\n内\n···\n", "3:1"),
    ("wide-number", "要求如下：\n1、甲\n2、乙\n", "2:1"),
    ("wide-bullet", "要求如下：\n• 甲\n• 乙\n", "2:1"),
    ("enumerated-lines", "> 要求：\n> 一、甲\n> 二、乙\n", "2:3"),
    ("list-space", "要求：\n-甲\n-乙\n", "2:1"),
    ("numbered-heading", "一、条件\n\n年满十八岁。\n\n二、材料\n\n申请表。\n", "1:1"),
    ("emphasis-space", "请看** 重点 **内容\n", "1:3"),
    ("link-space", "请看[指南] (a.md)。\n", "1:3"),
    ("wide-code", "输入｀puzhi build｀再回车\n", "1:3"),
    ("wide-strike", "这条 ～～作废～～\n", "1:4"),
    ("wide-rule", "甲\n\n———\n\n乙\n", "3:1"),
    ("wide-table", "｜甲｜乙｜\n｜－－｜－－｜\n｜1｜2｜\n", "1:1"),
    ("wide-quote", "＞ 引文\n", "1:1"),
    ("wide-emphasis", "请看：＊＊重点＊＊内容\n", "1:4"),
    ("page-embed", "- 甲\n- 见![[办事指南]]\n", "2:4"),
    ("unknown-directive", "> ```{nota}\n> x\n> ```\n", "1:7"),
    ("missing-argument", "```{download}\n```\n", "1:5"),
    ("unexpected-argument", "```{toc} 目录\n```\n", "1:10"),
    ("unexpected-body", "```{toc}\n:depth: 2\n\n多余的\n```\n", "4:1"),
    ("unknown-option", "- 项\n\n  ```{events}\n  :limits: 5\n  ```\n", "4:4"),
    ("repeated-option", "```{events}\n:limit: 5\n:limit: 6\n```\n", "3:2"),
    ("wide-option", "```{events}\n：limit：5\n```\n", "2:2"),
    ("bad-option", "> > ```{toc}\n> > :depth: 九\n> > ```\n", "2:13"),
    ("steps-without-list", "```{steps}\n先做这个\n```\n", "1:5"),
    ("faq-without-questions", "```{faq}\n没有问题\n```\n", "1:5"),
    ("gallery-without-images", "```{gallery}\n没有图片\n```\n", "1:5"),
    ("bad-entries", "```{contacts}\n- name：窗口\n  phone: 1\n```\n", "2:7"),
    ("missing-entry-key", "```{contacts}\n- name: 甲\n- phone: 1\n```\n", "3:1"),
    ("unknown-entry-key", "```{contacts}\n- name: 甲\n  phon: 1\n```\n", "3:3"),
];

#[test]
fn each_finding_has_its_place() {
    for (code, text, place) in CASES {
        assert_eq!(show(text).found(), [format!("{code} {place}")], "{text}");
    }
}

#[test]
fn nesting_too_deep_is_said_once() {
    let text = format!("{}深\n\n{}深\n", "> ".repeat(40), "> ".repeat(50));
    assert_eq!(show(&text).found(), ["too-deep 1:65"]);
}

#[test]
fn the_line_between_two_versions_makes_no_title() {
    for (text, found) in [
        ("# 题目\n\n<<<<<<< HEAD\n甲。\n=======\n乙\n>>>>>>> b\n", vec![]),
        ("# 题目\n\n<<<<<<< HEAD\n\n甲。\n=======\n\n乙\n>>>>>>> b\n", vec![]),
        ("# 题目\n\n甲\n=======\n\n乙\n", vec!["several-titles 3:1"]),
    ] {
        assert_eq!(show(text).found(), found, "{text}");
    }
}

#[test]
fn a_comment_without_an_end_says_where_the_loss_ends() {
    for (text, line) in [
        ("前\n\n<!-- 甲\n乙\n\n丙 --!>\n\n丁\n", 8),
        ("前\n\n<!-- 甲\n<!-- 乙 -->\n丙\n", 4),
        ("> <!-- 甲\n> 乙\n\n丙\n", 2),
        ("文 <!-- 甲 <!-- 乙\n丙 -->丁\n", 2),
    ] {
        let diag = show(text).diags.remove(0);
        assert!(diag.message(Lang::Zh).contains(&format!("到第 {line} 行")), "{}", diag.message(Lang::Zh));
        assert!(diag.message(Lang::En).contains(&format!("to line {line} ")), "{}", diag.message(Lang::En));
    }
}

#[test]
fn every_code_is_tried() {
    for code in codes::markdown::ALL.iter().filter(|c| c.name != "too-deep") {
        assert!(CASES.iter().any(|(name, ..)| *name == code.name), "{}", code.name);
    }
}

#[test]
fn links_and_images_are_checked_by_their_spelling() {
    assert_eq!(show("见[坏](javascript:alert(1))。\n").found(), ["bad-scheme 1:2"]);
    assert_eq!(show("![图](https://a.cn/x.png)\n").found(), ["remote-image 1:1"]);
    assert_eq!(show("文 ![图](//a.cn/x.png)\n").found(), ["remote-image 1:3"]);
}

#[test]
fn messages_are_whole_in_both_languages() {
    for (_, text, _) in CASES {
        for diag in show(text).diags {
            for lang in [Lang::Zh, Lang::En] {
                let message = diag.message(lang);
                assert!(!message.contains(['{', '}']), "{message}");
                assert!(!message.contains('…'), "{message}");
            }
        }
    }
    let diag = show("```{nota}\n```\n").diags.remove(0);
    assert_eq!(diag.hint(Lang::Zh).as_deref(), Some("最接近的是 note"));
    let diag = show("```{survey}\n```\n").diags.remove(0);
    assert_eq!(diag.message(Lang::Zh), "“survey”后面要写问卷的编号");
    assert_eq!(diag.hint(Lang::En).as_deref(), Some("write it on the same line, as in ```{survey} …"));
    let diag = show("```{pages}\n:sort: 日期\n```\n").diags.remove(0);
    assert_eq!(diag.hint(Lang::Zh).as_deref(), Some("可以写 date、order、title"));
}

#[test]
fn places_survive_windows_lines_and_front_matter() {
    let file = puzhi_core::base::SitePath::new("content/a.md").unwrap();
    let text = "---\r\ntitle: 甲\r\n---\r\n> - ```{note}\r\n>   第一行\r\n>   ![](x.png)\r\n>   ```\r\n";
    let source = puzhi_core::diag::SourceText::new(&file, text);
    let labels = labels();
    let options = puzhi::markdown::MarkdownOptions { title: None, ..plain_options(&labels) };
    let start = text.find("> -").unwrap();
    let (body, diags) = puzhi::markdown::render(&source, start, &options);
    let place = diags[0].position.unwrap();
    assert_eq!((diags.len(), place.line, place.column), (1, 6, 5));
    assert_eq!(&text[body.images[0].span.start..body.images[0].span.end], "![](x.png)");
}

#[test]
fn yaml_lists_say_what_is_wrong_in_the_readers_words() {
    for (body, place, words) in [
        ("- name: 甲\n\tphone: 1\n", "3:1", "Tab"),
        ("- name: \"甲\n", "2:1", "引号"),
        ("- name: 甲: 乙\n", "2:", "引号"),
        ("name: 甲\n", "2:1", "列表"),
        ("- 甲\n", "2:", "列表"),
        ("", "1:5", "没有内容"),
        ("- name: *x\n", "2:", "“&”和“*”"),
        ("- name: 甲\n  phone: [1, 2]\n", "3:", "列表"),
    ] {
        let shown = show(&format!("```{{contacts}}\n{body}```\n"));
        let message = shown.diags[0].message(Lang::Zh);
        assert!(shown.found()[0].starts_with(&format!("bad-entries {place}")), "{body}: {:?}", shown.found());
        assert!(message.contains(words) && shown.diags.len() == 1, "{body}: {message}");
        assert!(!shown.diags[0].message(Lang::En).contains("expected"), "{body}");
    }
}
