//! What to write instead of a text that is no date, or that holds several times.
//!
//! Input: a text that [`parse_written_date`] does not read. Output: its times one by one, or a date that can be typed. Knows no clock,
//! so a year that is not written is only an example.

use jiff::civil::{Date, Weekday};

use super::date::DateOrDateTime;
use super::weekday::split_weekdays;
use super::written_date::{WrittenDate, chinese_numerals, parse_written_date, to_half_width};

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
    /// Nothing that is written was left out.
    pub is_whole: bool,
}

impl DateSuggestion {
    /// A date without a remark.
    pub fn both(text: String) -> Self {
        Self { text, note_zh: String::new(), note_en: String::new(), is_whole: true }
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

/// What to write for a text that is no date, with the times of the text as far as they can be read. `None` if nothing of it can be
/// read. An end is part of it only if it `takes_end`.
pub fn suggest_date(written: &str, takes_end: bool) -> Option<DateSuggestion> {
    let written = written.trim();
    if written.is_empty() || written.len() > MAX_BYTES {
        return None;
    }
    let half: String = written.chars().map(to_half_width).collect();
    let (plain, weekdays) = split_weekdays(&half);
    let plain = chinese_numerals(plain.trim());
    let LeadingDay { date, rest, note_zh, note_en } = leading_day(&plain, weekdays.first().copied())?;
    let (WrittenDate { start, end, offset, .. }, is_read) = with_times(date, rest);
    let text = end.filter(|_| takes_end).map_or_else(|| start.written(), |end| written_range(start, end));
    let is_whole = is_read
        && offset.is_none()
        && weekdays.iter().all(|day| *day == date.weekday())
        && (takes_end || end.is_none());
    Some(DateSuggestion { text, note_zh, note_en, is_whole })
}

/// The day that a text begins with, what follows it, and a remark in both languages.
struct LeadingDay<'t> {
    date: Date,
    rest: &'t str,
    note_zh: String,
    note_en: String,
}

impl<'t> LeadingDay<'t> {
    fn plain(date: Date, rest: &'t str) -> Self {
        Self { date, rest, note_zh: String::new(), note_en: String::new() }
    }
}

/// Numbers at the start of a text, each with what stands in front of the next.
struct Numbers<'t> {
    digits: Vec<&'t str>,
    /// The sign between the first two.
    sign: char,
    /// What follows the third, or the second if there is no third.
    rest: [&'t str; 2],
}

impl<'t> Numbers<'t> {
    /// Up to three numbers with one sign between them.
    fn of(text: &'t str) -> Self {
        let mut out = Self { digits: Vec::new(), sign: ' ', rest: [text; 2] };
        let mut at = text;
        while out.digits.len() < 3 {
            let length = at.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                break;
            }
            out.digits.push(&at[..length]);
            let after = &at[length..];
            out.rest[usize::from(out.digits.len() > 2)] = after;
            let sign = after.trim_start().chars().next().filter(|c| "-/.年月".contains(*c));
            let Some(sign) = sign.filter(|_| out.digits.len() < 3) else { break };
            if out.digits.len() == 1 {
                out.sign = sign;
            }
            at = after.trim_start()[sign.len_utf8()..].trim_start();
        }
        if out.digits.len() < 3 {
            out.rest[1] = "";
        }
        out
    }

    fn number(&self, n: usize) -> Option<i16> {
        self.digits.get(n)?.parse().ok()
    }
}

