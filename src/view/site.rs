//! What a site gives to views: typed short forms of `Site::read`, the small views that all templates share, and the types of resolved
//! references. In: ids, names, languages. Out: values of the template model. Knows no template and no output.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::assets::DataTable;
use crate::calendar::EventSchedule;
use crate::catalog::{PageId, PageMeta, SectionId, TermId};
use crate::settings::{FeedScope, INDEX_FILE, Settings};
use crate::theme::Translations;
use puzhi_core::base::{DateOrDateTime, Route, SitePath, percent_encode_path, weekday_zh};
use puzhi_core::kinds::results::Results;
use puzhi_pictures::Encoding;
use puzhi_search::SearchPart;

use super::model::{DateView, FeedLinkView, FeedsView, LinkView, SiteView, TranslationView};
use super::tracking::doc_cache::ResolvedDoc;
use super::tracking::facets::{
    self, AgendaFacts, AssetFile, BoardFacts, EventsFacts, FeedItem, FileReader, OtherLanguage, PageDays, PageLink,
    SearchFileOf, SectionFacts, SitemapPart, SpellingOf, SurveyPageOf, TaxonomyFacts, TaxonomyOf, TemplateFile,
    TermFacts, WholePage,
};
use super::tracking::site::Site;
use super::views::FeedId;

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
    /// Links of the home page for who the reader is.
    pub identities: Vec<Option<String>>,
}

/// Pictures that the settings name; `None` where there is none.
#[derive(Debug, Clone, Default)]
pub struct SiteImages {
    /// In place of the site's name.
    pub logo: Option<SiteImage>,
    /// For the browser's tab.
    pub favicon: Option<SiteImage>,
    /// Beside the organiser's name.
    pub organiser_mark: Option<SiteImage>,
    /// Beside 公安备案号.
    pub police: Option<SiteImage>,
    /// 党政机关标识.
    pub mark: Option<SiteImage>,
    /// 我为政府网站找错.
    pub find_mistakes: Option<SiteImage>,
}

/// A picture that the settings name.
#[derive(Debug, Clone)]
pub struct SiteImage {
    /// Encoded address, relative to the root.
    pub url: String,
    /// Media type by its extension, such as `image/png`.
    pub media_type: &'static str,
    /// Width and height in pixels, if they could be read.
    pub size: Option<(u32, u32)>,
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
    /// Encoded address, relative to the root, of a file that every browser shows.
    pub url: String,
    /// Width and height in pixels of the largest rendition, else of the picture, if they could be read.
    pub size: Option<(u32, u32)>,
    /// Its renditions, ascending by width, those that every browser shows first.
    pub renditions: Vec<ResolvedRendition>,
}

/// A rendition of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResolvedRendition {
    /// Encoded address, relative to the root.
    pub url: String,
    /// Width in pixels.
    pub width: u32,
    /// How it is encoded.
    pub encoding: Encoding,
}

impl ResolvedRendition {
    /// Its media type.
    pub fn media_type(&self) -> &'static str {
        match self.encoding {
            Encoding::Jpeg => "image/jpeg",
            Encoding::Png => "image/png",
            Encoding::Webp => "image/webp",
        }
    }
}

/// The percent-encoded address of a route, relative to the root and without a leading slash. Links in pages use
/// `Settings::href` instead, which adds `index.html`.
pub fn url_of(route: &Route) -> String {
    percent_encode_path(route.as_str().trim_start_matches('/'))
}

