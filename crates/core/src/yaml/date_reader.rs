//! Reads the dates of a mapping: a moment, or a moment with an end.
//!
//! Input: a key of a [`MappingReader`]. Output: dates in the site's time zone, and diagnostics that keep key and value and say what to
//! type. Does not know what the dates are for.

use crate::base::{
    DateOrDateTime, Span, WrittenDate, parse_several_times, parse_written_date, suggest_date, weekday_name,
    without_weekdays, written_range,
};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, Lang};

use super::{MappingEntry, MappingReader, Spanned};

/// What is written where nothing of a value can be read as a date.
const EXAMPLE: &str = "2025-04-26";

impl MappingReader<'_, '_> {
    /// Reads a date in any form that [`crate::base::parse_date`] accepts.
    pub fn date(&mut self, key: &str) -> Option<DateOrDateTime> {
        self.spanned_date(key).map(|s| s.value)
    }

    /// Like [`MappingReader::date`], with the span.
    pub fn spanned_date(&mut self, key: &str) -> Option<Spanned<DateOrDateTime>> {
        self.single_date(key, None)
    }

    /// Reads the end of something that begins at `start`, after which the date of an example lies.
    pub fn date_after(&mut self, key: &str, start: Option<DateOrDateTime>) -> Option<DateOrDateTime> {
        self.single_date(key, start).map(|date| date.value)
    }

    fn single_date(&mut self, key: &str, start: Option<DateOrDateTime>) -> Option<Spanned<DateOrDateTime>> {
        let date = self.read_date(key, DateForm { takes_end: false, start })?;
        if let Some(end) = date.value.end {
            let name = &self.entry(key)?.key;
            let end_line = |present: &MappingEntry| {
                let line = self.source().line_column(present.key_span.start).line;
                let fix = format!("{}: {}", present.key, end.written());
                (
                    format!("结束的时间在第 {line} 行，对不上就改成 {fix}"),
                    format!("its end stands on line {line}: {fix}"),
                )
            };
            let (zh, en) = match self.entry("end").filter(|_| key == "start") {
                Some(present) => end_line(present),
                None => {
                    let fix = format!("{}: {}", if name.is_ascii() { "end" } else { "结束" }, end.written());
                    (
                        format!("要是活动，结束的时间另写一行 {fix}"),
                        format!("the end of an event goes on a line of its own, {fix}"),
                    )
                }
            };
            let diag = Diagnostic::new(&code::DATE_RANGE)
                .at(self.source(), date.span)
                .arg("value", self.entry(key)?.node.text().unwrap_or_default().trim())
                .arg("key", name)
                .arg("start", date.value.start.written())
                .arg("advice_zh", zh)
                .arg("advice_en", en);
            self.report(diag);
            return None;
        }
        Some(Spanned { value: date.value.start, span: date.span })
    }

    /// Reads a date that may have an end, in the site's time zone.
    pub fn date_range(&mut self, key: &str) -> Option<Spanned<WrittenDate>> {
        self.read_date(key, DateForm { takes_end: true, start: None })
    }

    /// A date in any form that is read, in the site's time zone.
    fn parse_range(&self, text: &str) -> Option<WrittenDate> {
        let date = parse_written_date(text)?;
        self.source().zone.map_or(Some(date), |zone| date.in_zone(zone))
    }

    /// The same for a value of a key that is in no table; of a range it is the start.
    pub fn parse_date(&self, text: &str) -> Option<DateOrDateTime> {
        self.parse_range(text).map(|date| date.start)
    }

    fn read_date(&mut self, key: &str, form: DateForm) -> Option<Spanned<WrittenDate>> {
        let (field, entry) = self.find_field(key)?;
        let node = &entry.node;
        let Some(text) = node.text() else {
            self.report_type_mismatch(field, entry, node);
            return None;
        };
        match self.parse_range(&text) {
            Some(value) => {
                // The zone may move the day; the weekday is that of the day as written.
                let written = parse_written_date(&text).unwrap_or(value);
                self.check_weekday(&entry.key, (&text, &written), node.span);
                Some(Spanned { value, span: node.span })
            }
            None => {
                let diag = unread_date(&entry.key, text.trim(), form);
                self.report(diag.at(self.source(), node.span));
                None
            }
        }
    }

