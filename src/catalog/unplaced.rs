//! Diagnostics whose position is still a byte range. Knows neither catalog nor pages.

use puzhi_core::base::Span;
use puzhi_core::diag::Diagnostic;

/// A diagnostic about a file whose text is not loaded: page metadata keeps byte ranges only. The build reads the file
/// again to convert the range to line and column.
#[derive(Debug)]
pub struct UnplacedDiagnostic {
    /// The diagnostic; its file is set, its position is not.
    pub diag: Diagnostic,
    /// Byte range in the file, or `None` if the diagnostic is about the whole file.
    pub span: Option<Span>,
}
