//! Plain text: all of the article, with numbers, notes and addresses.

use proptest::prelude::*;
use puzhi_press::{normal_form, plain_text, visible_text_of_blocks};

use crate::support::{EVERYTHING, article, has_all, random_html};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::support::cases(400)))]
    #[test]
    fn nothing_is_lost(html in random_html()) {
        let article = article(&html);
        let (text, whole) = (visible_text_of_blocks(article.body()), normal_form(&plain_text(&article)));
        prop_assert!(has_all(&text, &whole), "{} is not in {}", text, whole);
    }
}

#[test]
fn the_text_of_an_article_with_everything() {
    assert_eq!(plain_text(&article(EVERYTHING)), include_str!("everything.txt"));
}

#[test]
fn long_heads_and_long_spanning_cells_are_not_said_again() {
    let long = "长".repeat(61);
    let html = format!(
        "<table><tr><th>{long}<th>乙<tr><td rowspan=2>{long}<td>一<br>二<tr><td>三</table><table><tr><th>甲<th>乙<tr><td rowspan=2>短<td>一<br>二<tr><td>三</table>"
    );
    let text = plain_text(&article(&html));
    assert_eq!(text.matches(&long).count(), 2, "{text}");
    assert_eq!(text.matches("甲：短").count(), 2, "{text}");
}

#[test]
fn a_column_name_above_no_cell_is_said() {
    for html in [
        "<table><tr><th>甲<th>丙丁<tbody><tr><td>一<br>二</table>",
        "<table><tr><th>甲<th>乙<th>丙丁<tbody><tr><td colspan=2>一<br>二<tr><td>三</table>",
        "<table><tr><th>甲<th>乙<th>戊<th>丙丁<tbody><tr><td colspan=4>一<br>二</table>",
    ] {
        let text = plain_text(&article(html));
        assert_eq!(text.matches("丙丁").count(), 1, "{text}");
    }
}

/// The text of a paragraph.
fn line(html: &str) -> String {
    let text = plain_text(&article(&format!("<p>{html}</p>")));
    text.lines().nth(6).unwrap_or_default().to_string()
}

#[test]
fn what_a_look_alone_would_say_is_said() {
    let cases = [
        ("10<sup>3</sup>元，50m<sup>2</sup>", "10^3元，50m^2"),
        ("10<sup>-3</sup>、x<sup>n</sup>、x<sup>n+1</sup>、(a)<sup>2</sup>", "10^-3、x^n、x^(n+1)、(a)^2"),
        ("1<sup>st</sup>、500<sup>①</sup>、甲<sup>1</sup>、H<sub>2</sub>O", "1st、500①、甲1、H2O"),
        ("<del>100元</del>80元", "（删去：100元）80元"),
        ("<del>旧<b>价</b></del>", "（删去：旧价）"),
        ("<a href=\"https://a.cn/\"><s>旧址</s></a>新", "（删去：旧址）（https://a.cn/）新"),
    ];
    for (html, expected) in cases {
        assert_eq!(line(html), expected, "{html}");
    }
}

#[test]
fn no_line_ends_with_white_space() {
    let text =
        plain_text(&article("<blockquote><pre>甲\n\n乙 \n</pre><ul><li>丙<pre>丁\n\n戊</pre><li></ul></blockquote>"));
    assert!(text.contains("　　甲\n\n　　乙\n") && text.contains("丁\n\n"), "{text:?}");
    assert!(text.lines().all(|line| line == line.trim_end()), "{text:?}");
}

#[test]
fn characters_that_have_no_shape_are_not_in_the_text() {
    let mut article = article("<pre>甲\u{7f}乙\n\t丙\u{85}</pre>");
    article.info.title = "题\u{7}目\u{1b}".into();
    let text = plain_text(&article);
    assert!(text.starts_with("题目\n") && text.contains("甲乙\n\t丙\n"), "{text:?}");
    assert!(text.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{text:?}");
}
