//! Sections and terms, the two kinds of page lists, and their sorting and pagination.
//!
//! Knows the metadata of pages, not their bodies.

use std::cmp::Reverse;
use std::sync::Arc;

use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::SectionOrder;

use super::{PageId, PageMeta};

/// Index of a section in [`Catalog::sections`](super::Catalog::sections).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

/// Index of a term in [`Catalog::terms`](super::Catalog::terms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub u32);

/// One folder in one language.
#[derive(Debug, Clone)]
pub struct Section {
    /// Path relative to `content/`; "" for `content/` itself.
    pub folder: String,
    /// Index of the language in the settings.
    pub lang: usize,
    /// Address of the section's first list page.
    pub route: Route,
    /// Title from the describing page, else the site's title at the top, else the folder's name.
    pub title: String,
    /// The page that describes the section (`_index.md` or equivalent), if any.
    pub index: Option<PageId>,
    /// The section of the parent folder.
    pub parent: Option<SectionId>,
    /// Sections of the subfolders, by `order` of their pages, then by folder.
    pub children: Vec<SectionId>,
    /// Pages directly in the folder in display order, without expired ones.
    pub pages: Vec<PageId>,
    /// Number of `pages` and of those of all sections below.
    pub pages_below: usize,
    /// Entries per list page.
    pub page_size: usize,
    /// Sort order of `pages`.
    pub sort: SectionOrder,
}

/// One term of a taxonomy in one language.
#[derive(Debug, Clone)]
pub struct Term {
    /// Key of the taxonomy, for example `tags`.
    pub taxonomy: String,
    /// Index of the language in the settings.
    pub lang: usize,
    /// Display name: the title of the term's page, else the first spelling found in front matter.
    pub name: String,
    /// Address of the term's first list page.
    pub route: Route,
    /// `order` of the term's page; terms without it come last.
    pub order: Option<i64>,
    /// The page that describes the term, if any.
    pub index: Option<PageId>,
    /// Listed pages with this term, newest first. Samples and expired pages are not included.
    pub pages: Vec<PageId>,
}

/// Sorts a list of pages for display. `None` for `sort` means by `order` where it is given, then newest first. Ties
/// are decided by page id, which is path order.
pub(super) fn sort_pages(pages: &mut [PageId], metas: &[Arc<PageMeta>], sort: Option<SectionOrder>) {
    let meta = |id: &PageId| &metas[id.0 as usize];
    match sort {
        Some(SectionOrder::Date) => pages.sort_by_cached_key(|id| date_sort_key(*id, metas)),
        Some(SectionOrder::Title) => pages.sort_by_cached_key(|id| (meta(id).title.as_str(), *id)),
        Some(SectionOrder::Order) => pages.sort_by_cached_key(|id| (order_key(meta(id)), meta(id).title.as_str(), *id)),
        None => pages.sort_by_cached_key(|id| (order_key(meta(id)), Reverse(meta(id).date), *id)),
    }
}

fn order_key(meta: &PageMeta) -> i64 {
    meta.order.unwrap_or(i64::MAX)
}

/// The place of a page in a list sorted by date: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct DateSortKey {
    date: Reverse<Option<DateOrDateTime>>,
    order: i64,
    id: PageId,
}

fn date_sort_key(id: PageId, metas: &[Arc<PageMeta>]) -> DateSortKey {
    let meta = &metas[id.0 as usize];
    DateSortKey { date: Reverse(meta.date), order: order_key(meta), id }
}

/// Index of `page` in a list sorted by date; 0 if it is not in the list.
pub(super) fn page_position(pages: &[PageId], page: PageId, metas: &[Arc<PageMeta>]) -> usize {
    let key = date_sort_key(page, metas);
    pages.binary_search_by_key(&key, |p| date_sort_key(*p, metas)).unwrap_or(0)
}

/// Division of a list into pages such that a new newest entry changes only the front page. Full pages are numbered
/// from the oldest entries; the front page shows the newest full page and the entries that do not fill a page yet, up
/// to `2 * page_size - 1` entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// Entries on the front page.
    pub first_page_len: usize,
    /// Number of archive pages, each with `page_size` entries.
    pub archive_pages: usize,
    /// Entries per archive page.
    pub page_size: usize,
}

impl Pagination {
    /// Divides `total` entries.
    pub fn new(total: usize, page_size: usize) -> Self {
        let page_size = page_size.max(1);
        let archive_pages = (total / page_size).saturating_sub(1);
        Self { first_page_len: total - archive_pages * page_size, archive_pages, page_size }
    }

    /// Range of the entries of archive page `number` (1 is the oldest) in a newest-first list of `total` entries.
    pub fn archive_range(&self, number: usize, total: usize) -> std::ops::Range<usize> {
        let end = total - (number - 1) * self.page_size;
        end - self.page_size..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_entry_changes_only_the_first_page_until_a_chunk_is_full() {
        assert_eq!(Pagination::new(0, 20), Pagination { first_page_len: 0, archive_pages: 0, page_size: 20 });
        assert_eq!(Pagination::new(39, 20), Pagination { first_page_len: 39, archive_pages: 0, page_size: 20 });
        let (before, after) = (Pagination::new(45, 20), Pagination::new(46, 20));
        assert_eq!((before.first_page_len, before.archive_pages), (25, 1));
        assert_eq!((after.first_page_len, after.archive_pages), (26, 1));
        // The index range moves by one, but it selects the same entries.
        assert_eq!(before.archive_range(1, 45), 25..45);
        assert_eq!(after.archive_range(1, 46), 26..46);
        assert_eq!(Pagination::new(60, 20).archive_pages, 2);
    }
}
