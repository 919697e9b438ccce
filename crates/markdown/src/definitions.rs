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
use super::source_map::SourceMap;
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
        let is_repeated = |first: &Range<usize>| {
            let first_text = text.get(first.clone()).unwrap_or("");
            !first.contains(&start) && !is_repeated_comment(first_text, &text[start..at])
        };
        if label.len() < 200 && defined.get(&footnote_key(label)).is_some_and(is_repeated) {
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

/// Labels that nothing but a comment has.
const COMMENT_LABELS: [&str; 2] = ["//", "comment"];

/// The mark of a comment in the form of a link definition at the start of `text`: `[//]: #`, `[备注]: # `, `[comment]: <>`.
/// What stands before an anchor or after a label for links is none.
pub(super) fn comment_mark(text: &str) -> Option<&str> {
    const LONGEST: usize = 60;
    let (label, rest) = text.strip_prefix('[')?.split_once("]:")?;
    if label.is_empty() || label.len() > LONGEST || label.starts_with('^') || label.contains(['[', ']', '\n']) {
        return None;
    }
    let words = rest.trim_start_matches([' ', '\t']);
    let begins = |words: &str| words.trim_start() != words || words.starts_with(['(', '（', '"', '\'', '“']);
    let behind = match words.strip_prefix('#').filter(|words| begins(words)) {
        Some(behind) => behind,
        None if words.starts_with("<>") => &words["<>".len()..],
        None if COMMENT_LABELS.iter().any(|known| label.eq_ignore_ascii_case(known)) => rest,
        None => return None,
    };
    Some(&text[..text.len() - behind.len()])
}

/// The mark of a comment in the form of a link definition with wide signs, spaces or no label, which is none for Markdown:
/// `[//]：#`, `［//］: #`, `【注释】：#`, `[//] : #`, `[]: #`.
pub(super) fn wide_comment_mark(text: &str) -> Option<&str> {
    const LONGEST: usize = 60;
    const LABELS: [&str; 5] = ["//", "comment", "注释", "备注", "批注"];
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\u{3000}');
    let (label, rest) = text.strip_prefix(['[', '［', '【'])?.split_once([']', '］', '】'])?;
    let words = rest.trim_start_matches(is_space).strip_prefix([':', '：'])?.trim_start_matches(is_space);
    let behind = words.strip_prefix(['#', '＃']).or_else(|| words.strip_prefix("<>"))?;
    let label = label.trim();
    if label.len() > LONGEST || label.starts_with('^') || label.contains(['[', '［', '【', '\n']) {
        return None;
    }
    let is_known = LABELS.iter().any(|known| label.eq_ignore_ascii_case(known));
    let remark = behind.trim_start_matches(is_space);
    let in_brackets = remark.starts_with(['(', '（', '"', '“']);
    let is_parted = in_brackets || remark.len() < behind.len() && !remark.trim().is_empty();
    (is_known && is_parted || in_brackets && label.is_empty()).then(|| &text[..text.len() - behind.len()])
}

/// Whether two definitions of one label are comments, of which the second hides as the first does.
pub(super) fn is_repeated_comment(first: &str, second: &str) -> bool {
    let label = |text| comment_mark(text).and_then(|mark| Some(footnote_key(mark[1..].split("]:").next()?)));
    label(first).is_some_and(|first| label(second) == Some(first))
}

/// Whether the mark of a comment is one wherever it stands in a line: its label says so, or brackets follow.
pub(super) fn is_plain_comment(mark: &str, text: &str) -> bool {
    let label = mark[1..].split("]:").next().unwrap_or("");
    let behind = text[mark.len()..].trim_start();
    COMMENT_LABELS.iter().any(|known| label.eq_ignore_ascii_case(known)) || behind.starts_with(['(', '（', '"', '“'])
}

impl MarkdownContext<'_> {
    /// Takes note, once repairs are made, of the address in `<` and `>` behind the last `mark` in `range` of the text.
    pub fn note_address(&mut self, text: &str, range: &Range<usize>, mark: &str, source_map: &SourceMap) {
        let Some(places) = &mut self.link_places else { return };
        let written = text.get(range.clone()).unwrap_or("");
        let Some(at) = written.rfind(mark).map(|at| at + mark.len()) else { return };
        let indent = written[at..].len() - written[at..].trim_start_matches([' ', '\t']).len();
        places.insert(source_map.file_offset(range.start + at + indent));
    }

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
    /// Takes note of a link or image, and reports a label that is one only because a comment below text has the label of
    /// another comment.
    pub fn note_link(&mut self, kind: LinkType, label: &str, range: &Range<usize>) {
        self.context.definitions.use_label(kind, label);
        if self.context.link_places.is_some() {
            let start = self.source_map.file_offset(range.start);
            self.context.link_places.get_or_insert_default().insert(start);
            self.context.note_address(self.text, range, "](", &self.source_map);
        }
        if matches!(kind, LinkType::Shortcut | LinkType::ShortcutUnknown)
            && self.text.get(range.end..).is_some_and(|rest| rest.starts_with(':'))
        {
            const NEAR: usize = 200;
            let near = self.text.get(range.start..self.text.floor_char_boundary(range.start + NEAR)).unwrap_or("");
            if let Some(mark) = comment_mark(near.split('\n').next().unwrap_or("")) {
                let span = self.span(&(range.start..range.start + mark.len()));
                let diag = self.context.diag_at(&codes::WIDE_COMMENT, span).arg("mark", mark);
                self.context.push_diag(diag);
            }
        }
    }

    /// Whether the heading ends with braces that hold a word that is neither id nor class, or none at all. The parser takes them
    /// out of the title and does not tell of words of one character.
    pub fn has_lost_attributes(&self, heading: &Range<usize>) -> bool {
        let text = self.text.get(heading.clone()).unwrap_or("").trim_end();
        let title = if text.starts_with('#') { text } else { text.rsplit_once('\n').map_or("", |(title, _)| title) };
        let Some((title, inner)) = title.trim_end().strip_suffix('}').and_then(|text| text.rsplit_once('{')) else {
            return false;
        };
        if title.ends_with(['\\', '{', '}']) || inner.contains(['}', '\n']) {
            return false;
        }
        let is_lost = |word: &str| !word.starts_with(['#', '.']) || word.len() == 1;
        inner.trim().is_empty() || inner.split_whitespace().any(is_lost)
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
