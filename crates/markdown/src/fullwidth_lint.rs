//! Reports Markdown syntax typed with full-width characters of a Chinese keyboard. Reports only where no other
//! meaning is plausible.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: diagnostics that name the
//! correction. Does not change the text and does not know HTML.

use std::ops::Range;

use super::context::{MarkdownContext, TextPlace};
use super::control_characters;
use super::foreign_syntax;
use super::inline::LeafKind;
use super::link_lint;
use super::mark_lint;
use super::source_map::SourceMap;
use super::spacing_lint;
use super::structure_lint;
use super::tex_brackets;
use puzhi_core::base::{is_cjk_punctuation, is_han};
use puzhi_core::diag::codes::markdown as codes;
use puzhi_core::diag::{DiagnosticCode, Edit};

/// Set of checks that a character can trigger, one bit per check.
pub(super) type LintTriggers = u32;

const HEADING: LintTriggers = 1 << 1;
pub(super) const LINK: LintTriggers = 1 << 2;
const FENCE: LintTriggers = 1 << 3;
const EMPHASIS: LintTriggers = 1 << 4;
const RULE: LintTriggers = 1 << 5;
const ROW: LintTriggers = 1 << 6;
const QUOTE: LintTriggers = 1 << 7;
/// Characters of rules that are significant only together with others.
const WEAK_RULE: LintTriggers = 1 << 9;
/// Triggers of `spacing_lint`, besides [`LINK`].
pub(super) const STARS: LintTriggers = 1 << 11;
pub(super) const IDEOGRAPHIC_SPACE: LintTriggers = 1 << 12;
pub(super) const STRIKE: LintTriggers = 1 << 13;
pub(super) const WIDE_CODE: LintTriggers = 1 << 14;
pub(super) const WIDE_COLON: LintTriggers = 1 << 15;
pub(super) const SLASH: LintTriggers = 1 << 16;
/// Characters of addresses that stand in the text; no check of this file.
pub(super) const ADDRESS: LintTriggers = 1 << 17;
const SPACING: LintTriggers = LINK | STARS | IDEOGRAPHIC_SPACE | STRIKE | WIDE_CODE;
const BAR: LintTriggers = 1 << 18;
const TAB: LintTriggers = 1 << 19;
const FOOTNOTE: LintTriggers = 1 << 20;
/// Set by the writer if a line of the text starts with `:::`.
pub(super) const CONTAINER: LintTriggers = 1 << 21;
/// A sign that may start a comment, which the writer checks.
pub(super) const COMMENT: LintTriggers = 1 << 22;

/// Set by the writer if the text may have formulas in the brackets of LaTeX.
pub(super) const TEX: LintTriggers = 1 << 24;
/// Set by the writer if the lines of a paragraph may be set in columns with spaces.
pub(super) const GAP: LintTriggers = 1 << 25;

/// A character of other programs that readers do not see; `control_characters` checks it.
pub(super) const FOREIGN: LintTriggers = 1 << 23;

/// A sign that may begin a formula that was not read.
const DOLLAR: LintTriggers = 1 << 26;
/// A sign of which two may begin a comment of Obsidian.
const PERCENT: LintTriggers = 1 << 27;
/// Set by the writer if an empty line parts the paragraph from the table above it.
pub(super) const BELOW_TABLE: LintTriggers = 1 << 28;

/// A digit; no check of this file.
pub(super) const DIGIT: LintTriggers = 1 << 29;

/// A sign that may begin a command of another generator.
const BRACE: LintTriggers = 1 << 30;

/// Stands for a forced line break in the text that is checked.
pub(super) const HARD_BREAK: char = '\u{2028}';

/// The checks that `c` can trigger.
pub(super) const fn trigger(c: char) -> LintTriggers {
    match c {
        '＃' | '#' => HEADING,
        '】' | ']' | '］' => LINK,
        '·' | '•' => FENCE,
        '‘' | '’' => FENCE,
        '｀' => FENCE | WIDE_CODE,
        '*' => STARS,
        ':' | '@' | '.' => ADDRESS,
        '0'..='9' => DIGIT,
        '/' => SLASH,
        '：' => WIDE_COLON,
        '\u{3000}' | '\u{A0}' | '\u{2002}'..='\u{2005}' => IDEOGRAPHIC_SPACE,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' => IDEOGRAPHIC_SPACE,
        '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' => IDEOGRAPHIC_SPACE,
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => FOREIGN,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => FOREIGN | IDEOGRAPHIC_SPACE,
        '\u{2028}' | '\u{2029}' | '\u{FFFC}'..='\u{FFFF}' | '\u{E000}'..='\u{F8FF}' => FOREIGN,
        '～' => STRIKE,
        '－' | '—' => RULE,
        '｜' => ROW,
        '＞' => QUOTE,
        '＊' => EMPHASIS | RULE,
        '＿' | '―' => WEAK_RULE,
        '|' => BAR,
        '\t' => TAB,
        '^' | '［' => FOOTNOTE,
        '<' | '‹' | '＜' | '〈' | '《' => COMMENT,
        '%' => PERCENT,
        '$' => DOLLAR,
        '{' => BRACE,
        _ => 0,
    }
}

