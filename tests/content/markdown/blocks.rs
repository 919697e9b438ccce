//! Paragraphs, headings, lists, tables, footnotes, figures, code.

use puzhi::markdown::{CodeBlock, Heading};

use super::support::*;

#[test]
fn headings_have_stable_ids_and_their_own_links() {
    let s = show("## 办理条件\n\n## 办理条件\n\n### *Fees* & `费用`\n\n## ！\n\n## 有编号 {#s3-1 .wide}\n");
    assert!(s.html.starts_with(
        "<h2 id=\"办理条件\">办理条件<a class=\"anchor\" href=\"#%E5%8A%9E%E7%90%86%E6%9D%A1%E4%BB%B6\" aria-label=\"本节链接：办理条件\"></a></h2>\n"
    ), "{}", s.html);
    let found: Vec<_> = s.body.headings.iter().map(|h| (h.level, &*h.id, &*h.text)).collect();
    assert_eq!(
        found,
        [
            (2, "办理条件", "办理条件"),
            (2, "办理条件-2", "办理条件"),
            (3, "fees-费用", "Fees & 费用"),
            (2, "section", "！"),
            (2, "s3-1", "有编号"),
        ]
    );
    assert!(s.html.contains("<h2 id=\"s3-1\" class=\"wide\">"));
    assert_eq!(s.body.anchors, ["办理条件", "办理条件-2", "fees-费用", "section", "s3-1"]);
    assert_eq!(s.body.first_heading.as_deref(), Some("办理条件"));
}

#[test]
fn a_first_level_heading_is_lifted_only_when_it_is_the_title() {
    let lifted = show_with("# 标 题\n\n文\n\n# 又\n", false, None);
    assert_eq!((lifted.body.title.as_deref(), lifted.body.first_heading.as_deref()), (Some("标 题"), Some("标 题")));
    assert_eq!(lifted.body.headings, [Heading { level: 2, id: "又".into(), text: "又".into() }]);
    assert!(lifted.html.starts_with("<p>文</p>"));
    assert_eq!(show("# 题目\n\n文\n").body.title.as_deref(), Some("题目"));
    let other = show("# 另一个\n\n文\n");
    assert_eq!((other.body.title.as_deref(), other.body.headings[0].level), (None, 2));
    let late = show_with("文\n\n# 标题\n", false, None);
    assert_eq!((late.body.title, late.body.headings.len()), (None, 1));
}

#[test]
fn breaks_between_han_characters_are_no_spaces() {
    assert_eq!(
        show("知识\n产权，\n“强县”\n**建设**\n工作\nword\nword 中\nword\n").html,
        "<p>知识产权，“强县”<strong>建设</strong>工作\nword\nword 中\nword</p>\n"
    );
    assert_eq!(show("甲  \n乙\n").html, "<p>甲<br>\n乙</p>\n");
    assert_eq!(show("甲\n`乙`\n丙\n").html, "<p>甲\n<code>乙</code>\n丙</p>\n");
    assert_eq!(show("甲\n[乙](a.md)\n丙\n").html, "<p>甲⟦a a.md⟧乙⟦/a⟧丙</p>\n");
}

#[test]
fn the_first_paragraph_leads() {
    let s = show("> 引\n\n- 项\n\n![图](a.png)\n\n第一段**重\n点**，`码`和word\nword。\n\n第二段\n");
    assert_eq!(s.body.first_paragraph, "第一段重点，码和word word。");
    assert_eq!(show(&"长".repeat(500)).body.first_paragraph.chars().count(), 200);
    assert_eq!(show("知识产权 IP 2025 `x` don't\n").body.characters, 4 + 4);
}

#[test]
fn an_image_alone_is_a_figure() {
    assert_eq!(
        show("![图](a.png \"图<注>\")\n").html,
        "<figure class=\"figure\">⟦img a.png “图”⟧<figcaption>图&lt;注&gt;</figcaption></figure>\n"
    );
    assert_eq!(
        show("![图 **一** `二`](<a b.png>)\n").html,
        "<figure class=\"figure\">⟦img a b.png “图 一 二”⟧</figure>\n"
    );
    assert_eq!(show("文 ![图](a.png)\n").html, "<p>文 ⟦img a.png “图”⟧</p>\n");
    assert_eq!(show("![甲](a.png) ![乙](b.png)\n").html, "<p>⟦img a.png “甲”⟧ ⟦img b.png “乙”⟧</p>\n");
    assert_eq!(show("[![甲](a.png)](b.md)\n").html, "<p>⟦a b.md⟧⟦img a.png “甲”⟧⟦/a⟧</p>\n");
}

#[test]
fn tables_scroll_and_say_what_their_columns_are() {
    assert_eq!(
        show("|甲|乙|丙|丁|\n|:-|:-:|-:|-|\n|1|**“2”**个|3|4|\n").html,
        concat!(
            "<div class=\"table\" role=\"group\" aria-label=\"表格\" tabindex=\"0\"><table>\n<thead><tr>\n",
            "<th scope=\"col\" class=\"left\">甲</th>\n<th scope=\"col\" class=\"center\">乙</th>\n",
            "<th scope=\"col\" class=\"right\">丙</th>\n<th scope=\"col\">丁</th>\n</tr></thead>\n",
            "<tbody>\n<tr>\n<td class=\"left\">1</td>\n<td class=\"center\"><strong>“2”</strong>个</td>\n",
            "<td class=\"right\">3</td>\n<td>4</td>\n</tr>\n</tbody>\n</table></div>\n",
        )
    );
    assert!(show("|甲|\n|-|\n").html.ends_with("</tr></thead>\n</table></div>\n"));
}

