//! Keeps the line breaks of lines that stand for themselves: those that count on, such as `一、` `二、` or `（1）` `（2）`,
//! those with a label, a date or a sign each, such as `时间：` `地点：`, and those indented as paragraphs are.
//!
//! Markdown joins the lines of a paragraph, which makes one run of text of such lines. From the first line of a series on
//! every line break of the paragraph stays, since lines between two numbers are headings and texts as often as wrapped
//! ones. Input: the source lines of a paragraph, as its line breaks occur. Output: whether a line break stays, and one
//! diagnostic for each paragraph that names what to type. Does not know lists that Markdown knows; `line_markers` reads
//! what begins a line.

use std::ops::Range;

use super::block_lint::{ContinuedBlock, without_quote_marks};
use super::context::MarkdownContext;
use super::fullwidth_lint::{HARD_BREAK, IDEOGRAPHIC_SPACE, LintTriggers};
use super::line_edits;
use super::line_markers::{LineMarker, MarkerKind, PlacedMarker, content_of, marker, markers};
use super::own_lines::{are_own_lines, is_pair_in_columns, wide_indent};
use super::source_map::SourceMap;
use super::time_markers::is_day;
use super::writer::{HtmlWriter, WriterMode};
use puzhi_core::base::{Span, is_han, is_zero_width};
use puzhi_core::diag::codes::markdown as codes;

/// Most lines that are searched for the next number.
const MAX_LOOK_AHEAD: usize = 40;
/// Most bytes of these lines.
const MAX_LOOK_AHEAD_BYTES: usize = 12_000;
/// Most bytes that are searched in one paragraph, so that a long text takes linear time.
const MAX_SEARCHED: usize = 60_000;

/// What the lines of a paragraph count so far.
#[derive(Debug, Default)]
pub(super) struct LineNumbers {
    /// The last marker of each kind.
    last: Vec<SeenMarker>,
    /// Number of line breaks.
    breaks: usize,
    /// Bytes that were searched for the next number.
    searched: usize,
    /// Whether a series of lines has begun, so that all further line breaks stay.
    counting: bool,
    reported: bool,
}

/// A marker at the start of a line of the paragraph.
#[derive(Debug, Clone, Copy)]
struct SeenMarker {
    marker: LineMarker,
    /// Its place in the file, or that of the first one that lines without a gap count on from.
    span: Span,
    /// Number of line breaks before it.
    line: usize,
}

impl LineNumbers {
    /// Whether the paragraph has only one line so far.
    pub fn is_single_line(&self) -> bool {
        self.breaks == 0
    }

    /// Whether the paragraph has enough lines for rows of a table: three, or two with wide spaces, which `triggers` tells.
    pub fn may_be_table(&self, triggers: LintTriggers) -> bool {
        self.breaks > 1 || self.breaks == 1 && triggers & IDEOGRAPHIC_SPACE != 0
    }

    /// Whether the last line break is the first.
    pub fn is_first_break(&self) -> bool {
        self.breaks == 1
    }

    /// Keeps all further line breaks.
    pub fn keep_all(&mut self) {
        self.counting = true;
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        let mut last = std::mem::take(&mut self.last);
        last.clear();
        *self = Self { last, ..Self::default() };
    }

    fn remember(&mut self, seen: SeenMarker) {
        match self.last.iter_mut().find(|known| known.marker.kind == seen.marker.kind) {
            Some(known) => {
                let counts_on = seen.marker.follows(&known.marker) && known.line + 1 == seen.line;
                let span = if counts_on { known.span } else { seen.span };
                *known = SeenMarker { span, ..seen };
            }
            None => self.last.push(seen),
        }
    }

    /// Whether one of the lines of `text` counts on from `first`.
    fn is_continued(&mut self, text: &str, first: &LineMarker) -> bool {
        let mut end = text.len().min(MAX_LOOK_AHEAD_BYTES).min(MAX_SEARCHED - self.searched);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut at = 0;
        for line in text[..end].split_inclusive('\n').take(MAX_LOOK_AHEAD) {
            at += line.len();
            if begins_item(line) {
                // Labels of other items are no series with this one.
                if first.kind.counts() {
                    continue;
                }
                break;
            }
            let content = content_of(line.trim_end());
            if content.is_empty() || markers(content).into_iter().flatten().any(|later| later.marker.follows(first)) {
                self.searched += at;
                return !content.is_empty();
            }
        }
        self.searched += at;
        false
    }

