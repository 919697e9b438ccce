//! [`Site`]: everything that rendering reads, collected by the phases before it and read-only from then on, with the
//! look-ups and small views that all templates share. In: catalog, settings, events, data, assets, resolved references.
//! Out: values of the template model; each look-up records what it read. Knows no template and no output.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::assets::{AssetManifest, DataTable};
use crate::calendar::{EventSchedule, RecordOutcome, occurrence};
use crate::catalog::{Catalog, PageId, SectionId, TermId};
use crate::engine::Fingerprint;
use crate::settings::{FeedScope, Settings};
use crate::theme::Translations;
use puzhi_core::base::{BuildDate, DateOrDateTime, Route, SitePath, percent_encode_path, weekday_zh};
use puzhi_core::kinds::Target;
use puzhi_core::kinds::results::Results;

use super::model::{DateView, FeedLinkView, FeedsView, LinkView};
use super::tracking::dependency_key::{DependencyKey, PageFacet};
use super::tracking::doc_cache::{DocCache, VisibleReferences};
use super::tracking::read_recorder::{RecordedRead, record_read};

/// One site with everything that rendering needs. Nothing in it changes while outputs are made.
#[derive(Debug)]
pub struct Site {
    /// The resolved `site.yaml`.
    pub settings: Arc<Settings>,
    /// Day of the build; the only source of the present day.
    pub clock: BuildDate,
    /// Metadata of all pages, sections, terms and their relations.
    pub catalog: Arc<Catalog>,
    /// Documents with their resolved references, loaded on first use.
    pub doc_cache: DocCache,
    /// The part of each page's resolved references that other pages show, indexed by [`PageId`].
    pub visible_references: Vec<VisibleReferences>,
    /// Fingerprint of each page's text and resolved references, indexed by [`PageId`].
    pub content_fingerprints: Vec<Fingerprint>,
    /// Targets of `data/targets.yaml`, in file order.
    pub targets: Arc<Vec<Target>>,
    /// Resolved addresses of each target's clause and explainer, by index of the target.
    pub target_links: Vec<(Option<String>, Option<String>)>,
    /// Calendars, month pages and ledger, as they are on the day of the build.
    pub agenda: EventSchedule,
    /// The events lock file as `puzhi events record` would write it now.
    pub record: RecordOutcome,
    /// Published survey results, by survey id.
    pub results: BTreeMap<String, Results>,
    /// Whether the theme has a template for calendars, so that calendars have pages.
    pub calendar_pages: bool,
    /// Resolved address of the clause that the settings name for the ledger.
    pub ledger_clause: Option<String>,
    /// Parsed files of `data/`, by path.
    pub data: BTreeMap<SitePath, Json>,
    /// Static files with their published addresses and integrity hashes.
    pub assets: AssetManifest,
    /// Interface texts, by index of the language.
    pub words: Vec<Translations>,
    /// Resolved links of the settings, by index of the language.
    pub navigation: Vec<NavigationLinks>,
    /// Fingerprints of what is outside the catalog, which `tracking::fingerprints` reads.
    pub fingerprints: SiteFingerprints,
}

/// Fingerprints of what is outside the catalog: settings, templates, data, files, and views made once per language.
#[derive(Default)]
pub struct SiteFingerprints {
    /// Fingerprint of `site.yaml`.
    pub settings: Option<Fingerprint>,
    /// By template name; each covers all templates it extends, includes or calls.
    pub templates: BTreeMap<String, Fingerprint>,
    /// By path of the file in `data/`.
    pub data: BTreeMap<SitePath, Fingerprint>,
    /// By part of the sitemap; `None` for a sitemap of one file.
    pub sitemaps: BTreeMap<Option<usize>, Fingerprint>,
    /// Computes the fingerprint of any other file.
    pub file: Option<FileFingerprintFn>,
    /// Of the interface texts, by index of the language. Computed on first use.
    pub words: Vec<OnceLock<Fingerprint>>,
    /// Of the template variable `site`, by index of the language. Computed on first use.
    pub sites: Vec<OnceLock<Fingerprint>>,
    /// Of the target board, by index of the language. Computed on first use.
    pub targets: Vec<OnceLock<Fingerprint>>,
    /// Of all events, calendars and the ledger. Computed on first use.
    pub agenda: OnceLock<Fingerprint>,
}

/// Returns the fingerprint of a file's bytes, or `None` if the file does not exist.
pub type FileFingerprintFn = Box<dyn Fn(&SitePath) -> Option<Fingerprint> + Send + Sync>;

impl SiteFingerprints {
    /// No fingerprint computed yet, for this number of languages.
    pub fn of(languages: usize) -> Self {
        let cells = || std::iter::repeat_with(OnceLock::new).take(languages).collect();
        Self { words: cells(), sites: cells(), targets: cells(), ..Self::default() }
    }
}

