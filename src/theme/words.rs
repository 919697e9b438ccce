//! UI words: the embedded theme's, the theme's, the site's own, each shadowing the one before.

use std::collections::BTreeMap;

use crate::markdown::Labels;
use crate::settings::Settings;
use crate::source::Snapshot;
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Diag, SourceText};
use puzhi_core::yaml::parse_mapping;

use super::embedded;

/// Words of one language by key.
pub type Words = BTreeMap<String, String>;

/// Words for every language of the site.
pub(super) fn load(files: &Snapshot, settings: &Settings, folder: &str, diags: &mut Vec<Diag>) -> Vec<Words> {
    settings
        .languages
        .iter()
        .map(|language| {
            let primary = language.tag.split('-').next().unwrap_or_default();
            let mut words = Words::new();
            // A language nobody translated speaks English rather than Chinese.
            let base = if primary == "zh" { "i18n/zh.yaml" } else { "i18n/en.yaml" };
            let mut names: Vec<&str> = vec![primary, language.tag.as_str(), language.code.as_str()];
            names.dedup();
            for embedded in std::iter::once(base.to_string()).chain(names.iter().map(|n| format!("i18n/{n}.yaml"))) {
                if let Some(bytes) = embedded::files().get(&embedded) {
                    let path = SitePath::new(&format!("themes/civic/{embedded}")).unwrap_or_else(|_| SitePath::root());
                    add(&mut words, &path, &String::from_utf8_lossy(bytes), diags);
                }
            }
            for layer in [format!("{folder}/i18n"), "i18n".to_string()] {
                for name in &names {
                    let Ok(path) = SitePath::new(&format!("{layer}/{name}.yaml")) else { continue };
                    if !files.contains(&path) {
                        continue;
                    }
                    match files.text(&path, settings.limits.data, "data") {
                        Ok((source, warning)) => {
                            diags.extend(warning);
                            add(&mut words, &path, &source.text, diags);
                        }
                        Err(diag) => diags.push(diag),
                    }
                }
            }
            words
        })
        .collect()
}

fn add(words: &mut Words, path: &SitePath, text: &str, diags: &mut Vec<Diag>) {
    let source = SourceText::new(path, text);
    let (mapping, found) = parse_mapping(&source, Span::new(0, text.len()));
    diags.extend(found);
    words.extend(mapping.entries.iter().filter_map(|e| Some((e.key.clone(), e.node.text()?.into_owned()))));
}

/// The words Markdown puts into HTML.
pub fn labels(words: &Words) -> Labels {
    let word = |key: &str| words.get(key).cloned().unwrap_or_else(|| key.to_string());
    Labels {
        note: word("md_note"),
        tip: word("md_tip"),
        important: word("md_important"),
        warning: word("md_warning"),
        caution: word("md_caution"),
        footnotes: word("md_footnotes"),
        footnote_back: word("md_footnote_back"),
        anchor: word("md_anchor"),
        external: word("md_external"),
        table: word("md_table"),
        todo: word("md_todo"),
        done: word("md_done"),
        credit: word("md_credit"),
    }
}
