//! Formats diagnostics as text for people and as JSON lines for programs.
//!
//! Input: a [`Diagnostic`], a language and a [`TextStyle`]. Output: a string. Does not print.

use serde_json::json;

use super::{Diagnostic, Edit, Lang, Severity};

/// How text for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextStyle {
    /// Columns of the terminal, to which excerpts are cut.
    pub width: usize,
    /// Whether to use the colours of ECMA-48 (ANSI).
    pub colour: bool,
    /// How the program is called in the reader's shell: `puzhi`, or `./puzhi` where it stands in the site's folder.
    pub program: &'static str,
}

impl Default for TextStyle {
    fn default() -> Self {
        TextStyle { width: 80, colour: false, program: "puzhi" }
    }
}

impl TextStyle {
    /// A text of the program with its commands as the reader types them.
    pub fn commands(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("puzhi ") {
            let whole_word =
                !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '\\' | '_'));
            let is_command = whole_word && after.starts_with(|c: char| c.is_ascii_lowercase());
            out.push_str(before);
            out.push_str(if is_command { self.program } else { "puzhi" });
            out.push(' ');
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// `text` in the colour of a severity.
    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        let colour = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Note => "1;36",
        };
        self.paint(colour, text)
    }

    /// The name of a place, which stands out.
    pub(super) fn place(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What matters less than the rest.
    pub(super) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

/// Formats as plain text for 80 columns: `file:line:column`, severity, message, the text around the place with a mark
/// below it, and the hint. Ends with a line break.
pub fn to_text(diag: &Diagnostic, lang: Lang) -> String {
    to_styled_text(diag, lang, TextStyle::default())
}

/// The same in a style.
pub fn to_styled_text(diag: &Diagnostic, lang: Lang, style: TextStyle) -> String {
    let mut out = String::new();
    if let Some(place) = place_of(diag) {
        out.push_str(&format!("{}: ", style.place(&place)));
    }
    let head = format!("{}[{}]", severity_word(diag.severity, lang), diag.code.name);
    out.push_str(&format!("{}: {}\n", style.severity(diag.severity, &head), diag.message(lang)));
    if let (Some(excerpt), Some(position)) = (&diag.excerpt, diag.position)
        && !excerpt.is_blank()
    {
        let number = position.line.to_string();
        let fitted = excerpt.fit(style.width.saturating_sub(number.len() + 5));
        out.push_str(&format!("  {} {}\n", style.faint(&format!("{number} |")), fitted.text));
        let (gap, indent) = (" ".repeat(number.len()), " ".repeat(fitted.indent));
        let mark = style.severity(diag.severity, &"^".repeat(fitted.marked));
        out.push_str(&format!("  {} {indent}{mark}\n", style.faint(&format!("{gap} |"))));
    }
    if let Some(hint) = diag.hint(lang) {
        let hint = style.commands(&hint);
        out.push_str(&format!("  {}: {hint}\n", style.place(lang.pick("改法", "hint"))));
    }
    out
}

/// `file:line:column`, as far as they are known.
pub(super) fn place_of(diag: &Diagnostic) -> Option<String> {
    let file = diag.file.as_ref()?;
    Some(match diag.position {
        Some(position) => format!("{file}:{}:{}", position.line, position.column),
        None => file.to_string(),
    })
}

fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match (lang, severity) {
        (Lang::Zh, Severity::Error) => "错误",
        (Lang::Zh, Severity::Warning) => "提醒",
        (Lang::Zh, Severity::Note) => "说明",
        (Lang::En, severity) => severity.name(),
    }
}

/// Formats as one JSON object on one line: `code, severity, file, line, column, message, hint, fix`. Missing values are
/// null. A fix is a list of edits `{file, start, end, replacement}`, whose places are bytes of the file's text in UTF-8,
/// without byte order mark and with LF line ends.
pub fn to_json(diag: &Diagnostic, lang: Lang) -> String {
    json!({
        "code": diag.code.name,
        "severity": diag.severity.name(),
        "file": diag.file.as_ref().map(|f| f.as_str()),
        "line": diag.position.map(|p| p.line),
        "column": diag.position.map(|p| p.column),
        "message": diag.message(lang),
        "hint": diag.hint(lang),
        "fix": diag.fix.as_ref().map(|fix| fix.edits().iter().map(|edit| edit_json(diag, edit)).collect::<Vec<_>>()),
    })
    .to_string()
}

fn edit_json(diag: &Diagnostic, edit: &Edit) -> serde_json::Value {
    json!({
        "file": diag.file.as_ref().map(|f| f.as_str()),
        "start": edit.span.start,
        "end": edit.span.end,
        "replacement": edit.replacement,
    })
}
