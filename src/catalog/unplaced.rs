//! Findings that know their file but not yet the line and column.

use puzhi_core::base::Span;
use puzhi_core::diag::Diagnostic;

/// A finding about a file whose text is not at hand: cards keep spans only. The pipeline reads the file again to turn the span into
/// a line and column.
#[derive(Debug)]
pub struct UnplacedDiagnostic {
    /// The finding, with its file.
    pub diag: Diagnostic,
    /// Bytes of the file it is about, if that is known.
    pub span: Option<Span>,
}
