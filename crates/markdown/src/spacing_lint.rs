//! Reports marks that a space or a full-width character keeps from being Markdown, where the text may be meant as it
//! is.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: diagnostics that name the
//! correction; repairs for the marks whose meaning is plain. Does not change the text.

use std::ops::Range;

use super::context::{MarkdownContext, TextPlace};
use super::fullwidth_lint::{
    IDEOGRAPHIC_SPACE, LINK, LintTriggers, SLASH, STARS, STRIKE, WIDE_CODE, WIDE_COLON, is_address,
};
use super::inline::LeafKind;
use super::repairs::Repair;
use super::source_map::SourceMap;
use super::{link_lint, repairs, wikilinks};
use puzhi_core::base::{is_cjk_punctuation, is_han, is_zero_width};
use puzhi_core::diag::codes::markdown as codes;
use puzhi_core::diag::{DiagnosticCode, Edit};

/// Longest text between two marks, in characters.
const MAX_WORDS: usize = 60;
/// Most hidden characters of one text that one fix deletes.
const MAX_HIDDEN: usize = 100;

/// A finding in one text: its range and the words between the marks.
struct Finding<'t> {
    code: &'static DiagnosticCode,
    start: usize,
    end: usize,
    words: &'t str,
    /// The marks as they are written, and what to type for each.
    marks: Vec<(Range<usize>, &'static str)>,
}

impl<'t> Finding<'t> {
    fn new(code: &'static DiagnosticCode, range: Range<usize>, words: &'t str) -> Self {
        Finding { code, start: range.start, end: range.end, words, marks: Vec::new() }
    }

    /// Marks of so many bytes at both ends, with the white space inside them, are to be typed as `mark`.
    fn between(self, length: usize, inside: &str, mark: &'static str) -> Self {
        let before = length + inside.len() - inside.trim_start().len();
        let after = length + inside.len() - inside.trim_end().len();
        let marks = vec![(self.start..self.start + before, mark), (self.end - after..self.end, mark)];
        Finding { marks, ..self }
    }
}

/// Runs the checks in `triggers` on one text.
pub(super) fn check(
    context: &mut MarkdownContext<'_>,
    text: &str,
    source_map: &SourceMap,
    triggers: LintTriggers,
    kind: LeafKind,
) {
    let has = |wanted: LintTriggers| triggers & wanted != 0;
    if has(IDEOGRAPHIC_SPACE) && kind != LeafKind::Heading {
        repairs::find_wide_spaces(text, source_map, kind, &mut context.repairs);
        repairs::find_blank_lines(text, source_map, context.source.text, &mut context.repairs);
    }
    if has(IDEOGRAPHIC_SPACE) {
        check_hidden(context, text, source_map);
    }
    if has(LINK) {
        repairs::find_spaced_addresses(text, source_map, &mut context.repairs);
        for place in wikilinks::find(text, source_map, context.source.text, &mut context.repairs) {
            let diag = context.diag_at(&codes::PAGE_EMBED, place);
            context.kept_diags.push(diag);
        }
    }
    if has(LINK) {
        link_lint::check(context, text, source_map);
    }
    if has(WIDE_COLON) && has(SLASH) {
        check_schemes(context, text, source_map);
    }
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        if has(STARS) {
            check_emphasis(line, at, &mut found);
        }
        if has(LINK) {
            check_links(line, at, &mut found);
        }
        if has(WIDE_CODE) {
            check_code(line, at, &mut found);
        }
        if has(STRIKE) {
            check_strike(line, at, &mut found);
        }
        at += line.len() + 1;
    }
    let place = TextPlace { text, source_map };
    for Finding { code, start, end, words, marks } in found {
        let edits: Option<Vec<Edit>> =
            marks.into_iter().map(|(range, mark)| context.edit(&place, range, mark)).collect();
        let diag = context.diag_at(code, source_map.span(&(start..end))).arg("words", words);
        context.push_diag(diag.fixed_by(edits.into_iter().flatten()));
    }
}

