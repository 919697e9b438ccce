//! Converts TeX to MathML, and finds dollar signs that do not delimit formulas.
//!
//! Input: a text, or one formula. Output: offsets of literal dollar signs; MathML that is safe to insert without
//! sanitizing. Does not know pages.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Storage, mathml};

use super::tex_rewrite;
use puzhi_core::base::{escape_text, is_han};

/// Size limit of a formula in bytes.
const MAX_TEX: usize = 8_000;
/// Nesting limit of groups: the renderer is recursive.
const MAX_GROUPS: usize = 50;

/// Replacements for literal dollar signs. They are punctuation like the dollar sign, so emphasis next to them does
/// not change.
pub(super) const DOLLAR_STAND_INS: [char; 3] = ['\u{10AF0}', '\u{11A3F}', '\u{1BC9F}'];

/// Dollar signs that the parser would treat as delimiters of a formula although they are text.
#[derive(Debug, Default)]
pub(super) struct LiteralDollars {
    /// Their offsets.
    pub offsets: Vec<usize>,
    /// Pairs of them that may be meant as formulas.
    pub doubtful: Vec<Range<usize>>,
}

/// Finds the dollar signs that are text: they are next to a digit or a Han character, and the content has no TeX command
/// or operator and is no plain term; or a code span starts between them.
pub(super) fn literal_dollars(text: &str, options: Options) -> LiteralDollars {
    let mut found = Vec::new();
    let mut doubtful = Vec::new();
    if text.bytes().filter(|b| *b == b'$').take(2).count() < 2 {
        return LiteralDollars::default();
    }
    let mut copy: Option<String> = None;
    // A dollar sign that is freed may form a new pair with the next one. Three passes are sufficient for real text.
    for _ in 0..3 {
        let text = copy.as_deref().unwrap_or(text);
        let before = found.len();
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            if let Event::DisplayMath(tex) = &event
                && is_between_words(tex)
            {
                found.extend([range.start, range.start + 1, range.end - 2, range.end - 1]);
            } else if matches!(event, Event::InlineMath(_)) && !is_formula(text, range.start, range.end) {
                found.extend([range.start, range.end - 1]);
                if is_doubtful(text, &range) {
                    doubtful.push(range);
                }
            }
        }
        if found.len() == before {
            break;
        }
        let mut next = text.to_string().into_bytes();
        for at in &found {
            // A comma has the same length as a dollar sign and no meaning for the parser.
            next[*at] = b',';
        }
        copy = String::from_utf8(next).ok();
    }
    found.sort_unstable();
    found.dedup();
    LiteralDollars { offsets: found, doubtful }
}

fn is_formula(text: &str, start: usize, end: usize) -> bool {
    let Some(inner) = text.get(start + 1..end - 1) else { return false };
    if is_between_words(inner) || is_shell_variable(inner, &text[end..]) || starts_code_span(text, inner, end) {
        return false;
    }
    if inner.contains(['^', '_', '=', '+', '\\', '{', '}']) {
        return true;
    }
    let is_amount = |c: char| c.is_ascii_digit() || is_han(c);
    // An identifier such as `cnt1` may end in a digit.
    let begins_with_letter = inner.starts_with(|c: char| c.is_ascii_alphabetic());
    let beside = [
        text[..start].chars().next_back(),
        inner.chars().next(),
        inner.chars().next_back().filter(|_| !begins_with_letter),
        text[end..].chars().next(),
    ];
    !beside.into_iter().flatten().any(is_amount) && !inner.chars().any(is_han)
        || !is_in_word(text, &(start..end)) && is_plain_term(inner)
}

/// Whether a text begins with what ends a clause of Chinese text, as what stands between two amounts does: `$、$$`, `A$、B$`.
fn is_between_words(inner: &str) -> bool {
    inner.trim_start().starts_with(['，', '、', '；', '：', '。', '！', '？', '）', '》', '”'])
}

