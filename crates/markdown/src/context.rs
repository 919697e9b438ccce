//! The state that all parts of rendering one page share: tables, ids, footnotes and diagnostics.
//!
//! Input: the source text and the options. Output: the [`RenderedBody`] and the diagnostics that the parts add. Does
//! not know other pages or the parser.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::anchor_ids::AnchorIds;
use super::definitions::LinkDefinitions;
use super::enumeration::NumberedParagraphs;
use super::html_buffer::HtmlBuffer;
use super::link_lint;
use super::link_target::{self, TargetError};
use super::model::{HtmlFragment, Image, Link, LinkTarget, MarkdownOptions, RenderedBody};
use super::numbered_headings::TopBlock;
use super::open_tags::UnclosedTag;
use super::repairs::Repair;
use super::source_map::SourceMap;
use puzhi_core::base::Span;
use puzhi_core::diag::codes::{links, markdown as codes};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, Edit, SourceText};

/// Maximal number of diagnostics that are kept for one page.
pub(super) const MAX_FINDINGS: usize = 300;

/// A text of the page, and where each byte of it stands in the file.
pub(super) struct TextPlace<'t> {
    pub text: &'t str,
    pub source_map: &'t SourceMap,
}

/// Shared state of the rendering of one page.
pub(super) struct MarkdownContext<'a> {
    /// The source file.
    pub source: &'a SourceText<'a>,
    /// The options of the rendering.
    pub options: &'a MarkdownOptions<'a>,
    /// The result so far.
    pub body: RenderedBody,
    /// The diagnostics so far.
    pub diags: Vec<Diagnostic>,
    /// The ids in use.
    pub anchor_ids: AnchorIds<'a>,
    /// HTML that bypasses the sanitizer (MathML of formulas), referred to by
    /// [`Placeholder::Trusted`](super::html_buffer::Placeholder::Trusted).
    pub trusted: Vec<String>,
    /// The footnotes of the page.
    pub footnotes: Footnotes,
    /// Link reference definitions outside a directive, by label, which links inside the directive may use. The value
    /// is address and title.
    pub link_definitions: Rc<RefCell<HashMap<String, (String, String)>>>,
    /// The link definitions of all texts and the labels in use.
    pub definitions: LinkDefinitions,
    /// Number of bytes that links in directives may still copy from `link_definitions`. It prevents quadratic growth
    /// of the output.
    pub definition_budget: usize,
    /// Texts of the entries of timelines and diagrams; they are assembled after the body.
    pub entry_texts: Vec<EntryText>,
    /// Paragraphs that look like numbered headings.
    pub numbered_paragraphs: NumberedParagraphs,
    /// The blocks of the page that are in no other block; collected only for numbered headings.
    pub top_blocks: Vec<TopBlock>,
    /// Slug of the heading that became the page's title.
    pub title_slug: String,
    /// Number of level-1 headings that did not become the page's title.
    pub other_titles: usize,
    /// Changes of the file's text after which it is rendered again.
    pub repairs: Vec<Repair>,
    /// Where links, images and link definitions and their addresses in `<` and `>` start in the file, once repairs are made.
    pub link_places: Option<HashSet<usize>>,
    /// Diagnostics about what the repairs change, which are kept when the text is rendered again.
    pub kept_diags: Vec<Diagnostic>,
    /// Raw HTML elements whose end tag is no slip: names of elements that were refused and reported.
    pub refused_tags: BTreeSet<String>,
    /// Start tags of raw HTML whose end tag has not come, although their elements have ended.
    pub unclosed_tags: Vec<UnclosedTag>,
    /// Whether a command of another generator was reported that is no comment. It is reported once per page.
    pub generator_reported: bool,
    /// Names of raw HTML elements that ended before their end tag.
    pub ended_early: BTreeSet<&'static str>,
    /// Whether a display formula was reported that an empty line cuts, and its end has not come yet.
    pub open_formula: bool,
    /// Whether an HTML table was cut by an empty line and its end has not come yet.
    pub table_cut: bool,
    /// Whether the file has the last line of a conflict; looked for once.
    has_conflict: OnceCell<bool>,
    /// Whether too deep nesting was reported. It is reported once per page.
    pub too_deep: bool,
    /// Whether [`RenderedBody::first_paragraph`] is set.
    pub first_paragraph_done: bool,
}

/// The HTML of one entry of a timeline or diagram.
pub(super) struct EntryText {
    /// Index of the directive in the table of directives.
    pub directive: usize,
    /// Number of the text in the directive, as `DirectiveData::entry_text_mut` counts them.
    pub entry: usize,
    /// The HTML before it is assembled.
    pub html: HtmlBuffer,
}