impl std::fmt::Debug for SiteFingerprints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SiteFingerprints").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Where the references of one page lead. Lists are parallel to the tables of the document's body.
#[derive(Debug, Clone, Default, Hash)]
pub struct ResolvedReferences {
    /// By index of the body's links.
    pub links: Vec<ResolvedLink>,
    /// By index of the body's images; `None` if the file is missing.
    pub images: Vec<Option<ResolvedImage>>,
    /// Files that directives name (`download`, `table`), by index of the body's directives.
    pub files: BTreeMap<u32, ReferencedFile>,
    /// Data that `table` directives show, by index of the body's directives.
    pub tables: BTreeMap<u32, DataTable>,
    /// `original` of a policy: title and address (relative to the root, or absolute).
    pub original: Option<LinkView>,
    /// Links among the values of a kind without a struct of its own, in their order; `None` if one leads nowhere.
    pub fields: Vec<Option<LinkView>>,
}

/// A file of the site that a directive names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReferencedFile {
    /// Path in the site's folder.
    pub path: SitePath,
    /// Address in the built site.
    pub route: Route,
    /// Size in bytes.
    pub size: u64,
}

/// Addresses of the links that the settings name for one language, in their order; `None` if a link leads nowhere.
#[derive(Debug, Clone, Default)]
pub struct NavigationLinks {
    /// Main navigation.
    pub navigation: Vec<Option<String>>,
    /// Links at the foot of every page.
    pub footer: Vec<Option<String>>,
    /// Entries of the home page.
    pub entries: Vec<Option<String>>,
}

/// Where a link of a body leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ResolvedLink {
    /// A page or file of this site.
    Internal {
        /// Percent-encoded address, relative to the root.
        url: Arc<str>,
        /// Id on that page.
        anchor: Option<String>,
        /// Index of the target's language, if the page has no translation and the link leads to another language.
        language: Option<usize>,
    },
    /// An anchor on the same page.
    SamePage {
        /// Id of the anchor.
        anchor: String,
    },
    /// Another site, a mail address or a telephone number.
    External {
        /// The address as written.
        url: String,
    },
    /// A draft or a future page; the link is shown as text.
    Unpublished,
    /// A target that does not exist or has errors; the link is shown as text.
    Broken,
}

/// An image file of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResolvedImage {
    /// Encoded address, relative to the root.
    pub url: String,
    /// Width and height in pixels, if they could be read.
    pub size: Option<(u32, u32)>,
}

/// The percent-encoded address of a route, relative to the root and without a leading slash. Links in pages use
/// `Settings::href` instead, which adds `index.html` where the settings have no `base_url`.
pub fn url_of(route: &Route) -> String {
    percent_encode_path(route.as_str().trim_start_matches('/'))
}

/// The relative path from `route` to the site's root: `./`, `../`, `../../`.
pub fn root_of(route: &Route) -> String {
    match route.as_str().trim_start_matches('/').matches('/').count() {
        0 => "./".to_string(),
        depth => "../".repeat(depth),
    }
}

/// `address` with `#` and the percent-encoded `anchor` after it, if there is one.
pub(super) fn with_anchor(mut address: String, anchor: Option<&str>) -> String {
    if let Some(anchor) = anchor {
        address.push('#');
        address.push_str(&percent_encode_path(anchor));
    }
    address
}

