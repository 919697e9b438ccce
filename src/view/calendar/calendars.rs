//! Template data of calendars: lists by month, and what the pages of terms and sections show of them. In:
//! the calendars that `crate::calendar` made. Out: types of [`super::model`]. Knows no iCalendar format.

use jiff::civil::Date;

use crate::calendar::{Calendar, CalendarScope, Occurrence, occurrence};
use crate::catalog::{PageId, TermId};
use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::Event;

use super::model::{CalendarBrief, CalendarLinks, CalendarView, MonthGroup, OccurrenceView, SubscribeView};
use crate::view::model::LinkView;
use crate::view::site::time_text;
use crate::view::tracking::facets::{CalendarPlace, CalendarPlaceFacts, EventPage};
use crate::view::tracking::site::Site;

/// Largest number of rows in one list.
const MAX_ROWS: usize = 500;

impl Site {
    /// The title of a calendar, without the name of the site.
    pub fn calendar_title(&self, calendar: &Calendar) -> String {
        let word = |key| self.word(calendar.lang, key);
        match calendar.scope {
            CalendarScope::All => word("calendar_all"),
            CalendarScope::Year(year) => word("calendar_year").replace("{year}", &year.to_string()),
            CalendarScope::Term(term) => word("calendar_term").replace("{name}", &self.events().term(term).name),
        }
    }

    pub(super) fn month_title(&self, month: Date, lang: usize) -> String {
        let name = self.word(lang, &format!("month_{}", month.month()));
        self.word(lang, "year_month").replace("{year}", &month.year().to_string()).replace("{month}", &name)
    }

    /// The page of one calendar.
    pub fn calendar_view(&self, calendar: &Calendar) -> CalendarView {
        let lang = calendar.lang;
        let agenda = self.agenda();
        let today = agenda.today();
        let url = self.settings().href(&calendar.route);
        let events = &calendar.events;
        // A term belongs to one language, so a term's calendar has no translation.
        let of = calendar.scope;
        let (months, past) = match calendar.scope {
            CalendarScope::Year(year) => (self.occurrences_in_year(events, year), Vec::new()),
            CalendarScope::All => (self.upcoming_occurrences(events), Vec::new()),
            CalendarScope::Term(_) => {
                let mut past = self.occurrences_between(events, first_day(today.year() - 1), Some(today));
                past.reverse();
                (self.upcoming_occurrences(events), past)
            }
        };
        let link = |of: CalendarScope| {
            agenda
                .schedule()
                .find(of, lang)
                .map(|c| LinkView { title: self.calendar_title(c), url: self.settings().href(&c.route) })
        };
        let neighbour = |step: fn(&mut dyn Iterator<Item = i16>) -> Option<i16>, before: bool| {
            let CalendarScope::Year(year) = calendar.scope else { return None };
            let mut years = self.years(lang).into_iter().filter(|y| if before { *y < year } else { *y > year });
            step(&mut years).and_then(|y| link(CalendarScope::Year(y)))
        };
        CalendarView {
            title: self.calendar_title(calendar),
            kind: "calendar",
            name: match calendar.scope {
                CalendarScope::All => "all".into(),
                CalendarScope::Year(_) => "year".into(),
                CalendarScope::Term(term) => agenda.events().term(term).taxonomy.clone(),
            },
            permalink: self.permalink(&url),
            summary: None,
            breadcrumbs: self.calendar_crumbs(calendar.scope, lang, false),
            translations: self.translation_views(
                agenda.other_languages(lang, |i| agenda.schedule().find(of, i).map(|c| c.route.clone())),
            ),
            feeds: None,
            subscribe: (!events.is_empty()).then(|| self.subscribe(&calendar.route, "calendar.ics", lang)),
            months: by_month(self.occurrence_views(&months, lang)),
            past: by_month(self.occurrence_views(&past, lang)),
            year: match calendar.scope {
                CalendarScope::Year(year) => Some(year),
                _ => None,
            },
            previous: neighbour(|years| years.last(), true),
            next: neighbour(|years| years.next(), false),
            small_months: self.small_months(calendar),
            grid: self.grid_near(calendar),
            calendars: self.calendar_links(calendar),
            url,
        }
    }

    /// Occurrences from the day of the build on: of yearly observances to the end of next year, of single events
    /// without limit.
    fn upcoming_occurrences(&self, events: &[PageId]) -> Vec<(Occurrence, PageId)> {
        self.occurrences_between(events, self.agenda().today(), None)
    }

    fn occurrences_in_year(&self, events: &[PageId], year: i16) -> Vec<(Occurrence, PageId)> {
        let to = Date::new(year, 12, 31).unwrap_or(Date::MAX);
        let agenda = self.agenda();
        self.sorted(
            events
                .iter()
                .flat_map(|id| agenda.events().occurrences(*id, first_day(year), to).into_iter().map(|d| (d, *id)))
                .collect(),
        )
    }

