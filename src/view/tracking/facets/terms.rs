//! Facets of terms: name and address, translations.

use std::borrow::Cow;

use super::{OtherLanguage, other_languages, path_of};
use crate::catalog::{PageId, TermId, term_route};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::site::Site;
use puzhi_core::base::Route;

/// Name and address of a term, and the page that describes it.
pub struct TermName;

/// What [`TermName`] gives out. The address is that of the key, and the language follows from it.
#[derive(Clone, Copy)]
pub struct TermFacts<'s> {
    /// Key of the taxonomy.
    pub taxonomy: &'s str,
    /// Display name.
    pub name: &'s str,
    /// Index of the language.
    pub lang: usize,
    /// Address of its first list page.
    pub route: &'s Route,
    /// The page that describes it.
    pub index: Option<PageId>,
}

impl Facet<Site> for TermName {
    type Of = TermId;
    type Value<'s> = TermFacts<'s>;
    const NAME: &'static str = "term";
    const ZH: &'static str = "分类词";

    fn read<'s>(site: &'s Site, of: &TermId) -> TermFacts<'s> {
        let term = site.data.catalog.term(*of);
        TermFacts { taxonomy: &term.taxonomy, name: &term.name, lang: term.lang, route: &term.route, index: term.index }
    }

    fn fingerprint(site: &Site, of: &TermId) -> Option<Fingerprint> {
        let TermFacts { taxonomy, name, lang: _, route: _, index } = Self::read(site, of);
        Some(fingerprint(&(name, taxonomy, path_of(site, index))))
    }
}

/// The addresses of a term in the other languages.
pub struct TermTranslations;

impl Facet<Site> for TermTranslations {
    type Of = TermId;
    type Value<'s> = Vec<OtherLanguage<'s>>;
    const NAME: &'static str = "translations-of-term";
    const ZH: &'static str = "分类词的译文";

    fn read<'s>(site: &'s Site, of: &TermId) -> Vec<OtherLanguage<'s>> {
        let catalog = &site.data.catalog;
        let term = catalog.term(*of);
        let slug = term.route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        other_languages(site, term.lang, |lang| {
            let route = term_route(&site.data.settings, lang, &term.taxonomy, slug);
            let other = catalog.term_by_route(&route).map(|t| catalog.term(t))?;
            (other.taxonomy == term.taxonomy && other.lang == lang).then_some(Cow::Owned(route))
        })
    }

    fn fingerprint(site: &Site, of: &TermId) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}