/// Reads the day at the start of a text that is no date as a whole.
fn leading_day(text: &str, weekday: Option<Weekday>) -> Option<LeadingDay<'_>> {
    if let Some(day) = english_day(text) {
        return Some(day);
    }
    let numbers = Numbers::of(text);
    let first_length = numbers.digits.first()?.len();
    let without_day_word = |rest: &'_ str| rest.trim_start().strip_prefix(['日', '号']).map_or(rest.len(), str::len);
    let after = |n: usize| {
        let rest = numbers.rest[n];
        &rest[rest.len() - without_day_word(rest)..]
    };
    // `20260426`.
    if first_length == 8 {
        let digits = numbers.digits[0];
        let day = day_of(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)?;
        return Some(LeadingDay::plain(day, &text[8..]));
    }
    let (first, second) = (numbers.number(0)?, numbers.number(1)?);
    let Some(third) = numbers.number(2) else {
        // `4月26日`, `4.26`.
        let is_month = first <= 12 && numbers.sign != '年' && day_of(2028, first, second).is_some();
        return is_month.then(|| with_year(first, second, weekday, after(0)));
    };
    let year = match first_length {
        4 => first,
        // `27-05-01`, `27年5月1日`.
        2 if first >= 20 && numbers.digits[2].len() < 3 => first + 2000,
        _ => {
            // `26/4/2026`, `4/26/2026`: in one order, or in both.
            let days = (day_of(third, first, second), day_of(third, second, first));
            return match days {
                (Some(day), Some(other)) if third >= 1000 && day != other => Some(LeadingDay {
                    note_zh: format!(
                        "（{} 月 {} 日），或者 {other}（{} 月 {} 日）",
                        day.month(),
                        day.day(),
                        other.month(),
                        other.day()
                    ),
                    note_en: format!(", or {other} if the day comes first"),
                    date: day,
                    rest: after(1),
                }),
                (Some(day), _) | (None, Some(day)) if third >= 1000 => Some(LeadingDay::plain(day, after(1))),
                _ => None,
            };
        }
    };
    match day_of(year, second, third) {
        Some(day) => Some(LeadingDay::plain(day, after(1))),
        // A day that the month does not have.
        None if third > 28 && numbers.digits[2].len() < 3 => {
            let last = day_of(year, second, 1)?.last_of_month();
            Some(LeadingDay {
                date: last,
                rest: after(1),
                note_zh: format!("（{second} 月只有 {} 天）", last.day()),
                note_en: format!(" (the month has {} days)", last.day()),
            })
        }
        None => None,
    }
}

/// `May 1, 2027` and `1 May 2027`.
fn english_day(text: &str) -> Option<LeadingDay<'_>> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let month = |word: &str| {
        let word = word.to_ascii_lowercase();
        let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
        i16::try_from(at + 1).ok()
    };
    let mut rest = text;
    let mut words = [""; 3];
    for word in &mut words {
        let begin = rest.trim_start_matches([' ', ',', '.']);
        let length = begin.bytes().take_while(u8::is_ascii_alphanumeric).count();
        (*word, rest) = begin.split_at(length);
    }
    let number = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i16>().ok();
    let year = number(words[2]).filter(|year| *year >= 1000)?;
    let (month, day) = match month(words[0]) {
        Some(month) => (month, number(words[1])?),
        None => (month(words[1])?, number(words[0])?),
    };
    Some(LeadingDay::plain(day_of(year, month, day)?, rest))
}

/// The day with the times that follow it, also where they are written as no time is read: `9.30-11.30`, `0930`, `22:00-01:00`. The second
/// value is whether all of `rest` was read.
fn with_times(date: Date, rest: &str) -> (WrittenDate, bool) {
    let rest = rest.trim_start_matches([' ', ',', 'T']).trim_end();
    let mended = colons(rest);
    let parse = |text: &str| {
        parse_written_date(&format!("{date} {text}")).or_else(|| parse_written_date(&format!("{date}{text}")))
    };
    let whole = || [rest, mended.as_str()].into_iter().find_map(parse);
    let dated = format!("{date} {mended}");
    let part = || longest(&dated, parse_written_date).map(|(length, date)| (date, &dated[length..]));
    let day_alone = WrittenDate { start: date.into(), end: None, offset: None, weekdays: [None; 2] };
    match whole().or_else(|| overnight(date, &mended)) {
        Some(read) => (read, true),
        None => {
            let (date, rest) = part().unwrap_or((day_alone, rest));
            // `9:30～`: when it ends is not said.
            (date, rest.trim_matches([' ', '-', '~', '至', '到']).is_empty())
        }
    }
}

/// A range whose end lies on a later day that is not written whole: `22:00-01:00`, `至12-07`, `~07`.
fn overnight(date: Date, text: &str) -> Option<WrittenDate> {
    let at = text.find(['-', '~', '至', '到'])?;
    let (before, after) = text.split_at(at);
    let after = after.trim_start_matches(['-', '~', '至', '到']).trim();
    // `9:30～`: when it ends is not known.
    if after.is_empty() {
        return None;
    }
    let single = |text: String| parse_written_date(&text).filter(|date| date.end.is_none()).map(|date| date.start);
    let start = match before.trim() {
        "" => date.into(),
        time => single(format!("{date} {time}"))?,
    };
    let end = match start.time {
        None => [format!("{}-{after}", date.year()), format!("{}-{}-{after}", date.year(), date.month())]
            .into_iter()
            .find_map(single)?,
        Some(_) => {
            // Who writes `9点到5点` means the afternoon, or made a slip: only the evening goes on until the next morning.
            const EVENING: i8 = 17;
            start.time.filter(|time| time.hour() >= EVENING)?;
            let same_day = single(format!("{date} {after}"))?;
            DateOrDateTime { date: same_day.date.tomorrow().ok()?, ..same_day }
        }
    };
    (end > start).then_some(WrittenDate { start, end: Some(end), offset: None, weekdays: [None; 2] })
}

