//! Splits a YAML text into lines and recognises what a line begins with: indentation, a key, a list mark.
//!
//! Looks at one line at a time; it does not know values or nesting.

use crate::base::{Span, is_cjk_punctuation};

/// One line, or the rest of a line after a list mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SourceLine {
    /// Offset of the first byte of the line.
    pub start: usize,
    /// Offset of the first byte that is not white space; equals `end` on a blank line.
    pub body: usize,
    /// Offset after the last byte, without the line ending.
    pub end: usize,
    /// Width of the white space before `body`. A tab, full-width space or no-break space counts as 2.
    pub indent: usize,
    /// The first indentation character that is not an ASCII space, with its offset.
    pub odd_indent: Option<(usize, char)>,
}

/// How a key is separated from its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColonStyle {
    Plain,
    FullWidth,
    /// `key:value`.
    NoSpace,
}

/// A key found on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyToken {
    pub span: Span,
    pub colon: ColonStyle,
    /// Offset of the first byte after the colon.
    pub after: usize,
    /// Whether the key is quoted.
    pub quoted: bool,
}

/// Splits `text[span]` into lines.
pub(super) fn lines(text: &str, span: Span) -> Vec<SourceLine> {
    let mut out = Vec::new();
    let mut start = span.start;
    while start < span.end {
        let next = text[start..span.end].find('\n').map_or(span.end, |i| start + i + 1);
        let end = start + text[start..next].trim_end_matches('\n').trim_end_matches('\r').len();
        out.push(line(text, start, end));
        start = next;
    }
    out
}

fn line(text: &str, start: usize, end: usize) -> SourceLine {
    let bytes = &text.as_bytes()[start..end];
    let spaces = bytes.iter().take_while(|b| **b == b' ').count();
    let mut line = SourceLine { start, body: start + spaces, end, indent: spaces, odd_indent: None };
    if matches!(bytes.get(spaces), Some(b'\t' | 0xE3 | 0xC2)) {
        for c in text[line.body..end].chars() {
            match c {
                ' ' => line.indent += 1,
                '\t' | '\u{3000}' | '\u{A0}' => {
                    line.odd_indent.get_or_insert((line.body, c));
                    line.indent += 2;
                }
                _ => break,
            }
            line.body += c.len_utf8();
        }
    }
    line
}

impl SourceLine {
    pub fn is_blank(&self) -> bool {
        self.body == self.end
    }

    /// Whether the line contains only white space or a comment.
    pub fn is_blank_or_comment(&self, text: &str) -> bool {
        self.is_blank() || text.as_bytes()[self.body] == b'#'
    }

    /// Returns the rest of this line from byte `at` on, as a line with the indentation of that column.
    pub fn from(&self, at: usize) -> SourceLine {
        SourceLine {
            start: self.start,
            body: at,
            end: self.end,
            indent: self.indent + (at - self.body),
            odd_indent: None,
        }
    }

