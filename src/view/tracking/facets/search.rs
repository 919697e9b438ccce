//! Facets of the search: the files of its index, and the pages that the search page lists by topic.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{OtherLanguage, Subject, other_languages};
use crate::catalog::{PageId, PageRole};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::search_data::{search_route, search_shape, searchable_pages};
use crate::view::tracking::site::Site;
use puzhi_search::{SearchPart, version_of};

/// A file of the search index.
pub struct SearchFile;

/// A file of the index of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SearchFileOf {
    /// Index of the language.
    pub lang: u32,
    /// Which file.
    pub part: SearchPart,
}

impl Subject for SearchFileOf {
    fn language(&self) -> Option<u32> {
        Some(self.lang)
    }
}

impl fmt::Display for SearchFileOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.part, self.lang)
    }
}

impl Facet<Site> for SearchFile {
    type Of = SearchFileOf;
    type Value<'s> = Option<String>;
    const NAME: &'static str = "search-index";
    const ZH: &'static str = "搜索索引";

    fn read(site: &Site, of: &SearchFileOf) -> Option<String> {
        site.search_file(of.lang as usize, of.part)
    }

    fn fingerprint(site: &Site, of: &SearchFileOf) -> Option<Fingerprint> {
        Self::read(site, of).map(|file| fingerprint(&file))
    }
}

/// The pages that may be found, by section.
pub struct SearchTopics;

/// What [`SearchTopics`] gives out.
#[derive(Hash)]
pub struct SearchTopicsFacts<'s> {
    /// Sections and taxonomies that have such pages, in the order of the home page.
    pub topics: Vec<SearchTopic<'s>>,
    /// Name of the list of pages, for the addresses of the index.
    pub version: String,
    /// The search pages of other languages.
    pub others: Vec<OtherLanguage<'s>>,
}

/// The pages of one section or taxonomy that may be found.
#[derive(Hash)]
pub struct SearchTopic<'s> {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its pages, in the order of their paths.
    pub pages: Vec<TopicPage<'s>>,
}

/// A page of a topic.
#[derive(Hash)]
pub struct TopicPage<'s> {
    /// Title.
    pub title: &'s str,
    /// Address, relative to the root.
    pub url: &'s str,
    /// Words by which people search for it.
    pub keywords: &'s [String],
}

impl Facet<Site> for SearchTopics {
    type Of = u32;
    type Value<'s> = SearchTopicsFacts<'s>;
    const NAME: &'static str = "search-topics";
    const ZH: &'static str = "搜索主题";

    fn read<'s>(site: &'s Site, lang: &u32) -> SearchTopicsFacts<'s> {
        let data = &site.data;
        let lang = *lang as usize;
        let mut topics: Vec<(String, SearchTopic<'s>)> = Vec::new();
        let mut pages = searchable_pages(&data.catalog, &data.settings, lang);
        let version = version_of(pages.iter().map(|id| &**data.catalog.url(*id)));
        pages.sort();
        for id in pages {
            let meta = data.catalog.page(id);
            if meta.role == PageRole::Section {
                continue;
            }
            let page = TopicPage { title: &meta.title, url: data.catalog.url(id), keywords: &meta.keywords };
            let folder = match &meta.role {
                PageRole::Term(taxonomy) => taxonomy,
                _ => meta.folder.split('/').next().unwrap_or_default(),
            };
            match topics.iter_mut().find(|(known, _)| known == folder) {
                Some((_, topic)) => topic.pages.push(page),
                None => topics.push((folder.to_string(), topic_of(site, id, folder, page))),
            }
        }
        let others = other_languages(site, lang, |other| {
            search_shape(&data.catalog, &data.settings, other)?;
            Some(Cow::Owned(search_route(data.settings.language_prefix(other))))
        });
        // As the home page orders its sections; taxonomies come after them.
        let top = data.catalog.section_by_folder("", lang).map(|id| data.catalog.section(id).children.as_slice());
        let place = |folder: &str| {
            let section = data.catalog.section_by_folder(folder, lang)?;
            top.unwrap_or_default().iter().position(|child| *child == section)
        };
        let is_taxonomy = |folder: &str| data.settings.taxonomies.iter().any(|taxonomy| taxonomy.key == folder);
        topics.sort_by_key(|(folder, _)| (is_taxonomy(folder), place(folder).unwrap_or(usize::MAX)));
        SearchTopicsFacts { topics: topics.into_iter().map(|(_, topic)| topic).collect(), version, others }
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, lang)))
    }
}

/// The topic of the first page of a folder.
fn topic_of<'s>(site: &'s Site, id: PageId, folder: &str, page: TopicPage<'s>) -> SearchTopic<'s> {
    let data = &site.data;
    let meta = data.catalog.page(id);
    let (title, route) = match &meta.role {
        PageRole::Term(taxonomy) => {
            (data.taxonomy_title(taxonomy, meta.lang), data.taxonomy_route(taxonomy, meta.lang))
        }
        _ => match data.catalog.section_by_folder(folder, meta.lang).map(|id| data.catalog.section(id)) {
            Some(section) => (section.title.clone(), section.route.clone()),
            None => (folder.to_string(), meta.route.clone()),
        },
    };
    SearchTopic { title, url: data.settings.href(&route), pages: vec![page] }
}
