//! A list of diagnostics with an upper bound: malicious input can cause one diagnostic for each character, but a
//! person reads only a few.
//!
//! Input: single diagnostics. Output: the kept ones, and a note with the number of dropped ones.

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, DiagnosticCode, Severity, SourceText};

/// Maximum number of errors, and maximum number of warnings and notes. The two are counted separately, so that many
/// warnings cannot push out an error.
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

    /// Adds a diagnostic with `code` at `span`. `fill` sets its arguments; it is not called when the list is full.
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
