//! Everything views are made from: what the phases before rendering know, read-only.

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

use super::model::{DateView, FeedsView, LinkView};
use super::tracking::dependency_key::{DependencyKey, PageFacet};
use super::tracking::doc_cache::{DocCache, VisibleReferences};
use super::tracking::read_recorder::{RecordedRead, record_read};

/// One site, complete but for the rendering.
#[derive(Debug)]
pub struct Site {
    pub settings: Arc<Settings>,
    pub clock: BuildDate,
    pub catalog: Arc<Catalog>,
    /// Documents with their references, read when they are first wanted.
    pub doc_cache: DocCache,
    /// What of a page's references other pages see. By [`PageId`].
    pub visible_references: Vec<VisibleReferences>,
    /// What a page's text and references are worth. By [`PageId`].
    pub content_fingerprints: Vec<Fingerprint>,
    pub targets: Arc<Vec<Target>>,
    /// Links of targets, resolved to addresses; by index of the target: clause, explainer.
    pub target_links: Vec<(Option<String>, Option<String>)>,
    /// What time makes of the events.
    pub agenda: EventSchedule,
    /// The lock file of events as recording would leave it.
    pub record: RecordOutcome,
    /// Results of surveys, by the survey's id.
    pub results: BTreeMap<String, Results>,
    /// Whether the theme draws calendars, so that they have pages.
    pub calendar_pages: bool,
    /// The clause that settings hold the ledger against, followed.
    pub ledger_clause: Option<String>,
    /// Parsed data files.
    pub data: BTreeMap<SitePath, Json>,
    pub assets: AssetManifest,
    /// By language.
    pub words: Vec<Translations>,
    /// Resolved links of the settings, by language.
    pub navigation: Vec<NavigationLinks>,
    /// What files and templates are worth, for [`super::tracking::fingerprints`].
    pub fingerprints: SiteFingerprints,
}

/// What lies outside of the catalog, by what it is worth.
#[derive(Default)]
pub struct SiteFingerprints {
    pub settings: Option<Fingerprint>,
    pub templates: BTreeMap<String, Fingerprint>,
    pub data: BTreeMap<SitePath, Fingerprint>,
    /// By part of the sitemap.
    pub sitemaps: BTreeMap<Option<usize>, Fingerprint>,
    /// Of a file's bytes.
    pub file: Option<FileFingerprintFn>,
    /// By language: words, `site`, targets. Made when they are first wanted.
    pub words: Vec<OnceLock<Fingerprint>>,
    pub sites: Vec<OnceLock<Fingerprint>>,
    pub targets: Vec<OnceLock<Fingerprint>>,
    pub agenda: OnceLock<Fingerprint>,
}

/// What the bytes of a file are worth.
pub type FileFingerprintFn = Box<dyn Fn(&SitePath) -> Option<Fingerprint> + Send + Sync>;

impl SiteFingerprints {
    /// Nothing known yet, for that many languages.
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

/// A page's references, followed: by index of the body's tables.
#[derive(Debug, Clone, Default, Hash)]
pub struct ResolvedReferences {
    pub links: Vec<ResolvedLink>,
    pub images: Vec<Option<ResolvedImage>>,
    /// Files that directives name (`download`, `table`), with their size in bytes, by index of the body's directives.
    pub files: BTreeMap<u32, ReferencedFile>,
    /// Tables that directives show, by index of the body's directives.
    pub tables: BTreeMap<u32, DataTable>,
    /// `original` of a policy: title and address (relative to the root, or absolute).
    pub original: Option<LinkView>,
}

/// A file of the site that a directive names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReferencedFile {
    /// Its path in the site's folder.
    pub path: SitePath,
    /// Its address in the built site.
    pub route: Route,
    /// Its size in bytes.
    pub size: u64,
}

/// Addresses of the links that the settings name for one language, in their order; `None` where a link leads nowhere.
#[derive(Debug, Clone, Default)]
pub struct NavigationLinks {
    /// The main navigation.
    pub navigation: Vec<Option<String>>,
    /// The links at the foot of every page.
    pub footer: Vec<Option<String>>,
    /// The entries of the home page.
    pub entries: Vec<Option<String>>,
}

/// Where a link of a body leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ResolvedLink {
    /// An own address (encoded, without leading slash), an anchor, and the language it falls back to, if any.
    Internal { url: Arc<str>, anchor: Option<String>, language: Option<usize> },
    /// A place on the same page.
    SamePage { anchor: String },
    /// Another site, or mail and phone.
    External { url: String },
    /// Shown as text: a draft or future page.
    Unpublished,
    /// Shown as text: broken, or to a page left out.
    Broken,
}

