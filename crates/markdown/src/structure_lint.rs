//! Reports structure that Markdown does not read as its author meant it: tables with a wrong second line or with tabs,
//! `:::` containers, references to footnotes that are not defined.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: diagnostics that name the
//! correction. Does not change the text and does not know HTML.

use super::context::{MAX_FINDINGS, MarkdownContext, TextPlace};
use super::fullwidth_lint::{HARD_BREAK, LintFinding, runs_together};
use super::source_map::SourceMap;
use puzhi_core::base::{is_cjk_punctuation, is_han};
use puzhi_core::diag::codes::markdown as codes;

/// Reports a second line of a table that has another number of columns than the first.
pub(super) fn check_delimiter_row(lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    for pair in lines.windows(2) {
        let ((_, head), (at, row)) = (pair[0], pair[1]);
        let is_row = row.contains("--") && row.contains('|') && row.bytes().all(|b| b"|-: \t".contains(&b));
        // With as many bars it is another mark that keeps the lines apart, such as the one of a quotation.
        let columns = |line: &str| line.trim_matches('|').split('|').count();
        if is_row && head.contains('|') && columns(head) != columns(row) {
            found.push(LintFinding::new(&codes::TABLE_COLUMNS, at..at + row.len()));
        }
    }
}

/// Whether bars stand at both ends of a line.
fn is_row(line: &str) -> bool {
    line.len() > 2 && line.starts_with('|') && line.ends_with('|')
}

/// Reports rows of a table below the text of a list item or quotation, which go on with its text.
pub(super) fn check_glued_rows(lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    let is_delimiter = |line: &str| line.contains("--") && line.bytes().all(|b| b"|-: \t".contains(&b));
    let first = lines.windows(3).position(|l| !is_row(l[0].1) && is_row(l[1].1) && is_row(l[2].1));
    if let Some(first) = first.filter(|first| lines.get(first + 2).is_some_and(|(_, line)| is_delimiter(line))) {
        let (at, line) = lines[first + 1];
        found.push(LintFinding::new(&codes::TABLE_GLUED, at..at + line.len()));
    }
}

/// Reports rows of a table that have no head: no line of hyphens below the first, or an empty line above. Rows
/// `below_table` belong to that table, also without bars at their ends.
pub(super) fn check_rows_without_head(lines: &[(usize, &str)], below_table: bool, found: &mut Vec<LintFinding>) {
    let bars = |line: &str| line.matches('|').count();
    // The lines of a table drawn with signs: `+---+---+`.
    let is_drawn = |line: &str| line.starts_with('+') && line.len() > 2 && line.bytes().all(|b| b"+-=".contains(&b));
    if let Some((at, line)) = lines.first().filter(|(_, line)| is_drawn(line)) {
        if lines.len() > 2 && lines[1..].iter().all(|(_, line)| is_drawn(line) || is_row(line)) {
            found.push(LintFinding::new(&codes::TABLE_HEAD, *at..at + line.len()));
        }
        return;
    }
    // A line of hyphens is reported with its number of columns.
    if lines.iter().any(|(_, line)| line.contains("--") && line.bytes().all(|b| b"|-: \t".contains(&b))) {
        return;
    }
    let all = lines.iter().all(|(_, line)| is_row(line));
    let alone = lines.len() == 1 && lines.iter().all(|(_, line)| bars(line) > 2 && line.contains(" | "));
    // A label before the bar makes a line of its own: `联系人：张三 | 电话：138`.
    let is_labelled = |line: &str| line.split('|').next().unwrap_or("").contains(['：', ':']);
    let goes_on = below_table && lines.iter().all(|(_, line)| line.contains('|') && !is_labelled(line));
    // Three lines with as many bars each are rows, also without bars at their ends.
    let inner_bars = |line: &str| line.matches(" | ").count();
    let first = lines.first().map_or(0, |(_, line)| inner_bars(line));
    let are_alike = first > 0 && lines.len() > 2 && lines.iter().all(|(_, line)| inner_bars(line) == first);
    let are_rows = all && (alone || lines.len() > 1) || goes_on || are_alike;
    if let Some((at, line)) = lines.first().filter(|_| are_rows) {
        let bar = at + line.find('|').unwrap_or(0);
        found.push(LintFinding::new(&codes::TABLE_HEAD, bar..bar + 1));
    }
}

