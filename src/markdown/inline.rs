//! What is inside a line: text, breaks, bare addresses, links, images, formulas.
//!
//! In: the parser's inline events. Out: HTML in the writer's draft, links and images in the page's tables, and the
//! plain text of each paragraph and heading. Knows nothing of blocks.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::draft::{Hole, Mark};
use super::lookalike::{self, Signs};
use super::math;
use super::model::Slot;
use super::origin::Origin;
use super::writer::{Mode, Writer};
use puzhi_core::base::{Span, find_byte, is_cjk_punctuation, is_han, plain_chars};
use puzhi_core::diag::codes::markdown as codes;

/// Where the writer is inside a paragraph, heading or cell.
#[derive(Default)]
pub(super) struct Inline {
    pub leaf: Option<Leaf>,
    /// The leaf before, emptied, so that the next one needs no memory of its own.
    spare: Leaf,
    /// Text not yet written: the parser gives it in pieces, and an address may reach over several.
    pending: String,
    pending_origin: Origin,
    /// The last character that can be seen.
    pub last: Option<char>,
    /// A line break just written, at this offset of the draft, after this character.
    broken: Option<(usize, Option<char>)>,
    /// Open links.
    pub links: usize,
    /// Open emphasis and the like.
    pub formats: usize,
    /// The alternative text of the image being read.
    pub alt: Option<Alt>,
}

/// A paragraph, heading, cell or the text of a tight list item.
#[derive(Default)]
pub(super) struct Leaf {
    /// What a reader reads; only where somebody asks for it.
    plain: String,
    wants_plain: bool,
    /// The same with U+FFFC for everything that is not plain text, for finding look-alikes.
    pub masked: String,
    pub masked_origin: Origin,
    /// What of interest is in `masked`.
    signs: Signs,
    images: usize,
    /// Whether there is anything but images.
    other: bool,
    /// The title of the image, for a figure's caption.
    caption: Option<String>,
}

#[derive(Default)]
pub(super) struct Alt {
    pub text: String,
    /// Images inside the image.
    pub depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LeafKind {
    Paragraph,
    Heading,
    Other,
}

/// Stands for code, formulas and the like among text.
const MASK: char = '\u{FFFC}';

impl Inline {
    /// The draft was cut: a line break not yet decided may be gone.
    pub fn forget_break(&mut self) {
        self.broken = None;
        self.last = None;
    }
}

impl Leaf {
    fn plain(&mut self, text: &str) {
        if self.wants_plain {
            self.plain.push_str(text);
        }
    }
}

impl Writer<'_, '_> {
    /// Begins a paragraph, heading or cell.
    pub fn new_leaf(&mut self, kind: LeafKind) {
        let mut leaf = std::mem::take(&mut self.inline.spare);
        leaf.wants_plain = match kind {
            LeafKind::Heading => true,
            LeafKind::Paragraph => self.wants_lead(),
            LeafKind::Other => false,
        };
        self.inline.leaf = Some(leaf);
    }

    /// Begins the text of a tight list item, which the parser does not announce.
    pub fn begin_leaf(&mut self) {
        if self.inline.leaf.is_none() {
            self.new_leaf(LeafKind::Other);
        }
    }

    /// Keeps what a leaf took of memory for the next one.
    fn end_leaf(&mut self, mut leaf: Leaf) {
        leaf.plain.clear();
        leaf.masked.clear();
        leaf.masked_origin.clear();
        self.inline.spare =
            Leaf { plain: leaf.plain, masked: leaf.masked, masked_origin: leaf.masked_origin, ..Leaf::default() };
    }

    pub fn take_inline(&mut self, text: &str, range: Range<usize>) {
        let from = self.origin.at(range.start);
        let inline = &mut self.inline;
        inline.pending_origin.piece(inline.pending.len(), from);
        inline.pending.push_str(text);
    }

