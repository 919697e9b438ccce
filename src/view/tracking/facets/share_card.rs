//! The facet of share cards: the words, colour and picture that one card is drawn with.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Subject;
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::theme::{DEFAULT_ILLUSTRATION, illustration_template};
use crate::view::tracking::recorder::covered;
use crate::view::tracking::site::Site;
use puzhi_cards::{CardFont, Rgb};
use puzhi_core::base::SitePath;
use puzhi_core::kinds::KindName;

/// What a share card, thumb or icon is drawn with.
pub struct ShareCard;

/// A card, by a name that outlives the build.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CardOf {
    /// The page that was made from this file.
    Page(SitePath),
    /// The site in the language with this index.
    Site(u32),
    /// The square thumb of a kind of pages.
    Kind {
        /// Index of the language.
        lang: u32,
        /// English name of the kind.
        kind: Arc<str>,
    },
}

impl Subject for CardOf {
    fn language(&self) -> Option<u32> {
        match self {
            CardOf::Page(_) => None,
            CardOf::Site(lang) | CardOf::Kind { lang, .. } => Some(*lang),
        }
    }
}

impl fmt::Display for CardOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CardOf::Page(path) => write!(f, "{path}"),
            CardOf::Site(lang) => write!(f, "({lang})"),
            CardOf::Kind { lang, kind } => write!(f, "{kind} ({lang})"),
        }
    }
}

/// What [`ShareCard`] gives out.
pub struct CardFacts<'s> {
    /// Index of the language.
    pub lang: u32,
    /// Title of the page; of the site its promise, or its name without one.
    pub title: &'s str,
    /// What the page belongs to.
    pub label: String,
    /// Name of the site.
    pub site_title: &'s str,
    /// Main colour.
    pub main: Rgb,
    /// The picture as SVG.
    pub svg: Option<&'s str>,
    /// The font.
    pub font: &'s CardFont,
}

impl Facet<Site> for ShareCard {
    type Of = CardOf;
    type Value<'s> = Option<CardFacts<'s>>;
    const NAME: &'static str = "share-card";
    const ZH: &'static str = "分享图";

    fn read<'s>(site: &'s Site, of: &CardOf) -> Option<CardFacts<'s>> {
        let data = &site.data;
        let kind_title = |kind, lang: usize| covered(|| site.kind_title(kind, lang));
        let (lang, title, label, picture) = match of {
            CardOf::Page(path) => {
                let page = data.catalog.page(data.page_at(path)?);
                let section =
                    data.catalog.section_by_folder(&page.folder, page.lang).filter(|_| !page.folder.is_empty());
                // A page of no particular kind is better told by where it stands.
                let label = match section.filter(|_| page.kind == KindName::Page) {
                    Some(section) => data.catalog.section(section).title.clone(),
                    None if page.kind == KindName::Page => String::new(),
                    None => kind_title(page.kind, page.lang),
                };
                (page.lang, Some(page.title.as_str()), label, data.settings.kinds.name(page.kind))
            }
            CardOf::Site(lang) => {
                let promise = data.settings.languages.get(*lang as usize)?.promise.as_deref();
                (*lang as usize, promise.map(|promise| promise.trim_end_matches('。')), String::new(), "audience")
            }
            CardOf::Kind { lang, kind } => {
                let page = data.catalog.pages.iter().find(|page| data.settings.kinds.name(page.kind) == &**kind)?;
                (*lang as usize, None, kind_title(page.kind, *lang as usize), data.settings.kinds.name(page.kind))
            }
        };
        let site_title = data.settings.languages.get(lang)?.title.as_str();
        let svg = |name: &str| data.theme.template_text(&illustration_template(name));
        Some(CardFacts {
            lang: lang as u32,
            title: title.unwrap_or(site_title),
            label,
            site_title,
            main: data.settings.colour.as_deref().and_then(Rgb::parse).unwrap_or_else(Rgb::default_main),
            svg: svg(picture).or_else(|| svg(DEFAULT_ILLUSTRATION)),
            font: &data.cards.font,
        })
    }

    fn fingerprint(site: &Site, of: &CardOf) -> Option<Fingerprint> {
        let CardFacts { lang, title, label, site_title, main, svg, font: _ } = Self::read(site, of)?;
        Some(fingerprint(&(lang, title, label, site_title, main, svg, site.data.cards.version)))
    }
}
