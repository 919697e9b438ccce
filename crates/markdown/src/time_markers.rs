//! Reads the days, times and parts of a day or year at the start of a line, as plans and programmes have them.
//!
//! Input: one line. Output: a [`LineMarker`]. Does not know what stands in other lines.

use super::line_markers::{LineMarker, MarkerKind, is_space, starts_words};
use super::marker_numbers::{FirstBytes, han_number, long_number};

/// `周一 甲`, `星期二：甲`.
pub(super) fn weekday(line: &str) -> Option<LineMarker> {
    if !line.starts_with(['周', '星', '礼']) {
        return None;
    }
    let rest = ["周", "星期", "礼拜"].iter().find_map(|word| line.strip_prefix(word))?;
    let day = rest.chars().next().filter(|c| "一二三四五六日天".contains(*c))?;
    let behind = &rest[day.len_utf8()..];
    let parts = |c: char| is_space(c) || matches!(c, '：' | ':' | '（' | '(') || c.is_ascii_digit();
    let length = line.len() - behind.len();
    behind.starts_with(parts).then_some(LineMarker { kind: MarkerKind::Date, number: 0, length })
}

/// Parts of a day and a year that begin the lines of a plan.
const PARTS_OF_TIME: [&str; 13] =
    ["上午", "下午", "中午", "晚上", "早上", "凌晨", "傍晚", "上半年", "下半年", "春季", "夏季", "秋季", "冬季"];

/// `上午9:00 签到`, `下午 闭幕`, `上半年 甲`.
pub(super) fn part_of_time(line: &str) -> Option<LineMarker> {
    const FIRST: FirstBytes = FirstBytes::of(&PARTS_OF_TIME);
    // Comparing the bytes of one character here is faster than comparing each word as a whole.
    let first = FIRST.of_line(line)?;
    let begins = |part: &&&str| part.as_bytes().first_chunk() == Some(first) && line.starts_with(**part);
    let part = PARTS_OF_TIME.iter().find(begins)?;
    let behind = &line[part.len()..];
    let of = |kind, length| Some(LineMarker { kind, number: 0, length: part.len() + length });
    if let Some(length) = han_time(behind, true) {
        return of(MarkerKind::Time, length);
    }
    match date_or_time(behind) {
        Some(found) if matches!(found.kind, MarkerKind::Time | MarkerKind::Period('时' | '点')) => {
            of(MarkerKind::Time, found.length)
        }
        _ => {
            if behind.starts_with(is_space) {
                of(MarkerKind::PartOfTime, 0)
            } else {
                None
            }
        }
    }
}

/// What the units of amounts begin with: `4.20 万元`.
const UNITS: &str = "元万亿千百吨公米个倍厘毫平立度分吋斤克家户人件次项名台辆条年月日天小岁";

/// Whether words that are no unit stand `behind` a number, after a space or a colon.
fn begins_words(behind: &str) -> bool {
    let words = behind.trim_start_matches(|c| is_space(c) || matches!(c, '：' | ':'));
    words.len() < behind.len() && words.starts_with(starts_words) && !words.starts_with(|c| UNITS.contains(c))
}

/// Length of `04-20`, `4/20` or `4.20-4.26` at the start of a line, behind which words begin. Hyphens and full stops alone
/// also part the numbers of other things.
fn day_of_year(line: &str) -> Option<usize> {
    let day = |text: &str| {
        let (_, length) = long_number(text).filter(|(month, _)| (1..=12).contains(month))?;
        let sign = text[length..].chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (_, day_length) = long_number(&text[length + 1..]).filter(|(day, _)| (1..=31).contains(day))?;
        let is_whole = length == 2 && day_length == 2;
        (length <= 2 && day_length <= 2).then_some((sign, is_whole, length + 1 + day_length))
    };
    let (sign, is_whole, mut length) = day(line)?;
    let mut is_range = false;
    if let Some(mark) =
        line[length..].chars().next().filter(|c| matches!(c, '-' | '—' | '–' | '－' | '~' | '～' | '至'))
    {
        let rest = line[length + mark.len_utf8()..].trim_start_matches(mark);
        let end = day(rest).filter(|(other, ..)| *other == sign).map(|(.., end)| end);
        let end = end.or_else(|| long_number(rest).filter(|(day, _)| (1..=31).contains(day)).map(|(_, end)| end))?;
        length = line.len() - rest.len() + end;
        is_range = true;
    }
    let fits = is_range || sign == '/' || sign == '-' && is_whole;
    (fits && begins_words(&line[length..])).then_some(length)
}

/// Length of `2024.4` or `2024-04` at the start of a line, behind which words begin.
fn month_of_year(line: &str) -> Option<usize> {
    let (_, year_length) = long_number(line).filter(|(year, _)| (1900..2100).contains(year))?;
    let rest = line[year_length..].strip_prefix(['-', '/', '.'])?;
    let (_, length) = long_number(rest).filter(|(month, length)| (1..=12).contains(month) && *length <= 2)?;
    let length = year_length + 1 + length;
    begins_words(&line[length..]).then_some(length)
}

/// Length of `4.20` or `9.30` at the start of a line that words follow which are no unit: a day or a time, if other lines begin
/// in the same way.
pub(super) fn decimal_day(line: &str) -> Option<usize> {
    let (_, length) = long_number(line).filter(|(whole, _)| *whole <= 24)?;
    let (_, part_length) = long_number(line[length..].strip_prefix('.')?).filter(|(part, _)| *part <= 59)?;
    let end = length + 1 + part_length;
    (part_length <= 2 && begins_words(&line[end..])).then_some(end)
}

