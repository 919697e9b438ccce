//! The places of a table. In: a [`Table`]. Out: which cell covers which row and column. Cells that overlap keep the first.

use crate::blocks::{Cell, Table};

/// Most columns of a table: those of Word. Cells beyond have no place of their own; see [`Grid::rest`].
pub(crate) const MAX_COLUMNS: usize = 63;

/// Which cell covers which place.
pub(crate) struct Grid<'g> {
    /// How many columns the widest row has, at least 1.
    pub columns: usize,
    places: Vec<Vec<Option<Place<'g>>>>,
    /// Cells for which a row has no place, by row.
    pub rest: Vec<Vec<&'g Cell>>,
}

fn is_taken(line: &[Option<Place<'_>>], column: usize) -> bool {
    line.get(column).is_some_and(Option::is_some)
}

/// A place and the cell that covers it.
#[derive(Clone, Copy)]
struct Place<'g> {
    cell: &'g Cell,
    row: usize,
    column: usize,
}

impl Table {
    /// The places of the table.
    pub(crate) fn grid(&self) -> Grid<'_> {
        let mut places: Vec<Vec<Option<Place<'_>>>> = vec![Vec::new(); self.rows.len()];
        let mut rest = vec![Vec::new(); self.rows.len()];
        let mut columns = 1;
        for (row, cells) in self.rows.iter().enumerate() {
            let mut column = 0;
            for cell in &cells.cells {
                while is_taken(&places[row], column) {
                    column += 1;
                }
                if column >= MAX_COLUMNS {
                    rest[row].push(cell);
                    continue;
                }
                let right = (column + cell.columns).min(MAX_COLUMNS);
                let right = (column..right).find(|at| is_taken(&places[row], *at)).unwrap_or(right);
                let bottom = row.saturating_add(cell.rows).min(self.rows.len());
                let is_free = |line: &usize| !(column..right).any(|at| is_taken(&places[*line], at));
                let height = (row..bottom).take_while(is_free).count();
                for line in &mut places[row..row + height] {
                    if line.len() < right {
                        line.resize(right, None);
                    }
                    line[column..right].fill(Some(Place { cell, row, column }));
                }
                columns = columns.max(right);
                column = right;
            }
        }
        Grid { columns, places, rest }
    }
}

impl<'g> Grid<'g> {
    /// The cell that covers a place.
    pub fn cell(&self, row: usize, column: usize) -> Option<&'g Cell> {
        self.place(row, column).map(|place| place.cell)
    }

    /// Whether the cell at a place has its first column there.
    pub fn begins_in_row(&self, row: usize, column: usize) -> bool {
        self.place(row, column).is_some_and(|place| place.column == column)
    }

    /// Whether the cell at a place has its first row there.
    pub fn begins_in_column(&self, row: usize, column: usize) -> bool {
        self.place(row, column).is_some_and(|place| place.row == row)
    }

    /// How many columns, from this place on, the same cell covers or nothing does.
    pub fn width(&self, row: usize, column: usize) -> usize {
        let same = |other: &usize| match (self.place(row, column), self.place(row, *other)) {
            (Some(a), Some(b)) => a.row == b.row && a.column == b.column,
            (None, None) => true,
            _ => false,
        };
        (column..self.columns).take_while(same).count()
    }

    /// How many rows, from this place on, the same cell covers.
    pub fn height(&self, row: usize, column: usize) -> usize {
        let Some(first) = self.place(row, column) else { return 1 };
        let same = |other: &usize| {
            self.place(*other, column).is_some_and(|place| place.row == first.row && place.column == first.column)
        };
        (row..self.places.len()).take_while(same).count()
    }

    fn place(&self, row: usize, column: usize) -> Option<Place<'g>> {
        *self.places.get(row)?.get(column)?
    }
}
