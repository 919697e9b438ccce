//! The mapping file: which column answers which question, for tables of unknown formats.
//!
//! In: YAML. Out: a [`ColumnMapping`], or the first error with its line and column. With a table it becomes a [`ColumnLayout`].
//!
//! ```yaml
//! 列:
//!   听说过没有: heard                    # header: question
//!   渠道_广播: from:radio                # header: question:option, with 1 or 0 below
//!   年龄: {题目: age, 写法: 文字, 对照: {五十以上: a45-59, 拒答: }}
//! 写法: 序号                             # 编号, 序号 or 文字 (ids, numbers, texts); 编号 by default
//! 序号: 表号                             # the column that numbers the rows
//! 提交时间: 时间
//! 抽样层: 片区                            # where the respondent was drawn: stratum, first-stage unit, base weight
//! 抽样单位: 社区
//! 基础权数: 权数
//! 略去: [备注, 调查员]
//! ```

use std::collections::BTreeMap;

use super::cell_reader::{OptionNotation, shorten_for_message};
use super::layout::{ColumnLayout, ColumnRole, QuestionColumn};
use super::sample_columns::{SampleColumn, sample_column};
use super::skipped_columns;
use super::table::ImportTable;
use super::{ImportError, MappingError, SourceFormat};
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::{QuestionKind, Survey};
use puzhi_core::yaml::{MappingEntry, Node, Value, parse_mapping};

/// The roles that a mapping file gives to headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMapping {
    roles: BTreeMap<String, ColumnRole>,
    notation: OptionNotation,
}

const COLUMNS: &[&str] = &["columns", "列"];
const STYLE: &[&str] = &["written", "写法"];
const SERIAL: &[&str] = &["serial", "序号"];
const SUBMITTED: &[&str] = &["submitted", "提交时间"];
const SAMPLE: [(SampleColumn, &[&str]); 3] = [
    (SampleColumn::Stratum, &["stratum", "抽样层"]),
    (SampleColumn::Unit, &["unit", "抽样单位"]),
    (SampleColumn::Weight, &["weight", "基础权数"]),
];
const IGNORE: &[&str] = &["ignore", "略去"];
const QUESTION: &[&str] = &["question", "题目"];
const OPTION: &[&str] = &["option", "选项"];
const WORDS: &[&str] = &["words", "对照"];
const BETWEEN: &[&str] = &["between", "分隔"];

const STYLES: [(OptionNotation, &[&str]); 3] = [
    (OptionNotation::Ids, &["ids", "编号"]),
    (OptionNotation::Numbers, &["numbers", "序号"]),
    (OptionNotation::Texts, &["texts", "文字", "文本"]),
];

impl ColumnMapping {
    /// Parses a mapping for a survey.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line and column.
    pub fn read(text: &str, survey: &Survey) -> Result<ColumnMapping, ImportError> {
        // The path is used in findings only, of which the position and the message are shown.
        let name = SitePath::root();
        let source = SourceText::new(&name, text);
        let reader = MappingParser { source: &source, survey };
        let (mapping, diags) = parse_mapping(&source, Span::new(0, text.len()));
        if let Some(diag) = diags.iter().find(|d| d.is_error()) {
            let (line, column) = diag.position.map_or((1, 1), |place| (place.line, place.column));
            return Err(ImportError::Mapping {
                line,
                column,
                kind: MappingError::Yaml(diag.message(Lang::Zh), diag.message(Lang::En)),
            });
        }
        let mut read = ColumnMapping { roles: BTreeMap::new(), notation: OptionNotation::Ids };
        for entry in &mapping.entries {
            let key = entry.key.as_str();
            match () {
                () if COLUMNS.contains(&key) => {
                    let columns = entry
                        .node
                        .as_map()
                        .ok_or_else(|| reader.wanted(entry.node.span, "列名: 题目编号", "HEADER: QUESTION"))?;
                    for column in &columns.entries {
                        let used = reader.column(column)?;
                        read.roles.insert(column.key.trim().to_string(), used);
                    }
                }
                () if STYLE.contains(&key) => read.notation = reader.style(&entry.node)?,
                () if SERIAL.contains(&key) => drop(read.roles.insert(reader.text(&entry.node)?, ColumnRole::Serial)),
                () if SUBMITTED.contains(&key) => {
                    drop(read.roles.insert(reader.text(&entry.node)?, ColumnRole::SubmittedAt))
                }
                () if IGNORE.contains(&key) => {
                    for item in entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node)) {
                        read.roles.insert(reader.text(item)?, ColumnRole::Ignored);
                    }
                }
                () if sample_key(key).is_some() => {
                    let role = sample_key(key).map_or(ColumnRole::Ignored, ColumnRole::Sample);
                    drop(read.roles.insert(reader.text(&entry.node)?, role));
                }
                () => return Err(reader.at(entry.key_span, MappingError::UnknownKey(key.to_string()))),
            }
        }
        let answers = read.roles.values().any(|u| matches!(u, ColumnRole::Question(_) | ColumnRole::Option { .. }));
        if answers { Ok(read) } else { Err(reader.at(mapping.span, MappingError::NoColumns)) }
    }

    /// The roles of a table's columns. A column that the mapping does not name must be one that is always skipped.
    ///
    /// # Errors
    /// When the table lacks a named column, or has columns that belong to nothing.
    pub fn layout(&self, table: &ImportTable) -> Result<ColumnLayout, ImportError> {
        if let Some(header) = self.roles.keys().find(|header| table.column(header).is_none()) {
            return Err(ImportError::NoSuchColumn { header: header.clone() });
        }
        let mut unknown = Vec::new();
        let mut columns = Vec::new();
        for (at, header) in table.header.iter().enumerate() {
            let own = self.roles.get(header).cloned().or_else(|| sample_column(header).map(ColumnRole::Sample));
            let own = own.or_else(|| skipped_columns::classify(header).map(ColumnRole::Skipped));
            columns.push(match own {
                Some(ColumnRole::Question(whole)) => {
                    ColumnRole::Question(QuestionColumn { notation: whole.notation.or(Some(self.notation)), ..whole })
                }
                Some(other) => other,
                None => {
                    unknown.push((at + 1, shorten_for_message(header)));
                    ColumnRole::Ignored
                }
            });
        }
        if !unknown.is_empty() {
            return Err(ImportError::UnknownColumns { columns: unknown });
        }
        ColumnLayout { format: SourceFormat::Mapped, columns }.validated(table)
    }
}

