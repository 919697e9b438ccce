//! iCalendar files (RFC 5545, RFC 7986): one event, or a calendar to subscribe to.
//!
//! In: events and calendars of the site. Out: text with CRLF, folded at 75 octets between characters. Reads no clock:
//! `DTSTAMP` is the day of the event's last recorded change, so that equal events give equal files.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::calendar::{Calendar, CalendarScope, EventRevision, occurrence};
use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{EventPage, Site, SiteData, url_of};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::{Event, EventStatus};

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// An iCalendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ICalendar {
    /// The n-th calendar, to subscribe to.
    Calendar(usize),
    /// One event.
    Event(PageId),
}

impl Format for ICalendar {
    fn plan(planner: &mut Planner<'_>) {
        let (agenda, catalog) = (planner.input.agenda, planner.input.catalog);
        for (n, calendar) in agenda.calendars.iter().enumerate() {
            // An iCalendar file must contain at least one component (RFC 5545, 3.6).
            if !calendar.events.is_empty() {
                planner.add(calendar.route.child_file("calendar.ics"), ICalendar::Calendar(n), None);
            }
            if calendar.scope == CalendarScope::All {
                for id in &calendar.events {
                    let meta = catalog.page(*id);
                    let route = meta.route.child_file("event.ics");
                    planner.add(route, ICalendar::Event(*id), Some(meta.path.clone()));
                }
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        match self {
            ICalendar::Calendar(n) => {
                fingerprint(&("calendar file", std::mem::discriminant(&site.agenda.calendars[*n].scope)))
            }
            ICalendar::Event(id) => fingerprint(&("event file", site.path(*id))),
        }
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "iCalendar"
    }

    fn write_rank(&self) -> WriteRank {
        match self {
            ICalendar::Calendar(_) => WriteRank::List,
            ICalendar::Event(_) => WriteRank::Page,
        }
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let site = &input.views.site;
        Ok(match self {
            ICalendar::Calendar(n) => calendar(site.events().calendar(*n), site).into(),
            ICalendar::Event(id) => event(*id, site).into(),
        })
    }
}

/// The only time zone for which we write a VTIMEZONE; times of other zones are converted to UTC.
const SHANGHAI: &str = "Asia/Shanghai";

/// The VTIMEZONE of that zone. It is short because some programs ignore what follows a long one.
const SHANGHAI_LINES: [&str; 9] = [
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// How often programs should fetch a subscribed calendar again (RFC 7986, 5.7).
const REFRESH: &str = "PT12H";

/// A calendar to subscribe to.
fn calendar(calendar: &Calendar, site: &Site) -> String {
    let mut out = IcsWriter::new();
    let title = format!("{} - {}", site.calendar_title(calendar), site.settings().languages[calendar.lang].title);
    out.text("NAME", &title);
    out.text("X-WR-CALNAME", &title);
    out.raw("X-WR-TIMEZONE", &site.settings().zone_name);
    out.raw("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
    out.raw("X-PUBLISHED-TTL", REFRESH);
    if let Some(colour) = &site.settings().colour {
        out.raw("COLOR", colour_name(colour));
        out.raw("X-APPLE-CALENDAR-COLOR", colour);
    }
    if let Some(page) = site.permalink(&url_of(&calendar.route)) {
        out.raw("URL", &page);
        out.raw("SOURCE;VALUE=URI", &format!("{page}calendar.ics"));
    }
    let events = calendar.events.iter().flat_map(|id| {
        occurrence_years(*id, calendar.scope, site).into_iter().filter_map(|year| IcsEvent::of(*id, year, site))
    });
    out.events(&events.collect::<Vec<_>>(), site);
    out.end()
}

/// One event as a file of its own.
fn event(id: PageId, site: &Site) -> String {
    let mut out = IcsWriter::new();
    out.events(&IcsEvent::of(id, None, site).into_iter().collect::<Vec<_>>(), site);
    out.end()
}

/// Which occurrences of an event a calendar contains. In a year's calendar: the first year of each occurrence of a
/// yearly observance that overlaps the year. Otherwise `None` once: the whole event with its recurrence rule.
fn occurrence_years(id: PageId, of: CalendarScope, site: &Site) -> Vec<Option<i16>> {
    let yearly = site.events().event(id).is_some_and(|page| page.event.yearly);
    match of {
        CalendarScope::Year(year) if yearly => match (Date::new(year, 1, 1), Date::new(year, 12, 31)) {
            (Ok(from), Ok(to)) => {
                site.events().occurrences(id, from, to).into_iter().map(|d| Some(d.first.year())).collect()
            }
            _ => Vec::new(),
        },
        _ => vec![None],
    }
}

/// One VEVENT.
struct IcsEvent<'s> {
    id: PageId,
    page: EventPage<'s>,
    event: &'s Event,
    mark: &'s EventRevision,
    days: occurrence::Occurrence,
    /// Set if only one occurrence of a yearly observance is written: the year in which it begins.
    single_year: Option<i16>,
    when: EventTimes,
}

enum EventTimes {
    Days,
    /// Local times in the zone whose VTIMEZONE is written, and the end.
    Local(Option<DateTime>),
    Utc(TimeZone, Option<DateTime>),
}

impl<'s> IcsEvent<'s> {
    fn of(id: PageId, year: Option<i16>, site: &'s Site) -> Option<Self> {
        let page = site.events().event(id)?;
        let EventPage { event, revision, .. } = page;
        let mark = revision?;
        let (start, _) = event.span()?;
        let single_year = year.filter(|_| event.yearly);
        let days = match single_year {
            Some(year) => occurrence::in_year(event, year)?,
            None => occurrence::in_year_ignoring_exceptions(event, start.year())?,
        };
        let timed = event.start.and_then(|s| s.time).is_some() && !event.all_day;
        let end = event.end.and_then(|end| match end.time {
            Some(time) => Some(days.last.to_datetime(time)),
            // An end without a time means the end of that day.
            None => days.last.checked_add(1.day()).ok().map(|d| d.to_datetime(Time::midnight())),
        });
        let when = match (timed, site.settings().zone_name == SHANGHAI) {
            (false, _) => EventTimes::Days,
            (true, true) => EventTimes::Local(end),
            (true, false) => EventTimes::Utc(site.settings().zone.clone(), end),
        };
        Some(IcsEvent { id, page, event, mark, days, single_year, when })
    }

    fn time(&self) -> Time {
        self.event.start.and_then(|s| s.time).unwrap_or(Time::midnight())
    }

    /// Name and value of a date property at `date`, with the event's time of day if it has one.
    fn dated(&self, name: &str, date: Date) -> (String, String) {
        match &self.when {
            EventTimes::Days => (format!("{name};VALUE=DATE"), day(date)),
            EventTimes::Local(_) => local(name, date.to_datetime(self.time())),
            EventTimes::Utc(zone, _) => (name.to_string(), utc(date.to_datetime(self.time()), zone)),
        }
    }

    /// Name and value of DTEND, which is exclusive (RFC 5545, 3.8.2.2); `None` for a timed event without an end.
    fn end(&self) -> Option<(String, String)> {
        match &self.when {
            EventTimes::Days => {
                self.days.last.checked_add(1.day()).ok().map(|end| ("DTEND;VALUE=DATE".to_string(), day(end)))
            }
            EventTimes::Local(end) => end.map(|end| local("DTEND", end)),
            EventTimes::Utc(zone, end) => end.map(|end| ("DTEND".to_string(), utc(end, zone))),
        }
    }

    fn uid(&self) -> String {
        match self.single_year {
            None => self.mark.uid.clone(),
            // A single occurrence needs a UID of its own: with the UID of the observance it would replace it in the
            // reader's calendar.
            Some(year) => match self.mark.uid.rsplit_once('@') {
                Some((name, host)) => format!("{name}.{year}@{host}"),
                None => format!("{}.{year}", self.mark.uid),
            },
        }
    }
}

/// A DATE value: `20250426` (RFC 5545, 3.3.4).
fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// A TIME value without zone: `093000` (RFC 5545, 3.3.12).
fn time_of_day(time: Time) -> String {
    format!("{:02}{:02}{:02}", time.hour(), time.minute(), time.second())
}

fn local(name: &str, at: DateTime) -> (String, String) {
    (format!("{name};TZID={SHANGHAI}"), format!("{}T{}", day(at.date()), time_of_day(at.time())))
}

fn utc(at: DateTime, zone: &TimeZone) -> String {
    let there = zone.to_ambiguous_zoned(at).compatible().map_or(at, |z| z.with_time_zone(TimeZone::UTC).datetime());
    format!("{}T{}Z", day(there.date()), time_of_day(there.time()))
}

/// An iCalendar file that is being written.
struct IcsWriter(String);

impl IcsWriter {
    fn new() -> Self {
        let mut out = IcsWriter(String::new());
        out.raw("BEGIN", "VCALENDAR");
        out.raw("VERSION", "2.0");
        out.raw("PRODID", "-//puzhi//puzhi//ZH");
        out.raw("CALSCALE", "GREGORIAN");
        out
    }

    fn end(mut self) -> String {
        self.raw("END", "VCALENDAR");
        self.0
    }

    fn events(&mut self, events: &[IcsEvent<'_>], site: &Site) {
        if events.iter().any(|e| matches!(e.when, EventTimes::Local(_))) {
            SHANGHAI_LINES.iter().for_each(|line| self.line(line));
        }
        events.iter().for_each(|event| self.event(event, site));
    }

    fn event(&mut self, entry: &IcsEvent<'_>, site: &Site) {
        let IcsEvent { event, mark, .. } = entry;
        let meta = entry.page.meta;
        let stamp = format!("{}T000000Z", day(mark.stamp));
        self.raw("BEGIN", "VEVENT");
        self.text("UID", &entry.uid());
        self.raw("DTSTAMP", &stamp);
        self.raw("LAST-MODIFIED", &stamp);
        self.raw("SEQUENCE", &mark.sequence.to_string());
        let (name, start) = entry.dated("DTSTART", entry.days.first);
        self.raw(&name, &start);
        if let Some((name, end)) = entry.end() {
            self.raw(&name, &end);
        }
        if event.yearly && entry.single_year.is_none() {
            self.repeats(entry);
        }
        self.text("SUMMARY", &meta.title);
        self.text("DESCRIPTION", &site.event_words(entry.id));
        if let Some(place) = site.event_location(event, meta.lang) {
            self.text("LOCATION", &place);
        }
        let categories: Vec<String> = site.event_categories(entry.id).iter().map(|c| escape(c)).collect();
        if !categories.is_empty() {
            self.raw("CATEGORIES", &categories.join(","));
        }
        if let Some(url) = site.permalink(entry.page.url()) {
            self.raw("URL", &url);
        }
        self.raw("STATUS", status(event));
        // All-day events do not make the reader busy (RFC 5545, 3.8.2.7).
        if matches!(entry.when, EventTimes::Days) {
            self.raw("TRANSP", "TRANSPARENT");
        }
        self.raw("END", "VEVENT");
    }

    fn repeats(&mut self, entry: &IcsEvent<'_>) {
        let first = entry.days.first;
        let leap = (first.month(), first.day()) == (2, 29) && !matches!(entry.when, EventTimes::Utc(..));
        self.raw("RRULE", if leap { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" } else { "FREQ=YEARLY" });
        for year in entry.event.except.iter().filter(|y| **y >= first.year()) {
            if let Some(days) = occurrence::in_year_ignoring_exceptions(entry.event, *year) {
                let (name, date) = entry.dated("EXDATE", days.first);
                self.raw(&name, &date);
            }
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.raw(name, &escape(value));
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{value}"));
    }

    fn line(&mut self, line: &str) {
        fold(&mut self.0, line);
    }
}

fn status(event: &Event) -> &'static str {
    match event.status {
        EventStatus::Cancelled => "CANCELLED",
        // A yearly observance needs no confirmation.
        EventStatus::Planned if !event.yearly => "TENTATIVE",
        _ => "CONFIRMED",
    }
}

/// Escapes a value of type TEXT (RFC 5545, 3.3.11) and removes control characters, which that type does not allow.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push_str("\\n");
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Appends a content line, folded into lines of at most 75 octets without splitting a character (RFC 5545, 3.1).
fn fold(out: &mut String, line: &str) {
    const MAX_OCTETS: usize = 75;
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > MAX_OCTETS {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// The CSS colour name nearest to `#rrggbb`. The property COLOR takes only names (RFC 7986, 5.9).
fn colour_name(hex: &str) -> &'static str {
    let part = |i: usize| i64::from(hex.get(i..i + 2).and_then(|h| u8::from_str_radix(h, 16).ok()).unwrap_or(0));
    let (r, g, b) = (part(1), part(3), part(5));
    let far = |rgb: u32| {
        let (dr, dg, db) = (i64::from(rgb >> 16) - r, i64::from(rgb >> 8 & 255) - g, i64::from(rgb & 255) - b);
        2 * dr * dr + 4 * dg * dg + 3 * db * db
    };
    NAMES.iter().min_by_key(|(_, rgb)| far(*rgb)).map_or("red", |(name, _)| name)
}

const NAMES: &[(&str, u32)] = &[
    ("black", 0x000000),
    ("blue", 0x0000ff),
    ("blueviolet", 0x8a2be2),
    ("brown", 0xa52a2a),
    ("cadetblue", 0x5f9ea0),
    ("chocolate", 0xd2691e),
    ("coral", 0xff7f50),
    ("cornflowerblue", 0x6495ed),
    ("crimson", 0xdc143c),
    ("darkblue", 0x00008b),
    ("darkcyan", 0x008b8b),
    ("darkgoldenrod", 0xb8860b),
    ("darkgray", 0xa9a9a9),
    ("darkgreen", 0x006400),
    ("darkmagenta", 0x8b008b),
    ("darkolivegreen", 0x556b2f),
    ("darkorange", 0xff8c00),
    ("darkorchid", 0x9932cc),
    ("darkred", 0x8b0000),
    ("darkslateblue", 0x483d8b),
    ("darkslategray", 0x2f4f4f),
    ("deeppink", 0xff1493),
    ("deepskyblue", 0x00bfff),
    ("dimgray", 0x696969),
    ("dodgerblue", 0x1e90ff),
    ("firebrick", 0xb22222),
    ("forestgreen", 0x228b22),
    ("fuchsia", 0xff00ff),
    ("gold", 0xffd700),
    ("goldenrod", 0xdaa520),
    ("gray", 0x808080),
    ("green", 0x008000),
    ("hotpink", 0xff69b4),
    ("indianred", 0xcd5c5c),
    ("indigo", 0x4b0082),
    ("lightblue", 0xadd8e6),
    ("lightcoral", 0xf08080),
    ("lightgray", 0xd3d3d3),
    ("lightgreen", 0x90ee90),
    ("lightseagreen", 0x20b2aa),
    ("limegreen", 0x32cd32),
    ("maroon", 0x800000),
    ("mediumblue", 0x0000cd),
    ("mediumseagreen", 0x3cb371),
    ("mediumvioletred", 0xc71585),
    ("midnightblue", 0x191970),
    ("navy", 0x000080),
    ("olive", 0x808000),
    ("olivedrab", 0x6b8e23),
    ("orange", 0xffa500),
    ("orangered", 0xff4500),
    ("orchid", 0xda70d6),
    ("palevioletred", 0xdb7093),
    ("peru", 0xcd853f),
    ("pink", 0xffc0cb),
    ("plum", 0xdda0dd),
    ("purple", 0x800080),
    ("rebeccapurple", 0x663399),
    ("red", 0xff0000),
    ("royalblue", 0x4169e1),
    ("saddlebrown", 0x8b4513),
    ("salmon", 0xfa8072),
    ("sandybrown", 0xf4a460),
    ("seagreen", 0x2e8b57),
    ("sienna", 0xa0522d),
    ("skyblue", 0x87ceeb),
    ("slateblue", 0x6a5acd),
    ("slategray", 0x708090),
    ("steelblue", 0x4682b4),
    ("tan", 0xd2b48c),
    ("teal", 0x008080),
    ("tomato", 0xff6347),
    ("turquoise", 0x40e0d0),
    ("violet", 0xee82ee),
    ("white", 0xffffff),
    ("yellow", 0xffff00),
    ("yellowgreen", 0x9acd32),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Unfolds and unescapes by bytes, written from the text of the RFC and independent of the code above.
    fn read(folded: &[u8]) -> String {
        let mut plain: Vec<u8> = Vec::new();
        let mut i = 0;
        while i < folded.len() {
            if folded[i..].starts_with(b"\r\n ") || folded[i..].starts_with(b"\r\n\t") {
                i += 3;
            } else {
                plain.push(folded[i]);
                i += 1;
            }
        }
        let line = plain.strip_suffix(b"\r\n").expect("ends in CRLF");
        let value = &line[line.iter().position(|b| *b == b':').unwrap() + 1..];
        let mut out = Vec::new();
        let mut bytes = value.iter();
        while let Some(b) = bytes.next() {
            match b {
                b'\\' => match bytes.next() {
                    Some(b'n' | b'N') => out.push(b'\n'),
                    Some(other @ (b'\\' | b';' | b',')) => out.push(*other),
                    other => panic!("an escape that is none: {other:?}"),
                },
                b';' | b',' => panic!("a bare {b}"),
                b => out.push(*b),
            }
        }
        String::from_utf8(out).expect("no character is cut")
    }

    fn written(text: &str) -> String {
        let mut lines = IcsWriter(String::new());
        lines.text("SUMMARY", text);
        lines.0
    }

    #[test]
    fn two_hundred_characters_and_emoji_fold_at_75_octets_between_characters() {
        let title: String = "知识产权🏅保护👩‍🔬".chars().cycle().filter(|c| !c.is_ascii()).take(240).collect();
        let text = written(&title);
        let bytes = text.as_bytes();
        let (mut start, mut lines, mut i) = (0, 0, 0);
        while i < bytes.len() {
            if bytes[i] != b'\r' {
                assert_ne!(bytes[i], b'\n', "a line feed alone at {i}");
                i += 1;
                continue;
            }
            assert_eq!(bytes[i + 1], b'\n', "a carriage return alone at {i}");
            let line = &bytes[start..i];
            assert!(line.len() <= 75, "{} octets", line.len());
            assert!(std::str::from_utf8(line).is_ok(), "a character is cut");
            // Every line but the last is as full as the next character lets it be.
            if i + 2 < bytes.len() {
                assert_eq!(bytes[i + 2], b' ');
                let next = std::str::from_utf8(&bytes[i + 3..]).unwrap().chars().next().unwrap();
                assert!(line.len() + next.len_utf8() > 75);
            }
            (start, lines, i) = (i + 2, lines + 1, i + 2);
        }
        assert_eq!(start, bytes.len());
        assert!(lines > 8);
        assert_eq!(read(bytes), title);
    }

    #[test]
    fn a_line_of_75_octets_is_not_folded_and_one_of_76_is() {
        for (length, lines) in [(75, 1), (76, 2), (75 + 74, 2), (75 + 75, 3)] {
            let mut out = String::new();
            fold(&mut out, &"a".repeat(length));
            assert_eq!(out.matches("\r\n").count(), lines, "{length}");
        }
    }

    #[test]
    fn text_is_escaped_backslash_first() {
        assert_eq!(escape("a\\b;c,d\ne\r\nf\rg\u{7}"), "a\\\\b\\;c\\,d\\ne\\nf\\ng");
    }

    #[test]
    fn colours_become_the_nearest_name() {
        assert_eq!(colour_name("#9b1c1c"), "firebrick");
        assert_eq!(colour_name("#ff0000"), "red");
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC{0,300}|[\\\\;,\n a中🏅]{0,200}") {
            let text = written(&text);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
            let again = read(text.as_bytes());
            prop_assert_eq!(written(&again), text);
        }

        #[test]
        fn text_without_control_characters_is_unchanged(text in "[^\u{0}-\u{8}\u{b}-\u{1f}\u{7f}]{0,300}") {
            prop_assert_eq!(read(written(&text).as_bytes()), text);
        }
    }
}
