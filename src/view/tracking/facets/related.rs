//! Facets of a page that lead to other pages: neighbours, backlinks, related pages, translations, explanations of a policy.

use std::borrow::Cow;

use super::{path_of, paths_fingerprint};
use crate::catalog::{KindFacts, PageId, PageRole};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::site::Site;
use puzhi_core::base::Route;

/// How many backlinks a page shows.
const MAX_BACKLINKS: usize = 12;

/// How many related pages a page shows.
const MAX_RELATED: usize = 4;

/// The pages beside a page in its section.
pub struct Neighbours;

/// What [`Neighbours`] gives out.
#[derive(Debug, Clone, Copy)]
pub struct NeighbourPages {
    /// The page before it.
    pub previous: Option<PageId>,
    /// The page after it.
    pub next: Option<PageId>,
}

impl Facet<Site> for Neighbours {
    type Of = PageId;
    type Value<'s> = NeighbourPages;
    const NAME: &'static str = "neighbours";
    const ZH: &'static str = "前后页";

    fn read(site: &Site, of: &PageId) -> NeighbourPages {
        let (previous, next) = site.data.catalog.neighbours(*of);
        NeighbourPages { previous, next }
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        let NeighbourPages { previous, next } = Self::read(site, of);
        Some(fingerprint(&[previous, next].map(|id| path_of(site, id))))
    }
}

/// The pages in the same language that link to a page, as many as are shown.
pub struct Backlinks;

impl Facet<Site> for Backlinks {
    type Of = PageId;
    type Value<'s> = Vec<PageId>;
    const NAME: &'static str = "backlinks";
    const ZH: &'static str = "链接到它的页";

    fn read(site: &Site, of: &PageId) -> Vec<PageId> {
        let catalog = &site.data.catalog;
        let lang = catalog.page(*of).lang;
        catalog.backlinks(*of).iter().copied().filter(|b| catalog.page(*b).lang == lang).take(MAX_BACKLINKS).collect()
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        Some(paths_fingerprint(site, Self::read(site, of)))
    }
}

/// The pages on related subjects that a page shows.
pub struct Related;

impl Facet<Site> for Related {
    type Of = PageId;
    type Value<'s> = Vec<PageId>;
    const NAME: &'static str = "related";
    const ZH: &'static str = "相关页面";

    fn read(site: &Site, of: &PageId) -> Vec<PageId> {
        site.data.catalog.related(*of, MAX_RELATED)
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        Some(paths_fingerprint(site, Self::read(site, of)))
    }
}

/// The policy pages that explain a policy.
pub struct ExplainedBy;

impl Facet<Site> for ExplainedBy {
    type Of = PageId;
    type Value<'s> = Vec<PageId>;
    const NAME: &'static str = "explained-by";
    const ZH: &'static str = "解读它的页";

    fn read(site: &Site, of: &PageId) -> Vec<PageId> {
        let catalog = &site.data.catalog;
        let path = &catalog.page(*of).path;
        let explains = |b: &PageId| {
            matches!(catalog.page(*b).facts, KindFacts::Policy(_))
                && site.data.visible_references[b.0 as usize].explains.contains(path)
        };
        catalog.backlinks(*of).iter().copied().filter(explains).collect()
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        Some(paths_fingerprint(site, Self::read(site, of)))
    }
}

/// The addresses of a page in the other languages.
pub struct Translations;

/// The address of something in another language, or else of that language's home page.
#[derive(Debug, Clone, Hash)]
pub struct OtherLanguage<'s> {
    /// Index of the language.
    pub lang: usize,
    /// The address.
    pub route: Cow<'s, Route>,
    /// Whether it is a translation and not the home page.
    pub translated: bool,
}

/// For each other language the address that `find` gives, else the home page; languages without a home page are left out.
pub(super) fn other_languages<'s>(
    site: &'s Site,
    lang: usize,
    find: impl Fn(usize) -> Option<Cow<'s, Route>>,
) -> Vec<OtherLanguage<'s>> {
    let catalog = &site.data.catalog;
    let others = (0..site.data.settings.languages.len()).filter(|i| *i != lang);
    let address = |lang| match find(lang) {
        Some(route) => Some(OtherLanguage { lang, route, translated: true }),
        None => {
            let home = catalog.section(catalog.section_by_folder("", lang)?);
            Some(OtherLanguage { lang, route: Cow::Borrowed(&home.route), translated: false })
        }
    };
    others.filter_map(address).collect()
}

impl Facet<Site> for Translations {
    type Of = PageId;
    type Value<'s> = Vec<OtherLanguage<'s>>;
    const NAME: &'static str = "translations";
    const ZH: &'static str = "译文";

    fn read<'s>(site: &'s Site, of: &PageId) -> Vec<OtherLanguage<'s>> {
        let catalog = &site.data.catalog;
        let meta = catalog.page(*of);
        other_languages(site, meta.lang, |lang| {
            let route = match meta.role {
                PageRole::Section => &catalog.section(catalog.section_by_folder(&meta.folder, lang)?).route,
                _ => &catalog.page(catalog.translation(&meta.key, lang)?).route,
            };
            Some(Cow::Borrowed(route))
        })
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}
