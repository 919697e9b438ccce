//! Start and end of an event, also where people wrote them under other keys: `时间`, or `开始日期` beside `开始时间`.
//!
//! Input: the front matter of an event. Output: [`EventTimes`], and diagnostics that show the whole line to type. What stands under other
//! keys is not read, since two lines may disagree; it is put into the hint, so that nothing of it is lost.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::event::{FIELDS, report};
use crate::base::{DateOrDateTime, WrittenDate, parse_date, parse_written_date, suggest_date, written_range};
use crate::diag::Diagnostic;
use crate::diag::codes::{events, front_matter as code};
use crate::yaml::{MappingEntry, MappingReader};

/// Start and end of an event.
#[derive(Default)]
pub(super) struct EventTimes {
    pub start: Option<DateOrDateTime>,
    pub end: Option<DateOrDateTime>,
}

/// Keys under which people write when an event begins, in lower case with `_` between words.
const START_KEYS: [&str; 24] = [
    "时间",
    "活动时间",
    "举办时间",
    "举行时间",
    "起止时间",
    "活动起止时间",
    "起始时间",
    "日期时间",
    "起止日期",
    "开始日期",
    "起始日期",
    "活动日期",
    "举办日期",
    "举行日期",
    "时间安排",
    "time",
    "when",
    "datetime",
    "event_time",
    "event_date",
    "start_date",
    "startdate",
    "start_time",
    "starttime",
];

/// Keys under which people write when it ends. `截止时间` is that of something else, mostly of registration.
const END_KEYS: [&str; 7] = ["结束日期", "终止日期", "end_date", "enddate", "end_time", "endtime", "finish"];

/// Whether people write the time of an event under this key, which is none of its keys.
pub(super) fn names_event_time(key: &str) -> bool {
    is_one_of(key, &START_KEYS) || is_one_of(key, &END_KEYS)
}

fn is_one_of(key: &str, names: &[&str]) -> bool {
    let plain = key.trim().to_lowercase().replace(['-', ' '], "_");
    names.contains(&plain.as_str())
}

/// What a value says of a moment: a day, perhaps with times, or times alone.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Day(WrittenDate),
    Times(WrittenDate),
}

/// Any day, beside which a time is read.
const ANY_DAY: Date = Date::constant(2000, 1, 1);

impl Piece {
    /// All of a text, as civil times of `zone`. `None` if a part of it is not understood, or contradicts another.
    fn of(text: &str, zone: Option<&TimeZone>) -> Option<Piece> {
        let text = text.trim();
        let civil = |date: WrittenDate| match zone {
            Some(zone) => date.in_zone(zone),
            None => Some(date).filter(|date| date.offset.is_none()),
        };
        if let Some(date) = parse_written_date(text) {
            return civil(date).filter(|_| date.wrong_weekday().is_none()).map(Piece::Day);
        }
        if let Some(times) = parse_written_date(&format!("{ANY_DAY} {text}")).filter(|date| date.start.time.is_some()) {
            return Some(Piece::Times(times)).filter(|_| times.offset.is_none() && times.weekdays == [None; 2]);
        }
        let suggested = suggest_date(text, true).filter(|fix| fix.note_zh.is_empty() && fix.is_whole)?;
        parse_written_date(&suggested.text).map(Piece::Day)
    }

    fn day(self) -> Option<WrittenDate> {
        if let Piece::Day(date) = self { Some(date) } else { None }
    }

    fn times(self) -> Option<WrittenDate> {
        if let Piece::Times(times) = self { Some(times) } else { None }
    }
}

/// The same times on another day.
fn on_day(times: WrittenDate, day: Date) -> WrittenDate {
    let moved = |moment: DateOrDateTime| {
        // `24:00`, `次日1:00`.
        let next = moment.date > ANY_DAY;
        DateOrDateTime { date: if next { day.tomorrow().unwrap_or(day) } else { day }, ..moment }
    };
    WrittenDate { start: moved(times.start), end: times.end.map(moved), ..times }
}

