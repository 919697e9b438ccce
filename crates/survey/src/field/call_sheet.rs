//! The call sheet: the interviewer's own list of people or doors that were drawn. It stays on the device and never goes with answers.
//!
//! In: the bytes of a CSV or XLSX file: the first column names the case, columns for stratum, unit and base weight go with the interview as
//! they do in imports, and every other column is only shown. Out: the cases in their order, or what is wrong, by row.

use std::collections::BTreeMap;

use puzhi_core::diag::Lang;
use puzhi_core::kinds::SampleDesign;

use crate::SampleUnit;
use crate::import::{ImportError, ImportTable, SampleColumn, read_sample_cell, sample_column};

/// Most cases of a sheet.
const MAX_CASES: usize = 5_000;

/// A call sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallSheet {
    /// The cases in the order of the file.
    pub cases: Vec<SheetCase>,
}

/// One line of a call sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetCase {
    /// What the first column calls it.
    pub name: String,
    /// The other columns that are filled: header and cell.
    pub shown: Vec<(String, String)>,
    /// Where in the sample.
    pub sample: SampleUnit,
}

/// Why a file is no call sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallSheetError {
    /// It cannot be read as a table.
    Table(ImportError),
    /// It has too many cases.
    TooMany,
    /// It has no case.
    Empty,
    /// The first cell of this row is empty.
    NoName(usize),
    /// The row has the name of an earlier one.
    Twice {
        /// Number of the row.
        row: usize,
        /// Number of the earlier row.
        first: usize,
    },
    /// A cell for stratum, unit or base weight is empty or wrong.
    Sample {
        /// Number of the row.
        row: usize,
        /// Header of the column.
        header: String,
    },
}

impl CallSheet {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// See [`CallSheetError`].
    pub fn read(bytes: &[u8], design: &SampleDesign) -> Result<CallSheet, CallSheetError> {
        let table = ImportTable::read(bytes).map_err(CallSheetError::Table)?;
        if table.rows.len() > MAX_CASES {
            return Err(CallSheetError::TooMany);
        }
        let columns: Vec<Option<SampleColumn>> = table.header.iter().map(|header| sample_column(header)).collect();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut cases = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let name = row.cell(0);
            if name.is_empty() {
                return Err(CallSheetError::NoName(row.number));
            }
            if let Some(first) = seen.insert(name, row.number) {
                return Err(CallSheetError::Twice { row: row.number, first });
            }
            let mut case = SheetCase { name: name.to_string(), shown: Vec::new(), sample: SampleUnit::default() };
            for (at, header) in table.header.iter().enumerate().skip(1) {
                let cell = row.cell(at);
                match columns[at] {
                    Some(column) => read_sample_cell(column, cell, design, &mut case.sample)
                        .map_err(|_| CallSheetError::Sample { row: row.number, header: header.clone() })?,
                    None if cell.is_empty() => {}
                    None => case.shown.push((header.clone(), cell.to_string())),
                }
            }
            cases.push(case);
        }
        if cases.is_empty() { Err(CallSheetError::Empty) } else { Ok(CallSheet { cases }) }
    }

    /// The case of this name, with its place in the sheet.
    pub fn case(&self, name: &str) -> Option<(usize, &SheetCase)> {
        self.cases.iter().enumerate().find(|(_, case)| case.name == name)
    }
}

impl CallSheetError {
    /// What is wrong and what to do.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            CallSheetError::Table(error) => error.message(lang),
            CallSheetError::TooMany => lang.pick(
                format!("名单最多 {MAX_CASES} 行，请按访问员拆开"),
                format!("a call sheet has {MAX_CASES} rows at most; give each interviewer a part"),
            ),
            CallSheetError::Empty => {
                lang.pick("名单里只有表头，没有人".to_string(), "the sheet has a header and no case".to_string())
            }
            CallSheetError::NoName(row) => lang.pick(
                format!("第 {row} 行第一列是空的：第一列写样本编号，例如 A-01"),
                format!("the first cell of row {row} is empty; it names the case, such as A-01"),
            ),
            CallSheetError::Twice { row, first } => lang.pick(
                format!("第 {row} 行的样本编号和第 {first} 行的一样，请改成不同的编号"),
                format!("row {row} has the name of row {first}; give each case a name of its own"),
            ),
            CallSheetError::Sample { row, header } => lang.pick(
                format!("第 {row} 行的“{header}”是空的或者不对：写这个人抽自哪一层、哪个单位，权数写正数"),
                format!("\"{header}\" of row {row} is empty or wrong; write the stratum or unit, or a positive weight"),
            ),
        }
    }
}
