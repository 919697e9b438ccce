//! Detection of the role of each column from its header.
//!
//! In: a table and the definition. Out: a [`ColumnLayout`], or which option resolves the ambiguity. A column answers a question
//! only when its header identifies exactly one; the position of a column proves nothing.

use std::collections::BTreeMap;

use super::cell_reader::{
    CellReader, OptionNotation, alphanumeric_key, exactly_one, normalize_text, option_by_text, shorten_for_message,
};
use super::sample_columns::{SampleColumn, sample_column};
use super::skipped_columns::{self, SkippedKind};
use super::table::ImportTable;
use super::{ImportError, SourceFormat};
use puzhi_core::form::paper::{SERIAL_COLUMN, entry_sheet_columns};
use puzhi_core::kinds::{Choice, Question, QuestionKind, Survey};

/// Headers of the serial in an entry sheet.
const SERIALS: [&str; 2] = [SERIAL_COLUMN, "序号"];

/// The roles of a table's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLayout {
    /// Which program wrote the table.
    pub format: SourceFormat,
    /// The role of each column, in the order of the headers.
    pub columns: Vec<ColumnRole>,
}

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnRole {
    /// It tells rows of the file apart. It is not stored.
    Serial,
    /// When the response was submitted. Only the hour is stored.
    SubmittedAt,
    /// The answer to a question.
    Question(QuestionColumn),
    /// Whether one option of a question was chosen.
    Option {
        /// Id of the question.
        question: String,
        /// Id of the option.
        option: String,
    },
    /// Where in the sample the respondent was drawn.
    Sample(SampleColumn),
    /// Skipped because of what it holds.
    Skipped(SkippedKind),
    /// Skipped because the user said so, or because it is empty.
    Ignored,
}

/// How a column answers a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionColumn {
    /// Id of the question.
    pub question: String,
    /// How cells name options; `None` for the format's own notation.
    pub notation: Option<OptionNotation>,
    /// Separator between several answers; `None` to detect it.
    pub separator: Option<String>,
    /// Words of the file with the option that each means, or `None` for no answer.
    pub option_of_text: BTreeMap<String, Option<String>>,
}

impl ColumnLayout {
    /// The first column of this role.
    pub fn column_index(&self, wanted: &ColumnRole) -> Option<usize> {
        self.columns.iter().position(|column| column == wanted)
    }

    /// Questions of the survey without a column.
    pub fn questions_without_column<'s>(&self, survey: &'s Survey) -> Vec<&'s Question> {
        let has = |id: &str| {
            self.columns.iter().any(
                |c| matches!(c, ColumnRole::Question(QuestionColumn { question, .. }) | ColumnRole::Option { question, .. } if question == id),
            )
        };
        survey.all_questions().filter(|q| !has(&q.id)).collect()
    }

    /// Headers of skipped columns, each with whether it is personal data; personal ones first.
    pub fn skipped_headers(&self, table: &ImportTable) -> Vec<(String, bool)> {
        let left = |(column, header): (&ColumnRole, &String)| match column {
            ColumnRole::Skipped(SkippedKind::Personal) => Some((shorten_for_message(header), true)),
            ColumnRole::Skipped(_) | ColumnRole::Ignored | ColumnRole::SubmittedAt => {
                Some((shorten_for_message(header), false))
            }
            _ => None,
        };
        let mut all: Vec<(String, bool)> = self.columns.iter().zip(&table.header).filter_map(left).collect();
        all.sort_by_key(|(_, personal)| !personal);
        all
    }

    /// Checks that no two columns answer the same question or option, and that some column answers one.
    pub(super) fn validated(self, table: &ImportTable) -> Result<ColumnLayout, ImportError> {
        let key = |column: &ColumnRole| match column {
            ColumnRole::Question(QuestionColumn { question, .. }) => Some((question.clone(), None)),
            ColumnRole::Option { question, option } => Some((question.clone(), Some(option.clone()))),
            ColumnRole::Serial | ColumnRole::SubmittedAt | ColumnRole::Sample(_) => {
                Some((String::new(), Some(format!("{column:?}"))))
            }
            ColumnRole::Skipped(_) | ColumnRole::Ignored => None,
        };
        let mut seen: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
        let mut answers = false;
        for (at, column) in self.columns.iter().enumerate() {
            let Some((question, option)) = key(column) else { continue };
            let header = || table.header.get(at).map(|h| shorten_for_message(h)).unwrap_or_default();
            answers |= !question.is_empty();
            // A column for the whole question conflicts with columns of its options as well.
            let other = match &option {
                Some(_) => seen.get(&(question.clone(), None)),
                None => {
                    seen.range((question.clone(), None)..).next().filter(|((q, _), _)| *q == question).map(|(_, at)| at)
                }
            };
            if let Some(first) = other.or(seen.get(&(question.clone(), option.clone()))) {
                return Err(ImportError::ColumnTwice { header: header(), first: first + 1, second: at + 1 });
            }
            seen.insert((question, option), at);
        }
        if answers { Ok(self) } else { Err(ImportError::NoAnswers) }
    }
}