    /// Occurrences that end on or after `from`. With `over`, only those that end before that day; then `from` applies
    /// to yearly observances only, and single events are included however old they are.
    fn occurrences_between(&self, events: &[PageId], from: Date, over: Option<Date>) -> Vec<(Occurrence, PageId)> {
        let agenda = self.agenda();
        let next_year = Date::new(agenda.today().year() + 1, 12, 31).unwrap_or(Date::MAX);
        let mut found = Vec::new();
        for id in events {
            let Some(EventPage { event, .. }) = agenda.event(*id) else { continue };
            let from = if over.is_some() && !event.yearly { Date::MIN } else { from };
            let to = if event.yearly { next_year } else { Date::MAX };
            found.extend(
                occurrence::between(event, from, to)
                    .into_iter()
                    .filter(|d| over.is_none_or(|over| d.last < over))
                    .map(|d| (d, *id)),
            );
        }
        self.sorted(found)
    }

    /// Sorts by first day, then time of day, then last day.
    pub(super) fn sorted(&self, mut days: Vec<(Occurrence, PageId)>) -> Vec<(Occurrence, PageId)> {
        let agenda = self.agenda();
        let event = |id: &PageId| agenda.event(*id).map(|page| page.event);
        let time = |id: &PageId| event(id).filter(|e| !e.all_day).and_then(|e| e.start?.time);
        days.sort_by_key(|(d, id)| (d.first, time(id), d.last, *id));
        days
    }

    pub(super) fn occurrence_views(&self, days: &[(Occurrence, PageId)], lang: usize) -> Vec<OccurrenceView> {
        let agenda = self.agenda();
        let rows = days.iter().take(MAX_ROWS).filter_map(|(days, id)| Some((agenda.event(*id)?, *days)));
        rows.map(|(event, days)| self.occurrence(event, days, lang)).collect()
    }

    pub(in crate::view) fn occurrence(&self, page: EventPage<'_>, days: Occurrence, lang: usize) -> OccurrenceView {
        let event = page.event;
        let at = |date: Date| self.date(DateOrDateTime { date, time: None }, lang);
        OccurrenceView {
            title: page.meta.title.clone(),
            url: page.url().to_string(),
            first: at(days.first),
            last: (days.last > days.first).then(|| at(days.last)),
            time: self.times(event, days, lang),
            until: event.end.filter(|_| days.last > days.first && !event.all_day).and_then(|m| m.time).map(time_text),
            place: event.place.as_ref().or(event.address.as_ref()).cloned(),
            status: event.status,
            reason: event.reason.clone(),
            yearly: event.yearly,
            past: days.last < self.agenda().today(),
        }
    }

    /// `9:30` or `9:30—11:30`; if it takes several days, when it begins on the first day.
    fn times(&self, event: &Event, days: Occurrence, lang: usize) -> Option<String> {
        let start = event.start.filter(|_| !event.all_day)?.time.map(time_text)?;
        let end = event.end.filter(|_| days.first == days.last).and_then(|m| m.time);
        Some(match end {
            Some(end) => format!("{start}{}{}", self.word(lang, "dash"), time_text(end)),
            None => start,
        })
    }

    /// The path from the home page to the calendar of all events, or to the term of the calendar. `with` includes the
    /// calendar of all events.
    pub(super) fn calendar_crumbs(&self, of: CalendarScope, lang: usize, with: bool) -> Vec<LinkView> {
        if let CalendarScope::Term(term) = of {
            let mut crumbs = self.taxonomy_crumbs(&self.events().term(term).taxonomy, lang);
            crumbs.push(self.term_link(term));
            return crumbs;
        }
        let agenda = self.agenda();
        let Some(all) = agenda.schedule().find(CalendarScope::All, lang) else { return self.home_crumb(lang) };
        let section = agenda.section_of(all);
        let mut crumbs = section.map_or_else(|| self.home_crumb(lang), |id| self.section_crumbs(id, true));
        if with || of != CalendarScope::All {
            crumbs.push(LinkView { title: self.calendar_title(all), url: self.settings().href(&all.route) });
        }
        crumbs
    }

