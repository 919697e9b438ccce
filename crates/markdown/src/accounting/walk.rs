//! Reads a text a second time and says of each piece of it what the page must show.
//!
//! Input: the text of a file. Output: [`Claim`]s in the order of the text, in runs that stand together on the page. The
//! events of the parser are taken at their word for what they return; what they leave out must be a mark. The body of a
//! directive is read like a text of its own. Does not know the page.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Parser, Tag};

use super::super::callouts::callout_mark;
use super::super::context::{Footnotes, footnote_key};
use super::super::definitions::{is_comment_address, is_repeated_comment};
use super::super::directives::{self, DIRECTIVES, DirectiveBodyKind};
use super::super::model::MarkdownOptions;
use super::super::parse;
use super::super::source_map::SourceMap;
use super::html::HtmlReader;
use super::marks::{Gap, unexplained};
use super::page_text::is_visible;
use puzhi_core::base::Span;

/// What the page owes to one piece of the text.
#[derive(Debug)]
pub(super) struct Claim {
    /// Byte range in the file.
    pub span: Span,
    /// Byte of the file at whose line a finding accounts for the piece.
    pub place: usize,
    /// Where the footnote starts that the piece belongs to. A finding about the footnote accounts for the piece.
    pub footnote: Option<usize>,
    /// What the piece is.
    pub class: &'static str,
    /// What must be on the page.
    pub kind: ClaimKind,
}

/// What must be on the page for a claim.
#[derive(Debug)]
pub(super) enum ClaimKind {
    /// This text must be visible.
    Shown(String),
    /// A link or image must have this address or title.
    Address(String),
    /// Nothing: these characters have no effect, so that only a finding accounts for them.
    Missing(String),
}