/// Characters that authors use as bullets.
const BULLETS: [char; 25] = [
    '•', '·', '－', '●', '○', '■', '▪', '◆', '◇', '・', '‧', '∙', '◎', '★', '☆', '▲', '△', '►', '➢', '※', '✓', '✔',
    '√', '□', '☐',
];
/// Whether authors use this character as a bullet.
pub(super) fn is_bullet(c: char) -> bool {
    BULLETS.contains(&c)
}
/// Characters that input methods produce instead of a backtick.
const BACKTICKS: [char; 5] = ['·', '‘', '’', '｀', '•'];

/// Runs the checks in `triggers` on one text and reports what they find.
pub(super) fn check(
    context: &mut MarkdownContext<'_>,
    text: &str,
    source_map: &SourceMap,
    triggers: LintTriggers,
    kind: LeafKind,
) {
    let has = |wanted: LintTriggers| triggers & wanted != 0;
    let in_paragraph = kind == LeafKind::Paragraph;
    if has(SPACING) || has(WIDE_COLON) && has(SLASH) {
        spacing_lint::check(context, text, source_map, triggers, kind);
    }
    if has(TEX) {
        tex_brackets::check(context, text, source_map);
    }
    if has(HEADING) && kind == LeafKind::Heading {
        check_heading_end(context, text, source_map);
    }
    if in_paragraph && foreign_syntax::may_begin(text) || has(BRACE | FOOTNOTE) {
        foreign_syntax::check(context, text, source_map);
    }
    if has(DOLLAR | COMMENT | PERCENT | FOREIGN) || in_paragraph && has(LINK) {
        check_marks(context, text, source_map, triggers, in_paragraph);
    }
    let has_colon = has(WIDE_COLON);
    const DONE: LintTriggers =
        SPACING & !LINK | WIDE_COLON | SLASH | ADDRESS | DIGIT | FOREIGN | TEX | COMMENT | DOLLAR | PERCENT | BRACE;
    let triggers = triggers & !DONE;
    let has = |wanted: LintTriggers| triggers & wanted != 0;
    if !has(!WEAK_RULE) || !in_paragraph && !has(LINK | EMPHASIS | FOOTNOTE | BAR) {
        return;
    }
    if has(FOOTNOTE) {
        structure_lint::check_footnotes(context, text, source_map);
    }
    if in_paragraph && has(CONTAINER) {
        structure_lint::check_containers(context, text, source_map);
    }
    let mut found = Vec::new();
    let lines = lines(text);
    let place = TextPlace { text, source_map };
    for (at, line) in lines.iter().filter(|_| has_colon && has(LINK)) {
        check_definition(line, *at, &mut found);
    }
    for (at, line) in lines.iter().filter(|_| has(LINK | EMPHASIS)) {
        check_links(line, *at, &mut found);
        check_emphasis(line, *at, &mut found);
    }
    if has(BAR) && lines.len() > 2 {
        structure_lint::check_glued_rows(&lines, &mut found);
    }
    if in_paragraph {
        for (number, (at, line)) in lines.iter().enumerate() {
            if !has(HEADING | FENCE | RULE | EMPHASIS | WEAK_RULE) {
                break;
            }
            check_heading(line, *at, &mut found);
            check_fence(&lines[number..], &mut found);
            check_rule(&lines, number, &mut found);
            check_page_number(line, *at, context, source_map);
        }
        check_quote(&lines, &mut found);
        if has(ROW) {
            check_rows(&lines, &mut found);
        }
        if has(BAR) {
            structure_lint::check_delimiter_row(&lines, &mut found);
            structure_lint::check_rows_without_head(&lines, has(BELOW_TABLE), &mut found);
        }
        if has(GAP) {
            structure_lint::check_gaps(&lines, &mut found);
        }
        if has(TAB) {
            structure_lint::check_tabs(text, &lines, &mut found);
        }
    }
    for LintFinding { code, range, fix, edits } in found {
        let span = source_map.span(&range);
        // An escaped sign is meant as text.
        let may_be_escaped = [&codes::HEADING_SPACE, &codes::WIDE_LINK, &codes::TABLE_HEAD, &codes::TABLE_COLUMNS];
        if !may_be_escaped.contains(&code) || !context.text_before(span.start).ends_with('\\') {
            let edits = certain_edits(context, &place, code, edits);
            let diag = context.diag_at(code, span).optional_arg("fix", fix).fixed_by(edits);
            context.push_diag(diag);
        }
    }
}

