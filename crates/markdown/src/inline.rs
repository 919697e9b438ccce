//! Inline content: text, line breaks, bare URLs, links, images, code and formulas.
//!
//! Input: inline events of the parser. Output: HTML in the writer's buffer, rows in the tables of links and images,
//! and the plain text of paragraphs and headings. Does not know blocks.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::enumeration::LineNumbers;
use super::fullwidth_lint::{self, LintTriggers};
use super::html_buffer::{BufferPosition, Placeholder};
use super::math;
use super::model::Slot;
use super::phone_links::PhoneLabels;
use super::source_map::SourceMap;
use super::structure_lint;
use super::writer::{HtmlWriter, WriterMode};
use puzhi_core::base::{Span, is_cjk_punctuation, is_han, normalized_excerpt};
use puzhi_core::diag::Edit;
use puzhi_core::diag::codes::markdown as codes;

/// State of the writer inside a paragraph, heading or cell.
#[derive(Default)]
pub(super) struct InlineState {
    /// The current paragraph, heading or cell.
    pub leaf: Option<LeafBlock>,
    /// The emptied previous leaf block, kept to reuse its allocations.
    recycled_leaf: LeafBlock,
    /// Text that is not written yet. The parser returns text in pieces, and a URL may extend over several pieces.
    pending: String,
    pending_source_map: SourceMap,
    /// The last visible character.
    pub last: Option<char>,
    /// An undecided line break: its offset in the buffer, and the character before it.
    pending_break: Option<(usize, Option<char>)>,
    /// Number of open links.
    pub links: usize,
    /// Number of open formatting elements.
    pub open_formats: usize,
    /// The alternative text of the image that is being read.
    pub alt: Option<Alt>,
    /// What says that telephone numbers follow.
    pub phone_labels: PhoneLabels,
}

/// A paragraph, heading, cell, or the text of a tight list item.
#[derive(Default)]
pub(super) struct LeafBlock {
    /// Plain text; collected only if it is needed.
    plain: String,
    wants_plain: bool,
    /// The text with U+FFFC for everything that is not plain text, for the full-width lint.
    pub masked: String,
    /// Maps offsets in `masked` to the file.
    pub masked_source_map: SourceMap,
    /// Numbers at the start of its lines.
    pub numbers: LineNumbers,
    /// Lint checks that characters in `masked` trigger.
    triggers: LintTriggers,
    /// Whether a line was reported that continues a quotation or list without its mark.
    pub lazy_reported: bool,
    images: usize,
    /// Whether it contains anything other than images.
    has_other_content: bool,
    /// Title of the image, used as caption of a figure.
    caption: Option<String>,
}

/// Alternative text of an image that is being read.
#[derive(Default)]
pub(super) struct Alt {
    /// The text so far.
    pub text: String,
    /// Number of images nested in the alternative text.
    pub depth: usize,
}

/// Kind of a leaf block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LeafKind {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// A table cell or other text.
    Other,
}

/// Replaces code, formulas and other objects in masked text.
const OBJECT_REPLACEMENT: char = '\u{FFFC}';

impl InlineState {
    /// Forgets an undecided line break, because the buffer was cut and may no longer contain it.
    pub fn discard_break(&mut self) {
        self.pending_break = None;
        self.last = None;
    }
}

impl LeafBlock {
    fn plain(&mut self, text: &str) {
        if self.wants_plain {
            self.plain.push_str(text);
        }
    }

    /// Whether it is a heading of a text without first paragraph, such as the body of a directive.
    pub fn is_heading_of_directive(&self, mode: WriterMode) -> bool {
        self.wants_plain && mode != WriterMode::WholePage
    }
}

impl HtmlWriter<'_, '_> {
    /// Starts a paragraph, heading or cell.
    pub fn new_leaf(&mut self, kind: LeafKind) {
        let mut leaf = std::mem::take(&mut self.inline.recycled_leaf);
        leaf.wants_plain = match kind {
            LeafKind::Heading => true,
            LeafKind::Paragraph => self.wants_first_paragraph(),
            LeafKind::Other => false,
        };
        self.inline.leaf = Some(leaf);
    }

