//! Answers from files, as clerks, 问卷星, LimeSurvey and attackers write them.

mod cells;
mod files;
mod hostile;
mod roundtrip;
mod survey;

use encoding_rs::GB18030;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::CollectionMode;
use puzhi_survey::answers::{Answer, AnswerErrorKind, Answers};
use puzhi_survey::import::double_entry::compare_entries;
use puzhi_survey::import::{
    ColumnMapping, ColumnRole, FileKind, ImportBatch, ImportError, ImportTable, RowErrorKind, SourceFormat,
    detect_layout,
};

use files::{ENTRY, FIRST, SECOND, WJX_TEXT, WORKBOOK};
use survey::{import_target, survey, wave};

/// Reads a file as it is recognised.
fn batch(bytes: &[u8]) -> ImportBatch {
    batch_as(bytes, None)
}

fn batch_as(bytes: &[u8], format: Option<SourceFormat>) -> ImportBatch {
    let (survey, wave) = (survey(), wave("drawn"));
    let table = ImportTable::read(bytes).unwrap();
    let layout = detect_layout(&survey, &table, format, &[]).unwrap_or_else(|t| panic!("{}", t.message(Lang::En)));
    ImportBatch::read(&table, &layout, &import_target(&survey, &wave))
}

fn trouble(bytes: &[u8]) -> ImportError {
    detect_layout(&survey(), &ImportTable::read(bytes).unwrap(), None, &[]).unwrap_err()
}

fn format(bytes: &[u8]) -> SourceFormat {
    detect_layout(&survey(), &ImportTable::read(bytes).unwrap(), None, &[]).unwrap().format
}

fn answers(batch: &ImportBatch) -> Vec<String> {
    batch.accepted.iter().map(|ready| ready.answers.canonical()).collect()
}

fn owned((header, personal): (&str, bool)) -> (String, bool) {
    (header.to_string(), personal)
}

/// Every refused cell: row, column, words.
fn refused(batch: &ImportBatch) -> Vec<(usize, Option<usize>, String)> {
    batch.errors.iter().map(|r| (r.row, r.column, r.reason.message(&survey(), Lang::Zh))).collect()
}

#[test]
fn the_entry_sheet_is_read_by_numbers_in_boxes() {
    let batch = batch(ENTRY.as_bytes());
    assert_eq!(refused(&batch), []);
    assert_eq!(answers(&batch), [FIRST, SECOND]);
    assert_eq!(
        (batch.under_age, batch.accepted[1].serial.as_str(), batch.accepted[1].row),
        (1, "2", 3),
        "the child's row is counted, not kept"
    );
    assert_eq!(format(ENTRY.as_bytes()).usual_mode(), Some(CollectionMode::Paper));
}

#[test]
fn the_columns_of_the_printed_sheet_are_those_that_are_read() {
    let header: Vec<String> =
        puzhi_core::form::paper::entry_sheet_columns(&survey()).into_iter().map(|c| c.header).collect();
    assert_eq!(header.join(","), ENTRY.lines().next().unwrap().trim_start_matches('\u{FEFF}'));
}

#[test]
fn every_wrong_cell_of_the_entry_sheet_is_listed() {
    let text = "serial,heard,topics:patent,topics:mark,topics:right,patent,rate,age,years\n\
        1,9,,,,x,6,2,\n\
        2,,,,,,,2,\n\
        3,3,1,,,,,2,\n\
        4,1,3,,,,,2,121\n\
        4,1,1,,,,,2,12\n\
        4,1,1,,,,,2,12,note\n\
        4,1,1,,,,,2,12\n\
        ,,,,,,,,\n\
        7,,,,,,,1,\n\
        8,9,,,,,,1,5岁\n";
    let batch = batch(text.as_bytes());
    let words = |row: usize| {
        refused(&batch).into_iter().filter(|r| r.0 == row).map(|r| (r.1.unwrap_or(0), r.2)).collect::<Vec<_>>()
    };
    assert_eq!(
        words(2),
        [(2, "没有“9”这个选项".into()), (6, "没有“x”这个选项".into()), (7, "要填 1 到 5 之间的数".into())]
    );
    assert_eq!(words(3), [(2, "没有回答，这一题必须回答".to_string())]);
    assert_eq!(words(4), [(3, "按前面的答案，这一题不该有答案".to_string())]);
    assert_eq!(words(5), [(3, "选了填 1，没有选填 0，不能填“3”".into()), (9, "要填 0 到 120 之间的数".into())]);
    assert_eq!(words(7), [(10, "这一列没有表头".to_string())]);
    assert_eq!(words(8), [(1, "序号和第 6 行相同".to_string())]);
    assert_eq!(batch.rejected_rows(), 6);
    assert_eq!(
        (batch.accepted.len(), batch.under_age),
        (1, 2),
        "a row without any text is none, a child is asked for nothing"
    );
}

