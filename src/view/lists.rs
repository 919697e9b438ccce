//! Lists of pages: sections, terms, taxonomies.

use serde_json::Value as Json;

use crate::base::Route;
use crate::catalog::{PageId, Paging, SectionId, TermId};
use crate::settings::{FeedScope, Settings};

use super::model::{ChildView, LinkView, ListView, PagerView};
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

    /// A section's list; `html` is its index's filled body. Its cards are put in by `Views`, which shares them.
    pub fn section_list(&self, id: SectionId, leaf: Leaf, html: String) -> ListView {
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
            list.targets = self.target_groups(None, Some(&term.name), term.lang).into_iter().flat_map(|g| g.targets).collect();
        }
        list
    }

    /// The list of a taxonomy's terms.
    pub fn taxonomy_list(&self, key: &str, lang: usize, html: String) -> ListView {
        let route = self.taxonomy_route(key, lang);
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
            total: pages.len(),
        }
    }

    fn describe(&self, list: &mut ListView, index: Option<PageId>, leaf: Leaf, html: String) {
        let Some(index) = index else { return };
        let doc = &self.docs[index.0 as usize];
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
