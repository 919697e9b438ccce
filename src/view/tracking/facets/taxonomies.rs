//! Facets of taxonomies: title and address of their list, their terms, translations, and the term that a spelling names.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OtherLanguage, Subject, other_languages, path_of};
use crate::catalog::{PageId, TermId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::site::Site;
use puzhi_core::base::Route;

/// A taxonomy in a language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaxonomyOf {
    /// Its key.
    pub key: Arc<str>,
    /// Index of the language.
    pub lang: u32,
}

impl Subject for TaxonomyOf {
    fn language(&self) -> Option<u32> {
        Some(self.lang)
    }
}

impl fmt::Display for TaxonomyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.key, self.lang)
    }
}

/// Title and address of a taxonomy's list.
pub struct TaxonomyTitle;

/// What [`TaxonomyTitle`] gives out.
#[derive(Hash)]
pub struct TaxonomyFacts {
    /// The title.
    pub title: String,
    /// The address.
    pub route: Route,
}

impl Facet<Site> for TaxonomyTitle {
    type Of = TaxonomyOf;
    type Value<'s> = TaxonomyFacts;
    const NAME: &'static str = "taxonomy-title";
    const ZH: &'static str = "分类的名称";

    fn read(site: &Site, of: &TaxonomyOf) -> TaxonomyFacts {
        let lang = of.lang as usize;
        TaxonomyFacts { title: site.data.taxonomy_title(&of.key, lang), route: site.data.taxonomy_route(&of.key, lang) }
    }

    fn fingerprint(site: &Site, of: &TaxonomyOf) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}

/// The terms of a taxonomy in order, with counts and summaries, and the page that describes the taxonomy.
pub struct TaxonomyTerms;

/// What [`TaxonomyTerms`] gives out.
pub struct TermList<'s> {
    /// The page that describes the taxonomy.
    pub index: Option<PageId>,
    /// The terms.
    pub terms: Vec<TermEntry<'s>>,
}

/// A term as its taxonomy's list shows it.
#[derive(Hash)]
pub struct TermEntry<'s> {
    /// Display name.
    pub name: &'s str,
    /// Address of its first list page.
    pub route: &'s Route,
    /// Number of its pages.
    pub count: usize,
    /// Summary of the page that describes it.
    pub summary: Option<&'s str>,
}

impl Facet<Site> for TaxonomyTerms {
    type Of = TaxonomyOf;
    type Value<'s> = TermList<'s>;
    const NAME: &'static str = "taxonomy";
    const ZH: &'static str = "分类";

    fn read<'s>(site: &'s Site, of: &TaxonomyOf) -> TermList<'s> {
        let catalog = &site.data.catalog;
        let entry = |id: TermId| {
            let term = catalog.term(id);
            let summary = term.index.map(|i| catalog.page(i).summary.as_str());
            TermEntry { name: &term.name, route: &term.route, count: term.pages.len(), summary }
        };
        let lang = of.lang as usize;
        TermList {
            index: site.data.taxonomy_index(&of.key, lang),
            terms: catalog.taxonomy_terms(&of.key, lang).map(entry).collect(),
        }
    }

    fn fingerprint(site: &Site, of: &TaxonomyOf) -> Option<Fingerprint> {
        let TermList { index, terms } = Self::read(site, of);
        Some(fingerprint(&(path_of(site, index), terms)))
    }
}

/// The addresses of a taxonomy's list in the other languages.
pub struct TaxonomyTranslations;

impl Facet<Site> for TaxonomyTranslations {
    type Of = TaxonomyOf;
    type Value<'s> = Vec<OtherLanguage<'s>>;
    const NAME: &'static str = "translations-of-taxonomy";
    const ZH: &'static str = "分类的译文";

    fn read<'s>(site: &'s Site, of: &TaxonomyOf) -> Vec<OtherLanguage<'s>> {
        other_languages(site, of.lang as usize, |lang| {
            let used = site.data.catalog.taxonomy_terms(&of.key, lang).next().is_some();
            used.then(|| Cow::Owned(site.data.taxonomy_route(&of.key, lang)))
        })
    }

    fn fingerprint(site: &Site, of: &TaxonomyOf) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}

/// The term of a taxonomy that a spelling names.
pub struct Spelling;

/// A spelling of a term.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SpellingOf {
    /// Key of the taxonomy.
    pub taxonomy: Arc<str>,
    /// Index of the language.
    pub lang: u32,
    /// As it is written.
    pub name: Arc<str>,
}

impl Subject for SpellingOf {
    fn language(&self) -> Option<u32> {
        Some(self.lang)
    }
}

impl fmt::Display for SpellingOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} ({})", self.taxonomy, self.name, self.lang)
    }
}

impl Facet<Site> for Spelling {
    type Of = SpellingOf;
    type Value<'s> = Option<TermId>;
    const NAME: &'static str = "spelling";
    const ZH: &'static str = "分类词的写法";

    fn read(site: &Site, of: &SpellingOf) -> Option<TermId> {
        site.data.catalog.term_by_spelling(&of.taxonomy, of.lang as usize, &of.name)
    }

    fn fingerprint(site: &Site, of: &SpellingOf) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of).map(|t| &site.data.catalog.term(t).route)))
    }
}
