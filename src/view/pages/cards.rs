//! List entries, and the small views that several templates share: event facts, pictures, terms. In: values that facets give out.
//! Out: views. Knows no list.

use crate::catalog::PageId;
use puzhi_core::kinds::ImageRef;

use crate::view::model::{CardView, EventView, ImageView, PolicyCard, TermView};
use crate::view::site::ResolvedImage;
use crate::view::tracking::facets::{Card, CardParts, EventDay, PageCard, TermEntry};
use crate::view::tracking::site::Site;

impl Site {
    /// A page as lists show it.
    pub(in crate::view) fn card(&self, id: PageId) -> PageCard<'_> {
        self.read::<Card>(id)
    }

    /// The list entry of a page.
    pub fn card_view(&self, id: PageId) -> CardView {
        self.view_of_card(self.card(id))
    }

    pub(in crate::view) fn view_of_card(&self, card: PageCard<'_>) -> CardView {
        let CardParts { page, cover, terms, event } = card.parts();
        let first = |taxonomy: &str| terms.iter().find(|t| t.taxonomy == taxonomy).map(|t| t.name.to_string());
        CardView {
            title: page.title.to_string(),
            url: page.url.to_string(),
            kind: self.settings().kinds.name(page.kind).to_string(),
            kind_title: self.kind_title(page.kind, page.lang),
            lang: None,
            date: page.date.filter(|_| self.settings().kinds.shows_date(page.kind)).map(|d| self.date(d, page.lang)),
            summary: page.summary.to_string(),
            group: page.group.map(str::to_string),
            sample: page.sample,
            expired: page.expired,
            unpublished: page.unpublished,
            image: image_view(page.image, cover),
            unit: first("units"),
            campaign: first("campaigns"),
            channel: first("channels"),
            policy: page.policy.map(|p| PolicyCard { status: p.status, original: p.is_original }),
            event: event.map(|event| self.event_view(event, page.lang)),
            fields: self.card_fields(&page),
        }
    }

    /// The facts of an event.
    pub(in crate::view) fn event_view(&self, day: EventDay<'_>, lang: usize) -> EventView {
        let EventDay { event: facts, next, next_last, past } = day;
        let date = |m| self.date(m, lang);
        EventView {
            start: facts.start.map(date),
            end: facts.end.map(date),
            all_day: facts.all_day,
            next: next.map(date),
            next_last: next_last.map(|d| d.to_string()),
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
        }
    }

    /// A term of a taxonomy's list with its count and summary.
    pub(in crate::view) fn term_view(&self, term: &TermEntry<'_>) -> TermView {
        TermView {
            name: term.name.to_string(),
            url: self.settings().href(term.route),
            count: term.count,
            summary: term.summary.filter(|s| !s.is_empty()).map(str::to_string),
        }
    }
}

/// A picture that front matter describes; `None` if there is none, or if the file is missing.
pub(in crate::view) fn image_view(written: Option<&ImageRef>, resolved: Option<&ResolvedImage>) -> Option<ImageView> {
    let (written, resolved) = (written?, resolved?);
    Some(ImageView {
        alt: written.alt.clone().unwrap_or_default(),
        caption: written.caption.clone(),
        credit: written.credit.clone(),
        ..ImageView::of(resolved)
    })
}