    /// The marker from which the lines are a series, if they are one with the next line, whose marker is `next`: it counts on
    /// from an earlier line, a later one counts on from it, or it is of another kind than that of the line above, as where
    /// `（一）` follows `一、`.
    fn series_with(&mut self, next: SeenMarker, following: &str) -> Option<SeenMarker> {
        let above = |seen: &SeenMarker| seen.line + 1 == next.line;
        if let Some(previous) = self.last.iter().find(|seen| next.marker.follows(&seen.marker)) {
            // The lines between them were joined.
            return Some(if above(previous) { *previous } else { next });
        }
        let is_level = |seen: &&SeenMarker| {
            let (above_kind, kind) = (seen.marker.kind, next.marker.kind);
            // `要求：` above `一、` may be the end of a sentence.
            let begins = above_kind.is_outline() || kind.is_outline() && !above_kind.is_label();
            // A wrapped line may begin with an amount.
            let is_amount = matches!(kind, MarkerKind::DecimalUnspaced(_));
            above(seen) && above_kind != kind && begins && !is_amount
        };
        let other = self.last.iter().find(is_level).copied();
        other.or_else(|| self.is_continued(following, &next.marker).then_some(next))
    }
}

/// Whether a line is short, without marks, and does not end as a sentence or a part of one.
fn is_short_line(line: &str) -> bool {
    const LONGEST: usize = 14;
    /// Longest line whose words a wide space parts.
    const LONGEST_PARTED: usize = 30;
    /// What the words behind it belong to.
    const JOINING: &str = "和与及或的是有在为至到了对将把被由从向则";
    /// Punctuation, marks and spaces between columns.
    const OTHER: &str = "，。；、：|*`[]<>$\\\t\u{FFFC}";
    let line = line.trim_end();
    let longest = if is_parted(line) { LONGEST_PARTED } else { LONGEST };
    let end = line.chars().next_back();
    // A single character is part of a word.
    let ends_word = end.is_some_and(|c| {
        is_han(c) && !JOINING.contains(c) || c.is_ascii_digit() || matches!(c, '）' | '》' | '”' | '】')
    });
    let is_short = (2..=longest).contains(&line.chars().take(longest + 1).count());
    // Wider spaces are those between the columns of a table.
    let has_columns = line.contains("  ") && !is_pair_in_columns(line) || line.contains("\u{3000}\u{3000}");
    ends_word && is_short && !has_columns && !line.contains(|c: char| OTHER.contains(c))
}

/// Whether one wide space parts the words of a line: `组长　张三`.
fn is_parted(line: &str) -> bool {
    line.contains('\u{3000}')
}

/// Whether a line with this character at its start would be joined to the one above without a space.
fn begins_word(c: char) -> bool {
    is_han(c) || matches!(c, '《' | '“' | '（' | '【')
}

/// Whether a line begins an item of a list that has signs.
fn begins_item(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>']);
    line.starts_with(['-', '*', '+']) && line[1..].starts_with([' ', '\t'])
}

impl HtmlWriter<'_, '_> {
    /// Whether the line break at `range` of the text stays, because the next line stands for itself.
    pub fn keeps_break(&mut self, range: &Range<usize>) -> bool {
        let Some(leaf) = &mut self.inline.leaf else { return false };
        // Raw HTML has broken the line here.
        if leaf.masked.trim_end_matches(' ').ends_with(HARD_BREAK) {
            self.count_line(range);
            return false;
        }
        if leaf.numbers.counting {
            leaf.numbers.breaks += 1;
            return true;
        }
        self.remember_first_line();
        let first = self.begins_series(range);
        let next = self.line_after(range);
        let Some(leaf) = &mut self.inline.leaf else { return false };
        let mut series = first;
        // `3.` below a text that parts it from the items 1 and 2.
        let on = next[0].filter(|line| line.seen.marker.kind.is_list_number());
        series = series.or_else(|| {
            on.filter(|on| Some(u64::from(on.seen.marker.number)) == self.last_list.and_then(|list| list.next))
                .map(|on| on.seen)
        });
        for line in next.into_iter().flatten() {
            series = series.or_else(|| {
                let following = self.text.get(line.end..).unwrap_or("");
                leaf.numbers.series_with(line.seen, following)
            });
            leaf.numbers.remember(line.seen);
        }
        // A number that a list takes is not part of its last item.
        let lazy = next[0].filter(|line| line.is_lazy && line.seen.marker.kind.is_outline());
        let lazy = lazy.filter(|_| self.continued_block() == Some(ContinuedBlock::List)).map(|line| line.seen);
        match series.or(lazy) {
            Some(seen) => {
                self.begin_series(seen);
                true
            }
            None => {
                self.keeps_indent(range)
                    || self.keeps_short_lines(range)
                    || self.keeps_own_lines(range)
                    || self.keeps_parallel_lines(range)
            }
        }
    }

