//! Messages of the import in Chinese and English.
//!
//! In: an error or a description. Out: text without markup.

use super::cell_reader::shorten_for_message;
use super::double_entry::CellDifference;
use super::table::{FileKind, ImportTable, SheetHints};
use super::{ImportError, MappingError, RowError, RowErrorKind, SourceFormat};
use crate::answers::{AnswerError, AnswerErrorKind};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::Survey;

impl SourceFormat {
    /// Its name in sentences.
    pub fn description(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            SourceFormat::Template => ("录入表", "the entry sheet"),
            SourceFormat::WjxNumber => ("问卷星，按选项序号", "Wenjuanxing (问卷星), by option numbers"),
            SourceFormat::WjxText => ("问卷星，按选项文本", "Wenjuanxing (问卷星), by option texts"),
            SourceFormat::LimeShort => ("LimeSurvey，答案代码", "LimeSurvey, answer codes"),
            SourceFormat::LimeLong => ("LimeSurvey，完整答案", "LimeSurvey, full answers"),
            SourceFormat::Mapped => ("按对照文件", "by the mapping file"),
        };
        lang.pick(zh, en)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        SourceFormat::NAMED.iter().find(|(format, _)| *format == self).map_or("", |(_, name)| name)
    }
}

impl FileKind {
    /// What kind of file it was.
    pub fn description(&self, lang: Lang) -> String {
        match self {
            FileKind::Csv { encoding, delimiter } => {
                let (zh, en) = match delimiter {
                    ';' => ("分号", "semicolons"),
                    '\t' => ("制表符", "tabs"),
                    _ => ("逗号", "commas"),
                };
                lang.pick(format!("CSV，{encoding}，{zh}分隔"), format!("CSV, {encoding}, {en}"))
            }
            FileKind::Xlsx { sheet, others: 0 } => {
                lang.pick(format!("XLSX，工作表“{sheet}”"), format!("XLSX, sheet \"{sheet}\""))
            }
            FileKind::Xlsx { sheet, others } => lang.pick(
                format!("XLSX，只读了第一张有内容的工作表“{sheet}”，另有 {others} 张没有读"),
                format!("XLSX, only the first filled sheet \"{sheet}\" was read, {others} more were not"),
            ),
        }
    }
}

impl ImportTable {
    /// What is to be known of the file besides its cells, one sentence each.
    pub fn hint_messages(&self, lang: Lang) -> Vec<String> {
        let SheetHints { hidden_rows, hidden_sheets, rows_above, .. } = &self.hints;
        let list = |rows: &mut dyn Iterator<Item = &usize>| {
            let rows: Vec<String> = rows.map(usize::to_string).collect();
            let more = rows.len().saturating_sub(20);
            let shown = rows[..rows.len() - more].join(lang.pick("、", ", "));
            if more > 0 { format!("{shown}… (+{more})") } else { shown }
        };
        let mut all = Vec::new();
        if !rows_above.is_empty() {
            let (row, above) = (self.header_row, list(&mut rows_above.iter()));
            all.push(lang.pick(
                format!("表头在第 {row} 行；上面的第 {above} 行没有读"),
                format!("the header is row {row}; the rows above were not read: {above}"),
            ));
        }
        if !hidden_rows.is_empty() {
            let rows = list(&mut hidden_rows.iter());
            all.push(lang.pick(format!("隐藏的行也读了：第 {rows} 行"), format!("hidden rows were read too: {rows}")));
        }
        if !hidden_sheets.is_empty() {
            let names = hidden_sheets.join(lang.pick("、", ", "));
            all.push(lang.pick(format!("有隐藏的工作表：{names}"), format!("there are hidden sheets: {names}")));
        }
        all
    }
}