impl QuestionColumn {
    /// The whole answer to a question, in the format's own notation.
    pub fn of(question: &str) -> QuestionColumn {
        QuestionColumn {
            question: question.to_string(),
            notation: None,
            separator: None,
            option_of_text: BTreeMap::new(),
        }
    }

    /// Reader of its cells in a table of this format.
    pub fn cell_reader(&self, format: SourceFormat) -> CellReader<'_> {
        CellReader {
            format,
            notation: self.notation.unwrap_or(format.option_notation()),
            separator: self.separator.as_deref(),
            option_of_text: Some(&self.option_of_text),
        }
    }
}

/// Detects the roles of the columns. `asked` is the format that the user named; columns whose headers are in `ignore` are skipped.
///
/// # Errors
/// When the header is of no known format, of several, or has columns that belong to nothing.
pub fn detect_layout(
    survey: &Survey,
    table: &ImportTable,
    asked: Option<SourceFormat>,
    ignore: &[String],
) -> Result<ColumnLayout, ImportError> {
    layout_of(survey, table, asked, &IgnoredColumns { named: ignore, rest: false })
}

/// Columns that the user does not want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IgnoredColumns<'i> {
    /// Their headers.
    pub named: &'i [String],
    /// Whether all that belong to no question are meant.
    pub rest: bool,
}

/// Rows below the first in which a header is looked for.
const MAX_TITLE_ROWS: usize = 10;

/// Like [`detect_layout`], and looks for the header below a title where the first row is of no known format.
///
/// # Errors
/// As [`detect_layout`], for the first row.
pub fn find_layout(
    survey: &Survey,
    table: &ImportTable,
    asked: Option<SourceFormat>,
    ignore: &IgnoredColumns<'_>,
) -> Result<(ImportTable, ColumnLayout), ImportError> {
    let first = layout_of(survey, table, asked, ignore);
    let is_title = |error: &ImportError| {
        matches!(error, ImportError::UnknownFormat | ImportError::NoAnswers | ImportError::UnknownColumns { .. })
    };
    match first {
        Err(error) if is_title(&error) => {
            // A row that is no header of answers has columns that belong to nothing, so it cannot be taken for one.
            let below = table.rows.iter().take(MAX_TITLE_ROWS).filter_map(|row| table.with_header(row.number));
            let known = |table: ImportTable| {
                let layout = layout_of(survey, &table, asked, ignore).ok()?;
                Some((table, layout))
            };
            below.into_iter().find_map(known).ok_or(error)
        }
        Err(error) => Err(error),
        Ok(layout) => Ok((table.clone(), layout)),
    }
}

fn layout_of(
    survey: &Survey,
    table: &ImportTable,
    asked: Option<SourceFormat>,
    ignore: &IgnoredColumns<'_>,
) -> Result<ColumnLayout, ImportError> {
    let families: Vec<SourceFormat> = match asked {
        Some(format) => vec![format],
        None => [
            (SourceFormat::Template, is_template(survey, table)),
            (SourceFormat::WjxNumber, is_wjx(table)),
            (SourceFormat::LimeShort, is_lime(table)),
        ]
        .into_iter()
        .filter_map(|(format, is)| is.then_some(format))
        .collect(),
    };
    let [format] = families[..] else {
        return Err(if families.is_empty() {
            ImportError::UnknownFormat
        } else {
            ImportError::AmbiguousFormat { formats: families }
        });
    };
    let mut unknown = Vec::new();
    let mut uses = Vec::new();
    let IgnoredColumns { named, rest } = *ignore;
    for (at, header) in table.header.iter().enumerate() {
        let of_question = match format {
            SourceFormat::Template => template_column(survey, header),
            _ if format.is_wjx() => wjx_column(survey, header),
            _ => lime_column(survey, header),
        };
        let idle = named.contains(header) || header.is_empty() && table.rows.iter().all(|row| row.cell(at).is_empty());
        let column = if idle {
            Some(ColumnRole::Ignored)
        } else {
            of_question.or_else(|| skipped_or_technical_role(format, header))
        };
        uses.push(column.unwrap_or_else(|| {
            unknown.push((at + 1, shorten_for_message(header)));
            ColumnRole::Ignored
        }));
    }
    if !unknown.is_empty() && !rest {
        return Err(ImportError::UnknownColumns { columns: unknown });
    }
    let layout = ColumnLayout { format, columns: uses }.validated(table)?;
    let format = match asked {
        Some(format) => format,
        None => detect_variant(survey, table, &layout)?,
    };
    Ok(ColumnLayout { format, ..layout })
}