/// Reports, once in a text, a character without width inside a word, a number or a label. Joiners and soft hyphens are left
/// out, which some scripts and long words need.
fn check_hidden(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    // Signs of direction that turn a text are reported wherever they stand.
    let is_hidden = |c: char| {
        is_zero_width(c)
            && !matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let is_inside = |at: usize, c: char| {
        let (before, after) = (text[..at].chars().next_back(), text[at + c.len_utf8()..].chars().next());
        let ends = |c: char| c.is_alphanumeric() || matches!(c, '.' | ')' | '、' | '：' | ':' | '）');
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(ends)
    };
    let is_found = |(at, c): &(usize, char)| is_hidden(*c) && is_inside(*at, *c);
    let Some((at, c)) = text.char_indices().find(is_found) else { return };
    let span = source_map.span(&(at..at + c.len_utf8()));
    // A character reference is typed on purpose.
    if context.source.text.get(span.start..).is_some_and(|written| written.starts_with('&')) {
        return;
    }
    let place = TextPlace { text, source_map };
    let all = text.char_indices().filter(is_found).take(MAX_HIDDEN);
    let edits: Vec<Edit> = all.filter_map(|(at, c)| context.edit(&place, at..at + c.len_utf8(), "")).collect();
    let diag = context.diag_at(&codes::FOREIGN_CHARACTER, span).arg("code", format!("U+{:04X}", u32::from(c)));
    let diag = diag.fixed_by(edits);
    let (zh, en) =
        ("看不见的字符，夹在词或数字里，会搜不到这个词", "nobody sees it, and no search finds the word around it");
    context.push_diag(diag.arg("zh", zh).arg("en", en));
}

/// Reports `https：//` and mends it.
fn check_schemes(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    for (colon, mark) in text.match_indices("：//") {
        let scheme = text[..colon].rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        if !["http", "https"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) {
            continue;
        }
        let start = colon - scheme.len();
        let fixed = format!("{scheme}://");
        let edit = context.edit(&TextPlace { text, source_map }, start..colon + mark.len(), &*fixed);
        let diag = context.diag_at(&codes::WIDE_ADDRESS, source_map.span(&(start..colon + mark.len())));
        context.kept_diags.push(diag.arg("fixed", fixed).fixed_by(edit));
        let place = source_map.span(&(colon..colon + '：'.len_utf8()));
        context.repairs.push(Repair::new(place.start, place.end - place.start, ":"));
    }
}

/// Reports `** 重点 **`. Only Han text counts, because `**` is also an operator.
fn check_emphasis<'t>(line: &'t str, at: usize, found: &mut Vec<Finding<'t>>) {
    const MARK: &str = "**";
    let mut from = 0;
    while let Some(start) = line[from..].find(MARK).map(|i| from + i) {
        let inside = start + MARK.len();
        from = inside;
        let Some(length) = line[inside..].find(MARK) else { return };
        let words = &line[inside..inside + length];
        let spaced = words.starts_with(' ') || words.ends_with(' ');
        let phrase = words.contains(is_han) && !words.contains(['*', '\u{FFFC}']);
        if spaced && phrase && words.chars().take(MAX_WORDS + 1).count() <= MAX_WORDS {
            let end = inside + length + MARK.len();
            let finding = Finding::new(&codes::EMPHASIS_SPACE, at + start..at + end, words.trim());
            found.push(finding.between(MARK.len(), words, MARK));
            from = end;
        }
    }
}

/// Reports `[文字] (地址)`. Numbers in brackets are references to literature.
fn check_links<'t>(line: &'t str, at: usize, found: &mut Vec<Finding<'t>>) {
    let mut from = 0;
    while let Some(close) = line[from..].find(']').map(|i| from + i) {
        from = close + 1;
        let rest = line[from..].trim_start_matches(|c| matches!(c, ' ' | '\u{3000}') || is_zero_width(c));
        let inside = line.len() - rest.len() + 1;
        if rest.len() == line.len() - from || !rest.starts_with('(') {
            continue;
        }
        let Some(length) = line[inside..].find(')') else { return };
        let Some(open) = line[..close].rfind('[') else { continue };
        let words = &line[open + 1..close];
        if words.chars().any(char::is_alphabetic) && is_address(line[inside..inside + length].trim()) {
            let end = inside + length + 1;
            let finding = Finding::new(&codes::LINK_SPACE, at + open..at + end, words);
            found.push(Finding { marks: vec![(at + close..at + inside, "](")], ..finding });
            from = end;
        }
    }
}

/// Reports `｀代码｀`.
fn check_code<'t>(line: &'t str, at: usize, found: &mut Vec<Finding<'t>>) {
    check_pairs(
        line,
        "｀",
        |words, _| !words.is_empty(),
        |start, end, words| {
            let finding = Finding::new(&codes::WIDE_CODE, at + start..at + end, words);
            found.push(finding.between('｀'.len_utf8(), "", "`"));
        },
    );
}

/// Reports `～～文字～～`. The sign also lengthens a sound, so the words must stand alone.
fn check_strike<'t>(line: &'t str, at: usize, found: &mut Vec<Finding<'t>>) {
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_cjk_punctuation(c));
    let is_struck = |words: &str, start: usize| {
        let ends = [words.chars().next(), words.chars().next_back()];
        let whole = ends.iter().all(|c| c.is_some_and(char::is_alphanumeric));
        whole && edge(line[..start].chars().next_back())
    };
    check_pairs(line, "～～", is_struck, |start, end, words| {
        let finding = Finding::new(&codes::WIDE_STRIKE, at + start..at + end, words);
        found.push(finding.between("～～".len(), "", "~~"));
    });
}

/// Calls `report` with start, end and words of each pair of marks whose words `fits` accepts. Longer runs of the mark
/// are left out.
fn check_pairs<'t>(
    line: &'t str,
    mark: &str,
    fits: impl Fn(&str, usize) -> bool,
    mut report: impl FnMut(usize, usize, &'t str),
) {
    let sign = mark.chars().next().unwrap_or('｀');
    let mut from = 0;
    while let Some(start) = line[from..].find(mark).map(|i| from + i) {
        let inside = start + mark.len();
        let Some(length) = line[inside..].find(sign) else { return };
        let words = &line[inside..inside + length];
        let end = inside + length + mark.len();
        let closed = line[inside + length..].starts_with(mark) && !line[end..].starts_with(sign);
        if closed && words.chars().take(MAX_WORDS + 1).count() <= MAX_WORDS && fits(words, start) {
            report(start, end, words);
            from = end;
        } else {
            from = inside + length;
            from += line[from..].len() - line[from..].trim_start_matches(sign).len();
            if length > 0 && closed {
                // The second mark may open another pair.
                from = inside + length;
            }
        }
    }
}
