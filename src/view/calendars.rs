//! Calendars as templates see them: lists by month, month grids, and what other pages show of them.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::calendar::{Calendar, CalendarOf, Days, Grid, days, occurrences};
use crate::catalog::{PageId, SectionId, TermId};
use puzhi_core::base::{Moment, Route};
use puzhi_core::kinds::Event;

use super::calendar_model::{
    CalendarBrief, CalendarLinks, CalendarView, DayView, GridView, MonthGroup, OccurrenceView, SubscribeView,
};
use super::key::Key;
use super::model::LinkView;
use super::reads::saw;
use super::site::Site;

/// Rows of one list.
const MOST: usize = 500;

impl Site {
    /// What a calendar is called, without the site's name.
    pub fn calendar_title(&self, calendar: &Calendar) -> String {
        saw(|| Key::Agenda);
        let word = |key| self.word(calendar.lang, key);
        match calendar.of {
            CalendarOf::All => word("calendar_all"),
            CalendarOf::Year(year) => word("calendar_year").replace("{year}", &year.to_string()),
            CalendarOf::Term(term) => word("calendar_term").replace("{name}", &self.catalog.term(term).name),
        }
    }

    fn month_title(&self, month: Date, lang: usize) -> String {
        let name = self.word(lang, &format!("month_{}", month.month()));
        self.word(lang, "year_month").replace("{year}", &month.year().to_string()).replace("{month}", &name)
    }

    pub fn calendar_view(&self, calendar: &Calendar) -> CalendarView {
        let lang = calendar.lang;
        let today = self.clock.today;
        let url = self.settings.href(&calendar.route);
        let events = &calendar.events;
        // Terms of two languages are two terms.
        let of = calendar.of;
        let (months, past) = match calendar.of {
            CalendarOf::Year(year) => (self.year_of(events, year), Vec::new()),
            CalendarOf::All => (self.coming(events), Vec::new()),
            CalendarOf::Term(_) => {
                let mut past = self.days_of(events, first_day(today.year() - 1), Some(today));
                past.reverse();
                (self.coming(events), past)
            }
        };
        let link = |of: CalendarOf| {
            self.agenda
                .find(of, lang)
                .map(|c| LinkView { title: self.calendar_title(c), url: self.settings.href(&c.route) })
        };
        let beside = |step: fn(&mut dyn Iterator<Item = i16>) -> Option<i16>, before: bool| {
            let CalendarOf::Year(year) = calendar.of else { return None };
            let mut years = self.years(lang).into_iter().filter(|y| if before { *y < year } else { *y > year });
            step(&mut years).and_then(|y| link(CalendarOf::Year(y)))
        };
        CalendarView {
            title: self.calendar_title(calendar),
            kind: "calendar",
            name: match calendar.of {
                CalendarOf::All => "all".into(),
                CalendarOf::Year(_) => "year".into(),
                CalendarOf::Term(term) => self.catalog.term(term).taxonomy.clone(),
            },
            permalink: self.permalink(&url),
            summary: None,
            breadcrumbs: self.calendar_crumbs(calendar.of, lang, false),
            translations: self.others(lang, |i| self.agenda.find(of, i).map(|c| c.route.clone())),
            feeds: None,
            subscribe: (!events.is_empty()).then(|| self.subscribe(&calendar.route, "calendar.ics", lang)),
            months: by_month(self.shown(&months, lang)),
            past: by_month(self.shown(&past, lang)),
            year: match calendar.of {
                CalendarOf::Year(year) => Some(year),
                _ => None,
            },
            previous: beside(|years| years.last(), true),
            next: beside(|years| years.next(), false),
            grid: self.grid_near(calendar),
            calendars: self.calendar_links(calendar),
            url,
        }
    }

    /// Occurrences from the day of the build to the end of next year; sessions however far ahead.
    fn coming(&self, events: &[PageId]) -> Vec<(Days, PageId)> {
        self.days_of(events, self.clock.today, None)
    }

