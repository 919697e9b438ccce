//! Cards to catalog.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::settings::Settings;
use puzhi_core::base::{Route, SitePath, case_folded_key, slugify};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::SectionOrder;

use super::collections::{page_position, sort_pages};
use super::content_path::folder_route;
use super::{PageId, PageMeta, PageRole, Section, SectionId, Term, TermId, UnplacedDiagnostic};

/// All indexes over a site's cards. Made once; never changed.
#[derive(Debug, Default)]
pub struct Catalog {
    /// In path order; [`PageId`] is the index.
    pub pages: Vec<Arc<PageMeta>>,
    pub sections: Vec<Section>,
    pub terms: Vec<Term>,
    /// The address of each page as others link to it, encoded.
    urls: Vec<Arc<str>>,
    by_path: HashMap<SitePath, PageId>,
    /// By language, as the next.
    by_key: Vec<HashMap<String, PageId>>,
    /// Pages in whose place another with the same key and language stands.
    shadowed: BTreeSet<PageId>,
    sections_by_folder: Vec<HashMap<String, SectionId>>,
    /// Taxonomy, language, folded spelling to term.
    terms_by_spelling: BTreeMap<String, Vec<HashMap<String, TermId>>>,
    term_by_route: HashMap<Route, TermId>,
    page_terms: Vec<Vec<TermId>>,
    neighbours: Vec<(Option<PageId>, Option<PageId>)>,
    backlinks: Vec<Vec<PageId>>,
}

/// Builds the indexes. `cards` must be in path order. Findings come with where they stand in their file, if that is known.
pub fn build(metas: Vec<Arc<PageMeta>>, settings: &Settings) -> (Catalog, Vec<UnplacedDiagnostic>) {
    let mut metas = metas;
    for meta in metas.iter_mut().filter(|c| c.title.is_empty() && c.role == PageRole::Section) {
        // Only the home page has neither a title, nor a heading, nor a folder's name.
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

/// Look-ups of pages; the fields are those of [`Catalog`].
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

/// Terms in order, what spellings mean them, and those on each page.
struct TermIndex {
    terms: Vec<Term>,
    terms_by_spelling: BTreeMap<String, Vec<HashMap<String, TermId>>>,
    page_terms: Vec<Vec<TermId>>,
}

impl Catalog {
    pub fn page(&self, id: PageId) -> &PageMeta {
        &self.pages[id.0 as usize]
    }

    /// The address of a page as others link to it: encoded, relative to the site's root.
    pub fn url(&self, id: PageId) -> &Arc<str> {
        &self.urls[id.0 as usize]
    }

    pub fn page_ids(&self) -> impl Iterator<Item = PageId> + use<> {
        (0..self.pages.len() as u32).map(PageId)
    }

    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.0 as usize]
    }

    pub fn term(&self, id: TermId) -> &Term {
        &self.terms[id.0 as usize]
    }

    pub fn by_path(&self, path: &SitePath) -> Option<PageId> {
        self.by_path.get(path).copied()
    }

    /// All pages whose path is in `folder`, for naming the nearest one.
    pub fn paths_in<'c>(&'c self, folder: &SitePath) -> impl Iterator<Item = &'c SitePath> + use<'c> {
        let folder = folder.clone();
        let start = self.pages.partition_point(|meta| meta.path < folder);
        self.pages[start..].iter().map(|meta| &meta.path).take_while(move |p| p.as_str().starts_with(folder.as_str()))
    }

    /// The same page in another language.
    pub fn translation(&self, key: &str, lang: usize) -> Option<PageId> {
        self.by_key.get(lang)?.get(key).copied()
    }

    /// The page itself or, where there is one, its translation into `lang`.
    pub fn in_language(&self, page: PageId, lang: usize) -> PageId {
        let meta = self.page(page);
        match meta.lang == lang && !self.shadowed.contains(&page) {
            true => page,
            false => self.translation(&meta.key, lang).unwrap_or(page),
        }
    }

    pub fn section_by_folder(&self, folder: &str, lang: usize) -> Option<SectionId> {
        self.sections_by_folder.get(lang)?.get(folder).copied()
    }

    /// The term that `spelling` means, through aliases and case.
    pub fn term_by_spelling(&self, taxonomy: &str, lang: usize, spelling: &str) -> Option<TermId> {
        self.terms_by_spelling.get(taxonomy)?.get(lang)?.get(&case_folded_key(spelling.trim())).copied()
    }

    /// The term with this address.
    pub fn term_by_route(&self, route: &Route) -> Option<TermId> {
        self.term_by_route.get(route).copied()
    }

    /// Terms of one taxonomy in one language, in order.
    pub fn taxonomy_terms<'c>(&'c self, taxonomy: &'c str, lang: usize) -> impl Iterator<Item = TermId> + 'c {
        self.terms
            .iter()
            .enumerate()
            .filter(move |(_, t)| t.taxonomy == taxonomy && t.lang == lang)
            .map(|(i, _)| TermId(i as u32))
    }

    pub fn page_terms(&self, page: PageId) -> &[TermId] {
        &self.page_terms[page.0 as usize]
    }

    /// The page before and the page after in the section's order.
    pub fn neighbours(&self, page: PageId) -> (Option<PageId>, Option<PageId>) {
        self.neighbours[page.0 as usize]
    }

    /// Pages that link here, in path order.
    pub fn backlinks(&self, page: PageId) -> &[PageId] {
        &self.backlinks[page.0 as usize]
    }

    /// Fills the backlinks from resolved links: (from, to) pairs, in the order of those they come from.
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

    /// Up to `count` pages related by the page's first tag (else campaign, unit …) that others share, nearest in that term's order.
    /// Which term it is does not depend on how many pages each has, and the window is bounded: one page changes only a few others.
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

    /// Sorts pages for display; `None` means by `order` where given, then newest first.
    pub fn sort_pages(&self, pages: &mut [PageId], sort: Option<SectionOrder>) {
        sort_pages(pages, &self.pages, sort);
    }

    /// Whether a page appears in lists outside its own section.
    pub fn is_listed(&self, page: PageId) -> bool {
        is_listed(self.page(page))
    }
}

