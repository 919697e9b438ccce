//! What all parts of one page share while it is rendered: tables, ids, footnotes, findings.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::anchor_ids::AnchorIds;
use super::html_buffer::HtmlBuffer;
use super::link_target::{self, TargetError};
use super::model::{DirectiveData, HtmlFragment, Image, Link, LinkTarget, MarkdownOptions, RenderedBody};
use puzhi_core::base::{Span, find_byte};
use puzhi_core::diag::codes::{links, markdown as codes};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, SourceText};

/// How many findings of one page are kept.
const MAX_FINDINGS: usize = 300;

pub(super) struct MarkdownContext<'a> {
    pub source: &'a SourceText<'a>,
    pub options: &'a MarkdownOptions<'a>,
    pub body: RenderedBody,
    pub diags: Vec<Diagnostic>,
    pub anchor_ids: AnchorIds,
    /// HTML that no sanitizer may see: formulas.
    pub trusted: Vec<String>,
    pub footnotes: Footnotes,
    /// Link definitions of the texts around a directive, for the links in it.
    pub link_definitions: Rc<RefCell<HashMap<String, (String, String)>>>,
    /// How many bytes links in directives may still take from definitions outside them.
    pub definition_budget: usize,
    /// Texts of timeline entries, which are placed when the page is assembled.
    pub timeline_texts: Vec<TimelineText>,
    /// What was taken out of raw HTML, in order of appearance, and where the first was.
    pub removed: Vec<String>,
    pub removed_at: Option<Span>,
    pub too_deep: bool,
    pub first_paragraph_done: bool,
}

/// The text of one entry of a timeline, as HTML.
pub(super) struct TimelineText {
    /// Index of the timeline among the page's directives.
    pub directive: usize,
    /// Index of the entry in the timeline.
    pub entry: usize,
    pub html: HtmlBuffer,
}

/// Footnotes by label.
#[derive(Default)]
pub(super) struct Footnotes {
    by_label: HashMap<String, u32>,
    pub labels: Vec<String>,
    pub buffers: Vec<Option<HtmlBuffer>>,
    /// Labels that look defined somewhere in the file, for references inside directives.
    pub defined_somewhere: HashSet<String>,
}

impl Footnotes {
    /// Notes the labels that lines of `text` look as if they defined.
    pub fn collect_definitions(&mut self, text: &str) {
        self.defined_somewhere.extend(defined_labels(text));
    }

    /// Puts empty definitions behind `text` for footnotes that are defined outside it, so that the parser takes
    /// references to them for such.
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

    /// The number of `label` in the order of first mention.
    pub fn index(&mut self, label: &str) -> u32 {
        let next = self.labels.len() as u32;
        let index = *self.by_label.entry(footnote_key(label)).or_insert(next);
        if index == next {
            self.labels.push(label.to_string());
            self.buffers.push(None);
        }
        index
    }
}

/// Labels of footnotes that lines of `text` look as if they defined.
fn defined_labels(text: &str) -> impl Iterator<Item = String> {
    let begins = |at: usize| {
        text.as_bytes()[..at].iter().rev().find(|b| !matches!(b, b' ' | b'\t' | b'>')).is_none_or(|b| *b == b'\n')
    };
    let marks = std::iter::successors(next_marker(text, 0), |at| next_marker(text, at + 1));
    marks.filter(move |at| begins(*at)).filter_map(|at| {
        let line = text[at + "[^".len()..].split('\n').next()?;
        let (label, _) = line.split_once("]:")?;
        (label.len() < 200).then(|| footnote_key(label))
    })
}

/// Where the next `[^` stands.
fn next_marker(text: &str, from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let at = find_byte(text.as_bytes(), from, |b| b == b'^')?;
        match at.checked_sub(1) {
            Some(before) if before >= from && text.as_bytes()[before] == b'[' => return Some(before),
            _ => from = at + 1,
        }
    }
}

