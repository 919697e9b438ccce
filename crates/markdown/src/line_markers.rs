//! Reads what stands at the start of a line that belongs to a series of lines: a number, a letter, a sign, a label
//! (`时间：`), a date or a time.
//!
//! Input: one line. Output: a [`LineMarker`], which says whether another line continues its series. Does not know lists
//! that Markdown knows.

use super::fullwidth_lint::is_bullet;
use super::labels::{bracketed_label, label, latin_label, worded_label};
use super::marker_numbers::{FirstBytes, digits, han_number, place_in_alphabet, roman_number};
use super::repairs::is_wide_space;
use super::time_markers::{date_or_time, decimal_day, han_time, part_of_time, weekday};
use puzhi_core::base::{is_cjk_punctuation, is_han};

/// What stands at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LineMarker {
    pub kind: MarkerKind,
    /// 0 for signs without a number.
    pub number: u32,
    /// Length in bytes.
    pub length: usize,
}

/// Kind of marker; lines count on only within one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum MarkerKind {
    /// `一、`, also `一.` and `一 `.
    Han,
    /// `壹、`
    HanCapital,
    /// `甲、`
    Stem,
    /// `（一）`
    HanInParentheses,
    /// `一，`, `一）` and `一-`, with the sign after the number.
    HanSign(char),
    /// `一是` and `一要`, with the character after the number.
    HanWord(char),
    /// `其一，`
    Its,
    /// `第一步` and `第一，`, with the character after the number.
    Ordinal(char),
    /// `1、`, which the full-width lint reports.
    Comma,
    /// `1．`, `1）`, `1。` or `1：`
    Fullwidth,
    /// `1，甲` and `1-甲`, with the sign after the number.
    NumberSign(char),
    /// `1.甲` or `1)甲` without a space.
    Unspaced,
    /// `2. 甲`, which does not begin a list inside a paragraph.
    Spaced,
    /// `1 甲`
    Bare,
    /// `1.1 甲`, with the numbers before the last one.
    Decimal(u32),
    /// `（1）`
    InParentheses,
    /// `（a）`
    LetterInParentheses,
    /// `[1]` or `【1】`
    InBrackets,
    /// `①`; the first character of its block of Unicode.
    Enclosed(char),
    /// A digit in the form of a key, as telephones type it.
    Keycap,
    /// `A．`, `A、` or `a)`
    Letter,
    /// A sign such as `•`, which the full-width lint reports.
    Bullet(char),
    /// `II.` and `iv)`; numbers of one letter are [`MarkerKind::Letter`].
    Roman,
    /// `1.1甲`, with the number before the last one.
    DecimalUnspaced(u32),
    /// Any other sign: a pictograph, an arrow, a bullet of a symbol font.
    Sign,
    /// `-甲`, `*甲` and `+甲` without a space.
    UnspacedSign(char),
    /// `——甲`
    Dash,
    /// `-- 甲`
    Dashes,
    /// `附件1` and `问题一`, with the word before the number.
    Word(&'static str),
    /// `时间：`
    Label,
    /// `9:30 签到`
    Time,
    /// `4月26日 咨询`
    Date,
    /// `1月 宣传`, `2024年 启动` and `9时 签到`, with the unit.
    Period(char),
    /// `上午 签到`, `春季：甲`
    PartOfTime,
    /// `【活动时间】甲`
    BracketedLabel,
}

impl MarkerKind {
    /// Whether lines of this kind count: `一、` is continued by `二、` only.
    pub fn counts(self) -> bool {
        use MarkerKind::{
            BracketedLabel, Bullet, Dash, Dashes, Date, Label, PartOfTime, Period, Sign, Time, UnspacedSign,
        };
        let is_label = matches!(self, Label | Time | Date | Period(_) | PartOfTime | BracketedLabel);
        !is_label && !matches!(self, Bullet(_) | Sign | UnspacedSign(_) | Dash | Dashes)
    }

    /// Whether the marker names what follows in its line.
    pub fn is_label(self) -> bool {
        use MarkerKind::{BracketedLabel, Date, Label, PartOfTime, Period, Time};
        matches!(self, Label | Time | Date | Period(_) | PartOfTime | BracketedLabel)
    }

