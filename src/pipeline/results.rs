//! Results of surveys: each read once, held against the page it stands beside.
//!
//! In: the site's files and documents. Out: results by survey id, and findings. A build knows of answers only what stands there.

use std::collections::BTreeMap;

use crate::catalog::{Card, Facts};
use crate::settings::Settings;
use crate::source::Snapshot;
use puzhi_core::base::SitePath;
use puzhi_core::diag::codes::surveys as code;
use puzhi_core::diag::{Diag, SourceText};
use puzhi_core::kinds::results::{Results, is_results, read_results, results_page, results_path};

use super::docs::Page;

/// Results by survey id. Where translations have results of their own, those beside the first language's page count.
pub(super) fn read_all<'d>(
    files: &Snapshot,
    settings: &Settings,
    pages: impl Iterator<Item = &'d Page>,
    diags: &mut Vec<Diag>,
) -> BTreeMap<String, Results> {
    let cards: BTreeMap<&SitePath, (&Card, usize)> =
        pages.map(|page| (&page.place.path, (&*page.card, page.place.lang))).collect();
    let mut found: BTreeMap<String, (usize, Results)> = BTreeMap::new();
    for path in files.below("content").filter(|path| is_results(path)) {
        let Some(page) = results_page(path) else { continue };
        let Some((card, lang)) = cards.get(&page) else {
            // A draft's results wait for it; a page with errors has its own findings.
            if !files.contains(&page) {
                diags.push(alone(path, &page, cards.values().map(|(card, _)| *card)));
            }
            continue;
        };
        let id = match &card.facts {
            Facts::Survey(survey) => survey.id.as_ref(),
            _ => {
                diags.push(alone(path, &page, cards.values().map(|(card, _)| *card)));
                continue;
            }
        };
        let source = match files.text(path, settings.limits.data, "data") {
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
            diags
                .push(Diag::new(&code::RESULTS_OF_OTHER).file(path).arg("found", &results.survey).arg("id", &id.value));
            continue;
        }
        if found.get(&results.survey).is_none_or(|(other, _)| lang < other) {
            found.insert(results.survey.clone(), (*lang, results));
        }
    }
    found.into_iter().map(|(id, (_, results))| (id, results)).collect()
}

/// With the name it should have, if some survey has no results yet.
fn alone<'d>(path: &SitePath, page: &SitePath, cards: impl Iterator<Item = &'d Card>) -> Diag {
    let mut surveys = cards.filter(|card| matches!(card.facts, Facts::Survey(_)));
    let example = surveys.find_map(|card| results_path(&card.path)).map(|path| path.name().to_string());
    Diag::new(&code::RESULTS_ALONE).file(path).arg("page", page).maybe("example", example)
}
