//! Converts the events of the parser to HTML. This file handles blocks; `inline` handles inline content.
//!
//! Input: events in order. Output: HTML in an [`HtmlBuffer`]; everything else goes into the [`MarkdownContext`]. It
//! is not recursive, except for directives, whose nesting is limited. Does not know other pages.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, HeadingLevel, Tag};

use super::block_lint::{ClosedList, ContinuedBlock, ListNumbers};
use super::callouts::Callout;
use super::collected_blocks::{CollectedBlock, CollectedKind};
use super::context::MarkdownContext;
use super::fullwidth_lint::HARD_BREAK;
use super::html_buffer::{BufferPosition, HtmlBuffer, Placeholder};
use super::inline::{Alt, InlineState, LeafKind};
use super::numbered_headings::{TopBlock, TopBlockKind};
use super::parse;
use super::raw_html::{DroppedElement, OpenRawElement};
use super::source_map::SourceMap;
use super::table_cells::TableState;
use puzhi_core::base::Span;

/// Renders one text.
pub(super) struct HtmlWriter<'w, 'a> {
    /// State shared with all texts of the page.
    pub context: &'w mut MarkdownContext<'a>,
    /// Maps offsets in `text` to the file.
    pub source_map: SourceMap,
    /// The text that is rendered.
    pub text: &'w str,
    /// Nesting depth: number of directives, block quotes and lists around the current position.
    pub depth: usize,
    /// Kind of the text.
    pub mode: WriterMode,
    /// In [`WriterMode::Questions`]: level of the question headings once a question is open.
    pub open_question: Option<HeadingLevel>,
    /// The HTML so far.
    pub out: HtmlBuffer,
    /// Buffer for the start tag of a heading, whose id is known only at its end.
    pub tag: String,
    /// Open Markdown elements.
    pub open: Vec<OpenElement>,
    /// State of inline content.
    pub inline: InlineState,
    /// Elements that raw HTML opened and did not close yet.
    pub open_raw_elements: Vec<OpenRawElement>,
    /// An inline raw element that is being removed with its content.
    pub dropped_element: Option<DroppedElement>,
    /// The block whose text is being collected.
    pub collected: Option<CollectedBlock>,
    /// The alert whose first line is being written.
    pub callout: Option<Callout>,
    /// The numbers of the open lists.
    pub lists: Vec<ListNumbers>,
    /// Where the last table cell ended in `text`.
    pub cell_end: usize,
    /// Where the last table ended in `text`.
    pub table_end: usize,
    /// Whether a bar is the first sign of the head of the last table.
    pub table_framed: bool,
    /// The last list; none after a heading.
    pub last_list: Option<ClosedList>,
    /// Whether a line of `text` starts with `:::`.
    pub has_containers: bool,
    /// Whether `text` has a bracket behind a backslash.
    pub has_tex_brackets: bool,
}

/// Closes an ordered list.
const ORDERED_LIST_END: &str = "</ol>\n";
/// Closes any other list.
const LIST_END: &str = "</ul>\n";
/// Closes a block quote.
const QUOTE_END: &str = "</blockquote>\n";
/// Closes an alert.
pub(super) const ALERT_END: &str = "</aside>\n";
/// Closes an alert that can be folded.
pub(super) const FOLDED_END: &str = "</details>\n";

/// Kind of text that is rendered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum WriterMode {
    /// The body of the page.
    WholePage,
    /// The body of a directive.
    DirectiveBody,
    /// The body of `faq`: headings become questions that can be opened.
    Questions,
    /// The text of a timeline entry, in which directives are not allowed.
    Plain,
}

/// A Markdown element whose end event has not occurred yet.
pub(super) struct OpenElement {
    kind: OpenElementKind,
    /// Number of open raw elements at its start. Raw elements that are opened inside it are closed at its end.
    pub raw_depth: usize,
}

