//! What all parts of one page share while it is rendered: tables, ids, footnotes, findings.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::draft::Draft;
use super::ids::Ids;
use super::model::{Body, DirectiveData, Fragment, Image, Link, Options, Target};
use super::target::{self, Refusal};
use puzhi_core::base::{Span, find_byte};
use puzhi_core::diag::codes::{links, markdown as codes};
use puzhi_core::diag::{Code, Diag, SourceText};

/// How many findings of one page are kept.
const MAX_FINDINGS: usize = 300;

pub(super) struct Page<'a> {
    pub source: &'a SourceText<'a>,
    pub options: &'a Options<'a>,
    pub body: Body,
    pub diags: Vec<Diag>,
    pub ids: Ids,
    /// HTML that no sanitizer may see: formulas.
    pub trusted: Vec<String>,
    pub notes: Notes,
    /// Link definitions of the texts around a directive, for the links in it.
    pub refs: Rc<RefCell<HashMap<String, (String, String)>>>,
    /// How many bytes links in directives may still take from definitions outside them.
    pub ref_budget: usize,
    /// Texts of timeline entries: directive, entry, HTML.
    pub texts: Vec<(usize, usize, Draft)>,
    /// What was taken out of raw HTML, in order of appearance, and where the first was.
    pub removed: Vec<String>,
    pub removed_at: Option<Span>,
    pub too_deep: bool,
    pub lead_done: bool,
}

/// Footnotes by label.
#[derive(Default)]
pub(super) struct Notes {
    by_label: HashMap<String, u32>,
    pub labels: Vec<String>,
    pub drafts: Vec<Option<Draft>>,
    /// Labels that look defined somewhere in the file, for references inside directives.
    pub known: HashSet<String>,
}

impl Notes {
    /// Notes the labels that lines of `text` look as if they defined.
    pub fn learn(&mut self, text: &str) {
        self.known.extend(defined(text));
    }