/// The edits of a finding in the file, if they are certain.
fn certain_edits(
    context: &MarkdownContext<'_>,
    place: &TextPlace<'_>,
    code: &'static DiagnosticCode,
    edits: Vec<(Range<usize>, String)>,
) -> Vec<Edit> {
    if !is_certain(context, place, code, &edits) {
        return Vec::new();
    }
    let edits = edits.into_iter().map(|(range, with)| context.edit(place, range, with));
    edits.collect::<Option<Vec<Edit>>>().unwrap_or_default()
}

/// Whether nothing else can be meant than the edits of a finding: new lines not within a list or a quotation, a rule not where
/// it would begin front matter, and a definition, which is not shown, only of a link.
fn is_certain(
    context: &MarkdownContext<'_>,
    place: &TextPlace<'_>,
    code: &'static DiagnosticCode,
    edits: &[(Range<usize>, String)],
) -> bool {
    let Some((first, _)) = edits.first() else { return false };
    let is_rule = *code == codes::WIDE_RULE;
    if is_rule || edits.iter().any(|(_, with)| with.contains('\n')) {
        let above = context.text_before(place.source_map.file_offset(0));
        let begins_file = context.text_before(place.source_map.file_offset(first.start)).trim().is_empty();
        return (above.is_empty() || above.ends_with('\n')) && !(is_rule && begins_file);
    }
    let line = || place.text[..first.start].rsplit('\n').next().unwrap_or("").trim();
    let label = || line().trim_start_matches('[').trim_end_matches(']');
    *code != codes::WIDE_DEFINITION || link_lint::is_used(context, label())
}

/// Runs the checks of other files for marks that are not written as they must be.
fn check_marks(
    context: &mut MarkdownContext<'_>,
    text: &str,
    source_map: &SourceMap,
    triggers: LintTriggers,
    in_paragraph: bool,
) {
    let has = |wanted: LintTriggers| triggers & wanted != 0;
    if has(DOLLAR) {
        mark_lint::check_formulas(context, text, source_map);
    }
    if has(COMMENT) {
        mark_lint::check_comments(context, text, source_map);
    }
    if has(PERCENT) {
        mark_lint::check_percent_signs(context, text, source_map);
    }
    if in_paragraph && has(LINK) {
        mark_lint::check_alert(context, text, source_map);
    }
    if has(FOREIGN) {
        control_characters::check_foreign(context, text, source_map);
    }
}

/// Whether an address has the file extension of an image.
pub(super) fn is_image_address(address: &str) -> bool {
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp"].contains(&extension(address).as_str())
}

/// Whether a fence has correct backticks but full-width braces, as in `｛name｝`.
pub(super) fn has_fullwidth_brace(info: &str) -> bool {
    info.trim_start().starts_with('｛')
}

/// What a check of a text finds.
pub(super) struct LintFinding {
    code: &'static DiagnosticCode,
    /// Byte range in the text.
    range: Range<usize>,
    /// What to type instead, for codes whose hint says it.
    fix: Option<String>,
    /// Byte ranges in the text and what they are replaced with, where that is certain.
    edits: Vec<(Range<usize>, String)>,
}

impl LintFinding {
    pub fn new(code: &'static DiagnosticCode, range: Range<usize>) -> Self {
        Self { code, range, fix: None, edits: Vec::new() }
    }

    /// Adds an edit.
    fn edit(mut self, range: Range<usize>, replacement: impl Into<String>) -> Self {
        self.edits.push((range, replacement.into()));
        self
    }
}

/// Trimmed lines with their offsets.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', HARD_BREAK]) {
        let start = line.len() - line.trim_start().len();
        out.push((at + start.min(line.len()), line.trim()));
        at += line.len();
    }
    out
}