/// Times with a point, or nothing, between hours and minutes, written with a colon.
fn colons(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(text.len() + 4);
    for (at, c) in text.char_indices() {
        let digits_after = (at + 1..=at + 3).take_while(|at| is_digit(*at)).count();
        let run_before = (0..at).rev().take_while(|at| is_digit(*at)).count();
        // The third of four digits that stand alone.
        let four = run_before == 2 && is_digit(at) && digits_after == 1;
        let joined = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|b| matches!(b, b':' | b'.'));
        if four && !joined(at.checked_sub(3)) && !joined(Some(at + 2)) {
            out.push(':');
        }
        let point = c == '.' && (1..=2).contains(&run_before) && digits_after == 2;
        out.push(if point { ':' } else { c });
    }
    out
}

fn day_of(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day of a year that is not written: of the first one from which the weekday fits.
fn with_year(month: i16, day: i16, weekday: Option<Weekday>, rest: &str) -> LeadingDay<'_> {
    let dates = || (EXAMPLE_YEAR - 1..EXAMPLE_YEAR + 30).filter_map(|year| day_of(year, month, day));
    let fitting = weekday.and_then(|weekday| dates().find(|date| date.weekday() == weekday));
    let date = fitting.or_else(|| day_of(EXAMPLE_YEAR, month, day)).or_else(|| dates().next());
    LeadingDay {
        date: date.unwrap_or_default(),
        rest,
        note_zh: "（年份照实写）".to_string(),
        note_en: " (with the right year)".to_string(),
    }
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
            ("5/4/2026", "2026-05-04（5 月 4 日），或者 2026-04-05（4 月 5 日）"),
            ("27-05-01", "2027-05-01"),
            ("27年5月1日", "2027-05-01"),
            ("May 1, 2027", "2027-05-01"),
            ("Dec 5, 2026 9:30 AM", "2026-12-05 9:30"),
            ("5 December 2026", "2026-12-05"),
            // Nothing of the times is lost.
            ("2026-12-05 22:00-01:00", "2026-12-05 22:00 至 2026-12-06 1:00"),
            ("2026-12-05 9.30-11.30", "2026-12-05 9:30-11:30"),
            // No end is invented.
            ("2026-12-05 9:30～", "2026-12-05 9:30"),
            ("2026-12-05 9:30 -", "2026-12-05 9:30"),
            ("2026-12-05 9:30至", "2026-12-05 9:30"),
            ("2026-12-05～", "2026-12-05"),
            ("2026年12月5日（周六）上午9:30—", "2026-12-05 9:30"),
            ("2026-12-05 0930", "2026-12-05 9:30"),
            ("2026-12-05 0930-1130", "2026-12-05 9:30-11:30"),
            ("12月5日 9:30", "2027-12-05 9:30（年份照实写）"),
            ("12月5日上午9点半至11点", "2027-12-05 9:30-11:00（年份照实写）"),
            ("12月5日至7日", "2027-12-05 至 2027-12-07（年份照实写）"),
            ("2026-12-05至12-07", "2026-12-05 至 2026-12-07"),
            ("2026-12-05~07", "2026-12-05 至 2026-12-07"),
            ("2026-02-29 9:30", "2026-02-28 9:30（2 月只有 28 天）"),
            ("20260426 9:30", "2026-04-26 9:30"),
        ] {
            let shown = suggest_date(written, true).map(|fix| fix.text + &fix.note_zh);
            assert_eq!(shown.as_deref(), Some(fix), "{written}");
        }
        let start = suggest_date("2026-12-05 22:00-01:00", false).unwrap();
        assert_eq!(start.text, "2026-12-05 22:00");
        for written in ["明天", "", "2026", "2026-13-01", "2026-12", "1.2.3", "May", "99999999", "月日年"] {
            assert_eq!(suggest_date(written, true), None, "{written}");
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
