//! Input made to hurt: it ends, shallowly, and hurts nobody. Nothing here is timed; a test that never ends fails.

use super::support::*;

/// How many pieces. Enough that quadratic work would be felt, few enough for an unoptimised build.
const MANY: usize = 20_000;

fn all(units: &[&str]) {
    for unit in units {
        let text = unit.repeat(MANY);
        let s = show(&text);
        assert!(s.diags.len() <= 301, "{unit:?}");
        let depth = nesting(&s.html);
        assert!(depth < 400, "{unit:?}: {depth}");
    }
}

/// How deep elements nest.
fn nesting(html: &str) -> usize {
    let (mut open, mut most) = (0usize, 0);
    for (i, _) in html.match_indices('<') {
        let tag = &html[i + 1..];
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
        } else if !["br", "hr", "img", "input", "wbr", "col"].iter().any(|v| tag.starts_with(v)) {
            open += 1;
        }
        most = most.max(open);
    }
    most
}

/// Repairs in the text before a mark shift its place; a directive reads the text once more.
#[test]
fn places_after_repairs_stay_between_characters() {
    for text in [
        "```{tip}\n-\u{A0}甲[^1]\n```\n",
        "```{tip}\n-　甲[^1]乙[^2]\n```\n",
        "见https：//a.cn/甲[^9]乙 #丙\n#丁\n",
        "> ```{note}\n> 见https：//a.cn/甲 <!-- 乙[^9]\n> ```\n",
    ] {
        let page = show(text);
        assert!(page.diags.iter().all(|d| d.position.is_some()), "{text}");
        let undefined: Vec<String> = page.found().into_iter().filter(|f| f.starts_with("footnote-undefined")).collect();
        assert!(!undefined.is_empty(), "{text}");
    }
    assert!(show("```{tip}\n-　甲[^1]\n```\n").found().contains(&"footnote-undefined 2:4".to_string()));
}

#[test]
fn nested_blocks() {
    all(&["> ", ">", "- ", "* ", "1. ", "+ - ", "> - ", "-\n ", ": ", "[^1]: ", "a\n: "]);
    let stairs: String = (0..600).map(|i| format!("{}- a\n", "  ".repeat(i))).collect();
    show(&stairs);
    let quotes: String = (0..600).map(|i| format!("{} a\n", ">".repeat(i))).collect();
    show(&quotes);
}

#[test]
fn slips_in_numbers() {
    all(&[
        "甲\n\u{200B}\n",
        "\u{200B}\n",
        "[//]: # (甲)\n",
        "甲 [a]: # ",
        "[a]:",
        "甲****乙",
        "{{/* 甲 ",
        "http://a.cn/x＃",
        "1. 甲\n  - 乙\n",
        "\\[甲](a b.md)",
        "[甲[^1]](a b.md)\n",
        "【甲】",
        "1月 ",
        "${甲}",
    ]);
    show(&format!("[a]: # (甲)\n\n{}", "[a]:".repeat(MANY)));
}

#[test]
fn nested_inlines() {
    all(&[
        "*",
        "**",
        "*a",
        "*a ",
        "a*",
        "_a",
        "~",
        "~a",
        "~~a",
        "^",
        "^a",
        "a^",
        "[",
        "]",
        "[a",
        "[a](",
        "![",
        "![a](",
        "<",
        "<a",
        "</",
        "`",
        "`a",
        "\\",
        "&",
        "&#",
        "$",
        "$a",
        "$$",
        "{",
        "}",
        "|",
        "**中。",
        "*“",
        "中*。*",
        "~中",
        "^(",
        "*a_ ",
        "**a*_",
        "<b>",
        "<b>*",
        "[^",
        "[^a]",
        "!",
        "(",
        ")",
        "https://",
        "https://a",
        "http://a(",
        "](",
        "[](",
        "[x]()",
        "<!--",
        "<![CDATA[",
        "<?",
        "x <!-- ",
    ]);
}

#[test]
fn blocks_in_numbers() {
    all(&[
        "# a\n\n",
        "a\n\n",
        "|",
        "|a",
        "a|b\n-|-\n",
        "```\n",
        "```{note}\n",
        "~~~{toc}\n~~~\n",
        "[a]: b\n",
        "[a]\n\n",
        "[^a]: b\n",
        "[^a]\n\n",
        "---\n",
        "***\n",
        "<div>\n\n",
        "<table>\n\n",
        "<table><tr><td>\n\n",
        "<td>",
        "<p>",
        "<li>",
        "<b>\n\n",
        "</b>",
        "<a href=x>",
        "<details>\n",
        "<script>",
        "<!--\n",
        "<svg>",
        "<a b=\"",
        "＃ a\n",
        "｜a｜\n",
        "• a\n",
        "【a】（",
        "＊＊",
        "＞ a\n",
        "·",
        "![](x)\n\n",
        "[](javascript:x)\n\n",
        "：a：\n",
        "## a {#a}\n\n",
    ]);
}

#[test]
fn a_hundred_thousand_levels() {
    for unit in [">", "> ", "[", "![", "*", "**", "- ", "(", "{", "<b>", "~", "^", "`", "$"] {
        show(&unit.repeat(100_000));
        show(&format!("{}中{}", unit.repeat(100_000), "]*)}".repeat(20_000)));
    }
}

#[test]
fn eight_mebibytes_of_text() {
    let text = "宣传知识产权，人人**“有责”**。\n\n".repeat((8 << 20) / 48);
    let s = show(&text);
    assert_eq!(s.html.matches("<strong>“有责”</strong>").count(), (8 << 20) / 48);
    assert_eq!(show("甲\0乙\n\n`\0`\n").html.matches("<p>").count(), 2);
}

#[test]
fn wide_and_long() {
    let cells = format!("{}\n{}\n", "|a".repeat(2_000), "|-".repeat(2_000)) + &"|b\n".repeat(200);
    show(&cells);
    let reference = format!("[a]: {}\n\n", "x".repeat(20_000)) + &"[a]\n".repeat(20_000);
    assert!(show(&reference).html.len() < 10_000_000);
    let inside = format!("[a]: {}\n\n```{{note}}\n{}\n```\n", "x".repeat(20_000), "[a]\n".repeat(5_000));
    assert!(show(&inside).body.links.iter().map(|l| l.written.len()).sum::<usize>() < 1_000_000);
    show(&format!("```{{contacts}}\n{}```\n", "- name: a\n".repeat(5_000)));
    show(&format!("```{{contacts}}\n{}{}```\n", "- &a [x]\n", "- [*a, *a, *a, *a, *a]\n".repeat(100)));
    show(&format!("```{{contacts}}\n{}\n```\n", "[".repeat(10_000)));
    show(&format!("$${}$$\n", "{".repeat(100_000)));
    show(&format!("<p {}>\n", "a=b ".repeat(100_000)));
}

#[test]
fn directives_inside_directives_end_at_the_limit() {
    let mut text = String::new();
    for i in (0..60).rev() {
        text.push_str(&format!("{}{{note}}\n", "`".repeat(3 + i)));
    }
    text.push_str("底\n");
    for i in 0..60 {
        text.push_str(&format!("{}\n", "`".repeat(3 + i)));
    }
    let s = show(&text);
    assert_eq!(s.html.matches("<aside").count(), 33);
    assert_eq!(s.found(), ["too-deep 33:32"]);
}
