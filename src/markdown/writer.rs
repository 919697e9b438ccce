//! The parser's events to HTML: blocks here, what is inside a line in `inline`.
//!
//! In: events in order. Out: HTML in a [`Draft`]; everything else goes into the [`Page`]. Never calls itself per level
//! of nesting, but for directives, whose depth is bounded. Knows no pages.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag};

use super::draft::{Draft, Hole, Mark};
use super::fences::{Collected, Kind};
use super::inline::{Alt, Inline, LeafKind};
use super::origin::Origin;
use super::page::Page;
use super::parse;
use super::raw::{Dropping, RawElement};
use puzhi_core::base::Span;

/// Writes one text.
pub(super) struct Writer<'w, 'a> {
    pub page: &'w mut Page<'a>,
    pub origin: Origin,
    /// The text being written.
    pub text: &'w str,
    /// How many directives, quotes and lists are around.
    pub depth: usize,
    pub mode: Mode,
    /// In [`Mode::Questions`]: the level of the questions, and whether one is open.
    pub question: Option<HeadingLevel>,
    pub out: Draft,
    /// The opening tag of a heading, whose id is known only at its end.
    pub tag: String,
    pub open: Vec<Open>,
    pub inline: Inline,
    /// Elements that raw HTML opened and has not closed.
    pub raw: Vec<RawElement>,
    /// An element inside a paragraph that is being left out with its content.
    pub dropping: Option<Dropping>,
    pub collected: Option<Collected>,
}

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mode {
    /// The page itself.
    Page,
    /// The inside of a directive.
    Body,
    /// The inside of `faq`: headings become questions that open.
    Questions,
    /// The text of an entry in a list: directives are not for it.
    Plain,
}

/// A Markdown element whose end has not come.
pub(super) struct Open {
    what: What,
    /// How many raw elements were open when it began: those opened inside it end with it.
    pub raw: usize,
}

