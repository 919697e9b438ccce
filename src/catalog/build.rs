//! Builds the [`Catalog`] and answers queries on it.
//!
//! Input: the metadata of all pages in path order, and the settings. Output: indexes of pages, sections and terms,
//! with diagnostics about conflicting term aliases. Does not know page bodies; backlinks are added after the build
//! has resolved all links.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::settings::Settings;
use puzhi_core::base::{Route, SitePath, case_folded_key};
use puzhi_core::kinds::SectionOrder;

use super::collections::{page_position, sort_pages};
use super::content_path::folder_route;
use super::terms::{TermIndex, build_terms};
use super::{PageId, PageMeta, PageRole, Section, SectionId, Term, TermId, UnplacedDiagnostic};

/// All indexes over the pages of a site. Not changed after it is built, except for the backlinks.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Metadata of all pages in path order; a [`PageId`] is an index into this list.
    pub pages: Vec<Arc<PageMeta>>,
    /// All sections; a [`SectionId`] is an index into this list.
    pub sections: Vec<Section>,
    /// All terms; a [`TermId`] is an index into this list.
    pub terms: Vec<Term>,
    /// Address of each page as used in links (see [`Catalog::url`]).
    urls: Vec<Arc<str>>,
    by_path: HashMap<SitePath, PageId>,
    /// For each language: page key to page. `sections_by_folder` has the same form.
    by_key: Vec<HashMap<String, PageId>>,
    /// Pages that share key and language with another page, which [`Catalog::translation`] returns instead.
    shadowed: BTreeSet<PageId>,
    sections_by_folder: Vec<HashMap<String, SectionId>>,
    /// Taxonomy key to a list by language of case-folded spelling to term.
    terms_by_spelling: BTreeMap<String, Vec<HashMap<String, TermId>>>,
    term_by_route: HashMap<Route, TermId>,
    page_terms: Vec<Vec<TermId>>,
    neighbours: Vec<(Option<PageId>, Option<PageId>)>,
    backlinks: Vec<Vec<PageId>>,
}

/// Builds all indexes except the backlinks. `metas` must be in path order, with ids as in [`Catalog::pages`].
pub fn build(metas: Vec<Arc<PageMeta>>, settings: &Settings) -> (Catalog, Vec<UnplacedDiagnostic>) {
    let mut metas = metas;
    for meta in metas.iter_mut().filter(|c| c.title.is_empty() && c.role == PageRole::Section) {
        // Only a home page without title and heading has an empty title: all other sections use the folder's name.
        let title = settings.languages[meta.lang].title.clone();
        *meta = Arc::new(PageMeta { title, ..PageMeta::clone(meta) }.with_fingerprints());
    }
    let ((pages, sections), (terms, diags)) = rayon::join(
        || (PageIndex::new(&metas, settings), build_sections(&metas, settings)),
        || build_terms(&metas, settings),
    );
    let PageIndex { urls, by_path, by_key, shadowed } = pages;
    let (sections, sections_by_folder) = sections;
    let TermIndex { terms, terms_by_spelling, page_terms } = terms;
    let term_by_route = terms.iter().enumerate().map(|(i, t)| (t.route.clone(), TermId(i as u32))).collect();
    let neighbours = neighbours(&sections, metas.len());
    let backlinks = vec![Vec::new(); metas.len()];
    let catalog = Catalog {
        pages: metas,
        sections,
        terms,
        urls,
        by_path,
        by_key,
        shadowed,
        sections_by_folder,
        terms_by_spelling,
        term_by_route,
        page_terms,
        neighbours,
        backlinks,
    };
    (catalog, diags)
}

/// Look-ups of pages; the fields are as in [`Catalog`].
struct PageIndex {
    urls: Vec<Arc<str>>,
    by_path: HashMap<SitePath, PageId>,
    by_key: Vec<HashMap<String, PageId>>,
    shadowed: BTreeSet<PageId>,
}

impl PageIndex {
    fn new(metas: &[Arc<PageMeta>], settings: &Settings) -> Self {
        let by_path = metas.iter().enumerate().map(|(i, meta)| (meta.path.clone(), PageId(i as u32))).collect();
        let mut by_key = vec![HashMap::new(); settings.languages.len()];
        let mut shadowed = BTreeSet::new();
        for (i, meta) in metas.iter().enumerate() {
            shadowed.extend(by_key[meta.lang].insert(meta.key.clone(), PageId(i as u32)));
        }
        let urls = metas.iter().map(|meta| settings.href(&meta.route).into()).collect();
        Self { urls, by_path, by_key, shadowed }
    }
}

impl Catalog {
    /// Metadata of a page.
    pub fn page(&self, id: PageId) -> &PageMeta {
        &self.pages[id.0 as usize]
    }

    /// Address of a page as used in links: percent-encoded and relative to the site's root ([`Settings::href`]).
    pub fn url(&self, id: PageId) -> &Arc<str> {
        &self.urls[id.0 as usize]
    }

