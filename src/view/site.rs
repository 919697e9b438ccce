//! Everything views are made from: what the phases before rendering know, read-only.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::assets::{Assets, Table};
use crate::calendar::{Agenda, Record, days};
use crate::catalog::{Catalog, PageId, SectionId, TermId};
use crate::engine::Stamp;
use crate::settings::{FeedScope, Settings};
use crate::theme::Words;
use puzhi_core::base::{Clock, Moment, Route, SitePath, encode_route, weekday_zh};
use puzhi_core::kinds::Target;
use puzhi_core::kinds::results::Results;

use super::key::{Facet, Key};
use super::model::{DateView, FeedsView, LinkView};
use super::reads::{Read, saw};
use super::sheets::{Sheets, Shown};

/// One site, complete but for the rendering.
#[derive(Debug)]
pub struct Site {
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub catalog: Arc<Catalog>,
    /// Documents with their references, read when they are first wanted.
    pub sheets: Sheets,
    /// What of a page's references other pages see. By [`PageId`].
    pub shown: Vec<Shown>,
    /// What a page's text and references are worth. By [`PageId`].
    pub versions: Vec<Stamp>,
    pub targets: Arc<Vec<Target>>,
    /// Links of targets, resolved to addresses; by index of the target: clause, explainer.
    pub target_links: Vec<(Option<String>, Option<String>)>,
    /// What time makes of the events.
    pub agenda: Agenda,
    /// The lock file of events as recording would leave it.
    pub record: Record,
    /// Results of surveys, by the survey's id.
    pub results: BTreeMap<String, Results>,
    /// Whether the theme draws calendars, so that they have pages.
    pub calendar_pages: bool,
    /// The clause that settings hold the ledger against, followed.
    pub ledger_clause: Option<String>,
    /// Parsed data files.
    pub data: BTreeMap<SitePath, Json>,
    pub assets: Assets,
    /// By language.
    pub words: Vec<Words>,
    /// Navigation links of each language, resolved: navigation, footer, entries.
    pub navigation: Vec<[Vec<Option<String>>; 3]>,
    /// What files and templates are worth, for [`super::stamps`].
    pub worth: Worth,
}

/// What lies outside of the catalog, by what it is worth.
#[derive(Default)]
pub struct Worth {
    pub settings: Option<Stamp>,
    pub templates: BTreeMap<String, Stamp>,
    pub data: BTreeMap<SitePath, Stamp>,
    /// By part of the sitemap.
    pub sitemaps: BTreeMap<Option<usize>, Stamp>,
    /// Of a file's bytes.
    pub file: Option<FileWorth>,
    /// By language: words, `site`, targets. Made when they are first wanted.
    pub words: Vec<OnceLock<Stamp>>,
    pub sites: Vec<OnceLock<Stamp>>,
    pub targets: Vec<OnceLock<Stamp>>,
    pub agenda: OnceLock<Stamp>,
}

/// What the bytes of a file are worth.
pub type FileWorth = Box<dyn Fn(&SitePath) -> Option<Stamp> + Send + Sync>;

impl Worth {
    /// Nothing known yet, for that many languages.
    pub fn of(languages: usize) -> Self {
        let cells = || std::iter::repeat_with(OnceLock::new).take(languages).collect();
        Self { words: cells(), sites: cells(), targets: cells(), ..Self::default() }
    }
}

impl std::fmt::Debug for Worth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worth").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A page's references, followed: by index of the body's tables.
#[derive(Debug, Clone, Default, Hash)]
pub struct Resolved {
    pub links: Vec<LinkTo>,
    pub images: Vec<Option<ImageTo>>,
    /// Files that directives name (`download`, `table`), with their size in bytes, by index of the body's directives.
    pub files: BTreeMap<u32, (SitePath, Route, u64)>,
    /// Tables that directives show, by index of the body's directives.
    pub tables: BTreeMap<u32, Table>,
    /// `original` of a policy: title and address (relative to the root, or absolute).
    pub original: Option<LinkView>,
}

/// Where a link of a body leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinkTo {
    /// An own address (encoded, without leading slash), an anchor, and the language it falls back to, if any.
    Own { url: Arc<str>, anchor: Option<String>, language: Option<usize> },
    /// A place on the same page.
    Here { anchor: String },
    /// Another site, or mail and phone.
    Out { url: String },
    /// Shown as text: a draft or future page.
    Pending,
    /// Shown as text: broken, or to a page left out.
    Broken,
}

