//! Facets of sections: what links and lists show of a section, the sections below it, its translations.

use std::borrow::Cow;

use super::{OtherLanguage, other_languages, path_of};
use crate::catalog::{PageId, SectionId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::site::Site;
use puzhi_core::base::Route;

/// Title, address and parent of a section, and the page that describes it.
pub struct SectionTitle;

/// What [`SectionTitle`] gives out. Folder and language are those of the key.
#[derive(Clone, Copy)]
pub struct SectionFacts<'s> {
    /// Path relative to `content/`.
    pub folder: &'s str,
    /// Index of the language.
    pub lang: usize,
    /// Title.
    pub title: &'s str,
    /// Address of its first list page.
    pub route: &'s Route,
    /// The section of the parent folder.
    pub parent: Option<SectionId>,
    /// The page that describes it.
    pub index: Option<PageId>,
}

impl Facet<Site> for SectionTitle {
    type Of = SectionId;
    type Value<'s> = SectionFacts<'s>;
    const NAME: &'static str = "section";
    const ZH: &'static str = "栏目";

    fn read<'s>(site: &'s Site, of: &SectionId) -> SectionFacts<'s> {
        let section = site.data.catalog.section(*of);
        SectionFacts {
            folder: &section.folder,
            lang: section.lang,
            title: &section.title,
            route: &section.route,
            parent: section.parent,
            index: section.index,
        }
    }

    fn fingerprint(site: &Site, of: &SectionId) -> Option<Fingerprint> {
        let SectionFacts { folder: _, lang: _, title, route, parent, index } = Self::read(site, of);
        let parent = parent.map(|p| &site.data.catalog.section(p).folder);
        Some(fingerprint(&(title, route, parent, path_of(site, index))))
    }
}

/// The sections directly below a section, as its list shows them.
pub struct Children;

/// One of the sections below a section.
#[derive(Hash)]
pub struct ChildFacts<'s> {
    /// Title.
    pub title: &'s str,
    /// Address of its first list page.
    pub route: &'s Route,
    /// Summary of the page that describes it.
    pub summary: Option<&'s str>,
    /// Number of its pages; of those of the sections in it if it has none itself.
    pub count: usize,
}

impl Facet<Site> for Children {
    type Of = SectionId;
    type Value<'s> = Vec<ChildFacts<'s>>;
    const NAME: &'static str = "sections-below";
    const ZH: &'static str = "下级栏目";

    fn read<'s>(site: &'s Site, of: &SectionId) -> Vec<ChildFacts<'s>> {
        let catalog = &site.data.catalog;
        let child = |id: &SectionId| {
            let child = catalog.section(*id);
            ChildFacts {
                title: &child.title,
                route: &child.route,
                summary: child.index.map(|i| catalog.page(i).summary.as_str()),
                count: if child.pages.is_empty() { child.pages_below } else { child.pages.len() },
            }
        };
        catalog.section(*of).children.iter().map(child).collect()
    }

    fn fingerprint(site: &Site, of: &SectionId) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}

/// The addresses of a section in the other languages that have pages in it.
pub struct SectionTranslations;

impl Facet<Site> for SectionTranslations {
    type Of = SectionId;
    type Value<'s> = Vec<OtherLanguage<'s>>;
    const NAME: &'static str = "translations-of-section";
    const ZH: &'static str = "栏目的译文";

    fn read<'s>(site: &'s Site, of: &SectionId) -> Vec<OtherLanguage<'s>> {
        let catalog = &site.data.catalog;
        let section = catalog.section(*of);
        other_languages(site, section.lang, |lang| {
            let other = catalog.section_by_folder(&section.folder, lang)?;
            Some(Cow::Borrowed(&catalog.section(other).route))
        })
    }

    fn fingerprint(site: &Site, of: &SectionId) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}
