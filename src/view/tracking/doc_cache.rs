//! Documents with their resolved references, loaded on first use.
//!
//! A page that this build parsed is in the cache from the start. Of an unchanged page only the metadata is known, and
//! its document is loaded when an output needs it. In: documents, and a function that loads one. Out: shared documents.
//! Knows no disk: the loader reads the file. Records nothing: the facet `Whole` gives documents out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::catalog::PageId;
use crate::document::Document;
use puzhi_core::base::SitePath;
use puzhi_core::kinds::KindData;

use super::site::Site;
use super::site_data::SiteData;
use crate::view::site::{ResolvedImage, ResolvedLink, ResolvedReferences};

/// One document and where its references lead.
#[derive(Debug, Clone)]
pub struct ResolvedDoc {
    /// The parsed document.
    pub doc: Arc<Document>,
    /// Its resolved references.
    pub resolved: ResolvedReferences,
}

/// The resolved references of a page that other pages show.
#[derive(Debug, Clone, Default, PartialEq, Hash, Serialize, Deserialize)]
pub struct VisibleReferences {
    /// Picture from the front matter.
    pub cover: Option<ResolvedImage>,
    /// Link to register for an event.
    pub registration: Option<ResolvedLink>,
    /// Photographs of an event, by index of its evidence.
    pub photos: Vec<Option<ResolvedImage>>,
    /// The page of the observance or series that an event belongs to.
    pub of: Option<SitePath>,
    /// Official texts that a policy page explains, in order.
    pub explains: Vec<SitePath>,
}

/// Reads and parses a document again and resolves its references.
pub type DocLoader = Box<dyn Fn(&SiteData, PageId) -> ResolvedDoc + Send + Sync>;

/// Documents by [`PageId`], each loaded on first use.
pub struct DocCache {
    slots: Vec<Mutex<Option<Arc<ResolvedDoc>>>>,
    load: DocLoader,
    loaded: AtomicUsize,
}

impl DocCache {
    /// `known` has one entry for each page: its document, or `None` if `load` must load it.
    pub fn new(known: Vec<Option<Arc<ResolvedDoc>>>, load: DocLoader) -> Self {
        Self { slots: known.into_iter().map(Mutex::new).collect(), load, loaded: AtomicUsize::new(0) }
    }

    /// Number of documents that were loaded by the loader.
    pub fn loaded(&self) -> usize {
        self.loaded.load(Ordering::Relaxed)
    }

    /// Number of pages, loaded or not.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether the site has no pages.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Replaces the document of a page.
    pub fn replace(&mut self, page: PageId, resolved_doc: Arc<ResolvedDoc>) {
        *self.slot(page) = Some(resolved_doc);
    }

    /// Drops a page's document after the page is rendered, to save memory. Surveys stay, because other pages show them
    /// too.
    pub fn release(&self, page: PageId) {
        let mut slot = self.slot(page);
        if slot.as_ref().is_some_and(|resolved_doc| !matches!(resolved_doc.doc.kind, KindData::Survey(_))) {
            let resolved_doc = slot.take();
            drop(slot);
            drop(resolved_doc);
        }
    }

    /// A poisoned lock is safe to use: a loader that panicked has not stored anything.
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
    /// The document of a page, loaded if necessary, for the handle of the facet `Whole`.
    pub(super) fn load(&self, page: PageId) -> Arc<ResolvedDoc> {
        let cache = &self.data.doc_cache;
        let mut slot = cache.slot(page);
        let resolved_doc = slot.get_or_insert_with(|| {
            cache.loaded.fetch_add(1, Ordering::Relaxed);
            Arc::new((cache.load)(&self.data, page))
        });
        Arc::clone(resolved_doc)
    }
}
