//! What the search of a site is made from, and the index of each language, built on first use. In: texts of pages by id, synonyms. Out:
//! files of the index. Records nothing: the facets `SearchFile` and `SearchTopics` give out what is here.

use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, PageId, PageRole, folder_route};
use crate::settings::Settings;
use puzhi_core::base::Route;
use puzhi_core::kinds::KindName;
use puzhi_search::{IndexInput, IndexedPage, PageText, Prior, SearchIndex, SearchPart, SearchShape, Synonym};

use super::recorder::covered;
use super::site::Site;

/// Texts and indexes.
#[derive(Debug, Default)]
pub struct SearchData {
    /// What of each page can be searched, by [`PageId`]; all `None` if the site has no search.
    texts: Vec<Option<Arc<PageText>>>,
    synonyms: Vec<Synonym>,
    /// By index of the language.
    indexes: Vec<OnceLock<LanguageIndex>>,
}

#[derive(Debug)]
struct LanguageIndex {
    index: SearchIndex,
    pages: Vec<PageId>,
}

impl SearchData {
    /// No index is built yet.
    pub fn new(texts: Vec<Option<Arc<PageText>>>, synonyms: Vec<Synonym>, languages: usize) -> Self {
        Self { texts, synonyms, indexes: std::iter::repeat_with(OnceLock::new).take(languages).collect() }
    }

    /// Replaces the text of a page.
    pub fn replace(&mut self, page: PageId, text: Option<Arc<PageText>>) {
        self.texts[page.0 as usize] = text;
        self.indexes.iter_mut().for_each(|index| *index = OnceLock::new());
    }
}

/// The pages of a language that may be found: those in the sitemap, but for the home page. Samples, drafts and expired pages are not
/// found, nor pages of kinds that the site keeps out. The oldest come first, so that a new page leaves the numbers of the others.
pub fn searchable_pages(catalog: &Catalog, settings: &Settings, lang: usize) -> Vec<PageId> {
    let is_found = |id: &PageId| {
        let meta = catalog.page(*id);
        meta.lang == lang
            && meta.search_pieces > 0
            && !(meta.expired || meta.sample || meta.unpublished)
            && !(meta.role == PageRole::Section && meta.folder.is_empty())
            && settings.kinds.is_searchable(meta.kind)
    };
    let mut pages: Vec<PageId> = catalog.page_ids().filter(is_found).collect();
    pages.sort_by_key(|id| catalog.page(*id).date.map(|day| day.date));
    pages
}

/// The address of the search page, whose folder also holds the index. `prefix` is the route prefix of its language.
pub fn search_route(prefix: &str) -> Route {
    folder_route(prefix, "search")
}

/// Which files the index of a language has; `None` if no page can be found.
pub fn search_shape(catalog: &Catalog, settings: &Settings, lang: usize) -> Option<SearchShape> {
    let pages = searchable_pages(catalog, settings, lang);
    let pieces: Vec<u32> = pages.iter().map(|page| catalog.page(*page).search_pieces).collect();
    (!pieces.is_empty()).then(|| SearchShape::of(&pieces))
}

impl Site {
    /// Builds the index of each language, with all threads. Without it each thread that needs one of its files would build it.
    pub fn build_search_indexes(&self) {
        for lang in (0..self.data.search.indexes.len()).filter(|_| self.data.has_search) {
            self.search_index_of(lang);
        }
    }

    /// A file of the index of a language.
    pub(super) fn search_file(&self, lang: usize, part: SearchPart) -> Option<String> {
        let built = self.search_index_of(lang)?;
        built.index.file(part, |n| self.indexed_page(built.pages[n], 0))
    }

    /// The index of a language. It is built outside the cell: a thread that waits for parts of an index in parallel work may be
    /// given another task that wants the same index, and would wait for itself.
    fn search_index_of(&self, lang: usize) -> Option<&LanguageIndex> {
        let cell = self.data.search.indexes.get(lang)?;
        Some(cell.get().unwrap_or_else(|| {
            let built = covered(|| self.build_search_index(lang));
            cell.get_or_init(|| built)
        }))
    }

    fn build_search_index(&self, lang: usize) -> LanguageIndex {
        let data = &self.data;
        let pages = searchable_pages(&data.catalog, &data.settings, lang);
        let mut kinds: Vec<String> = Vec::new();
        let mut indexed = Vec::with_capacity(pages.len());
        for id in &pages {
            let title = self.search_kind(*id, lang);
            let kind = kinds.iter().position(|known| *known == title).unwrap_or_else(|| {
                kinds.push(title);
                kinds.len() - 1
            });
            indexed.push(self.indexed_page(*id, kind as u32));
        }
        let index = SearchIndex::build(&IndexInput { pages: indexed, kinds, synonyms: &data.search.synonyms });
        LanguageIndex { index, pages }
    }

    fn indexed_page(&self, id: PageId, kind: u32) -> IndexedPage<'_> {
        static NO_TEXT: PageText =
            PageText { title: String::new(), names: Vec::new(), summary: String::new(), blocks: Vec::new() };
        let catalog = &self.data.catalog;
        let text = self.data.search.texts[id.0 as usize].as_deref().unwrap_or(&NO_TEXT);
        let meta = catalog.page(id);
        let prior = match (&meta.role, meta.kind) {
            (PageRole::Page, KindName::Guide) => Prior::Guide,
            (PageRole::Page, KindName::Policy | KindName::Story) => Prior::Background,
            (PageRole::Page, _) => Prior::Page,
            (PageRole::Term(_), _) => Prior::Background,
            (PageRole::Section, _) => Prior::Collection,
        };
        IndexedPage { text, url: catalog.url(id), kind, year: meta.date.map(|day| day.date.year()), prior }
    }

    /// What a page is called among the results: its kind, the title of its taxonomy, or the word for sections.
    fn search_kind(&self, id: PageId, lang: usize) -> String {
        let meta = self.data.catalog.page(id);
        match &meta.role {
            PageRole::Page => self.kind_title(meta.kind, lang),
            PageRole::Term(taxonomy) => self.data.taxonomy_title(taxonomy, lang),
            PageRole::Section => self.word(lang, "search_section"),
        }
    }
}