fn is_listed(meta: &PageMeta) -> bool {
    !meta.sample && !meta.expired && meta.role == PageRole::Page
}

/// Every folder with a page in it or below it, in each language, but the taxonomies'; and their numbers by folder.
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
            PageRole::Page if !meta.expired => pages.entry(at).or_default().push(id),
            PageRole::Page => {}
        }
        let mut folder = at.0;
        // Those above a folder that is known are known, too.
        while folders.insert((folder, meta.lang)) && !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }
    folders.retain(|(folder, _)| !settings.taxonomies.iter().any(|t| t.key == *folder));
    for (i, (folder, lang)) in folders.into_iter().enumerate() {
        let language = &settings.languages[lang];
        let describing = index.get(&(folder, lang)).copied();
        // A section described only in the default language is laid out alike in the others.
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

/// All terms that are described or used, and what was wrong with their descriptions.
fn build_terms(metas: &[Arc<PageMeta>], settings: &Settings) -> (TermIndex, Vec<UnplacedDiagnostic>) {
    let mut builder =
        TermBuilder { metas, settings, spellings: BTreeMap::new(), terms: Vec::new(), numbers: HashMap::new() };
    let diags = builder.add_described();
    builder.share_default_spellings();
    let page_terms = builder.add_used();
    (builder.finish(page_terms), diags)
}

/// Taxonomy and language of a term, each by its index in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct TermScope {
    taxonomy: usize,
    lang: usize,
}

/// Identifies a term while terms are collected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct TermKey {
    scope: TermScope,
    slug: String,
}

/// Collects terms: first those that a page describes, which own their spellings, then those that pages use.
struct TermBuilder<'a> {
    metas: &'a [Arc<PageMeta>],
    settings: &'a Settings,
    /// Case-folded spelling to slug.
    spellings: BTreeMap<(TermScope, String), String>,
    /// In the order found; the index is the term's number until [`TermBuilder::finish`] orders them.
    terms: Vec<(TermKey, Term)>,
    numbers: HashMap<TermKey, usize>,
}