    /// The years that have a calendar, in order.
    fn years(&self, lang: usize) -> Vec<i16> {
        let own = self.schedule().calendars.iter().filter(|c| c.lang == lang);
        let mut years: Vec<i16> =
            own.filter_map(|c| if let CalendarScope::Year(year) = c.scope { Some(year) } else { None }).collect();
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
        let agenda = self.agenda();
        let calendars = || agenda.schedule().calendars.iter().filter(|c| c.lang == lang && c.route != here.route);
        let all = calendars().filter(|c| c.scope == CalendarScope::All);
        add(
            self.word(lang, "calendars"),
            all.map(|c| LinkView { title: self.calendar_title(c), url: self.settings().href(&c.route) }).collect(),
        );
        let years = calendars().filter_map(|c| match c.scope {
            CalendarScope::Year(year) => {
                Some(LinkView { title: year.to_string(), url: self.settings().href(&c.route) })
            }
            _ => None,
        });
        add(self.word(lang, "calendar_years"), years.collect());
        for taxonomy in crate::calendar::CALENDAR_TAXONOMIES {
            let links = calendars().filter_map(|c| match c.scope {
                CalendarScope::Term(term) if agenda.events().term(term).taxonomy == taxonomy => Some(LinkView {
                    title: agenda.events().term(term).name.clone(),
                    url: self.settings().href(&c.route),
                }),
                _ => None,
            });
            add(self.taxonomy_title(taxonomy, lang), links.collect());
        }
        out
    }

    /// The address of the month page that a calendar links to: the first from the month of the build on that has a page,
    /// else the last one; in a year's calendar the first of its year.
    fn grid_near(&self, calendar: &Calendar) -> Option<String> {
        let agenda = self.agenda();
        let today = agenda.today();
        let of_language = agenda.schedule().months.iter().find(|g| g.lang == calendar.lang)?;
        let wanted = match calendar.scope {
            CalendarScope::Year(year) if year != today.year() => first_day(year),
            _ => today.first_of_month(),
        };
        let near = match calendar.scope {
            CalendarScope::Year(year) => of_language.months.iter().find(|m| **m >= wanted && m.year() == year),
            _ => of_language.months.iter().find(|m| **m >= wanted).or(of_language.months.last()),
        };
        Some(self.settings().href(&of_language.address(*near?)))
    }

    pub(in crate::view) fn subscribe(&self, route: &Route, file: &str, lang: usize) -> SubscribeView {
        let ics = self.settings().href(&route.child_file(file));
        let https = self.permalink(&ics);
        let webcal = https.as_ref().and_then(|url| url.split_once("://")).map(|(_, rest)| format!("webcal://{rest}"));
        SubscribeView { ics, https, webcal, qr_html: self.qr(route, lang) }
    }

    /// The QR code of a page's absolute address; `None` without `base_url`.
    fn qr(&self, route: &Route, lang: usize) -> Option<String> {
        let page = self.permalink(&self.settings().href(route))?;
        crate::view::qr::svg(&page, &self.word(lang, "qr_label"))
    }

    /// What a term's page shows of its calendar. For a campaign or channel without events the page says so.
    pub(in crate::view) fn term_calendar(&self, id: TermId) -> Option<CalendarBrief> {
        let term = self.term(id);
        // Terms of other taxonomies have no calendar.
        if !crate::calendar::CALENDAR_TAXONOMIES.contains(&term.taxonomy) {
            return None;
        }
        let agenda = self.agenda();
        let calendar = agenda.schedule().find(CalendarScope::Term(id), term.lang);
        let says_none = matches!(term.taxonomy, "campaigns" | "channels");
        let Some(calendar) = calendar else {
            return says_none.then_some(CalendarBrief {
                url: None,
                ics: None,
                events: Vec::new(),
                qr_html: None,
                says_none,
            });
        };
        let from = first_day(agenda.today().year() - 1);
        let days: Vec<(Occurrence, PageId)> = self.occurrences_between(&calendar.events, from, None);
        let brief = self.brief(CalendarPlaceFacts::of(calendar, agenda), term.route, term.lang);
        Some(CalendarBrief { events: self.occurrence_views(&days, term.lang), ..brief })
    }

    /// What the section at `route` shows of the calendar of all events; `None` unless that calendar is directly below
    /// it.
    pub(in crate::view) fn section_calendar(&self, route: &Route, lang: usize) -> Option<CalendarBrief> {
        // Even without a calendar here the answer depends on where the events are.
        let all = self.read::<CalendarPlace>(lang as u32).filter(|place| *place.route == route.child("calendar"))?;
        Some(self.brief(all, route, lang))
    }

    /// What the page at `route` shows of a calendar, without the events.
    fn brief(&self, place: CalendarPlaceFacts<'_>, route: &Route, lang: usize) -> CalendarBrief {
        let ics = place.has_events.then(|| self.settings().href(&place.route.child_file("calendar.ics")));
        let qr_html = ics.as_ref().and_then(|_| self.qr(route, lang));
        CalendarBrief {
            url: place.has_pages.then(|| self.settings().href(place.route)),
            ics,
            events: Vec::new(),
            qr_html,
            says_none: false,
        }
    }
}

pub(super) fn first_day(year: i16) -> Date {
    Date::new(year, 1, 1).unwrap_or(Date::MIN)
}

/// Groups consecutive events of the same month, keeping the order.
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