/// Length of `九点`, `十点半` at the start of a line. `is_tight` is whether words may follow at once.
pub(super) fn han_time(line: &str, is_tight: bool) -> Option<usize> {
    let (_, length) = han_number(line).filter(|(hour, _)| *hour <= 24)?;
    let behind = line[length..].strip_prefix(['点', '时'])?;
    let parts = ["半", "整", "钟", "一刻", "三刻", "三十分", "四十分", "二十分", "十分"];
    let rest = parts.iter().find_map(|part| behind.strip_prefix(part)).unwrap_or(behind);
    (is_tight || rest.starts_with(|c| is_space(c) || matches!(c, '：' | ':'))).then_some(line.len() - rest.len())
}

/// Length of `2024-04-20`, `2024/4/20` or `2024.4.20` at the start of a line, behind which it ends or words begin.
fn numeric_date(line: &str) -> Option<usize> {
    if let Some(length) = day_of_year(line).or_else(|| month_of_year(line)) {
        return Some(length);
    }
    let year = line.get(..4).filter(|year| year.starts_with(['1', '2']) && year.bytes().all(|b| b.is_ascii_digit()))?;
    let sign = line[year.len()..].chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, month_length) = long_number(&line[year.len() + 1..])?;
    let rest = line[year.len() + 1 + month_length..].strip_prefix(sign)?;
    let (day, day_length) = long_number(rest)?;
    let behind = &rest[day_length..];
    let is_end = |c: char| is_space(c) || starts_words(c) || matches!(c, '：' | ':' | '，' | '、' | '\r');
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && behind.chars().next().is_none_or(is_end);
    fits.then_some(line.len() - behind.len())
}

/// Whether a line is nothing but a day in digits or Han numerals: `2024年4月8日`, `二〇二四年四月八日`.
pub(super) fn is_day(line: &str) -> bool {
    /// Longest such line in bytes, with spaces.
    const LONGEST: usize = 60;
    const NUMERALS: &str = "〇○零一二三四五六七八九十";
    let line = line.trim();
    if line.len() > LONGEST || !line.ends_with(['日', '号']) && numeric_date(line) != Some(line.len()) {
        return false;
    }
    if line.starts_with(|c: char| c.is_ascii_digit()) && numeric_date(line) == Some(line.len()) {
        return true;
    }
    let is_number = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == ' ' || NUMERALS.contains(c))
    };
    let Some((year, rest)) = line.split_once('年') else { return false };
    let Some((month, day)) = rest.split_once('月') else { return false };
    is_number(year) && is_number(month) && day.strip_suffix(['日', '号']).is_some_and(is_number)
}

/// `9:30 签到`, `4月26日 咨询`, `2026年4月：`.
pub(super) fn date_or_time(line: &str) -> Option<LineMarker> {
    let plain = |length: usize, kind| Some(LineMarker { kind, number: 0, length });
    if let Some(length) = numeric_date(line) {
        return plain(length, MarkerKind::Date);
    }
    let mut end = 0;
    let mut parts = 0;
    let mut period = None;
    while let Some((number, length)) = long_number(&line[end..]) {
        let mut sign = line[end + length..].chars().next()?;
        // `2022—2023年`
        let mut length = length;
        if parts == 0
            && matches!(sign, '-' | '—' | '–' | '－' | '~' | '～' | '至')
            && let Some((_, second)) = long_number(&line[end + length + sign.len_utf8()..])
        {
            length += sign.len_utf8() + second;
            sign = line[end + length..].chars().next()?;
        }
        period.get_or_insert((number, sign));
        match sign {
            '时' | '点' if parts == 0 => {
                end += length + sign.len_utf8();
                parts += 1;
                let minutes = &line[end..];
                let behind = minutes.trim_start_matches(|c: char| c.is_ascii_digit());
                let parts = ["分", "半", "整", "一刻", "三刻", "钟"];
                let part = parts.iter().find_map(|part| behind.strip_prefix(part));
                end += part.map_or(0, |behind| minutes.len() - behind.len());
                break;
            }
            '年' | '月' | '日' | '号' => {
                end += length + sign.len_utf8();
                parts += 1;
            }
            ':' | '：' if parts == 0 => {
                let rest = &line[length + sign.len_utf8()..];
                let minutes = rest.bytes().take_while(u8::is_ascii_digit).count();
                let follows =
                    rest[minutes..].chars().next().is_none_or(|c| !c.is_ascii_alphanumeric() && c != ':' && c != '.');
                let is_time = length <= 2 && minutes == 2 && follows;
                return is_time
                    .then_some(())
                    .and_then(|()| plain(length + sign.len_utf8() + minutes, MarkerKind::Time));
            }
            _ => break,
        }
    }
    if parts > 1 {
        return plain(end, MarkerKind::Date);
    }
    // `2026年` begins many sentences, so a space must part it from words.
    let (number, unit) = period.filter(|_| parts == 1)?;
    let behind = &line[end..];
    let words = ["上旬", "中旬", "下旬", "初", "中", "底", "末", "前"]
        .into_iter()
        .find_map(|word| behind.strip_prefix(word).filter(|_| unit != '时' && unit != '点'))
        .unwrap_or(behind);
    let begins = words.starts_with(is_space) && words.trim_start_matches(is_space).starts_with(starts_words);
    let length = line.len() - words.len();
    begins.then_some(LineMarker { kind: MarkerKind::Period(unit), number, length })
}