    /// All page ids in path order.
    pub fn page_ids(&self) -> impl Iterator<Item = PageId> + use<> {
        (0..self.pages.len() as u32).map(PageId)
    }

    /// A section by its id.
    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.0 as usize]
    }

    /// A term by its id.
    pub fn term(&self, id: TermId) -> &Term {
        &self.terms[id.0 as usize]
    }

    /// The page whose source file is `path`.
    pub fn by_path(&self, path: &SitePath) -> Option<PageId> {
        self.by_path.get(path).copied()
    }

    /// Paths of all pages in `folder` and its subfolders, and of paths that start with the same characters. Used for
    /// suggestions in messages.
    pub fn paths_in<'c>(&'c self, folder: &SitePath) -> impl Iterator<Item = &'c SitePath> + use<'c> {
        let folder = folder.clone();
        let start = self.pages.partition_point(|meta| meta.path < folder);
        self.pages[start..].iter().map(|meta| &meta.path).take_while(move |p| p.as_str().starts_with(folder.as_str()))
    }

    /// The page with this key ([`PageMeta::key`]) in the language with index `lang`.
    pub fn translation(&self, key: &str, lang: usize) -> Option<PageId> {
        self.by_key.get(lang)?.get(key).copied()
    }

    /// The translation of the page into `lang` if there is one, else the page itself.
    pub fn in_language(&self, page: PageId, lang: usize) -> PageId {
        let meta = self.page(page);
        match meta.lang == lang && !self.shadowed.contains(&page) {
            true => page,
            false => self.translation(&meta.key, lang).unwrap_or(page),
        }
    }

    /// The section of a folder (relative to `content/`) in a language.
    pub fn section_by_folder(&self, folder: &str, lang: usize) -> Option<SectionId> {
        self.sections_by_folder.get(lang)?.get(folder).copied()
    }

    /// The term that has `spelling` as name or alias, compared with case folding.
    pub fn term_by_spelling(&self, taxonomy: &str, lang: usize, spelling: &str) -> Option<TermId> {
        self.terms_by_spelling.get(taxonomy)?.get(lang)?.get(&case_folded_key(spelling.trim())).copied()
    }

    /// The term whose page has this address.
    pub fn term_by_route(&self, route: &Route) -> Option<TermId> {
        self.term_by_route.get(route).copied()
    }

    /// Terms of one taxonomy in one language, in display order.
    pub fn taxonomy_terms<'c>(&'c self, taxonomy: &'c str, lang: usize) -> impl Iterator<Item = TermId> + 'c {
        self.terms
            .iter()
            .enumerate()
            .filter(move |(_, t)| t.taxonomy == taxonomy && t.lang == lang)
            .map(|(i, _)| TermId(i as u32))
    }

    /// Terms of a page, in the order of its front matter.
    pub fn page_terms(&self, page: PageId) -> &[TermId] {
        &self.page_terms[page.0 as usize]
    }

    /// The previous and the next page in the order of the page's section.
    pub fn neighbours(&self, page: PageId) -> (Option<PageId>, Option<PageId>) {
        self.neighbours[page.0 as usize]
    }

    /// Listed pages that link to this page, in path order.
    pub fn backlinks(&self, page: PageId) -> &[PageId] {
        &self.backlinks[page.0 as usize]
    }

    /// Sets the backlinks from resolved links, given as pairs (from, to) grouped by `from` in path order. Links of a
    /// page to itself and from unlisted pages are ignored.
    pub fn set_backlinks(&mut self, links: impl IntoIterator<Item = (PageId, PageId)>) {
        let mut backlinks: Vec<Vec<PageId>> = vec![Vec::new(); self.pages.len()];
        for (from, to) in links {
            let known = &mut backlinks[to.0 as usize];
            if from != to && known.last() != Some(&from) && self.is_listed(from) {
                known.push(from);
            }
        }
        self.backlinks = backlinks;
    }

    /// Up to `count` pages that share a term with this page: the nearest ones in the page list of one shared term.
    /// The term is the first tag that other pages share, else a campaign, channel or unit. The choice does not depend
    /// on the number of pages, and the window has a fixed size, so that a new page changes the related pages of few
    /// others.
    pub fn related(&self, page: PageId, count: usize) -> Vec<PageId> {
        let terms = self.page_terms(page).iter().filter(|t| self.term(**t).pages.len() > 1);
        let rank = |taxonomy: &str| {
            ["tags", "campaigns", "channels", "units"].iter().position(|t| *t == taxonomy).unwrap_or(4)
        };
        let Some(term) = terms.min_by_key(|t| rank(&self.term(**t).taxonomy)) else { return Vec::new() };
        let pages = &self.term(*term).pages;
        let at = page_position(pages, page, &self.pages);
        let start = at.saturating_sub(count / 2).min(pages.len().saturating_sub(count + 1));
        pages[start..].iter().filter(|p| **p != page).take(count).copied().collect()
    }

    /// Sorts pages for display, as the function of the same name in `collections`.
    pub fn sort_pages(&self, pages: &mut [PageId], sort: Option<SectionOrder>) {
        sort_pages(pages, &self.pages, sort);
    }

    /// Whether a page appears in lists outside its section: samples, expired and withdrawn pages, section pages and term pages do
    /// not.
    pub fn is_listed(&self, page: PageId) -> bool {
        is_listed(self.page(page))
    }
}

