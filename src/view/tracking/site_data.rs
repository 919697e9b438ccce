//! [`SiteData`]: what the phases before rendering have collected, with the look-ups that planning and the readers of facets share.
//! In: catalog, settings, events, data, assets, resolved references. Out: ids, paths and lists of pages. Records nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde_json::Value as Json;

use crate::assets::{AssetManifest, Pictures};
use crate::calendar::{EventSchedule, RecordOutcome};
use crate::catalog::{Catalog, KindFacts, PageId, SectionId};
use crate::engine::Fingerprint;
use crate::releases::ReleaseLog;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::{Theme, Translations};
use puzhi_core::base::{BuildDate, DateOrDateTime, Route, SitePath};
use puzhi_core::kinds::results::Results;
use puzhi_core::kinds::{SectionOrder, Target};

use super::doc_cache::{DocCache, VisibleReferences};
use super::facets::{FeedKey, ListKey};
use super::key::SectionName;
use super::search_data::SearchData;
use crate::view::pages::CardMaterial;
use crate::view::site::{NavigationLinks, SiteImages};
use crate::view::views::{FeedId, ListId};

/// Everything that rendering needs, as the phases before it hand it over.
pub struct SiteData {
    /// The resolved `site.yaml`.
    pub settings: Arc<Settings>,
    /// Day of the build; the only source of the present day.
    pub clock: BuildDate,
    /// Metadata of all pages, sections, terms and their relations.
    pub catalog: Arc<Catalog>,
    /// The site's files.
    pub files: Arc<FileSnapshot>,
    /// The templates.
    pub theme: Arc<Theme>,
    /// Documents with their resolved references, loaded on first use.
    pub doc_cache: DocCache,
    /// The part of each page's resolved references that other pages show, indexed by [`PageId`].
    pub visible_references: Vec<VisibleReferences>,
    /// Fingerprint of each page's text and resolved references, indexed by [`PageId`].
    pub content_fingerprints: Vec<Fingerprint>,
    /// Targets of `data/targets.yaml`, in file order.
    pub targets: Arc<Vec<Target>>,
    /// Resolved addresses of what each target names, by index of the target.
    pub target_links: Vec<TargetLinks>,
    /// Calendars, month pages and ledger, as they are on the day of the build.
    pub agenda: EventSchedule,
    /// The events lock file as `puzhi events record` would write it now.
    pub record: RecordOutcome,
    /// What was published before.
    pub releases: Arc<ReleaseLog>,
    /// Files that stay back because the articles that refer to them are withdrawn.
    pub withdrawn_files: BTreeSet<SitePath>,
    /// Published survey results, by survey id.
    pub results: BTreeMap<String, Results>,
    /// Whether the theme has a template for calendars, so that calendars have pages.
    pub calendar_pages: bool,
    /// Resolved address of the clause that the settings name for the ledger.
    pub ledger_clause: Option<String>,
    /// Parsed files of `data/`, by path.
    pub data: BTreeMap<SitePath, Json>,
    /// Whether the site has a search: the settings want one and the theme has a template for it.
    pub has_search: bool,
    /// What the search is made from.
    pub search: SearchData,
    /// The site's pictures.
    pub pictures: Arc<Pictures>,
    /// Static files with their published addresses and integrity hashes.
    pub assets: AssetManifest,
    /// Interface texts, by index of the language.
    pub words: Vec<Translations>,
    /// Resolved links of the settings, by index of the language.
    pub navigation: Vec<NavigationLinks>,
    /// Pictures that the settings name.
    pub images: SiteImages,
    /// What share cards are drawn with.
    pub cards: CardMaterial,
    /// Paths of outputs that are HTML and have no large page: copies of files. Empty without large pages.
    pub plain_html: BTreeSet<String>,
    /// Fingerprints of what is outside the catalog, which the facets use.
    pub fingerprints: SiteFingerprints,
    /// The name of a facet whose reads are not recorded; tests alone set it.
    pub unrecorded: Option<String>,
}