    /// Writes the text that has come together.
    pub fn flush(&mut self) {
        if self.inline.pending.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.inline.pending);
        let origin = std::mem::take(&mut self.inline.pending_origin);
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push_str(&text);
        } else {
            self.settle_break(text.chars().next());
            let (words, signs) = survey(&text);
            if let Some(leaf) = &mut self.inline.leaf {
                leaf.other |= words > 0 || !text.trim().is_empty();
                leaf.plain(&text);
                leaf.signs |= signs;
                // One entry per piece of the file keeps columns exact behind escapes and entities.
                for (at, file) in origin.pieces() {
                    leaf.masked_origin.piece(leaf.masked.len() + at, file);
                }
                leaf.masked.push_str(&text);
            }
            self.page.body.characters += words;
            self.inline.last = text.chars().next_back();
            if self.inline.links > 0 {
                self.out.text(&text);
            } else {
                self.text_with_addresses(&text, &origin);
            }
        }
        // Both buffers are used again for the next piece.
        self.inline.pending = text;
        self.inline.pending.clear();
        self.inline.pending_origin = origin;
        self.inline.pending_origin.clear();
    }

    fn text_with_addresses(&mut self, text: &str, origin: &Origin) {
        let mut done = 0;
        while let Some(found) = next_address(text, done) {
            self.out.text(&text[done..found.start]);
            let address = &text[found.clone()];
            let span = origin.span(&found);
            match self.page.link(address, None, span) {
                Some(link) => {
                    self.out.slot(Slot::LinkOpen(link));
                    self.out.text(address);
                    self.out.slot(Slot::LinkClose(link));
                }
                None => self.out.text(address),
            }
            done = found.end;
        }
        self.out.text(&text[done..]);
    }

    /// Notes something that is not text.
    pub fn mask(&mut self, plain: &str) {
        self.begin_leaf();
        self.settle_break(None);
        self.inline.last = None;
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.other = true;
            leaf.plain(plain);
            leaf.masked.push(MASK);
        }
    }

    pub fn soft_break(&mut self) {
        self.begin_leaf();
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push('\n');
            return;
        }
        self.settle_break(None);
        self.inline.broken = Some((self.out.html.len(), self.inline.last));
        self.out.push("\n");
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.masked.push('\n');
        }
    }

    pub fn hard_break(&mut self) {
        self.begin_leaf();
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push('\n');
            return;
        }
        self.settle_break(None);
        self.inline.last = None;
        self.out.push("<br>\n");
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.plain("\n");
            leaf.masked.push('\n');
        }
    }

    /// Decides what the last line break is, now that the character after it is known: nothing between two characters
    /// of Chinese text, white space otherwise.
    pub fn settle_break(&mut self, next: Option<char>) {
        let Some((at, before)) = self.inline.broken.take() else { return };
        let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_cjk_punctuation(c));
        if chinese(before) && chinese(next) {
            // Only tags stand behind the break, so this moves little.
            self.out.html.remove(at);
            for (hole, _) in self.out.holes.iter_mut().rev().take_while(|(hole, _)| *hole > at) {
                *hole -= 1;
            }
        } else if let Some(leaf) = &mut self.inline.leaf {
            leaf.plain(" ");
        }
    }

    pub fn inline_code(&mut self, code: &str) {
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push_str(code);
            return;
        }
        self.mask(code);
        self.page.body.characters += count(code);
        self.out.push("<code>");
        self.out.text(code);
        self.out.push("</code>");
    }

    pub fn formula(&mut self, tex: &str, display: bool, range: &Range<usize>) {
        if let Some(alt) = &mut self.inline.alt {
            alt.text.push_str(tex);
            return;
        }
        self.mask(tex);
        match math::to_mathml(tex, display) {
            Some(mathml) => {
                self.page.trusted.push(mathml);
                let number = (self.page.trusted.len() - 1) as u32;
                self.out.hole(Hole::Trusted(number));
            }
            None => {
                let span = self.span(range);
                let diag = self.page.find(&codes::BAD_TEX, span).arg("tex", tex);
                self.page.push(diag);
                self.out.push("<code>");
                self.out.text(tex);
                self.out.push("</code>");
            }
        }
    }

    pub fn begin_link(&mut self, kind: LinkType, address: &str, title: &str, range: &Range<usize>) -> Option<u32> {
        if self.inline.alt.is_some() || self.inline.links > 0 {
            return None;
        }
        let span = self.span(range);
        if let Some(leaf) = &self.inline.leaf {
            let before = leaf.masked.chars().next_back();
            if before == Some('！') && lookalike::is_picture(address) {
                let mark = Span::new(span.start - '！'.len_utf8(), span.start);
                self.page.report(&codes::WIDE_IMAGE, mark);
            }
        }
        let title = (!title.is_empty()).then(|| title.to_string());
        let link = match kind {
            LinkType::Email => self.page.link(&format!("mailto:{address}"), title, span),
            _ => self.page.link(address, title, span),
        }?;
        self.inline.links += 1;
        self.out.slot(Slot::LinkOpen(link));
        Some(link)
    }

    pub fn end_link(&mut self, link: Option<u32>) {
        if let Some(link) = link {
            self.inline.links -= 1;
            self.out.slot(Slot::LinkClose(link));
        }
    }

    pub fn end_image(&mut self, address: &str, title: Option<String>, span: Span) {
        match &mut self.inline.alt {
            Some(alt) if alt.depth > 0 => {
                alt.depth -= 1;
                return;
            }
            _ => {}
        }
        let alt = self.inline.alt.take().unwrap_or_default().text;
        self.settle_break(None);
        let caption = title.clone();
        let image = self.page.image(address, &alt, title, span);
        self.inline.last = None;
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.masked.push(MASK);
            leaf.plain(&alt);
            leaf.images += 1;
            leaf.other |= image.is_none();
            leaf.caption = caption;
        }
        match image {
            Some(image) => self.out.slot(Slot::Image(image)),
            None => self.out.text(&alt),
        }
    }

    pub fn end_paragraph(&mut self, mark: Mark, range: &Range<usize>) {
        let leaf = self.take_leaf();
        let alone = leaf.images == 1 && !leaf.other && self.text[range.clone()].trim_start().starts_with("![");
        if alone {
            let mut figure = self.out.cut(mark);
            figure.html.drain(..figure.html.len().min("<p>".len()));
            for (at, _) in &mut figure.holes {
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
            self.end_leaf(leaf);
            return;
        }
        if self.out.html.ends_with("<p>") && self.out.holes.last().is_none_or(|(at, _)| *at < self.out.html.len()) {
            // Nothing of it may be shown: an empty paragraph would be a gap.
            self.out.cut(mark);
            self.end_leaf(leaf);
            return;
        }
        self.out.push("</p>\n");
        lookalike::check(self.page, &leaf.masked, &leaf.masked_origin, leaf.signs, LeafKind::Paragraph);
        self.lead(&leaf.plain);
        self.end_leaf(leaf);
    }

    fn wants_lead(&self) -> bool {
        self.mode == Mode::Page && self.depth == 0 && !self.page.lead_done
    }

    /// Keeps the page's first paragraph.
    fn lead(&mut self, plain: &str) {
        if self.wants_lead() {
            let lead = plain_chars(plain, 200);
            if !lead.is_empty() {
                self.page.body.lead = lead;
                self.page.lead_done = true;
            }
        }
    }

    /// Ends whatever text is being read and forgets its words.
    pub fn finish_leaf(&mut self) {
        self.flush();
        if self.inline.leaf.is_some() {
            let leaf = self.take_leaf();
            lookalike::check(self.page, &leaf.masked, &leaf.masked_origin, leaf.signs, LeafKind::Other);
            self.end_leaf(leaf);
        }
    }

    /// Ends a heading and gives its plain text.
    pub fn finish_heading(&mut self) -> String {
        let leaf = self.take_leaf();
        lookalike::check(self.page, &leaf.masked, &leaf.masked_origin, leaf.signs, LeafKind::Heading);
        let plain = leaf.plain.trim().to_string();
        self.end_leaf(leaf);
        plain
    }

    fn take_leaf(&mut self) -> Leaf {
        self.flush();
        self.settle_break(None);
        self.inline.last = None;
        self.inline.leaf.take().unwrap_or_default()
    }
}

