//! The keys of all that outputs can read. Each names one small value of the site; `stamps` says what it is worth today.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use puzhi_core::base::{Route, SitePath};
use puzhi_core::kinds::{KindName, SectionOrder};

/// One thing an output can have read. Names outlive builds: pages go by path, terms by address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DependencyKey {
    /// Something of a page.
    Page(PageFacet, SitePath),
    /// Its own and other languages' addresses, by the key translations share.
    Translations(Arc<str>, usize),
    /// Title, address and parent of a section.
    Section(Arc<str>, usize),
    /// The sections below one, as its list shows them.
    Children(Arc<str>, usize),
    /// Which pages stand on one page of a list, and its pager.
    ListPage(ListKey, Option<usize>),
    /// Name and address of a term.
    Term(Route),
    /// Which term of a taxonomy a spelling means.
    Spelling(Arc<str>, usize, Arc<str>),
    /// Title and address of a taxonomy's list.
    TaxonomyTitle(Arc<str>, usize),
    /// A taxonomy's terms in order, with counts and summaries.
    Taxonomy(Arc<str>, usize),
    /// Which pages a feed carries.
    Feed(FeedKey),
    /// The newest pages of a kind.
    Newest(KindName, usize, usize),
    /// What a list of pages in a text, or of a template's function, found.
    Query(Box<Query>),
    /// The page of the survey with this id.
    Survey(Arc<str>, usize),
    /// The results of a survey.
    Results(Arc<str>),
    /// Surveys that are not closed.
    OpenSurveys(usize),
    /// All events in time: days, calendars, ledger.
    Agenda,
    /// Where the calendar of all events is, and whether it has a file.
    Calendars(usize),
    /// The target board.
    Targets(usize),
    /// `site` in one language.
    Site(usize),
    /// The theme's words of one language.
    Words(usize),
    /// What `site.yaml` says.
    Settings,
    /// A template with all that its text names.
    Template(Arc<str>),
    /// Address and bytes of a static file.
    Asset(Arc<str>),
    /// A file of `data/` as parsed.
    Data(SitePath),
    /// The bytes of a file.
    File(SitePath),
    /// Addresses and days in one part of the sitemap.
    Sitemap(Option<usize>),
}

/// What of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PageFacet {
    /// Front matter, body, what its references lead to.
    All,
    /// Its title, address and language.
    Link,
    /// Itself as lists show it.
    Card,
    /// The pages before and after it.
    Neighbours,
    /// The pages that link to it, as far as they are shown.
    Backlinks,
    Related,
    /// Its terms.
    Terms,
    /// The texts that explain a policy.
    ExplainedBy,
    /// Which of a survey's days have come.
    SurveyDays,
}

impl PageFacet {
    /// How many there are; `facet as usize` is below.
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

/// A list that has pages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ListKey {
    Section(Arc<str>, usize),
    Term(Route),
}

/// Whose newest pages a feed carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedKey {
    Language(usize),
    List(ListKey),
}

/// A question for pages by what their cards say.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Query {
    pub lang: usize,
    pub section: Option<String>,
    pub kind: Option<String>,
    /// Taxonomy and spelling; all must match.
    pub terms: Vec<(String, String)>,
    pub sort: Option<SectionOrder>,
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
