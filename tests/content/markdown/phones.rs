//! Telephone numbers in the text of a page are links to dial them; nothing of the text changes.

use proptest::prelude::*;

use super::support::*;

/// The addresses of the links of a text.
fn dialled(text: &str) -> Vec<String> {
    show(text).body.links.iter().map(|link| link.written.to_string()).collect()
}

#[test]
fn numbers_in_paragraphs_lists_quotes_and_notes_are_links() {
    assert_eq!(
        show("请打0871-68690000转801，或者（0871）68690001。\n").html,
        "<p>请打⟦a tel:0871-68690000⟧0871-68690000⟦/a⟧转801，或者⟦a tel:087168690001⟧（0871）68690001⟦/a⟧。</p>\n"
    );
    for text in [
        "- 电话：{}\n",
        "> 电话：{}\n",
        "## 电话：{}\n",
        "**电话**：**{}**\n",
        "电话：*{}*，\n",
        "电话\n: {}\n",
        "文[^1]\n\n[^1]: 电话：{}\n",
        "```{note}\n电话：{}\n```\n",
        "```{faq}\n## 问\n拨{}\n```\n",
        "<div>\n\n电话{}\n\n</div>\n",
        "<b>电话{}</b>\n",
    ] {
        let text = text.replace("{}", "12345");
        assert_eq!(dialled(&text), ["tel:12345"], "{text}");
    }
    let s = show("# 题目\n\n电话：0871-68690000，\n");
    assert_eq!(s.body.links[0].span.end - s.body.links[0].span.start, "0871-68690000".len());
    assert!(s.diags.is_empty());
}

#[test]
fn labels_of_tables_terms_and_lists_count() {
    assert_eq!(
        dialled("|单位|电话|件数|\n|-|-|-|\n|甲|12345|12315|\n|乙|68690000（白天）|120|\n"),
        ["tel:12345", "tel:68690000"]
    );
    assert_eq!(dialled("|项目|内容|\n|-|-|\n|电话|12345|\n|编号|12315|\n"), ["tel:12345"]);
    assert_eq!(dialled("可以打下面的电话：\n\n- 12315\n- 市场监管 12330\n\n12348\n"), ["tel:12315", "tel:12330"]);
    assert_eq!(dialled("带下面的材料：\n\n- 12315\n"), Vec::<String>::new());
    assert_eq!(dialled("电话\n: 12345\n\n编号\n: 12315\n"), ["tel:12345"]);
    // A table without a head for telephones, behind one that has it.
    assert_eq!(dialled("|电话|\n|-|\n|12345|\n\n|号|\n|-|\n|12315|\n"), ["tel:12345"]);
    let wide = format!("{}电话|\n{}\n{}12345|\n", "|甲".repeat(70) + "|", "|-".repeat(71) + "|", "|1".repeat(70) + "|");
    assert_eq!(dialled(&wide), Vec::<String>::new(), "columns beyond the sixty-fourth have no label");
}

#[test]
fn code_links_formulas_names_and_questions_stay_as_they_are() {
    for text in [
        "`拨12345`\n",
        "```\n拨12345\n```\n",
        "$13800138000$\n",
        "![电话13800138000](a.png)\n",
        "<code>13800138000</code>\n",
        "<kbd>13800138000</kbd>\n",
        "<time>13800138000</time>\n",
        "```{faq}\n## 拨12345有人接吗\n有。\n```\n",
        "```{details} 拨12345\n有。\n```\n",
    ] {
        assert_eq!(dialled(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(dialled("[拨12345](tel:12345)\n"), ["tel:12345"]);
    assert_eq!(dialled("[拨12345](a.md)、13800138000\n"), ["a.md", "tel:13800138000"]);
    assert_eq!(dialled("<a href=\"a.md\">拨12345</a>\n"), ["a.md"]);
    assert_eq!(
        dialled("https://a.cn/13800138000 13800138000@a.cn\n"),
        ["https://a.cn/13800138000", "mailto:13800138000@a.cn"]
    );
    assert_eq!(dialled("www.a.cn，电话12345\n"), ["http://www.a.cn", "tel:12345"]);
    let s = show("## 拨12345 {#x}\n\n## 找13800138000\n");
    assert!(s.html.contains("id=\"x\"") && s.html.contains("id=\"找13800138000\""), "{}", s.html);
    assert_eq!(s.body.headings[1].text.as_ref(), "找13800138000");
}

#[test]
fn marks_do_not_part_a_number_from_what_it_counts() {
    for text in [
        "拨**12345**件\n",
        "拨12345**6**\n",
        "**1**3800138000\n",
        "拨12345*件*\n",
        "编号**12345**热\n",
        "1\\\n3800138000a\n",
    ] {
        assert_eq!(dialled(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(dialled("**12345**热线\n"), ["tel:12345"]);
    assert_eq!(dialled("0871\\-68690000\n"), ["tel:0871-68690000"]);
}

proptest! {
    #[test]
    fn the_visible_text_is_what_was_typed(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "0871", "68690000", "0871-68690000", "138", "0013", "8000", "13800138000", "-", "（", "）", "+86", "110",
                "12345", "400-123-4567", "拨", "电话", "：", "、", "转", "元", "号", "a", "甲", "，", "https://a.cn/", "a@b.cn ",
            ]),
            1..20,
        ),
    ) {
        let text = format!("甲{}", pieces.concat());
        let s = show(&format!("{text}\n"));
        let mut shown = String::new();
        let mut rest = s.html.as_str();
        while let Some((before, after)) = rest.split_once('⟦') {
            shown.push_str(before);
            rest = after.split_once('⟧').map_or("", |(_, rest)| rest);
        }
        shown.push_str(rest);
        prop_assert_eq!(shown, format!("<p>{}</p>\n", text.trim_end()));
        for link in &s.body.links {
            let typed = &format!("{text}\n")[link.span.start..link.span.end];
            if let Some(dial) = link.written.strip_prefix("tel:") {
                // Before these may stand the area code of the number before; the code of the country takes off a zero.
                let last = |text: &str| text.chars().rev().filter(char::is_ascii_digit).take(7).collect::<String>();
                prop_assert!(last(dial).starts_with(&last(typed)), "{} {}", dial, typed);
            }
        }
    }
}
