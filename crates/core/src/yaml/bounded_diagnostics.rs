//! A bounded list of findings: hostile input can make as many as it has characters, a person reads a few.

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, DiagnosticCode, Severity, SourceText};

/// Errors kept, and as many of all else; one of each kind is never hidden by the other.
const MAX_DIAGNOSTICS: usize = 100;

pub(super) struct BoundedDiagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    others: usize,
    dropped: usize,
}

impl BoundedDiagnostics {
    pub fn new() -> Self {
        Self { list: Vec::new(), errors: 0, others: 0, dropped: 0 }
    }

    /// Adds the finding that `code` names at `span`; `fill` sets its arguments and is skipped when the list is full.
    pub fn add(
        &mut self,
        source: &SourceText<'_>,
        code: &'static DiagnosticCode,
        span: Span,
        fill: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let count = if code.severity == Severity::Error { &mut self.errors } else { &mut self.others };
        *count += 1;
        if *count > MAX_DIAGNOSTICS {
            self.dropped += 1;
        } else {
            self.list.push(fill(Diagnostic::new(code)).at(source, span));
        }
    }

    pub fn into_diags(mut self) -> Vec<Diagnostic> {
        if self.dropped > 0 {
            let mut last = Diagnostic::new(&code::TOO_MANY_FINDINGS).arg("count", self.dropped);
            last.file = self.list.last().and_then(|d| d.file.clone());
            self.list.push(last);
        }
        self.list
    }
}
