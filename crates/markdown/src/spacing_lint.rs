//! Reports marks that a space or a full-width character keeps from being Markdown, where the text may be meant as it
//! is.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: diagnostics that name the
//! correction; repairs for the marks whose meaning is plain. Does not change the text.

use super::context::MarkdownContext;
use super::fullwidth_lint::{
    IDEOGRAPHIC_SPACE, LINK, LintTriggers, SLASH, STARS, STRIKE, WIDE_CODE, WIDE_COLON, is_address,
};
use super::inline::LeafKind;
use super::repairs::Repair;
use super::source_map::SourceMap;
use super::{repairs, wikilinks};
use puzhi_core::base::{is_cjk_punctuation, is_han};
use puzhi_core::diag::DiagnosticCode;
use puzhi_core::diag::codes::markdown as codes;

/// Longest text between two marks, in characters.
const MAX_WORDS: usize = 60;

/// A finding in one text: its range and the words between the marks.
struct Finding<'t> {
    code: &'static DiagnosticCode,
    start: usize,
    end: usize,
    words: &'t str,
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
    }
    if has(LINK) {
        repairs::find_spaced_addresses(text, source_map, &mut context.repairs);
        for place in wikilinks::find(text, source_map, context.source.text, &mut context.repairs) {
            let diag = context.diag_at(&codes::PAGE_EMBED, place);
            context.kept_diags.push(diag);
        }
    }
    if has(LINK) {
        check_addresses(context, text, source_map);
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
    for Finding { code, start, end, words } in found {
        let diag = context.diag_at(code, source_map.span(&(start..end))).arg("words", words);
        context.push_diag(diag);
    }
}

/// Reports `https：//` and mends it.
fn check_schemes(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    for (colon, mark) in text.match_indices("：//") {
        let scheme = text[..colon].rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        if !["http", "https"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) {
            continue;
        }
        let start = colon - scheme.len();
        let diag = context.diag_at(&codes::WIDE_ADDRESS, source_map.span(&(start..colon + mark.len())));
        context.kept_diags.push(diag.arg("fixed", format!("{scheme}://")));
        let place = source_map.span(&(colon..colon + '：'.len_utf8()));
        context.repairs.push(Repair { at: place.start, length: place.end - place.start, with: ":".into() });
    }
}

/// The address and the title of `https://a.cn “标题”` and `图.png "题" =100x`, whose title is no title for the parser.
fn quoted_title(inner: &str) -> Option<(&str, String)> {
    const QUOTES: [char; 7] = ['“', '”', '"', '‘', '’', '「', '」'];
    let (target, rest) = inner.trim().split_once([' ', '\u{3000}'])?;
    let rest = rest.trim();
    let title = match rest.rsplit_once(" =") {
        Some((title, size)) if size.chars().all(|c| c.is_ascii_digit() || c == 'x') => title.trim(),
        _ => rest,
    };
    let is_quoted = title.chars().count() > 2 && title.starts_with(QUOTES) && title.ends_with(QUOTES);
    // The closing mark may be a wide one: `"标题”`.
    let inside = title.strip_prefix('"').and_then(|inside| inside.strip_suffix('"'));
    let is_read = rest == title && inside.is_some_and(|inside| !inside.contains('"'));
    let fits = is_quoted && !is_read && !target.is_empty() && !target.contains(['<', '\u{FFFC}']);
    fits.then(|| (target, title.trim_matches(QUOTES).replace('"', "”")))
}

/// Reports `[文字](https://a.cn/x y)`, `![图](图.png =300x)` and `[文字[^1]](a.md)`, which are neither links nor images.
fn check_addresses(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    const MAX_LINKS: usize = 100;
    for (close, mark) in text.match_indices("](").take(MAX_LINKS) {
        let Some(inner) = repairs::in_parentheses(&text[close + mark.len()..]) else { continue };
        let head = text[..close].rsplit('\n').next().unwrap_or("");
        let Some(open) = head.rfind('[') else { continue };
        let words = &head[open + 1..];
        let written = source_map.file_offset(close);
        if context.text_before(written).ends_with('\\') {
            continue;
        }
        let span = source_map.span(&(close + mark.len()..close + mark.len() + inner.len()));
        let address = repairs::without_title(inner).trim();
        let bare = address.split_once(" =").map_or(address, |(bare, _)| bare);
        if let Some((target, title)) = quoted_title(inner) {
            let image = if head[..open].ends_with('!') { "!" } else { "" };
            let fix = format!("{image}[{words}]({target} \"{title}\")");
            let diag = context.diag_at(&codes::ADDRESS_SPACE, span).arg("fix", fix);
            context.push_diag(diag);
            continue;
        }
        let is_web = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
        if address.contains(' ') && (is_web || bare.len() < address.len()) && !address.contains(['<', '\u{FFFC}']) {
            let image = if head[..open].ends_with('!') { "!" } else { "" };
            let fix = format!("{image}[{words}]({})", bare.replace(' ', "%20"));
            let diag = context.diag_at(&codes::ADDRESS_SPACE, span).arg("fix", fix);
            context.push_diag(diag);
        } else if !words.is_empty() && is_address(address) {
            context.report(&codes::NESTED_LINK, span);
        }
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
            found.push(Finding { code: &codes::EMPHASIS_SPACE, start: at + start, end: at + end, words: words.trim() });
            from = end;
        }
    }
}

/// Reports `[文字] (地址)`. Numbers in brackets are references to literature.
fn check_links<'t>(line: &'t str, at: usize, found: &mut Vec<Finding<'t>>) {
    let mut from = 0;
    while let Some(close) = line[from..].find(']').map(|i| from + i) {
        from = close + 1;
        let rest = line[from..].trim_start_matches([' ', '\u{3000}']);
        let inside = line.len() - rest.len() + 1;
        if rest.len() == line.len() - from || !rest.starts_with('(') {
            continue;
        }
        let Some(length) = line[inside..].find(')') else { return };
        let Some(open) = line[..close].rfind('[') else { continue };
        let words = &line[open + 1..close];
        if words.chars().any(char::is_alphabetic) && is_address(line[inside..inside + length].trim()) {
            let end = inside + length + 1;
            found.push(Finding { code: &codes::LINK_SPACE, start: at + open, end: at + end, words });
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
            found.push(Finding { code: &codes::WIDE_CODE, start: at + start, end: at + end, words });
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
        found.push(Finding { code: &codes::WIDE_STRIKE, start: at + start, end: at + end, words });
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
