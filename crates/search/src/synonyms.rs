//! `data/search.yaml`: what people call a thing, and what the pages call it. In: the text of the file. Out: [`Synonym`]s and diagnostics.

use puzhi_core::base::Span;
use puzhi_core::diag::codes::source as codes;
use puzhi_core::diag::{Diagnostic, DiagnosticCode, SourceText};
use puzhi_core::yaml::{Node, Value, parse_value};

use super::units::normalised;

/// Most words with synonyms: all of them are in the file that every search loads.
const MAX_WORDS: usize = 1000;

/// Most synonyms of one word.
const MAX_MEANINGS: usize = 8;

/// Longest word or synonym, in characters.
const MAX_LENGTH: usize = 20;

/// A word of the people with the words that pages use for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Synonym {
    /// What is typed, normalised.
    pub word: String,
    /// What is also sought then, normalised. Synonyms of these are not.
    pub means: Vec<String>,
}

/// Reads the file: each key is a word, its value one synonym or a list of them.
pub fn read_synonyms(source: &SourceText<'_>) -> (Vec<Synonym>, Vec<Diagnostic>) {
    let (node, mut diags) = parse_value(source, Span::new(0, source.text.len()));
    let mut synonyms: Vec<Synonym> = Vec::new();
    let Some(map) = node.as_map() else {
        if !node.is_null() {
            diags.push(Diagnostic::new(&codes::BAD_SYNONYMS).at(source, node.span).arg("word", "抢注"));
        }
        return (synonyms, diags);
    };
    let refuse = |code: &'static DiagnosticCode, span: Span, word: &str| {
        Diagnostic::new(code).at(source, span).arg("word", word)
    };
    for entry in &map.entries {
        if !is_short(&entry.key) {
            let diag = refuse(&codes::SYNONYM_TOO_LONG, entry.key_span, &entry.key);
            diags.push(diag.arg("most", MAX_LENGTH));
            continue;
        }
        let written: Vec<&Node> = match &entry.node.value {
            Value::List(list) => list.iter().collect(),
            _ => vec![&entry.node],
        };
        if written.len() > MAX_MEANINGS {
            let diag = refuse(&codes::TOO_MANY_SYNONYMS, entry.key_span, &entry.key);
            diags.push(diag.arg("most", MAX_MEANINGS).arg("count", written.len()));
        }
        let mut means = Vec::new();
        for node in written.into_iter().take(MAX_MEANINGS) {
            match node.text() {
                Some(text) if is_short(&text) => means.push(normalised(text.trim()).into_owned()),
                Some(text) if !text.trim().is_empty() => {
                    diags.push(refuse(&codes::SYNONYM_TOO_LONG, node.span, &text).arg("most", MAX_LENGTH));
                }
                _ => diags.push(refuse(&codes::BAD_SYNONYMS, node.span, &entry.key)),
            }
        }
        synonyms.push(Synonym { word: normalised(entry.key.trim()).into_owned(), means });
    }
    if let Some(first) = map.entries.get(MAX_WORDS) {
        let diag = refuse(&codes::TOO_MANY_SYNONYMS, first.key_span, &first.key);
        diags.push(diag.arg("most", MAX_WORDS).arg("count", map.entries.len()));
        synonyms.truncate(MAX_WORDS);
    }
    synonyms.retain(|synonym| !synonym.means.is_empty());
    (synonyms, diags)
}

fn is_short(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.trim().chars().count())
}
