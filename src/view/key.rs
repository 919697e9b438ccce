//! The keys of all that outputs can read. Each names one small value of the site; `stamps` says what it is worth today.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use puzhi_core::base::{Route, SitePath};
use puzhi_core::kinds::{KindName, Sort};

/// One thing an output can have read. Names outlive builds: pages go by path, terms by address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key {
    /// Something of a page.
    Page(Facet, SitePath),
    /// Its own and other languages' addresses, by the key translations share.
    Translations(Arc<str>, usize),
    /// Title, address and parent of a section.
    Section(Arc<str>, usize),
    /// The sections below one, as its list shows them.
    Children(Arc<str>, usize),
    /// Which pages stand on one page of a list, and its pager.
    Leaf(List, Option<usize>),
    /// Name and address of a term.
    Term(Route),
    /// Which term of a taxonomy a spelling means.
    Spelling(Arc<str>, usize, Arc<str>),
    /// Title and address of a taxonomy's list.
    TaxonomyTitle(Arc<str>, usize),
    /// A taxonomy's terms in order, with counts and summaries.
    Taxonomy(Arc<str>, usize),
    /// Which pages a feed carries.
    Feed(FeedList),
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
pub enum Facet {
    /// Front matter, body, what its references lead to.
    All,
    /// Its title, address and language.
    Link,
    /// Itself as lists show it.
    Card,
    /// The pages before and after it.
    Around,
    /// The pages that link to it, as far as they are shown.
    Backlinks,
    Related,
    /// Its terms.
    Terms,
    /// The texts that explain a policy.
    Explained,
    /// Which of a survey's days have come.
    Door,
}

impl Facet {
    /// How many there are; `facet as usize` is below.
    pub const COUNT: usize = Facet::Door as usize + 1;

    fn name(self) -> &'static str {
        match self {
            Facet::All => "page",
            Facet::Link => "title-and-address",
            Facet::Card => "card",
            Facet::Around => "neighbours",
            Facet::Backlinks => "backlinks",
            Facet::Related => "related",
            Facet::Terms => "terms",
            Facet::Explained => "explained-by",
            Facet::Door => "days-of-survey",
        }
    }
}

/// A list that has pages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum List {
    Section(Arc<str>, usize),
    Term(Route),
}

/// Whose newest pages a feed carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedList {
    Language(usize),
    Of(List),
}

/// A question for pages by what their cards say.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Query {
    pub lang: usize,
    pub section: Option<String>,
    pub kind: Option<String>,
    /// Taxonomy and spelling; all must match.
    pub terms: Vec<(String, String)>,
    pub sort: Option<Sort>,
    pub limit: usize,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Page(facet, page) => write!(f, "{} {page}", facet.name()),
            Key::Translations(key, lang) => write!(f, "translations {key} ({lang})"),
            Key::Section(folder, lang) => write!(f, "section /{folder} ({lang})"),
            Key::Children(folder, lang) => write!(f, "sections-below /{folder} ({lang})"),
            Key::Leaf(list, None) => write!(f, "list {list}, front"),
            Key::Leaf(list, Some(n)) => write!(f, "list {list}, page {n}"),
            Key::Term(route) => write!(f, "term {route}"),
            Key::Spelling(taxonomy, lang, name) => write!(f, "spelling {taxonomy}/{name} ({lang})"),
            Key::TaxonomyTitle(key, lang) => write!(f, "taxonomy-title {key} ({lang})"),
            Key::Taxonomy(key, lang) => write!(f, "taxonomy {key} ({lang})"),
            Key::Feed(FeedList::Language(lang)) => write!(f, "feed ({lang})"),
            Key::Feed(FeedList::Of(list)) => write!(f, "feed of {list}"),
            Key::Newest(kind, lang, count) => write!(f, "newest {count} {} ({lang})", kind.as_str()),
            Key::Query(query) => write!(f, "query {query:?}"),
            Key::Survey(id, lang) => write!(f, "survey {id} ({lang})"),
            Key::Results(id) => write!(f, "results of {id}"),
            Key::OpenSurveys(lang) => write!(f, "open-surveys ({lang})"),
            Key::Calendars(lang) => write!(f, "place-of-the-calendar ({lang})"),
            Key::Agenda => f.write_str("events"),
            Key::Targets(lang) => write!(f, "targets ({lang})"),
            Key::Site(lang) => write!(f, "site ({lang})"),
            Key::Words(lang) => write!(f, "words ({lang})"),
            Key::Settings => f.write_str("site.yaml"),
            Key::Template(name) => write!(f, "template {name}"),
            Key::Asset(name) => write!(f, "asset {name}"),
            Key::Data(path) => write!(f, "data {path}"),
            Key::File(path) => write!(f, "file {path}"),
            Key::Sitemap(None) => f.write_str("sitemap"),
            Key::Sitemap(Some(n)) => write!(f, "sitemap part {n}"),
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            List::Section(folder, lang) => write!(f, "of section /{folder} ({lang})"),
            List::Term(route) => write!(f, "of term {route}"),
        }
    }
}
