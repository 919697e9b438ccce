//! CSV files for office programs (RFC 4180): lines end in CRLF, the file starts with a byte order mark, and no cell is a formula.

use puzhi_core::base::escape_csv_formula;

/// A CSV file in the making, whose rows all have `N` cells.
pub(super) struct CsvTable<const N: usize>(csv::Writer<Vec<u8>>);

impl<const N: usize> CsvTable<N> {
    pub fn new() -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    /// Appends a row; cells that a spreadsheet would run as formulas are escaped.
    pub fn row(&mut self, cells: [&str; N]) {
        // Writing to memory cannot fail.
        let _ = self.0.write_record(cells.map(escape_csv_formula));
    }

    /// The whole file. The byte order mark tells office programs that it is UTF-8.
    pub fn finish(self) -> String {
        let bytes = self.0.into_inner().unwrap_or_default();
        format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
    }
}
