//! What an earlier build knows of a page, and when it still holds.
//!
//! Only pages that nothing was found wrong with are remembered: the others are read again, so that their findings are told again.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalog::{Card, Place};
use crate::document::Doc;
use crate::engine::{Graph, Stamp, stamp};
use crate::source::{Snapshot, Stat};
use crate::view::{Key, Shown};
use puzhi_core::base::{Hash, SitePath};
use puzhi_core::kinds::KindName;

use super::check::Ref;
use super::docs::Page;

/// All that a build leaves to the next one.
#[derive(Default)]
pub struct Past {
    pub(super) pages: Pages,
    /// Outputs by path with what they read.
    pub(super) outputs: Graph<String, Key>,
    pub(super) made: BTreeMap<String, Made>,
}

/// What is known of pages and how they were checked.
#[derive(Default)]
pub struct Pages {
    /// How documents were read.
    pub(super) reading: Stamp,
    /// What all but the documents' texts was worth; `None` where pages were left out.
    pub(super) ground: Option<Stamp>,
    pub(super) pages: BTreeMap<SitePath, Arc<PastPage>>,
    pub(super) checks: Graph<SitePath, Ref>,
}

impl Pages {
    /// Forgets a page, which then is read again.
    pub fn forget(&mut self, path: &SitePath) {
        self.pages.remove(path);
        self.checks.remove(path);
    }
}

/// An output as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    /// What was to be made there.
    pub recipe: Stamp,
    /// What the system said of the file; `None` where it could not be told.
    pub stat: Option<Stat>,
}

/// A page as it was read and checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PastPage {
    pub hash: Hash,
    /// What its path made of it.
    pub place: Stamp,
    pub kind: KindName,
    pub days: Days,
    pub card: Arc<Card>,
    /// What its references show to other pages.
    pub shown: Shown,
    /// Pages it links to.
    pub to: Vec<SitePath>,
    /// What its text and references are worth.
    pub version: Stamp,
}

impl PastPage {
    pub fn of(page: &Page, shown: Shown, to: Vec<SitePath>, version: Stamp) -> Self {
        let place = place_stamp(&page.place);
        Self {
            hash: page.hash,
            place,
            kind: page.kind,
            days: page.days,
            card: Arc::clone(&page.card),
            shown,
            to,
            version,
        }
    }

    /// Whether reading the page again would give the same. The reader itself is compared once for all pages.
    pub fn holds(&self, place: &Place, kind: KindName, today: Date, files: &Snapshot) -> bool {
        self.kind == kind
            && self.days.contains(today)
            && self.place == place_stamp(place)
            && files.hash(&place.path) == Some(self.hash)
    }

    /// Whether nobody but those who see the page's text can tell the two apart, as far as reading shows. A survey's questions
    /// are seen from many places.
    pub fn differs_in_text_only(&self, page: &Page) -> bool {
        self.kind == page.kind
            && self.kind != KindName::Survey
            && self.days == page.days
            && self.place == place_stamp(&page.place)
            && self.card == page.card
    }

    /// The page without its document.
    pub fn page(self: &Arc<Self>, place: Place, kind: KindName) -> Page {
        Page {
            place: Arc::new(place),
            kind,
            card: Arc::clone(&self.card),
            doc: None,
            whole: false,
            hash: self.hash,
            days: self.days,
            past: Some(Arc::clone(self)),
            sound: true,
        }
    }
}

fn place_stamp(place: &Place) -> Stamp {
    stamp(&(place.lang, &place.folder, &place.name, format!("{:?}", place.role), &place.key))
}

/// From the first to the last day on which a card says the same: a date in the future comes, a last day passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Days {
    from: Option<Date>,
    to: Option<Date>,
}

impl Days {
    pub fn of(doc: &Doc, today: Date) -> Self {
        let mut days = Days::default();
        let mut turn = |last_before: Date| match last_before < today {
            true => days.from = days.from.max(last_before.tomorrow().ok()),
            false => days.to = Some(days.to.map_or(last_before, |to| to.min(last_before))),
        };
        if let Some(date) = doc.head.date {
            turn(date.date.yesterday().unwrap_or(Date::MIN));
        }
        if let Some(expires) = doc.head.expires {
            turn(expires.date);
        }
        days
    }

    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
