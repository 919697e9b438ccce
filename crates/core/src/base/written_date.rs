//! Reads dates and times as people write them, with a UTC offset or an end.
//!
//! Input: one line of text. Output: a [`WrittenDate`], or `None` if the form is unknown, ambiguous or names a day that
//! does not exist. Knows neither the site's time zone nor the system clock.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::date::DateOrDateTime;
use super::text::to_ascii_digit;
use super::weekday::split_weekdays;

/// A date as written, before the site's time zone is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    /// The day, and the time of day if there is one; the start of a range.
    pub start: DateOrDateTime,
    /// End of a range such as `2027-04-26 9:30-11:30`.
    pub end: Option<DateOrDateTime>,
    /// The UTC offset that was written, such as `+08:00` or `Z`.
    pub offset: Option<Offset>,
    /// Weekdays that were written beside the start and the end.
    pub weekdays: [Option<Weekday>; 2],
}

impl WrittenDate {
    fn new(start: DateOrDateTime, end: Option<DateOrDateTime>, offset: Option<Offset>) -> Self {
        Self { start, end, offset, weekdays: [None; 2] }
    }

    /// The first day beside which another weekday is written, with that weekday.
    pub fn wrong_weekday(&self) -> Option<(Date, Weekday)> {
        let days = [Some(self.start.date), self.end.map(|end| end.date)];
        // A lone weekday behind a range is that of the start.
        let pairs = days.into_iter().zip(self.weekdays).filter_map(|(day, weekday)| day.zip(weekday));
        pairs.into_iter().find(|(day, weekday)| day.weekday() != *weekday)
    }

    /// The same moments as civil times of `zone`. Without an offset they are civil times already. `None` if a moment
    /// lies outside the years that can be shown.
    pub fn in_zone(self, zone: &TimeZone) -> Option<WrittenDate> {
        let Some(offset) = self.offset else { return Some(self) };
        let convert = |moment: DateOrDateTime| -> Option<DateOrDateTime> {
            let Some(time) = moment.time else { return Some(moment) };
            let civil = offset.to_timestamp(moment.date.to_datetime(time)).ok()?.to_zoned(zone.clone()).datetime();
            Some(DateOrDateTime { date: civil.date(), time: Some(civil.time()) })
        };
        let end = match self.end {
            Some(end) => Some(convert(end)?),
            None => None,
        };
        Some(WrittenDate { start: convert(self.start)?, end, offset: None, weekdays: self.weekdays })
    }
}

/// Longest text that can be a date, in bytes.
const MAX_BYTES: usize = 120;

/// Parses a date: `2025-04-26`, `2025/4/26`, `2025.4.26`, `2025年4月26日` or `二〇二五年四月二十六日`, optionally with a
/// time such as `9:30`, `09:30:00`, `T09:30`, `9时30分`, `上午9点半`, `9:30 pm` or `24:00`, then with a UTC offset
/// (`Z`, `+08:00`, `+0800`) or an end (`-11:30`, `—17:00`, `至11时`, `~2025-04-28`, `至28日`). Full-width digits and marks are
/// accepted, and weekdays beside a day (`（星期日）`, `周日`, `Sun`).
pub fn parse_written_date(written: &str) -> Option<WrittenDate> {
    let written = written.trim();
    if written.len() > MAX_BYTES {
        return None;
    }
    let plain = written.chars().map(to_half_width).collect::<String>();
    let (text, weekdays) = split_weekdays(&plain);
    let mut date = parse_without_weekdays(&chinese_numerals(text.trim_end()))?;
    // Two weekdays belong to the two ends, as they are written.
    if weekdays.len() > 1 + usize::from(date.end.is_some()) {
        return None;
    }
    for (slot, weekday) in date.weekdays.iter_mut().zip(weekdays) {
        *slot = Some(weekday);
    }
    Some(date)
}

