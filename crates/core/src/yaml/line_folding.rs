//! Joins lines of Chinese text without a space.
//!
//! YAML joins the lines of a plain, quoted or folded (`>`) value by a space. Chinese is written without spaces, so between
//! Han characters and Chinese punctuation the space goes, as in the text of a page.
//!
//! Input: the source text and a parsed [`Node`]. Output: the same node with its texts joined. Does not parse.

use crate::base::{is_cjk_punctuation, is_han};

use super::{Node, Value};

/// Joins the lines of each text in `node` that is written over several lines of `source`.
pub(super) fn join_lines(source: &str, node: &mut Node) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| join_lines(source, item)),
        Value::Map(mapping) => mapping.entries.iter_mut().for_each(|entry| join_lines(source, &mut entry.node)),
        Value::Text(text) => {
            let raw = source.get(node.span.start..node.span.end).unwrap_or_default();
            if raw.contains('\n') {
                join_text(raw, text);
            }
        }
        _ => {}
    }
}

/// Removes the space at each line break of `raw` that lies between Chinese characters. A line that escapes have changed
/// is passed over.
fn join_text(raw: &str, text: &mut String) {
    let joins = |before: Option<char>, after: Option<char>| {
        let chinese = |c: char| is_han(c) || is_cjk_punctuation(c);
        before.is_some_and(chinese) && after.is_some_and(chinese)
    };
    let mut at = 0;
    for line in raw.lines() {
        let line = line.trim();
        let line = if at == 0 { line.trim_start_matches(['"', '\'']) } else { line };
        let Some(found) = text[at..].find(line).filter(|_| !line.is_empty()) else { continue };
        at += found + line.len();
        let mut rest = text[at..].chars();
        if rest.next() == Some(' ') && joins(line.chars().next_back(), rest.next()) {
            text.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::join_text;

    #[test]
    fn only_breaks_between_chinese_characters_lose_their_space() {
        for (raw, parsed, wanted) in [
            ("知识产权\n  宣传周", "知识产权 宣传周", "知识产权宣传周"),
            (">\n  第一行，\n  第二行。", "第一行， 第二行。\n", "第一行，第二行。\n"),
            ("\"双引号里\n  换行\"", "双引号里 换行", "双引号里换行"),
            ("甲 乙\n  丙 丁", "甲 乙 丙 丁", "甲 乙丙 丁"),
            ("甲\n  word\n  乙", "甲 word 乙", "甲 word 乙"),
            ("two\n  words", "two words", "two words"),
            ("甲\n\n  乙", "甲\n乙", "甲\n乙"),
            ("|\n  甲\n  乙", "甲\n乙\n", "甲\n乙\n"),
            ("\"a\\\"甲\n  乙\"", "a\"甲 乙", "a\"甲 乙"),
        ] {
            let mut text = parsed.to_string();
            join_text(raw, &mut text);
            assert_eq!(text, wanted, "{raw}");
        }
    }
}