impl TermBuilder<'_> {
    fn taxonomy(&self, key: &str) -> Option<usize> {
        self.settings.taxonomies.iter().position(|t| t.key == key)
    }

    /// Adds the terms that have a page of their own; reports a spelling that two of them claim.
    fn add_described(&mut self) -> Vec<UnplacedDiagnostic> {
        let mut diags = Vec::new();
        let mut found: BTreeMap<TermKey, Term> = BTreeMap::new();
        for (i, meta) in self.metas.iter().enumerate() {
            let PageRole::Term(taxonomy) = &meta.role else { continue };
            let Some(index) = self.taxonomy(taxonomy) else { continue };
            let scope = TermScope { taxonomy: index, lang: meta.lang };
            let slug = meta.route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_string();
            let names =
                [meta.title.as_str(), meta.path.stem().split('.').next().unwrap_or_default()].map(|name| (name, None));
            for (name, span) in names.into_iter().chain(meta.aliases.iter().map(|a| (a.value.as_str(), Some(a.span)))) {
                let at = (scope, case_folded_key(name.trim()));
                if let Some(other) = self.spellings.get(&at)
                    && *other != slug
                {
                    let owner = found
                        .get(&TermKey { scope, slug: other.clone() })
                        .and_then(|term| term.index)
                        .map(|page| self.metas[page.0 as usize].path.to_string());
                    let diag = Diagnostic::new(&codes::links::TERM_ALIAS_CLASH)
                        .file(&meta.path)
                        .arg("name", name)
                        .arg("other", owner.unwrap_or_default());
                    diags.push(UnplacedDiagnostic { diag, span });
                    continue;
                }
                self.spellings.insert(at, slug.clone());
            }
            let term = Term {
                taxonomy: taxonomy.clone(),
                lang: meta.lang,
                name: meta.title.clone(),
                route: meta.route.clone(),
                order: meta.order,
                index: Some(PageId(i as u32)),
                pages: Vec::new(),
            };
            found.insert(TermKey { scope, slug }, term);
        }
        self.terms = found.into_iter().collect();
        self.numbers = self.terms.iter().enumerate().map(|(number, (key, _))| (key.clone(), number)).collect();
        diags
    }

    /// A term that is described only in the default language serves the others under its slug.
    fn share_default_spellings(&mut self) {
        let default: Vec<_> = self
            .spellings
            .iter()
            .filter(|((scope, _), _)| scope.lang == 0)
            .map(|(key, slug)| (key.clone(), slug.clone()))
            .collect();
        for lang in 1..self.settings.languages.len() {
            for ((scope, name), slug) in &default {
                let scope = TermScope { lang, ..*scope };
                self.spellings.entry((scope, name.clone())).or_insert_with(|| slug.clone());
            }
        }
    }

    /// Adds the terms that pages name, and the listed pages to each. Gives the numbers of the terms on each page.
    fn add_used(&mut self) -> Vec<Vec<usize>> {
        // What a spelling means is worked out once.
        let mut known: HashMap<(TermScope, &str), usize> = HashMap::new();
        let mut uses: Vec<Vec<usize>> = vec![Vec::new(); self.metas.len()];
        let metas = self.metas;
        for (i, meta) in metas.iter().enumerate().filter(|(_, meta)| meta.role != PageRole::Section) {
            for (taxonomy, written) in &meta.front_matter_terms {
                let Some(index) = self.taxonomy(taxonomy) else { continue };
                let scope = TermScope { taxonomy: index, lang: meta.lang };
                for name in written.iter().map(|w| w.value.trim()).filter(|n| !n.is_empty()) {
                    let number = *known.entry((scope, name)).or_insert_with(|| self.number_of(scope, taxonomy, name));
                    if !uses[i].contains(&number) {
                        uses[i].push(number);
                        if is_listed(meta) {
                            self.terms[number].1.pages.push(PageId(i as u32));
                        }
                    }
                }
            }
        }
        uses
    }

    /// The number of the term that `name` means; made if there is none yet.
    fn number_of(&mut self, scope: TermScope, taxonomy: &str, name: &str) -> usize {
        let slug = self.spellings.entry((scope, case_folded_key(name))).or_insert_with(|| match slugify(name) {
            empty if empty.is_empty() => format!("x{}", puzhi_core::base::ContentHash::of(name.as_bytes()).short(8)),
            slug => slug,
        });
        let key = TermKey { scope, slug: slug.clone() };
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let default = TermKey { scope: TermScope { lang: 0, ..scope }, slug: key.slug.clone() };
        let described = if scope.lang == 0 { None } else { self.numbers.get(&default) };
        let term = Term {
            taxonomy: taxonomy.to_string(),
            lang: scope.lang,
            name: described.map_or_else(|| name.to_string(), |number| self.terms[*number].1.name.clone()),
            route: term_route(self.settings, scope.lang, taxonomy, &key.slug),
            order: None,
            index: None,
            pages: Vec::new(),
        };
        self.numbers.insert(key.clone(), self.terms.len());
        self.terms.push((key, term));
        self.terms.len() - 1
    }

    /// Orders the terms: by taxonomy and language, then by their own order, by number of pages, by name.
    fn finish(self, page_terms: Vec<Vec<usize>>) -> TermIndex {
        let mut order: Vec<(usize, (TermKey, Term))> = self.terms.into_iter().enumerate().collect();
        order.sort_by(|(_, (a, x)), (_, (b, y))| {
            let rank = |term: &Term| (term.order.unwrap_or(i64::MAX), std::cmp::Reverse(term.pages.len()));
            a.scope
                .cmp(&b.scope)
                .then_with(|| rank(x).cmp(&rank(y)))
                .then_with(|| x.name.cmp(&y.name))
                .then_with(|| a.slug.cmp(&b.slug))
        });
        let mut ids = vec![TermId(0); order.len()];
        for (i, (number, _)) in order.iter().enumerate() {
            ids[*number] = TermId(i as u32);
        }
        let mut terms: Vec<Term> = order.into_iter().map(|(_, (_, term))| term).collect();
        terms.par_iter_mut().for_each(|term| sort_pages(&mut term.pages, self.metas, Some(SectionOrder::Date)));
        let mut terms_by_spelling: BTreeMap<String, Vec<HashMap<String, TermId>>> = BTreeMap::new();
        for ((scope, name), slug) in self.spellings {
            if let Some(number) = self.numbers.get(&TermKey { scope, slug }) {
                let by_language = terms_by_spelling
                    .entry(self.settings.taxonomies[scope.taxonomy].key.clone())
                    .or_insert_with(|| vec![HashMap::new(); self.settings.languages.len()]);
                by_language[scope.lang].insert(name, ids[*number]);
            }
        }
        let page_terms = page_terms.into_iter().map(|numbers| numbers.into_iter().map(|n| ids[n]).collect()).collect();
        TermIndex { terms, terms_by_spelling, page_terms }
    }
}

/// The page before and the page after each in its section's order.
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

/// The address of a term's page.
pub fn term_route(settings: &Settings, lang: usize, taxonomy: &str, slug: &str) -> Route {
    Route::page([settings.language_prefix(lang), taxonomy, slug])
}