    /// Starts the text of a tight list item if needed, because the parser has no event for it.
    pub fn ensure_leaf(&mut self) {
        if self.inline.leaf.is_none() {
            self.new_leaf(LeafKind::Other);
        }
    }

    /// Keeps the allocations of a leaf block for the next one.
    fn recycle_leaf(&mut self, mut leaf: LeafBlock) {
        leaf.plain.clear();
        leaf.masked.clear();
        leaf.masked_source_map.clear();
        leaf.numbers.clear();
        self.inline.recycled_leaf = LeafBlock {
            plain: leaf.plain,
            masked: leaf.masked,
            masked_source_map: leaf.masked_source_map,
            numbers: leaf.numbers,
            ..LeafBlock::default()
        };
    }

    /// Adds text. `range` is its byte range in the writer's text.
    pub fn push_inline_text(&mut self, text: &str, range: Range<usize>) {
        let inline = &mut self.inline;
        inline.pending_source_map.add_range(inline.pending.len(), &self.source_map, &range);
        inline.pending.push_str(text);
    }

    /// Writes the pending text.
    pub fn flush(&mut self) {
        if self.inline.pending.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.inline.pending);
        let source_map = std::mem::take(&mut self.inline.pending_source_map);
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push_str(&text);
        } else {
            self.resolve_break(text.chars().next());
            let (words, mut triggers) = count_and_scan(&text);
            if triggers & fullwidth_lint::COMMENT != 0 {
                self.check_printed_comment(&text, &source_map);
            }
            if self.has_containers {
                triggers |= fullwidth_lint::CONTAINER;
            }
            if self.has_tex_brackets {
                triggers |= fullwidth_lint::TEX;
            }
            if let Some(leaf) = &mut self.inline.leaf {
                leaf.has_other_content |= words > 0 || !text.trim().is_empty();
                leaf.plain(&text);
                leaf.triggers |= triggers;
                // One segment per piece of the file, so that columns are exact after escapes and character
                // references.
                for (at, file) in source_map.segments() {
                    leaf.masked_source_map.add_segment(leaf.masked.len() + at, file);
                }
                leaf.masked.push_str(&text);
            }
            self.context.body.characters += words;
            self.inline.last = text.chars().next_back();
            if self.inline.links > 0 || triggers & (fullwidth_lint::ADDRESS | fullwidth_lint::DIGIT) == 0 {
                self.out.text(&text);
            } else {
                self.text_with_links(&text, &source_map, triggers);
            }
        }
        // Reuse both allocations for the next piece.
        self.inline.pending = text;
        self.inline.pending.clear();
        self.inline.pending_source_map = source_map;
        self.inline.pending_source_map.clear();
    }

    /// Adds an object that is not text to the leaf block; `plain` is its plain text.
    pub fn push_masked(&mut self, plain: &str) {
        self.ensure_leaf();
        self.resolve_break(None);
        self.inline.last = None;
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.has_other_content = true;
            leaf.plain(plain);
            leaf.masked.push(OBJECT_REPLACEMENT);
        }
    }

    /// Writes a line break of the source at `range`.
    pub fn soft_break(&mut self, range: &Range<usize>) {
        self.ensure_leaf();
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push('\n');
            return;
        }
        if self.depth > 0 {
            self.check_lazy_line(range);
        }
        if self.keeps_break(range) {
            // The checks of the text see a plain line break, since nobody typed another one.
            return self.write_break('\n');
        }
        self.resolve_break(None);
        self.inline.pending_break = Some((self.out.html.len(), self.inline.last));
        self.out.push("\n");
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.masked.push('\n');
        }
    }

    /// Writes a forced line break at `range`.
    pub fn hard_break(&mut self, range: &Range<usize>) {
        self.ensure_leaf();
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push('\n');
            return;
        }
        self.count_line(range);
        self.write_break(fullwidth_lint::HARD_BREAK);
    }

    /// Writes `<br>`; the checks of the text see `masked` in its place.
    fn write_break(&mut self, masked: char) {
        self.resolve_break(None);
        self.inline.last = None;
        self.out.push("<br>\n");
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.plain("\n");
            leaf.masked.push(masked);
        }
    }

    /// Decides about the last line break after the following character is known: it is removed between two Chinese
    /// characters, otherwise it is white space.
    pub fn resolve_break(&mut self, next: Option<char>) {
        let Some((at, before)) = self.inline.pending_break.take() else { return };
        let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_cjk_punctuation(c));
        if chinese(before) && chinese(next) {
            // Only tags follow the line break, so few bytes are moved.
            self.out.html.remove(at);
            for (placeholder, _) in
                self.out.placeholders.iter_mut().rev().take_while(|(placeholder, _)| *placeholder > at)
            {
                *placeholder -= 1;
            }
        } else if let Some(leaf) = &mut self.inline.leaf {
            leaf.plain(" ");
        }
    }

    /// Writes inline code.
    pub fn inline_code(&mut self, code: &str) {
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push_str(code);
            return;
        }
        self.push_masked(code);
        self.context.body.characters += count_words(code);
        self.out.push("<code>");
        self.out.text(code);
        self.out.push("</code>");
    }

    /// Writes a formula as MathML; an invalid one is reported and written as code.
    pub fn formula(&mut self, tex: &str, display: bool, range: &Range<usize>) {
        let tex = math::without_backticks(tex);
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push_str(tex);
            return;
        }
        self.push_masked(tex);
        match math::to_mathml(tex, display) {
            Some(mathml) => {
                self.context.trusted.push(mathml);
                let number = (self.context.trusted.len() - 1) as u32;
                self.out.placeholder(Placeholder::Trusted(number));
            }
            None => {
                let span = self.span(range);
                let diag = self.context.diag_at(&codes::BAD_TEX, span).arg("tex", tex);
                self.context.push_diag(diag);
                self.out.push("<code>");
                self.out.text(self.text.get(range.clone()).unwrap_or(tex));
                self.out.push("</code>");
            }
        }
    }

    /// Starts a link. Returns its index, or `None` if the target is invalid or the link is inside another link or an
    /// image.
    pub fn begin_link(&mut self, kind: LinkType, address: &str, title: &str, range: &Range<usize>) -> Option<u32> {
        if self.inline.alt.is_some() || self.inline.links > 0 {
            return None;
        }
        let span = self.span(range);
        if let Some(leaf) = &self.inline.leaf {
            let before = leaf.masked.chars().next_back();
            if before == Some('！') && fullwidth_lint::is_image_address(address) {
                let position = Span::new(span.start - '！'.len_utf8(), span.start);
                let edit = Edit::new(position, "!");
                let is_written = self.context.text_before(span.start).ends_with('！');
                let diag = self.context.diag_at(&codes::WIDE_IMAGE, position);
                self.context.push_diag(diag.fixed_by(is_written.then_some(edit)));
            }
        }
        let title = (!title.is_empty()).then(|| title.to_string());
        let link = match kind {
            LinkType::Email => self.context.add_link(&format!("mailto:{address}"), title, span),
            _ => self.context.add_link(address, title, span),
        }?;
        self.inline.links += 1;
        self.out.slot(Slot::LinkOpen(link));
        Some(link)
    }

    /// Ends a link; `link` is the result of `begin_link`.
    pub fn end_link(&mut self, link: Option<u32>) {
        if let Some(link) = link {
            self.inline.links -= 1;
            self.check_link_text(link);
            self.out.slot(Slot::LinkClose(link));
        }
    }

    /// Ends an image and writes it.
    pub fn end_image(&mut self, address: &str, title: Option<String>, span: Span) {
        match &mut self.inline.alt {
            Some(alt) if alt.depth > 0 => {
                alt.depth -= 1;
                return;
            }
            _ => {}
        }
        let alt = self.inline.alt.take().unwrap_or_default().text;
        self.resolve_break(None);
        let caption = title.clone();
        let image = self.context.add_image(address, &alt, title, span);
        self.inline.last = None;
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.masked.push(OBJECT_REPLACEMENT);
            leaf.plain(&alt);
            leaf.images += 1;
            leaf.has_other_content |= image.is_none();
            leaf.caption = caption;
        }
        match image {
            Some(image) => self.out.slot(Slot::Image(image)),
            None => self.out.text(&alt),
        }
    }

    /// Ends a paragraph that started at `position`. An image alone in its paragraph becomes a figure.
    pub fn end_paragraph(&mut self, position: BufferPosition, range: &Range<usize>) {
        let leaf = self.take_leaf();
        let alone =
            leaf.images == 1 && !leaf.has_other_content && self.text[range.clone()].trim_start().starts_with("![");
        if alone {
            let mut figure = self.out.split_off(position);
            figure.html.drain(..figure.html.len().min("<p>".len()));
            for (at, _) in &mut figure.placeholders {
                *at = at.saturating_sub("<p>".len());
            }
            self.out.push("<figure class=\"figure\">");
            self.out.append(figure);
            if let Some(caption) = &leaf.caption {
                self.out.push("<figcaption>");
                self.out.text(caption);
                self.out.push("</figcaption>");
            }
            self.out.push("</figure>\n");
            self.recycle_leaf(leaf);
            return;
        }
        if self.out.html.ends_with("<p>")
            && self.out.placeholders.last().is_none_or(|(at, _)| *at < self.out.html.len())
        {
            // Nothing of the paragraph is visible. An empty paragraph would show as a gap.
            self.callout = None;
            self.out.split_off(position);
            self.recycle_leaf(leaf);
            return;
        }
        let close = self.close_paragraph();
        self.out.push(close);
        let may_be_table = leaf.numbers.may_be_table(leaf.triggers) && structure_lint::has_gap(&leaf.masked);
        let mut triggers = leaf.triggers | if may_be_table { fullwidth_lint::GAP } else { 0 };
        // The end of a table may lie behind the empty line.
        let is_below_table = self.table_end > 0
            && self.text.get(self.table_end..range.start).is_some_and(|between| between.trim().is_empty());
        if is_below_table {
            triggers |= fullwidth_lint::BELOW_TABLE;
        }
        fullwidth_lint::check(self.context, &leaf.masked, &leaf.masked_source_map, triggers, LeafKind::Paragraph);
        let line = leaf.numbers.is_single_line().then_some(leaf.masked.as_str());
        self.check_numbered_paragraph(line, &leaf.masked_source_map);
        self.keep_first_paragraph(&leaf.plain);
        self.inline.phone_labels.end_paragraph(&leaf.masked, !self.lists.is_empty());
        self.recycle_leaf(leaf);
    }

    fn wants_first_paragraph(&self) -> bool {
        self.mode == WriterMode::WholePage && self.depth == 0 && !self.context.first_paragraph_done
    }

    /// Keeps the text of the first paragraph of the page.
    fn keep_first_paragraph(&mut self, plain: &str) {
        if self.wants_first_paragraph() {
            let lead = normalized_excerpt(plain, 200);
            if !lead.is_empty() {
                self.context.body.first_paragraph = lead;
                self.context.first_paragraph_done = true;
            }
        }
    }

    /// Ends the current leaf block, if any, and discards its plain text.
    pub fn finish_leaf(&mut self) {
        self.flush();
        if self.inline.leaf.is_some() {
            let leaf = self.take_leaf();
            fullwidth_lint::check(self.context, &leaf.masked, &leaf.masked_source_map, leaf.triggers, LeafKind::Other);
            self.inline.phone_labels.end_leaf(&leaf.masked);
            self.recycle_leaf(leaf);
        }
    }

    /// Ends a heading and returns its plain text.
    pub fn finish_heading(&mut self) -> String {
        let leaf = self.take_leaf();
        fullwidth_lint::check(self.context, &leaf.masked, &leaf.masked_source_map, leaf.triggers, LeafKind::Heading);
        self.inline.phone_labels.end_paragraph("", false);
        let plain = leaf.plain.trim().to_string();
        self.recycle_leaf(leaf);
        plain
    }

    fn take_leaf(&mut self) -> LeafBlock {
        self.flush();
        self.resolve_break(None);
        self.inline.last = None;
        self.inline.leaf.take().unwrap_or_default()
    }
}

