//! Plain text: all of the article, with numbers, notes and addresses.

use proptest::prelude::*;
use puzhi_press::{normal_form, plain_text, visible_text_of_blocks};

use crate::support::{EVERYTHING, article, has_all, random_html};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
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