enum OpenElementKind {
    /// Closed by this text.
    Plain(&'static str),
    /// Nested too deeply; only its content is written.
    TooDeep,
    /// A block quote, list or footnote; counts for the nesting depth. Closed by this text.
    Container(&'static str),
    Paragraph(BufferPosition),
    Heading {
        level: HeadingLevel,
        id: Option<String>,
        classes: Vec<String>,
        position: BufferPosition,
        span: Span,
    },
    Item,
    Definition(&'static str),
    Table(TableState),
    Row,
    Cell(&'static str),
    Inline(&'static str),
    Link(Option<u32>),
    Image {
        address: String,
        title: Option<String>,
        span: Span,
    },
    Code,
    Footnote {
        index: u32,
        outside: HtmlBuffer,
        span: Span,
    },
}

impl HtmlWriter<'_, '_> {
    /// Renders the body of a directive. `span` is the position for diagnostics. Text nested too deeply is reported
    /// and written as preformatted text.
    pub fn nested(&mut self, text: &str, source_map: &SourceMap, mode: WriterMode, span: Span) -> HtmlBuffer {
        if text.trim().is_empty() {
            return HtmlBuffer::default();
        }
        if self.depth + 1 > self.context.options.max_depth {
            self.context.report_depth(span);
            let mut out = HtmlBuffer::default();
            out.push("<pre>");
            out.text(text);
            out.push("</pre>\n");
            return out;
        }
        let mut with_notes = text.to_string();
        self.context.footnotes.append_stub_definitions(&mut with_notes);
        parse::render_text(self.context, &with_notes, text.len(), source_map.clone(), self.depth + 1, mode)
    }

    /// Converts a range of the text to a range of the file.
    pub fn span(&self, range: &Range<usize>) -> Span {
        self.source_map.span(range)
    }

    /// Handles a start event.
    pub fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if is_block(&tag) {
            self.finish_leaf();
        } else {
            self.flush();
        }
        let raw_depth = self.open_raw_elements.len();
        let kind = match tag {
            Tag::Paragraph => {
                let position = self.out.position();
                self.open_paragraph();
                self.new_leaf(LeafKind::Paragraph);
                OpenElementKind::Paragraph(position)
            }
            Tag::Heading { level, id, classes, attrs } => {
                self.new_leaf(LeafKind::Heading);
                self.last_list = None;
                if !attrs.is_empty() || self.has_lost_attributes(&range) {
                    self.report_heading_attributes(&range);
                }
                self.check_underline(&range);
                self.check_mark_note(&range);
                OpenElementKind::Heading {
                    level,
                    id: id.filter(|id| !id.is_empty()).map(|id| id.to_string()),
                    classes: classes.iter().map(|c| c.to_string()).collect(),
                    position: self.out.position(),
                    span: self.span(&range),
                }
            }
            Tag::BlockQuote(kind) => self.container(&range, |writer| match kind {
                None => writer.open_callout(&range).unwrap_or_else(|| {
                    writer.check_mark_note(&range);
                    writer.check_alert_quote(&range);
                    writer.out.push("<blockquote>\n");
                    QUOTE_END
                }),
                Some(kind) => {
                    writer.admonition(kind);
                    ALERT_END
                }
            }),
            Tag::List(Some(first)) => self.container(&range, |writer| {
                writer.begin_list(Some(first), range.start);
                writer.out.open_ordered_list(first);
                ORDERED_LIST_END
            }),
            Tag::List(None) => self.container(&range, |writer| {
                writer.begin_list(None, range.start);
                writer.out.push("<ul>\n");
                LIST_END
            }),
            Tag::Item if matches!(self.open.last(), Some(OpenElement { kind: OpenElementKind::TooDeep, .. })) => {
                OpenElementKind::Plain("\n")
            }
            Tag::Item => {
                if let Some(first) = self.begins_anew(&range) {
                    self.out.push(ORDERED_LIST_END);
                    self.out.open_ordered_list(first);
                }
                self.check_item(&range);
                self.out.push("<li>");
                OpenElementKind::Item
            }
            Tag::DefinitionList => self.container(&range, |writer| {
                writer.out.push("<dl>\n");
                "</dl>\n"
            }),
            Tag::DefinitionListTitle if self.inside_too_deep() => OpenElementKind::Plain("\n"),
            Tag::DefinitionListTitle => {
                self.out.push("<dt>");
                OpenElementKind::Definition("</dt>\n")
            }
            Tag::DefinitionListDefinition if self.inside_too_deep() => OpenElementKind::Plain("\n"),
            Tag::DefinitionListDefinition => {
                self.out.push("<dd>");
                OpenElementKind::Definition("</dd>\n")
            }
            Tag::FootnoteDefinition(label) => {
                let index = self.context.footnotes.index(&label);
                self.depth += 1;
                let mark = self.text[range.clone()].find("]:").map_or(0, |end| end + "]:".len());
                let span = self.span(&(range.start..range.start + mark));
                OpenElementKind::Footnote { index, outside: std::mem::take(&mut self.out), span }
            }
            Tag::CodeBlock(kind) => {
                self.begin_code(kind, &range);
                OpenElementKind::Code
            }
            Tag::HtmlBlock => {
                self.collect(CollectedKind::Html);
                OpenElementKind::Code
            }
            Tag::Table(columns) => {
                self.table_framed =
                    self.text.get(range.clone()).is_some_and(|table| table.trim_start().starts_with('|'));
                self.out.push("<div class=\"table\" role=\"group\"");
                self.out.attr("aria-label", &self.context.options.labels.table);
                self.out.push(" tabindex=\"0\"><table>\n");
                OpenElementKind::Table(TableState::new(columns))
            }
            Tag::TableHead => {
                self.out.push("<thead><tr>\n");
                if let Some(table) = self.table() {
                    table.head = true;
                }
                self.inline.phone_labels.start_table();
                OpenElementKind::Plain("</tr></thead>\n")
            }
            Tag::TableRow => {
                let first = self.table().is_some_and(|table| {
                    (table.head, table.cell) = (false, 0);
                    !std::mem::replace(&mut table.body, true)
                });
                self.inline.phone_labels.start_row();
                self.out.push(if first { "<tbody>\n<tr>\n" } else { "<tr>\n" });
                OpenElementKind::Row
            }
            Tag::TableCell => {
                let blank =
                    self.text.get(range.clone()).is_none_or(|cell| cell.trim_matches(['|', ' ', '\t']).is_empty());
                let mut outside = TableState::default();
                let tags = self.table().unwrap_or(&mut outside).begin_cell(blank);
                self.out.push(tags.start);
                self.out.push(tags.class);
                self.out.push(">");
                self.new_leaf(LeafKind::Other);
                OpenElementKind::Cell(tags.end)
            }
            Tag::Emphasis => self.format("<em>", "</em>", &range),
            Tag::Strong => {
                self.check_crossed(&range);
                self.format("<strong>", "</strong>", &range)
            }
            Tag::Strikethrough => self.format("<del>", "</del>", &range),
            Tag::Superscript => self.format("<sup>", "</sup>", &range),
            Tag::Subscript => self.format("<sub>", "</sub>", &range),
            Tag::Link { link_type, dest_url, title, id } => {
                self.ensure_leaf();
                self.note_link(link_type, &id, &range);
                OpenElementKind::Link(self.begin_link(link_type, &dest_url, &title, &range))
            }
            Tag::Image { link_type, dest_url, title, id } => {
                self.ensure_leaf();
                self.note_link(link_type, &id, &range);
                match &mut self.inline.alt {
                    Some(alt) => alt.depth += 1,
                    None => self.inline.alt = Some(Alt::default()),
                }
                let title = (!title.is_empty()).then(|| title.to_string());
                OpenElementKind::Image { address: dest_url.to_string(), title, span: self.span(&range) }
            }
            Tag::MetadataBlock(_) => OpenElementKind::Plain(""),
        };
        self.open.push(OpenElement { kind, raw_depth });
    }

    /// Handles an end event.
    pub fn end(&mut self, range: Range<usize>) {
        self.flush();
        let Some(OpenElement { kind, raw_depth }) = self.open.pop() else { return };
        if matches!(
            kind,
            OpenElementKind::Item
                | OpenElementKind::Definition(_)
                | OpenElementKind::Container(_)
                | OpenElementKind::TooDeep
        ) {
            self.finish_leaf();
        }
        if !matches!(kind, OpenElementKind::Code) {
            self.close_raw(raw_depth);
        }
        if self.context.options.numbered_headings {
            self.keep_top_block(&kind, &range);
        }
        match kind {
            OpenElementKind::Plain(close) => self.out.push(close),
            OpenElementKind::TooDeep => self.depth -= 1,
            OpenElementKind::Container(close) => {
                self.depth -= 1;
                if matches!(close, ORDERED_LIST_END | LIST_END) {
                    self.end_list(range.end);
                }
                self.out.push(close);
            }
            OpenElementKind::Paragraph(position) => self.end_paragraph(position, &range),
            OpenElementKind::Heading { level, id, classes, position, span } => {
                self.end_heading(level, id, &classes, position, span)
            }
            OpenElementKind::Item => self.out.push("</li>\n"),
            OpenElementKind::Definition(close) => self.out.push(close),
            OpenElementKind::Row => {
                self.check_row(&range);
                self.check_row_line(&range);
                self.out.push("</tr>\n");
            }
            OpenElementKind::Cell(close) => {
                self.finish_leaf();
                self.inline.phone_labels.end_cell();
                self.cell_end = range.end;
                self.out.push(close);
            }
            OpenElementKind::Table(TableState { body, .. }) => {
                self.table_end = range.end;
                self.check_table_end(range.end);
                self.inline.phone_labels.end_table();
                self.out.push(if body { "</tbody>\n</table></div>\n" } else { "</table></div>\n" });
            }
            OpenElementKind::Inline(close) => {
                self.inline.open_formats -= 1;
                self.out.push(close);
            }
            OpenElementKind::Link(link) => self.end_link(link),
            OpenElementKind::Image { address, title, span } => self.end_image(&address, title, span),
            OpenElementKind::Code => self.end_collected(range),
            OpenElementKind::Footnote { index, outside, span } => {
                self.finish_leaf();
                self.depth -= 1;
                let note = std::mem::replace(&mut self.out, outside);
                self.context.define_footnote(index, note, span);
            }
        }
    }

    /// Takes note of a block of the page that is in no other block.
    fn keep_top_block(&mut self, kind: &OpenElementKind, range: &Range<usize>) {
        if !self.open.is_empty() || self.mode != WriterMode::WholePage {
            return;
        }
        let line_ends = |text: &str| text.trim_end().matches(['\n', HARD_BREAK]).count();
        let is_by_line = || {
            let shown = self.inline.leaf.as_ref().map_or(0, |leaf| line_ends(&leaf.masked));
            self.text.get(range.clone()).is_some_and(|text| line_ends(text) == shown)
        };
        let kind = match kind {
            OpenElementKind::Heading { level, .. } => TopBlockKind::Heading(*level),
            OpenElementKind::Paragraph(_) if is_by_line() => TopBlockKind::Paragraph,
            OpenElementKind::Container(ORDERED_LIST_END) => TopBlockKind::List,
            _ => TopBlockKind::Other,
        };
        self.context.top_blocks.push(TopBlock { kind, range: range.clone() });
    }

    /// Opens a block quote or list with `open`, unless it is nested too deeply.
    fn container(&mut self, range: &Range<usize>, open: impl FnOnce(&mut Self) -> &'static str) -> OpenElementKind {
        self.depth += 1;
        if self.depth > self.context.options.max_depth {
            let span = self.span(range);
            self.context.report_depth(Span::new(span.start, (span.start + 1).min(span.end)));
            return OpenElementKind::TooDeep;
        }
        OpenElementKind::Container(open(self))
    }

    /// The innermost open block that a line without a mark of its own can be part of.
    pub fn continued_block(&self) -> Option<ContinuedBlock> {
        self.open.iter().rev().find_map(|open| match open.kind {
            OpenElementKind::Container(close) if is_quote(close) => Some(ContinuedBlock::Quote),
            OpenElementKind::Container(LIST_END | ORDERED_LIST_END) => Some(ContinuedBlock::List),
            OpenElementKind::Footnote { .. } => Some(ContinuedBlock::Footnote),
            _ => None,
        })
    }

    /// Number of open block quotes whose marks each line begins with: those that no list is around or between.
    pub fn quote_depth(&self) -> usize {
        let containers = self.open.iter().filter_map(|open| match open.kind {
            OpenElementKind::Container(close) => Some(is_quote(close)),
            OpenElementKind::Footnote { .. } => Some(false),
            _ => None,
        });
        if containers.clone().all(|is_quote| is_quote) { containers.count() } else { 0 }
    }

    /// Number of open block quotes around the innermost list or footnote, whose marks its lines begin with.
    pub fn quotes_around(&self) -> usize {
        let is_continued = |open: &OpenElement| {
            matches!(
                open.kind,
                OpenElementKind::Container(LIST_END | ORDERED_LIST_END) | OpenElementKind::Footnote { .. }
            )
        };
        let around = self.open.iter().rposition(is_continued).map_or(&[][..], |at| &self.open[..at]);
        around.iter().filter(|open| matches!(open.kind, OpenElementKind::Container(close) if is_quote(close))).count()
    }

    fn inside_too_deep(&self) -> bool {
        matches!(self.open.last(), Some(OpenElement { kind: OpenElementKind::TooDeep, .. }))
    }

    /// The state of the innermost open table.
    fn table(&mut self) -> Option<&mut TableState> {
        self.open.iter_mut().rev().find_map(|open| match &mut open.kind {
            OpenElementKind::Table(table) => Some(table),
            _ => None,
        })
    }

    /// Whether an open element is strong text.
    pub fn is_in_strong(&self) -> bool {
        self.inline.open_formats > 0
            && self.open.iter().any(|open| matches!(open.kind, OpenElementKind::Inline("</strong>")))
    }

    fn format(&mut self, open: &'static str, close: &'static str, range: &Range<usize>) -> OpenElementKind {
        self.ensure_leaf();
        if self.inline.alt.is_some() {
            return OpenElementKind::Plain("");
        }
        // Limit of nested formatting. More has no use, and browsers and the sanitizer take time for each level.
        const MAX_FORMATS: usize = 100;
        if self.inline.open_formats >= MAX_FORMATS {
            let span = self.span(range);
            self.context.report_depth(Span::new(span.start, (span.start + 1).min(span.end)));
            return OpenElementKind::Plain("");
        }
        self.inline.open_formats += 1;
        self.out.push(open);
        OpenElementKind::Inline(close)
    }

    fn admonition(&mut self, kind: BlockQuoteKind) {
        self.open_admonition(kind);
        self.out.push("<p class=\"admonition-title\">");
        self.admonition_label(kind);
        self.out.push("</p>\n");
    }

    /// Sets where the HTML of the open paragraph starts.
    pub fn move_paragraph(&mut self, position: BufferPosition) {
        if let Some(OpenElement { kind: OpenElementKind::Paragraph(start), .. }) = self.open.last_mut() {
            *start = position;
        }
    }

    /// Handles an event without start and end.
    pub fn leaf_event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(text) => {
                if !self.push_collected_text(&text, &range) {
                    self.ensure_leaf();
                    let shown = if self.callout.is_some() { self.after_mark(&text, &range) } else { &text };
                    self.push_inline_text(shown, range);
                }
                return;
            }
            Event::Html(html) => {
                self.push_collected_text(&html, &range);
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
                self.ensure_leaf();
                self.raw_inline(&html, &range);
            }
            Event::FootnoteReference(label) => {
                if let Some(alt) = &mut self.inline.alt {
                    // A text without marks cannot hold a reference.
                    alt.text.push_str(&format!("[^{label}]"));
                } else {
                    self.push_masked("");
                    let index = self.context.footnotes.index(&label);
                    self.out.placeholder(Placeholder::FootnoteReference(index));
                }
            }
            Event::SoftBreak | Event::HardBreak if self.callout.is_some() && self.ends_title(&range) => {}
            Event::SoftBreak => self.soft_break(&range),
            Event::HardBreak => self.hard_break(&range),
            Event::TaskListMarker(done) => {
                let labels = self.context.options.labels;
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

/// Whether this closes a block quote or an alert, whose lines begin with marks as well.
fn is_quote(close: &str) -> bool {
    matches!(close, QUOTE_END | ALERT_END | FOLDED_END)
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
