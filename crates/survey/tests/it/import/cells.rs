//! What happens to every cell: it is stored, dropped by a named rule, or reported. And the cells of which that was not so.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use puzhi_core::kinds::Survey;
use puzhi_survey::answers::Answer;
use puzhi_survey::import::{
    ColumnRole, IgnoredColumns, ImportBatch, ImportError, ImportTable, RowErrorKind, SkippedKind, SourceFormat,
    TableChoice, detect_layout, find_layout,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::survey::{import_target, of_page, survey, wave};

/// A survey with "other" in a question of one answer and in one of several.
const OTHER: &str = "---
title: 来源
id: s
opens: 2027-04-01
closes: 2027-04-30
questions:
  - {id: where, type: single, required: true, text: 您在哪里办事？, options: [{id: hall, text: 大厅}, {id: net, text: 网上}, {id: other, text: 其他}]}
  - {id: how, type: multiple, text: 您怎样知道的？, options: [{id: tv, text: 电视}, {id: friend, text: 熟人}, {id: other, text: 其他}]}
waves:
  - {id: drawn, sample: probability, mode: [paper, web, face]}
---
";

/// The answers of every row, or what was refused of it in words.
fn read(survey: &Survey, text: &str) -> Vec<String> {
    let wave = survey.waves[0].clone();
    let target = import_target(survey, &wave);
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let layout = detect_layout(survey, &table, None, &[]).unwrap();
    let batch = ImportBatch::read(&table, &layout, &target);
    let kept = format!("{batch:?}");
    assert!(!kept.contains("王大娘"), "the words of a respondent are kept: {kept}");
    let refused = batch.errors.iter().map(|e| e.message(survey, puzhi_core::diag::Lang::Zh));
    batch.accepted.iter().map(|ready| ready.answers.canonical()).chain(refused).collect()
}

#[test]
fn other_answers_count_as_other_and_their_words_are_dropped() {
    let survey = of_page(OTHER);
    let other = r#"{"how":["other","tv"],"where":"other"}"#;
    let plain = r#"{"how":["friend"],"where":"hall"}"#;
    let codes = "id,submitdate,lastpage,where,where[other],how[tv],how[friend],how[other]\n\
        1,2027-04-05 09:00:00,3,-oth-,王大娘家,Y,,王大娘说的\n2,2027-04-05 09:00:00,3,hall,,,Y,\n";
    assert_eq!(read(&survey, codes), [other, plain]);
    let words = "Response ID,Date submitted,Last page,您在哪里办事？,您在哪里办事？ [其他],您怎样知道的？ [电视],您怎样知道的？ [熟人],您怎样知道的？ [其他]\n\
        1,2027-04-05 09:00:00,3,其他,王大娘家,是,否,王大娘说的\n2,2027-04-05 09:00:00,3,大厅,,否,是,否\n";
    assert_eq!(read(&survey, words), [other, plain]);
    let numbers = "序号,提交答卷时间,1、您在哪里办事？,2、您怎样知道的？\n\
        1,2027/4/5 9:00:00,3〖王大娘┋家〗,1┋3〖王大娘〗\n2,2027/4/5 9:00:00,1,2\n3,2027/4/5 9:00:00,3,3〖王大娘\n";
    assert_eq!(read(&survey, numbers), [other, plain, r#"{"how":["other"],"where":"other"}"#]);
    let texts = "序号,提交答卷时间,1、您在哪里办事？,2、您怎样知道的？\n\
        1,2027/4/5 9:00:00,其他〖王大娘〗,电视┋其他〖王大娘，电视〗\n2,2027/4/5 9:00:00,大厅,熟人\n";
    assert_eq!(read(&survey, texts), [other, plain]);
    // Without such an option the code is refused, and the words are not shown.
    let without = of_page(&OTHER.replace(", {id: other, text: 其他}", ""));
    assert!(
        read(&without, "id,submitdate,lastpage,where,where[other]\n1,2027-04-05 09:00:00,3,-oth-,王大娘家\n")[0]
            .contains("没有“-oth-”这个选项")
    );
}

/// A workbook of one sheet with these rows as XML, and what follows them.
fn workbook(rows: &str, after: &str) -> Vec<u8> {
    let sheet = |rows: &str, after: &str| {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{after}</worksheet>"#
        )
    };
    let parts = [
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_string()),
        ("_rels/.rels", r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.into()),
        ("xl/workbook.xml", r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="旧的" sheetId="2" state="hidden" r:id="rId2"/><sheet name="录入&amp;核对" sheetId="1" r:id="rId1"/></sheets></workbook>"#.into()),
        ("xl/_rels/workbook.xml.rels", r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#.into()),
        ("xl/worksheets/sheet1.xml", sheet(rows, after)),
        ("xl/worksheets/sheet2.xml", sheet(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>serial</t></is></c></row>"#, "")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn text_cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn header() -> String {
    let cells = ["serial", "heard", "age", "years"].iter().zip(["A1", "B1", "C1", "D1"]);
    format!(r#"<row r="1">{}</row>"#, cells.map(|(text, at)| text_cell(at, text)).collect::<String>())
}

/// Row, column and reason of every refused cell of a workbook.
fn refused(bytes: &[u8]) -> Vec<(usize, Option<usize>, RowErrorKind)> {
    let (survey, wave) = (survey(), wave("drawn"));
    let table = ImportTable::read(bytes).unwrap();
    let layout = detect_layout(&survey, &table, None, &[]).unwrap();
    let batch = ImportBatch::read(&table, &layout, &import_target(&survey, &wave));
    batch.errors.into_iter().map(|e| (e.row, e.column, e.reason)).collect()
}

#[test]
fn formulas_without_value_truth_values_and_merged_cells_are_reported() {
    let row = |n: usize, years: &str| {
        format!(
            r#"<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>1</v></c><c r="C{n}"><v>2</v></c>{years}</row>"#
        )
    };
    let with = |years: &str| workbook(&format!("{}{}", header(), row(2, years)), "");
    assert_eq!(refused(&with(r#"<c r="D2"><f>A2*2</f></c>"#)), [(2, Some(4), RowErrorKind::FormulaWithoutValue)]);
    assert_eq!(refused(&with(r#"<c r="D2"><f>A2*2</f><v>4</v></c>"#)), []);
    let years = refused(&with(r#"<c r="D2" t="b"><v>1</v></c>"#));
    assert!(matches!(years[..], [(2, Some(4), RowErrorKind::Answer(_))]), "TRUE is no number: {years:?}");
    let error = ImportTable::read(&with(r#"<c r="D2" t="e"><v>#N/A</v></c>"#)).unwrap();
    assert_eq!(error.rows[0].cell(3), "#N/A");
    // A formula in the row's only cell does not make the row vanish.
    let alone = workbook(&format!(r#"{}<row r="3"><c r="B3"><f>A1</f></c></row>"#, header()), "");
    assert_eq!(refused(&alone)[0].2, RowErrorKind::FormulaWithoutValue);

    let merged = format!("{}{}{}", header(), row(2, r#"<c r="D2"><v>9</v></c>"#), row(3, ""));
    let merged = workbook(&merged, r#"<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>"#);
    assert_eq!(refused(&merged), [(3, Some(4), RowErrorKind::Merged)]);
}

#[test]
fn hidden_rows_and_sheets_are_told_and_a_sheet_can_be_named() {
    let row = r#"<row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c><c r="C2"><v>2</v></c></row>"#;
    let book = workbook(&format!("{}{row}", header()), "");
    let table = ImportTable::read(&book).unwrap();
    let said = table.hint_messages(puzhi_core::diag::Lang::Zh);
    assert_eq!(said, ["隐藏的行也读了：第 2 行", "有隐藏的工作表：旧的"]);
    assert_eq!((table.header.len(), table.rows.len()), (4, 1), "the visible sheet is read");
    let of = |sheet: &str| {
        ImportTable::read_part(&book, &TableChoice { sheet: Some(sheet.into()), ..TableChoice::default() })
    };
    assert_eq!(of("录入&核对").unwrap().header.len(), 4);
    assert_eq!(of("1").unwrap().header, ["serial"]);
    assert_eq!(of("3"), Err(ImportError::NoSheet { names: vec!["旧的".into(), "录入&核对".into()] }));
}

#[test]
fn a_header_below_a_title_is_found_and_all_other_columns_can_be_left_out() {
    let survey = survey();
    let text = "某县知晓率调查录入表\n2027年4月,第一组\nserial,heard,age\n1,1,2\n2,3,3\n";
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let (found, layout) = find_layout(&survey, &table, None, &IgnoredColumns::default()).unwrap();
    assert_eq!((found.header_row, found.rows.len(), layout.format), (3, 2, SourceFormat::Template));
    assert_eq!(found.hint_messages(puzhi_core::diag::Lang::Zh), ["表头在第 3 行；上面的第 1、2 行没有读"]);
    assert_eq!(
        find_layout(&survey, &ImportTable::read(b"a,b\n1,2\n").unwrap(), None, &IgnoredColumns::default()).unwrap_err(),
        ImportError::UnknownFormat
    );
    let text = "serial,heard,age,备忘,组别,核对人\n1,1,2,x,y,z\n";
    let table = ImportTable::read(text.as_bytes()).unwrap();
    match find_layout(&survey, &table, None, &IgnoredColumns::default()) {
        Err(ImportError::UnknownColumns { columns }) => assert_eq!(columns.len(), 3, "all at once"),
        other => panic!("{other:?}"),
    }
    let (_, layout) = find_layout(&survey, &table, None, &IgnoredColumns { named: &[], rest: true }).unwrap();
    assert_eq!(layout.skipped_headers(&table).len(), 3, "told by name");
}

/// What a cell may hold: answers, blanks, and what people type.
fn cell() -> impl Strategy<Value = String> {
    let usual = proptest::sample::select(vec![
        "",
        "1",
        "2",
        "3",
        "0",
        "9",
        "know",
        "never",
        "adult",
        "old",
        "y-10",
        "34",
        "３",
        "1.0",
        "-2",
        "TRUE",
        "x",
        "、",
        "1、2",
        "不知道",
        "#N/A",
        "是",
        "√",
        " ",
        "1〖字〗",
    ]);
    usual.prop_map(String::from)
}

const HEADERS: [&str; 10] =
    ["serial", "heard", "topics:patent", "topics:mark", "topics:right", "patent", "rate", "age", "years", "姓名"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn each_cell_is_stored_or_dropped_by_a_named_rule_or_reported(rows in proptest::collection::vec(proptest::collection::vec(cell(), 10), 1..6)) {
        let (survey, wave) = (survey(), wave("drawn"));
        let quoted = |cell: &String| format!("\"{cell}\"");
        let lines: String = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect();
        let text = format!("{}\n{lines}", HEADERS.join(","));
        let table = ImportTable::read(text.as_bytes()).unwrap();
        let layout = detect_layout(&survey, &table, None, &[]).unwrap();
        let batch = ImportBatch::read(&table, &layout, &import_target(&survey, &wave));
        let refused: Vec<usize> = batch.errors.iter().map(|e| e.row).collect();
        let mut too_young = 0;
        for (at, row) in rows.iter().enumerate() {
            let number = at + 2;
            let filled = row.iter().any(|cell| !cell.trim().is_empty());
            let accepted = batch.accepted.iter().find(|ready| ready.row == number);
            prop_assert!(accepted.is_none() || !refused.contains(&number));
            if !filled {
                prop_assert!(accepted.is_none() && !refused.contains(&number));
                continue;
            }
            let Some(ready) = accepted else {
                // Refused with a reason, or nothing is kept of a child, which is counted.
                too_young += usize::from(!refused.contains(&number));
                continue;
            };
            for ((cell, header), role) in row.iter().zip(HEADERS).zip(&layout.columns) {
                let cell = cell.trim();
                match role {
                    ColumnRole::Serial => prop_assert_eq!(ready.serial.is_empty(), cell.is_empty()),
                    ColumnRole::Skipped(kind) => prop_assert_eq!(*kind, SkippedKind::Personal),
                    ColumnRole::Question(column) => {
                        prop_assert_eq!(ready.answers.get(&column.question).is_some(), !cell.is_empty(), "{}", header);
                    }
                    ColumnRole::Option { question, option } => {
                        let chosen = matches!(ready.answers.get(question), Some(Answer::Many(ids)) if ids.contains(option));
                        let ticked = matches!(cell, "1" | "1.0" | "是" | "√" | "TRUE" | "1〖字〗");
                        prop_assert_eq!(chosen, ticked, "{}", header);
                        prop_assert!(ticked || matches!(cell, "" | "0"), "{} {}", header, cell);
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
        prop_assert_eq!(too_young, batch.under_age);
    }
}
