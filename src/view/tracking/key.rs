//! The keys of all values that outputs can read: a facet and the subject it belongs to. In and out: plain data, stored between
//! builds. Knows no site: [`super::facets`] has the readers and the fingerprints.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::Lang;

use super::facets::{
    FeedKey, LanguageFacet, ListKey, NamedKey, PageFacet, SearchFileOf, SectionFacet, SiteFacet, TermFacet,
};
use super::site::Site;
use crate::catalog::{PageId, SectionId, TermId};
use crate::engine::{FacetNames, Fingerprint};
use crate::view::views::{FeedId, ListId};

/// One value that an output can have read. `P`, `S` and `T` name pages, sections and terms: by their ids in one build
/// ([`BuildKey`]), which are cheap to record, sort and look up, or by names that hold across builds ([`StableKey`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key<P, S, T> {
    /// A value of the site as a whole.
    Site(SiteFacet),
    /// A value of a language, by its index in the settings.
    Language(LanguageFacet, u32),
    /// A value of a page.
    Page(PageFacet, P),
    /// A value of a section.
    Section(SectionFacet, S),
    /// A value of a term.
    Term(TermFacet, T),
    /// Any other value. Its subject holds across builds.
    Named(Box<NamedKey>),
}

/// A key while one build runs.
pub type BuildKey = Key<PageId, SectionId, TermId>;

/// A key across builds: pages are named by path, sections by folder and language, terms by address.
pub type StableKey = Key<SitePath, SectionName, Route>;

/// A section across builds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SectionName {
    /// The folder below `content/`.
    pub folder: Arc<str>,
    /// Index of the language.
    pub lang: u32,
}

impl fmt::Display for SectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{} ({})", self.folder, self.lang)
    }
}

impl<P, S, T> Key<P, S, T> {
    /// The names of the key's facet.
    pub fn facet_names(&self) -> FacetNames {
        match self {
            Key::Site(facet) => facet.names(),
            Key::Language(facet, _) => facet.names(),
            Key::Page(facet, _) => facet.names(),
            Key::Section(facet, _) => facet.names(),
            Key::Term(facet, _) => facet.names(),
            Key::Named(key) => key.names(),
        }
    }
}

/// The names of all facets of sites.
pub fn facet_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = SiteFacet::ALL.iter().map(|facet| facet.names().en).collect();
    names.extend(LanguageFacet::ALL.iter().map(|facet| facet.names().en));
    names.extend(PageFacet::ALL.iter().map(|facet| facet.names().en));
    names.extend(SectionFacet::ALL.iter().map(|facet| facet.names().en));
    names.extend(TermFacet::ALL.iter().map(|facet| facet.names().en));
    names.extend(NamedKey::NAMES);
    names
}

impl StableKey {
    /// The keys of a page that change with its text alone: the page itself, and the bytes of its file.
    fn of_text(path: &SitePath) -> [StableKey; 2] {
        [Key::Page(PageFacet::Whole, path.clone()), Key::Named(Box::new(NamedKey::FileBytes(path.clone())))]
    }
}

impl StableKey {
    /// The index of the language that the value belongs to. Pages and terms are found by path and address.
    fn language(&self) -> Option<u32> {
        match self {
            Key::Language(_, lang) => Some(*lang),
            Key::Section(_, section) => Some(section.lang),
            Key::Named(key) => key.language(),
            Key::Site(_) | Key::Page(..) | Key::Term(..) => None,
        }
    }

    /// The key in the words of a language.
    pub fn words(&self, lang: Lang) -> String {
        let names = self.facet_names();
        let name = lang.pick(names.zh, names.en);
        let of = match self {
            Key::Site(_) => String::new(),
            Key::Language(_, language) => format!("({language})"),
            Key::Page(_, page) => page.to_string(),
            Key::Section(_, section) => section.to_string(),
            Key::Term(_, term) => term.to_string(),
            Key::Named(key) => key.subject(),
        };
        format!("{name} {of}").trim_end().to_string()
    }
}

impl fmt::Display for StableKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl Site {
    /// The name of a list, valid across builds.
    pub(in crate::view) fn list_key(&self, of: &ListId) -> ListKey {
        self.data.list_key(of)
    }

    /// The name of a feed, valid across builds.
    pub(in crate::view) fn feed_key(&self, of: &FeedId) -> FeedKey {
        self.data.feed_key(of)
    }

    /// The keys that change with the texts of these pages alone: those of the pages, and the files of the search index.
    pub fn text_keys<'p>(&self, pages: impl IntoIterator<Item = &'p SitePath>) -> Vec<StableKey> {
        let mut keys: Vec<StableKey> = pages.into_iter().flat_map(StableKey::of_text).collect();
        for lang in (0..self.data.settings.languages.len()).filter(|_| self.data.has_search) {
            let key = |part| Key::Named(Box::new(NamedKey::SearchFile(SearchFileOf { lang: lang as u32, part })));
            keys.extend(self.changed_search_files(lang).into_iter().map(key));
        }
        keys
    }

    /// The key under which later builds know a value.
    pub fn stable_key(&self, key: &BuildKey) -> StableKey {
        let catalog = &self.data.catalog;
        match key {
            Key::Site(facet) => Key::Site(*facet),
            Key::Language(facet, lang) => Key::Language(*facet, *lang),
            Key::Page(facet, page) => Key::Page(*facet, catalog.page(*page).path.clone()),
            Key::Section(facet, section) => Key::Section(*facet, self.data.section_name(*section)),
            Key::Term(facet, term) => Key::Term(*facet, catalog.term(*term).route.clone()),
            Key::Named(key) => Key::Named(key.clone()),
        }
    }

    /// The present fingerprint of a key; `None` if the site has no such value, or not its language any more.
    pub fn fingerprint(&self, key: &StableKey) -> Option<Fingerprint> {
        let catalog = &self.data.catalog;
        if key.language().is_some_and(|lang| lang as usize >= self.data.settings.languages.len()) {
            return None;
        }
        match key {
            Key::Site(facet) => facet.fingerprint(self, &()),
            Key::Language(facet, lang) => facet.fingerprint(self, lang),
            Key::Page(facet, path) => facet.fingerprint(self, &catalog.by_path(path)?),
            Key::Section(facet, section) => {
                facet.fingerprint(self, &catalog.section_by_folder(&section.folder, section.lang as usize)?)
            }
            Key::Term(facet, route) => facet.fingerprint(self, &catalog.term_by_route(route)?),
            Key::Named(key) => key.fingerprint(self),
        }
    }

    /// The same for a key of this build; pages, sections and terms are not looked up by name.
    pub fn build_fingerprint(&self, key: &BuildKey) -> Option<Fingerprint> {
        match key {
            Key::Site(facet) => facet.fingerprint(self, &()),
            Key::Language(facet, lang) => facet.fingerprint(self, lang),
            Key::Page(facet, page) => facet.fingerprint(self, page),
            Key::Section(facet, section) => facet.fingerprint(self, section),
            Key::Term(facet, term) => facet.fingerprint(self, term),
            Key::Named(key) => key.fingerprint(self),
        }
    }
}
