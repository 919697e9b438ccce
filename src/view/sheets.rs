//! Documents with their references followed, read when somebody first wants them.
//!
//! A build that parsed a page keeps what it parsed; of a page that is as it was, only the card is known, and the document is read
//! again where an output needs it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::catalog::PageId;
use crate::document::Doc;
use puzhi_core::base::SitePath;
use puzhi_core::kinds::Kind;

use super::key::Facet;
use super::reads::{Read, saw};
use super::site::{ImageTo, LinkTo, Resolved, Site};

/// One document and where its references lead.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub doc: Arc<Doc>,
    pub resolved: Resolved,
}

/// What other pages see of a page's references.
#[derive(Debug, Clone, Default, PartialEq, Hash, Serialize, Deserialize)]
pub struct Shown {
    /// Picture of the front matter.
    pub cover: Option<ImageTo>,
    /// Where to register for an event.
    pub registration: Option<LinkTo>,
    /// Photographs of an event, by index of its evidence.
    pub photos: Vec<Option<ImageTo>>,
    /// The page that an event belongs to.
    pub of: Option<SitePath>,
    /// `explains` of a policy, in order.
    pub explains: Vec<SitePath>,
}

/// Reads a document again and follows its references.
pub type Loader = Box<dyn Fn(&Site, PageId) -> Sheet + Send + Sync>;

/// By [`PageId`].
pub struct Sheets {
    slots: Vec<Mutex<Option<Arc<Sheet>>>>,
    load: Loader,
    loaded: AtomicUsize,
}

impl Sheets {
    /// `known` are the sheets of pages that were parsed already.
    pub fn new(known: Vec<Option<Arc<Sheet>>>, load: Loader) -> Self {
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
    pub fn replace(&mut self, page: PageId, sheet: Arc<Sheet>) {
        *self.slot(page) = Some(sheet);
    }

    /// Lets go of a page's document once the page is made. One that other pages show, too, stays.
    pub fn release(&self, page: PageId) {
        let mut slot = self.slot(page);
        if slot.as_ref().is_some_and(|sheet| !matches!(sheet.doc.kind, Kind::Survey(_))) {
            let sheet = slot.take();
            drop(slot);
            drop(sheet);
        }
    }

    /// A thread that failed while it read a document left nothing half done.
    fn slot(&self, page: PageId) -> MutexGuard<'_, Option<Arc<Sheet>>> {
        self.slots[page.0 as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Sheets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheets").field("pages", &self.slots.len()).finish_non_exhaustive()
    }
}

impl Site {
    /// All of a page.
    pub fn sheet(&self, page: PageId) -> Arc<Sheet> {
        saw(|| Read::Page(Facet::All, page));
        let mut slot = self.sheets.slot(page);
        let sheet = slot.get_or_insert_with(|| {
            self.sheets.loaded.fetch_add(1, Ordering::Relaxed);
            Arc::new((self.sheets.load)(self, page))
        });
        Arc::clone(sheet)
    }

    /// The page at this path.
    pub fn page_at(&self, path: &SitePath) -> Option<PageId> {
        self.catalog.by_path(path)
    }
}
