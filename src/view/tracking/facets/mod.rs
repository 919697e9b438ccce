//! The facets of a site: one type for each kind of value that outputs read, with its reader, its name and its fingerprint. The lists
//! below make the keys of them. In: the data of a site and a subject. Out: values and handles that give out parts of a value, and
//! fingerprints. Knows no template and no output.
//!
//! The rule: a fingerprint covers exactly what the reader and its handle give out, or something that changes whenever that changes.

mod agenda;
mod board;
mod corrections;
mod events;
mod files;
mod languages;
mod lists;
mod pages;
mod related;
mod search;
mod sections;
mod share_card;
mod site_variable;
mod surveys;
mod taxonomies;
mod terms;

pub use self::{
    agenda::*, board::*, corrections::*, events::*, files::*, languages::*, lists::*, pages::*, related::*, search::*,
    sections::*, share_card::*, site_variable::*, surveys::*, taxonomies::*, terms::*,
};

use super::key::{BuildKey, Key};
use super::site::{Site, Tracked};
use crate::catalog::{PageId, SectionId, TermId};
use crate::engine::{Fingerprint, facet_group, fingerprint, named_facet_group};
use puzhi_core::base::SitePath;
use std::sync::Arc;

/// Defines the facets that have subjects of one type, and gives each its keys.
macro_rules! site_facets {
    ($(#[$doc:meta])* Key::$variant:ident($group:ident) { $($facet:ident),+ $(,)? }) => {
        facet_group! { $(#[$doc])* $group, Site, () { $($facet),+ } }
        $(impl Tracked for $facet {
            fn key((): ()) -> BuildKey {
                Key::$variant($group::$facet)
            }
        })+
    };
    ($(#[$doc:meta])* Key::$variant:ident($group:ident, $subject:ty) { $($facet:ident),+ $(,)? }) => {
        facet_group! { $(#[$doc])* $group, Site, $subject { $($facet),+ } }
        $(impl Tracked for $facet {
            fn key(of: $subject) -> BuildKey {
                Key::$variant($group::$facet, of)
            }
        })+
    };
}

/// What a key holds across builds.
trait Subject {
    /// The index of the language that the subject belongs to. A later build may have fewer languages, and then has no such value.
    fn language(&self) -> Option<u32>;
}

/// The same for facets with subjects of their own.
macro_rules! named_site_facets {
    ($(#[$doc:meta])* Key::Named($group:ident) { $($facet:ident($of:ty)),+ $(,)? }) => {
        named_facet_group! { $(#[$doc])* $group, Site { $($facet($of)),+ } }
        impl $group {
            /// The index of the language that the value belongs to.
            pub fn language(&self) -> Option<u32> {
                match self {
                    $(Self::$facet(of) => of.language(),)+
                }
            }
        }
        $(impl Tracked for $facet {
            fn key(of: $of) -> BuildKey {
                Key::Named(Box::new($group::$facet(of)))
            }
        })+
    };
}

site_facets! {
    /// The facets of the site as a whole.
    Key::Site(SiteFacet) { Settings, Agenda, Events, PlainHtml }
}

site_facets! {
    /// The facets of a language, by its index in the settings.
    Key::Language(LanguageFacet, u32) { Words, HeadingWords, SiteVariable, Board, CalendarPlace, Corrections, OpenSurveys, SearchTopics }
}

site_facets! {
    /// The facets of a page. An output that reads one of them need not be made again when only another one changes.
    Key::Page(PageFacet, PageId) {
        Whole, Link, Card, Neighbours, Backlinks, Related, Terms, Translations, ExplainedBy, SurveyDays,
        PublicationTime,
    }
}

site_facets! {
    /// The facets of a section.
    Key::Section(SectionFacet, SectionId) { SectionTitle, Children, SectionTranslations }
}

site_facets! {
    /// The facets of a term.
    Key::Term(TermFacet, TermId) { TermName, TermTranslations }
}

named_site_facets! {
    /// The facets with subjects of their own.
    Key::Named(NamedKey) {
        OnListPage(ListPageOf),
        Feed(FeedKey),
        Newest(NewestOf),
        Found(Query),
        Spelling(SpellingOf),
        TaxonomyTitle(TaxonomyOf),
        TaxonomyTerms(TaxonomyOf),
        TaxonomyTranslations(TaxonomyOf),
        SurveyPage(SurveyPageOf),
        SurveyResults(Arc<str>),
        Template(Arc<str>),
        StaticAsset(Arc<str>),
        DataFile(SitePath),
        FileBytes(SitePath),
        SitemapDays(SitemapPart),
        SearchFile(SearchFileOf),
        ShareCard(CardOf),
    }
}

/// Files, templates and surveys by name belong to no language.
impl Subject for Arc<str> {
    fn language(&self) -> Option<u32> {
        None
    }
}

impl Subject for SitePath {
    fn language(&self) -> Option<u32> {
        None
    }
}

/// The fingerprint of a list of pages: of their paths, since ids differ between builds.
fn paths_fingerprint(site: &Site, pages: impl IntoIterator<Item = PageId>) -> Fingerprint {
    let catalog = &site.data.catalog;
    fingerprint(&pages.into_iter().map(|id| &catalog.page(id).path).collect::<Vec<_>>())
}

/// The path of a page that may be missing.
fn path_of(site: &Site, page: Option<PageId>) -> Option<&SitePath> {
    page.map(|page| &site.data.catalog.page(page).path)
}