/// All that is written of the time of an event.
struct Pieces {
    /// Under keys of the start.
    starts: Vec<Piece>,
    /// Under keys of the end.
    ends: Vec<Piece>,
}

impl Pieces {
    /// The start and the end that they make together. `None` if they say no day, contradict each other, or there is more than these.
    fn together(&self) -> Option<Moments> {
        let mut whole = self.starts.iter().find_map(|piece| piece.day())?;
        if whole.start.time.is_none()
            && let Some(times) = self.starts.iter().find_map(|piece| piece.times())
        {
            // The end of several days keeps its day.
            let last = whole.end;
            whole = on_day(times, whole.start.date);
            whole.end = whole.end.or(last);
        }
        let end_day = self.ends.iter().find_map(|piece| piece.day()).map(|date| date.start);
        let end_time = self.ends.iter().find_map(|piece| piece.times());
        let last = match (end_day, end_time) {
            (Some(day), Some(time)) if day.time.is_none() => Some(on_day(time, day.date).start),
            (Some(day), _) => Some(day),
            (None, Some(time)) => Some(on_day(time, whole.start.date).start),
            (None, None) => whole.end,
        };
        // A last day that is the first says nothing more.
        let last = last.filter(|last| last.time.is_some() || last.date != whole.start.date);
        let span = Moments { start: whole.start, end: last };
        let is_ordered = last.is_none_or(|last| last >= whole.start);
        let holds_all = self.starts.iter().all(|piece| span.holds_start(*piece))
            && self.ends.iter().all(|piece| span.holds_end(*piece));
        (is_ordered && holds_all).then_some(span)
    }
}

/// The start and end that a line is to say.
#[derive(Debug, Clone, Copy)]
struct Moments {
    start: DateOrDateTime,
    end: Option<DateOrDateTime>,
}

impl Moments {
    /// Whether it says all that a value of the start says.
    fn holds_start(self, piece: Piece) -> bool {
        let written = match piece {
            Piece::Day(date) => date,
            Piece::Times(times) => on_day(times, self.start.date),
        };
        says(self.start, written.start) && written.end.is_none_or(|end| self.ends_at(end))
    }

    /// Whether it says all that a value of the end says. A time alone may be of any day.
    fn holds_end(self, piece: Piece) -> bool {
        match piece {
            Piece::Day(date) => date.end.is_none() && self.ends_at(date.start),
            Piece::Times(times) => times.end.is_none() && self.end.is_some_and(|end| end.time == times.start.time),
        }
    }

    fn ends_at(self, written: DateOrDateTime) -> bool {
        match self.end {
            Some(end) => says(end, written),
            None => written.time.is_none() && written.date == self.start.date,
        }
    }
}

/// Whether a moment says all that is written of it.
fn says(moment: DateOrDateTime, written: DateOrDateTime) -> bool {
    moment.date == written.date && (written.time.is_none() || written.time == moment.time)
}

/// The lines that say all that the keys of an event and others beside them say.
struct Lines {
    text: String,
    /// A line of its own for the end, where one line cannot hold both.
    end: Option<String>,
    /// The keys whose lines are to be deleted.
    instead_of: Vec<String>,
}

impl Lines {
    fn zh(&self) -> String {
        let keys = self.instead_of.join("”“");
        let end = self.end.as_ref().map_or(String::new(), |end| format!("，再加一行 {end}"));
        match self.instead_of.len() {
            0 => format!("{}{end}", self.text),
            1 => format!("{}{end}，删掉“{keys}”那一行", self.text),
            _ => format!("{}{end}，删掉“{keys}”这几行", self.text),
        }
    }

    fn en(&self) -> String {
        let keys = self.instead_of.join("\", \"");
        let end = self.end.as_ref().map_or(String::new(), |end| format!(", add a line {end}"));
        match self.instead_of.len() {
            0 => format!("{}{end}", self.text),
            1 => format!("{}{end}, and delete the line \"{keys}\"", self.text),
            _ => format!("{}{end}, and delete the lines \"{keys}\"", self.text),
        }
    }
}