/// Whether a formula is what stands between two variables of a command line: `$JAVA_HOME为目录，再加$PATH`.
fn is_shell_variable(inner: &str, behind: &str) -> bool {
    let name = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let length = inner.len() - name.len();
    let is_next = behind.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{'));
    length > 2 && is_next && name.contains(is_han) && !inner.contains(['\\', '^', '{', '='])
}

/// Whether a letter or digit stands on the outer side of one of two dollar signs: they are amounts (`US$5`, `$5和$6`) or
/// variables.
fn is_in_word(text: &str, range: &Range<usize>) -> bool {
    let beside = [text[..range.start].chars().next_back(), text[range.end..].chars().next()];
    beside.into_iter().flatten().any(|c| c.is_ascii_alphanumeric())
}

/// Whether a text is plainly an identifier, a number or a short term of a formula: `r`, `AB`, `2n-1`, `f(x)`. Words are
/// none, and neither is a number with words behind it.
pub(super) fn is_plain_term(text: &str) -> bool {
    const MAX_TERM: usize = 30;
    let is_greek = |c: char| matches!(c, 'α'..='ω' | 'Α'..='Ω');
    let is_sign = |c: char| " ,.()[]|'!<>-/:≤≥≠≈×÷±·°%".contains(c);
    let fits = |c: char| c.is_ascii_alphanumeric() || is_greek(c) || is_sign(c);
    // Capital letters name points, as in `ABC`.
    let is_name = |word: &str| word.len() <= 2 || word.len() <= 4 && word.bytes().all(|b| b.is_ascii_uppercase());
    let is_amount = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(' ');
    text.chars().take(MAX_TERM + 1).count() <= MAX_TERM
        && text.chars().all(fits)
        && text.contains(|c: char| c.is_ascii_alphanumeric() || is_greek(c))
        && !is_amount
        && text.split(|c: char| !c.is_ascii_alphabetic()).all(is_name)
}

/// Whether two dollar signs that are text may be meant as a formula: words of Latin letters stand between them and Han
/// characters around them.
fn is_doubtful(text: &str, range: &Range<usize>) -> bool {
    let inner = &text[range.start + 1..range.end - 1];
    inner.starts_with(|c: char| c.is_ascii_alphabetic())
        && inner.is_ascii()
        && !inner.contains(['`', '\n'])
        && !is_in_word(text, range)
}

/// Whether a code span starts in `inner`, the content of a formula that ends at `end` in `text`. Code spans bind more
/// tightly than formulas, but the parser reads formulas first. A formula in backticks as a whole (``$`x`$``) is one.
fn starts_code_span(text: &str, inner: &str, end: usize) -> bool {
    let bytes = inner.as_bytes();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'`', &bytes[at..]).map(|found| at + found) {
        let width = bytes[start..].iter().take_while(|b| **b == b'`').count();
        at = start + width;
        if start == 0 && at < bytes.len() && inner.ends_with(&inner[..width]) {
            return false;
        }
        // A code span can end anywhere in its paragraph.
        let rest = text.get(end - 1 - (bytes.len() - at)..).unwrap_or("");
        let paragraph = rest.find("\n\n").map_or(rest, |blank| &rest[..blank]);
        if has_backtick_run(paragraph, width) {
            return true;
        }
    }
    false
}

/// Whether `text` has a run of exactly `width` backticks in its first 2,000 bytes.
fn has_backtick_run(text: &str, width: usize) -> bool {
    let bytes = &text.as_bytes()[..text.len().min(2_000)];
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'`', &bytes[at..]).map(|found| at + found) {
        let found = bytes[start..].iter().take_while(|b| **b == b'`').count();
        if found == width {
            return true;
        }
        at = start + found;
    }
    false
}

/// The TeX of a formula that is written in backticks as on GitHub (``$`x`$``); other TeX is returned as it is.
pub(super) fn without_backticks(tex: &str) -> &str {
    tex.strip_prefix('`').and_then(|t| t.strip_suffix('`')).filter(|t| !t.contains('`')).unwrap_or(tex)
}