/// Number of Han characters plus number of words in other scripts.
pub(super) fn count_words(text: &str) -> usize {
    count_and_scan(text).0
}

/// Whether these bytes are one of `、。，（）；`, which trigger no check.
fn is_plain_punctuation(bytes: [u8; 3]) -> bool {
    matches!(bytes, [0xE3, 0x80, 0x81 | 0x82] | [0xEF, 0xBC, 0x8C | 0x88 | 0x89 | 0x9B])
}

/// What [`fullwidth_lint::trigger`] gives for the characters of ASCII.
const ASCII_TRIGGERS: [LintTriggers; 128] = {
    let mut table = [0; 128];
    let mut c = 0u8;
    while c < 128 {
        table[c as usize] = fullwidth_lint::trigger(c as char);
        c += 1;
    }
    table
};

/// As [`count_words`], and the lint checks that the text triggers. One pass over the characters serves both.
fn count_and_scan(text: &str) -> (usize, LintTriggers) {
    let mut total = 0;
    let mut in_word = false;
    let mut triggers = 0;
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        // Fast paths for U+4E00 to U+9FFF, the most common punctuation and ASCII, which are most characters. The general
        // code below gives the same result.
        if let Some(([first, second, third], behind)) = rest.split_first_chunk::<3>() {
            if (0xE4B8..=0xE9BF).contains(&u16::from_be_bytes([*first, *second])) {
                total += 1;
                in_word = false;
                rest = behind;
                continue;
            }
            if is_plain_punctuation([*first, *second, *third]) {
                in_word = false;
                rest = behind;
                continue;
            }
        }
        if first.is_ascii() {
            triggers |= ASCII_TRIGGERS[usize::from(*first)];
            let word = first.is_ascii_alphanumeric();
            total += usize::from(word && !in_word);
            in_word = word || in_word && matches!(first, b'\'' | b'-' | b'.');
            rest = behind;
            continue;
        }
        let Some(c) = text[text.len() - rest.len()..].chars().next() else { break };
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        triggers |= fullwidth_lint::trigger(c);
        let han = is_han(c);
        let word = !han && !is_cjk_punctuation(c) && c.is_alphanumeric();
        if han || word && !in_word {
            total += 1;
        }
        in_word = word || in_word && matches!(c, '\'' | '’' | '-' | '.');
    }
    (total, triggers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chinese_punctuation_is_part_of_a_word() {
        assert_eq!(('\0'..=char::MAX).find(|c| is_cjk_punctuation(*c) && c.is_alphanumeric()), None);
        assert_eq!(('\u{4E00}'..='\u{9FFF}').find(|c| !is_han(*c) || fullwidth_lint::trigger(*c) != 0), None);
        let plain = |c: &char| c.to_string().as_bytes().first_chunk().is_some_and(|b| is_plain_punctuation(*b));
        assert_eq!(('\0'..=char::MAX).filter(plain).collect::<String>(), "、。（），；");
        assert!("、。，（）；".chars().all(|c| is_cjk_punctuation(c) && fullwidth_lint::trigger(c) == 0));
    }

    #[test]
    fn characters_are_han_and_words() {
        assert_eq!(count_words("知识产权 IP strong-county 2025，don’t。"), 4 + 4);
        // U+4DB5 and U+4E00 have the same first UTF-8 byte; the hexagram between them is not a Han character.
        assert_eq!(count_words("don't 㐀䶵䷀一丿a丠"), 1 + 4 + 1 + 1);
    }
}
