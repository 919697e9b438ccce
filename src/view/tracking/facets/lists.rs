//! Facets of lists: which pages stand on one page of a list, in a feed, among the newest of a kind, or were found by a query.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Subject, paths_fingerprint};
use crate::catalog::{PageId, Pagination, TermId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::key::SectionName;
use crate::view::tracking::site::Site;
use crate::view::views::FeedId;
use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::{KindName, SectionOrder};

/// A list, named so that later builds can find it. [`crate::view::ListId`] is the same list by the ids of one build.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ListKey {
    /// The list of a section.
    Section(SectionName),
    /// The list of a term, by its address.
    Term(Route),
}

impl fmt::Display for ListKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListKey::Section(section) => write!(f, "/{section}/"),
            ListKey::Term(route) => write!(f, "{route}"),
        }
    }
}

/// Which pages are on one page of a list, and its pager.
pub struct OnListPage;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListPageOf {
    /// The list.
    pub list: ListKey,
    /// Number of the archive page; `None` is the front.
    pub number: Option<u32>,
}

impl Subject for ListPageOf {
    fn language(&self) -> Option<u32> {
        match &self.list {
            ListKey::Section(section) => Some(section.lang),
            ListKey::Term(_) => None,
        }
    }
}

impl fmt::Display for ListPageOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            None => self.list.fmt(f),
            Some(n) => write!(f, "{} #{n}", self.list),
        }
    }
}

/// What [`OnListPage`] gives out.
#[derive(Debug, Clone, Copy)]
pub struct ListSlice<'s> {
    /// The pages on it.
    pub pages: &'s [PageId],
    /// What its pager shows.
    pub pager: PagerFacts,
}

/// The place of a page in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PagerFacts {
    /// The front.
    Front {
        /// Number of archive pages.
        archive_pages: usize,
        /// Number of entries in the whole list.
        total: usize,
    },
    /// An archive page.
    Archive {
        /// Its number.
        number: usize,
        /// Whether it is the newest archive page, after which the front follows.
        is_newest: bool,
    },
}

impl Facet<Site> for OnListPage {
    type Of = ListPageOf;
    type Value<'s> = Option<ListSlice<'s>>;
    const NAME: &'static str = "list";
    const ZH: &'static str = "列表";

    fn read<'s>(site: &'s Site, of: &ListPageOf) -> Option<ListSlice<'s>> {
        let (pages, size) = site.data.whole_list(&site.data.list_id(&of.list)?);
        let pagination = Pagination::new(size.total, size.page_size);
        let archive_pages = pagination.archive_pages;
        Some(match of.number.map(|n| n as usize) {
            None => ListSlice {
                pages: &pages[..pagination.first_page_len],
                pager: PagerFacts::Front { archive_pages, total: size.total },
            },
            Some(number) if (1..=archive_pages).contains(&number) => ListSlice {
                pages: &pages[pagination.archive_range(number, size.total)],
                pager: PagerFacts::Archive { number, is_newest: number == archive_pages },
            },
            Some(_) => return None,
        })
    }

    fn fingerprint(site: &Site, of: &ListPageOf) -> Option<Fingerprint> {
        let ListSlice { pages, pager } = Self::read(site, of)?;
        Some(fingerprint(&(paths_fingerprint(site, pages.iter().copied()), pager)))
    }
}

/// Which pages a feed contains, and the days on which they were published.
pub struct Feed;

/// A feed, named so that later builds can find it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedKey {
    /// The newest pages of a language, by index of the language.
    Language(u32),
    /// The newest pages of a list.
    List(ListKey),
}

impl Subject for FeedKey {
    fn language(&self) -> Option<u32> {
        match self {
            FeedKey::Language(lang) => Some(*lang),
            FeedKey::List(ListKey::Section(section)) => Some(section.lang),
            FeedKey::List(ListKey::Term(_)) => None,
        }
    }
}

impl fmt::Display for FeedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeedKey::Language(lang) => write!(f, "({lang})"),
            FeedKey::List(list) => list.fmt(f),
        }
    }
}

/// A page of a feed.
#[derive(Debug, Clone, Copy)]
pub struct FeedItem {
    /// The page.
    pub page: PageId,
    /// When it was published. The day of an event comes from the lock file, not from the page.
    pub published: DateOrDateTime,
    /// Whether it is withdrawn, so that only a notice is left.
    pub is_withdrawn: bool,
}

impl Facet<Site> for Feed {
    type Of = FeedKey;
    type Value<'s> = Vec<FeedItem>;
    const NAME: &'static str = "feed";
    const ZH: &'static str = "订阅源";

    fn read(site: &Site, of: &FeedKey) -> Vec<FeedItem> {
        let id = match of {
            FeedKey::Language(lang) => Some(FeedId::Language(*lang as usize)),
            FeedKey::List(list) => site.data.list_id(list).map(FeedId::List),
        };
        let pages = id.map(|id| site.data.feed_pages(&id)).unwrap_or_default();
        let item = |page| {
            let is_withdrawn = site.data.catalog.page(page).withdrawn.is_some();
            Some(FeedItem { page, published: site.data.published(page)?, is_withdrawn })
        };
        pages.into_iter().filter_map(item).collect()
    }

