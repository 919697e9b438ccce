//! What a cell says of one question, in the manner of the program that wrote it.
//!
//! In: a question, a style, a cell. Out: option ids (or the figure) for the checks, or the reason why not. Reads nothing it is not sure of.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::table::plain;
use super::{Format, Reason};
use crate::answers::ProblemKind;
use puzhi_core::form::paper::entered;
use puzhi_core::kinds::{Question, QuestionKind};

/// How a cell names an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// By the option's id.
    Ids,
    /// By its number in the list, from 1.
    Numbers,
    /// By its words.
    Texts,
    /// As data entry types from paper: the number in the box, or the id.
    Boxes,
}

impl Format {
    /// How this format names options; a mapping says so itself.
    pub fn style(self) -> Style {
        match self {
            Format::Template => Style::Boxes,
            Format::WjxNumber => Style::Numbers,
            Format::WjxText | Format::LimeLong => Style::Texts,
            Format::LimeShort | Format::Mapped => Style::Ids,
        }
    }

    /// Whether the cell only says that nothing was answered.
    fn is_blank(self, cell: &str) -> bool {
        match self {
            _ if cell.is_empty() => true,
            Format::WjxNumber => matches!(cell, "-2" | "-3"),
            Format::WjxText => matches!(cell, "(空)" | "（空）" | "(跳过)" | "（跳过）" | "-2" | "-3"),
            Format::LimeLong => matches!(cell, "N/A" | "不适用"),
            Format::LimeShort | Format::Template | Format::Mapped => false,
        }
    }
}

/// What stands between answers in one cell, the most particular first.
const BETWEEN: [&str; 10] = ["┋", "┊", "|", "｜", "\n", ";", "；", "、", ",", "，"];

/// The option that `cell` names; for questions without options the figure, which the checks hold to its bounds.
fn option(question: &Question, style: Style, cell: &str) -> Option<String> {
    let figure = plain(cell);
    if question.options.is_empty() {
        return Some(figure);
    }
    match style {
        Style::Boxes => entered(question, &figure),
        Style::Ids => by_id(question, cell),
        Style::Numbers => {
            let number: usize = figure.parse().ok()?;
            Some(question.options.get(number.checked_sub(1)?)?.id.clone())
        }
        Style::Texts => by_text(question, cell),
    }
}

/// The option with this id; programs that allow no hyphens or capitals in ids change them.
fn by_id(question: &Question, cell: &str) -> Option<String> {
    let exact = question.option(cell).map(|o| o.id.clone());
    exact.or_else(|| only(question.options.iter().filter(|o| bare(&o.id) == bare(cell)).map(|o| o.id.clone())))
}

/// The option with these words; what a respondent added of their own (`其他〖…〗`) and a letter before (`A.`) are passed over.
pub fn by_text(question: &Question, cell: &str) -> Option<String> {
    let named = |text: &str| {
        let wanted = folded(text);
        only(question.options.iter().filter(|o| folded(&o.text) == wanted).map(|o| o.id.clone()))
    };
    let own = without_own_words(cell);
    named(&own).or_else(|| named(without_letter(&own)?))
}

/// How the cells of one column are read.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'c> {
    pub format: Format,
    pub style: Style,
    /// What stands between several answers; `None` looks for it.
    pub between: Option<&'c str>,
    /// Words of the file with the option each means, or no answer.
    pub words: Option<&'c BTreeMap<String, Option<String>>>,
}

impl Manner<'_> {
    /// As the format has it.
    pub fn of(format: Format) -> Self {
        Manner { format, style: format.style(), between: None, words: None }
    }

    /// What a cell with the answer to a whole question gives to the checks: none, one or several values.
    pub fn read(&self, question: &Question, cell: &str) -> Result<Vec<String>, Reason> {
        if self.format.is_blank(cell) {
            let figure = question.options.is_empty().then(|| cell.parse::<i64>().ok()).flatten();
            // `-2` is 问卷星's word for "no answer"; where it could be a figure as well, nobody can tell.
            return match figure.zip(question.range()) {
                Some((n, (min, max))) if (min..=max).contains(&n) => Err(Reason::Unclear { value: cell.into() }),
                _ => Ok(Vec::new()),
            };
        }
        // An option's own words may hold a comma: the whole cell comes first.
        if let Some(read) = self.part(question, cell) {
            return Ok(read.into_iter().collect());
        }
        let apart = |mark: &str| -> Option<Vec<String>> {
            let parts = cell.split(mark).map(str::trim).filter(|part| !part.is_empty());
            Some(
                parts
                    .map(|part| self.part(question, part))
                    .collect::<Option<Vec<_>>>()?
                    .into_iter()
                    .flatten()
                    .collect(),
            )
        };
        let read = match self.between {
            _ if question.kind != QuestionKind::Multiple => None,
            Some(mark) => apart(mark),
            None => BETWEEN.iter().filter(|mark| cell.contains(**mark)).find_map(|mark| apart(mark)),
        };
        read.ok_or_else(|| ProblemKind::NotOffered { value: cut(&without_own_words(cell)) }.into())
    }

    /// One answer; the inner `None` is a word for no answer.
    fn part(&self, question: &Question, text: &str) -> Option<Option<String>> {
        match self.words.and_then(|words| words.get(text)) {
            Some(meant) => Some(meant.clone()),
            None => option(question, self.style, text).map(Some),
        }
    }
}

/// Whether a cell of one option says that it was chosen; `None` for nothing answered.
pub fn ticked(format: Format, cell: &str) -> Result<Option<bool>, Reason> {
    if format.is_blank(cell) {
        return Ok(None);
    }
    match plain(&without_own_words(cell)).to_lowercase().as_str() {
        "1" | "y" | "yes" | "是" | "√" | "✓" | "✔" | "true" | "选中" => Ok(Some(true)),
        "0" | "n" | "no" | "否" | "不是" | "false" | "未选中" => Ok(Some(false)),
        _ => Err(Reason::NotTicked { value: cut(&without_own_words(cell)) }),
    }
}

/// Texts that differ only in white space, width, case, kinds of dashes or quotes are the same.
pub fn folded(text: &str) -> String {
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

/// Letters and figures alone, in lower case.
pub fn bare(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The only one, if there is exactly one.
pub fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// 问卷星 puts what was typed beside an option between `〖` and `〗`. It may name somebody, so it ends here.
fn without_own_words(cell: &str) -> String {
    match (cell.find('〖'), cell.rfind('〗')) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &cell[..from], &cell[to + '〗'.len_utf8()..]),
        _ => cell.to_string(),
    }
}

/// `A.知道` without its letter.
fn without_letter(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix(|c: char| c.is_ascii_alphabetic())?;
    rest.strip_prefix(['.', '、', '．', ':', '：', ')', '）'])
}

/// As much of a text from outside as a message shows, without what would move a terminal.
pub fn cut(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
