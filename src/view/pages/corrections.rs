//! The template data of corrections and withdrawals: of one page, and of the page that lists them all. In: metadata, or the facet of a
//! language. Out: views. Knows no template.

use crate::catalog::{PageMeta, folder_route};
use crate::settings::FeedScope;
use crate::view::model::{CorrectionView, CorrectionsView, ListedCorrectionView, WithdrawalView};
use crate::view::tracking::facets::{CorrectionEntry, Corrections};
use crate::view::tracking::site::Site;
use puzhi_core::base::Route;

/// Folder of the page and the feed of corrections.
const FOLDER: &str = "corrections";

/// The template of the page of corrections.
pub const CORRECTIONS_TEMPLATE: &str = "corrections.html";

/// The address of the page of corrections. `prefix` is the route prefix of its language.
pub fn corrections_route(prefix: &str) -> Route {
    folder_route(prefix, FOLDER)
}

impl Site {
    /// The corrections of a page, newest first.
    pub(in crate::view) fn page_corrections(&self, meta: &PageMeta) -> Vec<CorrectionView> {
        let view = |correction: &puzhi_core::kinds::Correction| CorrectionView {
            date: self.date(correction.when, meta.lang),
            what: correction.what.clone(),
            why: correction.why.clone(),
        };
        meta.corrections.iter().map(view).collect()
    }

    /// That a page is withdrawn.
    pub(in crate::view) fn page_withdrawal(&self, meta: &PageMeta) -> Option<WithdrawalView> {
        meta.withdrawn.as_ref().map(|withdrawal| WithdrawalView {
            date: withdrawal.when.map(|when| self.date(when, meta.lang)),
            why: withdrawal.why.clone(),
        })
    }

    /// Address of the page of corrections, for a page that is on it; `None` if the theme has no template for it.
    pub(in crate::view) fn corrections_url(&self, meta: &PageMeta) -> Option<String> {
        let is_listed = meta.shows_corrections() && self.template(CORRECTIONS_TEMPLATE).exists();
        is_listed.then(|| self.settings().href(&corrections_route(self.settings().language_prefix(meta.lang))))
    }

    /// The corrections and withdrawals of a language, newest first.
    pub fn corrections(&self, lang: usize) -> Vec<CorrectionEntry<'_>> {
        self.read::<Corrections>(lang as u32)
    }

    /// What the page of corrections shows.
    pub(in crate::view) fn corrections_view(&self, lang: usize) -> CorrectionsView {
        let url = self.settings().href(&corrections_route(self.settings().language_prefix(lang)));
        let entry = |entry: CorrectionEntry<'_>| ListedCorrectionView {
            title: entry.title.to_string(),
            url: entry.url.to_string(),
            withdrawn: entry.what.is_none(),
            date: self.date(entry.when, lang),
            what: entry.what.map(str::to_string),
            why: entry.why.map(str::to_string),
            hash: entry.text.map(str::to_string),
            hash_before: entry.before.map(str::to_string),
        };
        let has_feeds = self.settings().base_url.is_some();
        let format = self.settings().feeds.formats(FeedScope::Site).next().filter(|_| has_feeds);
        CorrectionsView {
            title: self.word(lang, "corrections"),
            permalink: self.permalink(&url),
            feed: format.map(|format| format!("{}{}", url.trim_end_matches("index.html"), format.file)),
            url,
            summary: None,
            breadcrumbs: self.home_crumb(lang),
            translations: Vec::new(),
            feeds: None,
            entries: self.corrections(lang).into_iter().map(entry).collect(),
        }
    }
}
