//! What an earlier build knows of a page, and when it still holds.
//!
//! Only pages that nothing was found wrong with are remembered: the others are read again, so that their findings are told again.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalog::{ContentPath, PageMeta};
use crate::document::Document;
use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::source::{FileSnapshot, FileStat};
use crate::view::{DependencyKey, VisibleReferences};
use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::kinds::KindName;

use super::check::ReferenceKey;
use super::docs::ContentPage;

/// All that a build leaves to the next one.
#[derive(Default)]
pub struct PreviousBuild {
    pub(super) pages: PageCache,
    /// Outputs by path with what they read.
    pub(super) outputs: DependencyGraph<String, DependencyKey>,
    pub(super) output_records: BTreeMap<String, OutputRecord>,
}

/// What is known of pages and how they were checked.
#[derive(Default)]
pub struct PageCache {
    /// How documents were read.
    pub(super) reading: Fingerprint,
    /// What all but the documents' texts was worth; `None` where pages were left out.
    pub(super) non_text_fingerprint: Option<Fingerprint>,
    pub(super) pages: BTreeMap<SitePath, Arc<PreviousPage>>,
    pub(super) checks: DependencyGraph<SitePath, ReferenceKey>,
}

impl PageCache {
    /// Forgets a page, which then is read again.
    pub fn forget(&mut self, path: &SitePath) {
        self.pages.remove(path);
        self.checks.remove(path);
    }
}

/// An output as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutputRecord {
    /// What was to be made there.
    pub recipe: Fingerprint,
    /// What the system said of the file; `None` where it could not be told.
    pub stat: Option<FileStat>,
}

/// A page as it was read and checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PreviousPage {
    pub hash: ContentHash,
    /// What its path made of it.
    pub place: Fingerprint,
    pub kind: KindName,
    pub days: ValidDays,
    pub meta: Arc<PageMeta>,
    /// What its references show to other pages.
    pub visible_references: VisibleReferences,
    /// Pages it links to.
    pub links_to: Vec<SitePath>,
    /// What its text and references are worth.
    pub content_fingerprint: Fingerprint,
}

impl PreviousPage {
    pub fn of(
        page: &ContentPage,
        visible_references: VisibleReferences,
        links_to: Vec<SitePath>,
        content_fingerprint: Fingerprint,
    ) -> Self {
        let place = place_fingerprint(&page.place);
        Self {
            hash: page.hash,
            place,
            kind: page.kind,
            days: page.days,
            meta: Arc::clone(&page.meta),
            visible_references,
            links_to,
            content_fingerprint,
        }
    }

    /// Whether reading the page again would give the same. The reader itself is compared once for all pages.
    pub fn holds(&self, place: &ContentPath, kind: KindName, today: Date, files: &FileSnapshot) -> bool {
        self.kind == kind
            && self.days.contains(today)
            && self.place == place_fingerprint(place)
            && files.hash(&place.path) == Some(self.hash)
    }

    /// Whether nobody but those who see the page's text can tell the two apart, as far as reading shows. A survey's questions
    /// are seen from many places.
    pub fn differs_in_text_only(&self, page: &ContentPage) -> bool {
        self.kind == page.kind
            && self.kind != KindName::Survey
            && self.days == page.days
            && self.place == place_fingerprint(&page.place)
            && self.meta == page.meta
    }

    /// The page without its document.
    pub fn page(self: &Arc<Self>, place: ContentPath, kind: KindName) -> ContentPage {
        ContentPage {
            place: Arc::new(place),
            kind,
            meta: Arc::clone(&self.meta),
            doc: None,
            has_text: false,
            hash: self.hash,
            days: self.days,
            previous: Some(Arc::clone(self)),
            is_clean: true,
        }
    }
}

fn place_fingerprint(place: &ContentPath) -> Fingerprint {
    fingerprint(&(place.lang, &place.folder, &place.name, format!("{:?}", place.role), &place.key))
}

/// From the first to the last day on which a card says the same: a date in the future comes, a last day passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct ValidDays {
    from: Option<Date>,
    to: Option<Date>,
}

impl ValidDays {
    pub fn of(doc: &Document, today: Date) -> Self {
        let mut days = ValidDays::default();
        let mut turn = |last_before: Date| match last_before < today {
            true => days.from = days.from.max(last_before.tomorrow().ok()),
            false => days.to = Some(days.to.map_or(last_before, |to| to.min(last_before))),
        };
        if let Some(date) = doc.front_matter.date {
            turn(date.date.yesterday().unwrap_or(Date::MIN));
        }
        if let Some(expires) = doc.expires() {
            turn(expires.date);
        }
        days
    }

    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