#[test]
fn wenjuanxing_by_texts_in_gbk() {
    let gbk = GB18030.encode(WJX_TEXT).0;
    let table = ImportTable::read(&gbk).unwrap();
    assert_eq!(table.kind, FileKind::Csv { encoding: "GB18030", delimiter: ',' });
    let layout = detect_layout(&survey(), &table, None, &[]).unwrap();
    assert_eq!(layout.format, SourceFormat::WjxText);
    assert_eq!(
        layout.skipped_headers(&table),
        [
            ("来源详情", true),
            ("来自IP", true),
            ("提交答卷时间", false),
            ("所用时间", false),
            ("来源", false),
            ("总分", false)
        ]
        .map(owned)
    );
    let batch = batch(&gbk);
    assert_eq!(refused(&batch), []);
    assert_eq!(answers(&batch), [FIRST, SECOND]);
    assert_eq!(batch.under_age, 1);
    // 9:01 and 10:59 in Kunming are within the hours from 1:00 and 2:00 UTC.
    let hours: Vec<i64> = batch.accepted.iter().map(|r| r.hour.unwrap()).collect();
    let hour = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second() / 3600;
    assert_eq!(hours, [hour("2027-04-05T01:00:00Z"), hour("2027-04-05T02:00:00Z")]);
    let kept = format!("{batch:?}");
    for secret in ["昵称", "10.0.0", "示例文字", "云南", "81秒", "01:07"] {
        assert!(!kept.contains(secret), "{secret} is kept");
    }
}

#[test]
fn wenjuanxing_by_numbers_in_both_manners_of_headings() {
    for topic in [
        "第2题(专利),第2题(商标),第2题(著作权)",
        "\"2、听说过哪些,可多选(专利)\",\"2、听说过哪些,可多选(商标)\",\"2、听说过哪些,可多选(著作权)\"",
    ] {
        let text = format!(
            "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您听说过“知识产权”吗？,{topic},3、发明专利保护多久？,4、有用吗？,5、您多大？,6、住了几年？\r\n\
             1,2027/4/5 9:01:07,81秒,微信,x,10.0.0.1,1,1,1,0,2,4,2,34\r\n\
             2,2027/4/5 10:59:59,64秒,链接,x,10.0.0.2,3,-3,-3,-3,-2,-2,3,0\r\n"
        );
        assert_eq!(format(text.as_bytes()), SourceFormat::WjxNumber);
        assert_eq!(answers(&batch(text.as_bytes())), [FIRST, SECOND]);
    }
}

#[test]
fn a_file_that_reads_both_ways_names_what_to_pass() {
    let text = "序号,提交答卷时间,7、哪一年？\r\n1,2027/4/5 9:01:07,2\r\n2,2027/4/5 9:01:08,1\r\n";
    let survey =
        survey::with("  - {id: year, type: single, text: 哪一年？, options: [{id: a, text: '2'}, {id: b, text: '1'}]}");
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let trouble = detect_layout(&survey, &table, None, &[]).unwrap_err();
    assert_eq!(trouble, ImportError::AmbiguousFormat { formats: vec![SourceFormat::WjxNumber, SourceFormat::WjxText] });
    assert!(
        trouble.message(Lang::Zh).contains("--format wjx-number 或者 --format wjx-text"),
        "{}",
        trouble.message(Lang::Zh)
    );
    for format in [SourceFormat::WjxNumber, SourceFormat::WjxText] {
        assert_eq!(detect_layout(&survey, &table, Some(format), &[]).map(|layout| layout.format), Ok(format));
    }
}

#[test]
fn a_marker_that_may_be_a_figure_is_refused() {
    let survey = survey::with("  - {id: mood, type: number, text: 打几分？, min: -5, max: 5}");
    let text = "序号,提交答卷时间,1、您听说过“知识产权”吗？,5、您多大？,7、打几分？\r\n1,2027/4/5 9:01:07,3,2,-2\r\n2,2027/4/5 9:01:07,3,2,-4\r\n";
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let layout = detect_layout(&survey, &table, None, &[]).unwrap();
    let wave = wave("drawn");
    let batch = ImportBatch::read(&table, &layout, &import_target(&survey, &wave));
    assert_eq!(
        batch.errors.iter().map(|r| (r.row, r.reason.clone())).collect::<Vec<_>>(),
        [(2, RowErrorKind::Unclear { value: "-2".into() })]
    );
    assert_eq!(batch.accepted.len(), 1);
}