    /// Whether the lines of the paragraph are so short that nobody has wrapped them: a signature, an address, names. They
    /// have no punctuation at their ends, so joined they would read as one word.
    fn keeps_short_lines(&mut self, range: &Range<usize>) -> bool {
        let Some(leaf) = self.inline.leaf.as_ref().filter(|leaf| leaf.numbers.breaks == 1) else { return false };
        let rest = self.text.get(range.end..).unwrap_or("");
        let first = content_of(&leaf.masked);
        if !is_short_line(first) || !first.contains(is_han) || marker(first).is_some() {
            return false;
        }
        let lines = rest.split('\n').map(|line| content_of(line).trim_end());
        let lines = lines.take_while(|line| !line.is_empty()).take(MAX_LOOK_AHEAD);
        let is_date = |line: &str| {
            is_day(line)
                || marker(line).is_some_and(|found| found.kind == MarkerKind::Date && found.length == line.len())
        };
        // `电话 123` is a line of a signature, too.
        let is_unmarked =
            |line: &str| marker(line).is_none_or(|found| found.kind == MarkerKind::Label && !line.contains(':'));
        let is_entry =
            |line: &str| is_short_line(line) && (line.starts_with(begins_word) && is_unmarked(line) || is_date(line));
        // Two lines are a name and a date, the end of a letter, or offices with their names.
        let are_parted = is_parted(first.trim_end()) && lines.clone().all(is_parted);
        // More lines with columns are reported as a table.
        let are_pairs = is_pair_in_columns(first) && lines.clone().all(is_pair_in_columns);
        if first.contains("  ") && !(are_pairs && lines.clone().count() == 1) {
            return false;
        }
        let is_enough = lines.clone().count() > 1
            || lines.clone().all(is_date)
            || first.trim_end() == "此致"
            || are_parted
            || are_pairs;
        if !is_enough || !lines.clone().all(is_entry) {
            return false;
        }
        let start = leaf.masked.len() - first.len();
        let span = leaf.masked_source_map.span(&(start..leaf.masked.len()));
        let marker = LineMarker { kind: MarkerKind::Label, number: 0, length: first.len() };
        self.begin_series(SeenMarker { marker, span, line: 0 });
        true
    }

