//! Reader of XLSX workbooks (ECMA-376).
//!
//! In: untrusted bytes of a zip file. Out: an [`ImportTable`]. Every part is unpacked once within a bound before the workbook
//! reader sees it, so that a small file cannot fill the memory.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipArchive;

use super::ImportError;
use super::cell_reader::shorten_for_message;
use super::table::{FileKind, ImportTable, TableBuilder};

/// Most bytes of all parts together, unpacked.
const MAX_UNPACKED_BYTES: u64 = 192 << 20;
/// Most parts of the zip file.
const MAX_PARTS: usize = 2_000;
/// Most columns of a sheet.
const MAX_SHEET_COLUMNS: usize = 16_384;

/// Reads the first sheet that is not empty.
pub(super) fn read(bytes: &[u8]) -> Result<ImportTable, ImportError> {
    check_unpacked_size(bytes)?;
    // The reader trusts some numbers in the file and may panic on wrong ones; here that means a damaged file.
    catch_unwind(AssertUnwindSafe(|| first_sheet(bytes))).unwrap_or_else(|_| Err(damaged_part("sheet")))
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

fn first_sheet(bytes: &[u8]) -> Result<ImportTable, ImportError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged_part("workbook"))?;
    let names: Vec<String> = book.sheet_names().into_iter().take(MAX_PARTS).collect();
    let mut found: Option<ImportTable> = None;
    let mut others = 0;
    for name in names {
        // A chart sheet has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        if found.is_some() {
            others += usize::from(matches!(cells.next_cell(), Ok(Some(_))));
            continue;
        }
        let mut rows = TableBuilder::new();
        let mut row: (usize, Vec<String>) = (0, Vec::new());
        while let Some(cell) = cells.next_cell().map_err(|_| damaged_part(name.clone()))? {
            let (r, c) = cell.get_position();
            let (r, c) = (r as usize, c as usize);
            if r < row.0 || c >= MAX_SHEET_COLUMNS {
                return Err(damaged_part(name));
            }
            if r > row.0 {
                rows.push(row.0 + 1, std::mem::take(&mut row.1))?;
                row.0 = r;
            }
            let text = cell_text(cell.get_value());
            if !text.is_empty() {
                row.1.resize(row.1.len().max(c + 1), String::new());
                row.1[c] = text;
            }
        }
        rows.push(row.0 + 1, row.1)?;
        match rows.finish(FileKind::Xlsx { sheet: shorten_for_message(&name), others: 0 }) {
            Ok(table) => found = Some(table),
            Err(ImportError::NoHeader) => {}
            Err(other) => return Err(other),
        }
    }
    let mut table = found.ok_or(ImportError::NoHeader)?;
    if let FileKind::Xlsx { others: count, .. } = &mut table.kind {
        *count = others;
    }
    Ok(table)
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
        DataRef::Bool(b) => u8::from(*b).to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.trim().to_string(),
        DataRef::Error(error) => format!("#{error:?}"),
        DataRef::Empty => String::new(),
    }
}
