//! Raw HTML in Markdown: writes allowed elements well nested, and reports what it removes.
//!
//! Input: raw HTML as found by the parser. Output: balanced elements in the writer's buffer; links and images become
//! slots as in Markdown. The result is sanitized afterwards (`sanitize`). This file ensures in addition that removals
//! are reported with their position, that elements are closed at the latest together with the Markdown element around
//! them, and that nesting is limited, because HTML parsers take quadratic time for deep nesting. Does not know other
//! pages.

use std::ops::Range;

use super::control_characters;
use super::definitions::comment_mark;
use super::elements::{self, ContentModel, Element};
use super::fullwidth_lint;
use super::html_buffer::BufferPosition;
use super::html_tokens::{Tag, Token, Tokens, decode};
use super::inline::count_words;
use super::line_markers::marker;
use super::model::Slot;
use super::open_tags::{UnclosedTag, hides};
use super::source_map::SourceMap;
use super::writer::HtmlWriter;
use puzhi_core::base::Span;
use puzhi_core::diag::codes::markdown as codes;

/// An open element of raw HTML.
pub(super) struct OpenRawElement {
    element: &'static Element,
    close: ClosingTag,
    /// Its start tag, if readers see where the element ends. Taken out when its end tag comes.
    unclosed: Option<UnclosedTag>,
}

enum ClosingTag {
    Tag(&'static str),
    Link(u32),
    Nothing,
}

/// An element that is removed with its content: its name, and the position in the buffer where the content starts.
pub(super) struct DroppedElement {
    name: String,
    position: BufferPosition,
    /// Number of open Markdown elements at the start. If it differs at the end tag, a Markdown element crosses the
    /// boundary and the content is kept.
    open: usize,
}

/// Limit of open elements. More are a mistake or an attack.
const MAX_OPEN: usize = 64;

/// What is removed of a start tag, for example `<td bgcolor style>`; `None` if nothing is.
pub(super) fn removed_parts(tag: &Tag<'_>, inline: bool) -> Option<String> {
    let Some(element) = elements::find(&tag.name) else { return Some(format!("<{}>", tag.name)) };
    if inline && matches!(element.content, ContentModel::Block | ContentModel::TableParts | ContentModel::Cell) {
        return Some(format!("<{}>", tag.name));
    }
    // Elements that only change the look, and are written as `<span>`.
    if matches!(tag.name.as_str(), "big" | "nobr") {
        return Some(format!("<{}>", tag.name));
    }
    let mut removed = String::new();
    for (name, _) in tag.attributes().filter(|(name, value)| !keeps_attribute(element, name, value)) {
        removed.push(' ');
        removed.push_str(name);
    }
    (!removed.is_empty()).then(|| format!("<{}{removed}>", tag.name))
}

/// Whether an attribute of an allowed element is written.
fn keeps_attribute(element: &Element, name: &str, value: &str) -> bool {
    match (element.name, name) {
        ("a", "href" | "id" | "name" | "title") | ("img", "src" | "alt" | "title") => true,
        ("a" | "img", _) => false,
        (_, "id" | "class" | "title" | "lang") => true,
        (_, "align") => matches!(value, "left" | "center" | "right"),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        _ => element.attributes.contains(&name),
    }
}

/// Whether a comment seems to end before its `-->`: another comment starts inside it, or it has an end that is none.
pub(super) fn has_wrong_end(comment: &str) -> bool {
    let inside = comment.get("<!--".len()..).unwrap_or("");
    inside.contains("<!--") || inside.contains("--!>")
}

/// Whether a line begins with a mark of Markdown or a number of an official document.
fn is_markdown(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let item = match line.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => line[1..].starts_with(' '),
        Some(b'.' | b')') if digits > 0 => line[digits + 1..].starts_with(' '),
        _ => false,
    };
    let heading = line.trim_start_matches('#');
    let link = || line.strip_prefix(['[', '!']).is_some_and(|rest| rest.contains("](") && line.ends_with(')'));
    item || line.starts_with("**")
        || heading.len() < line.len() && heading.starts_with(' ')
        || link()
        || comment_mark(line).is_some()
        || marker(line).is_some_and(|found| found.kind.is_outline())
}

