//! Diagnostics of one page, collected while its references are followed.

use super::ReferenceKey;
use crate::source::FileSnapshot;
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText};

/// Collects the findings of one file. The file's text, which gives their lines and columns, is read only if there are any, and once.
pub struct DiagCollector<'p> {
    /// The site's files.
    pub files: &'p FileSnapshot,
    /// The file the findings are about.
    pub path: &'p SitePath,
    /// Size limit for reading it, in bytes.
    pub limit: u64,
    /// Findings with their byte range in the file.
    pub unplaced: Vec<(Diagnostic, Span)>,
    /// Findings about other files, complete.
    pub diags: Vec<Diagnostic>,
    /// What the page's references depend on.
    pub refs: Vec<ReferenceKey>,
}

/// Up to this many findings of one page get a suggestion: searching a similar name costs more than finding the error.
const MAX_SUGGESTIONS: usize = 200;

impl DiagCollector<'_> {
    /// Adds a finding at a byte range of the file.
    pub fn report(&mut self, diag: Diagnostic, span: Span) {
        self.unplaced.push((diag, span));
    }

    /// Whether the next finding may look for a suggestion.
    pub fn may_suggest(&self) -> bool {
        self.unplaced.len() < MAX_SUGGESTIONS
    }

    /// All findings, with line and column.
    pub fn into_diags(mut self) -> Vec<Diagnostic> {
        if !self.unplaced.is_empty() {
            let text = self.files.read_text(self.path, self.limit, "markdown").map(|(s, _)| s.text).unwrap_or_default();
            let source = SourceText::new(self.path, &text);
            self.diags.extend(self.unplaced.into_iter().map(|(diag, span)| diag.at(&source, span)));
        }
        self.diags
    }
}