    fn year_of(&self, events: &[PageId], year: i16) -> Vec<(Days, PageId)> {
        let to = Date::new(year, 12, 31).unwrap_or(Date::MAX);
        self.sorted(
            events
                .iter()
                .flat_map(|id| occurrences(&self.catalog, *id, first_day(year), to).into_iter().map(|d| (d, *id)))
                .collect(),
        )
    }

    /// Occurrences that end on or after `from`: all to come, or only those that are over by `over`.
    /// Sessions are never too early for the latter.
    fn days_of(&self, events: &[PageId], from: Date, over: Option<Date>) -> Vec<(Days, PageId)> {
        let next_year = Date::new(self.clock.today.year() + 1, 12, 31).unwrap_or(Date::MAX);
        let mut found = Vec::new();
        for id in events {
            let Some(event) = self.catalog.card(*id).event() else { continue };
            let from = if over.is_some() && !event.yearly { Date::MIN } else { from };
            let to = if event.yearly { next_year } else { Date::MAX };
            found.extend(
                days::within(event, from, to)
                    .into_iter()
                    .filter(|d| over.is_none_or(|over| d.last < over))
                    .map(|d| (d, *id)),
            );
        }
        self.sorted(found)
    }

    /// By first day, then time of day, then last day.
    fn sorted(&self, mut days: Vec<(Days, PageId)>) -> Vec<(Days, PageId)> {
        let time = |id: &PageId| self.catalog.card(*id).event().filter(|e| !e.all_day).and_then(|e| e.start?.time);
        days.sort_by_key(|(d, id)| (d.first, time(id), d.last, *id));
        days
    }

    fn shown(&self, days: &[(Days, PageId)], lang: usize) -> Vec<OccurrenceView> {
        days.iter().take(MOST).map(|(days, id)| self.occurrence(*id, *days, lang)).collect()
    }

    pub(super) fn occurrence(&self, id: PageId, days: Days, lang: usize) -> OccurrenceView {
        let card = self.catalog.card(id);
        let event = card.event().cloned().unwrap_or_default();
        let at = |date: Date| self.date(Moment { date, time: None }, lang);
        OccurrenceView {
            title: card.title.clone(),
            url: self.url(id),
            first: at(days.first),
            last: (days.last > days.first).then(|| at(days.last)),
            time: self.times(&event, days, lang),
            until: event.end.filter(|_| days.last > days.first && !event.all_day).and_then(|m| m.time).map(clock),
            place: event.place.or(event.address),
            status: event.status,
            reason: event.reason,
            yearly: event.yearly,
            past: days.last < self.clock.today,
        }
    }

    /// `9:30` or `9:30—11:30`; of several days when the first begins.
    fn times(&self, event: &Event, days: Days, lang: usize) -> Option<String> {
        let start = event.start.filter(|_| !event.all_day)?.time.map(clock)?;
        let end = event.end.filter(|_| days.first == days.last).and_then(|m| m.time);
        Some(match end {
            Some(end) => format!("{start}{}{}", self.word(lang, "dash"), clock(end)),
            None => start,
        })
    }

    /// From the home page to the calendar of all events, or to the term the calendar is of.
    fn calendar_crumbs(&self, of: CalendarOf, lang: usize, with: bool) -> Vec<LinkView> {
        if let CalendarOf::Term(term) = of {
            let mut crumbs = self.taxonomy_crumbs(&self.catalog.term(term).taxonomy, lang);
            crumbs.push(self.term_link(term));
            return crumbs;
        }
        let Some(all) = self.agenda.find(CalendarOf::All, lang) else { return self.home_crumb(lang) };
        let section =
            self.catalog.sections.iter().position(|s| s.lang == lang && s.route.child("calendar") == all.route);
        let mut crumbs =
            section.map_or_else(|| self.home_crumb(lang), |i| self.section_crumbs(SectionId(i as u32), true));
        if with || of != CalendarOf::All {
            crumbs.push(LinkView { title: self.calendar_title(all), url: self.settings.href(&all.route) });
        }
        crumbs
    }