impl std::fmt::Debug for SiteData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SiteData").field("clock", &self.clock).finish_non_exhaustive()
    }
}

/// Resolved addresses of what a target names; `None` if it names nothing or a link leads nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TargetLinks {
    /// The clause of the plan.
    pub clause: Option<String>,
    /// The page that explains the target.
    pub explainer: Option<String>,
}

/// Fingerprints of what is outside the catalog: settings, data, and values that are expensive to compute.
#[derive(Debug, Default)]
pub struct SiteFingerprints {
    /// Fingerprint of `site.yaml`.
    pub settings: Option<Fingerprint>,
    /// By path of the file in `data/`.
    pub data: BTreeMap<SitePath, Fingerprint>,
    /// By part of the sitemap; `None` for a sitemap of one file.
    pub sitemaps: BTreeMap<Option<usize>, Fingerprint>,
    /// Of the interface texts, by index of the language. Computed on first use.
    pub words: Vec<OnceLock<Fingerprint>>,
    /// Of the template variable `site`, by index of the language. Computed on first use.
    pub sites: Vec<OnceLock<Fingerprint>>,
    /// Of the target board, by index of the language. Computed on first use.
    pub targets: Vec<OnceLock<Fingerprint>>,
    /// Of all events and calendars. Computed on first use.
    pub events: OnceLock<Fingerprint>,
    /// The same, with the ledger and the day of the build. Computed on first use.
    pub agenda: OnceLock<Fingerprint>,
}

impl SiteFingerprints {
    /// No fingerprint computed yet, for this number of languages.
    pub fn of(languages: usize) -> Self {
        let cells = || std::iter::repeat_with(OnceLock::new).take(languages).collect();
        Self { words: cells(), sites: cells(), targets: cells(), ..Self::default() }
    }
}

/// Number of entries in a list, and number of entries on one page of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListSize {
    /// Entries in the whole list.
    pub total: usize,
    /// Entries on an archive page.
    pub page_size: usize,
}

impl SiteData {
    /// The source path of a page, which identifies it across builds.
    pub fn path(&self, page: PageId) -> SitePath {
        self.catalog.page(page).path.clone()
    }

    /// The page with this source path.
    pub fn page_at(&self, path: &SitePath) -> Option<PageId> {
        self.catalog.by_path(path)
    }

    /// When a page was published, if it is known: the day that its text or the lock file names, with the time of the release log.
    pub fn published(&self, page: PageId) -> Option<DateOrDateTime> {
        let written = self.agenda.published(&self.catalog, page)?;
        Some(self.releases.publication_moment(&self.catalog.page(page).route, written))
    }

    /// The name of a section, valid across builds.
    pub fn section_name(&self, section: SectionId) -> SectionName {
        let section = self.catalog.section(section);
        SectionName { folder: section.folder.as_str().into(), lang: section.lang as u32 }
    }

    /// The key of a list, valid across builds.
    pub fn list_key(&self, of: &ListId) -> ListKey {
        match of {
            ListId::Section(id) => ListKey::Section(self.section_name(*id)),
            ListId::Term(id) => ListKey::Term(self.catalog.term(*id).route.clone()),
            // A taxonomy's list has no pages; its terms have a key of their own.
            ListId::Taxonomy { key, lang } => {
                ListKey::Section(SectionName { folder: key.as_str().into(), lang: *lang as u32 })
            }
        }
    }

    /// The key of a feed, valid across builds.
    pub fn feed_key(&self, of: &FeedId) -> FeedKey {
        match of {
            FeedId::Language(lang) => FeedKey::Language(*lang as u32),
            FeedId::List(list) => FeedKey::List(self.list_key(list)),
        }
    }

    /// The list with this key; `None` if it does not exist in this build.
    pub(super) fn list_id(&self, list: &ListKey) -> Option<ListId> {
        Some(match list {
            ListKey::Section(name) => {
                ListId::Section(self.catalog.section_by_folder(&name.folder, name.lang as usize)?)
            }
            ListKey::Term(route) => ListId::Term(self.catalog.term_by_route(route)?),
        })
    }