/// MathML of one formula, or `None` if the TeX is invalid or exceeds a limit.
pub(super) fn to_mathml(tex: &str, display: bool) -> Option<String> {
    if tex.len() > MAX_TEX || nesting_depth(tex) > MAX_GROUPS || defines_macros(tex) {
        return None;
    }
    let tex = &*with_percent_signs(tex);
    if !tex_rewrite::is_misread(tex)
        && let Some(mathml) = render(tex, display)
    {
        return Some(mathml);
    }
    let rewritten = tex_rewrite::rewrite(tex, display)?;
    render(&rewritten, display)
}

/// The TeX with `\%` for each `%` behind a number or a group: TeX takes it for the start of a comment, its authors for a sign.
fn with_percent_signs(tex: &str) -> Cow<'_, str> {
    let is_sign = |at: usize| tex[..at].ends_with(|c: char| c.is_ascii_digit() || c == '}');
    if !tex.match_indices('%').any(|(at, _)| is_sign(at)) {
        return tex.into();
    }
    let mut out = String::with_capacity(tex.len() + 4);
    let mut from = 0;
    for (at, _) in tex.match_indices('%').filter(|(at, _)| is_sign(*at)) {
        out.push_str(&tex[from..at]);
        out.push('\\');
        from = at;
    }
    out.push_str(&tex[from..]);
    out.into()
}

/// MathML of TeX that the renderer takes as it is.
fn render(tex: &str, display: bool) -> Option<String> {
    let storage = Storage::new();
    // The renderer writes errors into its output, so parse once before to find them.
    if pulldown_latex::Parser::new(tex, &storage).any(|event| event.is_err()) {
        return None;
    }
    let mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode: mode, ..RenderConfig::default() };
    let mut out = String::new();
    mathml::push_mathml(&mut out, pulldown_latex::Parser::new(tex, &storage), config).ok()?;
    escape_foreign_markup(&tex_rewrite::restore_elements(out))
}

