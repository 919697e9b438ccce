//! TeX to MathML, and which dollar signs are money.
//!
//! In: a text, or one formula. Out: offsets of dollar signs that open or close no formula; MathML that is safe to put
//! into a page as it is. Knows nothing of pages.

use pulldown_cmark::{Event, Options, Parser};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Storage, mathml};

use crate::base::is_han;

/// Longer formulas are no formulas.
const MAX_TEX: usize = 8_000;
/// Deeper groups are refused: the renderer goes down one call per level.
const MAX_GROUPS: usize = 50;

/// Stands in for a dollar sign that is text. Punctuation, as the dollar sign is, so that emphasis beside it stays.
pub(super) const DOLLARS: [char; 3] = ['\u{10AF0}', '\u{11A3F}', '\u{1BC9F}'];

/// Offsets of the dollar signs of `text` that the parser would take for formula marks but that are text: beside a
/// digit or a Han character, unless the span holds a TeX command or operator.
pub(super) fn money(text: &str, options: Options) -> Vec<usize> {
    let mut found = Vec::new();
    if text.bytes().filter(|b| *b == b'$').take(2).count() < 2 {
        return found;
    }
    let mut copy: Option<String> = None;
    // Taking a pair for money may leave its closing sign's neighbours to pair up anew; three rounds settle real text.
    for _ in 0..3 {
        let text = copy.as_deref().unwrap_or(text);
        let before = found.len();
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            if matches!(event, Event::InlineMath(_)) && !is_formula(text, range.start, range.end) {
                found.extend([range.start, range.end - 1]);
            }
        }
        if found.len() == before {
            break;
        }
        let mut next = text.to_string().into_bytes();
        for at in &found {
            // A comma means nothing to the parser and is as long as a dollar sign.
            next[*at] = b',';
        }
        copy = String::from_utf8(next).ok();
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_formula(text: &str, start: usize, end: usize) -> bool {
    let Some(inner) = text.get(start + 1..end - 1) else { return false };
    if inner.contains(['^', '_', '=', '+', '\\', '{', '}']) {
        return true;
    }
    let money = |c: char| c.is_ascii_digit() || is_han(c);
    let beside = [
        text[..start].chars().next_back(),
        inner.chars().next(),
        inner.chars().next_back(),
        text[end..].chars().next(),
    ];
    !beside.into_iter().flatten().any(money) && !inner.chars().any(is_han)
}

/// MathML of one formula, or `None` when the TeX is wrong or out of all proportion.
pub(super) fn to_mathml(tex: &str, display: bool) -> Option<String> {
    if tex.len() > MAX_TEX || depth(tex) > MAX_GROUPS || defines_macros(tex) {
        return None;
    }
    let storage = Storage::new();
    // The renderer would print errors into the page; a first run finds them.
    if pulldown_latex::Parser::new(tex, &storage).any(|event| event.is_err()) {
        return None;
    }
    let mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode: mode, ..RenderConfig::default() };
    let mut out = String::new();
    mathml::push_mathml(&mut out, pulldown_latex::Parser::new(tex, &storage), config).ok()?;
    Some(out)
}

/// How deep a formula can nest: commands that take arguments nest without braces.
fn depth(tex: &str) -> usize {
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

/// Macros may expand without bound, and one formula has no use for them.
fn defines_macros(tex: &str) -> bool {
    ["\\def", "\\edef", "\\gdef", "\\xdef", "\\let", "\\futurelet", "\\newcommand", "\\renewcommand", "\\providecommand"]
        .iter()
        .any(|name| tex.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_no_formula() {
        let options = Options::ENABLE_MATH;
        for text in ["花$100和$200", "US$5, HK$6", "**$100**和**$200**", "从$甲到$乙"] {
            let dollars: Vec<usize> = text.match_indices('$').map(|(i, _)| i).collect();
            assert_eq!(money(text, options), dollars, "{text}");
        }
        for text in ["$x$", "设$x=1$则", "共$\\frac12$份", "$a^2$和$b^2$", "`$5$`", "a $n$ b"] {
            assert!(money(text, options).is_empty(), "{text}");
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
    }

    #[test]
    fn hostile_tex_ends() {
        for unit in ["{", "\\frac", "\\sqrt{", "x^", "x_{", "\\left(", "\\begin{matrix}", "&", "\\\\", "\\text{", "'", "^", "[", "\\color{red}", "\\big", "\\not", "\\hat", "\\operatorname{", "\\substack{", "x^{y_"] {
            for count in [10, 100, 1_000, 8_000] {
                let _ = to_mathml(&unit.repeat(count), true);
                let _ = to_mathml(&(unit.repeat(count) + &"}".repeat(count)), true);
            }
        }
    }
}