/// The text without the weekdays in it, in half-width characters: `2026-12-05（周日）9:30+08:00` is `2026-12-05 9:30+08:00`.
pub fn without_weekdays(written: &str) -> String {
    let plain = written.trim().chars().map(to_half_width).collect::<String>();
    split_weekdays(&plain).0.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse_without_weekdays(text: &str) -> Option<WrittenDate> {
    let mut scanner = Scanner { rest: text };
    let (date, in_words) = scanner.date()?;
    let before = scanner.rest;
    scanner.skip_spaces();
    let marked = scanner.take_one_of(&["T", "t"]).is_some();
    if scanner.rest.is_empty() {
        return (!marked).then_some(WrittenDate::new(date.into(), None, None));
    }
    if let Some(rest) = range_mark(scanner.rest).filter(|_| !marked) {
        let end = whole_date(rest).or_else(|| date_without_year(rest, date))?;
        return (end.time.is_none()).then_some(WrittenDate::new(date.into(), Some(end), None));
    }
    let apart = before.len() > scanner.rest.len() || in_words || marked;
    if !apart && !PERIODS.iter().any(|(word, _)| scanner.rest.starts_with(word)) {
        return None;
    }
    let time = scanner.time()?;
    let start = time.on(date)?;
    let unambiguous = marked || time.has_seconds;
    match scanner.rest {
        "" => Some(WrittenDate::new(start, None, None)),
        rest => end_or_offset(rest, unambiguous, date, &time).map(|(end, offset)| WrittenDate::new(start, end, offset)),
    }
}

/// Reads what follows a time: an end, or an offset. `-05:00` after a time without seconds is an end if it is later on
/// the same day, and an offset only if a space precedes it.
fn end_or_offset(
    rest: &str,
    is_timestamp: bool,
    date: Date,
    start: &TimeOfDay,
) -> Option<(Option<DateOrDateTime>, Option<Offset>)> {
    let offset = parse_offset(rest.trim());
    if offset.is_some() && (is_timestamp || !rest.trim_start().starts_with('-')) {
        return Some((None, offset));
    }
    let end = range_mark(rest).and_then(|rest| range_end(rest, date, start));
    match end {
        Some(end) => Some((Some(end), None)),
        None if rest.starts_with(' ') => offset.map(|offset| (None, Some(offset))),
        None => None,
    }
}

/// The end of a range: a whole date, or a later time of the same day.
fn range_end(rest: &str, date: Date, start: &TimeOfDay) -> Option<DateOrDateTime> {
    if let Some(end) = whole_date(rest).or_else(|| date_without_year(rest, date)) {
        return end.time.is_some().then_some(end);
    }
    let mut scanner = Scanner { rest };
    let next_day = scanner.take_one_of(&["次日", "翌日", "第2天", "隔天"]).is_some();
    scanner.skip_spaces();
    let mut time = scanner.time()?;
    if !scanner.rest.trim().is_empty() {
        return None;
    }
    if next_day {
        return time.on(date.tomorrow().ok()?);
    }
    // `下午2点—5点`: the word holds for both.
    if time.period.is_none() && time.minutes() <= start.minutes() {
        time.period = start.period;
    }
    (time.minutes() > start.minutes()).then(|| time.on(date))?
}

/// A date that is the whole text, without an end and an offset.
fn whole_date(text: &str) -> Option<DateOrDateTime> {
    let mut scanner = Scanner { rest: text.trim() };
    let (date, _) = scanner.date()?;
    scanner.skip_spaces();
    if scanner.rest.is_empty() {
        return Some(date.into());
    }
    let time = scanner.time()?;
    scanner.rest.trim().is_empty().then(|| time.on(date))?
}

/// A date that is the whole text and leaves out the year, or year and month, of `from`: `28日`, `5月3日`, `27日11时`. It is not before
/// `from`; `1月2日` after a day in December lies in the next year.
fn date_without_year(text: &str, from: Date) -> Option<DateOrDateTime> {
    let mut scanner = Scanner { rest: text.trim() };
    let first = scanner.take_digits(1, 2)?;
    let (month, day) = match scanner.take_word(&["月", "日", "号"])? {
        "月" => {
            scanner.skip_spaces();
            let day = scanner.take_digits(1, 2)?;
            let _ = scanner.take_word(&["日", "号"]);
            (i8::try_from(first).ok()?, day)
        }
        _ => (from.month(), first),
    };
    let in_year = |year: i16| Date::new(year, month, i8::try_from(day).ok()?).ok();
    let date = in_year(from.year()).filter(|date| *date >= from).or_else(|| {
        let next = (month < from.month()).then(|| from.year().checked_add(1))??;
        in_year(next)
    })?;
    scanner.skip_spaces();
    if scanner.rest.is_empty() {
        return Some(date.into());
    }
    let time = scanner.time()?;
    scanner.rest.trim().is_empty().then(|| time.on(date))?
}

/// What follows the marks of a range, if `text` begins with one.
fn range_mark(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let rest = text.trim_start_matches(['-', '~', '至', '到']);
    (rest.len() < text.len()).then(|| rest.trim_start())
}

fn parse_offset(text: &str) -> Option<Offset> {
    let zero = ["Z", "z", "UTC", "GMT"];
    if zero.contains(&text) {
        return Some(Offset::UTC);
    }
    let signed = zero.iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let sign = if signed.starts_with('+') { 1 } else { -1 };
    let digits = signed.strip_prefix(['+', '-'])?;
    if digits.len() > 5 || !digits.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return None;
    }
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some((hours, minutes)), _) if hours.len() == 2 && minutes.len() == 2 => (hours, minutes),
        (None, 4) => digits.split_at(2),
        (None, 1 | 2) => (digits, "0"),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// Half of the day that a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Morning,
    Noon,
    Afternoon,
    Night,
}