    /// Whether items of a list are numbered so, or nearly so.
    pub fn is_list_number(self) -> bool {
        use MarkerKind::{Comma, Fullwidth, Spaced, Unspaced};
        matches!(self, Comma | Fullwidth | Spaced | Unspaced)
    }

    /// Whether the marker numbers the parts of a text so plainly that one line with it is enough: wrapped lines of a
    /// sentence do not begin like this.
    pub fn is_outline(self) -> bool {
        use MarkerKind::{
            Comma, Dashes, Enclosed, Fullwidth, Han, HanCapital, HanInParentheses, InParentheses, Ordinal, Unspaced,
        };
        // A wrapped line may begin with a rank or a quarter of a year.
        if matches!(self, Ordinal(unit) if WEAK_ORDINAL_UNITS.contains(unit)) {
            return false;
        }
        matches!(
            self,
            Han | HanCapital
                | HanInParentheses
                | Ordinal(_)
                | Comma
                | Fullwidth
                | Unspaced
                | InParentheses
                | Enclosed(_)
                | Dashes
        )
    }
}

impl LineMarker {
    /// Whether a line with this marker continues the series of a line with `previous`.
    pub fn follows(&self, previous: &LineMarker) -> bool {
        if let (MarkerKind::Period(unit), MarkerKind::Period(other)) = (self.kind, previous.kind) {
            return unit == other && self.number >= previous.number;
        }
        if self.kind == previous.kind {
            return self.number == previous.number + u32::from(self.kind.counts());
        }
        // `I.` and `V.` are letters, too.
        let roman = |marker: &LineMarker| match (marker.kind, marker.number) {
            (MarkerKind::Roman, number) => Some(number),
            (MarkerKind::Letter, letter) => roman_number(&char::from_u32(u32::from('a') + letter - 1)?.to_string()),
            _ => None,
        };
        let is_roman = self.kind == MarkerKind::Roman || previous.kind == MarkerKind::Roman;
        is_roman && roman(previous).is_some_and(|number| roman(self) == Some(number + 1))
    }

    /// Whether short paragraphs with this marker are headings in official documents. `（一）` also counts the items of
    /// laws, so it is no sign of one.
    pub fn is_heading(&self) -> bool {
        matches!(self.kind, MarkerKind::Han | MarkerKind::Ordinal('章' | '节' | '编' | '篇' | '部'))
    }
}

/// The text without white space, quote marks and emphasis at its start. A star that no other closes is no emphasis.
pub(super) fn content_of(line: &str) -> &str {
    let is_before = |c: char| matches!(c, ' ' | '\t' | '>') || is_wide_space(c);
    let line = line.trim_start_matches(is_before);
    let is_star = line
        .strip_prefix('*')
        .is_some_and(|rest| rest.starts_with(starts_words) && !rest.split('\n').next().unwrap_or("").contains('*'));
    if is_star { line } else { line.trim_start_matches(|c| is_before(c) || matches!(c, '*' | '_')) }
}

