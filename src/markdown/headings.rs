//! Headings: the title lifted out, ids, their own links, the contents list; the questions of `faq`.
//!
//! In: a heading's HTML and text. Out: the finished heading in the draft, its row in the page's table. Knows no blocks.

use pulldown_cmark::HeadingLevel;

use super::draft::Mark;
use super::inline::LeafKind;
use super::model::Heading;
use super::writer::{Mode, Writer};
use crate::base::{Span, encode_route};

impl Writer<'_, '_> {
    pub fn end_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<String>,
        classes: &[String],
        mark: Mark,
        span: Span,
    ) {
        let plain = self.finish_leaf_as(mark, LeafKind::Heading).trim().to_string();
        let content = self.out.cut(mark);
        let body = &mut self.page.body;
        if self.mode == Mode::Page && body.first_heading.is_none() && !plain.is_empty() {
            body.first_heading = Some(plain.clone());
        }
        if level == HeadingLevel::H1 && self.mode == Mode::Page && self.out.html.is_empty() && body.title.is_none() {
            let same = |title: &str| title.split_whitespace().eq(plain.split_whitespace());
            if self.page.options.title.is_none_or(same) && !plain.is_empty() {
                body.title = Some(plain);
                return;
            }
        }
        let written = level;
        let level = (level as u8).max(2);
        let id = match id {
            Some(id) => self.page.written_id(&id, span),
            None => {
                let id = self.page.ids.for_text(&plain);
                self.page.body.anchors.push(id.clone());
                id
            }
        };
        if self.mode == Mode::Questions && self.open.is_empty() && self.question.is_none_or(|q| q == written) {
            self.close_raw(0);
            self.out.push(if self.question.is_some() { "</div></details>\n<details" } else { "<details" });
            self.question = Some(written);
            self.out.attr("id", &id);
            self.out.push("><summary>");
            self.out.append(content);
            self.out.push("</summary>\n<div>\n");
            return;
        }
        self.out.push(&format!("<h{level}"));
        self.out.attr("id", &id);
        if !classes.is_empty() {
            self.out.attr("class", &classes.join(" "));
        }
        self.out.push(">");
        self.out.append(content);
        let label = self.page.options.labels.anchor.replace("{title}", &plain);
        self.out.push("<a class=\"anchor\"");
        self.out.attr("href", &format!("#{}", encode_route(&id)));
        self.out.attr("aria-label", &label);
        self.out.push(&format!("></a></h{level}>\n"));
        if self.mode == Mode::Page {
            self.page.body.headings.push(Heading { level, id, text: plain });
        }
    }
}
