//! Formats diagnostics as text for people and as JSON lines for programs.
//!
//! Input: a [`Diagnostic`] and a language. Output: a string. Does not print.

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::{Diagnostic, Lang, Severity};

/// Formats as text: `file:line:column`, severity, message, the line with a mark below it, and the hint. Ends with a
/// line break.
pub fn to_text(diag: &Diagnostic, lang: Lang) -> String {
    let word = match (lang, diag.severity) {
        (Lang::Zh, Severity::Error) => "错误",
        (Lang::Zh, Severity::Warning) => "提醒",
        (Lang::Zh, Severity::Note) => "说明",
        (Lang::En, severity) => severity.name(),
    };
    let mut out = String::new();
    if let Some(file) = &diag.file {
        out.push_str(file.as_str());
        if let Some(position) = diag.position {
            out.push_str(&format!(":{}:{}", position.line, position.column));
        }
        out.push_str(": ");
    }
    out.push_str(&format!("{word}[{}]: {}\n", diag.code.name, diag.message(lang)));
    if let (Some((line, width)), Some(position)) = (&diag.excerpt, diag.position)
        && !line.trim().is_empty()
    {
        let number = position.line.to_string();
        let before: String = line.chars().take(position.column - 1).map(|c| if c == '\t' { ' ' } else { c }).collect();
        let meant: String = line.chars().skip(position.column - 1).take(*width).collect();
        let shown: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out.push_str(&format!("  {number} | {shown}\n"));
        out.push_str(&format!(
            "  {} | {}{}\n",
            " ".repeat(number.len()),
            " ".repeat(before.width()),
            "^".repeat(meant.width().max(1))
        ));
    }
    if let Some(hint) = diag.hint(lang) {
        let word = if lang == Lang::Zh { "改法" } else { "hint" };
        out.push_str(&format!("  {word}: {hint}\n"));
    }
    out
}

/// Formats as one JSON object on one line: `code, severity, file, line, column, message, hint`. Missing values are
/// null.
pub fn to_json(diag: &Diagnostic, lang: Lang) -> String {
    json!({
        "code": diag.code.name,
        "severity": diag.severity.name(),
        "file": diag.file.as_ref().map(|f| f.as_str()),
        "line": diag.position.map(|p| p.line),
        "column": diag.position.map(|p| p.column),
        "message": diag.message(lang),
        "hint": diag.hint(lang),
    })
    .to_string()
}
