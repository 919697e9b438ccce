//! Texts of the user interface. Sources in ascending priority: the embedded theme, the site's theme, the site's
//! `i18n` folder.
//!
//! Input: the snapshot and the languages of the settings. Output: one map of texts per language. Does not know
//! templates.

use std::collections::BTreeMap;

use crate::markdown::MarkdownLabels;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::yaml::parse_mapping;

use super::embedded;

/// Texts of one language by key.
pub type Translations = BTreeMap<String, String>;

/// Loads the texts for each language of the site, in the order of the settings.
pub(super) fn load(
    files: &FileSnapshot,
    settings: &Settings,
    folder: &str,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Translations> {
    settings
        .languages
        .iter()
        .map(|language| {
            let primary = language.tag.split('-').next().unwrap_or_default();
            let mut translations = Translations::new();
            // A language without translation falls back to English, except Chinese variants, which fall back to
            // Chinese.
            let base = if primary == "zh" { "zh" } else { "en" };
            let names = distinct(&[primary, &language.tag, &language.code]);
            for name in distinct(&[&[base], names.as_slice()].concat()) {
                let embedded = format!("i18n/{name}.yaml");
                if let Some(bytes) = embedded::files().get(&embedded) {
                    let path = SitePath::new(&format!("themes/civic/{embedded}")).unwrap_or_else(|_| SitePath::root());
                    merge_file(&mut translations, &path, &String::from_utf8_lossy(bytes), diags);
                }
            }
            for layer in [format!("{folder}/i18n"), "i18n".to_string()] {
                for name in &names {
                    let Ok(path) = SitePath::new(&format!("{layer}/{name}.yaml")) else { continue };
                    if !files.contains(&path) {
                        continue;
                    }
                    match files.read_text(&path, settings.limits.data, "data") {
                        Ok((source, warning)) => {
                            diags.extend(warning);
                            merge_file(&mut translations, &path, &source.text, diags);
                        }
                        Err(diag) => diags.push(diag),
                    }
                }
            }
            translations
        })
        .collect()
}

/// Each name once, where it stands first: a file that is read twice would hide what a more specific one says.
fn distinct<'n>(names: &[&'n str]) -> Vec<&'n str> {
    let mut out = Vec::new();
    for name in names {
        if !out.contains(name) {
            out.push(*name);
        }
    }
    out
}

fn merge_file(translations: &mut Translations, path: &SitePath, text: &str, diags: &mut Vec<Diagnostic>) {
    let source = SourceText::new(path, text);
    let (mapping, found) = parse_mapping(&source, Span::new(0, text.len()));
    diags.extend(found);
    translations.extend(mapping.entries.iter().filter_map(|e| Some((e.key.clone(), e.node.text()?.into_owned()))));
}

/// The texts that the Markdown renderer writes into HTML.
pub fn markdown_labels(translations: &Translations) -> MarkdownLabels {
    let translate = |key: &str| translations.get(key).cloned().unwrap_or_else(|| key.to_string());
    MarkdownLabels {
        note: translate("md_note"),
        tip: translate("md_tip"),
        important: translate("md_important"),
        warning: translate("md_warning"),
        caution: translate("md_caution"),
        footnotes: translate("md_footnotes"),
        footnote_back: translate("md_footnote_back"),
        anchor: translate("md_anchor"),
        external: translate("md_external"),
        table: translate("md_table"),
        todo: translate("md_todo"),
        done: translate("md_done"),
        credit: translate("md_credit"),
    }
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn a_file_of_texts_is_read_once() {
        assert_eq!(distinct(&["zh", "zh", "zh-Hans", "zh"]), ["zh", "zh-Hans"]);
    }
}
