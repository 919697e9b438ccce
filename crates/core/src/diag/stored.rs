//! Diagnostics in the cache between builds: serialised by the name of their code, and read back.
//!
//! Input: a [`Diagnostic`], or what was stored of one. Output: the other. A code or argument that this program does not
//! know is an error of the stored form, since another version wrote it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Diagnostic, DiagnosticCode, Excerpt, Fix, Severity, codes};
use crate::base::{LineColumn, SitePath};

/// The serialised form.
#[derive(Serialize, Deserialize)]
struct Stored<'s> {
    code: Cow<'s, str>,
    file: Option<Cow<'s, SitePath>>,
    position: Option<(usize, usize)>,
    excerpt: Option<Cow<'s, Excerpt>>,
    args: Vec<(Cow<'s, str>, Cow<'s, str>)>,
    severity: u8,
    fix: Option<Cow<'s, Fix>>,
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let args = self.args.iter().map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(value.as_ref())));
        Stored {
            code: Cow::Borrowed(self.code.name),
            file: self.file.as_ref().map(Cow::Borrowed),
            position: self.position.map(|position| (position.line, position.column)),
            excerpt: self.excerpt.as_deref().map(Cow::Borrowed),
            args: args.collect(),
            severity: self.severity as u8,
            fix: self.fix.as_deref().map(Cow::Borrowed),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Diagnostic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let code = code_named(&stored.code).ok_or_else(|| D::Error::custom("unknown code"))?;
        let severity = [Severity::Note, Severity::Warning, Severity::Error].into_iter();
        let severity = severity.into_iter().find(|severity| *severity as u8 == stored.severity);
        // An argument that no text of the code shows has no other use.
        let args = stored.args.into_iter();
        let args = args.filter_map(|(name, value)| Some((argument_name(code, &name)?, Cow::Owned(value.into_owned()))));
        Ok(Diagnostic {
            code,
            file: stored.file.map(Cow::into_owned),
            position: stored.position.map(|(line, column)| LineColumn { line, column }),
            excerpt: stored.excerpt.map(|excerpt| Box::new(excerpt.into_owned())),
            args: args.collect(),
            severity: severity.ok_or_else(|| D::Error::custom("unknown severity"))?,
            fix: stored.fix.map(|fix| Box::new(fix.into_owned())),
        })
    }
}

/// The code with this name.
fn code_named(name: &str) -> Option<&'static DiagnosticCode> {
    static CODES: OnceLock<BTreeMap<&'static str, &'static DiagnosticCode>> = OnceLock::new();
    CODES.get_or_init(|| codes::all().into_iter().map(|(_, code)| (code.name, code)).collect()).get(name).copied()
}

/// The name of an argument as it stands in the texts of a code.
fn argument_name(code: &'static DiagnosticCode, name: &str) -> Option<&'static str> {
    [code.zh, code.zh_hint, code.en, code.en_hint].into_iter().find_map(|text| {
        text.match_indices('{').find_map(|(at, _)| {
            let rest = &text[at + 1..];
            rest.strip_prefix(name)?.starts_with('}').then(|| &rest[..name.len()])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;
    use crate::diag::{Edit, Lang, SourceText, to_text};

    #[test]
    fn what_is_stored_comes_back() {
        let path = SitePath::new("content/a.md").unwrap();
        let text = "甲\n见[乙](b.md)\n";
        let source = SourceText::new(&path, text);
        let mut at = Diagnostic::new(&codes::links::BROKEN_LINK).at(&source, Span::new(4, 13)).arg("target", "b.md");
        at.severity = Severity::Error;
        let without = Diagnostic::new(&codes::output::NO_BASE_URL);
        let fixed = at.clone().fixed_by([Edit::new(Span::new(4, 13), "c.md")]);
        assert!(fixed.fix.is_some());
        for diag in [at.arg("nearest", "c.md"), without, fixed] {
            let stored = serde_json::to_string(&diag).unwrap();
            let back: Diagnostic = serde_json::from_str(&stored).unwrap();
            assert_eq!(back, diag);
            assert_eq!(to_text(&back, Lang::Zh), to_text(&diag, Lang::Zh));
        }
    }

    #[test]
    fn what_this_program_does_not_know_is_refused() {
        let stored = serde_json::to_string(&Diagnostic::new(&codes::output::NO_BASE_URL)).unwrap();
        for (old, new) in [("no-base-url", "no-such-code"), ("\"severity\":0", "\"severity\":9")] {
            assert!(stored.contains(old), "{stored}");
            assert!(serde_json::from_str::<Diagnostic>(&stored.replace(old, new)).is_err());
        }
    }
}
