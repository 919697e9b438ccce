//! The results as data: CSV with one number a line, and JSON with the results file, its verdicts and statements.
//!
//! In: a [`ReportInput`]. Out: the text of the file.

use serde_json::{Value as Json, json};

use super::{ReportInput, phrases};
use puzhi_core::base::escape_csv_formula;
use puzhi_core::kinds::SamplingMethod;
use puzhi_core::kinds::results::{TableBasis, WaveResults, verdict};

/// CSV (UTF-8 with a byte order mark, CRLF) with the columns `wave, sample, table, row, column, value`. Shares are from 0 to 1,
/// rounded as they are published. A suppressed count has no value.
pub fn csv(source: &ReportInput<'_>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    // Writing to memory cannot fail.
    let _ = writer.write_record(["wave", "sample", "table", "row", "column", "value"]);
    for wave in &source.results.waves {
        for line in csv_lines(source, wave) {
            let cells = [wave.id.as_str(), wave.sample.as_str(), &line.table, &line.row, &line.column, &line.value];
            let _ = writer.write_record(cells.map(escape_csv_formula));
        }
    }
    for change in &source.results.changes {
        for (column, value) in [("difference", change.difference), ("low", change.low), ("high", change.high)] {
            let _ = writer.write_record([
                &escape_csv_formula(&change.to),
                "",
                "change",
                &escape_csv_formula(&change.from),
                column,
                &value.to_string(),
            ]);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// One number of a wave in the CSV.
struct CsvLine {
    table: String,
    row: String,
    column: String,
    value: String,
}

/// All lines of a wave.
fn csv_lines(source: &ReportInput<'_>, wave: &WaveResults) -> Vec<CsvLine> {
    let mut lines = Vec::new();
    let mut line = |table: &str, row: &str, column: &str, value: String| {
        lines.push(CsvLine { table: table.to_string(), row: row.to_string(), column: column.to_string(), value })
    };
    let count = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let number = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    line("wave", "", "n", wave.n.to_string());
    if let Some(figure) = &wave.awareness {
        line("figure", "", "n", figure.n.to_string());
        line("figure", "", "aware", count(figure.aware));
        line("figure", "", "share", number(figure.share));
        if let Some(bounds) = figure.bounds {
            line("figure", "", "share_from", bounds.low.to_string());
            line("figure", "", "share_to", bounds.high.to_string());
        }
        if let Some(interval) = figure.interval.filter(|_| wave.sample != SamplingMethod::Voluntary) {
            line("figure", "", "low", interval.low.to_string());
            line("figure", "", "high", interval.high.to_string());
            line("figure", "", "level", interval.level.to_string());
        }
        if let Some(weighting) = &figure.weighting {
            line("figure", "", "deff", weighting.deff.to_string());
            line("figure", "", "n_eff", weighting.n_eff.to_string());
        }
        if let Some(design) = &figure.design {
            line("figure", "", "design_effect", design.deff.to_string());
            line("figure", "", "effective_size", design.n_eff.to_string());
        }
        for group in &figure.uncovered {
            line("figure", &group.option, "uncovered", group.share.to_string());
        }
        let verdict = verdict(wave, source.survey.target.as_ref());
        line("figure", "", "verdict", verdict.as_str().to_string());
    }
    for question in &wave.questions {
        line(&question.id, "", "n", count(question.n));
        for row in &question.rows {
            line(&question.id, &row.id, "n", count(row.n));
            line(&question.id, &row.id, "share", number(row.share));
            if let Some(found) = row.estimate {
                let weighted = question.estimate.is_some_and(|estimate| estimate.basis == TableBasis::Weighted);
                let name = if weighted { "weighted_share" } else { "estimate" };
                line(&question.id, &row.id, name, found.share.to_string());
                line(&question.id, &row.id, "low", found.low.to_string());
                line(&question.id, &row.id, "high", found.high.to_string());
            }
        }
        if question.mean.is_some() {
            line(&question.id, "", "mean", number(question.mean));
        }
    }
    for cross in &wave.crosses {
        let table = format!("{} × {}", cross.question.as_deref().unwrap_or("figure"), cross.by);
        for group in &cross.groups {
            line(&table, &group.id, "n", count(group.n));
            if let Some(found) = group.share {
                line(&table, &group.id, "share", found.share.to_string());
                line(&table, &group.id, "low", found.low.to_string());
                line(&table, &group.id, "high", found.high.to_string());
            }
            for (column, cell) in cross.columns.iter().zip(&group.cells) {
                line(&table, &group.id, column, count(*cell));
            }
        }
    }
    for fact in phrases::methodology(wave) {
        line("disclosure", fact.name, "", fact.text);
    }
    lines
}

/// The results file as JSON, with the verdict, the statement and the eleven methodology items of each wave.
pub fn json(source: &ReportInput<'_>) -> String {
    let target = source.survey.target.as_ref();
    let waves: Vec<Json> = source
        .results
        .waves
        .iter()
        .map(|wave| {
            let verdict = verdict(wave, target);
            // A wave always serialises.
            let mut value = serde_json::to_value(wave).unwrap_or_default();
            value["verdict"] = json!(verdict.as_str());
            value["verdict_zh"] = json!(verdict.zh());
            value["statement"] = json!(phrases::statement(source.survey, wave, verdict));
            value["aapor"] = phrases::methodology(wave)
                .into_iter()
                .map(|fact| json!({ "item": fact.name, "text": fact.text }))
                .collect();
            value
        })
        .collect();
    let document = json!({
        "survey": source.results.survey,
        "title": source.title,
        "target": target.and_then(phrases::target),
        "rule": source.survey.awareness.as_ref().map(|a| &a.words),
        "waves": waves,
        "changes": source.results.changes,
        "note": phrases::SUPPRESSION_NOTE,
    });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
