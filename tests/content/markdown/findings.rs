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
    ("link-without-text", "见 [](b.md)。\n", "1:3"),
    ("address-punctuation", "> 见[甲](https://a.cn，乙)。\n", "1:4"),
    ("address-cut", "见 https://a.cn/政策/甲\n", "1:3"),
    ("link-title", "见[甲](b.md \"标\"题\")。\n", "1:6"),
    ("hidden-text", "文 <span style=\"display:none\">内部</span>\n", "1:3"),
    ("html-open-tag", "- 甲 <b>乙\n- 丙\n", "1:5"),
    ("generator-syntax", "甲\n\n> [TOC]\n", "3:3"),
    ("emphasis-crossed", "**甲 **乙** 丙**\n", "1:5"),
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
    ("list-numbers", "3. 甲\n5. 乙\n6. 丙\n", "2:1"),
    ("list-indent", "1. 甲\n  - 乙\n", "2:3"),
    ("definition-in-text", "见[甲]\n[甲]: a.md\n", "2:6"),
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
fn kinds_of_links_that_are_none() {
    for (text, found) in [
        ("见[ ](https://a.cn)。\n", vec!["link-without-text 1:2"]),
        ("[乙](https://a.cn \"标\" “题”)\n", vec!["link-title 1:5"]),
        ("[乙](https://a.cn \") 和 [丙](b.md \"”)\n", vec!["address-space 1:5", "address-space 1:27"]),
        ("[![图](https://a.cn/x.png)](b.md)\n", vec!["remote-image 1:2"]),
        ("[![](data:x)](b.md)\n", vec!["data-image 1:2"]),
        ("<a href=\"b.md\"></a>甲\n", vec!["link-without-text 1:1"]),
        (
            "[甲](https://a.cn。) [乙](https://www。a.cn/b)\n",
            vec!["address-punctuation 1:1", "address-punctuation 1:20"],
        ),
        ("见 <https://a.cn，乙>\n", vec!["address-punctuation 1:3"]),
        ("[甲](https://a.cn/知识、产权/（一）)\n", vec![]),
        ("[甲](https://a.cn '标'题') 和[丙](https://a.cn \"标题)\n", vec!["link-title 1:5", "link-title 1:30"]),
        ("![图](a.png \"标\"题\")\n", vec!["link-title 1:6"]),
        ("文\n\n[甲]: https://a.cn \"标\"题\"\n", vec!["link-title 3:6"]),
        ("[甲](https://a.cn \"题\") [乙](b.md '题')\n", vec![]),
        ("`[甲](b.md \"标\"题\")` 和 \\[甲](b.md \"标\"题\")\n", vec![]),
        (
            "[甲](b.md \"标\"题\")和[乙](https://a.cn “标题”)、[丙](https://a.cn \"标题)\n",
            vec!["link-title 1:5", "address-space 1:21", "link-title 1:44"],
        ),
        ("见 https://a.cn/文件.pdf 下载\n", vec!["address-cut 1:3"]),
        ("见 https://a.cn/政策/甲.html 和 https://a.cn/查询\n", vec![]),
    ] {
        assert_eq!(show(text).found(), found, "{text}");
    }
    let diag = show("见[丁](https://a.cn 标题)。\n").diags.remove(0);
    assert!(diag.hint(Lang::Zh).is_some_and(|hint| hint.contains("[丁](https://a.cn \"标题\")")), "{diag:?}");
    let diag = show("见[丁](https://a.cn：8080/x)。\n").diags.remove(0);
    assert!(diag.hint(Lang::Zh).is_some_and(|hint| hint.contains("https://a.cn:8080/x")), "{diag:?}");
}

