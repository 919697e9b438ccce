//! Accounts for every visible character of a Markdown file: finds what was written and neither appears on the page nor
//! has a reason to be absent.
//!
//! Input: a file, its [`RenderedBody`] and the findings about it. Output: the pieces of the file that are unaccounted
//! for. A character is accounted for if it is in the visible text of the page; if it is a mark whose element exists, the
//! address or title of a link, part of a definition that is used, of an escape, a character reference, a closed comment,
//! a formula, the first line of a fence or the YAML of a directive; or if a finding stands at its line.
//!
//! `walk` reads the file a second time and says of each piece what it is; `marks` knows which characters the marks of an
//! element may have; `html` does the same for raw HTML; `page_text` is what a reader sees. Not part of a build: it takes
//! about as long as rendering. Does not know trusted HTML, which is passed through as it is.

mod html;
mod marks;
mod page_text;
mod walk;

use std::collections::HashSet;

use super::MendedText;
use super::context::MAX_FINDINGS;
use super::model::{MarkdownOptions, RenderedBody};
use super::repairs::{Repair, is_blank_of_wide_spaces};
use page_text::{PageText, is_visible};
use puzhi_core::base::Span;
use puzhi_core::diag::codes::markdown as codes;
use puzhi_core::diag::{Diagnostic, SourceText};
use walk::{Claim, ClaimKind};

/// A piece of a file that is neither on the page nor accounted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unaccounted {
    /// Byte range in the file.
    pub span: Span,
    /// What the piece is, in one or two words, for example `table row`.
    pub class: &'static str,
    /// The characters that are missing.
    pub text: String,
}

/// The pieces of `source` from byte `body_start` on that are unaccounted for. `body` and `diags` are the result of
/// [`render`](super::render) for the same input.
pub fn unaccounted(
    source: &SourceText<'_>,
    body_start: usize,
    options: &MarkdownOptions<'_>,
    body: &RenderedBody,
    diags: &[Diagnostic],
) -> Vec<Unaccounted> {
    if options.trust_html || diags.len() >= MAX_FINDINGS {
        return Vec::new();
    }
    let lines: HashSet<usize> = diags.iter().filter_map(|d| d.position.map(|p| p.line)).collect();
    let footnotes: HashSet<usize> = diags
        .iter()
        .filter(|d| *d.code == codes::FOOTNOTE_UNUSED || *d.code == codes::FOOTNOTE_REPEATED)
        .filter_map(|d| d.position.map(|p| p.line))
        .collect();
    let mut page = PageText::of(body);
    let mut out = Vec::new();
    // What a finding stands for may be gone; it must not take equal words from elsewhere on the page.
    let line = |place: usize| source.line_column(place).line;
    let reported = |claim: &Claim| {
        lines.contains(&line(claim.place)) || claim.footnote.is_some_and(|place| footnotes.contains(&line(place)))
    };
    let MendedText { text, source_map, repairs } = super::mended_text(source, body_start, options);
    let silent = repairs.iter().filter(|repair| !lines.contains(&line(repair.at)));
    out.extend(silent.filter_map(|repair| lost_by(repair, source.text)));
    let runs = walk::claims(&text, &source_map, options);
    for run in in_order_of_page(runs.into_iter().filter(|run| !run.iter().all(reported)).collect()) {
        let whole = page.take(&shown(&run));
        for claim in run {
            let there = match &claim.kind {
                ClaimKind::Shown(text) => whole || reported(&claim) || page.take(text),
                ClaimKind::Address(address) => page.has_address(address),
                ClaimKind::Missing(_) => false,
            };
            if !there && !reported(&claim) {
                out.push(Unaccounted { span: claim.span, class: claim.class, text: claim.into_text() });
            }
        }
    }
    out.sort_by_key(|piece| piece.span.start);
    out
}

/// What stood where a repair was made and is not in what replaces it, other than its marks.
fn lost_by(repair: &Repair, file: &str) -> Option<Unaccounted> {
    const MARKS: &str = "[]()<>|!#";
    let span = Span::new(repair.at, repair.at + repair.length);
    let mut rest: Vec<char> = repair.with.chars().collect();
    // A repair may put the text of a link before its address.
    let is_lost = |c: &char| match rest.iter().position(|other| other == c) {
        Some(at) => {
            rest.swap_remove(at);
            false
        }
        None => is_visible(*c) && !MARKS.contains(*c),
    };
    let written = file.get(span.start..span.end).filter(|written| !is_blank_of_wide_spaces(written))?;
    let text: String = written.chars().filter(is_lost).collect();
    (!text.is_empty()).then_some(Unaccounted { span, class: "repair", text })
}

fn shown(run: &[Claim]) -> String {
    run.iter().filter_map(Claim::shown).collect()
}

/// Footnotes stand at the end of a page, in the order of their references; there, long texts are looked for first, since
/// a short one may be part of another.
fn in_order_of_page(runs: Vec<Vec<Claim>>) -> Vec<Vec<Claim>> {
    let (mut notes, mut out): (Vec<_>, Vec<_>) =
        runs.into_iter().partition(|run| run.first().is_some_and(|claim| claim.footnote.is_some()));
    notes.sort_by_key(|run: &Vec<Claim>| std::cmp::Reverse(shown(run).len()));
    out.append(&mut notes);
    out
}