/// The role of a column that belongs to no question.
fn skipped_or_technical_role(format: SourceFormat, header: &str) -> Option<ColumnRole> {
    if let Some(column) = sample_column(header) {
        return Some(ColumnRole::Sample(column));
    }
    let kind = skipped_columns::classify(header)?;
    let serial = match format {
        SourceFormat::Template => SERIALS.contains(&header),
        _ if format.is_wjx() => header == "序号",
        _ => matches!(header, "id" | "Response ID"),
    };
    Some(match kind {
        _ if serial => ColumnRole::Serial,
        SkippedKind::SubmittedAt => ColumnRole::SubmittedAt,
        other => ColumnRole::Skipped(other),
    })
}

fn is_template(survey: &Survey, table: &ImportTable) -> bool {
    let known = |header: &&String| template_column(survey, header).is_some();
    let count = table.header.iter().filter(known).count();
    let numbered = || SERIALS.iter().any(|name| table.column(name).is_some());
    count > 0 && (numbered() || count == table.header.len())
}

fn is_wjx(table: &ImportTable) -> bool {
    let has = |name| table.column(name).is_some();
    has("提交答卷时间") || has("序号") && (has("所用时间") || has("来源") || has("来自IP"))
}

fn is_lime(table: &ImportTable) -> bool {
    let marks = ["submitdate", "lastpage", "startlanguage", "datesubmitted", "responseid"];
    table.header.iter().any(|header| marks.contains(&alphanumeric_key(header).as_str()))
}

/// Decides between option numbers and texts, or codes and texts, by which of them all cells can be.
fn detect_variant(survey: &Survey, table: &ImportTable, layout: &ColumnLayout) -> Result<SourceFormat, ImportError> {
    let [first, second] = match layout.format {
        SourceFormat::WjxNumber | SourceFormat::WjxText => [SourceFormat::WjxNumber, SourceFormat::WjxText],
        SourceFormat::LimeShort | SourceFormat::LimeLong => [SourceFormat::LimeShort, SourceFormat::LimeLong],
        other => return Ok(other),
    };
    let (mut failures, mut differ) = ([0usize; 2], false);
    for (at, column) in layout.columns.iter().enumerate() {
        let ColumnRole::Question(QuestionColumn { question, .. }) = column else { continue };
        let Some(question) = survey.question(question).filter(|q| !q.options.is_empty()) else { continue };
        for row in &table.rows {
            let (a, b) = (
                CellReader::of(first).read(question, row.cell(at)),
                CellReader::of(second).read(question, row.cell(at)),
            );
            failures[0] += usize::from(a.is_err());
            failures[1] += usize::from(b.is_err());
            differ |= a.is_ok() && b.is_ok() && a != b;
        }
    }
    match failures[0].cmp(&failures[1]) {
        // Every cell is valid in both notations with different meanings: only the author of the file knows which is right.
        std::cmp::Ordering::Equal if differ => Err(ImportError::AmbiguousFormat { formats: vec![first, second] }),
        std::cmp::Ordering::Greater => Ok(second),
        _ => Ok(first),
    }
}

fn template_column(survey: &Survey, header: &str) -> Option<ColumnRole> {
    let column = entry_sheet_columns(survey).into_iter().find(|c| c.header == header && c.number > 0)?;
    Some(match column.option {
        Some(option) => ColumnRole::Option { question: column.question, option },
        None => ColumnRole::Question(QuestionColumn::of(&column.question)),
    })
}

/// The role of `3、题目`, `3、题目(选项)` or `第3题(选项)`.
fn wjx_column(survey: &Survey, header: &str) -> Option<ColumnRole> {
    let rest = header.strip_prefix('第').unwrap_or(header);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, after) = rest.split_at(digits);
    if digits == 0 {
        return role_by_text(survey, header);
    }
    let after = after.trim_start().trim_start_matches('题');
    if let Some(text) = after.strip_prefix(['、', '.', '．', ':', '：']) {
        return role_by_text(survey, text).or_else(|| role_by_text(survey, header));
    }
    let option = after.strip_prefix(['(', '（']).and_then(|inner| inner.strip_suffix([')', '）']));
    let question = survey.all_questions().nth(number.parse::<usize>().ok()?.checked_sub(1)?);
    // The number alone is not enough: the text of the option must match as well.
    option
        .zip(question.filter(|q| q.kind == QuestionKind::Multiple))
        .and_then(|(option, question)| {
            let option = option_by_text(question, option)?;
            Some(ColumnRole::Option { question: question.id.clone(), option })
        })
        .or_else(|| role_by_text(survey, header))
}

