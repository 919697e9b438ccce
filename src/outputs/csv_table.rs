//! Writes CSV files for spreadsheet programs (RFC 4180): lines end in CRLF, the file starts with a byte order mark, and
//! no cell is read as a formula. In: rows of text. Out: the file. Knows no table in particular.

use puzhi_core::base::escape_csv_formula;

/// A CSV file that is being written. Every row has `N` cells.
pub(super) struct CsvTable<const N: usize>(csv::Writer<Vec<u8>>);

impl<const N: usize> CsvTable<N> {
    /// A file without rows.
    pub fn new() -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    /// Appends a row; cells that a spreadsheet would run as formulas are escaped.
    pub fn row(&mut self, cells: [&str; N]) {
        // Writing to memory cannot fail.
        let _ = self.0.write_record(cells.map(escape_csv_formula));
    }

    /// The whole file. The byte order mark tells spreadsheet programs that it is UTF-8.
    pub fn finish(self) -> String {
        let bytes = self.0.into_inner().unwrap_or_default();
        format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
    }
}