    /// Years that have a page, in order.
    fn years(&self, lang: usize) -> Vec<i16> {
        let own = self.agenda.calendars.iter().filter(|c| c.lang == lang);
        let mut years: Vec<i16> =
            own.filter_map(|c| if let CalendarOf::Year(year) = c.of { Some(year) } else { None }).collect();
        years.sort_unstable();
        years
    }

    fn calendar_links(&self, here: &Calendar) -> Vec<CalendarLinks> {
        let lang = here.lang;
        let mut out = Vec::new();
        let mut add = |title: String, links: Vec<LinkView>| {
            if !links.is_empty() {
                out.push(CalendarLinks { title, links });
            }
        };
        let calendars = || self.agenda.calendars.iter().filter(|c| c.lang == lang && c.route != here.route);
        let all = calendars().filter(|c| c.of == CalendarOf::All);
        add(
            self.word(lang, "calendars"),
            all.map(|c| LinkView { title: self.calendar_title(c), url: self.settings.href(&c.route) }).collect(),
        );
        let years = calendars().filter_map(|c| match c.of {
            CalendarOf::Year(year) => Some(LinkView { title: year.to_string(), url: self.settings.href(&c.route) }),
            _ => None,
        });
        add(self.word(lang, "calendar_years"), years.collect());
        for taxonomy in crate::calendar::CALENDARS {
            let links = calendars().filter_map(|c| match c.of {
                CalendarOf::Term(term) if self.catalog.term(term).taxonomy == taxonomy => {
                    Some(LinkView { title: self.catalog.term(term).name.clone(), url: self.settings.href(&c.route) })
                }
                _ => None,
            });
            add(self.taxonomy_title(taxonomy, lang), links.collect());
        }
        out
    }

    /// The month page to start from.
    fn grid_near(&self, calendar: &Calendar) -> Option<String> {
        let grid = self.agenda.grids.iter().find(|g| g.lang == calendar.lang)?;
        let wanted = match calendar.of {
            CalendarOf::Year(year) if year != self.clock.today.year() => first_day(year),
            _ => self.clock.today.first_of_month(),
        };
        let month = grid
            .months()
            .find(|m| *m >= wanted)
            .filter(|m| !matches!(calendar.of, CalendarOf::Year(year) if m.year() != year))?;
        Some(self.settings.href(&grid.address(month)))
    }

    pub(super) fn subscribe(&self, route: &Route, file: &str, lang: usize) -> SubscribeView {
        let ics = self.settings.href(&route.file_in(file));
        let https = self.permalink(&ics);
        let webcal = https.as_ref().and_then(|url| url.split_once("://")).map(|(_, rest)| format!("webcal://{rest}"));
        SubscribeView { ics, https, webcal, qr_html: self.qr(route, lang) }
    }

    /// The code of a page's address, if it has one.
    fn qr(&self, route: &Route, lang: usize) -> Option<String> {
        let page = self.permalink(&self.settings.href(route))?;
        super::qr::svg(&page, &self.word(lang, "qr_label"))
    }

