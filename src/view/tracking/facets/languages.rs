//! Facets that nearly every output reads: the settings, the interface texts and the words that headings keep whole.

use std::collections::BTreeSet;

use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::settings;
use crate::theme::Translations;
use crate::view::tracking::site::Site;

/// Everything in `site.yaml`.
pub struct Settings;

impl Facet<Site> for Settings {
    type Of = ();
    type Value<'s> = &'s settings::Settings;
    const NAME: &'static str = "site.yaml";
    const ZH: &'static str = "设置";

    fn read<'s>(site: &'s Site, (): &()) -> &'s settings::Settings {
        &site.data.settings
    }

    fn fingerprint(site: &Site, (): &()) -> Option<Fingerprint> {
        site.data.fingerprints.settings
    }
}

/// The interface texts of a language.
pub struct Words;

impl Facet<Site> for Words {
    type Of = u32;
    type Value<'s> = &'s Translations;
    const NAME: &'static str = "words";
    const ZH: &'static str = "界面文字";

    fn read<'s>(site: &'s Site, lang: &u32) -> &'s Translations {
        &site.data.words[*lang as usize]
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        let known = site.data.fingerprints.words.get(*lang as usize)?;
        Some(*known.get_or_init(|| fingerprint(Self::read(site, lang))))
    }
}

/// The words that lines of headings do not end in: those of the settings, and the names of terms that have a page. Other terms are left
/// out, so that a new word in the front matter of one page does not make every page anew.
pub struct HeadingWords;

impl Facet<Site> for HeadingWords {
    type Of = u32;
    type Value<'s> = BTreeSet<&'s str>;
    const NAME: &'static str = "whole-words";
    const ZH: &'static str = "标题里不断开的词";

    fn read<'s>(site: &'s Site, lang: &u32) -> BTreeSet<&'s str> {
        let data = &site.data;
        let lang = *lang as usize;
        let terms =
            data.settings.taxonomies.iter().flat_map(|taxonomy| data.catalog.taxonomy_terms(&taxonomy.key, lang));
        let described = terms.map(|id| data.catalog.term(id)).filter(|term| term.index.is_some());
        let written = data.settings.whole_words.iter().map(String::as_str);
        written.chain(described.map(|term| term.name.as_str())).collect()
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        site.data.settings.languages.get(*lang as usize)?;
        Some(fingerprint(&Self::read(site, lang)))
    }
}
