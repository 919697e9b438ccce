//! The loop over the parser's events: blocks to HTML, with what is inside a line left to `inline`.
//!
//! In: a text (the page's, or a directive's body) and where it came from. Out: a [`Draft`]; everything else goes into
//! the [`Page`]. Never calls itself per level of nesting, but for directives, whose depth is bounded. Knows no pages.

use std::rc::Rc;

use pulldown_cmark::{Alignment, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag};

use super::draft::{Draft, Hole, Mark};
use super::inline::{Alt, Inline, Leaf};
use super::model::{CodeBlock, Slot};
use super::origin::Origin;
use super::overlay::Overlay;
use super::page::{Page, note_key};
use super::raw::{Dropping, RawElement};
use super::{cjk, directives, lookalike, math};
use crate::base::{Span, escape_attr};
use crate::diag::codes::markdown as codes;

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
    question: Option<HeadingLevel>,
    pub out: Draft,
    pub open: Vec<Open>,
    pub inline: Inline,
    /// Elements that raw HTML opened and has not closed.
    pub raw: Vec<RawElement>,
    /// An element inside a paragraph that is being left out with its content.
    pub dropping: Option<Dropping>,
    collected: Option<Collected>,
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
    Heading { level: HeadingLevel, id: Option<String>, classes: Vec<String>, mark: Mark, span: Span },
    Item,
    Definition(&'static str),
    Table { columns: Vec<Alignment>, head: bool, body: bool, cell: usize },
    Cell(&'static str),
    Inline(&'static str),
    Link(Option<u32>),
    Image { address: String, title: Option<String>, span: Span },
    Code,
    Note { index: u32, outside: Draft },
}

/// A block whose text comes in pieces.
struct Collected {
    kind: Kind,
    text: String,
    origin: Origin,
}

enum Kind {
    Code(String),
    Directive { start: usize },
    Html,
}

/// The extensions of every text. Math only where dollar signs are.
fn options(text: &str) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    options.set(Options::ENABLE_MATH, text.contains('$'));
    options
}

/// What the parser is to read for `text`.
fn overlay(text: &str, options: Options) -> Overlay<'_> {
    let marks = cjk::marks(text, options);
    let overlay = if marks.is_empty() { Overlay::plain(text) } else { Overlay::with_marks(text, &marks) };
    if !options.contains(Options::ENABLE_MATH) {
        return overlay;
    }
    let money = math::money(&overlay.text, options);
    match math::DOLLARS.iter().find(|c| !text.contains(**c)) {
        Some(dollar) if !money.is_empty() => overlay.swap(&money, '$', *dollar),
        _ => overlay,
    }
}

