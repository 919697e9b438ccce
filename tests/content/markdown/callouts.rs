//! Alerts with words and titles that GFM does not know, and the links of Obsidian.

use super::support::*;

#[test]
fn brackets_that_are_no_links_stay() {
    for text in ["属性`a`的[[Prototype]]指向\n", "写 \\[\\[甲\\]\\] 即可\n", "[[nodiscard]] int f();\n"] {
        let page = show(text);
        assert!(page.body.links.is_empty() && page.found().is_empty(), "{}", page.html);
    }
    assert_eq!(show("见[[guide]]和[[Prototype|原型]]\n").body.links.len(), 2);
}

#[test]
fn alerts_with_other_words_and_titles() {
    for (text, html) in [
        (
            "> [!注意]\n> 窗口周末不开。\n",
            "<aside role=\"note\" class=\"admonition warning\"><p class=\"admonition-title\">注意</p>\n<p>窗口周末不开。</p>\n</aside>\n",
        ),
        (
            "> [!WARNING] 标题\n> 内容\n",
            "<aside role=\"note\" class=\"admonition warning\"><p class=\"admonition-title\">标题</p>\n<p>内容</p>\n</aside>\n",
        ),
        (
            "> [!tip] **先** [预约](a.md)\n>\n> 内容\n>\n> - 项\n",
            "<aside role=\"note\" class=\"admonition tip\"><p class=\"admonition-title\"><strong>先</strong> ⟦a a.md⟧预约⟦/a⟧</p>\n<p>内容</p>\n<ul>\n<li>项</li>\n</ul>\n</aside>\n",
        ),
        (
            "> [!通知]\n>\n> 内容\n",
            "<aside role=\"note\" class=\"admonition note\"><p class=\"admonition-title\">通知</p>\n<p>内容</p>\n</aside>\n",
        ),
        ("> [!note]- 详情\n> 内容\n", "<details class=\"details\"><summary>详情</summary>\n<p>内容</p>\n</details>\n"),
        ("> [!NOTE]+\n> 内容\n", "<details class=\"details\" open><summary>说明</summary>\n<p>内容</p>\n</details>\n"),
        (
            "> [!警告] 只有标题\n",
            "<aside role=\"note\" class=\"admonition warning\"><p class=\"admonition-title\">只有标题</p>\n</aside>\n",
        ),
        (
            "> [!NOTE]\n> 甲\n",
            "<aside role=\"note\" class=\"admonition note\"><p class=\"admonition-title\">说明</p>\n<p>甲</p>\n</aside>\n",
        ),
    ] {
        let page = show(text);
        assert_eq!(page.html, html);
        assert!(page.found().is_empty(), "{:?}", page.found());
    }
    // Inside other blocks, with Windows lines, and one after the other.
    let page = show("- 甲\n\n  > [!注意]  \r\n  > 乙\r\n\r\n> > [!提示] 丙\n> > 丁\n");
    assert!(page.html.contains("<p class=\"admonition-title\">注意</p>\n<p>乙</p>"), "{}", page.html);
    assert!(page.html.contains("admonition tip\"><p class=\"admonition-title\">丙</p>\n<p>丁</p>"), "{}", page.html);
    // Emphasis that goes on in the next line keeps the lines together.
    let page = show("> [!注意] **甲\n> 乙** 丙\n> 丁\n");
    assert!(page.html.contains("<strong>甲乙</strong> 丙</p>\n<p>丁</p>"), "{}", page.html);
}

#[test]
fn other_quotes_stay_quotes() {
    for text in [
        "> [注意]\n> 甲\n",
        "> [!注意](a.md)\n",
        "> [!]\n",
        "> 甲 [!注意]\n",
        "> [!这是 一句话]\n",
        "[!注意]\n",
        "> [!注意]：甲\n",
    ] {
        assert!(!show(text).html.contains("admonition"), "{}", show(text).html);
    }
}

#[test]
fn links_of_obsidian_are_links() {
    for (text, html) in [
        ("见[[办事指南]]。\n", "<p>见⟦a 办事指南⟧办事指南⟦/a⟧。</p>\n"),
        ("- [[指南/甲 乙.md#怎么办|这里]]\n", "<li>⟦a 指南/甲 乙.md#怎么办⟧这里⟦/a⟧</li>"),
        ("## [[#怎么办]]\n", "⟦a #怎么办⟧怎么办⟦/a⟧"),
        ("|甲|\n|-|\n|[[乙\\|丙]]|\n", "<td>⟦a 乙⟧丙⟦/a⟧</td>"),
        ("![[门口 照片.png|门口]]\n", "<figure class=\"figure\">⟦img 门口 照片.png “门口”⟧</figure>"),
    ] {
        let page = show(text);
        assert!(page.html.contains(html), "{}", page.html);
        assert!(page.found().is_empty(), "{:?}", page.found());
    }
    assert_eq!(show("> 见![[图.png|300]]\n").found(), ["missing-alt 1:4"]);
    for text in ["`[[甲]]`\n", "引文[[1]](a.md)\n", "[[甲]](a.md)\n", "数组 [[1,2],[3,4]]\n"] {
        assert!(!show(text).html.contains("⟦a 甲⟧"), "{}", show(text).html);
        assert!(show(text).found().is_empty());
    }
}
