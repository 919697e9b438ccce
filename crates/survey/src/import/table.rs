//! Tables in files: CSV in the encodings of office programs, or the first filled sheet of an XLSX workbook.
//!
//! In: untrusted bytes. Out: an [`ImportTable`] of texts with the row numbers that a spreadsheet shows, and the kind of file.
//! Bytes, rows, columns and cells are bounded, whatever the file claims. Knows no surveys.

use std::collections::BTreeSet;

use super::ImportError;
use super::workbook;
use puzhi_core::base::SitePath;
use puzhi_core::encoding::decode;

/// Largest file, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;
/// Most rows, with the header.
const MAX_ROWS: usize = 200_000;
const MAX_COLUMNS: usize = 2_000;
/// Most cells of all rows together.
const MAX_CELLS: usize = 4_000_000;
/// Most bytes of a cell.
const MAX_CELL_BYTES: usize = 32 << 10;

/// A table of texts under a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportTable {
    /// Which kind of file it was.
    pub kind: FileKind,
    /// The trimmed headers.
    pub header: Vec<String>,
    /// Number of the row of the headers, as a spreadsheet counts.
    pub header_row: usize,
    /// Rows that are not empty.
    pub rows: Vec<TableRow>,
    /// What the reader cannot see in the cells themselves.
    pub hints: SheetHints,
}

/// What a workbook says of its cells besides their values. Rows count from 1, columns from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetHints {
    /// Cells with a formula whose value the file does not hold.
    pub formulas_without_value: BTreeSet<(usize, usize)>,
    /// Cells that are covered by a merged cell, so that they look filled and are empty.
    pub merged: BTreeSet<(usize, usize)>,
    /// Rows that the spreadsheet hides. They are read.
    pub hidden_rows: BTreeSet<usize>,
    /// Names of hidden sheets.
    pub hidden_sheets: Vec<String>,
    /// Rows above the header, which are not read.
    pub rows_above: Vec<usize>,
}

/// Which part of a file is the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableChoice {
    /// Name of the sheet, or its number from 1; `None` for the first visible one that is filled.
    pub sheet: Option<String>,
    /// Number of the row of the headers; `None` for the first that is filled.
    pub header_row: Option<usize>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its number, as a spreadsheet counts: the header is 1.
    pub number: usize,
    /// Its trimmed cells, as many as it has.
    pub cells: Vec<String>,
}

/// The kind of a file, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    /// Comma-separated values.
    Csv {
        /// Name of the encoding.
        encoding: &'static str,
        /// Delimiter of the cells.
        delimiter: char,
    },
    /// A workbook.
    Xlsx {
        /// Name of the sheet that was read.
        sheet: String,
        /// How many other sheets are not empty.
        others: usize,
    },
}

impl ImportTable {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// When it is neither kind of file, damaged, too large, or has no header.
    pub fn read(bytes: &[u8]) -> Result<ImportTable, ImportError> {
        ImportTable::read_part(bytes, &TableChoice::default())
    }

    /// Reads the chosen part of a file.
    ///
    /// # Errors
    /// As [`ImportTable::read`], and when there is no such sheet or row.
    pub fn read_part(bytes: &[u8], choice: &TableChoice) -> Result<ImportTable, ImportError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(ImportError::TooLarge { limit: MAX_BYTES });
        }
        let table = match bytes {
            [b'P', b'K', 3, 4, ..] => workbook::read(bytes, choice.sheet.as_deref()),
            // The container of the older .xls.
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(ImportError::OldWorkbook),
            _ if choice.sheet.is_some() => Err(ImportError::NoSheet { names: Vec::new() }),
            _ => csv(bytes),
        }?;
        match choice.header_row {
            Some(row) => table.with_header(row).ok_or(ImportError::NoHeader),
            None => Ok(table),
        }
    }

    /// The table with the row of this number as its header; `None` if that row is empty. The rows above are left out and named.
    pub fn with_header(&self, row: usize) -> Option<ImportTable> {
        if row == self.header_row {
            return Some(self.clone());
        }
        let at = self.rows.iter().position(|r| r.number == row)?;
        let mut hints = self.hints.clone();
        hints.rows_above.push(self.header_row);
        hints.rows_above.extend(self.rows[..at].iter().map(|r| r.number));
        Some(ImportTable {
            kind: self.kind.clone(),
            header: self.rows[at].cells.clone(),
            header_row: row,
            rows: self.rows[at + 1..].to_vec(),
            hints,
        })
    }

    /// Index of the first column with this header.
    pub fn column(&self, header: &str) -> Option<usize> {
        self.header.iter().position(|h| h == header)
    }
}

impl TableRow {
    /// A cell; empty where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Collects rows within the bounds.
pub(super) struct TableBuilder {
    header: Option<(usize, Vec<String>)>,
    rows: Vec<TableRow>,
    cells: usize,
}

impl TableBuilder {
    pub fn new() -> TableBuilder {
        TableBuilder { header: None, rows: Vec::new(), cells: 0 }
    }

