//! Holds corrections and withdrawals against the rest of the site: days that cannot be right, links to withdrawn pages, language versions
//! that still stand.
//!
//! In: the catalog, the links between pages, the day of the build. Out: findings, in the order of pages. Writes no file.

use std::collections::BTreeSet;

use super::inputs::SiteInputs;
use super::released::at_key;
use crate::catalog::{Catalog, PageId, PageMeta};
use crate::releases::is_earlier;
use puzhi_core::base::DateOrDateTime;
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::releases as code;

/// What corrections and withdrawals are held against.
pub(super) struct WithdrawalCheck<'c> {
    pub inputs: &'c SiteInputs<'c>,
    pub catalog: &'c Catalog,
    /// Links between pages: from, to.
    pub links: &'c [(PageId, PageId)],
}

impl WithdrawalCheck<'_> {
    /// All findings.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for meta in self.catalog.pages.iter().filter(|meta| !meta.unpublished) {
            let mut corrections = meta.corrections.iter().map(|correction| correction.when);
            // One of a page shows what is wrong, and each reads the page's file.
            found.extend(corrections.find_map(|when| self.wrong_day(meta, ("corrections", "更正"), when)));
            let withdrawn = meta.withdrawn.as_ref().and_then(|withdrawal| withdrawal.when);
            found.extend(withdrawn.and_then(|when| self.wrong_day(meta, ("withdrawn", "撤稿"), when)));
        }
        if self.catalog.pages.iter().any(|meta| meta.withdrawn.is_some()) {
            found.extend(self.links_to_withdrawn());
            found.extend(self.standing_translations());
        }
        found
    }

    /// The finding about a time that is before the page's date or still to come. `key` is the key and its Chinese name.
    fn wrong_day(&self, meta: &PageMeta, key: (&str, &str), when: DateOrDateTime) -> Option<Diagnostic> {
        let diag = match meta.front_matter_date.filter(|date| is_earlier(when, *date)) {
            Some(date) => Diagnostic::new(&code::CORRECTION_BEFORE_DATE).arg("date", date.written()),
            None if when.date > self.inputs.clock.today => Diagnostic::new(&code::CORRECTION_IN_FUTURE),
            None => return None,
        };
        let diag = diag.arg("key", key.1).arg("when", when.written());
        Some(at_key(self.inputs, diag, &meta.path, key.0))
    }

    fn links_to_withdrawn(&self) -> Vec<Diagnostic> {
        let stands = |page: PageId| self.catalog.page(page).withdrawn.is_none();
        let leading = |(from, to): &&(PageId, PageId)| stands(*from) && !stands(*to);
        let links: BTreeSet<(PageId, PageId)> = self.links.iter().filter(leading).copied().collect();
        let note = |(from, to): (PageId, PageId)| {
            let target = self.catalog.page(to);
            let diag = Diagnostic::new(&code::LINK_TO_WITHDRAWN).file(&self.catalog.page(from).path);
            diag.arg("title", &target.title).arg("target", &target.path)
        };
        links.into_iter().map(note).collect()
    }

    fn standing_translations(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for withdrawn in self.catalog.pages.iter().filter(|meta| meta.withdrawn.is_some()) {
            let languages = 0..self.inputs.settings.languages.len();
            let others = languages.filter(|lang| *lang != withdrawn.lang);
            for page in others.filter_map(|lang| self.catalog.translation(&withdrawn.key, lang)) {
                let page = self.catalog.page(page);
                if page.withdrawn.is_none() {
                    let diag = Diagnostic::new(&code::TRANSLATION_STANDS).file(&page.path);
                    found.push(diag.arg("target", &withdrawn.path));
                }
            }
        }
        found
    }
}
