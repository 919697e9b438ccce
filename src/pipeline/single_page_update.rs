//! The shortest way from an edit to what it changes: one page's text, seen from outside as before.
//!
//! Where the page's card, its links and what others see of its references stay equal, nothing but the page itself changed: its
//! document is replaced in the site that is there, and the one key that is worth something else is told. Anything else is for a
//! whole round of the phases. The result is the same either way.

use std::sync::Arc;

use crate::view::{Key, PageFacet, StableKey, Views};
use puzhi_core::base::SitePath;

use super::check::{LinkContext, ReferenceChecker};
use super::docs::{ContentPage, PageReader};
use super::prepare::follow;
use super::previous::ValidDays;

/// What is needed to read and check one page again.
pub struct SinglePageUpdate {
    pub(super) reader: Arc<PageReader>,
    pub(super) link_context: Arc<LinkContext>,
    pub(super) pages: Vec<ContentPage>,
    /// Pages that each page links to. By [`PageId`].
    pub(super) links_to: Vec<Vec<SitePath>>,
    pub(super) today: jiff::civil::Date,
}

impl SinglePageUpdate {
    /// Puts the new text of a page into the site; the key that changed, or `None` when more than the page's own text may have.
    pub fn apply(&mut self, views: &mut Views, path: &SitePath, bytes: &[u8]) -> Option<StableKey> {
        let site = Arc::get_mut(&mut views.site)?.untracked_mut();
        let id = site.page_at(path)?;
        let page = self.pages.get_mut(id.0 as usize)?;
        let read = self.reader.read_bytes(&page.place, page.kind, bytes);
        let doc = read.doc.filter(|_| read.diags.is_empty() && page.is_clean)?;
        let meta = self.reader.meta(&doc, &page.place, self.today);
        if meta != *page.meta || ValidDays::of(&doc, self.today) != page.days {
            return None;
        }
        let doc = Arc::new(doc);
        page.hash = doc.hash;
        page.doc = Some(Arc::clone(&doc));
        let checker = ReferenceChecker { catalog: &site.catalog, link_context: &self.link_context };
        let (now, resolved_doc, found) = follow(id, page, doc, checker);
        let same = found.is_empty()
            && now.visible_references == site.visible_references[id.0 as usize]
            && self.links_to.get(id.0 as usize) == Some(&now.links_to);
        if !same {
            return None;
        }
        site.content_fingerprints[id.0 as usize] = now.content_fingerprint;
        site.doc_cache.replace(id, Arc::new(resolved_doc));
        Some(Key::Page(PageFacet::Whole, path.clone()))
    }
}
