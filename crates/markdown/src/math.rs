//! Converts TeX to MathML.
//!
//! Input: one formula. Output: MathML that is safe to insert without sanitizing. Does not know pages.

use std::borrow::Cow;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Storage, mathml};

use super::tex_rewrite;
use puzhi_core::base::escape_text;

/// Size limit of a formula in bytes.
const MAX_TEX: usize = 8_000;
/// Nesting limit of groups: the renderer is recursive.
const MAX_GROUPS: usize = 50;

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