/// Reports lines that a word processor has put tabs between.
pub(super) fn check_tabs(text: &str, lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    // Lines with bars are a table of their own kind.
    let tabs = |line: &str| if line.contains('|') { 0 } else { line.matches('\t').count() };
    let mut i = 0;
    while i + 1 < lines.len() {
        let (at, line) = lines[i];
        let first = i;
        // Empty cells at the end of a line leave no tabs.
        let is_set = |next: usize| tabs(line) > 0 && (next == tabs(line) || tabs(line) > 1);
        while i + 1 < lines.len() && is_set(tabs(lines[i + 1].1)) {
            i += 1;
        }
        if (first..i).any(|i| runs_together(text, lines[i], lines[i + 1])) {
            let tab = at + line.find('\t').unwrap_or(0);
            found.push(LintFinding::new(&codes::TAB_TABLE, tab..tab + 1));
        }
        i += 1;
    }
}

/// Whether a text has two spaces beside each other.
pub(super) fn has_gap(text: &str) -> bool {
    text.contains("  ") || text.contains("\u{3000}\u{3000}") || text.contains("\u{A0}\u{A0}")
}

/// Number of gaps of two and more spaces in a line, or none if a cell between them is as long as a sentence. The space
/// after a sentence may be wide.
fn gaps(line: &str) -> Option<usize> {
    const LONGEST_CELL: usize = 40;
    let (mut count, mut cell, mut spaces) = (0, 0, 0);
    let mut last = ' ';
    for c in line.chars() {
        match c {
            ' ' | '\u{3000}' | '\u{A0}' => {
                spaces += 1;
                continue;
            }
            '\u{200B}' => continue,
            _ => {}
        }
        if spaces > 1
            && !(last == ' ' || is_cjk_punctuation(last) || matches!(last, '.' | '?' | '!' | ':' | ';' | ',' | '_'))
        {
            count += 1;
            cell = 0;
        }
        (spaces, last, cell) = (0, c, cell + 1);
        if cell > LONGEST_CELL {
            return None;
        }
    }
    Some(count).filter(|count| *count > 0)
}

/// Reports three and more lines that are set in columns with spaces, as a table is that was copied from a PDF file.
pub(super) fn check_gaps(lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    const FEWEST_ROWS: usize = 3;
    let counts: Vec<Option<usize>> = lines.iter().map(|(_, line)| gaps(line)).collect();
    let same = |rows: &[Option<usize>]| rows[0].is_some() && rows.iter().all(|row| *row == rows[0]);
    // Two lines are enough where each gap is as wide as a Han character.
    let is_wide = lines.len() == 2 && lines.iter().all(|(_, line)| line.contains('\u{3000}') && !line.contains("  "));
    let fewest = if is_wide { 2 } else { FEWEST_ROWS };
    if let Some(first) = counts.windows(fewest).position(same) {
        let (at, line) = lines[first];
        let end = at + line.chars().next().map_or(0, char::len_utf8);
        found.push(LintFinding::new(&codes::SPACED_TABLE, at..end));
    }
}

/// Reports lines that open a container of other generators, such as `::: tip`.
pub(super) fn check_containers(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let mut at = 0;
    for line in text.split_inclusive(['\n', HARD_BREAK]) {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let marks = text[start..at].len() - text[start..at].trim_start_matches(':').len();
        let words = text[start + marks..at].trim();
        let name: String = words
            .trim_start_matches('{')
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        if marks < 3 || name.is_empty() {
            continue;
        }
        let directive = match name.to_lowercase().as_str() {
            "tip" | "success" | "hint" | "提示" => "tip",
            "warning" | "danger" | "caution" | "error" | "attention" | "警告" | "注意" => "warning",
            "details" | "spoiler" | "collapse" => "details",
            _ => "note",
        };
        let diag = context.diag_at(&codes::COLON_CONTAINER, source_map.span(&(start..start + marks)));
        context.push_diag(diag.arg("name", &name).arg("fix", format!("```{{{directive}}}")));
    }
}