#[test]
fn limesurvey_with_codes_words_and_cut_words() {
    let meta = r#""id";"submitdate";"lastpage";"startlanguage";"seed";"ipaddr""#;
    let codes = format!(
        "\u{FEFF}{meta};\"heard\";\"topics[patent]\";\"topics[mark]\";\"topics[right]\";\"topics[other]\";\"patent\";\"rate\";\"age\";\"years\"\r\n\
         \"5\";\"2027-04-05 09:01:07\";\"2\";\"zh-Hans\";\"12\";\"10.0.0.1\";\"know\";\"Y\";\"Y\";\"\";\"示例\";\"y20\";\"4\";\"adult\";\"34\"\r\n\
         \"6\";\"1980-01-01 00:00:00\";\"2\";\"zh-Hans\";\"13\";\"10.0.0.2\";\"never\";\"\";\"\";\"\";\"\";\"\";\"\";\"old\";\"0.0000000000\"\r\n\r\n"
    );
    assert_eq!(format(codes.as_bytes()), SourceFormat::LimeShort);
    let read = batch(codes.as_bytes());
    assert_eq!((refused(&read), answers(&read)), (vec![], vec![FIRST.to_string(), SECOND.to_string()]));
    assert_eq!(read.accepted[1].hour, None, "the day that stands for no day");
    let long = "\"Response ID\",\"Date submitted\",\"Last page\",\"您听说过“知识产权”吗？\",\"听说过哪些,可多选 [专利]\",\"听说过哪些,可多选 [商标]\",\"听说过哪些,可多选 [著作权]\",\"发明专利保.. \",\"有用吗？\",\"您多大？\",\"住了几年？\"\r\n\
        \"5\",\"2027-04-05 09:01:07\",\"2\",\"知道\",\"是\",\"Yes\",\"否\",\"20年\",\"4\",\"14-60岁\",\"34\"\r\n\
        \"6\",\"2027-04-05 09:01:07\",\"2\",\"没有听说过\",\"N/A\",\"N/A\",\"N/A\",\"\",\"\",\"60岁以上\",\"0\"\r\n\
        \"7\",\"\",\"1\",\"知道\",\"是\",\"否\",\"否\",\"\",\"\",\"14-60岁\",\"\"\r\n";
    assert_eq!(format(long.as_bytes()), SourceFormat::LimeLong);
    let read = batch(long.as_bytes());
    assert_eq!(answers(&read), [FIRST, SECOND]);
    assert_eq!(
        read.errors.iter().map(|r| (r.row, r.column, r.reason.clone())).collect::<Vec<_>>(),
        [(4, Some(2), RowErrorKind::NotComplete)]
    );
}

#[test]
fn a_workbook_says_the_same_as_its_csv() {
    let table = ImportTable::read(WORKBOOK).unwrap();
    assert_eq!(table.kind, FileKind::Xlsx { sheet: "录入".into(), others: 1 });
    let (book, csv) = (batch(WORKBOOK), batch(ENTRY.as_bytes()));
    assert_eq!(refused(&book), []);
    assert_eq!(answers(&book), answers(&csv));
    assert_eq!(book.digest, csv.digest, "a copy of another kind is the same file");
}

#[test]
fn copies_have_the_same_keys_and_other_files_have_others() {
    let (survey, wave) = (survey(), wave("drawn"));
    let to = import_target(&survey, &wave);
    let keys = |bytes: &[u8]| {
        let mut keys: Vec<[u8; 16]> = batch(bytes).responses(&to).iter().map(|r| r.id).collect();
        keys.sort_unstable();
        keys
    };
    let original = keys(WJX_TEXT.as_bytes());
    assert_eq!(original.len(), 2);
    assert_eq!(keys(&GB18030.encode(WJX_TEXT).0), original);
    assert_eq!(keys(WJX_TEXT.replace("10.0.0.1", "").as_bytes()), original, "what is left out does not count");
    let mut lines: Vec<&str> = WJX_TEXT.lines().collect();
    lines[1..].reverse();
    assert_eq!(keys(lines.join("\n").as_bytes()), original, "in another order");
    assert!(keys(WJX_TEXT.replace(",34,", ",35,").as_bytes()).iter().all(|key| !original.contains(key)));
    assert_eq!(
        batch("序号,heard,age\n1,3,3\n1,3,3\n".as_bytes()).errors[0].reason,
        RowErrorKind::SerialTwice { first: 2 },
        "by its Chinese name as well"
    );
    // Two people who answered alike are two people.
    let twins = "serial,heard,age\n,never,adult\n,never,adult\n";
    let twins = keys(twins.as_bytes());
    assert_eq!(twins.len(), 2);
    assert_ne!(twins[0], twins[1]);
}

