//! Comparison of a double data entry: the cells where two people who typed the same paper forms differ.
//!
//! In: two tables with a serial in each row. Out: an [`EntryComparison`]. Knows no survey: a column is identified by its header.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{ImportTable, TableRow, normalize_cell};
use puzhi_core::form::paper::SERIAL_COLUMN;

/// Headers of the column of serials.
const SERIALS: [&str; 4] = [SERIAL_COLUMN, "序号", "编号", "答卷编号"];

/// How two files differ. Index 0 is the first file, 1 the second.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryComparison {
    /// Number of serials in both files.
    pub matched: usize,
    /// Cells that differ.
    pub cells: Vec<CellDifference>,
    /// Serials, with their row, that are only in one file.
    pub only_in: [Vec<(String, usize)>; 2],
    /// Headers that are only in one file.
    pub columns_only_in: [Vec<String>; 2],
    /// Rows without a serial, or with that of an earlier row of the same file.
    pub rows_without_serial: [Vec<usize>; 2],
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDifference {
    /// Serial of the row.
    pub serial: String,
    /// Header of the column.
    pub header: String,
    /// Number of the row in each file.
    pub rows: [usize; 2],
    /// The normalised cell of each file.
    pub cells: [String; 2],
}

/// A column that both files have.
struct SharedColumn<'t> {
    header: &'t str,
    /// Index of the column in each file.
    at: [usize; 2],
}

impl EntryComparison {
    /// Whether nothing differs.
    pub fn is_equal(&self) -> bool {
        let none = |sides: [bool; 2]| sides == [true, true];
        self.cells.is_empty()
            && none(self.only_in.each_ref().map(Vec::is_empty))
            && none(self.columns_only_in.each_ref().map(Vec::is_empty))
            && none(self.rows_without_serial.each_ref().map(Vec::is_empty))
    }
}

/// A cell in the form in which entries are compared. A spreadsheet's truth values are the 1 and 0 of a box.
fn entered_value(cell: &str) -> String {
    match cell {
        "TRUE" => "1".into(),
        "FALSE" => "0".into(),
        _ => normalize_cell(cell),
    }
}

/// Compares two files by serial.
///
/// # Errors
/// The index of the file without a column of serials.
pub fn compare_entries(first: &ImportTable, second: &ImportTable) -> Result<EntryComparison, usize> {
    let tables = [first, second];
    let mut comparison = EntryComparison::default();
    let mut rows: [BTreeMap<String, &TableRow>; 2] = Default::default();
    for (side, table) in tables.into_iter().enumerate() {
        let column = SERIALS.iter().find_map(|name| table.column(name)).ok_or(side)?;
        for row in &table.rows {
            let serial = normalize_cell(row.cell(column));
            if serial.is_empty() || rows[side].contains_key(&serial) {
                comparison.rows_without_serial[side].push(row.number);
            } else {
                rows[side].insert(serial, row);
            }
        }
    }
    let headers = tables.map(|table| {
        table.header.iter().filter(|h| !h.is_empty() && !SERIALS.contains(&h.as_str())).collect::<BTreeSet<_>>()
    });
    comparison.columns_only_in =
        [0, 1].map(|side| headers[side].difference(&headers[1 - side]).map(|h| h.to_string()).collect());
    comparison.only_in = [0, 1].map(|side| {
        let missing = rows[side].iter().filter(|(serial, _)| !rows[1 - side].contains_key(*serial));
        let mut missing: Vec<_> = missing.map(|(serial, row)| (serial.clone(), row.number)).collect();
        missing.sort_by_key(|(_, row)| *row);
        missing
    });
    let columns: Vec<SharedColumn<'_>> = first
        .header
        .iter()
        .enumerate()
        .filter(|(_, header)| headers[0].contains(header) && headers[1].contains(header))
        .filter_map(|(at, header)| Some(SharedColumn { header, at: [at, second.column(header)?] }))
        .collect();
    let mut matched: Vec<(&String, [&TableRow; 2])> =
        rows[0].iter().filter_map(|(serial, row)| Some((serial, [*row, *rows[1].get(serial)?]))).collect();
    matched.sort_by_key(|(_, [row, _])| row.number);
    comparison.matched = matched.len();
    for (serial, rows) in matched {
        for column in &columns {
            let cells = [0, 1].map(|side| entered_value(rows[side].cell(column.at[side])));
            if cells[0] != cells[1] {
                comparison.cells.push(CellDifference {
                    serial: serial.clone(),
                    header: column.header.to_string(),
                    rows: rows.map(|row| row.number),
                    cells,
                });
            }
        }
    }
    Ok(comparison)
}