impl ImportError {
    /// What is wrong with the file, and what to do.
    pub fn message(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            ImportError::TooLarge { limit } => {
                let megabytes = limit >> 20;
                (
                    format!("文件太大：最大 {megabytes} MB。请分成几个文件"),
                    format!("the file is too large: {megabytes} MB at most; split it"),
                )
            }
            ImportError::TooMany { row, rows, columns, cells } => (
                format!("读到第 {row} 行时超出了上限：最多 {rows} 行、{columns} 列、{cells} 格。请分成几个文件"),
                format!(
                    "row {row} is beyond the bounds of {rows} rows, {columns} columns and {cells} cells; split the file"
                ),
            ),
            ImportError::CellTooLong { row, column, limit } => (
                format!("第 {row} 行第 {column} 列太长：一格最多 {limit} 字节。可能少了一个引号，或者这不是答卷"),
                format!(
                    "row {row}, column {column} is too long: {limit} bytes a cell at most; a quotation mark may be missing"
                ),
            ),
            ImportError::NotText => (
                "读不出文字：不是 UTF-8，也不是 GBK（GB18030），或者不是表格。请另存为 CSV UTF-8 或者 XLSX".into(),
                "not a table of text: neither UTF-8 nor GBK (GB18030); save it as CSV UTF-8 or XLSX".into(),
            ),
            ImportError::Workbook { part } => (
                format!("XLSX 已经损坏，或者加了密码（{part}）。请重新导出，或者另存为 CSV"),
                format!("the XLSX is damaged or has a password ({part}); export it again, or save it as CSV"),
            ),
            ImportError::OldWorkbook => (
                "这是旧的 .xls。请用表格软件另存为 .xlsx 或者 CSV UTF-8".into(),
                "this is an old .xls; save it as .xlsx or CSV UTF-8".into(),
            ),
            ImportError::WebPage => (
                "这是网页（HTML 或者 XML），只是名字像表格。请用表格软件打开，另存为 .xlsx 或者 CSV UTF-8".into(),
                "this is a web page (HTML or XML) under the name of a workbook; open it in a spreadsheet and save it as .xlsx or CSV UTF-8".into(),
            ),
            ImportError::Quotation { line } => (
                format!("第 {line} 行有一个引号没有配上，后面的行会被并进同一格。补上或者删掉那个引号"),
                format!("line {line} has a quotation mark that is not closed, so that the next lines would become part of the cell; close it or remove it"),
            ),
            ImportError::NoSheet { names } => (
                format!("没有这张工作表。现有的：{}", if names.is_empty() { "-".to_string() } else { names.join("、") }),
                format!("there is no such sheet; there are: {}", if names.is_empty() { "-".to_string() } else { names.join(", ") }),
            ),
            ImportError::NoHeader => ("表是空的，没有表头".into(), "the table is empty".into()),
            of_columns => of_columns.column_messages(lang),
        };
        lang.pick(zh, en)
    }
}

impl ImportError {
    /// What is wrong with the columns or the mapping, in both languages; `lang` is that of names inside.
    fn column_messages(&self, lang: Lang) -> (String, String) {
        match self {
            ImportError::UnknownFormat => (
                format!(
                    "从表头看不出是哪种文件。录入表、问卷星、LimeSurvey 导出的，加 --format {}；别的用 --mapping 写明每一列是哪道题",
                    names(&SourceFormat::NAMED.map(|(f, _)| f), "、")
                ),
                format!(
                    "the header is of no known format; name it with --format {}, or give a --mapping",
                    names(&SourceFormat::NAMED.map(|(f, _)| f), ", ")
                ),
            ),
            ImportError::AmbiguousFormat { formats } => (
                format!(
                    "可能是{}，两种读法都通，结果不同。请加 {}",
                    descriptions(formats, lang, "，也可能是"),
                    options(formats, " 或者 ")
                ),
                format!(
                    "this may be {}, with different results; give {}",
                    descriptions(formats, lang, " or "),
                    options(formats, " or ")
                ),
            ),
            ImportError::UnknownColumns { columns } => unknown_columns(columns),
            ImportError::ColumnTwice { header, first, second } => (
                format!(
                    "第 {first} 列和第 {second} 列“{header}”是同一道题（同一个选项）。不要的那一列改名后加 --ignore，或者删掉"
                ),
                format!(
                    "columns {first} and {second} (\"{header}\") answer the same question; remove one, or rename it and give --ignore"
                ),
            ),
            ImportError::NoAnswers => {
                ("没有一列对得上这份问卷的题目".into(), "no column belongs to a question of this survey".into())
            }
            ImportError::Mapping { line, column, kind } => {
                let (zh, en) = kind.message_pair();
                (
                    format!("对照文件第 {line} 行第 {column} 列：{zh}"),
                    format!("mapping file, line {line}, column {column}: {en}"),
                )
            }
            ImportError::NoSuchColumn { header } => {
                let header = shorten_for_message(header);
                (
                    format!("对照文件写了“{header}”，表里没有这一列"),
                    format!("the mapping names \"{header}\", which the table does not have"),
                )
            }
            of_file => (format!("{of_file:?}"), format!("{of_file:?}")),
        }
    }
}

