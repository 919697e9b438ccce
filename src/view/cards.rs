//! Pages as lists show them, and the small views shared by many purposes.

use crate::calendar::days;
use crate::catalog::{Facts, PageId, TermId};

use super::key::Facet;
use super::model::{CardView, EventView, ImageView, PolicyCard, TermView};
use super::reads::{Read, saw};
use super::site::{ImageTo, Site};

impl Site {
    /// A page as a list in its own language shows it.
    pub fn card_view(&self, id: PageId) -> CardView {
        let card = self.catalog.card(id);
        saw(|| Read::Page(Facet::Card, id));
        let first = |taxonomy: &str| {
            let term = self.catalog.terms_on(id).iter().map(|t| self.catalog.term(*t)).find(|t| t.taxonomy == taxonomy);
            term.map(|t| t.name.clone())
        };
        CardView {
            title: card.title.clone(),
            url: self.url(id),
            kind: card.kind.as_str(),
            lang: None,
            date: card.date.map(|d| self.date(d, card.lang)),
            summary: card.summary.clone(),
            sample: card.sample,
            expired: card.expired,
            unpublished: card.unpublished,
            image: self.cover(id),
            unit: first("units"),
            campaign: first("campaigns"),
            channel: first("channels"),
            policy: match &card.facts {
                Facts::Policy(p) => Some(PolicyCard { status: p.status, original: p.is_original }),
                _ => None,
            },
            event: self.event_view(id),
        }
    }

    /// The event facts of an event page.
    pub fn event_view(&self, id: PageId) -> Option<EventView> {
        let card = self.catalog.card(id);
        let Facts::Event(facts) = &card.facts else { return None };
        let (next, past) = self.next_day(id);
        let date = |m| self.date(m, card.lang);
        Some(EventView {
            start: facts.start.map(date),
            end: facts.end.map(date),
            all_day: facts.all_day,
            next: next.map(date),
            next_last: days::next(facts, self.clock.today).map(|d| d.last.to_string()),
            past,
            place: facts.place.clone(),
            street: facts.street.clone(),
            status: facts.status,
            yearly: facts.yearly,
            organisers: facts.organisers.clone(),
            attendance: facts.attendance,
            address: facts.address.clone(),
            capacity: facts.capacity,
            reason: facts.reason.clone(),
        })
    }

    /// The page's own picture.
    pub fn cover(&self, id: PageId) -> Option<ImageView> {
        let written = self.catalog.card(id).image.as_ref()?;
        let ImageTo { url, size } = self.shown[id.0 as usize].cover.clone()?;
        Some(ImageView {
            url,
            alt: written.alt.clone().unwrap_or_default(),
            caption: written.caption.clone(),
            credit: written.credit.clone(),
            width: size.map(|s| s.0),
            height: size.map(|s| s.1),
        })
    }

    /// A term in the list of its taxonomy, which is recorded as a whole.
    pub(super) fn term_view(&self, id: TermId) -> TermView {
        let link = self.term_link(id);
        let term = self.catalog.term(id);
        let summary = term.index.map(|i| self.catalog.card(i).summary.clone()).filter(|s| !s.is_empty());
        TermView { name: link.title, url: link.url, count: term.pages.len(), summary }
    }
}
