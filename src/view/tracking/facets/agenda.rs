//! Facets of events on the day of the build: all events with their calendars and the ledger, and the place of the calendar of all events.

use jiff::civil::Date;

use super::{EventDay, EventPage, Events, EventsFacts, OtherLanguage, other_languages};
use crate::calendar::{Calendar, CalendarScope, EventSchedule};
use crate::catalog::{PageId, SectionId, TermId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::site::Site;
use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::{EventStatus, KindName, SectionOrder};
use std::borrow::Cow;

/// All events with their calendars and the ledger, and the day of the build.
pub struct Agenda;

/// What [`Agenda`] gives out.
#[derive(Clone, Copy)]
pub struct AgendaFacts<'s> {
    site: &'s Site,
}

/// A coming event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComingEvent {
    /// The first day of its next occurrence.
    pub day: DateOrDateTime,
    /// Whether it is a yearly observance, which comes after single events of the same day.
    pub yearly: bool,
    /// Its page.
    pub page: PageId,
}

impl<'s> AgendaFacts<'s> {
    /// The day of the build.
    pub fn today(&self) -> Date {
        self.site.data.clock.today
    }

    /// Calendars, month pages and ledger.
    pub fn schedule(&self) -> &'s EventSchedule {
        &self.site.data.agenda
    }

    /// Whether calendars have pages.
    pub fn has_pages(&self) -> bool {
        self.site.data.calendar_pages
    }

    /// The resolved address of the clause that the settings name for the ledger.
    pub fn ledger_clause(&self) -> Option<&'s str> {
        self.site.data.ledger_clause.as_deref()
    }

    /// The events and calendars.
    pub fn events(&self) -> EventsFacts<'s> {
        EventsFacts { site: self.site }
    }

    /// An event's page; `None` for other pages.
    pub fn event(&self, id: PageId) -> Option<EventPage<'s>> {
        self.events().event(id)
    }

    /// An event as of the day of the build.
    pub fn day_of(&self, page: EventPage<'s>) -> EventDay<'s> {
        EventDay::of(page.event, self.today())
    }

    /// Listed events that are not cancelled and not over, in the order of their next days.
    pub fn coming(&self, lang: usize) -> Vec<ComingEvent> {
        let catalog = &self.site.data.catalog;
        let pages = catalog.page_ids().filter(|id| catalog.page(*id).lang == lang && catalog.is_listed(*id));
        let mut coming: Vec<ComingEvent> = pages
            .filter_map(|page| {
                let event = catalog.page(page).event()?;
                let next = EventDay::of(event, self.today()).next.filter(|_| event.status != EventStatus::Cancelled);
                Some(ComingEvent { day: next?, yearly: event.yearly, page })
            })
            .collect();
        coming.sort();
        coming
    }

    /// All events, newest first.
    pub fn by_date(&self) -> Vec<PageId> {
        let catalog = &self.site.data.catalog;
        let mut all: Vec<PageId> = catalog.page_ids().filter(|id| catalog.page(*id).kind == KindName::Event).collect();
        catalog.sort_pages(&mut all, Some(SectionOrder::Date));
        all
    }

    /// Keeps the listed events of a language that have all of these terms; `None` is a term that does not exist.
    pub fn retain_with_terms(&self, events: &mut Vec<PageId>, lang: usize, terms: &[Option<TermId>]) {
        super::lists::retain_listed(self.site, events, lang, terms);
    }

    /// The section of a folder in a language.
    pub fn section_at(&self, folder: &str, lang: usize) -> Option<SectionId> {
        self.site.data.catalog.section_by_folder(folder, lang)
    }

    /// The section below which a language's calendar of all events stands.
    pub fn section_of(&self, calendar: &Calendar) -> Option<SectionId> {
        let sections = &self.site.data.catalog.sections;
        let at = |s: &crate::catalog::Section| s.lang == calendar.lang && s.route.child("calendar") == calendar.route;
        sections.iter().position(at).map(|i| SectionId(i as u32))
    }

    /// For each other language the address that `find` gives, else its home page.
    pub fn other_languages(&self, lang: usize, find: impl Fn(usize) -> Option<Route>) -> Vec<OtherLanguage<'s>> {
        other_languages(self.site, lang, |lang| find(lang).map(Cow::Owned))
    }
}

impl Facet<Site> for Agenda {
    type Of = ();
    type Value<'s> = AgendaFacts<'s>;
    const NAME: &'static str = "events";
    const ZH: &'static str = "日程";

    fn read<'s>(site: &'s Site, (): &()) -> AgendaFacts<'s> {
        AgendaFacts { site }
    }

    fn fingerprint(site: &Site, (): &()) -> Option<Fingerprint> {
        Some(*site.data.fingerprints.agenda.get_or_init(|| compute(site)))
    }
}

/// Covers everything that calendars, event pages and the ledger are made from.
fn compute(site: &Site) -> Fingerprint {
    let data = &site.data;
    let agenda = AgendaFacts { site };
    let events = Events::fingerprint(site, &());
    let months: Vec<_> = data.agenda.months.iter().map(|g| (g.lang, &g.route, &g.months)).collect();
    // The address of a section has its folder.
    let sections: Vec<_> = data.catalog.sections.iter().map(|s| (&s.route, s.lang)).collect();
    fingerprint(&(agenda.today(), events, months, sections, agenda.has_pages(), agenda.ledger_clause()))
}

/// Address of the calendar of all events of a language, and whether it has a page and a file.
pub struct CalendarPlace;

/// What [`CalendarPlace`] gives out.
#[derive(Debug, Clone, Copy, Hash)]
pub struct CalendarPlaceFacts<'s> {
    /// The address.
    pub route: &'s Route,
    /// Whether it has events, and thus a file.
    pub has_events: bool,
    /// Whether calendars have pages.
    pub has_pages: bool,
}

impl<'s> CalendarPlaceFacts<'s> {
    /// The place of any calendar.
    pub(in crate::view) fn of(calendar: &'s Calendar, agenda: AgendaFacts<'s>) -> Self {
        Self { route: &calendar.route, has_events: !calendar.events.is_empty(), has_pages: agenda.has_pages() }
    }
}

impl Facet<Site> for CalendarPlace {
    type Of = u32;
    type Value<'s> = Option<CalendarPlaceFacts<'s>>;
    const NAME: &'static str = "place-of-the-calendar";
    const ZH: &'static str = "日历的位置";

    fn read<'s>(site: &'s Site, lang: &u32) -> Option<CalendarPlaceFacts<'s>> {
        let all = site.data.agenda.find(CalendarScope::All, *lang as usize)?;
        Some(CalendarPlaceFacts::of(all, AgendaFacts { site }))
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        Self::read(site, lang).map(|place| fingerprint(&place))
    }
}
