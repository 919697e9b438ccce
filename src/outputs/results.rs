//! Results of a survey as CSV and JSON, for readers who compute with them. In: the results of a survey's page. Out: the
//! file. It contains what the page shows and no more: suppressed cells stay suppressed, the verdict is the same, and
//! voluntary samples have no interval.

use serde_json::{Value as Json, json};

use crate::catalog::{KindFacts, PageId, PageRole};
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{RESULT_FILES, Site, SiteData, results_route};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::results::{Results, ShareInterval, TableBasis, WaveResults, round_nearest, verdict};
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

/// What a row is about: question, its text, option, its text, grouping question, group.
type Subject<'r> = [&'r str; 6];
/// Number of respondents, share, bounds of its interval, kind of interval, whether weighted.
type Numbers = [String; 6];

/// One row for each number: the share of a wave first, then every option of every question, then cross tables. Shares
/// are in per cent.
fn csv(survey: &Survey, results: &Results) -> String {
    let mut table = CsvTable::new();
    table.row(COLUMNS);
    for wave in &results.waves {
        let (opens, closes) = (wave.opens.as_deref().unwrap_or_default(), wave.closes.as_deref().unwrap_or_default());
        let mut line = |part: &str, subject: Subject<'_>, numbers: Numbers| {
            let head = [wave.id.as_str(), opens, closes, wave.sample.as_str(), part];
            let cells = head.into_iter().chain(subject).chain(numbers.iter().map(String::as_str));
            let mut row = [""; COLUMNS.len()];
            row.iter_mut().zip(cells).for_each(|(into, cell)| *into = cell);
            table.row(row);
        };
        figure_rows(wave, &mut line);
        question_rows(wave, &mut line);
        cross_rows(survey, wave, &mut line);
    }
    table.finish()
}

/// A count and an unweighted share without interval.
fn bare(n: Option<u64>, share: Option<f64>) -> Numbers {
    let weighting = if share.is_some() { "unweighted" } else { "" };
    [count(n), percent(share), String::new(), String::new(), String::new(), weighting.to_string()]
}

/// A share with its interval; the kind of the interval is that of the figure.
fn estimated(wave: &WaveResults, n: Option<u64>, found: ShareInterval, weighted: bool) -> Numbers {
    let weighting = if weighted { "weighted" } else { "unweighted" };
    let bounds = [percent(Some(found.low)), percent(Some(found.high))];
    let [low, high] = bounds;
    [count(n), percent(Some(found.share)), low, high, interval_kind(wave), weighting.to_string()]
}

fn interval_kind(wave: &WaveResults) -> String {
    let interval = wave.awareness.as_ref().and_then(|figure| figure.interval);
    let kind = interval.and_then(|i| serde_json::to_value(i.kind).ok());
    kind.and_then(|kind| kind.as_str().map(String::from)).unwrap_or_default()
}

fn figure_rows(wave: &WaveResults, line: &mut impl FnMut(&str, Subject<'_>, Numbers)) {
    let Some(figure) = &wave.awareness else { return };
    let interval = figure.interval;
    let numbers = [
        count(Some(figure.n)),
        percent(figure.share),
        percent(interval.map(|i| i.low)),
        percent(interval.map(|i| i.high)),
        interval_kind(wave),
        if figure.weighting.is_some() { "weighted" } else { "unweighted" }.to_string(),
    ];
    line("figure", ["", &figure.words, "", "", "", ""], numbers);
    for group in &figure.uncovered {
        let mut numbers = bare(None, Some(group.share));
        numbers[5].clear();
        line("uncovered", [&group.question, "", "", &group.option, "", ""], numbers);
    }
}

fn question_rows(wave: &WaveResults, line: &mut impl FnMut(&str, Subject<'_>, Numbers)) {
    for question in &wave.questions {
        if question.rows.is_empty() {
            let mean = question.mean.map(|m| format!("{m}")).unwrap_or_default();
            line("mean", [&question.id, &question.text, "", &mean, "", ""], bare(question.n, None));
        }
        let weighted = question.estimate.is_some_and(|estimate| estimate.basis == TableBasis::Weighted);
        for option in &question.rows {
            let subject: Subject<'_> = [&question.id, &question.text, &option.id, &option.text, "", ""];
            line("question", subject, bare(option.n, option.share));
            if let Some(found) = option.estimate {
                line("estimate", subject, estimated(wave, option.n, found, weighted));
            }
        }
    }
}

fn cross_rows(survey: &Survey, wave: &WaveResults, line: &mut impl FnMut(&str, Subject<'_>, Numbers)) {
    for cross in &wave.crosses {
        let question = cross.question.as_deref().unwrap_or_default();
        let asked = survey.question(question);
        for group in &cross.groups {
            for (column, cell) in cross.columns.iter().zip(&group.cells) {
                let option_text = asked.and_then(|q| q.option(column)).map_or("", |o| o.text.as_str());
                let text = asked.map_or("", |q| q.text.as_str());
                line("cross", [question, text, column, option_text, &cross.by, &group.text], bare(*cell, None));
            }
            let numbers = match (group.share, group.percentage()) {
                (Some(found), _) => estimated(wave, group.n, found, false),
                (None, share) => bare(group.n, share.map(round_nearest)),
            };
            if cross.question.is_none() && !numbers[1].is_empty() {
                line("group", ["", "", "aware", "", &cross.by, &group.text], numbers);
            }
        }
    }
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