/// Message about columns that belong to no question, in both languages.
fn unknown_columns(columns: &[(usize, String)]) -> (String, String) {
    let list = |open: &str, close: &str| {
        let lines = columns.iter().take(20).map(|(number, header)| format!("  {number} {open}{header}{close}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    (
        format!(
            "这些列和任何一题都对不上：\n{}\n不要的列加 --ignore 列名，这些全都不要就加 --ignore-rest；要的用 --mapping 写明是哪道题；题目改过文字的，用当时的文字对照",
            list("“", "”")
        ),
        format!(
            "these columns belong to no question:\n{}\ngive --ignore HEADER for those you do not want, --ignore-rest for all of them, or a --mapping for those you do",
            list("\"", "\"")
        ),
    )
}

fn names(formats: &[SourceFormat], between: &str) -> String {
    formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(between)
}

fn descriptions(formats: &[SourceFormat], lang: Lang, between: &str) -> String {
    formats.iter().map(|f| f.description(lang)).collect::<Vec<_>>().join(between)
}

fn options(formats: &[SourceFormat], between: &str) -> String {
    formats.iter().map(|f| format!("--format {}", f.name())).collect::<Vec<_>>().join(between)
}

impl MappingError {
    fn message_pair(&self) -> (String, String) {
        match self {
            MappingError::Yaml(zh, en) => (zh.clone(), en.clone()),
            MappingError::UnknownKey(key) => (format!("不认识“{key}”"), format!("unknown key \"{key}\"")),
            MappingError::Wanted(zh, en) => (format!("这里要写：{zh}"), format!("expected: {en}")),
            MappingError::UnknownQuestion(id) => {
                (format!("没有编号是“{id}”的题目"), format!("no question has the id \"{id}\""))
            }
            MappingError::UnknownOption { question, option } => (
                format!("题目“{question}”没有选项“{option}”"),
                format!("the question \"{question}\" has no option \"{option}\""),
            ),
            MappingError::NoColumns => (
                "没有写哪一列是哪道题：列: {列名: 题目编号}".into(),
                "no column is given a question: columns: {HEADER: QUESTION}".into(),
            ),
        }
    }
}

impl RowError {
    /// The place and the reason.
    pub fn message(&self, survey: &Survey, lang: Lang) -> String {
        let place = match (self.column, self.header.as_str()) {
            (None, _) => lang.pick(format!("第 {} 行", self.row), format!("row {}", self.row)),
            (Some(column), "") => {
                lang.pick(format!("第 {} 行第 {column} 列", self.row), format!("row {}, column {column}", self.row))
            }
            (Some(column), header) => {
                let header = shorten_for_message(header);
                lang.pick(
                    format!("第 {} 行第 {column} 列“{header}”", self.row),
                    format!("row {}, column {column} \"{header}\"", self.row),
                )
            }
        };
        format!("{place}{}{}", lang.pick("：", ": "), self.reason.message(survey, lang))
    }
}

impl RowErrorKind {
    /// What is wrong, without the place.
    pub fn message(&self, survey: &Survey, lang: Lang) -> String {
        let (zh, en) = match self {
            // The messages of a form address the respondent; these address the person who typed the row.
            RowErrorKind::Answer(AnswerErrorKind::NotAsked) => {
                ("按前面的答案，这一题不该有答案".into(), "not to be answered after the answers before it".into())
            }
            RowErrorKind::Answer(AnswerErrorKind::NotOffered { value }) => {
                (format!("没有“{value}”这个选项"), format!("no such option: \"{value}\""))
            }
            RowErrorKind::Answer(kind) => {
                let words = |lang| AnswerError { question: None, kind: kind.clone() }.message(survey, lang);
                (words(Lang::Zh), words(Lang::En))
            }
            RowErrorKind::NotTicked { value } => {
                (format!("选了填 1，没有选填 0，不能填“{value}”"), format!("1 if chosen, 0 if not; not \"{value}\""))
            }
            RowErrorKind::Unclear { value } => (
                format!("“{value}”可能是没有回答，也可能是填的数"),
                format!("\"{value}\" may mean no answer, or the figure"),
            ),
            RowErrorKind::NotComplete => (
                "没有提交完。请只导出已完成的答卷，或者加 --accept-partial".into(),
                "never handed in; export completed responses only, or give --accept-partial".into(),
            ),
            RowErrorKind::TimeUnreadable { value } => {
                (format!("看不懂时间“{value}”"), format!("the time \"{value}\" cannot be read"))
            }
            RowErrorKind::OutsideWave => {
                ("提交时间不在这一次调查的日期里".into(), "handed in outside the dates of the wave".into())
            }
            RowErrorKind::SerialTwice { first } => {
                (format!("序号和第 {first} 行相同"), format!("the serial of row {first} again"))
            }
            RowErrorKind::FormulaWithoutValue => (
                "公式，文件里没有算好的值。用表格软件打开，重新计算后保存".into(),
                "a formula without its value; open the file in a spreadsheet, calculate and save it".into(),
            ),
            RowErrorKind::Merged => (
                "被合并的单元格盖住了，看着有内容，其实是空的。请取消合并，逐行填写".into(),
                "covered by a merged cell: it looks filled and is empty; split the cell and fill in each row".into(),
            ),
            RowErrorKind::BeyondHeader => ("这一列没有表头".into(), "this column has no header".into()),
            RowErrorKind::PlaceMissing => (
                "没有填抽样层、抽样单位或者基础权数；这几列一份也不能空".into(),
                "the stratum, unit or base weight is missing; no row may lack it".into(),
            ),
            RowErrorKind::WeightUnreadable { value } => (
                format!("基础权数要写大于0的数，不能写“{value}”"),
                format!("a base weight is a number above 0, not \"{value}\""),
            ),
            RowErrorKind::UnknownStratum { value, names } => (
                format!("这一次调查没有叫“{value}”的层，有：{}", names.join("、")),
                format!("the wave has no stratum \"{value}\"; it has {}", names.join(", ")),
            ),
        };
        lang.pick(zh, en)
    }
}

impl CellDifference {
    /// Where two files differ.
    pub fn message(&self, lang: Lang) -> String {
        let cell = |text: &str| {
            if text.is_empty() {
                lang.pick("空", "empty").to_string()
            } else {
                lang.pick(format!("“{}”", shorten_for_message(text)), format!("\"{}\"", shorten_for_message(text)))
            }
        };
        let ([a, b], [first, second]) = (&self.rows, &self.cells);
        lang.pick(
            format!(
                "序号 {}，{}：{}（第 {a} 行）≠ {}（第 {b} 行）",
                shorten_for_message(&self.serial),
                shorten_for_message(&self.header),
                cell(first),
                cell(second)
            ),
            format!(
                "serial {}, {}: {} (row {a}) ≠ {} (row {b})",
                shorten_for_message(&self.serial),
                shorten_for_message(&self.header),
                cell(first),
                cell(second)
            ),
        )
    }
}
