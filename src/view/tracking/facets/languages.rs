//! Facets that nearly every output reads: the settings and the interface texts.

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
