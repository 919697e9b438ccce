//! Diagnostics as data: a stable code, a place in a file, named arguments, in Chinese and English.
//!
//! Rooms make [`Diagnostic`]s and hand them up; only `cli` prints them. The wording lives in [`codes`], one table per topic.

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
    Note,
    Warning,
    Error,
}

impl Severity {
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
    #[default]
    Zh,
    En,
}

/// One kind of diagnostic. `{name}` in the texts is replaced by the argument of that name.
#[derive(Debug)]
pub struct DiagnosticCode {
    /// Stable kebab-case name.
    pub name: &'static str,
    pub severity: Severity,
    /// What is wrong.
    pub zh: &'static str,
    pub en: &'static str,
    /// What to type instead. A hint whose arguments are missing is left out.
    pub zh_hint: &'static str,
    pub en_hint: &'static str,
}

impl PartialEq for DiagnosticCode {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A file's decoded text, from which diagnostics take their places.
pub struct SourceText<'t> {
    pub file: &'t SitePath,
    pub text: &'t str,
    lines: OnceLock<LineIndex>,
}

impl<'t> SourceText<'t> {
    pub fn new(file: &'t SitePath, text: &'t str) -> Self {
        Self { file, text, lines: OnceLock::new() }
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    pub fn line_column(&self, offset: usize) -> LineColumn {
        self.lines().line_column(self.text, offset)
    }
}

/// One finding about one place of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    pub code: &'static DiagnosticCode,
    pub file: Option<SitePath>,
    pub position: Option<LineColumn>,
    /// The line it is about (cut to 200 characters) and how many characters are meant.
    pub excerpt: Option<(String, usize)>,
    args: Vec<(&'static str, Cow<'static, str>)>,
    /// Set by `--strict` on warnings.
    pub severity: Severity,
}

impl Diagnostic {
    pub fn new(code: &'static DiagnosticCode) -> Self {
        Self { code, file: None, position: None, excerpt: None, args: Vec::new(), severity: code.severity }
    }

    /// At `span` of `source`.
    pub fn at(mut self, source: &SourceText<'_>, span: Span) -> Self {
        let place = source.line_column(span.start);
        let line: String = source.lines().line(source.text, place.line).chars().take(200).collect();
        let end = span.end.min(source.text.len());
        let width = source.text.get(span.start..end).map_or(1, |t| t.lines().next().unwrap_or("").chars().count());
        self.file = Some(source.file.clone());
        self.position = Some(place);
        self.excerpt = Some((line, width.max(1)));
        self
    }

    /// About `file` as a whole.
    pub fn file(mut self, file: &SitePath) -> Self {
        self.file = Some(file.clone());
        self
    }

    /// At a known place of `file`, for findings made by a tool that reports lines and columns.
    pub fn at_position(mut self, file: &SitePath, place: LineColumn) -> Self {
        self.file = Some(file.clone());
        self.position = Some(place);
        self
    }

    /// Sets a named argument of the message. Control characters are made visible, length is bounded.
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

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts findings for a reader: by file, then place, then code, so that output never depends on threads.
pub fn sort(diags: &mut [Diagnostic]) {
    diags.sort_by(|a, b| {
        (&a.file, a.position, a.code.name).cmp(&(&b.file, b.position, b.code.name)).then_with(|| a.args.cmp(&b.args))
    });
}
