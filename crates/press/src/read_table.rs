//! A table of HTML to a [`Table`]. In: its element. Out: rows of cells whose spans fit. Part of [`crate::read`].

use crate::blocks::{Alignment, Block, Cell, Inline, Marks, Row, Table, TextRun};
use crate::dom::{Element, NodeData, NodeId};
use crate::flow::Context;
use crate::read::Reader;
use crate::visible::is_unseen;

/// Most columns that a cell may span; Word allows tables of 63 columns.
const MAX_SPAN: usize = 63;

impl Reader<'_> {
    /// Reads a table. What stands between rows and cells where HTML allows nothing becomes a row.
    pub(crate) fn table(&self, node: NodeId, context: &Context) -> Table {
        let mut table = Table::default();
        self.rows(node, context, &mut table);
        let leading = table.rows.iter().take_while(|row| row.cells.iter().all(|cell| cell.header)).count();
        if table.header_rows == 0 && leading < table.rows.len() {
            table.header_rows = leading;
        }
        let count = table.rows.len();
        for (i, row) in table.rows.iter_mut().enumerate() {
            for cell in &mut row.cells {
                cell.rows = cell.rows.min(count - i);
            }
        }
        table
    }

    fn rows(&self, node: NodeId, context: &Context, table: &mut Table) {
        for child in self.dom.children(node) {
            let element = match self.dom.data(*child) {
                NodeData::Element(element) => element,
                // The parser puts text before the table; a tree made in another way may hold it here.
                NodeData::Text(text) if !text.trim().is_empty() => {
                    let run = TextRun { text: text.trim().to_string(), marks: Marks::default(), link: None };
                    table.rows.push(stray_row(vec![Block::Paragraph(vec![Inline::Text(run)])]));
                    continue;
                }
                _ => continue,
            };
            match element.name() {
                _ if is_unseen(element) => {}
                "caption" if table.caption.is_empty() && table.rows.is_empty() => {
                    table.caption = self.line_of(*child, context);
                }
                "thead" if table.rows.is_empty() => {
                    self.rows(*child, context, table);
                    table.header_rows = table.rows.len();
                }
                "thead" | "tbody" | "tfoot" => self.rows(*child, context, table),
                "tr" => table.rows.push(self.row(*child, context)),
                "colgroup" | "col" => {}
                _ => {
                    let blocks = self.content(*child, context);
                    if !blocks.is_empty() {
                        table.rows.push(stray_row(blocks));
                    }
                }
            }
        }
    }

    fn row(&self, node: NodeId, context: &Context) -> Row {
        let mut row = Row::default();
        for child in self.dom.children(node) {
            let Some(element) = self.dom.element(*child).filter(|element| !is_unseen(element)) else { continue };
            let blocks = self.content(*child, context);
            let is_cell = matches!(element.name(), "td" | "th");
            if is_cell || !blocks.is_empty() {
                let header = element.name() == "th";
                row.cells.push(Cell {
                    header,
                    columns: span(element, "colspan").min(MAX_SPAN),
                    rows: span(element, "rowspan"),
                    alignment: alignment(element),
                    blocks,
                });
            }
        }
        row
    }
}

/// A row of one cell for what stands where no cell is.
fn stray_row(blocks: Vec<Block>) -> Row {
    Row { cells: vec![Cell { header: false, columns: 1, rows: 1, alignment: Alignment::Start, blocks }] }
}

/// Where a column of Markdown (`---:`) or an attribute puts the lines of a cell.
fn alignment(element: &Element) -> Alignment {
    let is = |name: &str| element.has_class(name) || element.attribute("align") == Some(name);
    match (is("right"), is("center")) {
        (true, _) => Alignment::Right,
        (_, true) => Alignment::Centre,
        _ => Alignment::Start,
    }
}

/// A span as written; `rowspan="0"` means all rows that follow.
fn span(element: &Element, name: &str) -> usize {
    match element.attribute(name).and_then(|value| value.trim().parse().ok()) {
        Some(0) if name == "rowspan" => usize::MAX,
        Some(0) | None => 1,
        Some(span) => span,
    }
}
