//! The result of rendering Markdown: HTML with slots, and the tables that the slots refer to.
//!
//! Data types only, with few methods. Does not know how slots are filled.

use super::anchor_ids::TemplateIds;
use super::diagram_model::{Chart, Decision, Flow, Gauge, Position};
use super::link_target;
use puzhi_core::base::Span;

/// Input of the renderer besides the text.
#[derive(Debug, Clone)]
pub struct MarkdownOptions<'o> {
    /// Texts that are written into the HTML, in the language of the page.
    pub labels: &'o MarkdownLabels,
    /// Whether raw HTML is passed through without sanitizing.
    pub trust_html: bool,
    /// Maximal nesting of directives, block quotes and lists, in levels.
    pub max_depth: usize,
    /// Title from front matter. If the body starts with a level-1 heading of the same text (or with any level-1
    /// heading if there is no title), the heading is removed from the body and becomes [`RenderedBody::title`]. Other
    /// level-1 headings become level 2.
    pub title: Option<&'o str>,
    /// Whether lines with the numbers of official documents (`一、` `（一）` `1.` `（1）`) become headings.
    pub numbered_headings: bool,
    /// Ids that the page's template writes, which headings must not have.
    pub template_ids: Option<&'o TemplateIds>,
}

/// Texts in the language of the page that the renderer writes into HTML. They come from the `i18n` files of the
/// theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownLabels {
    /// Title of an alert of kind note.
    pub note: String,
    /// Title of an alert of kind tip.
    pub tip: String,
    /// Title of an alert of kind important.
    pub important: String,
    /// Title of an alert of kind warning.
    pub warning: String,
    /// Title of an alert of kind caution.
    pub caution: String,
    /// Label of the footnotes section, for example 注释.
    pub footnotes: String,
    /// `aria-label` of the link from a footnote back to the text; `{n}` is the footnote number. Example: 返回正文注 {n}.
    pub footnote_back: String,
    /// `aria-label` of the link of a heading to itself; `{title}` is the text of the heading. Example: 本节链接：{title}.
    pub anchor: String,
    /// Text for screen readers after an external link, for example （外部网站）.
    pub external: String,
    /// `aria-label` of a table that scrolls horizontally, for example 表格.
    pub table: String,
    /// Label of an unchecked box of a task list, for example 没有勾选.
    pub todo: String,
    /// Label of a checked box of a task list, for example 已经勾选.
    pub done: String,
    /// Text before the credit of a picture, for example 图：.
    pub credit: String,
}

/// The rendered body of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RenderedBody {
    /// The HTML of the body.
    pub main: HtmlFragment,
    /// Links, referred to by [`Slot::LinkOpen`].
    pub links: Vec<Link>,
    /// Images, referred to by [`Slot::Image`].
    pub images: Vec<Image>,
    /// Directives, referred to by [`Slot::Directive`].
    pub directives: Vec<Directive>,
    /// Code blocks, referred to by [`Slot::Code`].
    pub code: Vec<CodeBlock>,
    /// Headings in document order, for the table of contents.
    pub headings: Vec<Heading>,
    /// All ids in the body that links may refer to: headings, explicit ids and footnotes.
    pub anchors: Vec<String>,
    /// Plain text of the level-1 heading that was removed from the body.
    pub title: Option<String>,
    /// Id of that heading, which belongs to the page's title; none if another element of the page has it.
    pub title_id: Option<String>,
    /// Plain text of the first heading of any level.
    pub first_heading: Option<String>,
    /// Plain text of the first paragraph, at most 200 characters.
    pub first_paragraph: String,
    /// Length of the text: the number of Han characters plus the number of words in other scripts.
    pub characters: usize,
}

impl RenderedBody {
    /// Releases unused capacity of the tables, because the bodies of all pages are in memory at the same time.
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

/// Moves the elements to an allocation of exact size. `Vec::shrink_to_fit` has no effect with some allocators, which
/// keep a block until less than half of it is used.
fn shrink_vec<T>(rows: &mut Vec<T>) {
    if rows.len() < rows.capacity() {
        let mut fitting = Vec::with_capacity(rows.len());
        fitting.append(rows);
        *rows = fitting;
    }
}

/// HTML with slots.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HtmlFragment {
    /// The HTML without the content of the slots.
    pub html: String,
    /// Byte offset in `html` and the slot at this position, in ascending order.
    pub slots: Vec<(usize, Slot)>,
}

/// A position in the HTML that is filled later. The number is an index into the table of that kind in
/// [`RenderedBody`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Start tag of the link `links[n]`; a `<span>` start tag if the target is not published.
    LinkOpen(u32),
    /// End tag of the link.
    LinkClose(u32),
    /// The `<img>` element of `images[n]`.
    Image(u32),
    /// The HTML of `directives[n]`.
    Directive(u32),
    /// Content of the `<code>` element of `code[n]`: highlighted or escaped text.
    Code(u32),
}

/// Target of a link or image, classified by its text alone. Percent-decoded; only allowed schemes occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// An absolute address with scheme `http:`, `https:`, `mailto:` or `tel:`, as written.
    External(String),
    /// A path relative to the page's file, or to the site's root if it starts with `/`.
    Internal {
        /// The path as written, percent-decoded.
        path: String,
        /// Id on the target page, without `#`.
        anchor: Option<String>,
    },
    /// An id on the same page.
    Anchor(String),
}

