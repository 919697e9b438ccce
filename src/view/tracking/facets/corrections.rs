//! The facet of corrections and withdrawals: what the page and the feed of corrections show of a language's articles.

use crate::catalog::PageId;
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::pages::head::republish_terms;
use crate::view::tracking::site::Site;
use puzhi_core::base::DateOrDateTime;
use puzhi_core::kinds::Republish;

/// The corrections and withdrawals of a language, newest first.
pub struct Corrections;

/// A correction or the withdrawal of an article.
#[derive(Debug, Clone, Hash)]
pub struct CorrectionEntry<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Its address as used in links.
    pub url: &'s str,
    /// What others may do with it; nothing with one that is withdrawn.
    pub terms: Republish,
    /// When it was corrected or withdrawn.
    pub when: DateOrDateTime,
    /// What was corrected; `None` for a withdrawal.
    pub what: Option<&'s str>,
    /// How the mistake came about, or why the article was withdrawn.
    pub why: Option<&'s str>,
    /// Hash of the article's recorded text, at its newest entry.
    pub text: Option<&'s str>,
    /// Hash of its text before the last recorded change, at its newest entry.
    pub before: Option<&'s str>,
}

impl Facet<Site> for Corrections {
    type Of = u32;
    type Value<'s> = Vec<CorrectionEntry<'s>>;
    const NAME: &'static str = "corrections";
    const ZH: &'static str = "更正和撤稿";

    fn read<'s>(site: &'s Site, lang: &u32) -> Vec<CorrectionEntry<'s>> {
        let mut entries = Vec::new();
        for id in site.data.catalog.page_ids() {
            let meta = site.data.catalog.page(id);
            if meta.lang == *lang as usize && meta.shows_corrections() {
                entries_of(site, id, &mut entries);
            }
        }
        // Entries of one moment stand in the order of their pages.
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.when));
        entries
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, lang)))
    }
}

fn entries_of<'s>(site: &'s Site, id: PageId, entries: &mut Vec<CorrectionEntry<'s>>) {
    let meta = site.data.catalog.page(id);
    let row = site.data.releases.articles.get(&meta.route);
    let withdrawal =
        meta.withdrawn.iter().filter_map(|withdrawal| Some((withdrawal.when?, None, withdrawal.why.as_deref())));
    let corrections = meta.corrections.iter().map(|c| (c.when, Some(c.what.as_str()), c.why.as_deref()));
    for (i, (when, what, why)) in withdrawal.chain(corrections).enumerate() {
        let row = row.filter(|_| i == 0);
        entries.push(CorrectionEntry {
            title: &meta.title,
            url: site.data.catalog.url(id),
            terms: republish_terms(&site.data.settings, meta),
            when,
            what,
            why,
            text: row.map(|row| row.text.as_str()),
            before: row.and_then(|row| row.before.as_deref()),
        });
    }
}
