//! What each column of a table is: recognised from the header, and said.
//!
//! In: a table and the definition. Out: a [`Layout`], or what to pass when the header leaves it open. A column is taken for a question
//! only when its header names exactly one; nothing is guessed from its place.

use std::collections::BTreeMap;

use super::personal::{self, Kind};
use super::reading::{Manner, Style, bare, by_text, cut, folded, only};
use super::table::Table;
use super::{Format, Trouble};
use puzhi_core::form::paper::{SERIAL, columns};
use puzhi_core::kinds::{Choice, Question, QuestionKind, Survey};

/// Headers of the serial number in an entry sheet.
const SERIALS: [&str; 2] = [SERIAL, "序号"];

/// What a table's columns are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub format: Format,
    /// One for each header.
    pub columns: Vec<Use>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// Tells rows apart within the file; not stored.
    Serial,
    /// When it was handed in, of which the hour is kept.
    Submitted,
    /// The answer to a question.
    Whole(Whole),
    /// Whether one option of a question was chosen.
    Option { question: String, option: String },
    /// Left out for what it is.
    Left(Kind),
    /// Left out because somebody said so.
    Ignored,
}

/// How a column answers a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub question: String,
    /// The format's own when `None`.
    pub style: Option<Style>,
    /// What stands between several answers; `None` looks for it.
    pub between: Option<String>,
    /// Words of the file that a mapping gives an option, or no answer.
    pub words: BTreeMap<String, Option<String>>,
}

impl Layout {
    pub fn column(&self, wanted: &Use) -> Option<usize> {
        self.columns.iter().position(|column| column == wanted)
    }

    /// Questions of the survey that have no column.
    pub fn missing<'s>(&self, survey: &'s Survey) -> Vec<&'s Question> {
        let has = |id: &str| {
            self.columns.iter().any(
                |c| matches!(c, Use::Whole(Whole { question, .. }) | Use::Option { question, .. } if question == id),
            )
        };
        survey.all_questions().filter(|q| !has(&q.id)).collect()
    }

    /// Headers of columns that are left out, those of people first (`true`).
    pub fn left_out(&self, table: &Table) -> Vec<(String, bool)> {
        let left = |(column, header): (&Use, &String)| match column {
            Use::Left(Kind::Personal) => Some((cut(header), true)),
            Use::Left(_) | Use::Ignored | Use::Submitted => Some((cut(header), false)),
            _ => None,
        };
        let mut all: Vec<(String, bool)> = self.columns.iter().zip(&table.header).filter_map(left).collect();
        all.sort_by_key(|(_, personal)| !personal);
        all
    }

    /// Refuses two columns for one thing.
    pub(super) fn checked(self, table: &Table) -> Result<Layout, Trouble> {
        let key = |column: &Use| match column {
            Use::Whole(Whole { question, .. }) => Some((question.clone(), None)),
            Use::Option { question, option } => Some((question.clone(), Some(option.clone()))),
            Use::Serial | Use::Submitted => Some((String::new(), Some(format!("{column:?}")))),
            Use::Left(_) | Use::Ignored => None,
        };
        let mut seen: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
        let mut answers = false;
        for (at, column) in self.columns.iter().enumerate() {
            let Some((question, option)) = key(column) else { continue };
            let header = || table.header.get(at).map(|h| cut(h)).unwrap_or_default();
            answers |= !question.is_empty();
            // A column for the whole question stands against those of its options as well.
            let other = match &option {
                Some(_) => seen.get(&(question.clone(), None)),
                None => {
                    seen.range((question.clone(), None)..).next().filter(|((q, _), _)| *q == question).map(|(_, at)| at)
                }
            };
            if let Some(first) = other.or(seen.get(&(question.clone(), option.clone()))) {
                return Err(Trouble::ColumnTwice { header: header(), first: first + 1, second: at + 1 });
            }
            seen.insert((question, option), at);
        }
        if answers { Ok(self) } else { Err(Trouble::NoAnswers) }
    }
}

impl Whole {
    pub fn of(question: &str) -> Whole {
        Whole { question: question.to_string(), style: None, between: None, words: BTreeMap::new() }
    }

    /// How its cells are read in a table of this format.
    pub fn manner(&self, format: Format) -> Manner<'_> {
        Manner {
            format,
            style: self.style.unwrap_or(format.style()),
            between: self.between.as_deref(),
            words: Some(&self.words),
        }
    }
}

