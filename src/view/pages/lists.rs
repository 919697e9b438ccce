//! Lists of pages: sections, terms and taxonomies, their pagination and feeds. In: a list and the number of a page in
//! it. Out: [`ListView`] without its entries, and ids of pages. Knows no template and no feed format.

use serde_json::Value as Json;

use crate::catalog::{PageId, Pagination, SectionId, TermId};
use crate::settings::{FeedScope, Settings};
use puzhi_core::base::Route;
use puzhi_core::kinds::SectionOrder;

use crate::view::model::{ChildView, LinkView, ListView, PagerView};
use crate::view::site::Site;
use crate::view::tracking::dependency_key::{DependencyKey, FeedKey, ListKey};
use crate::view::tracking::read_recorder::{RecordedRead, record_read};
use crate::view::views::{FeedId, ListId};

/// One page of a list. Archive pages are full and numbered from the oldest, so that a new entry changes the front only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListPage {
    /// The front, with the newest entries.
    Front,
    /// An archive page, by its number from 1.
    Archive(usize),
}

impl ListPage {
    /// The address of this page, if the list's front is at `front`.
    pub fn route(self, front: &Route) -> Route {
        match self {
            ListPage::Front => front.clone(),
            ListPage::Archive(number) => front.child("page").child(&number.to_string()),
        }
    }
}

/// Title, address and language of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHead {
    /// Its title.
    pub title: String,
    /// The address of its front.
    pub route: Route,
    /// The index of its language in the settings.
    pub lang: usize,
}

impl Site {
    /// The entries on one page of a list. Records the read.
    pub(in crate::view) fn list_pages(&self, of: &ListId, list_page: ListPage) -> &[PageId] {
        record_read(|| match of {
            ListId::Taxonomy { key, lang } => DependencyKey::Taxonomy(key.as_str().into(), *lang),
            _ => DependencyKey::ListPage(
                self.list_key(of),
                if let ListPage::Archive(number) = list_page { Some(number) } else { None },
            ),
        });
        let (pages, size) = match of {
            ListId::Section(id) => (&self.catalog.section(*id).pages, self.catalog.section(*id).page_size),
            ListId::Term(id) => (&self.catalog.term(*id).pages, self.settings.page_size),
            ListId::Taxonomy { .. } => return &[],
        };
        let pagination = Pagination::new(pages.len(), size);
        match list_page {
            ListPage::Front => &pages[..pagination.first_page_len],
            ListPage::Archive(number) => &pages[pagination.archive_range(number, pages.len())],
        }
    }

    /// The key of a list, valid across builds.
    pub fn list_key(&self, of: &ListId) -> ListKey {
        match of {
            ListId::Section(id) => {
                let section = self.catalog.section(*id);
                ListKey::Section(section.folder.as_str().into(), section.lang)
            }
            ListId::Term(id) => ListKey::Term(self.catalog.term(*id).route.clone()),
            // A taxonomy's list has no pages; its terms have a key of their own.
            ListId::Taxonomy { key, lang } => ListKey::Section(key.as_str().into(), *lang),
        }
    }

    /// The list with this key; `None` if it does not exist in this build.
    pub(in crate::view) fn list_id(&self, list: &ListKey) -> Option<ListId> {
        Some(match list {
            ListKey::Section(folder, lang) => ListId::Section(self.catalog.section_by_folder(folder, *lang)?),
            ListKey::Term(route) => ListId::Term(self.catalog.term_by_route(route)?),
        })
    }

    /// Number of entries in a list, and number of entries on one page of it.
    pub(in crate::view) fn list_size(&self, of: &ListId) -> (usize, usize) {
        match of {
            ListId::Section(id) => (self.catalog.section(*id).pages.len(), self.catalog.section(*id).page_size),
            ListId::Term(id) => (self.catalog.term(*id).pages.len(), self.settings.page_size),
            ListId::Taxonomy { .. } => (0, 1),
        }
    }