/// A link of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Address as written, with Markdown or HTML escapes resolved.
    pub written: Box<str>,
    /// Title attribute.
    pub title: Option<Box<str>>,
    /// Byte range in the file.
    pub span: Span,
}

impl Link {
    /// The target. It is parsed on each call instead of being stored, because the links of all pages are in memory.
    pub fn target(&self) -> LinkTarget {
        // Links with a rejected target are not added to the table, so the fallback is not reached.
        link_target::parse(&self.written).unwrap_or_else(|_| LinkTarget::Anchor(String::new()))
    }
}

/// An image of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Target of the image file.
    pub target: LinkTarget,
    /// Address as written, with Markdown or HTML escapes resolved.
    pub written: Box<str>,
    /// Alternative text.
    pub alt: String,
    /// Title, shown as caption of a figure.
    pub title: Option<Box<str>>,
    /// Byte range in the file.
    pub span: Span,
}

/// A code block of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeBlock {
    /// Language: the first word of the info string in lower case; empty if there is none.
    pub language: String,
    /// The code without the fence.
    pub text: String,
}

/// A heading of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// Level, from 2 to 6.
    pub level: u8,
    /// Id, unique on the page.
    pub id: Box<str>,
    /// Text without markup.
    pub text: Box<str>,
}

/// A directive that the view renders.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    /// Byte range of the directive block in the file.
    pub span: Span,
    /// Type and arguments of the directive.
    pub data: DirectiveData,
}

/// Typed arguments of each directive that depends on other pages, data or files. All other directives (note, tip,
/// warning, details, steps, faq, figure, gallery) are rendered to HTML at once.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectiveData {
    /// `{download} path`, `:title:`.
    Download {
        /// The file.
        target: LinkTarget,
        /// The path as written.
        written: String,
        /// Text of the link; without it the file name is shown.
        title: Option<String>,
    },
    /// `{contacts}` with a YAML list.
    Contacts {
        /// The contacts in order.
        entries: Vec<Contact>,
    },
    /// `{timeline}` with a YAML list.
    Timeline {
        /// The entries in order.
        entries: Vec<TimelineEntry>,
        /// Unit of the ruler above the entries; none without a ruler.
        unit: Option<String>,
    },
    /// `{flow} title` with steps in YAML.
    Flow(Flow),
    /// `{decision} title` with questions and outcomes in YAML.
    Decision(Decision),
    /// `{bars} title` with values in YAML.
    Bars(Chart),
    /// `{line} title` with values in YAML.
    Line(Chart),
    /// `{gauge} title` with goal and value in YAML.
    Gauge(Gauge),
    /// `{target} ID`.
    Target {
        /// Id of the target.
        id: String,
    },
    /// `{targets}`, `:group:`, `:unit:`, `:counts:`.
    Targets {
        /// Only targets of this group.
        group: Option<String>,
        /// Only targets of this unit.
        unit: Option<String>,
        /// No table, only how many targets there are and how many have data.
        counts: bool,
    },
    /// `{table} path`, `:caption:`, `:columns:`.
    Table {
        /// The data file.
        target: LinkTarget,
        /// The path as written.
        written: String,
        /// Caption of the table.
        caption: Option<String>,
        /// Columns to show, in order; empty for all.
        columns: Vec<String>,
    },
    /// `{events}`, `:campaign:`, `:channel:`, `:unit:`, `:upcoming:`, `:limit:`.
    Events {
        /// Only events of this campaign.
        campaign: Option<String>,
        /// Only events of this channel.
        channel: Option<String>,
        /// Only events of this unit.
        unit: Option<String>,
        /// Only events that are not over.
        upcoming: bool,
        /// Maximal number of events; 0 for the default maximum.
        limit: usize,
    },
    /// `{pages}`, `:section:`, `:kind:`, `:tag:`, `:unit:`, `:campaign:`, `:sort:`, `:limit:`.
    Pages {
        /// Only pages of this section.
        section: Option<String>,
        /// Only pages of this kind.
        kind: Option<String>,
        /// Only pages with this tag.
        tag: Option<String>,
        /// Only pages of this unit.
        unit: Option<String>,
        /// Only pages of this campaign.
        campaign: Option<String>,
        /// Sort order; without it by `order` where given, then newest first.
        sort: Option<String>,
        /// Maximal number of pages; 0 for the default maximum.
        limit: usize,
    },
    /// `{toc}`, `:depth:` (2 to 6).
    Toc {
        /// Deepest heading level that is listed.
        depth: u8,
    },
    /// `{survey} ID`, `:compact:`.
    Survey {
        /// Id of the survey.
        id: String,
        /// Whether to show the short form.
        compact: bool,
    },
}

/// A contact of a `{contacts}` directive.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Contact {
    /// Name of the office or person.
    pub name: String,
    /// Where it is.
    pub place: Option<String>,
    /// Phone number as written.
    pub phone: Option<String>,
    /// Office hours.
    pub hours: Option<String>,
    /// Further information.
    pub note: Option<String>,
}

/// An entry of a `{timeline}` directive.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// Date as written: a date, or words such as 2022年8月.
    pub date: String,
    /// End date as written.
    pub end: Option<String>,
    /// Title of the entry.
    pub title: String,
    /// Text of the entry, rendered from Markdown.
    pub text: HtmlFragment,
    /// Link of the entry, as an index into [`RenderedBody::links`].
    pub link: Option<u32>,
    /// Place on the ruler; all entries of a timeline with a ruler have one.
    pub at: Option<Position>,
}
