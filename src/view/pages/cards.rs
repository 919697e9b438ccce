//! List entries, and the small views that several templates share: event facts, pictures, terms. In: ids of pages and
//! terms. Out: views. Knows no list.

use crate::calendar::occurrence;
use crate::catalog::{KindFacts, PageId, TermId};

use crate::view::model::{CardView, EventView, ImageView, PolicyCard, TermView};
use crate::view::site::{ResolvedImage, Site};
use crate::view::tracking::dependency_key::PageFacet;
use crate::view::tracking::read_recorder::{RecordedRead, record_read};

impl Site {
    /// The list entry of a page.
    pub fn card_view(&self, id: PageId) -> CardView {
        let meta = self.catalog.page(id);
        record_read(|| RecordedRead::Page(PageFacet::Card, id));
        let first = |taxonomy: &str| {
            let term =
                self.catalog.page_terms(id).iter().map(|t| self.catalog.term(*t)).find(|t| t.taxonomy == taxonomy);
            term.map(|t| t.name.clone())
        };
        CardView {
            title: meta.title.clone(),
            url: self.url(id),
            kind: self.settings.kinds.name(meta.kind).to_string(),
            kind_title: self.kind_title(meta.kind, meta.lang),
            lang: None,
            date: meta.date.filter(|_| self.settings.kinds.shows_date(meta.kind)).map(|d| self.date(d, meta.lang)),
            summary: meta.summary.clone(),
            sample: meta.sample,
            expired: meta.expired,
            unpublished: meta.unpublished,
            image: self.cover(id),
            unit: first("units"),
            campaign: first("campaigns"),
            channel: first("channels"),
            policy: match &meta.facts {
                KindFacts::Policy(p) => Some(PolicyCard { status: p.status, original: p.is_original }),
                _ => None,
            },
            event: self.event_view(id),
            fields: self.card_fields(id),
        }
    }

    /// The facts of an event page; `None` for other kinds.
    pub fn event_view(&self, id: PageId) -> Option<EventView> {
        let meta = self.catalog.page(id);
        let KindFacts::Event(facts) = &meta.facts else { return None };
        let (next, past) = self.next_day(id);
        let date = |m| self.date(m, meta.lang);
        Some(EventView {
            start: facts.start.map(date),
            end: facts.end.map(date),
            all_day: facts.all_day,
            next: next.map(date),
            next_last: occurrence::next(facts, self.clock.today).map(|d| d.last.to_string()),
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

    /// The picture of a page; `None` without one, or if the file is missing.
    pub fn cover(&self, id: PageId) -> Option<ImageView> {
        let written = self.catalog.page(id).image.as_ref()?;
        let ResolvedImage { url, size } = self.visible_references[id.0 as usize].cover.clone()?;
        Some(ImageView {
            url,
            alt: written.alt.clone().unwrap_or_default(),
            caption: written.caption.clone(),
            credit: written.credit.clone(),
            width: size.map(|s| s.0),
            height: size.map(|s| s.1),
        })
    }

    /// A term with its count and summary. The read is covered by the taxonomy's key, which the caller records.
    pub(in crate::view) fn term_view(&self, id: TermId) -> TermView {
        let link = self.term_link(id);
        let term = self.catalog.term(id);
        let summary = term.index.map(|i| self.catalog.page(i).summary.clone()).filter(|s| !s.is_empty());
        TermView { name: link.title, url: link.url, count: term.pages.len(), summary }
    }
}
