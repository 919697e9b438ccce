//! Front matter as a word processor pastes the columns of a table: the name of a key on a line, its value on the line below.
//!
//! Input: the first lines of a page. Output: the place of the block, and the same with a colon between name and value. Lines of text
//! may look alike, so only those count that begin with the title and keep the page back, now or up to a day.

use super::foreign_dates::publication_in_line;
use super::unpublished_words::text_line_holds_back;
use super::unread_front_matter::{Line, is_known, is_named};
use crate::base::Span;

/// Most names that are looked at.
const MOST_NAMES: usize = 12;
/// Longest name and longest value in characters.
const LONGEST_NAME: usize = 8;
const LONGEST_VALUE: usize = 60;

/// The block that begins with the first of `lines`, up to its last name that means something here.
pub(super) fn label_columns(lines: &[Line<'_>]) -> Option<Span> {
    let words: Vec<&Line<'_>> = lines.iter().filter(|line| !line.trimmed.is_empty()).take(2 * MOST_NAMES).collect();
    let texts: Vec<&str> = words.iter().map(|line| line.trimmed).collect();
    let count = 2 * pairs(&texts).len();
    let last = count.checked_sub(1)?;
    Some(Span::new(words.first()?.span.start, words.get(last)?.span.end))
}

/// The lines of such a block with a colon between each name and its value; `None` if it is no such block.
pub(super) fn joined_columns(block: &str) -> Option<String> {
    let texts: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).take(2 * MOST_NAMES).collect();
    let pairs = pairs(&texts);
    (!pairs.is_empty() && 2 * pairs.len() == texts.len()).then(|| pairs.join("\n"))
}

/// The pairs of lines that are names with their values. Empty if the page is not kept back by them.
fn pairs(lines: &[&str]) -> Vec<String> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(char::is_alphanumeric)
    };
    let joined = |pair: &[&str]| {
        let [name, value] = pair else { return None };
        let fits = is_name(name) && value.chars().count() <= LONGEST_VALUE && !value.starts_with(['#', '|', '-', '`']);
        let line = format!("{name}: {value}");
        (fits && (is_known(&line) || holds_back(&line))).then_some(line)
    };
    let found: Vec<String> = lines.chunks_exact(2).map_while(joined).collect();
    let begins = found.first().is_some_and(|line| is_named(line, &["title"]));
    if begins && found.iter().any(|line| holds_back(line)) { found } else { Vec::new() }
}

/// Whether a line with a colon keeps its page back, now or up to a day.
fn holds_back(line: &str) -> bool {
    text_line_holds_back(line) || publication_in_line(line, None).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_above_their_values() {
        assert_eq!(
            joined_columns("标题\n\n关于甲的通知\n状态\n草稿").as_deref(),
            Some("标题: 关于甲的通知\n状态: 草稿")
        );
        assert_eq!(joined_columns("标题\n甲\n发布时间\n2027-05-01").as_deref(), Some("标题: 甲\n发布时间: 2027-05-01"));
        for text in
            ["标题\n甲\n作者\n乙", "状态\n草稿", "标题\n甲\n状态\n已发布", "标题: 甲\n状态: 草稿", "标题\n甲\n草稿"]
        {
            assert_eq!(joined_columns(text), None, "{text}");
        }
    }
}
