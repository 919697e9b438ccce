//! Converts Tera errors to diagnostics with file, line and the variables that were available. Does not know pages.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind};

use puzhi_core::base::{LineColumn, SitePath};
use puzhi_core::diag::{Diagnostic, codes};

/// Converts an error of rendering or loading the template `name`. `available` are the top-level variables of the
/// context, `paths` the files of the templates.
pub(super) fn diagnose(
    error: &Error,
    name: &str,
    available: &BTreeSet<&str>,
    paths: &BTreeMap<String, SitePath>,
) -> Diagnostic {
    let file = |template: &str| {
        paths.get(template).or_else(|| paths.get(&format!("theme/{template}"))).cloned().unwrap_or_else(SitePath::root)
    };
    let listed = available.iter().copied().collect::<Vec<_>>().join(", ");
    match error.kind() {
        ErrorKind::SyntaxError(report) => Diagnostic::new(&codes::theme::TEMPLATE_SYNTAX)
            .at_position(&file(report.filename()), position_of(report.span()))
            .arg("cause", report.message()),
        ErrorKind::RenderingError(report) => Diagnostic::new(&codes::theme::TEMPLATE_FAILED)
            .at_position(&file(report.filename()), position_of(report.span()))
            .arg("cause", report.message())
            .optional_arg("available", (!listed.is_empty()).then_some(listed)),
        ErrorKind::MissingParent { current, parent } => {
            Diagnostic::new(&codes::theme::TEMPLATE_MISSING).file(&file(current)).arg("name", parent)
        }
        ErrorKind::TemplateNotFound(missing) => {
            Diagnostic::new(&codes::theme::TEMPLATE_MISSING).file(&file(name)).arg("name", missing)
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            Diagnostic::new(&codes::theme::TEMPLATE_CIRCLE).file(&file(tpl)).arg("name", tpl)
        }
        other => Diagnostic::new(&codes::theme::TEMPLATE_FAILED)
            .file(&file(name))
            .arg("cause", other)
            .optional_arg("available", (!listed.is_empty()).then_some(listed)),
    }
}

/// Converts a position: Tera counts lines from 1 and columns from 0.
fn position_of(span: &tera::Span) -> LineColumn {
    LineColumn { line: span.start_line.max(1), column: span.start_col + 1 }
}