    /// Title, address and language of a list.
    pub fn list_head(&self, of: &ListId) -> ListHead {
        match of {
            ListId::Section(id) => {
                let section = self.catalog.section(*id);
                ListHead { title: self.section_link(*id).title, route: section.route.clone(), lang: section.lang }
            }
            ListId::Term(id) => {
                let term = self.catalog.term(*id);
                ListHead { title: self.term_link(*id).title, route: term.route.clone(), lang: term.lang }
            }
            ListId::Taxonomy { key, lang } => {
                ListHead { title: self.taxonomy_title(key, *lang), route: self.taxonomy_route(key, *lang), lang: *lang }
            }
        }
    }

    /// The key of a feed, valid across builds.
    pub fn feed_key(&self, of: &FeedId) -> FeedKey {
        match of {
            FeedId::Language(lang) => FeedKey::Language(*lang),
            FeedId::List(list) => FeedKey::List(self.list_key(list)),
        }
    }

    /// The pages of a feed, newest first. Records that the output reads them and the settings.
    pub fn feed(&self, of: &FeedId) -> Vec<PageId> {
        record_read(|| RecordedRead::Settings);
        record_read(|| DependencyKey::Feed(self.feed_key(of)));
        self.feed_pages(of)
    }

    /// [`Site::feed`] without recording.
    pub(in crate::view) fn feed_pages(&self, of: &FeedId) -> Vec<PageId> {
        let catalog = &self.catalog;
        let (lang, mut pages): (usize, Vec<PageId>) = match of {
            FeedId::Language(lang) => (*lang, catalog.page_ids().collect()),
            FeedId::List(ListId::Section(id)) => (catalog.section(*id).lang, catalog.section(*id).pages.clone()),
            FeedId::List(ListId::Term(id)) => (catalog.term(*id).lang, catalog.term(*id).pages.clone()),
            FeedId::List(ListId::Taxonomy { lang, .. }) => (*lang, Vec::new()),
        };
        pages.retain(|id| {
            let meta = catalog.page(*id);
            meta.lang == lang
                && catalog.is_listed(*id)
                && !meta.unpublished
                && self.settings.kinds.in_feeds(meta.kind)
                && self.published(*id).is_some()
        });
        catalog.sort_pages(&mut pages, Some(SectionOrder::Date));
        pages.sort_by_key(|id| std::cmp::Reverse(self.published(*id)));
        pages.truncate(self.settings.feed_size);
        pages
    }

    /// One page of a section's list; `html` is the rendered body of its `_index.md`. `cards` stays empty: `Views` fills
    /// it with shared entries.
    pub fn section_list(&self, id: SectionId, list_page: ListPage, html: String) -> ListView {
        record_read(|| RecordedRead::Section(id));
        let section = self.catalog.section(id);
        let mut list = self.list(&section.route, &section.pages, section.page_size, list_page);
        list.title = section.title.clone();
        list.kind = "section";
        list.name = section.folder.clone();
        list.breadcrumbs = self.section_crumbs(id, list_page != ListPage::Front);
        list.translations = self.section_translations(&section.folder, section.lang);
        list.feeds = self.feeds(&section.route, FeedScope::Sections);
        self.describe(&mut list, section.index, list_page, html);
        if list_page == ListPage::Front {
            record_read(|| DependencyKey::Children(section.folder.as_str().into(), section.lang));
            list.calendar = self.section_calendar(&section.route, section.lang);
            list.children = section
                .children
                .iter()
                .map(|child| {
                    let link = self.section_link(*child);
                    let child = self.catalog.section(*child);
                    let summary = child.index.map(|i| self.catalog.page(i).summary.clone()).filter(|s| !s.is_empty());
                    ChildView { title: link.title, url: link.url, summary, count: child.pages.len() }
                })
                .collect();
        }
        list
    }

