//! Headings: the page title, ids, links to the heading itself, the table of contents, and questions of `faq`.
//!
//! Input: HTML and text of a heading. Output: the complete heading in the buffer, and a row in the table of headings.
//! Does not know other blocks.

use pulldown_cmark::HeadingLevel;

use super::html_buffer::{BufferPosition, HtmlBuffer};
use super::model::Heading;
use super::writer::{HtmlWriter, WriterMode};
use puzhi_core::base::{Span, escape_attr, percent_encode_path_into, slugify};
use puzhi_core::diag::codes::markdown as codes;

impl HtmlWriter<'_, '_> {
    /// Ends a heading: assigns its id and writes it, or takes it as the page title or as a question.
    pub fn end_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<String>,
        classes: &[String],
        position: BufferPosition,
        span: Span,
    ) {
        let plain = self.finish_heading();
        if plain.is_empty() {
            self.context.report(&codes::EMPTY_HEADING, span);
            if !self.out.has_content_since(position) {
                return;
            }
        }
        let body = &mut self.context.body;
        if self.mode == WriterMode::WholePage && body.first_heading.is_none() && !plain.is_empty() {
            body.first_heading = Some(plain.clone());
        }
        if level == HeadingLevel::H1
            && self.mode == WriterMode::WholePage
            && position.is_start()
            && body.title.is_none()
        {
            let same = |title: &str| title.split_whitespace().eq(plain.split_whitespace());
            if self.context.options.title.is_none_or(same) && !plain.is_empty() {
                self.context.title_slug = slugify(&plain);
                body.title = Some(plain);
                self.out.split_off(position);
                self.context.body.title_id = id.map(|id| self.context.claim_id(&id, span));
                return;
            }
        }
        if level == HeadingLevel::H1 && self.mode == WriterMode::WholePage {
            self.check_titles(span);
        }
        let written = level;
        let level = (level as u8).max(2);
        let id = match id {
            Some(id) => self.context.claim_id(&id, span),
            None => {
                let id = self.context.anchor_ids.for_heading(&plain);
                self.context.body.anchors.push(id.clone());
                id
            }
        };
        if self.mode == WriterMode::Questions && self.open.is_empty() && self.open_question.is_none_or(|q| q == written)
        {
            let content = self.out.split_off(position);
            self.close_raw(0);
            self.out.push(if self.open_question.is_some() {
                "</div></details>\n<details open"
            } else {
                "<details open"
            });
            self.open_question = Some(written);
            self.out.attr("id", &id);
            self.out.push("><summary>");
            self.out.append(content);
            self.out.push("</summary>\n<div>\n");
            return;
        }
        let name = ["<h2", "<h3", "<h4", "<h5", "<h6"][usize::from(level) - 2];
        let mut tag = HtmlBuffer { html: std::mem::take(&mut self.tag), ..HtmlBuffer::default() };
        tag.push(name);
        tag.attr("id", &id);
        if !classes.is_empty() {
            tag.attr("class", &classes.join(" "));
        }
        tag.push(">");
        self.out.insert_at(position, &tag.html);
        self.tag = tag.html;
        self.tag.clear();
        self.out.push("<a class=\"anchor\" href=\"#");
        percent_encode_path_into(&mut self.out.html, &id);
        self.out.push("\" aria-label=\"");
        for (i, words) in self.context.options.labels.anchor.split("{title}").enumerate() {
            if i > 0 {
                escape_attr(&mut self.out.html, &plain);
            }
            escape_attr(&mut self.out.html, words);
        }
        self.out.push("\"></a></");
        self.out.push(&name[1..]);
        self.out.push(">\n");
        if self.mode == WriterMode::WholePage && !plain.is_empty() {
            self.context.body.headings.push(Heading { level, id: id.into_boxed_str(), text: plain.into_boxed_str() });
        }
    }

    /// Reports the second of several level-1 headings, once for each page.
    fn check_titles(&mut self, span: Span) {
        if self.context.ends_at_conflict(span) {
            return;
        }
        self.context.other_titles += 1;
        let total = self.context.other_titles + usize::from(self.context.body.title.is_some());
        if total == 2 {
            self.context.report(&codes::SEVERAL_TITLES, span);
        }
    }
}