impl Claim {
    /// The text that must be visible.
    pub fn shown(&self) -> Option<&str> {
        match &self.kind {
            ClaimKind::Shown(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the claim.
    pub fn into_text(self) -> String {
        match self.kind {
            ClaimKind::Shown(text) | ClaimKind::Address(text) | ClaimKind::Missing(text) => text,
        }
    }
}

/// The claims of `text`, whose places in the file `source_map` knows, in runs: the visible text of a run stands together on the page.
pub(super) fn claims(text: &str, source_map: &SourceMap, options: &MarkdownOptions<'_>) -> Vec<Vec<Claim>> {
    let mut page = Page { max_depth: options.max_depth, ..Page::default() };
    page.footnotes.collect_definitions(text);
    read(&mut page, text, text.len(), source_map, 0);
    page.end_run();
    let unused: Vec<Claim> = page
        .definitions
        .iter()
        .filter(|definition| !page.used.contains(&definition.label))
        .map(|Definition { span, text, .. }| Claim {
            span: *span,
            place: span.start,
            footnote: None,
            class: "unused link definition",
            kind: ClaimKind::Missing(text.clone()),
        })
        .collect();
    page.runs.push(unused);
    page.runs
}

/// A link definition.
struct Definition {
    label: String,
    /// Its place in the file.
    span: Span,
    text: String,
}

/// What the texts of one page share.
#[derive(Default)]
struct Page {
    runs: Vec<Vec<Claim>>,
    run: Vec<Claim>,
    footnotes: Footnotes,
    /// Link definitions of the texts that were read: address and title by label.
    outer: Rc<RefCell<HashMap<String, (String, String)>>>,
    definitions: Vec<Definition>,
    /// Labels that links use.
    used: HashSet<String>,
    html: HtmlReader,
    /// Where the open footnote starts.
    footnote: Option<usize>,
    max_depth: usize,
}

impl Page {
    fn end_run(&mut self) {
        if !self.run.is_empty() {
            self.runs.push(std::mem::take(&mut self.run));
        }
    }

    fn push(&mut self, mut claim: Claim) {
        claim.footnote = self.footnote;
        if let Some(place) = self.html.removed_from() {
            claim.place = place;
        }
        self.run.push(claim);
    }
}

/// Reads one text. Only its first `length` bytes are content.
fn read(page: &mut Page, text: &str, length: usize, source_map: &SourceMap, depth: usize) {
    let options = parse::parser_options(text);
    let input = parse::prepare_input(text, options, false);
    let outer = Rc::clone(&page.outer);
    let callback = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let outer = outer.borrow();
        let (address, title) = outer.get(&footnote_key(&link.reference))?;
        Some((address.clone().into(), title.clone().into()))
    };
    let parser = Parser::new_with_broken_link_callback(&input.text, options, Some(callback)).into_offset_iter();
    let mut definitions: Vec<Range<usize>> = Vec::new();
    let found = parser.reference_definitions();
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by_key(|(_, definition)| definition.span.start);
    for (label, definition) in sorted {
        let original = |s: &str| input.original_text(CowStr::from(s.to_string())).to_string();
        let key = footnote_key(&original(label));
        let range = input.original_range(&definition.span);
        let (address, title) =
            (original(&definition.dest), definition.title.as_deref().map(original).unwrap_or_default());
        if range.end <= length && !is_comment_address(&address) {
            let (label, span, text) = (key.clone(), source_map.span(&range), text[range.clone()].to_string());
            page.definitions.push(Definition { label, span, text });
        }
        definitions.push(range);
        page.outer.borrow_mut().insert(key, (address, title));
    }
    let mut walk = Walk {
        page,
        text,
        source_map,
        depth,
        definitions,
        open: Vec::new(),
        cursor: 0,
        opens: false,
        quotes: 0,
        alt: 0,
        mark_end: 0,
        collected: String::new(),
        collected_map: SourceMap::default(),
    };
    // The end of a definition list may lie behind the start of what follows it, so ends wait for the next start.
    let mut ends: Vec<(Event<'_>, Range<usize>)> = Vec::new();
    for (event, edited) in parser {
        let range = input.original_range(&edited);
        if range.start >= length && length < text.len() {
            break;
        }
        let range = range.start..range.end.min(length);
        let event = input.original_event(event, &edited);
        if matches!(event, Event::End(_)) {
            ends.push((event, range));
            continue;
        }
        for (end, ended) in ends.drain(..) {
            walk.event(end, ended.start..ended.end.min(range.start));
        }
        walk.event(event, range);
    }
    for (end, range) in ends {
        walk.event(end, range);
    }
    walk.gap(length, false);
    walk.page.end_run();
}

struct Walk<'w> {
    page: &'w mut Page,
    text: &'w str,
    source_map: &'w SourceMap,
    depth: usize,
    /// Byte ranges of link definitions.
    definitions: Vec<Range<usize>>,
    open: Vec<Tag<'w>>,
    /// Everything before is dealt with.
    cursor: usize,
    /// Whether nothing followed the start of the innermost element yet.
    opens: bool,
    /// Number of open block quotes.
    quotes: usize,
    /// Number of open images.
    alt: usize,
    /// Where the mark of the last alert ends.
    mark_end: usize,
    /// Text of the block of code or HTML that is being read.
    collected: String,
    collected_map: SourceMap,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Event::End(_) = event {
            self.gap(range.end, true);
            self.end(range);
            return;
        }
        self.gap(range.start, false);
        match event {
            Event::Start(tag) => {
                self.start(tag.into_static(), range);
                return;
            }
            Event::Text(text) if range.start < self.mark_end => {
                let after = text.get(text.len().saturating_sub(range.end.saturating_sub(self.mark_end))..);
                self.shown(after.unwrap_or(&text), &range, "text");
            }
            Event::Text(text) if self.collects() => self.collect(&text, &range),
            Event::Html(html) => self.collect(&html, &range),
            Event::Text(text) => self.shown(&text, &range, "text"),
            Event::Code(code) => self.alone(|walk| walk.shown(&code, &range, "code")),
            Event::InlineHtml(html) => {
                let map = SourceMap::starting_at(self.source_map.file_offset(range.start));
                let claims = self.page.html.read(&html, &map, true);
                self.html(claims);
            }
            Event::FootnoteReference(label) if self.alt > 0 => self.shown(&format!("[^{label}]"), &range, "footnote"),
            // Formulas are compared by their own tests. A reference without a footnote is printed as it is written.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => self.page.end_run(),
            Event::SoftBreak | Event::HardBreak | Event::Rule | Event::TaskListMarker(_) => {}
            Event::End(_) => {}
        }
        self.opens = false;
        self.cursor = self.cursor.max(range.end);
    }

    fn start(&mut self, tag: Tag<'static>, range: Range<usize>) {
        if !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript) {
            self.page.end_run();
        }
        match &tag {
            Tag::BlockQuote(kind) => {
                self.quotes += 1;
                if let Some((mark, word)) = callout_mark(self.text, &range).filter(|_| kind.is_none()) {
                    self.alone(|walk| walk.shown(word.unwrap_or(""), &mark, "word of an alert"));
                    (self.cursor, self.mark_end) = (mark.end, mark.end);
                }
            }
            Tag::Image { .. } => self.alt += 1,
            Tag::FootnoteDefinition(_) => self.page.footnote = Some(self.source_map.file_offset(range.start)),
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.collected.clear();
                self.collected_map = SourceMap::default();
            }
            _ => {}
        }
        self.open.push(tag);
        self.opens = true;
    }

    fn end(&mut self, range: Range<usize>) {
        self.cursor = self.cursor.max(range.end);
        self.opens = false;
        let Some(tag) = self.open.pop() else { return };
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => return,
            Tag::BlockQuote(_) => self.quotes -= 1,
            Tag::FootnoteDefinition(_) => {
                self.page.end_run();
                self.page.footnote = None;
            }
            Tag::Image { link_type, dest_url, title, id } => {
                self.alt -= 1;
                self.page.end_run();
                self.address(link_type, &dest_url, &title, &id, &range);
            }
            Tag::Link { link_type, dest_url, title, id } => {
                self.page.end_run();
                self.address(link_type, &dest_url, &title, &id, &range);
            }
            Tag::CodeBlock(kind) => self.code(&kind, &range),
            Tag::HtmlBlock => {
                let (html, map) = (std::mem::take(&mut self.collected), std::mem::take(&mut self.collected_map));
                let claims = self.page.html.read(&html, &map, false);
                self.html(claims);
            }
            _ => {}
        }
        self.page.end_run();
    }

    /// Claims everything up to `until` that is not a mark.
    fn gap(&mut self, until: usize, closes: bool) {
        if until <= self.cursor {
            return;
        }
        let range = self.cursor..until;
        self.cursor = until;
        if self.text[range.clone()].bytes().all(|b| b.is_ascii_whitespace()) {
            return;
        }
        let gap = Gap {
            text: self.text,
            range,
            element: self.open.last(),
            opens: self.opens,
            closes,
            quoted: self.quotes > 0,
        };
        let class = match self.open.last() {
            Some(Tag::TableRow | Tag::TableHead) => "table row",
            Some(Tag::Heading { .. }) => "heading attribute",
            _ => "mark without effect",
        };
        let found = unexplained(&gap);
        for range in found {
            let written = &self.text[range.clone()];
            let is_defined = |d: &Range<usize>| {
                d.start <= range.start && range.end <= d.end || is_repeated_comment(&self.text[d.clone()], written)
            };
            if !self.definitions.iter().any(is_defined) {
                let kind = ClaimKind::Missing(self.text[range.clone()].to_string());
                self.claim(&range, class, kind);
            }
        }
    }

    fn claim(&mut self, range: &Range<usize>, class: &'static str, kind: ClaimKind) {
        let span = self.source_map.span(range);
        self.page.push(Claim { span, place: span.start, footnote: None, class, kind });
    }

    fn shown(&mut self, text: &str, range: &Range<usize>, class: &'static str) {
        if text.chars().any(is_visible) {
            self.claim(range, class, ClaimKind::Shown(text.to_string()));
        }
    }

    /// Makes a run of its own.
    fn alone(&mut self, make: impl FnOnce(&mut Self)) {
        self.page.end_run();
        make(self);
        self.page.end_run();
    }

    fn address(&mut self, kind: LinkType, address: &str, title: &str, label: &str, range: &Range<usize>) {
        use LinkType as L;
        match kind {
            L::Reference
            | L::Collapsed
            | L::Shortcut
            | L::ReferenceUnknown
            | L::CollapsedUnknown
            | L::ShortcutUnknown => {
                self.page.used.insert(footnote_key(label));
            }
            _ => {}
        }
        let nested = self.alt > 0 || self.open.iter().any(|tag| matches!(tag, Tag::Link { .. } | Tag::Image { .. }));
        let class = if nested { "address in the text of a picture or link" } else { "address" };
        if kind != L::Email {
            self.claim(range, class, ClaimKind::Address(address.to_string()));
        }
        self.claim(range, class, ClaimKind::Address(title.to_string()));
        self.page.end_run();
    }

    /// Adds the claims of raw HTML, each in a run of its own.
    fn html(&mut self, claims: Vec<Claim>) {
        self.page.end_run();
        for mut claim in claims {
            claim.footnote = self.page.footnote;
            self.page.runs.push(vec![claim]);
        }
    }

    fn collects(&self) -> bool {
        matches!(self.open.last(), Some(Tag::CodeBlock(_) | Tag::HtmlBlock))
    }

    fn collect(&mut self, text: &str, range: &Range<usize>) {
        if !text.is_empty() {
            self.collected_map.add_range(self.collected.len(), self.source_map, range);
            self.collected.push_str(text);
        }
    }

    /// The text of a block of code, or the body of a directive.
    fn code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let (text, map) = (std::mem::take(&mut self.collected), std::mem::take(&mut self.collected_map));
        let directive = match kind {
            CodeBlockKind::Fenced(info) => directives::name(info),
            CodeBlockKind::Indented => None,
        };
        let known = directive.and_then(|name| DIRECTIVES.iter().find(|d| d.name.eq_ignore_ascii_case(&name)));
        let (body_at, body) = known.map_or((0, None), |d| (directives::body_start(&text), Some(d.body)));
        let body_map = map.tail_from(body_at);
        match body {
            // YAML is read by its own reader, which reports keys that it does not know.
            Some(DirectiveBodyKind::Entries(_) | DirectiveBodyKind::Diagram(_)) => {}
            Some(DirectiveBodyKind::Markdown | DirectiveBodyKind::Steps | DirectiveBodyKind::Questions)
            | Some(DirectiveBodyKind::Images)
                if self.depth < self.page.max_depth =>
            {
                let content = &text[body_at..];
                let mut with_notes = content.to_string();
                self.page.footnotes.append_stub_definitions(&mut with_notes);
                read(self.page, &with_notes, content.len(), &body_map, self.depth + 1);
            }
            Some(DirectiveBodyKind::None) => self.lines(&text[body_at..], &body_map, range),
            _ => self.lines(&text, &map, range),
        }
    }

    /// Claims each line of collected text.
    fn lines(&mut self, text: &str, map: &SourceMap, block: &Range<usize>) {
        let block = self.source_map.span(block);
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if line.chars().any(is_visible) {
                let span = map.span(&(at..at + line.len()));
                let place = if self.open.is_empty() { span.start } else { span.start.max(block.start) };
                self.page.push(Claim {
                    span,
                    place,
                    footnote: None,
                    class: "code",
                    kind: ClaimKind::Shown(line.to_string()),
                });
            }
            at += line.len();
        }
    }
}
