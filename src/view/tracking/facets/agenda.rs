//! Facets of events: all events with their calendars and the ledger, and the place of the calendar of all events.

use jiff::civil::Date;

use super::{EventDay, OtherLanguage, other_languages, paths_fingerprint};
use crate::calendar::{Calendar, CalendarScope, EventRevision, EventSchedule, Occurrence, occurrences};
use crate::catalog::{PageId, PageMeta, SectionId, Term, TermId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::doc_cache::VisibleReferences;
use crate::view::tracking::site::Site;
use puzhi_core::base::{DateOrDateTime, Route, SitePath};
use puzhi_core::kinds::{Event, EventStatus, KindName, SectionOrder};
use std::borrow::Cow;
use std::sync::Arc;

/// All events with their calendars and the ledger, and the day of the build.
pub struct Agenda;

/// What [`Agenda`] gives out.
#[derive(Clone, Copy)]
pub struct AgendaFacts<'s> {
    site: &'s Site,
}

/// An event's page.
#[derive(Clone, Copy)]
pub struct EventPage<'s> {
    site: &'s Site,
    id: PageId,
    /// Its metadata.
    pub meta: &'s PageMeta,
    /// The front matter of the event.
    pub event: &'s Event,
    /// The part of its resolved references that other pages show.
    pub references: &'s VisibleReferences,
    /// UID and revision, if the event is published.
    pub revision: Option<&'s EventRevision>,
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

impl<'s> EventPage<'s> {
    /// Its address as used in links.
    pub fn url(&self) -> &'s Arc<str> {
        self.site.data.catalog.url(self.id)
    }

    /// The event as of the day of the build.
    pub fn day(&self) -> EventDay<'s> {
        EventDay::of(self.event, self.site.data.clock.today)
    }

    /// Its terms.
    pub fn terms(&self) -> impl Iterator<Item = &'s Term> + use<'s> {
        let catalog = &self.site.data.catalog;
        catalog.page_terms(self.id).iter().map(|t| catalog.term(*t))
    }

    /// A page that one of its references names.
    pub fn page_at(&self, path: &SitePath) -> Option<PageId> {
        self.site.data.page_at(path)
    }
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

    /// An event's page; `None` for other pages.
    pub fn event(&self, id: PageId) -> Option<EventPage<'s>> {
        let data = &self.site.data;
        let meta = data.catalog.page(id);
        let references = &data.visible_references[id.0 as usize];
        let revision = data.agenda.revisions.get(&id);
        Some(EventPage { site: self.site, id, meta, event: meta.event()?, references, revision })
    }

    /// The occurrences of an event between two days.
    pub fn occurrences(&self, id: PageId, from: Date, to: Date) -> Vec<Occurrence> {
        occurrences(&self.site.data.catalog, id, from, to)
    }

    /// The term of a calendar.
    pub fn term(&self, id: TermId) -> &'s Term {
        self.site.data.catalog.term(id)
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
    let catalog = &data.catalog;
    let agenda = AgendaFacts { site };
    let event = |id: PageId| {
        let EventPage { site: _, id: _, meta, event: _, references, revision } = agenda.event(id)?;
        let mark = revision.map(|m| (&m.uid, m.sequence, m.stamp));
        let terms = catalog.page_terms(id).iter().map(|t| catalog.term(*t)).map(|t| (&t.route, &t.name, &t.taxonomy));
        Some((meta, references, mark, terms.collect::<Vec<_>>()))
    };
    let events: Vec<_> = catalog.page_ids().filter_map(event).collect();
    let scope = |scope: CalendarScope| match scope {
        CalendarScope::All => (None, None),
        CalendarScope::Year(year) => (Some(year), None),
        CalendarScope::Term(term) => {
            let term = catalog.term(term);
            (None, Some((&term.route, &term.name, &term.taxonomy)))
        }
    };
    let calendars = data.agenda.calendars.iter();
    let calendars: Vec<_> = calendars
        .map(|c| (c.lang, &c.route, scope(c.scope), paths_fingerprint(site, c.events.iter().copied())))
        .collect();
    let grids: Vec<_> = data.agenda.month_ranges.iter().map(|g| (g.lang, &g.route, g.first, g.last)).collect();
    // The address of a section has its folder.
    let sections: Vec<_> = catalog.sections.iter().map(|s| (&s.route, s.lang)).collect();
    let ledger = agenda.ledger_clause();
    fingerprint(&(agenda.today(), events, calendars, grids, sections, agenda.has_pages(), ledger))
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

    fn read<'s>(site: &'s Site, lang: &u32) -> Option<CalendarPlaceFacts<'s>> {
        let all = site.data.agenda.find(CalendarScope::All, *lang as usize)?;
        Some(CalendarPlaceFacts::of(all, AgendaFacts { site }))
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        Self::read(site, lang).map(|place| fingerprint(&place))
    }
}