    /// Whether the next line stands for itself by its own words and those of the line above it.
    fn keeps_own_lines(&mut self, range: &Range<usize>) -> bool {
        const LONGEST_MARK: usize = 30;
        let above = self.text.get(..range.start).unwrap_or("").rsplit('\n').next().unwrap_or("");
        let rest = self.text.get(range.end..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        let content = line.trim_start_matches([' ', '\t', '>']);
        if !are_own_lines(above, &rest[line.len() - content.len()..]) {
            return false;
        }
        let words = content.trim_end().split_once("](").map_or(content, |(words, _)| words);
        let from = words.len() - words.trim_start_matches(['[', '*']).len();
        let end = words.char_indices().nth(LONGEST_MARK).map_or(words.trim_end().len(), |(at, _)| at);
        let start = range.end + line.len() - content.len();
        let span = self.source_map.span(&(start + from..start + end));
        let marker = LineMarker { kind: MarkerKind::Label, number: 0, length: end - from };
        self.begin_series(SeenMarker { marker, span, line: 0 });
        true
    }

    /// Takes note of the line after a line break that stays anyway.
    pub fn count_line(&mut self, range: &Range<usize>) {
        self.remember_first_line();
        for line in self.line_after(range).into_iter().flatten() {
            if let Some(leaf) = &mut self.inline.leaf {
                leaf.numbers.remember(line.seen);
            }
        }
    }

    /// At the first line break of a paragraph, takes note of the markers of its first line.
    fn remember_first_line(&mut self) {
        let Some(leaf) = self.inline.leaf.as_mut().filter(|leaf| leaf.numbers.breaks == 0) else { return };
        let line = content_of(&leaf.masked);
        let start = leaf.masked.len() - line.len();
        for PlacedMarker { at, marker } in markers(line).into_iter().flatten() {
            let span = leaf.masked_source_map.span(&(start + at..start + at + marker.length));
            leaf.numbers.remember(SeenMarker { marker, span, line: 0 });
        }
    }

    /// The marker of the first line, at the first line break, if a later line counts on from it.
    fn begins_series(&mut self, range: &Range<usize>) -> Option<SeenMarker> {
        let leaf = self.inline.leaf.as_mut().filter(|leaf| leaf.numbers.breaks == 0)?;
        let rest = self.text.get(range.end..)?;
        let first = leaf.numbers.last.clone();
        first.into_iter().find(|seen| leaf.numbers.is_continued(rest, &seen.marker))
    }

    /// Counts a line break and reads the markers of the line after it.
    fn line_after(&mut self, range: &Range<usize>) -> [Option<NextLine>; 2] {
        let Some(leaf) = self.inline.leaf.as_mut() else { return [None, None] };
        leaf.numbers.breaks += 1;
        let line = leaf.numbers.breaks;
        let rest = self.text.get(range.end..).unwrap_or("");
        let rest = rest.split('\n').next().unwrap_or("");
        let content = content_of(rest);
        let start = range.end + (rest.len() - content.len());
        let line_text = || without_quote_marks(rest, self.quotes_around()).trim_start_matches(is_zero_width);
        markers(content.trim_end_matches('\r')).map(|found| {
            found.map(|PlacedMarker { at, marker }| NextLine {
                seen: SeenMarker {
                    marker,
                    span: self.source_map.span(&(start + at..start + at + marker.length)),
                    line,
                },
                is_lazy: line_text().len() == content.len(),
                end: range.end + rest.len() + 1,
            })
        })
    }

    /// Whether the next line is indented as the paragraphs of Chinese texts are.
    fn keeps_indent(&mut self, range: &Range<usize>) -> bool {
        let rest = self.text.get(range.end..).unwrap_or("");
        let content = rest.trim_start_matches([' ', '\t', '>']);
        let (indent, count) = wide_indent(content);
        if count < 2 {
            return false;
        }
        let start = range.end + (rest.len() - content.len());
        let span = self.source_map.span(&(start..start + indent));
        let Some(leaf) = &mut self.inline.leaf else { return false };
        if !std::mem::replace(&mut leaf.numbers.reported, true) {
            let edits = line_edits::paragraphs(self.context.source.text, span.start);
            let diag = self.context.diag_at(&codes::INDENTED_LINES, span).fixed_by(edits);
            self.context.push_diag(diag);
        }
        true
    }

    /// Keeps all further line breaks of the paragraph and reports the marker of the first line of the series.
    fn begin_series(&mut self, SeenMarker { marker, span, .. }: SeenMarker) {
        let Some(leaf) = &mut self.inline.leaf else { return };
        leaf.numbers.counting = true;
        // A line that a list takes is reported as such, and so are columns that tabs part.
        let line = self.context.source.text.get(span.start..).unwrap_or("").split('\n').next().unwrap_or("");
        let has_tabs = marker.kind == MarkerKind::Bare && line.contains('\t');
        if std::mem::replace(&mut leaf.numbers.reported, true) || leaf.lazy_reported || has_tabs {
            return;
        }
        let mark = self.context.source.text.get(span.start..span.end).unwrap_or("").to_string();
        let code = match marker.kind {
            MarkerKind::Comma if mark.starts_with(|c: char| c.is_ascii_digit()) => &codes::WIDE_NUMBER,
            MarkerKind::Bullet(_) => &codes::WIDE_BULLET,
            // Behind a label a space makes no list.
            MarkerKind::Unspaced if self.context.text_before(span.start).ends_with(['：', ':']) => {
                &codes::ENUMERATED_LINES
            }
            MarkerKind::Unspaced | MarkerKind::UnspacedSign(_) => &codes::LIST_SPACE,
            kind if kind.is_label() => &codes::LABELLED_LINES,
            _ => &codes::ENUMERATED_LINES,
        };
        let diag = self.context.diag_at(code, span).arg("mark", mark.trim_end());
        // Only two of these kinds have a fix.
        let edits =
            if code.fixable { line_edits::list_items(self.context.source.text, span.start) } else { Vec::new() };
        self.context.push_diag(diag.fixed_by(edits));
    }
}

/// The line after a line break, if it begins with a marker.
#[derive(Clone, Copy)]
struct NextLine {
    seen: SeenMarker,
    /// Whether nothing is before its marker.
    is_lazy: bool,
    /// Where the line below it starts in the text.
    end: usize,
}

/// Paragraphs of a page that are numbered as headings are.
#[derive(Debug, Default)]
pub(super) struct NumberedParagraphs {
    last: Vec<NumberedParagraph>,
    /// Number of paragraphs so far.
    count: usize,
    /// Place of the finding among those of the page.
    reported: Option<usize>,
    /// All of them.
    all: Vec<NumberedParagraph>,
}

/// The last paragraph of one kind of marker.
#[derive(Debug, Clone, Copy)]
struct NumberedParagraph {
    marker: LineMarker,
    /// Its place in the file.
    span: Span,
    /// Number of paragraphs before it.
    number: usize,
}

impl HtmlWriter<'_, '_> {
    /// Reports the first of several paragraphs that look like numbered headings with text between them, once for each
    /// page. `text` is the text of a paragraph of one line, or `None` if it has several.
    pub fn check_numbered_paragraph(&mut self, text: Option<&str>, source_map: &SourceMap) {
        const MAX_HEADING: usize = 40;
        const MAX_HEADINGS: usize = 200;
        if self.context.numbered_paragraphs.all.len() == MAX_HEADINGS
            || self.mode != WriterMode::WholePage
            || self.depth > 0
        {
            return;
        }
        self.context.numbered_paragraphs.count += 1;
        let number = self.context.numbered_paragraphs.count;
        let Some(text) = text else { return };
        let line = text.trim_start();
        let Some(found) = marker(line).filter(LineMarker::is_heading) else { return };
        let title = line.trim_end();
        let is_sentence = title.ends_with(['。', '；', '，', '：', '、', '！', '？', ';', '.', ':', '?']);
        if is_sentence || title.len() == found.length || title.chars().count() > MAX_HEADING {
            return;
        }
        let at = text.len() - line.len();
        let span = source_map.span(&(at..at + found.length));
        self.context.numbered_paragraphs.all.push(NumberedParagraph { marker: found, span, number });
        if self.context.numbered_paragraphs.reported.is_some() {
            return;
        }
        let last = &mut self.context.numbered_paragraphs.last;
        // Paragraphs that follow each other at once are a list.
        let first = last.iter().find(|p| found.follows(&p.marker) && number > p.number + 1).map(|p| p.span);
        last.retain(|p| p.marker.kind != found.kind);
        last.push(NumberedParagraph { marker: found, span, number });
        if let Some(first) = first {
            self.context.numbered_paragraphs.reported = Some(self.context.diags.len());
            let mark = self.context.source.text.get(first.start..first.end).unwrap_or("").to_string();
            let diag = self.context.diag_at(&codes::NUMBERED_HEADING, first).arg("mark", mark);
            self.context.push_diag(diag);
        }
    }
}

impl MarkdownContext<'_> {
    /// Adds the fix to the finding about numbered paragraphs, once all of them are known. Paragraphs that follow each other at
    /// once are a list, so then there is none.
    pub fn complete_numbered_heading(&mut self) {
        let NumberedParagraphs { reported, all, .. } = std::mem::take(&mut self.numbered_paragraphs);
        let is_whole = all.windows(2).all(|pair| pair[1].number > pair[0].number + 1);
        let Some(at) = reported.filter(|_| is_whole) else { return };
        let edits = line_edits::headings(self.source.text, all.iter().map(|one| (&one.marker, one.span)));
        if let Some(diag) = self.diags.get_mut(at).filter(|diag| *diag.code == codes::NUMBERED_HEADING) {
            *diag = diag.clone().fixed_by(edits);
        }
    }
}