/// Recognises the table. `asked` is the format somebody named; columns whose headers are in `ignore` are left out.
///
/// # Errors
/// When the header is of no known format, of several, or has columns that belong to nothing.
pub fn recognise(survey: &Survey, table: &Table, asked: Option<Format>, ignore: &[String]) -> Result<Layout, Trouble> {
    let families: Vec<Format> = match asked {
        Some(format) => vec![format],
        None => [
            (Format::Template, is_template(survey, table)),
            (Format::WjxNumber, is_wjx(table)),
            (Format::LimeShort, is_lime(table)),
        ]
        .into_iter()
        .filter_map(|(format, is)| is.then_some(format))
        .collect(),
    };
    let [format] = families[..] else {
        return Err(if families.is_empty() {
            Trouble::UnknownFormat
        } else {
            Trouble::AmbiguousFormat { formats: families }
        });
    };
    let mut unknown = Vec::new();
    let mut uses = Vec::new();
    for (at, header) in table.header.iter().enumerate() {
        let of_question = match format {
            Format::Template => template_column(survey, header),
            _ if format.is_wjx() => wjx_column(survey, header),
            _ => lime_column(survey, header),
        };
        let idle = ignore.contains(header) || header.is_empty() && table.rows.iter().all(|row| row.cell(at).is_empty());
        let column = if idle { Some(Use::Ignored) } else { of_question.or_else(|| own_column(format, header)) };
        uses.push(column.unwrap_or_else(|| {
            unknown.push((at + 1, cut(header)));
            Use::Ignored
        }));
    }
    if !unknown.is_empty() {
        return Err(Trouble::UnknownColumns { columns: unknown });
    }
    let layout = Layout { format, columns: uses }.checked(table)?;
    let format = match asked {
        Some(format) => format,
        None => written(survey, table, &layout)?,
    };
    Ok(Layout { format, ..layout })
}

/// A column of no question.
fn own_column(format: Format, header: &str) -> Option<Use> {
    let kind = personal::kind(header)?;
    let serial = match format {
        Format::Template => SERIALS.contains(&header),
        _ if format.is_wjx() => header == "序号",
        _ => matches!(header, "id" | "Response ID"),
    };
    Some(match kind {
        _ if serial => Use::Serial,
        Kind::Submitted => Use::Submitted,
        other => Use::Left(other),
    })
}

fn is_template(survey: &Survey, table: &Table) -> bool {
    let known = |header: &&String| template_column(survey, header).is_some();
    let count = table.header.iter().filter(known).count();
    let numbered = || SERIALS.iter().any(|name| table.column(name).is_some());
    count > 0 && (numbered() || count == table.header.len())
}

fn is_wjx(table: &Table) -> bool {
    let has = |name| table.column(name).is_some();
    has("提交答卷时间") || has("序号") && (has("所用时间") || has("来源") || has("来自IP"))
}

fn is_lime(table: &Table) -> bool {
    let marks = ["submitdate", "lastpage", "startlanguage", "datesubmitted", "responseid"];
    table.header.iter().any(|header| marks.contains(&bare(header).as_str()))
}

/// Between numbers and words, or codes and words, whichever the cells can all be.
fn written(survey: &Survey, table: &Table, layout: &Layout) -> Result<Format, Trouble> {
    let [first, second] = match layout.format {
        Format::WjxNumber | Format::WjxText => [Format::WjxNumber, Format::WjxText],
        Format::LimeShort | Format::LimeLong => [Format::LimeShort, Format::LimeLong],
        other => return Ok(other),
    };
    let (mut failures, mut differ) = ([0usize; 2], false);
    for (at, column) in layout.columns.iter().enumerate() {
        let Use::Whole(Whole { question, .. }) = column else { continue };
        let Some(question) = survey.question(question).filter(|q| !q.options.is_empty()) else { continue };
        for row in &table.rows {
            let (a, b) =
                (Manner::of(first).read(question, row.cell(at)), Manner::of(second).read(question, row.cell(at)));
            failures[0] += usize::from(a.is_err());
            failures[1] += usize::from(b.is_err());
            differ |= a.is_ok() && b.is_ok() && a != b;
        }
    }
    match failures[0].cmp(&failures[1]) {
        // Both ways every cell means something, but not the same: only whoever made the file knows.
        std::cmp::Ordering::Equal if differ => Err(Trouble::AmbiguousFormat { formats: vec![first, second] }),
        std::cmp::Ordering::Greater => Ok(second),
        _ => Ok(first),
    }
}

fn template_column(survey: &Survey, header: &str) -> Option<Use> {
    let column = columns(survey).into_iter().find(|c| c.header == header && c.number > 0)?;
    Some(match column.option {
        Some(option) => Use::Option { question: column.question, option },
        None => Use::Whole(Whole::of(&column.question)),
    })
}