/// Makes the output of the renderer safe: the renderer does not escape `<` and `&` of the formula, and formulas
/// bypass the sanitizer. Keeps MathML elements, escapes everything else, and returns `None` if elements are not
/// closed in order.
fn escape_foreign_markup(mathml: &str) -> Option<String> {
    let mut out = String::with_capacity(mathml.len() + 16);
    let mut open: Vec<&str> = Vec::new();
    let mut rest = mathml;
    while let Some(c) = rest.chars().next() {
        if let Some(tag) = mathml_tag(rest) {
            match tag.kind {
                TagKind::Open => open.push(tag.name),
                TagKind::Close if open.pop() != Some(tag.name) => return None,
                TagKind::Close | TagKind::Empty => {}
            }
            push_tag(&mut out, &rest[..tag.length]);
            rest = &rest[tag.length..];
            continue;
        }
        if let Some(after) = rest.strip_prefix("&nbsp;").or_else(|| rest.strip_prefix("&amp;nbsp;")) {
            // Spaces of the renderer. XML does not have this reference.
            out.push('\u{A0}');
            rest = after;
            continue;
        }
        let entity = ["&lt;", "&gt;", "&amp;", "&quot;", "&#39;", "&#x27;"].into_iter().find(|e| rest.starts_with(e));
        let length = match entity {
            Some(entity) => {
                out.push_str(entity);
                entity.len()
            }
            None => {
                escape_text(&mut out, &rest[..c.len_utf8()]);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    open.is_empty().then_some(out)
}

/// Writes a tag with a space before each attribute; the renderer sometimes leaves it out.
fn push_tag(out: &mut String, tag: &str) {
    let mut quoted = false;
    let mut bytes = tag.bytes().peekable();
    let mut done = 0;
    let mut at = 0;
    while let Some(b) = bytes.next() {
        at += 1;
        quoted ^= b == b'"';
        if b == b'"' && !quoted && bytes.peek().is_some_and(u8::is_ascii_lowercase) {
            out.push_str(&tag[done..at]);
            out.push(' ');
            done = at;
        }
    }
    out.push_str(&tag[done..]);
}

/// A MathML tag at the start of a text.
struct MathmlTag<'t> {
    name: &'t str,
    /// Length of the tag in bytes.
    length: usize,
    kind: TagKind,
}

enum TagKind {
    Open,
    Close,
    Empty,
}

/// The MathML tag at the start of `text`.
fn mathml_tag(text: &str) -> Option<MathmlTag<'_>> {
    const NAMES: [&str; 29] = [
        "math",
        "mrow",
        "mi",
        "mo",
        "mn",
        "ms",
        "mtext",
        "mspace",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mfrac",
        "msqrt",
        "mroot",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
        "mmultiscripts",
        "mprescripts",
        "none",
        "mfenced",
        "merror",
    ];
    const ATTRIBUTES: [&str; 30] = [
        "display",
        "class",
        "style",
        "stretchy",
        "mathvariant",
        "width",
        "height",
        "depth",
        "lspace",
        "rspace",
        "form",
        "fence",
        "separator",
        "symmetric",
        "largeop",
        "movablelimits",
        "accent",
        "accentunder",
        "linethickness",
        "displaystyle",
        "scriptlevel",
        "minsize",
        "maxsize",
        "voffset",
        "notation",
        "columnalign",
        "columnspacing",
        "rowspacing",
        "mathcolor",
        "mathbackground",
    ];
    let inner = text.strip_prefix('<')?;
    let (inner, close) = match inner.strip_prefix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let end = inner.find(|c: char| !c.is_ascii_lowercase())?;
    let name = NAMES.iter().find(|n| **n == &inner[..end])?;
    let mut rest = &inner[end..];
    loop {
        let attribute = rest.strip_prefix(' ').unwrap_or(rest);
        let Some((key, after)) = attribute.split_once("=\"").filter(|_| !close) else { break };
        // The end of the tag precedes the next attribute of another tag.
        if !key.bytes().all(|b| b.is_ascii_lowercase()) {
            break;
        }
        let (value, after) = after.split_once('"')?;
        if !ATTRIBUTES.contains(&key) || value.contains(['<', '>', '&', '(']) && !value.starts_with("color: rgb(") {
            return None;
        }
        rest = after;
    }
    let (rest, kind) = match (rest.strip_prefix('>'), rest.trim_start().strip_prefix("/>")) {
        (Some(rest), _) if close => (rest, TagKind::Close),
        (Some(rest), _) => (rest, TagKind::Open),
        (_, Some(rest)) if !close => (rest, TagKind::Empty),
        _ => return None,
    };
    Some(MathmlTag { name, length: text.len() - rest.len(), kind })
}

/// Estimates the nesting depth of a formula. Commands that take arguments can nest without braces.
fn nesting_depth(tex: &str) -> usize {
    let (mut open, mut most, mut row) = (0usize, 0usize, 0usize);
    let mut bytes = tex.bytes().peekable();
    while let Some(b) = bytes.next() {
        match b {
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                row = 0;
            }
            b'\\' => {
                row += 1;
                bytes.next_if(|b| !b.is_ascii_alphabetic());
            }
            b'^' | b'_' => row += 1,
            b' ' => {}
            _ if b.is_ascii_alphabetic() => {}
            _ => row = 0,
        }
        most = most.max(open).max(row / 4);
    }
    most
}