/// An own picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResolvedImage {
    pub url: String,
    pub size: Option<(u32, u32)>,
}

/// The address of a route on the site, encoded, relative to the root. Links in pages use `Settings::href`.
pub fn url_of(route: &Route) -> String {
    percent_encode_path(route.as_str().trim_start_matches('/'))
}

/// How to get from `route` to the site's root: `./`, `../`, `../../`.
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
    /// A word of the interface in a language; the key itself where the theme has none.
    pub fn word(&self, lang: usize, key: &str) -> String {
        record_read(|| RecordedRead::Words(lang as u32));
        self.words[lang].get(key).cloned().unwrap_or_else(|| key.to_string())
    }

    /// The day a page was published, as far as that is known.
    pub fn published(&self, page: PageId) -> Option<DateOrDateTime> {
        self.agenda.published(&self.catalog, page)
    }

    /// The path of a page, which names it in keys.
    pub fn path(&self, page: PageId) -> SitePath {
        self.catalog.page(page).path.clone()
    }

    /// The results of the survey with this id.
    pub fn results_of(&self, survey: &str) -> Option<&Results> {
        record_read(|| DependencyKey::Results(survey.into()));
        self.results.get(survey)
    }

    /// Notes that an output that no template makes reads the settings.
    pub fn record_settings_read(&self) {
        record_read(|| RecordedRead::Settings);
    }

    /// … the events in time.
    pub fn record_events_read(&self) {
        record_read(|| DependencyKey::Agenda);
    }

    /// … one part of the sitemap.
    pub fn record_sitemap_read(&self, part: Option<usize>) {
        record_read(|| RecordedRead::Settings);
        record_read(|| DependencyKey::Sitemap(part));
    }

    /// … the bytes of a file.
    pub fn record_file_read(&self, path: &SitePath) {
        record_read(|| DependencyKey::File(path.clone()));
    }

    /// … a static file of the theme.
    pub fn record_asset_read(&self, name: &str) {
        record_read(|| DependencyKey::Asset(name.into()));
    }

    pub fn is_zh(&self, lang: usize) -> bool {
        self.settings.languages[lang].tag.starts_with("zh")
    }

    pub fn url(&self, page: PageId) -> String {
        self.catalog.url(page).to_string()
    }

    /// The absolute address of `url`, when the site has one.
    pub fn permalink(&self, url: &str) -> Option<String> {
        self.settings.base_url.as_ref().map(|base| format!("{base}{url}"))
    }

    pub fn link(&self, page: PageId) -> LinkView {
        record_read(|| RecordedRead::Page(PageFacet::Link, page));
        LinkView { title: self.catalog.page(page).title.clone(), url: self.url(page) }
    }

    pub fn section_link(&self, section: SectionId) -> LinkView {
        record_read(|| RecordedRead::Section(section));
        let section = self.catalog.section(section);
        LinkView { title: section.title.clone(), url: self.settings.href(&section.route) }
    }

    pub fn term_link(&self, term: TermId) -> LinkView {
        record_read(|| RecordedRead::Term(term));
        let term = self.catalog.term(term);
        LinkView { title: term.name.clone(), url: self.settings.href(&term.route) }
    }

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

    /// Feeds of the list of this sort at `route`, when there is a base address and settings want them.
    pub fn feeds(&self, route: &Route, list: FeedScope) -> Option<FeedsView> {
        self.settings.base_url.as_ref()?;
        let (atom, json) = self.settings.feeds.formats(list);
        let url = |made: bool, name: &str| made.then(|| format!("{}{name}", self.settings.href(route)));
        (atom || json).then(|| FeedsView { atom: url(atom, "atom.xml"), json: url(json, "feed.json") })
    }

    /// The title of a taxonomy in a language: settings' words, else the theme's.
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

    /// `content/TAXONOMY/_index.md`.
    pub fn taxonomy_index(&self, key: &str, lang: usize) -> Option<PageId> {
        self.catalog.translation(&format!("{key}/_index"), lang)
    }

    /// Where a taxonomy's list of terms lives.
    pub fn taxonomy_route(&self, key: &str, lang: usize) -> Route {
        crate::catalog::folder_route(self.settings.language_prefix(lang), key)
    }

    /// The next day on or after the day of the build on which an event takes place, and whether it is over.
    pub fn next_day(&self, page: PageId) -> (Option<DateOrDateTime>, bool) {
        let Some(event) = self.catalog.page(page).event() else { return (None, false) };
        let next = occurrence::next(event, self.clock.today);
        let time = event.start.and_then(|s| s.time);
        (next.map(|d| DateOrDateTime { date: d.first, time }), occurrence::is_over(event, self.clock.today))
    }
}