    /// Reports a weekday that is not that of its day.
    fn check_weekday(&mut self, key: &str, (text, date): (&str, &WrittenDate), span: Span) {
        let Some((day, written)) = date.wrong_weekday() else { return };
        let diag = Diagnostic::new(&code::WEEKDAY_DIFFERS).at(self.source(), span).arg("day", day).arg("key", key);
        let name = |weekday, lang| weekday_name(weekday, lang == Lang::Zh);
        let diag = diag.arg("written", name(written, Lang::Zh)).arg("written_en", name(written, Lang::En));
        let actual = day.weekday();
        // Without the weekday, and with all that stands beside it.
        let fix = match (date.offset, date.end) {
            (Some(_), _) => without_weekdays(text),
            (None, Some(end)) => written_range(date.start, end),
            (None, None) => date.start.written(),
        };
        let diag = diag.arg("fix", fix);
        let diag = diag.arg("actual", name(actual, Lang::Zh)).arg("actual_en", name(actual, Lang::En));
        self.report(diag);
    }
}

/// Which dates a key takes.
#[derive(Debug, Clone, Copy)]
struct DateForm {
    /// It may have an end.
    takes_end: bool,
    /// It is the end of something that begins then.
    start: Option<DateOrDateTime>,
}

/// An example of an end: two hours after the start, or the same day.
fn later(start: DateOrDateTime) -> DateOrDateTime {
    let Some(time) = start.time else { return start };
    let civil = start.date.to_datetime(time).saturating_add(jiff::Span::new().hours(2));
    DateOrDateTime { date: civil.date(), time: Some(civil.time()) }
}

/// What is wrong with a value that is no date, and what to type instead.
fn unread_date(key: &str, written: &str, form: DateForm) -> Diagnostic {
    let DateForm { takes_end, start } = form;
    let times = parse_several_times(written);
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        let end = last.end.unwrap_or(last.start);
        let diag = Diagnostic::new(&code::SEVERAL_TIMES).arg("value", written).arg("count", times.len());
        let start_line = format!("{key}: {}", first.start.written());
        if !takes_end || end < first.start {
            return diag.arg("fix", &start_line).arg("fix_en", start_line);
        }
        if first.start.time.is_some() == end.time.is_some() {
            let line = format!("{key}: {}", written_range(first.start, end));
            return diag.arg("fix", &line).arg("fix_en", line);
        }
        // One line takes two times or two days.
        let end_line = format!("{}: {}", if key.is_ascii() { "end" } else { "结束" }, end.written());
        let both = diag.arg("fix", format!("{start_line}，另一行写 {end_line}"));
        return both.arg("fix_en", format!("{start_line} and, on a line of its own, {end_line}"));
    }
    let diag = Diagnostic::new(&code::BAD_DATE).arg("value", written);
    if let Some(start) = start
        && suggest_date(written, takes_end).is_none()
    {
        let fix = format!("{key}: {}", later(start).written());
        return diag.arg("fix_en", format!("{fix}, or when it does end")).arg("fix", format!("{fix}（照实写）"));
    }
    match suggest_date(written, takes_end) {
        // The time of an event is given whole or not at all: nobody sees what a line leaves out.
        Some(fix) if !fix.is_whole && (takes_end || start.is_some()) => {
            diag.arg("fix", format!("{key}: {EXAMPLE} 14:00 的样子，原文里的日期和时间都要写上，别的话写进正文")).arg(
                "fix_en",
                format!(
                    "{key}: {EXAMPLE} 14:00 or alike, with all its days and times, and the other words in the text"
                ),
            )
        }
        Some(fix) => diag
            .arg("fix", format!("{key}: {}{}", fix.text, fix.note_zh))
            .arg("fix_en", format!("{key}: {}{}", fix.text, fix.note_en)),
        None => diag
            .arg("fix", format!("{key}: {EXAMPLE}，要写时间就写成 {key}: {EXAMPLE} 9:30"))
            .arg("fix_en", format!("{key}: {EXAMPLE}, with a time {key}: {EXAMPLE} 9:30")),
    }
}
