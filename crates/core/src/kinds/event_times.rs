//! Start and end of an event, also where people wrote them under other keys: `时间`, or `开始日期` beside `开始时间`.
//!
//! Input: the front matter of an event. Output: [`EventTimes`], and diagnostics that show the whole line to type. What stands under other
//! keys is not read, since two lines may disagree; it is put into the hint, so that nothing of it is lost.

use jiff::civil::Date;

use super::event::{FIELDS, report};
use crate::base::{DateOrDateTime, WrittenDate, parse_written_date, suggest_date, written_range};
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

/// Keys under which people write when it ends.
const END_KEYS: [&str; 8] =
    ["结束日期", "终止日期", "截止时间", "end_date", "enddate", "end_time", "endtime", "finish"];

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
    fn of(text: &str) -> Option<Piece> {
        let text = text.trim();
        if let Some(date) = parse_written_date(text) {
            return Some(Piece::Day(date));
        }
        if let Some(times) = parse_written_date(&format!("{ANY_DAY} {text}")).filter(|date| date.start.time.is_some()) {
            return Some(Piece::Times(times));
        }
        let suggested = suggest_date(text, true).filter(|fix| fix.note_zh.is_empty())?;
        parse_written_date(&suggested.text).map(Piece::Day)
    }

    fn of_entry(entry: &MappingEntry) -> Option<Piece> {
        Piece::of(&entry.node.text()?)
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

    /// The lines to type instead. `None` if no day can be made out, or something written is no time.
    fn lines(&self, fields: &MappingReader<'_, '_>) -> Option<Lines> {
        let piece = |key: &str| fields.node(key).and_then(|node| node.text()).map(|text| Piece::of(&text));
        let (start, end) = (piece("start"), piece("end"));
        let all = || -> Option<Vec<Piece>> {
            let own = start.iter().chain(&end).copied();
            own.chain(self.starts.iter().chain(&self.ends).map(|entry| Piece::of_entry(entry))).collect()
        };
        all()?;
        let starts = || start.iter().copied().flatten().chain(self.starts.iter().filter_map(|e| Piece::of_entry(e)));
        let date = || piece("date").flatten().and_then(Piece::day);
        let mut whole = starts().find_map(Piece::day).or_else(date)?;
        if whole.start.time.is_none()
            && let Some(times) = starts().find_map(Piece::times)
        {
            // The end of several days keeps its day.
            let last = whole.end;
            whole = on_day(times, whole.start.date);
            whole.end = whole.end.or(last);
        }
        let ends: Vec<Piece> =
            end.iter().copied().flatten().chain(self.ends.iter().filter_map(|e| Piece::of_entry(e))).collect();
        let end_day = ends.iter().find_map(|piece| piece.day()).map(|date| date.start);
        let end_time = ends.iter().find_map(|piece| piece.times()).map(|times| times.start);
        let last = match (end_day, end_time) {
            (Some(day), Some(time)) if day.time.is_none() => Some(DateOrDateTime { time: time.time, ..day }),
            (Some(day), _) => Some(day),
            (None, Some(time)) => Some(on_day(WrittenDate { start: time, ..whole }, whole.start.date).start),
            (None, None) => whole.end,
        };
        let own_end = fields.entry("end").filter(|_| self.ends.is_empty());
        let name = |key: &str, zh: &str| {
            let written = fields.entry(key).map(|entry| entry.key.clone());
            written.unwrap_or_else(|| fields.in_author_words(zh, key).to_string())
        };
        let last = last.filter(|last| own_end.is_none() && *last >= whole.start);
        let text = match last {
            // A range has two times or none.
            Some(last) if last.time.is_some() != whole.start.time.is_some() => whole.start.written(),
            Some(last) => written_range(whole.start, last),
            None => whole.start.written(),
        };
        let apart = last.filter(|last| last.time.is_some() != whole.start.time.is_some());
        let mut instead_of: Vec<String> =
            self.starts.iter().chain(&self.ends).map(|entry| entry.key.trim().to_string()).collect();
        instead_of.extend(fields.entry("end").filter(|_| own_end.is_none()).map(|entry| entry.key.clone()));
        let end = apart.map(|end| format!("{}: {}", name("end", "结束"), end.written()));
        Some(Lines { text: format!("{}: {text}", name("start", "开始")), end, instead_of })
    }
}

/// Reads start and end. The start may hold both (`2027-04-26 9:30-11:30`); an end that is only a time lies on the day
/// of the start.
pub(super) fn times(fields: &mut MappingReader<'_, '_>) -> EventTimes {
    let others = Others::of(fields);
    let start = fields.node("start").and_then(|node| node.text()).map(|text| Piece::of(&text));
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
            }
        }
    }
    // A start with an invalid value is reported by its own diagnostic.
    fields.require("start", FIELDS);
    read(fields)
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
