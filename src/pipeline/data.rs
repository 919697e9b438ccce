//! Parses the files of `data/`, each once, for templates, directives and the target board. In: files and size limits. Out: [`Data`], with
//! findings. Knows no page.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::assets::{DataFault, DataTable, DataTableError, LineRange, json_fault, read_data_table};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use puzhi_core::base::{LineColumn, SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::{Target, read_targets};
use puzhi_core::yaml::parse_value;
use puzhi_search::{Synonym, read_synonyms};

/// What the data files of a site hold.
#[derive(Debug, Default)]
pub(super) struct Data {
    pub json: BTreeMap<SitePath, Json>,
    pub targets: Vec<Target>,
    /// Synonyms for the search.
    pub synonyms: Vec<Synonym>,
    pub diags: Vec<Diagnostic>,
}

/// Reads every file of `data/` that templates can use.
pub(super) fn read_all(files: &FileSnapshot, settings: &Settings) -> Data {
    let mut data = Data::default();
    for path in files.paths_in("data") {
        let extension = path.extension();
        if !matches!(extension.as_str(), "yaml" | "yml" | "json" | "csv") {
            continue;
        }
        let file = match files.read_text(path, settings.limits.data, "data") {
            Ok((file, warning)) => {
                data.diags.extend(warning);
                file
            }
            Err(diag) => {
                data.diags.push(diag);
                continue;
            }
        };
        let source = SourceText::new(path, &file.text);
        if path.as_str() == "data/targets.yaml" {
            let (targets, found) = read_targets(&source);
            data.targets = targets;
            data.diags.extend(found);
            continue;
        }
        if path.as_str() == "data/search.yaml" {
            let (synonyms, found) = read_synonyms(&source);
            data.synonyms = synonyms;
            data.diags.extend(found);
            continue;
        }
        let json = match extension.as_str() {
            "json" => {
                serde_json::from_str(&file.text).map_err(|error| vec![malformed(path, &json_fault(&file.text, &error))])
            }
            "csv" => read_data_table(&source, "csv").map(|t| rows(&t)).map_err(|e| table_diags(path, e)),
            _ => {
                let (node, found) = parse_value(&source, Span::new(0, file.text.len()));
                data.diags.extend(found);
                Ok(node.to_json())
            }
        };
        match json {
            Ok(json) => drop(data.json.insert(path.clone(), json)),
            Err(found) => data.diags.extend(found),
        }
    }
    data
}

/// A table as a list of mappings.
fn rows(table: &DataTable) -> Json {
    let row = |cells: &Vec<String>| {
        Json::Object(table.columns.iter().cloned().zip(cells.iter().map(|c| Json::from(c.as_str()))).collect())
    };
    Json::Array(table.rows.iter().map(row).collect())
}

/// The findings about a file that is no table. A file in `data/` has had the same finding already; equal findings are reported once.
pub(super) fn table_diags(path: &SitePath, error: DataTableError) -> Vec<Diagnostic> {
    match error {
        DataTableError::Malformed(fault) => vec![malformed(path, &fault)],
        DataTableError::QuoteOverRows(LineRange { first, last }) => {
            let diag = Diagnostic::new(&codes::source::CSV_QUOTE_OVER_ROWS).arg("first", first).arg("last", last);
            vec![diag.at_position(path, LineColumn { line: first as usize, column: 1 })]
        }
        DataTableError::Yaml(diags) => diags,
        DataTableError::NotATable => vec![not_a_table(
            path,
            "CSV 第一行写列名；YAML 和 JSON 写成一列“键: 值”",
            "a CSV file starts with a row of column names; YAML and JSON hold a list of mappings",
        )],
        DataTableError::Empty => vec![not_a_table(
            path,
            "文件里没有列名：第一行写列名，下面每行写一条",
            "it has no column names: write them in the first row, and one entry in each row below",
        )],
        DataTableError::UnsupportedExtension => vec![not_a_table(
            path,
            "在 Excel、WPS 里另存为“CSV UTF-8（逗号分隔）”，用那个 .csv 文件",
            "save it as \"CSV UTF-8 (comma delimited)\" in Excel or WPS and use that .csv file",
        )],
    }
}

fn not_a_table(path: &SitePath, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::new(&codes::source::NOT_A_TABLE).file(path).arg("advice_zh", zh).arg("advice_en", en)
}

fn malformed(path: &SitePath, fault: &DataFault) -> Diagnostic {
    let (cause, advice) = (fault.cause.message(), fault.cause.advice());
    let diag = Diagnostic::new(&codes::source::BAD_DATA).arg("cause_zh", cause.zh).arg("cause_en", cause.en);
    let diag = diag.arg("advice_zh", advice.zh).arg("advice_en", advice.en);
    match fault.line {
        Some(line) => diag.at_position(path, LineColumn { line: line as usize, column: 1 }),
        None => diag.file(path),
    }
}