    pub fn body<'t>(&self, text: &'t str) -> &'t str {
        &text[self.body..self.end]
    }

    /// If this line is a list item, returns the offset of its content.
    pub fn item(&self, text: &str) -> Option<usize> {
        let body = self.body(text);
        let rest = body.strip_prefix('-')?;
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        Some(self.body + skip_blanks(body, 1))
    }

    /// If this line looks like an item of a numbered list (`1. 甲`, `1、甲`, `①甲`), returns the offset of its content.
    pub fn numbered_item(&self, text: &str) -> Option<usize> {
        numbered_item(self.body(text)).map(|content| self.body + content)
    }

    /// If this line looks like an intended list item (`-甲`, `－ 甲`, `• 甲`, `* 甲`, `1. 甲`, `1、甲`), returns the offset of its
    /// content.
    pub fn lenient_item(&self, text: &str) -> Option<usize> {
        let body = self.body(text);
        if let Some(content) = self.numbered_item(text).or_else(|| self.starred_item(text)) {
            return Some(content);
        }
        let mark = body.chars().next().filter(|c| matches!(c, '-' | '－' | '–' | '—' | '•' | '●' | '·'))?;
        let rest = &body[mark.len_utf8()..];
        // `——` is a dash or begins an attribution; `---` is a document mark.
        if rest.is_empty() || rest.starts_with([mark, '-']) {
            return None;
        }
        let content = rest.trim_start_matches([' ', '\t', '\u{3000}']);
        Some(self.end - content.len())
    }

    /// Whether this line alone looks like a list of one item: dashes and dots need a space behind them.
    pub fn single_item(&self, text: &str) -> bool {
        let body = self.body(text);
        let spaced =
            |c: char| matches!(c, '–' | '—' | '·') && body[c.len_utf8()..].starts_with([' ', '\t', '\u{3000}']);
        body.starts_with(|c| matches!(c, '-' | '－' | '•' | '●') || spaced(c))
    }

    /// If this line looks like an item of a list of Markdown with another mark (`* 甲`, `+ 甲`, `*甲`), returns the offset of its
    /// content. `*name` in Latin letters is an alias of YAML.
    pub fn starred_item(&self, text: &str) -> Option<usize> {
        let rest = self.body(text).strip_prefix(['*', '+', '＊', '＋'])?;
        let content = rest.trim_start_matches([' ', '\t', '\u{3000}']);
        let begins = content.len() < rest.len() || !content.starts_with(|c: char| c.is_ascii());
        (begins && !content.is_empty()).then_some(self.end - content.len())
    }

    /// Returns the document mark (`---` or `...`) that this line begins with.
    pub fn document_mark<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mark = self.body(text).get(..3).filter(|m| matches!(*m, "---" | "..."))?;
        let after = text.as_bytes().get(self.body + 3..self.end)?.first();
        (self.body == self.start && after.is_none_or(|b| matches!(b, b' ' | b'\t'))).then_some(mark)
    }

    /// Returns the key that this line begins with, by YAML's rules.
    pub fn key(&self, text: &str) -> Option<KeyToken> {
        let body = self.body(text);
        let bytes = body.as_bytes();
        match bytes.first()? {
            quote @ (b'"' | b'\'') => {
                let close = quoted_end(body, 0, *quote)?;
                let colon = skip_blanks(body, close);
                (bytes.get(colon) == Some(&b':') && blank_at(bytes, colon + 1))
                    .then(|| self.key_token(0, close, colon + 1, ColonStyle::Plain, true))
            }
            b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' => None,
            b'-' | b'?' if blank_at(bytes, 1) => None,
            _ => {
                let mut at = 0;
                loop {
                    at += bytes[at..].iter().position(|b| matches!(b, b':' | b'#'))?;
                    if bytes[at] == b'#' && at > 0 && matches!(bytes[at - 1], b' ' | b'\t') {
                        return None;
                    }
                    if bytes[at] == b':' && blank_at(bytes, at + 1) {
                        let key_end = body[..at].trim_end_matches([' ', '\t']).len();
                        return (key_end > 0).then(|| self.key_token(0, key_end, at + 1, ColonStyle::Plain, false));
                    }
                    at += 1;
                }
            }
        }
    }

    /// Returns the key that this line was probably meant to begin with: also before `：`, or before a colon without a
    /// space.
    pub fn lenient_key(&self, text: &str) -> Option<KeyToken> {
        let body = self.body(text);
        let exact = self.key(text);
        let limit = exact.as_ref().map_or(body.len(), |k| k.after - 1 - self.body);
        if exact.as_ref().is_some_and(|k| k.quoted) {
            return exact;
        }
        for (at, c) in body[..limit].char_indices() {
            let word = body[..at].trim_end();
            match c {
                '：' if looks_like_key(word) => {
                    return Some(self.key_token(0, word.len(), at + c.len_utf8(), ColonStyle::FullWidth, false));
                }
                ':' if exact.is_none() && looks_like_key(word) && !body[at..].starts_with("://") => {
                    return Some(self.key_token(0, word.len(), at + 1, ColonStyle::NoSpace, false));
                }
                '：' | ':' | '#' => break,
                _ => {}
            }
        }
        exact
    }

    fn key_token(&self, start: usize, end: usize, after: usize, colon: ColonStyle, quoted: bool) -> KeyToken {
        KeyToken { span: Span::new(self.body + start, self.body + end), colon, after: self.body + after, quoted }
    }
}

/// Returns the offset of what follows the number of a list item: `1. 甲`, `1、甲`, `(1) 甲`, `①甲`. A plain full stop needs a
/// space after it, so that `1.5` is none.
fn numbered_item(body: &str) -> Option<usize> {
    let first = body.chars().next()?;
    let open = if matches!(first, '(' | '（') { first.len_utf8() } else { 0 };
    let content = if ('①'..='⑳').contains(&first) {
        body.get(first.len_utf8()..)?
    } else {
        let digits = body[open..].bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        let rest = &body[open + digits..];
        let mark = rest.chars().next()?;
        let rest = &rest[mark.len_utf8()..];
        match (open > 0, mark) {
            (_, ')' | '）') | (false, '、' | '．') => rest,
            (false, '.') if rest.starts_with([' ', '\t', '\u{3000}']) => rest,
            _ => return None,
        }
    };
    let content = content.trim_start_matches([' ', '\t', '\u{3000}']);
    (!content.is_empty()).then(|| body.len() - content.len())
}

/// Whether `text` could be a key that a person types: short, made of letters, and neither a time nor a clause of a
/// sentence.
pub(super) fn looks_like_key(text: &str) -> bool {
    let mut count = 0;
    let mut digits = true;
    for c in text.chars() {
        count += 1;
        digits &= c.is_ascii_digit();
        if count > 30
            || c.is_whitespace()
            || is_cjk_punctuation(c) && c != '·'
            || matches!(c, ',' | '(' | ')' | '"' | '\'' | '<' | '>' | '[' | ']' | '{' | '}')
        {
            return false;
        }
    }
    count > 0 && !digits
}

/// Returns the offset after the closing quote of the quoted text at byte `at`, if it is closed within `text`.
pub(super) fn quoted_end(text: &str, at: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut i = at + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if quote == b'"' => i += 2,
            b'\'' if quote == b'\'' && bytes.get(i + 1) == Some(&b'\'') => i += 2,
            b if b == quote => return Some(i + 1),
            _ => i += 1,
        }
    }
    None
}

/// Returns the offset of the first byte from `at` on that is neither a space nor a tab.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Whether white space or the end of the text is at `at`.
pub(super) fn blank_at(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}