/// Reports `[^x]` that is no footnote, because none is defined or because a bracket or colon is full-width.
pub(super) fn check_footnotes(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    for (caret, _) in text.match_indices('^') {
        let Some(open) = text[..caret].chars().next_back().filter(|c| matches!(c, '[' | '［' | '【')) else {
            continue;
        };
        let start = caret - open.len_utf8();
        let label: String = text[caret + 1..].chars().take(40).take_while(|c| is_label(*c)).collect();
        let end = caret + 1 + label.len();
        let Some(close) = text[end..].chars().next().filter(|c| matches!(c, ']' | '］' | '】')) else { continue };
        let mut end = end + close.len_utf8();
        // Where no word stands before them, brackets without a label are those of a regular expression.
        let is_blank = label.trim_start().len() < label.len() || label.is_empty();
        if is_character_class(&label) && !is_blank || is_blank && !text[..start].ends_with(is_han) {
            continue;
        }
        let colon = text[end..].starts_with('：')
            && text[..start].trim_end_matches([' ', '>']).ends_with(['\n', HARD_BREAK])
            || text[end..].starts_with('：') && text[..start].trim().is_empty();
        let written = source_map.span(&(start..start + open.len_utf8()));
        if open == '[' && context.text_before(written.start).ends_with('\\') {
            continue;
        }
        if open != '[' || close != ']' || colon {
            end += if text[end..].starts_with('：') { '：'.len_utf8() } else { 0 };
            let fix =
                if colon || text[..end].ends_with('：') { format!("[^{label}]: ") } else { format!("[^{label}]") };
            let is_certain = colon == fix.ends_with(' ') && has_counterpart(context, &label, colon);
            let typed = if text[end..].starts_with([' ', '\n']) { fix.trim_end() } else { &fix };
            let place = TextPlace { text, source_map };
            let edit = if is_certain { context.edit(&place, start..end, typed) } else { None };
            let diag =
                context.diag_at(&codes::WIDE_FOOTNOTE, source_map.span(&(start..end))).arg("fix", fix.trim_end());
            context.push_diag(diag.fixed_by(edit));
        } else if context.diags.len() < MAX_FINDINGS && !context.source.text.contains(&format!("[^{label}]：")) {
            // The definition with a full-width colon is reported at its own place.
            let diag = context.diag_at(&codes::FOOTNOTE_UNDEFINED, source_map.span(&(start..end))).arg("label", &label);
            context.push_diag(diag);
        }
    }
}

/// Whether the file has the text of a footnote, or, for the text, a reference to it, with whatever brackets.
fn has_counterpart(context: &MarkdownContext<'_>, label: &str, is_definition: bool) -> bool {
    /// So many findings of a page ask for it, since the whole file is searched.
    const MOST: usize = 50;
    let count = |end: &str| context.source.text.matches(&format!("^{label}{end}")).take(2).count();
    match is_definition {
        _ if context.diags.len() > MOST => false,
        true => ["]", "］", "】"].into_iter().map(count).sum::<usize>() > 1,
        false => ["]:", "]：", "］:", "］：", "】:", "】："].into_iter().any(|end| count(end) > 0),
    }
}

/// Whether a label is the class of a regular expression, such as `0-9` or `a-zA-Z`.
fn is_character_class(label: &str) -> bool {
    let chars: Vec<char> = label.chars().collect();
    let is_range =
        |r: &[char]| r.len() == 3 && r[1] == '-' && r[0].is_ascii_alphanumeric() && r[2].is_ascii_alphanumeric();
    chars.chunks(3).all(is_range)
}

fn is_label(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '+' | ' ' | '\u{3000}')
}
