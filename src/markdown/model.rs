//! What Markdown becomes: HTML with slots, and the tables the slots point into.

use super::link_target;
use puzhi_core::base::Span;

/// What rendering needs to know from outside.
#[derive(Debug, Clone)]
pub struct MarkdownOptions<'o> {
    /// Words that end up in the HTML, in the page's language.
    pub labels: &'o MarkdownLabels,
    /// Raw HTML is passed through instead of being sanitized.
    pub trust_html: bool,
    /// How deep directives (and block quotes, lists) may nest.
    pub max_depth: usize,
    /// The title from front matter. A leading level-1 heading that equals it, or any when there is none, is lifted
    /// out of the body into [`RenderedBody::title`]; other level-1 headings become level 2.
    pub title: Option<&'o str>,
}

/// Words of the page's language that Markdown puts into HTML; the theme's `i18n` files supply them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownLabels {
    pub note: String,
    pub tip: String,
    pub important: String,
    pub warning: String,
    pub caution: String,
    /// Heading of the footnotes section, e.g. 注释.
    pub footnotes: String,
    /// `aria-label` of a footnote's back link, `{n}` is its number, e.g. 返回正文注 {n}.
    pub footnote_back: String,
    /// `aria-label` of a heading's own link, `{title}` is its text, e.g. 本节链接：{title}.
    pub anchor: String,
    /// Said after an external link for screen readers, e.g. （外部网站）.
    pub external: String,
    /// `aria-label` of a scrolling table, e.g. 表格.
    pub table: String,
    /// What a task's box says: still open, e.g. 没有勾选.
    pub todo: String,
    /// Done, e.g. 已经勾选.
    pub done: String,
    /// Before a picture's credit, e.g. 图：.
    pub credit: String,
}

/// A page's body.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RenderedBody {
    pub main: HtmlFragment,
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    pub directives: Vec<Directive>,
    pub code: Vec<CodeBlock>,
    /// Headings in order, for the contents list.
    pub headings: Vec<Heading>,
    /// Every id in the body that a link may point to (headings, explicit ids, footnotes).
    pub anchors: Vec<String>,
    /// The level-1 heading that was lifted out, as plain text.
    pub title: Option<String>,
    /// The first heading of any level, as plain text.
    pub first_heading: Option<String>,
    /// The first paragraph's plain text, up to 200 characters.
    pub first_paragraph: String,
    /// Han characters plus words of other scripts.
    pub characters: usize,
}

impl RenderedBody {
    /// Drops all but what following references needs (links, images, directives), to hold the bodies of a large site.
    pub fn drop_text(&mut self) {
        self.main = HtmlFragment::default();
        self.code = Vec::new();
        self.headings = Vec::new();
        self.anchors = Vec::new();
        self.first_paragraph = String::new();
        (self.title, self.first_heading) = (None, None);
    }

    /// Gives back what memory its tables took while they grew: bodies of all pages are held at once.
    pub(super) fn shrink_to_fit(&mut self) {
        self.main.html.shrink_to_fit();
        self.main.slots.shrink_to_fit();
        shrink_vec(&mut self.links);
        shrink_vec(&mut self.images);
        shrink_vec(&mut self.directives);
        shrink_vec(&mut self.code);
        shrink_vec(&mut self.headings);
        shrink_vec(&mut self.anchors);
        self.first_paragraph.shrink_to_fit();
        self.anchors.iter_mut().for_each(String::shrink_to_fit);
        self.code.iter_mut().for_each(|block| block.text.shrink_to_fit());
    }
}

/// Moves the rows to memory of their size. Shrinking would not do: an allocator leaves a block as it is until less than half of
/// it is used.
fn shrink_vec<T>(rows: &mut Vec<T>) {
    if rows.len() < rows.capacity() {
        let mut fitting = Vec::with_capacity(rows.len());
        fitting.append(rows);
        *rows = fitting;
    }
}

/// HTML with numbered holes, ordered by offset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HtmlFragment {
    pub html: String,
    /// Byte offset in `html` and what goes there.
    pub slots: Vec<(usize, Slot)>,
}

/// What goes into a hole; the number is an index into the body's table of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The opening tag of a link to `links[n]`, or of a span when it may not be followed.
    LinkOpen(u32),
    /// Its closing tag.
    LinkClose(u32),
    /// The `<img>` element of `images[n]`.
    Image(u32),
    /// The rendered `directives[n]`.
    Directive(u32),
    /// The inside of `<code>` of `code[n]`: highlighted, or escaped text.
    Code(u32),
}

/// Where a link or image points, as far as its spelling tells. Decoded; allowlisted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// An absolute `http:`, `https:`, `mailto:` or `tel:` address, as written.
    External(String),
    /// A path relative to the page's file, or from the site's root when it starts with `/`.
    Internal { path: String, anchor: Option<String> },
    /// A place on the same page.
    Anchor(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// As written.
    pub written: Box<str>,
    pub title: Option<Box<str>>,
    /// In the whole file's text.
    pub span: Span,
}

impl Link {
    /// Where it points. Read when it is asked for, since the links of all pages are held at once.
    pub fn target(&self) -> LinkTarget {
        // Nothing that is refused becomes a link.
        link_target::parse(&self.written).unwrap_or_else(|_| LinkTarget::Anchor(String::new()))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    pub target: LinkTarget,
    pub written: Box<str>,
    pub alt: String,
    pub title: Option<Box<str>>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CodeBlock {
    /// The info string's first word, lower case; empty when there is none.
    pub language: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    pub id: Box<str>,
    /// Plain text.
    pub text: Box<str>,
}

/// A directive that the view fills.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    pub span: Span,
    pub data: DirectiveData,
}

/// The typed arguments of each directive that needs other pages, data or files. Directives that need nothing
/// (note, tip, warning, details, steps, faq, figure, gallery) are plain HTML already.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectiveData {
    /// `{download} path`, `:title:`.
    Download { target: LinkTarget, written: String, title: Option<String> },
    /// `{contacts}` with a YAML list.
    Contacts { entries: Vec<Contact> },
    /// `{timeline}` with a YAML list.
    Timeline { entries: Vec<TimelineEntry> },
    /// `{target} ID`.
    Target { id: String },
    /// `{targets}`, `:group:`, `:unit:`.
    Targets { group: Option<String>, unit: Option<String> },
    /// `{table} path`, `:caption:`, `:columns:`.
    Table { target: LinkTarget, written: String, caption: Option<String>, columns: Vec<String> },
    /// `{events}`, `:campaign:`, `:channel:`, `:unit:`, `:upcoming:`, `:limit:`.
    Events { campaign: Option<String>, channel: Option<String>, unit: Option<String>, upcoming: bool, limit: usize },
    /// `{pages}`, `:section:`, `:kind:`, `:tag:`, `:unit:`, `:campaign:`, `:sort:`, `:limit:`.
    Pages {
        section: Option<String>,
        kind: Option<String>,
        tag: Option<String>,
        unit: Option<String>,
        campaign: Option<String>,
        sort: Option<String>,
        limit: usize,
    },
    /// `{toc}`, `:depth:` (2 to 6).
    Toc { depth: u8 },
    /// `{survey} ID`, `:compact:`.
    Survey { id: String, compact: bool },
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Contact {
    pub name: String,
    pub place: Option<String>,
    pub phone: Option<String>,
    pub hours: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// As written: a date or words such as 2022年8月.
    pub date: String,
    pub end: Option<String>,
    pub title: String,
    pub text: HtmlFragment,
    /// Index into [`RenderedBody::links`].
    pub link: Option<u32>,
}
