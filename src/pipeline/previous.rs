//! What a build leaves to the next one in memory, and when what it knows of a page still holds. In: pages as they were read and
//! checked, with their findings, which are reported again as long as it holds. Out: [`PreviousBuild`].

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::catalog::{ContentPath, PageMeta};
use crate::document::Document;
use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::source::{FileSnapshot, FileStat};
use crate::view::VisibleReferences;
use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::KindName;
use puzhi_search::PageText;

use super::check::ReferenceKey;
use super::docs::{ContentPage, HeldDocument};
use super::gone_addresses::GoneAddresses;
use super::make_outputs::MadeOutputs;
use super::prepare::{FollowedReferences, KnownReleases};

/// All that a build leaves to the next one.
#[derive(Default)]
pub struct PreviousBuild {
    pub(super) pages: PageCache,
    pub(super) made: MadeOutputs,
    /// Addresses that were gone.
    pub(super) gone: GoneAddresses,
}

/// What is known of pages, and what their references depend on.
#[derive(Default)]
pub struct PageCache {
    /// Fingerprint of how documents were read.
    pub(super) reading: Fingerprint,
    /// Fingerprint of everything but the documents' texts; `None` where pages were left out.
    pub(super) non_text_fingerprint: Option<Fingerprint>,
    pub(super) pages: BTreeMap<SitePath, Arc<PreviousPage>>,
    pub(super) checks: DependencyGraph<SitePath, ReferenceKey>,
    /// The release log.
    pub(super) releases: KnownReleases,
    /// The times for which the same pages are published, as long as no file changes.
    pub(super) times: ValidTimes,
}

impl PageCache {
    /// Forgets a page, which then is read again.
    pub fn forget(&mut self, path: &SitePath) {
        self.pages.remove(path);
        self.checks.remove(path);
    }
}

/// An output as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct OutputRecord {
    /// Fingerprint of its recipe.
    pub recipe: Fingerprint,
    /// State of the file after it was written; `None` if it could not be read.
    pub stat: Option<FileStat>,
    /// What was found when it was made.
    pub findings: Vec<Diagnostic>,
}

/// A page as it was read and checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PreviousPage {
    pub hash: ContentHash,
    /// Fingerprint of its place in the site, which follows from its path.
    pub place: Fingerprint,
    pub kind: KindName,
    pub times: ValidTimes,
    pub meta: Arc<PageMeta>,
    /// What of it can be searched; `None` if the site has no search.
    pub search: Option<Arc<PageText>>,
    /// What its references show to other pages.
    pub visible_references: VisibleReferences,
    /// Pages it links to.
    pub links_to: Vec<SitePath>,
    /// Fingerprint of its text and references.
    pub content_fingerprint: Fingerprint,
    /// What reading it found.
    pub findings: Vec<Diagnostic>,
    /// What following its references found.
    pub reference_findings: Vec<Diagnostic>,
}

impl PreviousPage {
    /// What the next build may know of a page.
    pub fn of(page: &ContentPage, followed: &FollowedReferences) -> Self {
        Self {
            hash: page.hash,
            place: place_fingerprint(&page.place),
            kind: page.kind,
            times: page.times,
            meta: Arc::clone(&page.meta),
            search: page.search.clone(),
            visible_references: followed.visible_references.clone(),
            links_to: followed.links_to.clone(),
            content_fingerprint: followed.content_fingerprint,
            findings: page.findings.clone(),
            reference_findings: followed.check.as_ref().map(|check| check.findings.clone()).unwrap_or_default(),
        }
    }

    /// Whether reading the page again would give the same. The reader itself is compared once for all pages.
    pub fn holds(&self, place: &ContentPath, kind: KindName, now: DateTime, files: &FileSnapshot) -> bool {
        self.kind == kind
            && self.times.contains(now)
            && self.place == place_fingerprint(place)
            && files.hash(&place.path) == Some(self.hash)
    }

    /// Whether the two differ in their text only, as far as reading shows. Always `false` for surveys, because other pages show their
    /// questions.
    pub fn differs_in_text_only(&self, page: &ContentPage) -> bool {
        self.kind == page.kind
            && self.kind != KindName::Survey
            && self.times == page.times
            && self.place == place_fingerprint(&page.place)
            && self.meta == page.meta
    }

    /// The page without its document.
    pub fn page(self: &Arc<Self>, place: ContentPath, kind: KindName) -> ContentPage {
        ContentPage {
            place: Arc::new(place),
            kind,
            meta: Arc::clone(&self.meta),
            search: self.search.clone(),
            doc: HeldDocument::Nothing,
            hash: self.hash,
            times: self.times,
            previous: Some(Arc::clone(self)),
            findings: self.findings.clone(),
        }
    }
}

fn place_fingerprint(place: &ContentPath) -> Fingerprint {
    fingerprint(&(place.lang, &place.folder, &place.name, format!("{:?}", place.role), &place.key))
}

/// The times of a build for which metadata is the same, in the site's zone: from the first moment on, and before the second. It changes
/// when the date of a page comes and when a last day has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct ValidTimes {
    from: Option<DateTime>,
    before: Option<DateTime>,
}

impl ValidTimes {
    pub fn of(doc: &Document, now: DateTime) -> Self {
        let mut times = ValidTimes::default();
        let after = doc.expires().and_then(|expires| expires.date.tomorrow().ok()).map(|day| day.at(0, 0, 0, 0));
        for turn in doc.published_from().into_iter().chain(after) {
            match turn <= now {
                true => times.narrow(ValidTimes { from: Some(turn), before: None }),
                false => times.narrow(ValidTimes { from: None, before: Some(turn) }),
            }
        }
        times
    }

    /// Keeps the times that are also in `other`.
    pub fn narrow(&mut self, other: ValidTimes) {
        self.from = self.from.max(other.from);
        self.before = [self.before, other.before].into_iter().flatten().min();
    }

    pub fn contains(&self, moment: DateTime) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.before.is_none_or(|before| moment < before)
    }
}
