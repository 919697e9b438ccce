//! A tolerant tokenizer for HTML: everything that looks like a tag is a tag.
//!
//! Input: HTML. Output: tokens with their byte ranges. Does not know which elements exist. It is no HTML tokenizer by the standard, which
//! would report neither where an author's slip stands nor what the sanitizer will remove. Security does not depend on it; that is the
//! task of `sanitize`.

use std::ops::Range;

/// A token of HTML.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'h> {
    /// Text, with character references unresolved.
    Text(&'h str),
    /// A start tag.
    Start(Tag<'h>),
    /// An end tag; the name is in lower case.
    End(String),
    /// A comment. Declarations and processing instructions are text.
    Other,
}

/// A start tag.
#[derive(Debug, PartialEq)]
pub(super) struct Tag<'h> {
    /// Name in lower case.
    pub name: String,
    attributes: Vec<(String, &'h str)>,
}

impl<'h> Tag<'h> {
    /// Attributes: name in lower case, and value as written with character references unresolved.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &'h str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

/// Iterator over the tokens of a text.
pub(super) struct Tokens<'h> {
    html: &'h str,
    at: usize,
    /// Names for which no further end tag exists, so that the search is not repeated.
    missing: Vec<String>,
}

impl<'h> Tokens<'h> {
    /// Tokenizes `html`.
    pub fn new(html: &'h str) -> Self {
        Self { html, at: 0, missing: Vec::new() }
    }

    /// Continues after the end tag of `name`, or at the end of the text if there is none.
    pub fn skip_to_end_of(&mut self, name: &str) {
        if self.missing.iter().any(|m| m == name) {
            self.at = self.html.len();
            return;
        }
        let bytes = self.html.as_bytes();
        let mut from = self.at;
        while let Some(found) = self.html[from..].find("</") {
            let start = from + found + 2;
            from = start;
            let fits = bytes.get(start..start + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
            if fits && bytes.get(start + name.len()).is_none_or(|b| !b.is_ascii_alphanumeric()) {
                self.at = self.html[start..].find('>').map_or(self.html.len(), |end| start + end + 1);
                return;
            }
        }
        self.missing.push(name.to_string());
        self.at = self.html.len();
    }

    fn until(&mut self, end: &str, from: usize) {
        self.at = self.html[from..].find(end).map_or(self.html.len(), |i| from + i + end.len());
    }

    fn tag(&mut self) -> Tag<'h> {
        let html = self.html;
        let bytes = html.as_bytes();
        let start = self.at;
        let mut at = start;
        while at < bytes.len() && !matches!(bytes[at], b'>' | b'/') && !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let name = html[start..at].to_ascii_lowercase();
        let mut attributes = Vec::new();
        loop {
            while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == b'/') {
                at += 1;
            }
            if at >= bytes.len() {
                break;
            }
            if bytes[at] == b'>' {
                at += 1;
                break;
            }
            let begin = at;
            at += 1;
            while at < bytes.len() && !matches!(bytes[at], b'=' | b'>' | b'/') && !bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let attribute = html[begin..at].to_ascii_lowercase();
            let mut look = at;
            while look < bytes.len() && bytes[look].is_ascii_whitespace() {
                look += 1;
            }
            let mut value = "";
            if bytes.get(look) == Some(&b'=') {
                at = look + 1;
                while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                match bytes.get(at) {
                    Some(quote @ (b'"' | b'\'')) => {
                        let from = at + 1;
                        let end = bytes[from..].iter().position(|b| b == quote).map_or(bytes.len(), |i| from + i);
                        value = &html[from..end];
                        at = (end + 1).min(bytes.len());
                    }
                    _ => {
                        let from = at;
                        while at < bytes.len() && bytes[at] != b'>' && !bytes[at].is_ascii_whitespace() {
                            at += 1;
                        }
                        value = &html[from..at];
                    }
                }
            }
            attributes.push((attribute, value));
        }
        self.at = at;
        Tag { name, attributes }
    }
}

impl<'h> Iterator for Tokens<'h> {
    type Item = (Token<'h>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.html.get(start..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.as_bytes();
        let token = match (bytes[0], bytes.get(1)) {
            (b'<', Some(b'!')) if rest.starts_with("<!--") => {
                self.until("-->", start + 2);
                Token::Other
            }
            (b'<', Some(b'/')) if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                self.at = start + 2;
                Token::End(self.tag().name)
            }
            (b'<', Some(next)) if next.is_ascii_alphabetic() => {
                self.at = start + 1;
                Token::Start(self.tag())
            }
            _ => {
                // Search bytes, because the first character may have more than one byte.
                let end = bytes.iter().skip(1).position(|b| *b == b'<').map_or(rest.len(), |i| i + 1);
                self.at = start + end;
                Token::Text(&rest[..end])
            }
        };
        Some((token, start..self.at))
    }
}

/// Resolves character references in an attribute value: numeric ones and common names.
pub(super) fn decode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (resolved, end) = reference(rest);
        match resolved {
            Some(c) => {
                out.push(c);
                rest = rest[end..].strip_prefix(';').unwrap_or(&rest[end..]);
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// The character that a reference stands for, and the length of the reference. `text` starts after the ampersand.
fn reference(text: &str) -> (Option<char>, usize) {
    let length = |from: usize, of: fn(&u8) -> bool| from + text.as_bytes()[from..].iter().take_while(|b| of(b)).count();
    if text.starts_with("#x") || text.starts_with("#X") {
        let end = length(2, u8::is_ascii_hexdigit);
        (u32::from_str_radix(&text[2..end], 16).ok().and_then(char::from_u32), end)
    } else if text.starts_with('#') {
        let end = length(1, u8::is_ascii_digit);
        (text[1..end].parse().ok().and_then(char::from_u32), end)
    } else {
        let end = length(0, u8::is_ascii_alphanumeric);
        (NAMES.iter().find(|(name, _)| *name == &text[..end]).map(|(_, c)| *c), end)
    }
}

const NAMES: [(&str, char); 17] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("colon", ':'),
    ("sol", '/'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("middot", '·'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("hellip", '…'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("copy", '©'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_the_rest() {
        let html = "a<P CLASS=x title='y>z' b>1 < 2</p ><!-- <i> --><";
        let tokens: Vec<_> = Tokens::new(html).map(|(t, _)| t).collect();
        let Token::Start(tag) = &tokens[1] else { panic!("{tokens:?}") };
        assert_eq!(tag.name, "p");
        assert_eq!(tag.attributes().collect::<Vec<_>>(), [("class", "x"), ("title", "y>z"), ("b", "")]);
        assert_eq!(tokens[0], Token::Text("a"));
        assert_eq!(
            tokens[2..],
            [Token::Text("1 "), Token::Text("< 2"), Token::End("p".into()), Token::Other, Token::Text("<"),]
        );
    }

    #[test]
    fn content_up_to_an_end_tag_is_skipped() {
        let mut tokens = Tokens::new("<script>if (a</b) x</SCRIPT >后");
        tokens.next();
        tokens.skip_to_end_of("script");
        assert_eq!(tokens.next().map(|(t, _)| t), Some(Token::Text("后")));
        assert_eq!(decode("a&amp;b&#x4e2d;&#20013;&nosuch;&"), "a&b中中&nosuch;&");
    }
}
