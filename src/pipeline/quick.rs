//! The shortest way from an edit to what it changes: one page's text, seen from outside as before.
//!
//! Where the page's card, its links and what others see of its references stay equal, nothing but the page itself changed: its
//! document is replaced in the site that is there, and the one key that is worth something else is told. Anything else is for a
//! whole round of the phases. The result is the same either way.

use std::sync::Arc;

use crate::view::{Facet, Key, Views};
use puzhi_core::base::SitePath;

use super::check::{Checker, World};
use super::docs::{Page, Reader};
use super::past::Days;
use super::prepare::follow;

/// What is needed to read and check one page again.
pub struct Kit {
    pub(super) reader: Arc<Reader>,
    pub(super) world: Arc<World>,
    pub(super) pages: Vec<Page>,
    /// Pages that each page links to. By [`PageId`].
    pub(super) to: Vec<Vec<SitePath>>,
    pub(super) today: jiff::civil::Date,
}

impl Kit {
    /// Puts the new text of a page into the site; the key that changed, or `None` when more than the page's own text may have.
    pub fn edit(&mut self, views: &mut Views, path: &SitePath, bytes: &[u8]) -> Option<Key> {
        let site = Arc::get_mut(&mut views.site)?;
        let id = site.page_at(path)?;
        let page = self.pages.get_mut(id.0 as usize)?;
        let read = self.reader.read_bytes(&page.place, page.kind, bytes);
        let mut doc = read.doc.filter(|_| read.diags.is_empty() && page.sound)?;
        let card = self.reader.card(&mut doc, &page.place, self.today);
        if card != *page.card || Days::of(&doc, self.today) != page.days {
            return None;
        }
        let doc = Arc::new(doc);
        page.hash = doc.hash;
        page.doc = Some(Arc::clone(&doc));
        let checker = Checker { catalog: &site.catalog, world: &self.world };
        let (now, sheet, found) = follow(id, page, doc, checker);
        let same =
            found.is_empty() && now.shown == site.shown[id.0 as usize] && self.to.get(id.0 as usize) == Some(&now.to);
        if !same {
            return None;
        }
        site.versions[id.0 as usize] = now.version;
        site.sheets.replace(id, Arc::new(sheet));
        Some(Key::Page(Facet::All, path.clone()))
    }
}
