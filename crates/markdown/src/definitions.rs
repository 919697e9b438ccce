//! Link definitions, footnotes, table cells and heading attributes that have no effect: reports what the parser leaves out.
//!
//! Input: the definitions of each text, the labels that links use, the footnotes and rows as they end. Output:
//! diagnostics at their places. Does not know other pages.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser};

use super::context::{MarkdownContext, footnote_key};
use super::html_buffer::HtmlBuffer;
use super::parser_input::ParserInput;
use super::writer::HtmlWriter;
use puzhi_core::base::Span;
use puzhi_core::diag::codes::markdown as codes;

/// The link definitions of a page.
#[derive(Default)]
pub(super) struct LinkDefinitions {
    /// Label and place of each definition.
    places: Vec<(String, Span)>,
    /// Labels that links and pictures use.
    used: HashSet<String>,
}

impl LinkDefinitions {
    /// Adds a definition. `[//]: # (words)` and `[//]: <> (words)`, the usual ways to write a comment, are none.
    pub fn add(&mut self, key: String, address: &str, span: Span) {
        if !is_comment_address(address) {
            self.places.push((key, span));
        }
    }

    /// Notes that a link uses a label.
    pub fn use_label(&mut self, kind: LinkType, label: &str) {
        use LinkType as L;
        if matches!(
            kind,
            L::Reference | L::Collapsed | L::Shortcut | L::ReferenceUnknown | L::CollapsedUnknown | L::ShortcutUnknown
        ) {
            self.used.insert(footnote_key(label));
        }
    }
}

/// Whether a definition with this address is a comment.
pub(super) fn is_comment_address(address: &str) -> bool {
    matches!(address, "" | "#")
}

/// Byte ranges of definitions whose label is defined before in the same text. `defined` has the range of the definition
/// that counts for each label, `parser_input` is what the parser reads.
pub(super) fn repeated_definitions(
    text: &str,
    parser_input: &ParserInput<'_>,
    options: Options,
    defined: &HashMap<String, Range<usize>>,
) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start_matches([' ', '>', '\t']).len();
        at += line.len();
        let Some((label, _)) = text[start..at].strip_prefix('[').and_then(|rest| rest.split_once("]:")) else {
            continue;
        };
        if label.len() < 200 && defined.get(&footnote_key(label)).is_some_and(|range| !range.contains(&start)) {
            found.push(start..at.min(start + line.trim().len()));
        }
    }
    if found.is_empty() {
        return found;
    }
    // A line that the parser returns is text or code, not a definition.
    let mut shown: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(&parser_input.text, options).into_offset_iter() {
        if !matches!(event, Event::Start(_) | Event::End(_)) {
            shown.push(parser_input.original_range(&range));
        }
    }
    found.retain(|definition| {
        let next = shown.partition_point(|range| range.end <= definition.start);
        shown.get(next).is_none_or(|range| range.start >= definition.end)
    });
    found
}

impl MarkdownContext<'_> {
    /// Keeps the text of a footnote, or reports that its label has one already.
    pub fn define_footnote(&mut self, index: u32, note: HtmlBuffer, span: Span) {
        let place = &mut self.footnotes.buffers[index as usize];
        if place.is_none() {
            *place = Some(note);
            self.footnotes.places[index as usize] = Some(span);
            return;
        }
        let label = self.footnotes.labels[index as usize].clone();
        let diag = self.diag_at(&codes::FOOTNOTE_REPEATED, span).arg("label", label);
        self.push_diag(diag);
    }

    /// Reports the footnotes that no text refers to. `is_used` takes the index of a footnote.
    pub fn report_unused_footnotes(&mut self, is_used: impl Fn(u32) -> bool) {
        for index in 0..self.footnotes.places.len() {
            let Some(span) = self.footnotes.places[index].filter(|_| !is_used(index as u32)) else { continue };
            let label = self.footnotes.labels[index].clone();
            let diag = self.diag_at(&codes::FOOTNOTE_UNUSED, span).arg("label", label);
            self.push_diag(diag);
        }
    }

    /// Reports the link definitions that no link uses.
    pub fn report_unused_definitions(&mut self) {
        let definitions = std::mem::take(&mut self.definitions);
        for (key, span) in definitions.places.iter().filter(|(key, _)| !definitions.used.contains(key)) {
            let diag = self.diag_at(&codes::DEFINITION_UNUSED, *span).arg("label", key);
            self.push_diag(diag);
        }
    }
}

impl HtmlWriter<'_, '_> {
    /// Whether the heading ends with braces that hold no id, class or attribute, which are not shown.
    pub fn has_empty_attributes(&self, heading: &Range<usize>) -> bool {
        let text = self.text.get(heading.clone()).unwrap_or("").trim_end();
        let ends = |braces: &&str| text.strip_suffix(*braces).is_some_and(|title| !title.ends_with('\\'));
        text.ends_with('}') && ["{#}", "{}", "{.}"].iter().any(ends)
    }

    /// Reports the attributes of a heading, of which only ids and classes are written.
    pub fn report_heading_attributes(&mut self, heading: &Range<usize>) {
        let text = &self.text[heading.clone()];
        let start = heading.start + text.rfind('{').unwrap_or(0);
        let end = heading.start + text.rfind('}').map_or(text.len(), |end| end + 1);
        let span = self.span(&(start..end.max(start)));
        self.context.report(&codes::HEADING_ATTRIBUTE, span);
    }

    /// Reports the cells of a table row that the head has no column for.
    pub fn check_row(&mut self, row: &Range<usize>) {
        let rest = self.text.get(self.cell_end..row.end).unwrap_or("");
        let outside = |c: char| c == '|' || c.is_whitespace();
        let surplus = rest.trim_matches(outside);
        if !surplus.is_empty() {
            let start = self.cell_end + rest.len() - rest.trim_start_matches(outside).len();
            let span = self.span(&(start..start + surplus.len()));
            self.context.report(&codes::SURPLUS_CELLS, span);
        }
    }
}