/// The marker at the start of a line, or `None`. White space and emphasis before it are not part of it.
pub(super) fn marker(line: &str) -> Option<LineMarker> {
    let first = line.chars().next()?;
    let of = |kind, number, length| Some(LineMarker { kind, number, length });
    let found = match first {
        '第' | '其' => ordinal(line),
        '一'..='鿿' => han(line),
        '（' | '(' => {
            let inner = &line[first.len_utf8()..];
            let (kind, (number, length)) = if let Some(found) = han_number(inner) {
                (MarkerKind::HanInParentheses, found)
            } else if let Some(found) = digits(inner) {
                (MarkerKind::InParentheses, found)
            } else {
                (MarkerKind::LetterInParentheses, (place_in_alphabet(inner.chars().next()?)?, 1))
            };
            let close = inner[length..].chars().next().filter(|c| matches!(c, '）' | ')'))?;
            of(kind, number, first.len_utf8() + length + close.len_utf8())
        }
        '[' | '【' | '〔' | '［' | '〖' => {
            let inner = &line[first.len_utf8()..];
            let Some((number, length)) = digits(inner) else { return bracketed_label(line) };
            let close = inner[length..].chars().next().filter(|c| matches!(c, ']' | '】' | '〕' | '］'))?;
            let end = first.len_utf8() + length + close.len_utf8();
            // `[1](a.md)` is a link.
            let is_link = line[end..].starts_with(['(', ':', '[', '（']);
            if is_link { None } else { of(MarkerKind::InBrackets, number, end) }
        }
        '0'..='9' | '０'..='９' => numbered(line),
        'A'..='Z' | 'a'..='z' => letter(line, first),
        '-' | '*' | '+' | '＋' | '＊' if line[first.len_utf8()..].starts_with(starts_words) => {
            of(MarkerKind::UnspacedSign(first), 0, first.len_utf8())
        }
        '-' if line.starts_with("--") => dashes(line),
        '#' if line[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            let (number, length) = digits(&line[1..])?;
            let is_end = line[1 + length..].starts_with(|c| is_space(c) || starts_words(c));
            is_end.then_some(LineMarker { kind: MarkerKind::Word("#"), number, length: 1 + length })
        }
        // Bullets of word processors without their font.
        'Ø' | 'ü' | '²' | '§' if line[first.len_utf8()..].starts_with(is_space) => {
            of(MarkerKind::Sign, 0, first.len_utf8())
        }
        '—' | '―' | '–' | '─' => dash(line),
        // A list of what is done and what is not has two or more of these.
        c if is_check(c) => of(MarkerKind::Bullet('□'), 0, c.len_utf8()),
        // Several of them are a fence or rule.
        c if is_bullet(c) && !line[c.len_utf8()..].starts_with(c) => of(MarkerKind::Bullet(c), 0, c.len_utf8()),
        c => match ENCLOSED.iter().find(|block| block.contains(&c)) {
            Some(block) => {
                let number = u32::from(c) - u32::from(*block.start()) + 1;
                of(MarkerKind::Enclosed(*block.start()), number, c.len_utf8())
            }
            None if is_pictograph(c) => of(MarkerKind::Sign, 0, c.len_utf8()),
            None => None,
        },
    };
    let found = found
        .or_else(|| label(line))
        .or_else(|| worded_label(line))
        .or_else(|| latin_label(line))
        .or_else(|| numbered_word(line))
        .or_else(|| weekday(line));
    let found = found.or_else(|| part_of_time(line));
    found.or_else(|| if first.is_ascii_digit() { tight_decimal(line) } else { None })
}

/// Whether a character is a box or a sign in one or for one.
fn is_check(c: char) -> bool {
    matches!(c, '□' | '☐' | '☑' | '☒' | '✓' | '✔' | '√' | '×' | '✗' | '✘')
}

/// What can follow `第一`.
const ORDINAL_UNITS: &str = "步条章节款项篇编类批期阶部讲课天周回场组站轮次季名位集，、：";
/// Those of them that also occur in sentences.
const WEAK_ORDINAL_UNITS: &str = "季名位集";
/// Numbers that are one character: circled, in parentheses, with a full stop, Han in parentheses, negative circled, Roman.
const ENCLOSED: [std::ops::RangeInclusive<char>; 9] =
    ['①'..='⑳', '⑴'..='⒇', '⒈'..='⒛', '㈠'..='㈩', '❶'..='❿', 'Ⅰ'..='Ⅻ', 'ⅰ'..='ⅻ', '㊀'..='㊉', '➀'..='➉'];

/// Whether authors begin lines with this character as they do with bullets: pictographs, arrows, shapes and the private
/// characters of symbol fonts, which word processors use as bullets.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{2580}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{E000}'..='\u{F8FF}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether a character after `1.` or `-` starts words, which only the missing space keeps from being a list item.
pub(super) fn starts_words(c: char) -> bool {
    is_han(c) || matches!(c, '“' | '《' | '（' | '【' | '‘' | '「' | '〔')
}

