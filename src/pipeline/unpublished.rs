//! What is in the site's folder and not on the site: drafts, what draft sections hold back, future pages, pages with errors, and
//! files that belong to them.
//!
//! In: pages as they were read, and why they are hidden. Out: [`Unpublished`], for summaries and `puzhi explain`. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::docs::ContentPage;
use crate::catalog::UnpublishedReason;
use puzhi_core::base::{DateOrDateTime, Route, SitePath};
use puzhi_core::diag::{Diagnostic, codes};

/// Why a page is not on the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyUnpublished {
    /// It says that it is a draft.
    Draft,
    /// Its section, described in this file, is a draft.
    DraftSection(SitePath),
    /// It is dated after the moment of the build.
    Future(Option<DateOrDateTime>),
    /// It has errors and was left out.
    HasErrors,
}

/// A page that is not on the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpublishedPage {
    /// Its file.
    pub path: SitePath,
    /// The address that it would have; `None` for a page that could not be read.
    pub route: Option<Route>,
    /// Why it is not there.
    pub why: WhyUnpublished,
}

/// All that is not on the site.
#[derive(Debug, Clone, Default)]
pub struct Unpublished {
    /// Pages, in path order.
    pub pages: Vec<UnpublishedPage>,
    /// Files that only such pages refer to.
    pub files: BTreeSet<SitePath>,
}

/// How many pages are not on the site, or are there without being listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnpublishedCounts {
    /// Drafts.
    pub drafts: usize,
    /// Pages of draft sections.
    pub held_back: usize,
    /// Pages dated after the day of the build.
    pub future: usize,
    /// The first day on which one of them can be published.
    pub next_day: Option<DateOrDateTime>,
    /// Pages with errors that were left out.
    pub left_out: usize,
    /// Files that stay back with such pages.
    pub files: usize,
    /// Pages that are published and past their last day, so that no list has them.
    pub expired: usize,
}

impl Unpublished {
    /// Describes the pages of `hidden`. `read` are those of them that could be read, `held_by` the sections that hold pages back,
    /// `waiting` the pages that wait for the day of their section.
    pub(super) fn new(
        hidden: &BTreeMap<SitePath, UnpublishedReason>,
        read: &[ContentPage],
        held_by: &BTreeMap<SitePath, SitePath>,
        waiting: &BTreeMap<SitePath, Option<DateOrDateTime>>,
        files: BTreeSet<SitePath>,
    ) -> Unpublished {
        let read: BTreeMap<&SitePath, &ContentPage> = read.iter().map(|page| (&page.place.path, page)).collect();
        let describe = |(path, reason): (&SitePath, &UnpublishedReason)| {
            let page = read.get(path);
            let why = match reason {
                UnpublishedReason::Draft => match held_by.get(path) {
                    Some(section) if page.is_none_or(|page| !page.meta.draft) => {
                        WhyUnpublished::DraftSection(section.clone())
                    }
                    _ => WhyUnpublished::Draft,
                },
                UnpublishedReason::Future => WhyUnpublished::Future(match waiting.get(path) {
                    Some(day) => *day,
                    None => page.and_then(|page| day_of(page)),
                }),
                UnpublishedReason::HasErrors => WhyUnpublished::HasErrors,
            };
            UnpublishedPage { path: path.clone(), route: page.map(|page| page.meta.route.clone()), why }
        };
        Unpublished { pages: hidden.iter().map(describe).collect(), files }
    }

    /// The numbers for a summary; `expired` is the number of published pages past their last day.
    pub(super) fn counts(&self, expired: usize) -> UnpublishedCounts {
        let mut counts = UnpublishedCounts { files: self.files.len(), expired, ..UnpublishedCounts::default() };
        for page in &self.pages {
            match &page.why {
                WhyUnpublished::Draft => counts.drafts += 1,
                WhyUnpublished::DraftSection(_) => counts.held_back += 1,
                WhyUnpublished::Future(day) => {
                    counts.future += 1;
                    counts.next_day = [counts.next_day, *day].into_iter().flatten().min();
                }
                WhyUnpublished::HasErrors => counts.left_out += 1,
            }
        }
        counts
    }
}

/// When a future page can be published.
pub(super) fn day_of(page: &ContentPage) -> Option<DateOrDateTime> {
    [page.meta.front_matter_date, page.meta.not_before].into_iter().flatten().max_by_key(DateOrDateTime::moment)
}

/// The note that a page will not publish itself.
pub(super) fn future_page(page: &ContentPage) -> Diagnostic {
    Diagnostic::new(&codes::links::FUTURE_PAGE)
        .file(&page.place.path)
        .optional_arg("date", day_of(page).map(|day| day.written()))
}

/// The note that a page waits with its section until that section's day.
pub(super) fn waits_for_section(page: &ContentPage, section: &SitePath, day: Option<DateOrDateTime>) -> Diagnostic {
    let diag = Diagnostic::new(&codes::links::FUTURE_SECTION).file(&page.place.path);
    diag.arg("section", section).optional_arg("date", day.map(|day| day.written()))
}
