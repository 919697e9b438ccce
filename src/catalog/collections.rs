//! Sections and terms: the two ways pages are grouped into lists.

use std::cmp::Reverse;
use std::sync::Arc;

use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::SectionOrder;

use super::{PageId, PageMeta};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub u32);

/// One folder in one language.
#[derive(Debug, Clone)]
pub struct Section {
    /// Below `content/`, "" for the top.
    pub folder: String,
    pub lang: usize,
    pub route: Route,
    pub title: String,
    /// The page that describes it.
    pub index: Option<PageId>,
    pub parent: Option<SectionId>,
    /// In order.
    pub children: Vec<SectionId>,
    /// Its own pages, in order; expired ones are left out.
    pub pages: Vec<PageId>,
    pub page_size: usize,
    pub sort: SectionOrder,
}

/// One term of a taxonomy in one language.
#[derive(Debug, Clone)]
pub struct Term {
    /// Taxonomy key.
    pub taxonomy: String,
    pub lang: usize,
    pub name: String,
    pub route: Route,
    pub order: Option<i64>,
    /// The page that describes it.
    pub index: Option<PageId>,
    /// Newest first; samples and expired pages are left out.
    pub pages: Vec<PageId>,
}

/// Sorts a list of pages for display. `None` for `sort` means: by `order` where given, then newest first. Where nothing else
/// decides, paths do, which are in the order of ids.
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

fn date_sort_key(id: PageId, metas: &[Arc<PageMeta>]) -> (Reverse<Option<DateOrDateTime>>, i64, PageId) {
    let meta = &metas[id.0 as usize];
    (Reverse(meta.date), order_key(meta), id)
}

/// Where `page` stands in a list sorted by date; 0 if it is not there.
pub(super) fn page_position(pages: &[PageId], page: PageId, metas: &[Arc<PageMeta>]) -> usize {
    let key = date_sort_key(page, metas);
    pages.binary_search_by_key(&key, |p| date_sort_key(*p, metas)).unwrap_or(0)
}

/// How a list is cut into pages so that a new first entry changes only the front: full chunks are numbered from the
/// oldest, the front shows the newest chunk and whatever has not filled one yet (up to `2 * size - 1` entries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// Entries on the front page.
    pub first_page_len: usize,
    /// Number of archive pages, each of `size` entries.
    pub archive_pages: usize,
    pub page_size: usize,
}

impl Pagination {
    pub fn new(total: usize, page_size: usize) -> Self {
        let page_size = page_size.max(1);
        let archive_pages = (total / page_size).saturating_sub(1);
        Self { first_page_len: total - archive_pages * page_size, archive_pages, page_size }
    }

    /// The entries of archive page `number` (from 1, the oldest) in a newest-first list of `total`.
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
        // Positions move by one, entries do not.
        assert_eq!(before.archive_range(1, 45), 25..45);
        assert_eq!(after.archive_range(1, 46), 26..46);
        assert_eq!(Pagination::new(60, 20).archive_pages, 2);
    }
}
