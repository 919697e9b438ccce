//! What a cell answers, in the notation of the program that wrote it.
//!
//! In: a question, a notation, a cell. Out: option ids (or a number) for the validation, or the reason why not. An ambiguous cell
//! is an error, never a guess.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::table::normalize_cell;
use super::{RowErrorKind, SourceFormat};
use crate::answers::AnswerErrorKind;
use puzhi_core::form::paper::parse_entry_cell;
use puzhi_core::kinds::{Choice, Question, QuestionKind};

/// How a cell names an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionNotation {
    /// By its id.
    Ids,
    /// By its number in the list, from 1.
    Numbers,
    /// By its text.
    Texts,
    /// As typed from paper: by the number in the box, or by the id.
    Boxes,
}

impl SourceFormat {
    /// How this format names options; a mapping file may say otherwise.
    pub fn option_notation(self) -> OptionNotation {
        match self {
            SourceFormat::Template => OptionNotation::Boxes,
            SourceFormat::WjxNumber => OptionNotation::Numbers,
            SourceFormat::WjxText | SourceFormat::LimeLong => OptionNotation::Texts,
            SourceFormat::LimeShort | SourceFormat::Mapped => OptionNotation::Ids,
        }
    }

    /// Whether the cell says that nothing was answered.
    fn is_blank(self, cell: &str) -> bool {
        match self {
            _ if cell.is_empty() => true,
            SourceFormat::WjxNumber => matches!(cell, "-2" | "-3"),
            SourceFormat::WjxText => matches!(cell, "(空)" | "（空）" | "(跳过)" | "（跳过）" | "-2" | "-3"),
            SourceFormat::LimeLong => matches!(cell, "N/A" | "不适用"),
            SourceFormat::LimeShort | SourceFormat::Template | SourceFormat::Mapped => false,
        }
    }
}

/// Separators between answers in one cell, the most specific first.
const SEPARATORS: [&str; 10] = ["┋", "┊", "|", "｜", "\n", ";", "；", "、", ",", "，"];

/// The option that `cell` names. For questions without options it is the number itself, which the validation checks.
fn option_named(question: &Question, notation: OptionNotation, cell: &str) -> Option<String> {
    let figure = normalize_cell(cell);
    if question.options.is_empty() {
        return Some(figure);
    }
    match notation {
        OptionNotation::Boxes => parse_entry_cell(question, &figure),
        OptionNotation::Ids => option_by_id(question, cell),
        OptionNotation::Numbers => {
            let number: usize = figure.parse().ok()?;
            Some(question.options.get(number.checked_sub(1)?)?.id.clone())
        }
        OptionNotation::Texts => option_by_text(question, cell),
    }
}

/// The option with this id, ignoring what programs change in ids: hyphens and case.
fn option_by_id(question: &Question, cell: &str) -> Option<String> {
    let exact = question.option(cell).map(|o| o.id.clone());
    exact.or_else(|| {
        exactly_one(
            question.options.iter().filter(|o| alphanumeric_key(&o.id) == alphanumeric_key(cell)).map(|o| o.id.clone()),
        )
    })
}

/// The option with this text, ignoring what a respondent added (`其他〖…〗`) and a letter in front (`A.`).
pub fn option_by_text(question: &Question, cell: &str) -> Option<String> {
    let named = |text: &str| {
        let wanted = normalize_text(text);
        exactly_one(question.options.iter().filter(|o| normalize_text(&o.text) == wanted).map(|o| o.id.clone()))
    };
    let own = strip_free_text(cell);
    named(&own).or_else(|| named(strip_option_letter(&own)?))
}

/// Reads the cells of one column.
#[derive(Debug, Clone, Copy)]
pub struct CellReader<'c> {
    pub format: SourceFormat,
    pub notation: OptionNotation,
    /// Separator between several answers; `None` to detect it.
    pub separator: Option<&'c str>,
    /// Words of the file with the option that each means, or `None` for no answer.
    pub option_of_text: Option<&'c BTreeMap<String, Option<String>>>,
}

