//! The resolved settings of a site: typed, with defaults applied and checked.
//!
//! Input: the text of `site.yaml`. Output: [`Settings`] and diagnostics. The command line overrides single fields
//! afterwards. Does not know content or templates.

mod cards;
pub mod feeds;
mod government;
mod history;
mod kinds;
mod large_mode;
mod navigation;
mod outlets;
mod pictures;
mod republish;
mod schema;
mod survey;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use puzhi_core::base::{LineColumn, Route, percent_encode_path_into};
use puzhi_core::kinds::SiteKinds;
use puzhi_pictures::RenditionSettings;

pub use feeds::{FeedFormat, FeedScope, FeedSettings};
pub use government::{MarkPictures, Portal, Registration};
pub use history::HistorySettings;
pub use kinds::{KINDS_FOLDER, with_own_kinds};
pub use outlets::OutletSettings;
pub use pictures::default_pictures;
pub use republish::RepublishSettings;
pub use schema::{FIELDS, parse_base_url, read};
pub use survey::SurveySettings;

/// The file of a page in its folder. Links name it, since a browser that opens pages from disk lists the files of a
/// folder instead.
pub const INDEX_FILE: &str = "index.html";

/// All settings of a site.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://host/path/`, always ending in `/`; `None` builds without absolute addresses.
    pub base_url: Option<String>,
    /// The languages of the site, at least one. The first is the default language, whose addresses have no language
    /// prefix.
    pub languages: Vec<Language>,
    /// Time zone of all dates and times on the site.
    pub zone: TimeZone,
    /// IANA name of `zone`.
    pub zone_name: String,
    /// Name of the theme.
    pub theme: String,
    /// The kinds of pages that the site has.
    pub kinds: SiteKinds,
    /// Taxonomies: the built-in ones that are not hidden, then those that the settings add.
    pub taxonomies: Vec<Taxonomy>,
    /// Entries per list page, unless the section sets another number.
    pub page_size: usize,
    /// Entries in a feed.
    pub feed_size: usize,
    /// Which feeds are written.
    pub feeds: FeedSettings,
    /// Whether the site has a search, if its theme has a template for it.
    pub search: bool,
    /// Where the settings ask for large pages (长者版); `None` if they do not.
    pub large_mode: Option<LineColumn>,
    /// Which renditions of pictures are made.
    pub pictures: RenditionSettings,
    /// How many earlier versions the desk keeps.
    pub history: HistorySettings,
    /// Whether raw HTML in content is passed through without sanitizing.
    pub trust_html: bool,
    /// Words that lines of headings do not end in, beside those of the dictionary and the names of terms.
    pub whole_words: Vec<String>,
    /// Whether lines with the numbers of official documents become headings.
    pub numbered_headings: bool,
    /// Size limits of files and outputs.
    pub limits: Limits,
    /// Main colour of the theme as `#rrggbb`.
    pub colour: Option<String>,
    /// Picture that takes the place of the site's name in the header.
    pub logo: Option<WrittenPath>,
    /// Mark of the organiser, shown beside its name.
    pub organiser_mark: Option<WrittenPath>,
    /// Icon of the site in browsers.
    pub favicon: Option<WrittenPath>,
    /// Whether articles have pictures for those who share them, if the theme draws them.
    pub share_cards: bool,
    /// Font of these pictures, in place of the one that comes with the program.
    pub card_font: Option<WrittenPath>,
    /// The government portal that the site belongs to.
    pub portal: Option<Portal>,
    /// Registration numbers and marks for the footer.
    pub registration: Registration,
    /// Pictures of these marks.
    pub mark_pictures: MarkPictures,
    /// What others may do with pages, and which files are made for them.
    pub republish: RepublishSettings,
    /// Media that articles are sent to.
    pub outlets: Vec<OutletSettings>,
    /// Whom readers can contact about errors on the site.
    pub contact: Option<Contact>,
    /// Yearly goals for the ledger. Without them the site has no ledger page.
    pub ledger: Option<LedgerGoals>,
    /// How people take part in surveys.
    pub survey: SurveySettings,
    /// Free-form values for themes and templates.
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

    /// Address of `route` as used in links: percent-encoded and relative to the site's root, with [`INDEX_FILE`] for a
    /// page. The same with and without `base_url`: the folder that reviewers open from disk is then the one that is
    /// published, and a server that is not set up to send `index.html` for a folder works, too. Absolute addresses
    /// (`Site::permalink`) end in `/` instead.
    pub fn href(&self, route: &Route) -> String {
        let path = route.as_str().strip_prefix('/').unwrap_or(route.as_str());
        let file = if route.is_page() { INDEX_FILE } else { "" };
        let mut href = String::with_capacity(path.len() + file.len());
        percent_encode_path_into(&mut href, path);
        href.push_str(file);
        href
    }

    /// The first path segment of addresses in a language: "" for the default language, else the language code.
    pub fn language_prefix(&self, lang: usize) -> &str {
        if lang == 0 { "" } else { &self.languages[lang].code }
    }

    /// Index of the language with this code.
    pub fn language(&self, code: &str) -> Option<usize> {
        self.languages.iter().position(|l| l.code == code)
    }
}

/// One language of the site, with the settings that depend on it.
#[derive(Debug, Clone, Default)]
pub struct Language {
    /// Code used in file names: `zh`, `en`.
    pub code: String,
    /// Language tag (BCP 47) for `lang` and `hreflang`: `zh-CN`.
    pub tag: String,
    /// Name of the language in itself: 中文, English.
    pub name: String,
    /// Title of the site.
    pub title: String,
    /// The line at the top of the home page.
    pub promise: Option<String>,
    /// Description of the site for search engines and feeds.
    pub description: Option<String>,
    /// Who publishes the site (主办单位).
    pub organiser: Option<String>,
    /// Web site of the organiser.
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
    /// Links of the home page for who the reader is.
    pub identities: Vec<NavEntry>,
}

/// A link in the settings, for navigation, footer or home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Text of the link.
    pub title: String,
    /// Site path of a page or section, or an absolute address, as written.
    pub link: String,
    /// Position of the link in `site.yaml`, for messages.
    pub position: LineColumn,
    /// Note shown next to the link.
    pub note: Option<String>,
    /// Name of a picture of the theme, as written.
    pub picture: Option<WrittenPath>,
}

/// A file of the site or a picture of the theme that the settings name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPath {
    /// The path or name as written.
    pub path: String,
    /// Its position in `site.yaml`, for messages.
    pub position: LineColumn,
}

/// One taxonomy of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// Front matter key and folder: `tags`.
    pub key: String,
    /// Titles by language code. Languages without an entry use the theme's text.
    pub titles: BTreeMap<String, String>,
}

/// Size limits, in bytes unless stated otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of one Markdown file.
    pub markdown: u64,
    /// Size of the front matter of one file.
    pub front_matter: u64,
    /// Size of one data file.
    pub data: u64,
    /// Size of one rendered page.
    pub output: u64,
    /// Maximal nesting of directives, block quotes and lists, in levels.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { markdown: 8 << 20, front_matter: 64 << 10, data: 32 << 20, output: 32 << 20, depth: 32 }
    }
}

/// Yearly goals for the ledger, and the address of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerGoals {
    /// Number of sessions per year.
    pub sessions: Option<u64>,
    /// Number of participants per year.
    pub people: Option<u64>,
    /// Text of the plan. Without it, the texts of the targets that use the ledger are shown.
    pub words: Option<String>,
    /// Link (relative to the site's root) to the clause of the plan, and its position in `site.yaml`.
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
    /// Absolute address of a form for messages, for example that of the county's portal.
    pub form: Option<String>,
}