/// A time of day as pages show it: `9:30`.
pub(super) fn time_text(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

impl Site {
    /// An interface text in a language; the key itself if the theme has no such text.
    pub fn word(&self, lang: usize, key: &str) -> String {
        record_read(|| RecordedRead::Words(lang as u32));
        self.words[lang].get(key).cloned().unwrap_or_else(|| key.to_string())
    }

    /// The day a page was published, if it is known.
    pub fn published(&self, page: PageId) -> Option<DateOrDateTime> {
        self.agenda.published(&self.catalog, page)
    }

    /// The source path of a page, which identifies it across builds.
    pub fn path(&self, page: PageId) -> SitePath {
        self.catalog.page(page).path.clone()
    }

    /// The published results of the survey with this id.
    pub fn results_of(&self, survey: &str) -> Option<&Results> {
        record_read(|| DependencyKey::Results(survey.into()));
        self.results.get(survey)
    }

    /// Records that an output made without a template reads the settings.
    pub fn record_settings_read(&self) {
        record_read(|| RecordedRead::Settings);
    }

    /// Records that an output reads the events, calendars or ledger.
    pub fn record_events_read(&self) {
        record_read(|| DependencyKey::Agenda);
    }

    /// Records that an output reads one part of the sitemap, and the settings.
    pub fn record_sitemap_read(&self, part: Option<usize>) {
        record_read(|| RecordedRead::Settings);
        record_read(|| DependencyKey::Sitemap(part));
    }

    /// Records that an output reads the bytes of a file.
    pub fn record_file_read(&self, path: &SitePath) {
        record_read(|| DependencyKey::File(path.clone()));
    }

    /// Records that an output reads a static file of the theme.
    pub fn record_asset_read(&self, name: &str) {
        record_read(|| DependencyKey::Asset(name.into()));
    }

    /// Whether a language is Chinese, by its BCP 47 tag.
    pub fn is_zh(&self, lang: usize) -> bool {
        self.settings.languages[lang].tag.starts_with("zh")
    }

    /// The address of a page, relative to the root.
    pub fn url(&self, page: PageId) -> String {
        self.catalog.url(page).to_string()
    }

    /// The absolute form of `url`; `None` if the settings have no `base_url`.
    pub fn permalink(&self, url: &str) -> Option<String> {
        self.settings.base_url.as_ref().map(|base| format!("{base}{url}"))
    }

    /// A link to a page, with the page's title.
    pub fn link(&self, page: PageId) -> LinkView {
        record_read(|| RecordedRead::Page(PageFacet::Link, page));
        LinkView { title: self.catalog.page(page).title.clone(), url: self.url(page) }
    }

    /// A link to a section, with the section's title.
    pub fn section_link(&self, section: SectionId) -> LinkView {
        record_read(|| RecordedRead::Section(section));
        let section = self.catalog.section(section);
        LinkView { title: section.title.clone(), url: self.settings.href(&section.route) }
    }

    /// A link to a term, with the term's name.
    pub fn term_link(&self, term: TermId) -> LinkView {
        record_read(|| RecordedRead::Term(term));
        let term = self.catalog.term(term);
        LinkView { title: term.name.clone(), url: self.settings.href(&term.route) }
    }

    /// A date in the forms templates need, with its text in the language `lang`.
    pub fn date(&self, moment: DateOrDateTime, lang: usize) -> DateView {
        let zh = self.is_zh(lang);
        DateView {
            iso: moment.iso(),
            text: if zh { moment.zh() } else { moment.en() },
            year: moment.date.year(),
            month: moment.date.month(),
            day: moment.date.day(),
            weekday: if zh { weekday_zh(moment.date).to_string() } else { moment.date.strftime("%A").to_string() },
            time: moment.time.map(time_text),
        }
    }

    /// Addresses of the feeds of the list at `route`; `None` if the settings have no `base_url` or want no feeds for
    /// lists of this scope.
    pub fn feeds(&self, route: &Route, list: FeedScope) -> Option<FeedsView> {
        self.settings.base_url.as_ref()?;
        let folder = self.settings.href(route);
        let all: Vec<FeedLinkView> = (self.settings.feeds.formats(list))
            .map(|format| FeedLinkView {
                format: format.key,
                media_type: format.media_type,
                url: format!("{folder}{}", format.file),
            })
            .collect();
        let url_in = |key: &str| all.iter().find(|feed| feed.format == key).map(|feed| feed.url.clone());
        let (atom, json) = (url_in("atom"), url_in("json"));
        (!all.is_empty()).then_some(FeedsView { atom, json, all })
    }

    /// The title of a taxonomy in a language: from the settings, else from its `_index.md`, else from the theme, else
    /// its key.
    pub fn taxonomy_title(&self, key: &str, lang: usize) -> String {
        record_read(|| DependencyKey::TaxonomyTitle(key.into(), lang));
        let taxonomy = self.settings.taxonomies.iter().find(|t| t.key == key);
        let code = &self.settings.languages[lang].code;
        let own = taxonomy.and_then(|t| t.titles.get(code).or_else(|| t.titles.get("")));
        let described = self.taxonomy_index(key, lang).map(|id| self.catalog.page(id).title.clone());
        own.cloned()
            .or(described)
            .or_else(|| self.words[lang].get(&format!("taxonomy_{key}")).cloned())
            .unwrap_or_else(|| key.to_string())
    }

    /// The page of `content/TAXONOMY/_index.md` in a language.
    pub fn taxonomy_index(&self, key: &str, lang: usize) -> Option<PageId> {
        self.catalog.translation(&format!("{key}/_index"), lang)
    }

    /// The address of a taxonomy's list of terms.
    pub fn taxonomy_route(&self, key: &str, lang: usize) -> Route {
        crate::catalog::folder_route(self.settings.language_prefix(lang), key)
    }

    /// The first day of an event's next occurrence that is not over on the day of the build, and whether the whole
    /// event is over.
    pub fn next_day(&self, page: PageId) -> (Option<DateOrDateTime>, bool) {
        let Some(event) = self.catalog.page(page).event() else { return (None, false) };
        let next = occurrence::next(event, self.clock.today);
        let time = event.start.and_then(|s| s.time);
        (next.map(|d| DateOrDateTime { date: d.first, time }), occurrence::is_over(event, self.clock.today))
    }
}
