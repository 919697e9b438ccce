//! Parses and formats dates, and holds the date that a build uses.
//!
//! Input: dates as people write them. Output: [`DateOrDateTime`] values and formatted text. This file never reads the
//! system clock.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;

use super::written_date::parse_written_date;

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
    /// The moment in the site's time zone; midnight if there is no time.
    pub fn moment(&self) -> DateTime {
        self.date.to_datetime(self.time.unwrap_or(Time::midnight()))
    }

    /// Formats as `2025-04-26` or `2025-04-26T09:30:00`.
    pub fn iso(&self) -> String {
        match self.time {
            Some(t) => format!("{}T{:02}:{:02}:{:02}", self.date, t.hour(), t.minute(), t.second()),
            None => self.date.to_string(),
        }
    }

    /// Formats as people write it in front matter: `2025-04-26` or `2025-04-26 9:30`.
    pub fn written(&self) -> String {
        match self.time {
            Some(t) => format!("{} {}:{:02}", self.date, t.hour(), t.minute()),
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
    weekday_name(date.weekday(), true)
}

/// Returns the name of a weekday in Chinese, else in English.
pub fn weekday_name(weekday: Weekday, chinese: bool) -> &'static str {
    let (zh, en) = match weekday {
        Weekday::Monday => ("星期一", "Monday"),
        Weekday::Tuesday => ("星期二", "Tuesday"),
        Weekday::Wednesday => ("星期三", "Wednesday"),
        Weekday::Thursday => ("星期四", "Thursday"),
        Weekday::Friday => ("星期五", "Friday"),
        Weekday::Saturday => ("星期六", "Saturday"),
        Weekday::Sunday => ("星期日", "Sunday"),
    };
    if chinese { zh } else { en }
}

/// The date of the build and the site's time zone. The caller reads the clock once and passes this value in, so that
/// one build uses one date.
#[derive(Debug, Clone)]
pub struct BuildDate {
    /// The date of the build, in `zone`.
    pub today: Date,
    /// The time of day up to which pages are published whose date has a time, in `zone`. A build for a day without a time takes the
    /// whole day.
    pub time: Time,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The IANA name of the zone, for example `Asia/Shanghai`.
    pub zone_name: String,
}

impl BuildDate {
    /// The last second of a day, for builds that take all of it.
    pub const WHOLE_DAY: Time = Time::constant(23, 59, 59, 999_999_999);

    /// The moment of the build, in the site's zone.
    pub fn moment(&self) -> DateTime {
        self.today.to_datetime(self.time)
    }
}

/// Parses a date in any form of [`parse_written_date`] that names one moment. A UTC offset is ignored: use it where
/// the zone is not known or only the day counts.
pub fn parse_date(written: &str) -> Option<DateOrDateTime> {
    parse_written_date(written).filter(|date| date.end.is_none()).map(|date| date.start)
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
