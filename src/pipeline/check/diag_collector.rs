//! Diagnostics of one page, collected while its references are followed.

use super::*;

/// Collects findings of one file, whose text is read only when there are any, and once.
pub struct DiagCollector<'p> {
    pub files: &'p FileSnapshot,
    pub path: &'p SitePath,
    pub limit: u64,
    pub unplaced: Vec<(Diagnostic, Span)>,
    /// Findings that have their place already.
    pub diags: Vec<Diagnostic>,
    pub refs: Vec<ReferenceKey>,
}

/// How many findings of one page are told what is nearest: looking costs more than finding.
const MAX_SUGGESTIONS: usize = 200;

impl DiagCollector<'_> {
    pub fn report(&mut self, diag: Diagnostic, span: Span) {
        self.unplaced.push((diag, span));
    }

    pub fn may_suggest(&self) -> bool {
        self.unplaced.len() < MAX_SUGGESTIONS
    }

    pub fn into_diags(mut self) -> Vec<Diagnostic> {
        if !self.unplaced.is_empty() {
            let text = self.files.read_text(self.path, self.limit, "markdown").map(|(s, _)| s.text).unwrap_or_default();
            let source = SourceText::new(self.path, &text);
            self.diags.extend(self.unplaced.into_iter().map(|(diag, span)| diag.at(&source, span)));
        }
        self.diags
    }
}