    /// One page of a term's list, as [`Site::section_list`].
    pub fn term_list(&self, id: TermId, list_page: ListPage, html: String) -> ListView {
        record_read(|| RecordedRead::Term(id));
        let term = self.catalog.term(id);
        let mut list = self.list(&term.route, &term.pages, self.settings.page_size, list_page);
        list.title = term.name.clone();
        list.kind = "term";
        list.name = term.taxonomy.clone();
        list.taxonomy = Some(self.taxonomy_title(&term.taxonomy, term.lang));
        list.breadcrumbs = self.taxonomy_crumbs(&term.taxonomy, term.lang);
        if list_page != ListPage::Front {
            list.breadcrumbs.push(self.term_link(id));
        }
        list.translations = self.term_translations(id);
        list.feeds = self.feeds(&term.route, FeedScope::All);
        self.describe(&mut list, term.index, list_page, html);
        if list_page == ListPage::Front {
            list.calendar = self.term_calendar(id);
        }
        if list_page == ListPage::Front && term.taxonomy == "units" {
            list.targets =
                self.target_groups(None, Some(&term.name), term.lang).into_iter().flat_map(|g| g.targets).collect();
        }
        list
    }

    /// The list of a taxonomy's terms.
    pub fn taxonomy_list(&self, key: &str, lang: usize, html: String) -> ListView {
        let route = self.taxonomy_route(key, lang);
        record_read(|| DependencyKey::Taxonomy(key.into(), lang));
        let mut list = self.list(&route, &[], 1, ListPage::Front);
        list.title = self.taxonomy_title(key, lang);
        list.kind = "taxonomy";
        list.name = key.to_string();
        list.taxonomy = Some(list.title.clone());
        list.breadcrumbs = self.home_crumb(lang);
        list.terms = self.catalog.taxonomy_terms(key, lang).map(|t| self.term_view(t)).collect();
        list.translations = self.taxonomy_translations(key, lang);
        self.describe(&mut list, self.taxonomy_index(key, lang), ListPage::Front, html);
        list
    }

    fn list(&self, front: &Route, pages: &[PageId], size: usize, list_page: ListPage) -> ListView {
        let pagination = Pagination::new(pages.len(), size);
        let url = self.settings.href(&list_page.route(front));
        ListView {
            title: String::new(),
            kind: "",
            name: String::new(),
            permalink: self.permalink(&url),
            url,
            summary: None,
            html: String::new(),
            breadcrumbs: Vec::<LinkView>::new(),
            cards: Vec::new(),
            children: Vec::new(),
            terms: Vec::new(),
            taxonomy: None,
            pager: pager(&self.settings, front, pagination, list_page),
            feeds: None,
            translations: Vec::new(),
            extra: Json::Null,
            calendar: None,
            targets: Vec::new(),
            total: match list_page {
                ListPage::Front => pages.len(),
                ListPage::Archive(_) => pagination.page_size,
            },
        }
    }

    fn describe(&self, list: &mut ListView, index: Option<PageId>, list_page: ListPage, html: String) {
        let Some(index) = index else { return };
        let resolved_doc = self.resolved_doc(index);
        let doc = &resolved_doc.doc;
        list.summary = doc.front_matter.summary.clone();
        list.extra = doc.front_matter.extra.clone().unwrap_or(Json::Null);
        if list_page == ListPage::Front {
            list.html = html;
        }
    }
}

fn pager(settings: &Settings, front: &Route, pagination: Pagination, list_page: ListPage) -> PagerView {
    let url = |list_page: ListPage| settings.href(&list_page.route(front));
    match list_page {
        ListPage::Front => PagerView {
            number: None,
            archives: Some(pagination.archive_pages),
            newer: None,
            older: (pagination.archive_pages > 0).then(|| url(ListPage::Archive(pagination.archive_pages))),
        },
        ListPage::Archive(number) => PagerView {
            number: Some(number),
            archives: None,
            newer: Some(if number == pagination.archive_pages {
                url(ListPage::Front)
            } else {
                url(ListPage::Archive(number + 1))
            }),
            older: (number > 1).then(|| url(ListPage::Archive(number - 1))),
        },
    }
}