/// An own picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImageTo {
    pub url: String,
    pub size: Option<(u32, u32)>,
}

/// The address of a route on the site, encoded, relative to the root. Links in pages use `Settings::href`.
pub fn url_of(route: &Route) -> String {
    encode_route(route.as_str().trim_start_matches('/'))
}

/// How to get from `route` to the site's root: `./`, `../`, `../../`.
pub fn root_of(route: &Route) -> String {
    match route.as_str().trim_start_matches('/').matches('/').count() {
        0 => "./".to_string(),
        depth => "../".repeat(depth),
    }
}

impl Site {
    pub fn word(&self, lang: usize, key: &str) -> String {
        saw(|| Read::Words(lang as u32));
        self.words[lang].get(key).cloned().unwrap_or_else(|| key.to_string())
    }

    /// The day a page was published, as far as that is known.
    pub fn published(&self, page: PageId) -> Option<Moment> {
        self.agenda.published(&self.catalog, page)
    }

    /// The path of a page, which names it in keys.
    pub fn path(&self, page: PageId) -> SitePath {
        self.catalog.card(page).path.clone()
    }

    /// The results of the survey with this id.
    pub fn results_of(&self, survey: &str) -> Option<&Results> {
        saw(|| Key::Results(survey.into()));
        self.results.get(survey)
    }

    /// Notes that an output that no template makes reads the settings.
    pub fn reads_settings(&self) {
        saw(|| Read::Settings);
    }

    /// … the events in time.
    pub fn reads_events(&self) {
        saw(|| Key::Agenda);
    }

    /// … one part of the sitemap.
    pub fn reads_sitemap(&self, part: Option<usize>) {
        saw(|| Read::Settings);
        saw(|| Key::Sitemap(part));
    }

    /// … the bytes of a file.
    pub fn reads_file(&self, path: &SitePath) {
        saw(|| Key::File(path.clone()));
    }

    /// … a static file of the theme.
    pub fn reads_asset(&self, name: &str) {
        saw(|| Key::Asset(name.into()));
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
        saw(|| Read::Page(Facet::Link, page));
        LinkView { title: self.catalog.card(page).title.clone(), url: self.url(page) }
    }

    pub fn section_link(&self, section: SectionId) -> LinkView {
        saw(|| Read::Section(section));
        let section = self.catalog.section(section);
        LinkView { title: section.title.clone(), url: self.settings.href(&section.route) }
    }

    pub fn term_link(&self, term: TermId) -> LinkView {
        saw(|| Read::Term(term));
        let term = self.catalog.term(term);
        LinkView { title: term.name.clone(), url: self.settings.href(&term.route) }
    }

    pub fn date(&self, moment: Moment, lang: usize) -> DateView {
        let zh = self.is_zh(lang);
        DateView {
            iso: moment.iso(),
            text: if zh { moment.zh() } else { moment.en() },
            year: moment.date.year(),
            month: moment.date.month(),
            day: moment.date.day(),
            weekday: if zh { weekday_zh(moment.date).to_string() } else { moment.date.strftime("%A").to_string() },
            time: moment.time.map(|t| format!("{}:{:02}", t.hour(), t.minute())),
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
        saw(|| Key::TaxonomyTitle(key.into(), lang));
        let taxonomy = self.settings.taxonomies.iter().find(|t| t.key == key);
        let code = &self.settings.languages[lang].code;
        let own = taxonomy.and_then(|t| t.titles.get(code).or_else(|| t.titles.get("")));
        let described = self.taxonomy_index(key, lang).map(|id| self.catalog.card(id).title.clone());
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
        crate::catalog::folder_route(self.prefix(lang), key)
    }

    /// Route prefix of a language: "" for the default.
    pub fn prefix(&self, lang: usize) -> &str {
        if lang == 0 { "" } else { &self.settings.languages[lang].code }
    }

    /// The next day on or after the day of the build on which an event takes place, and whether it is over.
    pub fn next_day(&self, page: PageId) -> (Option<Moment>, bool) {
        let Some(event) = self.catalog.card(page).event() else { return (None, false) };
        let next = days::next(event, self.clock.today);
        let time = event.start.and_then(|s| s.time);
        (next.map(|d| Moment { date: d.first, time }), days::is_over(event, self.clock.today))
    }
}
