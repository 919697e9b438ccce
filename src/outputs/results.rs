//! Results of a survey as CSV and JSON, for readers who compute with them. In: the results of a survey's page. Out: the
//! file. It contains what the page shows and no more: suppressed cells stay suppressed, the verdict is the same, and
//! voluntary samples have no interval.

use serde_json::{Value as Json, json};

use crate::catalog::{KindFacts, PageId, PageRole};
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{RESULT_FILES, Site, SiteData, results_route};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::results::{Results, TableBasis, WaveResults, round_nearest, verdict};
use puzhi_core::kinds::{KindData, Survey};

use super::csv_table::CsvTable;
use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The results of a survey as a file for download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultsFile {
    /// The survey's page.
    pub page: PageId,
    /// File name extension, which says the format.
    pub extension: &'static str,
}

impl Format for ResultsFile {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, results) = (planner.input.catalog, planner.input.results);
        if results.is_empty() {
            return;
        }
        for page in catalog.page_ids() {
            let meta = catalog.page(page);
            if meta.role == PageRole::Page
                && let KindFacts::Survey(survey) = &meta.facts
                && let Some(id) = &survey.id
                && results.get(&id.value).is_some_and(|results| !results.waves.is_empty())
            {
                for extension in RESULT_FILES {
                    let route = results_route(&meta.route, extension);
                    planner.add(route, ResultsFile { page, extension }, Some(meta.path.clone()));
                }
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("results", site.path(self.page), &self.extension))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "survey results"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(results_file(self.page, self.extension, &input.views.site).into())
    }
}

/// The results as a file with this extension; empty for a page without results, for which none is planned.
pub(crate) fn results_file(page: PageId, extension: &str, site: &Site) -> String {
    let resolved_doc = site.resolved_doc(page);
    let KindData::Survey(survey) = &resolved_doc.doc.kind else { return String::new() };
    let Some(results) = site.results_on(page) else { return String::new() };
    if extension == "csv" { csv(survey, results) } else { json(page, survey, results, site) }
}

/// The columns of the CSV file.
#[rustfmt::skip]
const COLUMNS: [&str; 17] = [
    "wave", "opens", "closes", "sample", "part", "question", "text", "option", "option_text", "by", "group",
    "n", "share", "low", "high", "interval", "weighting",
];

/// One row for each number: the share of a wave first, then every option of every question, then cross tables. Shares
/// are in per cent.
fn csv(survey: &Survey, results: &Results) -> String {
    let mut table = CsvTable::new();
    let mut row = |cells: [&str; 17]| table.row(cells);
    row(COLUMNS);
    for wave in &results.waves {
        let (opens, closes) = (wave.opens.as_deref().unwrap_or_default(), wave.closes.as_deref().unwrap_or_default());
        let head = [wave.id.as_str(), opens, closes, wave.sample.as_str()];
        let mut line = |part: &str, of: [&str; 6], numbers: [String; 6]| {
            let [question, text, option, option_text, by, group] = of;
            let [n, share, low, high, interval, weighting] = &numbers;
            let [id, opens, closes, sample] = head;
            row([
                id,
                opens,
                closes,
                sample,
                part,
                question,
                text,
                option,
                option_text,
                by,
                group,
                n,
                share,
                low,
                high,
                interval,
                weighting,
            ]);
        };
        let bare = |n: Option<u64>, share: Option<f64>| {
            let weighting = if share.is_some() { "unweighted" } else { "" };
            [count(n), percent(share), String::new(), String::new(), String::new(), weighting.to_string()]
        };
        let interval = wave.awareness.as_ref().and_then(|figure| figure.interval);
        let kind = interval
            .and_then(|i| serde_json::to_value(i.kind).ok())
            .and_then(|k| k.as_str().map(String::from))
            .unwrap_or_default();
        if let Some(figure) = &wave.awareness {
            let numbers = [
                count(Some(figure.n)),
                percent(figure.share),
                percent(interval.map(|i| i.low)),
                percent(interval.map(|i| i.high)),
                kind.clone(),
                if figure.weighting.is_some() { "weighted" } else { "unweighted" }.to_string(),
            ];
            line("figure", ["", &figure.words, "", "", "", ""], numbers);
            for group in &figure.uncovered {
                let share = [
                    count(None),
                    percent(Some(group.share)),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                ];
                line("uncovered", [&group.question, "", "", &group.option, "", ""], share);
            }
        }
        for question in &wave.questions {
            if question.rows.is_empty() {
                let mean = question.mean.map(|m| format!("{m}")).unwrap_or_default();
                line("mean", [&question.id, &question.text, "", &mean, "", ""], bare(question.n, None));
            }
            for option in &question.rows {
                line(
                    "question",
                    [&question.id, &question.text, &option.id, &option.text, "", ""],
                    bare(option.n, option.share),
                );
                let Some(found) = option.estimate else { continue };
                let weighted = question.estimate.is_some_and(|estimate| estimate.basis == TableBasis::Weighted);
                let numbers = [
                    count(option.n),
                    percent(Some(found.share)),
                    percent(Some(found.low)),
                    percent(Some(found.high)),
                    kind.clone(),
                    if weighted { "weighted" } else { "unweighted" }.to_string(),
                ];
                line("estimate", [&question.id, &question.text, &option.id, &option.text, "", ""], numbers);
            }
        }
        for cross in &wave.crosses {
            let question = cross.question.as_deref().unwrap_or_default();
            let asked = survey.question(question);
            for group in &cross.groups {
                for (column, cell) in cross.columns.iter().zip(&group.cells) {
                    let option_text = asked.and_then(|q| q.option(column)).map_or("", |o| o.text.as_str());
                    line(
                        "cross",
                        [question, asked.map_or("", |q| q.text.as_str()), column, option_text, &cross.by, &group.text],
                        bare(*cell, None),
                    );
                }
                let share = group.percentage().filter(|_| cross.question.is_none());
                let Some(share) = share else { continue };
                let found = group.share;
                let numbers = [
                    count(group.n),
                    percent(Some(round_nearest(share))),
                    percent(found.map(|found| found.low)),
                    percent(found.map(|found| found.high)),
                    found.map(|_| kind.clone()).unwrap_or_default(),
                    "unweighted".to_string(),
                ];
                line("group", ["", "", "aware", "", &cross.by, &group.text], numbers);
            }
        }
    }
    table.finish()
}

/// The results file with the verdict of each wave, and title and address of the survey.
fn json(page: PageId, survey: &Survey, results: &Results, site: &Site) -> String {
    let url = site.url(page);
    let target = survey.target.as_ref();
    let wave = |wave: &WaveResults| {
        let mut value = serde_json::to_value(wave).unwrap_or_default();
        value["verdict"] = json!(verdict(wave, target).as_str());
        value
    };
    let waves: Vec<Json> = results.waves.iter().map(wave).collect();
    let value = json!({
        "survey": results.survey,
        "title": site.link(page).title,
        "url": site.permalink(&url).unwrap_or(url),
        "target": target.map(|t| json!({ "min": t.min, "strict": t.strict })),
        "waves": waves,
    });
    format!("{value:#}\n")
}

/// A count as text; empty if suppressed.
fn count(n: Option<u64>) -> String {
    n.map(|n| n.to_string()).unwrap_or_default()
}

/// A share in per cent with at most six decimals, which cuts off the digits that floating point adds.
fn percent(share: Option<f64>) -> String {
    share.map(|s| ((s * 1e8).round() / 1e6).to_string()).unwrap_or_default()
}
