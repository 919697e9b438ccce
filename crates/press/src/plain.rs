//! An article as plain text. In: an article. Out: UTF-8 text with `\n`. Headings stand apart, list numbers are text, links are in brackets,
//! tables are aligned or, where they are wide, one line for each cell with its column's name.

use unicode_width::UnicodeWidthStr;

use crate::blocks::{Alignment, Article, Block, Cell, Figure, Inline, Marks, Row, Table};
use crate::grid::Grid;
use crate::words::{Words, words};

/// Widest aligned table, in half-width characters.
const WIDEST_TABLE: usize = 72;

/// Widest indentation, in half-width characters.
const WIDEST_INDENT: usize = 32;

/// Most characters of a column's name that stands before each of its cells, and of a cell that is said again in each row it spans.
const LONGEST_REPEATED: usize = 60;

/// The article as text: title, what is known of it, content, original address.
pub fn plain_text(article: &Article) -> String {
    let words = words(&article.info.language);
    let mut out = format!("{}\n\n", article.info.title.trim());
    for (name, value) in unshown(article, words) {
        out.push_str(&format!("{name}{}{value}\n", words.colon));
    }
    let mut writer = PlainWriter { words, out, indent: String::new(), is_tight: false };
    writer.blocks(article.body());
    if !article.info.url.is_empty() {
        writer.paragraph(&format!("{}{}{}", words.original, words.colon, article.info.url));
    }
    let mut out = writer.out;
    // Programs show them in different ways, or end the text there.
    out.retain(|c| matches!(c, '\n' | '\t') || !c.is_control());
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// What stands above the text: what is known and the text's own facts do not show.
pub(crate) fn unshown<'a>(article: &'a Article, words: &Words) -> Vec<(&'static str, &'a str)> {
    let mut shown = Vec::new();
    for block in article.body() {
        if let Block::Facts(facts) = block {
            for detail in facts.iter().flat_map(|fact| &fact.details) {
                crate::blocks::walk(detail, &mut |line| shown.push(crate::blocks::plain(line)));
            }
        }
    }
    // An embargo is said even if the text shows the same day for another reason.
    let is_unshown =
        |(name, value): &(&str, &str)| *name == words.embargo || !shown.iter().any(|text| text.trim() == *value);
    known(article, words).into_iter().filter(is_unshown).collect()
}

/// What is known of the article: name and value.
pub(crate) fn known<'a>(article: &'a Article, words: &Words) -> Vec<(&'static str, &'a str)> {
    let info = &article.info;
    let rows = [
        (words.embargo, &info.embargo),
        (words.source, &info.source),
        (words.author, &info.author),
        (words.editor, &info.editor),
        (words.reviewer, &info.reviewer),
        (words.published, &info.published),
        (words.updated, &info.updated),
    ];
    rows.into_iter().filter(|(_, value)| !value.trim().is_empty()).map(|(name, value)| (name, value.trim())).collect()
}

struct PlainWriter<'w> {
    words: &'w Words,
    out: String,
    indent: String,
    /// Blocks follow each other without an empty line, as in items of lists.
    is_tight: bool,
}

