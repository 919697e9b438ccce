//! What one build keeps of its pages for the next, and whether only texts changed since the last one.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::link_pass::{CheckNotes, FollowedReferences, LinkedSite};
use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::pipeline::check::{ReferenceChecker, ReferenceKey};
use crate::pipeline::docs::ContentPage;
use crate::pipeline::previous::{PageCache, PreviousPage};
use crate::source::{FileSnapshot, is_page_source};
use crate::view::VisibleReferences;
use puzhi_core::base::{ContentHash, SitePath};

/// For what a page cache holds.
pub(super) struct CacheFingerprints {
    /// Of how documents are read: settings and labels.
    pub reading: Fingerprint,
    /// Of everything but the Markdown texts; `None` where pages were left out.
    pub non_text_fingerprint: Option<Fingerprint>,
}

/// Fingerprint of everything but the Markdown texts: settings, date, and the other files. Two builds with equal fingerprints and equal
/// `PageMeta`s of all pages agree in all that pages see of each other.
pub(super) fn non_text_fingerprint(files: &FileSnapshot, reading: Fingerprint, today: Date) -> Fingerprint {
    let files: Vec<(&SitePath, Option<ContentHash>)> =
        files.paths().map(|path| (path, (!is_page_source(path)).then(|| files.hash(path)).flatten())).collect();
    fingerprint(&(reading, today, files))
}

/// The pages that were parsed in this build, if only their texts changed and no page was added or removed; else `None`.
pub(super) fn text_only_changes_since(
    pages: &[ContentPage],
    drafts: &[ContentPage],
    previous: &PageCache,
) -> Option<Vec<SitePath>> {
    if pages.len() + drafts.len() != previous.pages.len() {
        return None;
    }
    let anew = pages.iter().chain(drafts).filter(|page| page.previous.is_none());
    anew.map(|page| {
        previous
            .pages
            .get(&page.place.path)
            .filter(|old| old.differs_in_text_only(page))
            .map(|_| page.place.path.clone())
    })
    .collect()
}

/// Whether the part of a page's references that other pages show is unchanged.
pub(super) fn has_same_visible_references(path: &SitePath, previous: &PageCache, linked: &LinkedSite) -> bool {
    let (Some(old), Some(page)) = (previous.pages.get(path), linked.catalog.by_path(path)) else { return false };
    let now = &linked.followed[page.0 as usize];
    now.visible_references == old.visible_references
        && now.links_to == old.links_to
        && matches!(now.checked, Some((_, true)))
}

/// The page cache for the next build: pages without findings. Takes the check notes out of `followed`.
pub(super) fn page_cache_of(
    pages: &[ContentPage],
    drafts: &[ContentPage],
    followed: &mut [FollowedReferences],
    mut checks: DependencyGraph<SitePath, ReferenceKey>,
    checker: ReferenceChecker<'_>,
    fingerprints: CacheFingerprints,
) -> PageCache {
    let CacheFingerprints { reading, non_text_fingerprint } = fingerprints;
    let checked: Vec<CheckNotes> = followed.iter_mut().map(|followed| followed.checked.take()).collect();
    let previous_page_of = |(page, (followed, checked)): (&ContentPage, (&FollowedReferences, &CheckNotes))| {
        let previous = match checked {
            None => page.previous.clone()?,
            Some((_, true)) => Arc::new(PreviousPage::of(
                page,
                followed.visible_references.clone(),
                followed.links_to.clone(),
                followed.content_fingerprint,
            )),
            Some((_, false)) => return None,
        };
        Some((page.place.path.clone(), previous))
    };
    let mut known: BTreeMap<SitePath, Arc<PreviousPage>> =
        pages.par_iter().zip(followed.par_iter().zip(&checked)).filter_map(previous_page_of).collect();
    for draft in drafts.iter().filter(|page| page.is_clean) {
        let previous = draft.previous.clone().unwrap_or_else(|| {
            Arc::new(PreviousPage::of(draft, VisibleReferences::default(), Vec::new(), Fingerprint(0)))
        });
        known.insert(draft.place.path.clone(), previous);
    }
    for (page, checked) in pages.iter().zip(checked) {
        if let Some((refs, true)) = checked {
            checks.set_reads(page.place.path.clone(), refs, |key| checker.fingerprint(key));
        }
    }
    // Both iterate in path order.
    let mut paths = known.keys().peekable();
    let gone = |path: &&SitePath| {
        while paths.next_if(|known| known < path).is_some() {}
        paths.peek() != Some(path)
    };
    let gone: Vec<SitePath> = checks.nodes().filter(gone).cloned().collect();
    gone.iter().for_each(|path| checks.remove(path));
    PageCache { reading, non_text_fingerprint, pages: known, checks }
}
