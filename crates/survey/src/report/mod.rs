//! The results of a survey as a document for whoever checks them: HTML to print, Markdown, CSV, JSON.
//!
//! In: the published results with the survey's definition. Out: text; every format tells the same. It holds nothing that the results
//! file does not, so it can be handed on as it is. Knows no answers and no clock.

mod html;
mod markdown;
mod table;
mod words;

use puzhi_core::kinds::Survey;
use puzhi_core::kinds::results::{Change, Results, WaveResults, verdict};

pub use html::html;
pub use markdown::markdown;
pub use table::{csv, json};

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The page's title.
    pub title: &'s str,
    pub survey: &'s Survey,
    pub results: &'s Results,
}

/// A report in words, before it has a format.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub title: String,
    /// What holds for all waves: heading and text.
    pub facts: Vec<Fact>,
    /// Newest first.
    pub waves: Vec<Part>,
    /// From wave to wave; empty with fewer than two that compare.
    pub changes: Option<Grid>,
    /// Why waves do not compare, and what is left out.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub text: String,
}

/// One wave.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub title: String,
    /// The figure, what it shows and what it cannot show.
    pub statement: Vec<String>,
    /// The eleven items.
    pub disclosure: Vec<Fact>,
    pub tables: Vec<Grid>,
}

/// A table; the first cell of a row names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    pub caption: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub note: Option<String>,
}

/// Puts the results into words.
pub fn report(source: &Source<'_>) -> Report {
    let Source { title, survey, results } = source;
    let waves = results.waves.iter().rev().map(|wave| part(source, wave)).collect();
    let mut notes = vec![words::HIDDEN.to_string()];
    notes.extend(results.waves.windows(2).filter(|pair| words::breaks(&pair[0], &pair[1])).map(|pair| {
        format!("{}和{}问的不一样或者算法不一样，两个数字不能相比。", words::name(&pair[0]), words::name(&pair[1]))
    }));
    Report {
        title: format!("{title}：结果"),
        facts: words::facts(survey, results),
        waves,
        changes: changes(results),
        notes,
    }
}

fn part(source: &Source<'_>, wave: &WaveResults) -> Part {
    let target = source.survey.target.as_ref();
    let verdict = verdict(wave.sample, wave.awareness.as_ref(), target);
    let tables = wave
        .questions
        .iter()
        .map(|q| words::question(source.survey, q))
        .chain(wave.crosses.iter().map(|c| words::cross(wave, c)));
    Part {
        title: words::name(wave),
        statement: words::statement(wave, target, verdict),
        disclosure: words::disclosure(wave),
        tables: tables.collect(),
    }
}

fn changes(results: &Results) -> Option<Grid> {
    let named = |id: &str| results.waves.iter().find(|w| w.id == id).map_or_else(|| id.to_string(), words::name);
    let row = |c: &Change| {
        vec![
            named(&c.from),
            named(&c.to),
            words::points(c.difference),
            words::change_range(c),
            words::change_words(c).to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = results.changes.iter().map(row).collect();
    let head = ["从", "到", "相差", "95% 区间", "说明"].map(String::from).to_vec();
    let note = Some("按纽科姆混合得分法计算，单位是百分点。区间包含 0 的，不能说有变化。".to_string());
    (!rows.is_empty()).then(|| Grid { caption: "前后两次的变化".into(), head, rows, note })
}