pub(super) fn is_listed(meta: &PageMeta) -> bool {
    !meta.sample && !meta.expired && meta.withdrawn.is_none() && meta.role == PageRole::Page
}

/// Makes a section for each folder that contains a page directly or in a subfolder, per language, except the folders
/// of taxonomies. The second value maps folder to section for each language.
fn build_sections(metas: &[Arc<PageMeta>], settings: &Settings) -> (Vec<Section>, Vec<HashMap<String, SectionId>>) {
    let mut sections: Vec<Section> = Vec::new();
    let mut sections_by_folder: Vec<HashMap<String, SectionId>> = vec![HashMap::new(); settings.languages.len()];
    let mut folders: BTreeSet<(&str, usize)> = BTreeSet::from([("", 0)]);
    let mut index: HashMap<(&str, usize), PageId> = HashMap::new();
    let mut pages: HashMap<(&str, usize), Vec<PageId>> = HashMap::new();
    for (i, meta) in metas.iter().enumerate() {
        let id = PageId(i as u32);
        let at = (meta.folder.as_str(), meta.lang);
        match meta.role {
            PageRole::Term(_) => continue,
            PageRole::Section => drop(index.insert(at, id)),
            PageRole::Page if !meta.expired && meta.withdrawn.is_none() => pages.entry(at).or_default().push(id),
            PageRole::Page => {}
        }
        let mut folder = at.0;
        // If a folder is already in the set, so are its parent folders.
        while folders.insert((folder, meta.lang)) && !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }
    folders.retain(|(folder, _)| !settings.taxonomies.iter().any(|t| t.key == *folder));
    for (i, (folder, lang)) in folders.into_iter().enumerate() {
        let language = &settings.languages[lang];
        let describing = index.get(&(folder, lang)).copied();
        // A section that is described only in the default language has the same options in all languages.
        let section_options = describing
            .or_else(|| index.get(&(folder, 0)).copied())
            .map(|id| metas[id.0 as usize].section_options.clone())
            .unwrap_or_default();
        let title = match describing {
            Some(id) => metas[id.0 as usize].title.clone(),
            None if folder.is_empty() => language.title.clone(),
            None => folder.rsplit('/').next().unwrap_or_default().to_string(),
        };
        let mut own = pages.remove(&(folder, lang)).unwrap_or_default();
        sort_pages(&mut own, metas, section_options.sort);
        sections_by_folder[lang].insert(folder.to_string(), SectionId(i as u32));
        sections.push(Section {
            route: folder_route(settings.language_prefix(lang), folder),
            folder: folder.to_string(),
            lang,
            title,
            index: describing,
            parent: None,
            children: Vec::new(),
            pages_below: own.len(),
            pages: own,
            page_size: section_options.page_size.unwrap_or(settings.page_size),
            sort: section_options.sort.unwrap_or_default(),
        });
    }
    for i in 0..sections.len() {
        let section = &sections[i];
        if section.folder.is_empty() {
            continue;
        }
        let parent =
            sections_by_folder[section.lang].get(section.folder.rsplit_once('/').map_or("", |(p, _)| p)).copied();
        sections[i].parent = parent;
        if let Some(parent) = parent {
            sections[parent.0 as usize].children.push(SectionId(i as u32));
        }
    }
    // A folder comes before those in it.
    for i in (0..sections.len()).rev() {
        if let Some(parent) = sections[i].parent {
            sections[parent.0 as usize].pages_below += sections[i].pages_below;
        }
    }
    let rank: Vec<(i64, String)> = sections
        .iter()
        .map(|s| {
            let described = s.index.or_else(|| index.get(&(s.folder.as_str(), 0)).copied());
            (described.and_then(|id| metas[id.0 as usize].order).unwrap_or(i64::MAX), s.folder.clone())
        })
        .collect();
    for section in &mut sections {
        section.children.sort_by(|a, b| rank[a.0 as usize].cmp(&rank[b.0 as usize]));
    }
    (sections, sections_by_folder)
}

/// For each page, the previous and the next page in its section.
fn neighbours(sections: &[Section], count: usize) -> Vec<(Option<PageId>, Option<PageId>)> {
    let mut neighbours = vec![(None, None); count];
    for section in sections {
        for (i, page) in section.pages.iter().enumerate() {
            let before = i.checked_sub(1).map(|j| section.pages[j]);
            neighbours[page.0 as usize] = (before, section.pages.get(i + 1).copied());
        }
    }
    neighbours
}

/// Address of the page of a term.
pub fn term_route(settings: &Settings, lang: usize, taxonomy: &str, slug: &str) -> Route {
    Route::page([settings.language_prefix(lang), taxonomy, slug])
}