impl CellReader<'_> {
    /// A reader with the notation of the format.
    pub fn of(format: SourceFormat) -> Self {
        CellReader { format, notation: format.option_notation(), separator: None, option_of_text: None }
    }

    /// The values that a cell gives to the question: none, one or several.
    pub fn read(&self, question: &Question, cell: &str) -> Result<Vec<String>, RowErrorKind> {
        let stripped;
        let cell = if self.format.is_wjx() {
            stripped = strip_free_text(cell);
            stripped.trim()
        } else {
            cell
        };
        if self.format.is_blank(cell) {
            let figure = question.options.is_empty().then(|| cell.parse::<i64>().ok()).flatten();
            // `-2` means "no answer" in 问卷星. Where it is in the range of the question as well, it is ambiguous.
            return match figure.zip(question.range()) {
                Some((n, (min, max))) if (min..=max).contains(&n) => Err(RowErrorKind::Unclear { value: cell.into() }),
                _ => Ok(Vec::new()),
            };
        }
        // The text of an option may hold a separator, so the whole cell is tried first.
        if let Some(read) = self.read_one(question, cell) {
            return Ok(read.into_iter().collect());
        }
        let apart = |mark: &str| -> Option<Vec<String>> {
            let parts = cell.split(mark).map(str::trim).filter(|part| !part.is_empty());
            Some(
                parts
                    .map(|part| self.read_one(question, part))
                    .collect::<Option<Vec<_>>>()?
                    .into_iter()
                    .flatten()
                    .collect(),
            )
        };
        let read = match self.separator {
            _ if question.kind != QuestionKind::Multiple => None,
            Some(mark) => apart(mark),
            None => SEPARATORS.iter().filter(|mark| cell.contains(**mark)).find_map(|mark| apart(mark)),
        };
        read.ok_or_else(|| AnswerErrorKind::NotOffered { value: shorten_for_message(&strip_free_text(cell)) }.into())
    }

    /// One answer; the inner `None` is a word for no answer.
    fn read_one(&self, question: &Question, text: &str) -> Option<Option<String>> {
        match self.option_of_text.and_then(|texts| texts.get(text)) {
            Some(meant) => Some(meant.clone()),
            // The code of an answer that the respondent typed; the words stand in a column of their own.
            None if self.format.is_lime() && text == "-oth-" => Some(Some(other_option(question)?.id.clone())),
            None => option_named(question, self.notation, text).map(Some),
        }
    }
}

/// Whether the cell of an option says that it was chosen; `None` for no answer.
pub fn parse_tick(format: SourceFormat, cell: &str) -> Result<Option<bool>, RowErrorKind> {
    if format.is_blank(cell) {
        return Ok(None);
    }
    match normalize_cell(&strip_free_text(cell)).to_lowercase().as_str() {
        "1" | "y" | "yes" | "是" | "√" | "✓" | "✔" | "true" | "选中" => Ok(Some(true)),
        "0" | "n" | "no" | "否" | "不是" | "false" | "未选中" => Ok(Some(false)),
        _ => Err(RowErrorKind::NotTicked { value: shorten_for_message(&strip_free_text(cell)) }),
    }
}

/// A text in the form in which texts are compared: white space, width, case and the kind of dashes and quotes do not count.
pub fn normalize_text(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}'))
        .map(|c| match c {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '－' | '─' => '-',
            '“' | '”' | '„' | '「' | '」' => '"',
            '‘' | '’' => '\'',
            '。' => '.',
            '、' => ',',
            other => other,
        })
        .collect()
}

/// The letters and digits of an id, in lower case.
pub fn alphanumeric_key(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The only item; `None` when there are none or several.
pub fn exactly_one<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Removes what 问卷星 writes between `〖` and `〗`: text that the respondent typed beside an option, which may name somebody. Without a
/// closing mark the text goes to the end.
fn strip_free_text(cell: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    for c in cell.chars() {
        match c {
            '〖' => depth += 1,
            '〗' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The option for all other answers, by its id or its text.
pub fn other_option(question: &Question) -> Option<&Choice> {
    let named = |text: &str| {
        matches!(
            normalize_text(text).trim_matches(|c: char| !c.is_alphanumeric()),
            "其他" | "其它" | "other" | "others"
        )
    };
    exactly_one(question.options.iter().filter(|o| alphanumeric_key(&o.id) == "other"))
        .or_else(|| exactly_one(question.options.iter().filter(|o| named(&o.text))))
}

/// `A.知道` without its letter.
fn strip_option_letter(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix(|c: char| c.is_ascii_alphabetic())?;
    rest.strip_prefix(['.', '、', '．', ':', '：', ')', '）'])
}

/// At most 40 characters of an untrusted text for a message, without control characters.
pub fn shorten_for_message(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
