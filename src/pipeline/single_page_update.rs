//! Replaces the text of one page in a prepared site, without running the phases.
//!
//! If the page's metadata, its links and what others see of its references stay equal, only the page itself changed: its document is
//! replaced in the site, and only the keys of its text can have other fingerprints. After any other change all phases run. The result
//! is the same either way.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::view::{ResolvedDoc, Views};
use puzhi_core::base::SitePath;
use puzhi_core::diag::Diagnostic;
use puzhi_core::encoding::decode;

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
    /// What following the references of each page found.
    pub(super) reference_findings: BTreeMap<SitePath, Vec<Diagnostic>>,
    pub(super) now: jiff::civil::DateTime,
}

impl SinglePageUpdate {
    /// What was found when a page was read and its references were followed. Other findings about it come from the site as a whole.
    pub fn findings(&self, path: &SitePath) -> Vec<Diagnostic> {
        let read = self.pages.iter().find(|page| page.place.path == *path).map(|page| page.findings.iter());
        let followed = self.reference_findings.get(path).into_iter().flatten();
        read.into_iter().flatten().chain(followed).cloned().collect()
    }

    /// Puts the new text of a page into the site and returns what is found about it. `None` if more than the page's own text may have
    /// changed, or if it has errors; the phases must run then.
    pub fn apply(&mut self, views: &mut Views, path: &SitePath, bytes: &[u8]) -> Option<Vec<Diagnostic>> {
        let site = Arc::get_mut(&mut views.site)?.untracked_mut();
        let id = site.page_at(path)?;
        let page = self.pages.get_mut(id.0 as usize)?;
        let read = self.reader.read_bytes(&page.place, page.kind, bytes);
        let doc = read.doc.filter(|_| !read.diags.iter().any(Diagnostic::is_error))?;
        let search = self.reader.search_text(&doc, &page.place);
        let meta = self.reader.meta(&doc, &page.place, search.as_deref(), self.now);
        if meta != *page.meta || ValidTimes::of(&doc, self.now) != page.times {
            return None;
        }
        let doc = Arc::new(doc);
        page.hash = doc.hash;
        page.doc = HeldDocument::Whole(Arc::clone(&doc));
        let (text, _) = decode(path, bytes).ok()?;
        let checker = ReferenceChecker { catalog: &site.catalog, link_context: &self.link_context, text: Some(&text) };
        let Followed { references: now, resolved, diags } = follow(id, page, doc.references(), checker);
        let same = !diags.iter().any(Diagnostic::is_error)
            && now.visible_references == site.visible_references[id.0 as usize]
            && self.links_to.get(id.0 as usize) == Some(&now.links_to);
        if !same {
            return None;
        }
        site.content_fingerprints[id.0 as usize] = now.content_fingerprint;
        page.search.clone_from(&search);
        page.findings = read.diags;
        self.reference_findings.insert(path.clone(), diags);
        site.search.replace(id, search);
        site.doc_cache.replace(id, Arc::new(ResolvedDoc { doc, resolved }));
        Some(self.findings(path))
    }
}
