//! Writes text with links for the web addresses, e-mail addresses and telephone numbers that stand in it without marks.
//!
//! Input: a piece of text, and what headings of columns, cells, terms and paragraphs said before. Output: the same text
//! with slots of links around addresses and numbers. Does not know how numbers look (`base::PhoneText`).

use std::ops::Range;

use super::bare_addresses::{self, BareAddress};
use super::fullwidth_lint::{self, LintTriggers};
use super::link_lint;
use super::model::Slot;
use super::source_map::SourceMap;
use super::writer::HtmlWriter;
use puzhi_core::base::{PhoneNumber, PhoneText, introduces_phones, is_phone_label};
use puzhi_core::diag::codes::markdown as codes;

/// What says, outside of a text, that telephone numbers follow.
#[derive(Default)]
pub(super) struct PhoneLabels {
    /// The columns of the open table whose heads name telephones, one bit each; later columns have none.
    columns: u64,
    /// Index of the open cell in its row.
    cell: u32,
    place: TablePlace,
    /// The cell, term or list item right before is such a label.
    before: bool,
    /// The paragraph before the open list names telephones.
    list: bool,
}

/// Place in a table.
#[derive(Default, Clone, Copy, PartialEq)]
enum TablePlace {
    #[default]
    Outside,
    Head,
    Row,
}

impl PhoneLabels {
    /// Starts the head of a table.
    pub fn start_table(&mut self) {
        (self.columns, self.cell, self.place) = (0, 0, TablePlace::Head);
    }

    /// Starts a row of the body of a table.
    pub fn start_row(&mut self) {
        (self.cell, self.before, self.place) = (0, false, TablePlace::Row);
    }

    /// Ends a cell whose text went to [`end_leaf`](Self::end_leaf).
    pub fn end_cell(&mut self) {
        if self.place == TablePlace::Head && self.before {
            self.columns |= self.column();
        }
        self.cell += 1;
    }

    /// Ends a table.
    pub fn end_table(&mut self) {
        (self.before, self.place) = (false, TablePlace::Outside);
    }

    /// Ends a cell, a term or the text of a list item.
    pub fn end_leaf(&mut self, text: &str) {
        self.before = is_phone_label(text);
    }

    /// Ends a paragraph.
    pub fn end_paragraph(&mut self, text: &str, is_in_list: bool) {
        self.before = false;
        if !is_in_list {
            self.list = introduces_phones(text);
        }
    }

    fn column(&self) -> u64 {
        1u64.checked_shl(self.cell).unwrap_or(0)
    }

    fn is_label(&self, is_in_list: bool) -> bool {
        match self.place {
            TablePlace::Head => false,
            TablePlace::Row => self.before || self.columns & self.column() != 0,
            TablePlace::Outside => self.before || self.list && is_in_list,
        }
    }
}

/// Whether a character may go on with an address whose signs are typed in full width.
fn is_address_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.%=&#/？＆＝＃％／".contains(c)
}

impl HtmlWriter<'_, '_> {
    /// Writes `text`, the end of the text of the open leaf block, with links for what can be opened or dialled.
    pub fn text_with_links(&mut self, text: &str, source_map: &SourceMap, triggers: LintTriggers) {
        let has_digits = triggers & fullwidth_lint::DIGIT != 0 && self.links_phones();
        let mut done = 0;
        if triggers & fullwidth_lint::ADDRESS != 0 {
            while let Some(BareAddress { range: found, prefix }) = bare_addresses::next(text, done) {
                self.text_with_phones(text, done..found.start, source_map, has_digits);
                self.text_link(text, &found, prefix, source_map);
                done = found.end;
            }
        }
        self.text_with_phones(text, done..text.len(), source_map, has_digits);
    }