/// The corner of such a table is empty, so that nothing is a header of the first column's cells unless they are headers themselves.
#[test]
fn the_first_column_names_the_rows_of_a_table_with_an_empty_corner() {
    let s = show("| | 发明 |\n| --- | --- |\n| 保护多久 | 20年 |\n| | 从申请日算 |\n");
    assert_eq!(s.found(), Vec::<String>::new());
    let cells = |html: &str| html.lines().filter(|line| line.starts_with("<t")).map(str::to_string).collect::<Vec<_>>();
    assert_eq!(
        cells(&s.html)[1..],
        [
            "<td></td>",
            "<th scope=\"col\">发明</th>",
            "<tbody>",
            "<tr>",
            "<th scope=\"row\">保护多久</th>",
            "<td>20年</td>",
            "<tr>",
            "<td></td>",
            "<td>从申请日算</td>",
        ]
    );
    let s = show("| 项目 | |\n| --- | --- |\n| 保护多久 | 20年 |\n");
    assert!(!s.html.contains("scope=\"row\""), "{}", s.html);
}

#[test]
fn lists_of_all_kinds() {
    assert_eq!(show("3. 甲\n4. 乙\n").html, "<ol start=\"3\">\n<li>甲</li>\n<li>乙</li>\n</ol>\n");
    assert_eq!(
        show("- [x] 甲\n- [ ] 乙\n").html,
        "<ul>\n<li><input type=\"checkbox\" disabled checked aria-label=\"已完成\"> 甲</li>\n<li><input type=\"checkbox\" disabled aria-label=\"未完成\"> 乙</li>\n</ul>\n"
    );
    assert_eq!(show("词\n: 义一\n: 义二\n").html, "<dl>\n<dt>词</dt>\n<dd>义一</dd>\n<dd>义二</dd>\n</dl>\n");
    assert_eq!(show("- 甲\n\n  乙\n").html, "<ul>\n<li><p>甲</p>\n<p>乙</p>\n</li>\n</ul>\n");
}

#[test]
fn alerts_are_boxes() {
    for (mark, class, label) in [
        ("NOTE", "note", "说明"),
        ("TIP", "tip", "提示"),
        ("IMPORTANT", "important", "重要"),
        ("WARNING", "warning", "注意"),
        ("CAUTION", "caution", "当心"),
    ] {
        assert_eq!(
            show(&format!("> [!{mark}]\n> 文\n")).html,
            format!(
                "<aside role=\"note\" class=\"admonition {class}\"><p class=\"admonition-title\">{label}</p>\n<p>文</p>\n</aside>\n"
            )
        );
    }
}

#[test]
fn footnotes_are_numbered_by_mention_and_lead_back() {
    let s = show("甲[^b]乙[^a]丙[^b]。\n\n[^a]: 注一[^c]\n[^b]: 注二\n\n    续\n[^c]: 注三\n[^d]: 没人提\n");
    assert!(
        s.html.starts_with(concat!(
            "<p>甲<sup class=\"footnote-ref\"><a id=\"fnref:1\" href=\"#fn:1\" role=\"doc-noteref\">1</a></sup>",
            "乙<sup class=\"footnote-ref\"><a id=\"fnref:2\" href=\"#fn:2\" role=\"doc-noteref\">2</a></sup>",
            "丙<sup class=\"footnote-ref\"><a id=\"fnref:1-2\" href=\"#fn:1\" role=\"doc-noteref\">1</a></sup>。</p>\n",
            "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"注释\"><ol>\n<li id=\"fn:1\"><p>注二</p>\n<p>续 ",
            "<a class=\"footnote-back\" href=\"#fnref:1\" role=\"doc-backlink\" aria-label=\"返回正文注 1\">↩</a> ",
            "<a class=\"footnote-back\" href=\"#fnref:1-2\"",
        )),
        "{}",
        s.html
    );
    assert!(s.html.contains("<li id=\"fn:3\"><p>注三") && !s.html.contains("没人提"), "{}", s.html);
    assert_eq!(s.html.matches("<li id=").count(), 3);
    assert_eq!(show("没有定义[^x]\n").html, "<p>没有定义[^x]</p>\n");
}

#[test]
fn code_keeps_its_language_for_later() {
    let s = show("```Rust,ignore\nfn a() {}\n```\n\n    b < c\n\n```{.python}\nd\n```\n");
    assert_eq!(
        s.body.code,
        [
            CodeBlock { language: "rust".into(), text: "fn a() {}\n".into() },
            CodeBlock { language: "".into(), text: "b < c\n".into() },
            CodeBlock { language: "python".into(), text: "d\n".into() },
        ]
    );
    assert!(s.html.starts_with("<pre><code class=\"language-rust\">"));
    assert!(s.html.contains("<pre><code>b &lt; c\n</code></pre>"));
    let evil = show("```x\"><script>\n```\n");
    assert!(!evil.html.contains("<script"), "{}", evil.html);
}

#[test]
fn formulas_are_mathml() {
    assert_eq!(show("设$x=1$。\n").html, "<p>设<math display=\"inline\"><mi>x</mi><mo>=</mo><mn>1</mn></math>。</p>\n");
    assert!(show("$$\n\\frac12\n$$\n").html.contains("<math display=\"block\">"));
    assert_eq!(show("花$100**起**和$200。\n").html, "<p>花$100<strong>起</strong>和$200。</p>\n");
    assert_eq!(show("$\\nosuch$\n").html, "<p><code>$\\nosuch$</code></p>\n");
    assert_eq!(show("**$100**和**$200**\n").html, "<p><strong>$100</strong>和<strong>$200</strong></p>\n");
}
