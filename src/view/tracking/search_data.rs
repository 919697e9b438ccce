//! What the search of a site is made from, and the index of each language, built on first use. In: texts of pages by id, synonyms. Out:
//! files of the index. Records nothing: the facets `SearchFile` and `SearchTopics` give out what is here.
//!
//! Where only the texts of pages changed since an earlier build, the files that change are made from those of that build, and the index
//! is not built.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, PageId, PageRole, folder_route};
use crate::settings::Settings;
use puzhi_core::base::{Route, SitePath};
use puzhi_core::kinds::KindName;
use puzhi_search::{
    ChangedText, IndexInput, IndexedPage, PageText, Prior, SearchIndex, SearchPart, SearchShape, Synonym, patched_files,
};

use super::recorder::covered;
use super::site::Site;

/// Texts and indexes.
#[derive(Debug, Default)]
pub struct SearchData {
    /// What of each page can be searched, by [`PageId`]; all `None` if the site has no search.
    texts: Vec<Option<Arc<PageText>>>,
    synonyms: Vec<Synonym>,
    /// By index of the language.
    languages: Vec<LanguageSearch>,
}

/// The search of one language.
#[derive(Debug, Default)]
struct LanguageSearch {
    /// The pages that may be found, and which files they give.
    pages: OnceLock<SearchPages>,
    index: OnceLock<SearchIndex>,
    /// Files that changed since an earlier build, if only texts of pages did.
    patched: OnceLock<PatchedFiles>,
}

#[derive(Debug)]
struct SearchPages {
    pages: Vec<PageId>,
    shape: SearchShape,
}

#[derive(Debug)]
struct PatchedFiles {
    files: BTreeMap<SearchPart, String>,
    /// The files of the texts that changed.
    texts: Vec<SearchPart>,
}

/// A page of which only the text changed.
pub struct TextChange<'p> {
    /// The page.
    pub path: &'p SitePath,
    /// What of it could be searched before.
    pub before: Option<&'p PageText>,
}

impl SearchData {
    /// No index is built yet.
    pub fn new(texts: Vec<Option<Arc<PageText>>>, synonyms: Vec<Synonym>, languages: usize) -> Self {
        Self { texts, synonyms, languages: std::iter::repeat_with(LanguageSearch::default).take(languages).collect() }
    }

    /// Replaces the text of a page.
    pub fn replace(&mut self, page: PageId, text: Option<Arc<PageText>>) {
        self.texts[page.0 as usize] = text;
        self.languages.iter_mut().for_each(|language| *language = LanguageSearch::default());
    }
}

/// The pages of a language that may be found: those in the sitemap, but for the home page. Samples, drafts and expired pages are not
/// found, nor pages of kinds that the site keeps out. The oldest come first, so that a new page leaves the numbers of the others.
pub fn searchable_pages(catalog: &Catalog, settings: &Settings, lang: usize) -> Vec<PageId> {
    let is_found = |id: &PageId| {
        let meta = catalog.page(*id);
        meta.lang == lang
            && meta.search_pieces > 0
            && !(meta.expired || meta.sample || meta.unpublished || meta.withdrawn.is_some())
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
    /// Makes the files of the search that change with the texts of these pages from the files of an earlier build, which `old_file` gives
    /// by the route of the search page and the part. Where that is not possible the index is built, with all threads; else each thread
    /// that needs one of its files would build it.
    pub fn prepare_search<'c>(
        &self,
        changes: Option<&[TextChange<'c>]>,
        old_file: impl Fn(&Route, SearchPart) -> Option<String>,
    ) {
        for lang in (0..self.data.search.languages.len()).filter(|_| self.data.has_search) {
            let route = search_route(self.data.settings.language_prefix(lang));
            let patched = changes.and_then(|changes| self.patch(lang, changes, |part| old_file(&route, part)));
            match patched {
                Some(patched) => {
                    let _ = self.data.search.languages[lang].patched.set(patched);
                }
                None => {
                    self.search_index_of(lang);
                }
            }
        }
    }

    /// The files of the search of a language that may differ from those of the earlier build, or all of them.
    pub(super) fn changed_search_files(&self, lang: usize) -> Vec<SearchPart> {
        let language = &self.data.search.languages[lang];
        match language.patched.get() {
            Some(patched) => patched.files.keys().copied().chain(patched.texts.iter().copied()).collect(),
            None => self.search_pages(lang).shape.parts().filter(|_| self.has_search_pages(lang)).collect(),
        }
    }

    fn patch(
        &self,
        lang: usize,
        changes: &[TextChange<'_>],
        old_file: impl Fn(SearchPart) -> Option<String>,
    ) -> Option<PatchedFiles> {
        let SearchPages { pages, shape } = self.search_pages(lang);
        let mut changed = Vec::new();
        for change in changes {
            let id = self.data.page_at(change.path)?;
            // Other pages are in no file of this language, before or now.
            if let Some(page) = pages.iter().position(|page| *page == id) {
                let new = self.data.search.texts[id.0 as usize].as_deref()?;
                changed.push(ChangedText { page: page as u32, old: change.before?, new });
            }
        }
        let files = patched_files(shape, &changed, old_file)?;
        let texts = changed.iter().flat_map(|change| shape.pieces_of(change.page)).collect();
        Some(PatchedFiles { files, texts })
    }

    /// A file of the index of a language.
    pub(super) fn search_file(&self, lang: usize, part: SearchPart) -> Option<String> {
        let language = self.data.search.languages.get(lang)?;
        let SearchPages { pages, shape } = self.search_pages(lang);
        let page = |n: usize| self.indexed_page(pages[n], 0);
        if let SearchPart::Pieces { .. } = part {
            return shape.texts(part, page);
        }
        let patched = language.patched.get().and_then(|patched| patched.files.get(&part).cloned());
        patched.or_else(|| self.search_index_of(lang)?.file(part, page))
    }

    fn has_search_pages(&self, lang: usize) -> bool {
        !self.search_pages(lang).pages.is_empty()
    }

    fn search_pages(&self, lang: usize) -> &SearchPages {
        self.data.search.languages[lang].pages.get_or_init(|| {
            let (catalog, settings) = (&self.data.catalog, &self.data.settings);
            let pages = searchable_pages(catalog, settings, lang);
            let pieces: Vec<u32> = pages.iter().map(|page| catalog.page(*page).search_pieces).collect();
            SearchPages { shape: SearchShape::of(&pieces), pages }
        })
    }

    /// The index of a language. It is built outside the cell: a thread that waits for parts of an index in parallel work may be
    /// given another task that wants the same index, and would wait for itself.
    fn search_index_of(&self, lang: usize) -> Option<&SearchIndex> {
        let cell = &self.data.search.languages.get(lang)?.index;
        Some(cell.get().unwrap_or_else(|| {
            let built = covered(|| self.build_search_index(lang));
            cell.get_or_init(|| built)
        }))
    }

    fn build_search_index(&self, lang: usize) -> SearchIndex {
        let mut kinds: Vec<String> = Vec::new();
        let pages = &self.search_pages(lang).pages;
        let mut indexed = Vec::with_capacity(pages.len());
        for id in pages {
            let title = self.search_kind(*id, lang);
            let kind = kinds.iter().position(|known| *known == title).unwrap_or_else(|| {
                kinds.push(title);
                kinds.len() - 1
            });
            indexed.push(self.indexed_page(*id, kind as u32));
        }
        SearchIndex::build(&IndexInput { pages: indexed, kinds, synonyms: &self.data.search.synonyms })
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