    /// Adds the row of this number. Empty rows are skipped; the first other one is the header.
    pub fn push(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), ImportError> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if let Some(at) = cells.iter().position(|cell| cell.len() > MAX_CELL_BYTES) {
            return Err(ImportError::CellTooLong { row: number, column: at + 1, limit: MAX_CELL_BYTES });
        }
        self.cells += cells.len();
        if cells.len() > MAX_COLUMNS || self.rows.len() + 1 >= MAX_ROWS || self.cells > MAX_CELLS {
            return Err(ImportError::TooMany { row: number, rows: MAX_ROWS, columns: MAX_COLUMNS, cells: MAX_CELLS });
        }
        match (&self.header, cells.is_empty()) {
            (_, true) => {}
            (None, false) => self.header = Some((number, cells)),
            (Some(_), false) => self.rows.push(TableRow { number, cells }),
        }
        Ok(())
    }

    /// Adds a row without values that is not passed over, below the header.
    pub fn push_without_values(&mut self, number: usize) {
        if self.header.is_some() && self.rows.len() + 1 < MAX_ROWS {
            self.rows.push(TableRow { number, cells: Vec::new() });
        }
    }

    /// The table; an error when there is no header.
    pub fn finish(self, kind: FileKind) -> Result<ImportTable, ImportError> {
        let (header_row, header) = self.header.ok_or(ImportError::NoHeader)?;
        Ok(ImportTable { kind, header, header_row, rows: self.rows, hints: SheetHints::default() })
    }
}

/// A cell in the form in which cells are compared: trimmed, full-width digits as ASCII, `3.0` as `3`.
pub(super) fn normalize_cell(cell: &str) -> String {
    let ascii = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '－' | '−' => '-',
        other => other,
    };
    let text: String = cell.trim().chars().map(ascii).collect();
    match text.split_once('.') {
        Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|b| b == b'0') && whole.parse::<i64>().is_ok() => {
            whole.to_string()
        }
        _ => text,
    }
}

fn csv(bytes: &[u8]) -> Result<ImportTable, ImportError> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "UTF-16",
        _ if std::str::from_utf8(bytes).is_ok() => "UTF-8",
        _ => "GB18030",
    };
    // The path would be used in findings only, and those are not shown.
    let (text, _) = decode(&SitePath::root(), bytes).map_err(|_| ImportError::NotText)?;
    if is_web_page(&text) {
        return Err(ImportError::WebPage);
    }
    let (said, text) = separator_line(&text);
    let delimiter = said.unwrap_or_else(|| delimiter(text));
    if let Some(line) = broken_quotation(text, delimiter) {
        return Err(ImportError::Quotation { line: line + usize::from(said.is_some()) });
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter as u8)
        .from_reader(text.as_bytes());
    let mut rows = TableBuilder::new();
    let mut record = csv::StringRecord::new();
    let mut number = usize::from(said.is_some());
    loop {
        // The reader skips empty lines, which a spreadsheet counts.
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        number += 1 + text.as_bytes().get(start..).unwrap_or_default().iter().take_while(|b| **b == b'\n').count();
        match reader.read_record(&mut record) {
            Ok(true) => {
                rows.push(number, record.iter().take(MAX_COLUMNS + 1).map(|cell| cell.trim().to_string()).collect())?
            }
            Ok(false) => break,
            Err(_) => return Err(ImportError::NotText),
        }
    }
    rows.finish(FileKind::Csv { encoding, delimiter })
}

/// Whether a text is HTML or an XML workbook, which some programs save under the name `.xls`.
fn is_web_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    let html = ["<html", "<!doctype", "<table", "<head", "<meta"].iter().any(|tag| start.starts_with(tag));
    html || start.starts_with("<?xml") && text.contains("urn:schemas-microsoft-com:office:spreadsheet")
}

/// The line, from 1, of a quotation mark that opens a cell and is not closed before the end of a cell (RFC 4180).
fn broken_quotation(text: &str, delimiter: char) -> Option<usize> {
    let (mut line, mut at_start, mut opened) = (1, true, None);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (opened, c) {
            (None, '"') if at_start => opened = Some(line),
            (Some(_), '"') if chars.peek() == Some(&'"') => drop(chars.next()),
            (Some(start), '"') => {
                // Blanks after the closing mark are harmless.
                while chars.peek().is_some_and(|c| matches!(c, ' ' | '\r')) {
                    chars.next();
                }
                if chars.peek().is_some_and(|c| *c != delimiter && *c != '\n') {
                    return Some(start);
                }
                opened = None;
            }
            _ => {}
        }
        line += usize::from(c == '\n');
        at_start = opened.is_none() && (c == delimiter || c == '\n');
    }
    opened
}

/// Takes off the line `sep=;` that some programs write before the header.
fn separator_line(text: &str) -> (Option<char>, &str) {
    for delimiter in DELIMITERS {
        if let Some(rest) = text
            .strip_prefix("sep=")
            .and_then(|rest| rest.strip_prefix(delimiter))
            .and_then(|rest| rest.strip_prefix('\n'))
        {
            return (Some(delimiter), rest);
        }
    }
    (None, text)
}

