//! Reader of XLSX workbooks (ECMA-376).
//!
//! In: untrusted bytes of a zip file. Out: an [`ImportTable`]. Every part is unpacked once within a bound before the workbook
//! reader sees it, so that a small file cannot fill the memory.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Sheet, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::ImportError;
use super::cell_reader::shorten_for_message;
use super::table::{FileKind, ImportTable, TableBuilder};

/// Most bytes of all parts together, unpacked.
const MAX_UNPACKED_BYTES: u64 = 192 << 20;
/// Most parts of the zip file.
const MAX_PARTS: usize = 2_000;
/// Most merged cells and hidden rows that are looked at.
const MAX_MERGED: usize = 200_000;
/// Most columns of a sheet.
const MAX_SHEET_COLUMNS: usize = 16_384;

/// Reads the sheet of this name or number, else the first visible one that is not empty, else the first that is not empty.
pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<ImportTable, ImportError> {
    check_unpacked_size(bytes)?;
    // The reader trusts some numbers in the file and may panic on wrong ones; here that means a damaged file.
    catch_unwind(AssertUnwindSafe(|| read_sheet(bytes, sheet))).unwrap_or_else(|_| Err(damaged_part("sheet")))
}

fn damaged_part(part: impl Into<String>) -> ImportError {
    ImportError::Workbook { part: shorten_for_message(&part.into()) }
}

/// Unpacks every part without keeping it, and checks the bounds.
fn check_unpacked_size(bytes: &[u8]) -> Result<(), ImportError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged_part("zip"))?;
    if zip.len() > MAX_PARTS {
        return Err(ImportError::TooLarge { limit: MAX_UNPACKED_BYTES });
    }
    let mut left = MAX_UNPACKED_BYTES;
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).map_err(|_| damaged_part("zip"))?;
        let name = part.name().unwrap_or_default();
        let name: String = name.chars().take(80).filter(|c| !c.is_control()).collect();
        let counts = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let (mut head, mut size, mut buffer) = (Vec::new(), 0u64, [0u8; 16 << 10]);
        loop {
            match part.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    size += read as u64;
                    head.extend(buffer[..read].iter().take(if counts {
                        (4usize << 10).saturating_sub(head.len())
                    } else {
                        0
                    }));
                }
                Err(_) => return Err(damaged_part(name)),
            }
            if size > left {
                return Err(ImportError::TooLarge { limit: MAX_UNPACKED_BYTES });
            }
        }
        left -= size;
        if counts && claimed_string_count(&head).is_some_and(|count| count > size) {
            return Err(damaged_part(name));
        }
    }
    Ok(())
}

/// How many shared strings the part claims to hold; the reader allocates memory for them at once.
fn claimed_string_count(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(head);
    let rest = head.split_once("uniqueCount").map(|(_, rest)| rest)?;
    let digits: String = rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    Some(digits.parse().unwrap_or(u64::MAX))
}

fn read_sheet(bytes: &[u8], wanted: Option<&str>) -> Result<ImportTable, ImportError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged_part("workbook"))?;
    let mut sheets: Vec<Sheet> = book.sheets_metadata().iter().take(MAX_PARTS).cloned().collect();
    let hidden = |sheet: &Sheet| sheet.visible != SheetVisible::Visible;
    let hidden_sheets = sheets.iter().filter(|s| hidden(s)).map(|s| shorten_for_message(&s.name)).collect();
    if let Some(wanted) = wanted {
        let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let at = sheets.iter().position(|s| s.name == wanted).or(number.filter(|at| *at < sheets.len()));
        let names = || sheets.iter().map(|s| shorten_for_message(&s.name)).collect();
        let at = at.ok_or_else(|| ImportError::NoSheet { names: names() })?;
        sheets.swap(0, at);
    } else {
        sheets.sort_by_key(hidden);
    }
    let mut found: Option<ImportTable> = None;
    let mut others = 0;
    for sheet in &sheets {
        // A chart sheet has no cells.
        if found.is_some() {
            let Ok(mut cells) = book.worksheet_cells_reader(&sheet.name) else { continue };
            others += usize::from(matches!(cells.next_cell(), Ok(Some(_))));
            continue;
        }
        match sheet_table(&mut book, &sheet.name) {
            Ok(table) => found = table,
            Err(ImportError::NoHeader) if wanted.is_none() => {}
            Err(other) => return Err(other),
        }
        if found.is_none() && wanted.is_some() {
            return Err(ImportError::NoHeader);
        }
    }
    let mut table = found.ok_or(ImportError::NoHeader)?;
    table.hints.hidden_sheets = hidden_sheets;
    if let FileKind::Xlsx { sheet, others: count } = &mut table.kind {
        *count = others;
        table.hints.hidden_rows = hidden_rows(bytes, sheet);
        *sheet = shorten_for_message(sheet);
    }
    Ok(table)
}