/// Keys beside those of the table that say when the event is.
struct Others<'e> {
    starts: Vec<&'e MappingEntry>,
    ends: Vec<&'e MappingEntry>,
}

impl<'e> Others<'e> {
    fn of(fields: &MappingReader<'e, '_>) -> Self {
        let named = |names: &[&str]| -> Vec<&'e MappingEntry> {
            fields.unknown_keys().iter().copied().filter(|entry| is_one_of(&entry.key, names)).collect()
        };
        Self { starts: named(&START_KEYS), ends: named(&END_KEYS) }
    }

    fn first(&self) -> Option<&'e MappingEntry> {
        self.starts.iter().chain(&self.ends).copied().next()
    }

    /// All that is written, with the day of the page if nothing else names one. `None` if a part of it is no time.
    fn pieces(&self, fields: &MappingReader<'_, '_>) -> Option<Pieces> {
        let zone = fields.source().zone;
        let own = |key: &str| fields.node(key).map(|node| Piece::of(&node.text()?, zone));
        let other = |entry: &&MappingEntry| Piece::of(&entry.node.text()?, zone);
        let mut starts: Vec<Piece> =
            own("start").into_iter().chain(self.starts.iter().map(other)).collect::<Option<_>>()?;
        let ends = own("end").into_iter().chain(self.ends.iter().map(other)).collect::<Option<_>>()?;
        if !starts.iter().any(|piece| piece.day().is_some()) {
            starts.push(own("date")??);
        }
        Some(Pieces { starts, ends })
    }

    /// The lines to type instead. `None` if they could not say all that is written.
    fn lines(&self, fields: &MappingReader<'_, '_>) -> Option<Lines> {
        let Moments { start, end: last } = self.pieces(fields)?.together()?;
        // The line of the end stays if it is the only one.
        let stays = fields.entry("end").is_some() && self.ends.is_empty();
        let last = last.filter(|_| !stays);
        // A range has two times or none.
        let is_apart = last.is_some_and(|last| last.time.is_some() != start.time.is_some());
        let in_line = last.filter(|_| !is_apart);
        let text = in_line.map_or_else(|| start.written(), |last| written_range(start, last));
        let read = parse_written_date(&text)?;
        let end = last.filter(|_| is_apart).map(|last| (last, last.written()));
        let end_is_read = end.as_ref().is_none_or(|(last, text)| parse_date(text) == Some(*last));
        if (read.start, read.end) != (start, in_line) || !end_is_read {
            return None;
        }
        let name = |key: &str, zh: &str| {
            let written = fields.entry(key).map(|entry| entry.key.clone());
            written.unwrap_or_else(|| fields.in_author_words(zh, key).to_string())
        };
        let mut instead_of: Vec<String> =
            self.starts.iter().chain(&self.ends).map(|entry| entry.key.trim().to_string()).collect();
        instead_of.extend(fields.entry("end").filter(|_| !stays).map(|entry| entry.key.clone()));
        let end = end.map(|(_, text)| format!("{}: {text}", name("end", "结束")));
        Some(Lines { text: format!("{}: {text}", name("start", "开始")), end, instead_of })
    }
}

