//! What to write instead of a text that is no date, or that holds several times.
//!
//! Input: a text that [`parse_written_date`] does not read. Output: its times one by one, or a date that can be typed. Knows no clock,
//! so a year that is not written is only an example.

use jiff::civil::{Date, Weekday};

use super::date::DateOrDateTime;
use super::text::to_ascii_digit;
use super::weekday::split_weekdays;
use super::written_date::{WrittenDate, parse_written_date};

/// Longest text that is looked at, in bytes.
const MAX_BYTES: usize = 200;

/// Most times of one text.
const MAX_TIMES: usize = 20;

/// The year of examples.
const EXAMPLE_YEAR: i16 = 2027;

/// A date to type, with what is to be said of it in both languages; empty if nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateSuggestion {
    /// The date.
    pub text: String,
    /// A remark in Chinese, in brackets.
    pub note_zh: String,
    /// The same in English.
    pub note_en: String,
}

impl DateSuggestion {
    /// A date without a remark.
    pub fn both(text: String) -> Self {
        Self { text, note_zh: String::new(), note_en: String::new() }
    }
}

/// The length of the longest beginning of `text` that `parse` reads, with what it reads. No number is cut.
fn longest<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<(usize, T)> {
    let ends = text.char_indices().map(|(at, _)| at).skip(1).chain([text.len()]);
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let ends: Vec<usize> = ends.filter(|end| !is_digit(*end - 1) || !is_digit(*end)).collect();
    ends.into_iter().rev().find_map(|end| Some((end, parse(&text[..end])?)))
}

