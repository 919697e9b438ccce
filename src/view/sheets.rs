//! Documents with their references followed, read when somebody first wants them.
//!
//! A build that parsed a page keeps what it parsed; of a page that is as it was, only the card is known, and the document is read
//! again where an output needs it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::base::SitePath;
use crate::catalog::PageId;
use crate::kinds::Doc;

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
    slots: Vec<OnceLock<Arc<Sheet>>>,
    load: Loader,
    loaded: AtomicUsize,
}

impl Sheets {
    /// `known` are the sheets of pages that were parsed already.
    pub fn new(known: Vec<Option<Arc<Sheet>>>, load: Loader) -> Self {
        let slots = known.into_iter().map(|sheet| sheet.map_or_else(OnceLock::new, OnceLock::from)).collect();
        Self { slots, load, loaded: AtomicUsize::new(0) }
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
        self.slots[page.0 as usize] = OnceLock::from(sheet);
    }

    /// What is there already.
    pub fn known(&self, page: PageId) -> Option<&Arc<Sheet>> {
        self.slots[page.0 as usize].get()
    }
}

impl std::fmt::Debug for Sheets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheets").field("pages", &self.slots.len()).finish_non_exhaustive()
    }
}

impl Site {
    /// All of a page.
    pub fn sheet(&self, page: PageId) -> &Sheet {
        saw(|| Read::Page(Facet::All, page));
        let sheets = &self.sheets;
        sheets.slots[page.0 as usize].get_or_init(|| {
            sheets.loaded.fetch_add(1, Ordering::Relaxed);
            Arc::new((sheets.load)(self, page))
        })
    }

    /// The page at this path.
    pub fn page_at(&self, path: &SitePath) -> Option<PageId> {
        self.catalog.by_path(path)
    }
}
