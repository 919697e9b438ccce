//! The edits that make lines, which keep their breaks as they are, what they are meant as: items of a list, paragraphs,
//! headings.
//!
//! Input: the text of a file and the place of the first of the lines. Output: [`Edit`]s, or nothing where a line of the block
//! is of another sort, so that it would become part of the line above it. Does not know blocks.

use super::line_markers::{LineMarker, MarkerKind, marker};
use super::own_lines::wide_indent;
use puzhi_core::base::Span;
use puzhi_core::diag::Edit;

/// Most lines of a block that are looked at.
const MAX_LINES: usize = 500;

/// A line of a block.
struct BlockLine<'t> {
    /// Place of its content in the file.
    at: usize,
    /// White space and marks of quotations before the content.
    before: &'t str,
    content: &'t str,
}

/// The lines of `text` from the one with byte `place` on, up to the next empty one. `None` if there are too many.
fn block_lines(text: &str, place: usize) -> Option<Vec<BlockLine<'_>>> {
    let mut at = text.get(..place)?.rfind('\n').map_or(0, |end| end + 1);
    let mut lines = Vec::new();
    for line in text.get(at..)?.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        if content.trim_end().is_empty() {
            return Some(lines);
        }
        if lines.len() == MAX_LINES {
            return None;
        }
        let before = &line[..line.len() - content.len()];
        lines.push(BlockLine { at: at + before.len(), before, content: content.trim_end() });
        at += line.len();
    }
    Some(lines)
}

/// Whether the line of `text` above the one with byte `place` has text.
fn follows_text(text: &str, place: usize) -> bool {
    let head = text[..place].rfind('\n').map_or("", |end| &text[..end]);
    let above = head.rsplit('\n').next().unwrap_or("");
    !above.trim_matches([' ', '\t', '>', '\r']).is_empty()
}

/// Makes list items of all lines of a block from the one at `place` on, which has a number or sign without a space or another
/// sign of a list.
pub(super) fn list_items(text: &str, place: usize) -> Vec<Edit> {
    items(text, place).unwrap_or_default()
}

fn items(text: &str, place: usize) -> Option<Vec<Edit>> {
    let lines = block_lines(text, place)?;
    let first = lines.first().filter(|line| line.at == place)?;
    let mut edits = Vec::new();
    let mut above: Option<LineMarker> = None;
    for line in &lines {
        let found = marker(line.content)?;
        if line.before != first.before || above.is_some_and(|above| !found.follows(&above)) {
            return None;
        }
        edits.push(item(line, &found)?);
        above = Some(found);
    }
    // A list that begins with another number does not part from the text above it.
    let begins = above.is_some_and(|last| last.kind != MarkerKind::Unspaced)
        || marker(first.content)?.number == 1
        || !follows_text(text, place);
    begins.then_some(edits)
}

/// Makes a list item of a line with this marker.
fn item(line: &BlockLine<'_>, found: &LineMarker) -> Option<Edit> {
    const BULLETS: [char; 10] = ['•', '·', '－', '●', '■', '▪', '◆', '・', '‧', '∙'];
    let end = line.at + found.length;
    match found.kind {
        MarkerKind::Unspaced => line.content[..found.length].ends_with(['.', ')']).then(|| Edit::insert(end, " ")),
        MarkerKind::UnspacedSign('-' | '*' | '+') => Some(Edit::insert(end, " ")),
        // Other signs, such as stars and ticks, can say something of their own.
        MarkerKind::Bullet(sign) if BULLETS.contains(&sign) => {
            let behind = &line.content[found.length..];
            let spaces = behind.len() - behind.trim_start_matches([' ', '\t', '\u{3000}', '\u{A0}']).len();
            Some(Edit::new(Span::new(line.at, end + spaces), "- "))
        }
        _ => None,
    }
}

/// Puts an empty line before each line of a block that is indented as a paragraph, from the one at `place` on.
pub(super) fn paragraphs(text: &str, place: usize) -> Vec<Edit> {
    let lines = block_lines(text, place).unwrap_or_default();
    let indented = lines.iter().filter(|line| wide_indent(line.content).1 > 1);
    indented.map(|line| Edit::insert(line.at - line.before.len(), format!("{}\n", line.before.trim_end()))).collect()
}

/// Makes headings of the second level of paragraphs that begin with `一、`, `二、` and so on, if they are all of them and each
/// begins its line.
pub(super) fn headings<'m>(text: &str, marked: impl Iterator<Item = (&'m LineMarker, Span)>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, (found, span)) in (1..).zip(marked) {
        let line = text.get(..span.start).unwrap_or("").rsplit('\n').next().unwrap_or("");
        if found.kind != MarkerKind::Han
            || found.number != number
            || !line.trim_matches(' ').is_empty()
            || line.len() > 3
        {
            return Vec::new();
        }
        edits.push(Edit::insert(span.start, "## "));
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(text: &str, edits: &[Edit]) -> Option<String> {
        let mut out = text.to_string();
        for edit in edits.iter().rev() {
            out.replace_range(edit.span.start..edit.span.end, &edit.replacement);
        }
        (!edits.is_empty()).then_some(out)
    }

    #[test]
    fn lines_become_items() {
        let of = |text: &str, first: &str| applied(text, &list_items(text, text.find(first).unwrap()));
        for (text, first, wanted) in [
            ("1.甲\n2.乙\n\n丙", "1", "1. 甲\n2. 乙\n\n丙"),
            ("要带：\n1)甲\n2)乙\n", "1", "要带：\n1) 甲\n2) 乙\n"),
            ("> -甲\n> -乙", "-", "> - 甲\n> - 乙"),
            ("• 甲\n•\u{3000}乙", "•", "- 甲\n- 乙"),
            ("·甲\n·乙", "·", "- 甲\n- 乙"),
        ] {
            assert_eq!(of(text, first).as_deref(), Some(wanted), "{text}");
        }
        for (text, first) in [
            ("1.甲\n接着写\n2.乙", "1"),
            ("1.甲\n3.乙", "1"),
            ("文\n2.甲\n3.乙", "2"),
            ("★ 甲\n★ 乙", "★"),
            ("√ 甲\n√ 乙", "√"),
            ("**1.甲\n2.乙**", "1"),
            ("-甲\n*乙", "-"),
        ] {
            assert_eq!(of(text, first), None, "{text}");
        }
    }

    #[test]
    fn indented_lines_become_paragraphs() {
        let text = "　　甲。\n　　乙，\n丙。\n　　丁。\n";
        let edits = paragraphs(text, text.find("　　乙").unwrap());
        assert_eq!(applied(text, &edits).as_deref(), Some("　　甲。\n\n　　乙，\n丙。\n\n　　丁。\n"));
        let text = "> 　　甲。\n> 　　乙。\n";
        let edits = paragraphs(text, text.find("　　乙").unwrap());
        assert_eq!(applied(text, &edits).as_deref(), Some("> 　　甲。\n>\n> 　　乙。\n"));
    }
}