#[test]
fn personal_columns_are_known_by_their_headers_but_questions_come_first() {
    let text = "serial,heard,age,姓名,联系电话,身份证号\n1,never,adult,示例人,13800000000,530000\n";
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let layout = detect_layout(&survey(), &table, None, &[]).unwrap();
    assert_eq!(layout.skipped_headers(&table), [("姓名", true), ("联系电话", true), ("身份证号", true)].map(owned));
    assert!(!format!("{:?}", batch(text.as_bytes())).contains("138"));
    let asks = survey::with("  - {id: phone, type: single, text: 您的手机能上网吗？, options: [{id: y, text: 能}]}");
    let table =
        ImportTable::read("序号,提交答卷时间,7、您的手机能上网吗？,8、您的手机号\n1,2027/4/5,能,1".as_bytes()).unwrap();
    let layout = detect_layout(&asks, &table, None, &[]).unwrap();
    assert!(matches!(&layout.columns[2], ColumnRole::Question(w) if w.question == "phone"), "{:?}", layout.columns);
}

#[test]
fn headers_that_belong_to_nothing_are_named() {
    let unknown = trouble("serial,heard,topics,weather\n1,1,1,1\n".as_bytes());
    assert_eq!(unknown, ImportError::UnknownColumns { columns: vec![(3, "topics".into()), (4, "weather".into())] });
    let ignoring = |ignore: &[&str]| {
        let table = ImportTable::read("serial,heard,weather\n1,1,1\n".as_bytes()).unwrap();
        detect_layout(&survey(), &table, None, &ignore.iter().map(|s| s.to_string()).collect::<Vec<_>>())
    };
    assert!(ignoring(&[]).is_err() && ignoring(&["weather"]).is_ok());
    assert_eq!(trouble("a,b\n1,2\n".as_bytes()), ImportError::UnknownFormat);
    assert!(matches!(
        trouble("serial,heard,heard\n1,1,1\n".as_bytes()),
        ImportError::ColumnTwice { first: 2, second: 3, .. }
    ));
    assert_eq!(
        trouble("serial,submitdate,heard\n1,,1\n".as_bytes()),
        ImportError::AmbiguousFormat { formats: vec![SourceFormat::Template, SourceFormat::LimeShort] }
    );
    assert_eq!(
        trouble("序号,提交答卷时间,9、别的题\n1,,1\n".as_bytes()),
        ImportError::UnknownColumns { columns: vec![(3, "9、别的题".into())] }
    );
}