const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// The most frequent delimiter of the header.
fn delimiter(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [0usize; DELIMITERS.len()];
    for c in text.trim_start_matches('\n').chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().zip(DELIMITERS).filter(|(_, d)| *d == c).for_each(|(count, _)| *count += 1),
        }
    }
    // On a tie the earlier delimiter.
    let best = counts.iter().zip(DELIMITERS).rev().max_by_key(|(count, _)| **count);
    best.map_or(',', |(_, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(usize, String)> {
        let table = ImportTable::read(bytes).unwrap();
        std::iter::once((1, table.header.join("|")))
            .chain(table.rows.into_iter().map(|r| (r.number, r.cells.join("|"))))
            .collect()
    }

    #[test]
    fn encodings_delimiters_and_quoted_lines() {
        let expected = [(1, "序号|题".to_string()), (2, "1|甲\n乙".into()), (5, "2|丙，丁".into())];
        for delimiter in DELIMITERS {
            let text = format!("序号{delimiter}题\r\n1{delimiter}\"甲\r\n乙\"\r\n\r\n\r\n2 {delimiter}\"丙，丁\"\r\n");
            assert_eq!(cells(text.as_bytes()), expected, "{delimiter:?}");
            assert_eq!(cells(format!("\u{FEFF}{text}").as_bytes()), expected);
            assert_eq!(cells(&encoding_rs::GB18030.encode(&text).0), expected);
        }
        assert_eq!(cells(b"sep=;\na;b\n1;2"), [(1, "a|b".into()), (3, "1|2".into())]);
    }

    #[test]
    fn the_header_decides_the_delimiter() {
        assert_eq!(delimiter("\"甲,乙,丙\";\"丁\"\n1,2,3,4,5"), ';');
        assert_eq!(delimiter("a"), ',');
        assert_eq!(delimiter(""), ',');
    }

    #[test]
    fn bounds_are_kept() {
        assert!(matches!(
            ImportTable::read(&vec![b'a'; 10 << 20]),
            Err(ImportError::CellTooLong { row: 1, column: 1, .. })
        ));
        assert!(matches!(
            ImportTable::read(&vec![b','; 5 << 20]),
            Err(ImportError::NoHeader) | Err(ImportError::TooMany { .. })
        ));
        assert!(matches!(ImportTable::read("a\n".repeat(MAX_ROWS + 1).as_bytes()), Err(ImportError::TooMany { .. })));
        assert!(matches!(ImportTable::read(b"a,b\n\0,1"), Err(ImportError::NotText)));
        assert!(matches!(ImportTable::read(&[0xD0, 0xCF, 0x11, 0xE0, 0, 0]), Err(ImportError::OldWorkbook)));
        assert!(matches!(ImportTable::read(b"PK\x03\x04rubbish"), Err(ImportError::Workbook { .. })));
        assert!(matches!(ImportTable::read(b""), Err(ImportError::NoHeader)));
    }

    #[test]
    fn an_open_quotation_mark_is_named_by_its_line() {
        let line = |text: &str| match ImportTable::read(text.as_bytes()) {
            Err(ImportError::Quotation { line }) => Some(line),
            Ok(_) => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(line("a,b\n1,\"x\n2,y\n3,z\n"), Some(2));
        assert_eq!(line("a,b\n1,\"x\n2,\"y\n3,z\n"), Some(2), "the next mark closes nothing");
        assert_eq!(line("sep=;\na;b\n1;\"x\n"), Some(3));
        assert_eq!(line("a,b\n1,\"x \"\"y\"\"\nz\" ,\r\n2,5\" pipe\n"), None);
    }

    #[test]
    fn a_web_page_under_the_name_of_a_workbook_is_recognised() {
        for text in [
            "<html><table><tr><td>1",
            "\u{feff} <!DOCTYPE html>",
            "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
        ] {
            assert_eq!(ImportTable::read(text.as_bytes()), Err(ImportError::WebPage), "{text}");
        }
    }

    #[test]
    fn a_title_above_the_header_can_be_left_out() {
        let table = ImportTable::read("某县问卷录入\n\nserial,heard\n1,2\n".as_bytes()).unwrap();
        let found = table.with_header(3).unwrap();
        assert_eq!(
            (found.header, found.rows.len(), found.hints.rows_above),
            (vec!["serial".into(), "heard".to_string()], 1, vec![1])
        );
        assert_eq!(table.with_header(2), None);
    }

    #[test]
    fn figures_are_compared_as_people_mean_them() {
        assert_eq!(
            [
                normalize_cell(" ３ "),
                normalize_cell("3.0"),
                normalize_cell("3.10"),
                normalize_cell("－2"),
                normalize_cell("1.2.0")
            ],
            ["3", "3", "3.10", "-2", "1.2.0"]
        );
    }
}
