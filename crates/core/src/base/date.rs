//! Parses and formats dates, and holds the date that a build uses.
//!
//! Input: dates as people write them. Output: [`DateOrDateTime`] values and formatted text. This file never reads the
//! system clock.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use super::text::to_ascii_digit;

/// A day with an optional time of day, in the site's local time. The time zone is applied only where a moment in time
/// is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct DateOrDateTime {
    /// The day.
    pub date: Date,
    /// The time of day; `None` if only a day was written.
    pub time: Option<Time>,
}

impl DateOrDateTime {
    /// Formats as `2025-04-26` or `2025-04-26T09:30:00`.
    pub fn iso(&self) -> String {
        match self.time {
            Some(t) => format!("{}T{:02}:{:02}:{:02}", self.date, t.hour(), t.minute(), t.second()),
            None => self.date.to_string(),
        }
    }

    /// Formats as RFC 3339 with the UTC offset of `zone`. Uses midnight if there is no time.
    pub fn rfc3339(&self, zone: &TimeZone) -> String {
        let civil = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        match zone.to_ambiguous_zoned(civil).compatible() {
            Ok(z) => z.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            Err(_) => format!("{}T00:00:00Z", self.date),
        }
    }

    /// Formats as official Chinese documents do: `2025年4月26日`, with ` 9:30` if there is a time.
    pub fn zh(&self) -> String {
        let mut out = format!("{}年{}月{}日", self.date.year(), self.date.month(), self.date.day());
        if let Some(t) = self.time {
            out.push_str(&format!(" {}:{:02}", t.hour(), t.minute()));
        }
        out
    }

    /// Formats as `26 April 2025`, with ` 9:30` if there is a time.
    pub fn en(&self) -> String {
        let mut out = self.date.strftime("%-d %B %Y").to_string();
        if let Some(t) = self.time {
            out.push_str(&format!(" {}:{:02}", t.hour(), t.minute()));
        }
        out
    }
}

impl From<Date> for DateOrDateTime {
    fn from(date: Date) -> Self {
        Self { date, time: None }
    }
}

/// Returns the Chinese name of the weekday: 星期一 to 星期日.
pub fn weekday_zh(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}

/// The date of the build and the site's time zone. The caller reads the clock once and passes this value in, so that
/// one build uses one date.
#[derive(Debug, Clone)]
pub struct BuildDate {
    /// The date of the build, in `zone`.
    pub today: Date,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The IANA name of the zone, for example `Asia/Shanghai`.
    pub zone_name: String,
}

/// Parses a date: `2025-04-26`, `2025/4/26`, `2025.4.26` or `2025年4月26日`, optionally followed by `9:30`, `09:30:00`,
/// `9时30分`, `T09:30` or a UTC offset. The offset is ignored, because times are in the site's local time. Full-width
/// digits and colons are accepted. Returns `None` if the form is unknown or the day does not exist.
pub fn parse_date(written: &str) -> Option<DateOrDateTime> {
    let text: String = written.trim().chars().map(to_half_width).collect();
    let mut scanner = DateScanner { rest: &text };
    let year = scanner.take_digits(4, 4)?;
    let long = scanner.take_one_of(&["-", "/", ".", "年"])?;
    let month = scanner.take_digits(1, 2)?;
    match long {
        "年" => scanner.take_one_of(&["月"])?,
        same => scanner.take_one_of(&[same])?,
    };
    let day = scanner.take_digits(1, 2)?;
    if long == "年" {
        let _ = scanner.take_one_of(&["日", "号"]);
    }
    let date = Date::new(year as i16, month as i8, day as i8).ok()?;
    let before = scanner.rest;
    scanner.rest = scanner.rest.trim_start();
    let marked = scanner.take_one_of(&["T", "t"]).is_some();
    if scanner.rest.is_empty() {
        return (!marked).then_some(DateOrDateTime { date, time: None });
    }
    if !marked && before.len() == scanner.rest.len() && long != "年" {
        return None;
    }
    let hour = scanner.take_digits(1, 2)?;
    let mark = scanner.take_one_of(&[":", "时", "点"])?;
    let minute = if mark == ":" || scanner.rest.starts_with(|c: char| c.is_ascii_digit()) {
        scanner.take_digits(1, 2)?
    } else {
        0
    };
    let _ = scanner.take_one_of(&["分"]);
    let mut second = 0;
    if scanner.take_one_of(&[":"]).is_some() {
        second = scanner.take_digits(2, 2)?;
        if scanner.take_one_of(&["."]).is_some() {
            scanner.take_digits(1, 9)?;
        }
    }
    let rest = scanner.rest.trim();
    let offset = rest.is_empty()
        || rest == "Z"
        || (rest.len() == 6 && rest.starts_with(['+', '-']) && rest.as_bytes()[3] == b':');
    let time = Time::new(hour as i8, minute as i8, second as i8, 0).ok()?;
    offset.then_some(DateOrDateTime { date, time: Some(time) })
}

fn to_half_width(c: char) -> char {
    match c {
        '：' => ':',
        '－' | '–' | '—' => '-',
        '／' => '/',
        '\u{3000}' => ' ',
        other => to_ascii_digit(other),
    }
}

struct DateScanner<'t> {
    rest: &'t str,
}

impl DateScanner<'_> {
    fn take_digits(&mut self, min: usize, max: usize) -> Option<u32> {
        let digits = self.rest.bytes().take(max).take_while(u8::is_ascii_digit).count();
        if digits < min {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        number.parse().ok()
    }

    fn take_one_of(&mut self, marks: &[&'static str]) -> Option<&'static str> {
        let mark = marks.iter().find(|m| self.rest.starts_with(**m))?;
        self.rest = &self.rest[mark.len()..];
        Some(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_date_accepts_usual_spellings() {
        for same in
            ["2025-04-26", "2025/4/26", "2025.4.26", "2025年4月26日", " 2025年04月26日 ", "２０２５－０４－２６"]
        {
            assert_eq!(parse_date(same).unwrap().iso(), "2025-04-26", "{same}");
        }
        for same in [
            "2025-04-26 9:30",
            "2025-04-26T09:30:00",
            "2025年4月26日 9时30分",
            "2025年4月26日9：30",
            "2025-04-26T09:30:00+08:00",
        ] {
            assert_eq!(parse_date(same).unwrap().iso(), "2025-04-26T09:30:00", "{same}");
        }
        for bad in ["2025-02-30", "2025-04", "26/4/2025", "2025-04/26", "2025-04-26 25:00", "2025-04-26x", "明天", ""]
        {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_in_official_chinese_form() {
        let m = parse_date("2025-04-06 09:05").unwrap();
        assert_eq!(m.zh(), "2025年4月6日 9:05");
        assert_eq!(m.rfc3339(&TimeZone::get("Asia/Shanghai").unwrap()), "2025-04-06T09:05:00+08:00");
        assert_eq!(weekday_zh(m.date), "星期日");
    }
}