/// Labels are the same when they differ in case only.
pub(super) fn footnote_key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'a> MarkdownContext<'a> {
    pub fn new(source: &'a SourceText<'a>, options: &'a MarkdownOptions<'a>) -> Self {
        Self {
            source,
            options,
            body: RenderedBody::default(),
            diags: Vec::new(),
            anchor_ids: AnchorIds::default(),
            trusted: Vec::new(),
            footnotes: Footnotes::default(),
            link_definitions: Rc::default(),
            definition_budget: source.text.len().max(100_000),
            timeline_texts: Vec::new(),
            removed: Vec::new(),
            removed_at: None,
            too_deep: false,
            first_paragraph_done: false,
        }
    }

    /// A finding at `span` of the file.
    pub fn diag_at(&self, code: &'static DiagnosticCode, span: Span) -> Diagnostic {
        let diag = Diagnostic::new(code);
        // Finding the place takes as long as its line is; one that is not kept needs none.
        if self.diags.len() < MAX_FINDINGS { diag.at(self.source, span) } else { diag }
    }

    pub fn report(&mut self, code: &'static DiagnosticCode, span: Span) {
        let diag = self.diag_at(code, span);
        self.push_diag(diag);
    }

    /// Keeps a finding. A page with hundreds is one mistake made hundreds of times, or hostile.
    pub fn push_diag(&mut self, diag: Diagnostic) {
        if self.diags.len() < MAX_FINDINGS {
            self.diags.push(diag);
        }
    }

    /// Says once that something is nested too deeply.
    pub fn report_depth(&mut self, span: Span) {
        if !self.too_deep {
            self.too_deep = true;
            let diag = self.diag_at(&codes::TOO_DEEP, span).arg("limit", self.options.max_depth);
            self.push_diag(diag);
        }
    }

    /// Notes what raw HTML lost.
    pub fn report_removed(&mut self, what: String, span: Span) {
        self.removed_at.get_or_insert(span);
        if self.removed.len() < 8 && !self.removed.contains(&what) {
            self.removed.push(what);
        }
    }

    /// Reads an address; says what is wrong with it.
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

    /// The number of a new link, or `None` when it may not be followed.
    pub fn add_link(&mut self, written: &str, title: Option<String>, span: Span) -> Option<u32> {
        if let Some(refusal) = link_target::error_of(written) {
            self.report_refusal(refusal, span);
            return None;
        }
        if self.body.links.capacity() == 0 {
            self.body.links.reserve(16);
        }
        self.body.links.push(Link { written: written.into(), title: title.map(String::into_boxed_str), span });
        Some((self.body.links.len() - 1) as u32)
    }

    /// The number of a new image, or `None` when it may not be shown.
    pub fn add_image(&mut self, written: &str, alt: &str, title: Option<String>, span: Span) -> Option<u32> {
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
            let diag = self.diag_at(&codes::MISSING_ALT, span).arg("target", written);
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

    /// Says once what raw HTML lost.
    pub fn report_html(&mut self) {
        if let Some(span) = self.removed_at {
            let diag = Diagnostic::new(&codes::HTML_REMOVED).at(self.source, span).arg("what", self.removed.join(", "));
            self.diags.push(diag);
        }
    }

    /// Puts the text of a timeline's entry where it belongs.
    pub fn set_timeline_text(&mut self, directive: usize, entry: usize, text: HtmlFragment) {
        if let Some(DirectiveData::Timeline { entries }) = self.body.directives.get_mut(directive).map(|d| &mut d.data)
            && let Some(entry) = entries.get_mut(entry)
        {
            entry.text = text;
        }
    }

    /// An id somebody wrote, made unique; findings are for the id's own place.
    pub fn claim_id(&mut self, id: &str, span: Span) -> String {
        let (unique, free) = self.anchor_ids.explicit(id);
        if !free {
            let diag = self.diag_at(&codes::DUPLICATE_ANCHOR, span).arg("id", id);
            self.push_diag(diag);
        }
        self.body.anchors.push(unique.clone());
        unique
    }
}