/// Signs that people type after a number instead of a full stop.
fn is_number_sign(c: char) -> bool {
    matches!(c, '，' | ',' | '-' | '－' | '—' | '–' | '·' | '】' | ']' | '》' | '；' | ';' | '/')
}

/// `-- 甲` and `--- 甲`, as people type items of lower levels.
fn dashes(line: &str) -> Option<LineMarker> {
    let words = line.trim_start_matches('-');
    let length = line.len() - words.len();
    let begins = words.starts_with(' ') && words.trim_start().starts_with(starts_words);
    (begins && length <= 4).then_some(LineMarker { kind: MarkerKind::Dashes, number: 0, length })
}

/// `—甲` and `—— 甲`. A number behind the dash is that of a page.
fn dash(line: &str) -> Option<LineMarker> {
    let words = line.trim_start_matches(['—', '―', '–', '─']);
    let length = line.len() - words.len();
    let begins = words.trim_start_matches(is_space).starts_with(|c| starts_words(c) || c.is_ascii_alphabetic());
    (begins && length <= 2 * '—'.len_utf8()).then_some(LineMarker { kind: MarkerKind::Dash, number: 0, length })
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '\u{3000}')
}

/// `第一步`, `第 12 条`, `第一，`, `其一，`.
fn ordinal(line: &str) -> Option<LineMarker> {
    let first = line.chars().next()?;
    let inner = line[first.len_utf8()..].trim_start_matches(' ');
    let (number, length) = han_number(inner).or_else(|| digits(inner))?;
    let rest = inner[length..].trim_start_matches(' ');
    let unit = rest.chars().next().filter(|c| ORDINAL_UNITS.contains(*c))?;
    let kind = match first {
        '其' if matches!(unit, '，' | '、' | '：') => MarkerKind::Its,
        '其' => return None,
        _ => MarkerKind::Ordinal(unit),
    };
    let behind = &rest[unit.len_utf8()..];
    let behind = behind.strip_prefix('度').filter(|_| unit == '季').unwrap_or(behind);
    Some(LineMarker { kind, number, length: line.len() - behind.len() })
}

/// `壹、甲` and `甲、申请`, whose words are Han.
fn rare_number(line: &str) -> Option<LineMarker> {
    let mut chars = line.chars();
    let (first, sign) = (chars.next()?, chars.next()?);
    if !matches!(sign, '、' | '．') {
        return None;
    }
    let place = |of: &str| of.chars().position(|c| c == first).map(|at| at as u32 + 1);
    let (kind, number) = match place("壹贰叁肆伍陆柒捌玖拾") {
        Some(number) => (MarkerKind::HanCapital, number),
        None => (MarkerKind::Stem, place("甲乙丙丁戊己庚辛壬癸")?),
    };
    let length = first.len_utf8() + sign.len_utf8();
    chars.next().is_some_and(starts_words).then_some(LineMarker { kind, number, length })
}

/// `一、`, `一.甲`, `一 甲`, `一是`, `壹、甲`.
fn han(line: &str) -> Option<LineMarker> {
    let Some((number, length)) = han_number(line) else { return rare_number(line) };
    if let Some(length) = han_time(line, false) {
        return Some(LineMarker { kind: MarkerKind::Time, number: 0, length });
    }
    let mut after = line[length..].chars();
    let sign = after.next()?;
    let next = after.next();
    let kind = match sign {
        '、' | '．' => MarkerKind::Han,
        '.' if next.is_some_and(|c| is_space(c) || starts_words(c)) => MarkerKind::Han,
        '是' | '要' if next.is_some_and(is_han) => MarkerKind::HanWord(sign),
        // `一季度 甲`
        '季' if next == Some('度') => MarkerKind::HanWord(sign),
        '）' | ')' | '。' if next.is_some_and(starts_words) => MarkerKind::HanSign(sign),
        c if is_number_sign(c) && next.is_some_and(starts_words) => MarkerKind::HanSign(c),
        c if is_space(c) && next.is_some_and(|c| starts_words(c) || is_space(c)) => MarkerKind::Han,
        _ => return None,
    };
    Some(LineMarker { kind, number, length: length + sign.len_utf8() })
}

