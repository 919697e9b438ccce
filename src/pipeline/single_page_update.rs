//! Replaces the text of one page in a prepared site, without running the phases.
//!
//! If the page's metadata, its links and what others see of its references stay equal, only the page itself changed: its document is
//! replaced in the site, and only the keys of its text can have other fingerprints. After any other change all phases run. The result
//! is the same either way.

use std::sync::Arc;

use crate::view::{ResolvedDoc, Views};
use puzhi_core::base::SitePath;

use super::check::{LinkContext, ReferenceChecker};
use super::docs::{ContentPage, HeldDocument, PageReader};
use super::prepare::{Followed, follow};
use super::previous::ValidTimes;

/// What is needed to read and check one page again.
pub struct SinglePageUpdate {
    pub(super) reader: Arc<PageReader>,
    pub(super) link_context: Arc<LinkContext>,
    pub(super) pages: Vec<ContentPage>,
    /// Pages that each page links to. By [`PageId`].
    pub(super) links_to: Vec<Vec<SitePath>>,
    pub(super) now: jiff::civil::DateTime,
}

impl SinglePageUpdate {
    /// Puts the new text of a page into the site. `false` if more than the page's own text may have changed; the phases must run then.
    pub fn apply(&mut self, views: &mut Views, path: &SitePath, bytes: &[u8]) -> bool {
        self.try_apply(views, path, bytes).is_some()
    }

    fn try_apply(&mut self, views: &mut Views, path: &SitePath, bytes: &[u8]) -> Option<()> {
        let site = Arc::get_mut(&mut views.site)?.untracked_mut();
        let id = site.page_at(path)?;
        let page = self.pages.get_mut(id.0 as usize)?;
        let read = self.reader.read_bytes(&page.place, page.kind, bytes);
        let doc = read.doc.filter(|_| read.diags.is_empty() && page.findings.is_empty())?;
        let search = self.reader.search_text(&doc, &page.place);
        let meta = self.reader.meta(&doc, &page.place, search.as_deref(), self.now);
        if meta != *page.meta || ValidTimes::of(&doc, self.now) != page.times {
            return None;
        }
        let doc = Arc::new(doc);
        page.hash = doc.hash;
        page.doc = HeldDocument::Whole(Arc::clone(&doc));
        let checker = ReferenceChecker { catalog: &site.catalog, link_context: &self.link_context };
        let Followed { references: now, resolved, diags } = follow(id, page, doc.references(), checker);
        let same = diags.is_empty()
            && now.visible_references == site.visible_references[id.0 as usize]
            && self.links_to.get(id.0 as usize) == Some(&now.links_to);
        if !same {
            return None;
        }
        site.content_fingerprints[id.0 as usize] = now.content_fingerprint;
        page.search.clone_from(&search);
        site.search.replace(id, search);
        site.doc_cache.replace(id, Arc::new(ResolvedDoc { doc, resolved }));
        Some(())
    }
}