impl PlainWriter<'_> {
    /// Begins a block: an empty line before it, unless it is in a tight place.
    fn begin(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        if !self.is_tight && !self.out.ends_with("\n\n") && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn line(&mut self, text: &str) {
        for line in text.split('\n').map(str::trim_end) {
            // An empty line of code has no indentation.
            if !line.is_empty() {
                self.out.push_str(&self.indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.begin();
        self.line(text);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let text = self.text(text);
                self.paragraph(&match level {
                    1 | 2 => format!("【{text}】"),
                    _ => format!("◆ {text}"),
                });
            }
            Block::Paragraph(text) | Block::Code(text) => {
                let text = self.text(text);
                self.paragraph(&text);
            }
            Block::List(list) => {
                self.begin();
                for item in &list.items {
                    self.labelled(&format!("{} ", item.label), &item.blocks);
                }
            }
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
            Block::Quote(blocks) => self.indented("　　", false, |writer| writer.blocks(blocks)),
            Block::Facts(facts) => {
                self.begin();
                for fact in facts {
                    let terms: Vec<String> = fact.terms.iter().map(|term| self.text(term)).collect();
                    let label = match terms.is_empty() {
                        true => String::new(),
                        false => format!("{}{}", terms.join("、"), self.words.colon),
                    };
                    let details: Vec<Block> = fact.details.concat();
                    self.labelled(&label, &details);
                }
            }
            Block::Details(details) => {
                let question = self.text(&details.question);
                self.paragraph(&format!("◇ {}", if question.is_empty() { self.words.details } else { &question }));
                self.blocks(&details.blocks);
            }
            Block::Notes(notes) => {
                self.paragraph(&format!("【{}】", self.words.notes));
                self.begin();
                for note in notes {
                    self.labelled(&format!("[{}] ", note.label), &note.blocks);
                }
            }
            Block::Rule => self.paragraph("————"),
        }
    }

    /// Blocks whose first line stands behind a label, the others indented.
    fn labelled(&mut self, label: &str, blocks: &[Block]) {
        let width = " ".repeat(label.trim_end_matches('：').width().min(8));
        let start = self.out.len();
        self.indented(&width, true, |writer| writer.blocks(blocks));
        let written = self.out.split_off(start);
        let indent = self.deeper(&width);
        let rest = written.strip_prefix('\n').unwrap_or(&written);
        let rest = rest.strip_prefix(indent.as_str()).unwrap_or(rest);
        let (label, end) = if rest.is_empty() { (label.trim_end(), "\n") } else { (label, "") };
        self.out.push_str(&format!("{}{label}{rest}{end}", self.indent));
    }

    fn indented(&mut self, by: &str, is_tight: bool, write: impl FnOnce(&mut Self)) {
        if !is_tight {
            self.begin();
        }
        let deeper = self.deeper(by);
        let indent = std::mem::replace(&mut self.indent, deeper);
        let was_tight = self.is_tight;
        self.is_tight |= is_tight;
        write(self);
        self.indent = indent;
        self.is_tight = was_tight;
    }

    /// The indentation of what lies inside; lines never begin further right than [`WIDEST_INDENT`].
    fn deeper(&self, by: &str) -> String {
        if self.indent.width() >= WIDEST_INDENT { self.indent.clone() } else { format!("{}{by}", self.indent) }
    }

    fn figure(&mut self, figure: &Figure) {
        let mut caption = self.text(&figure.caption);
        if !figure.credit.is_empty() {
            let (open, close) = self.words.brackets;
            caption.push_str(&format!("{open}{}{close}", self.text(&figure.credit)));
        }
        if figure.caption_first && !caption.is_empty() {
            self.paragraph(&caption);
        }
        self.blocks(&figure.blocks);
        if !figure.caption_first && !caption.is_empty() {
            self.paragraph(&caption);
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            let caption = self.text(&table.caption);
            self.paragraph(&caption);
        }
        match self.aligned(table) {
            Some(lines) => {
                self.begin();
                lines.iter().for_each(|line| self.line(line));
            }
            None => self.table_as_rows(table),
        }
    }

    /// The table with columns of equal width, if no cell spans others or holds several lines and the lines are not too wide.
    fn aligned(&self, table: &Table) -> Option<Vec<String>> {
        let mut cells: Vec<Vec<String>> = Vec::new();
        for row in &table.rows {
            if row.cells.iter().any(|cell| cell.columns != 1 || cell.rows != 1) {
                return None;
            }
            cells.push(row.cells.iter().map(|cell| self.simple(cell)).collect::<Option<_>>()?);
        }
        let columns = cells.iter().map(Vec::len).max()?;
        let width_of = |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|text| text.width()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width_of(column).unwrap_or(0)).collect();
        if widths.iter().sum::<usize>() + 3 * columns > WIDEST_TABLE {
            return None;
        }
        let line = |(row, texts): (&Row, &Vec<String>)| {
            let padded = row.cells.iter().zip(texts).zip(&widths).map(|((cell, text), width)| {
                let space = " ".repeat(width - text.width());
                if cell.alignment == Alignment::Right { format!("{space}{text}") } else { format!("{text}{space}") }
            });
            padded.collect::<Vec<_>>().join(" | ")
        };
        let mut lines: Vec<String> = table.rows.iter().zip(&cells).map(line).collect();
        if table.header_rows > 0 && table.header_rows < lines.len() {
            let rule = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("-+-");
            lines.insert(table.header_rows, rule);
        }
        Some(lines)
    }

    /// The text of a cell of one line.
    fn simple(&self, cell: &Cell) -> Option<String> {
        match &cell.blocks[..] {
            [] => Some(String::new()),
            [Block::Paragraph(text)] => Some(self.text(text)).filter(|text| !text.contains('\n')),
            _ => None,
        }
    }

    /// The table as lines: each cell behind the name of its column. The head is rows of its own if the table has nothing else, a name is too long
    /// to be said again, or a name would stand before no cell.
    fn table_as_rows(&mut self, table: &Table) {
        let grid = table.grid();
        let names: Vec<String> = (0..grid.columns).map(|column| self.column_name(table, &grid, column)).collect();
        let is_short = names.iter().all(|name| name.chars().count() <= LONGEST_REPEATED);
        let has_places = grid.rest[..table.header_rows].iter().all(Vec::is_empty);
        let start = self.out.len();
        if table.header_rows < table.rows.len() && is_short && has_places {
            let mut unsaid: Vec<bool> = names.iter().map(|name| !name.is_empty()).collect();
            for row in table.header_rows..table.rows.len() {
                self.table_row(&grid, row, &names, row == table.header_rows, &mut unsaid);
            }
            if !unsaid.contains(&true) {
                return;
            }
            self.out.truncate(start);
        }
        let none = vec![String::new(); grid.columns];
        for row in 0..table.rows.len() {
            self.table_row(&grid, row, &none, row == 0, &mut []);
        }
    }

    /// The cells of a row as lines. Unmarks the columns in `unsaid` whose name stands before one.
    fn table_row(&mut self, grid: &Grid<'_>, row: usize, names: &[String], is_first: bool, unsaid: &mut [bool]) {
        self.begin();
        for column in (0..grid.columns).filter(|column| grid.begins_in_row(row, *column)) {
            let Some(cell) = grid.cell(row, column) else { continue };
            // A cell that spans rows is said in each of them, so that each row is whole.
            let begins = grid.begins_in_column(row, column) || is_first;
            if !begins && self.cell_line(cell).chars().count() > LONGEST_REPEATED {
                continue;
            }
            let columns = column..(column + grid.width(row, column)).min(names.len());
            let mut covered: Vec<&str> = names[columns.clone()].iter().map(|name| &name[..]).collect();
            covered.retain(|name| !name.is_empty());
            covered.dedup();
            // A cell across many columns belongs to none of them.
            let label = match covered.len() {
                1..=3 => format!("{}{}", covered.join("、"), self.words.colon),
                _ => String::new(),
            };
            if !label.is_empty() {
                unsaid.iter_mut().skip(columns.start).take(columns.len()).for_each(|name| *name = false);
            }
            self.labelled(&label, &cell.blocks);
        }
        for cell in &grid.rest[row] {
            self.labelled("", &cell.blocks);
        }
    }

    /// The name of a column: the cells of the head above it.
    fn column_name(&self, table: &Table, grid: &Grid<'_>, column: usize) -> String {
        let mut names: Vec<String> = Vec::new();
        for cell in (0..table.header_rows).filter_map(|row| grid.cell(row, column)) {
            let name = self.cell_line(cell);
            if !name.is_empty() && names.last() != Some(&name) {
                names.push(name);
            }
        }
        names.join(" / ")
    }

    fn cell_line(&self, cell: &Cell) -> String {
        let mut lines = Vec::new();
        crate::blocks::walk(&cell.blocks, &mut |inlines| lines.push(self.text(inlines)));
        lines.retain(|line| !line.is_empty());
        lines.join(" ").replace('\n', " ")
    }

    /// A line as text: links with their address in brackets, breaks as `\n`. What a look alone would say is said in words or signs: that text is
    /// deleted, that a number is an exponent.
    fn text(&self, inlines: &[Inline]) -> String {
        let mut out = String::new();
        let mut link: Option<(&str, usize)> = None;
        let mut before = Marks::default();
        let (open, close) = self.words.brackets;
        for inline in inlines {
            let marks = if let Inline::Text(run) = inline { run.marks } else { Marks::default() };
            if before.strike && !marks.strike {
                out.push_str(close);
            }
            let next = match inline {
                Inline::Text(run) => run.link.as_deref(),
                _ => None,
            };
            if link.map(|(address, _)| address) != next {
                end_link(&mut out, link.take(), self.words);
                link = next.map(|address| (address, out.len()));
            }
            if marks.strike && !before.strike {
                out.push_str(&format!("{open}{}{}", self.words.deleted, self.words.colon));
            }
            let is_power = marks.sup && !before.sup && out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ')');
            before = marks;
            match inline {
                Inline::Text(run) if is_power => out.push_str(&power(&run.text)),
                Inline::Text(run) => out.push_str(&run.text),
                Inline::Break => out.push('\n'),
                Inline::NoteReference(label) => out.push_str(&format!("[{label}]")),
                Inline::Picture(picture) => {
                    out.push_str(&format!("{}{}", open.trim(), self.words.picture));
                    if !picture.alt.trim().is_empty() {
                        out.push_str(&format!("{}{}", self.words.colon, picture.alt.trim()));
                    }
                    out.push_str(close);
                }
            }
        }
        end_link(&mut out, link, self.words);
        if before.strike {
            out.push_str(close);
        }
        out
    }
}

