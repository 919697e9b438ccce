//! Reads CSV, YAML and JSON files as tables of text.
//!
//! Input: the text of a file and its extension. Output: a [`DataTable`] or a [`DataTableError`]. Does not know where
//! the table is shown.

use super::csv_quotes::{LineRange, fields_over_lines, swallowed_rows};
use super::data_fault::{DataFault, FaultCause, json_fault, wrong_separator};
use puzhi_core::base::Span;
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::yaml::{Node, Value, parse_value};

/// A table with named columns; each row has one cell per column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DataTable {
    /// Column names in order.
    pub columns: Vec<String>,
    /// Rows of cells in the order of `columns`.
    pub rows: Vec<Vec<String>>,
}

/// Why a file cannot be read as a table.
#[derive(Debug, Clone, PartialEq)]
pub enum DataTableError {
    /// Syntax error in CSV or JSON.
    Malformed(DataFault),
    /// A quoted field of CSV from one line to another (from 1) that holds what looks like whole rows.
    QuoteOverRows(LineRange),
    /// Diagnostics of the YAML reader, at least one of which is an error.
    Yaml(Vec<Diagnostic>),
    /// The file is valid but is neither a list of mappings nor a list of lists.
    NotATable,
    /// The table has no columns.
    Empty,
    /// The extension is not `csv`, `yaml`, `yml` or `json`.
    UnsupportedExtension,
}

/// Reads a table; `extension` (without dot) selects the format.
pub fn read_data_table(source: &SourceText<'_>, extension: &str) -> Result<DataTable, DataTableError> {
    let table = match extension {
        "csv" => table_from_csv(source.text)?,
        "yaml" | "yml" => {
            let (node, diags) = parse_value(source, Span::new(0, source.text.len()));
            if diags.iter().any(Diagnostic::is_error) {
                return Err(DataTableError::Yaml(diags));
            }
            table_from_json(&node.to_json(), &|path| yaml_cell_text(&node, path))?
        }
        "json" => {
            let json: serde_json::Value = serde_json::from_str(source.text)
                .map_err(|error| DataTableError::Malformed(json_fault(source.text, &error)))?;
            table_from_json(&json, &|_| None)?
        }
        _ => return Err(DataTableError::UnsupportedExtension),
    };
    if table.columns.is_empty() { Err(DataTableError::Empty) } else { Ok(table) }
}

fn table_from_csv(text: &str) -> Result<DataTable, DataTableError> {
    let at_line = |line, cause| DataTableError::Malformed(DataFault { line: Some(line), cause });
    let quoted = fields_over_lines(text).map_err(|fault| {
        let cause = if fault.unclosed { FaultCause::UnclosedQuote } else { FaultCause::TextBehindQuote };
        at_line(fault.line, cause)
    })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let malformed = |e: csv::Error| {
        let line = e.position().map(csv::Position::line);
        DataTableError::Malformed(DataFault { line, cause: FaultCause::Other })
    };
    let columns: Vec<String> = reader.headers().map_err(malformed)?.iter().map(String::from).collect();
    if let [header] = columns.as_slice()
        && let Some(separator) = wrong_separator(header, text)
    {
        return Err(at_line(1, FaultCause::WrongSeparator(separator)));
    }
    if let Some(range) = swallowed_rows(text, &quoted, columns.len()) {
        return Err(DataTableError::QuoteOverRows(range));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        if record.len() > columns.len() {
            let cause = FaultCause::TooManyCells { found: record.len(), columns: columns.len() };
            return Err(at_line(line_of(&record, text), cause));
        }
        let mut row: Vec<String> = record.iter().map(String::from).collect();
        row.resize(columns.len(), String::new());
        rows.push(row);
    }
    Ok(DataTable { columns, rows })
}

/// The line on which a row begins, below blank lines.
fn line_of(record: &csv::StringRecord, text: &str) -> u64 {
    let at = record.position().map_or(0, |position| position.byte() as usize).min(text.len());
    let bytes = text.as_bytes();
    let blank = bytes[at..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let before = &bytes[..at + blank];
    // A file of an old system ends its lines with `\r` alone.
    let ends = memchr::memchr_iter(b'\n', before).count().max(memchr::memchr_iter(b'\r', before).count());
    ends as u64 + 1
}

/// Makes a table of a list of mappings, or of a list of lists whose first row has the column names.
fn table_from_json(
    json: &serde_json::Value,
    written: &dyn Fn((usize, &str)) -> Option<String>,
) -> Result<DataTable, DataTableError> {
    let items = json.as_array().ok_or(DataTableError::NotATable)?;
    let mut table = DataTable::default();
    if items.iter().all(serde_json::Value::is_array) && !items.is_empty() {
        let mut rows = items.iter().map(|r| {
            r.as_array().map(|cells| cells.iter().map(json_cell_text).collect::<Vec<_>>()).unwrap_or_default()
        });
        table.columns = rows.next().unwrap_or_default();
        table.rows = rows.collect();
    } else {
        for item in items {
            for key in item.as_object().ok_or(DataTableError::NotATable)?.keys() {
                if !table.columns.contains(key) {
                    table.columns.push(key.clone());
                }
            }
        }
        for (i, item) in items.iter().enumerate() {
            let cell =
                |c: &String| written((i, c)).unwrap_or_else(|| item.get(c).map(json_cell_text).unwrap_or_default());
            table.rows.push(table.columns.iter().map(cell).collect());
        }
    }
    let width = table.columns.len();
    table.rows.iter_mut().for_each(|r| r.resize(width, String::new()));
    Ok(table)
}

/// Text of a YAML cell as written in the file, so that for example `3.50` keeps its last zero.
fn yaml_cell_text(node: &Node, (row, column): (usize, &str)) -> Option<String> {
    let item = node.as_list()?.get(row)?.as_map()?.get(column)?;
    match item.value {
        Value::Null => Some(String::new()),
        _ => item.text().map(|t| t.into_owned()),
    }
}

fn json_cell_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
