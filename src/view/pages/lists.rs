//! Lists of pages: sections, terms and taxonomies, their pagination and feeds. In: a list and the number of a page in
//! it. Out: [`ListView`] without its entries, and ids of pages. Knows no template and no feed format.

use serde_json::Value as Json;

use crate::catalog::{PageId, SectionId, TermId};
use crate::settings::{FeedScope, Settings};
use puzhi_core::base::Route;

use crate::view::model::{ChildView, LinkView, ListView, PagerView};
use crate::view::tracking::facets::{
    Children, ListPageOf, ListSlice, OnListPage, PagerFacts, SectionTranslations, TaxonomyOf, TaxonomyTerms,
    TaxonomyTranslations, TermList, TermTranslations,
};
use crate::view::tracking::site::Site;
use crate::view::views::ListId;

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
    /// What stands on one page of a list of pages.
    pub(in crate::view) fn list_slice(&self, of: &ListId, list_page: ListPage) -> ListSlice<'_> {
        let number = if let ListPage::Archive(number) = list_page { Some(number as u32) } else { None };
        let slice = match of {
            // A list of terms has no pages.
            ListId::Taxonomy { .. } => None,
            _ => self.read::<OnListPage>(ListPageOf { list: self.list_key(of), number }),
        };
        slice.unwrap_or(ListSlice { pages: &[], pager: PagerFacts::Front { archive_pages: 0, total: 0 } })
    }

    /// The terms of a taxonomy in a language.
    pub(in crate::view) fn taxonomy_terms(&self, key: &str, lang: usize) -> TermList<'_> {
        self.read::<TaxonomyTerms>(TaxonomyOf { key: key.into(), lang: lang as u32 })
    }

    /// Title, address and language of a list.
    pub fn list_head(&self, of: &ListId) -> ListHead {
        match of {
            ListId::Section(id) => {
                let section = self.section(*id);
                ListHead { title: section.title.to_string(), route: section.route.clone(), lang: section.lang }
            }
            ListId::Term(id) => {
                let term = self.term(*id);
                ListHead { title: term.name.to_string(), route: term.route.clone(), lang: term.lang }
            }
            ListId::Taxonomy { key, lang } => {
                let taxonomy = self.taxonomy(key, *lang);
                ListHead { title: taxonomy.title, route: taxonomy.route, lang: *lang }
            }
        }
    }

    /// One page of a section's list; `html` is the rendered body of its `_index.md`. `cards` stays empty: `Views` fills
    /// it with shared entries.
    pub fn section_list(&self, id: SectionId, list_page: ListPage, html: String) -> ListView {
        let section = self.section(id);
        let mut list = self.list(section.route, &ListId::Section(id), list_page);
        list.title = section.title.to_string();
        list.kind = "section";
        list.name = section.folder.to_string();
        list.breadcrumbs = self.section_crumbs(id, list_page != ListPage::Front);
        list.translations = self.translation_views(self.read::<SectionTranslations>(id));
        list.feeds = self.feeds(section.route, FeedScope::Sections);
        self.describe(&mut list, section.index, list_page, html);
        if list_page == ListPage::Front {
            list.calendar = self.section_calendar(section.route, section.lang);
            let child = |child: &crate::view::tracking::facets::ChildFacts<'_>| ChildView {
                title: child.title.to_string(),
                url: self.settings().href(child.route),
                summary: child.summary.filter(|s| !s.is_empty()).map(str::to_string),
                count: child.count,
            };
            list.children = self.read::<Children>(id).iter().map(child).collect();
        }
        self.with_list_data(list)
    }

    /// One page of a term's list, as [`Site::section_list`].
    pub fn term_list(&self, id: TermId, list_page: ListPage, html: String) -> ListView {
        let term = self.term(id);
        let mut list = self.list(term.route, &ListId::Term(id), list_page);
        list.title = term.name.to_string();
        list.kind = "term";
        list.name = term.taxonomy.to_string();
        list.taxonomy = Some(self.taxonomy_title(term.taxonomy, term.lang));
        list.breadcrumbs = self.taxonomy_crumbs(term.taxonomy, term.lang);
        if list_page != ListPage::Front {
            list.breadcrumbs.push(self.term_link(id));
        }
        list.translations = self.translation_views(self.read::<TermTranslations>(id));
        list.feeds = self.feeds(term.route, FeedScope::All);
        self.describe(&mut list, term.index, list_page, html);
        if list_page == ListPage::Front {
            list.calendar = self.term_calendar(id);
        }
        if list_page == ListPage::Front && term.taxonomy == "units" {
            list.targets =
                self.target_groups(None, Some(term.name), term.lang).into_iter().flat_map(|g| g.targets).collect();
        }
        self.with_list_data(list)
    }

    /// The list of a taxonomy's terms.
    pub fn taxonomy_list(&self, key: &str, lang: usize, html: String) -> ListView {
        let TermList { index, terms } = self.taxonomy_terms(key, lang);
        let taxonomy = self.taxonomy(key, lang);
        let of = ListId::Taxonomy { key: key.to_string(), lang };
        let mut list = self.list(&taxonomy.route, &of, ListPage::Front);
        list.taxonomy = Some(taxonomy.title.clone());
        list.title = taxonomy.title;
        list.kind = "taxonomy";
        list.name = key.to_string();
        list.breadcrumbs = self.home_crumb(lang);
        list.terms = terms.iter().map(|t| self.term_view(t)).collect();
        let of = TaxonomyOf { key: key.into(), lang: lang as u32 };
        list.translations = self.translation_views(self.read::<TaxonomyTranslations>(of));
        self.describe(&mut list, index, ListPage::Front, html);
        self.with_list_data(list)
    }

    fn list(&self, front: &Route, of: &ListId, list_page: ListPage) -> ListView {
        let ListSlice { pages, pager: facts } = self.list_slice(of, list_page);
        let settings = self.settings();
        let url = settings.href(&list_page.route(front));
        ListView {
            title: String::new(),
            title_id: None,
            kind: "",
            name: String::new(),
            permalink: self.permalink(&url),
            url,
            summary: None,
            html: String::new(),
            breadcrumbs: Vec::<LinkView>::new(),
            head_tags: Vec::new(),
            data_html: None,
            cards: Vec::new(),
            children: Vec::new(),
            terms: Vec::new(),
            taxonomy: None,
            pager: pager(settings, front, facts),
            feeds: None,
            translations: Vec::new(),
            extra: Json::Null,
            calendar: None,
            targets: Vec::new(),
            total: match facts {
                PagerFacts::Front { total, .. } => total,
                PagerFacts::Archive { .. } => pages.len(),
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
            list.title_id = doc.body.title_id.clone();
        }
    }
}

fn pager(settings: &Settings, front: &Route, facts: PagerFacts) -> PagerView {
    let url = |list_page: ListPage| settings.href(&list_page.route(front));
    match facts {
        PagerFacts::Front { archive_pages, .. } => PagerView {
            number: None,
            archives: Some(archive_pages),
            newer: None,
            older: (archive_pages > 0).then(|| url(ListPage::Archive(archive_pages))),
        },
        PagerFacts::Archive { number, is_newest } => PagerView {
            number: Some(number),
            archives: None,
            newer: Some(if is_newest { url(ListPage::Front) } else { url(ListPage::Archive(number + 1)) }),
            older: (number > 1).then(|| url(ListPage::Archive(number - 1))),
        },
    }
}