/// The address of a page as search engines, feeds and calendars know it, from one that a link has: `guides/#a` for
/// `guides/index.html#a`. Other addresses stay as they are.
pub fn canonical_address(url: &str) -> Cow<'_, str> {
    let end = url.find(['#', '?']).unwrap_or(url.len());
    match url[..end].strip_suffix(INDEX_FILE) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => match &url[end..] {
            "" => Cow::Borrowed(folder),
            rest => Cow::Owned(format!("{folder}{rest}")),
        },
        _ => Cow::Borrowed(url),
    }
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
    /// The settings.
    pub fn settings(&self) -> &Settings {
        self.read::<facets::Settings>(())
    }

    /// All interface texts of a language.
    pub fn words(&self, lang: usize) -> &Translations {
        self.read::<facets::Words>(lang as u32)
    }

    /// An interface text in a language; the key itself if the theme has no such text.
    pub fn word(&self, lang: usize, key: &str) -> String {
        self.words(lang).get(key).cloned().unwrap_or_else(|| key.to_string())
    }

    /// A page with everything that is known of it.
    pub(in crate::view) fn page(&self, page: PageId) -> WholePage<'_> {
        self.read::<facets::Whole>(page)
    }

    /// The document of a page with its resolved references, loaded if necessary.
    pub fn resolved_doc(&self, page: PageId) -> Arc<ResolvedDoc> {
        self.page(page).doc()
    }

    /// All metadata of a page.
    pub fn meta(&self, page: PageId) -> &PageMeta {
        self.page(page).meta
    }

    /// The picture of a page, if it has one and the file is there.
    pub fn cover(&self, page: PageId) -> Option<&ResolvedImage> {
        self.page(page).references.cover.as_ref()
    }

    /// Title, address and language of a page.
    pub(in crate::view) fn page_link(&self, page: PageId) -> PageLink<'_> {
        self.read::<facets::Link>(page)
    }

    /// A link to a page, with the page's title.
    pub fn link(&self, page: PageId) -> LinkView {
        let PageLink { title, url, .. } = self.page_link(page);
        LinkView { title: title.to_string(), url: url.to_string() }
    }

    /// The address of a page, relative to the root.
    pub fn url(&self, page: PageId) -> String {
        self.page_link(page).url.to_string()
    }

    /// A section by its id.
    pub(in crate::view) fn section(&self, section: SectionId) -> SectionFacts<'_> {
        self.read::<facets::SectionTitle>(section)
    }

    /// A link to a section, with the section's title.
    pub fn section_link(&self, section: SectionId) -> LinkView {
        let section = self.section(section);
        LinkView { title: section.title.to_string(), url: self.settings().href(section.route) }
    }

    /// A term by its id.
    pub(in crate::view) fn term(&self, term: TermId) -> TermFacts<'_> {
        self.read::<facets::TermName>(term)
    }

    /// A link to a term, with the term's name.
    pub fn term_link(&self, term: TermId) -> LinkView {
        let term = self.term(term);
        LinkView { title: term.name.to_string(), url: self.settings().href(term.route) }
    }

    /// All events with their calendars and the ledger.
    pub(in crate::view) fn agenda(&self) -> AgendaFacts<'_> {
        self.read::<facets::Agenda>(())
    }

    /// All events and their calendars, whatever the day of the build.
    pub fn events(&self) -> EventsFacts<'_> {
        self.read::<facets::Events>(())
    }

    /// Calendars, month pages and ledger.
    pub fn schedule(&self) -> &EventSchedule {
        self.agenda().schedule()
    }

    /// The target board of a language.
    pub(in crate::view) fn board(&self, lang: usize) -> BoardFacts<'_> {
        self.read::<facets::Board>(lang as u32)
    }

    /// The published results of the survey with this id.
    pub fn results_of(&self, survey: &str) -> Option<&Results> {
        self.read::<facets::SurveyResults>(survey.into())
    }

    /// The page of the survey with this id: its translation in `lang` if there is one, else any.
    pub fn survey_page(&self, survey: &str, lang: usize) -> Option<PageId> {
        self.read::<facets::SurveyPage>(SurveyPageOf { id: survey.into(), lang: lang as u32 })
    }

    /// The pages of a feed, newest first.
    pub fn feed(&self, of: &FeedId) -> Vec<FeedItem> {
        self.read::<facets::Feed>(self.feed_key(of))
    }

    /// The days in one part of the sitemap.
    pub fn sitemap_days(&self, part: Option<usize>) -> PageDays<'_> {
        self.read::<facets::SitemapDays>(SitemapPart(part.map(|n| n as u32)))
    }

    /// Paths of the outputs that are HTML and have no large page.
    pub fn plain_html(&self) -> &BTreeSet<String> {
        self.read::<facets::PlainHtml>(())
    }

    /// The bytes of a file of the site.
    pub fn file(&self, path: &SitePath) -> FileReader<'_> {
        self.read::<facets::FileBytes>(path.clone())
    }

    /// A static file of the theme.
    pub fn static_asset(&self, name: &str) -> Option<AssetFile<'_>> {
        self.read::<facets::StaticAsset>(name.into())
    }

    /// A parsed file of `data/`.
    pub(in crate::view) fn data_file(&self, path: &SitePath) -> Option<&Json> {
        self.read::<facets::DataFile>(path.clone())
    }

    /// A file of the search index of a language.
    pub fn search_index(&self, lang: usize, part: SearchPart) -> Option<String> {
        self.read::<facets::SearchFile>(SearchFileOf { lang: lang as u32, part })
    }

    /// A template of the theme or the site.
    pub(in crate::view) fn template(&self, name: &str) -> TemplateFile<'_> {
        self.read::<facets::Template>(name.into())
    }

    /// The template variable `site` of a language.
    pub fn variable(&self, lang: usize) -> SiteView {
        self.read::<facets::SiteVariable>(lang as u32).view()
    }

    /// Whether a language is Chinese, by its BCP 47 tag.
    pub fn is_zh(&self, lang: usize) -> bool {
        self.settings().languages[lang].tag.starts_with("zh")
    }

    /// The absolute form of `url`, without the `index.html` that links have; `None` if the settings have no `base_url`.
    pub fn permalink(&self, url: &str) -> Option<String> {
        self.settings().base_url.as_ref().map(|base| format!("{base}{}", canonical_address(url)))
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
        let settings = self.settings();
        settings.base_url.as_ref()?;
        let folder = url_of(route);
        let all: Vec<FeedLinkView> = (settings.feeds.formats(list))
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
        self.taxonomy(key, lang).title
    }

    /// Title and address of a taxonomy's list of terms.
    pub(in crate::view) fn taxonomy(&self, key: &str, lang: usize) -> TaxonomyFacts {
        self.read::<facets::TaxonomyTitle>(TaxonomyOf { key: key.into(), lang: lang as u32 })
    }

    /// The term that a spelling names.
    pub(in crate::view) fn spelling(&self, taxonomy: &str, lang: usize, name: &str) -> Option<TermId> {
        self.read::<facets::Spelling>(SpellingOf { taxonomy: taxonomy.into(), lang: lang as u32, name: name.into() })
    }

    /// Views of the addresses in other languages.
    pub(in crate::view) fn translation_views(&self, others: Vec<OtherLanguage<'_>>) -> Vec<TranslationView> {
        let settings = self.settings();
        let view = |other: OtherLanguage<'_>| {
            let language = &settings.languages[other.lang];
            let url = settings.href(&other.route);
            TranslationView {
                tag: language.tag.clone(),
                name: language.name.clone(),
                permalink: if other.translated { self.permalink(&url) } else { None },
                url,
                fallback: !other.translated,
            }
        };
        others.into_iter().map(view).collect()
    }
}
