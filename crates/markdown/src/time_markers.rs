//! Reads the days, times and parts of a day or year at the start of a line, as plans and programmes have them.
//!
//! Input: one line. Output: a [`LineMarker`]. Does not know what stands in other lines.

use super::line_markers::{LineMarker, MarkerKind, is_space, starts_words};
use super::marker_numbers::long_number;

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
    // Comparing the bytes of one character here is faster than comparing each word as a whole.
    let first = line.as_bytes().first_chunk::<3>()?;
    let begins = |part: &&&str| part.as_bytes().first_chunk() == Some(first) && line.starts_with(**part);
    let part = PARTS_OF_TIME.iter().find(begins)?;
    let behind = &line[part.len()..];
    let of = |kind, length| Some(LineMarker { kind, number: 0, length: part.len() + length });
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

/// `9:30 签到`, `4月26日 咨询`, `2026年4月：`.
pub(super) fn date_or_time(line: &str) -> Option<LineMarker> {
    let plain = |length: usize, kind| Some(LineMarker { kind, number: 0, length });
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
                end += behind.strip_prefix('分').map_or(0, |behind| minutes.len() - behind.len());
                break;
            }
            '年' | '月' | '日' | '号' => {
                end += length + sign.len_utf8();
                parts += 1;
            }
            ':' | '：' if parts == 0 => {
                let rest = &line[length + sign.len_utf8()..];
                let minutes = rest.bytes().take_while(u8::is_ascii_digit).count();
                let follows = rest[minutes..].starts_with(|c: char| !c.is_ascii_alphanumeric() && c != ':' && c != '.');
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
