//! Tables of a Word file. In: a table. Out: XML in the document. Part of [`super::document`].

use crate::blocks::{Block, Table};
use crate::grid::Grid;

use super::document::{DocumentWriter, Place};

/// The text's width, in twentieths of a point: A4 with margins of 2.54 cm.
const TEXT_WIDTH: usize = 9026;

/// English Metric Units of a twentieth of a point.
const EMU_OF_TWENTIETH: u64 = 635;

impl DocumentWriter<'_> {
    /// Writes a table with its caption above.
    pub(super) fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.paragraph("<w:pStyle w:val=\"Caption\"/><w:keepNext/>", |writer| writer.inlines(&table.caption));
        }
        if table.rows.is_empty() {
            return;
        }
        let grid = table.grid();
        let width = TEXT_WIDTH / grid.columns;
        self.body.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/></w:tblPr><w:tblGrid>");
        self.body.push_str(&format!("<w:gridCol w:w=\"{width}\"/>").repeat(grid.columns));
        self.body.push_str("</w:tblGrid>");
        for row in 0..table.rows.len() {
            let is_header = row < table.header_rows;
            self.body.push_str("<w:tr><w:trPr><w:cantSplit/>");
            if is_header {
                self.body.push_str("<w:tblHeader/>");
            }
            self.body.push_str("</w:trPr>");
            self.row(&grid, row, width);
            self.body.push_str("</w:tr>");
        }
        self.body.push_str("</w:tbl>");
        self.paragraph("<w:spacing w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/>", |_| {});
    }

    fn row(&mut self, grid: &Grid<'_>, row: usize, width: usize) {
        let mut column = 0;
        while column < grid.columns {
            let span = grid.width(row, column).max(1);
            self.body.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", width * span));
            if span > 1 {
                self.body.push_str(&format!("<w:gridSpan w:val=\"{span}\"/>"));
            }
            let cell = grid.cell(row, column);
            let begins = grid.begins_in_column(row, column);
            if cell.is_some() && !begins {
                self.body.push_str("<w:vMerge/>");
            } else if grid.height(row, column) > 1 {
                self.body.push_str("<w:vMerge w:val=\"restart\"/>");
            }
            if cell.is_some_and(|cell| cell.header) {
                self.body.push_str("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F2F2\"/>");
            }
            self.body.push_str("</w:tcPr>");
            let is_last = column + span >= grid.columns;
            let rest = if is_last { &grid.rest[row][..] } else { &[] };
            let shown = cell.filter(|_| begins);
            let blocks = shown.into_iter().chain(rest.iter().copied()).map(|cell| &cell.blocks[..]);
            let most = (width * span) as u64 * EMU_OF_TWENTIETH;
            let place = Place {
                is_strong: cell.is_some_and(|cell| cell.header),
                alignment: cell.map(|cell| cell.alignment).unwrap_or_default(),
                ..Place::default()
            };
            self.cell(blocks, place, most.saturating_sub(216 * EMU_OF_TWENTIETH).max(EMU_OF_TWENTIETH));
            self.body.push_str("</w:tc>");
            column += span;
        }
    }

    /// The content of a cell, which ends with a paragraph.
    fn cell<'b>(&mut self, content: impl Iterator<Item = &'b [Block]>, place: Place, most_width: u64) {
        let before = self.most_width;
        self.most_width = most_width.min(before);
        let place = std::mem::replace(&mut self.place, place);
        content.for_each(|blocks| self.blocks(blocks));
        if !self.body.ends_with("</w:p>") {
            self.paragraph("", |_| {});
        }
        self.place = place;
        self.most_width = before;
    }
}
