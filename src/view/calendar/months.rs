//! Template data of months as tables of weeks: the page of a month, and the twelve small months of a year's calendar. In:
//! the months and calendars that `crate::calendar` made. Out: types of [`super::model`].

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::calendar::{Calendar, CalendarScope, EventMonths, Occurrence};
use crate::catalog::PageId;
use crate::view::model::LinkView;
use crate::view::tracking::site::Site;

use super::model::{DayView, GridView, SmallDay, SmallMonth, SpanView, WeekView};

impl Site {
    /// The page of one month of a language's events.
    pub fn grid_view(&self, months: &EventMonths, month: Date) -> GridView {
        let agenda = self.agenda();
        let lang = months.lang;
        let url = self.settings().href(&months.address(month));
        let found = self.occurrences_in_month(lang, month);
        let neighbour = |month: Option<Date>| {
            let month = month?;
            Some(LinkView { title: self.month_title(month, lang), url: self.settings().href(&months.address(month)) })
        };
        let schedule = agenda.schedule();
        let year = schedule.find(CalendarScope::Year(month.year()), lang);
        let all = schedule.find(CalendarScope::All, lang);
        GridView {
            title: self.word(lang, "calendar_month").replace("{month}", &self.month_title(month, lang)),
            kind: "month",
            permalink: self.permalink(&url),
            summary: None,
            breadcrumbs: self.calendar_crumbs(CalendarScope::All, lang, true),
            translations: self.translation_views(agenda.other_languages(lang, |i| {
                let other = schedule.months.iter().find(|g| g.lang == i && g.months.contains(&month))?;
                Some(other.address(month))
            })),
            feeds: None,
            year: month.year(),
            month: month.month(),
            weeks: weeks(month).into_iter().map(|week| self.week(&week, &found, lang)).collect(),
            previous: neighbour(months.before(month)),
            next: neighbour(months.after(month)),
            of_year: year.map(|c| LinkView { title: self.calendar_title(c), url: self.settings().href(&c.route) }),
            ics: all.map(|c| self.settings().href(&c.route.child_file("calendar.ics"))),
            events: self.occurrence_views(&found, lang),
            url,
        }
    }

    /// What takes place in a month, sorted by first day, then time of day.
    fn occurrences_in_month(&self, lang: usize, month: Date) -> Vec<(Occurrence, PageId)> {
        let agenda = self.agenda();
        let all = agenda.schedule().find(CalendarScope::All, lang);
        let events = all.map(|c| c.events.as_slice()).unwrap_or_default().iter();
        let of_event = |id: &PageId| {
            let id = *id;
            agenda.events().occurrences(id, month, month.last_of_month()).into_iter().map(move |days| (days, id))
        };
        self.sorted(events.flat_map(of_event).collect())
    }

    /// A week of the table: its days with what takes one day, and a bar for each event of several days.
    fn week(&self, days: &[Option<Date>; 7], found: &[(Occurrence, PageId)], lang: usize) -> WeekView {
        let agenda = self.agenda();
        let view = |days: Occurrence, id: PageId| Some(self.occurrence(agenda.event(id)?, days, lang));
        let cell = |date: &Option<Date>| {
            let here = found.iter().filter(|(d, _)| d.first == d.last && Some(d.first) == *date);
            DayView {
                date: date.map(|date| self.date(date.into(), lang)),
                events: here.filter_map(|(days, id)| view(*days, *id)).collect(),
            }
        };
        let column = |date: Date| days.iter().position(|day| *day == Some(date));
        let (from, to) = (days.iter().flatten().min(), days.iter().flatten().max());
        let mut lanes: Vec<Vec<Bar>> = Vec::new();
        for (index, (span, _)) in found.iter().enumerate().filter(|(_, (span, _))| span.first < span.last) {
            let (Some(from), Some(to)) = (from, to) else { continue };
            if !span.overlaps(*from, *to) {
                continue;
            }
            let (Some(first), Some(last)) = (column(span.first.max(*from)), column(span.last.min(*to))) else {
                continue;
            };
            let bar = Bar { first, last, begins: span.first >= *from, ends: span.last <= *to, index };
            // Occurrences are sorted by their first day, so a bar fits into a lane if it begins behind the lane's last bar.
            match lanes.iter_mut().find(|lane| lane.last().is_none_or(|before| before.last < first)) {
                Some(lane) => lane.push(bar),
                None => lanes.push(vec![bar]),
            }
        }
        let spans = lanes.iter().map(|lane| {
            let mut cells = Vec::new();
            let mut next = 0;
            for bar in lane {
                cells.extend((bar.first > next).then(|| SpanView::empty(bar.first - next)));
                let (occurrence, id) = found[bar.index];
                cells.push(SpanView {
                    columns: bar.last + 1 - bar.first,
                    event: view(occurrence, id),
                    begins: bar.begins,
                    ends: bar.ends,
                });
                next = bar.last + 1;
            }
            cells.extend((next < 7).then(|| SpanView::empty(7 - next)));
            cells
        });
        WeekView { days: days.iter().map(cell).collect(), spans: spans.collect() }
    }

    /// The twelve months of a year's calendar; none of other calendars.
    pub(super) fn small_months(&self, calendar: &Calendar) -> Vec<SmallMonth> {
        let CalendarScope::Year(year) = calendar.scope else { return Vec::new() };
        let lang = calendar.lang;
        let agenda = self.agenda();
        let with_page = agenda.schedule().months.iter().find(|months| months.lang == lang);
        let month_of = |number: i8| {
            let month = Date::new(year, number, 1).ok()?;
            let found = self.occurrences_in_month(lang, month);
            let day = |date: &Option<Date>| SmallDay {
                day: date.map(Date::day),
                on: date.is_some_and(|date| found.iter().any(|(days, _)| days.overlaps(date, date))),
            };
            let page = with_page.filter(|months| months.months.contains(&month));
            Some(SmallMonth {
                month: number,
                url: page.map(|months| self.settings().href(&months.address(month))),
                weeks: weeks(month).iter().map(|week| week.iter().map(day).collect()).collect(),
            })
        };
        (1..=12).filter_map(month_of).collect()
    }
}

/// A bar of a lane: the columns from `first` to `last` for the occurrence at `index`.
struct Bar {
    first: usize,
    last: usize,
    /// The event begins in this week.
    begins: bool,
    /// The event ends in this week.
    ends: bool,
    index: usize,
}

/// The weeks of a month from Monday to Sunday; `None` before its first and after its last day.
fn weeks(month: Date) -> Vec<[Option<Date>; 7]> {
    let last = month.last_of_month();
    let mut weeks = Vec::new();
    let mut week = [None; 7];
    for date in month.series(1.day()).take_while(|d| *d <= last) {
        week[date.weekday().to_monday_zero_offset() as usize] = Some(date);
        if date.weekday() == Weekday::Sunday || date == last {
            weeks.push(std::mem::take(&mut week));
        }
    }
    weeks
}
