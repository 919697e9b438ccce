//! Lists of pages: sections, terms, taxonomies.

use serde_json::Value as Json;

use crate::catalog::{PageId, Paging, SectionId, TermId};
use crate::settings::{FeedScope, Settings};
use puzhi_core::base::Route;
use puzhi_core::kinds::Sort;

use super::key::{FeedList, Key, List};
use super::model::{ChildView, LinkView, ListView, PagerView};
use super::reads::{Read, saw};
use super::site::Site;
use super::views::ListOf;

/// One page of a list: the front, or an archive page numbered from the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    Front,
    Archive(usize),
}

impl Leaf {
    /// Its address in the list at `front`.
    pub fn route(self, front: &Route) -> Route {
        match self {
            Leaf::Front => front.clone(),
            Leaf::Archive(number) => front.child("page").child(&number.to_string()),
        }
    }
}

impl Site {
    /// The pages on one page of a list.
    pub(super) fn list_pages(&self, of: &ListOf, leaf: Leaf) -> &[PageId] {
        saw(|| match of {
            ListOf::Taxonomy { key, lang } => Key::Taxonomy(key.as_str().into(), *lang),
            _ => Key::Leaf(self.list_key(of), if let Leaf::Archive(number) = leaf { Some(number) } else { None }),
        });
        let (pages, size) = match of {
            ListOf::Section(id) => (&self.catalog.section(*id).pages, self.catalog.section(*id).page_size),
            ListOf::Term(id) => (&self.catalog.term(*id).pages, self.settings.page_size),
            ListOf::Taxonomy { .. } => return &[],
        };
        let paging = Paging::of(pages.len(), size);
        match leaf {
            Leaf::Front => &pages[..paging.front],
            Leaf::Archive(number) => &pages[paging.archive(number, pages.len())],
        }
    }

    /// How a list is named in keys.
    pub fn list_key(&self, of: &ListOf) -> List {
        match of {
            ListOf::Section(id) => {
                let section = self.catalog.section(*id);
                List::Section(section.folder.as_str().into(), section.lang)
            }
            ListOf::Term(id) => List::Term(self.catalog.term(*id).route.clone()),
            // It has no pages of its own.
            ListOf::Taxonomy { key, lang } => List::Section(key.as_str().into(), *lang),
        }
    }

    /// The list that a key names.
    pub(super) fn list_of(&self, list: &List) -> Option<ListOf> {
        Some(match list {
            List::Section(folder, lang) => ListOf::Section(self.catalog.section_at(folder, *lang)?),
            List::Term(route) => ListOf::Term(self.catalog.term_at(route)?),
        })
    }

    /// How many pages a list has, and how many stand on one page of it.
    pub(super) fn list_size(&self, of: &ListOf) -> (usize, usize) {
        match of {
            ListOf::Section(id) => (self.catalog.section(*id).pages.len(), self.catalog.section(*id).page_size),
            ListOf::Term(id) => (self.catalog.term(*id).pages.len(), self.settings.page_size),
            ListOf::Taxonomy { .. } => (0, 1),
        }
    }

    /// Title, address and language of a list.
    pub fn list_head(&self, of: &ListOf) -> (String, Route, usize) {
        match of {
            ListOf::Section(id) => {
                (self.section_link(*id).title, self.catalog.section(*id).route.clone(), self.catalog.section(*id).lang)
            }
            ListOf::Term(id) => {
                (self.term_link(*id).title, self.catalog.term(*id).route.clone(), self.catalog.term(*id).lang)
            }
            ListOf::Taxonomy { key, lang } => (self.taxonomy_title(key, *lang), self.taxonomy_route(key, *lang), *lang),
        }
    }

    /// The pages a feed carries: the newest of a language, or of a list. A feed reads the settings, too.
    pub fn feed(&self, of: Result<&ListOf, usize>) -> Vec<PageId> {
        saw(|| Read::Settings);
        saw(|| Key::Feed(of.map_or_else(FeedList::Language, |of| FeedList::Of(self.list_key(of)))));
        self.feed_pages(of)
    }

    pub(super) fn feed_pages(&self, of: Result<&ListOf, usize>) -> Vec<PageId> {
        let catalog = &self.catalog;
        let (lang, mut pages): (usize, Vec<PageId>) = match of {
            Err(lang) => (lang, catalog.ids().collect()),
            Ok(ListOf::Section(id)) => (catalog.section(*id).lang, catalog.section(*id).pages.clone()),
            Ok(ListOf::Term(id)) => (catalog.term(*id).lang, catalog.term(*id).pages.clone()),
            Ok(ListOf::Taxonomy { lang, .. }) => (*lang, Vec::new()),
        };
        pages.retain(|id| {
            let card = catalog.card(*id);
            card.lang == lang && catalog.listed(*id) && !card.unpublished && self.published(*id).is_some()
        });
        catalog.sort(&mut pages, Some(Sort::Date));
        pages.sort_by_key(|id| std::cmp::Reverse(self.published(*id)));
        pages.truncate(self.settings.feed_size);
        pages
    }

