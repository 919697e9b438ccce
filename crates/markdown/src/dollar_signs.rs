//! Tells dollar signs that delimit formulas from those that are text: amounts of money, variables of command lines, cells of
//! spreadsheets and placeholders of templates.
//!
//! Input: a text. Output: offsets of literal dollar signs. Does not know TeX beyond its signs.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

use puzhi_core::base::{is_cjk_punctuation, is_han};

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
    let (head, behind) = (&text[..start], &text[end..]);
    if is_between_words(inner)
        || is_shell_variable(inner, behind)
        || is_placeholder(inner, behind)
        || is_between_names(head, inner, behind)
        || starts_code_span(text, inner, end)
    {
        return false;
    }
    if is_template_name(head, inner, behind) || is_in_name(head, inner, behind) {
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

/// Whether the first dollar sign begins a placeholder of a template, such as `${姓名}`, or both do.
fn is_placeholder(inner: &str, behind: &str) -> bool {
    let Some((name, rest)) = inner.strip_prefix('{').and_then(|inner| inner.split_once('}')) else { return false };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ' '));
    is_name && (behind.starts_with('{') || name.contains(is_han) || rest.contains(is_han) && !rest.contains('\\'))
}

/// Whether the dollar signs are around a name of a template: one that templates often have, such as `$title$`, or one of
/// several that at most a sign or a space parts: `$year$-$month$`.
fn is_template_name(head: &str, inner: &str, behind: &str) -> bool {
    const NAMES: [&str; 24] = [
        "title", "date", "name", "year", "month", "day", "time", "author", "user", "username", "content", "number",
        "address", "phone", "email", "company", "unit", "code", "amount", "money", "price", "url", "link", "text",
    ];
    let is_name = |word: &str| {
        word.len() > 2
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if !is_name(inner) {
        return false;
    }
    let is_sign = |c: char| matches!(c, ' ' | '_' | '-' | '.' | '/' | ':');
    let next = || {
        let name = behind.strip_prefix(is_sign).unwrap_or(behind).strip_prefix('$')?;
        name.split_once('$').map(|(name, _)| name)
    };
    let previous = || {
        let name = head.strip_suffix(is_sign).unwrap_or(head).strip_suffix('$')?;
        name.rsplit_once('$').map(|(_, name)| name)
    };
    NAMES.iter().any(|name| inner.eq_ignore_ascii_case(name))
        || next().is_some_and(is_name)
        || previous().is_some_and(is_name)
}

/// Whether letters or digits stand at once before and behind the dollar signs around a plain term: `a$b$c` joins parts of
/// a name.
fn is_in_name(head: &str, inner: &str, behind: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    head.ends_with(is_word)
        && behind.starts_with(is_word)
        && inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether both dollar signs stand before names, as in `$A2,$D:$E`, `PATH=$HOME/bin:$PATH` and `US$5=HK$39`: what parts two
/// names stands before the second one, or letters before the first. A formula ends with a term, and text does not follow
/// it at once.
fn is_between_names(head: &str, inner: &str, behind: &str) -> bool {
    let begins_name = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '('));
    if !begins_name || inner.contains(['\\', '^']) {
        return false;
    }
    let is_parted = inner.ends_with(|c: char| ",:=(/;.-+*&|[<>\"'".contains(c) || is_cjk_punctuation(c));
    let is_amount =
        head.ends_with(|c: char| c.is_ascii_alphanumeric()) && behind.starts_with(|c: char| c.is_ascii_digit());
    is_parted || is_amount
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
        && !is_between_names(&text[..range.start], inner, &text[range.end..])
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
    fn names_behind_dollar_signs_are_no_formulas() {
        let options = Options::ENABLE_MATH;
        for text in [
            "${姓名}于${日期}办理",
            "${a}元，${b}元",
            "=VLOOKUP($A2,$D)",
            "PATH=$HOME/bin:$PATH",
            "US$5=HK$39",
            "ROOT=$BASE/jdk 和 LIB=$JAVA_HOME/lib",
            "$1=甲，$2=乙",
            "awk '$1=$2'",
        ] {
            let dollars: Vec<usize> = text.match_indices('$').map(|(i, _)| i).collect();
            assert_eq!(literal_dollars(text, options).offsets, dollars, "{text}");
        }
        for text in ["$n$th", "$x_{i}$和$y=2$", "${n}$个", "$A=B$，$C$", "${a}^2$", "$\\{x\\}$"] {
            assert!(literal_dollars(text, options).offsets.is_empty(), "{text}");
        }
    }
}
