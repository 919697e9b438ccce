//! Which article is meant by a path or an address, for those who pack one by hand.
//!
//! In: a prepared site, what somebody typed. Out: the page, or why there is none. Renders nothing and writes no file.

use super::Prepared;
use super::explain::{Explained, absent, find_output, names_of};
use super::unpublished::UnpublishedPage;
use crate::catalog::{PageId, PageMeta, PageRole};
use crate::settings::Settings;
use crate::view::{is_republished, republish_terms};

/// What is meant by a path or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundArticle {
    /// An article that others may republish.
    Article(PageId),
    /// A page of the site that nobody may republish.
    Refused(WhyRefused),
    /// A page that the site does not publish.
    Unpublished(UnpublishedPage),
    /// No page.
    Unknown,
}

/// Why nobody may republish a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyRefused {
    /// It is a sample.
    Sample,
    /// It is withdrawn.
    Withdrawn,
    /// It is past its last day.
    Expired,
    /// The page or the settings say so.
    Terms,
    /// It is a list, or a page of a kind that no list has.
    NoArticle,
}

/// Finds the page that `wanted` names: its file, its address, or its output.
pub fn find_article(prepared: &Prepared, settings: &Settings, wanted: &str) -> FoundArticle {
    let Some((views, plan)) = &prepared.site else { return FoundArticle::Unknown };
    let site = views.site.untracked();
    let names = names_of(wanted, settings);
    if let Some((job, _)) = names.iter().find_map(|name| find_output(name, plan, site)) {
        let of_file = || job.source.as_ref().and_then(|path| site.page_at(path));
        let Some(page) = job.page().or_else(of_file) else { return FoundArticle::Refused(WhyRefused::NoArticle) };
        return match refusal(&site.settings, site.catalog.page(page)) {
            Some(why) => FoundArticle::Refused(why),
            None => FoundArticle::Article(page),
        };
    }
    let unpublished = names.iter().find_map(|name| match absent(name, &prepared.unpublished, |_| Vec::new()) {
        Explained::Unpublished(page, _) => Some(FoundArticle::Unpublished(page)),
        _ => None,
    });
    unpublished.unwrap_or(FoundArticle::Unknown)
}

fn refusal(settings: &Settings, meta: &PageMeta) -> Option<WhyRefused> {
    if meta.role != PageRole::Page {
        Some(WhyRefused::NoArticle)
    } else if meta.sample {
        Some(WhyRefused::Sample)
    } else if meta.withdrawn.is_some() {
        Some(WhyRefused::Withdrawn)
    } else if meta.expired {
        Some(WhyRefused::Expired)
    } else if !republish_terms(settings, meta).is_allowed() {
        Some(WhyRefused::Terms)
    } else {
        (!is_republished(settings, meta)).then_some(WhyRefused::NoArticle)
    }
}
