//! All diagnostics that puzhi can report, one table for each topic. The reference page is generated from [`all`].
//!
//! Contains only data: names, severities, messages and hints in Chinese and English.

use super::{DiagnosticCode, Severity};

/// Declares the codes of a topic and the list `ALL` of them. `fixable` behind the severity: some of these diagnostics have a
/// fix.
macro_rules! codes {
    (@fixable) => { false };
    (@fixable fixable) => { true };
    ($($(#[doc = $doc:literal])* $id:ident $name:literal $severity:ident $($fixable:ident)? { zh: $zh:literal, $zh_hint:literal; en: $en:literal, $en_hint:literal; })*) => {
        $($(#[doc = $doc])* pub static $id: DiagnosticCode = DiagnosticCode {
            name: $name, severity: Severity::$severity, zh: $zh, zh_hint: $zh_hint, en: $en, en_hint: $en_hint,
            fixable: codes!(@fixable $($fixable)?),
        };)*
        /// All codes of this topic, in the order of the reference page.
        pub static ALL: &[&DiagnosticCode] = &[$(&$id),*];
    };
}

pub mod diagrams;
pub mod events;
pub mod front_matter;
pub mod kinds;
pub mod links;
pub mod markdown;
pub mod output;
pub mod pictures;
pub mod releases;
pub mod settings;
pub mod source;
pub mod start;
pub mod surveys;
pub mod theme;

/// Returns all codes, each with the name of its topic.
pub fn all() -> Vec<(&'static str, &'static DiagnosticCode)> {
    [
        ("source", source::ALL),
        ("settings", settings::ALL),
        ("front matter", front_matter::ALL),
        ("kinds", kinds::ALL),
        ("events", events::ALL),
        ("surveys", surveys::ALL),
        ("markdown", markdown::ALL),
        ("diagrams", diagrams::ALL),
        ("links", links::ALL),
        ("theme", theme::ALL),
        ("pictures", pictures::ALL),
        ("output", output::ALL),
        ("releases", releases::ALL),
        ("start", start::ALL),
    ]
    .into_iter()
    .flat_map(|(topic, list)| list.iter().map(move |code| (topic, *code)))
    .collect()
}

#[cfg(test)]
mod tests {
    /// A brace stands for itself unless it holds the name of an argument, so two of them would both be printed.
    #[test]
    fn no_text_doubles_a_brace_that_stands_for_itself() {
        for (_, code) in super::all() {
            for text in [code.zh, code.zh_hint, code.en, code.en_hint] {
                for (at, _) in text.match_indices("{{") {
                    let name = text[at + 2..].split('}').next().unwrap_or_default();
                    assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}: {text}", code.name);
                }
            }
        }
    }
}
