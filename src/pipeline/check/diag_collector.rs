//! Diagnostics of one page, collected while its references are followed.

use super::ReferenceChecker;
use super::reference_key::{ReferenceKey, TrackedReference};
use crate::source::FileSnapshot;
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Diagnostic, Edit, SourceText};

/// Collects the findings of one file. The file's text, which gives their lines and columns, is read only if there are any, and once.
pub struct DiagCollector<'p> {
    /// The site's files.
    pub files: &'p FileSnapshot,
    /// The file the findings are about.
    pub path: &'p SitePath,
    /// Size limit for reading it, in bytes.
    pub limit: u64,
    /// Its text, if that is not to be read from the file.
    text: Option<&'p str>,
    /// Findings that have no line and column yet.
    unplaced: Vec<UnplacedFinding>,
    /// Findings about other files, complete.
    pub diags: Vec<Diagnostic>,
    /// The keys of what was read to follow the page's references.
    refs: Vec<ReferenceKey>,
}

/// A finding with its byte range in the file.
struct UnplacedFinding {
    diag: Diagnostic,
    span: Span,
    /// What corrects it.
    correction: Option<Correction>,
}

/// An address or part of it, as it is written in a link or as a value, and what to type for it.
pub struct Correction {
    /// What stands there.
    pub written: String,
    /// What stands there instead.
    pub typed: String,
}

impl Correction {
    /// The edit of the link or value at `span` of a text. `None` if it is written in another way, such as with references to
    /// characters, or if what is to be typed would need another form of link.
    fn edit(&self, text: &str, span: Span) -> Option<Edit> {
        let link = text.get(span.start..span.end)?;
        let address = link.rfind("](").map_or(0, |at| at + "](".len());
        let start = span.start + address + link[address..].find(&self.written)?;
        let is_plain = !self.typed.contains(|c: char| c.is_whitespace() || "()<>\"'%".contains(c));
        is_plain.then(|| Edit::new(Span::new(start, start + self.written.len()), &self.typed))
    }
}

/// Up to this many findings of one page get a suggestion: searching a similar name costs more than finding the error.
const MAX_SUGGESTIONS: usize = 200;

impl<'p> DiagCollector<'p> {
    /// Nothing collected yet for the file at `path`.
    pub fn new(files: &'p FileSnapshot, path: &'p SitePath, limit: u64) -> Self {
        Self { files, path, limit, text: None, unplaced: Vec::new(), diags: Vec::new(), refs: Vec::new() }
    }

    /// Places are counted in this text instead of the file's, if there is one.
    pub fn of_text(self, text: Option<&'p str>) -> Self {
        Self { text, ..self }
    }

    /// Reads a value and records that the page's references depend on it.
    pub fn read<'s, 'c: 's, F: TrackedReference<'c>>(
        &mut self,
        checker: &'s ReferenceChecker<'c>,
        of: F::Of,
    ) -> F::Value<'s> {
        let value = F::read(checker, &of);
        self.refs.push(F::key(of));
        value
    }

    /// The keys of what was read, ascending, without those of the facet named `unrecorded`.
    pub fn take_refs(&mut self, unrecorded: Option<&str>) -> Vec<ReferenceKey> {
        let mut refs = std::mem::take(&mut self.refs);
        if let Some(unrecorded) = unrecorded {
            refs.retain(|key| key.names().en != unrecorded);
        }
        refs.sort_unstable();
        refs.dedup();
        refs
    }

    /// Adds a finding at a byte range of the file.
    pub fn report(&mut self, diag: Diagnostic, span: Span) {
        self.report_with(diag, span, None);
    }

    /// The same, with what corrects it.
    pub fn report_with(&mut self, diag: Diagnostic, span: Span, correction: Option<Correction>) {
        self.unplaced.push(UnplacedFinding { diag, span, correction });
    }

    /// Whether the next finding may look for a suggestion.
    pub fn may_suggest(&self) -> bool {
        self.unplaced.len() < MAX_SUGGESTIONS
    }

    /// All findings, with line and column.
    pub fn into_diags(mut self) -> Vec<Diagnostic> {
        if !self.unplaced.is_empty() {
            let text = match self.text {
                Some(text) => text.to_string(),
                None => {
                    let read = self.files.read_text(self.path, self.limit, "markdown");
                    read.map(|(source, _)| source.text).unwrap_or_default()
                }
            };
            let source = SourceText::new(self.path, &text);
            self.diags.extend(self.unplaced.into_iter().map(|UnplacedFinding { diag, span, correction }| {
                let edit = correction.and_then(|correction| correction.edit(&text, span));
                diag.at(&source, span).fixed_by(edit)
            }));
        }
        self.diags
    }
}