/// The times of a text that holds several, such as `2026-04-26 9:30-11:30、14:00-16:00`. Empty if there are fewer than two, or a part
/// is no time.
pub fn parse_several_times(written: &str) -> Vec<WrittenDate> {
    const SEPARATORS: [char; 13] = ['、', ',', '，', ';', '；', '/', '和', '及', '与', '+', '&', ' ', '\u{3000}'];
    let mut rest = written.trim();
    let mut found: Vec<WrittenDate> = Vec::new();
    if rest.len() > MAX_BYTES {
        return found;
    }
    while !rest.is_empty() {
        let day = found.last().map(|last| last.start.date);
        let same_day = |part: &str| parse_written_date(&format!("{} {}", day?, part.trim()));
        let read = longest(rest, |part| parse_written_date(part).or_else(|| same_day(part)));
        let Some((end, date)) = read.filter(|_| found.len() < MAX_TIMES) else { return Vec::new() };
        found.push(date);
        rest = rest[end..].trim_start_matches(SEPARATORS);
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// The time from the start of the first to the end of the last, as one text that can be read.
pub fn written_range(start: DateOrDateTime, end: DateOrDateTime) -> String {
    match end.time {
        Some(time) if end.date == start.date => format!("{}-{}:{:02}", start.written(), time.hour(), time.minute()),
        _ if end == start => start.written(),
        _ => format!("{} 至 {}", start.written(), end.written()),
    }
}

/// What to write for a text that is no date. `None` if nothing of it can be read.
pub fn suggest_date(written: &str) -> Option<DateSuggestion> {
    let written = written.trim();
    if written.is_empty() || written.len() > MAX_BYTES {
        return None;
    }
    let digits: String = written.chars().map(to_ascii_digit).collect();
    let (plain, weekdays) = split_weekdays(&digits);
    let plain = plain.trim();
    let numbers: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let number = |n: usize| numbers.get(n).and_then(|text| text.parse::<i16>().ok());
    // `20260426`.
    if let [digits, ..] = numbers[..]
        && digits.len() == 8
        && let Some(day) = day_of(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
    {
        return Some(DateSuggestion::both(day.to_string()));
    }
    if let Some((_, date)) = longest(plain, parse_written_date) {
        let text = date.end.map_or_else(|| date.start.written(), |end| written_range(date.start, end));
        return Some(DateSuggestion::both(text));
    }
    let (first, second) = (number(0)?, number(1)?);
    // `4月26日`, `4.26`.
    let after = plain.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_month = first <= 12 && after.starts_with(['月', '-', '/', '.']) && number(2).is_none_or(|third| third < 60);
    if is_month && day_of(2028, first, second).is_some() {
        return Some(with_year(first, second, weekdays.first().copied()));
    }
    let third = number(2)?;
    // A day that the month does not have.
    if first >= 1000
        && (1..=12).contains(&second)
        && third > 28
        && let Some(month) = Date::new(first, i8::try_from(second).ok()?, 1).ok()
    {
        let last = month.last_of_month();
        return Some(DateSuggestion {
            text: last.to_string(),
            note_zh: format!("（{second} 月只有 {} 天）", last.day()),
            note_en: format!(" (the month has {} days)", last.day()),
        });
    }
    // `26/4/2026`, and `4/26/2026` where only one reading is a day.
    let (day, month) = (day_of(third, second, first), day_of(third, first, second));
    match (day, month) {
        (Some(day), None) | (None, Some(day)) if third >= 1000 => Some(DateSuggestion::both(day.to_string())),
        _ => None,
    }
}

fn day_of(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day of a year that is not written: of the first one from which the weekday fits.
fn with_year(month: i16, day: i16, weekday: Option<Weekday>) -> DateSuggestion {
    let dates = || (EXAMPLE_YEAR - 1..EXAMPLE_YEAR + 30).filter_map(|year| day_of(year, month, day));
    let fitting = weekday.and_then(|weekday| dates().find(|date| date.weekday() == weekday));
    let date = fitting.or_else(|| day_of(EXAMPLE_YEAR, month, day)).or_else(|| dates().next());
    let text = date.map_or_else(String::new, |date| date.to_string());
    DateSuggestion { text, note_zh: "（年份照实写）".to_string(), note_en: " (with the right year)".to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_times_are_read_one_by_one() {
        let shown = |written: &str| -> Vec<String> {
            let times = parse_several_times(written);
            times
                .iter()
                .map(|time| time.end.map_or(time.start.written(), |end| written_range(time.start, end)))
                .collect()
        };
        for (written, times) in [
            ("2026-04-26 9:30-11:30、14:00-16:00", &["2026-04-26 9:30-11:30", "2026-04-26 14:00-16:00"][..]),
            ("2026年4月26日 9:30至11:30，下午2点至4点", &["2026-04-26 9:30-11:30", "2026-04-26 14:00-16:00"]),
            ("2026-04-26 9:30-11:30 14:00-16:30", &["2026-04-26 9:30-11:30", "2026-04-26 14:00-16:30"]),
            ("2026-04-26、2026-04-28", &["2026-04-26", "2026-04-28"]),
            ("2026-04-26 9:30-11:30", &[]),
            ("2026-04-26 9:30、另行通知", &[]),
            ("另行通知", &[]),
        ] {
            assert_eq!(shown(written), times, "{written}");
        }
        assert_eq!(parse_several_times(&"2026-04-26、".repeat(15)).len(), 15);
        assert!(parse_several_times(&"2026-04-26、".repeat(1000)).is_empty());
    }

    #[test]
    fn what_to_type_for_a_text_that_is_no_date() {
        for (written, fix) in [
            ("20260426", "2026-04-26"),
            ("2026-04-26 下午", "2026-04-26"),
            ("2026年4月26日左右", "2026-04-26"),
            ("2026-04-26 9:30-11:30 报到", "2026-04-26 9:30-11:30"),
            ("4月26日 周日", "2026-04-26（年份照实写）"),
            ("4月26日", "2027-04-26（年份照实写）"),
            ("2026-02-30", "2026-02-28（2 月只有 28 天）"),
            ("26/4/2026", "2026-04-26"),
            ("4/26/2026", "2026-04-26"),
        ] {
            assert_eq!(suggest_date(written).map(|fix| fix.text + &fix.note_zh).as_deref(), Some(fix), "{written}");
        }
        for written in ["明天", "5/4/2026", "", "2026", "2026-13-01"] {
            assert_eq!(suggest_date(written), None, "{written}");
        }
    }

    #[test]
    fn a_written_range_is_read_as_it_was() {
        for written in ["2026-04-26 9:30-11:30", "2026-04-26 9:30 至 2026-04-27 11:00", "2026-04-26 至 2026-04-28"] {
            let date = parse_written_date(written).unwrap();
            assert_eq!(written_range(date.start, date.end.unwrap()), written);
        }
    }
}