/// Markers that begin with a digit.
fn numbered(line: &str) -> Option<LineMarker> {
    if let Some(found) = date_or_time(line) {
        return Some(found);
    }
    let (number, length) = digits(line)?;
    let mut after = line[length..].chars();
    let sign = after.next()?;
    let next = after.next();
    let begins = |c: Option<char>| c.is_some_and(starts_words);
    let spaced = next.is_some_and(is_space);
    let kind = match sign {
        '、' => MarkerKind::Comma,
        '．' | '）' | '。' | '：' => MarkerKind::Fullwidth,
        '.' | ')' if begins(next) => MarkerKind::Unspaced,
        '.' | ')' if spaced => MarkerKind::Spaced,
        '.' if matches!(next, Some('、' | '，' | '．')) => MarkerKind::Fullwidth,
        '.' => return decimal(line, number, length),
        ':' if begins(next) || spaced => MarkerKind::Fullwidth,
        '\u{FE0F}' if next == Some('\u{20E3}') => {
            let length = length + '\u{FE0F}'.len_utf8() + '\u{20E3}'.len_utf8();
            return Some(LineMarker { kind: MarkerKind::Keycap, number, length });
        }
        '\u{20E3}' => MarkerKind::Keycap,
        c if is_space(c) && begins(next) => MarkerKind::Bare,
        c if is_number_sign(c) && begins(next) => MarkerKind::NumberSign(c),
        _ => return None,
    };
    Some(LineMarker { kind, number, length: length + sign.len_utf8() })
}

/// Words before a number that begin lines which count: `附件1`, `问题一`.
const NUMBERED_WORDS: [&str; 34] = [
    "No.", "NO.", "no.", "附件", "附表", "附图", "附录", "附", "案例", "例", "问题", "问", "题", "图", "表", "步骤",
    "任务", "措施", "方案", "选项", "材料", "阶段", "环节", "要点", "目标", "场景", "情形", "情况", "方法", "专题",
    "单元", "项目", "建议", "误区",
];

/// `附件1 甲`, `附件一：甲`, `问题1甲`. After a word of one character the number ends the word, as in `图1 甲`.
fn numbered_word(line: &str) -> Option<LineMarker> {
    const FIRST: FirstBytes = FirstBytes::of(&NUMBERED_WORDS);
    // Comparing the bytes of one character here is faster than comparing each word as a whole.
    let first = FIRST.of_line(line)?;
    let begins = |word: &str| word.as_bytes().first_chunk() == Some(first) && line.starts_with(word);
    let word = NUMBERED_WORDS.iter().find(|word| begins(word))?;
    let inner = line[word.len()..].trim_start_matches(is_space);
    let (number, length) = digits(inner).or_else(|| han_number(inner))?;
    let rest = &inner[length..];
    let is_end = |c: char| is_space(c) || is_cjk_punctuation(c) || matches!(c, '.' | ':' | ')' | '-' | ',' | '[');
    let is_short = word.chars().count() == 1;
    let fits = rest.chars().next().is_none_or(|c| is_end(c) || !is_short && (starts_words(c) || c.is_alphabetic()));
    fits.then_some(LineMarker { kind: MarkerKind::Word(word), number, length: line.len() - rest.len() })
}

/// `1.1甲`, which is a marker only if other lines count on: `3.5倍` is an amount.
fn tight_decimal(line: &str) -> Option<LineMarker> {
    let (first, length) = digits(line)?;
    let (number, second) = digits(line[length..].strip_prefix('.')?)?;
    let end = length + 1 + second;
    let begins = line[end..].starts_with(starts_words);
    begins.then_some(LineMarker { kind: MarkerKind::DecimalUnspaced(first), number, length: end })
}