    /// One month.
    pub fn grid_view(&self, grid: &Grid, month: Date) -> GridView {
        saw(|| Key::Agenda);
        let lang = grid.lang;
        let url = self.settings.href(&grid.address(month));
        let last = month.last_of_month();
        let all = self.agenda.find(CalendarOf::All, lang).map(|c| c.events.as_slice()).unwrap_or_default();
        let found = self.sorted(
            all.iter()
                .flat_map(|id| occurrences(&self.catalog, *id, month, last).into_iter().map(|d| (d, *id)))
                .collect(),
        );
        let mut cells: Vec<DayView> = Vec::new();
        let empty = || DayView { date: None, first: false, events: Vec::new() };
        cells.resize_with(month.weekday().to_monday_zero_offset() as usize, empty);
        for date in month.series(1.day()).take_while(|d| *d <= last) {
            let here = found.iter().filter(|(d, _)| d.touches(date, date));
            cells.push(DayView {
                date: Some(self.date(date.into(), lang)),
                first: date == month || date.weekday() == jiff::civil::Weekday::Monday,
                events: here.map(|(days, id)| self.occurrence(*id, *days, lang)).collect(),
            });
        }
        cells.resize_with(cells.len().next_multiple_of(7), empty);
        let mut rest = cells.into_iter();
        let weeks =
            std::iter::from_fn(|| Some(rest.by_ref().take(7).collect::<Vec<_>>()).filter(|week| !week.is_empty()))
                .collect();
        let beside = |month: Option<Date>| {
            let month = month.filter(|m| (grid.first..=grid.last).contains(m))?;
            Some(LinkView { title: self.month_title(month, lang), url: self.settings.href(&grid.address(month)) })
        };
        GridView {
            title: self.word(lang, "calendar_month").replace("{month}", &self.month_title(month, lang)),
            kind: "month",
            permalink: self.permalink(&url),
            summary: None,
            breadcrumbs: self.calendar_crumbs(CalendarOf::All, lang, true),
            translations: self.others(lang, |i| {
                let other = self.agenda.grids.iter().find(|g| g.lang == i && (g.first..=g.last).contains(&month))?;
                Some(other.address(month))
            }),
            feeds: None,
            year: month.year(),
            month: month.month(),
            weeks,
            previous: beside(month.checked_sub(1.month()).ok()),
            next: beside(month.checked_add(1.month()).ok()),
            events: self.shown(&found, lang),
            url,
        }
    }

    /// What a term's page shows of its calendar; a campaign and a channel also that nothing is known.
    pub(super) fn term_calendar(&self, id: TermId) -> Option<CalendarBrief> {
        let term = self.catalog.term(id);
        // Only these can have one.
        if !crate::calendar::CALENDARS.contains(&term.taxonomy.as_str()) {
            return None;
        }
        saw(|| Key::Agenda);
        let calendar = self.agenda.find(CalendarOf::Term(id), term.lang);
        let says_none = matches!(term.taxonomy.as_str(), "campaigns" | "channels");
        let Some(calendar) = calendar else {
            return says_none.then_some(CalendarBrief {
                url: None,
                ics: None,
                events: Vec::new(),
                qr_html: None,
                says_none,
            });
        };
        let from = first_day(self.clock.today.year() - 1);
        let days: Vec<(Days, PageId)> = self.days_of(&calendar.events, from, None);
        Some(CalendarBrief { events: self.shown(&days, term.lang), ..self.brief(calendar, &term.route) })
    }

    /// What the page above the calendar of all events shows of it.
    pub(super) fn section_calendar(&self, route: &Route, lang: usize) -> Option<CalendarBrief> {
        let all = self.agenda.find(CalendarOf::All, lang);
        // Where the calendar of all events is, changes with the events.
        saw(|| Key::Calendars(lang));
        let all = all.filter(|c| c.route == route.child("calendar"))?;
        Some(self.brief(all, route))
    }

    /// What the page at `route` shows of a calendar, but for its events.
    fn brief(&self, calendar: &Calendar, route: &Route) -> CalendarBrief {
        let has = self.calendar_pages;
        let ics = (!calendar.events.is_empty()).then(|| self.settings.href(&calendar.route.file_in("calendar.ics")));
        let qr_html = ics.as_ref().and_then(|_| self.qr(route, calendar.lang));
        CalendarBrief {
            url: has.then(|| self.settings.href(&calendar.route)),
            ics,
            events: Vec::new(),
            qr_html,
            says_none: false,
        }
    }
}

fn first_day(year: i16) -> Date {
    Date::new(year, 1, 1).unwrap_or(Date::MIN)
}

/// Runs of one month, in the order given.
fn by_month(events: Vec<OccurrenceView>) -> Vec<MonthGroup> {
    let mut out: Vec<MonthGroup> = Vec::new();
    for event in events {
        match out.last_mut() {
            Some(group) if (group.year, group.month) == (event.first.year, event.first.month) => {
                group.events.push(event)
            }
            _ => out.push(MonthGroup { year: event.first.year, month: event.first.month, events: vec![event] }),
        }
    }
    out
}

fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}