/// The column of the sample that a key names.
fn sample_key(key: &str) -> Option<SampleColumn> {
    SAMPLE.iter().find(|(_, names)| names.contains(&key)).map(|(column, _)| *column)
}

/// Parses parts of a mapping and locates its errors.
struct MappingParser<'r, 't> {
    source: &'r SourceText<'t>,
    survey: &'r Survey,
}

impl MappingParser<'_, '_> {
    fn at(&self, span: Span, kind: MappingError) -> ImportError {
        let place = self.source.line_column(span.start);
        ImportError::Mapping { line: place.line, column: place.column, kind }
    }

    fn wanted(&self, span: Span, zh: &'static str, en: &'static str) -> ImportError {
        self.at(span, MappingError::Wanted(zh, en))
    }

    fn text(&self, node: &Node) -> Result<String, ImportError> {
        let text = node.text().filter(|_| !node.is_null()).map(|text| text.trim().to_string());
        text.filter(|text| !text.is_empty()).ok_or_else(|| self.wanted(node.span, "一个名称", "a name"))
    }

    fn style(&self, node: &Node) -> Result<OptionNotation, ImportError> {
        let written = self.text(node)?;
        let found = STYLES.iter().find(|(_, names)| names.contains(&written.as_str())).map(|(style, _)| *style);
        found.ok_or_else(|| self.wanted(node.span, "编号、序号 或 文字", "ids, numbers or texts"))
    }

    fn question(&self, span: Span, id: &str) -> Result<String, ImportError> {
        let known = self.survey.question(id).map(|q| q.id.clone());
        known.ok_or_else(|| self.at(span, MappingError::UnknownQuestion(id.to_string())))
    }

    /// The id of an option, or a point of a scale.
    fn option(&self, span: Span, question: &str, option: &str) -> Result<String, ImportError> {
        let offered = self.survey.question(question).is_some_and(|q| q.offers(option));
        let unknown = || MappingError::UnknownOption { question: question.to_string(), option: option.to_string() };
        if offered { Ok(option.to_string()) } else { Err(self.at(span, unknown())) }
    }

    fn single(&self, span: Span, question: &str, option: &str) -> Result<ColumnRole, ImportError> {
        let question = self.question(span, question)?;
        if self.survey.question(&question).is_none_or(|q| q.kind != QuestionKind::Multiple) {
            return Err(self.wanted(
                span,
                "一列一个选项的，只能是多选题",
                "a question with several answers for a column of one option",
            ));
        }
        Ok(ColumnRole::Option { option: self.option(span, &question, option)?, question })
    }

    fn column(&self, entry: &MappingEntry) -> Result<ColumnRole, ImportError> {
        let span = entry.node.span;
        let Value::Map(mapping) = &entry.node.value else {
            let written = self.text(&entry.node)?;
            return match written.split_once([':', '：']) {
                Some((question, option)) => self.single(span, question.trim(), option.trim()),
                None => Ok(ColumnRole::Question(QuestionColumn::of(&self.question(span, &written)?))),
            };
        };
        let named = |names: &[&str]| mapping.entries.iter().find(|e| names.contains(&e.key.as_str()));
        if let Some(unknown) = mapping
            .entries
            .iter()
            .find(|e| ![QUESTION, OPTION, STYLE, WORDS, BETWEEN].iter().any(|names| names.contains(&e.key.as_str())))
        {
            return Err(self.at(unknown.key_span, MappingError::UnknownKey(unknown.key.clone())));
        }
        let question = named(QUESTION).ok_or_else(|| self.wanted(span, "题目: 题目编号", "question: QUESTION"))?;
        let id = self.question(question.node.span, &self.text(&question.node)?)?;
        if let Some(option) = named(OPTION) {
            return self.single(option.node.span, &id, &self.text(&option.node)?);
        }
        let mut whole = QuestionColumn::of(&id);
        whole.notation = named(STYLE).map(|e| self.style(&e.node)).transpose()?;
        // A space or a line break is a valid separator.
        whole.separator = named(BETWEEN).and_then(|e| e.node.text().map(|t| t.into_owned())).filter(|t| !t.is_empty());
        if let Some(words) = named(WORDS) {
            let pairs = words
                .node
                .as_map()
                .ok_or_else(|| self.wanted(words.node.span, "表里的写法: 选项编号", "WRITTEN: OPTION"))?;
            for pair in &pairs.entries {
                let option = if pair.node.is_null() {
                    None
                } else {
                    Some(self.option(pair.node.span, &id, &self.text(&pair.node)?)?)
                };
                whole.option_of_text.insert(pair.key.trim().to_string(), option);
            }
        }
        Ok(ColumnRole::Question(whole))
    }
}