/// The role of `heard`, `topics[patent]` or `topics_patent`, with or without `. text` behind, or of the text of a question, whole
/// or truncated.
fn lime_column(survey: &Survey, header: &str) -> Option<ColumnRole> {
    let code = |header: &str| -> Option<ColumnRole> {
        let (code, sub) = match header.split_once('[') {
            Some((code, rest)) => (code, Some(rest.strip_suffix(']')?)),
            None => (header, None),
        };
        if let Some(question) = question_by_code(survey, code) {
            let Some(sub) = sub else { return Some(ColumnRole::Question(QuestionColumn::of(&question.id))) };
            let option = exactly_one(question.options.iter().filter(|o| o.id == sub)).or_else(|| {
                exactly_one(question.options.iter().filter(|o| alphanumeric_key(&o.id) == alphanumeric_key(sub)))
            });
            let words_of_their_own = sub == "other" || sub.ends_with("comment");
            return option
                .filter(|_| question.kind == QuestionKind::Multiple)
                .map(|o| ColumnRole::Option { question: question.id.clone(), option: o.id.clone() })
                .or(words_of_their_own.then_some(ColumnRole::Skipped(SkippedKind::Personal)));
        }
        if sub.is_none()
            && let Some((code, sub)) = header.rsplit_once('_')
        {
            let question = question_by_code(survey, code).filter(|q| q.kind == QuestionKind::Multiple)?;
            let option =
                exactly_one(question.options.iter().filter(|o| alphanumeric_key(&o.id) == alphanumeric_key(sub)))?;
            return Some(ColumnRole::Option { question: question.id.clone(), option: option.id.clone() });
        }
        None
    };
    let before = header.split_once(". ").and_then(|(before, _)| code(before.trim()));
    // The words of those who chose "other" in a question with one answer.
    let words = || {
        let (text, sub) = header.trim_end().strip_suffix(']')?.rsplit_once('[')?;
        let is_other = matches!(normalize_text(sub).as_str(), "其他" | "其它" | "other" | "评论" | "comment");
        let question = role_by_text(survey, text).filter(|_| is_other)?;
        let ColumnRole::Question(column) = question else { return None };
        let one_answer = survey.question(&column.question).is_some_and(|q| q.kind != QuestionKind::Multiple);
        one_answer.then_some(ColumnRole::Skipped(SkippedKind::Personal))
    };
    code(header).or(before).or_else(|| role_by_text(survey, header)).or_else(words).or_else(|| {
        let cut = header.trim_end().strip_suffix("..").or(header.trim_end().strip_suffix('…'))?;
        let cut = normalize_text(cut.trim_end_matches('.'));
        let found = exactly_one(
            survey.all_questions().filter(|q| cut.chars().count() >= 4 && normalize_text(&q.text).starts_with(&cut)),
        )?;
        Some(ColumnRole::Question(QuestionColumn::of(&found.id)))
    })
}

fn question_by_code<'s>(survey: &'s Survey, code: &str) -> Option<&'s Question> {
    survey.question(code).or_else(|| {
        exactly_one(
            survey.all_questions().filter(|q| !code.is_empty() && alphanumeric_key(&q.id) == alphanumeric_key(code)),
        )
    })
}

/// The role of a header with the text of a question, or with that of a question followed by that of its option.
fn role_by_text(survey: &Survey, text: &str) -> Option<ColumnRole> {
    let wanted = normalize_heading(text);
    if wanted.is_empty() {
        return None;
    }
    if let Some(question) = exactly_one(survey.all_questions().filter(|q| normalize_heading(&q.text) == wanted)) {
        return Some(ColumnRole::Question(QuestionColumn::of(&question.id)));
    }
    let named = |question: &Question, option: &Choice| {
        wanted
            .strip_prefix(&normalize_heading(&question.text))
            .is_some_and(|rest| !rest.is_empty() && normalize_heading(rest) == normalize_heading(&option.text))
    };
    let multiple = || survey.all_questions().filter(|q| q.kind == QuestionKind::Multiple);
    let (question, option) =
        exactly_one(multiple().flat_map(|q| q.options.iter().filter(move |o| named(q, o)).map(move |o| (q, o))))?;
    Some(ColumnRole::Option { question: question.id.clone(), option: option.id.clone() })
}

/// A heading in the form in which headings are compared: without punctuation at its ends and the kind of question that 问卷星 adds.
fn normalize_heading(text: &str) -> String {
    let folded = normalize_text(text);
    let mut text = folded.trim_end_matches('*');
    for (open, close) in [('[', ']'), ('【', '】'), ('(', ')')] {
        if let Some((before, inside)) = text.strip_suffix(close).and_then(|t| t.rsplit_once(open))
            && (inside.ends_with('题') || matches!(inside, "单选" | "多选" | "必填" | "必答"))
            && inside.chars().count() <= 6
        {
            text = before;
        }
    }
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_string()
}