const PERIODS: [(&str, Period); 10] = [
    ("凌晨", Period::Morning),
    ("清晨", Period::Morning),
    ("早上", Period::Morning),
    ("早晨", Period::Morning),
    ("上午", Period::Morning),
    ("中午", Period::Noon),
    ("下午", Period::Afternoon),
    ("傍晚", Period::Afternoon),
    ("晚上", Period::Night),
    ("晚", Period::Night),
];

/// A time as written, before its half of the day is applied.
#[derive(Debug, Clone, Copy)]
struct TimeOfDay {
    hour: u32,
    minute: u32,
    second: u32,
    has_seconds: bool,
    period: Option<Period>,
    /// `am` or `pm`, by which 12 is the first hour.
    clock_of_twelve: bool,
}

impl TimeOfDay {
    /// Hour from 0 to 24.
    fn hour_of_day(&self) -> u32 {
        match (self.period, self.hour) {
            (Some(Period::Morning), 12) if self.clock_of_twelve => 0,
            (Some(Period::Night), 12) => 24,
            (Some(Period::Afternoon | Period::Night), hour) if hour < 12 => hour + 12,
            (Some(Period::Noon), hour) if hour < 3 => hour + 12,
            (_, hour) => hour,
        }
    }

    fn minutes(&self) -> u32 {
        self.hour_of_day() * 60 + self.minute
    }

    /// The time on `date`; 24:00 is the beginning of the next day.
    fn on(&self, date: Date) -> Option<DateOrDateTime> {
        let hour = self.hour_of_day();
        if hour == 24 && self.minute == 0 && self.second == 0 {
            return Some(DateOrDateTime { date: date.tomorrow().ok()?, time: Some(Time::midnight()) });
        }
        let number = |value: u32| i8::try_from(value).ok();
        let time = Time::new(number(hour)?, number(self.minute)?, number(self.second)?, 0).ok()?;
        let civil = DateTime::from_parts(date, time);
        Some(DateOrDateTime { date: civil.date(), time: Some(civil.time()) })
    }
}

struct Scanner<'t> {
    rest: &'t str,
}

