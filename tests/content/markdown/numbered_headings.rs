//! The numbers of official documents as headings, where the site asks for it.

use puzhi::markdown::{MarkdownOptions, render};
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;

use super::support::*;

/// `level text` of each heading, the HTML and the findings, with the setting.
fn numbered(text: &str) -> (Vec<String>, Shown) {
    let file = SitePath::new("content/a.md").unwrap();
    let source = SourceText::new(&file, text);
    let labels = labels();
    let options = MarkdownOptions { numbered_headings: true, ..plain_options(&labels) };
    let (body, diags) = render(&source, 0, &options);
    let lost = puzhi::markdown::accounting::unaccounted(&source, 0, &options, &body, &diags);
    assert!(lost.is_empty(), "{text}: {lost:?}");
    let headings = body.headings.iter().map(|h| format!("{} {}", h.level, h.text)).collect();
    let html = fill(&body, &body.main);
    (headings, Shown { body, diags, html })
}

const DOCUMENT: &str = "\u{3000}\u{3000}为贯彻落实上级部署，制定本方案。\n\u{3000}\u{3000}一、总体要求\n\u{3000}\u{3000}坚持为民，注重实效。\n\u{3000}\u{3000}（一）工作目标\n\u{3000}\u{3000}到2026年底全面覆盖。\n\u{3000}\u{3000}1.扩大宣传\n\u{3000}\u{3000}进村入户。\n\u{3000}\u{3000}2.加强培训\n\u{3000}\u{3000}分批进行。\n\u{3000}\u{3000}（二）基本原则\n\u{3000}\u{3000}实事求是。\n\u{3000}\u{3000}二、保障措施\n\u{3000}\u{3000}各单位要落实责任。\n";

#[test]
fn a_pasted_document_has_headings() {
    let wanted =
        ["2 一、总体要求", "3 （一）工作目标", "4 1.扩大宣传", "4 2.加强培训", "3 （二）基本原则", "2 二、保障措施"];
    // As pasted, with a blank line between all paragraphs, and with Windows line ends.
    for text in [DOCUMENT.to_string(), DOCUMENT.replace('\n', "\n\n"), DOCUMENT.replace('\n', "\r\n")] {
        let (headings, page) = numbered(&text);
        assert_eq!(headings, wanted, "{}", page.html);
        assert!(page.found().is_empty(), "{:?}", page.found());
        assert!(page.html.contains("<h3 id=\"一-工作目标\">（一）工作目标<"), "{}", page.html);
    }
    // Without the setting it stays as it is typed.
    assert!(show(DOCUMENT).body.headings.is_empty());
}

#[test]
fn lists_that_markdown_reads_from_numbers_are_headings_where_text_follows() {
    let (headings, page) = numbered(
        "一、任务\n\n1. 加强宣传\n\n进村入户。\n\n2.\t加强培训\n\n分批进行。\n\n二、保障\n\n1. 人员\n每村一名。\n2. 经费\n列入预算。\n",
    );
    assert_eq!(
        headings,
        ["2 一、任务", "3 1. 加强宣传", "3 2. 加强培训", "2 二、保障", "3 1. 人员", "3 2. 经费"],
        "{}",
        page.html
    );
    // A list stays one: items at once after each other, items with content of their own.
    for text in [
        "材料：\n\n1. 身份证\n2. 申请表\n3. 照片\n\n以上一份。\n",
        "1. 甲\n\n   里面\n\n2. 乙\n\n   里面\n",
        "- 一、甲\n  文\n- 二、乙\n  文\n",
        "> 一、甲\n>\n> 文\n",
        "```\n一、甲\n文\n```\n",
        "| 一、甲 |\n|---|\n| 文 |\n",
        "`码\n一、甲\n码`\n",
        "<p>\n一、甲\n文</p>\n",
    ] {
        let (headings, page) = numbered(text);
        assert!(headings.is_empty(), "{text}: {}", page.html);
    }
}

#[test]
fn places_and_marks_stay() {
    let (headings, page) = numbered("一、甲\n\n文![](a.png)。\n\n**二、乙[链](b.md)**\n\n文！[图](c.png)\n");
    assert_eq!(headings, ["2 一、甲", "2 二、乙链"]);
    assert_eq!(page.found(), ["missing-alt 3:2", "wide-image 7:2"]);
    let links: Vec<_> = page.body.links.iter().map(|l| l.span.start).collect();
    assert_eq!(links[0], "一、甲\n\n文![](a.png)。\n\n**二、乙".len());
}
