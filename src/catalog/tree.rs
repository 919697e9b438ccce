//! Sections and terms: the two ways pages are grouped into lists.

use std::cmp::Reverse;
use std::sync::Arc;

use puzhi_core::base::{Moment, Route};
use puzhi_core::kinds::Sort;

use super::{Card, PageId};

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
    pub sort: Sort,
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
pub(super) fn sort_pages(pages: &mut [PageId], cards: &[Arc<Card>], sort: Option<Sort>) {
    let card = |id: &PageId| &cards[id.0 as usize];
    match sort {
        Some(Sort::Date) => pages.sort_by_cached_key(|id| by_date(*id, cards)),
        Some(Sort::Title) => pages.sort_by_cached_key(|id| (card(id).title.as_str(), *id)),
        Some(Sort::Order) => pages.sort_by_cached_key(|id| (order(card(id)), card(id).title.as_str(), *id)),
        None => pages.sort_by_cached_key(|id| (order(card(id)), Reverse(card(id).date), *id)),
    }
}

fn order(card: &Card) -> i64 {
    card.order.unwrap_or(i64::MAX)
}

fn by_date(id: PageId, cards: &[Arc<Card>]) -> (Reverse<Option<Moment>>, i64, PageId) {
    let card = &cards[id.0 as usize];
    (Reverse(card.date), order(card), id)
}

/// Where `page` stands in a list sorted by date; 0 if it is not there.
pub(super) fn position(pages: &[PageId], page: PageId, cards: &[Arc<Card>]) -> usize {
    let key = by_date(page, cards);
    pages.binary_search_by_key(&key, |p| by_date(*p, cards)).unwrap_or(0)
}

/// How a list is cut into pages so that a new first entry changes only the front: full chunks are numbered from the
/// oldest, the front shows the newest chunk and whatever has not filled one yet (up to `2 * size - 1` entries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Entries on the front page.
    pub front: usize,
    /// Number of archive pages, each of `size` entries.
    pub archives: usize,
    pub size: usize,
}

impl Paging {
    pub fn of(total: usize, size: usize) -> Self {
        let size = size.max(1);
        let archives = (total / size).saturating_sub(1);
        Self { front: total - archives * size, archives, size }
    }

    /// The entries of archive page `number` (from 1, the oldest) in a newest-first list of `total`.
    pub fn archive(&self, number: usize, total: usize) -> std::ops::Range<usize> {
        let end = total - (number - 1) * self.size;
        end - self.size..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_entry_changes_only_the_front_until_a_chunk_is_full() {
        assert_eq!(Paging::of(0, 20), Paging { front: 0, archives: 0, size: 20 });
        assert_eq!(Paging::of(39, 20), Paging { front: 39, archives: 0, size: 20 });
        let (before, after) = (Paging::of(45, 20), Paging::of(46, 20));
        assert_eq!((before.front, before.archives), (25, 1));
        assert_eq!((after.front, after.archives), (26, 1));
        // Positions move by one, entries do not.
        assert_eq!(before.archive(1, 45), 25..45);
        assert_eq!(after.archive(1, 46), 26..46);
        assert_eq!(Paging::of(60, 20).archives, 2);
    }
}