/// Whether a formula defines macros. They are rejected, because expansion has no limit.
fn defines_macros(tex: &str) -> bool {
    [
        "\\def",
        "\\edef",
        "\\gdef",
        "\\xdef",
        "\\let",
        "\\futurelet",
        "\\newcommand",
        "\\renewcommand",
        "\\providecommand",
    ]
    .iter()
    .any(|name| tex.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_money_are_no_formulas() {
        let options = Options::ENABLE_MATH;
        for text in ["花$100和$200", "US$5, HK$6", "**$100**和**$200**", "从$甲到$乙"] {
            let dollars: Vec<usize> = text.match_indices('$').map(|(i, _)| i).collect();
            assert_eq!(literal_dollars(text, options).offsets, dollars, "{text}");
        }
        for text in [
            "$x$",
            "设$x=1$则",
            "共$\\frac12$份",
            "$a^2$和$b^2$",
            "`$5$`",
            "a $n$ b",
            "半径$r$，",
            "有$n$个",
            "三角形$ABC$中",
            "$f(x)$是",
            "第$2n-1$项",
            "角$α$为",
            "共$100$个",
            "哈希表 $cnt1$ 中",
        ] {
            assert!(literal_dollars(text, options).offsets.is_empty(), "{text}");
        }
        for (text, doubtful) in [("变量$name$的", 1), ("从$甲到$乙", 0), ("设$PATH:$HOME即", 0), ("花$5 or 6$吧", 0)]
        {
            let found = literal_dollars(text, options);
            assert_eq!((found.offsets.len(), found.doubtful.len()), (2, doubtful), "{text}");
        }
    }

    #[test]
    fn bad_tex_is_refused() {
        assert!(to_mathml("x^2", false).unwrap().starts_with("<math"));
        assert!(to_mathml("\\frac{1", false).is_none());
        assert!(to_mathml("\\nosuch", true).is_none());
        assert!(to_mathml("\\def\\a{\\a\\a}\\a", false).is_none());
        let shown = to_mathml("\\text{<script>alert(1)</script>}", false).unwrap();
        assert!(!shown.contains("<script"), "{shown}");
        assert_eq!(
            to_mathml("a<b", false).unwrap(),
            "<math display=\"inline\"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>"
        );
        for tex in [
            "\\operatorname{</math><b>}",
            "\\text{</mtext><mi>}",
            "\\mathrm{<mi>}",
            "<mi>&<",
            "\\color{red}x",
            "\\href{javascript:x}{y}",
        ] {
            let shown = to_mathml(tex, false).unwrap_or_default();
            assert!(
                !shown.contains("<b") && shown.matches("<math").count() == shown.matches("</math>").count(),
                "{shown}"
            );
        }
        for tex in [
            "\\color{red}{x}",
            "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
            "\\sqrt[3]{x}",
            "\\sum_{i=1}^n i",
            "\\left(\\frac{a}{b}\\right)",
            "\\begin{cases}a&b\\\\c&d\\end{cases}",
            "x\\quad y",
            "\\hat{x}",
            "\\underline{x}",
            "\\mathbb{R}",
            "\\cancel{x}",
            "\\text{增长率}",
            "\\begin{array}{c|c}1&2\\\\ \\hline 3&4\\end{array}",
        ] {
            let shown = to_mathml(tex, true);
            assert!(shown.as_ref().is_some_and(|s| !s.contains("&lt;m")), "{tex}: {shown:?}");
        }
    }

    #[test]
    fn hostile_tex_ends() {
        for unit in [
            "{",
            "\\frac",
            "\\sqrt{",
            "x^",
            "x_{",
            "\\left(",
            "\\begin{matrix}",
            "&",
            "\\\\",
            "\\text{",
            "'",
            "^",
            "[",
            "\\color{red}",
            "\\big",
            "\\not",
            "\\hat",
            "\\operatorname{",
            "\\substack{",
            "x^{y_",
            "\\boxed{",
            "\\text{\\text",
            "\\text{$\\boxed{",
            "{a \\over ",
            "\\operatorname*{\\operatorname",
            "\\xRightarrow[",
            "\\mod",
        ] {
            for count in [10, 100, 1_000, 8_000] {
                let _ = to_mathml(&unit.repeat(count), true);
                let _ = to_mathml(&(unit.repeat(count) + &"}".repeat(count)), true);
            }
        }
    }
}