/// The cells of one sheet with what is merged and which formulas have no value; `None` for a sheet without cells.
fn sheet_table(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Option<ImportTable>, ImportError> {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(None) };
    let mut rows = TableBuilder::new();
    let mut row: (usize, Vec<String>) = (0, Vec::new());
    let mut formulas = BTreeSet::new();
    while let Some(cell) = cells.next_cell_with_formula().map_err(|_| damaged_part(name))? {
        let (r, c) = (cell.pos.0 as usize, cell.pos.1 as usize);
        if r < row.0 || c >= MAX_SHEET_COLUMNS {
            return Err(damaged_part(name));
        }
        if r > row.0 {
            push_row(&mut rows, row.0 + 1, std::mem::take(&mut row.1), &formulas)?;
            row.0 = r;
        }
        let text = cell_text(&cell.value);
        if text.is_empty() {
            if cell.formula.is_some() {
                formulas.insert((r + 1, c));
            }
        } else {
            row.1.resize(row.1.len().max(c + 1), String::new());
            row.1[c] = text;
        }
    }
    drop(cells);
    push_row(&mut rows, row.0 + 1, row.1, &formulas)?;
    let mut table = rows.finish(FileKind::Xlsx { sheet: name.to_string(), others: 0 })?;
    table.hints.formulas_without_value = formulas;
    // A file whose merged cells cannot be read has been read as if it had none.
    for merged in book.merge_cells_by_sheet_name(name).unwrap_or_default().into_iter().take(MAX_MERGED) {
        let ((top, left), (bottom, right)) = (merged.start, merged.end);
        let last = table.rows.last().map_or(0, |row| row.number);
        for r in (top as usize..=(bottom as usize).min(last)).take(MAX_MERGED) {
            let covered = (left as usize..=(right as usize).min(table.header.len())).map(|c| (r + 1, c));
            table.hints.merged.extend(covered.filter(|cell| *cell != (top as usize + 1, left as usize)));
        }
        if table.hints.merged.len() > MAX_MERGED {
            return Err(damaged_part(name));
        }
    }
    Ok(Some(table))
}

/// Adds a row; one whose only cells are formulas without a value stays, so that they are reported.
fn push_row(
    rows: &mut TableBuilder,
    number: usize,
    cells: Vec<String>,
    formulas: &BTreeSet<(usize, usize)>,
) -> Result<(), ImportError> {
    if cells.is_empty() && formulas.range((number, 0)..(number + 1, 0)).next().is_some() {
        rows.push_without_values(number);
        return Ok(());
    }
    rows.push(number, cells)
}

/// Numbers of the hidden rows of a sheet. The reader of workbooks does not tell them; they are attributes of the rows.
fn hidden_rows(bytes: &[u8], sheet: &str) -> BTreeSet<usize> {
    let part = |name: &str| -> Option<String> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut text = Vec::new();
        // Unpacked sizes were checked before.
        zip.by_name(name).ok()?.read_to_end(&mut text).ok()?;
        Some(String::from_utf8_lossy(&text).into_owned())
    };
    let find = || -> Option<String> {
        let (book, links) = (part("xl/workbook.xml")?, part("xl/_rels/workbook.xml.rels")?);
        let of_sheet = tags(&book, "sheet").find(|tag| attribute(tag, "name").as_deref() == Some(sheet))?;
        let id = attribute(of_sheet, "r:id")?;
        let link = tags(&links, "Relationship").find(|tag| attribute(tag, "Id").as_deref() == Some(&*id))?;
        let target = attribute(link, "Target")?;
        part(&target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), String::from))
    };
    let Some(text) = find() else { return BTreeSet::new() };
    let hidden = |tag: &&str| matches!(attribute(tag, "hidden").as_deref(), Some("1" | "true"));
    tags(&text, "row").filter(hidden).filter_map(|tag| attribute(tag, "r")?.parse().ok()).take(MAX_MERGED).collect()
}

/// The opening tags of elements with this name, without `<` and name.
fn tags<'x>(xml: &'x str, name: &'static str) -> impl Iterator<Item = &'x str> {
    xml.split('<').filter_map(move |rest| {
        let rest = rest.strip_prefix(name).filter(|rest| rest.starts_with(|c: char| c.is_whitespace()))?;
        rest.split('>').next()
    })
}

/// The value of an attribute of a tag, with the references that names of sheets have.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.match_indices(name).find(|(at, _)| {
        let before = tag[..*at].chars().next_back();
        before.is_none_or(char::is_whitespace) && tag[at + name.len()..].trim_start().starts_with('=')
    });
    let value = tag[at?.0 + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value[1..].split(quote).next()?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    )
}

/// A cell as it would be written in CSV. Of a formula it is the cached value.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        // Workbooks store integers as floating-point numbers as well.
        DataRef::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
        DataRef::Float(f) => f.to_string(),
        DataRef::String(s) => s.trim().to_string(),
        DataRef::SharedString(s) => s.trim().to_string(),
        // `TRUE` is no number; in the column of an option it says that it was chosen.
        DataRef::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.trim().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
