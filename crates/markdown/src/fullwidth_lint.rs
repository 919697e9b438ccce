//! Reports Markdown syntax typed with full-width characters of a Chinese keyboard. Reports only where no other
//! meaning is plausible.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: diagnostics that name the
//! correction. Does not change the text and does not know HTML.

use std::ops::Range;

use super::context::MarkdownContext;
use super::control_characters;
use super::foreign_syntax;
use super::inline::LeafKind;
use super::mark_lint;
use super::source_map::SourceMap;
use super::spacing_lint;
use super::structure_lint;
use super::tex_brackets;
use puzhi_core::base::{is_cjk_punctuation, is_han};
use puzhi_core::diag::DiagnosticCode;
use puzhi_core::diag::codes::markdown as codes;

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
        for (at, line) in lines.iter().filter(|_| has(HEADING | FENCE | RULE | EMPHASIS | WEAK_RULE)) {
            check_heading(line, *at, &mut found);
            check_fence(line, *at, &mut found);
            check_rule(line, *at, &mut found);
            check_page_number(line, *at, context, source_map);
        }
        if let Some((at, line)) = lines.first() {
            check_quote(line, *at, &mut found);
        }
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
    for LintFinding { code, range, fix } in found {
        let span = source_map.span(&range);
        // An escaped sign is meant as text.
        let may_be_escaped = [&codes::HEADING_SPACE, &codes::WIDE_LINK, &codes::TABLE_HEAD, &codes::TABLE_COLUMNS];
        if !may_be_escaped.contains(&code) || !context.text_before(span.start).ends_with('\\') {
            let diag = context.diag_at(code, span);
            context.push_diag(match fix {
                Some(fix) => diag.arg("fix", fix),
                None => diag,
            });
        }
    }
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
}

impl LintFinding {
    pub fn new(code: &'static DiagnosticCode, range: Range<usize>) -> Self {
        Self { code, range, fix: None }
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
        found.push(LintFinding::new(&codes::WIDE_HEADING, at..at + wide));
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
        found.push(LintFinding { fix, ..LintFinding::new(&codes::HEADING_SPACE, at..at + hashes) });
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
        let diag = context.diag_at(&codes::HEADING_END, span).arg("mark", mark).arg("fix", fix);
        context.push_diag(diag);
    }
}

fn check_fence(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    let rest = line.trim_start_matches(BACKTICKS);
    let marks = &line[..line.len() - rest.len()];
    if marks.chars().count() < 3 {
        return;
    }
    let backticks = marks.chars().all(|c| c == '｀');
    if rest.starts_with(['{', '｛']) || backticks && rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
        found.push(LintFinding::new(&codes::WIDE_FENCE, at..at + marks.len()));
    }
}

fn check_rule(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    let count = line.chars().count();
    let of = |sign: char| line.chars().all(|c| c == sign);
    if count >= 2 && of('—') || count >= 3 && (of('－') || of('＊') || of('＿') || of('―')) {
        found.push(LintFinding::new(&codes::WIDE_RULE, at..at + line.len()));
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

fn check_quote(line: &str, at: usize, found: &mut Vec<LintFinding>) {
    let rest = line.trim_start_matches('＞');
    let marks = line.len() - rest.len();
    if marks > 0 && rest.trim_start().starts_with(|c: char| is_han(c) || matches!(c, '“' | '《' | '【')) {
        found.push(LintFinding::new(&codes::WIDE_QUOTE, at..at + marks));
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
        found.push(LintFinding::new(&codes::WIDE_LINK, at + start..at + end + length.1.len_utf8()));
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
        found.push(LintFinding { fix, ..LintFinding::new(&codes::WIDE_DEFINITION, at..at + line.len() - rest.len()) });
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
            found.push(LintFinding::new(&codes::WIDE_EMPHASIS, at + start..at + inside + length + STARS.len()));
            from = inside + length + STARS.len();
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
            found.push(LintFinding::new(&codes::WIDE_TABLE, start..start + '｜'.len_utf8()));
            while i + 1 < lines.len() && lines[i + 1].1.contains('｜') {
                i += 1;
            }
        }
        i += 1;
    }
}
