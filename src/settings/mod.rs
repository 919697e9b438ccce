//! `site.yaml` as resolved: typed, defaulted, checked. Made once, read by everyone below.
//!
//! In: the text of `site.yaml` and what the command line overrides. Out: [`Settings`] and findings.
//! Knows no content and no templates.

mod schema;
mod survey;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use puzhi_core::base::{LineColumn, Route, percent_encode_path_into};

pub use schema::{FIELDS, parse_base_url, read};
pub use survey::SurveySettings;

/// Everything a site's settings say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://host/path/`, always ending in `/`; `None` builds without absolute addresses.
    pub base_url: Option<String>,
    /// At least one; the first is the default, whose pages have no prefix.
    pub languages: Vec<Language>,
    /// Time zone of all civil times on the site.
    pub zone: TimeZone,
    /// Its IANA name.
    pub zone_name: String,
    /// Name of the theme.
    pub theme: String,
    /// In the order of the reference page: the five built-in ones first.
    pub taxonomies: Vec<Taxonomy>,
    /// Cards per list page unless the section says otherwise.
    pub page_size: usize,
    /// Entries in a feed.
    pub feed_size: usize,
    /// Which feeds are made.
    pub feeds: FeedSettings,
    /// Raw HTML in content is not sanitized.
    pub trust_html: bool,
    /// Bounds on sizes of files and outputs.
    pub limits: Limits,
    /// Main colour as `#rrggbb`.
    pub colour: Option<String>,
    /// Registration marks in the footer.
    pub registration: Registration,
    /// Whom to tell of errors on the site.
    pub contact: Option<Contact>,
    /// What a year's sessions are counted against; without it the site has no ledger page.
    pub ledger: Option<LedgerGoals>,
    /// How to take part in surveys.
    pub survey: SurveySettings,
    /// Anything a theme or the site's own templates want.
    pub extra: serde_json::Value,
}

impl Settings {
    /// The path part of `base_url` with slashes at both ends: `/` or `/ztzl/zscq/`.
    pub fn base_path(&self) -> &str {
        self.base_url
            .as_deref()
            .and_then(|url| url.find("://").and_then(|i| url[i + 3..].find('/').map(|j| &url[i + 3 + j..])))
            .unwrap_or("/")
    }

    /// The address of `route` as pages link to it: encoded, relative to the site's root. Without a `base_url` the site
    /// may be opened as files from a folder, where `guides/` would show a folder: page links then name `index.html`.
    pub fn href(&self, route: &Route) -> String {
        const FILE: &str = "index.html";
        let path = route.as_str().strip_prefix('/').unwrap_or(route.as_str());
        let file = if self.base_url.is_none() && route.is_page() { FILE } else { "" };
        let mut href = String::with_capacity(path.len() + file.len());
        percent_encode_path_into(&mut href, path);
        href.push_str(file);
        href
    }

    /// The first segment of addresses in a language: its code, or "" for the default language.
    pub fn language_prefix(&self, lang: usize) -> &str {
        if lang == 0 { "" } else { &self.languages[lang].code }
    }

    /// The language a file suffix names.
    pub fn language(&self, code: &str) -> Option<usize> {
        self.languages.iter().position(|l| l.code == code)
    }
}

/// Which lists have a feed of their own; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedScope {
    /// The site in each of its languages.
    Site,
    /// Sections too.
    Sections,
    /// Terms too.
    All,
}

/// Which feeds are made when the site has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedSettings {
    /// Which lists have feeds.
    pub scope: FeedScope,
    /// Atom feeds are made.
    pub atom: bool,
    /// JSON feeds are made.
    pub json: bool,
}

impl FeedSettings {
    /// The formats of a list of this sort: Atom, JSON Feed.
    pub fn formats(&self, list: FeedScope) -> (bool, bool) {
        let made = list <= self.scope;
        (made && self.atom, made && self.json)
    }
}

/// One language of the site with the words settings give in it.
#[derive(Debug, Clone, Default)]
pub struct Language {
    /// As in file names: `zh`, `en`.
    pub code: String,
    /// BCP 47, for `lang` and `hreflang`: `zh-CN`.
    pub tag: String,
    /// Its own name: 中文, English.
    pub name: String,
    /// Title of the site.
    pub title: String,
    /// One-line promise under the title.
    pub promise: Option<String>,
    /// What the site is about, for search engines and feeds.
    pub description: Option<String>,
    /// Who publishes the site (主办单位).
    pub organiser: Option<String>,
    /// Their web site.
    pub organiser_url: Option<String>,
    /// Who runs the site for the organiser (承办单位).
    pub undertaker: Option<String>,
    /// Copyright line of the footer.
    pub copyright: Option<String>,
    /// Links of the main navigation.
    pub navigation: Vec<NavEntry>,
    /// Links of the footer.
    pub footer: Vec<NavEntry>,
    /// The three entries under "I want to" on the home page.
    pub entries: Vec<NavEntry>,
}

/// A link chosen in settings: words and a site path to a page or section, or an absolute address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Words of the link.
    pub title: String,
    /// A site path or an absolute address, as written.
    pub link: String,
    /// Where the link stands in `site.yaml`.
    pub position: LineColumn,
    /// A remark beside the link.
    pub note: Option<String>,
}

/// One taxonomy of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// Front matter key and folder: `tags`.
    pub key: String,
    /// Its title by language code; the theme's words serve where there is none.
    pub titles: BTreeMap<String, String>,
}

/// Bounds on sizes, in bytes unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One Markdown file.
    pub markdown: u64,
    /// Front matter of one file.
    pub front_matter: u64,
    /// One data file.
    pub data: u64,
    /// One rendered page.
    pub output: u64,
    /// Levels of nested directives, quotes and lists.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { markdown: 8 << 20, front_matter: 64 << 10, data: 32 << 20, output: 32 << 20, depth: 32 }
    }
}

/// Registration marks of a government site; absent ones are never shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Registration {
    /// ICP备案号.
    pub icp: Option<String>,
    /// 公安备案号.
    pub police: Option<String>,
    /// 政府网站标识码.
    pub site_id: Option<String>,
}

/// What the ledger is held against, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerGoals {
    /// Sessions a year.
    pub sessions: Option<u64>,
    /// People a year.
    pub people: Option<u64>,
    /// The plan's own words; else those of the targets that come from the ledger.
    pub words: Option<String>,
    /// A link from the site's root to the clause, and where it is written.
    pub clause: Option<(String, LineColumn)>,
    /// Address of the ledger page.
    pub page: Route,
}

/// Where to say that something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Contact {
    /// Name of the office.
    pub name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Office hours.
    pub hours: Option<String>,
}
