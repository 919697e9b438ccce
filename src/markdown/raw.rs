//! HTML written in Markdown: lets through what a page may hold, well nested, and says what it left out.
//!
//! In: raw HTML as the parser found it. Out: the same as plain, balanced elements in the writer's draft, with links
//! and images as slots like Markdown's own. The sanitizer in `clean` stands behind this; what this file adds is that
//! findings have a place, that nothing is ever left open where it could swallow the page, and that the tree stays
//! shallow, without which an HTML parser takes quadratic time. Knows no pages.

use std::ops::Range;

use super::draft::Mark;
use super::elements::{self, Content, Element};
use super::html_tokens::{Tag, Token, Tokens, decode};
use super::inline::count;
use super::model::Slot;
use super::origin::Origin;
use super::writer::Writer;
use puzhi_core::base::Span;

/// An element that raw HTML opened.
pub(super) struct RawElement {
    element: &'static Element,
    close: Close,
}

enum Close {
    Tag(&'static str),
    Link(u32),
    Nothing,
}

/// What is being left out, up to its end tag: its name and where its content begins in draft and plain text.
pub(super) struct Dropping {
    name: String,
    mark: Mark,
    /// How many Markdown elements were open: what began inside and goes on cannot be left out.
    open: usize,
}

/// More open elements than this are a mistake or an attack.
const MAX_OPEN: usize = 64;

impl Writer<'_, '_> {
    /// A block of HTML.
    pub fn raw_block(&mut self, html: &str, origin: &Origin) {
        if self.page.options.trust_html {
            self.note_ids(html, origin);
            self.out.push(html);
            return;
        }
        let mut tokens = Tokens::new(html);
        while let Some((token, range)) = tokens.next() {
            match token {
                Token::Text(text) => self.raw_text(text, origin.span(&range)),
                Token::Start(tag) => {
                    if let Some(name) = self.raw_start(&tag, origin.span(&range), false) {
                        tokens.skip_to_end_of(&name);
                    }
                }
                Token::End(name) => self.raw_end(&name),
                Token::Other => {}
            }
        }
        // Formatting and paragraphs end with their block: left open, an HTML parser would open them again in every
        // paragraph that follows. A table waits for nothing but cells.
        let base = self.raw_base();
        if let Some(first) = self.raw[base..].iter().position(|r| r.element.ends_with_block) {
            self.close_raw(base + first);
        }
        while self.raw.len() > base && self.raw.last().is_some_and(|r| r.element.content == Content::TableParts) {
            self.close_raw(self.raw.len() - 1);
        }
    }

    /// HTML inside a paragraph: one tag, comment or the like.
    pub fn raw_inline(&mut self, html: &str, range: &Range<usize>) {
        if self.inline.alt.is_some() {
            return;
        }
        let origin = Origin::starting_at(self.origin.at(range.start));
        if self.page.options.trust_html {
            self.mask("");
            self.note_ids(html, &origin);
            self.out.push(html);
            return;
        }
        for (token, range) in Tokens::new(html) {
            if let Some(dropping) = &self.dropping {
                if matches!(&token, Token::End(name) if *name == dropping.name) {
                    let (mark, open) = (dropping.mark, dropping.open);
                    self.dropping = None;
                    if self.open.len() == open {
                        self.out.cut(mark);
                        // The last line break may have been inside.
                        self.inline.forget_break();
                    }
                }
                continue;
            }
            match token {
                Token::Start(tag) => {
                    self.mask("");
                    if let Some(name) = self.raw_start(&tag, origin.span(&range), true) {
                        self.dropping = Some(Dropping { name, mark: self.out.mark(), open: self.open.len() });
                    }
                }
                Token::End(name) => {
                    self.mask("");
                    self.raw_end(&name);
                }
                Token::Text(_) | Token::Other => {}
            }
        }
    }

    /// Text between the tags of a block.
    fn raw_text(&mut self, text: &str, span: Span) {
        if self.in_table_parts() {
            if !text.trim().is_empty() {
                self.page.report_removed("<table>".into(), span);
            }
            return;
        }
        if text.trim().is_empty() && (self.out.html.is_empty() || self.out.html.ends_with('\n')) {
            return;
        }
        self.page.body.characters += count(text);
        self.out.raw = true;
        // Entities stay as they are; only what could begin a tag is escaped.
        self.out.push(&text.replace('<', "&lt;").replace('>', "&gt;"));
    }

    /// A start tag. Gives the element's name when its content is to be left out with it.
    fn raw_start(&mut self, tag: &Tag<'_>, span: Span, inline: bool) -> Option<String> {
        let Some(element) = elements::find(&tag.name) else {
            self.page.report_removed(format!("<{}>", tag.name), span);
            return elements::drops_content(&tag.name).then(|| tag.name.clone());
        };
        for (name, _) in tag.attributes().filter(|(name, _)| name.starts_with("on") || *name == "style") {
            self.page.report_removed(format!("<{} {name}>", tag.name), span);
        }
        if inline && matches!(element.content, Content::Block | Content::TableParts | Content::Cell) {
            self.page.report_removed(format!("<{}>", tag.name), span);
            return None;
        }
        self.out.raw = true;
        self.close_implied(element);
        if self.in_table_parts() && !element.fits_table {
            self.page.report_removed(format!("<{}>", tag.name), span);
            return None;
        }
        if self.raw.len() >= MAX_OPEN && !element.is_void() {
            self.page.report_depth(span);
            return None;
        }
        match element.name {
            "img" => self.raw_image(tag, span),
            "a" => {
                let close = self.raw_link(tag, span);
                self.raw.push(RawElement { element, close });
            }
            name => {
                self.out.push("<");
                self.out.push(name);
                self.raw_attributes(tag, element, span);
                self.out.push(">");
                if !element.is_void() {
                    self.raw.push(RawElement { element, close: Close::Tag(name) });
                }
            }
        }
        None
    }

