//! Diagnostics as data: a stable code, a position in a file, named arguments, in Chinese and English.
//!
//! Rooms make [`Diagnostic`]s and return them; only `cli` prints them. Every diagnostic has its message and hint in [`codes`],
//! one table for each topic: [`DiagnosticCode`] is `non_exhaustive`, so no other crate can make one. An argument may carry words
//! of the room that gives it, such as the name of a type or the cause of an I/O error.

pub mod codes;
mod render;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use crate::base::{LineColumn, LineIndex, SitePath, Span};

pub use render::{to_json, to_text};

/// How bad it is. Errors keep a page (and the site) from being published; warnings do so under `--strict`; notes never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For information only.
    Note,
    /// Worth mending; an error under `--strict`.
    Warning,
    /// Keeps its page from being published.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`, as JSON output names it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// One kind of diagnostic. `{name}` in the texts is replaced by the argument of that name.
#[derive(Debug)]
#[non_exhaustive]
pub struct DiagnosticCode {
    /// Stable kebab-case name.
    pub name: &'static str,
    /// How bad it is unless `--strict` makes an error of it.
    pub severity: Severity,
    /// What is wrong.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// What to type instead. A hint whose arguments are missing is left out.
    pub zh_hint: &'static str,
    /// The same in English.
    pub en_hint: &'static str,
}

impl PartialEq for DiagnosticCode {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A file's decoded text, in which diagnostics find line, column and excerpt.
pub struct SourceText<'t> {
    /// Path of the file.
    pub file: &'t SitePath,
    /// The whole decoded text.
    pub text: &'t str,
    lines: OnceLock<LineIndex>,
}

impl<'t> SourceText<'t> {
    /// Takes the text; its line index is made when the first position is asked for.
    pub fn new(file: &'t SitePath, text: &'t str) -> Self {
        Self { file, text, lines: OnceLock::new() }
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// Line and column of byte `offset`.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        self.lines().line_column(self.text, offset)
    }
}

/// One finding about one place of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: &'static DiagnosticCode,
    /// The file it is about; `None` for a finding about the command line or the whole site.
    pub file: Option<SitePath>,
    /// Where in the file; `None` when it is about the file as a whole.
    pub position: Option<LineColumn>,
    /// The line it is about (cut to 200 characters) and how many characters are meant.
    pub excerpt: Option<(String, usize)>,
    args: Vec<(&'static str, Cow<'static, str>)>,
    /// Set by `--strict` on warnings.
    pub severity: Severity,
}

impl Diagnostic {
    /// A finding without file, position and arguments.
    pub fn new(code: &'static DiagnosticCode) -> Self {
        Self { code, file: None, position: None, excerpt: None, args: Vec::new(), severity: code.severity }
    }

    /// At `span` of `source`.
    pub fn at(mut self, source: &SourceText<'_>, span: Span) -> Self {
        let position = source.line_column(span.start);
        let line: String = source.lines().line(source.text, position.line).chars().take(200).collect();
        let end = span.end.min(source.text.len());
        let width = source.text.get(span.start..end).map_or(1, |t| t.lines().next().unwrap_or("").chars().count());
        self.file = Some(source.file.clone());
        self.position = Some(position);
        self.excerpt = Some((line, width.max(1)));
        self
    }

    /// About `file` as a whole.
    pub fn file(mut self, file: &SitePath) -> Self {
        self.file = Some(file.clone());
        self
    }

    /// At a known position of `file`, for findings of a library that reports lines and columns.
    pub fn at_position(mut self, file: &SitePath, position: LineColumn) -> Self {
        self.file = Some(file.clone());
        self.position = Some(position);
        self
    }

    /// Sets a named argument of the message, cut to 300 characters, with U+FFFD for control characters.
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        let text: String = value.to_string();
        let clean: String = text.chars().take(300).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
        self.args.push((name, clean.into()));
        self
    }

    /// Like [`Diagnostic::arg`] when there is a value.
    pub fn optional_arg(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(v) => self.arg(name, v),
            None => self,
        }
    }

    /// The message in `lang`. An argument that was not given shows as `…`.
    pub fn message(&self, lang: Lang) -> String {
        self.interpolate(match lang {
            Lang::Zh => self.code.zh,
            Lang::En => self.code.en,
        })
        .0
    }

    /// The hint, or `None` when there is none or one of its arguments was not given.
    pub fn hint(&self, lang: Lang) -> Option<String> {
        let template = match lang {
            Lang::Zh => self.code.zh_hint,
            Lang::En => self.code.en_hint,
        };
        if template.is_empty() {
            return None;
        }
        let (text, complete) = self.interpolate(template);
        complete.then_some(text)
    }

    /// The template with its arguments filled in, and whether none was missing.
    fn interpolate(&self, template: &str) -> (String, bool) {
        let mut out = String::new();
        let mut complete = true;
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                out.push_str(&rest[..open + 1]);
                rest = &rest[open + 1..];
                continue;
            }
            out.push_str(&rest[..open]);
            match self.args.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.push_str(value),
                None => {
                    complete = false;
                    out.push('…');
                }
            }
            rest = &rest[open + close + 1..];
        }
        out.push_str(rest);
        (out, complete)
    }

    /// Whether it keeps its page from being published.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts findings by file, position, code and arguments, so that output does not depend on the order of threads.
pub fn sort(diags: &mut [Diagnostic]) {
    diags.sort_by(|a, b| {
        (&a.file, a.position, a.code.name).cmp(&(&b.file, b.position, b.code.name)).then_with(|| a.args.cmp(&b.args))
    });
}