    /// All pages of a list, and the size of its pages.
    pub(super) fn whole_list(&self, of: &ListId) -> (&[PageId], ListSize) {
        let (pages, page_size): (&[PageId], usize) = match of {
            ListId::Section(id) => (&self.catalog.section(*id).pages, self.catalog.section(*id).page_size),
            ListId::Term(id) => (&self.catalog.term(*id).pages, self.settings.page_size),
            ListId::Taxonomy { .. } => (&[], 1),
        };
        (pages, ListSize { total: pages.len(), page_size })
    }

    /// The pages of a feed, newest first.
    pub(super) fn feed_pages(&self, of: &FeedId) -> Vec<PageId> {
        let catalog = &self.catalog;
        let (lang, mut pages): (usize, Vec<PageId>) = match of {
            FeedId::Language(lang) => (*lang, catalog.page_ids().collect()),
            FeedId::List(ListId::Section(id)) => {
                let section = catalog.section(*id);
                let is_withdrawn = |page: &PageId| {
                    let meta = catalog.page(*page);
                    meta.shows_withdrawal() && meta.lang == section.lang && meta.folder == section.folder
                };
                // The list of the section has none that are withdrawn; whoever has the text from its feed learns it there.
                let withdrawn = catalog.page_ids().filter(is_withdrawn);
                (section.lang, section.pages.iter().copied().chain(withdrawn).collect())
            }
            FeedId::List(ListId::Term(id)) => (catalog.term(*id).lang, catalog.term(*id).pages.clone()),
            FeedId::List(ListId::Taxonomy { lang, .. }) => (*lang, Vec::new()),
        };
        pages.retain(|id| {
            let meta = catalog.page(*id);
            meta.lang == lang
                && (catalog.is_listed(*id) || meta.shows_withdrawal())
                && !meta.unpublished
                && self.settings.kinds.in_feeds(meta.kind)
                && self.published(*id).is_some()
        });
        catalog.sort_pages(&mut pages, Some(SectionOrder::Date));
        pages.sort_by_key(|id| std::cmp::Reverse(self.published(*id)));
        pages.truncate(self.settings.feed_size);
        pages
    }

    /// The page of the survey with this id: its translation in `lang` if there is one, else any.
    pub fn survey_page(&self, survey: &str, lang: usize) -> Option<PageId> {
        let catalog = &self.catalog;
        let has = |id: &PageId| match &catalog.page(*id).facts {
            KindFacts::Survey(facts) => facts.id.as_ref().is_some_and(|id| id.value == survey),
            _ => false,
        };
        let first = catalog.page_ids().find(has)?;
        Some(catalog.translation(&catalog.page(first).key, lang).unwrap_or(first))
    }

    /// The page of `content/TAXONOMY/_index.md` in a language.
    pub fn taxonomy_index(&self, key: &str, lang: usize) -> Option<PageId> {
        self.catalog.translation(&format!("{key}/_index"), lang)
    }

    /// The address of a taxonomy's list of terms.
    pub fn taxonomy_route(&self, key: &str, lang: usize) -> Route {
        crate::catalog::folder_route(self.settings.language_prefix(lang), key)
    }

    /// The title of a taxonomy in a language: from the settings, else from its `_index.md`, else from the theme, else
    /// its key.
    pub(super) fn taxonomy_title(&self, key: &str, lang: usize) -> String {
        let taxonomy = self.settings.taxonomies.iter().find(|t| t.key == key);
        let code = &self.settings.languages[lang].code;
        let own = taxonomy.and_then(|t| t.titles.get(code).or_else(|| t.titles.get("")));
        let described = self.taxonomy_index(key, lang).map(|id| self.catalog.page(id).title.clone());
        own.cloned()
            .or(described)
            .or_else(|| self.words[lang].get(&format!("taxonomy_{key}")).cloned())
            .unwrap_or_else(|| key.to_string())
    }
}