    fn raw_attributes(&mut self, tag: &Tag<'_>, element: &Element, span: Span) {
        let mut seen: Vec<&str> = Vec::new();
        let mut classes = String::new();
        for (name, value) in tag.attributes() {
            if seen.len() > 20 || seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let value = decode(value);
            match name {
                "id" => self.raw_id(&value, span),
                "class" => classes = format!("{classes} {value}"),
                "align" if matches!(&*value, "left" | "center" | "right") => classes = format!("{classes} {value}"),
                "title" | "lang" => self.out.attr(name, &value),
                "dir" if matches!(&*value, "ltr" | "rtl" | "auto") => self.out.attr(name, &value),
                _ if element.attributes.contains(&name) => self.out.attr(name, &value),
                _ => {}
            }
        }
        let plain =
            |word: &&str| word.len() < 60 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let words: Vec<&str> = classes.split_whitespace().filter(plain).collect();
        if !words.is_empty() {
            self.out.attr("class", &words.join(" "));
        }
    }

    fn raw_id(&mut self, id: &str, span: Span) {
        if !id.is_empty() && id.len() <= 200 && !id.contains(char::is_whitespace) {
            let id = self.page.written_id(id, span);
            self.out.attr("id", &id);
        }
    }

    fn raw_link(&mut self, tag: &Tag<'_>, span: Span) -> Close {
        let value = |wanted: &str| tag.attributes().find(|(name, _)| *name == wanted).map(|(_, v)| decode(v));
        let id = value("id").or_else(|| value("name")).filter(|id| !id.is_empty());
        if let Some(id) = &id {
            self.out.push("<span");
            self.raw_id(id, span);
            self.out.push("></span>");
        }
        let Some(href) = value("href") else { return Close::Nothing };
        if self.inline.links > 0 {
            return Close::Nothing;
        }
        match self.page.link(&href, value("title"), span) {
            Some(link) => {
                self.inline.links += 1;
                self.out.slot(Slot::LinkOpen(link));
                Close::Link(link)
            }
            None => Close::Nothing,
        }
    }

    fn raw_image(&mut self, tag: &Tag<'_>, span: Span) {
        let value = |wanted: &str| tag.attributes().find(|(name, _)| *name == wanted).map(|(_, v)| decode(v));
        let alt = value("alt").unwrap_or_default();
        match self.page.image(&value("src").unwrap_or_default(), &alt, value("title"), span) {
            Some(image) => self.out.slot(Slot::Image(image)),
            None => self.out.text(&alt),
        }
    }

    /// An end tag: closes the innermost such element and all inside it. One that fits nothing is left out.
    fn raw_end(&mut self, name: &str) {
        let base = self.raw_base();
        let Some(element) = elements::find(name) else { return };
        if let Some(at) = self.raw[base..].iter().rposition(|r| r.element.name == element.name) {
            self.close_raw(base + at);
        }
    }

    /// Closes what a start tag ends by itself, as `<li>` ends the `<li>` before.
    fn close_implied(&mut self, next: &Element) {
        let base = self.raw_base();
        let mut at = self.raw.len();
        let mut close_from = None;
        while at > base {
            let open = self.raw[at - 1].element;
            if next.ends.contains(&open.name) {
                close_from = Some(at - 1);
            } else if next.within.contains(&open.name) || next.within.is_empty() && open.content != Content::Phrasing {
                break;
            }
            at -= 1;
        }
        if let Some(from) = close_from {
            self.close_raw(from);
        }
    }

    fn in_table_parts(&self) -> bool {
        self.raw.len() > self.raw_base() && self.raw.last().is_some_and(|r| r.element.content == Content::TableParts)
    }

    /// Elements below this were opened outside the Markdown element being written and end there.
    fn raw_base(&self) -> usize {
        self.open.last().map_or(0, |open| open.raw)
    }

    /// Closes raw elements until `height` are open.
    pub fn close_raw(&mut self, height: usize) {
        self.dropping = None;
        while self.raw.len() > height {
            let Some(element) = self.raw.pop() else { return };
            match element.close {
                Close::Tag(name) => {
                    self.out.push("</");
                    self.out.push(name);
                    self.out.push(">");
                }
                Close::Link(link) => {
                    self.inline.links -= 1;
                    self.out.slot(Slot::LinkClose(link));
                }
                Close::Nothing => {}
            }
        }
    }

    /// Trusted HTML is not touched, but its ids may be linked to.
    fn note_ids(&mut self, html: &str, origin: &Origin) {
        for (token, range) in Tokens::new(html) {
            if let Token::Start(tag) = token
                && let Some((_, id)) = tag.attributes().find(|(name, _)| *name == "id")
            {
                self.page.written_id(&decode(id), origin.span(&range));
            }
        }
    }
}