/// Footnotes by label.
#[derive(Default)]
pub(super) struct Footnotes {
    by_label: HashMap<String, u32>,
    /// Labels as written, by index.
    pub labels: Vec<String>,
    /// Content by index; `None` if the definition was not found.
    pub buffers: Vec<Option<HtmlBuffer>>,
    /// Where each is defined, by index.
    pub places: Vec<Option<Span>>,
    /// Labels that appear to be defined in the file, for references inside directives.
    pub defined_somewhere: HashSet<String>,
}

impl Footnotes {
    /// Adds the labels that appear to be defined in `text`.
    pub fn collect_definitions(&mut self, text: &str) {
        self.defined_somewhere.extend(defined_labels(text));
    }

    /// Appends empty definitions of the footnotes that `text` refers to but that are defined outside it. Without them
    /// the parser would not recognize the references.
    pub fn append_stub_definitions(&self, text: &mut String) {
        if !text.contains("[^") {
            return;
        }
        let own: HashSet<String> = defined_labels(text).collect();
        let mut wanted: Vec<&str> = Vec::new();
        for (at, _) in text.match_indices("[^") {
            let rest = &text[at + 2..];
            let window = rest.char_indices().nth(200).map_or(rest, |(end, _)| &rest[..end]);
            if let Some((label, _)) = window.split_once(']')
                && self.defined_somewhere.contains(&footnote_key(label))
                && !own.contains(&footnote_key(label))
            {
                wanted.push(label);
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let stubs: String = wanted.iter().map(|label| format!("\n\n[^{label}]: .\n")).collect();
        text.push_str(&stubs);
    }

    /// The index of a label; new labels get the next index.
    pub fn index(&mut self, label: &str) -> u32 {
        let next = self.labels.len() as u32;
        let index = *self.by_label.entry(footnote_key(label)).or_insert(next);
        if index == next {
            self.labels.push(label.to_string());
            self.buffers.push(None);
            self.places.push(None);
        }
        index
    }
}

/// Labels of lines that look like footnote definitions.
fn defined_labels(text: &str) -> impl Iterator<Item = String> {
    let begins = |at: usize| {
        text.as_bytes()[..at].iter().rev().find(|b| !matches!(b, b' ' | b'\t' | b'>')).is_none_or(|b| *b == b'\n')
    };
    labels_where(text, begins)
}

/// Labels of everything that may be a footnote definition, also behind the mark of a list item.
pub(super) fn labels_before_colons(text: &str) -> impl Iterator<Item = String> {
    labels_where(text, |_| true)
}

/// Longest label of a footnote that is looked for, in bytes.
pub(super) const LONGEST_LABEL: usize = 200;

/// Labels of `[^…]:` at the places that `fits` accepts.
fn labels_where(text: &str, fits: impl Fn(usize) -> bool) -> impl Iterator<Item = String> {
    let marks = std::iter::successors(next_marker(text, 0), |at| next_marker(text, at + 1));
    marks.filter(move |at| fits(*at)).filter_map(|at| {
        let rest = &text[at + "[^".len()..];
        let near = &rest[..rest.floor_char_boundary(LONGEST_LABEL + "]:".len())];
        let (label, _) = near.split('\n').next()?.split_once("]:")?;
        Some(footnote_key(label))
    })
}

/// Offset of the next `[^` from `from` on.
fn next_marker(text: &str, from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let at = from + memchr::memchr(b'^', text.as_bytes().get(from..)?)?;
        match at.checked_sub(1) {
            Some(before) if before >= from && text.as_bytes()[before] == b'[' => return Some(before),
            _ => from = at + 1,
        }
    }
}

/// Normalizes a label: labels that differ only in case or white space are equal.
pub(super) fn footnote_key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'a> MarkdownContext<'a> {
    /// The state at the start of a page.
    pub fn new(source: &'a SourceText<'a>, options: &'a MarkdownOptions<'a>) -> Self {
        Self {
            source,
            options,
            body: RenderedBody::default(),
            diags: Vec::new(),
            anchor_ids: AnchorIds::new(options.template_ids),
            trusted: Vec::new(),
            footnotes: Footnotes::default(),
            link_definitions: Rc::default(),
            definitions: LinkDefinitions::default(),
            definition_budget: source.text.len().max(100_000),
            entry_texts: Vec::new(),
            numbered_paragraphs: NumberedParagraphs::default(),
            top_blocks: Vec::new(),
            title_slug: String::new(),
            other_titles: 0,
            repairs: Vec::new(),
            link_places: None,
            kept_diags: Vec::new(),
            refused_tags: BTreeSet::new(),
            unclosed_tags: Vec::new(),
            generator_reported: false,
            ended_early: BTreeSet::new(),
            open_formula: false,
            table_cut: false,
            has_conflict: OnceCell::new(),
            too_deep: false,
            first_paragraph_done: false,
        }
    }

    /// The text of the file before byte `at`; empty if no character starts there.
    pub fn text_before(&self, at: usize) -> &str {
        self.source.text.get(..at).unwrap_or("")
    }

    /// Whether the heading at `span` is one by the line that version control writes between two versions of a text, which
    /// is reported with them.
    pub fn ends_at_conflict(&self, span: Span) -> bool {
        let text = self.source.text;
        let written = text.get(span.start..span.end).unwrap_or("").trim_end();
        written.ends_with("\n=======") && *self.has_conflict.get_or_init(|| text.contains("\n>>>>>>> "))
    }

    /// A diagnostic at a byte range of the file, not yet added.
    pub fn diag_at(&self, code: &'static DiagnosticCode, span: Span) -> Diagnostic {
        let diag = Diagnostic::new(code);
        // Finding the position takes time proportional to the line length, so it is skipped if the diagnostic will
        // not be kept.
        if self.diags.len() < MAX_FINDINGS { diag.at(self.source, span) } else { diag }
    }

    /// The edit that replaces `range` of a text of the page in the file. `None` if the file has something else there, such as
    /// a reference to a character, or nothing is to be replaced.
    pub fn edit(&self, place: &TextPlace<'_>, range: Range<usize>, replacement: impl Into<String>) -> Option<Edit> {
        let span = place.source_map.span(&range);
        let written = self.source.text.get(span.start..span.end)?;
        (!range.is_empty() && place.text.get(range)? == written).then(|| Edit::new(span, replacement))
    }

    /// The edit that puts an empty line before the line of the file in which `at` is, if only white space and marks of
    /// quotations stand before `at`.
    pub fn blank_line_before(&self, at: usize) -> Option<Edit> {
        let line = self.text_before(at).rsplit('\n').next().unwrap_or("");
        let is_start = line.trim_start_matches([' ', '\t', '>']).is_empty();
        (is_start && at > 0).then(|| Edit::insert(at - line.len(), format!("{}\n", line.trim_end())))
    }

    /// Adds a diagnostic without arguments.
    pub fn report(&mut self, code: &'static DiagnosticCode, span: Span) {
        let diag = self.diag_at(code, span);
        self.push_diag(diag);
    }

    /// Adds a diagnostic unless the limit is reached. Hundreds of diagnostics on a page have one cause or are an
    /// attack.
    pub fn push_diag(&mut self, diag: Diagnostic) {
        if self.diags.len() < MAX_FINDINGS {
            self.diags.push(diag);
        }
    }

    /// Reports too deep nesting, once per page.
    pub fn report_depth(&mut self, span: Span) {
        if !self.too_deep {
            self.too_deep = true;
            let diag = self.diag_at(&codes::TOO_DEEP, span).arg("limit", self.options.max_depth);
            self.push_diag(diag);
        }
    }

    /// Reports something that was removed from raw HTML.
    pub fn report_removed(&mut self, what: String, span: Span) {
        let diag = self.diag_at(&codes::HTML_REMOVED, span).arg("what", what);
        self.push_diag(diag);
    }

    /// Reports attributes that are removed although they hide the text of their element.
    pub fn report_hidden(&mut self, what: String, span: Span) {
        let diag = self.diag_at(&codes::HIDDEN_TEXT, span).arg("what", what);
        self.push_diag(diag);
    }

    /// Reports a comment without its end, or with an end that is none. What is not shown ends at byte `end` of the file;
    /// without an end the comment is printed as text.
    pub fn report_open_comment(&mut self, span: Span, end: Option<usize>) {
        let (zh, en) = match end.map(|end| self.source.line_column(end).line) {
            None => ("它会原样显示在页面上".to_string(), "it is shown as it is written".to_string()),
            Some(line) => {
                (format!("从这里到第 {line} 行的内容不会显示"), format!("nothing from here to line {line} is shown"))
            }
        };
        let diag = self.diag_at(&codes::OPEN_COMMENT, span).arg("zh", zh).arg("en", en);
        self.push_diag(diag);
    }

    /// Parses a link target; reports an invalid one and returns `None`.
    pub fn parse_target(&mut self, written: &str, span: Span) -> Option<LinkTarget> {
        match link_target::parse(written) {
            Ok(target) => Some(target),
            Err(refusal) => {
                self.report_refusal(refusal, span);
                None
            }
        }
    }

    fn report_refusal(&mut self, refusal: TargetError, span: Span) {
        match refusal {
            TargetError::Empty => self.report(&codes::EMPTY_LINK, span),
            TargetError::Scheme(scheme) => {
                let diag = self.diag_at(&links::BAD_SCHEME, span).arg("scheme", scheme);
                self.push_diag(diag);
            }
        }
    }

    /// Adds a link to the table and returns its index; `None` if the target is invalid.
    pub fn add_link(&mut self, written: &str, title: Option<String>, span: Span) -> Option<u32> {
        let fixed = link_target::fixed_scheme(written);
        if let Some(fixed) = &fixed {
            // The address may stand in a definition elsewhere in the file.
            let link = self.source.text.get(span.start..span.end).unwrap_or("");
            let place = link.rfind(written).map(|at| Span::new(span.start + at, span.start + at + written.len()));
            let edit = place.map(|place| Edit::new(place, fixed));
            let diag = self.diag_at(&codes::WIDE_ADDRESS, span).arg("fixed", fixed).fixed_by(edit);
            self.push_diag(diag);
        }
        let written = fixed.as_deref().unwrap_or(written);
        if link_target::has_no_host(written) {
            let diag = self.diag_at(&codes::INCOMPLETE_ADDRESS, span).arg("address", written);
            self.push_diag(diag);
            return None;
        }
        if let Some(refusal) = link_target::error_of(written) {
            self.report_refusal(refusal, span);
            return None;
        }
        link_lint::check_punctuation(self, written, span);
        if self.body.links.capacity() == 0 {
            self.body.links.reserve(16);
        }
        self.body.links.push(Link { written: written.into(), title: title.map(String::into_boxed_str), span });
        Some((self.body.links.len() - 1) as u32)
    }

    /// Adds an image to the table and returns its index; `None` if the target is invalid or on another site.
    pub fn add_image(&mut self, written: &str, alt: &str, title: Option<String>, span: Span) -> Option<u32> {
        if written.trim_start().get(.."data:".len()).is_some_and(|s| s.eq_ignore_ascii_case("data:")) {
            self.report(&codes::DATA_IMAGE, span);
            return None;
        }
        let target = match self.parse_target(written, span)? {
            LinkTarget::External(address) => {
                let diag = self.diag_at(&links::REMOTE_IMAGE, span).arg("target", address);
                self.push_diag(diag);
                return None;
            }
            LinkTarget::Anchor(anchor) => LinkTarget::Internal { path: format!("#{anchor}"), anchor: None },
            internal => internal,
        };
        if alt.trim().is_empty() {
            let address = link_target::as_markdown(written);
            let diag = self.diag_at(&codes::MISSING_ALT, span).arg("target", written).arg("address", address);
            self.push_diag(diag);
        }
        self.body.images.push(Image {
            target,
            written: written.into(),
            alt: alt.trim().to_string(),
            title: title.map(String::into_boxed_str),
            span,
        });
        Some((self.body.images.len() - 1) as u32)
    }

    /// Sets the text of an entry in the table of directives.
    pub fn set_entry_text(&mut self, directive: usize, entry: usize, text: HtmlFragment) {
        let data = self.body.directives.get_mut(directive).map(|directive| &mut directive.data);
        if let Some(place) = data.and_then(|data| data.entry_text_mut(entry)) {
            *place = text;
        }
    }

    /// Gives the page's title the id of its heading, unless another element has it.
    pub fn claim_title_id(&mut self) {
        let slug = std::mem::take(&mut self.title_slug);
        if self.body.title_id.is_none() && !slug.is_empty() && self.anchor_ids.claim_free(&slug) {
            self.body.anchors.push(slug.clone());
            self.body.title_id = Some(slug);
        }
    }

    /// Makes an explicit id unique and adds it to the anchors. `span` is the position of the id for diagnostics.
    pub fn claim_id(&mut self, id: &str, span: Span) -> String {
        let (unique, free) = self.anchor_ids.explicit(id);
        if !free {
            let is_reserved = self.anchor_ids.is_of_theme(id);
            let code = if is_reserved { &codes::RESERVED_ANCHOR } else { &codes::DUPLICATE_ANCHOR };
            let diag = self.diag_at(code, span).arg("id", id).arg("renamed", &unique);
            self.push_diag(diag);
        }
        self.body.anchors.push(unique.clone());
        unique
    }
}
