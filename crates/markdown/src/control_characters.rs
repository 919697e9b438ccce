//! Reports characters that readers do not see: control characters and noncharacters, which no page and no feed can show,
//! and what other programs leave in a text that is pasted.
//!
//! Input: the text of a file, and the text of paragraphs. Output: diagnostics at their places. Does not know Markdown.

use super::context::MarkdownContext;
use super::source_map::SourceMap;
use puzhi_core::base::{Span, find_byte};
use puzhi_core::diag::Edit;
use puzhi_core::diag::codes::markdown as codes;

/// How many are reported on one page.
const MAX_REPORTED: usize = 20;

/// Reports each such character from byte `body_start` on.
pub(super) fn report(context: &mut MarkdownContext<'_>, body_start: usize) {
    let text = context.source.text.get(body_start..).unwrap_or("");
    let mut found: Vec<(usize, char)> = Vec::new();
    let mut from = 0;
    while let Some(at) =
        find_byte(text.as_bytes(), from, |b| (b < 0x20) & (b != b'\n') & (b != b'\t') & (b != b'\r') | (b == 0x7F))
    {
        from = at + 1;
        found.push((at, char::from(text.as_bytes()[at])));
        if found.len() == MAX_REPORTED {
            break;
        }
    }
    // The two noncharacters differ in their last byte only, and few characters begin with the same two.
    let nonchar = |at: usize| match text.as_bytes().get(at + 2)? {
        0xBE => Some((at, '\u{FFFE}')),
        0xBF => Some((at, '\u{FFFF}')),
        _ => None,
    };
    found.extend(memchr::memmem::find_iter(text.as_bytes(), b"\xEF\xBF").filter_map(nonchar).take(MAX_REPORTED));
    found.sort_unstable();
    for (at, c) in found.into_iter().take(MAX_REPORTED) {
        let span = Span::new(body_start + at, body_start + at + c.len_utf8());
        // Some programs break lines and pages with these two.
        let edit = (!matches!(c, '\u{B}' | '\u{C}')).then(|| Edit::new(span, ""));
        let diag = context.diag_at(&codes::CONTROL_CHARACTER, span).arg("code", format!("U+{:04X}", u32::from(c)));
        let diag = diag.fixed_by(edit);
        context.push_diag(diag);
    }
}

/// Reports the characters of a paragraph, heading or cell that stand for something that is not there, and control
/// characters that are written as references.
pub(super) fn check_foreign(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let mut reported = 0;
    for (at, c) in text.char_indices() {
        let Some(foreign) = ForeignCharacter::of(c) else { continue };
        let span = source_map.span(&(at..at + c.len_utf8()));
        // The text that is checked has signs of its own for code and line breaks.
        let written = context.source.text.get(span.start..).unwrap_or("");
        let is_reference = written.starts_with('&');
        if reported == MAX_REPORTED || !is_reference && !written.starts_with(c) {
            continue;
        }
        let diag = match foreign {
            // What is not written as a reference is found in the text of the file.
            ForeignCharacter::Control if !is_reference => continue,
            ForeignCharacter::Control => context.diag_at(&codes::CONTROL_CHARACTER, span).arg("code", code_of(c)),
            ForeignCharacter::Other { zh, en } => {
                context.diag_at(&codes::FOREIGN_CHARACTER, span).arg("code", code_of(c)).arg("zh", zh).arg("en", en)
            }
        };
        context.push_diag(diag);
        reported += 1;
    }
}

/// Reports references such as `&#8;` in the text of raw HTML that stand for control characters.
pub(super) fn check_references(context: &mut MarkdownContext<'_>, html: &str, source_map: &SourceMap) {
    for (at, mark) in html.match_indices("&#").take(1_000) {
        let rest = &html[at + mark.len()..];
        let (digits, radix) = match rest.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (rest, 10),
        };
        let length = digits.chars().take(8).take_while(|c| c.is_digit(radix)).count();
        let Ok(code) = u32::from_str_radix(&digits[..length], radix) else { continue };
        // HTML reads U+0080 to U+009F as the signs of Windows. Some numbers are no character.
        let is_control = code < 0x20 && !matches!(code, 0x9 | 0xA | 0xD) || code == 0x7F;
        if is_control || matches!(code, 0xFFFE | 0xFFFF) || char::from_u32(code).is_none() {
            let end = at + mark.len() + (rest.len() - digits.len()) + length;
            let span = source_map.span(&(at..end));
            let diag = context.diag_at(&codes::CONTROL_CHARACTER, span).arg("code", format!("U+{code:04X}"));
            context.push_diag(diag);
        }
    }
}

fn code_of(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A character that readers do not see as it was meant.
enum ForeignCharacter {
    Control,
    /// Why it is of no use, in Chinese and English.
    Other {
        zh: &'static str,
        en: &'static str,
    },
}

impl ForeignCharacter {
    fn of(c: char) -> Option<Self> {
        let other = |zh, en| Some(Self::Other { zh, en });
        match c {
            '\u{85}' | '\u{2028}' | '\u{2029}' => {
                other("别的程序的换行，网页上不会换行", "a line break of another program, which breaks no line here")
            }
            '\u{FFFC}' => other("贴图的位置，图没有跟着过来", "the place of a picture that was not pasted"),
            '\u{FFFD}' => other("乱码，原来的字已经丢了", "the place of a character that was lost"),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => other(
                "控制文字方向的字符，会把后面的字倒过来排",
                "a sign that changes the direction of the text behind it",
            ),
            '\u{E000}'..='\u{F8FF}' => other(
                "符号字体里的符号，别人的电脑上是方框或空白",
                "a sign of a symbol font, which others see as a box or not at all",
            ),
            '\u{FFFE}' | '\u{FFFF}' => Some(Self::Control),
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => Some(Self::Control),
            _ => None,
        }
    }
}