/// Whether no forced line break stands between a line and the next.
pub(super) fn runs_together(text: &str, line: (usize, &str), next: (usize, &str)) -> bool {
    text.get(line.0 + line.1.len()..next.0).is_none_or(|between| !between.contains(HARD_BREAK))
}

fn check_heading(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    let wide = line.len() - line.trim_start_matches('＃').len();
    let rest = &line[wide..];
    if wide > 0 && rest.starts_with(|c: char| c.is_whitespace() || is_han(c)) && !rest.contains('＃') {
        let space = if rest.starts_with(is_han) { " " } else { "" };
        let marks = "#".repeat(wide / '＃'.len_utf8());
        let finding = LintFinding::new(&codes::WIDE_HEADING, at..at + wide);
        found.push(if marks.len() <= 6 { finding.edit(at..at + wide, marks + space) } else { finding });
    }
    let hashes = line.len() - line.trim_start_matches('#').len();
    let rest = &line[hashes..];
    // Signs at the end, too, make it a heading and no hashtag.
    let rest = if hashes > 1 { rest.trim_end_matches('#').trim_end() } else { rest };
    let title = (1..=6).contains(&hashes)
        && rest.starts_with(|c: char| is_han(c) || matches!(c, '“' | '《' | '（'))
        // `#话题#` is a hashtag, and a sentence is not a heading.
        && !rest.contains('#')
        && !rest.ends_with(['。', '！', '？', '；', '，'])
        && rest.chars().take(41).count() <= 40;
    if title {
        let fix = Some(format!("{} {rest}", &line[..hashes]));
        let finding = LintFinding { fix, ..LintFinding::new(&codes::HEADING_SPACE, at..at + hashes) };
        found.push(finding.edit(at..at + hashes, format!("{} ", &line[..hashes])));
    }
}

/// Reports `## 标题##`, whose last signs are text. One sign may belong to a name, such as `C#`.
fn check_heading_end(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let title = text.trim_end().trim_end_matches('#');
    let mark = &text.trim_end()[title.len()..];
    if mark.len() < 2 || title.is_empty() || title.ends_with(|c: char| c.is_whitespace() || c == '\u{FFFC}') {
        return;
    }
    let span = source_map.span(&(title.len()..title.len() + mark.len()));
    let before = context.text_before(span.start);
    let line = before.rsplit('\n').next().unwrap_or("").trim_start_matches([' ', '>']);
    let hashes = line.len() - line.trim_start_matches('#').len();
    if hashes > 0 && !before.ends_with('\\') {
        let fix = line.to_string();
        let edit = context.edit(&TextPlace { text, source_map }, title.len()..title.len() + mark.len(), "");
        let diag = context.diag_at(&codes::HEADING_END, span).arg("mark", mark).arg("fix", fix).fixed_by(edit);
        context.push_diag(diag);
    }
}

/// Most lines in which the end of a block is looked for.
const MAX_BLOCK: usize = 200;

/// Checks the first of `lines`, in which the end of the block is looked for.
fn check_fence(lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    let Some(&(at, line)) = lines.first() else { return };
    let rest = line.trim_start_matches(BACKTICKS);
    let marks = &line[..line.len() - rest.len()];
    if marks.chars().count() < 3 {
        return;
    }
    let backticks = marks.chars().all(|c| c == '｀');
    if rest.starts_with(['{', '｛']) || backticks && rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let finding = LintFinding::new(&codes::WIDE_FENCE, at..at + marks.len());
        let is_fence = |line: &str| line.trim_end_matches(BACKTICKS).is_empty() && line.chars().count() > 2;
        let end = lines[1..].iter().take(MAX_BLOCK).find(|(_, line)| is_fence(line));
        found.push(match (end, half_width_braces(rest)) {
            (Some((end, fence)), Some(info)) => {
                finding.edit(at..at + line.len(), format!("```{info}")).edit(*end..end + fence.len(), "```")
            }
            _ => finding,
        });
    }
}

/// The first line of a block behind its backticks with half-width braces around the name. `None` if one of them is missing.
pub(super) fn half_width_braces(info: &str) -> Option<String> {
    let Some(inner) = info.strip_prefix(['{', '｛']) else { return Some(info.to_string()) };
    let (name, rest) = inner.split_once(['}', '｝'])?;
    Some(format!("{{{name}}}{rest}"))
}

