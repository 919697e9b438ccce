//! Files made to harm: nothing panics, nothing grows, nothing wrong is taken.

use std::io::{Cursor, Write};
use std::time::Instant;

use puzhi_core::diag::Lang;
use puzhi_survey::import::{ImportBatch, ImportError, ImportTable, RowErrorKind, detect_layout};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::files::WORKBOOK;
use super::refused;
use super::survey::{import_target, survey, wave};

/// The parts of a workbook around one sheet.
fn workbook(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    const TYPES: &str =
        r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 6] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#).into_bytes()
}

const NO_STRINGS: &[u8] =
    br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="0" uniqueCount="0"></sst>"#;

#[test]
fn a_zip_bomb_is_refused_before_it_is_read() {
    let bomb = workbook(&sheet(""), &vec![b' '; 200 << 20]);
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    assert!(matches!(ImportTable::read(&bomb), Err(ImportError::TooLarge { .. })));
}

#[test]
fn a_workbook_that_lies_about_itself_is_damaged() {
    let claims = br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="9999999999999999"></sst>"#;
    assert!(matches!(ImportTable::read(&workbook(&sheet(""), claims)), Err(ImportError::Workbook { .. })));
    // Beyond any sheet, out of order, an index of no text, columns that overflow.
    let far = r#"<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>"#;
    assert!(matches!(ImportTable::read(&workbook(&sheet(far), NO_STRINGS)), Err(ImportError::TooMany { .. })));
    let shuffled = r#"<row r="9"><c r="A9"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>"#;
    assert!(matches!(ImportTable::read(&workbook(&sheet(shuffled), NO_STRINGS)), Err(ImportError::Workbook { .. })));
    for odd in [
        r#"<c r="A1" t="s"><v>77</v></c>"#,
        r#"<c r="AAAAAAAAAAAA1"><v>1</v></c>"#,
        r#"<c r="A99999999999999"><v>1</v></c>"#,
        r#"<c r="A1"><v>1"#,
        "</c></c>",
    ] {
        let read = ImportTable::read(&workbook(&sheet(odd), NO_STRINGS));
        assert!(read.is_err() || read.is_ok_and(|t| t.rows.is_empty()), "{odd}");
    }
}

#[test]
fn cut_and_changed_workbooks_never_stop_the_program() {
    for end in (0..WORKBOOK.len()).step_by(37) {
        let _ = ImportTable::read(&WORKBOOK[..end]);
    }
    for at in (0..WORKBOOK.len()).step_by(11) {
        let mut changed = WORKBOOK.to_vec();
        changed[at] ^= 0x5A;
        let _ = ImportTable::read(&changed);
    }
    // A zip of another kind.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<w/>").unwrap();
    assert!(matches!(ImportTable::read(&zip.finish().unwrap().into_inner()), Err(ImportError::Workbook { .. })));
}

#[test]
fn a_formula_counts_as_its_last_value() {
    let text = |cell: &str, value: &str| format!(r#"<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>"#);
    let cells = format!(
        r#"<row r="1">{}{}{}</row><row r="2"><c r="A2"><f>HYPERLINK("http://x")</f><v>1</v></c><c r="B2"><f>1+0</f><v>1</v></c><c r="C2" t="e"><v>#REF!</v></c></row>"#,
        text("A1", "serial"),
        text("B1", "heard"),
        text("C1", "age")
    );
    let table = ImportTable::read(&workbook(&sheet(&cells), NO_STRINGS)).unwrap();
    assert_eq!(table.rows[0].cells[..2], ["1", "1"]);
    let survey = survey();
    let wave = wave("drawn");
    let batch =
        ImportBatch::read(&table, &detect_layout(&survey, &table, None, &[]).unwrap(), &import_target(&survey, &wave));
    assert_eq!(batch.errors.len(), 1, "an error is no answer: {:?}", refused(&batch));
}

#[test]
fn html_sql_and_formulas_in_cells_are_refused_as_text() {
    let nasty = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE puzhi_responses; --",
        "+1+1",
        "@SUM(1)",
        "\u{202E}know",
        "know\u{0007}",
        "９９９９９９９９９９９９９９９９９９９９",
    ];
    let mut text = String::from("serial,heard,age,years\n");
    for (n, cell) in nasty.iter().enumerate() {
        text.push_str(&format!("{n},\"{cell}\",2,\"{cell}\"\n"));
    }
    let survey = survey();
    let wave = wave("drawn");
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let batch =
        ImportBatch::read(&table, &detect_layout(&survey, &table, None, &[]).unwrap(), &import_target(&survey, &wave));
    assert_eq!((batch.accepted.len(), batch.rejected_rows()), (0, nasty.len()));
    for refused in &batch.errors {
        for lang in [Lang::Zh, Lang::En] {
            let words = refused.message(&survey, lang);
            assert!(!words.contains(|c: char| c.is_control()), "{words:?}");
            assert!(words.chars().count() < 140);
        }
    }
}

#[test]
fn long_lines_and_many_cells_end_soon() {
    let start = Instant::now();
    let mut line = b"serial,heard,age\n1,".to_vec();
    line.resize(10 << 20, b'x');
    assert!(matches!(ImportTable::read(&line), Err(ImportError::CellTooLong { row: 2, column: 2, .. })));
    let quoted = [b"serial,heard\n1,\"".as_slice(), &vec![b'\n'; 10 << 20]].concat();
    assert!(matches!(ImportTable::read(&quoted), Err(ImportError::Quotation { line: 2 })));
    let mut commas = b"serial,heard,age\n".to_vec();
    commas.extend(std::iter::repeat_n(b',', 10 << 20));
    assert!(ImportTable::read(&commas).is_ok_and(|t| t.rows.is_empty()));
    let wide = format!("serial{}\n", ",x".repeat(5_000));
    assert!(matches!(ImportTable::read(wide.as_bytes()), Err(ImportError::TooMany { .. })));
    assert!(matches!(ImportTable::read(&vec![b'a'; (64 << 20) + 1]), Err(ImportError::TooLarge { .. })));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn a_nul_or_a_wrong_encoding_is_no_table() {
    assert_eq!(ImportTable::read(b"serial,heard\n1,\0\n"), Err(ImportError::NotText));
    assert_eq!(ImportTable::read(b"serial,heard\n1,\xFF\xFF\xFF\n"), Err(ImportError::NotText));
    assert_eq!(ImportTable::read(b"%PDF-1.7\n\x00\x01"), Err(ImportError::NotText));
    assert_eq!(ImportTable::read(b""), Err(ImportError::NoHeader));
}

#[test]
fn a_wave_is_entered_only_by_its_own_rows() {
    // A column that claims another wave, mode or key is a column like any other.
    let survey = survey();
    for header in ["wave", "mode", "key", "q.heard"] {
        let table = ImportTable::read(format!("serial,heard,age,{header}\n1,1,2,quota\n").as_bytes()).unwrap();
        assert!(
            matches!(detect_layout(&survey, &table, None, &[]), Err(ImportError::UnknownColumns { .. })),
            "{header}"
        );
    }
    let table = ImportTable::read(b"serial,heard,age\n1,1,2\n").unwrap();
    let wave = wave("quota");
    let to = import_target(&survey, &wave);
    let batch = ImportBatch::read(&table, &detect_layout(&survey, &table, None, &[]).unwrap(), &to);
    assert!(batch.responses(&to).iter().all(|r| r.wave == "quota" && r.survey == "s"));
    assert!(!batch.errors.iter().any(|r| matches!(r.reason, RowErrorKind::OutsideWave)));
}