impl Scanner<'_> {
    /// Reads a day. The second value is whether it is written as `2025年4月26日`.
    fn date(&mut self) -> Option<(Date, bool)> {
        let year = self.take_digits(4, 4)?;
        let mark = self.take_one_of(&["-", "/", ".", "年"]).or_else(|| self.take_word(&["年"]))?;
        // Word processors put spaces between digits and Han.
        let in_words = mark == "年";
        if in_words {
            self.skip_spaces();
        }
        let month = self.take_digits(1, 2)?;
        if in_words {
            self.take_word(&["月"])?;
            self.skip_spaces();
        } else {
            self.take_one_of(&[mark])?;
        }
        let day = self.take_digits(1, 2)?;
        if in_words {
            let _ = self.take_word(&["日", "号"]);
        }
        let number = |value: u32| i8::try_from(value).ok();
        Some((Date::new(i16::try_from(year).ok()?, number(month)?, number(day)?).ok()?, mark == "年"))
    }

    /// Reads a time of day: `9:30`, `09:30:00.5`, `9时30分`, `上午9点半`, `9:30 pm`.
    fn time(&mut self) -> Option<TimeOfDay> {
        let word = PERIODS.iter().find(|(word, _)| self.rest.starts_with(word));
        let mut period = word.map(|(word, period)| {
            self.rest = self.rest[word.len()..].trim_start();
            *period
        });
        let hour = self.take_digits(1, 2)?;
        let mut clock_of_twelve = false;
        let (mut minute, mut second, mut has_seconds) = (0, 0, false);
        let mark =
            self.take_one_of(&[":", "时", "点", "pm", "PM", "am", "AM"]).or_else(|| self.take_word(&["时", "点"]))?;
        if matches!(mark, "时" | "点") && self.rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            self.skip_spaces();
        }
        match mark {
            ":" => minute = self.take_digits(1, 2)?,
            "pm" | "PM" => (period, clock_of_twelve) = (Some(Period::Afternoon), true),
            "am" | "AM" => (period, clock_of_twelve) = (Some(Period::Morning), true),
            _ => {
                const PARTS: [(&str, u32); 4] = [("半", 30), ("1刻", 15), ("3刻", 45), ("整", 0)];
                match PARTS.iter().find(|(word, _)| self.rest.starts_with(word)) {
                    Some((word, minutes)) => {
                        self.rest = &self.rest[word.len()..];
                        minute = *minutes;
                    }
                    None if self.rest.starts_with(|c: char| c.is_ascii_digit()) => minute = self.take_digits(1, 2)?,
                    None => {}
                }
            }
        }
        let _ = self.take_word(&["分"]);
        if self.take_one_of(&[":"]).is_some() {
            has_seconds = true;
            second = self.take_digits(2, 2)?;
            if self.take_one_of(&["."]).is_some() {
                self.take_digits(1, 9)?;
            }
        }
        if period.is_none()
            && let rest = self.rest.trim_start()
            && let Some((_, half)) = [("am", Period::Morning), ("pm", Period::Afternoon)]
                .into_iter()
                .find(|(word, _)| rest.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(word)))
        {
            (self.rest, period, clock_of_twelve) = (&rest[2..], Some(half), true);
        }
        Some(TimeOfDay { hour, minute, second, has_seconds, period, clock_of_twelve })
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take_digits(&mut self, min: usize, max: usize) -> Option<u32> {
        let digits = self.rest.bytes().take(max).take_while(u8::is_ascii_digit).count();
        if digits < min {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        number.parse().ok()
    }

    /// Like [`Scanner::take_one_of`], with spaces before the word.
    fn take_word(&mut self, words: &[&'static str]) -> Option<&'static str> {
        let mut ahead = Scanner { rest: self.rest.trim_start() };
        let word = ahead.take_one_of(words)?;
        self.rest = ahead.rest;
        Some(word)
    }

    fn take_one_of(&mut self, marks: &[&'static str]) -> Option<&'static str> {
        let mark = marks.iter().find(|mark| self.rest.starts_with(**mark))?;
        self.rest = &self.rest[mark.len()..];
        Some(mark)
    }
}

pub(super) fn to_half_width(c: char) -> char {
    match c {
        '：' => ':',
        '－' | '–' | '—' | '―' | '─' | '−' | '﹣' => '-',
        '～' | '〜' | '∼' => '~',
        '／' => '/',
        '＋' => '+',
        '．' => '.',
        '（' | '【' | '〔' => '(',
        '）' | '】' | '〕' => ')',
        '，' => ',',
        '\u{3000}' | '\u{A0}' => ' ',
        other => to_ascii_digit(other),
    }
}

/// Writes Chinese numerals as digits: `二〇二五` as 2025, `二十六` as 26, `十` as 10.
pub(super) fn chinese_numerals(text: &str) -> String {
    let digit = |c: char| match c {
        '〇' | '零' | '○' => Some('0'),
        '一' => Some('1'),
        '二' | '两' => Some('2'),
        '三' => Some('3'),
        '四' => Some('4'),
        '五' => Some('5'),
        '六' => Some('6'),
        '七' => Some('7'),
        '八' => Some('8'),
        '九' => Some('9'),
        _ => None,
    };
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().and_then(digit);
        match (c, digit(c)) {
            (_, Some(digit)) => out.push(digit),
            ('十' | '廿', None) => {
                if c == '廿' {
                    out.push('2');
                } else if !out.ends_with(|c: char| c.is_ascii_digit()) {
                    out.push('1');
                }
                if next.is_none() {
                    out.push('0');
                }
            }
            (other, None) => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(written: &str) -> Option<String> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let date = parse_written_date(written)?.in_zone(&zone)?;
        Some(match date.end {
            Some(end) => format!("{} {}", date.start.iso(), end.iso()),
            None => date.start.iso(),
        })
    }

    #[test]
    #[rustfmt::skip]
    fn dates_and_times_as_people_write_them() {
        for (written, wanted) in [
            ("二〇二五年四月二十六日", "2025-04-26"),
            ("二零二六年十月十日", "2026-10-10"),
            ("二○二六年十二月三十一日上午九点半", "2026-12-31T09:30:00"),
            ("2025年4月26日上午9点", "2025-04-26T09:00:00"),
            ("2025-04-26 下午2:30", "2025-04-26T14:30:00"),
            ("2025-04-26下午3点一刻", "2025-04-26T15:15:00"),
            ("2025-04-26 晚上8时", "2025-04-26T20:00:00"),
            ("2025-04-26 晚上12点", "2025-04-27T00:00:00"),
            ("2025-04-26 中午12点", "2025-04-26T12:00:00"),
            ("2025-04-26 中午1点", "2025-04-26T13:00:00"),
            ("2025-04-26 9:30 pm", "2025-04-26T21:30:00"),
            ("2025-04-26 12:05 AM", "2025-04-26T00:05:00"),
            ("2025-04-26 3pm", "2025-04-26T15:00:00"),
            ("2025-12-31 24:00", "2026-01-01T00:00:00"),
            ("2025-04-26 ２４：００", "2025-04-27T00:00:00"),
            ("2026 年 12 月 5 日", "2026-12-05"),
            ("2026年 12月 5日 9:30", "2026-12-05T09:30:00"),
            ("2026 年 12 月 5 日上午 9 时 30 分", "2026-12-05T09:30:00"),
            ("2026 年 12 月 5 日至 12 月 7 日", "2026-12-05 2026-12-07"),
            // Offsets.
            ("2026-03-01T23:30-05:00", "2026-03-02T12:30:00"),
            ("2026-03-01T23:30:00-05:00", "2026-03-02T12:30:00"),
            ("2026-03-01T16:30:00Z", "2026-03-02T00:30:00"),
            ("2026-03-01T16:30:00.123Z", "2026-03-02T00:30:00"),
            ("2026-03-01 08:00:00 +0800", "2026-03-01T08:00:00"),
            ("2026-03-01 08:00 +08", "2026-03-01T08:00:00"),
            ("2026-03-01 08:00 UTC", "2026-03-01T16:00:00"),
            ("2026-03-01 08:00 GMT+8", "2026-03-01T08:00:00"),
            ("2026-03-01 23:30 -05:00", "2026-03-02T12:30:00"),
            ("2026-03-01 08:00 -0500", "2026-03-01T21:00:00"),
            // Ranges.
            ("2027-04-26 9:30-11:30", "2027-04-26T09:30:00 2027-04-26T11:30:00"),
            ("2027-04-26 9:30-9:50", "2027-04-26T09:30:00 2027-04-26T09:50:00"),
            ("2027-04-26 14:00—17:00", "2027-04-26T14:00:00 2027-04-26T17:00:00"),
            ("2027-04-26 14:00——17:00", "2027-04-26T14:00:00 2027-04-26T17:00:00"),
            ("2027-04-26 14:00~16:30", "2027-04-26T14:00:00 2027-04-26T16:30:00"),
            ("2027-04-26 14:00 ～ 16:30", "2027-04-26T14:00:00 2027-04-26T16:30:00"),
            ("2027年4月26日9时至11时30分", "2027-04-26T09:00:00 2027-04-26T11:30:00"),
            ("2027年4月26日上午9点到下午3点", "2027-04-26T09:00:00 2027-04-26T15:00:00"),
            ("2027年4月26日下午2点—5点", "2027-04-26T14:00:00 2027-04-26T17:00:00"),
            ("2027-04-26 20:00-24:00", "2027-04-26T20:00:00 2027-04-27T00:00:00"),
            ("2027-04-26 9:30 至 2027-04-27 11:30", "2027-04-26T09:30:00 2027-04-27T11:30:00"),
            ("2027-04-26 ~ 2027-04-28", "2027-04-26 2027-04-28"),
            ("2027年4月26日—2027年4月28日", "2027-04-26 2027-04-28"),
            ("2027-04-26 22:00-次日1:00", "2027-04-26T22:00:00 2027-04-27T01:00:00"),
            ("2027年12月31日晚上10点至第二天凌晨1点", "2027-12-31T22:00:00 2028-01-01T01:00:00"),
            ("2027年4月26日至28日", "2027-04-26 2027-04-28"),
            ("2027年4月26日至5月3日", "2027-04-26 2027-05-03"),
            ("2027年12月30日至1月2日", "2027-12-30 2028-01-02"),
            ("2027年4月26日9时至27日11时", "2027-04-26T09:00:00 2027-04-27T11:00:00"),
            // Weekdays.
            ("2026年4月26日（星期日）", "2026-04-26"),
            ("2026年4月26日（周日）上午9点", "2026-04-26T09:00:00"),
            ("2026-04-26 周日 9:30-11:30", "2026-04-26T09:30:00 2026-04-26T11:30:00"),
            ("2026年4月28日周二十点", "2026-04-28T10:00:00"),
            ("2026-04-26(Sun) 9:30", "2026-04-26T09:30:00"),
            ("2026-04-26, Sunday", "2026-04-26"),
            ("2026年4月26日（周日）至28日（周二）", "2026-04-26 2026-04-28"),
        ] {
            assert_eq!(shown(written).as_deref(), Some(wanted), "{written}");
        }
    }

    #[test]
    fn what_is_ambiguous_or_wrong_is_refused() {
        for written in [
            "2026-03-01 23:30-05:00",
            "2027-04-26 11:30-9:30",
            "2027-04-26-28",
            "2027-04-26 24:30",
            "2027-04-26 25:00",
            "2027-04-26 9:30-11:30-12:30",
            "2027-04-26 9:30-",
            "2027-04-26 9:30+99:00",
            "2027-04-26 9:30 CST",
            "2027-04-26T",
            "二〇二五年四月三十一日",
            "2027-04-26 下午",
            "2027年4月26日至25日",
            "2027年4月26日至4月25日",
            "2027年4月26日（周一）（周二）",
            "4月26日 周日",
            "周日",
        ] {
            assert_eq!(parse_written_date(written), None, "{written}");
        }
        assert_eq!(parse_written_date(&"二".repeat(100)), None);
        assert_eq!(parse_written_date(&"周日".repeat(20)), None);
    }

    #[test]
    fn a_weekday_that_contradicts_the_day_is_known() {
        let wrong = |written: &str| parse_written_date(written).unwrap().wrong_weekday();
        for written in ["2026年4月26日（星期日）", "2026-04-26", "2026年4月26日（周日）至28日（周二）"]
        {
            assert_eq!(wrong(written), None, "{written}");
        }
        let day = |day| Date::constant(2026, 4, day);
        assert_eq!(wrong("2026年4月26日（星期一）"), Some((day(26), Weekday::Monday)));
        assert_eq!(wrong("2026年4月26日（周日）至28日（周三）"), Some((day(28), Weekday::Wednesday)));
    }
}
