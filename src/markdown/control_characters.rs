//! Reports characters that no page and no feed can show: control characters and the noncharacters U+FFFE and U+FFFF.
//!
//! Input: the text of a file. Output: diagnostics at their places. Does not know Markdown.

use super::context::MarkdownContext;
use puzhi_core::base::{Span, find_byte};
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
    for c in ["\u{FFFE}", "\u{FFFF}"] {
        // The search for one occurrence compares many bytes at once, that for all does not.
        if text.contains(c) {
            let first = c.chars().next().unwrap_or_default();
            found.extend(text.match_indices(c).take(MAX_REPORTED).map(|(at, _)| (at, first)));
        }
    }
    found.sort_unstable();
    for (at, c) in found.into_iter().take(MAX_REPORTED) {
        let span = Span::new(body_start + at, body_start + at + c.len_utf8());
        let diag = context.diag_at(&codes::CONTROL_CHARACTER, span).arg("code", format!("U+{:04X}", u32::from(c)));
        context.push_diag(diag);
    }
}
