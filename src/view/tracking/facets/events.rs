//! The facet of events whatever the day of the build: what iCalendar files are made from, which another day does not change.

use std::sync::Arc;

use jiff::civil::Date;

use super::paths_fingerprint;
use crate::calendar::{Calendar, CalendarScope, EventRevision, Occurrence, occurrences};
use crate::catalog::{PageId, PageMeta, Term, TermId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::doc_cache::VisibleReferences;
use crate::view::tracking::site::Site;
use puzhi_core::base::SitePath;
use puzhi_core::kinds::Event;

/// All events and their calendars.
pub struct Events;

/// What [`Events`] gives out.
#[derive(Clone, Copy)]
pub struct EventsFacts<'s> {
    pub(super) site: &'s Site,
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

impl<'s> EventPage<'s> {
    /// Its address as used in links.
    pub fn url(&self) -> &'s Arc<str> {
        self.site.data.catalog.url(self.id)
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

impl<'s> EventsFacts<'s> {
    /// The calendar with this index in the schedule.
    pub fn calendar(&self, n: usize) -> &'s Calendar {
        &self.site.data.agenda.calendars[n]
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
}

impl Facet<Site> for Events {
    type Of = ();
    type Value<'s> = EventsFacts<'s>;
    const NAME: &'static str = "events-of-any-day";
    const ZH: &'static str = "所有活动";

    fn read<'s>(site: &'s Site, (): &()) -> EventsFacts<'s> {
        EventsFacts { site }
    }

    fn fingerprint(site: &Site, (): &()) -> Option<Fingerprint> {
        Some(*site.data.fingerprints.events.get_or_init(|| compute(EventsFacts { site })))
    }
}

/// Covers the pages of events, and the calendars with their terms.
fn compute(facts: EventsFacts<'_>) -> Fingerprint {
    let data = &facts.site.data;
    let event = |id: PageId| {
        let EventPage { site: _, id: _, meta, event: _, references, revision } = facts.event(id)?;
        let mark = revision.map(|m| (&m.uid, m.sequence, m.stamp));
        let terms = data.catalog.page_terms(id).iter().map(|t| facts.term(*t));
        let terms: Vec<_> = terms.map(|t| (&t.route, &t.name, &t.taxonomy)).collect();
        Some((meta, references, mark, terms))
    };
    let events: Vec<_> = data.catalog.page_ids().filter_map(event).collect();
    let scope = |scope: CalendarScope| match scope {
        CalendarScope::All => (None, None),
        CalendarScope::Year(year) => (Some(year), None),
        CalendarScope::Term(term) => {
            let term = facts.term(term);
            (None, Some((&term.route, &term.name, &term.taxonomy)))
        }
    };
    let calendar = |c: &'_ Calendar| (c.lang, c.route.clone(), paths_fingerprint(facts.site, c.events.iter().copied()));
    let calendars: Vec<_> = data.agenda.calendars.iter().map(|c| (scope(c.scope), calendar(c))).collect();
    fingerprint(&(events, calendars))
}
