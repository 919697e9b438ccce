//! Diagnostics as data: a stable code, a position in a file and named arguments, with texts in Chinese and English.
//!
//! Other modules create [`Diagnostic`]s and return them; only `cli` prints them. Messages and hints of all
//! diagnostics are in [`codes`], one table for each topic. [`DiagnosticCode`] is `non_exhaustive`, so no other crate
//! can create one. An argument may contain text of the module that sets it, such as the name of a type or the cause
//! of an I/O error.

pub mod codes;
mod excerpt;
mod fix;
mod grouped;
mod io_cause;
mod render;
mod stored;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use jiff::tz::TimeZone;

use crate::base::{LineColumn, LineIndex, SitePath, Span};

pub use excerpt::Excerpt;
pub use fix::{Edit, Fix};
pub use grouped::to_grouped_text;
pub use io_cause::{IoWords, io_words};
pub use render::{TextStyle, to_json, to_styled_text, to_text};

/// How serious a diagnostic is. An error keeps its page, or the whole site, from being published. A warning does so
/// only under `--strict`, a note never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For information only.
    Note,
    /// Should be corrected; becomes an error under `--strict`.
    Warning,
    /// Keeps its page from being published.
    Error,
}

impl Severity {
    /// Returns `note`, `warning` or `error`, as in JSON output.
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

impl Lang {
    /// The Chinese or the English one of two wordings.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// One kind of diagnostic. In its texts, `{name}` is replaced by the argument of that name.
#[derive(Debug)]
#[non_exhaustive]
pub struct DiagnosticCode {
    /// Stable name in kebab case.
    pub name: &'static str,
    /// Severity without `--strict`.
    pub severity: Severity,
    /// The message in Chinese.
    pub zh: &'static str,
    /// The message in English.
    pub en: &'static str,
    /// The hint in Chinese: how to correct the error. A hint is left out if one of its arguments is missing.
    pub zh_hint: &'static str,
    /// The hint in English.
    pub en_hint: &'static str,
    /// Whether a diagnostic of this kind can have a [`Fix`].
    pub fixable: bool,
}

impl PartialEq for DiagnosticCode {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The decoded text of a file. Diagnostics use it to compute line, column and excerpt.
pub struct SourceText<'t> {
    /// Path of the file.
    pub file: &'t SitePath,
    /// The whole decoded text.
    pub text: &'t str,
    /// Time zone of the site, in which the file's times are read; `None` where it does not matter.
    pub zone: Option<&'t TimeZone>,
    lines: OnceLock<LineIndex>,
}

impl<'t> SourceText<'t> {
    /// Wraps the text. The line index is built on first use.
    pub fn new(file: &'t SitePath, text: &'t str) -> Self {
        Self { file, text, zone: None, lines: OnceLock::new() }
    }

    /// Sets the time zone to which times with a UTC offset are converted.
    pub fn in_zone(mut self, zone: &'t TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// Returns line and column of byte `offset`.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        self.lines().line_column(self.text, offset)
    }
}

/// One error, warning or note about one position of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The kind of diagnostic.
    pub code: &'static DiagnosticCode,
    /// The file; `None` if the diagnostic is about the command line or the whole site.
    pub file: Option<SitePath>,
    /// The position in the file; `None` if the diagnostic is about the whole file.
    pub position: Option<LineColumn>,
    /// The text around the position.
    pub excerpt: Option<Box<Excerpt>>,
    args: Vec<(&'static str, Cow<'static, str>)>,
    /// Severity of this diagnostic. `--strict` changes warnings to errors.
    pub severity: Severity,
    /// What corrects it without a decision of a person.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    /// Creates a diagnostic without file, position and arguments.
    pub fn new(code: &'static DiagnosticCode) -> Self {
        Self { code, file: None, position: None, excerpt: None, args: Vec::new(), severity: code.severity, fix: None }
    }

    /// Sets file, position and excerpt to `span` of `source`.
    pub fn at(mut self, source: &SourceText<'_>, span: Span) -> Self {
        self.file = Some(source.file.clone());
        self.position = Some(source.line_column(span.start));
        self.excerpt = Some(Box::new(Excerpt::of(source.text, span)));
        self
    }

    /// Sets the file, without a position.
    pub fn file(mut self, file: &SitePath) -> Self {
        self.file = Some(file.clone());
        self
    }

    /// Sets file and position, for errors of a library that reports line and column.
    pub fn at_position(mut self, file: &SitePath, position: LineColumn) -> Self {
        self.file = Some(file.clone());
        self.position = Some(position);
        self
    }

    /// Sets the edits that correct it. Without edits, with edits that overlap, and of a kind that is not
    /// [`fixable`](DiagnosticCode::fixable), it has no fix.
    pub fn fixed_by(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.fix = Fix::new(edits.into_iter().collect()).filter(|_| self.code.fixable).map(Box::new);
        self
    }

    /// Sets a named argument of the message. The value is cut to 300 characters; line breaks and tabs become
    /// spaces, other control characters U+FFFD.
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        let text: String = value.to_string();
        let shown = |c: char| match c {
            '\t' | '\n' | '\r' => ' ',
            c if c.is_control() => '\u{FFFD}',
            c => c,
        };
        let clean: String = text.trim_matches(['\n', '\r']).chars().take(300).map(shown).collect();
        self.args.push((name, clean.into()));
        self
    }

    /// Sets a named argument that keeps its lines, each indented by four spaces: at most 12 lines of 100 characters,
    /// then `…`. Other control characters become U+FFFD.
    pub fn block_arg(mut self, name: &'static str, text: &str) -> Self {
        const LINES: usize = 12;
        let count = text.lines().count();
        let clean = |line: &str| -> String {
            line.chars().take(100).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
        };
        // The last line closes the block, so it is shown even where lines are left out.
        let shown = text.lines().enumerate().filter(|(at, _)| count <= LINES || *at < LINES - 2 || *at == count - 1);
        let mut lines: Vec<String> = shown.map(|(_, line)| format!("    {}", clean(line))).collect();
        if count > LINES {
            lines.insert(LINES - 2, "    …".to_string());
        }
        self.args.push((name, lines.join("\n").into()));
        self
    }

    /// Like [`Diagnostic::arg`] if there is a value; otherwise does nothing.
    pub fn optional_arg(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(v) => self.arg(name, v),
            None => self,
        }
    }

    /// Sets a named argument in place of its earlier value.
    pub fn replace_arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.retain(|(n, _)| *n != name);
        self.arg(name, value)
    }

    /// The value of a named argument, if it was set.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_ref())
    }

    /// Returns the message in `lang`. A missing argument is shown as `…`.
    pub fn message(&self, lang: Lang) -> String {
        self.interpolate(match lang {
            Lang::Zh => self.code.zh,
            Lang::En => self.code.en,
        })
        .0
    }

    /// Returns the hint, or `None` if there is no hint or one of its arguments is missing.
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

    /// Fills the arguments into the template. The second value is whether all arguments were present.
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

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by file, position, code and arguments, so that the output does not depend on the order in which threads
/// finish.
pub fn sort(diags: &mut [Diagnostic]) {
    diags.sort_by(|a, b| {
        (&a.file, a.position, a.code.name).cmp(&(&b.file, b.position, b.code.name)).then_with(|| a.args.cmp(&b.args))
    });
}