/// Raised text after a letter or a digit: with a sign for an exponent, so that 10³ is not 103. Words such as the end of `1st` are none.
fn power(text: &str) -> String {
    let digits = text.trim_start_matches(['-', '+', '−']);
    match digits.chars().count() {
        _ if digits.chars().all(|c| c.is_ascii_digit()) => format!("^{text}"),
        1 if digits.chars().all(|c| c.is_ascii_alphabetic()) => format!("^{text}"),
        _ if digits.chars().all(char::is_alphabetic) || !text.is_ascii() => text.to_string(),
        _ => format!("^({text})"),
    }
}

/// Adds the address of a link behind its words, unless they show it or it leads nowhere from a text.
fn end_link(out: &mut String, link: Option<(&str, usize)>, words: &Words) {
    let Some((address, start)) = link else { return };
    if let Some(address) = address_to_show(address, &out[start..]) {
        let (open, close) = words.brackets;
        out.push_str(&format!("{open}{address}{close}"));
    }
}

/// The address that a reader of a text without links needs beside the words of a link. None if the words show it, and for addresses inside the
/// site whose absolute form is not known.
pub(crate) fn address_to_show<'a>(address: &'a str, shown: &str) -> Option<&'a str> {
    let lower = address.to_ascii_lowercase();
    let bare = match lower.split_once(':') {
        Some(("tel" | "mailto" | "sms", _)) => address.split_once(':')?.1.split('?').next()?,
        Some(("http" | "https", _)) => address,
        _ => return None,
    };
    let digits = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || !c.is_ascii()).collect::<String>();
    let is_shown = shown.contains(bare) || !digits(bare).is_empty() && digits(shown).contains(&digits(bare));
    (!is_shown).then_some(bare)
}