impl HtmlWriter<'_, '_> {
    /// Whether one of the open elements of raw HTML has one of these names.
    pub fn is_in_raw(&self, names: &[&str]) -> bool {
        self.open_raw_elements.iter().any(|open| names.contains(&open.element.name))
    }

    /// Writes a block of HTML that ends at byte `end` of the writer's text.
    pub fn raw_block(&mut self, html: &str, source_map: &SourceMap, end: usize) {
        if self.context.options.trust_html {
            if html.trim_start().starts_with("<!--") && !html.contains("-->") {
                self.check_comment(html, html.len() - html.trim_start().len()..html.len(), source_map);
            }
            self.register_ids(html, source_map);
            self.out.push(html);
            return;
        }
        let mut tokens = Tokens::new(html);
        while let Some((token, range)) = tokens.next() {
            match token {
                Token::Text(text) => {
                    if text.contains("&#") {
                        control_characters::check_references(self.context, text, &source_map.tail_from(range.start));
                    }
                    let start = range.start + text.len() - text.trim_start().len();
                    self.raw_text(text, source_map.span(&(start..range.end)));
                }
                Token::Start(tag) => {
                    if let Some(name) = self.raw_start(&tag, source_map.span(&range), false) {
                        tokens.skip_to_end_of(&name);
                    }
                }
                Token::End(name) => self.raw_end(&name, source_map.span(&range)),
                Token::Other => self.check_comment(html, range, source_map),
            }
        }
        self.check_lines(html, source_map);
        // Close formatting elements and paragraphs at the end of the block, because an HTML parser would reopen them
        // in each following paragraph. Close incomplete tables too, since nothing else than their parts could follow.
        let base = self.raw_base();
        if let Some(first) = self.open_raw_elements[base..].iter().position(|r| r.element.ends_with_block) {
            for open in &self.open_raw_elements[base + first..] {
                self.context.ended_early.insert(open.element.name);
            }
            self.close_raw(base + first);
        }
        if self.in_table_parts() {
            self.report_cut_table(end);
        }
        while self.in_table_parts() {
            self.close_raw(self.open_raw_elements.len() - 1);
        }
    }

    /// Reports the empty line at `at` of the writer's text that ends the HTML block of an open table, unless nothing
    /// follows.
    fn report_cut_table(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        if line.trim().trim_start_matches('>').is_empty() && !rest.trim().is_empty() {
            let span = self.span(&(at..at + line.len().max(1)));
            self.context.report(&codes::HTML_TABLE_CUT, span);
            self.context.table_cut = true;
        }
    }

    /// Whether a tag of a table stands in a paragraph of a cell, because an empty line has cut the cell; reports the first one.
    fn is_cut_in_cell(&mut self, element: &Element, span: Span) -> bool {
        let base = self.raw_base();
        let is_cell = |open: &OpenRawElement| matches!(open.element.name, "td" | "th");
        let is_cut = (element.needs_table() || element.name == "table")
            && !self.open_raw_elements[base..].iter().any(is_cell)
            && self.open_raw_elements[..base].iter().any(is_cell);
        if is_cut && !self.context.table_cut {
            self.context.report(&codes::HTML_TABLE_CUT, span);
            self.context.table_cut = true;
        }
        is_cut
    }

    /// Reports a comment that is printed, because it has no end.
    pub fn check_printed_comment(&mut self, text: &str, source_map: &SourceMap) {
        for (at, mark) in text.match_indices("<!--") {
            let span = source_map.span(&(at..at + mark.len()));
            // An escaped sign or a character reference is meant as text.
            let written = self.context.source.text.get(span.start..).is_some_and(|rest| rest.starts_with(mark));
            if written && !self.context.text_before(span.start).ends_with('\\') {
                self.context.report_open_comment(span, None);
            }
        }
    }