/// Han characters, and words of other scripts.
pub(super) fn count(text: &str) -> usize {
    survey(text).0
}

/// The same, and which signs of look-alikes are among them: one walk over the characters for both.
fn survey(text: &str) -> (usize, Signs) {
    let mut total = 0;
    let mut in_word = false;
    let mut signs = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        // U+4E00 to U+9FFF, most characters by far, and ASCII. What follows says the same of them.
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        if (0xE4B8..=0xE9BF).contains(&u16::from_be_bytes([*first, second])) {
            total += 1;
            in_word = false;
            at += 3;
            continue;
        }
        if first.is_ascii() {
            signs |= lookalike::sign(char::from(*first));
            let word = first.is_ascii_alphanumeric();
            total += usize::from(word && !in_word);
            in_word = word || in_word && matches!(first, b'\'' | b'-' | b'.');
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        at += c.len_utf8();
        signs |= lookalike::sign(c);
        let han = is_han(c);
        let word = !han && !is_cjk_punctuation(c) && c.is_alphanumeric();
        if han || word && !in_word {
            total += 1;
        }
        in_word = word || in_word && matches!(c, '\'' | '’' | '-' | '.');
    }
    (total, signs)
}

/// The next `http://` or `https://` address in `text` from `from` on, without what only follows it in a sentence.
fn next_address(text: &str, mut from: usize) -> Option<Range<usize>> {
    // A byte is found much faster than a word, and hardly any text holds this one.
    find_byte(text.as_bytes(), from, |b| b == b':')?;
    loop {
        let colon = from + text[from..].find("://")?;
        from = colon + 3;
        let scheme = ["https", "http"].into_iter().find(|s| {
            colon.checked_sub(s.len()).and_then(|at| text.get(at..colon)).is_some_and(|w| w.eq_ignore_ascii_case(s))
        });
        let Some(scheme) = scheme else { continue };
        let start = colon - scheme.len();
        if text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric()) {
            continue;
        }
        let end = address_end(text, from);
        if end > from {
            return Some(start..end);
        }
    }
}