#[test]
fn a_mapping_reads_any_table() {
    let mapping = "列:\n  听说过没有: {题目: heard, 写法: 文字, 对照: {会: know, 拒答: }}\n  哪些: {题目: topics, 写法: 序号, 分隔: /}\n  年纪: age\n  住: years\n写法: 编号\n序号: 表号\n提交时间: 时间\n略去: 调查员备注\n";
    let text = "表号\t时间\t听说过没有\t哪些\t年纪\t住\t调查员备注\t被访者电话\n\
        7\t2027年4月5日 9时30分\t会\t1/3\tadult\t3.0\t好\t1\n8\t\t没有听说过\t\told\t\t\t\n9\t\t拒答\t\told\t\t\t\n";
    let survey = survey();
    let table = ImportTable::read(text.as_bytes()).unwrap();
    let layout = ColumnMapping::read(mapping, &survey).unwrap().layout(&table).unwrap();
    let wave = wave("drawn");
    let batch = ImportBatch::read(&table, &layout, &import_target(&survey, &wave));
    assert_eq!(
        answers(&batch),
        [r#"{"age":"adult","heard":"know","topics":["patent","right"],"years":3}"#, r#"{"age":"old","heard":"never"}"#]
    );
    assert_eq!(
        batch.errors.iter().map(|r| (r.row, r.reason.clone())).collect::<Vec<_>>(),
        [(4, RowErrorKind::Answer(AnswerErrorKind::Missing))]
    );
    assert_eq!(layout.format.usual_mode(), None, "how they were asked is for whoever imports to say");
}

/// The mapping in the handbook, for the survey of this repository.
#[test]
fn the_mapping_in_the_handbook_is_one() {
    let handbook = include_str!("../../../../../docs/handbook/12-导入答卷.md").replace("\r\n", "\n");
    let mapping =
        handbook.split("```text\n").find(|fence| fence.starts_with("列:")).unwrap().split("```").next().unwrap();
    let survey = survey::of_page(include_str!("../../../../../content/surveys/awareness.md"));
    let table = ImportTable::read(
        "表号,填表时间,听说过没有,您的年纪,街道,备注\n1,2027-04-05,know,五十多岁,2,x\n2,2027-04-05,know,60周岁及以上,,\n3,,know,拒答,,\n"
            .as_bytes(),
    )
    .unwrap();
    let layout = ColumnMapping::read(mapping, &survey).unwrap().layout(&table).unwrap();
    let wave = survey.default_voluntary_wave().unwrap();
    let mut to = import_target(&survey, &wave);
    to.survey = &survey;
    let batch = ImportBatch::read(&table, &layout, &to);
    assert_eq!(
        answers(&batch),
        [r#"{"age":"a45-59","heard":"know","street":"jinfang"}"#, r#"{"age":"a60plus","heard":"know"}"#]
    );
    assert_eq!(batch.errors.len(), 1, "age has to be answered");
}

#[test]
fn a_wrong_mapping_says_where() {
    let words = |text: &str| ColumnMapping::read(text, &survey()).unwrap_err().message(Lang::Zh);
    for (mapping, expected) in [
        ("列:\n  a: hard\n", "对照文件第 2 行第 6 列：没有编号是“hard”的题目"),
        ("列:\n  a: topics:tea\n", "对照文件第 2 行第 6 列：题目“topics”没有选项“tea”"),
        ("列:\n  a: heard:know\n", "对照文件第 2 行第 6 列：这里要写：一列一个选项的，只能是多选题"),
        ("列:\n  a: {题目: heard, 对照: {x: z}}\n", "对照文件第 2 行第 26 列：题目“heard”没有选项“z”"),
        ("行: 1\n", "对照文件第 1 行第 1 列：不认识“行”"),
        ("写法: 别的\n", "对照文件第 1 行第 5 列：这里要写：编号、序号 或 文字"),
        ("写法: 编号\n", "对照文件第 1 行第 1 列：没有写哪一列是哪道题：列: {列名: 题目编号}"),
        ("", "对照文件第 1 行第 1 列：没有写哪一列是哪道题：列: {列名: 题目编号}"),
    ] {
        assert_eq!(words(mapping), expected);
    }
    let table = ImportTable::read(b"x\n1").unwrap();
    assert_eq!(
        ColumnMapping::read("列: {a: heard}", &survey()).unwrap().layout(&table),
        Err(ImportError::NoSuchColumn { header: "a".into() })
    );
}

#[test]
fn answers_outside_the_dates_of_the_wave_are_refused() {
    let text = WJX_TEXT.replace("2027/4/5 9:01:07", "2027/3/31 23:59:59").replace("2027/4/5 10:59:59", "昨天");
    let reasons: Vec<_> = batch(text.as_bytes()).errors.into_iter().map(|r| (r.row, r.column, r.reason)).collect();
    assert_eq!(
        reasons,
        [(2, Some(2), RowErrorKind::OutsideWave), (3, Some(2), RowErrorKind::TimeUnreadable { value: "昨天".into() })]
    );
}

#[test]
fn double_entry_is_compared_by_serial() {
    let a = ImportTable::read("serial,heard,rate,age\n1,1,4,2\n2,3,,1\n3,1,1,1\n3,1,1,1\n".as_bytes()).unwrap();
    let b = ImportTable::read("序号,heard,age,years\n2.0,3,1,\n4,1,1,1\n１,2,2.0,1\n".as_bytes()).unwrap();
    let compared = compare_entries(&a, &b).unwrap();
    let cells: Vec<_> = compared.cells.iter().map(|d| d.message(Lang::Zh)).collect();
    assert_eq!(cells, ["序号 1，heard：“1”（第 2 行）≠ “2”（第 4 行）"]);
    assert_eq!(compared.only_in, [vec![("3".to_string(), 4)], vec![("4".to_string(), 3)]]);
    assert_eq!(compared.columns_only_in, [vec!["rate".to_string()], vec!["years".to_string()]]);
    assert_eq!((compared.rows_without_serial, compared.matched), ([vec![5], vec![]], 2));
    assert!(compare_entries(&a, &a).is_ok_and(|same| same.cells.is_empty()));
    assert_eq!(compare_entries(&a, &ImportTable::read(b"x\n1").unwrap()), Err(1));
}

#[test]
fn answers_keep_their_types() {
    let batch = batch_as(ENTRY.as_bytes(), Some(SourceFormat::Template));
    let Answers(map) = &batch.accepted[0].answers;
    assert_eq!(map["years"], Answer::Number(34));
    assert!(matches!(&map["topics"], Answer::Many(set) if set.len() == 2));
}
