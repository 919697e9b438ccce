//! Headings: the title lifted out, ids, their own links, the contents list; the questions of `faq`.
//!
//! In: a heading's HTML and text. Out: the finished heading in the draft, its row in the page's table. Knows no blocks.

use pulldown_cmark::HeadingLevel;

use super::draft::{Draft, Mark};
use super::model::Heading;
use super::writer::{Mode, Writer};
use puzhi_core::base::{Span, encode_route_into, escape_attr};

impl Writer<'_, '_> {
    pub fn end_heading(&mut self, level: HeadingLevel, id: Option<String>, classes: &[String], mark: Mark, span: Span) {
        let plain = self.finish_heading();
        let body = &mut self.page.body;
        if self.mode == Mode::Page && body.first_heading.is_none() && !plain.is_empty() {
            body.first_heading = Some(plain.clone());
        }
        if level == HeadingLevel::H1 && self.mode == Mode::Page && mark.is_start() && body.title.is_none() {
            let same = |title: &str| title.split_whitespace().eq(plain.split_whitespace());
            if self.page.options.title.is_none_or(same) && !plain.is_empty() {
                body.title = Some(plain);
                self.out.cut(mark);
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
            let content = self.out.cut(mark);
            self.close_raw(0);
            self.out.push(if self.question.is_some() { "</div></details>\n<details" } else { "<details" });
            self.question = Some(written);
            self.out.attr("id", &id);
            self.out.push("><summary>");
            self.out.append(content);
            self.out.push("</summary>\n<div>\n");
            return;
        }
        let name = ["<h2", "<h3", "<h4", "<h5", "<h6"][usize::from(level) - 2];
        let mut tag = Draft { html: std::mem::take(&mut self.tag), ..Draft::default() };
        tag.push(name);
        tag.attr("id", &id);
        if !classes.is_empty() {
            tag.attr("class", &classes.join(" "));
        }
        tag.push(">");
        self.out.insert(mark, &tag.html);
        self.tag = tag.html;
        self.tag.clear();
        self.out.push("<a class=\"anchor\" href=\"#");
        encode_route_into(&mut self.out.html, &id);
        self.out.push("\" aria-label=\"");
        for (i, words) in self.page.options.labels.anchor.split("{title}").enumerate() {
            if i > 0 {
                escape_attr(&mut self.out.html, &plain);
            }
            escape_attr(&mut self.out.html, words);
        }
        self.out.push("\"></a></");
        self.out.push(&name[1..]);
        self.out.push(">\n");
        if self.mode == Mode::Page {
            self.page.body.headings.push(Heading { level, id: id.into_boxed_str(), text: plain.into_boxed_str() });
        }
    }
}