enum What {
    /// Closed by these words.
    Plain(&'static str),
    /// Nested too deeply to be shown as what it is.
    Deep,
    /// A quote, list or footnote, which counts for depth.
    Container(&'static str),
    Paragraph(Mark),
    Heading {
        level: HeadingLevel,
        id: Option<String>,
        classes: Vec<String>,
        mark: Mark,
        span: Span,
    },
    Item,
    Definition(&'static str),
    Table {
        columns: Vec<Alignment>,
        head: bool,
        body: bool,
        cell: usize,
    },
    Cell(&'static str),
    Inline(&'static str),
    Link(Option<u32>),
    Image {
        address: String,
        title: Option<String>,
        span: Span,
    },
    Code,
    Note {
        index: u32,
        outside: Draft,
    },
}

impl Writer<'_, '_> {
    /// Writes a text inside this one: the body of a directive.
    pub fn nested(&mut self, text: &str, origin: &Origin, mode: Mode, span: Span) -> Draft {
        if text.trim().is_empty() {
            return Draft::default();
        }
        if self.depth + 1 > self.page.options.max_depth {
            self.page.report_depth(span);
            let mut out = Draft::default();
            out.push("<pre>");
            out.text(text);
            out.push("</pre>\n");
            return out;
        }
        let mut with_notes = text.to_string();
        self.page.notes.announce(&mut with_notes);
        parse::write(self.page, &with_notes, text.len(), origin.clone(), self.depth + 1, mode)
    }

    pub fn span(&self, range: &Range<usize>) -> Span {
        self.origin.span(range)
    }

    pub fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if is_block(&tag) {
            self.finish_leaf();
        } else {
            self.flush();
        }
        let raw = self.raw.len();
        let what = match tag {
            Tag::Paragraph => {
                let mark = self.out.mark();
                self.out.push("<p>");
                self.new_leaf(LeafKind::Paragraph);
                What::Paragraph(mark)
            }
            Tag::Heading { level, id, classes, .. } => {
                self.new_leaf(LeafKind::Heading);
                What::Heading {
                    level,
                    id: id.filter(|id| !id.is_empty()).map(|id| id.to_string()),
                    classes: classes.iter().map(|c| c.to_string()).collect(),
                    mark: self.out.mark(),
                    span: self.span(&range),
                }
            }
            Tag::BlockQuote(kind) => self.container(&range, |writer| match kind {
                None => {
                    writer.out.push("<blockquote>\n");
                    "</blockquote>\n"
                }
                Some(kind) => {
                    writer.admonition(kind);
                    "</aside>\n"
                }
            }),
            Tag::List(Some(first)) => self.container(&range, |writer| {
                if first == 1 {
                    writer.out.push("<ol>\n");
                } else {
                    writer.out.push(&format!("<ol start=\"{first}\">\n"));
                }
                "</ol>\n"
            }),
            Tag::List(None) => self.container(&range, |writer| {
                writer.out.push("<ul>\n");
                "</ul>\n"
            }),
            Tag::Item if matches!(self.open.last(), Some(Open { what: What::Deep, .. })) => What::Plain("\n"),
            Tag::Item => {
                self.out.push("<li>");
                What::Item
            }
            Tag::DefinitionList => self.container(&range, |writer| {
                writer.out.push("<dl>\n");
                "</dl>\n"
            }),
            Tag::DefinitionListTitle if self.in_deep() => What::Plain("\n"),
            Tag::DefinitionListTitle => {
                self.out.push("<dt>");
                What::Definition("</dt>\n")
            }
            Tag::DefinitionListDefinition if self.in_deep() => What::Plain("\n"),
            Tag::DefinitionListDefinition => {
                self.out.push("<dd>");
                What::Definition("</dd>\n")
            }
            Tag::FootnoteDefinition(label) => {
                let index = self.page.notes.index(&label);
                self.depth += 1;
                What::Note { index, outside: std::mem::take(&mut self.out) }
            }
            Tag::CodeBlock(kind) => {
                self.begin_code(kind, &range);
                What::Code
            }
            Tag::HtmlBlock => {
                self.collect(Kind::Html);
                What::Code
            }
            Tag::Table(columns) => {
                self.out.push("<div class=\"table\" role=\"group\"");
                self.out.attr("aria-label", &self.page.options.labels.table);
                self.out.push(" tabindex=\"0\"><table>\n");
                What::Table { columns, head: false, body: false, cell: 0 }
            }
            Tag::TableHead => {
                self.out.push("<thead><tr>\n");
                self.table(|_, head, _, cell| (*head, *cell) = (true, 0));
                What::Plain("</tr></thead>\n")
            }
            Tag::TableRow => {
                let mut first = false;
                self.table(|_, head, body, cell| {
                    first = !*body;
                    (*head, *body, *cell) = (false, true, 0);
                });
                self.out.push(if first { "<tbody>\n<tr>\n" } else { "<tr>\n" });
                What::Plain("</tr>\n")
            }
            Tag::TableCell => {
                let (mut class, mut heading) = ("", false);
                self.table(|columns, head, _, cell| {
                    class = align(columns.get(*cell));
                    heading = *head;
                    *cell += 1;
                });
                // A header that says nothing is none: a table's empty corner is an ordinary cell.
                let blank =
                    self.text.get(range.clone()).is_none_or(|cell| cell.trim_matches(['|', ' ', '\t']).is_empty());
                heading &= !blank;
                self.out.push(if heading { "<th scope=\"col\"" } else { "<td" });
                self.out.push(class);
                self.out.push(">");
                self.new_leaf(LeafKind::Other);
                What::Cell(if heading { "</th>\n" } else { "</td>\n" })
            }
            Tag::Emphasis => self.format("<em>", "</em>", &range),
            Tag::Strong => self.format("<strong>", "</strong>", &range),
            Tag::Strikethrough => self.format("<del>", "</del>", &range),
            Tag::Superscript => self.format("<sup>", "</sup>", &range),
            Tag::Subscript => self.format("<sub>", "</sub>", &range),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.begin_leaf();
                What::Link(self.begin_link(link_type, &dest_url, &title, &range))
            }
            Tag::Image { dest_url, title, .. } => {
                self.begin_leaf();
                match &mut self.inline.alt {
                    Some(alt) => alt.depth += 1,
                    None => self.inline.alt = Some(Alt::default()),
                }
                let title = (!title.is_empty()).then(|| title.to_string());
                What::Image { address: dest_url.to_string(), title, span: self.span(&range) }
            }
            Tag::MetadataBlock(_) => What::Plain(""),
        };
        self.open.push(Open { what, raw });
    }

    pub fn end(&mut self, range: Range<usize>) {
        self.flush();
        let Some(Open { what, raw }) = self.open.pop() else { return };
        if matches!(what, What::Item | What::Definition(_) | What::Container(_) | What::Deep) {
            self.finish_leaf();
        }
        if !matches!(what, What::Code) {
            self.close_raw(raw);
        }
        match what {
            What::Plain(close) => self.out.push(close),
            What::Deep => self.depth -= 1,
            What::Container(close) => {
                self.depth -= 1;
                self.out.push(close);
            }
            What::Paragraph(mark) => self.end_paragraph(mark, &range),
            What::Heading { level, id, classes, mark, span } => self.end_heading(level, id, &classes, mark, span),
            What::Item => self.out.push("</li>\n"),
            What::Definition(close) => self.out.push(close),
            What::Cell(close) => {
                self.finish_leaf();
                self.out.push(close);
            }
            What::Table { body, .. } => {
                self.out.push(if body { "</tbody>\n</table></div>\n" } else { "</table></div>\n" });
            }
            What::Inline(close) => {
                self.inline.formats -= 1;
                self.out.push(close);
            }
            What::Link(link) => self.end_link(link),
            What::Image { address, title, span } => self.end_image(&address, title, span),
            What::Code => self.end_collected(range),
            What::Note { index, outside } => {
                self.finish_leaf();
                self.depth -= 1;
                let note = std::mem::replace(&mut self.out, outside);
                let place = &mut self.page.notes.drafts[index as usize];
                if place.is_none() {
                    *place = Some(note);
                }
            }
        }
    }

    /// A quote or list, unless it is nested too deeply.
    fn container(&mut self, range: &Range<usize>, open: impl FnOnce(&mut Self) -> &'static str) -> What {
        self.depth += 1;
        if self.depth > self.page.options.max_depth {
            let span = self.span(range);
            self.page.report_depth(Span::new(span.start, (span.start + 1).min(span.end)));
            return What::Deep;
        }
        What::Container(open(self))
    }

    fn in_deep(&self) -> bool {
        matches!(self.open.last(), Some(Open { what: What::Deep, .. }))
    }

    /// The innermost open table.
    fn table(&mut self, change: impl FnOnce(&[Alignment], &mut bool, &mut bool, &mut usize)) {
        if let Some(What::Table { columns, head, body, cell }) =
            self.open.iter_mut().rev().map(|o| &mut o.what).find(|w| matches!(w, What::Table { .. }))
        {
            change(columns, head, body, cell);
        }
    }

    fn format(&mut self, open: &'static str, close: &'static str, range: &Range<usize>) -> What {
        self.begin_leaf();
        if self.inline.alt.is_some() {
            return What::Plain("");
        }
        // Nobody means this; browsers and the sanitizer take time for every level.
        const MAX_FORMATS: usize = 100;
        if self.inline.formats >= MAX_FORMATS {
            let span = self.span(range);
            self.page.report_depth(Span::new(span.start, (span.start + 1).min(span.end)));
            return What::Plain("");
        }
        self.inline.formats += 1;
        self.out.push(open);
        What::Inline(close)
    }

    fn admonition(&mut self, kind: pulldown_cmark::BlockQuoteKind) {
        use pulldown_cmark::BlockQuoteKind as K;
        let labels = self.page.options.labels;
        let (class, label) = match kind {
            K::Note => ("note", &labels.note),
            K::Tip => ("tip", &labels.tip),
            K::Important => ("important", &labels.important),
            K::Warning => ("warning", &labels.warning),
            K::Caution => ("caution", &labels.caution),
        };
        self.out.push("<aside role=\"note\" class=\"admonition ");
        self.out.push(class);
        self.out.push("\"><p class=\"admonition-title\">");
        self.out.text(label);
        self.out.push("</p>\n");
    }

    pub fn leaf_event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(text) => {
                if !self.take_text(&text, &range) {
                    self.begin_leaf();
                    self.take_inline(&text, range);
                }
                return;
            }
            Event::Html(html) => {
                self.take_text(&html, &range);
                return;
            }
            _ => {}
        }
        self.flush();
        match event {
            Event::Rule => {
                self.finish_leaf();
                self.out.push("<hr>\n");
            }
            Event::Code(code) => self.inline_code(&code),
            Event::InlineMath(tex) => self.formula(&tex, false, &range),
            Event::DisplayMath(tex) => self.formula(&tex, true, &range),
            Event::InlineHtml(html) => {
                self.begin_leaf();
                self.raw_inline(&html, &range);
            }
            Event::FootnoteReference(label) => {
                if self.inline.alt.is_none() {
                    self.mask("");
                    let index = self.page.notes.index(&label);
                    self.out.hole(Hole::Note(index));
                }
            }
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.hard_break(),
            Event::TaskListMarker(done) => {
                let labels = self.page.options.labels;
                let label = if done { &labels.done } else { &labels.todo };
                self.out.push(if done {
                    "<input type=\"checkbox\" disabled checked"
                } else {
                    "<input type=\"checkbox\" disabled"
                });
                self.out.attr("aria-label", label);
                self.out.push("> ");
            }
            Event::Start(_) | Event::End(_) | Event::Text(_) | Event::Html(_) => {}
        }
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

fn align(alignment: Option<&Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::Left) => " class=\"left\"",
        Some(Alignment::Center) => " class=\"center\"",
        Some(Alignment::Right) => " class=\"right\"",
        _ => "",
    }
}