/// Checks the line with this number.
fn check_rule(lines: &[(usize, &str)], number: usize, found: &mut Vec<LintFinding>) {
    let (at, line) = lines[number];
    let count = line.chars().count();
    let of = |sign: char| line.chars().all(|c| c == sign);
    if count >= 2 && of('—') || count >= 3 && (of('－') || of('＊') || of('＿') || of('―')) {
        let above = if number > 0 { "\n" } else { "" };
        let below = if number + 1 < lines.len() { "\n" } else { "" };
        let finding = LintFinding::new(&codes::WIDE_RULE, at..at + line.len());
        found.push(finding.edit(at..at + line.len(), format!("{above}---{below}")));
    }
}

/// Reports `— 3 —`, which a page number of a word processor is.
fn check_page_number(line: &str, at: usize, context: &mut MarkdownContext<'_>, source_map: &SourceMap) {
    let dash = |c: char| matches!(c, '—' | '－' | '―');
    let number = line.trim_matches(dash).trim();
    let framed = line.starts_with(dash) && line.ends_with(dash);
    if framed && (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) {
        let diag = context.diag_at(&codes::PAGE_NUMBER, source_map.span(&(at..at + line.len()))).arg("mark", line);
        context.push_diag(diag);
    }
}

/// Checks the first line of a paragraph; the others are part of the quotation if they have the sign, too.
fn check_quote(lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    let Some(&(at, line)) = lines.first() else { return };
    let marks = |line: &str| line.len() - line.trim_start_matches('＞').len();
    let rest = &line[marks(line)..];
    if marks(line) > 0 && rest.trim_start().starts_with(|c: char| is_han(c) || matches!(c, '“' | '《' | '【')) {
        let mut finding = LintFinding::new(&codes::WIDE_QUOTE, at..at + marks(line));
        let is_whole = lines.iter().all(|(_, line)| marks(line) > 0);
        for (at, line) in lines.iter().filter(|_| is_whole) {
            let count = marks(line) / '＞'.len_utf8();
            let space = if line[marks(line)..].starts_with(' ') { "" } else { " " };
            finding = finding.edit(*at..at + marks(line), ">".repeat(count) + space);
        }
        found.push(finding);
    }
}

/// Reports `【文字】（地址）` and mixtures with half-width brackets.
fn check_links(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    let mut from = 0;
    // The text of a link starts after the previous link.
    let mut words = 0;
    while let Some(close) = line[from..].find(['】', ']', '］']).map(|i| from + i) {
        let closing = line[close..].chars().next().unwrap_or(']');
        let open = close + closing.len_utf8();
        from = open;
        let Some(opening) = line[open..].chars().next().filter(|c| matches!(c, '（' | '(')) else { continue };
        let inside = open + opening.len_utf8();
        let Some(length) = line[inside..].char_indices().take(300).find(|(_, c)| matches!(c, '）' | ')')) else {
            continue;
        };
        let end = inside + length.0;
        let narrow = closing == ']' && opening == '(' && length.1 == ')';
        if narrow || !is_address(line[inside..end].trim()) {
            continue;
        }
        let start = line[words..close].rfind(['【', '[', '［']).map_or(close, |i| words + i);
        let finding = LintFinding::new(&codes::WIDE_LINK, at + start..at + end + length.1.len_utf8());
        let text = line[start..close].strip_prefix(['【', '[', '［']).unwrap_or("");
        let is_plain = !text.trim().is_empty() && !line[inside..end].contains(['(', '（']);
        let (bracket, parentheses) = (close - text.len(), at + close..at + inside);
        found.push(match is_plain {
            true => finding
                .edit(at + start..at + bracket, "[")
                .edit(parentheses, "](")
                .edit(at + end..at + end + length.1.len_utf8(), ")"),
            false => finding,
        });
        from = end;
        words = end;
    }
}

/// Reports `[标签]：地址`.
fn check_definition(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    let Some((label, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]：")) else { return };
    let address = rest.trim();
    if !label.is_empty() && !label.starts_with('^') && !label.contains(['[', ']']) && is_address(address) {
        let fix = Some(format!("[{label}]: {address}"));
        let finding = LintFinding::new(&codes::WIDE_DEFINITION, at..at + line.len() - rest.len());
        let colon = at + line.len() - rest.len() - '：'.len_utf8();
        let spaces = rest.len() - rest.trim_start().len();
        found.push(LintFinding { fix, ..finding }.edit(colon..colon + '：'.len_utf8() + spaces, ": "));
    }
}

/// Whether a text in parentheses is the address of a link.
pub(super) fn is_address(text: &str) -> bool {
    if text.is_empty() || text.contains(|c: char| c.is_whitespace() || is_cjk_punctuation(c) && c != '·' && c != '—')
    {
        return false;
    }
    let starts = ["/", "./", "../", "#", "www.", "mailto:"];
    const FILES: [&str; 14] =
        ["md", "html", "htm", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "zip", "csv", "txt"];
    text.contains("://")
        || starts.iter().any(|s| text.len() > s.len() && text.starts_with(s))
        || FILES.contains(&extension(text).as_str())
        || is_image_address(text)
}

fn extension(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or("");
    path.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_ascii_lowercase())
}