    /// Puts empty definitions behind `text` for footnotes that are defined outside it, so that the parser takes
    /// references to them for such.
    pub fn announce(&self, text: &mut String) {
        if !text.contains("[^") {
            return;
        }
        let own: HashSet<String> = defined(text).collect();
        let mut wanted: Vec<&str> = Vec::new();
        for (at, _) in text.match_indices("[^") {
            let rest = &text[at + 2..];
            let window = rest.char_indices().nth(200).map_or(rest, |(end, _)| &rest[..end]);
            if let Some((label, _)) = window.split_once(']')
                && self.known.contains(&note_key(label))
                && !own.contains(&note_key(label))
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
        let index = *self.by_label.entry(note_key(label)).or_insert(next);
        if index == next {
            self.labels.push(label.to_string());
            self.drafts.push(None);
        }
        index
    }
}

/// Labels of footnotes that lines of `text` look as if they defined.
fn defined(text: &str) -> impl Iterator<Item = String> {
    let begins = |at: usize| {
        text.as_bytes()[..at].iter().rev().find(|b| !matches!(b, b' ' | b'\t' | b'>')).is_none_or(|b| *b == b'\n')
    };
    let marks = std::iter::successors(next_mark(text, 0), |at| next_mark(text, at + 1));
    marks.filter(move |at| begins(*at)).filter_map(|at| {
        let line = text[at + "[^".len()..].split('\n').next()?;
        let (label, _) = line.split_once("]:")?;
        (label.len() < 200).then(|| note_key(label))
    })
}

/// Where the next `[^` stands.
fn next_mark(text: &str, from: usize) -> Option<usize> {
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
pub(super) fn note_key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'a> Page<'a> {
    pub fn new(source: &'a SourceText<'a>, options: &'a Options<'a>) -> Self {
        Self {
            source,
            options,
            body: Body::default(),
            diags: Vec::new(),
            ids: Ids::default(),
            trusted: Vec::new(),
            notes: Notes::default(),
            refs: Rc::default(),
            ref_budget: source.text.len().max(100_000),
            texts: Vec::new(),
            removed: Vec::new(),
            removed_at: None,
            too_deep: false,
            lead_done: false,
        }
    }

    /// A finding at `span` of the file.
    pub fn find(&self, code: &'static Code, span: Span) -> Diag {
        let diag = Diag::new(code);
        // Finding the place takes as long as its line is; one that is not kept needs none.
        if self.diags.len() < MAX_FINDINGS { diag.at(self.source, span) } else { diag }
    }

    pub fn report(&mut self, code: &'static Code, span: Span) {
        let diag = self.find(code, span);
        self.push(diag);
    }

    /// Keeps a finding. A page with hundreds is one mistake made hundreds of times, or hostile.
    pub fn push(&mut self, diag: Diag) {
        if self.diags.len() < MAX_FINDINGS {
            self.diags.push(diag);
        }
    }

    /// Says once that something is nested too deeply.
    pub fn report_depth(&mut self, span: Span) {
        if !self.too_deep {
            self.too_deep = true;
            let diag = self.find(&codes::TOO_DEEP, span).arg("limit", self.options.max_depth);
            self.push(diag);
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
    pub fn target(&mut self, written: &str, span: Span) -> Option<Target> {
        match target::read(written) {
            Ok(target) => Some(target),
            Err(refusal) => {
                self.refuse(refusal, span);
                None
            }
        }
    }

    fn refuse(&mut self, refusal: Refusal, span: Span) {
        match refusal {
            Refusal::Empty => self.report(&codes::EMPTY_LINK, span),
            Refusal::Scheme(scheme) => {
                let diag = self.find(&links::BAD_SCHEME, span).arg("scheme", scheme);
                self.push(diag);
            }
        }
    }

    /// The number of a new link, or `None` when it may not be followed.
    pub fn link(&mut self, written: &str, title: Option<String>, span: Span) -> Option<u32> {
        if let Some(refusal) = target::refusal(written) {
            self.refuse(refusal, span);
            return None;
        }
        if self.body.links.capacity() == 0 {
            self.body.links.reserve(16);
        }
        self.body.links.push(Link { written: written.into(), title: title.map(String::into_boxed_str), span });
        Some((self.body.links.len() - 1) as u32)
    }

    /// The number of a new image, or `None` when it may not be shown.
    pub fn image(&mut self, written: &str, alt: &str, title: Option<String>, span: Span) -> Option<u32> {
        let target = match self.target(written, span)? {
            Target::External(address) => {
                let diag = self.find(&links::REMOTE_IMAGE, span).arg("target", address);
                self.push(diag);
                return None;
            }
            Target::Anchor(anchor) => Target::Internal { path: format!("#{anchor}"), anchor: None },
            internal => internal,
        };
        if alt.trim().is_empty() {
            let diag = self.find(&codes::MISSING_ALT, span).arg("target", written);
            self.push(diag);
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
            let diag = Diag::new(&codes::HTML_REMOVED).at(self.source, span).arg("what", self.removed.join(", "));
            self.diags.push(diag);
        }
    }

    /// Puts the text of a timeline's entry where it belongs.
    pub fn place_text(&mut self, directive: usize, entry: usize, text: Fragment) {
        if let Some(DirectiveData::Timeline { entries }) = self.body.directives.get_mut(directive).map(|d| &mut d.data)
            && let Some(entry) = entries.get_mut(entry)
        {
            entry.text = text;
        }
    }

    /// An id somebody wrote, made unique; findings are for the id's own place.
    pub fn written_id(&mut self, id: &str, span: Span) -> String {
        let (unique, free) = self.ids.written(id);
        if !free {
            let diag = self.find(&codes::DUPLICATE_ANCHOR, span).arg("id", id);
            self.push(diag);
        }
        self.body.anchors.push(unique.clone());
        unique
    }
}
