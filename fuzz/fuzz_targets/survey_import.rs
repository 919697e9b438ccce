//! Any bytes as a file of answers, as a mapping file, and as both: reading ends, what is accepted is canonical and is accepted again,
//! every row has a key of its own, and what is said of refused rows is short and plain.

#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use puzhi_core::base::ContentHash;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::{CollectionMode, Survey};
use puzhi_survey::answers::{ValidatedAnswers, validate_json};
use puzhi_survey::import::double_entry::compare_entries;
use puzhi_survey::import::{ImportBatch, ImportTarget, SourceFormat, ColumnLayout, ColumnMapping, ImportTable, detect_layout};

mod survey_asked;

static SURVEY: LazyLock<Survey> = LazyLock::new(survey_asked::survey);

/// Headers that are recognised, so that the bytes may begin with rows.
const HEADERS: [&str; 4] = [
    "",
    "serial,h,t:p,t:m,s,z,g\n",
    "序号,提交答卷时间,1、听说过吗？,2、哪些？,3、有用吗？,4、住了几年？,5、您多大？\n",
    "id,submitdate,h,t[p],t[m],s,z,g\n",
];

fn check(table: &ImportTable, layout: &ColumnLayout) {
    let Some(wave) = SURVEY.all_waves().into_iter().next() else { return };
    let to = ImportTarget {
        survey: &SURVEY,
        id: "a",
        wave: &wave,
        mode: CollectionMode::Paper,
        zone: TimeZone::UTC,
        hour: 1,
        wording: ContentHash::of(b""),
    };
    let batch = ImportBatch::read(table, layout, &to);
    let responses = batch.responses(&to);
    assert_eq!(responses.iter().map(|r| r.id).collect::<BTreeSet<_>>().len(), batch.accepted.len());
    for ready in &batch.accepted {
        let Ok(json) = serde_json::to_value(&ready.answers) else { panic!("{ready:?}") };
        assert_eq!(validate_json(&SURVEY, &json), Ok(ValidatedAnswers::Answers(ready.answers.clone())));
    }
    for refused in &batch.errors {
        for words in [refused.message(&SURVEY, Lang::Zh), refused.message(&SURVEY, Lang::En)] {
            assert!(words.chars().count() < 300, "{words}");
        }
    }
    assert!(batch.rejected_rows() + batch.accepted.len() + batch.under_age <= table.rows.len());
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let file = [HEADERS[usize::from(*choice) % HEADERS.len()].as_bytes(), rest].concat();
    // The rows of a workbook, or of the text before the first NUL; what is behind it is a mapping.
    let (text, mapping) = match file.iter().position(|b| *b == 0).filter(|_| !file.starts_with(b"PK")) {
        Some(at) => (&file[..at], &file[at + 1..]),
        None => (file.as_slice(), &[][..]),
    };
    let mapping = std::str::from_utf8(mapping).map(|text| ColumnMapping::read(text, &SURVEY));
    let table = match ImportTable::read(text) {
        Ok(table) => table,
        Err(trouble) => return drop((trouble.message(Lang::Zh), trouble.message(Lang::En))),
    };
    let formats = SourceFormat::NAMED.into_iter().map(|(format, _)| Some(format)).chain([None]);
    let layouts = formats
        .map(|format| detect_layout(&SURVEY, &table, format, &[]))
        .chain(mapping.into_iter().map(|m| m.and_then(|m| m.layout(&table))));
    for layout in layouts {
        match layout {
            Ok(layout) => check(&table, &layout),
            Err(trouble) => drop((trouble.message(Lang::Zh), trouble.message(Lang::En))),
        }
    }
    if let Ok(same) = compare_entries(&table, &table) {
        assert!(same.cells.is_empty() && same.only_in.iter().all(Vec::is_empty) && same.columns_only_in.iter().all(Vec::is_empty));
    }
});