/// Reports `＊＊重点＊＊`. Asterisks also mask parts of names and numbers (`张＊＊`), so the emphasis must start at the start
/// of a phrase.
fn check_emphasis(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    const STARS: &str = "＊＊";
    let mut from = 0;
    while let Some(start) = line[from..].find(STARS).map(|i| from + i) {
        let inside = start + STARS.len();
        from = inside;
        let before = line[..start].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace() && !is_cjk_punctuation(c) || c == '＊') {
            continue;
        }
        let Some(length) = line[inside..].find('＊') else { return };
        let words = &line[inside..inside + length];
        let edges = [words.chars().next(), words.chars().next_back()];
        let phrase = edges.iter().flatten().all(|c| c.is_alphanumeric() || matches!(c, '“' | '”' | '《' | '》'));
        let after = &line[inside + length..];
        if !words.is_empty() && phrase && after.starts_with(STARS) && !after[STARS.len()..].starts_with('＊') {
            let (inside, end) = (at + inside, at + inside + length);
            let finding = LintFinding::new(&codes::WIDE_EMPHASIS, at + start..end + STARS.len());
            found.push(finding.edit(at + start..inside, "**").edit(end..end + STARS.len(), "**"));
            from = inside - at + length + STARS.len();
        }
    }
}

/// Reports two or more consecutive lines that are rows of a table.
fn check_rows(lines: &[(usize, &str)], found: &mut Vec<LintFinding>) {
    let bars = |line: &str| line.matches('｜').take(2).count();
    let ruled = |line: &str| {
        line.contains('｜') && line.contains(['-', '－', '—']) && line.chars().all(|c| "｜|-－—:： ".contains(c))
    };
    let mut i = 0;
    while i + 1 < lines.len() {
        let ((at, line), (_, next)) = (lines[i], lines[i + 1]);
        let framed = |l: &str| l.starts_with('｜') && bars(l) == 2;
        // The second line may be typed as it must be.
        let parts_head = next.contains("--") && next.contains('|') && next.bytes().all(|b| b"|-: \t".contains(&b));
        if line.contains('｜') && (framed(line) && (framed(next) || parts_head) || ruled(next)) {
            let start = at + line.find('｜').unwrap_or(0);
            let first = i;
            while i + 1 < lines.len() && lines[i + 1].1.contains('｜') {
                i += 1;
            }
            let mut finding = LintFinding::new(&codes::WIDE_TABLE, start..start + '｜'.len_utf8());
            // Lines of text above and below would be parts of the table.
            if first == 0 && (i + 1 == lines.len() || i == 0 && lines.len() > 1 && parts_head) {
                finding.edits = table_edits(lines, ruled(next) || parts_head);
            }
            found.push(finding);
        }
        i += 1;
    }
}

/// The edits that make a table of rows with full-width bars: half-width bars, and the line below the head unless it
/// `has_rule`. None if a row has more cells than the head.
fn table_edits(lines: &[(usize, &str)], has_rule: bool) -> Vec<(Range<usize>, String)> {
    let bars = |line: &str| line.matches(['｜', '|']).count();
    let (at, head) = lines[0];
    if lines.iter().any(|(_, line)| bars(line) != bars(head)) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    for (number, (at, line)) in lines.iter().enumerate() {
        let is_rule = number == 1 && has_rule;
        for (place, c) in line.char_indices() {
            let half = match c {
                '｜' => "|",
                '－' | '—' if is_rule => "-",
                '：' if is_rule => ":",
                _ => continue,
            };
            edits.push((at + place..at + place + c.len_utf8(), half.to_string()));
        }
    }
    // A head without a bar at its end has one more cell.
    let last = at + head.len() - '｜'.len_utf8();
    let Some((_, with)) = edits.iter_mut().find(|(range, _)| range.start == last) else {
        return if has_rule { edits } else { Vec::new() };
    };
    if !has_rule {
        with.push_str(&format!("\n|{}", "---|".repeat(bars(head) - 1)));
    }
    edits
}
