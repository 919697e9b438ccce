//! File names with spaces in links and images are read, although Markdown wants `<` and `>` around them.

use puzhi_core::diag::Lang;

use super::support::*;

#[test]
fn names_with_spaces_are_addresses() {
    for (text, shown) in [
        ("![现场](现场 照片.png)\n", "⟦img 现场 照片.png “现场”⟧"),
        ("![手机](图片 (1).png \"图注\")\n", "⟦img 图片 (1).png “手机”⟧<figcaption>图注</figcaption>"),
        ("[申请表](申请表 2026.docx)\n", "⟦a 申请表 2026.docx⟧申请表⟦/a⟧"),
        (
            "见[**甲**](../附件 一/办法 (试行).pdf)和[乙](b.md)。\n",
            "⟦a ../附件 一/办法 (试行).pdf⟧<strong>甲</strong>⟦/a⟧和",
        ),
        ("## [甲](a b.md#c)\n", "⟦a a b.md#c⟧甲⟦/a⟧"),
        ("|甲|\n|-|\n|[乙](a b.xls)|\n", "<td>⟦a a b.xls⟧乙⟦/a⟧</td>"),
        ("[甲][x]\n\n[x]: 申请表 2026.docx\n", "<p>⟦a 申请表 2026.docx⟧甲⟦/a⟧</p>"),
        ("> ```{note}\n> [甲](a b.md)\n> ```\n", "⟦a a b.md⟧甲⟦/a⟧"),
    ] {
        let page = show(text);
        assert!(page.html.contains(shown), "{}", page.html);
        assert!(page.found().is_empty(), "{:?}", page.found());
    }
    let gallery = show("```{gallery}\n![一](现场 照片.png)\n![二](b.png)\n```\n");
    assert_eq!(gallery.body.images.len(), 2, "{}", gallery.html);
    assert!(gallery.found().is_empty(), "{:?}", gallery.found());
}

#[test]
fn other_text_in_parentheses_stays_text() {
    for text in ["[注](见 下文)\n", "`[甲](a b.md)`\n", "[甲](a b.md\n", "```\n![](a b.png)\n```\n", "a](b c.md)\n"]
    {
        assert!(show(text).body.links.is_empty() && show(text).body.images.is_empty(), "{text}");
    }
    // Places behind such a name are those of the file.
    let page = show("[甲](a b.md) ![](c d.png)\n");
    assert_eq!(page.found(), ["missing-alt 1:13"]);
    let text = "[甲](a b.md) ![](c d.png)\n";
    let span = page.body.links[0].span;
    assert_eq!(&text[span.start..span.end], "[甲](a b.md)");
}

#[test]
fn the_hint_for_a_missing_text_works_when_it_is_typed() {
    for text in ["![](现场 照片.png)\n", "<img src=\"现场 照片.png\">\n", "![](<a (1.png>)\n", "![](a.png)\n"] {
        let page = show(text);
        assert_eq!(page.found(), ["missing-alt 1:1"]);
        let hint = page.diags[0].hint(Lang::Zh).unwrap();
        let (_, typed) = hint.split_once('：').unwrap();
        let again = show(&format!("{typed}\n"));
        assert!(again.found().is_empty(), "{typed}: {:?}", again.found());
        assert_eq!(again.body.images[0].written, page.body.images[0].written);
    }
}
