//! The cells of a Markdown table: which of them are headers, and how their text is aligned.
//!
//! Markdown has headers of columns alone. A table whose first header cell is empty compares things: its first column names the rows, and these
//! cells are headers of their rows. Knows no text of cells.

use pulldown_cmark::Alignment;

/// How far the writer is in a table.
#[derive(Default)]
pub(super) struct TableState {
    columns: Vec<Alignment>,
    /// Whether the row is the header.
    pub head: bool,
    /// Whether a row of the body has begun.
    pub body: bool,
    /// Number of the next cell in its row.
    pub cell: usize,
    /// Whether the first header cell is empty.
    names_rows: bool,
}

/// The HTML around the text of a cell.
pub(super) struct CellTags {
    /// The start tag up to its class.
    pub start: &'static str,
    /// The attribute `class`, or nothing.
    pub class: &'static str,
    /// The end tag.
    pub end: &'static str,
}

impl TableState {
    /// A table of which nothing is written yet; `columns` are in its order.
    pub fn new(columns: Vec<Alignment>) -> Self {
        Self { columns, ..Self::default() }
    }

    /// Goes on to the next cell. An empty header cell is written as an ordinary cell, because a header must have text.
    pub fn begin_cell(&mut self, blank: bool) -> CellTags {
        let is_first = self.cell == 0;
        self.names_rows |= self.head && is_first && blank;
        let class = align(self.columns.get(self.cell));
        self.cell += 1;
        match self.head {
            true if !blank => CellTags { start: "<th scope=\"col\"", class, end: "</th>\n" },
            false if !blank && is_first && self.names_rows => {
                CellTags { start: "<th scope=\"row\"", class, end: "</th>\n" }
            }
            _ => CellTags { start: "<td", class, end: "</td>\n" },
        }
    }
}

fn align(alignment: Option<&Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::Left) => " class=\"left\"",
        Some(Alignment::Center) => " class=\"center\"",
        Some(Alignment::Right) => " class=\"right\"",
        _ => "",
    }
}