    /// Whether telephone numbers become links here: not in code and names of raw HTML, nor in a question, which is
    /// itself something to press.
    fn links_phones(&self) -> bool {
        const EXCLUDED: [&str; 7] = ["a", "code", "kbd", "samp", "var", "time", "summary"];
        let is_question = self.inline.leaf.as_ref().is_some_and(|leaf| leaf.is_heading_of_directive(self.mode));
        !is_question && (self.open_raw_elements.is_empty() || !self.is_in_raw(&EXCLUDED))
    }

    fn text_with_phones(&mut self, text: &str, part: Range<usize>, source_map: &SourceMap, has_digits: bool) {
        let mut done = part.start;
        if has_digits {
            for PhoneNumber { range, dial } in self.phones_in(text, part.clone(), source_map) {
                self.out.text(&text[done..range.start]);
                let span = source_map.span(&range);
                self.linked_text(&text[range.clone()], &format!("tel:{dial}"), span);
                done = range.end;
            }
        }
        self.out.text(&text[done..part.end]);
    }

    /// The telephone numbers in `part` of `text`.
    fn phones_in(&self, text: &str, part: Range<usize>, source_map: &SourceMap) -> Vec<PhoneNumber> {
        // The text of the block up to here, so that a label may stand before a mark: `拨打**12345**`.
        let block = self.inline.leaf.as_ref().map_or(text, |leaf| leaf.masked.as_str());
        let Some(before) = block.len().checked_sub(text.len()) else { return Vec::new() };
        let after = match &text[part.end..] {
            "" => self.text_behind(text, source_map),
            rest => rest,
        };
        let is_labelled = self.inline.phone_labels.is_label(!self.lists.is_empty());
        let phones = PhoneText { text: &block[..before + part.end], after, is_labelled };
        let mut from = before + part.start;
        std::iter::from_fn(|| {
            let PhoneNumber { range, dial } = phones.next(from)?;
            from = range.end;
            Some(PhoneNumber { range: range.start - before..range.end - before, dial })
        })
        .collect()
    }

    /// What the file has behind `text`, without marks of emphasis: readers see a number and its unit as one, even if one
    /// of them is set in bold.
    fn text_behind(&self, text: &str, source_map: &SourceMap) -> &str {
        let end = source_map.span(&(0..text.len())).end;
        self.context.source.text.get(end..).unwrap_or("").trim_start_matches(['*', '_', '~'])
    }

    fn text_link(&mut self, text: &str, range: &Range<usize>, prefix: &str, source_map: &SourceMap) {
        let address = &text[range.clone()];
        let span = source_map.span(range);
        self.linked_text(address, &format!("{prefix}{address}"), span);
        let behind = &text[range.end..];
        // The name of a place in a page may be in Chinese.
        let is_part = |c: char| is_address_sign(c) || behind.starts_with('＃') && c.is_alphanumeric();
        let rest = &behind[..behind.find(|c: char| !is_part(c)).unwrap_or(behind.len())];
        if let Some(mark) = link_lint::wide_sign(rest).filter(|mark| rest.starts_with(*mark) && prefix != "mailto:") {
            let fix = format!("{prefix}{address}{}", link_lint::with_half_width_signs(rest));
            let diag = self.context.diag_at(&codes::ADDRESS_PUNCTUATION, span).arg("mark", mark.to_string());
            self.context.push_diag(diag.arg("fix", fix));
        }
        if let Some(rest) = bare_addresses::rest_of_path(&text[range.end..]).filter(|_| prefix != "mailto:") {
            let diag = self.context.diag_at(&codes::ADDRESS_CUT, span).arg("address", address);
            self.context.push_diag(diag.arg("whole", format!("{prefix}{address}{rest}")));
        }
    }

    fn linked_text(&mut self, shown: &str, address: &str, span: puzhi_core::base::Span) {
        match self.context.add_link(address, None, span) {
            Some(link) => {
                self.out.slot(Slot::LinkOpen(link));
                self.out.text(shown);
                self.out.slot(Slot::LinkClose(link));
            }
            None => self.out.text(shown),
        }
    }
}