fn address_end(text: &str, from: usize) -> usize {
    let mut end = from;
    let (mut in_host, mut dot, mut ascii) = (true, false, true);
    let mut parens = 0i32;
    for (i, c) in text[from..].char_indices() {
        let stops = c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\u{FFFC}')
            || is_cjk_punctuation(c)
            // A host may be Chinese, but a Latin one that runs into Chinese has ended.
            || in_host && is_han(c) && dot && ascii;
        if stops {
            break;
        }
        match c {
            '/' | '?' | '#' => in_host = false,
            '(' => parens += 1,
            ')' => parens -= 1,
            '.' => dot = true,
            _ => ascii &= c.is_ascii(),
        }
        end = from + i + c.len_utf8();
    }
    // A closing parenthesis belongs to the address only when it was opened in it.
    loop {
        match text[from..end].chars().next_back() {
            Some('?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '"' | ']' | '}' | '|') => end -= 1,
            Some(')') if parens < 0 => {
                end -= 1;
                parens += 1;
            }
            _ => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some(range) = next_address(text, from) {
            from = range.end;
            out.push(&text[range]);
        }
        out
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        assert_eq!(found("见https://a.cn/b。请看"), ["https://a.cn/b"]);
        for mark in "。，、；：！？）》」』】”’…".chars() {
            assert_eq!(found(&format!("（http://a.cn/x{mark}后")), ["http://a.cn/x"], "{mark}");
        }
        assert_eq!(
            found("https://a.cn/x_y_z?q=1&r=(2), (see https://b.cn/c)."),
            ["https://a.cn/x_y_z?q=1&r=(2)", "https://b.cn/c"]
        );
        assert_eq!(found("登录https://www.cnipa.gov.cn查询"), ["https://www.cnipa.gov.cn"]);
        assert_eq!(found("https://例子.cn/知识产权/ 好"), ["https://例子.cn/知识产权/"]);
        assert_eq!(found("xhttp://a.cn ftp://a.cn https:// http://."), Vec::<&str>::new());
    }

    #[test]
    fn no_chinese_punctuation_is_part_of_a_word() {
        assert_eq!(('\0'..=char::MAX).find(|c| is_cjk_punctuation(*c) && c.is_alphanumeric()), None);
        assert_eq!(('\u{4E00}'..='\u{9FFF}').find(|c| !is_han(*c) || lookalike::sign(*c) != 0), None);
    }

    #[test]
    fn characters_are_han_and_words() {
        assert_eq!(count("知识产权 IP strong-county 2025，don’t。"), 4 + 4);
        // U+4DB5 and U+4E00 begin with the same byte; a hexagram between them is neither.
        assert_eq!(count("don't 㐀䶵䷀一丿a丠"), 1 + 4 + 1 + 1);
    }
}
