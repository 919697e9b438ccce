//! A bounded list of findings: hostile input can make as many as it has characters, a person reads a few.

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Code, Diag, Severity, SourceText};

/// Errors kept, and as many of all else; one of each kind is never hidden by the other.
const LIMIT: usize = 100;

pub(super) struct Findings {
    list: Vec<Diag>,
    errors: usize,
    others: usize,
    left_out: usize,
}

impl Findings {
    pub fn new() -> Self {
        Self { list: Vec::new(), errors: 0, others: 0, left_out: 0 }
    }

    /// Adds the finding that `code` names at `span`; `fill` sets its arguments and is skipped when the list is full.
    pub fn add(&mut self, source: &SourceText<'_>, code: &'static Code, span: Span, fill: impl FnOnce(Diag) -> Diag) {
        let count = if code.severity == Severity::Error { &mut self.errors } else { &mut self.others };
        *count += 1;
        if *count > LIMIT {
            self.left_out += 1;
        } else {
            self.list.push(fill(Diag::new(code)).at(source, span));
        }
    }

    pub fn into_diags(mut self) -> Vec<Diag> {
        if self.left_out > 0 {
            let mut last = Diag::new(&code::TOO_MANY_FINDINGS).arg("count", self.left_out);
            last.file = self.list.last().and_then(|d| d.file.clone());
            self.list.push(last);
        }
        self.list
    }
}