/// Writes `text`, of which only the first `length` bytes are the author's.
pub(super) fn write(
    page: &mut Page<'_>,
    text: &str,
    length: usize,
    origin: Origin,
    depth: usize,
    mode: Mode,
) -> Draft {
    let options = options(text);
    let overlay = overlay(text, options);
    let refs = Rc::clone(&page.refs);
    let budget = std::cell::Cell::new(page.ref_budget);
    let callback = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let refs = refs.borrow();
        let (address, title) = refs.get(&note_key(&link.reference))?;
        budget.set(budget.get().checked_sub(address.len() + title.len())?);
        Some((address.clone().into(), title.clone().into()))
    };
    let mut events =
        Parser::new_with_broken_link_callback(&overlay.text, options, Some(callback)).into_offset_iter();
    if text.contains("```{") || text.contains("~~~{") {
        let definitions = events.reference_definitions();
        let mut sorted: Vec<_> = definitions.iter().collect();
        sorted.sort_unstable_by_key(|(label, _)| *label);
        for (label, definition) in sorted {
            let address = overlay.clean(definition.dest.clone()).to_string();
            let title = definition.title.clone().map_or(String::new(), |t| overlay.clean(t).to_string());
            let key = note_key(&overlay.clean(CowStr::from(label.to_string())));
            page.refs.borrow_mut().insert(key, (address, title));
        }
    }
    let mut writer = Writer {
        page,
        origin,
        text,
        depth,
        mode,
        question: None,
        out: Draft::default(),
        open: Vec::new(),
        inline: Inline::default(),
        raw: Vec::new(),
        dropping: None,
        collected: None,
    };
    // What follows the author's text only tells the parser which footnotes exist.
    let mut skipping = 0usize;
    for (event, range) in &mut events {
        let range = overlay.range(range);
        if skipping > 0 || range.start >= length && length < text.len() {
            match event {
                Event::Start(_) => skipping += 1,
                Event::End(_) if skipping > 0 => skipping -= 1,
                Event::End(_) => writer.end(range),
                _ => {}
            }
            continue;
        }
        match overlay.event(event) {
            Event::Start(tag) => writer.start(tag, range),
            Event::End(_) => writer.end(range),
            event => writer.leaf_event(event, range),
        }
    }
    writer.finish_leaf();
    writer.close_raw(0);
    if writer.question.is_some() {
        writer.out.push("</div></details>\n");
    }
    let out = std::mem::take(&mut writer.out);
    page.ref_budget = budget.get();
    out
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
        write(self.page, &with_notes, text.len(), origin.clone(), self.depth + 1, mode)
    }

    pub fn span(&self, range: &std::ops::Range<usize>) -> Span {
        self.origin.span(range)
    }

    fn start(&mut self, tag: Tag<'_>, range: std::ops::Range<usize>) {
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
                self.inline.leaf = Some(Leaf::default());
                What::Paragraph(mark)
            }
            Tag::Heading { level, id, classes, .. } => {
                self.inline.leaf = Some(Leaf::default());
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
                self.out.push("<div class=\"table\" role=\"region\"");
                let label = self.page.options.labels.table.clone();
                self.out.attr("aria-label", &label);
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
                self.out.push(if heading { "<th scope=\"col\"" } else { "<td" });
                self.out.push(class);
                self.out.push(">");
                self.inline.leaf = Some(Leaf::default());
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

    fn end(&mut self, range: std::ops::Range<usize>) {
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
    fn container(&mut self, range: &std::ops::Range<usize>, open: impl FnOnce(&mut Self) -> &'static str) -> What {
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

    fn format(&mut self, open: &'static str, close: &'static str, range: &std::ops::Range<usize>) -> What {
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
        self.out.push(&format!("<aside class=\"admonition {class}\"><p class=\"admonition-title\">"));
        self.out.text(label);
        self.out.push("</p>\n");
    }

    fn end_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<String>,
        classes: &[String],
        mark: Mark,
        span: Span,
    ) {
        let plain = self.finish_leaf_as(mark, super::inline::LeafKind::Heading).trim().to_string();
        let content = self.out.cut(mark);
        let body = &mut self.page.body;
        if body.first_heading.is_none() && !plain.is_empty() {
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
        self.out.attr("href", &format!("#{}", crate::base::encode_route(&id)));
        self.out.attr("aria-label", &label);
        self.out.push(&format!("></a></h{level}>\n"));
        if self.mode == Mode::Page {
            self.page.body.headings.push(super::model::Heading { level, id, text: plain });
        }
    }

    fn begin_code(&mut self, kind: CodeBlockKind<'_>, range: &std::ops::Range<usize>) {
        let kind = match kind {
            CodeBlockKind::Indented => Kind::Code(String::new()),
            CodeBlockKind::Fenced(info) => {
                self.check_fence(range);
                if lookalike::is_wide_call(&info) {
                    let at = range.start + self.text[range.clone()].find('｛').unwrap_or(0);
                    let span = self.span(&(at..at + '｛'.len_utf8()));
                    self.page.report(&codes::WIDE_FENCE, span);
                }
                if self.mode != Mode::Plain && directives::is_directive(&info) {
                    Kind::Directive { start: range.start }
                } else {
                    Kind::Code(directives::language(&info))
                }
            }
        };
        self.collect(kind);
    }

    fn collect(&mut self, kind: Kind) {
        self.collected = Some(Collected { kind, text: String::new(), origin: Origin::default() });
    }

    /// Takes text that belongs to a code block, directive or HTML block; false when none is open.
    fn take_text(&mut self, text: &str, range: &std::ops::Range<usize>) -> bool {
        let Some(collected) = &mut self.collected else { return false };
        if !text.is_empty() {
            collected.origin.piece(collected.text.len(), self.origin.at(range.start));
            collected.text.push_str(text);
        }
        true
    }

    fn end_collected(&mut self, range: std::ops::Range<usize>) {
        let Some(Collected { kind, text, origin }) = self.collected.take() else { return };
        match kind {
            Kind::Code(language) => self.write_code(language, text),
            Kind::Html => self.raw_block(&text, &origin),
            Kind::Directive { start } => directives::run(self, start..range.end, text, origin),
        }
    }

    /// A code block, highlighted later.
    pub fn write_code(&mut self, language: String, text: String) {
        self.out.push("<pre><code");
        if !language.is_empty() {
            let mut class = String::from("language-");
            escape_attr(&mut class, &language);
            self.out.push(&format!(" class=\"{class}\""));
        }
        self.out.push(">");
        self.inline.last = None;
        self.page.body.code.push(CodeBlock { language, text });
        let number = (self.page.body.code.len() - 1) as u32;
        self.out.slot(Slot::Code(number));
        self.out.push("</code></pre>\n");
    }

    /// Warns when a fenced block is closed by nothing but the end of what holds it.
    fn check_fence(&mut self, range: &std::ops::Range<usize>) {
        let block = self.text[range.clone()].trim_start_matches([' ', '\t']);
        let fence = block.bytes().next().unwrap_or(b'`');
        let width = block.bytes().take_while(|b| *b == fence).count();
        let mut lines = block.trim_end().lines();
        let first = lines.next();
        let last = lines.next_back().unwrap_or("").trim_start_matches(['>', ' ', '\t']);
        let closed = last.len() >= width && last.bytes().all(|b| b == fence);
        if first.is_some() && !closed {
            let start = range.start + (range.len() - block.len());
            let span = self.span(&(start..start + width));
            self.page.report(&codes::UNCLOSED_FENCE, span);
        }
    }

    fn leaf_event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
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
                let checked = if done { " checked" } else { "" };
                self.out.push(&format!("<input type=\"checkbox\" disabled{checked}> "));
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