    /// A section's list; `html` is its index's filled body. Its cards are put in by `Views`, which shares them.
    pub fn section_list(&self, id: SectionId, leaf: Leaf, html: String) -> ListView {
        saw(|| Read::Section(id));
        let section = self.catalog.section(id);
        let mut list = self.list(&section.route, &section.pages, section.page_size, leaf);
        list.title = section.title.clone();
        list.kind = "section";
        list.name = section.folder.clone();
        list.breadcrumbs = self.section_crumbs(id, leaf != Leaf::Front);
        list.translations = self.section_translations(&section.folder, section.lang);
        list.feeds = self.feeds(&section.route, FeedScope::Sections);
        self.describe(&mut list, section.index, leaf, html);
        if leaf == Leaf::Front {
            saw(|| Key::Children(section.folder.as_str().into(), section.lang));
            list.calendar = self.section_calendar(&section.route, section.lang);
            list.children = section
                .children
                .iter()
                .map(|child| {
                    let link = self.section_link(*child);
                    let child = self.catalog.section(*child);
                    let summary = child.index.map(|i| self.catalog.card(i).summary.clone()).filter(|s| !s.is_empty());
                    ChildView { title: link.title, url: link.url, summary, count: child.pages.len() }
                })
                .collect();
        }
        list
    }

    pub fn term_list(&self, id: TermId, leaf: Leaf, html: String) -> ListView {
        saw(|| Read::Term(id));
        let term = self.catalog.term(id);
        let mut list = self.list(&term.route, &term.pages, self.settings.page_size, leaf);
        list.title = term.name.clone();
        list.kind = "term";
        list.name = term.taxonomy.clone();
        list.taxonomy = Some(self.taxonomy_title(&term.taxonomy, term.lang));
        list.breadcrumbs = self.taxonomy_crumbs(&term.taxonomy, term.lang);
        if leaf != Leaf::Front {
            list.breadcrumbs.push(self.term_link(id));
        }
        list.translations = self.term_translations(id);
        list.feeds = self.feeds(&term.route, FeedScope::All);
        self.describe(&mut list, term.index, leaf, html);
        if leaf == Leaf::Front {
            list.calendar = self.term_calendar(id);
        }
        if leaf == Leaf::Front && term.taxonomy == "units" {
            list.targets =
                self.target_groups(None, Some(&term.name), term.lang).into_iter().flat_map(|g| g.targets).collect();
        }
        list
    }

    /// The list of a taxonomy's terms.
    pub fn taxonomy_list(&self, key: &str, lang: usize, html: String) -> ListView {
        let route = self.taxonomy_route(key, lang);
        saw(|| Key::Taxonomy(key.into(), lang));
        let mut list = self.list(&route, &[], 1, Leaf::Front);
        list.title = self.taxonomy_title(key, lang);
        list.kind = "taxonomy";
        list.name = key.to_string();
        list.taxonomy = Some(list.title.clone());
        list.breadcrumbs = self.home_crumb(lang);
        list.terms = self.catalog.terms_of(key, lang).map(|t| self.term_view(t)).collect();
        list.translations = self.taxonomy_translations(key, lang);
        self.describe(&mut list, self.taxonomy_index(key, lang), Leaf::Front, html);
        list
    }

    fn list(&self, front: &Route, pages: &[PageId], size: usize, leaf: Leaf) -> ListView {
        let paging = Paging::of(pages.len(), size);
        let url = self.settings.href(&leaf.route(front));
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
            pager: pager(&self.settings, front, paging, leaf),
            feeds: None,
            translations: Vec::new(),
            extra: Json::Null,
            calendar: None,
            targets: Vec::new(),
            total: match leaf {
                Leaf::Front => pages.len(),
                Leaf::Archive(_) => paging.size,
            },
        }
    }

    fn describe(&self, list: &mut ListView, index: Option<PageId>, leaf: Leaf, html: String) {
        let Some(index) = index else { return };
        let sheet = self.sheet(index);
        let doc = &sheet.doc;
        list.summary = doc.head.summary.clone();
        list.extra = doc.head.extra.clone().unwrap_or(Json::Null);
        if leaf == Leaf::Front {
            list.html = html;
        }
    }
}

fn pager(settings: &Settings, front: &Route, paging: Paging, leaf: Leaf) -> PagerView {
    let url = |leaf: Leaf| settings.href(&leaf.route(front));
    match leaf {
        Leaf::Front => PagerView {
            number: None,
            archives: Some(paging.archives),
            newer: None,
            older: (paging.archives > 0).then(|| url(Leaf::Archive(paging.archives))),
        },
        Leaf::Archive(number) => PagerView {
            number: Some(number),
            archives: None,
            newer: Some(if number == paging.archives { url(Leaf::Front) } else { url(Leaf::Archive(number + 1)) }),
            older: (number > 1).then(|| url(Leaf::Archive(number - 1))),
        },
    }
}