/// Reads start and end. The start may hold both (`2027-04-26 9:30-11:30`); an end that is only a time lies on the day
/// of the start.
pub(super) fn times(fields: &mut MappingReader<'_, '_>) -> EventTimes {
    let others = Others::of(fields);
    let zone = fields.source().zone;
    let start = fields.node("start").and_then(|node| node.text()).map(|text| Piece::of(&text, zone));
    let is_time_alone = matches!(start, Some(Some(Piece::Times(_))));
    if others.first().is_some() || is_time_alone {
        let lines = others.lines(fields);
        if is_time_alone && let Some(lines) = &lines {
            let written = fields.node("start").and_then(|node| node.text()).unwrap_or_default().trim().to_string();
            let fill = |diag: Diagnostic| diag.arg("value", written).arg("fix", lines.zh()).arg("fix_en", lines.en());
            report(fields, "start", fill, &code::BAD_DATE);
            return EventTimes::default();
        }
        let has_start = fields.node("start").is_some();
        match (others.first(), lines) {
            (Some(_), Some(lines)) if !has_start => {
                fields.report_missing_as("start", FIELDS, (lines.zh(), lines.en()));
                return EventTimes::default();
            }
            (Some(entry), Some(lines)) => report_elsewhere(fields, entry, &lines),
            _ => {
                for entry in others.starts.iter().chain(&others.ends) {
                    fields.report_unknown_key(entry, FIELDS.iter(), &[]);
                }
                // An example of a day could be taken for the day to write.
                if let Some(entry) = others.first().filter(|_| !has_start) {
                    fields.report_missing_as("start", FIELDS, to_rewrite(fields, entry));
                    return EventTimes::default();
                }
            }
        }
    }
    // A start with an invalid value is reported by its own diagnostic.
    fields.require("start", FIELDS);
    read(fields)
}

/// The line to type for a key whose time is not understood, in Chinese and English. It names no day.
fn to_rewrite(fields: &MappingReader<'_, '_>, entry: &MappingEntry) -> (String, String) {
    let (name, key) = (fields.in_author_words("开始", "start"), entry.key.trim());
    (
        format!("{name}: 年-月-日 时:分-时:分，把“{key}”写的时间按 24 小时制填进去，再删掉“{key}”那一行"),
        format!(
            "{name}: YEAR-MONTH-DAY HOUR:MINUTE-HOUR:MINUTE with the time that \"{key}\" names, by the 24-hour clock, and delete the line \"{key}\""
        ),
    )
}

/// Reports a key that says when the event is, beside a start that was read.
fn report_elsewhere(fields: &mut MappingReader<'_, '_>, entry: &MappingEntry, lines: &Lines) {
    let diag = Diagnostic::new(&events::EVENT_TIME_ELSEWHERE).at(fields.source(), entry.key_span);
    fields.report(diag.arg("key", entry.key.trim()).arg("fix", lines.zh()).arg("fix_en", lines.en()));
}

fn read(fields: &mut MappingReader<'_, '_>) -> EventTimes {
    if fields.node("end").is_none() {
        let range = fields.date_range("start").map(|date| date.value);
        return EventTimes { start: range.map(|range| range.start), end: range.and_then(|range| range.end) };
    }
    let start = fields.date("start");
    let written = fields.node("end").and_then(|node| node.text());
    // Without a start any day shows whether the end is a time.
    let day = start.map_or(ANY_DAY, |start| start.date);
    let same_day = written
        .and_then(|text| parse_written_date(&format!("{day} {}", text.trim())))
        .filter(|date| date.end.is_none() && date.offset.is_none());
    // `次日1:00`, `7日`, `12月6日`: as behind the start.
    let ranged = || {
        let text = fields.node("end")?.text().filter(|text| parse_written_date(text).is_none())?;
        parse_written_date(&format!("{} 至 {}", start?.written(), text.trim()))?.end
    };
    let end = match same_day {
        Some(date) => start.map(|_| date.start),
        None => match ranged() {
            Some(end) => Some(end),
            None => fields.date_after("end", start),
        },
    };
    if let (Some(start), Some(end)) = (start, end)
        && let (None, Some(_)) = (start.time, end.time)
    {
        let name = |fields: &MappingReader<'_, '_>, key| fields.entry(key).map_or(String::new(), |e| e.key.clone());
        let (from, to) = (name(fields, "start"), name(fields, "end"));
        let fill = |diag: Diagnostic| diag.arg("start", from).arg("end", to).arg("day", start.date);
        report(fields, "end", fill, &events::END_TIME_UNUSED);
    }
    EventTimes { start, end }
}