/// `1.1 甲`, `1.1. 甲` and `1.2.3 甲`, whose first number has been read.
fn decimal(line: &str, first: u32, length: usize) -> Option<LineMarker> {
    let (mut before, mut number, mut end) = (0u32, first, length);
    while let Some(rest) = line[end..].strip_prefix('.') {
        if end > length && rest.starts_with(|c: char| is_space(c) || starts_words(c)) {
            return Some(LineMarker { kind: MarkerKind::Decimal(before), number, length: end + 1 });
        }
        let (next, length) = digits(rest)?;
        before = before.checked_mul(1_000)?.checked_add(number)?;
        number = next;
        end += 1 + length;
    }
    let sign = line[end..].chars().next().filter(|c| is_space(*c) || *c == '、')?;
    Some(LineMarker { kind: MarkerKind::Decimal(before), number, length: end + sign.len_utf8() })
}

/// `A．`, `A、`, `a)`, and the letters that bullets of word processors become without their font: `o 甲`, `l 甲`, `n 甲`, `u 甲`.
fn letter(line: &str, first: char) -> Option<LineMarker> {
    let mut after = line[1..].chars();
    let sign = after.next()?;
    let next = after.next();
    let length = 1 + sign.len_utf8();
    if matches!(first, 'Q' | 'A' | 'q' | 'a')
        && let Some(found) = question(line)
    {
        return Some(found);
    }
    if matches!(first, 'I' | 'V' | 'X' | 'i' | 'v' | 'x')
        && let Some(found) = roman(line)
    {
        return Some(found);
    }
    if matches!(first, 'o' | 'l' | 'n' | 'u') && is_space(sign) && next.is_some_and(starts_words) {
        return Some(LineMarker { kind: MarkerKind::Sign, number: 0, length });
    }
    let fits = match sign {
        '、' | '．' | '）' => true,
        '.' | ')' => next.is_some_and(|c| c == ' ' || starts_words(c) || c.is_ascii_digit()),
        ' ' => first.is_ascii_uppercase() && next.is_some_and(starts_words),
        c => is_number_sign(c) && next.is_some_and(starts_words),
    };
    let number = place_in_alphabet(first).filter(|_| fits)?;
    Some(LineMarker { kind: MarkerKind::Letter, number, length })
}

/// `Q: 甲`, `A1: 甲`.
fn question(line: &str) -> Option<LineMarker> {
    let digits = line[1..].bytes().take(3).take_while(u8::is_ascii_digit).count();
    let length = 1 + digits + 1;
    let behind = line.get(1 + digits..)?.strip_prefix(':')?;
    let begins = behind.trim_start_matches(is_space).starts_with(starts_words) && digits < 3;
    begins.then_some(LineMarker { kind: MarkerKind::Label, number: 0, length })
}

/// `II. 甲`, `iv) 甲`, `VI、甲`.
fn roman(line: &str) -> Option<LineMarker> {
    let length = line.bytes().take(6).take_while(|b| b"IVXivx".contains(b)).count();
    let mut after = line[length..].chars();
    let sign = after.next()?;
    let fits = match sign {
        '、' | '．' | '）' => true,
        '.' | ')' => after.next().is_some_and(|c| c == ' ' || starts_words(c)),
        _ => false,
    };
    let number = roman_number(&line[..length]).filter(|_| fits && length > 1)?;
    Some(LineMarker { kind: MarkerKind::Roman, number, length: length + sign.len_utf8() })
}

/// A marker and its place in its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedMarker {
    pub at: usize,
    pub marker: LineMarker,
}

/// The marker of a line and the one behind the label at its start: the first item of `附件：1.申请表` stands there. A decimal
/// number may also be a day or a time.
pub(super) fn markers(line: &str) -> [Option<PlacedMarker>; 2] {
    let Some(first) = marker(line) else { return [None, None] };
    if matches!(first.kind, MarkerKind::Decimal(_)) {
        let day = decimal_day(line).map(|length| LineMarker { kind: MarkerKind::Date, number: 0, length });
        return [Some(first), day].map(|marker| Some(PlacedMarker { at: 0, marker: marker? }));
    }
    let behind = || {
        let second = marker(&line[first.length..]).filter(|second| second.kind != MarkerKind::Label)?;
        Some(PlacedMarker { at: first.length, marker: second })
    };
    let second = if first.kind == MarkerKind::Label { behind() } else { None };
    [Some(PlacedMarker { at: 0, marker: first }), second]
}
