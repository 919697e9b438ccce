//! The keys of all values that outputs can read: each names one small value of the site. [`super::fingerprints`]
//! computes the fingerprint of each. In and out: plain data, stored between builds. Knows no site.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use puzhi_core::base::{Route, SitePath};
use puzhi_core::kinds::{KindName, SectionOrder};

/// One value that an output can have read. A key is valid across builds: pages are named by path, terms by address. A
/// `usize` is the index of a language unless its variant says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DependencyKey {
    /// One facet of a page.
    Page(PageFacet, SitePath),
    /// Addresses of a page in the other languages, by the key that translations share. `/` precedes the folder of a
    /// section, `#` the address of a term, `@` the key of a taxonomy.
    Translations(Arc<str>, usize),
    /// Title, address and parent of a section, by folder.
    Section(Arc<str>, usize),
    /// The sections directly below a section, as its list shows them, by folder.
    Children(Arc<str>, usize),
    /// Which pages are on one page of a list (`None` is the front), and its pager.
    ListPage(ListKey, Option<usize>),
    /// Name and address of a term.
    Term(Route),
    /// The term of a taxonomy that a spelling names.
    Spelling(Arc<str>, usize, Arc<str>),
    /// Title and address of a taxonomy's list, by key.
    TaxonomyTitle(Arc<str>, usize),
    /// Terms of a taxonomy in order, with counts and summaries.
    Taxonomy(Arc<str>, usize),
    /// Which pages a feed contains.
    Feed(FeedKey),
    /// The newest pages of a kind: kind, language, how many.
    Newest(KindName, usize, usize),
    /// Which pages a directive or a template function found.
    Query(Box<Query>),
    /// The page of the survey with this id.
    Survey(Arc<str>, usize),
    /// Published results of the survey with this id.
    Results(Arc<str>),
    /// The surveys that are not closed.
    OpenSurveys(usize),
    /// All events with their calendars and the ledger, and the day of the build.
    Agenda,
    /// Address of the calendar of all events, and whether it has a page and a file.
    Calendars(usize),
    /// The target board.
    Targets(usize),
    /// The template variable `site`.
    Site(usize),
    /// The interface texts.
    Words(usize),
    /// Everything in `site.yaml`.
    Settings,
    /// A template with all templates that it extends, includes or calls.
    Template(Arc<str>),
    /// Address and integrity hash of a static file.
    Asset(Arc<str>),
    /// A parsed file of `data/`.
    Data(SitePath),
    /// The bytes of a file.
    File(SitePath),
    /// Addresses and dates in one part of the sitemap; `None` is a sitemap of one file.
    Sitemap(Option<usize>),
}

/// A part of what is known of a page. An output that reads one facet need not be made again when only another one
/// changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PageFacet {
    /// Front matter, body and resolved references.
    All,
    /// Title, address and language.
    Link,
    /// The page as lists show it.
    Card,
    /// The previous and the next page in its section.
    Neighbours,
    /// The pages that link to it, as many as are shown.
    Backlinks,
    /// The pages on related subjects that it shows.
    Related,
    /// Terms of the page.
    Terms,
    /// The pages that explain a policy.
    ExplainedBy,
    /// Which of a survey's opening and closing days have passed.
    SurveyDays,
}

impl PageFacet {
    /// Number of facets; `facet as usize` is less than it.
    pub const COUNT: usize = PageFacet::SurveyDays as usize + 1;

    fn name(self) -> &'static str {
        match self {
            PageFacet::All => "page",
            PageFacet::Link => "title-and-address",
            PageFacet::Card => "card",
            PageFacet::Neighbours => "neighbours",
            PageFacet::Backlinks => "backlinks",
            PageFacet::Related => "related",
            PageFacet::Terms => "terms",
            PageFacet::ExplainedBy => "explained-by",
            PageFacet::SurveyDays => "days-of-survey",
        }
    }
}

/// A list, named so that later builds can find it. [`crate::view::ListId`] is the same list by the ids of one build.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ListKey {
    /// The list of a section: folder and index of the language.
    Section(Arc<str>, usize),
    /// The list of a term, by its address.
    Term(Route),
}

/// A feed, named so that later builds can find it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedKey {
    /// The newest pages of a language, by index of the language.
    Language(usize),
    /// The newest pages of a list.
    List(ListKey),
}

/// A search for listed pages, as directives and template functions make it. All conditions must match.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Query {
    /// Index of the language.
    pub lang: usize,
    /// Folder of the section; `None` for all sections.
    pub section: Option<String>,
    /// Kind of the pages; `None` for all kinds.
    pub kind: Option<String>,
    /// Pairs of a taxonomy's key and a spelling of a term.
    pub terms: Vec<(String, String)>,
    /// Order; `None` for the order of the section, or the default order without one.
    pub sort: Option<SectionOrder>,
    /// Largest number of pages.
    pub limit: usize,
}

impl fmt::Display for DependencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DependencyKey::Page(facet, page) => write!(f, "{} {page}", facet.name()),
            DependencyKey::Translations(key, lang) => write!(f, "translations {key} ({lang})"),
            DependencyKey::Section(folder, lang) => write!(f, "section /{folder} ({lang})"),
            DependencyKey::Children(folder, lang) => write!(f, "sections-below /{folder} ({lang})"),
            DependencyKey::ListPage(list, None) => write!(f, "list {list}, front"),
            DependencyKey::ListPage(list, Some(n)) => write!(f, "list {list}, page {n}"),
            DependencyKey::Term(route) => write!(f, "term {route}"),
            DependencyKey::Spelling(taxonomy, lang, name) => write!(f, "spelling {taxonomy}/{name} ({lang})"),
            DependencyKey::TaxonomyTitle(key, lang) => write!(f, "taxonomy-title {key} ({lang})"),
            DependencyKey::Taxonomy(key, lang) => write!(f, "taxonomy {key} ({lang})"),
            DependencyKey::Feed(FeedKey::Language(lang)) => write!(f, "feed ({lang})"),
            DependencyKey::Feed(FeedKey::List(list)) => write!(f, "feed of {list}"),
            DependencyKey::Newest(kind, lang, count) => write!(f, "newest {count} {} ({lang})", kind.as_str()),
            DependencyKey::Query(query) => write!(f, "query {query:?}"),
            DependencyKey::Survey(id, lang) => write!(f, "survey {id} ({lang})"),
            DependencyKey::Results(id) => write!(f, "results of {id}"),
            DependencyKey::OpenSurveys(lang) => write!(f, "open-surveys ({lang})"),
            DependencyKey::Calendars(lang) => write!(f, "place-of-the-calendar ({lang})"),
            DependencyKey::Agenda => f.write_str("events"),
            DependencyKey::Targets(lang) => write!(f, "targets ({lang})"),
            DependencyKey::Site(lang) => write!(f, "site ({lang})"),
            DependencyKey::Words(lang) => write!(f, "words ({lang})"),
            DependencyKey::Settings => f.write_str("site.yaml"),
            DependencyKey::Template(name) => write!(f, "template {name}"),
            DependencyKey::Asset(name) => write!(f, "asset {name}"),
            DependencyKey::Data(path) => write!(f, "data {path}"),
            DependencyKey::File(path) => write!(f, "file {path}"),
            DependencyKey::Sitemap(None) => f.write_str("sitemap"),
            DependencyKey::Sitemap(Some(n)) => write!(f, "sitemap part {n}"),
        }
    }
}

impl fmt::Display for ListKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListKey::Section(folder, lang) => write!(f, "of section /{folder} ({lang})"),
            ListKey::Term(route) => write!(f, "of term {route}"),
        }
    }
}
