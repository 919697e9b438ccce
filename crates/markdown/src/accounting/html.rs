//! Says of each piece of raw HTML what the page must show.
//!
//! Input: a block of HTML, or one inline tag, with its place. Output: [`Claim`]s. Text must be visible; tags are marks if
//! authors may use the element and all its attributes, otherwise only a finding at the line of the tag accounts for them
//! and, where it is removed with its content, for the content. Does not know the page.

use pulldown_cmark::{Event, Parser};

use super::super::elements;
use super::super::html_tokens::{Token, Tokens, decode};
use super::super::raw_html;
use super::super::source_map::SourceMap;
use super::walk::{Claim, ClaimKind};

/// Reads the HTML of one page.
#[derive(Default)]
pub(super) struct HtmlReader {
    /// The inline element that is being removed with its content, and its place in the file.
    removed: Option<(String, usize)>,
}

impl HtmlReader {
    /// Place of the start tag of the inline element that is being removed with its content.
    pub fn removed_from(&self) -> Option<usize> {
        self.removed.as_ref().map(|(_, place)| *place)
    }

    /// The claims of a piece of HTML.
    pub fn read(&mut self, html: &str, map: &SourceMap, inline: bool) -> Vec<Claim> {
        let mut out = Vec::new();
        let mut tokens = Tokens::new(html);
        while let Some((token, range)) = tokens.next() {
            let span = map.span(&range);
            let written = || html[range.clone()].to_string();
            let mut push = |class, kind| out.push(Claim { span, place: span.start, footnote: None, class, kind });
            match token {
                Token::Text(text) => {
                    for (i, line) in text.split_inclusive('\n').scan(0, |at, line| {
                        *at += line.len();
                        Some((*at - line.len(), line))
                    }) {
                        let span = map.span(&(range.start + i..range.start + i + line.len()));
                        let kind = ClaimKind::Shown(resolved(line));
                        out.push(Claim { span, place: span.start, footnote: None, class: "text in HTML", kind });
                    }
                }
                Token::Start(tag) => {
                    if let Some(removed) = raw_html::removed_parts(&tag, inline) {
                        push("HTML tag", ClaimKind::Missing(removed));
                        if elements::find(&tag.name).is_none() && elements::drops_content(&tag.name) {
                            if inline {
                                self.removed.get_or_insert((tag.name.clone(), span.start));
                            } else {
                                tokens.skip_to_end_of(&tag.name);
                            }
                        }
                    }
                }
                Token::End(name) => {
                    if self.removed.as_ref().is_some_and(|(removed, _)| *removed == name) {
                        self.removed = None;
                    }
                }
                Token::Other if html[range.clone()].starts_with("<!--") && is_closed(&html[range.clone()]) => {}
                Token::Other => push("declaration or open comment", ClaimKind::Missing(written())),
            }
        }
        out
    }
}

/// Whether a comment ends where its author ended it.
fn is_closed(comment: &str) -> bool {
    comment.len() >= "<!-->".len() && comment.ends_with("-->") && !raw_html::has_wrong_end(comment)
}

/// The text with its character references resolved. The parser knows the names of all of them.
fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((character, length)) = numeric_reference(rest) {
            out.push(character);
            rest = &rest[length..];
            continue;
        }
        let name = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').map_or(rest.len(), |end| end + 1);
        let reference = format!("{};", &rest[..name]);
        let character: String = Parser::new(&reference)
            .filter_map(|event| match event {
                Event::Text(text) => Some(text.to_string()),
                _ => None,
            })
            .collect();
        let closed = usize::from(rest[name..].starts_with(';'));
        // HTML reads old names without a semicolon as well.
        let complete = closed == 1 || decode(&rest[..name]) != rest[..name];
        if name > 1 && character != reference && complete {
            out.push_str(&character);
            rest = &rest[name + closed..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character of a numeric reference at the start of `text`, and the length of the reference. HTML needs no semicolon,
/// and reads U+0080 to U+009F as the signs of Windows (HTML Standard, 13.2.5.80).
fn numeric_reference(text: &str) -> Option<(char, usize)> {
    const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";
    let digits = text.strip_prefix("&#")?;
    let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    let length = digits.len() - digits.trim_start_matches(|c: char| c.is_digit(radix)).len();
    if length == 0 {
        return None;
    }
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let character = match number {
        0 => '\u{FFFD}',
        0x80..=0x9F => WINDOWS.chars().nth(number as usize - 0x80).unwrap_or('\u{FFFD}'),
        _ => char::from_u32(number).unwrap_or('\u{FFFD}'),
    };
    let end = text.len() - digits.len() + length;
    Some((character, end + usize::from(text[end..].starts_with(';'))))
}