/// `3、题目`, `3、题目(选项)`, `第3题(选项)`.
fn wjx_column(survey: &Survey, header: &str) -> Option<Use> {
    let rest = header.strip_prefix('第').unwrap_or(header);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, after) = rest.split_at(digits);
    if digits == 0 {
        return by_words(survey, header);
    }
    let after = after.trim_start().trim_start_matches('题');
    if let Some(text) = after.strip_prefix(['、', '.', '．', ':', '：']) {
        return by_words(survey, text).or_else(|| by_words(survey, header));
    }
    let option = after.strip_prefix(['(', '（']).and_then(|inner| inner.strip_suffix([')', '）']));
    let question = survey.all_questions().nth(number.parse::<usize>().ok()?.checked_sub(1)?);
    // The number alone proves little; the words of the option have to agree.
    option
        .zip(question.filter(|q| q.kind == QuestionKind::Multiple))
        .and_then(|(option, question)| {
            let option = by_text(question, option)?;
            Some(Use::Option { question: question.id.clone(), option })
        })
        .or_else(|| by_words(survey, header))
}

/// `heard`, `topics[patent]`, `topics_patent`, with or without `. words` behind; or the words of the question, whole or cut.
fn lime_column(survey: &Survey, header: &str) -> Option<Use> {
    let code = |header: &str| -> Option<Use> {
        let (code, sub) = match header.split_once('[') {
            Some((code, rest)) => (code, Some(rest.strip_suffix(']')?)),
            None => (header, None),
        };
        if let Some(question) = question_called(survey, code) {
            let Some(sub) = sub else { return Some(Use::Whole(Whole::of(&question.id))) };
            let option = only(question.options.iter().filter(|o| o.id == sub))
                .or_else(|| only(question.options.iter().filter(|o| bare(&o.id) == bare(sub))));
            let words_of_their_own = sub == "other" || sub.ends_with("comment");
            return option
                .filter(|_| question.kind == QuestionKind::Multiple)
                .map(|o| Use::Option { question: question.id.clone(), option: o.id.clone() })
                .or(words_of_their_own.then_some(Use::Left(Kind::Personal)));
        }
        if sub.is_none()
            && let Some((code, sub)) = header.rsplit_once('_')
        {
            let question = question_called(survey, code).filter(|q| q.kind == QuestionKind::Multiple)?;
            let option = only(question.options.iter().filter(|o| bare(&o.id) == bare(sub)))?;
            return Some(Use::Option { question: question.id.clone(), option: option.id.clone() });
        }
        None
    };
    let before = header.split_once(". ").and_then(|(before, _)| code(before.trim()));
    code(header).or(before).or_else(|| by_words(survey, header)).or_else(|| {
        let cut = header.trim_end().strip_suffix("..").or(header.trim_end().strip_suffix('…'))?;
        let cut = folded(cut.trim_end_matches('.'));
        let found =
            only(survey.all_questions().filter(|q| cut.chars().count() >= 4 && folded(&q.text).starts_with(&cut)))?;
        Some(Use::Whole(Whole::of(&found.id)))
    })
}

fn question_called<'s>(survey: &'s Survey, code: &str) -> Option<&'s Question> {
    survey
        .question(code)
        .or_else(|| only(survey.all_questions().filter(|q| !code.is_empty() && bare(&q.id) == bare(code))))
}

/// The question with these words, or the option of one: its words behind those of the question.
fn by_words(survey: &Survey, text: &str) -> Option<Use> {
    let wanted = heading(text);
    if wanted.is_empty() {
        return None;
    }
    if let Some(question) = only(survey.all_questions().filter(|q| heading(&q.text) == wanted)) {
        return Some(Use::Whole(Whole::of(&question.id)));
    }
    let named = |question: &Question, option: &Choice| {
        wanted
            .strip_prefix(&heading(&question.text))
            .is_some_and(|rest| !rest.is_empty() && heading(rest) == heading(&option.text))
    };
    let multiple = || survey.all_questions().filter(|q| q.kind == QuestionKind::Multiple);
    let (question, option) =
        only(multiple().flat_map(|q| q.options.iter().filter(move |o| named(q, o)).map(move |o| (q, o))))?;
    Some(Use::Option { question: question.id.clone(), option: option.id.clone() })
}

/// A heading as it is compared: without marks at its ends and the kind of question that 问卷星 adds.
fn heading(text: &str) -> String {
    let folded = folded(text);
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