#[test]
fn html_that_ends_elsewhere_than_it_looks() {
    for (text, found) in [
        ("<details><summary>目录</summary>\n\n甲\n\n后文\n", vec!["html-open-tag 1:1"]),
        ("<center>甲\n\n乙\n", vec!["html-open-tag 1:1"]),
        ("<ul><li>甲<li>乙\n\n后文\n", vec!["html-open-tag 1:1"]),
        ("| <u>1 | 2 |\n|---|---|\n| 3 | 4 |\n", vec!["html-open-tag 1:3"]),
        ("见<a href=\"b.md\">甲\n\n乙\n", vec!["html-open-tag 1:2"]),
        ("<b>甲\n\n乙</b>丙\n", vec!["html-end-tag 3:2"]),
        ("<div>甲\n\n乙\n", vec![]),
        ("<p>甲\n<p>乙\n", vec![]),
        ("<ul><li>甲<li>乙</ul>\n", vec![]),
        ("<table><tr><td>甲<td>乙<tr><td>丙</table>\n", vec![]),
        ("<a id=\"x\">甲\n", vec![]),
        ("甲<br>乙<hr>\n", vec![]),
        ("<details>\n<summary>甲</summary>\n\n乙\n\n</details>\n", vec![]),
        ("<div hidden>甲</div>\n", vec!["hidden-text 1:1"]),
        ("<p style=\"color:red;Display: none\">甲</p>\n", vec!["hidden-text 1:1"]),
        ("<p style=\"color:red\">甲</p>\n", vec!["html-removed 1:1"]),
    ] {
        assert_eq!(show(text).found(), found, "{text}");
    }
}

#[test]
fn tables_that_are_cut_or_drawn() {
    for (text, found) in [
        ("| 甲 | 乙 |\n|---|---|\n| - 一\n- 二 | 2 |\n", vec!["table-cell-break 4:1"]),
        ("| 甲 | 乙 |\n|---|---|\n| 1. 一\n1. 二 | 2 |\n\n后\n", vec!["table-cell-break 4:1"]),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2\n- 二\n", vec![]),
        ("+---+---+\n| 甲 | 乙 |\n+===+===+\n| 1 | 2 |\n+---+---+\n", vec!["table-head 1:1"]),
        ("文\n\n    | 甲 | 乙 |\n    |---|---|\n    | 1 | 2 |\n", vec!["indented-text 3:5"]),
        ("> 甲\n>> 乙\n> 丙\n", vec!["lazy-line 3:3"]),
        ("> - 甲\n>   乙\n>> 丙\n>> 丁\n", vec![]),
    ] {
        assert_eq!(show(text).found(), found, "{text}");
    }
}

#[test]
fn commands_of_other_generators_are_found_once() {
    for text in [
        "甲\n\n{{< figure src=\"a.png\" >}}\n\n{{< figure src=\"b.png\" >}}\n",
        "甲\n\n{{/* 备注 */}}\n",
        "甲\n\n{{% notice tip %}}提示{{% /notice %}}\n",
        "甲\n\n{: .note}\n",
        "甲\n\n[TOC]\n\n乙\n",
        "甲\n\n*[HTML]: 超文本\n",
        "甲\n\n^[内联注]\n",
        "甲\n\n{.lead}\n",
        "甲\n\n!!! note \"提示\"\n    内容\n",
    ] {
        assert_eq!(show(text).found(), ["generator-syntax 3:1"], "{text}");
    }
    for text in [
        "`{{< figure >}}` 和 `{% include a %}`\n",
        "```\n{{ a }}\n[TOC]\n```\n",
        "设 $\\frac{a}{b}$ 和{甲}\n",
        "## 甲 {#x}\n",
        "\\{% include a %}\n",
        "{{`甲`}}\n",
    ] {
        assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn comments_in_the_brackets_of_book_titles() {
    for text in ["《!-- 内部 --》\n", "〈！-- 内部 --〉\n", "《!——内部——》\n"] {
        assert_eq!(show(text).found(), ["wide-comment 1:1"], "{text}");
    }
    for text in ["《办法》——解读\n", "《!》和《—》\n", "《-甲-》\n", "《--甲--》\n"] {
        assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn each_slip_of_a_list_is_found() {
    let found = |text| show(text).found();
    assert_eq!(found("1. 甲\n2. 乙\n4. 丙\n5. 丁\n7. 戊\n"), ["list-numbers 3:1", "list-numbers 5:1"]);
    assert_eq!(found("1. 甲\n1. 乙\n1. 丙\n"), Vec::<String>::new());
    assert_eq!(found("1. 甲\n3. 乙\n5. 丙\n7. 丁\n9. 戊\n").len(), 3);
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
