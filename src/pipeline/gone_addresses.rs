//! Addresses that the last build had and this one has not.
//!
//! In: the pages and outputs of the last build, and the site of this one. Out: a note for each address that leads nowhere now, with
//! the alias that keeps it. Only addresses of pages count: lists and feeds follow from pages.

use std::collections::{BTreeMap, BTreeSet};

use super::make_outputs::MadeOutputs;
use super::previous::PreviousPage;
use super::unpublished::{Unpublished, WhyUnpublished};
use crate::catalog::PageMeta;
use crate::outputs::OutputPlan;
use crate::view::SiteData;
use puzhi_core::base::{ContentHash, Route, SitePath};
use puzhi_core::diag::{Diagnostic, codes};

/// Finds them. `before` are the pages of the last build, `made` its outputs.
pub(super) fn gone_addresses(
    before: &BTreeMap<SitePath, std::sync::Arc<PreviousPage>>,
    made: &MadeOutputs,
    site: &SiteData,
    plan: &OutputPlan,
    unpublished: &Unpublished,
) -> Vec<Diagnostic> {
    // Nearly always every page is where it was, and nothing is looked up.
    let now = |path: &SitePath| site.catalog.by_path(path).map(|page| site.catalog.page(page));
    let has_moved = |(path, page): &(&SitePath, &std::sync::Arc<PreviousPage>)| {
        now(path).is_none_or(|meta| meta.route != page.meta.route)
            && made.records.contains_key(&page.meta.route.output_path())
    };
    let moved: Vec<_> = before.iter().filter(has_moved).collect();
    if moved.is_empty() {
        return Vec::new();
    }
    let planned: BTreeSet<&Route> = plan.jobs.iter().map(|job| &job.route).collect();
    let hashes: BTreeMap<ContentHash, &PageMeta> =
        site.catalog.pages.iter().filter_map(|meta| Some((site.files.hash(&meta.path)?, &**meta))).collect();
    let note = |(path, page): (&SitePath, &std::sync::Arc<PreviousPage>)| {
        let old = &page.meta.route;
        if planned.contains(old) {
            return None;
        }
        // The same file, or a file with the same content.
        match now(path).or_else(|| hashes.get(&page.hash).copied()) {
            Some(meta) => Some(
                Diagnostic::new(&codes::links::ADDRESS_MOVED).file(&meta.path).arg("old", old).arg("new", &meta.route),
            ),
            None => {
                let Reason { zh, en } = reason(path, unpublished);
                let diag = Diagnostic::new(&codes::links::ADDRESS_GONE).arg("old", old);
                Some(diag.arg("why_zh", zh).arg("why_en", en))
            }
        }
    };
    moved.into_iter().filter_map(note).collect()
}

/// Why a page is gone, in both languages.
struct Reason {
    zh: String,
    en: String,
}

fn reason(path: &SitePath, unpublished: &Unpublished) -> Reason {
    let page = unpublished.pages.iter().find(|page| page.path == *path);
    let (zh, en) = match page.map(|page| &page.why) {
        Some(WhyUnpublished::Draft) => (format!("{path} 现在是草稿"), format!("{path} is a draft now")),
        Some(WhyUnpublished::DraftSection(section)) => (
            format!("{path} 所在的栏目 {section} 现在是草稿"),
            format!("the section {section} of {path} is a draft now"),
        ),
        Some(WhyUnpublished::Future(_)) => {
            (format!("{path} 的日期还没到"), format!("{path} is dated in the future now"))
        }
        Some(WhyUnpublished::HasErrors) => (format!("{path} 有错误"), format!("{path} has errors")),
        None => (format!("{path} 已经不在了"), format!("{path} is no longer there")),
    };
    Reason { zh, en }
}
