//! Documents with their references followed, read when somebody first wants them.
//!
//! A build that parsed a page keeps what it parsed; of a page that is as it was, only the card is known, and the document is read
//! again where an output needs it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::catalog::PageId;
use crate::document::Document;
use puzhi_core::base::SitePath;
use puzhi_core::kinds::KindData;

use super::dependency_key::PageFacet;
use super::read_recorder::{RecordedRead, record_read};
use crate::view::site::{ResolvedImage, ResolvedLink, ResolvedReferences, Site};

/// One document and where its references lead.
#[derive(Debug, Clone)]
pub struct ResolvedDoc {
    pub doc: Arc<Document>,
    pub resolved: ResolvedReferences,
}

/// What other pages see of a page's references.
#[derive(Debug, Clone, Default, PartialEq, Hash, Serialize, Deserialize)]
pub struct VisibleReferences {
    /// Picture of the front matter.
    pub cover: Option<ResolvedImage>,
    /// Where to register for an event.
    pub registration: Option<ResolvedLink>,
    /// Photographs of an event, by index of its evidence.
    pub photos: Vec<Option<ResolvedImage>>,
    /// The page that an event belongs to.
    pub of: Option<SitePath>,
    /// `explains` of a policy, in order.
    pub explains: Vec<SitePath>,
}

/// Reads a document again and follows its references.
pub type DocLoader = Box<dyn Fn(&Site, PageId) -> ResolvedDoc + Send + Sync>;

/// By [`PageId`].
pub struct DocCache {
    slots: Vec<Mutex<Option<Arc<ResolvedDoc>>>>,
    load: DocLoader,
    loaded: AtomicUsize,
}

impl DocCache {
    /// `known` are the sheets of pages that were parsed already.
    pub fn new(known: Vec<Option<Arc<ResolvedDoc>>>, load: DocLoader) -> Self {
        Self { slots: known.into_iter().map(Mutex::new).collect(), load, loaded: AtomicUsize::new(0) }
    }

    /// How many documents were read again.
    pub fn loaded(&self) -> usize {
        self.loaded.load(Ordering::Relaxed)
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Puts another text of a page in place.
    pub fn replace(&mut self, page: PageId, resolved_doc: Arc<ResolvedDoc>) {
        *self.slot(page) = Some(resolved_doc);
    }

    /// Lets go of a page's document once the page is made. One that other pages show, too, stays.
    pub fn release(&self, page: PageId) {
        let mut slot = self.slot(page);
        if slot.as_ref().is_some_and(|resolved_doc| !matches!(resolved_doc.doc.kind, KindData::Survey(_))) {
            let resolved_doc = slot.take();
            drop(slot);
            drop(resolved_doc);
        }
    }

    /// A thread that failed while it read a document left nothing half done.
    fn slot(&self, page: PageId) -> MutexGuard<'_, Option<Arc<ResolvedDoc>>> {
        self.slots[page.0 as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for DocCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocCache").field("pages", &self.slots.len()).finish_non_exhaustive()
    }
}

impl Site {
    /// All of a page.
    pub fn resolved_doc(&self, page: PageId) -> Arc<ResolvedDoc> {
        record_read(|| RecordedRead::Page(PageFacet::All, page));
        let mut slot = self.doc_cache.slot(page);
        let resolved_doc = slot.get_or_insert_with(|| {
            self.doc_cache.loaded.fetch_add(1, Ordering::Relaxed);
            Arc::new((self.doc_cache.load)(self, page))
        });
        Arc::clone(resolved_doc)
    }

    /// The page at this path.
    pub fn page_at(&self, path: &SitePath) -> Option<PageId> {
        self.catalog.by_path(path)
    }
}
