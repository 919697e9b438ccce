//! Reads the published results of surveys and compares each file with the page beside it.
//!
//! In: the site's files and pages. Out: results by survey id, and findings. A build knows no answers but those in these files.

use std::collections::BTreeMap;

use crate::catalog::{KindFacts, PageMeta};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use puzhi_core::base::SitePath;
use puzhi_core::diag::codes::surveys as code;
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::kinds::results::{Results, is_results, read_results, results_page, results_path};

use super::docs::ContentPage;

/// Results by survey id. Where translations have results of their own, those beside the first language's page count.
pub(super) fn read_all<'d>(
    files: &FileSnapshot,
    settings: &Settings,
    pages: impl Iterator<Item = &'d ContentPage>,
    diags: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Results> {
    let metas: BTreeMap<&SitePath, (&PageMeta, usize)> =
        pages.map(|page| (&page.place.path, (&*page.meta, page.place.lang))).collect();
    let mut found: BTreeMap<String, (usize, Results)> = BTreeMap::new();
    for path in files.paths_in("content").filter(|path| is_results(path)) {
        let Some(page) = results_page(path) else { continue };
        let Some((meta, lang)) = metas.get(&page) else {
            // A draft's results wait for it; a page with errors has its own findings.
            if !files.contains(&page) {
                diags.push(alone(path, &page, metas.values().map(|(meta, _)| *meta)));
            }
            continue;
        };
        let (id, declared) = match &meta.facts {
            KindFacts::Survey(survey) => (survey.id.as_ref(), &survey.waves),
            // Results of a withdrawn survey are published no more.
            _ if meta.withdrawn.is_some() => continue,
            _ => {
                diags.push(alone(path, &page, metas.values().map(|(meta, _)| *meta)));
                continue;
            }
        };
        let source = match files.read_text(path, settings.limits.data, "data") {
            Ok((source, warning)) => {
                diags.extend(warning);
                source
            }
            Err(diag) => {
                diags.push(diag);
                continue;
            }
        };
        let (results, wrong) = read_results(&SourceText::new(path, &source.text));
        diags.extend(wrong);
        let (Some(results), Some(id)) = (results, id) else { continue };
        if results.survey != id.value {
            diags.push(
                Diagnostic::new(&code::RESULTS_OF_OTHER).file(path).arg("found", &results.survey).arg("id", &id.value),
            );
            continue;
        }
        if let Some(unsigned) = settings.survey.results_key.and_then(|key| results.signature_finding(&key, path)) {
            diags.push(unsigned);
            continue;
        }
        if let Some(differs) = results.first_difference_from_page(declared) {
            diags.push(differs.diagnostic(&code::RESULTS_DIFFER, path));
            continue;
        }
        if found.get(&results.survey).is_none_or(|(other, _)| lang < other) {
            found.insert(results.survey.clone(), (*lang, results));
        }
    }
    found.into_iter().map(|(id, (_, results))| (id, results)).collect()
}

/// With the name it should have, if some survey has no results yet.
fn alone<'d>(path: &SitePath, page: &SitePath, metas: impl Iterator<Item = &'d PageMeta>) -> Diagnostic {
    let mut surveys = metas.filter(|meta| matches!(meta.facts, KindFacts::Survey(_)));
    let example = surveys.find_map(|meta| results_path(&meta.path)).map(|path| path.name().to_string());
    Diagnostic::new(&code::RESULTS_ALONE).file(path).arg("page", page).optional_arg("example", example)
}