    fn fingerprint(site: &Site, of: &FeedKey) -> Option<Fingerprint> {
        let items = Self::read(site, of);
        let days: Vec<(DateOrDateTime, bool)> = items.iter().map(|item| (item.published, item.is_withdrawn)).collect();
        Some(fingerprint(&(paths_fingerprint(site, items.into_iter().map(|item| item.page)), days)))
    }
}

/// The newest listed pages of a kind.
pub struct Newest;

/// Which newest pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NewestOf {
    /// Their kind.
    pub kind: KindName,
    /// Index of their language.
    pub lang: u32,
    /// How many.
    pub count: u32,
}

impl Subject for NewestOf {
    fn language(&self) -> Option<u32> {
        Some(self.lang)
    }
}

impl fmt::Display for NewestOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.count, self.kind.as_str(), self.lang)
    }
}

impl Facet<Site> for Newest {
    type Of = NewestOf;
    type Value<'s> = Vec<PageId>;
    const NAME: &'static str = "newest";
    const ZH: &'static str = "最新的页面";

    fn read(site: &Site, of: &NewestOf) -> Vec<PageId> {
        let catalog = &site.data.catalog;
        let wanted = |id: &PageId| {
            let meta = catalog.page(*id);
            meta.lang == of.lang as usize && meta.kind == of.kind && catalog.is_listed(*id)
        };
        let mut pages: Vec<PageId> = catalog.page_ids().filter(wanted).collect();
        catalog.sort_pages(&mut pages, Some(SectionOrder::Date));
        pages.truncate(of.count as usize);
        pages
    }

    fn fingerprint(site: &Site, of: &NewestOf) -> Option<Fingerprint> {
        Some(paths_fingerprint(site, Self::read(site, of)))
    }
}

/// Which pages a directive or a template function found.
pub struct Found;

/// A search for listed pages, as directives and template functions make it. All conditions must match.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Query {
    /// Index of the language.
    pub lang: usize,
    /// Folder of the section; `None` for all sections.
    pub section: Option<String>,
    /// Kind of the pages; `None` for all kinds.
    pub kind: Option<String>,
    /// Pairs of a taxonomy's key and a spelling of a term.
    pub terms: Vec<(String, String)>,
    /// Order; `None` for the order of the section, or the default order without one.
    pub sort: Option<SectionOrder>,
    /// Largest number of pages.
    pub limit: usize,
}

impl Subject for Query {
    fn language(&self) -> Option<u32> {
        Some(self.lang as u32)
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// What [`Found`] gives out.
#[derive(Debug, Clone)]
pub struct FoundPages {
    /// Whether the query names no section, or one that exists.
    pub section_exists: bool,
    /// The pages, in the order of the query.
    pub pages: Vec<PageId>,
}

impl Facet<Site> for Found {
    type Of = Query;
    type Value<'s> = FoundPages;
    const NAME: &'static str = "query";
    const ZH: &'static str = "查询";

    fn read(site: &Site, query: &Query) -> FoundPages {
        let catalog = &site.data.catalog;
        let section = query.section.as_ref().map(|folder| catalog.section_by_folder(folder, query.lang));
        let mut pages: Vec<PageId> = match section {
            Some(section) => section.map(|s| catalog.section(s).pages.clone()).unwrap_or_default(),
            None => catalog.page_ids().collect(),
        };
        if let Some(kind) = &query.kind {
            let kinds = &site.data.settings.kinds;
            pages.retain(|id| {
                let of = catalog.page(*id).kind;
                kinds.name(of) == kind || kinds.own(of).is_some_and(|own| own.zh == *kind)
            });
        }
        let terms = query.terms.iter().map(|(taxonomy, name)| catalog.term_by_spelling(taxonomy, query.lang, name));
        retain_listed(site, &mut pages, query.lang, &terms.collect::<Vec<_>>());
        if query.section.is_none() || query.sort.is_some() {
            catalog.sort_pages(&mut pages, query.sort);
        }
        pages.truncate(query.limit);
        FoundPages { section_exists: section.is_none_or(|section| section.is_some()), pages }
    }

    fn fingerprint(site: &Site, of: &Query) -> Option<Fingerprint> {
        let FoundPages { section_exists, pages } = Self::read(site, of);
        Some(fingerprint(&(section_exists, paths_fingerprint(site, pages))))
    }
}

/// Keeps the listed pages of a language that have all of these terms; `None` is a term that does not exist.
pub(super) fn retain_listed(site: &Site, pages: &mut Vec<PageId>, lang: usize, terms: &[Option<TermId>]) {
    let catalog = &site.data.catalog;
    let has = |page: PageId, term: &Option<TermId>| term.is_some_and(|t| catalog.page_terms(page).contains(&t));
    pages.retain(|id| terms.iter().all(|term| has(*id, term)));
    pages.retain(|id| catalog.page(*id).lang == lang && catalog.is_listed(*id));
}
