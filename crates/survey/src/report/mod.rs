//! The results of a survey as a document for its readers: HTML to print, Markdown, CSV and JSON.
//!
//! In: the published results and the survey's definition. Out: text; every format says the same. A report holds nothing that the
//! results file does not, so it may be published. Knows no responses and no clock.

mod html;
mod markdown;
mod phrases;
mod table;

use puzhi_core::kinds::Survey;
use puzhi_core::kinds::results::{Results, WaveChange, WaveResults, verdict};

pub use html::html;
pub use markdown::markdown;
pub use table::{csv, json};

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'s> {
    /// Title of the survey's page.
    pub title: &'s str,
    /// The definition.
    pub survey: &'s Survey,
    /// The published results.
    pub results: &'s Results,
}

/// A report before it has a format.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyReport {
    /// Title of the document.
    pub title: String,
    /// What holds for all waves.
    pub general: Vec<ReportItem>,
    /// The waves, newest first.
    pub waves: Vec<WaveSection>,
    /// Changes from wave to wave; `None` without two comparable waves.
    pub changes: Option<ReportTable>,
    /// Why waves are not comparable, and what is suppressed.
    pub notes: Vec<String>,
}

/// A named fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportItem {
    /// Its name.
    pub name: &'static str,
    /// The fact.
    pub text: String,
}

/// The section of one wave.
#[derive(Debug, Clone, PartialEq)]
pub struct WaveSection {
    /// Name of the wave.
    pub title: String,
    /// The figure, its verdict, and its limits, as sentences.
    pub statement: Vec<String>,
    /// The eleven items of AAPOR's Survey Disclosure Checklist.
    pub methodology: Vec<ReportItem>,
    /// Tables of the questions, then the cross tables.
    pub tables: Vec<ReportTable>,
}

/// A table. The first cell of a row is its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTable {
    /// What it shows.
    pub caption: String,
    /// Headings of the columns.
    pub head: Vec<String>,
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
    /// A remark below the table.
    pub note: Option<String>,
}

/// Makes the report of all waves.
pub fn build_report(source: &ReportInput<'_>) -> SurveyReport {
    let ReportInput { title, survey, results } = source;
    let waves = results.waves.iter().rev().map(|wave| wave_section(source, wave)).collect();
    let mut notes = vec![phrases::SUPPRESSION_NOTE.to_string()];
    notes.extend(results.waves.windows(2).filter_map(|pair| {
        let why = phrases::break_words(&pair[0], &pair[1]);
        let names = (phrases::wave_name(&pair[0]), phrases::wave_name(&pair[1]));
        (!why.is_empty()).then(|| format!("{}和{}：{}，两个数字不能相比。", names.0, names.1, why.join("、")))
    }));
    SurveyReport {
        title: format!("{title}：结果"),
        general: phrases::general_items(survey, results),
        waves,
        changes: changes(results),
        notes,
    }
}

/// The section of one wave.
fn wave_section(source: &ReportInput<'_>, wave: &WaveResults) -> WaveSection {
    let target = source.survey.target.as_ref();
    let verdict = verdict(wave, target);
    let tables = wave
        .questions
        .iter()
        .map(|q| phrases::question_table(source.survey, q))
        .chain(wave.crosses.iter().map(|c| phrases::cross_table(wave, c)));
    WaveSection {
        title: phrases::wave_name(wave),
        statement: phrases::statement(source.survey, wave, verdict),
        methodology: phrases::methodology(wave),
        tables: tables.collect(),
    }
}

/// The table of changes; `None` when there are none.
fn changes(results: &Results) -> Option<ReportTable> {
    let named = |id: &str| results.waves.iter().find(|w| w.id == id).map_or_else(|| id.to_string(), phrases::wave_name);
    let row = |c: &WaveChange| {
        vec![
            named(&c.from),
            named(&c.to),
            phrases::percentage_points(c.difference),
            phrases::change_range(c),
            phrases::change_words(c).to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = results.changes.iter().map(row).collect();
    let head = ["从", "到", "相差", "95% 区间", "说明"].map(String::from).to_vec();
    let note = Some("按纽科姆混合得分法计算，单位是百分点。区间包含 0 的，不能说有变化。".to_string());
    (!rows.is_empty()).then(|| ReportTable { caption: "前后两次的变化".into(), head, rows, note })
}