    /// Notes for the lint that raw HTML breaks the line here.
    fn note_raw_break(&mut self) {
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.masked.push(fullwidth_lint::HARD_BREAK);
        }
    }

    /// Reports the comment at `range` of `html` unless it is closed as it should be.
    fn check_comment(&mut self, html: &str, range: Range<usize>, source_map: &SourceMap) {
        let comment = &html[range.clone()];
        if comment.starts_with("<!--") && comment.ends_with("-->") && comment["<!--".len()..].contains("<!--") {
            let end = source_map.file_offset(range.end - 1) + 1;
            let behind = self.context.source.text.get(end..).unwrap_or("");
            let outer = behind.find("-->").filter(|close| !behind[..*close].contains("<!--"));
            if outer.is_some() {
                let span = source_map.span(&(range.start..range.start + "<!--".len()));
                return self.context.report(&codes::NESTED_COMMENT, span);
            }
        }
        if comment.starts_with("<!--") && (!comment.ends_with("-->") || has_wrong_end(comment)) {
            let last = range.start + comment.trim_end().len() - 1;
            let end = source_map.file_offset(last);
            self.context.report_open_comment(source_map.span(&(range.start..range.start + 1)), Some(end));
        }
    }

    /// Writes inline HTML: one tag, comment or similar. `range` is its byte range in the writer's text.
    pub fn raw_inline(&mut self, html: &str, range: &Range<usize>) {
        if self.inline.alt.is_some() {
            return;
        }
        let source_map = SourceMap::starting_at(self.source_map.file_offset(range.start));
        if self.context.options.trust_html {
            self.push_masked("");
            self.register_ids(html, &source_map);
            self.out.push(html);
            return;
        }
        for (token, range) in Tokens::new(html) {
            if let Some(dropped_element) = &self.dropped_element {
                if matches!(&token, Token::End(name) if *name == dropped_element.name) {
                    let (position, open) = (dropped_element.position, dropped_element.open);
                    self.dropped_element = None;
                    if self.open.len() == open {
                        self.out.split_off(position);
                        // The last line break may be in the removed part.
                        self.inline.discard_break();
                    }
                }
                continue;
            }
            match token {
                Token::Start(tag) => {
                    self.push_masked("");
                    if let Some(name) = self.raw_start(&tag, source_map.span(&range), true) {
                        self.dropped_element =
                            Some(DroppedElement { name, position: self.out.position(), open: self.open.len() });
                    }
                }
                Token::End(name) => {
                    self.push_masked("");
                    self.raw_end(&name, source_map.span(&range));
                }
                Token::Other => self.check_comment(html, range, &source_map),
                Token::Text(_) => {}
            }
        }
    }

    /// Writes the text between the tags of a block.
    fn raw_text(&mut self, text: &str, span: Span) {
        if self.in_table_parts() {
            let words = text.trim();
            if !words.is_empty() {
                // Browsers move such text in front of the table, so it is not shown where it was written.
                let excerpt: String = words.chars().take(20).collect();
                self.context.report_removed(format!("<table> {excerpt}"), span);
            }
            return;
        }
        if text.trim().is_empty() && (self.out.html.is_empty() || self.out.html.ends_with('\n')) {
            return;
        }
        self.context.body.characters += count_words(text);
        self.out.has_raw_html = true;
        // Keep character references; escape only characters that could start a tag.
        self.out.push(&text.replace('<', "&lt;").replace('>', "&gt;"));
    }

    /// Writes a start tag. Returns the name of the element if its content must be removed too.
    fn raw_start(&mut self, tag: &Tag<'_>, span: Span, inline: bool) -> Option<String> {
        if inline && elements::find(&tag.name).is_some_and(|element| self.is_cut_in_cell(element, span)) {
            self.context.refused_tags.insert(tag.name.clone());
            return None;
        }
        if let Some(removed) = removed_parts(tag, inline) {
            match hides(tag) && !elements::drops_content(&tag.name) {
                true => self.context.report_hidden(removed, span),
                false => self.context.report_removed(removed, span),
            }
        }
        let Some(element) = elements::find(&tag.name) else {
            self.context.refused_tags.insert(tag.name.clone());
            return elements::drops_content(&tag.name).then(|| tag.name.clone());
        };
        if inline && matches!(element.content, ContentModel::Block | ContentModel::TableParts | ContentModel::Cell) {
            self.context.refused_tags.insert(tag.name.clone());
            return None;
        }
        if element.needs_table() && !self.open_raw_elements.iter().any(|r| r.element.name == "table") {
            if !self.context.table_cut {
                self.context.report_removed(format!("<{}>", tag.name), span);
            }
            self.context.refused_tags.insert(tag.name.clone());
            return None;
        }
        self.out.has_raw_html = true;
        self.close_implied(element);
        if self.in_table_parts() && !element.fits_table {
            self.context.refused_tags.insert(tag.name.clone());
            self.context.report_removed(format!("<{}>", tag.name), span);
            return None;
        }
        if self.open_raw_elements.len() >= MAX_OPEN && !element.is_void() {
            self.context.refused_tags.insert(tag.name.clone());
            self.context.report_depth(span);
            return None;
        }
        match element.name {
            "img" => self.raw_image(tag, span),
            "a" => {
                let close = self.raw_link(tag, span);
                let unclosed = match close {
                    ClosingTag::Link(_) => UnclosedTag::of(element.name, tag, span),
                    _ => None,
                };
                self.open_raw_elements.push(OpenRawElement { element, close, unclosed });
            }
            name => {
                self.out.push("<");
                self.out.push(name);
                self.raw_attributes(tag, element, span);
                self.out.push(">");
                if name == "br" {
                    self.note_raw_break();
                }
                if !element.is_void() {
                    let unclosed = UnclosedTag::of(name, tag, span);
                    self.open_raw_elements.push(OpenRawElement { element, close: ClosingTag::Tag(name), unclosed });
                }
            }
        }
        None
    }

    fn raw_attributes(&mut self, tag: &Tag<'_>, element: &Element, span: Span) {
        let mut seen: Vec<&str> = Vec::new();
        let mut classes = if tag.name == "center" { "center".to_string() } else { String::new() };
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
            let id = self.context.claim_id(id, span);
            self.out.attr("id", &id);
        }
    }

    fn raw_link(&mut self, tag: &Tag<'_>, span: Span) -> ClosingTag {
        let value = |wanted: &str| tag.attributes().find(|(name, _)| *name == wanted).map(|(_, v)| decode(v));
        let id = value("id").or_else(|| value("name")).filter(|id| !id.is_empty());
        if let Some(id) = &id {
            self.out.push("<span");
            self.raw_id(id, span);
            self.out.push("></span>");
        }
        let Some(href) = value("href") else {
            // It links nothing, so it may be a sign in the text: `用<a>表示答案`.
            if id.is_none() {
                self.context.report_removed("<a>".to_string(), span);
            }
            return ClosingTag::Nothing;
        };
        if self.inline.links > 0 {
            return ClosingTag::Nothing;
        }
        match self.context.add_link(&href, value("title"), span) {
            Some(link) => {
                self.inline.links += 1;
                self.out.slot(Slot::LinkOpen(link));
                ClosingTag::Link(link)
            }
            None => ClosingTag::Nothing,
        }
    }

    fn raw_image(&mut self, tag: &Tag<'_>, span: Span) {
        let value = |wanted: &str| tag.attributes().find(|(name, _)| *name == wanted).map(|(_, v)| decode(v));
        let alt = value("alt").unwrap_or_default();
        match self.context.add_image(&value("src").unwrap_or_default(), &alt, value("title"), span) {
            Some(image) => self.out.slot(Slot::Image(image)),
            None => self.out.text(&alt),
        }
    }

    /// Handles the end tag at `span`: closes the innermost open element of this name and everything inside it. An end tag
    /// without open element is reported and left out; `</br>` breaks the line, as it does in browsers.
    fn raw_end(&mut self, name: &str, span: Span) {
        let base = self.raw_base();
        let element = elements::find(name);
        if let Some(element) = element
            && let Some(at) = self.open_raw_elements[base..].iter().rposition(|r| r.element.name == element.name)
        {
            for inner in &self.open_raw_elements[base + at + 1..] {
                self.context.ended_early.insert(inner.element.name);
            }
            self.context.table_cut &= name != "table";
            self.open_raw_elements[base + at].unclosed = None;
            return self.close_raw(base + at);
        }
        if name == "br" && !self.in_table_parts() {
            self.out.has_raw_html = true;
            self.out.push("<br>");
            return self.note_raw_break();
        }
        if element.is_some_and(|element| self.is_cut_in_cell(element, span)) {
            return;
        }
        let is_cut = self.context.table_cut;
        self.context.table_cut &= name != "table";
        let is_part = element.is_some_and(|e| e.needs_table() || e.name == "table") && is_cut;
        if is_part || element.is_some_and(Element::is_void) || self.context.refused_tags.contains(name) {
            return;
        }
        let has_ended = element.is_some_and(|element| {
            self.context.forget_unclosed(element.name) || self.context.ended_early.contains(element.name)
        });
        let (zh, en) = match has_ended {
            true => (
                "开始标签在前面已经结束，空行和外层的标签都会结束它",
                "an empty line or the tag around it has ended the element before",
            ),
            false => ("前面没有对应的开始标签", "there is no start tag before it"),
        };
        let diag = self.context.diag_at(&codes::HTML_END_TAG, span).arg("tag", format!("</{name}>"));
        self.context.push_diag(diag.arg("zh", zh).arg("en", en));
    }

    /// Reports the first line of a block of HTML that is meant as Markdown: it follows a line that a tag ends.
    fn check_lines(&mut self, html: &str, source_map: &SourceMap) {
        if self.open_raw_elements.iter().any(|open| open.element.name == "pre") || html.contains("<pre") {
            return;
        }
        let mut at = 0;
        let mut follows_tag = false;
        for line in html.split_inclusive('\n') {
            let words = line.trim();
            if follows_tag && is_markdown(words) {
                let start = at + (line.len() - line.trim_start().len());
                let span = source_map.span(&(start..start + words.len()));
                let edit = self.context.blank_line_before(span.start);
                let diag = self.context.diag_at(&codes::MARKDOWN_IN_HTML, span).fixed_by(edit);
                return self.context.push_diag(diag);
            }
            at += line.len();
            follows_tag = words.ends_with('>') && !words.ends_with("-->");
        }
    }

    /// Closes elements that a start tag closes implicitly, as `<li>` closes the previous `<li>`.
    fn close_implied(&mut self, next: &Element) {
        let base = self.raw_base();
        let mut at = self.open_raw_elements.len();
        let mut close_from = None;
        while at > base {
            let open = self.open_raw_elements[at - 1].element;
            if next.implicitly_closes.contains(&open.name) {
                close_from = Some(at - 1);
            } else if next.closing_scope.contains(&open.name)
                || next.closing_scope.is_empty() && open.content != ContentModel::Phrasing
            {
                break;
            }
            at -= 1;
        }
        if let Some(from) = close_from {
            for open in &self.open_raw_elements[from..] {
                self.context.ended_early.insert(open.element.name);
            }
            self.close_raw(from);
        }
    }

    fn in_table_parts(&self) -> bool {
        self.open_raw_elements.len() > self.raw_base()
            && self.open_raw_elements.last().is_some_and(|r| r.element.content == ContentModel::TableParts)
    }

    /// Number of raw elements that were opened before the current Markdown element; the current element must not
    /// close them.
    fn raw_base(&self) -> usize {
        self.open.last().map_or(0, |open| open.raw_depth)
    }

    /// Closes raw elements until only `height` are open.
    pub fn close_raw(&mut self, height: usize) {
        self.dropped_element = None;
        while self.open_raw_elements.len() > height {
            let Some(element) = self.open_raw_elements.pop() else { return };
            self.context.unclosed_tags.extend(element.unclosed);
            match element.close {
                ClosingTag::Tag(name) => {
                    self.out.push("</");
                    self.out.push(name);
                    self.out.push(">");
                }
                ClosingTag::Link(link) => {
                    self.inline.links -= 1;
                    self.check_link_text(link);
                    self.out.slot(Slot::LinkClose(link));
                }
                ClosingTag::Nothing => {}
            }
        }
    }

    /// Registers the ids of trusted HTML as link targets. The HTML is not changed.
    fn register_ids(&mut self, html: &str, source_map: &SourceMap) {
        for (token, range) in Tokens::new(html) {
            if let Token::Start(tag) = token
                && let Some((_, id)) = tag.attributes().find(|(name, _)| *name == "id")
            {
                self.context.claim_id(&decode(id), source_map.span(&range));
            }
        }
    }
}
